/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer said to an item's operation, and where the item goes from there. */
#include "repl/engine_state.h"

/* --- answers that are none --- */

void
item_again(struct engine *e, struct item *it, const struct op_result *r)
{
    bool whole = it->call.system->failures >= e->set.breaker ||
                 it->call.system->open;
    int64_t until;

    /* While the whole peer fails, no single record is to blame. */
    if (r->outcome == OP_UNSURE && !whole && ++it->tries >= e->set.tries) {
        struct parking p = {
            .kind = PARKED_PEER, .reason = r->text,
            .next = e->now + (int64_t)e->set.backoff_max_ms * 5000
        };

        item_park(e, it, &p);
        return;
    }
    until = backoff(e, it->tries);
    if (r->retry_after > 0 &&
        until < e->now + (int64_t)r->retry_after * 1000000)
        until = e->now + (int64_t)r->retry_after * 1000000;
    engine_note(e, EVENT_RETRY, it->flow, item_name(it), r->text);
    item_pause(e, it, until, false);
}

void
item_refused(struct engine *e, struct item *it, const struct op_result *r)
{
    item_park_plain(e, it, PARKED_PEER,
                    *r->text == '\0' ? "the peer refused it" : r->text);
}

/* --- S's record --- */

/* Its bytes into m.record[side]. false: they are none, the item is parked. */
static bool
decode(struct engine *e, struct work *w, int side, const struct op_result *r)
{
    enum mr_status status = merge_decode(&w->m, side, r->body.p, r->body.n);

    if (status == MR_OK)
        return true;
    if (status == MR_EMEMORY)
        return engine_fail(e, status);
    engine_clear(e);
    item_park_plain(e, w->it, PARKED_FORMAT,
                    "what the peer sent is no record");
    return false;
}

/* None, one, or more (2); -1: no records. */
static int
count_records(struct engine *e, const struct flow *f,
              const struct op_result *r)
{
    struct stream s;
    void *record = mr_resize(e->cx, NULL, f->doc->shape->size);
    enum mr_status status;
    int n = 0;

    if (record == NULL) {
        engine_fail(e, MR_EMEMORY);
        return -1;
    }
    stream_open(&s, f->doc, r->body.p, r->body.n);
    while ((status = stream_next(e, &s, record)) == MR_OK && n < 2)
        n++;
    stream_close(e, &s);
    mr_resize(e->cx, record, 0);
    engine_clear(e);
    return status == MR_OK || status == MR_END ? n : -1;
}

/* What was searched by its key. true: the item is parked. */
static bool
is_several(struct engine *e, struct item *it, int n)
{
    if (n >= 0 && n < 2)
        return false;
    item_park_plain(e, it, n < 0 ? PARKED_FORMAT : PARKED_PEER, n < 0
                    ? "what the peer sent is no record"
                    : "a side has more than one record of this key");
    return true;
}

static void
own_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    const struct flow *f = it->flow;
    bool found = it->call.op.kind == OP_FIND && r->outcome == OP_OK;
    int n = r->outcome == OP_NONE ? 0 : found ? count_records(e, f, r) : 1;
    struct work w;

    if (is_several(e, it, n))
        return;
    if (n == 0) {
        it->gone = it->gone_sure = true;
    } else if (r->outcome != OP_OK) {
        item_refused(e, it, r);
        return;
    } else {
        bool known;

        known = work_open(e, it, &w) && decode(e, &w, f->side, r);
        if (known)
            item_set_record(e, it, &w.m, it->call.asked);
        work_close(&w);
        if (!known)
            return;
    }
    if (it->state == ITEM_FETCH && it->gone) {
        struct store_link link;

        mr_cx_next(e->cx);
        if (!st_link_by_record(e, f->map, f->side, it->id, &link)) {
            if (!intent_takes(e, it))
                item_left_out(e, it);
            return;
        }
        it->link = link.id;
    }
    it->state = it->in_lock ? ITEM_START : ITEM_NEW;
    item_run(e, it);
}

static void
twin_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    if (r->outcome == OP_NONE) {
        it->twin = keep_text(e, &it->mem, it->call.op.record_id);
        it->state = ITEM_START;
        item_run(e, it);
    } else if (r->outcome == OP_OK) {
        item_park_plain(e, it, PARKED_PEER,
                        "another record of this system has the same key");
    } else {
        item_refused(e, it, r);
    }
}

