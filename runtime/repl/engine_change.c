/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One change, from its side S to what is asked of the other one, T: which link,
 * is S's record fresh, is it a change at all, does it take part, where is T's
 * record. See engine_state.h for the states.
 */
#include "repl/engine_state.h"

#include <stdio.h>

/* Can its records be read, and decoded? */
bool
side_reads(const struct flow *f)
{
    return f->system->reads && f->doc != NULL && f->repl->tech[f->side].set
           != NULL;
}

enum { KEY_JOINT = 0x1f };

/* So long may a message be on its way, in microseconds. */
#define CROSSING ((int64_t)600 * 1000000)

static bool
is_text(const char *s)
{
    return s != NULL && *s != '\0';
}

static const char *
kept_val(struct engine *e, struct keep *k, struct mr_val v)
{
    return mr_is_here(v) ? keep_slice(e, k, v.p, v.n) : NULL;
}

void
item_set_record(struct engine *e, struct item *it, struct merge *m,
                int64_t asked)
{
    const struct flow *f = it->flow;
    const char *id;

    keep_free(e, &it->record_mem);
    it->record = NULL;
    it->asked = asked;
    it->gone = false;
    if (!freeze(e, &it->record_mem, f->doc->shape, m->record[f->side],
                &it->record, &it->record_n))
        return;
    id = kept_val(e, &it->record_mem, merge_id(m, f->side));
    it->id = id != NULL || it->id == NULL
        ? id : keep_text(e, &it->record_mem, it->id);
    it->key = kept_val(e, &it->record_mem, merge_key(m, f->side));
    it->space_key = kept_val(e, &it->record_mem,
                             merge_key(m, f->repl->key_space));
}

/* --- what a step has at hand --- */

static bool
same_or_unknown(const char *a, const char *b)
{
    return !is_text(a) || !is_text(b) || strcmp(a, b) == 0;
}

static bool
link_by_name(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *f = it->flow;
    int s = f->side;

    if (is_text(it->id) &&
        st_link_by_record(e, f->map, s, it->id, &w->link))
        return true;
    /* Where the key goes the other way only, the other side's terms tell. */
    if (!is_text(it->key))
        return is_text(it->space_key) && f->repl->key_space != s &&
               st_link_by_key(e, f->map, f->repl->key_space, it->space_key,
                              &w->link);
    if (!st_link_by_key(e, f->map, s, it->key, &w->link))
        return false;
    /* One that is gone there was made again, or the key is used twice. */
    w->twin = !same_or_unknown(it->id, w->link.ids[s]) && !w->link.gone[s] &&
              (it->twin == NULL || strcmp(it->twin, w->link.ids[s]) != 0);
    return true;
}

/* The record's link, by what is known of it. */
static bool
find_link(struct engine *e, struct work *w)
{
    struct item *it = w->it;

    if (it->link != 0 && st_link(e, it->link, &w->link))
        return true;
    it->link = 0;
    return link_by_name(e, w) && w->link.id != it->revives;
}

static void
open_base(struct engine *e, struct work *w)
{
    const struct mr_repl *repl = w->it->flow->repl;

    bool alive = !w->link.gone[0] && !w->link.gone[1];

    w->based = NULL;
    /* A record that is there again is compared as if never linked. */
    if (w->linked && alive && w->link.base.n > 0) {
        enum mr_status status = base_unpack(e->cx, repl, w->link.base,
                                            &w->base);

        if (status == MR_OK)
            w->based = &w->base;
        else
            engine_fail(e, status);
    }
    if (w->intended && w->intent.sent.n > 0 &&
        base_unpack(e->cx, repl, w->intent.sent, &w->sent) == MR_OK)
        w->was_sent = &w->sent;
}

void
work_intent(struct engine *e, struct work *w, const char *key)
{
    const struct flow *f = w->it->flow;

    if (!w->intended && is_text(key))
        w->intended = st_intent_find(e, f->map, 1 - f->side, key, 0,
                                     &w->intent);
    if (w->intended)
        w->it->intent = w->intent.id;
    if (w->intended && w->was_sent == NULL && w->intent.sent.n > 0 &&
        base_unpack(e->cx, f->repl, w->intent.sent, &w->sent) == MR_OK)
        w->was_sent = &w->sent;
}

/* A write to S of which no answer came: what S's record shows of it, S did not
 * say. The other side's change settles it. */
static void
open_own(struct engine *e, struct work *w)
{
    const struct flow *f = w->it->flow;

    if (w->linked && e->status == MR_OK &&
        st_intent_find(e, f->map, f->side, NULL, w->link.id, &w->crossed) &&
        w->crossed.sent.n > 0 &&
        base_unpack(e->cx, f->repl, w->crossed.sent, &w->crossing) == MR_OK)
        w->own = &w->crossing;
}

