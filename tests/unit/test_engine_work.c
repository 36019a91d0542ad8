/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine's limits and its bookkeeping: how much is on its way, when it
 * waits, what a message, a guard, a dry run and a lack of memory do.
 */
#include "engine_stage.h"
#include "repl/engine_state.h"

static int
ops_of(const char *name)
{
    int n = 0;

    while ((st.op = engine_next_op(st.engine, name)) != NULL)
        n++;
    return n;
}

static bool
restart(void)
{
    stage_stop();
    return stage_start();
}

static void
so_many_are_on_their_way(void)
{
    REQUIRE(stage_open());
    st.set.in_flight = 3;
    REQUIRE(restart());
    REQUIRE(page_read(10));
    CHECK_NUMBER(ops_of("r"), 3);
    stage_close();
}

/* Ten are to be looked for, and two that were are to be made: those who came
 * first get half of the places, not all of them. */
static void
writes_do_not_wait_for_all_questions(void)
{
    const struct mr_op *asked[4];

    REQUIRE(stage_open());
    st.set.in_flight = 4;
    REQUIRE(restart());
    REQUIRE(page_read(10));
    for (int i = 0; i < 4; i++) {
        REQUIRE(next_is("r", OP_FIND));
        asked[i] = st.op;
    }
    CHECK(nothing_for("r"));
    for (int i = 0; i < 3; i++) {
        st.op = asked[i];
        answer(OP_OK, NONE);
    }
    REQUIRE(next_is("r", OP_FIND));
    REQUIRE(next_is("r", OP_CREATE));
    REQUIRE(next_is("r", OP_CREATE));
    CHECK(nothing_for("r"));
    answer_as(OP_OK, "", "r1", "");
    REQUIRE(next_is("r", OP_CREATE));
    answer_as(OP_OK, "", "r2", "");
    /* Nothing else is to be written: all places are for questions. */
    REQUIRE(next_is("r", OP_FIND));
    stage_close();
}

static void
a_full_queue_lets_a_page_wait(void)
{
    REQUIRE(stage_open());
    st.set.queue = 4;
    REQUIRE(restart());
    REQUIRE(page_read(10));
    CHECK_NUMBER(ops_of("r"), 3);       /* one place in four is kept free */
    stage_close();
}

static void
busy_holds_the_whole_peer(void)
{
    struct op_result r = { .outcome = OP_BUSY, .record_id = "", .etag = "",
                           .next = "", .text = "", .retry_after = 7 };

    REQUIRE(stage_open());
    st.set.in_flight = 1;
    REQUIRE(restart());
    REQUIRE(page_read(2));
    REQUIRE(next_is("r", OP_FIND));
    r.id = st.op->id;
    engine_result(st.engine, &r);
    turn();
    CHECK(nothing_for("r"));
    CHECK_NUMBER(engine_deadline(st.engine), st.now + 7 * SECOND);
    st.now += 7 * SECOND;
    turn();
    CHECK(!nothing_for("r"));
    stage_close();
}

static void
the_breaker_lets_one_try(void)
{
    REQUIRE(stage_open());
    st.set.breaker = 3;
    st.set.breaker_pause_ms = 10000;
    REQUIRE(restart());
    REQUIRE(page_read(5));
    for (int i = 0; i < 3; i++) {
        REQUIRE(next_is("r", OP_FIND));
        answer(OP_UNSURE, "");
    }
    CHECK_NUMBER(st.events[EVENT_BREAKER], 1);
    CHECK(nothing_for("r"));
    CHECK(engine_waiting(st.engine));
    st.now += 10 * SECOND;
    turn();
    REQUIRE(next_is("r", OP_FIND));
    CHECK(nothing_for("r"));
    answer(OP_UNSURE, "");
    CHECK(nothing_for("r"));
    st.now += 10 * SECOND;
    turn();
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("r", OP_FIND));     /* closed again: all go on */
    REQUIRE(next_is("r", OP_FIND));
    stage_close();
}

/* --- deletions --- */

