/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmicrohttpd without threads of its own: the loop outside waits for its
 * epoll descriptors. A request that has to wait (latency, a slow answer) is
 * suspended and put on a list until its time has come.
 */
#include "sandbox/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sandbox/counts.h"
#include "sandbox/guard.h"

enum {
    MOST_SITES = 16,
    MOST_BODY = 64 * 1024 * 1024,
    MOST_CONNECTIONS = 900,
    POOL = 256 * 1024,          /* of a connection: headers, read buffer */
    PACE_MS = 20                /* of slow answers */
};

struct exchange {
    struct http *http;
    struct site *site;
    struct arena *arena;
    struct MHD_Connection *connection;
    struct request request;
    struct answer answer;
    struct buf body;
    struct mishap mishap;
    enum traffic kind;
    bool begun, drawn, too_large;
    int64_t due, started;       /* when to go on; when the answer started */
    struct exchange *next;      /* on the list of those that wait */
};

struct daemon {
    struct MHD_Daemon *mhd;
    struct site *site;
    struct http *http;
    int fd;
};

struct http {
    struct model *model;
    struct store *store;
    answer_fn *answer;
    struct daemon daemons[MOST_SITES];
    size_t n;
    struct exchange *waiting;
};

int64_t
sb_http_clock(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- requests --- */

/* Called first: the URL as it came, before it is decoded. */
static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct daemon *d = cls;
    struct arena *a = arena_new();
    struct exchange *ex = arena_alloc(a, sizeof *ex);
    size_t n = strcspn(uri, "?");

    ex->arena = a;
    ex->http = d->http;
    ex->site = d->site;
    ex->connection = connection;
    ex->request.arena = a;
    ex->request.path = url_decode(a, uri, n, false);
    ex->request.query = uri[n] == '?'
                            ? arena_copy(a, uri + n + 1, strlen(uri + n + 1))
                            : "";
    ex->request.store = d->http->store;
    ex->request.model = d->http->model;
    ex->request.site = d->site;
    buf_init(&ex->body, a);
    return ex;
}

static enum MHD_Result
on_header(void *cls, enum MHD_ValueKind kind, const char *name,
          const char *value)
{
    struct exchange *ex = cls;
    struct header h;

    (void)kind;
    if (value == NULL)
        return MHD_YES;
    h.name = arena_copy(ex->arena, name, strlen(name));
    h.value = arena_copy(ex->arena, value, strlen(value));
    vec_push(ex->arena, &ex->request.headers, h);
    return MHD_YES;
}

static enum traffic
kind_of(const struct request *r)
{
    const char *token = request_header(r, "x-csrf-token");
    const char *last = r->path == NULL ? NULL : strrchr(r->path, '/');

    if (last != NULL && strcmp(last, "/$metadata") == 0)
        return TRAFFIC_METADATA;
    if (last != NULL && strcmp(last, "/$value") == 0)
        return TRAFFIC_BYTES;
    if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0)
        return token != NULL && (*token == 'f' || *token == 'F')
                   ? TRAFFIC_TOKEN
                   : TRAFFIC_READ;
    if (r->site->protocol == SITE_IDOC)
        return TRAFFIC_IDOC;
    if (r->site->protocol == SITE_SOAP)
        return TRAFFIC_CALL;
    if (last != NULL && strcmp(last, "/$batch") == 0)
        return TRAFFIC_BATCH;
    if (strcmp(r->method, "POST") == 0)
        return TRAFFIC_CREATE;
    return strcmp(r->method, "DELETE") == 0 ? TRAFFIC_DELETE
                                            : TRAFFIC_UPDATE;
}

static bool
is_control(const struct request *r)
{
    return r->path != NULL && strncmp(r->path, "/sandbox/", 9) == 0;
}

static void
begin(struct exchange *ex, const char *method)
{
    ex->begun = true;
    ex->request.method = arena_copy(ex->arena, method, strlen(method));
    MHD_get_connection_values(ex->connection, MHD_HEADER_KIND, on_header, ex);
    ex->kind = kind_of(&ex->request);
}