/* A message that was sent while a write to its own system was on its way. */
static void
open_crossing(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const struct flow *f = it->flow;

    it->crossed = 0;
    if (side_reads(f)) {
        open_own(e, w);
        return;
    }
    if (e->status != MR_OK ||
        !((w->linked && st_intent_find(e, f->map, f->side, NULL, w->link.id,
                                       &w->crossed)) ||
          (is_text(it->key) && st_intent_find(e, f->map, f->side, it->key, 0,
                                              &w->crossed))))
        return;
    it->crossed = w->crossed.id;
    if (w->crossed.sent.n > 0 &&
        base_unpack(e->cx, f->repl, w->crossed.sent, &w->crossing) == MR_OK)
        w->crosses = &w->crossing;
}

bool
work_open(struct engine *e, struct item *it, struct work *w)
{
    const struct flow *f = it->flow;

    memset(w, 0, sizeof *w);
    w->it = it;
    memset(e->wants, 0, sizeof e->wants);
    mr_cx_next(e->cx);
    merge_init(&w->m, e->cx, f->map, e->keys);
    w->linked = find_link(e, w);
    if (w->linked) {
        it->link = w->link.id;
        w->intended = st_intent_find(e, f->map, 1 - f->side, NULL,
                                     w->link.id, &w->intent);
        if (w->intended)
            it->intent = w->intent.id;
        it->rewrite |= strcmp(w->link.etags[f->side], LINK_REWRITE) == 0 &&
                       !side_reads(f);
    }
    open_base(e, w);
    open_crossing(e, w);
    if (it->record != NULL && e->status == MR_OK)
        w->m.record[f->side] = thaw(e, f->doc->shape, it->record);
    return e->status == MR_OK;
}

void
work_close(struct work *w)
{
    merge_done(&w->m);
}

/* --- reading --- */

void
item_read(struct engine *e, struct item *it, const struct flow *f,
          const char *id, enum item_state state)
{
    struct mr_op *op = call_begin(e, &it->call, OP_READ, f);

    op->record_id = keep_text(e, &it->call.mem, id);
    it->state = state;
    if (op->record_id != NULL)
        call_ready(e, &it->call);
}

static const char *
wire_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot == NULL ? name : dot + 1;
}

/* By the key as that side writes it, field by field. */
void
item_find(struct engine *e, struct item *it, const struct flow *f,
          const char *key, enum item_state state)
{
    struct mr_op *op = call_begin(e, &it->call, OP_FIND, f);
    char *at = keep_text(e, &it->call.mem, key);
    size_t n = 0, fields = 0;
    struct op_key *keys;

    for (uint16_t i = 0; i < f->repl->n_keys; i++)
        fields += f->repl->rules[i].n_fields[f->side];
    keys = keep_alloc(e, &it->call.mem, (fields + 1) * sizeof *keys);
    if (at == NULL || keys == NULL)
        return;
    for (uint16_t i = 0; i < f->repl->n_keys; i++) {
        const struct mr_rule *r = &f->repl->rules[i];

        for (uint16_t k = 0; k < r->n_fields[f->side] && at != NULL; k++) {
            char *end = strchr(at, KEY_JOINT);

            keys[n].name = wire_name(r->fields[f->side][k].name);
            keys[n].value = at;
            keys[n++].type = r->fields[f->side][k].type;
            if (end != NULL)
                *end++ = '\0';
            at = end;
        }
    }
    op->keys = keys;
    op->n_keys = n;
    it->state = state;
    call_ready(e, &it->call);
}

/* --- from the beginning --- */

void
item_left_out(struct engine *e, struct item *it)
{
    engine_note(e, EVENT_LEFT_OUT, it->flow, item_name(it), "");
    item_done(e, it);
}

/* Before it has its lock. */
static void
item_begin(struct engine *e, struct item *it)
{
    const struct flow *f = it->flow;
    struct work w;
    const char *key;

    memset(&w, 0, sizeof w);
    mr_cx_next(e->cx);
    w.it = it;
    w.linked = find_link(e, &w);
    if (e->status != MR_OK)
        return;
    if (!w.linked && it->record == NULL && !it->gone) {
        if (it->seek != NULL)
            item_find(e, it, f, it->seek, ITEM_SEEK);
        else if (is_text(it->id) && side_reads(f))
            item_read(e, it, f, it->id, ITEM_FETCH);
        else
            item_left_out(e, it);
        return;
    }
    key = w.linked ? w.link.keys[f->repl->key_space] : it->space_key;
    item_lock(e, it, lock_of(e, f->map, key, f->side, it->id,
                             w.linked ? w.link.id : 0));
}

