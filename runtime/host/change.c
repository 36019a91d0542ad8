/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a change: by the program that has the store, or at once. Both sides of
 * the conversation over the socket are here: a request is a line with numbers,
 * words ended by NUL, bytes; so is an answer. */
#include "host/change_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static const struct kind {
    const char *name;
    change_fn *make;
} kinds[] = {
    { "parked", parked_change },
    { "ids", ids_change },
    { "privacy", privacy_change },
    { "status", status_change },
};

int
change_dispatch(struct session *s, struct change *c)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (c->argc > 0 && strcmp(kinds[i].name, c->argv[0]) == 0)
            return kinds[i].make(s, c);
    fputs("there is no such change\n", c->err);
    return HOST_USAGE;
}

/* --- bytes --- */

bool
change_write(int fd, const void *p, size_t n)
{
    const char *at = p;

    while (n > 0) {
        ssize_t done = send(fd, at, n, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool
change_read(int fd, void *p, size_t n)
{
    char *at = p;

    while (n > 0) {
        ssize_t done = recv(fd, at, n, 0);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool
change_read_numbers(int fd, unsigned long long *a, unsigned long long *b,
                    unsigned long long *c)
{
    char line[80], end;
    size_t n = 0;

    while (n + 1 < sizeof line && change_read(fd, &line[n], 1) &&
           line[n] != '\n')
        n++;
    line[n] = '\0';
    return sscanf(line, "mapc %llu %llu %llu%c", a, b, c, &end) == 3;
}

bool
change_write_numbers(int fd, unsigned long long a, unsigned long long b,
                     unsigned long long c)
{
    char line[80];
    int n = snprintf(line, sizeof line, "mapc %llu %llu %llu\n", a, b, c);

    return change_write(fd, line, (size_t)n);
}

/* --- the socket --- */

/* Names longer than an address holds are reached through their folder. */
int
change_socket(const char *store_file, int (*use)(int fd, const struct sockaddr *,
                                                 socklen_t))
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *slash = strrchr(store_file, '/');
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), dir = -1, n, code;
    char folder[4096];

    n = snprintf(address.sun_path, sizeof address.sun_path, "%s.sock",
                 store_file);
    if ((size_t)n >= sizeof address.sun_path && slash != NULL) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - store_file),
                 store_file);
        dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        n = snprintf(address.sun_path, sizeof address.sun_path,
                     "/proc/self/fd/%d/%s.sock", dir, slash + 1);
    }
    errno = ENAMETOOLONG;
    code = fd >= 0 && n > 0 && (size_t)n < sizeof address.sun_path
               ? use(fd, (const struct sockaddr *)&address, sizeof address)
               : -1;
    if (dir >= 0)
        close(dir);
    if (code == 0)
        return fd;
    n = errno;
    if (fd >= 0)
        close(fd);
    errno = n;
    return -1;
}

/* --- asking --- */

static bool
copy(int fd, unsigned long long n, FILE *to)
{
    char buffer[4096];

    while (n > 0) {
        size_t part = n < sizeof buffer ? (size_t)n : sizeof buffer;

        if (!change_read(fd, buffer, part))
            return false;
        fwrite(buffer, 1, part, to);
        n -= part;
    }
    return true;
}

static bool
converse(int fd, const struct change *c, int *code)
{
    unsigned long long exit_code, out, err;

    if (!change_write_numbers(fd, (unsigned long long)c->argc, c->n, 0))
        return false;
    for (int i = 0; i < c->argc; i++)
        if (!change_write(fd, c->argv[i], strlen(c->argv[i]) + 1))
            return false;
    if (!change_write(fd, c->body, c->n) ||
        !change_read_numbers(fd, &exit_code, &out, &err))
        return false;
    *code = (int)exit_code;
    return copy(fd, out, c->out) && copy(fd, err, c->err);
}

bool
change_ask(const struct host *h, const struct config *config, struct change *c,
           int *code)
{
    int fd = change_socket(config->store_file, connect);

    if (fd < 0)
        return false;
    if (!converse(fd, c, code)) {
        fprintf(stderr, "%s: the running program gave no answer\n", h->name);
        *code = HOST_INTERNAL;
    }
    close(fd);
    return true;
}

/* No program has the store. What is tried again is tried right away, which
 * takes the systems and the engine. */
static int
open_alone(const struct host *h, struct session *s, const char *file,
           const struct change *c)
{
    bool works = strcmp(c->argv[0], "ids") != 0;
    int code = session_open(h, s, file,
                            SESSION_STORE | (works ? SESSION_PEERS : 0));

    if (code != HOST_OK || !works)
        return code;
    if (s->log_level > LOG_WARNING)
        s->log_level = LOG_WARNING;
    s->impatient = true;
    code = session_engine(s, false, false);
    if (code == HOST_OK)
        signals_begin(&s->stop, s->client);
    else
        session_close(s);
    return code;
}

static int
settle_alone(struct session *s, struct change *c)
{
    bool complete;
    int code;

    if (strcmp(c->argv[0], "privacy") == 0)
        return engine_turn(s->engine, host_steady()) == MR_OK
                   ? HOST_OK
                   : session_error(s, &s->engine_cx);
    code = loop_until_idle(s, &complete);
    if (code == HOST_OK && !complete)
        fputs("a system does not answer; it is done by the next run\n",
              c->err);
    return code == HOST_OK && !complete ? HOST_PEER : code;
}

int
change_make(const struct host *h, const char *file, struct change *c)
{
    struct session s;
    struct config config;
    int code = HOST_USAGE;
    bool asked;

    c->out = stdout;
    c->err = stderr;
    c->running = false;
    asked = !config_read(h, &config, file) ||
            change_ask(h, &config, c, &code);
    config_done(&config);
    if (asked)
        return code;
    code = open_alone(h, &s, file, c);
    if (code != HOST_OK)
        return code;
    code = change_dispatch(&s, c);
    if (code == HOST_OK && s.engine != NULL)
        code = settle_alone(&s, c);
    session_close(&s);
    return code;
}

/* --- within a change --- */

int
change_error(struct session *s, struct change *c)
{
    fprintf(c->err, "%s: %s\n", s->h->name, s->cx.error.text);
    memset(&s->cx.error, 0, sizeof s->cx.error);
    return HOST_STORE;
}

int
change_begin(struct session *s, struct change *c)
{
    return s->store->ops->begin(&s->cx, s->store) == MR_OK
               ? HOST_OK
               : change_error(s, c);
}

int
change_end(struct session *s, struct change *c, int code)
{
    const struct store_ops *ops = s->store->ops;

    if (code == HOST_OK && ops->commit(&s->cx, s->store) == MR_OK)
        return HOST_OK;
    if (code == HOST_OK)
        code = change_error(s, c);
    ops->rollback(s->store);
    return code;
}
