/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is parked is told once, until it changes; what a person gave up stays
 * away, until it changes.
 */
#include "engine_stage.h"

/* Longer than its field is. */
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

#define LEFT(own, stamp)                                                      \
    "{'d':{'results':[{'__metadata':{'etag':'e" stamp "'},'ObjectID':'l1',"   \
    "'No':'1','Own':'" own "','ChangedOn':'/Date(1772366" stamp "000)/'}]}}"
#define LEFT_RATE(rate, stamp)                                                \
    "{'d':{'results':[{'__metadata':{'etag':'e" stamp "'},'ObjectID':'l1',"   \
    "'No':'1','Own':'a','Late':'a','Rate':'" rate                             \
    "','ChangedOn':'/Date(1772366" stamp "000)/'}]}}"
#define RIGHT_RATE(rate)                                                      \
    "{'d':{'__metadata':{'etag':'f1'},'ObjectID':'r1','Code':'0000000001',"   \
    "'Own':'a','Late':'a','Rate':'" rate "'}}"

static bool
left_shows(const char *page)
{
    st.now += 60 * SECOND;
    engine_poll(st.engine, st.pair, L, false);
    turn();
    if (!next_is("l", OP_PAGE))
        return false;
    answer(OP_OK, page);
    return true;
}

/* The left side was loaded, and has nothing. */
static bool
loaded(void)
{
    if (!stage_open())
        return false;
    engine_poll(st.engine, st.pair, L, true);
    turn();
    if (!next_is("l", OP_PAGE))
        return false;
    answer(OP_OK, NONE);
    return true;
}

/* So many rows wait, and so many times that was said since the start. */
static void
waits(uint64_t rows, int told)
{
    CHECK_NUMBER(counts().parked, rows);
    CHECK_NUMBER(st.events[EVENT_PARKED], told);
    CHECK(nothing_for("r"));
    CHECK(engine_idle(st.engine));
}

static void
it_is_told_once(void)
{
    int64_t id;

    REQUIRE(loaded());
    REQUIRE(left_shows(LEFT(LONG, "340")));
    waits(1, 1);
    id = parked().id;
    CHECK_NUMBER(parked().kind, PARKED_RULE);
    /* Read again; saved again, as it was. */
    REQUIRE(left_shows(LEFT(LONG, "340")));
    REQUIRE(left_shows(LEFT(LONG, "341")));
    waits(1, 1);
    CHECK_NUMBER(parked().id, id);
    CHECK_NUMBER(parked().attempts, 1);
    stage_stop();
    REQUIRE(stage_start());
    REQUIRE(left_shows(LEFT(LONG, "341")));
    waits(1, 0);
    /* Changed, and as wrong as before. */
    REQUIRE(left_shows(LEFT(LONG "y", "342")));
    waits(1, 1);
    CHECK_NUMBER(parked().id, id);
    CHECK_NUMBER(parked().attempts, 2);
    /* A person wants to know. */
    CHECK(engine_retry(st.engine, id) == MR_OK);
    turn();
    REQUIRE(next_is("l", OP_READ));
    answer(OP_OK, "{'d':{'ObjectID':'l1','No':'1','Own':'" LONG "y'}}");
    waits(1, 2);
    CHECK_NUMBER(parked().attempts, 3);
    stage_close();
}

static void
given_up_until_it_changes(void)
{
    REQUIRE(loaded());
    REQUIRE(left_shows(LEFT(LONG, "340")));
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(left_shows(LEFT(LONG, "340")));
    REQUIRE(left_shows(LEFT(LONG, "341")));
    waits(0, 1);
    stage_stop();
    REQUIRE(stage_start());
    REQUIRE(left_shows(LEFT(LONG, "341")));
    waits(0, 0);
    REQUIRE(left_shows(LEFT(LONG "y", "342")));
    waits(1, 1);
    /* What was given up is another one now. */
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(left_shows(LEFT(LONG, "343")));
    waits(1, 2);
    stage_close();
}

static void
given_up_until_it_was_right(void)
{
    REQUIRE(loaded());
    REQUIRE(left_shows(LEFT(LONG, "340")));
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(left_shows(LEFT("a", "341")));
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("r", OP_CREATE));
    answer_as(OP_OK, "", "r1", "");
    waits(0, 1);
    REQUIRE(left_shows(LEFT(LONG, "342")));
    waits(1, 2);
    stage_close();
}

/* Both sides have changed one field, and a person decides. */
static bool
asked(const char *left, const char *right)
{
    if (!left_shows(left) || !next_is("r", OP_READ))
        return false;
    answer(OP_OK, right);
    return true;
}

static bool
both_linked(void)
{
    if (!loaded() || !left_shows(ONE_LEFT) || !next_is("r", OP_FIND))
        return false;
    answer(OP_OK, NONE);
    if (!next_is("r", OP_CREATE))
        return false;
    answer_as(OP_OK, "", "r1", "");
    return counts().links == 1;
}

