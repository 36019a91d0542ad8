/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that refer to others: who waits for whom, and what becomes of a write
 * without an answer when what it refers to goes meanwhile.
 */
#include "engine_stage.h"

#define LEFT(body) "{'d':{'__metadata':{'etag':'e1'}," body "}}"
#define RIGHT(body) "{'d':{'__metadata':{'etag':'f1'}," body "}}"
#define PAGE(body) "{'d':{'results':[{" body "}]}}"

/* A system is asked this, and answers. */
static bool
asks(const char *system, enum op_kind kind, enum op_outcome outcome,
     const char *body)
{
    if (!next_is(system, kind))
        return false;
    answer(outcome, body);
    return true;
}

static bool
polls(const struct mr_map *map, int side, const char *body)
{
    st.now += 60 * SECOND;
    engine_poll(st.engine, map, side, false);
    turn();
    return asks(side == L ? "l" : "r", OP_PAGE, OP_OK, body);
}

/* --- both sides refer to something --- */

#define L1 "'ObjectID':'l1','No':'1','Own':'a','Boss':'2','Rate':'x'"
#define R1 "'ObjectID':'r1','Code':'0000000001','Own':'a','Sort':'N'," \
           "'Boss':'0000000003','Rate':'y'"

/* "1" is on both sides: on the left it refers to "2", on the right to "3", and
 * neither is linked. */
static bool
both_refer(void)
{
    return stage_open() && polls(st.pair, R, PAGE(R1)) &&
           asks("l", OP_FIND, OP_OK, PAGE(L1)) &&
           asks("l", OP_READ, OP_OK, LEFT(L1)) &&
           asks("r", OP_READ, OP_OK, RIGHT(R1));
}

/* What the left side's waits for is "2", though "3" is not there either, and
 * though a person is asked about the record. */
static void
each_side_waits_for_its_own(void)
{
    REQUIRE(both_refer());
    CHECK_NUMBER(counts().links, 1);
    CHECK(nothing_for("l") && nothing_for("r"));
    REQUIRE(polls(st.pair, R, PAGE("'ObjectID':'r2','Code':'0000000002'")));
    REQUIRE(asks("l", OP_FIND, OP_OK, PAGE("'ObjectID':'l2','No':'2'")));
    CHECK_NUMBER(counts().links, 2);
    /* "1" is woken on the left. */
    REQUIRE(asks("l", OP_READ, OP_OK, LEFT(L1)));
    REQUIRE(asks("r", OP_READ, OP_OK, RIGHT(R1)));
    REQUIRE(next_is("r", OP_UPDATE));
    CHECK_TEXT(st.op->parts[0].body.p, "{\"Boss\":\"0000000002\"}");
    answer(OP_OK, "");
    CHECK(nothing_for("l") && nothing_for("r"));
    stage_close();
}

/* --- a write without an answer --- */

#define SLIP "'ObjectID':'s1','No':'1','Thing':'7'"
#define NOTE "'ObjectID':'n1','No':'1','Object':'0000000007'"

/* Link "7" is no more, as if it had been deleted on both sides. */
static bool
seven_goes(void)
{
    const struct store_ops *ops = st.store->ops;
    struct store_link l;

    return ops->begin(&st.cx, st.store) == MR_OK &&
           ops->link_by_key(&st.cx, st.store, "Pair", L, "7", &l) == MR_OK &&
           ops->link_drop(&st.cx, st.store, l.id) == MR_OK &&
           ops->commit(&st.cx, st.store) == MR_OK;
}

/* A slip for "7" was perhaps created; it waits now, as "7" is gone. */
static bool
created_and_waits(void)
{
    if (!stage_open() || !ten_linked() || !polls(st.slip, L, PAGE(SLIP)) ||
        !asks("r", OP_FIND, OP_OK, NONE) ||
        !asks("r", OP_CREATE, OP_UNSURE, "") || !seven_goes())
        return false;
    st.now += 2 * SECOND;
    turn();
    CHECK(nothing_for("r"));
    CHECK_NUMBER(parked().kind, PARKED_REF);
    CHECK_NUMBER(counts().intents, 1);
    CHECK_NUMBER(counts().links, 9);
    return true;
}

static bool
seven_comes(void)
{
    return polls(st.pair, L, PAGE("'ObjectID':'l7','No':'7','Own':'a'")) &&
           asks("r", OP_FIND, OP_OK,
                PAGE("'ObjectID':'r7','Code':'0000000007','Own':'a',"
                     "'Sort':'N'")) &&
           counts().links == 10;
}

static void
nothing_waits(uint64_t links)
{
    CHECK_NUMBER(counts().links, links);
    CHECK_NUMBER(counts().intents, 0);
    CHECK_NUMBER(counts().parked, 0);
    CHECK(nothing_for("l") && nothing_for("r"));
    CHECK(engine_idle(st.engine));
}

static void
a_creation_goes_on_when_it_is_woken(void)
{
    REQUIRE(created_and_waits());
    REQUIRE(seven_comes());
    REQUIRE(asks("l", OP_READ, OP_OK, LEFT(SLIP)));
    REQUIRE(asks("r", OP_FIND, OP_OK, PAGE(NOTE)));
    nothing_waits(11);
    stage_close();
}

/* The slip was deleted while it waited, and had not been created. */
static void
a_creation_that_was_not_done_is_forgotten(void)
{
    REQUIRE(created_and_waits());
    REQUIRE(seven_comes());
    REQUIRE(asks("l", OP_READ, OP_NONE, ""));
    REQUIRE(next_is("r", OP_FIND));
    CHECK_TEXT(st.op->keys[0].name, "No");
    CHECK_TEXT(st.op->keys[0].value, "1");
    st.now += SECOND;
    answer(OP_OK, NONE);
    nothing_waits(10);
    stage_close();
}

/* It had been created: the deletion goes there. */
static void
a_creation_that_was_done_is_taken_back(void)
{
    REQUIRE(created_and_waits());
    REQUIRE(seven_comes());
    REQUIRE(asks("l", OP_READ, OP_NONE, ""));
    REQUIRE(asks("r", OP_FIND, OP_OK, PAGE(NOTE)));
    REQUIRE(asks("l", OP_FIND, OP_OK, NONE));
    REQUIRE(asks("l", OP_FIND, OP_OK, NONE));
    REQUIRE(asks("r", OP_READ, OP_OK, RIGHT(NOTE)));
    REQUIRE(next_is("r", OP_REMOVE));
    CHECK_TEXT(st.op->record_id, "n1");
    answer(OP_OK, "");
    CHECK_NUMBER(st.events[EVENT_DELETED], 1);
    CHECK_NUMBER(counts().intents, 0);
    CHECK_NUMBER(counts().parked, 0);
    CHECK(engine_idle(st.engine));
    stage_close();
}

CHECK_MAIN(
    { "each waits for its own", each_side_waits_for_its_own },
    { "creation goes on", a_creation_goes_on_when_it_is_woken },
    { "creation not done", a_creation_that_was_not_done_is_forgotten },
    { "creation taken back", a_creation_that_was_done_is_taken_back },
)
