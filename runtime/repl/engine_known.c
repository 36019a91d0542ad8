/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it known already? What is parked again, unchanged and for the same reason,
 * is told to nobody; what a person gave up stays away until it changes.
 *
 * A row that is parked has in its detail what tells it from others: of a question
 * about values these, else a hash of the record (of the one that is left, where
 * the other was deleted), without what saving alone changes. Of one that is given
 * up that hash stays in the store, under a name made of the link or the key. How
 * many there are is kept, too, as mostly there is none.
 */
#include "repl/engine_state.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX_N = 200, GONE = 1 };

#define COUNT_NAME "dropped"

/* --- what tells a row from others; 0: nothing is known --- */

static void
no_value(void *record, uint32_t offset)
{
    struct mr_val v = mr_missing();

    if (offset != MR_NOWHERE)
        memcpy((char *)record + offset, &v, sizeof v);
}

static uint64_t
frozen_hash(struct engine *e, const struct flow *f, const char *frozen)
{
    const struct mr_tech *tech = &f->repl->tech[f->side];
    void *record = thaw(e, f->doc->shape, frozen);
    struct keep mem = { NULL };
    uint64_t hash = 0;
    char *text;
    size_t n;

    if (record == NULL)
        return 0;
    no_value(record, tech->etag);
    no_value(record, tech->changed);
    if (freeze(e, &mem, f->doc->shape, record, &text, &n))
        hash = seal_hash(e->keys, text, n);
    keep_free(e, &mem);
    return hash;
}

uint64_t
known_record(struct engine *e, const struct flow *f, const void *record)
{
    struct keep mem = { NULL };
    uint64_t hash = 0;
    char *frozen;
    size_t n;

    if (record != NULL && freeze(e, &mem, f->doc->shape, record, &frozen, &n))
        hash = frozen_hash(e, f, frozen);
    keep_free(e, &mem);
    return hash;
}

static uint64_t
record_hash(struct engine *e, const struct item *it)
{
    if (it->gone)
        return GONE;
    return it->record == NULL ? 0 : frozen_hash(e, it->flow, it->record);
}

struct mr_bytes
known_detail(struct engine *e, struct item *it)
{
    char text[40];
    uint64_t hash = record_hash(e, it);

    if (hash == 0)
        return (struct mr_bytes){ "", 0 };
    snprintf(text, sizeof text, "{\"record\":\"%016llx\"}",
             (unsigned long long)hash);
    return st_seal(e, &it->mem, text, strlen(text));
}

/* The cells of a question, in whatever order. */
static uint64_t
cells_hash(struct engine *e, const json_t *cells)
{
    uint64_t sum = 0;
    json_t *cell;
    size_t i;

    json_array_foreach(cells, i, cell)
    {
        char *text = json_dumps(cell, JSON_COMPACT | JSON_SORT_KEYS);

        if (text == NULL)
            engine_fail(e, MR_EMEMORY);
        else
            sum += seal_hash(e->keys, text, strlen(text));
        free(text);
    }
    return sum;
}

static uint64_t
known_hash(struct engine *e, struct mr_bytes detail)
{
    struct mr_bytes open = detail.n == 0 ? detail : st_open(e, detail);
    json_t *j = open.p == NULL || open.n == 0
        ? NULL : json_loadb(open.p, open.n, 0, NULL);
    const char *record = json_string_value(json_object_get(j, "record"));
    uint64_t hash = record != NULL
        ? strtoull(record, NULL, 16)
        : cells_hash(e, json_object_get(j, "cells"));

    json_decref(j);
    return hash;
}

/* --- parked already --- */

/* Of this record, or of its link where both sides are asked about. */
static bool
next_row(struct engine *e, const struct item *it, bool asks,
         struct store_query *q, struct store_parked *out)
{
    while (st_parked_next(e, q, out)) {
        q->after = out->id;
        if (strcmp(out->map, it->flow->map->name) == 0 &&
            (asks || out->side == it->flow->side))
            return true;
    }
    return false;
}

static bool
says_the_same(const struct parking *p, const struct store_parked *row)
{
    return row->kind == p->kind && row->message == 0 && row->next == 0 &&
           row->wants_side == p->wants_side &&
           strcmp(row->rule, p->rule == NULL ? "" : p->rule) == 0 &&
           strcmp(row->reason, p->reason == NULL ? "" : p->reason) == 0 &&
           strcmp(row->wants_map, p->wants_map == NULL ? "" : p->wants_map)
               == 0 &&
           strcmp(row->wants_key, p->wants_key == NULL ? "" : p->wants_key)
               == 0;
}