/* --- T's record --- */

/* The one that was found is not another one's partner. */
static bool
is_free(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    int s = it->flow->side, t = 1 - s;
    struct mr_val id = merge_id(&w->m, t);
    struct store_link other;

    if (w->linked || !mr_is_here(id))
        return true;
    id.p = keep_slice(e, &it->call.mem, id.p, id.n);
    if (id.p == NULL ||
        !st_link_by_record(e, it->flow->map, t, id.p, &other))
        return true;
    if (other.gone[s] || other.gone[t]) {
        /* Its former partner is gone: this one takes the place. */
        it->link = other.id;
        return true;
    }
    item_park_plain(e, it, PARKED_PEER, "the record of this key on the other "
                    "side is linked to another record");
    return false;
}

/* S's record was made by a creation of which no answer came: then it is T's
 * that has the news. */
static bool
turned_round(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *f = it->flow;
    struct mr_val id = merge_id(&w->m, 1 - f->side);
    struct store_intent i;
    const char *text;

    if (w->linked || it->message != 0 || it->key == NULL ||
        !mr_is_here(id) ||
        !st_intent_find(e, f->map, f->side, it->key, 0, &i))
        return false;
    text = keep_slice(e, &it->mem, id.p, id.n);
    if (text != NULL)
        item_turn_round(e, it, text);
    return true;
}

/* S's record is gone, and T, which can't be read, perhaps has it: a deletion of
 * a record that is linked from now on. */
static void
seek_deletion(struct engine *e, struct item *it)
{
    const struct flow *f = it->flow;
    struct store_link l = { .map = f->map->name, .ids = { "", "" },
                            .keys = { "", "" }, .etags = { "", "" },
                            .serials = { "", "" }, .base = { "", 0 },
                            .kept = { "", 0 }, .made = e->now,
                            .changed = e->now };
    struct store_link other;

    mr_cx_next(e->cx);
    l.keys[f->other->side] = it->made_as;
    l.keys[f->side] = it->seek;
    /* A message of T is perhaps making it there again: asked once more then. */
    if (lock_held(e, lock_of(e, f->map, l.keys[f->repl->key_space], f->side,
                             NULL, 0))) {
        item_pause(e, it, backoff(e, 0), false);
        return;
    }
    if (st_link_by_key(e, f->map, f->other->side, it->made_as, &other) ||
        st_link_by_key(e, f->map, f->side, it->seek, &other) ||
        !st_link_put(e, &l)) {
        st_intent_drop(e, it->intent);
        item_done(e, it);
        return;
    }
    it->link = l.id;
    it->seek = NULL;
    it->gone = it->gone_sure = true;
    it->state = ITEM_NEW;
    item_run(e, it);
}

/* There was none of this key when that was asked for, so it was not made; what
 * it was to be made of comes by itself. It may have come since, and be on its
 * way again under the same intent. */
static void
seek_nothing(struct engine *e, const struct item *it)
{
    const struct flow *f = it->flow;
    struct store_intent i;

    mr_cx_next(e->cx);
    if (st_intent_find(e, f->map, f->side, it->seek, 0, &i) &&
        i.id == it->intent && i.made < it->call.asked)
        st_intent_drop(e, i.id);
}

/* What an intent is about, by S's key. */
static void
seek_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    const struct flow *f = it->flow;
    int n = r->outcome == OP_NONE ? 0 : count_records(e, f, r);
    struct work w;

    if (n == 0 && it->made_as != NULL) {
        seek_deletion(e, it);
        return;
    }
    if (n != 1) {
        if (n == 0)
            seek_nothing(e, it);
        item_done(e, it);
        return;
    }
    if (work_open(e, it, &w) && decode(e, &w, f->side, r)) {
        it->seek = NULL;
        it->intent = 0;
        item_set_record(e, it, &w.m, it->call.asked);
        it->state = ITEM_NEW;
        item_run(e, it);
    }
    work_close(&w);
}

