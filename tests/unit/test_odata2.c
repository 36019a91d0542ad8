/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OData v2 connector against a service that the test scripts: the token,
 * batches and what becomes of each operation when something goes wrong with
 * them.
 */
#include "check.h"
#include "fake_http.h"
#include "odata_map.h"
#include "http/client.h"
#include "peer/odata_task.h"

enum { OPS = 12 };

/* What the service is to do, and what it was asked. */
struct service {
    int token;                  /* the one it takes; 0: it gives none */
    int tokens;                 /* asked for */
    int batches, gets, posts;
    int forget;                 /* before this request (number) the token */
    const char *cut;            /* a request with this in its body is cut off */
    const char *refuse;         /* a batch with this is refused as a whole */
    const char *status, *body;  /* for everything else but batches */
    bool half;                  /* a batch's answer ends after its first part */
    bool stranger;              /* a record nobody asked for is in each list */
    char seen[4000];            /* of the last request: line, headers, body */
};

static void
add(char *to, const char *text)
{
    if (strlen(to) + strlen(text) < 60000)
        strcat(to, text);
}

/* One change set answered: Number 2 exists already, 3 has bad data, 4 is busy,
 * 7 is refused inside of a change set; others are created, their key behind an
 * 'N'. */
static void
answer_change(char *out, const char *body)
{
    char number[20] = "", part[600];
    const char *p = strstr(body, "\"Number\":\"");
    const char *error = "{\"error\":{\"code\":\"C/9\",\"message\":"
                        "{\"value\":\"%s\"}}}";
    char text[200] = "";
    const char *status = NULL;

    if (p != NULL)
        sscanf(p + 10, "%19[0-9]", number);
    if (strcmp(number, "2") == 0) {
        status = "400 Bad Request";
        snprintf(text, sizeof text, error, "Account 2 already exists");
    } else if (strcmp(number, "3") == 0) {
        status = "400 Bad Request";
        snprintf(text, sizeof text, error, "Name is too long");
    } else if (strcmp(number, "7") == 0) {
        add(out, "--rb\r\nContent-Type: multipart/mixed; boundary=rc\r\n\r\n"
            "--rc\r\nContent-Type: application/http\r\n\r\n"
            "HTTP/1.1 412 Changed\r\n\r\n\r\n--rc--\r\n\r\n");
        return;
    } else if (strcmp(number, "4") == 0) {
        status = "503 Busy\r\nRetry-After: 3";
    }
    add(out, "--rb\r\nContent-Type: ");
    if (status != NULL) {
        snprintf(part, sizeof part, "application/http\r\n\r\nHTTP/1.1 %s\r\n"
                 "Content-Length: %zu\r\n\r\n%s\r\n", status, strlen(text),
                 text);
    } else {
        snprintf(part, sizeof part, "multipart/mixed; boundary=rc\r\n\r\n"
                 "--rc\r\nContent-Type: application/http\r\n\r\n"
                 "HTTP/1.1 201 Created\r\nlocation: http://x/AccountSet('N%s')"
                 "\r\netag: W/\"%s\"\r\n\r\n\r\n--rc--\r\n\r\n", number,
                 number);
    }
    add(out, part);
}

/* A list of the records whose numbers stand in the address. */
static void
answer_list(const struct service *s, char *out, const char *line)
{
    const char *end = strchr(line, '\r'), *p = line;
    const char *comma = "";
    char body[20000] = "{\"d\":{\"results\":[", part[100], number[20];

    while ((p = strstr(p, "eq%20'")) != NULL && p < end) {
        p += 6;
        sscanf(p, "%19[^']", number);
        if (strcmp(number, "9") == 0)
            continue;           /* there is none */
        snprintf(part, sizeof part, "%s{\"ObjectID\":\"N%s\",\"Number\":"
                 "\"%s\"}", comma, number, number);
        strcat(body, part);
        comma = ",";
    }
    if (s->stranger && strstr(line, "%20or%20") != NULL &&
        strstr(line, "%20or%20") < end) {
        snprintf(part, sizeof part, "%s{\"ObjectID\":\"X\",\"Number\":\"009\"}",
                 comma);
        strcat(body, part);
    }
    strcat(body, "]}}");
    snprintf(part, sizeof part, "--rb\r\nContent-Type: application/http\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", strlen(body));
    add(out, part);
    add(out, body);
    add(out, "\r\n");
}

