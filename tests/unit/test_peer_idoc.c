/* SPDX-License-Identifier: Apache-2.0 */
/* IDocs by HTTP against a receiver that the test scripts. */
#include "check.h"
#include "fake_http.h"
#include "http/client.h"
#include "mr/program.h"
#include "mr/repl.h"
#include "peer/idoc_out.h"
#include "peer/peer.h"

enum { OPS = 6 };

#define XML(name) "<A><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><MESTYP>A" \
    "</MESTYP></EDI_DC40><S><NAME>" name "</NAME></S></IDOC></A>"

struct receiver {
    const char *status, *headers, *answer;      /* NULL: a status for each */
    bool refuse_many;           /* more than one IDoc in a message: 400 */
    bool cut;
    int messages, idocs, once[20];
};

struct setup {
    struct receiver receiver;
    struct fake fake;
    struct mr_cx cx;
    struct http_client *client;
    struct peer *peer;
    char url[60], token[OPS][20];
    struct op_part part[OPS];
    struct mr_op op[OPS];
    enum op_outcome outcome[OPS];
    char text[OPS][200];
    uint32_t retry[OPS];
    int results;
};

static struct setup s;
static const struct mr_map map = { .name = "Account" };

/* 53 for each, but 51 for number 2; number 4 is left out. */
static void
statuses(struct receiver *r, const char *body, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "<IDOCS>");

    while ((body = strstr(body, "<DOCNUM>")) != NULL) {
        int number = (int)strtol(body + 8, NULL, 10);

        body += 8;
        r->idocs++;
        if (number < 20)
            r->once[number]++;
        if (number == 4)
            continue;
        n += (size_t)snprintf(out + n, size - n, "<IDOC><DOCNUM>%d</DOCNUM>"
                              "<STATUS>%s</IDOC>", number, number == 2
                              ? "51</STATUS><TEXT>Muster (1234567) is locked"
                                "</TEXT>" : "53</STATUS>");
    }
    snprintf(out + n, size - n, "</IDOCS>");
}

static void
receive(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    struct receiver *v = arg;
    char text[4000];

    v->messages++;
    CHECK(fake_has(r, "POST /idoc "));
    CHECK(fake_has(r, "Content-Type: text/xml; charset=utf-8\r\n"));
    if (v->cut)
        return;
    if (v->refuse_many && strstr(strstr(r->body, "<IDOC ") + 1, "<IDOC ")) {
        fake_say(a, "400 Bad Request", "", "");
        return;
    }
    statuses(v, r->body, text, sizeof text);
    fake_say(a, v->status != NULL ? v->status : "200 OK",
             v->headers != NULL ? v->headers : "",
             v->answer != NULL ? v->answer : text);
}

static bool
set_up(uint32_t batch)
{
    static const struct http_settings http = { .agent = "x" };
    struct peer_settings set = { .system = "erp", .format = MR_IDOC,
                                 .url = s.url, .batch = batch,
                                 .in_flight = 2, .timeout_ms = 2000 };

    memset(&s, 0, sizeof s);
    mr_cx_init(&s.cx, NULL);
    if (!fake_start(&s.fake, receive, &s.receiver))
        return false;
    snprintf(s.url, sizeof s.url, "http://127.0.0.1:%u/idoc", s.fake.port);
    s.client = http_client_new(&s.cx, &http);
    s.peer = s.client == NULL ? NULL : peer_idoc_new(&s.cx, s.client, &set);
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

static void
run_ops(int n)
{
    static const char xml[] = XML("Muster");
    struct op_result r;

    s.results = 0;
    for (int i = 0; i < n; i++) {
        snprintf(s.token[i], sizeof s.token[i], "%d", i + 1);
        s.part[i] = (struct op_part){ .body = { xml, sizeof xml - 1 } };
        s.op[i] = (struct mr_op){ .id = (uint64_t)i, .kind = OP_UPDATE,
                                  .map = &map, .parts = &s.part[i],
                                  .n_parts = 1, .message_token = s.token[i] };
        CHECK(s.peer->ops->submit(s.peer, &s.op[i]));
    }
    s.peer->ops->flush(s.peer);
    for (int i = 0; i < 100 && s.results < n; i++) {
        while (s.peer->ops->collect(s.peer, &r)) {
            s.outcome[r.id] = r.outcome;
            s.retry[r.id] = r.retry_after;
            snprintf(s.text[r.id], sizeof s.text[r.id], "%s", r.text);
            s.results++;
        }
        if (s.results < n)
            http_wait(s.client, 50);
    }
    CHECK_NUMBER(s.results, n);
}

#define OUTCOME(i, want) CHECK_THAT(s.outcome[i] == (want), \
    "IDoc %d: %d, %s", i, (int)s.outcome[i], s.text[i])

