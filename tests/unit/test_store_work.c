/* SPDX-License-Identifier: Apache-2.0 */
/* What waits in the store, with each backend: intents, messages and their
 * records, what is parked. */
#include "unit/store_rows.h"

static void
intents(struct box *b)
{
    struct store_intent i[3] = {
        { .map = "M", .side = 1, .key = "k", .token = "0000000000000001",
          .sent = { "a\0c", 3 }, .made = 5, .attempts = 4000000000u },
        { .map = "M", .side = 0, .key = "k", .link = 7 },
        { .map = "N", .side = 1, .key = "", .link = 7, .token = "2" },
    };
    struct store_intent got;

    BEGIN(b);
    for (int k = 0; k < 3; k++)
        REQUIRE(CALL(b, intent_put, &i[k]) == MR_OK);
    COMMIT(b);
    REQUIRE(CALL(b, intent_find, "M", 1, "k", 0, &got) == MR_OK);
    CHECK_NUMBER(got.id, i[0].id);
    CHECK_TEXT(got.map, "M");
    CHECK_TEXT(got.key, "k");
    CHECK_TEXT(got.token, "0000000000000001");
    CHECK(got.side == 1 && got.link == 0 && got.made == 5);
    CHECK(got.attempts == 4000000000u && same_bytes(got.sent, i[0].sent));
    CHECK(CALL(b, intent_find, "M", 0, "k", 0, &got) == MR_OK);
    CHECK_NUMBER(got.id, i[1].id);
    CHECK(CALL(b, intent_find, "N", 1, "k", 0, &got) == MR_END);
    /* Empty keys and creations are not found by that. */
    CHECK(CALL(b, intent_find, "N", 1, "", 0, &got) == MR_END);
    CHECK(CALL(b, intent_find, "M", 1, NULL, 0, &got) == MR_END);
    CHECK(CALL(b, intent_find, NULL, -1, NULL, 7, &got) == MR_OK);
    CHECK_NUMBER(got.id, i[1].id);
    CHECK(CALL(b, intent_find, "N", -1, NULL, 7, &got) == MR_OK);
    CHECK_NUMBER(got.id, i[2].id);
    CHECK(CALL(b, intent_find, NULL, 1, NULL, 7, &got) == MR_OK);
    CHECK_NUMBER(got.id, i[2].id);
    CHECK(CALL(b, intent_find, "M", 1, NULL, 7, &got) == MR_END);
    CHECK(CALL(b, intent_next, 0, &got) == MR_OK && got.id == i[0].id);
    CHECK(CALL(b, intent_next, i[0].id, &got) == MR_OK && got.id == i[1].id);
    CHECK(CALL(b, intent_next, i[2].id, &got) == MR_END);
    BEGIN(b);
    i[0].attempts = 2;
    i[0].key = "l";
    CHECK(CALL(b, intent_put, &i[0]) == MR_OK);
    CHECK(CALL(b, intent_drop, i[1].id) == MR_OK);
    CHECK(CALL(b, intent_drop, i[1].id) == MR_END);
    COMMIT(b);
    CHECK(CALL(b, intent_find, "M", 1, "k", 0, &got) == MR_END);
    CHECK(CALL(b, intent_find, "M", 1, "l", 0, &got) == MR_OK);
    CHECK(got.attempts == 2);
    CHECK(CALL(b, intent_find, "M", 0, "k", 0, &got) == MR_END);
}

/* A drop that is taken back was none; ids of what is taken back are given
 * again. */
static void
intents_taken_back(struct box *b)
{
    struct store_intent a = { .map = "M", .side = 1, .key = "k", .token = "1" },
                        c = { .map = "M", .side = 1, .key = "c", .token = "2" },
                        got;

    BEGIN(b);
    REQUIRE(CALL(b, intent_put, &a) == MR_OK);
    COMMIT(b);
    CHECK(CALL(b, intent_find, "M", 1, "k", 0, &got) == MR_OK);
    BEGIN(b);
    CHECK(CALL(b, intent_drop, a.id) == MR_OK);
    CHECK(CALL(b, intent_drop, a.id) == MR_END);
    CHECK(CALL(b, intent_find, "M", 1, "k", 0, &got) == MR_END);
    b->ops->rollback(b->s);
    CHECK(CALL(b, intent_find, "M", 1, "k", 0, &got) == MR_OK);
    BEGIN(b);
    REQUIRE(CALL(b, intent_put, &c) == MR_OK);
    CHECK(CALL(b, intent_drop, c.id) == MR_OK);
    b->ops->rollback(b->s);
    BEGIN(b);
    c.id = 0;
    REQUIRE(CALL(b, intent_put, &c) == MR_OK);
    CHECK(CALL(b, intent_drop, a.id) == MR_OK);
    CHECK(CALL(b, intent_drop, c.id) == MR_OK);
    CHECK(CALL(b, intent_drop, c.id) == MR_END);
    COMMIT(b);
    CHECK(CALL(b, intent_next, 0, &got) == MR_END);
}

