/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both records are at hand, or T's can't be had or isn't there: what is to be
 * written is decided (merge.h), and what will be kept if the write goes well.
 */
#include "repl/engine_state.h"

#include <stdio.h>

#include "value/date.h"

enum { RULINGS_MAX = 64 };

/* 0: unknown */
int64_t
moment_micros(struct mr_val v)
{
    struct mr_moment m;

    if (!mr_is_here(v) || mr_moment_read(v.p, v.n, &m) != MR_WHY_NONE)
        return 0;
    return m.seconds * 1000000 + m.fraction / 10;
}

/* The agreed state as it is for a write of which no answer came, to a side that
 * can't be read: what was perhaps written has to be written again. */
static const struct base *
unsettled(struct engine *e, const struct work *w)
{
    struct base *b;
    struct base_cell *cells;
    int s = w->it->flow->side;

    if (w->based == NULL || w->was_sent == NULL ||
        side_reads(w->it->flow->other))
        return w->based;
    b = mr_alloc(e->cx, sizeof *b);
    cells = mr_alloc(e->cx, (w->based->n + 1) * sizeof *cells);
    if (b == NULL || cells == NULL) {
        engine_fail(e, MR_EMEMORY);
        return w->based;
    }
    *b = *w->based;
    if (b->n > 0)
        memcpy(cells, b->cells, b->n * sizeof *cells);
    for (size_t i = 0; i < b->n; i++)
        if (cells[i].more == 0 && base_find(w->was_sent, cells[i].rule,
                                            cells[i].row) != NULL)
            cells[i].hash[s] = BASE_STALE;
    b->cells = cells;
    return b;
}

static struct mr_val
other_key(struct work *w)
{
    int t = 1 - w->it->flow->side;
    void *record = w->m.record[t];
    struct mr_val key;

    /* What it will be when the write is done comes first. */
    w->m.record[t] = NULL;
    key = w->m.made[t] == NULL ? mr_missing() : merge_key(&w->m, t);
    w->m.record[t] = record;
    if (!mr_is_here(key) && record != NULL)
        key = merge_key(&w->m, t);
    return key;
}

static const char *
kept(struct engine *e, struct outcome *o, struct mr_val v, const char *other)
{
    const char *copy = mr_is_here(v) ? keep_slice(e, &o->mem, v.p, v.n)
                                     : keep_text(e, &o->mem, other);

    return copy == NULL ? "" : copy;
}

/* What the link will hold of the two records. */
static void
outcome_records(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    struct outcome *o = &it->outcome;
    int s = it->flow->side, t = 1 - s;
    bool had = w->linked;

    o->link = true;
    o->matched = !had && w->m.record[t] != NULL;
    o->ids[s] = kept(e, o, merge_id(&w->m, s), had ? w->link.ids[s] : "");
    o->keys[s] = kept(e, o, merge_key(&w->m, s), had ? w->link.keys[s] : "");
    o->own_etag = kept(e, o, merge_etag(&w->m, s), "");
    o->keys[t] = kept(e, o, other_key(w), had ? w->link.keys[t] : "");
    if (w->m.record[t] == NULL) {
        o->ids[t] = kept(e, o, mr_missing(), had ? w->link.ids[t] : "");
        o->etag = "";
        return;
    }
    o->ids[t] = kept(e, o, merge_id(&w->m, t), had ? w->link.ids[t] : "");
    o->etag = kept(e, o, merge_etag(&w->m, t), "");
}

/* --- what a person has said --- */

static void
ruling_name(char *out, size_t n, int64_t link, int rule, uint64_t row)
{
    snprintf(out, n, "ruling:%lld:%d:%llu", (long long)link, rule,
             (unsigned long long)row);
}

/* true: there is one. Used up when the item is settled. */
bool
ruling_find(struct engine *e, struct item *it, int rule, uint64_t row,
            uint8_t *side)
{
    struct outcome *o = &it->outcome;
    struct ruling *r;
    struct mr_bytes value;
    char name[96];

    ruling_name(name, sizeof name, it->link, rule, row);
    value = st_meta(e, name);
    if (value.n == 0)
        return false;
    *side = *(const char *)value.p == 'r' ? MR_RIGHT : MR_LEFT;
    r = keep_alloc(e, &o->mem, sizeof *r);
    if (r == NULL)
        return false;
    r->name = keep_text(e, &o->mem, name);
    r->next = o->rulings;
    if (r->name != NULL)
        o->rulings = r;
    return true;
}

