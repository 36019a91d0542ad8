/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening side against raw sockets: good requests, and everything that a
 * stranger may send. After each refused one a good one has to work.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "http/server.h"

static const char *const xml[] = { "text/xml", "application/xml", NULL };
static const struct server_route routes[] = {
    { "POST", "/idoc/", xml, SERVER_BASIC, false, NULL },
    { "GET", "/healthz", NULL, SERVER_OPEN, false, NULL },
    { "POST", "/token", xml, SERVER_BEARER, true, NULL },
};

/* The host: a thread that answers with the length of the body, until told to
 * hold its answers back. */
struct host {
    struct mr_cx cx;
    struct http_server *server;
    pthread_t thread;
    atomic_bool stop, hold;
    atomic_int taken;
    size_t last_n;
    char rest[64], last[64];
};

static void
answer_one(struct host *h, const struct server_request *r)
{
    struct server_answer a = { .status = 200, .type = "text/plain" };
    char text[64];

    h->last_n = r->n;
    snprintf(h->rest, sizeof h->rest, "%s", r->rest);
    snprintf(h->last, sizeof h->last, "%.*s", r->n < 60 ? (int)r->n : 60,
             r->body);
    snprintf(text, sizeof text, "%zu bytes", r->n);
    a.body = text;
    a.n = strlen(text);
    if (strcmp(r->rest, "busy") == 0) {
        a.status = 503;
        a.retry_after = 7;
    }
    server_answer(h->server, r->ticket, &a);
}

static void *
host_run(void *arg)
{
    struct host *h = arg;
    struct server_request r;

    while (!h->stop) {
        if (h->hold || !server_take(h->server, &r)) {
            nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
            continue;
        }
        h->taken++;     /* who has the answer may look at it */
        answer_one(h, &r);
    }
    return NULL;
}

static bool
host_start(struct host *h, void (*change)(struct server_settings *))
{
    struct server_settings s = { .listen = "127.0.0.1:0", .routes = routes,
                                 .n_routes = 3, .user = "erp",
                                 .password = "muster:wort",
                                 .token = "abcdefabcdef" };

    memset(h, 0, sizeof *h);
    mr_cx_init(&h->cx, NULL);
    server_defaults(&s);
    s.body_max = 100000;
    s.request_ms = 400;
    s.idle_ms = 600;
    if (change != NULL)
        change(&s);
    if (server_new(&h->cx, &s, &h->server) != MR_OK)
        return false;
    return pthread_create(&h->thread, NULL, host_run, h) == 0;
}

static void
host_end(struct host *h)
{
    h->stop = true;
    pthread_join(h->thread, NULL);
    server_free(h->server);
    mr_cx_done(&h->cx);
}

