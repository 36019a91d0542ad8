/* SPDX-License-Identifier: Apache-2.0 */
/* What store.h promises, of each backend: every function, what a transaction
 * keeps, what a crash leaves. */
#include "unit/store_backends.h"

static const char *const texts[] = {
    "", "42", "Müller & Söhne \xf0\x9f\x98\x80", "a\x1fz\x1f", "it's; --",
    "%_*?", " ", "0042",
};

static struct mr_bytes
bytes(const char *p, size_t n)
{
    struct mr_bytes b = { p, n };

    return b;
}

static bool
same_bytes(struct mr_bytes a, struct mr_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* NULL is kept as "". */
static const char *
kept(const char *text)
{
    return text == NULL ? "" : text;
}

static void
check_link(const struct store_link *a, const struct store_link *b)
{
    CHECK_NUMBER(a->id, b->id);
    CHECK_TEXT(a->map, b->map);
    for (int i = 0; i < 2; i++) {
        CHECK_TEXT(a->ids[i], b->ids[i]);
        CHECK_TEXT(a->keys[i], b->keys[i]);
        CHECK_TEXT(a->etags[i], kept(b->etags[i]));
        CHECK_TEXT(a->serials[i], kept(b->serials[i]));
        CHECK_NUMBER(a->written[i], b->written[i]);
        CHECK_NUMBER(a->seen[i], b->seen[i]);
        CHECK(a->gone[i] == b->gone[i]);
    }
    CHECK(same_bytes(a->base, b->base));
    CHECK(same_bytes(a->kept, b->kept));
    CHECK_NUMBER(a->made, b->made);
    CHECK_NUMBER(a->changed, b->changed);
}

static const struct store_link full_link = {
    .map = "Account", .ids = { "00163E", "0000042" },
    .keys = { "K-1", "a\x1f" "b" }, .etags = { "W/\"1\"", "" },
    .serials = { "", "0000000000000042" }, .written = { 1, INT64_MAX },
    .seen = { -1, 4 }, .gone = { false, true },
    .base = { "a\0b\0", 4 }, .kept = { "\0", 1 }, .made = 5, .changed = 6,
};

/* A link with ids and keys "<left>"; the rest is empty. */
static struct store_link
plain_link(const char *map, const char *left, const char *right)
{
    struct store_link l = { .map = map, .ids = { left, right },
                            .keys = { left, right } };

    return l;
}

static void
link_comes_back(struct box *b)
{
    struct store_link a = full_link, got;

    CHECK(CALL(b, link_by_id, 1, &got) == MR_END);
    BEGIN(b);
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    CHECK(a.id > 0);
    REQUIRE(CALL(b, link_by_id, a.id, &got) == MR_OK);
    check_link(&got, &a);
    COMMIT(b);
    REQUIRE(CALL(b, link_by_record, "Account", 0, "00163E", &got) == MR_OK);
    check_link(&got, &a);
    REQUIRE(CALL(b, link_by_record, "Account", 1, "0000042", &got) == MR_OK);
    check_link(&got, &a);
    REQUIRE(CALL(b, link_by_key, "Account", 0, "K-1", &got) == MR_OK);
    check_link(&got, &a);
    REQUIRE(CALL(b, link_by_key, "Account", 1, "a\x1f" "b", &got) == MR_OK);
    check_link(&got, &a);
    /* Neither the other map nor the other side, nor the id as a key. */
    CHECK(CALL(b, link_by_record, "Contact", 0, "00163E", &got) == MR_END);
    CHECK(CALL(b, link_by_record, "Account", 1, "00163E", &got) == MR_END);
    CHECK(CALL(b, link_by_key, "Account", 0, "00163E", &got) == MR_END);
    CHECK(CALL(b, link_by_id, a.id + 1, &got) == MR_END);
}

static void
link_is_replaced(struct box *b)
{
    struct store_link a = full_link, got, other = plain_link("M", "x", "y");

    BEGIN(b);
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    REQUIRE(CALL(b, link_put, &other) == MR_OK);
    /* What is not searched by changes alone, then all of it. */
    a.base = bytes("new", 3);
    a.changed = 7;
    a.etags[1] = "2";
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    REQUIRE(CALL(b, link_by_id, a.id, &got) == MR_OK);
    check_link(&got, &a);
    a.ids[0] = "00163F";
    a.keys[1] = "c";
    a.gone[1] = false;
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    CHECK(CALL(b, link_by_record, "Account", 0, "00163E", &got) == MR_END);
    CHECK(CALL(b, link_by_key, "Account", 1, "a\x1f" "b", &got) == MR_END);
    REQUIRE(CALL(b, link_by_record, "Account", 0, "00163F", &got) == MR_OK);
    check_link(&got, &a);
    REQUIRE(CALL(b, link_by_key, "Account", 1, "c", &got) == MR_OK);
    check_link(&got, &a);
    /* What was read may be put again, as it is. */
    got.seen[0] = 99;
    a.seen[0] = 99;
    REQUIRE(CALL(b, link_put, &got) == MR_OK);
    REQUIRE(CALL(b, link_by_id, a.id, &got) == MR_OK);
    check_link(&got, &a);
    a.id = 1000;
    CHECK(CALL(b, link_put, &a) == MR_END);
    COMMIT(b);
    REQUIRE(CALL(b, link_by_id, other.id, &got) == MR_OK);
    check_link(&got, &other);
}

static void
link_texts(struct box *b)
{
    int64_t ids[CHECK_ROWS(texts)];
    struct store_link got;

    BEGIN(b);
    for (size_t i = 0; i < CHECK_ROWS(texts); i++) {
        struct store_link l = plain_link("M", texts[i], texts[i]);

        REQUIRE(CALL(b, link_put, &l) == MR_OK);
        ids[i] = l.id;
    }
    COMMIT(b);
    for (size_t i = 0; i < CHECK_ROWS(texts); i++)
        for (int side = 0; side < 2; side++) {
            enum mr_status want = i == 0 ? MR_END : MR_OK;

            CHECK(CALL(b, link_by_key, "M", side, texts[i], &got) == want);
            CHECK(want == MR_END || got.id == ids[i]);
            CHECK(CALL(b, link_by_record, "M", side, texts[i], &got) == want);
            CHECK(want == MR_END || got.id == ids[i]);
        }
    CHECK(CALL(b, link_by_key, "M", 0, "a\x1f", &got) == MR_END);
}

/* A record that was deleted, and made again with the same key. */
static void
link_of_several(struct box *b)
{
    struct store_link l[3], got;

    BEGIN(b);
    for (int i = 0; i < 3; i++) {
        l[i] = plain_link("M", "7", "8");
        l[i].gone[0] = i != 1;
        REQUIRE(CALL(b, link_put, &l[i]) == MR_OK);
    }
    REQUIRE(CALL(b, link_by_key, "M", 1, "8", &got) == MR_OK);
    CHECK_NUMBER(got.id, l[1].id);
    l[1].gone[1] = true;
    REQUIRE(CALL(b, link_put, &l[1]) == MR_OK);
    REQUIRE(CALL(b, link_by_record, "M", 0, "7", &got) == MR_OK);
    CHECK_NUMBER(got.id, l[2].id);
    l[0].gone[0] = l[1].gone[0] = l[1].gone[1] = false;
    REQUIRE(CALL(b, link_put, &l[0]) == MR_OK);
    REQUIRE(CALL(b, link_put, &l[1]) == MR_OK);
    REQUIRE(CALL(b, link_by_record, "M", 0, "7", &got) == MR_OK);
    CHECK_NUMBER(got.id, l[1].id);
    COMMIT(b);
}

static void
link_empty_parts(struct box *b)
{
    struct store_link l = { .map = "M" }, got, want = plain_link("M", "", "");

    BEGIN(b);
    REQUIRE(CALL(b, link_put, &l) == MR_OK);
    COMMIT(b);
    want.id = l.id;
    REQUIRE(CALL(b, link_by_id, l.id, &got) == MR_OK);
    check_link(&got, &want);
}

static void
links_in_order(struct box *b)
{
    enum { N = 200 };
    int64_t ids[N], after = 0;
    struct store_link l;
    uint64_t n = 0;
    int seen = 0;
    char text[20];

    BEGIN(b);
    for (int i = 0; i < N; i++) {
        snprintf(text, sizeof text, "%d", i);
        l = plain_link(i % 4 == 0 ? "Four" : "Rest", text, "");
        REQUIRE(CALL(b, link_put, &l) == MR_OK);
        CHECK(i == 0 || l.id > ids[i - 1]);
        ids[i] = l.id;
    }
    COMMIT(b);
    for (int i = 0; i < N; i++, after = l.id) {
        REQUIRE(CALL(b, link_next, NULL, after, &l) == MR_OK);
        CHECK_NUMBER(l.id, ids[i]);
    }
    CHECK(CALL(b, link_next, NULL, after, &l) == MR_END);
    CHECK(CALL(b, link_next, NULL, INT64_MAX, &l) == MR_END);
    for (after = 0; CALL(b, link_next, "Four", after, &l) == MR_OK;
         after = l.id)
        CHECK_NUMBER(l.id, ids[4 * seen++]);
    CHECK_NUMBER(seen, N / 4);
    CHECK(CALL(b, link_count, "Four", &n) == MR_OK && n == N / 4);
    CHECK(CALL(b, link_count, "Rest", &n) == MR_OK && n == N - N / 4);
    CHECK(CALL(b, link_count, "Other", &n) == MR_OK && n == 0);
    CHECK(CALL(b, link_count, NULL, &n) == MR_OK && n == N);
}

/* Each link is dropped, or changed and another one made, as it is passed. */
static void
links_while_changing(struct box *b)
{
    enum { N = 60 };
    int64_t after = 0;
    struct store_link l;
    uint64_t n = 0;
    int passed = 0;
    char text[20];

    BEGIN(b);
    for (int i = 0; i < N; i++) {
        snprintf(text, sizeof text, "%d", i);
        l = plain_link("M", text, "");
        REQUIRE(CALL(b, link_put, &l) == MR_OK);
    }
    while (CALL(b, link_next, "M", after, &l) == MR_OK) {
        after = l.id;
        passed++;
        if (l.id % 2 == 0) {
            CHECK(CALL(b, link_drop, l.id) == MR_OK);
            CHECK(CALL(b, link_drop, after) == MR_END);
        } else {
            l.keys[1] = l.changed == 0 ? "first" : "second";
            l.changed++;
            CHECK(CALL(b, link_put, &l) == MR_OK);
        }
        if (passed == N / 2) {
            l = plain_link("M", "late", "");
            CHECK(CALL(b, link_put, &l) == MR_OK);
        }
    }
    CHECK_NUMBER(passed, N + 1);
    COMMIT(b);
    CHECK(CALL(b, link_count, "M", &n) == MR_OK && n == N / 2 + 1);
    CHECK(CALL(b, link_by_key, "M", 1, "second", &l) == MR_END);
    CHECK(CALL(b, link_by_key, "M", 0, "late", &l) == MR_OK);
}

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

static const struct store_parked full_parked = {
    .kind = PARKED_REF, .map = "Order", .side = 1, .record_id = "id",
    .key = "k", .link = 3, .message = 4, .index = 5, .rule = "a.map:3:1",
    .reason = "waits", .detail = { "\0", 1 }, .wants_map = "Account",
    .wants_key = "A\x1f" "B", .wants_side = 1, .attempts = 6, .made = 7,
    .next = 8,
};

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

static void
decision_comes_back(struct box *b)
{
    struct store_decision d = {
        .link = 4, .rule = -1, .row = UINT64_MAX, .from = 1,
        .outcome = DECIDED_PERSON, .policy = "newest", .left = "", .right = "r",
        .detail = { "\0\1", 2 }, .at = 9
    };
    struct store_query q = { 0 };
    struct store_decision got;

    BEGIN(b);
    REQUIRE(CALL(b, decision_put, &d) == MR_OK);
    COMMIT(b);
    REQUIRE(CALL(b, decision_next, &q, &got) == MR_OK);
    CHECK(got.id == d.id && got.link == 4 && got.rule == -1 && got.from == 1);
    CHECK(got.row == UINT64_MAX && got.outcome == DECIDED_PERSON);
    CHECK_TEXT(got.policy, "newest");
    CHECK_TEXT(got.left, "");
    CHECK_TEXT(got.right, "r");
    CHECK(got.base == NULL && got.at == 9);
    CHECK(same_bytes(got.detail, d.detail));
}

/* As found_parked, the newest first. */
static const char *
found_decisions(struct box *b, struct store_query q, int64_t first)
{
    static char text[200];
    struct store_decision d;
    enum mr_status st;
    size_t n = 0;

    text[0] = '\0';
    while ((st = CALL(b, decision_next, &q, &d)) == MR_OK && n < 150) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%d ",
                              (int)(d.id - first));
        q.after = d.id;
        if (d.id == first)
            break;
    }
    return st < 0 ? "error" : text;
}

