/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that wait, in the store: parked with a reason, again after some time,
 * or at once for the other side's sake. A record has at most one such row for
 * each side, besides those that say "look again".
 */
#include "repl/engine_state.h"

#include <stdio.h>

enum { DUE_ROWS = 64, SECOND = 1000000 };

const char *
item_name(const struct item *it)
{
    return it->key != NULL ? it->key
           : it->space_key != NULL ? it->space_key
           : it->id != NULL ? it->id
           : it->serial != NULL ? it->serial : "";
}

/* A row about the item's record, seen from its side. */
static bool
is_about(const struct item *it, const struct store_parked *p)
{
    return p->side == it->flow->side && p->kind != PARKED_AGAIN &&
           strcmp(p->map, it->flow->map->name) == 0;
}

static void
row_drop(struct engine *e, const struct item *it, const struct store_parked *p)
{
    if (p->message != 0 &&
        (p->message != it->message || p->index != it->index))
        st_message_done(e, p->message, p->index);
    st_parked_drop(e, p->id);
}

/* The other side's question is settled, or asked anew from here; that it waits
 * for a record, too, is not. */
static void
row_answered(struct engine *e, const struct item *it, struct store_parked *p)
{
    if (p->side == it->flow->side || *p->wants_map == '\0') {
        row_drop(e, it, p);
        return;
    }
    p->kind = PARKED_REF;
    p->reason = "a reference is filled in when its record is there";
    p->rule = "";
    p->detail = (struct mr_bytes){ "", 0 };
    st_parked_put(e, p);
}

static void
supersede(struct engine *e, const struct item *it, struct store_query *q,
          int64_t keep)
{
    struct store_parked p;

    while (st_parked_next(e, q, &p)) {
        q->after = p.id;
        if (p.id == keep || p.id == it->parked)
            continue;
        /* A question is answered by comparing both records only. */
        if (p.kind == PARKED_ASK && it->outcome.decided && q->link != 0)
            row_answered(e, it, &p);
        else if (p.kind != PARKED_ASK && is_about(it, &p))
            row_drop(e, it, &p);
    }
}

void
park_supersede(struct engine *e, const struct item *it, int64_t keep)
{
    struct store_query q = { .map = it->flow->map->name, .key = item_name(it) };

    if (*q.key != '\0')
        supersede(e, it, &q, keep);
    if (it->link != 0) {
        q = (struct store_query){ .link = it->link };
        supersede(e, it, &q, keep);
    }
}

/* A person, or its time, had the row itself taken up. */
static bool
is_retried(const struct item *it)
{
    return it->parked != 0 && it->parked_kind != PARKED_AGAIN;
}

/* The row that is there for this record, or 0. */
static int64_t
row_find(struct engine *e, const struct item *it, struct store_parked *out)
{
    struct store_query q = { .map = it->flow->map->name, .key = item_name(it) };

    if (is_retried(it) && st_parked(e, it->parked, out))
        return out->id;
    while (*q.key != '\0' && st_parked_next(e, &q, out)) {
        q.after = out->id;
        if (is_about(it, out))
            return out->id;
    }
    return 0;
}

int64_t
park_row(struct engine *e, struct item *it, const struct parking *p)
{
    struct store_parked old;
    int64_t id = row_find(e, it, &old);
    struct store_parked row = {
        .id = id, .kind = p->kind, .map = it->flow->map->name,
        .side = (uint8_t)it->flow->side,
        .record_id = it->id == NULL ? "" : it->id, .key = item_name(it),
        .link = it->link, .index = it->index,
        .rule = p->rule == NULL ? "" : p->rule,
        .reason = p->reason == NULL ? "" : p->reason, .detail = p->detail,
        .wants_map = p->wants_map == NULL ? "" : p->wants_map,
        .wants_key = p->wants_key == NULL ? "" : p->wants_key,
        .wants_side = (uint8_t)p->wants_side,
        .attempts = id == 0 ? 1 : old.attempts + 1,
        .made = id == 0 ? e->now : old.made, .next = p->next
    };

    if (row.detail.p == NULL)
        row.detail = (struct mr_bytes){ "", 0 };
    if (p->kind != PARKED_REJECTED && it->message != 0) {
        row.message = it->message;
        it->held = true;
    }
    if (id != 0 && old.message != 0 && old.message != row.message)
        st_message_done(e, old.message, old.index);
    if (!st_parked_put(e, &row))
        return 0;
    if (id != 0 && id == it->parked)
        it->parked = 0;         /* it stays */
    if (row.next != 0 && row.next < e->parked_due)
        e->parked_due = row.next;
    return row.id;
}

static void
park(struct engine *e, struct item *it, const struct parking *p)
{
    enum engine_event event = p->kind == PARKED_REJECTED ? EVENT_REJECTED
                              : p->kind == PARKED_GUARD ? EVENT_GUARD
                              : EVENT_PARKED;

    park_supersede(e, it, park_row(e, it, p));
    if (!p->quiet)
        engine_note(e, event, it->flow, item_name(it),
                    p->reason == NULL ? "" : p->reason);
    item_done(e, it);
}

void
item_park(struct engine *e, struct item *it, const struct parking *how)
{
    struct parking p = *how;
    int64_t row;

    if (p.detail.n == 0)
        p.detail = known_detail(e, it);
    if (!is_retried(it)) {
        row = known_row(e, it, &p);
        if (row != 0 || known_dropped(e, it, p.kind, p.detail)) {
            park_supersede(e, it, row);
            item_done(e, it);
            return;
        }
    }
    known_forget(e, it, p.kind == PARKED_ASK);
    park(e, it, &p);
}

