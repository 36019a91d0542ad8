/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's thread, its socket, and the queue between it and the host. One
 * loop waits for libmicrohttpd's events, for answers of the host, and for
 * connections that take too long; or the host's loop does so, in turns.
 */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/outflow.h"

enum { TICK_MS = 100, BACKLOG = 511 };

void
server_defaults(struct server_settings *s)
{
    s->body_max = 16 * 1024 * 1024;
    s->bodies_max = 128 * 1024 * 1024;
    s->connections = 256;
    s->per_address = 64;
    s->request_ms = 30000;
    s->idle_ms = 30000;
}

void
server_nudge(struct http_server *s)
{
    if (s->set.in_turns)
        return;
    /* A full pipe has a wake in it already. */
    if (write(s->wake[1], "", 1) < 0)
        return;
}

static void
drain(struct http_server *s)
{
    char away[64];

    while (read(s->wake[0], away, sizeof away) == (ssize_t)sizeof away)
        ;
}

void
server_unlink(struct http_server *s, struct inbound *in)
{
    if (in->newer != NULL)
        in->newer->older = in->older;
    else
        s->all = in->older;
    if (in->older != NULL)
        in->older->newer = in->newer;
    in->older = in->newer = NULL;
}

/* Those that were answered go on; those whose connection is gone end here. */
static void
resume_answered(struct http_server *s, bool all)
{
    struct inbound *in, *older;

    pthread_mutex_lock(&s->lock);
    s->news = false;
    for (in = s->all; in != NULL; in = older) {
        older = in->older;
        if (all && !in->answered)
            in->cut = in->answered = true;
        if (!in->answered)
            continue;
        if (in->flow != NULL && all)
            outflow_cut(in);
        if (in->flow != NULL && (in->mhd != NULL || !in->flow->ended)) {
            outflow_wake(in);
            continue;
        }
        server_unlink(s, in);
        in->queued = false;
        if (in->mhd != NULL)
            MHD_resume_connection(in->mhd);
        else
            inbound_free(s, in);
    }
    pthread_mutex_unlock(&s->lock);
}

static int
wait_ms(struct http_server *s)
{
    MHD_UNSIGNED_LONG_LONG ms = TICK_MS;

    if (MHD_get_timeout(s->daemon, &ms) == MHD_NO || ms > TICK_MS)
        ms = TICK_MS;
    return s->connections == NULL && ms == TICK_MS ? -1 : (int)ms;
}

static void
keep_quiet(struct http_server *s)
{
    int fd = MHD_quiesce_daemon(s->daemon);

    if (fd >= 0)
        close(fd);
    s->listening = -1;
}

/* What libmicrohttpd and the host have to do now; false: it is the end. */
static bool
turn(struct http_server *s)
{
    bool stop, quiet, news;
    int64_t now = http_clock();

    pthread_mutex_lock(&s->lock);
    stop = s->stop;
    quiet = s->quiet;
    news = s->news;
    pthread_mutex_unlock(&s->lock);
    if (quiet && !s->hushed) {
        s->hushed = true;
        keep_quiet(s);
    }
    if (stop || news)
        resume_answered(s, stop);
    MHD_run(s->daemon);
    /* There may be thousands of them. */
    if (now - s->watched >= TICK_MS) {
        s->watched = now;
        inbound_watch(s, now);
    }
    return !stop;
}

