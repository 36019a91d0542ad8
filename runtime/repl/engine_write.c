/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A write: its intent is stored in the turn that makes it, the operation goes
 * out after that. When it went well, link, decisions and what the message or
 * page has waited for are settled in one transaction.
 */
#include "repl/engine_state.h"

#include <stdio.h>

void
outcome_reset(struct engine *e, struct outcome *o)
{
    keep_free(e, &o->mem);
    memset(o, 0, sizeof *o);
    o->notes_end = &o->notes;
}

/* --- the operation --- */

static bool
keep_parts(struct engine *e, struct call *c, const struct op_part *parts,
           size_t n)
{
    struct op_part *copy = keep_alloc(e, &c->mem, (n + 1) * sizeof *copy);

    for (size_t i = 0; i < n && copy != NULL; i++) {
        copy[i] = parts[i];
        copy[i].set = keep_text(e, &c->mem, parts[i].set);
        copy[i].id = keep_text(e, &c->mem, parts[i].id);
        copy[i].navigation = keep_text(e, &c->mem, parts[i].navigation);
        copy[i].body.p = keep_slice(e, &c->mem, parts[i].body.p,
                                    parts[i].body.n);
    }
    c->op.parts = copy;
    c->op.n_parts = n;
    return e->status == MR_OK;
}

/* The next number for a message, never given twice: not below the clock, in
 * microseconds, as the last one is not known where the store was lost, or an
 * older copy of it is used. A receiver would take the message for an old one. */
static const char *
new_token(struct engine *e, struct keep *k)
{
    struct mr_bytes last = st_meta(e, "docnum");
    uint64_t n = 0;
    char text[24];

    for (size_t i = 0; i < last.n && i < 16; i++)
        n = n * 10 + (uint64_t)(((const char *)last.p)[i] - '0');
    n = e->now > (int64_t)n ? (uint64_t)e->now : n + 1;
    snprintf(text, sizeof text, "%016llu",
             (unsigned long long)(n % 10000000000000000U));
    st_meta_put(e, "docnum", (struct mr_bytes){ text, 16 });
    return keep_text(e, k, text);
}

static bool
intent_store(struct engine *e, struct work *w, enum write_kind kind,
             struct mr_bytes sent)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    struct mr_op *op = &it->call.op;
    bool messages = it->flow->to_other != NULL &&
                    it->flow->to_other->to->format == MR_IDOC;
    bool same = sent_same(e, t->repl, sent, w->was_sent);
    char own[300];
    struct store_intent i = {
        .id = w->intended ? w->intent.id : 0, .map = t->map->name,
        .side = (uint8_t)t->side,
        .link = kind == WRITE_CREATE ? 0 : it->link,
        .key = it->outcome.keys[t->side], .token = "", .sent = sent,
        .made = e->now,
        .attempts = w->intended ? w->intent.attempts + 1 : 1
    };

    if (i.key == NULL || *i.key == '\0') {
        snprintf(own, sizeof own, "\x1e%s", it->id == NULL ? "" : it->id);
        i.key = own;
    }
    if (messages && w->intended && w->intent.token[0] != '\0' && same)
        op->message_token = keep_text(e, &it->call.mem, w->intent.token);
    else if (messages)
        op->message_token = new_token(e, &it->call.mem);
    if (op->message_token == NULL)
        return false;
    i.token = op->message_token;
    if (w->was_sent != NULL && !same)
        i.sent = sent_join(e, t->repl, sent, w->was_sent);
    if (e->set.bug_no_intent)
        return true;
    if (!st_intent_put(e, &i))
        return false;
    it->intent = i.id;
    it->first = !w->intended;
    return true;
}