static void
one_deletion_goes_through(void)
{
    char page[4000];

    REQUIRE(stage_open());
    REQUIRE(ten_linked());
    st.now += SECOND;
    engine_sweep(st.engine, st.pair, L);
    turn();
    REQUIRE(next_is("l", OP_IDS));
    page_of(9, page, sizeof page);
    answer(OP_OK, page);
    turn();
    REQUIRE(next_is("l", OP_READ));     /* is it really gone? */
    CHECK_TEXT(st.op->record_id, "l10");
    answer(OP_NONE, "");
    REQUIRE(next_is("r", OP_READ));
    answer(OP_OK, "{'d':{'__metadata':{'etag':'f7'},'ObjectID':'r19',"
           "'Code':'0000000010','Own':'a','Sort':'N','In':null,'Vat':'',"
           "'Mark':null,'Lines':{'results':[]}}}");
    REQUIRE(next_is("r", OP_REMOVE));
    CHECK_TEXT(st.op->etag, "f7");
    CHECK_NUMBER(counts().intents, 1);
    answer(OP_OK, "");
    CHECK_NUMBER(st.events[EVENT_DELETED], 1);
    CHECK_NUMBER(counts().intents, 0);
    CHECK(engine_idle(st.engine));
    stage_close();
}

static void
the_guard_parks_too_many(void)
{
    char page[4000];

    REQUIRE(stage_open());
    REQUIRE(ten_linked());
    st.now += SECOND;
    engine_sweep(st.engine, st.pair, L);
    turn();
    REQUIRE(next_is("l", OP_IDS));
    page_of(7, page, sizeof page);      /* 5 % of 10 links: one is allowed */
    answer(OP_OK, page);
    turn();
    CHECK(nothing_for("l"));
    CHECK(nothing_for("r"));
    CHECK_NUMBER(counts().parked, 3);
    CHECK_NUMBER(parked().kind, PARKED_GUARD);
    CHECK(engine_idle(st.engine));
    /* A person lets one of them through. */
    CHECK(engine_retry(st.engine, parked().id) == MR_OK);
    turn();
    REQUIRE(next_is("l", OP_READ));
    answer(OP_NONE, "");
    REQUIRE(next_is("r", OP_READ));
    stage_close();
}