static void
it_is_asked_once(void)
{
    int64_t id;

    REQUIRE(both_linked());
    REQUIRE(asked(LEFT_RATE("b", "341"), RIGHT_RATE("c")));
    waits(1, 1);
    id = parked().id;
    CHECK_NUMBER(parked().kind, PARKED_ASK);
    CHECK_NUMBER(st.events[EVENT_CONFLICT], 1);
    REQUIRE(asked(LEFT_RATE("b", "342"), RIGHT_RATE("c")));
    waits(1, 1);
    CHECK_NUMBER(parked().id, id);
    CHECK_NUMBER(st.events[EVENT_CONFLICT], 1);
    /* Another value, another question. */
    REQUIRE(asked(LEFT_RATE("b", "342"), RIGHT_RATE("d")));
    waits(1, 2);
    CHECK_NUMBER(st.events[EVENT_CONFLICT], 2);
    stage_close();
}

static void
a_question_is_given_up(void)
{
    REQUIRE(both_linked());
    REQUIRE(asked(LEFT_RATE("b", "341"), RIGHT_RATE("c")));
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(asked(LEFT_RATE("b", "342"), RIGHT_RATE("c")));
    waits(0, 1);
    CHECK_NUMBER(st.events[EVENT_CONFLICT], 1);
    stage_stop();
    REQUIRE(stage_start());
    REQUIRE(asked(LEFT_RATE("b", "342"), RIGHT_RATE("c")));
    waits(0, 0);
    REQUIRE(asked(LEFT_RATE("e", "343"), RIGHT_RATE("c")));
    waits(1, 1);
    CHECK_NUMBER(parked().kind, PARKED_ASK);
    stage_close();
}

/* Ten are linked, and this many are still there. */
static bool
swept(int n)
{
    char page[4000];

    st.now += SECOND;
    engine_sweep(st.engine, st.pair, L);
    turn();
    if (!next_is("l", OP_IDS))
        return false;
    page_of(n, page, sizeof page);
    answer(OP_OK, page);
    turn();
    return true;
}

static void
a_deletion_is_given_up(void)
{
    REQUIRE(stage_open());
    REQUIRE(ten_linked());
    REQUIRE(swept(7));
    CHECK_NUMBER(counts().parked, 3);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(parked().kind, PARKED_GUARD);
        CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    }
    /* Neither deleted now nor counted, and the guard allows one of ten. */
    REQUIRE(swept(7));
    CHECK_NUMBER(counts().parked, 0);
    CHECK(nothing_for("l"));
    CHECK(nothing_for("r"));
    REQUIRE(swept(6));
    CHECK_NUMBER(counts().parked, 0);
    REQUIRE(next_is("l", OP_READ));
    CHECK_TEXT(st.op->record_id, "l7");
    CHECK(nothing_for("l"));
    stage_close();
}

/* --- deleted on the left, changed on the right --- */

#define RIGHT(own)                                                            \
    "{'ObjectID':'r19','Code':'0000000010','Own':'" own                       \
    "','ChangedOn':'/Date(1772366340000)/'}"

/* The left ids are looked through, and one is not there. */
static bool
left_misses_one(const char *right)
{
    char page[4000];

    st.now += 60 * SECOND;
    engine_sweep(st.engine, st.pair, L);
    turn();
    if (!next_is("l", OP_IDS))
        return false;
    page_of(9, page, sizeof page);
    answer(OP_OK, page);
    turn();
    if (!next_is("l", OP_READ))
        return false;
    answer(OP_NONE, "");
    if (!next_is("r", OP_READ))
        return false;
    answer(OP_OK, right);
    return true;
}

/* The right record is read again, and its partner is not there. */
static bool
right_shows(const char *page)
{
    st.now += 60 * SECOND;
    engine_poll(st.engine, st.pair, R, true);
    turn();
    if (!next_is("r", OP_PAGE))
        return false;
    answer(OP_OK, page);
    if (!next_is("l", OP_READ))
        return false;
    answer(OP_NONE, "");
    return true;
}

static void
a_deletion_given_up_until_the_other_changes(void)
{
    REQUIRE(stage_open());
    REQUIRE(ten_linked());
    REQUIRE(left_misses_one("{'d':" RIGHT("b") "}"));
    waits(1, 1);
    CHECK_NUMBER(parked().kind, PARKED_ASK);
    /* Seen from the other side it is the same question. */
    REQUIRE(right_shows("{'d':{'results':[" RIGHT("b") "]}}"));
    waits(1, 1);
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(right_shows("{'d':{'results':[" RIGHT("b") "]}}"));
    REQUIRE(left_misses_one("{'d':" RIGHT("b") "}"));
    waits(0, 1);
    /* An edit after that is a new one. */
    REQUIRE(right_shows("{'d':{'results':[" RIGHT("c") "]}}"));
    waits(1, 2);
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    REQUIRE(left_misses_one("{'d':" RIGHT("d") "}"));
    waits(1, 3);
    stage_close();
}

CHECK_MAIN(
    { "told once", it_is_told_once },
    { "given up", given_up_until_it_changes },
    { "given up and right", given_up_until_it_was_right },
    { "asked once", it_is_asked_once },
    { "question given up", a_question_is_given_up },
    { "deletion given up", a_deletion_is_given_up },
    { "deletion asked once", a_deletion_given_up_until_the_other_changes },
)
