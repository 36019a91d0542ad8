/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests over libcurl's multi interface. curl sends a request again by itself
 * when a kept connection turns out to be closed; of a POST it is not known then
 * whether it was carried out, so bodies of what changes something can not be
 * rewound and curl gives up instead.
 */
#include "http/client.h"

#include <strings.h>

#include "http/transfer.h"

enum {
    HEAD_MAX = 128 * 1024,      /* headers of an answer */
    CONNECT_MS = 10000,
    TIMEOUT_MS = 60000,
    STREAM_MS = 3600000,        /* who takes the pieces minds the time */
    CONNECTIONS = 16,
    BODY_MAX = 64 * 1024 * 1024,
    EXPECTED_MAX = 1024 * 1024
};

char *
http_copy(const struct mr_memory *memory, const char *text)
{
    char *p = memory->resize(memory->arg, NULL, strlen(text) + 1);

    if (p != NULL)
        strcpy(p, text);
    return p;
}

/* An answer that says how long it is, is not moved as it grows; nobody has to
 * believe more than a bit of that. */
static void
expect_body(struct transfer *t)
{
    curl_off_t n = 0;

    if (curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &n) ==
            CURLE_OK &&
        n > 0)
        bytes_expect(&t->body,
                     (n < EXPECTED_MAX ? (size_t)n : EXPECTED_MAX) +
                         BYTES_PADDING);
}

/* What is said of an answer that is no stream is short. */
enum { REFUSAL_MAX = 64 * 1024 };

static long
status_of(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static size_t
hand_on(struct transfer *t, long status, const char *p, size_t n)
{
    struct http_reply head = {
        .end = HTTP_ANSWERED, .status = (int)status, .headers = t->head.p,
        .headers_n = t->head.n, .text = ""
    };

    switch (t->call.take(t->call.arg, &head, p, n)) {
    case HTTP_TOOK:
        return n;
    case HTTP_LATER:
        t->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    case HTTP_ENOUGH:
        break;
    }
    return 0;
}

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;

    n *= size;
    if (t->call.take != NULL) {
        long status = status_of(t->easy);

        if (status / 100 == 2)
            return hand_on(t, status, p, n);
        if (n > REFUSAL_MAX - t->body.n)
            return n;
    }
    if (n > t->client->body_max - t->body.n) {
        t->too_large = true;
        return 0;
    }
    if (t->body.n == 0)
        expect_body(t);
    bytes_add(&t->body, p, n);
    return t->body.failed ? 0 : n;
}

/* Lines are kept with their names in lower case; those of an answer that came
 * before the one that counts (100) are forgotten. */
static size_t
take_header(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t line, colon, from;

    n *= size;
    for (line = n; line > 0 && (p[line - 1] == '\r' || p[line - 1] == '\n');)
        line--;
    if (line >= 5 && memcmp(p, "HTTP/", 5) == 0) {
        t->head.n = 0;
        return n;
    }
    if (t->head.n + line + 1 > HEAD_MAX)
        return 0;
    from = t->head.n;
    for (colon = 0; colon < line && p[colon] != ':'; colon++)
        ;
    if (line == 0 || colon == line)
        return n;
    bytes_add(&t->head, p, line);
    bytes_add(&t->head, "\n", 1);
    if (t->head.failed)
        return 0;
    for (size_t i = from; i < from + colon; i++)
        if (t->head.p[i] >= 'A' && t->head.p[i] <= 'Z')
            t->head.p[i] = (char)(t->head.p[i] + 'a' - 'A');
    return n;
}

static size_t
give_body(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t left = t->call.n - t->sent;

    n *= size;
    if (n > left)
        n = left;
    if (n > 0)
        memcpy(p, t->call.body + t->sent, n);
    t->sent += n;
    return n;
}

static size_t
give_stream(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    long given = t->call.give(t->call.arg, p, n * size);

    if (given == HTTP_GIVE_LATER) {
        t->paused = true;
        return CURL_READFUNC_PAUSE;
    }
    return given < 0 ? CURL_READFUNC_ABORT : (size_t)given;
}

