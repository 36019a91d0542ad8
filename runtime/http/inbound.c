/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request on the server's side: which route, may it, how much, and then to
 * the host. A request that is refused before its body was read is answered at
 * once and its connection closed; of one that turns out too large on the way
 * the rest is thrown away, within the time a request has.
 */
#include "http/outflow.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

static void *
resize(void *arg, void *p, size_t size)
{
    (void)arg;
    if (size == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, size);
}

static void
count(struct http_server *s, uint64_t *what, int by)
{
    pthread_mutex_lock(&s->lock);
    *what += (uint64_t)by;
    pthread_mutex_unlock(&s->lock);
}

/* ---- connections ---- */

static struct connection *
connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

void
inbound_enter(struct connection *c, enum phase phase)
{
    if (c == NULL)
        return;
    c->phase = phase;
    c->since = http_clock();
}

static void
open_connection(struct http_server *s, struct MHD_Connection *mhd,
                void **socket)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *c = calloc(1, sizeof *c);

    if (c == NULL) {
        /* Without a watch on it nobody would end it. */
        shutdown(info->connect_fd, SHUT_RDWR);
        return;
    }
    c->fd = info->connect_fd;
    c->next = s->connections;
    if (c->next != NULL)
        c->next->before = c;
    s->connections = c;
    inbound_enter(c, PHASE_IDLE);
    *socket = c;
    count(s, &s->counts.open, 1);
}

void
inbound_connection(void *arg, struct MHD_Connection *mhd, void **socket,
                   enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = arg;
    struct connection *c = *socket;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        open_connection(s, mhd, socket);
        return;
    }
    if (c == NULL)
        return;
    if (c->before != NULL)
        c->before->next = c->next;
    else
        s->connections = c->next;
    if (c->next != NULL)
        c->next->before = c->before;
    free(c);
    *socket = NULL;
    count(s, &s->counts.open, -1);
}

static bool
too_long(const struct http_server *s, const struct connection *c, int64_t now)
{
    switch (c->phase) {
    case PHASE_IDLE:
        return now - c->since > s->set.idle_ms;
    case PHASE_READING:
    case PHASE_ANSWERING:
        return now - c->since > s->set.request_ms;
    case PHASE_HOST:
        return false;
    }
    return false;
}

/* Whoever waits for this connection's answer has gone. */
static void
note_left(struct http_server *s, const struct connection *c)
{
    bool any = false;

    pthread_mutex_lock(&s->lock);
    for (struct inbound *in = s->all; in != NULL; in = in->older)
        if (in->connection == c && !in->left &&
            (!in->answered || in->flow != NULL)) {
            any = in->left = true;
            s->leaving++;
        }
    pthread_mutex_unlock(&s->lock);
    if (any && s->set.wake != NULL)
        s->set.wake(s->set.arg);
}

