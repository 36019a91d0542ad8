/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests against a server that behaves badly: what is told about each end,
 * what is sent again and what never is, whose cookies and tokens they are.
 */
#include "check.h"
#include "fake_http.h"
#include "http/client.h"

struct got {
    int calls;
    enum http_end end;
    int status;
    char body[4000], text[300], header[100];
};

static void
keep(void *arg, struct http_reply *reply)
{
    struct got *g = arg;
    size_t n = 0;
    const char *p = http_reply_header(reply, "x-answer", &n);

    g->calls++;
    g->end = reply->end;
    g->status = reply->status;
    snprintf(g->body, sizeof g->body, "%.*s", (int)reply->n,
             reply->body == NULL ? "" : reply->body);
    snprintf(g->text, sizeof g->text, "%s", reply->text);
    snprintf(g->header, sizeof g->header, "%.*s", (int)n, p == NULL ? "" : p);
}

struct setup {
    struct mr_cx cx;
    struct http_client *client;
    struct http_session *session;
    char url[100];
    struct got got;
};

static bool
set_up(struct setup *s, unsigned port, const struct http_auth *auth,
       const struct http_settings *settings)
{
    static const struct http_settings usual = { .agent = "mapc/test",
                                                .body_max = 3000 };

    memset(s, 0, sizeof *s);
    mr_cx_init(&s->cx, NULL);
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u/svc", port);
    s->client = http_client_new(&s->cx, settings != NULL ? settings : &usual);
    if (s->client == NULL)
        return false;
    s->session = http_session_new(&s->cx, s->client, auth);
    return s->session != NULL;
}

static void
tear_down(struct setup *s)
{
    http_client_free(s->client);
    mr_cx_done(&s->cx);
}

static void
run_calls(struct setup *s)
{
    for (int i = 0; i < 100 && http_busy(s->client) > 0; i++)
        http_wait(s->client, 100);
    CHECK_NUMBER(http_busy(s->client), 0);
}

static void
call(struct setup *s, const char *method, const char *body, bool repeatable)
{
    struct http_call c = { .method = method, .url = s->url, .body = body,
                           .n = body == NULL ? 0 : strlen(body),
                           .timeout_ms = 2000, .repeatable = repeatable,
                           .done = keep, .arg = &s->got };

    memset(&s->got, 0, sizeof s->got);
    CHECK(http_send(s->session, &c));
    run_calls(s);
    CHECK_NUMBER(s->got.calls, 1);
}

/* ---- what comes back ---- */

static void
echo(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    if (fake_has(r, "GET "))
        fake_say(a, "200 OK", "X-Answer:  yes \r\n", "got");
    else
        fake_say(a, "201 Created", "", r->body);
}

static void
test_answers(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, echo, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "GET", NULL, true);
    CHECK_NUMBER(s.got.end, HTTP_ANSWERED);
    CHECK_NUMBER(s.got.status, 200);
    CHECK_TEXT(s.got.body, "got");
    CHECK_TEXT(s.got.header, "yes");
    call(&s, "POST", "one", false);
    CHECK_NUMBER(s.got.status, 201);
    CHECK_TEXT(s.got.body, "one");
    call(&s, "PATCH", "two", false);
    CHECK_TEXT(s.got.body, "two");
    call(&s, "DELETE", NULL, false);
    CHECK_NUMBER(s.got.status, 201);
    CHECK_TEXT(s.got.body, "");
    CHECK_NUMBER(f.n_threads, 1);       /* all over one connection */
    tear_down(&s);
    fake_end(&f);
}

static void
headers(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    /* base64 of "muster:geheim:1" */
    bool good = fake_has(r, "Authorization: Basic bXVzdGVyOmdlaGVpbTox\r\n") &&
                fake_has(r, "User-Agent: mapc/test\r\n") &&
                fake_has(r, "X-Own: value\r\n") && !fake_has(r, "Expect");

    (void)arg;
    fake_say(a, good ? "200 OK" : "400 Bad", "", "");
}