static int
seek_body(void *arg, curl_off_t offset, int origin)
{
    struct transfer *t = arg;

    if (!t->call.repeatable || t->call.give != NULL || origin != SEEK_SET ||
        offset < 0 || (size_t)offset > t->call.n)
        return CURL_SEEKFUNC_FAIL;
    t->sent = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static void
unlink_transfer(struct transfer **list, struct transfer *t)
{
    if (t->before != NULL)
        t->before->next = t->next;
    else
        *list = t->next;
    if (t->next != NULL)
        t->next->before = t->before;
    t->next = t->before = NULL;
}

static void
link_transfer(struct transfer **list, struct transfer *t)
{
    t->before = NULL;
    t->next = *list;
    if (*list != NULL)
        (*list)->before = t;
    *list = t;
}

static void
free_transfer(struct transfer *t)
{
    struct mr_memory memory = t->client->memory;

    curl_slist_free_all(t->headers);
    if (t->easy != NULL)
        curl_easy_cleanup(t->easy);
    bytes_free(&t->body);
    bytes_free(&t->head);
    memory.resize(memory.arg, t, 0);
}

static struct transfer *
make_transfer(struct http_client *client)
{
    struct transfer *t = client->spare;

    if (t != NULL) {
        unlink_transfer(&client->spare, t);
        return t;
    }
    t = client->memory.resize(client->memory.arg, NULL, sizeof *t);
    if (t == NULL)
        return NULL;
    memset(t, 0, sizeof *t);
    t->client = client;
    bytes_init(&t->body, &client->memory);
    bytes_init(&t->head, &client->memory);
    t->easy = curl_easy_init();
    if (t->easy == NULL) {
        free_transfer(t);
        return NULL;
    }
    return t;
}

struct transfer *
transfer_new(struct http_session *s, const struct http_call *call)
{
    struct transfer *t = make_transfer(s->client);

    if (t == NULL)
        return NULL;
    t->session = s;
    t->call = *call;
    t->renewed = t->plain = false;
    t->waits = NULL;
    link_transfer(&s->client->active, t);
    s->client->busy++;
    return t;
}

static bool
add_header(struct transfer *t, const char *name, const char *value)
{
    struct bytes line;
    struct curl_slist *list = NULL;

    if (strpbrk(value, "\r\n") != NULL)
        return false;           /* it would begin another header */
    bytes_init(&line, &t->client->memory);
    bytes_format(&line, "%s:%s%s", name, value[0] != '\0' ? " " : "", value);
    bytes_add(&line, "", 1);
    if (!line.failed)
        list = curl_slist_append(t->headers, line.p);
    bytes_free(&line);
    if (list != NULL)
        t->headers = list;
    return list != NULL;
}

static bool
set_headers(struct transfer *t)
{
    const struct http_session *s = t->session;
    bool ok = add_header(t, "Expect", "") &&
              (t->call.give == NULL || t->call.n != SIZE_MAX ||
               add_header(t, "Transfer-Encoding", "chunked")) &&
              (t->call.take == NULL ||
               add_header(t, "Accept-Encoding", "identity"));
    struct bytes bearer;

    for (size_t i = 0; ok && i < t->call.n_headers; i++)
        ok = add_header(t, t->call.headers[i].name, t->call.headers[i].value);
    if (ok && s->auth.kind == HTTP_AUTH_OAUTH2 && !t->plain) {
        bytes_init(&bearer, &t->client->memory);
        bytes_format(&bearer, "Bearer %s", s->token);
        bytes_add(&bearer, "", 1);
        ok = !bearer.failed && add_header(t, "Authorization", bearer.p);
        bytes_free(&bearer);
    }
    return ok && curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) ==
                     CURLE_OK;
}