static void
answer_batch(struct service *s, const struct fake_request *r,
             struct fake_answer *a)
{
    static char out[64000];
    const char *p = r->body;
    int parts = 0;

    s->batches++;
    out[0] = '\0';
    while ((p = strstr(p, "--mapc_batch\r\n")) != NULL) {
        p += 14;
        if (s->half && parts++ == 1)
            break;
        if (strstr(p, "GET ") != NULL &&
            (strstr(p, "mapc_set") == NULL ||
             strstr(p, "GET ") < strstr(p, "mapc_set")))
            answer_list(s, out, strstr(p, "GET "));
        else
            answer_change(out, p);
    }
    if (!s->half)
        add(out, "--rb--\r\n");
    fake_say(a, "202 Accepted",
             "Content-Type: multipart/mixed; boundary=rb\r\n", out);
}

static bool
has_token(const struct service *s, const struct fake_request *r)
{
    char line[40];

    snprintf(line, sizeof line, "x-csrf-token: token-%d\r\n", s->token);
    return s->token == 0 ||
           (fake_has(r, line) && fake_has(r, "Cookie: session=1\r\n"));
}

static void
serve(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    struct service *s = arg;
    char head[100] = "Set-Cookie: session=1; Path=/\r\n";

    if (r->number == s->forget)
        s->token++;
    if (fake_has(r, "x-csrf-token: fetch\r\n") &&
        !fake_has(r, "/$metadata ")) {
        s->tokens++;
        if (s->token > 0)
            snprintf(head + strlen(head), 50, "x-csrf-token: token-%d\r\n",
                     s->token);
        fake_say(a, s->status != NULL ? s->status : "200 OK", head, "{}");
        return;
    }
    snprintf(s->seen, sizeof s->seen, "%s\n%s", r->head, r->body);
    if (fake_has(r, "GET "))
        s->gets++;
    else
        s->posts++;
    if (!fake_has(r, "GET ") && !has_token(s, r))
        fake_say(a, "403 Forbidden", "x-csrf-token: Required\r\n", "");
    else if (s->cut != NULL && strstr(r->body, s->cut) != NULL)
        a->n = 0;
    else if (s->refuse != NULL && strstr(r->body, s->refuse) != NULL)
        fake_say(a, "400 Bad Request", "", "malformed");
    else if (fake_has(r, "/$batch "))
        answer_batch(s, r, a);
    else
        fake_say(a, s->status != NULL ? s->status : "200 OK", "",
                 s->body != NULL ? s->body : "{\"d\":{\"results\":[]}}");
}

struct setup {
    struct service service;
    struct fake fake;
    struct mr_cx cx;
    struct http_client *client;
    struct peer *peer;
    char url[100];
    struct mr_op op[OPS];
    struct op_part part[OPS];
    struct op_key key[OPS];
    char body[OPS][60], number[OPS][20];
    struct op_result result[OPS];
    char text[OPS][200], id[OPS][40], etag[OPS][40], next[OPS][80];
    char doc[OPS][400];
    int results;
};

static struct setup s;

static bool
set_up(uint32_t batch)
{
    static const struct http_auth auth = { .kind = HTTP_AUTH_BASIC,
                                           .user = "muster",
                                           .password = "geheim" };
    static const struct http_settings http = { .agent = "mapc/test" };
    struct peer_settings set = { .system = "cloud", .format = MR_ODATA2,
                                 .url = s.url, .auth = &auth, .batch = batch,
                                 .in_flight = 2, .timeout_ms = 3000 };

    memset(&s, 0, sizeof s);
    s.service.token = 1;
    mr_cx_init(&s.cx, NULL);
    if (!fake_start(&s.fake, serve, &s.service))
        return false;
    snprintf(s.url, sizeof s.url, "http://127.0.0.1:%u/svc", s.fake.port);
    s.client = http_client_new(&s.cx, &http);
    s.peer = s.client == NULL ? NULL
                              : peer_odata2_new(&s.cx, s.client, &set);
    return s.peer != NULL;
}

static void
tear_down(void)
{
    s.peer->ops->close(s.peer);
    http_client_free(s.client);
    mr_cx_done(&s.cx);
    fake_end(&s.fake);
}