static void
messages(struct box *b)
{
    struct store_message m = { .system = "erp", .serial = "0000000000000009",
                               .sealed = { "x\0y", 3 }, .arrived = 8 };
    struct store_message n = { .system = "erp" }, got;

    BEGIN(b);
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    REQUIRE(CALL(b, message_put, &n) == MR_OK);
    m.records = 3;
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    COMMIT(b);
    REQUIRE(CALL(b, message_by_id, m.id, &got) == MR_OK);
    CHECK_TEXT(got.system, "erp");
    CHECK_TEXT(got.serial, "0000000000000009");
    CHECK(same_bytes(got.sealed, m.sealed));
    CHECK(got.id == m.id && got.arrived == 8 && got.records == 3);
    CHECK(CALL(b, message_next, 0, &got) == MR_OK && got.id == m.id);
    CHECK(CALL(b, message_next, m.id, &got) == MR_OK && got.id == n.id);
    CHECK(got.sealed.n == 0 && got.records == 0);
    CHECK_TEXT(got.serial, "");
    CHECK(CALL(b, message_next, n.id, &got) == MR_END);
    BEGIN(b);
    CHECK(CALL(b, message_drop, n.id) == MR_OK);
    CHECK(CALL(b, message_drop, n.id) == MR_END);
    COMMIT(b);
    CHECK(CALL(b, message_by_id, n.id, &got) == MR_END);
}

/* The records of a packet are done with in any order, some twice. */
static void
packets(struct box *b)
{
    static const uint32_t order[] = { 2, 0, 2, 4, 0, 3, 1 };
    struct store_message m = { .system = "erp", .records = 5 }, got;
    struct store_message other = { .system = "erp", .records = 5 };
    bool empty = true, done = true;

    BEGIN(b);
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    REQUIRE(CALL(b, message_put, &other) == MR_OK);
    for (size_t i = 0; i < CHECK_ROWS(order); i++) {
        bool last = i == CHECK_ROWS(order) - 1;

        CHECK(CALL(b, message_done, m.id, order[i], &empty) == MR_OK);
        CHECK_THAT(empty == last, "after %zu", i);
        if (last)
            break;
        CHECK(CALL(b, message_is_done, m.id, order[i], &done) == MR_OK);
        CHECK(done);
        CHECK(CALL(b, message_is_done, m.id, 1, &done) == MR_OK && !done);
    }
    CHECK(CALL(b, message_by_id, m.id, &got) == MR_END);
    CHECK(CALL(b, message_is_done, m.id, 0, &done) == MR_END && done);
    CHECK(CALL(b, message_done, m.id, 0, &empty) == MR_END && empty);
    CHECK(CALL(b, message_is_done, other.id, 0, &done) == MR_OK && !done);
    COMMIT(b);
}

/* Before its records were counted a message does not go; what was done with
 * goes with it. */
static void
packets_uncounted(struct box *b)
{
    struct store_message m = { .system = "erp" }, got;
    bool empty = true, done = true;

    BEGIN(b);
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    CHECK(CALL(b, message_done, m.id, 0, &empty) == MR_OK && !empty);
    m.records = 2;
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    CHECK(CALL(b, message_is_done, m.id, 0, &done) == MR_OK && done);
    CHECK(CALL(b, message_done, m.id, 2, &empty) == MR_EUSAGE && !empty);
    box_forget_error(b);
    CHECK(CALL(b, message_done, m.id, 1, &empty) == MR_OK && empty);
    m.id = 0;
    REQUIRE(CALL(b, message_put, &m) == MR_OK);
    CHECK(CALL(b, message_done, m.id, 1, &empty) == MR_OK && !empty);
    CHECK(CALL(b, message_drop, m.id) == MR_OK);
    CHECK(CALL(b, message_next, 0, &got) == MR_END);
    COMMIT(b);
}

static void
parked_comes_back(struct box *b)
{
    struct store_parked p = full_parked, got;

    BEGIN(b);
    REQUIRE(CALL(b, parked_put, &p) == MR_OK);
    COMMIT(b);
    REQUIRE(CALL(b, parked_by_id, p.id, &got) == MR_OK);
    CHECK(got.id == p.id && got.kind == PARKED_REF && got.side == 1);
    CHECK_TEXT(got.map, p.map);
    CHECK_TEXT(got.record_id, p.record_id);
    CHECK_TEXT(got.key, p.key);
    CHECK_TEXT(got.rule, p.rule);
    CHECK_TEXT(got.reason, p.reason);
    CHECK_TEXT(got.wants_map, p.wants_map);
    CHECK_TEXT(got.wants_key, p.wants_key);
    CHECK(same_bytes(got.detail, p.detail) && got.wants_side == 1);
    CHECK(got.link == 3 && got.message == 4 && got.index == 5);
    CHECK(got.attempts == 6 && got.made == 7 && got.next == 8);
    BEGIN(b);
    p.kind = PARKED_REJECTED;
    p.next = 0;
    CHECK(CALL(b, parked_put, &p) == MR_OK);
    CHECK(CALL(b, parked_by_id, p.id, &got) == MR_OK);
    CHECK(got.kind == PARKED_REJECTED && got.next == 0);
    CHECK(CALL(b, parked_drop, p.id) == MR_OK);
    CHECK(CALL(b, parked_drop, p.id) == MR_END);
    COMMIT(b);
    CHECK(CALL(b, parked_by_id, p.id, &got) == MR_END);
}

