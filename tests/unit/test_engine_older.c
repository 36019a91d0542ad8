/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which value both sides had, where any of several writes of which no answer
 * came may be what the other side shows.
 */
#include "engine_stage.h"

#define LEFT(tags, stock)                                                     \
    "'ObjectID':'l1','No':'1','Own':'a','Tags':'" tags "','Stock':" stock
#define RIGHT(tags, stock)                                                    \
    "'ObjectID':'r1','Code':'0000000001','Own':'a','Sort':'N','Tags':'" tags  \
    "','Stock':" stock
#define READ(body) "{'d':{'__metadata':{'etag':'f1'}," body "}}"
#define PAGE(body) "{'d':{'results':[{" body "}]}}"

static bool
asks(const char *system, enum op_kind kind, const char *body)
{
    if (!next_is(system, kind))
        return false;
    answer_as(OP_OK, body, "r1", "");
    return true;
}

static bool
left_shows(const char *page)
{
    st.now += 90 * SECOND;
    engine_poll(st.engine, st.pair, L, true);
    turn();
    return asks("l", OP_PAGE, page);
}

struct twice {
    const char *left, *right, *first;   /* shown, shown, written */
    const char *later, *arrived, *second;
};

/* The first write arrives without an answer. Left has changed again then, and
 * the next write is refused, as somebody has just saved the right one. */
static bool
written_twice(const struct twice *t)
{
    if (!stage_open() || !left_shows(PAGE(LEFT("a", "10"))) ||
        !asks("r", OP_FIND, NONE) || !asks("r", OP_CREATE, "") ||
        !left_shows(t->left) || !asks("r", OP_READ, t->right) ||
        !next_is("r", OP_UPDATE))
        return false;
    CHECK_TEXT(st.op->parts[0].body.p, t->first);
    stage_stop();
    if (!stage_start())
        return false;
    st.now += 90 * SECOND;
    turn();
    if (!asks("l", OP_READ, t->later) || !asks("r", OP_READ, t->arrived) ||
        !next_is("r", OP_UPDATE))
        return false;
    CHECK_TEXT(st.op->parts[0].body.p, t->second);
    answer(OP_STALE, "");
    return asks("r", OP_READ, t->arrived);
}

/* That the right one does not show what was added last is no removal. */
static void
what_was_added_is_written_again(void)
{
    REQUIRE(written_twice(&(struct twice){
        PAGE(LEFT("a;b", "10")), READ(RIGHT("a;x", "10")),
        "{\"Tags\":\"a;b;x\"}", READ(LEFT("a;b;c", "10")),
        READ(RIGHT("a;b;x", "10")), "{\"Tags\":\"a;b;c;x\"}" }));
    REQUIRE(next_is("r", OP_UPDATE));
    CHECK_TEXT(st.op->parts[0].body.p, "{\"Tags\":\"a;b;c;x\"}");
    answer(OP_OK, "");
    CHECK_NUMBER(counts().intents, 0);
    stage_close();
}

/* What the right one shows was made of is no longer known. */
static void
a_sum_of_it_is_asked_about(void)
{
    REQUIRE(written_twice(&(struct twice){
        PAGE(LEFT("a", "12")), READ(RIGHT("a", "13")), "{\"Stock\":15}",
        READ(LEFT("a", "14")), READ(RIGHT("a", "15")), "{\"Stock\":17}" }));
    CHECK(nothing_for("r"));
    CHECK_NUMBER(parked().kind, PARKED_ASK);
    stage_close();
}

CHECK_MAIN(
    { "added is written again", what_was_added_is_written_again },
    { "a sum is asked about", a_sum_of_it_is_asked_about },
)