static void
test_headers(void)
{
    struct http_auth auth = { .kind = HTTP_AUTH_BASIC, .user = "muster",
                              .password = "geheim:1" };
    struct http_header own = { "X-Own", "value" };
    struct fake f;
    struct setup s;
    struct http_call c = { .method = "POST", .url = s.url, .headers = &own,
                           .n_headers = 1, .body = "{}", .n = 2,
                           .done = keep, .arg = &s.got };

    REQUIRE(fake_start(&f, headers, NULL));
    REQUIRE(set_up(&s, f.port, &auth, NULL));
    CHECK(http_send(s.session, &c));
    run_calls(&s);
    CHECK_NUMBER(s.got.status, 200);
    tear_down(&s);
    fake_end(&f);
}

static void
packed(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    static const char zipped[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xf3\x2d\x2d\x2e\x49\x2d\x52"
        "\xf0\x1d\x0c\x14\x00\x30\xf8\x7d\x47\x8c\x00\x00\x00";
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                               "Content-Length: 30\r\n\r\n";

    (void)arg;
    CHECK(fake_has(r, "gzip"));
    memcpy(a->text, head, sizeof head - 1);
    memcpy(a->text + sizeof head - 1, zipped, 30);
    a->n = sizeof head - 1 + 30;
}

static void
test_gzip(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, packed, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "GET", NULL, true);
    CHECK_NUMBER(strlen(s.got.body), 140);
    CHECK(strncmp(s.got.body, "Muster Muster ", 14) == 0);
    tear_down(&s);
    fake_end(&f);
}

/* ---- what goes wrong ---- */

/* The first request of a connection is answered, the second one is read and
 * then the connection closed: was it carried out? */
static void
cut_second(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    if (r->on_connection == 1)
        fake_say(a, "200 OK", "", "ok");
}

static void
test_never_twice(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, cut_second, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "create 1", false);
    CHECK_NUMBER(s.got.end, HTTP_ANSWERED);
    call(&s, "POST", "create 2", false);
    CHECK_NUMBER(s.got.end, HTTP_BROKEN);
    CHECK(s.got.text[0] != '\0');
    CHECK_NUMBER(f.requests, 2);
    tear_down(&s);
    fake_end(&f);
}

static void
test_repeatable_twice(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, cut_second, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "read 1", true);
    call(&s, "POST", "read 2", true);
    CHECK_NUMBER(s.got.end, HTTP_ANSWERED);
    CHECK_NUMBER(f.requests, 3);
    tear_down(&s);
    fake_end(&f);
}

static void
partial(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    (void)r;
    fake_say(a, "200 OK", "", "0123456789");
    a->n -= 5;
    a->close = true;
}

static void
test_half_an_answer(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, partial, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.end, HTTP_BROKEN);
    tear_down(&s);
    fake_end(&f);
}

static void
garbage(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    (void)r;
    memcpy(a->text, "\x01\x02garbage\xff\xfe\r\n\r\n", 15);
    a->n = 15;
    a->close = true;
}

static void
test_garbage(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, garbage, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.end, HTTP_BROKEN);
    tear_down(&s);
    fake_end(&f);
}

static void
late(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    (void)r;
    fake_say(a, "200 OK", "", "late");
    a->wait_ms = 600;
}

static void
test_timeout(void)
{
    struct fake f;
    struct setup s;
    struct http_call c = { .method = "POST", .url = s.url, .body = "x", .n = 1,
                           .timeout_ms = 200, .done = keep, .arg = &s.got };

    REQUIRE(fake_start(&f, late, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    CHECK(http_send(s.session, &c));
    run_calls(&s);
    CHECK_NUMBER(s.got.end, HTTP_BROKEN);
    tear_down(&s);
    fake_end(&f);
}

static void
test_nobody_there(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, echo, NULL));
    fake_end(&f);
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.end, HTTP_NOT_SENT);
    CHECK(s.got.text[0] != '\0');
    tear_down(&s);
}

static void
large(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    static char body[3002];

    (void)arg;
    memset(body, 'x', fake_has(r, "GET ") ? 3001 : 3000);
    body[fake_has(r, "GET ") ? 3001 : 3000] = '\0';
    fake_say(a, "200 OK", "", body);
}