static void
decisions_searched(struct box *b)
{
    struct store_link l[2] = { plain_link("A", "k", "m"),
                               plain_link("B", "k", "n") };
    struct store_decision d[5];
    struct store_query q;
    int64_t first;

    BEGIN(b);
    REQUIRE(CALL(b, link_put, &l[0]) == MR_OK);
    REQUIRE(CALL(b, link_put, &l[1]) == MR_OK);
    for (int i = 0; i < 5; i++) {
        d[i] = (struct store_decision){
            .link = i == 4 ? 99 : l[i % 2].id, .rule = i
        };
        REQUIRE(CALL(b, decision_put, &d[i]) == MR_OK);
    }
    first = d[0].id;
#define FOUND(want, ...)                                                      \
    q = (struct store_query){ __VA_ARGS__ };                                  \
    CHECK_TEXT(found_decisions(b, q, first), want)
    FOUND("4 3 2 1 0 ", .after = 0);
    FOUND("1 0 ", .after = d[2].id);
    FOUND("2 0 ", .link = l[0].id);
    FOUND("4 ", .link = 99);
    FOUND("3 1 ", .map = "B");
    FOUND("3 2 1 0 ", .key = "k");
    FOUND("3 1 ", .key = "n");
    FOUND("2 0 ", .key = "k", .map = "A");
    FOUND("", .key = "n", .map = "A");
    CHECK(CALL(b, decision_drop, l[0].id) == MR_OK);
    CHECK(CALL(b, decision_drop, l[0].id) == MR_OK);
    COMMIT(b);
    FOUND("4 3 1 ", .after = 0);
#undef FOUND
}

