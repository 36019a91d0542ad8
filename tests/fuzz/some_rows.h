/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A little of everything that a store keeps, as maps of tests/repl/merging.map
 * leave it. What is sealed is always one text, so that what comes out can be
 * compared.
 */
#ifndef TESTS_FUZZ_SOME_ROWS_H
#define TESTS_FUZZ_SOME_ROWS_H

#include "fuzz/demand.h"
#include "store/seal.h"
#include "store/store.h"

enum { SOME_LINKS = 3, SOME_SEALED = 200 };

static const char some_text[] =
    "{\"cells\":[{\"rule\":3,\"left\":\"Muster\",\"right\":\"Beispiel\"},"
    "{\"rule\":4,\"row\":\"00000000000000aa\",\"left\":\"1\"}]}";

/* Anything that is put has to be kept. */
#define PUT(name, ...)                                                        \
    DEMAND(s->ops->name(cx, s, __VA_ARGS__) == MR_OK)

static inline void
some_links(struct mr_cx *cx, struct store *s)
{
    for (int i = 1; i <= SOME_LINKS; i++) {
        char ids[2][16], keys[2][16];
        struct store_link l = { .map = i < SOME_LINKS ? "Pair" : "Paper",
                                .etags = { "W/\"1\"", "W/\"2\"" },
                                .serials = { "", "0000000000000007" },
                                .written = { 5, 6 }, .seen = { 7, 8 },
                                .made = 1, .changed = 2 };

        for (int side = 0; side < 2; side++) {
            snprintf(ids[side], sizeof ids[side], "%c%d", 'A' + side, i);
            snprintf(keys[side], sizeof keys[side], side ? "%010d" : "%d", i);
            l.ids[side] = ids[side];
            l.keys[side] = keys[side];
            l.gone[side] = i == 2;
        }
        PUT(link_put, &l);
    }
}

static inline void
some_parked(struct mr_cx *cx, struct store *s, struct mr_bytes sealed)
{
    for (int kind = PARKED_RULE; kind <= PARKED_REJECTED; kind++) {
        bool ref = kind == PARKED_REF, format = kind == PARKED_FORMAT;
        struct store_parked p = {
            .kind = (enum store_parked_kind)kind, .map = "Pair",
            .record_id = "A1", .key = "1", .link = ref ? 0 : 1,
            .message = format ? 1 : 0, .rule = "rule", .reason = "made up",
            .detail = sealed, .wants_map = ref ? "Pair" : "",
            .wants_key = ref ? "9" : "", .attempts = 1, .made = 3
        };

        PUT(parked_put, &p);
    }
}

/* In a turn of its own. */
static inline void
some_rows(struct mr_cx *cx, struct store *s, const struct store_keys *keys)
{
    unsigned char at[SOME_SEALED];
    struct mr_bytes sealed = { at, seal_size(sizeof some_text) };
    struct store_intent i = { .map = "Pair", .side = 1, .link = 1,
                              .key = "0000000001", .token = "",
                              .made = 4 };
    struct store_message m = { .system = "e", .serial = "8", .sealed = sealed,
                               .arrived = 9, .records = 2 };
    struct store_decision d = { .link = 1, .rule = 3, .from = 1,
                                .outcome = DECIDED_CONFLICT,
                                .policy = "newest", .left = "a", .right = "b",
                                .detail = sealed, .at = 10 };
    struct store_mark mark = { .map = "Pair", .side = 0, .mark = "2026-01-01",
                               .load = "done", .loaded = 3, .polled = 11 };
    bool empty;

    DEMAND(sealed.n <= sizeof at);
    seal_close(keys, some_text, sizeof some_text, at);
    DEMAND(s->ops->begin(cx, s) == MR_OK);
    some_links(cx, s);
    PUT(intent_put, &i);
    PUT(message_put, &m);
    PUT(message_done, m.id, 0, &empty);
    some_parked(cx, s, sealed);
    PUT(decision_put, &d);
    PUT(mark_put, &mark);
    PUT(meta_put, "version", (struct mr_bytes){ "1", 1 });
    DEMAND(s->ops->commit(cx, s) == MR_OK);
}

#undef PUT

#endif
