/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Do records make others that make more of the first kind? One map that goes
 * both ways knows by its links what came from where; of two maps neither knows
 * the other's. Where both have their keys in the same fields, records are
 * found instead of made.
 */
#include "sema/circle.h"

enum { MAPS_MAX = 6 };

struct flow {
    const struct tmap *map;
    enum side to;
};

struct feeding {
    struct env *env;
    VEC(struct flow) flows;
    const struct flow *path[MAPS_MAX];
    size_t n;
};

static enum side
from_side(const struct flow *f)
{
    return f->to == LEFT ? RIGHT : LEFT;
}

static bool
same_object(const struct flow *a, enum side x, const struct flow *b,
            enum side y)
{
    return a->map->systems[x] == b->map->systems[y] &&
           a->map->root->record[x] == b->map->root->record[y];
}

/* --- keys --- */

static bool
has_key(const struct tmap *map, enum side side, const struct tpath *path)
{
    for (size_t i = 0; i < map->root->rules.n; i++) {
        const struct trule *r = map->root->rules.at[i];

        for (size_t k = 0; r->key && k < r->fields[side].n; k++)
            if (same_place(r->fields[side].at[k], path))
                return true;
    }
    return false;
}

/* Does each key field of one map have to do with a key of the other? */
static bool
same_keys(const struct tmap *a, enum side x, const struct tmap *b,
          enum side y)
{
    size_t n = 0;

    for (size_t i = 0; i < a->root->rules.n; i++) {
        const struct trule *r = a->root->rules.at[i];

        for (size_t k = 0; r->key && k < r->fields[x].n; k++, n++)
            if (!has_key(b, y, r->fields[x].at[k]))
                return false;
    }
    return n > 0;
}

/* --- circles --- */

static bool
finds_its_own(const struct feeding *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct flow *a = f->path[i], *b = f->path[(i + 1) % f->n];

        if (!same_keys(a->map, a->to, b->map, from_side(b)) ||
            !same_keys(b->map, from_side(b), a->map, a->to))
            return false;
    }
    return true;
}

static void
tell(const struct feeding *f)
{
    const struct flow *first = f->path[0];
    struct diag *d;
    struct buf b;

    buf_init(&b, f->env->arena);
    for (size_t i = 0; i < f->n; i++) {
        const struct flow *w = f->path[i];

        buf_printf(&b, "%s.%s -> ", w->map->systems[from_side(w)]->name,
                   w->map->root->record[from_side(w)]->name);
    }
    buf_printf(&b, "%s.%s", first->map->systems[from_side(first)]->name,
               first->map->root->record[from_side(first)]->name);
    d = diag_add(f->env->diags, DIAG_FLOW_FEEDS_ITSELF, first->map->at,
                 "records may make records without end: %s", b.at);
    diag_label_here(d, "makes records of %s",
                    first->map->systems[first->to]->name);
    for (size_t i = 1; i < f->n; i++)
        diag_label(d, f->path[i]->map->at, "makes records of %s",
                   f->path[i]->map->systems[f->path[i]->to]->name);
    diag_note(d, NOTE_HELP, "one map that goes both ways, `create` for one "
              "direction only, or the same keys in each of these maps");
}

static bool
is_used(const struct feeding *f, const struct tmap *map)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->path[i]->map == map)
            return true;
    return false;
}

/* Circles are found from their first flow. */
static void
search(struct feeding *f)
{
    const struct flow *last = f->path[f->n - 1];

    if (f->n > 1 && same_object(last, last->to, f->path[0],
                                from_side(f->path[0]))) {
        if (!finds_its_own(f))
            tell(f);
        return;
    }
    for (const struct flow *w = f->path[0] + 1;
         f->n < MAPS_MAX && w < f->flows.at + f->flows.n; w++)
        if (!is_used(f, w->map) &&
            same_object(last, last->to, w, from_side(w))) {
            f->path[f->n++] = w;
            search(f);
            f->n--;
        }
}

void
check_feeding(struct env *env)
{
    struct feeding f = { .env = env };

    for (size_t i = 0; i < env->program->maps.n; i++) {
        const struct tmap *map = env->program->maps.at[i];

        for (enum side to = LEFT; to <= RIGHT; to++)
            if (map->replicate != NULL && map->runs[to] && map->create[to] &&
                map->replicate->from[to == LEFT ? RIGHT : LEFT].trigger !=
                    TRIGGER_NONE)
                vec_push(env->arena, &f.flows, ((struct flow){ map, to }));
    }
    for (size_t i = 0; i < f.flows.n; i++) {
        f.path[0] = &f.flows.at[i];
        f.n = 1;
        search(&f);
    }
}