static bool
set_text(CURL *easy, CURLoption option, const char *value)
{
    return value == NULL || curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool
set_credentials(struct transfer *t)
{
    const struct http_auth *a = &t->session->auth;
    CURL *e = t->easy;

    switch (a->kind) {
    case HTTP_AUTH_NONE:
        return true;
    case HTTP_AUTH_BASIC:
        curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        return set_text(e, CURLOPT_USERNAME, a->user) &&
               set_text(e, CURLOPT_PASSWORD, a->password);
    case HTTP_AUTH_OAUTH2:
        if (!t->plain)
            return true;
        curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        return set_text(e, CURLOPT_USERNAME, a->client_id) &&
               set_text(e, CURLOPT_PASSWORD, a->client_secret);
    case HTTP_AUTH_CERTIFICATE:
        return set_text(e, CURLOPT_SSLCERT, a->cert) &&
               set_text(e, CURLOPT_SSLKEY, a->key) &&
               set_text(e, CURLOPT_KEYPASSWD, a->key_password);
    }
    return false;
}

static bool
set_method(struct transfer *t)
{
    CURL *e = t->easy;
    bool ok = true;

    if (strcmp(t->call.method, "GET") == 0)
        return curl_easy_setopt(e, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    if (t->call.body != NULL || t->call.give != NULL ||
        strcmp(t->call.method, "POST") == 0) {
        curl_easy_setopt(e, CURLOPT_POST, 1L);
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
                         t->call.n == SIZE_MAX ? (curl_off_t)-1
                                               : (curl_off_t)t->call.n);
        curl_easy_setopt(e, CURLOPT_READFUNCTION,
                         t->call.give != NULL ? give_stream : give_body);
        curl_easy_setopt(e, CURLOPT_READDATA, t);
        curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, seek_body);
        curl_easy_setopt(e, CURLOPT_SEEKDATA, t);
    }
    if (strcmp(t->call.method, "POST") != 0)
        ok = set_text(e, CURLOPT_CUSTOMREQUEST, t->call.method);
    return ok;
}

/* No proxy stands between us and ourselves. */
static bool
is_local(const char *url)
{
    const char *host = strstr(url, "://");

    return host != NULL && (strncmp(host, "://127.", 7) == 0 ||
                            strncmp(host, "://[::1]", 8) == 0 ||
                            strncasecmp(host, "://localhost", 12) == 0);
}

/* Of a stream nobody needs more at a time; and what is packed has no length
 * that is known before. */
static bool
set_body(struct transfer *t)
{
    bool stream = t->call.take != NULL || t->call.give != NULL;
    long room = stream ? 64L * 1024 : 256L * 1024;

    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, room);
    curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, room);
    return set_text(t->easy, CURLOPT_ACCEPT_ENCODING,
                    t->call.take != NULL ? NULL : "gzip, deflate");
}

static bool
set_options(struct transfer *t)
{
    const struct http_client *c = t->client;
    uint32_t timeout = t->call.timeout_ms != 0 ? t->call.timeout_ms
                       : t->call.take != NULL || t->call.give != NULL
                           ? STREAM_MS : TIMEOUT_MS;
    CURL *e = t->easy;

    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_PRIVATE, t);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(timeout < CONNECT_MS ? timeout : CONNECT_MS));
    curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(e, CURLOPT_SHARE, t->session->cookies);
    return set_body(t) && set_text(e, CURLOPT_PROTOCOLS_STR, "http,https") &&
           set_text(e, CURLOPT_COOKIEFILE, "") &&
           set_text(e, CURLOPT_USERAGENT, c->agent) &&
           set_text(e, CURLOPT_CAINFO, c->ca_file) &&
           set_text(e, CURLOPT_CAPATH, c->ca_folder) &&
           set_text(e, CURLOPT_PROXY, is_local(t->call.url) ? "" : NULL) &&
           set_text(e, CURLOPT_URL, t->call.url);
}

