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
    char last[200];
};

static void
line(void *arg, bool good, const char *what, const char *text)
{
    struct lines *l = arg;

    good ? l->good++ : l->bad++;
    snprintf(l->last, sizeof l->last, "%s: %s", what, text);
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
    { EDMX("1.0", ""), "AccountSet: the service has no such entity set" },
    { "<Edmx/>", "AccountSet: the service has no such entity set" },
    { "\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "$metadata: the "
      "service answers with a page of HTML: a log-in, probably" },
    { "<HTML>", "$metadata: the service answers with a page of HTML: a "
      "log-in, probably" }
};

static void
test_check(void)
{
    static const struct mr_member members[] = {
        { .name = "ObjectID", .name_n = 8, .kind = MR_VALUE },
        { .name = "Gone", .name_n = 4, .kind = MR_VALUE },
    };
    static const struct mr_shape shape = { .name = "Account", .n_read = 2,
                                           .read = members,
                                           .set = "AccountSet" };
    static const struct mr_doc from = { .system = "cloud",
                                        .format = MR_ODATA2, .shape = &shape };
    static const struct mr_doc to = { .system = "erp", .format = MR_IDOC };
    static const struct mr_flow flow = { .from = &from, .to = &to };
    struct mr_map map = odata_map;
    const struct mr_map *maps[] = { &map };
    struct mr_program program = { .maps = maps, .n_maps = 1 };
    struct lines l = { 0 };
    struct peer_report report = { line, &l };

    map.to_right = &flow;
    map.to_left = &flow;        /* what is missing is said once */
    REQUIRE(set_up());
    s.metadata =
        EDMX("1.0", "<Schema><EntityType Name=\"Account\"><Property "
             "Name=\"ObjectID\"/></EntityType><EntitySet Name=\"AccountSet\" "
             "EntityType=\"x.Account\"/></Schema>");
    CHECK(!s.peer->ops->check(s.peer, &program, &report));
    CHECK_NUMBER(l.good, 1);
    CHECK_NUMBER(l.bad, 1);
    CHECK_TEXT(l.last, "Account: AccountSet has no property Gone any more");
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