static void
decisions_trimmed(struct box *b)
{
    static const int64_t times[] = { 10, 20, 20, 30, 25, 40 };
    struct store_decision d;
    struct store_query q = { 0 };
    uint32_t n = 9;
    int64_t first = 0;

    BEGIN(b);
    CHECK(CALL(b, decision_trim, 100, 5, &n) == MR_OK && n == 0);
    for (size_t i = 0; i < CHECK_ROWS(times); i++) {
        d = (struct store_decision){ .link = 1, .at = times[i] };
        REQUIRE(CALL(b, decision_put, &d) == MR_OK);
        first = i == 0 ? d.id : first;
    }
    CHECK(CALL(b, decision_trim, 10, 5, &n) == MR_OK && n == 0);
    CHECK(CALL(b, decision_trim, 30, 2, &n) == MR_OK && n == 2);
    CHECK_TEXT(found_decisions(b, q, first), "5 4 3 2 ");
    CHECK(CALL(b, decision_trim, 30, 2, &n) == MR_OK && n == 1);
    CHECK_TEXT(found_decisions(b, q, first), "5 4 3 ");
    CHECK(CALL(b, decision_trim, 30, 9, &n) == MR_OK && n == 1);
    CHECK_TEXT(found_decisions(b, q, first), "5 3 ");
    COMMIT(b);
}

