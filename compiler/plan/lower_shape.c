/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which members of which records a map touches, and where they stand: a struct
 * for each record, records that occur once inside of the one that holds them,
 * lists as rows. A member that no rule mentions has no place.
 */
#include "plan/lower.h"

#include <stdlib.h>
#include <string.h>

#include "plan/lookup.h"

static const char *const wires[] = {
    [WIRE_TEXT] = "MR_WIRE_TEXT",
    [WIRE_BOOL] = "MR_WIRE_BOOL",
    [WIRE_NUMBER] = "MR_WIRE_NUMBER",
    [WIRE_NUMBER_TEXT] = "MR_WIRE_NUMBER_TEXT",
    [WIRE_DATE] = "MR_WIRE_DATE",
    [WIRE_TIME] = "MR_WIRE_TIME",
    [WIRE_TIME_DURATION] = "MR_WIRE_TIME_DURATION",
    [WIRE_DATETIME] = "MR_WIRE_DATETIME",
    [WIRE_DATETIME_LOCAL] = "MR_WIRE_DATETIME_LOCAL",
    [WIRE_DATETIME_TICKS] = "MR_WIRE_DATETIME_TICKS",
    [WIRE_GUID] = "MR_WIRE_GUID",
    [WIRE_BINARY] = "MR_WIRE_BINARY",
};

struct lshape *
shape_new(struct lmap *lm, const struct record *record, const char *name,
          const char *c_name)
{
    struct arena *a = lm->lower->arena;
    struct lshape *s = arena_alloc(a, sizeof *s);

    s->out = arena_alloc(a, sizeof *s->out);
    s->out->name = name;
    s->out->c_name = cname_make(&lm->lower->shared, "%s", c_name);
    s->record = record;
    s->scope.arena = a;
    s->scope.names = lm->lower->names;
    cname_make(&lm->file, "%s_read", s->out->c_name);
    cname_make(&lm->file, "%s_write", s->out->c_name);
    cname_make(&lm->file, "%s_slots", s->out->c_name);
    cname_make(&lm->file, "%s_shape", s->out->c_name);
    return s;
}

const struct lmember *
shape_find(const struct lshape *s, const struct member *m)
{
    return table_find(&s->members, (const char *)m);
}

static uint32_t
schema_order(const struct record *r, const struct member *m)
{
    for (size_t i = 0; i < r->members.n; i++)
        if (&r->members.at[i] == m)
            return (uint32_t)i;
    return (uint32_t)r->members.n;
}

static void
mark(struct lmember *m, enum use use)
{
    m->out->read |= (use & USE_READ) != 0;
    /* What stands in an address is written there alone. */
    m->out->written |= (use & USE_WRITE) != 0 &&
                       ((const struct member *)m->out->schema)->place ==
                           PLACE_BODY;
}

struct lmember *
shape_member(struct lmap *lm, struct lshape *s, const struct member *m,
             enum pmember_kind kind, enum use use)
{
    struct arena *a = lm->lower->arena;
    struct lmember *lmb = table_find(&s->members, (const char *)m);

    if (lmb != NULL) {
        mark(lmb, use);
        return lmb;
    }
    lmb = arena_alloc(a, sizeof *lmb);
    lmb->out = arena_alloc(a, sizeof *lmb->out);
    lmb->out->c_name = cname_make(&s->scope, "%s", m->name);
    lmb->out->name = m->name;
    lmb->out->kind = kind;
    lmb->out->wire = wires[m->wire];
    lmb->out->ns = m->ns;
    lmb->out->attribute = m->attribute;
    lmb->out->content = m->content;
    lmb->out->order = schema_order(s->record, m);
    lmb->out->schema = m;
    if (kind != PMEMBER_VALUE) {
        lmb->child = shape_new(
            lm, m->record, arena_printf(a, "%s.%s", s->out->name, m->name),
            arena_printf(a, "%s_%s", s->out->c_name, lmb->out->c_name));
        lmb->out->shape = lmb->child->out;
    }
    mark(lmb, use);
    table_put(a, &s->members, (const char *)m, lmb);
    vec_push(a, &s->out->members, lmb->out);
    return lmb;
}

static const char *
below(struct arena *a, const char *outer, const char *name)
{
    return *outer == '\0' ? name : arena_printf(a, "%s.%s", outer, name);
}

static const struct ppicked *
picked_of(struct lmap *lm, const struct llevel *ll, const struct ppicked *p,
          enum side side)
{
    struct arena *a = lm->lower->arena;
    struct ppicked *made;

    for (size_t i = 0; i < lm->out->picked.n; i++) {
        struct ppicked *old = lm->out->picked.at[i];

        if (old->outer == p->outer && strcmp(old->rows, p->rows) == 0 &&
            strcmp(old->field, p->field) == 0 &&
            strcmp(old->equals, p->equals) == 0)
            return old;
    }
    made = arena_alloc(a, sizeof *made);
    *made = *p;
    made->c_name = cname_make(&lm->file, "%s_%s_%s_%s", ll->frame[side],
                              p->rows, p->equals, p->field);
    vec_push(a, &lm->out->picked, made);
    return made;
}