static size_t
rulings_find(struct engine *e, struct item *it, const struct merge_result *r,
             struct merge_ruling *out)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_cells && n < RULINGS_MAX; i++) {
        const struct merge_cell *c = &r->cells[i];

        if (c->how != MERGE_ASKED ||
            !ruling_find(e, it, c->rule, c->row, &out[n].side))
            continue;
        out[n].rule = c->rule;
        out[n++].row = c->row;
    }
    return n;
}

/* --- deciding --- */

static int64_t
changed_at(const struct engine *e, const struct work *w, int side)
{
    const struct item *it = w->it;
    int64_t at = moment_micros(merge_changed(&w->m, side));

    if (side == it->flow->side && it->message != 0)
        return message_made(e, it);
    if (at != 0)
        return at;
    return w->linked && !side_reads(side == it->flow->side
                                    ? it->flow : it->flow->other)
               ? w->link.seen[side] : 0;
}

static bool
decide(struct engine *e, struct work *w, struct merge_result *r)
{
    struct item *it = w->it;
    const struct flow *f = it->flow;
    struct merge_ruling rulings[RULINGS_MAX];
    struct merge_input in = {
        .from = f->side, .base = unsettled(e, w), .sent = w->was_sent,
        .rulings = rulings, .cut_refs = f->repl->cyclic, .crossing = w->crosses,
        .own = w->own, .now = e->now, .bug_forget = e->set.bug_forget
    };

    in.readable[f->side] = side_reads(f);
    in.readable[1 - f->side] = side_reads(f->other);
    in.changed[0] = changed_at(e, w, 0);
    in.changed[1] = changed_at(e, w, 1);
    in.now = e->now;
    in.written[0] = w->linked ? w->link.written[0] : 0;
    in.written[1] = w->linked ? w->link.written[1] : 0;
    if (e->status != MR_OK)
        return false;
    for (int round = 0; round < 2; round++) {
        enum mr_status status = merge_decide(&w->m, &in, r);

        if (status != MR_OK)
            return engine_fail(e, status);
        if (!r->asked || it->link == 0)
            break;
        in.n_rulings = rulings_find(e, it, r, rulings);
        if (in.n_rulings == 0)
            break;
    }
    return e->status == MR_OK;
}

/* Nothing new about a conflict that waits for a person. */
static bool
asked_before(struct engine *e, const struct item *it,
             const struct merge_result *r)
{
    if (!r->asked || r->write || it->link == 0)
        return false;
    for (size_t i = 0; i < r->n_cells; i++)
        if (r->cells[i].how != MERGE_ASKED && r->cells[i].how != MERGE_THEIRS)
            return false;
    return known_question(e, it, it->outcome.detail);
}

static void
keep_result(struct engine *e, struct work *w, const struct merge_result *r)
{
    struct item *it = w->it;
    struct outcome *o = &it->outcome;
    const struct wanted *wants = &e->wants[1 - it->flow->side];

    outcome_records(e, w);
    o->base.p = keep_slice(e, &o->mem, r->base.p, r->base.n);
    o->base.n = o->base.p == NULL ? 0 : r->base.n;
    o->when = (uint32_t)(e->now / 1000000);
    o->decided = true;
    o->back = r->back;
    if (it->rewrite) {
        o->base = (struct mr_bytes){ "", 0 };
        o->back = true;
    }
    o->conflict = r->conflict;
    if (r->refs_cut && wants->map != NULL) {
        o->wants_map = keep_text(e, &o->mem, wants->map);
        o->wants_key = keep_text(e, &o->mem, wants->key);
    }
    outcome_cells(e, it, r);
    if (r->asked)
        outcome_asked(e, it, r);
    o->quiet = asked_before(e, it, r);
}

static bool
seen_grow(struct engine *e)
{
    size_t room = e->seen_room == 0 ? 1024 : e->seen_room * 2;
    uint64_t *p = mr_resize(e->cx, NULL, room * sizeof *p);

    if (p == NULL)
        return engine_fail(e, MR_EMEMORY);
    memset(p, 0, room * sizeof *p);
    for (size_t i = 0; i < e->seen_room; i++) {
        size_t at = e->seen[i] & (room - 1);

        while (e->seen[i] != 0 && p[at] != 0)
            at = (at + 1) & (room - 1);
        if (e->seen[i] != 0)
            p[at] = e->seen[i];
    }
    mr_resize(e->cx, e->seen, 0);
    e->seen = p;
    e->seen_room = room;
    return true;
}

