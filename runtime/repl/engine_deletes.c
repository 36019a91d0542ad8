/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deletions: a record of S is gone, so T's partner goes as the map says, unless
 * it was changed meanwhile, or the guard finds that there are too many. And
 * records that stop to take part.
 */
#include "repl/engine_state.h"

enum { GUARD_WINDOW = 3600 };   /* seconds: deletions that came one by one */

/* --- the guard --- */

/* The whole records in this share of them, in hundredths of a percent; at least
 * one, as of few records one is always more than a small share. Not rounded up:
 * that would let more than the share through. */
uint64_t
guard_share(uint64_t links, uint32_t share)
{
    uint64_t n = links / 10000 * share + links % 10000 * share / 10000;

    return n > 0 ? n : 1;
}

/* How many deletions of a side may go through; UINT64_MAX: all. */
uint64_t
guard_allows(struct engine *e, const struct flow *f)
{
    const struct mr_repl *repl = f->repl;
    uint64_t allowed = UINT64_MAX, links;

    if (repl->guard_deletes != 0)
        allowed = repl->guard_deletes;
    if (repl->guard_percent != 0) {
        uint64_t part;

        st_link_count(e, f->map, &links);
        part = guard_share(links, repl->guard_percent);
        if (part < allowed)
            allowed = part;
    }
    return allowed;
}

static bool
guard_stops(struct engine *e, struct item *it)
{
    struct flow *f = it->flow;

    if (it->guard_passed)
        return false;
    if (e->now - f->deleting_since > (int64_t)GUARD_WINDOW * 1000000) {
        f->deleting_since = e->now;
        f->deleting = 0;
    }
    it->guard_passed = true;
    return ++f->deleting > guard_allows(e, f);
}

/* The guard let it through before: it was begun, and nobody heard how it ended.
 * A write says what it writes, a deletion has nothing to say. */
static bool
was_begun(const struct work *w)
{
    return w->intended && w->intent.link != 0 && w->intent.sent.n == 0;
}

/* --- what a deletion does --- */

/* The link as it stands, with these sides gone. */
static void
outcome_link(struct engine *e, struct work *w, bool left, bool right)
{
    struct outcome *o = &w->it->outcome;

    o->link = o->decided = true;
    o->gone[MR_LEFT] = left;
    o->gone[MR_RIGHT] = right;
    for (int side = 0; side < 2; side++) {
        o->ids[side] = keep_text(e, &o->mem, w->link.ids[side]);
        o->keys[side] = keep_text(e, &o->mem, w->link.keys[side]);
    }
    o->etag = "";
}

static void
gone_alone(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    int s = it->flow->side;

    outcome_link(e, w, s == MR_LEFT || w->link.gone[MR_LEFT],
                 s == MR_RIGHT || w->link.gone[MR_RIGHT]);
    outcome_record(e, it, DECIDED_UNLINKED);
    engine_note(e, EVENT_UNLINKED, it->flow, item_name(it), "");
    item_settle(e, it, NULL);
}

/* A deletion of a record that isn't linked. An older message about it may still
 * be on its way; a link of which both sides are gone makes it too old. */
static void
gone_unknown(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    struct outcome *o = &it->outcome;

    engine_note(e, EVENT_LEFT_OUT, it->flow, item_name(it), "");
    if (it->serial != NULL && it->key != NULL) {
        o->link = true;
        o->gone[MR_LEFT] = !w->linked || w->link.gone[MR_LEFT];
        o->gone[MR_RIGHT] = !w->linked || w->link.gone[MR_RIGHT];
        o->keys[it->flow->side] = it->key;
    }
    item_settle(e, it, NULL);
}

void
change_gone(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    enum mr_on_delete what = t->repl->deletion[t->side].what;

    if (it->key == NULL && w->linked)
        it->key = keep_text(e, &it->mem, w->link.keys[it->flow->side]);
    if (!w->linked || w->link.gone[it->flow->side]) {
        gone_unknown(e, w);
        return;
    }
    if (w->link.gone[t->side] || what == MR_DELETE_NOTHING) {
        gone_alone(e, w);
        return;
    }
    if (!was_begun(w) && guard_stops(e, it)) {
        /* Link and row stand for a creation that was perhaps done. */
        if (it->made_as != NULL)
            st_intent_drop(e, it->intent);
        item_park_plain(e, it, PARKED_GUARD,
                        "more records were deleted than the guard allows");
        return;
    }
    if (e->set.no_deletes) {
        engine_note(e, EVENT_GUARD, it->flow, item_name(it),
                    "deletions are only counted");
        item_done(e, it);
        return;
    }
    if (!side_reads(t))
        change_delete(e, w);
    else if (*w->link.ids[t->side] != '\0')
        item_read(e, it, t, w->link.ids[t->side], ITEM_GONE);
    else if (*w->link.keys[t->side] != '\0')
        item_find(e, it, t, w->link.keys[t->side], ITEM_GONE);
    else
        item_park_plain(e, it, PARKED_PEER,
                        "the other record is not known by id or key");
}

