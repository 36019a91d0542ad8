/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check of an OData v2 service: what is said of one that lacks something,
 * and of one whose $metadata is none.
 */
#include "check.h"
#include "fake_http.h"
#include "odata_map.h"
#include "http/client.h"
#include "peer/odata_task.h"

struct setup {
    struct fake fake;
    struct mr_cx cx;
    struct http_client *client;
    struct peer *peer;
    char url[100];
    const char *root, *metadata;    /* what the service answers */
    const char *status;
};

static struct setup s;

static void
serve(void *arg, const struct fake_request *r, struct fake_answer *a)
{
    (void)arg;
    fake_say(a, s.status, "",
             fake_has(r, "/$metadata ") ? s.metadata : s.root);
}

static bool
set_up(void)
{
    static const struct http_auth auth = { .kind = HTTP_AUTH_NONE };
    static const struct http_settings http = { .agent = "mapc/test" };
    struct peer_settings set = { .system = "cloud", .format = MR_ODATA2,
                                 .url = s.url, .auth = &auth, .batch = 2,
                                 .in_flight = 2, .timeout_ms = 3000 };

    memset(&s, 0, sizeof s);
    s.status = "200 OK";
    s.root = "{}";
    mr_cx_init(&s.cx, NULL);
    if (!fake_start(&s.fake, serve, NULL))
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

struct lines {
    int good, bad;
    char last[200], praise[200];
};

static void
line(void *arg, bool good, const char *what, const char *text)
{
    struct lines *l = arg;

    good ? l->good++ : l->bad++;
    if (!good)
        snprintf(l->last, sizeof l->last, "%s: %s", what, text);
    else
        snprintf(l->praise, sizeof l->praise, "%s: %s", what, text);
}

static void
drift(void *arg, const struct peer_drift *d)
{
    struct lines *l = arg;

    l->bad++;
    CHECK(d->breaks);
    snprintf(l->last, sizeof l->last, "%s: %s %s", d->at, d->field, d->text);
}

#define EDMX(version, inside)                                                 \
    "<?xml version=\"1.0\"?><!-- > -->"                                       \
    "<edmx:Edmx Version=\"" version "\">" inside "</edmx:Edmx>"

/* What a service may answer in the place of its $metadata. */
static const struct {
    const char *body, *said;
} no_metadata[] = {
    { "", "$metadata: what comes is no $metadata" },
    { "{\"d\":{}}", "$metadata: what comes is no $metadata" },
    { "<Schema/>", "$metadata: what comes is no $metadata" },
    { "</Edmx>", "$metadata: what comes is no $metadata" },
    { "a < b", "$metadata: what comes is no $metadata" },
    { "<Edmx Version=\"1.0\"><Schema></Schema>",
      "$metadata: it ends in the middle" },
    { "<Edmx Version=\"1.0\"><Schema></Schema></Ed",
      "$metadata: it ends in the middle" },
    { EDMX("4.0", ""), "$metadata: it is of OData 4; OData 2 is spoken here" },
    { EDMX("1.0", ""), "a.map:1: AccountSet is gone: the service "
      "has no such entity set" },
    { "<Edmx/>", "a.map:1: AccountSet is gone: the service has no such "
      "entity set" },
    { "\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "$metadata: the "
      "service answers with a page of HTML: a log-in, probably" },
    { "<HTML>", "$metadata: the service answers with a page of HTML: a "
      "log-in, probably" }
};

static void
test_check(void)
{
    static const struct mr_fact_use uses[] = {
        { .at = "a.map:3", .rule = "cloud.Gone -> erp.X", .read = true }
    };
    static const struct mr_fact facts[] = {
        { .name = "ObjectID", .type = "Edm.String",
          .nullable = true, .uses = uses, .n_uses = 1 },
        { .name = "Gone", .type = "Edm.String",
          .nullable = true, .uses = uses, .n_uses = 1 }
    };
    static const char *const none[] = { NULL };
    static const struct mr_relied relied = {
        .system = "cloud", .type = "Account", .set = "AccountSet",
        .at = "a.map:1", .rule = "map Account", .facts = facts, .n_facts = 2,
        .required = none
    };
    const struct mr_program program = { .relied = &relied, .n_relied = 1 };
    struct lines l = { 0 };
    struct peer_report report = { line, drift, &l, false };

    REQUIRE(set_up());
    s.metadata =
        EDMX("1.0", "<Schema><EntityType Name=\"Account\"><Property "
             "Name=\"ObjectID\" Type=\"Edm.String\"/></EntityType><EntitySet Name=\"AccountSet\" "
             "EntityType=\"x.Account\"/></Schema>");
    CHECK(!s.peer->ops->check(s.peer, &program, &report));
    CHECK_NUMBER(l.good, 2);
    CHECK_TEXT(l.praise, "$metadata: 1 of 1 fields are used, 1 changed: 1 is "
               "gone");
    CHECK_NUMBER(l.bad, 1);
    CHECK_TEXT(l.last, "a.map:3: Account.Gone is gone: the service refuses "
               "requests that name it");
    for (size_t i = 0; i < sizeof no_metadata / sizeof *no_metadata; i++) {
        s.metadata = no_metadata[i].body;
        CHECK(!s.peer->ops->check(s.peer, &program, &report));
        CHECK_TEXT(l.last, no_metadata[i].said);
        CHECK_NUMBER(l.bad, 2 + (int)i);
    }
    s.root = "<!DOCTYPE HTML>";
    CHECK(!s.peer->ops->check(s.peer, &program, &report));
    CHECK_TEXT(l.last, "cloud: the service answers with a page of HTML: a "
               "log-in, probably");
    s.status = "401 Unauthorized";
    CHECK(!s.peer->ops->check(s.peer, &program, &report));
    CHECK_TEXT(l.last, "cloud: the credentials are refused");
    tear_down();
}

CHECK_MAIN({ "check", test_check })