/* Operation i, about Number i + 1. */
static struct mr_op *
prepare(int i, enum op_kind kind)
{
    struct mr_op *op = &s.op[i];

    snprintf(s.number[i], sizeof s.number[i], "%d", i + 1);
    snprintf(s.body[i], sizeof s.body[i], "{\"Number\":\"%d\"}", i + 1);
    s.part[i] = (struct op_part){ kind == OP_CREATE ? PART_POST : PART_PATCH,
                                  "AccountSet",
                                  kind == OP_CREATE ? NULL : s.number[i], NULL,
                                  { s.body[i], strlen(s.body[i]) } };
    s.key[i] = (struct op_key){ "Number", s.number[i], MR_TYPE_TEXT };
    *op = (struct mr_op){ .id = 100 + (uint64_t)i, .kind = kind,
                          .map = &odata_map, .parts = &s.part[i], .n_parts = 1,
                          .keys = &s.key[i], .n_keys = 1, .since = "",
                          .token = "", .record_id = s.number[i],
                          .etag = kind == OP_CREATE ? "" : "W/\"1\"" };
    return op;
}

static void
keep_result(const struct op_result *r)
{
    int i = (int)r->id - 100;

    REQUIRE(i >= 0 && i < OPS);
    CHECK_THAT(s.result[i].text == NULL, "two results of operation %d", i);
    s.result[i] = *r;
    snprintf(s.text[i], sizeof s.text[i], "%s", r->text);
    snprintf(s.id[i], sizeof s.id[i], "%s", r->record_id);
    snprintf(s.etag[i], sizeof s.etag[i], "%s", r->etag);
    snprintf(s.next[i], sizeof s.next[i], "%s", r->next);
    snprintf(s.doc[i], sizeof s.doc[i], "%.*s", (int)r->body.n, r->body.p);
    s.results++;
}

/* Waits for the results of what was submitted. */
static void
finish(int n)
{
    struct op_result r;

    s.peer->ops->flush(s.peer);
    for (int i = 0; i < 100 && s.results < n; i++) {
        while (s.peer->ops->collect(s.peer, &r))
            keep_result(&r);
        if (s.results < n)
            http_wait(s.client, 100);
    }
    CHECK_NUMBER(s.results, n);
}

/* Does n operations of a kind. */
static void
run_ops(int n, enum op_kind kind)
{
    memset(s.result, 0, sizeof s.result);
    s.results = 0;
    for (int i = 0; i < n; i++)
        CHECK(s.peer->ops->submit(s.peer, prepare(i, kind)));
    finish(n);
}

#define OUTCOME(i, want) CHECK_THAT(s.result[i].outcome == (want), \
    "operation %d: %d, %s", i, (int)s.result[i].outcome, s.text[i])

/* ---- batches ---- */

static void
test_batch(void)
{
    REQUIRE(set_up(10));
    run_ops(8, OP_CREATE);
    OUTCOME(0, OP_OK);
    CHECK_TEXT(s.id[0], "N1");
    CHECK_TEXT(s.etag[0], "W/\"1\"");
    OUTCOME(1, OP_EXISTS);
    OUTCOME(2, OP_REFUSED);
    CHECK_TEXT(s.text[2], "HTTP 400, C/9: Name is too long");
    OUTCOME(3, OP_BUSY);
    CHECK_NUMBER(s.result[3].retry_after, 3);
    OUTCOME(4, OP_OK);
    CHECK_TEXT(s.id[4], "N5");
    OUTCOME(6, OP_STALE);
    OUTCOME(7, OP_OK);
    CHECK_NUMBER(s.service.batches, 1);
    CHECK_NUMBER(s.service.tokens, 1);
    tear_down();
}

static void
test_cut_batch(void)
{
    REQUIRE(set_up(3));
    s.service.cut = "\"Number\":\"5\"";
    run_ops(8, OP_CREATE);
    OUTCOME(0, OP_OK);
    OUTCOME(3, OP_UNSURE);
    OUTCOME(4, OP_UNSURE);
    OUTCOME(5, OP_UNSURE);
    OUTCOME(7, OP_OK);
    CHECK_NUMBER(s.service.posts, 3);       /* none of them twice */
    tear_down();
}

static void
test_half_a_batch(void)
{
    REQUIRE(set_up(10));
    s.service.half = true;
    run_ops(3, OP_CREATE);
    for (int i = 0; i < 3; i++)
        OUTCOME(i, OP_UNSURE);
    tear_down();
}

/* One operation makes the service refuse the whole batch: it alone is refused
 * in the end. (The last halves have one each, and go without a batch.) */
