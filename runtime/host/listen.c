/* SPDX-License-Identifier: Apache-2.0 */
/* Listening as the configuration says: certificates, credentials, limits. */
#include "host/listen.h"

#include <errno.h>
#include <sys/resource.h>

enum { PEM_BYTES_MAX = 1 << 20, SPARE_FILES = 256 };

static char *
read_pem(struct config *c, const char *where, const char *path, bool private)
{
    FILE *f = fopen(path, "rb");
    bool good = f == NULL || !private ||
                config_private(c, where, path, f);
    char *text = f != NULL && good ? mr_alloc(&c->cx, PEM_BYTES_MAX)
                                   : NULL;
    size_t n = text != NULL ? fread(text, 1, PEM_BYTES_MAX - 1, f) : 0;

    if (n == 0 && good)
        config_wrong(c, NULL, where, "%s: %s", path,
                     f == NULL ? strerror(errno) : "nothing in it");
    if (text != NULL)
        text[n] = '\0';
    if (f != NULL)
        fclose(f);
    return n > 0 ? text : NULL;
}

static char *
read_cert(struct config *c, const char *where, const char *path)
{
    return read_pem(c, where, path, false);
}

static char *
read_key(struct config *c, const char *where, const char *path)
{
    return read_pem(c, where, path, true);
}

/* A text that may be left out; false: it is named and can't be had. */
static bool
optional(struct config *c, const char *where, const char *named,
         char *(*read)(struct config *, const char *, const char *),
         const char **out)
{
    *out = NULL;
    if (named == NULL)
        return true;
    *out = read != NULL ? read(c, where, named)
                        : config_secret(c, where, named);
    return *out != NULL;
}

static bool
fill_secrets(struct config *c, struct server_settings *to)
{
    const struct config_inbound *in = &c->inbound;

    to->user = in->user;
    return optional(c, "inbound.auth.password",
                    in->auth == IN_BASIC ? in->password : NULL, NULL,
                    &to->password) &&
           optional(c, "inbound.auth.token",
                    in->auth == IN_BEARER ? in->token : NULL, NULL,
                    &to->token) &&
           optional(c, "inbound.auth.ca",
                    in->auth == IN_CERTIFICATE ? in->ca : NULL, read_cert,
                    &to->client_ca) &&
           optional(c, "inbound.tls.cert", in->cert, read_cert, &to->cert) &&
           optional(c, "inbound.tls.key", in->key, read_key, &to->key) &&
           optional(c, "inbound.tls.key_password", in->key_password, NULL,
                    &to->key_password);
}

enum server_guard
listen_guard(const struct config *c)
{
    static const enum server_guard guards[] = {
        [IN_NONE] = SERVER_OPEN, [IN_BASIC] = SERVER_BASIC,
        [IN_BEARER] = SERVER_BEARER, [IN_CERTIFICATE] = SERVER_CERTIFICATE
    };

    return guards[c->inbound.auth];
}

static void
wake(void *arg)
{
    http_wake(arg);
}

/* Each connection is a file; shells allow a thousand as a rule, of many more
 * that the system would. */
static void
allow_files(uint32_t connections)
{
    struct rlimit files;
    rlim_t want = (rlim_t)connections + SPARE_FILES;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= want)
        return;
    files.rlim_cur = want < files.rlim_max ? want : files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

int
listen_open(struct config *c, struct mr_cx *cx,
            const struct server_route *routes, size_t n_routes,
            struct http_client *client, bool in_turns,
            struct http_server **out)
{
    const struct config_inbound *in = &c->inbound;
    struct server_settings to;
    enum mr_status st;

    server_defaults(&to);
    allow_files(in->connections);
    if (!fill_secrets(c, &to))
        return HOST_USAGE;
    to.listen = in->listen;
    to.routes = routes;
    to.n_routes = n_routes;
    to.body_max = (size_t)in->body_mb << 20;
    if (to.bodies_max < 2 * to.body_max)
        to.bodies_max = 2 * to.body_max;
    to.connections = in->connections;
    to.per_address = in->per_address;
    to.request_ms = to.idle_ms = in->timeout * 1000;
    to.in_turns = in_turns;
    to.wake = in_turns ? NULL : wake;
    to.arg = client;
    st = server_new(cx, &to, out);
    if (st == MR_OK && in_turns && !http_watch(client, server_fd(*out)))
        st = mr_fail(cx, MR_EMEMORY, "memory ran out");
    if (st == MR_OK)
        return HOST_OK;
    fprintf(stderr, "%s: inbound.listen: ", c->h->name);
    host_report_error(c->h, &cx->error);
    memset(&cx->error, 0, sizeof cx->error);
    return st == MR_EUSAGE ? HOST_USAGE : HOST_INTERNAL;
}