/* libmicrohttpd does not look at a connection that sleeps. */
static bool
has_left(const struct connection *c)
{
    char next;

    return recv(c->fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void
inbound_watch(struct http_server *s, int64_t now)
{
    for (struct connection *c = s->connections; c != NULL; c = c->next) {
        if (c->phase == PHASE_HOST && !c->left && has_left(c)) {
            c->left = true;
            note_left(s, c);
        }
        if (c->cut || !too_long(s, c, now))
            continue;
        c->cut = true;
        shutdown(c->fd, SHUT_RDWR);
        if (c->phase != PHASE_IDLE)
            count(s, &s->counts.refused, 1);
    }
}

/* ---- requests ---- */

void
inbound_free(struct http_server *s, struct inbound *in)
{
    s->bodies -= in->counted;
    bytes_free(&in->body);
    s->leaving -= in->left && !in->told;
    free(in->rest);
    free(in->query);
    free(in->header);
    free(in->type);
    free(in->text);
    free(in->name);
    free(in->flow);
    free(in);
}

void *
inbound_line(void *arg, const char *uri, struct MHD_Connection *mhd)
{
    static const struct mr_memory memory = { resize, NULL };
    const char *query = strchr(uri, '?');
    struct inbound *in = calloc(1, sizeof *in);

    (void)arg;
    inbound_enter(connection_of(mhd), PHASE_READING);
    if (in == NULL)
        return NULL;
    in->mhd = mhd;
    in->connection = connection_of(mhd);
    bytes_init(&in->body, &memory);
    in->query = strdup(query == NULL ? "" : query + 1);
    return in;
}

void
inbound_over(void *arg, struct MHD_Connection *mhd, void **request,
             enum MHD_RequestTerminationCode code)
{
    struct http_server *s = arg;
    struct inbound *in = *request;

    bool left = false;

    inbound_enter(connection_of(mhd), PHASE_IDLE);
    if (in == NULL)
        return;
    *request = NULL;
    pthread_mutex_lock(&s->lock);
    in->mhd = NULL;
    in->connection = NULL;
    if (in->flow != NULL && in->flow->ended && in->queued) {
        server_unlink(s, in);
        in->queued = false;
    }
    if (!in->queued) {
        inbound_free(s, in);
    } else if (in->flow != NULL && !in->left &&
               code != MHD_REQUEST_TERMINATED_COMPLETED_OK) {
        left = in->left = true;
        s->leaving++;
    }
    pthread_mutex_unlock(&s->lock);
    if (left && s->set.wake != NULL)
        s->set.wake(s->set.arg);
}

static const char *
words_of(int status)
{
    switch (status) {
    case 400: return "malformed request\n";
    case 401: return "credentials are missing or wrong\n";
    case 403: return "not from here\n";
    case 404: return "nothing here\n";
    case 405: return "not this method\n";
    case 413: return "the body is too large\n";
    case 415: return "not this content type\n";
    case 503: return "too much waits; come back later\n";
    default: return "failed\n";
    }
}

/* What can be got can be asked for without its body, too, but for what others
 * have to make first. */
static bool
method_fits(const struct server_route *r, const char *method)
{
    return strcmp(r->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0 &&
            r->path[strlen(r->path) - 1] != '/');
}

static void
add_headers(const struct http_server *s, struct MHD_Response *r,
            const struct inbound *in, int status, const char *type,
            uint32_t retry)
{
    enum server_guard guard = in->route < s->set.n_routes
                                  ? s->set.routes[in->route].guard
                                  : SERVER_OPEN;
    char seconds[16];

    if (type != NULL)
        MHD_add_response_header(r, "Content-Type", type);
    MHD_add_response_header(r, "Cache-Control", "no-store");
    if (status == 401)
        MHD_add_response_header(r, "WWW-Authenticate",
                                guard == SERVER_BEARER
                                    ? "Bearer"
                                    : "Basic realm=\"mapc\", "
                                      "charset=\"UTF-8\"");
    if (status == 405 && in->route < s->set.n_routes)
        MHD_add_response_header(r, "Allow",
                                method_fits(&s->set.routes[in->route], "HEAD")
                                    ? "GET, HEAD"
                                    : s->set.routes[in->route].method);
    if (retry != 0) {
        snprintf(seconds, sizeof seconds, "%u", (unsigned)retry);
        MHD_add_response_header(r, "Retry-After", seconds);
    }
}

void
inbound_headers(const struct http_server *s, struct MHD_Response *r,
                const struct inbound *in)
{
    add_headers(s, r, in, in->status, in->type, in->retry_after);
    if (in->name != NULL)
        MHD_add_response_header(r, "Content-Disposition", in->name);
}

static enum MHD_Result
give(const struct http_server *s, struct inbound *in, int status,
     const char *type, const char *p, size_t n, uint32_t retry)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        n, (void *)(uintptr_t)p, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result ok;

    if (r == NULL)
        return MHD_NO;
    add_headers(s, r, in, status, type, retry);
    inbound_enter(in->connection, PHASE_ANSWERING);
    ok = MHD_queue_response(in->mhd, (unsigned)status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result
refuse(struct http_server *s, struct inbound *in, int status)
{
    const char *words = words_of(status);

    count(s, &s->counts.refused, 1);
    return give(s, in, status, "text/plain", words, strlen(words),
                status == 503 ? 5 : 0);
}

static bool
path_fits(const struct server_route *r, const char *url)
{
    size_t n = strlen(r->path);

    if (n > 0 && r->path[n - 1] == '/')
        return strncmp(url, r->path, n) == 0;
    return strcmp(url, r->path) == 0;
}

static const char *
header(struct MHD_Connection *mhd, const char *name)
{
    return MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, name);
}

/* 0, or the status. */
static int
find_route(const struct http_server *s, struct inbound *in, const char *url,
           const char *method)
{
    int status = 404;

    in->route = s->set.n_routes;
    for (size_t i = 0; i < s->set.n_routes; i++) {
        const struct server_route *r = &s->set.routes[i];

        if (!path_fits(r, url))
            continue;
        in->route = i;
        if (method_fits(r, method)) {
            const char *value = r->header == NULL ? NULL
                                                  : header(in->mhd, r->header);

            in->rest = strdup(url + strlen(r->path));
            in->header = strdup(value == NULL ? "" : value);
            return in->rest == NULL || in->header == NULL ? 503 : 0;
        }
        status = 405;
    }
    return status;
}

static bool
type_fits(const char *const *types, const char *type, size_t *which)
{
    size_t n;

    if (type == NULL)
        return false;
    n = strcspn(type, "; \t");
    for (*which = 0; types[*which] != NULL; ++*which)
        if (strlen(types[*which]) == n &&
            strncasecmp(types[*which], type, n) == 0)
            return true;
    return false;
}

/* Of the headers alone; 0, or the status. */
static int
check_body_headers(const struct http_server *s, struct inbound *in,
                   struct MHD_Connection *mhd)
{
    const struct server_route *r = &s->set.routes[in->route];
    const char *length = header(mhd, "Content-Length");
    const char *coding = header(mhd, "Content-Encoding");
    uint64_t n = 0;

    if (length != NULL) {
        errno = 0;
        n = strtoull(length, NULL, 10);
        if (errno != 0)
            return 413;
    }
    if (r->types == NULL)
        return n > 0 ? 413 : 0;
    if (!type_fits(r->types, header(mhd, "Content-Type"), &in->form) ||
        (coding != NULL && strcasecmp(coding, "identity") != 0))
        return 415;
    return n > s->set.body_max ? 413 : 0;
}

static int
check_head(const struct http_server *s, struct inbound *in, const char *url,
           const char *method)
{
    const struct server_route *r;
    int status = find_route(s, in, url, method);

    if (status != 0)
        return status;
    r = &s->set.routes[in->route];
    if (r->loopback && !server_guard_is_loopback(in->mhd))
        return 403;
    status = server_guard_check(s, r, in->mhd);
    return status != 0 ? status : check_body_headers(s, in, in->mhd);
}

/* Takes in what came of the body, or throws it away. */
static void
take_body(struct http_server *s, struct inbound *in, const char *data, size_t n)
{
    const struct server_route *r = &s->set.routes[in->route];
    bool room;

    if (in->refused != 0)
        return;
    if (r->types == NULL || n > s->set.body_max - in->body.n) {
        in->refused = 413;
    } else {
        pthread_mutex_lock(&s->lock);
        room = n <= s->set.bodies_max - s->bodies;
        if (room) {
            s->bodies += n;
            in->counted += n;
        }
        pthread_mutex_unlock(&s->lock);
        if (room)
            bytes_add(&in->body, data, n);
        if (!room || in->body.failed)
            in->refused = 503;
    }
    if (in->refused != 0)
        bytes_free(&in->body);
}

/* To the host; the connection sleeps until the answer is there. */
static enum MHD_Result
hand_over(struct http_server *s, struct inbound *in)
{
    inbound_enter(in->connection, PHASE_HOST);
    MHD_suspend_connection(in->mhd);
    pthread_mutex_lock(&s->lock);
    in->ticket = ++s->tickets;
    in->queued = true;
    in->older = s->all;
    if (s->all != NULL)
        s->all->newer = in;
    s->all = in;
    if (s->last != NULL)
        s->last->next = in;
    else
        s->first = in;
    s->last = in;
    s->counts.taken++;
    pthread_mutex_unlock(&s->lock);
    if (s->set.wake != NULL)
        s->set.wake(s->set.arg);
    return MHD_YES;
}

enum MHD_Result
inbound_handle(void *arg, struct MHD_Connection *mhd, const char *url,
               const char *method, const char *version, const char *data,
               size_t *n, void **request)
{
    struct http_server *s = arg;
    struct inbound *in = *request;
    int status;

    (void)mhd;
    (void)version;
    if (in == NULL || in->query == NULL || in->cut)
        return MHD_NO;
    if (in->answered && in->flow != NULL)
        return outflow_give(s, in);
    if (in->answered)
        return give(s, in, in->status, in->type, in->n > 0 ? in->text : "",
                    in->n, in->retry_after);
    if (!in->begun) {
        in->begun = true;
        status = check_head(s, in, url, method);
        return status != 0 ? refuse(s, in, status) : MHD_YES;
    }
    if (*n > 0) {
        take_body(s, in, data, *n);
        *n = 0;
        return MHD_YES;
    }
    return in->refused != 0 ? refuse(s, in, in->refused) : hand_over(s, in);
}