void
item_park_plain(struct engine *e, struct item *it,
                enum store_parked_kind kind, const char *reason)
{
    struct parking p = { .kind = kind, .reason = reason };

    item_park(e, it, &p);
}

/* What a person has to mend is told rather than a reference, which may come by
 * itself. */
static const struct mr_finding *
worst_finding(const struct mr_verdict *v)
{
    uint32_t n = v->n < MR_FINDINGS_MAX ? v->n : MR_FINDINGS_MAX;

    for (uint32_t i = 0; i < n; i++)
        if (v->findings[i].value.state != MR_FAILED ||
            v->findings[i].value.why != MR_WHY_UNKNOWN_REF)
            return &v->findings[i];
    return &v->findings[0];
}

void
item_park_verdict(struct engine *e, struct item *it,
                  const struct mr_verdict *v)
{
    struct parking p = { .kind = v->rejected ? PARKED_REJECTED : PARKED_RULE };
    const struct wanted *wants = &e->wants[1 - it->flow->side];
    char reason[240];

    if (v->n > 0) {
        const struct mr_finding *f = worst_finding(v);

        p.rule = f->target->at;
        snprintf(reason, sizeof reason, "%s: %s", f->target->field,
                 mr_why_words((enum mr_why)f->value.why));
        p.reason = reason;
    }
    if (only_refs(v, false) && wants->map != NULL) {
        p.kind = PARKED_REF;
        snprintf(reason, sizeof reason, "waits for %s %.100s", wants->map,
                 wants->key);
        p.wants_map = wants->map;
        p.wants_key = wants->key;
        p.wants_side = 1 - it->flow->side;
    }
    item_park(e, it, &p);
}

void
park_again(struct engine *e, const struct mr_map *map, int side, int64_t link)
{
    struct store_parked row = {
        .kind = PARKED_AGAIN, .map = map->name, .side = (uint8_t)side,
        .record_id = "", .key = "", .link = link, .rule = "",
        .reason = "the other side has something for it",
        .detail = { "", 0 }, .wants_map = "", .wants_key = "",
        .made = e->now, .next = e->now
    };
    struct store_query q = { .link = link };
    struct store_parked p;

    while (st_parked_next(e, &q, &p)) {
        q.after = p.id;
        if (p.kind == PARKED_AGAIN && p.side == side)
            return;
    }
    st_parked_put(e, &row);
    e->parked_due = 0;
}

void
item_done(struct engine *e, struct item *it)
{
    struct page *page = it->page;
    struct search *search = it->search;
    int64_t message = it->message;

    if (it->parked != 0)
        st_parked_drop(e, it->parked);
    if (message != 0 && !it->held &&
        st_message_done(e, message, it->index))
        message = 0;
    item_free(e, it);
    if (message != 0)
        message_spend(e, message);
    if (page != NULL)
        page_settled(e, search, page);
}

/* --- taken up again --- */

static bool
in_work(const struct engine *e, int64_t parked)
{
    for (uint32_t i = 0; i < e->set.queue; i++)
        if (e->items[i] != NULL && e->items[i]->parked == parked)
            return true;
    return false;
}

struct flow *
flow_of(struct engine *e, const char *map, int side)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].side == side &&
            strcmp(e->flows[i].map->name, map) == 0)
            return &e->flows[i];
    return NULL;
}

/* Nobody can take it up again by itself. */
static void
row_rest(struct engine *e, struct store_parked *p)
{
    p->next = 0;
    st_parked_put(e, p);
}

static void
row_item(struct engine *e, struct store_parked *p)
{
    struct flow *f = flow_of(e, p->map, p->side);
    struct item *it = f == NULL ? NULL : item_new(e, f);
    int64_t id = p->id;

    if (it == NULL) {
        row_rest(e, p);
        return;
    }
    it->parked = p->id;
    it->parked_kind = p->kind;
    it->link = p->link;
    if (*p->record_id != '\0')
        it->id = keep_text(e, &it->mem, p->record_id);
    if (*p->key != '\0')
        it->key = keep_text(e, &it->mem, p->key);
    if (p->kind == PARKED_GUARD) {
        it->gone = true;
        it->guard_passed = true;        /* a person said so */
    } else if (p->message != 0 &&
               !message_record(e, it, p->message, p->index)) {
        it->parked = 0;
        item_free(e, it);
        if (st_parked(e, id, p))
            row_rest(e, p);
        return;
    }
    item_run(e, it);
}

/* When rows are to be looked for again, now that those due are taken. */
static void
next_due(struct engine *e)
{
    struct store_query q = { .due = INT64_MAX - 1 };
    struct store_parked p;
    int64_t due = INT64_MAX;
    int n = 0;

    for (; n < DUE_ROWS && st_parked_next(e, &q, &p); n++) {
        q.after = p.id;
        if (p.next > e->now && p.next < due)
            due = p.next;
    }
    if (n == DUE_ROWS && due > e->now + SECOND)
        due = e->now + SECOND;
    e->parked_due = due;
}

bool
parked_feed(struct engine *e)
{
    struct store_query q = { .due = e->now };
    struct store_parked p;
    bool any = false;

    if (e->set.dry)
        return false;
    any = intents_feed(e);
    if (e->parked_due > e->now)
        return any;
    e->parked_more = false;
    for (;;) {
        mr_cx_next(e->cx);
        if (!st_parked_next(e, &q, &p))
            break;
        q.after = p.id;
        if (in_work(e, p.id))
            continue;
        if (!items_room(e, 8)) {
            e->parked_more = true;
            return any;
        }
        row_item(e, &p);
        any = true;
    }
    mr_cx_next(e->cx);
    next_due(e);
    return any;
}
