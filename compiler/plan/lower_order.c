/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a level's rules and lists in one direction: rules as written,
 * keys first, then lists; but whatever reads a field of the target runs behind
 * what writes it, and a selector picks from a list when the list is complete.
 */
#include "plan/lower.h"

#include <string.h>

enum mark { NEW, OPEN, DONE };

/* Rules, then lists: the first `rules.n` marks belong to rules. */
struct order {
    struct lower *lower;
    const struct tlevel *level;
    enum side to;
    enum mark *marks;
    order_vec *out;
    size_t current;             /* whose paths are being visited */
    bool failed;
};

static bool
same_place(const struct tpath *a, const struct tpath *b)
{
    if (a->side != b->side || a->level != b->level || a->hops.n != b->hops.n)
        return false;
    for (size_t i = 0; i < a->hops.n; i++) {
        const struct hop *x = &a->hops.at[i], *y = &b->hops.at[i];

        if (x->member != y->member || x->key != y->key ||
            (x->key != NULL && strcmp(x->equals, y->equals) != 0))
            return false;
    }
    return true;
}

/* Does the path lead into this list, through a selector? */
static bool
picks_from(const struct tpath *path, const struct tpath *list)
{
    if (list == NULL || path->side != list->side ||
        path->level != list->level || path->hops.n <= list->hops.n)
        return false;
    for (size_t i = 0; i < list->hops.n; i++)
        if (path->hops.at[i].member != list->hops.at[i].member)
            return false;
    return true;
}

static bool
rule_writes(const struct trule *r, enum side to, const struct tpath *path)
{
    for (size_t i = 0; r->runs[to] && i < r->fields[to].n; i++)
        if (same_place(r->fields[to].at[i], path))
            return true;
    return false;
}

static bool
level_writes(const struct tlevel *l, enum side to, const struct tpath *path)
{
    if (!l->runs[to])
        return false;
    if (picks_from(path, l->list[to]))
        return true;
    for (size_t i = 0; i < l->rules.n; i++)
        if (rule_writes(l->rules.at[i], to, path))
            return true;
    for (size_t i = 0; i < l->levels.n; i++)
        if (level_writes(l->levels.at[i], to, path))
            return true;
    return false;
}

static bool
writes(const struct order *o, size_t i, const struct tpath *path)
{
    size_t n = o->level->rules.n;

    return i < n ? rule_writes(o->level->rules.at[i], o->to, path)
                 : level_writes(o->level->levels.at[i - n], o->to, path);
}

static size_t
count(const struct order *o)
{
    return o->level->rules.n + o->level->levels.n;
}

static struct span
place_of(const struct order *o, size_t i)
{
    size_t n = o->level->rules.n;

    return i < n ? o->level->rules.at[i]->at : o->level->levels.at[i - n]->at;
}

static void visit(struct order *o, size_t i);

static void
report(struct order *o, size_t i, const struct tpath *path)
{
    struct diag *d = diag_add(o->lower->diags, DIAG_RULE_CIRCLE, path->at,
                              i == o->current
                                  ? "this rule needs its own result"
                                  : "two rules need each other's result");

    diag_label_here(d, "%s is written by a rule that waits for this one",
                    path->text);
    diag_label(d, place_of(o, i),
               i != o->current ? "it is written here" : "in this rule");
    diag_note(d, NOTE_HELP, "use the field of the other system instead");
    o->failed = true;
}

/* A path that the current rule or list reads: its writer goes first. What a
 * list needs of itself is settled among the rules in it. */
static void
visit_path(void *arg, const struct tpath *path)
{
    struct order *o = arg;
    size_t current = o->current;

    if (path->side != o->to || o->failed)
        return;
    for (size_t i = 0; i < count(o); i++) {
        if (!writes(o, i, path) ||
            (i == current && i >= o->level->rules.n))
            continue;
        if (o->marks[i] == OPEN)
            report(o, i, path);
        else
            visit(o, i);
        o->current = current;
    }
}

static void
visit_reads(struct order *o, const struct trule *r)
{
    if (!r->runs[o->to])
        return;
    if (r->when != NULL)
        expr_paths(r->when, visit_path, o);
    if (r->source[other_side(o->to)] != NULL)
        expr_paths(r->source[other_side(o->to)], visit_path, o);
    for (size_t k = 0; k < r->chain.n; k++)
        targ_paths(&r->chain.at[k].args, visit_path, o);
}

/* The rows that a list makes are there before a selector picks one. */
static void
visit_picked(struct order *o, const struct trule *r, size_t current)
{
    for (size_t i = 0; i < o->level->levels.n; i++) {
        const struct tlevel *l = o->level->levels.at[i];
        size_t node = o->level->rules.n + i;

        for (size_t k = 0; k < r->fields[o->to].n; k++)
            if (l->runs[o->to] && o->marks[node] == NEW &&
                picks_from(r->fields[o->to].at[k], l->list[o->to]))
                visit(o, node);
        o->current = current;
    }
}

static void
visit_level(struct order *o, const struct tlevel *l)
{
    if (!l->runs[o->to])
        return;
    for (size_t i = 0; i < l->where.n; i++)
        expr_paths(l->where.at[i].test, visit_path, o);
    for (size_t i = 0; i < l->rules.n; i++)
        visit_reads(o, l->rules.at[i]);
    for (size_t i = 0; i < l->levels.n; i++)
        visit_level(o, l->levels.at[i]);
}

static void
visit(struct order *o, size_t i)
{
    size_t n = o->level->rules.n;
    struct order_item item = { 0 };

    if (o->marks[i] != NEW)
        return;
    o->marks[i] = OPEN;
    o->current = i;
    if (i < n) {
        item.rule = o->level->rules.at[i];
        visit_reads(o, item.rule);
        visit_picked(o, item.rule, i);
    } else {
        item.level = o->level->levels.at[i - n];
        visit_level(o, item.level);
    }
    o->marks[i] = DONE;
    vec_push(o->lower->arena, o->out, item);
}

void
order_items(struct lower *lo, const struct tlevel *level, enum side to,
            order_vec *out)
{
    struct order o = { .lower = lo, .level = level, .to = to, .out = out };

    o.marks = arena_alloc(lo->arena, (count(&o) + 1) * sizeof *o.marks);
    for (size_t i = 0; i < count(&o); i++)
        if (i < level->rules.n ? level->rules.at[i]->runs[to]
                               : level->levels.at[i - level->rules.n]->runs[to])
            visit(&o, i);
}
