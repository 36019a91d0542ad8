/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a program that is to run against this sandbox. */
#include "sandbox/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, p, n);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        p += written;
        n -= (size_t)written;
    }
    return true;
}

bool
sb_config_replace(const char *path, const char *text, size_t n, unsigned mode)
{
    char *made = malloc(strlen(path) + 8);
    bool good = false;
    int fd;

    if (made == NULL)
        return false;
    sprintf(made, "%s.XXXXXX", path);
    fd = mkstemp(made);
    if (fd >= 0) {
        good = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, text, n);
        good = close(fd) == 0 && good && rename(made, path) == 0;
        if (!good)
            unlink(made);
    }
    if (!good)
        fprintf(stderr, "mapc sandbox: %s can't be written: %s\n", path,
                strerror(errno));
    free(made);
    return good;
}

/* The folder of the file, as a path that holds everywhere. */
static const char *
folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL
                             ? "."
                             : arena_copy(a, path, (size_t)(slash - path + 1));
    char *full = realpath(folder, NULL);
    const char *copy;

    if (full == NULL) {
        fprintf(stderr, "mapc sandbox: %s: %s\n", folder, strerror(errno));
        return NULL;
    }
    copy = arena_copy(a, full, strlen(full));
    free(full);
    return copy;
}

/* "standard.json", "cloud" => /…/standard.cloud.secret, with the secret in
 * it; NULL: failed. */
static const char *
write_secret(struct arena *a, const char *path, const char *folder,
             const char *name, const char *secret)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(base, '.');
    size_t n = dot == NULL || dot == base ? strlen(base)
                                          : (size_t)(dot - base);
    const char *file = arena_printf(a, "%s/%.*s.%s.secret", folder, (int)n,
                                    base, name);

    return sb_config_replace(file, secret, strlen(secret), 0600) ? file : NULL;
}

static json_t *
basic(struct arena *a, const char *user, const char *file)
{
    return json_pack("{s:s, s:s, s:s}", "kind", "basic", "user", user,
                     "password", arena_printf(a, "file:%s", file));
}

/* Does the program talk to it? What is only on the near side of calls is not
 * asked for anything, unless attachments are read there. */
static bool
is_met(const struct model *m, const struct site *s)
{
    bool met = s->protocol == SITE_SOAP;

    for (size_t i = 0; i < m->program->maps.n && !met; i++)
        met = m->program->maps.at[i]->systems[LEFT] == s->system ||
              m->program->maps.at[i]->systems[RIGHT] == s->system;
    for (size_t i = 0; i < m->program->calls.n && !met; i++) {
        const struct tcall *c = m->program->calls.at[i];

        met = c->request->systems[RIGHT] == s->system ||
              (c->attachment != NULL &&
               c->request->systems[LEFT] == s->system);
    }
    return met;
}

static json_t *
systems(const struct model *m, const char *path, const char *folder)
{
    json_t *all = json_object();

    for (size_t i = 0; i < m->sites.n; i++) {
        const struct site *s = m->sites.at[i];
        const char *file;

        if (!is_met(m, s))
            continue;
        file = write_secret(m->arena, path, folder, s->name, s->password);
        if (file == NULL) {
            json_decref(all);
            return NULL;
        }
        json_object_set_new(all, s->name,
                            json_pack("{s:s, s:o}", "url", s->url, "auth",
                                      basic(m->arena, "mapc", file)));
    }
    return all;
}

bool
sb_config_write(const struct model *m, const struct inbound *in,
                const char *path)
{
    const char *folder = folder_of(m->arena, path), *file;
    json_t *all, *json;
    char *text;
    const char *whole = NULL;
    bool good;

    if (folder == NULL)
        return false;
    file = write_secret(m->arena, path, folder, "inbound", in->password);
    all = systems(m, path, folder);
    if (file == NULL || all == NULL) {
        json_decref(all);
        return false;
    }
    json = json_pack(
        "{s:o, s:{s:s, s:o}, s:{s:s}}", "systems", all, "inbound", "listen",
        arena_printf(m->arena, "127.0.0.1:%u", in->port), "auth",
        basic(m->arena, "erp", file), "store", "file",
        arena_printf(m->arena, "%s/%s.db", folder, m->program->name));
    text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(2));
    if (text != NULL)
        whole = arena_printf(m->arena, "%s\n", text);
    free(text);
    good = whole != NULL &&
           sb_config_replace(path, whole, strlen(whole), 0644);
    json_decref(json);
    return good;
}

void
sb_config_lines(const struct model *m, struct buf *out)
{
    for (size_t i = 0; i < m->sites.n; i++)
        buf_printf(out, "%s %s\n", m->sites.at[i]->name,
                   m->sites.at[i]->url);
}

unsigned
sb_config_free_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    unsigned port = 0;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &n) == 0)
        port = ntohs(at.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}