static void
test_too_large(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, large, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.end, HTTP_ANSWERED);
    CHECK_NUMBER(strlen(s.got.body), 3000);
    call(&s, "GET", NULL, true);
    CHECK_NUMBER(s.got.end, HTTP_TOO_LARGE);
    tear_down(&s);
    fake_end(&f);
}

static void
elsewhere(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    (void)r;
    fake_say(a, "302 Found", "Location: /other\r\n", "");
}

static void
test_redirect(void)
{
    struct fake f;
    struct setup s;

    REQUIRE(fake_start(&f, elsewhere, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    call(&s, "GET", NULL, true);
    CHECK_NUMBER(s.got.status, 302);
    CHECK_NUMBER(f.requests, 1);
    tear_down(&s);
    fake_end(&f);
}

/* A request under way when the session ends: its caller is told. */
static void
test_end_under_way(void)
{
    struct fake f;
    struct setup s;
    struct http_call c = { .method = "POST", .url = s.url, .body = "x", .n = 1,
                           .done = keep, .arg = &s.got };

    REQUIRE(fake_start(&f, late, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    CHECK(http_send(s.session, &c));
    http_wait(s.client, 50);
    http_session_free(s.session);
    CHECK_NUMBER(s.got.calls, 1);
    CHECK_NUMBER(s.got.end, HTTP_BROKEN);
    tear_down(&s);
    fake_end(&f);
}

static void *
wake_soon(void *arg)
{
    nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    http_wake(arg);
    return NULL;
}

static void
test_wake(void)
{
    struct setup s;
    struct timespec from, to;
    pthread_t thread;

    REQUIRE(set_up(&s, 1, NULL, NULL));
    REQUIRE(pthread_create(&thread, NULL, wake_soon, s.client) == 0);
    clock_gettime(CLOCK_MONOTONIC, &from);
    http_wait(s.client, 5000);
    clock_gettime(CLOCK_MONOTONIC, &to);
    CHECK(to.tv_sec - from.tv_sec < 3);
    pthread_join(thread, NULL);
    tear_down(&s);
}

/* ---- addresses ---- */

static void
test_addresses(void)
{
    static const struct {
        const char *url;
        bool usual, insecure;
    } rows[] = {
        { "https://my000000.example.com/sap/", true, true },
        { "http://127.0.0.1:8000/", true, true },
        { "http://127.8.9.1/", true, true },
        { "http://localhost/", true, true },
        { "http://[::1]:80/", true, true },
        { "http://erp.example.com/", false, true },
        { "http://127.0.0.1.example.com/", false, true },
        { "http://192.0.2.1/", false, true },
        { "https://user:word@example.com/", false, false },
        { "ftp://127.0.0.1/", false, false },
        { "file:///etc/passwd", false, false },
        { "no address", false, false }, { "", false, false },
    };
    struct http_settings insecure = { .agent = "x", .insecure_http = true };
    struct setup s[2];

    REQUIRE(set_up(&s[0], 1, NULL, NULL));
    REQUIRE(set_up(&s[1], 1, NULL, &insecure));
    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        for (int k = 0; k < 2; k++) {
            bool want = k == 0 ? rows[i].usual : rows[i].insecure;
            struct http_call c = { .method = "GET", .url = rows[i].url,
                                   .done = keep, .arg = &s[k].got };
            enum mr_status st = http_session_allows(&s[k].cx, s[k].session,
                                                    rows[i].url);

            CHECK_THAT((st == MR_OK) == want, "%s, %d", rows[i].url, k);
            if (!want)
                CHECK_THAT(!http_send(s[k].session, &c), "%s", rows[i].url);
            s[k].cx.error.status = MR_OK;
        }
    tear_down(&s[0]);
    tear_down(&s[1]);
}

/* A token is not asked for where its secret would be read on the way. */
static void
test_token_address(void)
{
    struct http_auth auth = { .kind = HTTP_AUTH_OAUTH2, .client_id = "a",
                              .client_secret = "b",
                              .token_url = "http://auth.example.com/token" };
    struct setup s;

    CHECK(!set_up(&s, 1, &auth, NULL));
    CHECK_NUMBER(s.cx.error.status, MR_EUSAGE);
    CHECK(strstr(s.cx.error.text, "auth.example.com") != NULL);
    tear_down(&s);
}

/* ---- cookies ---- */

static void
cookies(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    if (fake_has(r, "GET "))
        fake_say(a, "200 OK", "Set-Cookie: id=42; Path=/\r\n", "");
    else
        fake_say(a, "200 OK", "", fake_has(r, "Cookie: id=42\r\n") ? "known"
                                                                  : "unknown");
}

static void
test_cookies(void)
{
    struct fake f;
    struct setup s;
    struct http_session *first, *second;

    REQUIRE(fake_start(&f, cookies, NULL));
    REQUIRE(set_up(&s, f.port, NULL, NULL));
    first = s.session;
    second = http_session_new(&s.cx, s.client, NULL);
    REQUIRE(second != NULL);
    call(&s, "GET", NULL, true);
    call(&s, "POST", "x", false);
    CHECK_TEXT(s.got.body, "known");
    s.session = second;
    call(&s, "POST", "x", false);
    CHECK_TEXT(s.got.body, "unknown");
    s.session = first;
    call(&s, "POST", "x", false);
    CHECK_TEXT(s.got.body, "known");
    tear_down(&s);
    fake_end(&f);
}

/* ---- tokens ---- */

struct tokens {
    int given;                  /* token-1, token-2, … */
    int refuse_below;           /* of a lower number */
    const char *status, *answer;        /* instead of a token */
};

static void
give_tokens(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    struct tokens *t = arg;
    const char *p = strstr(r->head, "Authorization: Bearer token-");
    char text[100];

    if (!fake_has(r, "POST /token ")) {
        if (p != NULL && atoi(p + 28) >= t->refuse_below)
            fake_say(a, "200 OK", "", "welcome");
        else
            fake_say(a, "401 Unauthorized", "", "");
        return;
    }
    /* base64 of "client:secret" */
    CHECK(fake_has(r, "Authorization: Basic Y2xpZW50OnNlY3JldA==\r\n"));
    CHECK_TEXT(r->body, "grant_type=client_credentials&scope=a%20b");
    snprintf(text, sizeof text, "{\"access_token\":\"token-%d\","
             "\"token_type\":\"bearer\",\"expires_in\":3600}", ++t->given);
    fake_say(a, t->status != NULL ? t->status : "200 OK", "",
             t->answer != NULL ? t->answer : text);
}

static char token_url[100];
static const struct http_auth oauth = {
    .kind = HTTP_AUTH_OAUTH2, .token_url = token_url, .client_id = "client",
    .client_secret = "secret", .scope = "a b"
};

static bool
start_tokens(struct fake *f, struct setup *s, struct tokens *t)
{
    if (!fake_start(f, give_tokens, t))
        return false;
    snprintf(token_url, sizeof token_url, "http://127.0.0.1:%u/token",
             f->port);
    return set_up(s, f->port, &oauth, NULL);
}

static void
test_tokens(void)
{
    struct tokens t = { 0 };
    struct fake f;
    struct setup s;
    struct got got[3] = { { .calls = 0 } };

    REQUIRE(start_tokens(&f, &s, &t));
    for (int i = 0; i < 3; i++) {
        struct http_call c = { .method = "GET", .url = s.url, .done = keep,
                               .arg = &got[i] };

        CHECK(http_send(s.session, &c));
    }
    run_calls(&s);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(got[i].calls, 1);
        CHECK_NUMBER(got[i].status, 200);
    }
    CHECK_NUMBER(t.given, 1);
    /* The token is taken back: a new one, once. */
    t.refuse_below = 2;
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.status, 200);
    CHECK_NUMBER(t.given, 2);
    t.refuse_below = 9;
    call(&s, "POST", "x", false);
    CHECK_NUMBER(s.got.status, 401);
    CHECK_NUMBER(t.given, 3);
    tear_down(&s);
    fake_end(&f);
}

static void
test_no_token(void)
{
    static const struct {
        const char *status, *answer;
        enum http_end end;
    } rows[] = {
        { "401 Unauthorized", "{}", HTTP_DENIED },
        { "400 Bad Request", "{\"error\":\"invalid_client\"}", HTTP_DENIED },
        { "500 Broken", "", HTTP_NOT_SENT },
        { "429 Slow", "", HTTP_NOT_SENT },
        { "200 OK", "<html>", HTTP_NOT_SENT },
        { "200 OK", "{}", HTTP_NOT_SENT },
        { "200 OK", "{\"access_token\":\"a\\r\\nX-Evil: 1\"}", HTTP_NOT_SENT },
        { "200 OK", "{\"access_token\":\"\"}", HTTP_NOT_SENT },
        { "200 OK", "{\"access_token\":\"a\",\"expires_in\":-1}",
          HTTP_NOT_SENT },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct tokens t = { .status = rows[i].status,
                            .answer = rows[i].answer };
        struct fake f;
        struct setup s;

        REQUIRE(start_tokens(&f, &s, &t));
        call(&s, "GET", NULL, true);
        CHECK_THAT(s.got.end == rows[i].end, "row %zu: %d", i,
                   (int)s.got.end);
        CHECK(s.got.text[0] != '\0');
        CHECK_NUMBER(f.requests, 1);
        tear_down(&s);
        fake_end(&f);
    }
}

/* ---- memory ---- */

struct scarce {
    int left;
};

static void *
resize_scarce(void *arg, void *p, size_t size)
{
    struct scarce *m = arg;

    if (size == 0) {
        free(p);
        return NULL;
    }
    return m->left-- <= 0 ? NULL : realloc(p, size);
}

/* Whichever piece of memory is not there: told, nothing lost. */
static void
test_scarce_memory(void)
{
    struct http_settings settings = { .agent = "x" };
    struct fake f;
    bool through = false;

    REQUIRE(fake_start(&f, echo, NULL));
    for (int n = 0; n < 40; n++) {
        struct scarce m = { n };
        struct mr_memory memory = { resize_scarce, &m };
        struct setup s = { .got.calls = 0 };
        struct http_call c = { .method = "POST", .url = s.url, .body = "x",
                               .n = 1, .done = keep, .arg = &s.got };

        mr_cx_init(&s.cx, &memory);
        snprintf(s.url, sizeof s.url, "http://127.0.0.1:%u/svc", f.port);
        s.client = http_client_new(&s.cx, &settings);
        s.session = s.client == NULL
                        ? NULL : http_session_new(&s.cx, s.client, NULL);
        if (s.session == NULL) {
            CHECK_NUMBER(s.cx.error.status, MR_EMEMORY);
        } else if (http_send(s.session, &c)) {
            run_calls(&s);
            CHECK_NUMBER(s.got.calls, 1);
            CHECK(s.got.end == HTTP_ANSWERED || s.got.end == HTTP_BROKEN);
            through = s.got.end == HTTP_ANSWERED;
        }
        if (s.client != NULL)
            http_client_free(s.client);
        mr_cx_done(&s.cx);
    }
    CHECK(through);
    fake_end(&f);
}

CHECK_MAIN({ "answers", test_answers }, { "headers", test_headers },
           { "gzip", test_gzip }, { "a write is never sent twice",
                                    test_never_twice },
           { "a read is", test_repeatable_twice },
           { "half an answer", test_half_an_answer },
           { "garbage", test_garbage }, { "timeout", test_timeout },
           { "nobody there", test_nobody_there },
           { "too large", test_too_large }, { "redirect", test_redirect },
           { "end under way", test_end_under_way }, { "wake", test_wake },
           { "addresses", test_addresses },
           { "token's address", test_token_address }, { "cookies", test_cookies },
           { "tokens", test_tokens }, { "no token", test_no_token },
           { "scarce memory", test_scarce_memory })
