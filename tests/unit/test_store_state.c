/* SPDX-License-Identifier: Apache-2.0 */
/* What the store remembers of the past, with each backend: decisions, how far
 * searches are, small values. */
#include "unit/store_rows.h"

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

EACH(decision_comes_back)
EACH(decisions_searched)
EACH(decisions_trimmed)
EACH(marks)
EACH(metas)

CHECK_MAIN({ "a decision comes back", test_decision_comes_back },
           { "decisions searched", test_decisions_searched },
           { "decisions trimmed", test_decisions_trimmed },
           { "marks", test_marks },
           { "small values", test_metas })
