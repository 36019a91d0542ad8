/* SPDX-License-Identifier: Apache-2.0 */
/* What store.h promises of a store as a whole, of each backend: what a
 * transaction keeps, what a crash leaves, what is refused. */
#include "unit/store_rows.h"

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

EACH(counted)
EACH(rolled_back)
EACH(outside_of_turns)
EACH(refused)
EACH(ids_used_once)
EACH(big_blobs)
LASTING(reopened)
LASTING(opened_twice)

CHECK_MAIN({ "counts", test_counted },
           { "rollback", test_rolled_back },
           { "outside of turns", test_outside_of_turns },
           { "refused rows", test_refused },
           { "ids are used once", test_ids_used_once },
           { "big blobs", test_big_blobs },
           { "reopened after a crash", test_reopened },
           { "opened twice", test_opened_twice })
