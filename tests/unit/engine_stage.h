/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine on a stage: a store in memory, a clock that is set, two systems
 * whose answers the test gives one by one. Pair of tests/repl/merging.map.
 */
#ifndef TESTS_ENGINE_STAGE_H
#define TESTS_ENGINE_STAGE_H

#include <stdlib.h>

#include "check.h"
#include "repl/engine.h"

extern const struct mr_program mapc_program;

enum { L, R, SECOND = 1000000 };

/* Noon of 2026-03-01. */
#define NOON ((int64_t)1772366400 * SECOND)

struct stage {
    struct mr_cx cx, engine_cx;
    struct store_image *image;
    struct store *store;
    struct store_keys keys;
    struct engine_settings set;
    struct engine *engine;
    const struct mr_map *pair, *paper, *slip;
    int64_t now;
    int events[EVENT_BREAKER + 1];
    const struct mr_op *op;     /* the last one given out */
    int64_t date;               /* by the systems' clocks; 0: they have none */
};

static struct stage st;

static void
note_event(void *arg, const struct engine_notice *n)
{
    (void)arg;
    st.events[n->event]++;
}

/* The program starts, on what the store has. */
static bool
stage_start(void)
{
    memset(st.events, 0, sizeof st.events);
    mr_cx_init(&st.engine_cx, NULL);
    if (store_memory_open(&st.cx, st.image, &st.store) != MR_OK ||
        engine_new(&st.engine_cx, &mapc_program, &st.set, st.store, &st.keys,
                   &st.engine) != MR_OK)
        return false;
    engine_readable(st.engine, "l", true);
    engine_readable(st.engine, "r", true);
    engine_watch(st.engine, note_event, NULL);
    return true;
}

/* It dies: what was not committed is lost. */
static void
stage_stop(void)
{
    engine_free(st.engine);
    st.engine = NULL;
    st.store->ops->close(&st.cx, st.store);
    mr_cx_done(&st.engine_cx);
}

static bool
stage_open(void)
{
    static const unsigned char secret[32] = { 7 };

    memset(&st, 0, sizeof st);
    mr_cx_init(&st.cx, NULL);
    st.image = store_image_new(&st.cx);
    engine_defaults(&st.set);
    st.now = NOON;
    for (uint32_t i = 0; i < mapc_program.n_maps; i++) {
        if (strcmp(mapc_program.maps[i]->name, "Pair") == 0)
            st.pair = mapc_program.maps[i];
        if (strcmp(mapc_program.maps[i]->name, "Paper") == 0)
            st.paper = mapc_program.maps[i];
        if (strcmp(mapc_program.maps[i]->name, "Slip") == 0)
            st.slip = mapc_program.maps[i];
    }
    return seal_keys(&st.cx, secret, &st.keys) == MR_OK && stage_start();
}

static void
stage_close(void)
{
    stage_stop();
    store_image_free(&st.cx, st.image);
    mr_cx_done(&st.cx);
}

static bool
turn(void)
{
    enum mr_status status = engine_turn(st.engine, st.now);

    CHECK_THAT(status == MR_OK, "a turn: %d %s", (int)status,
               st.engine_cx.error.text);
    return status == MR_OK;
}

/* The next operation for a system is of this kind. */
static bool
next_is(const char *name, enum op_kind kind)
{
    st.op = engine_next_op(st.engine, name);
    CHECK_THAT(st.op != NULL, "no operation for %s", name);
    if (st.op != NULL)
        CHECK_NUMBER(st.op->kind, kind);
    return st.op != NULL && st.op->kind == kind;
}

static inline bool
nothing_for(const char *name)
{
    return engine_next_op(st.engine, name) == NULL;
}

/* JSON with ' for " as the answer to the last operation, then a turn. */
static void
answer_as(enum op_outcome outcome, const char *body, const char *id,
          const char *next)
{
    char text[4000];
    struct op_result r = { .outcome = outcome, .record_id = id, .etag = "e2",
                           .next = next, .text = "made up",
                           .date = st.date };

    if (st.op == NULL)
        return;
    snprintf(text, sizeof text, "%s", body);
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    r.id = st.op->id;
    r.body.p = text;
    r.body.n = strlen(text);
    engine_result(st.engine, &r);
    turn();
}

static void
answer(enum op_outcome outcome, const char *body)
{
    answer_as(outcome, body, "", "");
}

static inline struct store_counts
counts(void)
{
    struct store_counts c = { 0, 0, 0, 0, 0 };

    CHECK(st.store->ops->counts(&st.cx, st.store, &c) == MR_OK);
    return c;
}

static inline struct store_mark
mark_of(int side)
{
    struct store_mark m;

    memset(&m, 0, sizeof m);
    m.mark = m.load = "";
    (void)st.store->ops->mark_get(&st.cx, st.store, "Pair", side, &m);
    return m;
}

/* The first parked row, or kind -1. */
static inline struct store_parked
parked(void)
{
    struct store_parked p;
    struct store_query q;

    memset(&p, 0, sizeof p);
    memset(&q, 0, sizeof q);
    if (st.store->ops->parked_next(&st.cx, st.store, &q, &p) != MR_OK)
        p.kind = (enum store_parked_kind)99;
    return p;
}

#define ONE_LEFT "{'d':{'results':[{'__metadata':{'etag':'e1'},"              \
    "'ObjectID':'l1','No':'1','Own':'a','Late':'a',"                          \
    "'ChangedOn':'/Date(1772366340000)/'}]}}"
#define NONE "{'d':{'results':[]}}"

/* n records "1" to "n" of the left side. */
static inline void
page_of(int n, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "{'d':{'results':[");

    for (int i = 1; i <= n; i++)
        at += (size_t)snprintf(out + at, size - at,
                               "%s{'ObjectID':'l%d','No':'%d','Own':'a'}",
                               i == 1 ? "" : ",", i, i);
    snprintf(out + at, size - at, "]}}");
}

/* A left page of n records was read. */
static inline bool
page_read(int n)
{
    char page[4000];

    engine_poll(st.engine, st.pair, L, true);
    turn();
    if (!next_is("l", OP_PAGE))
        return false;
    page_of(n, page, sizeof page);
    answer(OP_OK, page);
    return true;
}

/* Ten records on both sides, linked. */
static inline bool
ten_linked(void)
{
    char id[16];

    if (!page_read(10))
        return false;
    for (int i = 0; i < 20; i++) {
        st.op = engine_next_op(st.engine, "r");
        if (st.op == NULL)
            return false;
        snprintf(id, sizeof id, "r%d", i);
        answer_as(OP_OK, st.op->kind == OP_FIND ? NONE : "", id, "");
    }
    return counts().links == 10;
}

#endif
