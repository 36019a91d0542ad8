/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the checked program to the plan: functions, then map by map its levels,
 * its rules in each direction, its tables, and last the tests.
 */
#include "plan/lower.h"

#include <string.h>

/* --- functions and converts --- */

static struct pfunction *
function_way(struct lower *lo, const struct tfunction *f, bool backward)
{
    struct pfunction *out = arena_alloc(lo->arena, sizeof *out);
    struct cscope scope = { .arena = lo->arena, .names = lo->names };

    out->c_name = cname_make(&lo->shared, "%s_%s%s",
                             f->convert ? "convert" : "function", f->name,
                             !f->convert ? ""
                             : backward  ? "_left"
                                         : "_right");
    out->place = arena_printf(lo->arena, "%s %s%s",
                              f->convert ? "convert" : "function", f->name,
                              !f->convert ? ""
                              : backward  ? ", to the left"
                                          : ", to the right");
    for (size_t i = 0; i < f->params.n; i++)
        vec_push(lo->arena, &out->params,
                 cname_make(&scope, "%s", f->params.at[i]));
    out->missing_stays = f->convert;
    return out;
}

static void
functions_lower(struct lower *lo)
{
    for (size_t i = 0; i < lo->program->functions.n; i++) {
        const struct tfunction *f = lo->program->functions.at[i];
        const struct texpr *bodies[2] = { f->forward, f->backward };
        struct lfunction *lf = arena_alloc(lo->arena, sizeof *lf);

        table_put(lo->arena, &lo->functions, (const char *)f, lf);
        for (int way = 0; way < 2; way++) {
            if (bodies[way] == NULL)
                continue;
            lf->ways[way] = function_way(lo, f, way == 1);
            lf->ways[way]->body = number_text(
                lo, expr_lower(lo, NULL, lf->ways[way], bodies[way]));
            vec_push(lo->arena, &lo->plan->functions, lf->ways[way]);
        }
    }
}

/* --- levels --- */

static void
level_side(struct lmap *lm, const struct tlevel *t, struct llevel *ll,
           const struct llevel *outer, enum side side)
{
    struct lower *lo = lm->lower;
    /* Rows that are changed one by one have to be known. */
    bool known = lm->map->replicate != NULL;
    enum use use = (t->runs[side] ? USE_WRITE : 0) |
                   (t->runs[other_side(side)] || known ? USE_READ : 0);
    const char *rows;

    ll->shape[side] = outer->shape[side];
    ll->frame[side] = outer->frame[side];
    if (t->list[side] == NULL)
        return;
    /* The record around the list, or one further out (`outer.`). */
    outer = table_find(&lm->levels, (const char *)t->list[side]->level);
    ll->shape[side] =
        shape_list(lm, outer->shape[side], t->list[side], use, &rows);
    ll->frame[side] =
        cname_make(&lm->frame, "%s_%s", outer->frame[side], rows);
    ll->out->frame[side] = ll->frame[side];
    ll->out->shape[side] = ll->shape[side]->out;
    ll->out->rows[side] =
        arena_printf(lo->arena, "at->%s->%s", outer->frame[side], rows);
    ll->out->list[side] = rows;
    ll->out->holder[side] = outer->shape[side]->out;
    vec_push(lo->arena, &lm->out->frame,
             ((struct pslot_of_frame){ ll->frame[side],
                                       ll->shape[side]->out }));
}

/* The lists of a level and of those inside, before any rule is looked at: a
 * list must not be taken for a single record. */
static void
level_lists(struct lmap *lm, const struct tlevel *t,
            const struct llevel *outer)
{
    struct lower *lo = lm->lower;
    struct llevel *ll = arena_alloc(lo->arena, sizeof *ll);

    ll->out = arena_alloc(lo->arena, sizeof *ll->out);
    ll->out->outer = outer->out;
    ll->out->place = t->place;
    ll->out->text = t->text;
    ll->out->by_position = t->by_position;
    level_side(lm, t, ll, outer, LEFT);
    level_side(lm, t, ll, outer, RIGHT);
    table_put(lo->arena, &lm->levels, (const char *)t, ll);
    for (size_t i = 0; i < t->levels.n; i++)
        level_lists(lm, t->levels.at[i], ll);
}

