/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for deleted records: all technical ids of a side are read, then
 * every link whose record is not among them is a deletion. They are counted
 * before the first of them goes on: if there are too many, all are parked.
 *
 * Of an id only a hash is kept: 8 bytes a record.
 */
#include "repl/engine_state.h"

#include <stdlib.h>

enum { LINKS_A_TURN = 2000 };

#define A_DAY ((int64_t)86400 * 1000000)

static bool
ids_add(struct engine *e, struct search *s, uint64_t hash)
{
    if (s->n_ids == s->ids_room) {
        size_t room = s->ids_room == 0 ? 1024 : s->ids_room + s->ids_room / 2;
        uint64_t *p = mr_resize(e->cx, s->ids, room * sizeof *p);

        if (p == NULL)
            return engine_fail(e, MR_EMEMORY);
        s->ids = p;
        s->ids_room = room;
    }
    s->ids[s->n_ids++] = hash;
    return true;
}

void
sweep_record(struct engine *e, struct search *s, struct merge *m)
{
    struct mr_val id = merge_id(m, s->flow->side);

    if (mr_is_here(id))
        ids_add(e, s, seal_hash(e->keys, id.p, id.n));
}

static int
by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static bool
is_missing(struct engine *e, const struct search *s,
           const struct store_link *l)
{
    int side = s->flow->side;
    uint64_t hash;

    /* What was made or written since the search began is there. */
    if (*l->ids[side] == '\0' || l->gone[side] || l->made >= s->begun ||
        l->written[side] >= s->begun)
        return false;
    hash = seal_hash(e->keys, l->ids[side], strlen(l->ids[side]));
    return s->n_ids == 0 || bsearch(&hash, s->ids, s->n_ids, sizeof hash,
                                    by_hash) == NULL;
}

/* Both are gone, and what was on its way then has come. */
static bool
is_forgotten(const struct engine *e, const struct store_link *l)
{
    return l->gone[0] && l->gone[1] && e->now - l->changed > A_DAY;
}

static void
walk_begin(struct engine *e, struct search *s)
{
    if (s->n_ids > 0)
        qsort(s->ids, s->n_ids, sizeof *s->ids, by_hash);
    s->state = SEARCH_WALKS;
    s->walk = 0;
    s->missing = 0;
    s->counted = s->guarded = false;
    (void)e;
}

static void
deletion_item(struct engine *e, struct search *s, const struct store_link *l)
{
    struct item *it = item_new(e, s->flow);

    if (it == NULL)
        return;
    it->link = l->id;
    it->key = keep_text(e, &it->mem, l->keys[s->flow->side]);
    it->id = keep_text(e, &it->mem, l->ids[s->flow->side]);
    it->gone = true;
    if (s->guarded) {
        it->lock = 0;
        item_park_plain(e, it, PARKED_GUARD, "the search for deleted records "
                        "found more than the guard allows");
        return;
    }
    it->guard_passed = true;
    item_run(e, it);
}

static void
walk_end(struct engine *e, struct search *s)
{
    struct flow *f = s->flow;

    if (!s->counted) {
        s->counted = true;
        s->walk = 0;
        s->guarded = s->missing > guard_allows(e, f);
        return;
    }
    f->mark.swept = e->now;
    st_mark_put(f);
    search_stop(e, s);
}

bool
sweep_turn(struct engine *e, struct search *s)
{
    struct store_link l;

    if (s->state == SEARCH_RUNS && s->ended && s->page == NULL)
        walk_begin(e, s);
    if (s->state != SEARCH_WALKS)
        return false;
    for (int n = 0; n < LINKS_A_TURN; n++) {
        if (s->counted && !items_room(e, 4))
            return n > 0;
        mr_cx_next(e->cx);
        if (!st_link_next(e, s->flow->map, s->walk, &l)) {
            walk_end(e, s);
            return e->status == MR_OK && s->state == SEARCH_WALKS;
        }
        s->walk = l.id;
        if (is_forgotten(e, &l)) {
            st_link_drop(e, l.id);
            continue;
        }
        if (!is_missing(e, s, &l) || known_left(e, s->flow, l.id))
            continue;
        if (s->counted)
            deletion_item(e, s, &l);
        else
            s->missing++;
    }
    return false;               /* the next turn goes on */
}
