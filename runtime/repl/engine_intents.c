/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of writes of which no answer came: those that were open when the
 * program started, and those of a record that is gone when its turn comes.
 */
#include "repl/engine_state.h"

/* In keys: between fields; before the other side's id, where there is none. */
enum { KEY_JOINT = 0x1f, NO_KEY = 0x1e };

/* S's key of a record of which only T's is known: by the key rules. */
static const char *
key_across(struct engine *e, struct flow *f, const char *key)
{
    const struct mr_repl *repl = f->repl;
    const struct mr_shape *shape = f->other->doc == NULL
        ? NULL : f->other->doc->shape;
    int t = f->other->side;
    char *at = arena_text(e, key), *record;
    struct merge m;
    struct mr_val v;

    if (shape == NULL || at == NULL)
        return NULL;
    merge_init(&m, e->cx, f->map, e->keys);
    record = mr_alloc(e->cx, shape->size);
    if (record == NULL) {
        engine_fail(e, MR_EMEMORY);
        return NULL;
    }
    memset(record, 0, shape->size);
    for (uint16_t i = 0; i < repl->n_keys; i++)
        for (uint16_t k = 0; k < repl->rules[i].n_fields[t]; k++) {
            const struct mr_field *field = &repl->rules[i].fields[t][k];
            char *end = at == NULL ? NULL : strchr(at, KEY_JOINT);

            if (at == NULL || field->picked != NULL)
                return NULL;
            if (end != NULL)
                *end++ = '\0';
            v = mr_text(at);
            memcpy(record + field->field, &v, sizeof v);
            at = end;
        }
    m.record[t] = record;
    v = merge_key(&m, f->side);
    merge_done(&m);
    return mr_is_here(v) ? v.p : NULL;
}

/* Who can say what became of it, and by which key; NULL: its message or row
 * comes again. */
static struct flow *
who_knows(struct engine *e, const struct store_intent *i, const char **seek)
{
    struct flow *t = flow_of(e, i->map, i->side), *f;
    bool by_key = i->link == 0 && i->key[0] != NO_KEY;

    *seek = NULL;
    if (t == NULL)
        return NULL;
    f = by_key && side_reads(t) ? t : t->other;
    if (!side_reads(f))
        return NULL;
    if (by_key)
        *seek = f == t ? i->key : key_across(e, f, i->key);
    return by_key && *seek == NULL ? NULL : f;
}

static void
look_for(struct engine *e, struct item *it, const struct store_intent *i,
         const char *seek)
{
    it->link = i->link;
    it->intent = i->id;
    if (seek != NULL)
        it->seek = keep_text(e, &it->mem, seek);
    else if (i->link == 0)
        it->id = keep_text(e, &it->mem, i->key + 1);
    if (seek != NULL && it->flow->side != i->side)
        it->made_as = keep_text(e, &it->mem, i->key);
    item_run(e, it);
}

static void
intent_item(struct engine *e, const struct store_intent *i)
{
    const char *seek;
    struct flow *f = who_knows(e, i, &seek);
    struct item *it = f == NULL ? NULL : item_new(e, f);

    if (it != NULL)
        look_for(e, it, i, seek);
}

bool
intent_takes(struct engine *e, struct item *it)
{
    struct flow *t = it->flow->other, *f;
    const char *key = it->key == NULL ? NULL : key_across(e, t, it->key);
    struct store_intent i;
    const char *seek;

    if (key == NULL ||
        !st_intent_find(e, t->map, t->side, key, 0, &i) ||
        (f = who_knows(e, &i, &seek)) == NULL)
        return false;
    it->flow = f;
    it->id = it->key = it->space_key = it->serial = NULL;
    it->gone = it->gone_sure = false;
    it->state = ITEM_NEW;
    look_for(e, it, &i, seek);
    return true;
}

bool
intents_feed(struct engine *e)
{
    struct store_intent i;
    bool any = false;

    while (e->intents_more && items_room(e, 0)) {
        mr_cx_next(e->cx);
        if (!st_intent_next(e, e->intents_after, &i)) {
            e->intents_more = false;
            break;
        }
        e->intents_after = i.id;
        intent_item(e, &i);
        any = true;
    }
    return any;
}