static void
the_guards_share_is_exact(void)
{
    static const struct {
        uint64_t links;
        uint32_t share;         /* hundredths of a percent */
        uint64_t allowed;
    } rows[] = {
        { 0, 500, 1 },          /* never none */
        { 10, 500, 1 },         /* half a record */
        { 39, 500, 1 },         /* 1.95 are not two */
        { 40, 500, 2 },
        { 41, 500, 2 },
        { 59, 500, 2 },
        { 60, 500, 3 },
        { 9999, 1, 1 },
        { 20000, 1, 2 },
        { 19999, 1, 1 },
        { 3, 3333, 1 },
        { 7, 10000, 7 },
        { UINT64_MAX, 10000, UINT64_MAX },
        { UINT64_MAX, 5000, UINT64_MAX / 2 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_THAT(guard_share(rows[i].links, rows[i].share) ==
                       rows[i].allowed, "row %zu", i);
}

static void
a_change_beside_a_deletion_asks(void)
{
    char page[4000];

    REQUIRE(stage_open());
    REQUIRE(ten_linked());
    st.now += SECOND;
    engine_sweep(st.engine, st.pair, L);
    turn();
    REQUIRE(next_is("l", OP_IDS));
    page_of(9, page, sizeof page);
    answer(OP_OK, page);
    turn();
    REQUIRE(next_is("l", OP_READ));
    answer(OP_NONE, "");
    REQUIRE(next_is("r", OP_READ));
    answer(OP_OK, "{'d':{'ObjectID':'r19','Code':'0000000010','Own':'b'}}");
    CHECK(nothing_for("r"));
    CHECK_NUMBER(parked().kind, PARKED_ASK);
    stage_close();
}

/* --- messages --- */

#define PAPER(number, text)                                                   \
    "<PAPER01><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><DOCNUM>" number      \
    "</DOCNUM></EDI_DC40><E1HEAD SEGMENT=\"1\"><MSGFN>005</MSGFN>"            \
    "<BELNR>0000000001</BELNR><TEXT1>" text "</TEXT1></E1HEAD></IDOC></PAPER01>"

static enum mr_status
message(const char *text, uint64_t ticket)
{
    return engine_message(st.engine, "e", text, strlen(text), ticket);
}

static void
a_message_is_stored_before_it_is_accepted(void)
{
    uint64_t ticket = 0;

    REQUIRE(stage_open());
    turn();
    CHECK_NUMBER(message(PAPER("0000000000000007", "x"), 42), MR_OK);
    CHECK(!engine_accepted(st.engine, &ticket));
    turn();
    REQUIRE(engine_accepted(st.engine, &ticket));
    CHECK_NUMBER(ticket, 42);
    CHECK(!engine_accepted(st.engine, &ticket));
    CHECK_NUMBER(counts().messages, 1);
    /* It dies before anything was done with it. */
    REQUIRE(restart());
    turn();
    REQUIRE(next_is("l", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("l", OP_CREATE));
    CHECK_NUMBER(counts().messages, 1);
    answer_as(OP_OK, "", "p1", "");
    CHECK_NUMBER(counts().messages, 0);
    CHECK_NUMBER(counts().links, 1);
    /* An older one comes behind it. */
    CHECK_NUMBER(message(PAPER("0000000000000006", "old"), 43), MR_OK);
    turn();
    CHECK(nothing_for("l"));
    CHECK_NUMBER(st.events[EVENT_STALE], 1);
    CHECK_NUMBER(counts().messages, 0);
    stage_close();
}

/* Beside much work: kept and accepted, nothing else is done until the next
 * turn. */
static void
a_message_is_taken_in_by_itself(void)
{
    static const char none[] = "{\"d\":{\"results\":[]}}";
    struct op_result r = { .outcome = OP_OK, .record_id = "", .etag = "",
                           .next = "", .text = "" };
    uint64_t ticket = 0;

    REQUIRE(stage_open());
    turn();
    CHECK_NUMBER(message(PAPER("0000000000000007", "x"), 42), MR_OK);
    CHECK_NUMBER(engine_take_in(st.engine, st.now), MR_OK);
    REQUIRE(engine_accepted(st.engine, &ticket));
    CHECK_NUMBER(ticket, 42);
    CHECK_NUMBER(counts().messages, 1);
    CHECK(nothing_for("l"));
    CHECK(!engine_idle(st.engine));
    CHECK_NUMBER(engine_deadline(st.engine), 0);
    turn();
    REQUIRE(next_is("l", OP_FIND));
    CHECK(engine_deadline(st.engine) != 0);
    /* An answer waits for the turn, too. */
    r.id = st.op->id;
    r.body = (struct op_bytes){ none, sizeof none - 1 };
    engine_result(st.engine, &r);
    CHECK_NUMBER(engine_take_in(st.engine, st.now), MR_OK);
    CHECK(!engine_accepted(st.engine, &ticket));
    CHECK_NUMBER(counts().intents, 0);
    CHECK(nothing_for("l"));
    turn();
    CHECK(next_is("l", OP_CREATE));
    /* It dies between the two turns: the message is there. */
    REQUIRE(restart());
    CHECK_NUMBER(message(PAPER("0000000000000008", "y"), 43), MR_OK);
    CHECK_NUMBER(engine_take_in(st.engine, st.now), MR_OK);
    REQUIRE(restart());
    CHECK_NUMBER(counts().messages, 2);
    stage_close();
}

static void
a_broken_message_is_refused(void)
{
    REQUIRE(stage_open());
    turn();
    CHECK_NUMBER(message("<PAPER01><IDOC>", 1), MR_EFORMAT);
    CHECK_NUMBER(message("<PAPER01></PAPER01>", 2), MR_EFORMAT);
    CHECK_NUMBER(message("", 3), MR_EFORMAT);
    CHECK_NUMBER(message("<OTHER01></OTHER01>", 4), MR_EFORMAT);
    CHECK_NUMBER(engine_message(st.engine, "who", "x", 1, 5), MR_EUSAGE);
    turn();
    CHECK_NUMBER(counts().messages, 0);
    CHECK_NUMBER(message(PAPER("0000000000000007", "x"), 6), MR_OK);
    turn();
    CHECK_NUMBER(counts().messages, 1);
    stage_close();
}

static void
a_parked_message_stays_until_it_is_given_up(void)
{
    REQUIRE(stage_open());
    turn();
    CHECK_NUMBER(message(PAPER("0000000000000007", "x"), 1), MR_OK);
    turn();
    REQUIRE(next_is("l", OP_FIND));
    answer(OP_OK, NONE);
    REQUIRE(next_is("l", OP_CREATE));
    answer(OP_REFUSED, "");
    REQUIRE(next_is("l", OP_FIND));
    answer(OP_OK, NONE);
    CHECK_NUMBER(parked().kind, PARKED_PEER);
    CHECK_NUMBER(counts().messages, 1);
    REQUIRE(restart());
    turn();
    CHECK(nothing_for("l"));    /* parked ones are not tried again */
    CHECK_NUMBER(counts().messages, 1);
    CHECK(engine_drop(st.engine, parked().id) == MR_OK);
    turn();
    CHECK_NUMBER(counts().messages, 0);
    CHECK_NUMBER(counts().parked, 0);
    stage_close();
}

/* --- a dry run, little memory --- */

static void
a_dry_run_writes_nothing(void)
{
    REQUIRE(stage_open());
    st.set.dry = true;
    REQUIRE(restart());
    engine_poll(st.engine, st.pair, L, true);
    turn();
    REQUIRE(next_is("l", OP_PAGE));
    answer(OP_OK, ONE_LEFT);
    REQUIRE(next_is("r", OP_FIND));
    answer(OP_OK, NONE);
    CHECK(nothing_for("r"));
    CHECK_NUMBER(st.events[EVENT_CREATED], 1);
    CHECK_NUMBER(counts().intents, 0);
    CHECK_NUMBER(counts().links, 0);
    CHECK_TEXT(mark_of(L).load, "");
    CHECK(engine_idle(st.engine));
    stage_close();
}

static long allowed;

static void *
scarce(void *arg, void *p, size_t size)
{
    (void)arg;
    if (size == 0) {
        free(p);
        return NULL;
    }
    return allowed-- > 0 ? realloc(p, size) : NULL;
}

/* Creates a record with the n-th allocation failing. true: it didn't fail. */
static bool
creates_with(long n)
{
    const struct mr_op *op;
    bool done = false;
    struct op_result r = { .outcome = OP_OK, .record_id = "", .etag = "",
                           .next = "", .text = "" };
    static const char page[] = "{\"d\":{\"results\":[{\"ObjectID\":\"l1\","
        "\"No\":\"1\",\"Own\":\"a\"}]}}";

    allowed = n;
    engine_poll(st.engine, st.pair, L, true);
    for (int i = 0; i < 4 && engine_turn(st.engine, st.now) == MR_OK; i++) {
        op = engine_next_op(st.engine, i == 0 ? "l" : "r");
        if (op == NULL)
            break;
        r.id = op->id;
        r.body = (struct op_bytes){ page, op->kind == OP_PAGE ? strlen(page)
                                                              : 0 };
        r.record_id = op->kind == OP_CREATE ? "r1" : "";
        done = op->kind == OP_CREATE;
        engine_result(st.engine, &r);
    }
    done = done && engine_turn(st.engine, st.now) == MR_OK;
    allowed = 1 << 30;
    return done;
}

static void
without_memory_nothing_is_half_done(void)
{
    static const struct mr_memory memory = { scarce, NULL };
    long n = 0;
    bool done = false;

    REQUIRE(stage_open());
    for (; !done && n < 2000; n++) {
        stage_stop();
        mr_cx_init(&st.engine_cx, &memory);
        allowed = 1 << 30;
        REQUIRE(store_memory_open(&st.cx, st.image, &st.store) == MR_OK);
        REQUIRE(engine_new(&st.engine_cx, &mapc_program, &st.set, st.store,
                           &st.keys, &st.engine) == MR_OK);
        engine_readable(st.engine, "l", true);
        engine_readable(st.engine, "r", true);
        done = creates_with(n);
        /* Of each failed run at most the intent is left. */
        CHECK(done || counts().links == 0);
        CHECK(counts().intents <= 1);
        if (!done && counts().intents == 1)
            break;              /* the next one would look for it */
    }
    CHECK(n > 10);
    stage_close();
}

CHECK_MAIN(
    { "in flight", so_many_are_on_their_way },
    { "shared places", writes_do_not_wait_for_all_questions },
    { "queue", a_full_queue_lets_a_page_wait },
    { "busy", busy_holds_the_whole_peer },
    { "breaker", the_breaker_lets_one_try },
    { "deletion", one_deletion_goes_through },
    { "guard", the_guard_parks_too_many },
    { "guard share", the_guards_share_is_exact },
    { "deletion against change", a_change_beside_a_deletion_asks },
    { "message", a_message_is_stored_before_it_is_accepted },
    { "taken in", a_message_is_taken_in_by_itself },
    { "broken message", a_broken_message_is_refused },
    { "parked message", a_parked_message_stays_until_it_is_given_up },
    { "dry run", a_dry_run_writes_nothing },
    { "memory", without_memory_nothing_is_half_done },
)