int
server_fd(const struct http_server *s)
{
    return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

/* The last turn; behind it nobody is there. */
static void
end(struct http_server *s)
{
    turn(s);
    MHD_stop_daemon(s->daemon);
}

static void *
run(void *arg)
{
    struct http_server *s = arg;
    struct pollfd fds[2] = { { server_fd(s), POLLIN, 0 },
                             { s->wake[0], POLLIN, 0 } };

    do {
        poll(fds, 2, wait_ms(s));
        if (fds[1].revents != 0)
            drain(s);
    } while (turn(s));
    MHD_stop_daemon(s->daemon);
    return NULL;
}

uint32_t
server_turn(struct http_server *s)
{
    enum { ROUNDS = 4 };
    int ms = 0;

    /* Answers are sent in the round behind the one that finds them. */
    for (int i = 0; i < ROUNDS && ms == 0; i++) {
        turn(s);
        ms = wait_ms(s);
    }
    return ms < 0 ? UINT32_MAX : (uint32_t)ms;
}

bool
server_is_due(struct http_server *s)
{
    bool news;

    pthread_mutex_lock(&s->lock);
    news = s->news;
    pthread_mutex_unlock(&s->lock);
    return news;
}

static bool
is_port(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n > 0 && n <= 5 && text[n] == '\0' &&
           strtoul(text, NULL, 10) <= UINT16_MAX;
}

/* "127.0.0.1:8090", "[::1]:8090". */
static enum mr_status
split_address(struct mr_cx *cx, const char *text, char *host, size_t size,
              const char **port)
{
    const char *colon = strrchr(text, ':');
    size_t n = colon == NULL ? 0 : (size_t)(colon - text);

    if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (n == 0 || n >= size || !is_port(colon + 1))
        return mr_fail(cx, MR_EUSAGE, "\"%s\" is no address to listen on; like "
                       "127.0.0.1:8090", text);
    memcpy(host, text, n);
    host[n] = '\0';
    if (strcmp(host, "localhost") == 0)
        strcpy(host, "127.0.0.1");
    *port = colon + 1;
    return MR_OK;
}

static int
listen_on(const struct addrinfo *a)
{
    int one = 1, fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
                             SOCK_NONBLOCK, 0), saved;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static uint16_t
port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    char port[8];

    if (getsockname(fd, (struct sockaddr *)(void *)&at, &n) != 0 ||
        getnameinfo((struct sockaddr *)(void *)&at, n, NULL, 0, port,
                    sizeof port, NI_NUMERICSERV) != 0)
        return 0;
    return (uint16_t)strtoul(port, NULL, 10);
}

static enum mr_status
open_socket(struct mr_cx *cx, struct http_server *s)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV |
                                          AI_PASSIVE,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    const char *port = NULL;
    char host[64];

    if (split_address(cx, s->set.listen, host, sizeof host, &port) != MR_OK)
        return cx->error.status;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return mr_fail(cx, MR_EUSAGE, "\"%s\" is no address to listen on; like "
                       "127.0.0.1:8090", s->set.listen);
    s->listening = listen_on(found);
    freeaddrinfo(found);
    if (s->listening < 0)
        return mr_fail(cx, MR_EUSAGE, "can't listen on %s: %s", s->set.listen,
                       strerror(errno));
    s->port = port_of(s->listening);
    return MR_OK;
}

enum { OPTIONS = 16 };

static void
add_option(struct MHD_OptionItem *o, enum MHD_OPTION what, intptr_t value,
           const void *p)
{
    while (o->option != MHD_OPTION_END)
        o++;
    o->option = what;
    o->value = value;
    o->ptr_value = (void *)(uintptr_t)p;
    o[1].option = MHD_OPTION_END;
}