static void
refuse(struct lmap *lm, const struct tpath *path, bool nested,
       const char *name)
{
    struct diag *d;

    if (nested)
        d = diag_add(lm->lower->diags, DIAG_DEEP_SELECTOR, path->at,
                     "a selector inside of another one");
    else
        d = diag_add(lm->lower->diags, DIAG_DEEP_SELECTOR, path->at,
                     "%s is used as a list and as one record", name);
    diag_note(d, NOTE_HELP,
              "use 'each' for the outer list and a selector inside of it");
}

/* Adds the hops; the last one is a value. */
const struct pplace *
shape_place(struct lmap *lm, const struct tpath *path, enum use use)
{
    struct arena *a = lm->lower->arena;
    const struct llevel *ll =
        table_find(&lm->levels, (const char *)path->level);
    struct lshape *s = ll->shape[path->side];
    struct pplace *place = arena_alloc(a, sizeof *place);
    struct ppicked picked = { .outer = s->out };
    const char *field = "";

    for (size_t i = 0; i < path->hops.n; i++) {
        const struct hop *hop = &path->hops.at[i];
        bool last = i + 1 == path->hops.n;
        enum pmember_kind kind = last             ? PMEMBER_VALUE
                                 : hop->key != NULL ? PMEMBER_MANY
                                                    : PMEMBER_ONE;
        struct lmember *m = shape_member(lm, s, hop->member, kind, use);

        field = below(a, field, m->out->c_name);
        if (last)
            break;
        s = m->child;
        if (m->out->kind == PMEMBER_ONE && hop->key == NULL)
            continue;
        if (picked.rows != NULL || m->out->kind == PMEMBER_ONE ||
            hop->key == NULL) {
            refuse(lm, path, picked.rows != NULL, hop->member->name);
            break;
        }
        picked.rows = field;
        picked.row = s->out;
        picked.equals = hop->equals;
        picked.key =
            shape_member(lm, s, hop->key, PMEMBER_VALUE, use)->out->c_name;
        field = "";
    }
    place->text = path->text;
    place->frame = ll->frame[path->side];
    place->shape = ll->shape[path->side]->out;
    place->field = field;
    if (picked.rows != NULL) {
        picked.field = field;
        place->picked = picked_of(lm, ll, &picked, path->side);
        place->field = "";
    }
    return place;
}

struct lshape *
shape_list(struct lmap *lm, struct lshape *outer, const struct tpath *path,
           enum use use, const char **rows)
{
    struct lshape *s = outer;

    *rows = "";
    for (size_t i = 0; i < path->hops.n; i++) {
        const struct hop *hop = &path->hops.at[i];
        bool last = i + 1 == path->hops.n;
        struct lmember *m;

        if (hop->key != NULL) {
            struct diag *d =
                diag_add(lm->lower->diags, DIAG_DEEP_SELECTOR, path->at,
                         "a selector in the list of an 'each'");
            diag_note(d, NOTE_HELP, "choose the elements with 'where'");
        }
        m = shape_member(lm, s, hop->member,
                         last ? PMEMBER_MANY : PMEMBER_ONE, use);
        *rows = below(lm->lower->arena, *rows, m->out->c_name);
        s = m->child;
    }
    return s;
}

static int
by_order(const void *a, const void *b)
{
    const struct pmember *x = *(struct pmember *const *)a;
    const struct pmember *y = *(struct pmember *const *)b;

    if (x->attribute != y->attribute)
        return x->attribute ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void
finish(struct lmap *lm, struct pshape *s)
{
    struct arena *a = lm->lower->arena;
    const char **keys;

    for (size_t i = 0; i < s->members.n; i++)
        if (s->members.at[i]->shape != NULL)
            finish(lm, s->members.at[i]->shape);
    if (s->members.n > 0)
        qsort(s->members.at, s->members.n, sizeof s->members.at[0], by_order);
    keys = arena_alloc(a, (s->members.n + 1) * sizeof *keys);
    for (size_t i = 0; i < s->members.n; i++) {
        const struct pmember *m = s->members.at[i];

        if (m->read)
            keys[s->n_read++] = m->name;
        if (m->written) {
            s->n_written++;
            s->attributes |= m->attribute;
        }
    }
    if (s->n_read > 0 && !lookup_search(a, keys, s->n_read, &s->lookup))
        diag_add(lm->lower->diags, DIAG_BUG, lm->map->at,
                 "no look-up found for the members of %s", s->name);
    vec_push(a, &lm->out->shapes, s);
}

void
shape_finish(struct lmap *lm)
{
    finish(lm, lm->roots[LEFT]->out);
    finish(lm, lm->roots[RIGHT]->out);
}
