/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a level's rules in one direction: as written, keys first; but a
 * rule whose arguments or condition read a field of the target runs behind the
 * rule that writes it.
 */
#include "plan/lower.h"

#include <string.h>

enum mark { NEW, OPEN, DONE };

struct order {
    struct lower *lower;
    const struct tlevel *level;
    enum side to;
    enum mark *marks;
    rule_vec *out;
    size_t current;             /* the rule whose paths are being visited */
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

static void visit_rule(struct order *o, size_t i);

static void
report(struct order *o, size_t i, const struct tpath *path)
{
    const struct trule *now = o->level->rules.at[o->current];
    const struct trule *other = o->level->rules.at[i];
    struct diag *d = diag_add(o->lower->diags, DIAG_RULE_CIRCLE, path->at,
                              i == o->current
                                  ? "this rule needs its own result"
                                  : "two rules need each other's result");

    diag_label_here(d, "%s is written by a rule that waits for this one",
                    path->text);
    if (i != o->current)
        diag_label(d, other->at, "it is written here");
    else
        diag_label(d, now->at, "in this rule");
    diag_note(d, NOTE_HELP, "use the field of the other system instead");
    o->failed = true;
}

/* A path that the current rule reads: its writer goes first. */
static void
visit_path(void *arg, const struct tpath *path)
{
    struct order *o = arg;
    size_t current = o->current;

    if (path->side != o->to || o->failed)
        return;
    for (size_t i = 0; i < o->level->rules.n; i++) {
        const struct trule *r = o->level->rules.at[i];

        if (!r->runs[o->to])
            continue;
        for (size_t k = 0; k < r->fields[o->to].n; k++) {
            if (!same_place(r->fields[o->to].at[k], path))
                continue;
            if (o->marks[i] == OPEN)
                report(o, i, path);
            else
                visit_rule(o, i);
            o->current = current;
        }
    }
}

static void
visit_rule(struct order *o, size_t i)
{
    const struct trule *r = o->level->rules.at[i];

    if (o->marks[i] != NEW)
        return;
    o->marks[i] = OPEN;
    o->current = i;
    if (r->when != NULL)
        expr_paths(r->when, visit_path, o);
    if (r->source[other_side(o->to)] != NULL)
        expr_paths(r->source[other_side(o->to)], visit_path, o);
    for (size_t k = 0; k < r->chain.n; k++)
        targ_paths(&r->chain.at[k].args, visit_path, o);
    o->marks[i] = DONE;
    vec_push(o->lower->arena, o->out, r);
}

void
order_rules(struct lower *lo, const struct tlevel *level, enum side to,
            rule_vec *out)
{
    struct order o = { .lower = lo, .level = level, .to = to, .out = out };

    o.marks = arena_alloc(lo->arena, (level->rules.n + 1) * sizeof *o.marks);
    for (size_t i = 0; i < level->rules.n; i++)
        if (level->rules.at[i]->runs[to])
            visit_rule(&o, i);
}
