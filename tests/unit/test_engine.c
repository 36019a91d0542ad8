/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine with answers given by hand: what it asks for, in which order, what
 * is in the store at each point, and what it makes of each kind of answer.
 */
#include "engine_stage.h"

#define BOTH_LEFT(own, stamp)                                                 \
    "{'d':{'results':[{'__metadata':{'etag':'e1'},'ObjectID':'l1','No':'1',"  \
    "'Own':'" own "','Late':'a','ChangedOn':'/Date(" stamp ")/'}]}}"
#define RIGHT(own)                                                            \
    "{'d':{'__metadata':{'etag':'f1'},'ObjectID':'r1','Code':'0000000001',"   \
    "'Own':'" own "','Late':'a'}}"

/* Polls the left side, which has one record, "1", and is told that the other
 * one has none: the creation is the last operation. */
static bool
up_to_creation(void)
{
    engine_poll(st.engine, st.pair, L, true);
    turn();
    if (!next_is("l", OP_PAGE))
        return false;
    answer(OP_OK, ONE_LEFT);
    if (!next_is("r", OP_FIND))
        return false;
    answer(OP_OK, NONE);
    return next_is("r", OP_CREATE);
}

/* The record is on both sides, and linked. */
static bool
linked(void)
{
    if (!up_to_creation())
        return false;
    answer_as(OP_OK, "", "r1", "");
    return counts().links == 1;
}

static void
a_record_is_searched_created_and_linked(void)
{
    struct store_link l;

    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    CHECK_NUMBER(counts().intents, 1);
    CHECK_NUMBER(counts().links, 0);
    CHECK_NUMBER(st.op->n_parts, 1);
    CHECK(strstr(st.op->parts[0].body.p, "\"Code\":\"0000000001\"") != NULL);
    answer_as(OP_OK, "", "r1", "");
    CHECK_NUMBER(counts().intents, 0);
    REQUIRE(st.store->ops->link_by_record(&st.cx, st.store, "Pair", R, "r1",
                                          &l) == MR_OK);
    CHECK_TEXT(l.ids[L], "l1");
    CHECK_TEXT(l.keys[L], "1");
    CHECK_TEXT(l.keys[R], "0000000001");
    CHECK_TEXT(l.etags[R], "e2");
    CHECK_NUMBER(st.events[EVENT_CREATED], 1);
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
an_echo_asks_nobody(void)
{
    REQUIRE(stage_open());
    REQUIRE(linked());
    st.now += 60 * SECOND;
    engine_poll(st.engine, st.pair, L, false);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer(OP_OK, ONE_LEFT);
    CHECK_NUMBER(st.events[EVENT_ECHO], 1);
    CHECK(nothing_for("r"));
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
a_change_is_written_against_what_was_read(void)
{
    REQUIRE(stage_open());
    REQUIRE(linked());
    st.now += 60 * SECOND;
    engine_poll(st.engine, st.pair, L, false);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer(OP_OK, BOTH_LEFT("b", "1772366400000"));
    REQUIRE(next_is("r", OP_READ));
    CHECK_TEXT(st.op->record_id, "r1");
    answer(OP_OK, RIGHT("a"));
    REQUIRE(next_is("r", OP_UPDATE));
    CHECK_TEXT(st.op->etag, "f1");
    CHECK_NUMBER(st.op->n_parts, 1);
    CHECK_TEXT(st.op->parts[0].body.p, "{\"Own\":\"b\"}");
    CHECK_NUMBER(counts().intents, 1);
    answer(OP_STALE, "");
    CHECK_NUMBER(st.events[EVENT_STALE], 1);
    REQUIRE(next_is("r", OP_READ));
    answer(OP_OK, RIGHT("b"));
    CHECK(nothing_for("r"));    /* somebody put the same there */
    CHECK_NUMBER(counts().intents, 0);
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
an_unsure_creation_is_looked_for(void)
{
    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    answer(OP_UNSURE, "");
    CHECK(nothing_for("r"));
    CHECK_NUMBER(counts().intents, 1);
    CHECK(engine_deadline(st.engine) <= st.now + SECOND);
    st.now += 2 * SECOND;
    turn();
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, "{'d':{'results':[{'ObjectID':'r9','Code':'0000000001',"
           "'Own':'a','Late':'a','Sort':'N'}]}}");
    CHECK(nothing_for("r"));
    CHECK_NUMBER(counts().links, 1);
    CHECK_NUMBER(counts().intents, 0);
    stage_close();
}

static void
a_crash_after_the_creation_makes_no_second_one(void)
{
    uint64_t first;

    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    first = st.op->id;
    stage_stop();
    st.now += SECOND;
    REQUIRE(stage_start());
    turn();
    /* What the intent is about is looked for. */
    REQUIRE(next_is("r", OP_FIND));
    CHECK(st.op->id > first);
    CHECK_TEXT(st.op->keys[0].name, "Code");
    CHECK_TEXT(st.op->keys[0].value, "0000000001");
    answer(OP_OK, "{'d':{'results':[{'ObjectID':'r9','Code':'0000000001',"
           "'Own':'a','Late':'a','Sort':'N'}]}}");
    REQUIRE(next_is("l", OP_FIND));
    answer(OP_OK, ONE_LEFT);
    /* It is the left one's news; that is read and compared. */
    REQUIRE(next_is("l", OP_READ));
    answer(OP_OK, "{'d':{'ObjectID':'l1','No':'1','Own':'a','Late':'a'}}");
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, "{'d':{'results':[{'ObjectID':'r9','Code':'0000000001',"
           "'Own':'a','Late':'a','Sort':'N'}]}}");
    CHECK_NUMBER(counts().links, 1);
    CHECK_NUMBER(counts().intents, 0);
    CHECK_NUMBER(st.events[EVENT_CREATED], 0);
    stage_close();
}

static void
a_refusal_is_parked(void)
{
    struct store_parked p;

    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    answer(OP_REFUSED, "");
    /* Was that because there is one already? */
    CHECK_NUMBER(counts().parked, 0);
    CHECK_NUMBER(counts().intents, 1);
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    CHECK(nothing_for("r"));    /* not created a second time */
    p = parked();
    CHECK_NUMBER(p.kind, PARKED_PEER);
    CHECK_TEXT(p.key, "1");
    CHECK_TEXT(p.record_id, "l1");
    CHECK_TEXT(p.reason, "made up");
    CHECK_NUMBER(counts().intents, 0);
    CHECK(engine_idle(st.engine));
    /* A person says: once more. */
    CHECK(engine_retry(st.engine, p.id) == MR_OK);
    turn();
    REQUIRE(next_is("l", OP_READ));
    answer(OP_OK, "{'d':{'ObjectID':'l1','No':'1','Own':'a','Late':'a'}}");
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("r", OP_CREATE));
    answer_as(OP_OK, "", "r1", "");
    CHECK_NUMBER(counts().parked, 0);
    CHECK_NUMBER(counts().links, 1);
    stage_close();
}