/* T's record may be one that takes no part: it is not touched. */
static bool
other_takes(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    int s = it->flow->side;

    if (it->flow->other->to_other == NULL)
        return true;
    if (merge_translate(&w->m, s) != MR_OK)
        return engine_fail(e, MR_EMEMORY);
    if (w->m.takes[s])
        return true;
    if (w->intended)
        st_intent_drop(e, w->intent.id);        /* it was just looked at */
    item_left_out(e, it);
    return false;
}

/* Its creation was refused, and it is really not there. */
static void
refused_for_good(struct engine *e, struct item *it)
{
    const struct op_result r = { .outcome = OP_REFUSED, .text = it->refused };

    st_intent_drop(e, it->intent);
    it->intent = 0;
    item_refused(e, it, &r);
}

static void
find_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    const struct flow *t = it->flow->other;
    int n = r->outcome == OP_NONE ? 0 : count_records(e, t, r);
    struct work w;
    struct mr_val key;

    if (n < 0 || n > 1) {
        item_park_plain(e, it, n < 0 ? PARKED_FORMAT : PARKED_PEER, n < 0
                        ? "what the peer sent is no record"
                        : "the other side has more than one record of this "
                          "key");
        return;
    }
    if (n == 0 && it->refused != NULL && it->intent != 0) {
        refused_for_good(e, it);
        return;
    }
    it->other_asked = it->call.asked;
    if (work_open(e, it, &w) &&
        merge_translate(&w.m, t->side) == MR_OK) {
        key = merge_key(&w.m, t->side);
        if (!w.linked && mr_is_here(key))
            work_intent(e, &w, key.p);
        if (n == 0 && w.linked)
            other_gone(e, &w);
        else if (n == 0)
            change_decide(e, &w);
        else if (decode(e, &w, t->side, r) && !turned_round(e, &w) &&
                 is_free(e, &w) && other_takes(e, &w))
            change_decide(e, &w);
    } else {
        engine_fail(e, MR_EMEMORY);
    }
    work_close(&w);
}

static void
other_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    struct work w;

    it->other_asked = it->call.asked;
    if (!work_open(e, it, &w)) {
        work_close(&w);
        return;
    }
    if (r->outcome == OP_NONE)
        other_gone(e, &w);
    else if (decode(e, &w, 1 - it->flow->side, r) && other_takes(e, &w))
        change_decide(e, &w);
    work_close(&w);
}

static void
gone_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    bool found = it->call.op.kind == OP_FIND && r->outcome == OP_OK;
    int t = 1 - it->flow->side, n = r->outcome == OP_NONE ? 0 : 1;
    struct work w;

    if (found)
        n = count_records(e, it->flow->other, r);
    if (is_several(e, it, n))
        return;
    it->other_asked = it->call.asked;
    if (work_open(e, it, &w)) {
        if (n == 0)
            w.link.gone[t] = true;
        if (n == 0 || decode(e, &w, t, r))
            change_delete(e, &w);
    }
    work_close(&w);
}

void
item_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    bool no_answer = r->outcome == OP_BUSY || r->outcome == OP_DENIED ||
                     r->outcome == OP_UNSURE;
    bool failed = r->outcome == OP_REFUSED || r->outcome == OP_STALE ||
                  r->outcome == OP_EXISTS;

    system_heard(e, it->call.system, r);
    if (it->state == ITEM_WRITE) {
        write_answer(e, it, r);
        return;
    }
    if (no_answer) {
        item_again(e, it, r);
        return;
    }
    if (failed) {
        item_refused(e, it, r);
        return;
    }
    switch (it->state) {
    case ITEM_SEEK:
        seek_answer(e, it, r);
        break;
    case ITEM_FETCH: case ITEM_OWN:
        own_answer(e, it, r);
        break;
    case ITEM_TWIN:
        twin_answer(e, it, r);
        break;
    case ITEM_FIND:
        find_answer(e, it, r);
        break;
    case ITEM_OTHER:
        other_answer(e, it, r);
        break;
    case ITEM_GONE:
        gone_answer(e, it, r);
        break;
    case ITEM_NEW: case ITEM_LOCK: case ITEM_START: case ITEM_WRITE:
    case ITEM_PAUSE:
        break;                  /* nothing is asked in these */
    }
}