static void
marks(struct box *b)
{
    struct store_mark m = { .map = "M", .side = 1, .mark = "2024-01-01",
                            .load = "token", .loaded = UINT64_MAX,
                            .polled = 5, .swept = 6 };
    struct store_mark got = { .mark = NULL, .polled = 1 };

    CHECK(CALL(b, mark_get, "M", 1, &got) == MR_END);
    CHECK_TEXT(got.mark, "");
    CHECK_TEXT(got.load, "");
    CHECK(got.loaded == 0 && got.polled == 0 && got.swept == 0);
    BEGIN(b);
    REQUIRE(CALL(b, mark_put, &m) == MR_OK);
    m.side = 0;
    m.mark = "0";
    REQUIRE(CALL(b, mark_put, &m) == MR_OK);
    m.mark = "1";
    m.load = NULL;
    REQUIRE(CALL(b, mark_put, &m) == MR_OK);
    COMMIT(b);
    REQUIRE(CALL(b, mark_get, "M", 1, &got) == MR_OK);
    CHECK_TEXT(got.map, "M");
    CHECK_TEXT(got.mark, "2024-01-01");
    CHECK_TEXT(got.load, "token");
    CHECK(got.side == 1 && got.loaded == UINT64_MAX);
    CHECK(got.polled == 5 && got.swept == 6);
    REQUIRE(CALL(b, mark_get, "M", 0, &got) == MR_OK);
    CHECK_TEXT(got.mark, "1");
    CHECK_TEXT(got.load, "");
    CHECK(CALL(b, mark_get, "N", 0, &got) == MR_END);
    /* What was read may be put as it is. */
    BEGIN(b);
    REQUIRE(CALL(b, mark_get, "M", 1, &got) == MR_OK);
    got.polled = 50;
    CHECK(CALL(b, mark_put, &got) == MR_OK);
    COMMIT(b);
    CHECK(CALL(b, mark_get, "M", 1, &got) == MR_OK && got.polled == 50);
    CHECK_TEXT(got.mark, "2024-01-01");
}