/* Is what is known of S's record newer than what was done to it since? */
static bool
is_fresh(const struct work *w)
{
    const struct item *it = w->it;
    int s = it->flow->side;

    if (it->record == NULL)
        return false;
    if (!side_reads(it->flow) || it->message != 0)
        return true;
    return !w->linked || (w->link.written[s] < it->asked &&
                          w->link.seen[s] <= it->asked);
}

static const char *
own_id(const struct work *w)
{
    int s = w->it->flow->side;

    if (w->linked && !w->twin && is_text(w->link.ids[s]) &&
        !w->link.gone[s])
        return w->link.ids[s];
    return is_text(w->it->id) ? w->it->id : NULL;
}

/* It is linked, but how S calls it was never heard: its key tells. */
static bool
finds_own(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    int s = it->flow->side;

    if (!w->linked || w->twin || w->link.gone[s] || it->record != NULL ||
        !side_reads(it->flow) || !is_text(w->link.keys[s]))
        return false;
    item_find(e, it, it->flow, w->link.keys[s], ITEM_OWN);
    return true;
}

/* S's record is still to be read, or to be read again. */
static bool
reads_own(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    const char *id = own_id(w);

    if (it->gone ? it->gone_sure || !side_reads(it->flow) : is_fresh(w))
        return false;
    if (side_reads(it->flow) && id != NULL) {
        item_read(e, it, it->flow, id, ITEM_OWN);
        return true;
    }
    if (finds_own(e, w))
        return true;
    if (it->gone || it->record != NULL)
        return false;
    item_left_out(e, it);       /* nothing is known of it any more */
    return true;
}

static void change_own(struct engine *e, struct work *w);

void
item_start(struct engine *e, struct item *it)
{
    struct work w;

    it->state = ITEM_START;
    outcome_reset(e, &it->outcome);
    if (!work_open(e, it, &w)) {
        work_close(&w);
        return;
    }
    if (!reads_own(e, &w)) {
        if (w.twin)
            item_read(e, it, it->flow, w.link.ids[it->flow->side],
                      ITEM_TWIN);
        else if (it->gone)
            change_gone(e, &w);
        else
            change_own(e, &w);
    }
    work_close(&w);
}

/* Its own creation was found from the other side. */
void
item_turn_round(struct engine *e, struct item *it, const char *id)
{
    it->id = keep_text(e, &it->mem, id);
    item_unlock(e, it);
    keep_free(e, &it->record_mem);
    it->record = NULL;
    it->key = it->space_key = it->serial = it->seek = NULL;
    it->flow = it->flow->other;
    it->turned = !it->turned;
    it->state = ITEM_NEW;
    item_run(e, it);
}

void
item_step(struct engine *e, struct item *it)
{
    switch (it->state) {
    case ITEM_NEW:
        item_begin(e, it);
        break;
    case ITEM_LOCK: case ITEM_START:
        item_start(e, it);
        break;
    case ITEM_PAUSE:
        if (it->again) {
            it->state = ITEM_WRITE;
            call_repeat(e, &it->call);
        } else if (it->in_lock) {
            item_start(e, it);
        } else {
            item_begin(e, it);
        }
        break;
    case ITEM_SEEK: case ITEM_FETCH: case ITEM_OWN: case ITEM_TWIN: case ITEM_FIND:
    case ITEM_OTHER: case ITEM_GONE: case ITEM_WRITE:
        break;                  /* an answer moves these on */
    }
}

/* --- S's record is at hand and fresh --- */

/* A message is awaited that shows a write: what this one shows has to be looked
 * at cell by cell. */
static bool
is_awaited(const struct work *w)
{
    int s = w->it->flow->side;

    if (side_reads(w->it->flow))
        return false;
    for (size_t i = 0; i < w->based->n; i++)
        if (w->based->cells[i].more > 0 ||
            w->based->cells[i].before[s] != 0)
            return true;
    return false;
}

bool
item_echo(struct engine *e, struct work *w)
{
    bool echo = false;
    enum mr_status status;

    if (w->based == NULL || w->intended || w->crosses != NULL ||
        (w->it->parked != 0 && w->it->parked_kind == PARKED_ASK) ||
        is_awaited(w))
        return false;
    status = merge_echo(&w->m, w->it->flow->side, w->based, &echo);
    if (status != MR_OK)
        return engine_fail(e, status);
    return echo;
}