static enum mr_status
start_daemon(struct mr_cx *cx, struct http_server *s)
{
    const struct server_settings *set = &s->set;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem o[OPTIONS] = { { MHD_OPTION_END, 0, NULL } };
    uint32_t quiet = (set->request_ms + 999) / 1000 + 1;

    add_option(o, MHD_OPTION_LISTEN_SOCKET, s->listening, NULL);
    add_option(o, MHD_OPTION_CONNECTION_LIMIT, set->connections, NULL);
    add_option(o, MHD_OPTION_PER_IP_CONNECTION_LIMIT, set->per_address, NULL);
    add_option(o, MHD_OPTION_CONNECTION_TIMEOUT, quiet, NULL);
    add_option(o, MHD_OPTION_CONNECTION_MEMORY_LIMIT, 32 * 1024, NULL);
    add_option(o, MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    if (set->cert != NULL) {
        flags |= MHD_USE_TLS;
        add_option(o, MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-TLS-ALL:"
                   "+VERS-TLS1.3:+VERS-TLS1.2");
        add_option(o, MHD_OPTION_HTTPS_MEM_CERT, 0, set->cert);
        add_option(o, MHD_OPTION_HTTPS_MEM_KEY, 0, set->key);
        if (set->key_password != NULL)
            add_option(o, MHD_OPTION_HTTPS_KEY_PASSWORD, 0, set->key_password);
        if (set->client_ca != NULL)
            add_option(o, MHD_OPTION_HTTPS_MEM_TRUST, 0, set->client_ca);
    }
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, inbound_handle, s,
        MHD_OPTION_NOTIFY_CONNECTION, inbound_connection, s,
        MHD_OPTION_NOTIFY_COMPLETED, inbound_over, s,
        MHD_OPTION_URI_LOG_CALLBACK, inbound_line, s,
        MHD_OPTION_ARRAY, o, MHD_OPTION_END);
    if (s->daemon == NULL)
        return mr_fail(cx, MR_EUSAGE, "can't listen on %s%s", set->listen,
                       set->cert != NULL ? ": is the certificate that of the "
                       "key?" : "");
    return MR_OK;
}

static const char **
text_slot(struct server_settings *s, size_t i)
{
    const char **slots[] = { &s->listen, &s->user, &s->password, &s->token,
                             &s->cert, &s->key, &s->key_password,
                             &s->client_ca };

    return i < sizeof slots / sizeof slots[0] ? slots[i] : NULL;
}

static void
forget_texts(struct http_server *s)
{
    for (size_t i = 0; text_slot(&s->set, i) != NULL; i++) {
        char *p = (char *)(uintptr_t)*text_slot(&s->set, i);

        if (p != NULL)
            explicit_bzero(p, strlen(p));
        free(p);
    }
}

static bool
copy_texts(struct http_server *s, const struct server_settings *from)
{
    bool ok = true;

    s->set = *from;
    for (size_t i = 0; text_slot(&s->set, i) != NULL; i++) {
        const char **slot = text_slot(&s->set, i);

        if (*slot == NULL)
            continue;
        *slot = ok ? strdup(*slot) : NULL;
        ok = ok && *slot != NULL;
    }
    return ok;
}

static enum mr_status
check_settings(struct mr_cx *cx, const struct server_settings *s)
{
    for (size_t i = 0; i < s->n_routes; i++) {
        enum server_guard g = s->routes[i].guard;

        if ((g == SERVER_BASIC && (s->user == NULL || s->password == NULL)) ||
            (g == SERVER_BEARER && (s->token == NULL || s->token[0] == '\0')) ||
            (g == SERVER_CERTIFICATE &&
             (s->client_ca == NULL || s->cert == NULL)))
            return mr_fail(cx, MR_EUSAGE,
                           "%s is guarded by credentials that are not set",
                           s->routes[i].path);
    }
    if (s->cert != NULL && s->key == NULL)
        return mr_fail(cx, MR_EUSAGE, "a certificate without its key");
    return MR_OK;
}