static void
metas(struct box *b)
{
    struct mr_bytes got = { NULL, 1 };

    CHECK(CALL(b, meta_get, "version", &got) == MR_END && got.n == 0);
    BEGIN(b);
    CHECK(CALL(b, meta_put, "version", bytes("1\0", 2)) == MR_OK);
    CHECK(CALL(b, meta_put, "version", bytes("2\0a", 3)) == MR_OK);
    CHECK(CALL(b, meta_put, "other", bytes("x", 1)) == MR_OK);
    CHECK(CALL(b, meta_put, "none", bytes(NULL, 0)) == MR_OK);
    COMMIT(b);
    CHECK(CALL(b, meta_get, "version", &got) == MR_OK);
    CHECK(same_bytes(got, bytes("2\0a", 3)));
    CHECK(CALL(b, meta_get, "none", &got) == MR_END);
    BEGIN(b);
    CHECK(CALL(b, meta_put, "version", bytes("", 0)) == MR_OK);
    CHECK(CALL(b, meta_get, "version", &got) == MR_END);
    COMMIT(b);
    CHECK(CALL(b, meta_get, "other", &got) == MR_OK && got.n == 1);
}

static void
check_counts(struct box *b, int links, int intents_n, int messages_n,
             int parked, int decisions)
{
    struct store_counts n = { 0 };

    CHECK(b->ops->counts(&b->cx, b->s, &n) == MR_OK);
    CHECK_NUMBER(n.links, links);
    CHECK_NUMBER(n.intents, intents_n);
    CHECK_NUMBER(n.messages, messages_n);
    CHECK_NUMBER(n.parked, parked);
    CHECK_NUMBER(n.decisions, decisions);
}