static void
test_statuses(void)
{
    REQUIRE(set_up(5));
    run_ops(5);
    OUTCOME(0, OP_OK);
    OUTCOME(1, OP_REFUSED);
    CHECK_TEXT(s.text[1], "status 51: \xe2\x80\xa6 (#) is locked");
    OUTCOME(2, OP_OK);
    OUTCOME(3, OP_UNSURE);
    OUTCOME(4, OP_OK);
    CHECK_NUMBER(s.receiver.messages, 1);
    CHECK(!s.peer->ops->reads);
    tear_down();
}

/* Many more statuses than IDocs: they are not all looked at. */
static void
test_endless(void)
{
    static const char one[] = "<IDOC><DOCNUM>99</DOCNUM><STATUS>53</STATUS>"
        "</IDOC>";
    enum { N = 2500 };
    char *answer = malloc((N + 1) * sizeof one);
    size_t n = 0;

    REQUIRE(answer != NULL);
    for (int i = 0; i < N; i++, n += sizeof one - 1)
        memcpy(answer + n, one, sizeof one);
    strcpy(answer + n, "<IDOC><DOCNUM>1</DOCNUM><STATUS>53</STATUS></IDOC>");
    REQUIRE(set_up(5));
    s.receiver.answer = answer;
    run_ops(5);
    for (int i = 0; i < 5; i++)
        OUTCOME(i, OP_UNSURE);
    tear_down();
    free(answer);
}

static void
test_refused_together(void)
{
    REQUIRE(set_up(5));
    s.receiver.refuse_many = true;
    run_ops(3);
    OUTCOME(0, OP_OK);
    OUTCOME(1, OP_REFUSED);
    OUTCOME(2, OP_OK);
    CHECK_NUMBER(s.receiver.messages, 4);
    for (int i = 1; i <= 3; i++)
        CHECK_NUMBER(s.receiver.once[i], 1);
    tear_down();
}

static void
test_whole_answers(void)
{
    static const struct {
        const char *status, *answer;
        enum op_outcome want;
    } rows[] = {
        { "200 OK", "", OP_OK }, { "202 Accepted", "", OP_OK },
        { "200 OK", "<html><title>Idoc-XML-inbound ok</title></html>", OP_OK },
        { "200 OK", "<html>Please log in</html>", OP_UNSURE },
        { "200 OK", "<IDOCS></IDOCS>", OP_UNSURE },
        { "400 Bad", "", OP_REFUSED }, { "415 Type", "", OP_REFUSED },
        { "401 Who", "", OP_DENIED }, { "403 No", "", OP_DENIED },
        { "404 Where", "", OP_DENIED }, { "302 There", "", OP_DENIED },
        { "429 Slow", "", OP_BUSY }, { "503 Busy", "", OP_BUSY },
        { "500 Broken", "", OP_UNSURE }, { "504 Late", "", OP_UNSURE },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        REQUIRE(set_up(1));
        s.receiver.status = rows[i].status;
        s.receiver.answer = rows[i].answer;
        s.receiver.headers = "Retry-After: 9\r\n";
        run_ops(1);
        CHECK_THAT(s.outcome[0] == rows[i].want, "row %zu: %d %s", i,
                   (int)s.outcome[0], s.text[0]);
        CHECK_NUMBER(s.retry[0], rows[i].want == OP_BUSY ? 9 : 0);
        CHECK_NUMBER(s.receiver.messages, 1);
        tear_down();
    }
}

static void
test_cut(void)
{
    REQUIRE(set_up(2));
    run_ops(2);
    s.receiver.cut = true;
    run_ops(4);
    for (int i = 0; i < 4; i++)
        OUTCOME(i, OP_UNSURE);
    CHECK_NUMBER(s.receiver.messages, 3);       /* none of them twice */
    tear_down();
}

static void
test_not_there(void)
{
    REQUIRE(set_up(2));
    fake_end(&s.fake);
    run_ops(3);
    for (int i = 0; i < 3; i++)
        OUTCOME(i, OP_BUSY);
    s.peer->ops->close(s.peer);
    http_client_free(s.client);
    mr_cx_done(&s.cx);
}