static void
take_body(struct exchange *ex, const char *data, size_t n)
{
    if (n > MOST_BODY - ex->body.n)
        ex->too_large = true;
    if (!ex->too_large)
        buf_add(&ex->body, data, n);
}

/* --- waiting --- */

static void
wait_for(struct exchange *ex, int64_t ms)
{
    ex->due = sb_http_clock() + ms;
    ex->next = ex->http->waiting;
    ex->http->waiting = ex;
    MHD_suspend_connection(ex->connection);
}

static void
wake(struct http *h, int64_t now)
{
    struct exchange **at = &h->waiting;

    while (*at != NULL) {
        struct exchange *ex = *at;

        if (ex->due > now) {
            at = &ex->next;
            continue;
        }
        *at = ex->next;
        ex->next = NULL;
        MHD_resume_connection(ex->connection);
    }
}

/* --- answers --- */

/* A slow answer: as many bytes as the time since its start allows. */
static ssize_t
on_read(void *cls, uint64_t at, char *to, size_t room)
{
    struct exchange *ex = cls;
    int64_t may = (sb_http_clock() - ex->started + PACE_MS) *
                  ex->mishap.bytes_per_second / 1000;
    size_t rest = ex->answer.body.n - (size_t)at;

    if ((uint64_t)may <= at) {
        wait_for(ex, PACE_MS);
        return 0;
    }
    if (rest > (uint64_t)may - at)
        rest = (size_t)((uint64_t)may - at);
    if (rest > room)
        rest = room;
    memcpy(to, ex->answer.body.at + at, rest);
    return (ssize_t)rest;
}