/* One row of each kind; the link's id. */
static int64_t
put_all(struct box *b)
{
    struct store_link l = full_link;
    struct store_intent i = { .map = "M", .key = "k" };
    struct store_message m = { .system = "erp", .records = 2 };
    struct store_parked p = full_parked;
    struct store_decision d = { 0 };
    struct store_mark mark = { .map = "M", .mark = "5" };
    bool empty;

    CHECK(CALL(b, link_put, &l) == MR_OK);
    CHECK(CALL(b, intent_put, &i) == MR_OK);
    CHECK(CALL(b, message_put, &m) == MR_OK);
    CHECK(CALL(b, message_done, m.id, 1, &empty) == MR_OK);
    CHECK(CALL(b, parked_put, &p) == MR_OK);
    d.link = l.id;
    CHECK(CALL(b, decision_put, &d) == MR_OK);
    CHECK(CALL(b, decision_put, &d) == (d.id == 0 ? MR_END : MR_OK));
    d.id = 0;
    CHECK(CALL(b, decision_put, &d) == MR_OK);
    CHECK(CALL(b, mark_put, &mark) == MR_OK);
    CHECK(CALL(b, meta_put, "name", bytes("value", 5)) == MR_OK);
    return l.id;
}

static void
counted(struct box *b)
{
    struct store_intent i;
    int64_t link;

    check_counts(b, 0, 0, 0, 0, 0);
    BEGIN(b);
    link = put_all(b);
    check_counts(b, 1, 1, 1, 1, 2);
    COMMIT(b);
    check_counts(b, 1, 1, 1, 1, 2);
    BEGIN(b);
    CHECK(CALL(b, decision_drop, link) == MR_OK);
    CHECK(CALL(b, intent_next, 0, &i) == MR_OK);
    CHECK(CALL(b, intent_drop, i.id) == MR_OK);
    check_counts(b, 1, 0, 1, 1, 0);
    b->ops->rollback(b->s);
    check_counts(b, 1, 1, 1, 1, 2);
}

/* Everything that a turn did is taken back, ids as well. */
static void
rolled_back(struct box *b)
{
    struct store_link l = full_link, got;
    struct store_message m;
    struct store_mark mark;
    struct mr_bytes value;
    int64_t id, again;
    bool done = true;

    BEGIN(b);
    b->ops->rollback(b->s);
    b->ops->rollback(b->s);
    BEGIN(b);
    id = put_all(b);
    b->ops->rollback(b->s);
    check_counts(b, 0, 0, 0, 0, 0);
    CHECK(CALL(b, link_by_key, "Account", 0, "K-1", &got) == MR_END);
    CHECK(CALL(b, mark_get, "M", 0, &mark) == MR_END);
    CHECK(CALL(b, meta_get, "name", &value) == MR_END);
    BEGIN(b);
    again = put_all(b);
    CHECK_NUMBER(again, id);
    COMMIT(b);
    BEGIN(b);
    REQUIRE(CALL(b, link_by_id, id, &got) == MR_OK);
    got.keys[0] = "changed";
    got.base = bytes("changed", 7);
    CHECK(CALL(b, link_put, &got) == MR_OK);
    CHECK(CALL(b, link_drop, id) == MR_OK);
    CHECK(CALL(b, link_put, &l) == MR_OK);
    CHECK(CALL(b, message_next, 0, &m) == MR_OK);
    CHECK(CALL(b, message_done, m.id, 0, &done) == MR_OK && done);
    CHECK(CALL(b, meta_put, "name", bytes("", 0)) == MR_OK);
    mark = (struct store_mark){ .map = "M", .mark = "6" };
    CHECK(CALL(b, mark_put, &mark) == MR_OK);
    b->ops->rollback(b->s);
    l.id = id;
    REQUIRE(CALL(b, link_by_key, "Account", 0, "K-1", &got) == MR_OK);
    check_link(&got, &l);
    CHECK(CALL(b, link_by_key, "Account", 0, "changed", &got) == MR_END);
    CHECK(CALL(b, message_is_done, 1, 0, &done) == MR_OK && !done);
    CHECK(CALL(b, message_is_done, 1, 1, &done) == MR_OK && done);
    CHECK(CALL(b, meta_get, "name", &value) == MR_OK && value.n == 5);
    CHECK(CALL(b, mark_get, "M", 0, &mark) == MR_OK);
    CHECK_TEXT(mark.mark, "5");
    check_counts(b, 1, 1, 1, 1, 2);
}

