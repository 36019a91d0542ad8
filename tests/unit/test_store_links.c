/* SPDX-License-Identifier: Apache-2.0 */
/* Links in the store, with each backend: kept as they are, found by what their
 * records are known by, walked through while they change. */
#include "unit/store_rows.h"

static const char *const texts[] = {
    "", "42", "Müller & Söhne \xf0\x9f\x98\x80", "a\x1fz\x1f", "it's; --",
    "%_*?", " ", "0042",
};

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

/* A link and what its records looked like. */
static bool
looked(struct box *b, struct store_link *l)
{
    *l = plain_link("M", "x", "y");
    return CALL(b, link_put, l) == MR_OK &&
           CALL(b, look_put, l->id, 0, 7) == MR_OK &&
           CALL(b, look_put, l->id, 1, UINT64_MAX) == MR_OK;
}

static void
link_looks(struct box *b)
{
    struct store_link l, other = plain_link("M", "z", "");
    uint64_t look = 0;

    BEGIN(b);
    REQUIRE(CALL(b, link_put, &other) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_END);
    REQUIRE(looked(b, &l));
    COMMIT(b);
    REQUIRE(CALL(b, look_get, "M", 0, "x", &look) == MR_OK);
    CHECK(look == 7);
    REQUIRE(CALL(b, look_get, "M", 1, "y", &look) == MR_OK);
    CHECK(look == UINT64_MAX);
    /* Of another record, map or side, and where only one side is known. */
    CHECK(CALL(b, look_get, "M", 0, "z", &look) == MR_END);
    CHECK(CALL(b, look_get, "M", 0, "y", &look) == MR_END);
    CHECK(CALL(b, look_get, "N", 0, "x", &look) == MR_END);
    CHECK(CALL(b, look_get, "M", 0, "", &look) == MR_END);
    BEGIN(b);
    REQUIRE(CALL(b, look_put, other.id, 1, 8) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "z", &look) == MR_END);
    /* Another one in its place; undone with its turn. */
    REQUIRE(CALL(b, look_put, l.id, 0, 9) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_OK && look == 9);
    b->ops->rollback(b->s);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_OK && look == 7);
    CHECK(CALL(b, look_get, "M", 1, "y", &look) == MR_OK &&
          look == UINT64_MAX);
}

/* Whatever becomes of a link, what its records looked like says nothing any
 * more. */
static void
link_looks_go(struct box *b)
{
    struct store_link l, newer;
    uint64_t look = 0;

    BEGIN(b);
    REQUIRE(looked(b, &l));
    l.changed++;
    REQUIRE(CALL(b, link_put, &l) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_END);
    CHECK(CALL(b, look_get, "M", 1, "y", &look) == MR_END);
    REQUIRE(CALL(b, link_drop, l.id) == MR_OK);
    REQUIRE(looked(b, &l));
    REQUIRE(CALL(b, link_drop, l.id) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_END);
    COMMIT(b);
    /* Of two links with this record the one counts that link_by_record gives:
     * of that one nothing is known. */
    BEGIN(b);
    REQUIRE(looked(b, &l));
    newer = plain_link("M", "x", "");
    REQUIRE(CALL(b, link_put, &newer) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_END);
    newer.gone[1] = true;
    REQUIRE(CALL(b, link_put, &newer) == MR_OK);
    CHECK(CALL(b, look_get, "M", 0, "x", &look) == MR_OK && look == 7);
    COMMIT(b);
}

static bool
found(struct box *b, const char *key)
{
    struct store_link got;
    enum mr_status by_key = CALL(b, link_by_key, "M", 1, key, &got);
    enum mr_status by_id = CALL(b, link_by_record, "M", 1, key, &got);

    CHECK(by_key == by_id && (by_key == MR_OK || by_key == MR_END));
    return by_key == MR_OK;
}

/* That nothing was found says nothing about what is put later, and what is
 * taken back counts for nothing. */
static void
link_looked_for_before(struct box *b)
{
    struct store_link a = plain_link("M", "l", "r"),
                      c = plain_link("M", "m", "s");

    CHECK(!found(b, "r") && !found(b, "s") && !found(b, ""));
    BEGIN(b);
    CHECK(!found(b, "r"));
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    CHECK(found(b, "r") && !found(b, "s"));
    COMMIT(b);
    CHECK(found(b, "r"));
    BEGIN(b);
    REQUIRE(CALL(b, link_drop, a.id) == MR_OK);
    CHECK(!found(b, "r"));
    b->ops->rollback(b->s);
    CHECK(found(b, "r"));
    BEGIN(b);
    REQUIRE(CALL(b, link_put, &c) == MR_OK);
    CHECK(found(b, "s"));
    b->ops->rollback(b->s);
    CHECK(!found(b, "s"));
    BEGIN(b);
    a.ids[1] = a.keys[1] = "s";
    REQUIRE(CALL(b, link_put, &a) == MR_OK);
    CHECK(found(b, "s") && !found(b, "r"));
    COMMIT(b);
}

EACH(link_comes_back)
EACH(link_looked_for_before)
EACH(link_is_replaced)
EACH(link_texts)
EACH(link_of_several)
EACH(link_empty_parts)
EACH(links_in_order)
EACH(links_while_changing)
EACH(link_looks)
EACH(link_looks_go)

CHECK_MAIN({ "a link comes back", test_link_comes_back },
           { "a link looked for before", test_link_looked_for_before },
           { "a link is replaced", test_link_is_replaced },
           { "texts of all kinds", test_link_texts },
           { "several links of one key", test_link_of_several },
           { "a link of empty parts", test_link_empty_parts },
           { "links in order", test_links_in_order },
           { "links while they change", test_links_while_changing },
           { "what records looked like", test_link_looks },
           { "looks that are over", test_link_looks_go })