bool
write_begin(struct engine *e, struct work *w, enum write_kind kind,
            const void *out, struct mr_bytes sent)
{
    struct item *it = w->it;
    const struct flow *t = it->flow->other;
    struct outcome *o = &it->outcome;
    struct op_part *parts = NULL;
    size_t n = 0;
    enum mr_status status = MR_OK;
    struct mr_op *op;

    if (out != NULL)
        status = merge_parts(&w->m, t->side, out,
                             kind == WRITE_CREATE ? NULL
                                                  : w->m.record[t->side],
                             &parts, &n);
    if (status != MR_OK)
        return engine_fail(e, status);
    op = call_begin(e, &it->call,
                    kind == WRITE_CREATE ? OP_CREATE
                    : kind == WRITE_REMOVE ? OP_REMOVE : OP_UPDATE, t);
    if (kind != WRITE_CREATE) {
        op->record_id = keep_text(e, &it->call.mem, o->ids[t->side]);
        op->etag = keep_text(e, &it->call.mem, o->etag);
    }
    if (!keep_parts(e, &it->call, parts, n) ||
        !intent_store(e, w, kind, sent))
        return false;
    if (kind == WRITE_CREATE && !it->keyless &&
        *o->keys[t->side] == '\0') {
        it->keyless = true;
        it->flow->other->keyless++;
    }
    o->kind = kind;
    it->state = ITEM_WRITE;
    call_ready(e, &it->call);
    return true;
}

/* --- its answer --- */

static void
unsure(struct engine *e, struct item *it, const struct op_result *r)
{
    bool creates = it->outcome.kind == WRITE_CREATE;

    if (creates && it->keyless) {
        item_park_plain(e, it, PARKED_PEER, "it may have been created: the "
                        "answer to its creation was lost");
        return;
    }
    item_again(e, it, r);
}

/* A peer of messages gets the very same again, until it has answered. */
static void
same_again(struct engine *e, struct item *it, const struct op_result *r)
{
    uint64_t order = it->order;
    uint32_t place = it->call.slot;

    item_again(e, it, r);
    if (e->items[place] == it && it->order == order &&
        it->state == ITEM_PAUSE)
        it->again = true;
}

static void
stale(struct engine *e, struct item *it)
{
    engine_note(e, EVENT_STALE, it->flow, item_name(it),
                "the other record was changed since it was read");
    if (++it->stale > e->set.stale_tries) {
        it->stale = 0;
        item_pause(e, it, backoff(e, ++it->tries), false);
        return;
    }
    item_start(e, it);
}

static void
exists(struct engine *e, struct item *it, const struct op_result *r)
{
    if (side_reads(it->flow->other) && !it->keyless && it->exists++ < 3) {
        item_start(e, it);
        return;
    }
    st_intent_drop(e, it->intent);
    item_refused(e, it, r);
}

/* "There is one already" is said in any language, so a creation that was refused
 * is looked up before it counts as that: the intent stays until then, as it may
 * be the program's own. */
static void
refused(struct engine *e, struct item *it, const struct op_result *r)
{
    bool creates = it->outcome.kind == WRITE_CREATE && !it->keyless;

    if (creates && side_reads(it->flow->other) && it->refused == NULL) {
        it->refused = keep_text(e, &it->mem, r->text);
        if (it->refused != NULL)
            item_start(e, it);
        return;
    }
    st_intent_drop(e, it->intent);
    item_refused(e, it, r);
}

/* It was created, but how it is called was not said. */
static bool
is_nameless(const struct item *it, const struct op_result *r)
{
    const struct flow *t = it->flow->other;

    return it->outcome.kind == WRITE_CREATE && side_reads(t) &&
           t->repl->tech[t->side].id_name != NULL && *r->record_id == '\0';
}

static void
went_well(struct engine *e, struct item *it, const struct op_result *r)
{
    if (is_nameless(it, r) && !it->keyless) {
        item_start(e, it);      /* found by its key */
        return;
    }
    if (is_nameless(it, r)) {
        item_park_plain(e, it, PARKED_PEER, "it was created, but the peer "
                        "did not say what it is called");
        return;
    }
    item_settle(e, it, r);
}

/* The peer said that it did not do it, and was asked but once: nothing of it can
 * be there. Messages keep it, for their number. */
static void
undone(struct engine *e, struct item *it)
{
    if (!it->first || it->intent == 0 || !side_reads(it->flow->other))
        return;
    st_intent_drop(e, it->intent);
    it->intent = 0;
}

void
write_answer(struct engine *e, struct item *it, const struct op_result *r)
{
    switch (r->outcome) {
    case OP_OK:
        went_well(e, it, r);
        break;
    case OP_NONE:
        if (it->outcome.kind == WRITE_REMOVE)
            item_settle(e, it, r);
        else
            stale(e, it);
        break;
    case OP_STALE:
        undone(e, it);
        stale(e, it);
        break;
    case OP_EXISTS:
        exists(e, it, r);
        break;
    case OP_REFUSED:
        refused(e, it, r);
        break;
    case OP_BUSY: case OP_DENIED:
        undone(e, it);
        item_again(e, it, r);
        break;
    case OP_UNSURE:
        if (side_reads(it->flow->other))
            unsure(e, it, r);
        else
            same_again(e, it, r);
        break;
    }
}

