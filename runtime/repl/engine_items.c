/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue: places for items, whose turn it is at a link, what runs next.
 *
 * A lock is a hash of a map and a record's key; two that collide wait for each
 * other without need, which harms nothing. Who came first goes first.
 */
#include "repl/engine_state.h"

/* Is there a place, when one in `share` is left for others? 0: none is. */
bool
items_room(const struct engine *e, uint32_t share)
{
    uint32_t left = share == 0 ? 0 : e->set.queue / share;

    return e->status == MR_OK && e->set.queue - e->n_items > left;
}

/* The caller asked for room. */
struct item *
item_new(struct engine *e, struct flow *f)
{
    struct item *it = mr_resize(e->cx, NULL, sizeof *it);
    uint32_t place;

    if (it == NULL) {
        engine_fail(e, MR_EMEMORY);
        return NULL;
    }
    memset(it, 0, sizeof *it);
    place = e->places[e->n_items++];
    it->flow = f;
    it->order = ++e->order;
    it->call.slot = place;
    it->call.item = it;
    it->outcome.notes_end = &it->outcome.notes;
    e->items[place] = it;
    e->calls[place] = &it->call;
    return it;
}

/* Goes on in this turn. */
void
item_run(struct engine *e, struct item *it)
{
    if (it->queued)
        return;
    it->queued = true;
    it->run_next = NULL;
    *e->run_end = it;
    e->run_end = &it->run_next;
}

static void
unqueue(struct engine *e, struct item *it)
{
    struct item **at = &e->run;

    if (!it->queued)
        return;
    while (*at != it)
        at = &(*at)->run_next;
    *at = it->run_next;
    if (it->run_next == NULL)
        e->run_end = at;
    it->queued = false;
}

/* --- locks --- */

uint64_t
lock_of(struct engine *e, const struct mr_map *map, const char *key, int side,
        const char *id, int64_t link)
{
    uint64_t h = seal_hash(e->keys, map->name, strlen(map->name));

    if (key != NULL && *key != '\0')
        return h ^ seal_hash(e->keys, key, strlen(key));
    if (link != 0)
        return h ^ seal_hash(e->keys, &link, sizeof link);
    if (id == NULL)
        id = "";
    return (h ^ seal_hash(e->keys, id, strlen(id))) + 1 + (uint64_t)side;
}

/* Runs now, or when those before it are done. */
void
item_lock(struct engine *e, struct item *it, uint64_t lock)
{
    struct item **at = &e->buckets[lock % LOCK_BUCKETS];

    it->lock = lock;
    it->in_lock = it->locked = true;
    it->lock_next = NULL;
    it->state = ITEM_LOCK;
    for (; *at != NULL; at = &(*at)->lock_next)
        if ((*at)->lock == lock)
            it->locked = false;
    *at = it;
    if (it->locked)
        item_run(e, it);
}

void
item_unlock(struct engine *e, struct item *it)
{
    struct item **at = &e->buckets[it->lock % LOCK_BUCKETS];

    if (!it->in_lock)
        return;
    while (*at != it)
        at = &(*at)->lock_next;
    *at = it->lock_next;
    it->in_lock = false;
    if (!it->locked)
        return;
    it->locked = false;
    for (struct item *next = e->buckets[it->lock % LOCK_BUCKETS];
         next != NULL; next = next->lock_next)
        if (next->lock == it->lock) {
            next->locked = true;
            item_run(e, next);
            return;
        }
}

bool
lock_held(const struct engine *e, uint64_t lock)
{
    for (const struct item *it = e->buckets[lock % LOCK_BUCKETS]; it != NULL;
         it = it->lock_next)
        if (it->lock == lock)
            return true;
    return false;
}

/* --- the end of an item, pauses --- */

void
item_free(struct engine *e, struct item *it)
{
    uint32_t place = it->call.slot;

    if (it->keyless)
        it->flow->other->keyless--;
    item_unlock(e, it);
    unqueue(e, it);
    call_end(e, &it->call);
    outcome_reset(e, &it->outcome);
    keep_free(e, &it->mem);
    keep_free(e, &it->record_mem);
    e->items[place] = NULL;
    e->calls[place] = NULL;
    e->places[--e->n_items] = place;
    mr_resize(e->cx, it, 0);
}

void
item_pause(struct engine *e, struct item *it, int64_t until, bool again)
{
    (void)e;
    it->state = ITEM_PAUSE;
    it->due = until;
    it->again = again;
}

void
items_due(struct engine *e)
{
    for (uint32_t i = 0; i < e->set.queue; i++) {
        struct item *it = e->items[i];

        if (it != NULL && it->state == ITEM_PAUSE && it->due <= e->now)
            item_run(e, it);
    }
}

void
items_run(struct engine *e)
{
    while (e->run != NULL && e->status == MR_OK) {
        struct item *it = e->run;

        e->run = it->run_next;
        if (e->run == NULL)
            e->run_end = &e->run;
        it->queued = false;
        item_step(e, it);
    }
}