/* T's partner was changed since both agreed. */
static bool
other_changed(struct engine *e, struct work *w)
{
    int t = w->it->flow->other->side;
    bool echo = true;
    enum mr_status status;

    if (w->m.record[t] == NULL || w->based == NULL ||
        w->it->flow->other->to_other == NULL)
        return false;
    status = merge_echo(&w->m, t, w->based, &echo);
    if (status != MR_OK)
        engine_fail(e, status);
    return !echo;
}

static void
ask_deletion(struct engine *e, struct work *w, int deleted)
{
    const struct flow *f = w->it->flow;
    const struct flow *left = f->side == deleted ? f->other : f;
    struct parking p = {
        .kind = PARKED_ASK,
        .reason = "deleted on one side, changed on the other",
        .detail = deletion_asked(e, w->it, deleted,
                                 known_record(e, left,
                                              w->m.record[left->side]))
    };
    struct store_query q = { .link = w->link.id };
    struct store_parked row;

    while (st_parked_next(e, &q, &row)) {
        q.after = row.id;
        p.quiet |= row.kind == PARKED_ASK;      /* it was asked before */
    }
    if (!p.quiet)
        engine_note(e, EVENT_CONFLICT, w->it->flow, w->it->key, p.reason);
    if (w->intended && side_reads(w->it->flow->other))
        st_intent_drop(e, w->intent.id);        /* it was just looked at */
    item_park(e, w->it, &p);
}

static void
delete_other(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    bool removes = t->repl->deletion[t->side].what == MR_DELETE_REMOVE;
    bool left, right;
    struct mr_bytes nothing = { "", 0 };
    void *out = NULL;
    enum mr_status status = MR_OK;

    if (!removes || !side_reads(t))
        status = merge_deletion(&w->m, t->side,
                                mr_text(w->link.keys[t->side]), &out);
    if (status != MR_OK) {
        engine_fail(e, status);
        return;
    }
    left = it->flow->side == MR_LEFT || removes;
    right = it->flow->side == MR_RIGHT || removes;
    outcome_link(e, w, left, right);
    if (w->m.record[t->side] != NULL) {
        struct mr_val etag = merge_etag(&w->m, t->side);
        struct mr_val id = merge_id(&w->m, t->side);

        it->outcome.etag = keep_slice(e, &it->outcome.mem, etag.p, etag.n);
        if (mr_is_here(id))
            it->outcome.ids[t->side] = keep_slice(e, &it->outcome.mem, id.p,
                                                  id.n);
    }
    outcome_record(e, it, DECIDED_DELETED);
    if (e->set.dry) {
        engine_note(e, EVENT_DELETED, t, item_name(it), "");
        item_done(e, it);
        return;
    }
    write_begin(e, w, removes ? WRITE_REMOVE : WRITE_SET, out, nothing);
}

void
change_delete(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    uint8_t winner = (uint8_t)it->flow->side;

    if (!w->linked) {
        item_left_out(e, it);
        return;
    }
    if (w->link.gone[t->side]) {
        gone_alone(e, w);
        return;
    }
    if (other_changed(e, w)) {
        if (!ruling_find(e, it, -1, 0, &winner)) {
            ask_deletion(e, w, it->flow->side);
            return;
        }
        if (winner != it->flow->side) {
            gone_alone(e, w);
            return;
        }
    }
    if (e->status == MR_OK)
        delete_other(e, w);
}

/* T's record is gone, and S has a change for it. */
void
other_gone(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *f = it->flow;
    bool same = true;
    uint8_t winner = (uint8_t)f->side;

    if (w->based != NULL && merge_echo(&w->m, f->side, w->based, &same)
        != MR_OK) {
        engine_fail(e, MR_EMEMORY);
        return;
    }
    if (!same && !ruling_find(e, it, -1, 0, &winner)) {
        ask_deletion(e, w, f->other->side);
        return;
    }
    if (!same && winner == f->side) {
        st_link_drop(e, w->link.id);    /* S lives on: made anew on T */
        it->link = 0;
        item_pause(e, it, e->now, false);
        item_run(e, it);
        return;
    }
    /* A deletion on T: that side's own affair. */
    park_again(e, f->map, f->other->side, w->link.id);
    item_settle(e, it, NULL);
}

/* --- S stops to take part --- */

static void
leave_by_deletion(struct engine *e, struct work *w)
{
    const struct flow *t = w->it->flow->other;

    w->it->gone = w->it->gone_sure = true;
    if (t->repl->deletion[t->side].what == MR_DELETE_NOTHING)
        gone_alone(e, w);
    else
        change_gone(e, w);
}

void
change_left(struct engine *e, struct work *w)
{
    struct item *it = w->it;

    if (!w->linked) {
        struct mr_val key = merge_key(&w->m, it->flow->other->side);

        /* Whether it was once created there or not: it is not to be now. */
        if (mr_is_here(key))
            work_intent(e, w, key.p);
        if (w->intended)
            st_intent_drop(e, w->intent.id);
        item_left_out(e, it);
        return;
    }
    switch ((enum mr_leave)it->flow->repl->leave[it->flow->side]) {
    case MR_LEAVE_KEEP:
        item_left_out(e, it);
        break;
    case MR_LEAVE_DELETE:
        leave_by_deletion(e, w);
        break;
    case MR_LEAVE_NONE: case MR_LEAVE_UNLINK:
        gone_alone(e, w);
        break;
    }
}