static int
dial(const struct host *h)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_port = htons(server_port(h->server));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)(void *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Until the other side closes, or 3 seconds. The status, 0: none came. */
static int
hear(int fd, char *text, size_t size)
{
    size_t n = 0;

    for (;;) {
        struct pollfd p = { fd, POLLIN, 0 };
        ssize_t got;

        if (n + 1 >= size || poll(&p, 1, 3000) <= 0)
            break;
        got = recv(fd, text + n, size - n - 1, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    close(fd);
    return n > 12 && strncmp(text, "HTTP/1.", 7) == 0 ? atoi(text + 9) : 0;
}

static char heard[20000];

static int
say(const struct host *h, const char *request, size_t n)
{
    int fd = dial(h);

    if (fd < 0 || send(fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
        return -1;
    return hear(fd, heard, sizeof heard);
}

static int
ask(const struct host *h, const char *request)
{
    return say(h, request, strlen(request));
}

/* base64 of "erp:muster:wort" */
#define GOOD "Authorization: Basic ZXJwOm11c3Rlcjp3b3J0\r\n"
#define HEAD "Host: x\r\nConnection: close\r\n"
#define XML "Content-Type: text/xml; charset=utf-8\r\n"

static bool
works(struct host *h)
{
    return ask(h, "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
                  "Content-Length: 5\r\n\r\n<a/>\n") == 200 &&
           strstr(heard, "5 bytes") != NULL;
}

static void
good_requests(void)
{
    struct host h;

    REQUIRE(host_start(&h, NULL));
    CHECK(works(&h));
    CHECK_TEXT(h.rest, "erp");
    CHECK_TEXT(h.last, "<a/>\n");
    CHECK_NUMBER(ask(&h, "GET /healthz HTTP/1.1\r\n" HEAD "\r\n"), 200);
    CHECK_NUMBER(ask(&h, "POST /idoc/busy HTTP/1.1\r\n" HEAD GOOD XML
                         "Content-Length: 1\r\n\r\nx"), 503);
    CHECK(strstr(heard, "Retry-After: 7\r\n") != NULL);
    CHECK_NUMBER(ask(&h, "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
                         "Transfer-Encoding: chunked\r\n\r\n"
                         "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200);
    CHECK_TEXT(h.last, "abcde");
    CHECK_NUMBER(ask(&h, "POST /token HTTP/1.1\r\n" HEAD XML
                         "Authorization: Bearer abcdefabcdef\r\n"
                         "Content-Length: 1\r\n\r\nx"), 200);
    host_end(&h);
}

static void
refused_ones(void)
{
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD XML
          "Content-Length: 1\r\n\r\nx", 401 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD XML
          "Authorization: Basic ZXJwOm11c3Rlcg==\r\n"
          "Content-Length: 1\r\n\r\nx", 401 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD XML
          "Authorization: Basic !!!\r\nContent-Length: 1\r\n\r\nx", 401 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD XML
          "Authorization: Bearer abcdefabcdef\r\n"
          "Content-Length: 1\r\n\r\nx", 401 },
        { "POST /token HTTP/1.1\r\n" HEAD XML
          "Authorization: Bearer abcdefabcdeg\r\n"
          "Content-Length: 1\r\n\r\nx", 401 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD
          "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
          415 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD
          "Content-Length: 1\r\n\r\nx", 415 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
          "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
          "Content-Length: 100001\r\n\r\nx", 413 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
          "Content-Length: 99999999999999999999999\r\n\r\nx", 413 },
        { "GET /healthz HTTP/1.1\r\n" HEAD "Content-Length: 5\r\n\r\nabcde",
          413 },
        { "GET /idoc/erp HTTP/1.1\r\n" HEAD GOOD "\r\n", 405 },
        { "GET /other HTTP/1.1\r\n" HEAD "\r\n", 404 },
        { "POST /healthz/x HTTP/1.1\r\n" HEAD "Content-Length: 0\r\n\r\n",
          404 },
        { "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400 },
        { "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
          "Content-Length: -5\r\n\r\n", 400 },
    };
    struct host h;

    REQUIRE(host_start(&h, NULL));
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        int status = ask(&h, rows[i].request);

        CHECK_THAT(status == rows[i].status ||
                       (rows[i].status == 413 && status == 400),
                   "row %zu: status %d", i, status);
        CHECK_THAT(works(&h), "after row %zu", i);
    }
    CHECK_NUMBER(h.taken, CHECK_ROWS(rows));
    host_end(&h);
}

/* Not HTTP at all: an error or nothing, but never an answer of the host. */
static void
malformed(void)
{
    static const char *const rows[] = {
        "\r\n\r\n\r\n", "nonsense\r\n\r\n", "GET\r\n\r\n",
        "GET /healthz HTTP/9.9\r\n\r\n",
        "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello of TLS\r\n\r\n",
    };
    struct host h;
    char *long_one = malloc(200000);

    REQUIRE(host_start(&h, NULL));
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        int status = ask(&h, rows[i]);

        CHECK_THAT(status == 0 || status >= 400, "row %zu: %d", i, status);
        CHECK_THAT(works(&h), "after row %zu", i);
    }
    memset(long_one, 'a', 200000);
    memcpy(long_one, "GET /", 5);
    CHECK(say(&h, long_one, 200000) != 200);
    memcpy(long_one, "GET /healthz HTTP/1.1\r\nX: ", 26);
    CHECK(say(&h, long_one, 200000) != 200);
    CHECK(works(&h));
    CHECK_NUMBER(h.taken, CHECK_ROWS(rows) + 1);
    free(long_one);
    host_end(&h);
}

/* A body without a stated length that goes on over the limit. */
static void
too_large_on_the_way(void)
{
    struct host h;
    static char part[8192 + 16];
    int fd, status;

    REQUIRE(host_start(&h, NULL));
    fd = dial(&h);
    REQUIRE(fd >= 0);
    dprintf(fd, "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
                "Transfer-Encoding: chunked\r\n\r\n");
    memset(part, 'x', sizeof part);
    memcpy(part, "2000\r\n", 6);
    memcpy(part + 6 + 8192, "\r\n", 2);
    for (int i = 0; i < 20; i++)
        CHECK(send(fd, part, 6 + 8192 + 2, MSG_NOSIGNAL) == 6 + 8192 + 2);
    dprintf(fd, "0\r\n\r\n");
    status = hear(fd, heard, sizeof heard);
    CHECK_NUMBER(status, 413);
    CHECK_NUMBER(h.taken, 0);
    CHECK(works(&h));
    host_end(&h);
}

static int64_t
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A byte now and then, in the headers and in the body: cut off when the time
 * of a request is over, however lively it looks. */
static void
slow(const char *start, const char *byte)
{
    struct host h;
    int64_t began = now_ms(), ended;
    int fd;

    REQUIRE(host_start(&h, NULL));
    fd = dial(&h);
    REQUIRE(fd >= 0);
    REQUIRE(send(fd, start, strlen(start), MSG_NOSIGNAL) > 0);
    for (;;) {
        struct pollfd p = { fd, POLLIN, 0 };

        if (poll(&p, 1, 50) > 0 && (p.revents & (POLLIN | POLLHUP)) != 0)
            break;
        if (now_ms() - began > 3000 ||
            send(fd, byte, strlen(byte), MSG_NOSIGNAL) < 0)
            break;
    }
    ended = now_ms();
    CHECK_THAT(ended - began < 1500, "took %d ms", (int)(ended - began));
    CHECK_THAT(ended - began >= 300, "took %d ms", (int)(ended - began));
    close(fd);
    CHECK_NUMBER(h.taken, 0);
    CHECK(works(&h));
    host_end(&h);
}

static void
slow_headers(void)
{
    slow("POST /idoc/erp HTTP/1.1\r\n", "X-A: b\r\n");
}

static void
slow_first_line(void)
{
    slow("POST /idoc/", "x");
}

static void
slow_body(void)
{
    slow("POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
         "Content-Length: 5000\r\n\r\n", "x");
}

static void
slow_chunks(void)
{
    slow("POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML
         "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
}

static void
allow_four(struct server_settings *s)
{
    s->per_address = 4;
    s->idle_ms = 400;
}

/* More connections than one address may have; the earlier ones end when they
 * are idle for too long, and then it works again. */
static void
many_connections(void)
{
    struct host h;
    int fds[12], open = 0;

    REQUIRE(host_start(&h, allow_four));
    for (int i = 0; i < 12; i++)
        fds[i] = dial(&h);
    nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
    for (int i = 0; i < 12; i++) {
        struct pollfd p = { fds[i], POLLIN, 0 };

        if (poll(&p, 1, 0) == 0)
            open++;
    }
    CHECK_NUMBER(open, 4);
    nanosleep(&(struct timespec){ 0, 700000000 }, NULL);
    CHECK(works(&h));
    for (int i = 0; i < 12; i++)
        close(fds[i]);
    host_end(&h);
}

static void
small_bodies(struct server_settings *s)
{
    s->bodies_max = 20;
    s->request_ms = 5000;
}

#define TWELVE "POST /idoc/erp HTTP/1.1\r\n" HEAD GOOD XML \
    "Content-Length: 12\r\n\r\nabcdefghijkl"

/* All bodies that wait together are bounded; the host takes its time, one
 * that asks goes away meanwhile. */
static void
waiting_bodies(void)
{
    struct host h;
    char text[2000];
    int first, gone;

    REQUIRE(host_start(&h, small_bodies));
    h.hold = true;
    first = dial(&h);
    dprintf(first, "%s", TWELVE);
    nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    CHECK_NUMBER(ask(&h, TWELVE), 503);
    CHECK(strstr(heard, "Retry-After: 5\r\n") != NULL);
    gone = dial(&h);
    dprintf(gone, "GET /healthz HTTP/1.1\r\n" HEAD "\r\n");
    nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    close(gone);
    h.hold = false;
    CHECK_NUMBER(hear(first, text, sizeof text), 200);
    CHECK_NUMBER(ask(&h, TWELVE), 200);
    CHECK_NUMBER(h.taken, 3);
    host_end(&h);
}

/* Those that wait when the server ends are cut off, and nothing hangs. */
static void
end_while_waiting(void)
{
    struct host h;
    char text[2000];
    int fd;

    REQUIRE(host_start(&h, NULL));
    h.hold = true;
    fd = dial(&h);
    dprintf(fd, "%s", TWELVE);
    nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    host_end(&h);
    CHECK_NUMBER(hear(fd, text, sizeof text), 0);
}

static void
quiet(void)
{
    struct host h;
    struct server_counts counts;

    REQUIRE(host_start(&h, NULL));
    CHECK(works(&h));
    CHECK_NUMBER(ask(&h, "GET /other HTTP/1.1\r\n" HEAD "\r\n"), 404);
    server_counted(h.server, &counts);
    CHECK_NUMBER(counts.taken, 1);
    CHECK_NUMBER(counts.refused, 1);
    server_quiet(h.server);
    nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    CHECK_NUMBER(dial(&h), -1);
    host_end(&h);
}

static void
bad_settings(void)
{
    static const char *const addresses[] = {
        "", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:x", "no such host:1",
        "127.0.0.1:99999999", "192.0.2.1:0"
    };
    struct server_settings s = { .routes = routes, .n_routes = 3,
                                 .user = "erp", .password = "x",
                                 .token = "y" };
    struct http_server *server;
    struct mr_cx cx;

    server_defaults(&s);
    for (size_t i = 0; i < CHECK_ROWS(addresses); i++) {
        mr_cx_init(&cx, NULL);
        s.listen = addresses[i];
        CHECK_THAT(server_new(&cx, &s, &server) == MR_EUSAGE, "%s",
                   addresses[i]);
        CHECK(cx.error.text[0] != '\0');
        mr_cx_done(&cx);
    }
    mr_cx_init(&cx, NULL);
    s.listen = "127.0.0.1:0";
    s.token = NULL;
    CHECK_NUMBER(server_new(&cx, &s, &server), MR_EUSAGE);
    mr_cx_done(&cx);
}

CHECK_MAIN({ "good requests", good_requests },
           { "refused ones", refused_ones },
           { "malformed", malformed },
           { "too large on the way", too_large_on_the_way },
           { "slow first line", slow_first_line },
           { "slow headers", slow_headers },
           { "slow body", slow_body },
           { "slow chunks", slow_chunks },
           { "many connections", many_connections },
           { "waiting bodies", waiting_bodies },
           { "end while waiting", end_while_waiting },
           { "quiet", quiet },
           { "bad settings", bad_settings })