/* Ids of the parked records that a query gives, as "1 3 ", counted from the
 * first one. */
static const char *
found_parked(struct box *b, struct store_query q, int64_t first)
{
    static char text[200];
    struct store_parked p;
    enum mr_status st;
    size_t n = 0;

    text[0] = '\0';
    while ((st = CALL(b, parked_next, &q, &p)) == MR_OK && n < 150) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%d ",
                              (int)(p.id - first));
        q.after = p.id;
    }
    return st == MR_END ? text : "error";
}

static void
parked_searched(struct box *b)
{
    struct store_link l = plain_link("A", "left", "right");
    struct store_parked p[] = {
        { .map = "A", .key = "k", .message = 4, .next = 10 },
        { .map = "A", .key = "m", .message = 4, .wants_map = "B",
          .wants_key = "w" },
        { .map = "B", .key = "k", .wants_map = "B", .wants_key = "w",
          .next = 20 },
        { .map = "B", .key = "", .wants_map = "A", .wants_key = "w" },
        { .map = "A", .key = "n", .next = 10 },
    };
    struct store_query q = { 0 };
    int64_t first;

    BEGIN(b);
    REQUIRE(CALL(b, link_put, &l) == MR_OK);
    p[3].link = p[4].link = l.id;
    for (size_t i = 0; i < CHECK_ROWS(p); i++)
        REQUIRE(CALL(b, parked_put, &p[i]) == MR_OK);
    COMMIT(b);
    first = p[0].id;
#define FOUND(want, ...)                                                      \
    q = (struct store_query){ __VA_ARGS__ };                                  \
    CHECK_TEXT(found_parked(b, q, first), want)
    FOUND("0 1 2 3 4 ", .after = 0);
    FOUND("3 4 ", .after = p[2].id);
    FOUND("0 1 4 ", .map = "A");
    FOUND("", .map = "C");
    FOUND("3 4 ", .link = l.id);
    FOUND("4 ", .link = l.id, .map = "A");
    FOUND("", .link = l.id + 1);
    FOUND("0 1 ", .message = 4);
    FOUND("0 2 ", .key = "k");
    FOUND("0 ", .key = "k", .map = "A");
    FOUND("3 4 ", .key = "right");
    FOUND("3 ", .key = "left", .map = "B");
    FOUND("1 2 ", .wants_map = "B");
    FOUND("1 2 3 ", .wants_key = "w");
    FOUND("1 2 ", .wants_map = "B", .wants_key = "w");
    FOUND("", .wants_map = "C", .wants_key = "w");
    FOUND("", .due = 9);
    FOUND("0 4 ", .due = 10);
    FOUND("0 2 4 ", .due = 20);
    FOUND("2 4 ", .due = INT64_MAX, .after = p[0].id);
    FOUND("2 ", .due = 20, .map = "B");
    FOUND("0 ", .due = 20, .message = 4, .key = "k");
#undef FOUND
}

/* Many due ones, so that each way to search for them is used. */
static void
parked_many_due(struct box *b)
{
    enum { N = 5000 };
    struct store_parked p;
    struct store_query q = { .due = 1000 };
    int64_t ids[N];
    int seen = 0;

    BEGIN(b);
    for (int i = 0; i < N; i++) {
        p = (struct store_parked){ .map = "M", .next = i % 5 == 4 ? 1001 : 7 };
        REQUIRE(CALL(b, parked_put, &p) == MR_OK);
        ids[i] = p.id;
    }
    for (; CALL(b, parked_next, &q, &p) == MR_OK; seen++) {
        CHECK_NUMBER(p.id, ids[seen / 4 * 5 + seen % 4]);
        q.after = p.id;
        p.next = 0;
        CHECK(seen % 2 == 0 || CALL(b, parked_put, &p) == MR_OK);
        CHECK(seen % 2 == 1 || CALL(b, parked_drop, q.after) == MR_OK);
    }
    CHECK_NUMBER(seen, N / 5 * 4);
    q.after = 0;
    CHECK(CALL(b, parked_next, &q, &p) == MR_END);
    COMMIT(b);
}

EACH(intents)
EACH(intents_taken_back)
EACH(messages)
EACH(packets)
EACH(packets_uncounted)
EACH(parked_comes_back)
EACH(parked_searched)
EACH(parked_many_due)

CHECK_MAIN({ "intents", test_intents },
           { "intents taken back", test_intents_taken_back },
           { "messages", test_messages },
           { "packets", test_packets },
           { "packets that are not counted", test_packets_uncounted },
           { "a parked record comes back", test_parked_comes_back },
           { "parked records searched", test_parked_searched },
           { "many parked records are due", test_parked_many_due })
