/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that look as they did: passed by where nothing became of their link,
 * and looked at again in all other cases. The left side is read, the right one
 * takes messages; no record has an ETag or a time of change, so that nothing
 * but the engine tells an old page from a new one.
 */
#include "engine_stage.h"

#define PAPER(subject)                                                        \
    "{'d':{'results':[{'ObjectID':'p1','No':'1','Subject':'" subject "'}]}}"

static bool
asks(bool all)
{
    engine_poll(st.engine, st.paper, L, all);
    turn();
    return next_is("l", OP_PAGE);
}

static bool
pages(bool all, const char *page)
{
    st.now += 60 * SECOND;
    if (!asks(all))
        return false;
    st.date = st.now;
    answer(OP_OK, page);
    return true;
}

static uint64_t
look(void)
{
    uint64_t n = 0;

    (void)st.store->ops->look_get(&st.cx, st.store, "Paper", L, "p1", &n);
    return n;
}

/* The paper was created on the right, and looked at again. */
static bool
looked(void)
{
    if (!stage_open() || !pages(true, PAPER("a")) || !next_is("e", OP_CREATE))
        return false;
    answer(OP_OK, "");
    CHECK(look() == 0);
    if (counts().links != 1 || !pages(true, PAPER("a")) || look() == 0)
        return false;
    CHECK_NUMBER(st.events[EVENT_ECHO], 1);
    return true;
}

static void
the_same_bytes_are_passed_by(void)
{
    uint64_t before;

    REQUIRE(looked());
    before = look();
    REQUIRE(pages(true, PAPER("a")));
    CHECK_NUMBER(st.events[EVENT_ECHO], 2);
    CHECK(nothing_for("e"));
    CHECK(look() == before);
    CHECK(engine_idle(st.engine));
    stage_close();
}

/* Not known by its bytes, but as it was agreed. */
static void
other_bytes_are_looked_at(void)
{
    uint64_t before;

    REQUIRE(looked());
    before = look();
    REQUIRE(pages(true, "{'d':{'results':[{'ObjectID':'p1', 'No':'1',"
                        "'Subject':'a'}]}}"));
    CHECK_NUMBER(st.events[EVENT_ECHO], 2);
    CHECK(nothing_for("e"));
    CHECK(look() != 0 && look() != before);
    stage_close();
}

/* Back to what was known by its bytes once: that is a change, too. */
static void
a_change_there_and_back_is_written_twice(void)
{
    REQUIRE(looked());
    REQUIRE(pages(true, PAPER("b")));
    REQUIRE(next_is("e", OP_UPDATE));
    CHECK(strstr(st.op->parts[0].body.p, "<TEXT1>b</TEXT1>") != NULL);
    answer(OP_OK, "");
    CHECK(look() == 0);
    REQUIRE(pages(true, PAPER("a")));
    REQUIRE(next_is("e", OP_UPDATE));
    CHECK(strstr(st.op->parts[0].body.p, "<TEXT1>a</TEXT1>") != NULL);
    answer(OP_OK, "");
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
it_is_known_after_a_restart(void)
{
    uint64_t before;

    REQUIRE(looked());
    before = look();
    stage_stop();
    REQUIRE(stage_start());
    REQUIRE(pages(true, PAPER("a")));
    CHECK_NUMBER(st.events[EVENT_ECHO], 1);
    CHECK(look() == before);
    stage_close();
}

/* A search for changes reads few records, many of them for the first time. */
static void
a_search_for_changes_keeps_none(void)
{
    REQUIRE(stage_open());
    REQUIRE(pages(true, PAPER("a")));
    REQUIRE(next_is("e", OP_CREATE));
    answer(OP_OK, "");
    REQUIRE(pages(false, PAPER("a")));
    CHECK_NUMBER(st.events[EVENT_ECHO], 1);
    CHECK(look() == 0);
    stage_close();
}

/* The mark has to come from the records' changes then. */
static void
a_peer_that_tells_no_time_is_looked_at(void)
{
    REQUIRE(looked());
    st.now += 60 * SECOND;
    REQUIRE(asks(true));
    st.date = 0;
    answer(OP_OK, "{'d':{'results':[{'ObjectID':'p1','No':'1','Subject':'a',"
                  "'ChangedOn':'/Date(1772372400000)/'}]}}");
    CHECK_NUMBER(st.events[EVENT_ECHO], 2);
    stage_close();
}

static void
what_is_no_json_is_an_error_still(void)
{
    REQUIRE(looked());
    REQUIRE(pages(true, "{'d':{'results':[{'ObjectID':'p1','No':'1',"
                        "'Subject':'a'},{'ObjectID':]}}]}}"));
    CHECK(!engine_idle(st.engine));
    CHECK_NUMBER(st.events[EVENT_RETRY], 1);
    stage_close();
}

CHECK_MAIN(
    { "same", the_same_bytes_are_passed_by },
    { "other bytes", other_bytes_are_looked_at },
    { "there and back", a_change_there_and_back_is_written_twice },
    { "restart", it_is_known_after_a_restart },
    { "changes", a_search_for_changes_keeps_none },
    { "no clock", a_peer_that_tells_no_time_is_looked_at },
    { "no JSON", what_is_no_json_is_an_error_still },
)
