/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that replicates while it runs, without systems: an engine over a
 * store in memory with some rows in it. Made of tests/repl/merging.map.
 */
#ifndef TESTS_FUZZ_RUNNING_H
#define TESTS_FUZZ_RUNNING_H

#include "fuzz/some_rows.h"
#include "host/control.h"

extern const struct mr_program mapc_program;

static const struct host running_host = { &mapc_program, "fuzz" };

/* One input's work can't be told from another's: made anew each time. */
static inline void
running_begin(struct session *s)
{
    static const unsigned char secret[32] = { 7 };
    struct engine_settings set;

    memset(s, 0, sizeof *s);
    s->h = &running_host;
    mr_cx_init(&s->cx, NULL);
    mr_cx_init(&s->engine_cx, NULL);
    DEMAND(config_begin(&running_host, &s->config));
    DEMAND(seal_keys(&s->cx, secret, &s->keys) == MR_OK);
    s->image = store_image_new(&s->cx);
    DEMAND(s->image != NULL &&
           store_memory_open(&s->cx, s->image, &s->store) == MR_OK);
    some_rows(&s->cx, s->store, &s->keys);
    engine_defaults(&set);
    DEMAND(engine_new(&s->engine_cx, &mapc_program, &set, s->store, &s->keys,
                      &s->engine) == MR_OK);
    s->turns = 1;               /* none of the first ones: changes may come */
}

/* What the loop does behind a change: one that left its transaction open shows
 * here, as the turn begins its own. */
static inline void
running_turn(struct session *s)
{
    DEMAND(engine_turn(s->engine, (int64_t)++s->turns) == MR_OK);
}

static inline void
running_end(struct session *s)
{
    DEMAND(s->cx.error.status == MR_OK);
    running_turn(s);
    engine_free(s->engine);
    s->store->ops->close(&s->cx, s->store);
    store_image_free(&s->cx, s->image);
    mr_cx_done(&s->engine_cx);
    mr_cx_done(&s->cx);
    config_done(&s->config);
}

#endif