static void
level_names(struct lmap *lm, const struct tlevel *t, struct plevel *out)
{
    for (int to = LEFT; to <= RIGHT; to++) {
        const struct tpath *list =
            t->list[LEFT] != NULL ? t->list[LEFT] : t->list[RIGHT];

        if (!t->runs[to])
            continue;
        out->c_name[to] = cname_make(
            &lm->file, "%s_to_%s",
            t->outer == NULL ? lm->out->c_name : tpath_member(list)->name,
            lm->map->systems[to]->name);
        cname_make(&lm->file, "%s_targets", out->c_name[to]);
        cname_make(&lm->file, "%s_flow", out->c_name[to]);
    }
}

static void
level_rules(struct lmap *lm, const struct tlevel *t, struct plevel *out)
{
    struct lower *lo = lm->lower;

    for (int to = LEFT; to <= RIGHT; to++) {
        order_vec order = { 0 };

        order_items(lo, t, to, &order);
        for (size_t i = 0; i < order.n; i++) {
            const struct trule *r = order.at[i].rule;
            struct pitem item = { 0 };

            if (r != NULL) {
                struct pstep *step = step_lower(lm, r, to);

                table_put(lo->arena, &lm->steps[to], (const char *)r,
                          step);
                item.step = step;
            } else {
                const struct llevel *inner = table_find(
                    &lm->levels, (const char *)order.at[i].level);

                item.level = inner->out;
            }
            vec_push(lo->arena, &out->items[to], item);
        }
    }
    for (size_t i = 0; i < t->rules.n; i++) {
        const struct trule *r = t->rules.at[i];
        struct pstep *right = table_find(&lm->steps[RIGHT], (const char *)r);
        struct pstep *left = table_find(&lm->steps[LEFT], (const char *)r);
        const struct ppair *pair = NULL;

        if (right != NULL)
            vec_push(lo->arena, &lm->out->steps, right);
        if (left != NULL)
            vec_push(lo->arena, &lm->out->steps, left);
        if (right != NULL && left != NULL)
            pair = pair_lower(lm, r, right, left);
        if (pair != NULL)
            vec_push(lo->arena, &lm->out->pairs, *pair);
    }
}

static void
level_lower(struct lmap *lm, const struct tlevel *t)
{
    struct lower *lo = lm->lower;
    struct llevel *ll = table_find(&lm->levels, (const char *)t);

    level_names(lm, t, ll->out);
    for (size_t i = 0; i < t->where.n; i++) {
        const struct tcondition *c = &t->where.at[i];
        enum side to = other_side(c->side);

        if (t->runs[to])
            vec_push(lo->arena, &ll->out->where[to], condition_lower(lm, c));
    }
    level_rules(lm, t, ll->out);
    for (size_t i = 0; i < t->levels.n; i++)
        level_lower(lm, t->levels.at[i]);
    vec_push(lo->arena, &lm->out->levels, ll->out);
}

/* --- maps --- */

static void
map_side(struct lmap *lm, struct llevel *root, enum side side)
{
    struct lower *lo = lm->lower;
    const struct tsystem *system = lm->map->systems[side];
    const char *frame = cname_make(&lm->frame, "%s", system->name);

    lm->roots[side] = shape_new(
        lm, lm->map->root->record[side], system->name,
        arena_printf(lo->arena, "%s_%s", lm->out->c_name, system->name));
    root->shape[side] = lm->roots[side];
    root->frame[side] = frame;
    root->out->frame[side] = frame;
    root->out->shape[side] = lm->roots[side]->out;
    lm->out->systems[side] = system->name;
    lm->out->runs[side] = lm->map->runs[side];
    vec_push(lo->arena, &lm->out->frame,
             ((struct pslot_of_frame){ frame, lm->roots[side]->out }));
}