static void
test_spoilt_batch(void)
{
    REQUIRE(set_up(10));
    s.service.refuse = "\"Number\":\"6\"";
    run_ops(9, OP_CREATE);
    for (int i = 0; i < 9; i++)
        OUTCOME(i, i == 5 || i == 2 ? OP_REFUSED
                   : i == 1 ? OP_EXISTS : i == 3 ? OP_BUSY : OP_OK);
    tear_down();
}

static void
test_no_batches(void)
{
    REQUIRE(set_up(1));
    s.service.status = "201 Created\r\nlocation: x/AccountSet('A')\r\n"
                       "ETag: W/\"7\"";
    s.service.body = "";
    run_ops(2, OP_CREATE);
    OUTCOME(0, OP_OK);
    CHECK_TEXT(s.id[1], "A");
    CHECK_TEXT(s.etag[1], "W/\"7\"");
    CHECK_NUMBER(s.service.batches, 0);
    CHECK(strstr(s.service.seen, "POST /svc/AccountSet HTTP") != NULL);
    CHECK(strstr(s.service.seen, "odata-no-response-payload: true") != NULL);
    s.service.status = "412 Changed";
    run_ops(1, OP_UPDATE);
    OUTCOME(0, OP_STALE);
    CHECK(strstr(s.service.seen, "PATCH /svc/AccountSet('1') ") != NULL);
    CHECK(strstr(s.service.seen, "If-Match: W/\"1\"\r\n") != NULL);
    s.service.status = "204 No Content";
    run_ops(1, OP_REMOVE);
    OUTCOME(0, OP_OK);
    CHECK(strstr(s.service.seen, "DELETE /svc/AccountSet('1') ") != NULL);
    tear_down();
}

/* ---- the token ---- */

static void
test_token_forgotten(void)
{
    REQUIRE(set_up(1));
    s.service.status = "204 No Content";
    s.service.body = "";
    run_ops(4, OP_UPDATE);
    CHECK_NUMBER(s.service.tokens, 1);
    s.service.forget = s.fake.requests + 1;
    run_ops(4, OP_UPDATE);
    for (int i = 0; i < 4; i++)
        OUTCOME(i, OP_OK);
    CHECK_NUMBER(s.service.tokens, 2);
    tear_down();
}

static void
test_token_never_good(void)
{
    REQUIRE(set_up(1));
    run_ops(1, OP_UPDATE);
    s.service.token = -1;       /* what it gives is not what it takes */
    run_ops(1, OP_UPDATE);
    OUTCOME(0, OP_DENIED);
    CHECK_NUMBER(s.service.tokens, 3);
    tear_down();
}

static void
test_no_token_needed(void)
{
    REQUIRE(set_up(1));
    s.service.token = 0;
    s.service.body = "";
    s.service.status = "204 No Content";
    run_ops(3, OP_UPDATE);
    OUTCOME(2, OP_OK);
    CHECK_NUMBER(s.service.tokens, 1);
    CHECK(strstr(s.service.seen, "csrf") == NULL);
    tear_down();
}

static void
test_token_refused(void)
{
    REQUIRE(set_up(2));
    s.service.status = "401 Unauthorized";
    run_ops(3, OP_CREATE);
    for (int i = 0; i < 3; i++)
        OUTCOME(i, OP_DENIED);
    CHECK_NUMBER(s.service.posts, 0);
    s.service.status = "503 Busy";
    run_ops(3, OP_CREATE);
    for (int i = 0; i < 3; i++)
        OUTCOME(i, OP_BUSY);
    CHECK_NUMBER(s.service.posts, 0);
    tear_down();
}

/* ---- reading ---- */

static void
test_finds(void)
{
    REQUIRE(set_up(20));
    run_ops(10, OP_FIND);
    for (int i = 0; i < 10; i++) {
        char want[80];

        OUTCOME(i, OP_OK);
        snprintf(want, sizeof want, "{\"ObjectID\":\"N%d\",\"Number\":\"%d\"}",
                 i + 1, i + 1);
        CHECK_TEXT(s.doc[i], i == 8 ? "" : want);
    }
    CHECK_NUMBER(s.service.posts, 1);
    CHECK_NUMBER(s.service.gets, 0);
    tear_down();
}

/* The service found a record by another form of its key: what has none of its
 * own is asked for alone. */