/* In which language the peer says so does not matter. */
static void
a_refusal_as_it_exists_is_looked_up(void)
{
    struct store_link l;

    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    answer(OP_REFUSED, "");
    REQUIRE(next_is("r", OP_FIND));
    CHECK_TEXT(st.op->keys[0].name, "Code");
    CHECK_TEXT(st.op->keys[0].value, "0000000001");
    answer(OP_OK, "{'d':{'results':[{'__metadata':{'etag':'f1'},"
           "'ObjectID':'r9','Code':'0000000001','Own':'a','Late':'a',"
           "'Sort':'N'}]}}");
    CHECK(nothing_for("r"));
    CHECK_NUMBER(counts().parked, 0);
    CHECK_NUMBER(counts().intents, 0);
    REQUIRE(st.store->ops->link_by_record(&st.cx, st.store, "Pair", R, "r9",
                                          &l) == MR_OK);
    CHECK_TEXT(l.ids[L], "l1");
    CHECK(engine_idle(st.engine));
    stage_close();
}

/* Found after the refusal, with other values: those are somebody's, and are
 * compared like those of any record that is found. */
static void
what_is_found_after_a_refusal_is_compared(void)
{
    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    answer(OP_REFUSED, "");
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, "{'d':{'results':[{'__metadata':{'etag':'f1'},"
           "'ObjectID':'r9','Code':'0000000001','Own':'b','Late':'a',"
           "'Sort':'N'}]}}");
    REQUIRE(next_is("r", OP_UPDATE));
    CHECK_TEXT(st.op->record_id, "r9");
    CHECK_TEXT(st.op->etag, "f1");
    CHECK_TEXT(st.op->parts[0].body.p, "{\"Own\":\"a\"}");
    /* An update that is refused is not looked up. */
    answer(OP_REFUSED, "");
    CHECK(nothing_for("r"));
    CHECK_NUMBER(parked().kind, PARKED_PEER);
    CHECK_NUMBER(counts().intents, 0);
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
tries_run_out(void)
{
    REQUIRE(stage_open());
    stage_stop();
    st.set.tries = 3;
    REQUIRE(stage_start());
    REQUIRE(up_to_creation());
    for (int i = 0; i < 2; i++) {
        answer(OP_UNSURE, "");
        CHECK_NUMBER(counts().parked, 0);
        st.now += 120 * SECOND;
        turn();
        REQUIRE(next_is("r", OP_FIND));
        answer(OP_OK, NONE);
        REQUIRE(next_is("r", OP_CREATE));
    }
    answer(OP_UNSURE, "");
    CHECK_NUMBER(parked().kind, PARKED_PEER);
    CHECK(parked().next > st.now);
    CHECK(engine_idle(st.engine));
    stage_close();
}