bool
transfer_start(struct transfer *t)
{
    /* A reset alone loses the list that the name of the file is in. */
    curl_easy_setopt(t->easy, CURLOPT_COOKIEFILE, NULL);
    curl_easy_reset(t->easy);
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    t->sent = t->body.n = t->head.n = 0;
    t->body.failed = t->head.failed = t->too_large = false;
    t->paused = t->goes_on = false;
    t->error[0] = '\0';
    if (!set_options(t) || !set_method(t) || !set_credentials(t) ||
        !set_headers(t) ||
        curl_multi_add_handle(t->client->multi, t->easy) != CURLM_OK)
        return false;
    t->running = true;
    return true;
}

static void
stop(struct transfer *t)
{
    if (t->running)
        curl_multi_remove_handle(t->client->multi, t->easy);
    t->running = false;
}

void
transfer_end(struct transfer *t, enum http_end end, int status,
             const char *text)
{
    struct http_client *client = t->client;
    struct http_reply reply = { .end = end, .status = status, .text = text,
                                .memory = client->memory };

    stop(t);
    if (bytes_end(&t->body) != NULL && bytes_end(&t->head) != NULL) {
        reply.body = t->body.p;
        reply.n = t->body.n;
        reply.headers = t->head.p;
        reply.headers_n = t->head.n;
    } else {
        reply.end = end == HTTP_NOT_SENT ? end : HTTP_BROKEN;
        reply.text = "memory ran out";
    }
    curl_easy_setopt(t->easy, CURLOPT_SHARE, NULL);
    t->call.done(t->call.arg, &reply);
    if (reply.kept && reply.body != NULL) {
        t->body.p = t->head.p = NULL;
        t->body.n = t->body.room = t->head.n = t->head.room = 0;
    } else if (t->body.room > 1024 * 1024) {
        bytes_free(&t->body);
    }
    client->busy--;
    unlink_transfer(&client->active, t);
    link_transfer(&client->spare, t);
}

bool
http_send(struct http_session *session, const struct http_call *call)
{
    struct transfer *t;

    if (session->closing || http_session_refuses(session, call->url) != NULL)
        return false;
    t = transfer_new(session, call);
    if (t == NULL)
        return false;
    if (!http_session_ready(session, t)) {
        http_session_fetch(session);
        return true;
    }
    if (transfer_start(t))
        return true;
    session->client->busy--;
    unlink_transfer(&session->client->active, t);
    free_transfer(t);
    return false;
}

/* Nothing of the request has left this machine. */
static bool
not_sent(CURL *easy)
{
    long n = 0;

    return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &n) == CURLE_OK &&
           n == 0;
}

static void
finish(struct transfer *t, CURLcode code)
{
    long status = status_of(t->easy);
    enum http_end end;
    const char *text = "";

    if (code == CURLE_OK) {
        if (status == 401 && t->call.give == NULL &&
            http_session_renews(t->session, t))
            return;
        end = HTTP_ANSWERED;
    } else {
        end = t->too_large ? HTTP_TOO_LARGE
              : not_sent(t->easy) ? HTTP_NOT_SENT : HTTP_BROKEN;
        text = t->too_large ? "the answer is too large"
               : t->error[0] != '\0' ? t->error : curl_easy_strerror(code);
    }
    transfer_end(t, end, (int)status, text);
}

void
transfers_give_up(struct http_session *s)
{
    struct transfer *t = s->client->active, *next;

    for (; t != NULL; t = next) {
        next = t->next;
        if (t->session == s)
            transfer_end(t, t->running ? HTTP_BROKEN : HTTP_NOT_SENT, 0,
                         "given up");
    }
}

void
http_cancel(struct http_session *s, const void *arg)
{
    struct transfer *t = s->client->active, *next;

    for (; t != NULL; t = next) {
        next = t->next;
        if (t->session == s && t->running && !t->plain && t->call.arg == arg)
            transfer_end(t, HTTP_BROKEN, 0, "given up");
    }
}