static void
test_finds_and_stranger(void)
{
    REQUIRE(set_up(20));
    s.service.stranger = true;
    s.service.body = "{\"d\":{\"results\":[{\"Number\":\"009\"}]}}";
    run_ops(10, OP_FIND);
    for (int i = 0; i < 10; i++)
        OUTCOME(i, OP_OK);
    CHECK_TEXT(s.doc[8], s.service.body);
    CHECK(strstr(s.doc[7], "\"N8\"") != NULL);
    CHECK_NUMBER(s.service.gets, 1);
    tear_down();
}

/* Many records of one key: that there are several is all that counts. */
static void
test_finds_many(void)
{
    char body[4000] = "{\"d\":{\"results\":[{\"Number\":\"1\"}";

    REQUIRE(set_up(20));
    for (int i = 0; i < 100; i++)
        strcat(body, ",{\"Number\":\"1\"}");
    strcat(body, "]}}");
    s.service.body = body;
    run_ops(2, OP_FIND);
    OUTCOME(0, OP_OK);
    CHECK_TEXT(s.doc[0], "{\"Number\":\"1\"}\n{\"Number\":\"1\"}");
    CHECK_TEXT(s.doc[1], "");
    tear_down();
}

/* An ETag is text of the record: it must not end a header. */
static void
test_etag_with_lines(void)
{
    struct mr_op *op;

    REQUIRE(set_up(20));
    run_ops(1, OP_CREATE);
    for (int i = 0; i < 3; i++) {
        op = prepare(i, OP_UPDATE);
        if (i != 1)
            op->etag = "W/\"1\"\r\nX-Other: 1";
        memset(&s.result[i], 0, sizeof s.result[i]);
        CHECK(s.peer->ops->submit(s.peer, op));
    }
    s.results = 0;
    finish(3);
    OUTCOME(0, OP_REFUSED);
    OUTCOME(1, OP_OK);
    OUTCOME(2, OP_REFUSED);
    CHECK(strstr(s.service.seen, "X-Other") == NULL);
    tear_down();
}

static void
test_pages(void)
{
    REQUIRE(set_up(20));
    s.service.body = "{\"d\":{\"results\":[{\"ObjectID\":\"A\"}]}}";
    run_ops(1, OP_PAGE);
    OUTCOME(0, OP_OK);
    CHECK_TEXT(s.doc[0], s.service.body);
    CHECK_TEXT(s.next[0], "");
    s.service.body = "{\"d\":{\"results\":[{\"ObjectID\":\"A\"}],\"__next\":"
                     "\"https://192.0.2.1/AccountSet\"}}";
    run_ops(1, OP_PAGE);
    OUTCOME(0, OP_REFUSED);
    s.service.body = "<html>";
    run_ops(1, OP_PAGE);
    OUTCOME(0, OP_UNSURE);
    s.service.status = "404 Not Found";
    run_ops(1, OP_READ);
    OUTCOME(0, OP_NONE);
    CHECK_NUMBER(s.service.tokens, 0);      /* reading needs none */
    tear_down();
}

static void
test_not_there(void)
{
    REQUIRE(set_up(5));
    fake_end(&s.fake);
    run_ops(3, OP_READ);
    OUTCOME(0, OP_BUSY);
    run_ops(3, OP_CREATE);
    OUTCOME(2, OP_BUSY);
    s.peer->ops->close(s.peer);
    http_client_free(s.client);
    mr_cx_done(&s.cx);
}

/* Closed with requests under way and results not collected. */
static void
test_close_under_way(void)
{
    REQUIRE(set_up(2));
    run_ops(3, OP_CREATE);
    for (int i = 0; i < 6; i++)
        CHECK(s.peer->ops->submit(s.peer, prepare(i, OP_CREATE)));
    s.peer->ops->flush(s.peer);
    http_wait(s.client, 5);
    tear_down();
}

/* More than it takes: told, not lost. */
static void
test_full(void)
{
    int taken = 0;

    REQUIRE(set_up(2));
    for (int i = 0; i < OPS; i++)
        taken += s.peer->ops->submit(s.peer, prepare(i, OP_CREATE));
    CHECK(taken >= 4 && taken < OPS);
    tear_down();
}

/* While both wait, half of the requests write: those who read first do not take
 * all the places. What is over comes later, and all of it. */