static const char *
map_title(struct lower *lo, const struct tmap *map)
{
    struct buf b;

    buf_init(&b, lo->arena);
    for (int side = LEFT; side <= RIGHT; side++) {
        buf_printf(&b, "%s%s", side == LEFT ? "" : ", ",
                   map->systems[side]->name);
        for (size_t i = 0; i < map->path[side].n; i++)
            buf_printf(&b, ".%s", map->path[side].at[i]->name);
    }
    return b.at;
}

static void
map_lower(struct lower *lo, const struct tmap *map)
{
    struct arena *a = lo->arena;
    struct lmap *lm = arena_alloc(a, sizeof *lm);
    struct llevel *root = arena_alloc(a, sizeof *root);

    *lm = (struct lmap){ .lower = lo, .map = map };
    lm->file = (struct cscope){ .arena = a, .names = lo->names };
    lm->frame = lm->file;
    cname_make(&lm->file, "frame_slots");
    cname_make(&lm->file, "pairs");
    cname_make(&lm->file, "repl");
    cname_make(&lm->file, "repl_rules");
    cname_make(&lm->file, "repl_levels");
    cname_make(&lm->file, "repl_groups");
    lm->out = arena_alloc(a, sizeof *lm->out);
    lm->out->name = map->name;
    lm->out->title = map_title(lo, map);
    lm->out->half = map->call != NULL;
    lm->out->c_name = cname_make_lower(&lo->shared, map->name);
    root->out = arena_alloc(a, sizeof *root->out);
    root->out->place = map->root->place;
    root->out->text = map->root->text;
    map_side(lm, root, LEFT);
    map_side(lm, root, RIGHT);
    table_put(a, &lm->levels, (const char *)map->root, root);
    for (size_t i = 0; i < map->root->levels.n; i++)
        level_lists(lm, map->root->levels.at[i], root);
    level_lower(lm, map->root);
    lm->out->root = root->out;
    for (int to = LEFT; to <= RIGHT; to++)
        if (root->out->where[to].n > 0)
            lm->out->c_takes[to] = cname_make(&lm->file, "takes_part_to_%s",
                                              map->systems[to]->name);
    if (map->replicate != NULL)
        repl_members(lm);
    if (map->call != NULL)
        call_members(lm);
    shape_finish(lm);
    decisions_lower(lm);
    if (map->replicate != NULL)
        repl_lower(lm);
    doc_lower(lm, LEFT);
    doc_lower(lm, RIGHT);
    table_put(a, &lo->maps, (const char *)map, lm);
    vec_push(a, &lo->plan->maps, lm->out);
}

struct plan *
plan_lower(struct arena *a, struct diags *ds, const struct tprogram *program)
{
    static const char *const files[] = { "program", "codes", "functions",
                                         "tests" };
    struct lower lo = { .arena = a, .diags = ds, .program = program };

    lo.names = names_new(a);
    lo.shared = (struct cscope){ .arena = a, .names = lo.names };
    lo.plan = arena_alloc(a, sizeof *lo.plan);
    lo.plan->name = program->name;
    lo.plan->title = program->title;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        cname_make(&lo.shared, "%s", files[i]);
    lo.plan->c_name = cname_make_lower(&lo.shared, program->name);
    functions_lower(&lo);
    for (size_t i = 0; i < program->maps.n; i++)
        map_lower(&lo, program->maps.at[i]);
    for (size_t i = 0; i < program->calls.n; i++) {
        map_lower(&lo, program->calls.at[i]->request);
        map_lower(&lo, program->calls.at[i]->response);
        call_lower(&lo, program->calls.at[i]);
    }
    tests_lower(&lo);
    facts_lower(&lo);
    for (size_t i = 0; i < program->sources.n; i++)
        vec_push(a, &lo.plan->sources,
                 ((struct psource){ program->sources.at[i].name,
                                    program->sources.at[i].hash }));
    return lo.plan;
}