/* --- marks --- */

static void
the_mark_waits_for_the_slowest(void)
{
    REQUIRE(stage_open());
    REQUIRE(up_to_creation());
    /* A load: so far only where to begin is known. */
    CHECK_TEXT(mark_of(L).load, "");
    answer_as(OP_OK, "", "r1", "");
    CHECK_TEXT(mark_of(L).load, "done");
    CHECK_NUMBER(mark_of(L).loaded, 1);
    CHECK_NUMBER(mark_of(L).polled, st.now);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    st.now += 3600 * (int64_t)SECOND;
    engine_poll(st.engine, st.pair, L, false);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    CHECK_TEXT(st.op->since, "2026-03-01T11:58:00Z");
    answer(OP_OK, BOTH_LEFT("b", "1772369000000"));
    REQUIRE(next_is("r", OP_READ));
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    answer(OP_OK, RIGHT("a"));
    REQUIRE(next_is("r", OP_UPDATE));
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    answer(OP_OK, "");
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:43:20Z");
    stage_close();
}

static void
a_load_goes_on_where_it_was(void)
{
    REQUIRE(stage_open());
    engine_poll(st.engine, st.pair, L, true);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer_as(OP_OK, ONE_LEFT, "", "two");
    /* The next page is asked for before this one is taken up. */
    CHECK(nothing_for("r"));
    CHECK_NUMBER(engine_deadline(st.engine), 0);
    turn();
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("r", OP_CREATE));
    CHECK_TEXT(mark_of(L).load, "");
    answer_as(OP_OK, "", "r1", "");
    CHECK_TEXT(mark_of(L).load, "two");
    stage_stop();
    REQUIRE(stage_start());
    engine_poll(st.engine, st.pair, L, true);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    CHECK_TEXT(st.op->token, "two");
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).load, "done");
    stage_close();
}

static void
garbage_moves_no_mark(void)
{
    REQUIRE(stage_open());
    engine_poll(st.engine, st.pair, L, true);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer(OP_OK, "{'d':{'results':[{'ObjectID':");
    CHECK_TEXT(mark_of(L).load, "");
    CHECK(!engine_idle(st.engine));
    st.now += 120 * SECOND;
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).load, "done");
    stage_close();
}

CHECK_MAIN(
    { "creation", a_record_is_searched_created_and_linked },
    { "echo", an_echo_asks_nobody },
    { "update, stale", a_change_is_written_against_what_was_read },
    { "unsure creation", an_unsure_creation_is_looked_for },
    { "crash after a creation", a_crash_after_the_creation_makes_no_second_one },
    { "refused", a_refusal_is_parked },
    { "refused as it exists", a_refusal_as_it_exists_is_looked_up },
    { "found after a refusal", what_is_found_after_a_refusal_is_compared },
    { "tries run out", tries_run_out },
    { "mark", the_mark_waits_for_the_slowest },
    { "load goes on", a_load_goes_on_where_it_was },
    { "garbage", garbage_moves_no_mark },
)