int64_t
known_row(struct engine *e, const struct item *it, const struct parking *p)
{
    bool asks = p->kind == PARKED_ASK;
    struct store_query q = { 0 };
    struct store_parked row;
    uint64_t hash;

    if (asks)
        q.link = it->link;
    else
        q = (struct store_query){ .map = it->flow->map->name,
                                  .key = item_name(it) };
    if (e->set.dry || it->message != 0 || p->next != 0 ||
        (asks ? q.link == 0 : *q.key == '\0'))
        return 0;
    hash = known_hash(e, p->detail);
    while (hash != 0 && next_row(e, it, asks, &q, &row))
        if (row.id != it->parked && says_the_same(p, &row) &&
            known_hash(e, row.detail) == hash)
            return row.id;
    return 0;
}

bool
known_question(struct engine *e, const struct item *it,
               struct mr_bytes detail)
{
    struct store_query q = { .link = it->link };
    struct store_parked row;
    uint64_t hash;

    if (e->set.dry || it->link == 0)
        return false;
    if (known_dropped(e, it, PARKED_ASK, detail))
        return true;
    hash = known_hash(e, detail);
    while (next_row(e, it, true, &q, &row))
        if (row.kind == PARKED_ASK && known_hash(e, row.detail) == hash)
            return true;
    return false;
}

/* --- given up --- */

static uint64_t
how_many(struct engine *e)
{
    struct mr_bytes b;

    if (!e->dropped_read) {
        b = st_meta(e, COUNT_NAME);
        if (b.n == sizeof e->dropped)
            memcpy(&e->dropped, b.p, b.n);
        e->dropped_read = e->status == MR_OK;
    }
    return e->dropped;
}

static void
change_count(struct engine *e, int64_t by)
{
    e->dropped = how_many(e) + (uint64_t)by;
    st_meta_put(e, COUNT_NAME, e->dropped == 0
                ? (struct mr_bytes){ "", 0 }
                : (struct mr_bytes){ &e->dropped, sizeof e->dropped });
}

/* Questions are of a link as a whole. */
static void
name_of(struct engine *e, char out[static NAME_MAX_N], const char *map,
        int side, bool asks, int64_t link, const char *key)
{
    const char *whose = asks ? "ask" : side == MR_LEFT ? "left" : "right";

    if (link != 0)
        snprintf(out, NAME_MAX_N, "dropped:%.120s:%s:%lld", map, whose,
                 (long long)link);
    else
        snprintf(out, NAME_MAX_N, "dropped:%.120s:%s:key:%016llx", map, whose,
                 (unsigned long long)seal_hash(e->keys, key, strlen(key)));
}

static void
forget(struct engine *e, const char *name)
{
    if (st_meta(e, name).n == 0)
        return;
    st_meta_put(e, name, (struct mr_bytes){ "", 0 });
    change_count(e, -1);
}

void
known_drop(struct engine *e, const struct store_parked *row)
{
    uint64_t hash = known_hash(e, row->detail);
    char name[NAME_MAX_N];

    if (hash == 0 || (row->link == 0 && *row->key == '\0'))
        return;
    name_of(e, name, row->map, row->side, row->kind == PARKED_ASK, row->link,
            row->key);
    if (st_meta(e, name).n == 0)
        change_count(e, 1);
    st_meta_put(e, name, (struct mr_bytes){ &hash, sizeof hash });
}

static bool
is_dropped(struct engine *e, const char *name, uint64_t hash)
{
    struct mr_bytes b = st_meta(e, name);

    return hash != 0 && b.n == sizeof hash &&
           memcmp(b.p, &hash, sizeof hash) == 0;
}

bool
known_dropped(struct engine *e, const struct item *it,
              enum store_parked_kind kind, struct mr_bytes detail)
{
    char name[NAME_MAX_N];

    if (e->set.dry || how_many(e) == 0)
        return false;
    name_of(e, name, it->flow->map->name, it->flow->side, kind == PARKED_ASK,
            it->link, item_name(it));
    return is_dropped(e, name, known_hash(e, detail));
}

bool
known_left(struct engine *e, const struct flow *f, int64_t link)
{
    char name[NAME_MAX_N];

    if (how_many(e) == 0)
        return false;
    name_of(e, name, f->map->name, f->side, false, link, "");
    return is_dropped(e, name, GONE);
}

void
known_forget(struct engine *e, const struct item *it, bool asks)
{
    const char *map = it->flow->map->name;
    char name[NAME_MAX_N];

    if (e->set.dry || how_many(e) == 0)
        return;
    name_of(e, name, map, it->flow->side, asks, it->link, item_name(it));
    forget(e, name);
    if (it->link == 0 || asks)
        return;
    name_of(e, name, map, it->flow->side, false, 0, item_name(it));
    forget(e, name);
}