/* Puts belong into a turn, and there is one turn. */
static void
outside_of_turns(struct box *b)
{
    struct store_link l = full_link;
    struct store_mark m = { .map = "M" };

    CHECK(CALL(b, link_put, &l) == MR_EUSAGE);
    CHECK(b->cx.error.text[0] != '\0');
    box_forget_error(b);
    CHECK(CALL(b, link_drop, 1) == MR_EUSAGE);
    box_forget_error(b);
    CHECK(CALL(b, mark_put, &m) == MR_EUSAGE);
    box_forget_error(b);
    CHECK(CALL(b, decision_drop, 1) == MR_EUSAGE);
    box_forget_error(b);
    CHECK(CALL(b, meta_put, "a", bytes("b", 1)) == MR_EUSAGE);
    box_forget_error(b);
    CHECK(CALL(b, meta_put, "a", bytes("", 0)) == MR_EUSAGE);
    box_forget_error(b);
    CHECK(b->ops->commit(&b->cx, b->s) == MR_EUSAGE);
    box_forget_error(b);
    BEGIN(b);
    CHECK(b->ops->begin(&b->cx, b->s) == MR_EUSAGE);
    box_forget_error(b);
    COMMIT(b);
}

/* An error leaves the turn as it was, to be rolled back. */
static void
refused(struct box *b)
{
    struct store_parked p = full_parked;
    struct store_intent i = { .map = "M", .side = 2 };
    struct store_link l = full_link;

    BEGIN(b);
    p.kind = (enum store_parked_kind)100;
    CHECK(CALL(b, parked_put, &p) == MR_EUSAGE);
    CHECK_TEXT(b->cx.error.text, "store: parked.kind is out of range");
    box_forget_error(b);
    CHECK(CALL(b, intent_put, &i) == MR_EUSAGE);
    CHECK_TEXT(b->cx.error.text, "store: intent.side is out of range");
    box_forget_error(b);
    l.base.n = (256 << 20) + 1;
    CHECK(CALL(b, link_put, &l) == MR_ELIMIT);
    CHECK_TEXT(b->cx.error.text, "store: link.base is larger than 256 MB");
    box_forget_error(b);
    COMMIT(b);
    check_counts(b, 0, 0, 0, 0, 0);
}

/* An id of a row that went is not given out again. */
static void
ids_used_once(struct box *b)
{
    struct store_parked p = full_parked;
    int64_t first;

    BEGIN(b);
    REQUIRE(CALL(b, parked_put, &p) == MR_OK);
    first = p.id;
    REQUIRE(CALL(b, parked_drop, p.id) == MR_OK);
    COMMIT(b);
    if (b->backend->lasts) {
        box_close(b);
        REQUIRE(box_open(b));
    }
    BEGIN(b);
    p = full_parked;
    REQUIRE(CALL(b, parked_put, &p) == MR_OK);
    CHECK(p.id > first);
    COMMIT(b);
}

static void
big_blobs(struct box *b)
{
    enum { N = 20 << 20 };
    struct store_message m = { .system = "erp" }, got;
    struct store_link l = full_link, back;
    char *p = malloc(N);

    REQUIRE(p != NULL);
    for (size_t i = 0; i < N; i++)
        p[i] = (char)(i * 2654435761u >> 24);
    BEGIN(b);
    m.sealed = bytes(p, N);
    l.base = bytes(p, N / 2);
    l.kept = bytes(p + 1, N / 4);
    CHECK(CALL(b, message_put, &m) == MR_OK);
    CHECK(CALL(b, link_put, &l) == MR_OK);
    CHECK(b->ops->commit(&b->cx, b->s) == MR_OK);
    CHECK(CALL(b, message_by_id, m.id, &got) == MR_OK);
    CHECK(got.sealed.n == N && memcmp(got.sealed.p, p, N) == 0);
    CHECK(CALL(b, link_by_id, l.id, &back) == MR_OK);
    check_link(&back, &l);
    free(p);
}