static void
test_not_for_idocs(void)
{
    struct mr_op op = { .id = 0, .kind = OP_READ, .map = &map };
    struct op_part part = { .body = { "<A/>", 4 } };
    struct op_result r;

    REQUIRE(set_up(2));
    CHECK(s.peer->ops->submit(s.peer, &op));
    REQUIRE(s.peer->ops->collect(s.peer, &r));
    CHECK_NUMBER(r.outcome, OP_REFUSED);
    op = (struct mr_op){ .id = 1, .kind = OP_CREATE, .map = &map,
                         .parts = &part, .n_parts = 1, .message_token = "1" };
    CHECK(s.peer->ops->submit(s.peer, &op));
    s.peer->ops->flush(s.peer);
    REQUIRE(s.peer->ops->collect(s.peer, &r));
    CHECK_NUMBER(r.outcome, OP_REFUSED);
    CHECK_NUMBER(s.receiver.messages, 0);
    CHECK(s.peer->ops->submit(s.peer, &op));    /* closed with it pending */
    tear_down();
}

/* A change is another message than a creation, and goes apart from it. */
static void
test_change(void)
{
    static const struct mr_control changes[] = {
        { "MESTYP", "ACHG" }, { "MESFCT", "CHG" }, { NULL, NULL }
    };
    struct mr_repl repl = { .tech = { { .object = "A" },
                                      { .object = "A", .changes = changes } } };
    const struct mr_map changing = { .name = "Account", .repl = &repl };
    struct op_part part = { .body = { XML("Muster"), sizeof XML("Muster") - 1 } };
    struct mr_op op = { .kind = OP_CREATE, .map = &changing, .side = MR_RIGHT,
                        .parts = &part, .n_parts = 1, .message_token = "7" };
    struct mr_op change = op;
    struct mr_cx cx;
    struct bytes b;

    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    change.kind = OP_UPDATE;
    CHECK(!idoc_joins(&op, &change));
    CHECK(idoc_joins(&op, &op));
    CHECK(idoc_joins(&change, &change));
    CHECK(idoc_add(&b, &op, 0, true));
    bytes_add(&b, "", 1);
    CHECK(strstr(b.p, "<DIRECT>2</DIRECT><MESTYP>A</MESTYP><CREDAT>") != NULL);
    b.n = 0;
    CHECK(idoc_add(&b, &change, 0, true));
    bytes_add(&b, "", 1);
    CHECK(strstr(b.p, "<DIRECT>2</DIRECT><MESTYP>ACHG</MESTYP>"
                      "<MESFCT>CHG</MESFCT><CREDAT>") != NULL);
    /* The other side says nothing of changes. */
    change.side = MR_LEFT;
    CHECK(idoc_joins(&op, &change));
    bytes_free(&b);
    mr_cx_done(&cx);
}

/* --- is it there, are the credentials right? --- */

/* One receiver; basic "x:y" is right. What it asks credentials for: */
struct door {
    bool gets, posts;
    const char *open, *empty;   /* status of a GET and of a POST let in */
    int asked, with_body;
};

static void
open_door(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    struct door *d = arg;
    bool post = strncmp(r->head, "POST", 4) == 0;
    bool known = fake_has(r, "Authorization: Basic eDp5\r\n");

    d->asked++;
    d->with_body += r->n > 0;
    if (!known && (post ? d->posts : d->gets))
        fake_say(a, "401 Who", "", "");
    else
        fake_say(a, post ? d->empty : d->open, "", "");
}

struct told {
    char text[800];
    size_t n;
};

static void
tell(void *arg, bool good, const char *what, const char *text)
{
    struct told *t = arg;

    t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n,
                             "%s %s: %s\n", good ? "ok" : "WRONG", what, text);
}

/* What a check says of the door, with this password or none. */
static bool
checked(struct door *d, const char *password, struct told *t)
{
    static const struct http_settings http = { .agent = "x" };
    const struct http_auth auth = { .kind = HTTP_AUTH_BASIC, .user = "x",
                                    .password = password };
    const struct peer_report report = { tell, NULL, t, false };
    struct peer_settings set = { .system = "erp", .format = MR_IDOC,
                                 .url = s.url, .timeout_ms = 2000,
                                 .auth = password != NULL ? &auth : NULL };
    bool good;

    memset(&s, 0, sizeof s);
    memset(t, 0, sizeof *t);
    mr_cx_init(&s.cx, NULL);
    if (!fake_start(&s.fake, open_door, d))
        return false;
    snprintf(s.url, sizeof s.url, "http://127.0.0.1:%u/idoc", s.fake.port);
    s.client = http_client_new(&s.cx, &http);
    s.peer = peer_idoc_new(&s.cx, s.client, &set);
    good = s.peer != NULL && s.peer->ops->check(s.peer, NULL, &report);
    tear_down();
    return good;
}