/* A message from before the last one that was taken. */
static bool
is_stale(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    struct store_decision d = { .link = w->link.id, .rule = -1,
                                .from = (uint8_t)it->flow->side,
                                .outcome = DECIDED_STALE, .policy = "",
                                .at = e->now };
    const char *last = w->linked ? w->link.serials[it->flow->side] : "";

    /* Of different lengths they are of different kinds. */
    if (!w->linked || !is_text(it->serial) ||
        strlen(it->serial) != strlen(last) || strcmp(it->serial, last) >= 0)
        return false;
    st_decision_put(e, &d);
    engine_note(e, EVENT_STALE, it->flow, item_name(it),
                "a message from before the last one");
    item_done(e, it);
    return true;
}

/* What became of a link whose record was gone and is there again. true: the
 * item is done. */
static bool
revived(struct engine *e, struct work *w)
{
    int s = w->it->flow->side;

    if (!w->linked)
        return false;
    if (w->link.gone[0] && w->link.gone[1]) {
        /* Sent before it saw our deletion, or made anew: nobody can tell, so
         * it lives on, on both sides. */
        w->it->rewrite = !side_reads(w->it->flow) && w->link.written[s] != 0 &&
                         message_made(e, w->it) - w->link.written[s] <
                         CROSSING;
        w->it->revives = w->link.id;
        w->linked = w->twin = false;
        w->based = NULL;
        w->it->link = 0;
        return false;
    }
    if (w->link.gone[1 - s]) {
        item_left_out(e, w->it);
        return true;
    }
    return false;
}

/* Rules that can't be met: parked or rejected. true: the item is done. */
static bool
is_unfit(struct engine *e, struct work *w)
{
    const struct flow *f = w->it->flow;
    const struct mr_verdict *v = &w->m.verdict[1 - f->side];
    bool cut = f->repl->cyclic;
    struct store_intent i;

    /* A creation of which no answer came: what it was made of has the word. */
    if (!w->linked && side_reads(f->other) && is_text(w->it->key) &&
        mr_is_here(merge_key(&w->m, f->other->side)) &&
        st_intent_find(e, f->map, f->side, w->it->key, 0, &i))
        return false;
    if (!v->rejected && (!v->parked || (cut && only_refs(v, true))))
        return false;
    item_park_verdict(e, w->it, v);
    return true;
}

/* T has no record for it, or none that could be looked for. */
static void
search_other(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    struct mr_val key = merge_key(&w->m, 1 - it->flow->side);
    char own[300];

    if (it->flow->keyless > 0) {
        /* It may be the one that is being created from the other side. */
        item_pause(e, it, backoff(e, 0), false);
        return;
    }
    if (mr_is_here(key)) {
        work_intent(e, w, key.p);
        if (side_reads(it->flow->other))
            item_find(e, it, it->flow->other, key.p, ITEM_FIND);
        else
            change_decide(e, w);
        return;
    }
    snprintf(own, sizeof own, "\x1e%s", it->id == NULL ? "" : it->id);
    work_intent(e, w, own);
    if (w->intended)
        item_park_plain(e, it, PARKED_PEER, "it may have been created: the "
                        "answer to its creation was lost");
    else
        change_decide(e, w);
}

static void
change_own(struct engine *e, struct work *w)
{
    struct item *it = w->it;
    int t = 1 - it->flow->side;
    enum mr_status status;

    if (is_stale(e, w))
        return;
    if (merge_gone(&w->m, it->flow->side)) {
        it->gone = it->gone_sure = true;
        change_gone(e, w);
        return;
    }
    if (revived(e, w))
        return;
    if (item_echo(e, w)) {
        engine_note(e, EVENT_ECHO, it->flow, item_name(it), "");
        it->outcome.link = it->serial != NULL;
        item_settle(e, it, NULL);
        return;
    }
    if (it->flow->to_other == NULL || e->status != MR_OK) {
        item_left_out(e, it);
        return;
    }
    status = merge_translate(&w->m, t);
    if (status != MR_OK) {
        engine_fail(e, status);
        return;
    }
    if (!w->m.takes[t])
        change_left(e, w);
    else if (is_unfit(e, w))
        return;
    else if (!w->linked)
        search_other(e, w);
    else if (!side_reads(it->flow->other))
        change_decide(e, w);
    else if (is_text(w->link.ids[t]))
        item_read(e, it, it->flow->other, w->link.ids[t], ITEM_OTHER);
    else if (mr_is_here(merge_key(&w->m, t)))
        item_find(e, it, it->flow->other, merge_key(&w->m, t).p, ITEM_FIND);
    else
        item_park_plain(e, it, PARKED_PEER,
                        "the other record is not known by id or key");
}