/* Closed in the middle of a turn, which is what a crash leaves of it. */
static void
reopened(struct box *b)
{
    struct store_link got, want = full_link;
    struct store_mark mark;
    struct mr_bytes value;
    bool done = false;
    int64_t id;

    BEGIN(b);
    id = put_all(b);
    COMMIT(b);
    BEGIN(b);
    put_all(b);
    CHECK(CALL(b, link_drop, id) == MR_OK);
    box_close(b);
    REQUIRE(box_open(b));
    check_counts(b, 1, 1, 1, 1, 2);
    want.id = id;
    REQUIRE(CALL(b, link_by_record, "Account", 0, "00163E", &got) == MR_OK);
    check_link(&got, &want);
    CHECK(CALL(b, mark_get, "M", 0, &mark) == MR_OK);
    CHECK_TEXT(mark.mark, "5");
    CHECK(CALL(b, meta_get, "name", &value) == MR_OK && value.n == 5);
    CHECK(CALL(b, message_is_done, 1, 1, &done) == MR_OK && done);
    BEGIN(b);
    want.id = 0;
    CHECK(CALL(b, link_put, &want) == MR_OK);
    CHECK_NUMBER(want.id, id + 1);
    COMMIT(b);
}

/* A second program on the same store is refused. */
static void
opened_twice(struct box *b)
{
    struct box other = *b;

    CHECK(other.backend->open(&other) != MR_OK);
    CHECK(other.cx.error.text[0] != '\0');
    box_close(b);
    CHECK(box_open(b));
}

#define EACH(name)                                                            \
    static void test_##name(void) { each_backend(name, false); }
#define LASTING(name)                                                         \
    static void test_##name(void) { each_backend(name, true); }

EACH(link_comes_back)
EACH(link_is_replaced)
EACH(link_texts)
EACH(link_of_several)
EACH(link_empty_parts)
EACH(links_in_order)
EACH(links_while_changing)
EACH(intents)
EACH(messages)
EACH(packets)
EACH(packets_uncounted)
EACH(parked_comes_back)
EACH(parked_searched)
EACH(parked_many_due)
EACH(decision_comes_back)
EACH(decisions_searched)
EACH(decisions_trimmed)
EACH(marks)
EACH(metas)
EACH(counted)
EACH(rolled_back)
EACH(outside_of_turns)
EACH(refused)
EACH(ids_used_once)
EACH(big_blobs)
LASTING(reopened)
LASTING(opened_twice)

CHECK_MAIN({ "a link comes back", test_link_comes_back },
           { "a link is replaced", test_link_is_replaced },
           { "texts of all kinds", test_link_texts },
           { "several links of one key", test_link_of_several },
           { "a link of empty parts", test_link_empty_parts },
           { "links in order", test_links_in_order },
           { "links while they change", test_links_while_changing },
           { "intents", test_intents }, { "messages", test_messages },
           { "packets", test_packets },
           { "packets that are not counted", test_packets_uncounted },
           { "a parked record comes back", test_parked_comes_back },
           { "parked records searched", test_parked_searched },
           { "many parked records are due", test_parked_many_due },
           { "a decision comes back", test_decision_comes_back },
           { "decisions searched", test_decisions_searched },
           { "decisions trimmed", test_decisions_trimmed },
           { "marks", test_marks }, { "small values", test_metas },
           { "counts", test_counted }, { "rollback", test_rolled_back },
           { "outside of turns", test_outside_of_turns },
           { "refused rows", test_refused },
           { "ids are used once", test_ids_used_once },
           { "big blobs", test_big_blobs },
           { "reopened after a crash", test_reopened },
           { "opened twice", test_opened_twice })