static bool
finish_all(struct http_client *client)
{
    struct CURLMsg *m;
    bool any = false;
    int left;

    while ((m = curl_multi_info_read(client->multi, &left)) != NULL) {
        char *t = NULL;

        if (m->msg != CURLMSG_DONE)
            continue;
        any = true;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
        finish((struct transfer *)(void *)t, m->data.result);
    }
    return any;
}

void
http_go_on(struct http_session *s, const void *arg)
{
    for (struct transfer *t = s->client->active; t != NULL; t = t->next)
        if (t->session == s && t->paused && t->call.arg == arg)
            t->goes_on = s->client->go_on = true;
}

/* Not from where it was said: curl may be at work there. */
static bool
go_on(struct http_client *client)
{
    struct transfer *t = client->active, *next;

    if (!client->go_on)
        return false;
    client->go_on = false;
    for (; t != NULL; t = next) {
        next = t->next;
        if (!t->goes_on || !t->running)
            continue;
        t->paused = t->goes_on = false;
        curl_easy_pause(t->easy, CURLPAUSE_CONT);
    }
    return true;
}

void
http_wait(struct http_client *client, uint32_t timeout_ms)
{
    go_on(client);
    http_events_run(&client->events);
    /* What was sent from `done` leaves at once. */
    if (finish_all(client) || go_on(client)) {
        http_events_run(&client->events);
        return;
    }
    http_events_wait(&client->events, timeout_ms);
    if (finish_all(client))
        http_events_run(&client->events);
}

void
http_wake(struct http_client *client)
{
    http_events_wake(&client->events);
}

bool
http_watch(struct http_client *client, int fd)
{
    return http_events_watch(&client->events, fd);
}

size_t
http_busy(const struct http_client *client)
{
    return client->busy;
}

static bool
copy_settings(struct http_client *c, const struct http_settings *s)
{
    const struct mr_memory *m = &c->memory;

    c->insecure_http = s->insecure_http;
    c->body_max = s->body_max != 0 ? s->body_max : BODY_MAX;
    if (s->agent != NULL && (c->agent = http_copy(m, s->agent)) == NULL)
        return false;
    if (s->ca_file != NULL && (c->ca_file = http_copy(m, s->ca_file)) == NULL)
        return false;
    return s->ca_folder == NULL ||
           (c->ca_folder = http_copy(m, s->ca_folder)) != NULL;
}

struct http_client *
http_client_new(struct mr_cx *cx, const struct http_settings *settings)
{
    struct http_client *c = mr_resize(cx, NULL, sizeof *c);
    uint32_t connections = settings->connections != 0 ? settings->connections
                                                      : CONNECTIONS;

    if (c == NULL)
        return NULL;
    memset(c, 0, sizeof *c);
    c->memory = cx->memory;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    c->multi = curl_multi_init();
    c->events.epoll = c->events.wake = -1;
    if (c->multi == NULL || !copy_settings(c, settings) ||
        !http_events_open(&c->events, c->multi)) {
        mr_fail(cx, MR_EMEMORY, "memory ran out");
        http_client_free(c);
        return NULL;
    }
    curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      (long)connections);
    /* By itself curl closes some whenever few requests are under way. */
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)connections);
    return c;
}

void
http_client_free(struct http_client *c)
{
    struct mr_memory memory = c->memory;

    while (c->sessions != NULL)
        http_session_free(c->sessions);
    while (c->spare != NULL) {
        struct transfer *t = c->spare;

        unlink_transfer(&c->spare, t);
        free_transfer(t);
    }
    if (c->multi != NULL)
        curl_multi_cleanup(c->multi);
    http_events_close(&c->events);
    memory.resize(memory.arg, c->agent, 0);
    memory.resize(memory.arg, c->ca_file, 0);
    memory.resize(memory.arg, c->ca_folder, 0);
    memory.resize(memory.arg, c, 0);
    curl_global_cleanup();
}