/* --- what is kept --- */

/* Nobody knows when between its beginning and its answer a write was done. Of a
 * side that sends messages those from before the answer may show what it wrote
 * over: what is agreed is as old as the answer. */
static void
decided_now(struct engine *e, struct item *it)
{
    const struct mr_repl *repl = it->flow->repl;
    struct outcome *o = &it->outcome;
    uint32_t now = (uint32_t)(e->now / 1000000);
    struct base_cell *cells;
    struct mr_bytes out;
    struct base b;

    if (o->base.n == 0 || o->when == now)
        return;
    mr_cx_next(e->cx);
    if (base_unpack(e->cx, repl, o->base, &b) != MR_OK ||
        (cells = mr_alloc(e->cx, (b.n + 1) * sizeof *cells)) == NULL) {
        engine_fail(e, e->cx->error.status);
        return;
    }
    for (size_t i = 0; i < b.n; i++) {
        cells[i] = b.cells[i];
        if (cells[i].at == o->when)
            cells[i].at = now;
    }
    b.cells = cells;
    if (base_pack(e->cx, repl, &b, &out) != MR_OK) {
        engine_fail(e, e->cx->error.status);
        return;
    }
    o->base.p = keep_slice(e, &o->mem, out.p, out.n);
    o->base.n = o->base.p == NULL ? 0 : out.n;
    o->when = now;
}

/* Key and id of a record that was created: as it came out, where that is
 * known. */
static void
created(struct engine *e, struct item *it, const struct op_result *r)
{
    struct outcome *o = &it->outcome;
    int t = 1 - it->flow->side;
    struct merge m;
    struct mr_val key;

    if (*r->record_id != '\0')
        o->ids[t] = keep_text(e, &o->mem, r->record_id);
    if (*o->keys[t] != '\0' || r->body.n == 0 || it->flow->other->doc == NULL)
        return;
    mr_cx_next(e->cx);
    merge_init(&m, e->cx, it->flow->map, e->keys);
    if (merge_decode(&m, t, r->body.p, r->body.n) == MR_OK) {
        key = merge_key(&m, t);
        if (mr_is_here(key))
            o->keys[t] = keep_slice(e, &o->mem, key.p, key.n);
    }
    merge_done(&m);
    engine_clear(e);
}

static void
link_fill(struct engine *e, struct item *it, const struct op_result *r,
          struct store_link *l)
{
    struct outcome *o = &it->outcome;
    int s = it->flow->side, t = 1 - s;

    l->map = it->flow->map->name;
    for (int side = 0; side < 2; side++) {
        if (o->ids[side] != NULL && *o->ids[side] != '\0')
            l->ids[side] = o->ids[side];
        if (o->keys[side] != NULL && *o->keys[side] != '\0')
            l->keys[side] = o->keys[side];
        l->gone[side] = o->gone[side];
    }
    if (o->base.n > 0) {
        l->base = o->base;
        l->etags[s] = o->own_etag == NULL ? "" : o->own_etag;
        l->etags[t] = o->etag == NULL ? "" : o->etag;
    }
    if (it->serial != NULL)
        l->serials[s] = it->serial;
    l->seen[s] = it->message != 0 || it->gone ? e->now : it->asked;
    if (it->other_asked > l->seen[t])
        l->seen[t] = it->other_asked;
    if (it->rewrite)
        l->etags[s] = LINK_REWRITE;
    if (r != NULL) {
        l->etags[t] = r->etag;
        l->written[t] = e->now;
    }
    l->changed = e->now;
}

/* A creation of which no answer came: its record was found, or is there by other
 * means. One that gave no key goes by the other side's id. */
static void
creations_settled(struct engine *e, const struct store_link *l)
{
    for (size_t i = 0; i < e->n_flows; i++) {
        const struct flow *f = &e->flows[i];
        const char *id = l->ids[1 - f->side];
        struct store_intent intent;
        char own[300];

        snprintf(own, sizeof own, "\x1e%s", id);
        if (strcmp(f->map->name, l->map) == 0 && *id != '\0' &&
            st_intent_find(e, f->map, f->side, own, 0, &intent))
            st_intent_drop(e, intent.id);

        if (strcmp(f->map->name, l->map) == 0 && *l->keys[f->side] != '\0' &&
            st_intent_find(e, f->map, f->side, l->keys[f->side], 0, &intent))
            st_intent_drop(e, intent.id);
    }
}