static enum mr_status
open_wake(struct mr_cx *cx, struct http_server *s)
{
    if (pipe(s->wake) != 0) {
        s->wake[0] = s->wake[1] = -1;
        return mr_fail(cx, MR_EUSAGE, "no pipe: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
        fcntl(s->wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(s->wake[i], F_SETFL, O_NONBLOCK);
    }
    return MR_OK;
}

static void
free_all(struct http_server *s)
{
    for (int i = 0; i < 2; i++)
        if (s->wake[i] >= 0)
            close(s->wake[i]);
    if (s->listening >= 0)
        close(s->listening);
    pthread_mutex_destroy(&s->lock);
    forget_texts(s);
    free(s);
}

enum mr_status
server_new(struct mr_cx *cx, const struct server_settings *set,
           struct http_server **out)
{
    struct http_server *s;
    enum mr_status st = check_settings(cx, set);

    if (st != MR_OK)
        return st;
    if (sodium_init() < 0 || (s = calloc(1, sizeof *s)) == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    s->listening = s->wake[0] = s->wake[1] = -1;
    pthread_mutex_init(&s->lock, NULL);
    randombytes_buf(s->secret, sizeof s->secret);
    if (!copy_texts(s, set))
        st = mr_fail(cx, MR_EMEMORY, "memory ran out");
    if (st == MR_OK)
        st = open_wake(cx, s);
    if (st == MR_OK)
        st = open_socket(cx, s);
    if (st == MR_OK)
        st = start_daemon(cx, s);
    if (st == MR_OK && !s->set.in_turns &&
        pthread_create(&s->thread, NULL, run, s) != 0) {
        MHD_stop_daemon(s->daemon);
        st = mr_fail(cx, MR_EMEMORY, "no thread to listen in");
    }
    if (st != MR_OK) {
        free_all(s);
        return st;
    }
    *out = s;
    return MR_OK;
}

void
server_free(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    s->first = s->last = NULL;      /* all of them are in s->all, too */
    pthread_mutex_unlock(&s->lock);
    server_nudge(s);
    if (s->set.in_turns)
        end(s);
    else
        pthread_join(s->thread, NULL);
    free_all(s);
}

uint16_t
server_port(const struct http_server *s)
{
    return s->port;
}

bool
server_take(struct http_server *s, struct server_request *out)
{
    struct inbound *in;

    pthread_mutex_lock(&s->lock);
    in = s->first;
    if (in != NULL) {
        s->first = in->next;
        if (s->first == NULL)
            s->last = NULL;
        in->next = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    if (in == NULL)
        return false;
    out->ticket = in->ticket;
    out->route = in->route;
    out->rest = in->rest;
    out->query = in->query;
    out->header = in->header;
    out->type = in->form;
    out->body = in->body.n > 0 ? in->body.p : "";
    out->n = in->body.n;
    return true;
}

/* Memory that runs out here makes it an answer without a body. */
static void
put_answer(struct inbound *in, const struct server_answer *a)
{
    in->status = a->status;
    in->retry_after = a->retry_after;
    if (a->type != NULL && a->n > 0) {
        in->type = strdup(a->type);
        in->text = malloc(a->n);
    }
    if (in->type != NULL && in->text != NULL) {
        memcpy(in->text, a->body, a->n);
        in->n = a->n;
    }
    in->answered = true;
}

void
server_answer(struct http_server *s, uint64_t ticket,
              const struct server_answer *answer)
{
    struct inbound *in;

    pthread_mutex_lock(&s->lock);
    for (in = s->all; in != NULL && in->ticket != ticket;)
        in = in->older;
    if (in != NULL && !in->answered) {
        put_answer(in, answer);
        s->news = true;
    }
    pthread_mutex_unlock(&s->lock);
    if (in != NULL)
        server_nudge(s);
}

bool
server_gone(struct http_server *s, uint64_t *ticket)
{
    struct inbound *in = NULL;

    pthread_mutex_lock(&s->lock);
    if (s->leaving > 0)
        for (in = s->all; in != NULL && (!in->left || in->told);)
            in = in->older;
    if (in != NULL) {
        in->told = true;
        s->leaving--;
        *ticket = in->ticket;
    }
    pthread_mutex_unlock(&s->lock);
    return in != NULL;
}

void
server_quiet(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->quiet = true;
    pthread_mutex_unlock(&s->lock);
    server_nudge(s);
}

void
server_counted(const struct http_server *s, struct server_counts *out)
{
    struct http_server *own = (struct http_server *)(uintptr_t)s;

    pthread_mutex_lock(&own->lock);
    *out = own->counts;
    pthread_mutex_unlock(&own->lock);
}