/* Half of an answer. */
static ssize_t
on_read_half(void *cls, uint64_t at, char *to, size_t room)
{
    const struct exchange *ex = cls;
    size_t half = ex->answer.body.n / 2, n = half - (size_t)at;

    if (n == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    n = n < room ? n : room;
    memcpy(to, ex->answer.body.at + at, n);
    return (ssize_t)n;
}

static enum MHD_Result
send_answer(struct exchange *ex)
{
    struct answer *to = &ex->answer;
    struct MHD_Response *response;
    enum MHD_Result result;

    if (ex->mishap.cut_middle) {
        response = MHD_create_response_from_callback(to->body.n, 4096,
                                                     on_read_half, ex, NULL);
    } else if (ex->mishap.bytes_per_second > 0 && to->body.n > 0) {
        ex->started = sb_http_clock();
        response = MHD_create_response_from_callback(to->body.n, 4096,
                                                     on_read, ex, NULL);
    } else {
        response = MHD_create_response_from_buffer(to->body.n, to->body.at,
                                                   MHD_RESPMEM_PERSISTENT);
    }
    if (response == NULL)
        return MHD_NO;
    for (size_t i = 0; i < to->headers.n; i++)
        MHD_add_response_header(response, to->headers.at[i].name,
                                to->headers.at[i].value);
    result = MHD_queue_response(ex->connection, (unsigned)to->status,
                                response);
    MHD_destroy_response(response);
    return result;
}

static void
spoil(struct exchange *ex)
{
    static const char garbage[] = "<html><body>\xff\xfe{\"d\":{\"results\":[{"
                                  "\"ObjectID\":\"0016";

    ex->answer.body.n = 0;
    buf_add(&ex->answer.body, garbage, sizeof garbage - 1);
}

static void
refuse_by_fault(struct exchange *ex)
{
    answer_error(&ex->answer, ex->mishap.status, "%s",
                 status_words(ex->mishap.status));
    if (ex->mishap.retry_after >= 0)
        answer_header(&ex->answer, "retry-after",
                      arena_printf(ex->arena, "%d", ex->mishap.retry_after));
}

static enum MHD_Result
work(struct exchange *ex)
{
    struct mishap *m = &ex->mishap;

    answer_init(&ex->answer, ex->arena);
    ex->request.body = ex->body.at;
    ex->request.body_n = ex->body.n;
    if (!is_control(&ex->request))
        ex->site->counts->requests[ex->kind]++;
    if (m->cut_before)
        return MHD_NO;
    if (m->csrf)
        sessions_clear(ex->site->sessions);
    if (m->status != 0)
        refuse_by_fault(ex);
    else if (ex->too_large)
        answer_error(&ex->answer, 413, "The body is longer than %d bytes",
                     MOST_BODY);
    else if (ex->request.path == NULL)
        answer_error(&ex->answer, 400, "The URL is not encoded properly");
    else
        ex->http->answer(&ex->request, &ex->answer);
    if (m->cut_after)
        return MHD_NO;
    if (m->garbage)
        spoil(ex);
    return send_answer(ex);
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *data,
           size_t *data_n, void **context)
{
    struct exchange *ex = *context;

    (void)cls, (void)connection, (void)url, (void)version;
    if (!ex->begun) {
        begin(ex, method);
        return MHD_YES;
    }
    if (*data_n > 0) {
        take_body(ex, data, *data_n);
        *data_n = 0;
        return MHD_YES;
    }
    if (!ex->drawn) {
        ex->drawn = true;
        ex->mishap.retry_after = -1;
        if (!is_control(&ex->request))
            ex->mishap = faults_draw(ex->site->faults, ex->kind, false);
        if (ex->mishap.delay_ms > 0) {
            wait_for(ex, ex->mishap.delay_ms);
            return MHD_YES;
        }
    }
    return work(ex);
}

static void
on_done(void *cls, struct MHD_Connection *connection, void **context,
        enum MHD_RequestTerminationCode code)
{
    struct exchange *ex = *context;

    (void)cls, (void)connection, (void)code;
    if (ex == NULL)
        return;
    for (struct exchange **at = &ex->http->waiting; *at != NULL;)
        if (*at == ex)
            *at = ex->next;
        else
            at = &(*at)->next;
    *context = NULL;
    arena_free(ex->arena);
}

/* --- listening --- */

struct http *
sb_http_new(struct model *m, struct store *store, answer_fn *answer)
{
    struct http *h = arena_alloc(m->arena, sizeof *h);

    h->model = m;
    h->store = store;
    h->answer = answer;
    return h;
}

bool
sb_http_listen(struct http *h, struct site *site, unsigned port)
{
    struct daemon *d = &h->daemons[h->n];
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    const union MHD_DaemonInfo *info;

    if (h->n == MOST_SITES) {
        fputs("mapc sandbox: too many systems\n", stderr);
        return false;
    }
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    d->http = h;
    d->site = site;
    d->mhd = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL,
        NULL, on_request, d, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, d, MHD_OPTION_NOTIFY_COMPLETED,
        on_done, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, 60u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL, MHD_OPTION_END);
    if (d->mhd == NULL) {
        fprintf(stderr, "mapc sandbox: can't listen on 127.0.0.1:%u\n", port);
        return false;
    }
    h->n++;
    info = MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_BIND_PORT);
    site->port = info == NULL ? port : info->port;
    info = MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    d->fd = info == NULL ? -1 : info->epoll_fd;
    return true;
}

void
sb_http_free(struct http *h)
{
    wake(h, INT64_MAX);
    for (size_t i = 0; i < h->n; i++) {
        MHD_run(h->daemons[i].mhd);
        MHD_stop_daemon(h->daemons[i].mhd);
    }
}

size_t
sb_http_fds(const struct http *h, int *fds, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n && n < room; i++)
        fds[n++] = h->daemons[i].fd;
    return n;
}

int64_t
sb_http_due(struct http *h)
{
    int64_t due = -1, now = sb_http_clock();

    for (size_t i = 0; i < h->n; i++) {
        MHD_UNSIGNED_LONG_LONG ms;

        if (MHD_get_timeout(h->daemons[i].mhd, &ms) == MHD_YES &&
            (due < 0 || (int64_t)ms < due))
            due = (int64_t)ms;
    }
    for (struct exchange *ex = h->waiting; ex != NULL; ex = ex->next) {
        int64_t rest = ex->due > now ? ex->due - now : 0;

        if (due < 0 || rest < due)
            due = rest;
    }
    return due;
}

void
sb_http_run(struct http *h)
{
    wake(h, sb_http_clock());
    for (size_t i = 0; i < h->n; i++)
        MHD_run(h->daemons[i].mhd);
}