static void
test_check(void)
{
    static const char seldom[] = "ok messages: not verified: whether it takes "
                                 "them shows when one is sent\n";
    static const struct {
        struct door door;
        const char *password;
        bool good;
        const char *says;       /* before `seldom` where it is good */
    } rows[] = {
        /* Credentials first, as SAP's own services have it. */
        { { true, true, "405 No", "400 Bad", 0, 0 }, "y", true,
          "ok erp: reached, it answers (HTTP 405)\n"
          "ok credentials: accepted; without them it answers HTTP 401\n" },
        { { true, true, "405 No", "400 Bad", 0, 0 }, "z", false,
          "WRONG erp: the credentials are refused (HTTP 401)\n" },
        { { true, true, "200 OK", "400 Bad", 0, 0 }, NULL, false,
          "WRONG erp: it asks for credentials, and none are configured (HTTP "
          "401)\n" },
        { { true, true, "500 Bad", "500 Bad", 0, 0 }, "y", true,
          "ok erp: reached, it answers (HTTP 500)\n"
          "ok credentials: accepted; without them it answers HTTP 401\n" },
        /* The method first: a GET says nothing about credentials. */
        { { false, true, "405 No", "400 Bad", 0, 0 }, "y", true,
          "ok erp: reached, it answers (HTTP 405)\n"
          "ok credentials: accepted; without them it answers HTTP 401\n" },
        { { false, true, "405 No", "400 Bad", 0, 0 }, "z", false,
          "ok erp: reached, it answers (HTTP 405)\n"
          "WRONG erp: the credentials are refused (HTTP 401)\n" },
        { { false, true, "405 No", "400 Bad", 0, 0 }, NULL, false,
          "ok erp: reached, it answers (HTTP 405)\n"
          "WRONG credentials: it asks for them, and none are configured\n" },
        /* It lets everybody in. */
        { { false, false, "405 No", "400 Bad", 0, 0 }, "z", true,
          "ok erp: reached, it answers (HTTP 405)\n"
          "ok credentials: not verified: it answers the same without them\n" },
        { { false, false, "405 No", "400 Bad", 0, 0 }, NULL, true,
          "ok erp: reached, it answers (HTTP 405)\n"
          "ok credentials: none are configured, and it asks for none\n" },
        { { false, false, "500 Bad", "500 Bad", 0, 0 }, "y", false,
          "WRONG erp: it does not work now (HTTP 500)\n" },
        { { false, true, "403 No", "400 Bad", 0, 0 }, "y", false,
          "WRONG erp: no access: an authorization is missing, or the service "
          "is not active (HTTP 403)\n" },
        { { false, true, "404 No", "400 Bad", 0, 0 }, "y", false,
          "WRONG erp: no receiver of IDocs there (HTTP 404)\n" },
        { { false, true, "302 There", "400 Bad", 0, 0 }, "y", false,
          "WRONG erp: it answers with a redirect: to a log-in, probably (HTTP "
          "302)\n" },
        { { false, true, "503 Busy", "400 Bad", 0, 0 }, "y", false,
          "WRONG erp: it does not work now (HTTP 503)\n" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct door d = rows[i].door;
        struct told t;
        char want[800];
        bool good = checked(&d, rows[i].password, &t);

        snprintf(want, sizeof want, "%s%s", rows[i].says,
                 rows[i].good ? seldom : "");
        CHECK_THAT(good == rows[i].good, "row %zu", i);
        CHECK_TEXT(t.text, want);
        CHECK_NUMBER(d.with_body, 0);       /* nothing that could be taken */
    }
}

CHECK_MAIN({ "statuses", test_statuses }, { "endless", test_endless },
           { "refused together", test_refused_together },
           { "whole answers", test_whole_answers }, { "cut", test_cut },
           { "not there", test_not_there },
           { "not for IDocs", test_not_for_idocs }, { "check", test_check },
           { "change", test_change })