static void
test_shared(void)
{
    const struct odata *o;

    REQUIRE(set_up(2));
    o = (const struct odata *)(const void *)s.peer;
    memset(s.result, 0, sizeof s.result);
    for (int i = 0; i < 4; i++)
        CHECK(s.peer->ops->submit(s.peer, prepare(i, OP_FIND)));
    for (int i = 4; i < 6; i++)
        CHECK(s.peer->ops->submit(s.peer, prepare(i, OP_CREATE)));
    s.peer->ops->flush(s.peer);
    CHECK_NUMBER(o->running, 2);
    CHECK_NUMBER(o->writing, 1);
    CHECK_NUMBER(o->n_pending, 2);
    finish(6);
    CHECK_NUMBER(o->running, 0);
    CHECK_NUMBER(o->writing, 0);
    for (int i = 0; i < 6; i++)
        OUTCOME(i, OP_OK);
    CHECK_TEXT(s.id[5], "N6");
    tear_down();
}

/* One that can't be asked at all does not spoil the others. */
static void
test_can_not_be_asked(void)
{
    static const char *const odd = "12 or 1 eq 1";
    struct op_result r;

    REQUIRE(set_up(10));
    for (int i = 0; i < 3; i++) {
        struct mr_op *op = prepare(i, OP_FIND);

        if (i == 1)
            s.key[i] = (struct op_key){ "Amount", odd, MR_TYPE_NUMBER };
        CHECK(s.peer->ops->submit(s.peer, op));
    }
    s.peer->ops->flush(s.peer);
    for (int i = 0; i < 100 && s.results < 3; i++) {
        while (s.peer->ops->collect(s.peer, &r))
            keep_result(&r);
        http_wait(s.client, 20);
    }
    OUTCOME(0, OP_OK);
    OUTCOME(1, OP_REFUSED);
    OUTCOME(2, OP_OK);
    tear_down();
}

/* ---- memory ---- */

static int memory_left;

static void *
resize_scarce(void *arg, void *p, size_t size)
{
    (void)arg;
    if (size == 0) {
        free(p);
        return NULL;
    }
    return memory_left-- <= 0 ? NULL : realloc(p, size);
}

/* Whichever piece is missing once: each operation has one result, now or after
 * the next flush. */
static void
test_scarce_memory(void)
{
    bool through = false;

    REQUIRE(set_up(4));
    s.peer->ops->close(s.peer);
    http_client_free(s.client);
    for (int n = 0; n < 80 && !check_failed; n++) {
        struct mr_memory memory = { resize_scarce, NULL };
        struct peer_settings set = { .system = "cloud", .format = MR_ODATA2,
                                     .url = s.url, .batch = 4,
                                     .in_flight = 2 };
        struct http_settings http = { .agent = "x" };
        struct op_result r;
        struct mr_cx cx;

        mr_cx_init(&cx, &memory);
        memory_left = 1000;
        s.service.token = 0;
        s.client = http_client_new(&cx, &http);
        s.peer = peer_odata2_new(&cx, s.client, &set);
        REQUIRE(s.peer != NULL);
        memset(s.result, 0, sizeof s.result);
        s.results = 0;
        for (int i = 0; i < 6; i++)
            CHECK(s.peer->ops->submit(s.peer, prepare(i, OP_FIND)));
        memory_left = n;
        for (int i = 0; i < 100 && s.results < 6; i++) {
            s.peer->ops->flush(s.peer);
            http_wait(s.client, 20);
            while (s.peer->ops->collect(s.peer, &r))
                keep_result(&r);
            through = memory_left > 0 && s.result[0].outcome == OP_OK;
            if (memory_left <= 0)
                memory_left = 1000;
        }
        CHECK_THAT(s.results == 6, "n %d: %d results", n, s.results);
        s.peer->ops->close(s.peer);
        http_client_free(s.client);
        mr_cx_done(&cx);
    }
    CHECK(through);
    mr_cx_done(&s.cx);
    fake_end(&s.fake);
}

CHECK_MAIN({ "batch", test_batch }, { "cut batch", test_cut_batch },
           { "half a batch", test_half_a_batch },
           { "spoilt batch", test_spoilt_batch },
           { "no batches", test_no_batches },
           { "token forgotten", test_token_forgotten },
           { "token never good", test_token_never_good },
           { "no token needed", test_no_token_needed },
           { "token refused", test_token_refused }, { "finds", test_finds },
           { "finds and a stranger", test_finds_and_stranger },
           { "finds, many of a key", test_finds_many },
           { "ETag with lines", test_etag_with_lines },
           { "pages", test_pages }, { "not there", test_not_there },
           { "closed under way", test_close_under_way },
           { "full", test_full },
           { "shared", test_shared },
           { "can't be asked", test_can_not_be_asked },
           { "scarce memory", test_scarce_memory })