/* The link as it is from now on. false: an error. */
static bool
link_store(struct engine *e, struct item *it, const struct op_result *r)
{
    struct store_link l;

    if (it->revives != 0 && it->revives != it->link)
        st_link_drop(e, it->revives);
    mr_cx_next(e->cx);
    memset(&l, 0, sizeof l);
    if (it->link == 0 || !st_link(e, it->link, &l)) {
        memset(&l, 0, sizeof l);
        l.made = e->now;
        for (int side = 0; side < 2; side++)
            l.ids[side] = l.keys[side] = l.etags[side] = l.serials[side] = "";
        l.base = l.kept = (struct mr_bytes){ "", 0 };
    }
    link_fill(e, it, r, &l);
    if (!st_link_put(e, &l))
        return false;
    it->link = l.id;
    creations_settled(e, &l);
    refs_wake(e, &l);
    return e->status == MR_OK;
}

static void
tell_settled(struct engine *e, struct item *it)
{
    const struct flow *f = it->flow, *t = f->other;
    struct outcome *o = &it->outcome;

    if (o->matched)
        engine_note(e, EVENT_MATCHED, f, item_name(it), "");
    switch (o->kind) {
    case WRITE_NOTHING:
        break;
    case WRITE_CREATE:
        engine_note(e, EVENT_CREATED, t, item_name(it), "");
        break;
    case WRITE_UPDATE:
        engine_note(e, EVENT_UPDATED, t, item_name(it), "");
        break;
    case WRITE_REMOVE: case WRITE_SET:
        engine_note(e, EVENT_DELETED, t, item_name(it), "");
        break;
    }
}

/* What waits although the item is done: a person, a reference. */
static int64_t
rows_left(struct engine *e, struct item *it)
{
    struct outcome *o = &it->outcome;
    struct parking p;
    int64_t row = 0;

    memset(&p, 0, sizeof p);
    if (o->wants_map != NULL) {
        p.kind = PARKED_REF;
        p.reason = "a reference is filled in when its record is there";
        p.wants_map = o->wants_map;
        p.wants_key = o->wants_key;
        p.wants_side = 1 - it->flow->side;
        /* It may have come while this one was written. */
        if (st_partner(e, p.wants_map, p.wants_side, p.wants_key) != NULL)
            p.next = e->now;
    }
    if (o->detail.n > 0 &&
        !known_dropped(e, it, PARKED_ASK, o->detail)) {
        p.kind = PARKED_ASK;
        p.rule = o->asked_at;
        p.reason = "both sides changed it, and a person has to decide";
        p.detail = o->detail;
        if (!o->quiet)
            engine_note(e, EVENT_PARKED, it->flow, item_name(it), p.reason);
    }
    if (p.kind == PARKED_ASK)
        row = known_row(e, it, &p);
    if (p.reason != NULL && row == 0)
        row = park_row(e, it, &p);
    return row;
}

void
item_settle(struct engine *e, struct item *it, const struct op_result *r)
{
    struct outcome *o = &it->outcome;

    if (r != NULL && !side_reads(it->flow->other))
        decided_now(e, it);
    if (o->kind == WRITE_CREATE && r != NULL)
        created(e, it, r);
    if (o->link && !link_store(e, it, r))
        return;
    for (struct noted *n = o->notes; n != NULL; n = n->next) {
        n->d.link = it->link;
        n->d.at = e->now;
        st_decision_put(e, &n->d);
    }
    if (it->intent != 0)
        st_intent_drop(e, it->intent);
    if (it->crossed != 0)
        st_intent_drop(e, it->crossed);
    for (struct ruling *u = o->rulings; u != NULL; u = u->next)
        st_meta_put(e, u->name, (struct mr_bytes){ "", 0 });
    known_forget(e, it, false);
    if (o->decided && o->detail.n == 0)
        known_forget(e, it, true);
    park_supersede(e, it, rows_left(e, it));
    if (o->back || (it->turned && it->link != 0))
        park_again(e, it->flow->map, 1 - it->flow->side, it->link);
    tell_settled(e, it);
    item_done(e, it);
}
