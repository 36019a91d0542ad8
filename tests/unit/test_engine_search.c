/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches: where a mark stands when one is done with, by whose clock, who waits
 * for whose first load, and what becomes of pages that never come to an end.
 */
#include "engine_stage.h"

static bool
asks(bool all)
{
    engine_poll(st.engine, st.pair, L, all);
    turn();
    return next_is("l", OP_PAGE);
}

/* The left side was loaded, and has nothing. */
static bool
loaded(void)
{
    if (!stage_open() || !asks(true))
        return false;
    answer(OP_OK, NONE);
    return strcmp(mark_of(L).load, "done") == 0;
}

/* --- where the mark stands --- */

static void
a_mark_moves_where_nothing_changed(void)
{
    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    REQUIRE(asks(false));
    CHECK_TEXT(st.op->since, "2026-03-01T11:58:00Z");
    st.date = st.now;
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T13:00:00Z");
    REQUIRE(asks(false));
    CHECK_TEXT(st.op->since, "2026-03-01T12:58:00Z");
    stage_close();
}

static void
without_a_clock_only_changes_move_it(void)
{
    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    REQUIRE(asks(false));
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    stage_close();
}

/* What changed while the answer was made may not be in it. */
static void
a_slow_answer_counts_from_its_question(void)
{
    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    REQUIRE(asks(false));
    st.now += 40 * SECOND;
    st.date = st.now;
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T13:00:00Z");
    stage_close();
}

static void
the_earlier_clock_counts(void)
{
    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    st.date = st.now - 600 * (int64_t)SECOND;
    REQUIRE(asks(false));
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:50:00Z");
    st.date = st.now + 86400 * (int64_t)SECOND;
    REQUIRE(asks(false));
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T13:00:00Z");
    stage_close();
}

/* The moment of the first page, not of the last one. */
static void
later_pages_move_no_mark(void)
{
    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    REQUIRE(asks(false));
    st.date = st.now;
    answer_as(OP_OK, NONE, "", "two");
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    REQUIRE(next_is("l", OP_PAGE));
    CHECK_TEXT(st.op->token, "two");
    st.now += 300 * (int64_t)SECOND;
    st.date = st.now;
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T13:00:00Z");
    stage_close();
}

/* A load begins where its peer says it did, however wrong our clock is. */
static void
a_load_marks_its_beginning(void)
{
    REQUIRE(stage_open());
    REQUIRE(asks(true));
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    st.date = st.now - 900 * (int64_t)SECOND;
    answer_as(OP_OK, NONE, "", "two");
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T11:45:00Z");
    turn();
    stage_stop();
    REQUIRE(stage_start());
    REQUIRE(asks(true));
    CHECK_TEXT(st.op->token, "two");
    st.date = st.now;
    answer(OP_OK, NONE);
    CHECK_TEXT(mark_of(L).load, "done");
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T11:45:00Z");
    stage_close();
}

/* --- who waits --- */

/* The next page that is asked for is one of the Pair's left side. */
static bool
asks_left_pair(void)
{
    st.op = engine_next_op(st.engine, "l");
    while (st.op != NULL && st.op->map != st.pair)
        st.op = engine_next_op(st.engine, "l");
    return st.op != NULL && st.op->kind == OP_PAGE;
}

/* What is on the left will be on the right then. A refusal changes nothing. */
static void
the_right_side_waits_for_the_first_load(void)
{
    REQUIRE(stage_open());
    engine_run(st.engine);
    turn();
    REQUIRE(asks_left_pair());
    CHECK(nothing_for("r"));
    answer(OP_REFUSED, NONE);
    CHECK(nothing_for("r"));
    st.now += 120 * SECOND;
    turn();
    CHECK(nothing_for("r"));
    REQUIRE(asks_left_pair());
    answer(OP_OK, NONE);
    CHECK(engine_deadline(st.engine) <= st.now);
    turn();
    REQUIRE(next_is("r", OP_PAGE));
    CHECK_TEXT(st.op->since, "");
    stage_close();
}

/* Afterwards changes come from both at once. */
static void
loaded_sides_do_not_wait(void)
{
    REQUIRE(loaded());
    engine_poll(st.engine, st.pair, R, true);
    turn();
    REQUIRE(next_is("r", OP_PAGE));
    answer(OP_OK, NONE);
    stage_stop();
    REQUIRE(stage_start());
    st.now += 3600 * (int64_t)SECOND;
    engine_run(st.engine);
    turn();
    CHECK(asks_left_pair());
    CHECK(next_is("r", OP_PAGE));
    stage_close();
}

/* --- pages that never end --- */

/* Pages lead to one another, first through those before the circle. */
static void
goes_round(int before, int circle)
{
    int pages = 0;
    char next[16];

    REQUIRE(loaded());
    st.now += 3600 * (int64_t)SECOND;
    engine_poll(st.engine, st.pair, L, false);
    turn();
    for (st.op = engine_next_op(st.engine, "l");
         st.op != NULL && pages < 100 * (before + circle);
         st.op = engine_next_op(st.engine, "l")) {
        snprintf(next, sizeof next, "page %d", pages < before ? pages
                 : before + (pages - before) % circle);
        answer_as(OP_OK, NONE, "", next);
        pages++;
    }
    /* No sooner than a page came twice, and not much later. */
    CHECK_THAT(pages > before + circle && pages <= 3 * (before + circle) + 1,
               "%d and %d: after %d pages", before, circle, pages);
    CHECK_NUMBER(st.events[EVENT_RETRY], 1);
    CHECK_TEXT(mark_of(L).mark, "2026-03-01T12:00:00Z");
    CHECK(!engine_search_fails(st.engine));
    stage_close();
}

static void
circles_are_left(void)
{
    goes_round(0, 1);
    goes_round(0, 2);
    goes_round(5, 3);
    goes_round(40, 7);
    goes_round(2, 90);
}

/* Often enough, and whoever waits for it is told. */
static void
a_circle_fails_in_the_end(void)
{
    int tokens = 0;

    REQUIRE(loaded());
    engine_poll(st.engine, st.pair, L, false);
    for (int i = 0; i < 200 && !engine_search_fails(st.engine); i++) {
        st.now += 120 * SECOND;
        turn();
        for (st.op = engine_next_op(st.engine, "l"); st.op != NULL;
             st.op = engine_next_op(st.engine, "l"))
            answer_as(OP_OK, NONE, "", tokens++ % 2 == 0 ? "A" : "B");
    }
    CHECK(engine_search_fails(st.engine));
    CHECK(!engine_idle(st.engine));
    /* It is mended there. */
    for (int i = 0; i < 3; i++) {
        st.now += 120 * SECOND;
        turn();
        if ((st.op = engine_next_op(st.engine, "l")) != NULL)
            answer(OP_OK, NONE);
    }
    CHECK(engine_idle(st.engine));
    CHECK(!engine_search_fails(st.engine));
    stage_close();
}

CHECK_MAIN(
    { "settles", a_mark_moves_where_nothing_changed },
    { "no clock", without_a_clock_only_changes_move_it },
    { "slow", a_slow_answer_counts_from_its_question },
    { "two clocks", the_earlier_clock_counts },
    { "pages", later_pages_move_no_mark },
    { "load", a_load_marks_its_beginning },
    { "right waits", the_right_side_waits_for_the_first_load },
    { "no wait", loaded_sides_do_not_wait },
    { "circles", circles_are_left },
    { "circle for ever", a_circle_fails_in_the_end },
)