/* A dry run meets a record from both of its sides; once is enough. */
static bool
told_already(struct engine *e, uint64_t what)
{
    size_t at;

    if (what == 0)
        what = 1;
    if (e->n_seen * 2 >= e->seen_room && !seen_grow(e))
        return true;
    for (at = what & (e->seen_room - 1); e->seen[at] != 0;
         at = (at + 1) & (e->seen_room - 1))
        if (e->seen[at] == what)
            return true;
    e->seen[at] = what;
    e->n_seen++;
    return false;
}

static void
tell_cells(struct engine *e, enum engine_event event, const struct flow *f,
           const struct item *it, const struct merge_result *r)
{
    struct engine_notice n = { event, f->map, f->side,
                               item_name(it), "", r->cells,
                               r->n_cells };

    if (e->notice != NULL)
        e->notice(e->notice_arg, &n);
}

/* A plan: said, not done. */
static void
tell(struct engine *e, struct work *w, const struct merge_result *r)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    bool creates = !w->linked && w->m.record[t->side] == NULL;

    if (!told_already(e, it->lock)) {
        if (r->conflict)
            e->counts.conflicts++;
        if (r->conflict)
            tell_cells(e, EVENT_CONFLICT, it->flow, it, r);
        if (it->outcome.matched)
            engine_note(e, EVENT_MATCHED, t, item_name(it), "");
        if (r->write && creates)
            engine_note(e, EVENT_CREATED, t, item_name(it), "");
        else if (r->write) {
            e->counts.updated[t->side]++;
            tell_cells(e, EVENT_UPDATED, t, it, r);
        }
    }
    item_done(e, it);
}

/* T has none. Where S's record is as a creation of which no answer came has left
 * it, what it was made of is gone, and that deletion is still to come: true.
 * Anything else there is S's own affair. */
static bool
made_of_gone(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *f = it->flow, *t = f->other;
    struct mr_val key = merge_key(&w->m, t->side);
    struct store_link l = { .map = f->map->name, .etags = { "", "" },
                            .ids = { "", "" }, .keys = { "", "" },
                            .serials = { "", "" }, .kept = { "", 0 },
                            .made = e->now, .changed = e->now };
    struct store_intent i;
    struct base made;
    bool same = false;

    if (!side_reads(t) || it->key == NULL || it->id == NULL ||
        !mr_is_here(key) ||
        !st_intent_find(e, f->map, f->side, it->key, 0, &i))
        return false;
    if (i.sent.n > 0 &&
        (base_unpack(e->cx, f->repl, i.sent, &made) != MR_OK ||
         merge_echo(&w->m, f->side, &made, &same) != MR_OK))
        engine_fail(e, MR_EMEMORY);
    if (same) {
        l.ids[f->side] = it->id;
        l.keys[f->side] = it->key;
        l.keys[t->side] = key.p;
        l.base = i.sent;
        if (st_link_put(e, &l))
            park_again(e, f->map, t->side, l.id);
    }
    st_intent_drop(e, i.id);
    return same;
}

void
change_decide(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    bool creates = !w->linked && w->m.record[t->side] == NULL;
    const struct mr_verdict *v = &w->m.verdict[t->side];
    struct merge_result r;

    memset(&r, 0, sizeof r);
    if (creates && (made_of_gone(e, w) || !t->repl->create[t->side])) {
        item_left_out(e, it);
        return;
    }
    if (!decide(e, w, &r))
        return;
    /* Also where a record that it refers to went while T's was looked for. */
    if (v->rejected || v->parked) {
        item_park_verdict(e, it, v);
        return;
    }
    if (creates && !side_reads(t) && !mr_is_here(merge_key(&w->m, t->side))) {
        item_park_plain(e, it, PARKED_PEER, "the record has no key");
        return;
    }
    keep_result(e, w, &r);
    if (r.conflict && !e->set.dry && !it->outcome.quiet) {
        e->counts.conflicts++;
        tell_cells(e, EVENT_CONFLICT, it->flow, it, &r);
    }
    if (e->set.dry)
        tell(e, w, &r);
    else if (!r.write)
        item_settle(e, it, NULL);
    else
        write_begin(e, w, creates ? WRITE_CREATE : WRITE_UPDATE, r.out,
                    r.sent);
}
