/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Circles whose rules choose between values: do the fields of one list, which
 * such rules lead to each other, stay as they are after one round? The rules
 * only compare texts and pass them on, so what they do with a value that none
 * of them names they do with every such value: a few stand for all, and all
 * states of the fields can be tried.
 */
#include <string.h>

#include "sema/circle.h"

enum { FIELDS_MAX = 6, VALUES_MAX = 40, STATES_MAX = 50000, PARAMS_MAX = 8 };

/* Missing is NULL, empty is "". */
struct logic {
    const struct tlevel *level;
    const struct trule *rules[FIELDS_MAX * 2];
    size_t n_rules;
    const struct tpath *fields[FIELDS_MAX];
    size_t n;
    const char *values[VALUES_MAX];     /* that are tried */
    size_t n_values;
    const char *now[FIELDS_MAX];
    bool beyond;                    /* more than is understood here */
};

/* --- the fields and rules that belong together --- */

bool
same_place(const struct tpath *a, const struct tpath *b)
{
    if (a->hops.n != b->hops.n)
        return false;
    for (size_t i = 0; i < a->hops.n; i++)
        if (a->hops.at[i].member != b->hops.at[i].member ||
            a->hops.at[i].equals != b->hops.at[i].equals)
            return false;
    return true;
}

static size_t
field_of(const struct logic *l, const struct tpath *path)
{
    size_t i = 0;

    while (i < l->n && (l->fields[i]->side != path->side ||
                        !same_place(l->fields[i], path)))
        i++;
    return i;
}

static void
add_field(struct logic *l, const struct tpath *path)
{
    if (field_of(l, path) < l->n)
        return;
    if (l->n == FIELDS_MAX || path->level != l->level ||
        tpath_member(path)->type.kind != TYPE_TEXT)
        l->beyond = true;
    else
        l->fields[l->n++] = path;
}

static void
add_value(struct logic *l, const char *value)
{
    for (size_t i = 0; i < l->n_values; i++)
        if (l->values[i] != NULL && strcmp(l->values[i], value) == 0)
            return;
    if (l->n_values == VALUES_MAX)
        l->beyond = true;
    else
        l->values[l->n_values++] = value;
}

static bool
is_understood(const char *function)
{
    static const char *const names[] = {
        "mr_choose", "mr_text_eq", "mr_text_ne", "mr_and", "mr_or", "mr_not",
        "mr_is_empty", "mr_is_missing"
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], function) == 0)
            return true;
    return false;
}

/* The fields and constants of an expression. */
static void
add_expr(struct logic *l, const struct texpr *e)
{
    const targ_vec *args = NULL;

    if (e->kind == TEXPR_PATH)
        add_field(l, e->u.path);
    if (e->kind == TEXPR_CONST && e->type.kind == TYPE_TEXT)
        add_value(l, e->u.text);
    if (e->kind == TEXPR_CALL) {
        args = &e->u.call.args;
        l->beyond |= !is_understood(e->u.call.function);
    }
    if (e->kind == TEXPR_USER) {
        const struct tfunction *f = e->u.user.function;

        args = &e->u.user.args;
        if (f->convert || e->u.user.backward || f->forward == NULL ||
            args->n > PARAMS_MAX)
            l->beyond = true;
        else
            add_expr(l, f->forward);
    }
    for (size_t i = 0; args != NULL && !l->beyond && i < args->n; i++) {
        if (args->at[i].kind == TARG_EXPR)
            add_expr(l, args->at[i].expr);
        else
            l->beyond = true;
    }
}

static void
add_rule(struct logic *l, const struct trule *r)
{
    for (size_t i = 0; i < l->n_rules; i++)
        if (l->rules[i] == r)
            return;
    if (l->n_rules == sizeof l->rules / sizeof l->rules[0] ||
        r->level != l->level || r->chain.n > 0 || r->when != NULL ||
        r->fate.kind == FATE_VALUE) {
        l->beyond = true;
        return;
    }
    l->rules[l->n_rules++] = r;
    for (enum side s = LEFT; s <= RIGHT; s++) {
        l->beyond |= r->source[s] == NULL && r->fields[s].n != 1;
        for (size_t i = 0; i < r->fields[s].n; i++)
            add_field(l, r->fields[s].at[i]);
        if (r->source[s] != NULL)
            add_expr(l, r->source[s]);
    }
}

/* Rules that write one of the fields belong to them. */
static void
add_writers(struct logic *l)
{
    for (size_t i = 0; i < l->level->rules.n && !l->beyond; i++) {
        const struct trule *r = l->level->rules.at[i];
        size_t before = l->n_rules;
        bool writes = false;

        for (enum side s = LEFT; s <= RIGHT; s++)
            for (size_t k = 0; r->runs[s] && k < r->fields[s].n; k++)
                writes |= field_of(l, r->fields[s].at[k]) < l->n;
        if (writes)
            add_rule(l, r);
        if (l->n_rules > before)
            i = (size_t)-1;         /* from the first one again */
    }
}

/* Values that no rule names: as many as there are fields, letters and digits.
 * A field that lists its values has no others. */
static void
add_others(struct logic *l)
{
    static const char *const letters[] = { "x", "y", "z", "q", "w", "v", "u",
                                           "p", "o", "n", "m", "k" };
    static const char *const digits[] = { "9", "8", "7", "6", "5", "4", "3",
                                          "2", "1" };
    size_t named;

    for (size_t i = 0; i < l->n; i++) {
        const struct type *t = &tpath_member(l->fields[i])->type;

        for (size_t k = 0; k < t->values.n; k++)
            add_value(l, t->values.at[k]);
        l->beyond |= t->values.n == 0 && t->min_chars > 1;
    }
    named = l->n_values;
    for (size_t i = 0; i < 12 && l->n_values < named + l->n; i++)
        add_value(l, letters[i]);
    l->beyond |= l->n_values < named + l->n;
    named = l->n_values;
    for (size_t i = 0; i < 9 && l->n_values < named + l->n; i++)
        add_value(l, digits[i]);
    l->beyond |= l->n_values < named + l->n;
    add_value(l, "");
    if (l->n_values < VALUES_MAX)
        l->values[l->n_values++] = NULL;
}

/* --- running the rules --- */

static const char *eval(const struct logic *l, const struct texpr *e,
                        const char *const *params);

static bool
is_true(const struct logic *l, const struct texpr *e,
        const char *const *params)
{
    const char *value = eval(l, e, params);

    return value != NULL && strcmp(value, "true") == 0;
}

/* Missing and empty are alike. */
static bool
is_equal(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool
test(const struct logic *l, const struct texpr *e, const char *const *params)
{
    const char *name = e->u.call.function;
    const struct targ *args = e->u.call.args.at;

    if (strcmp(name, "mr_and") == 0)
        return is_true(l, args[0].expr, params) &&
               is_true(l, args[1].expr, params);
    if (strcmp(name, "mr_or") == 0)
        return is_true(l, args[0].expr, params) ||
               is_true(l, args[1].expr, params);
    if (strcmp(name, "mr_not") == 0)
        return !is_true(l, args[0].expr, params);
    if (strcmp(name, "mr_is_empty") == 0)
        return is_equal(eval(l, args[0].expr, params), "");
    if (strcmp(name, "mr_is_missing") == 0)
        return eval(l, args[0].expr, params) == NULL;
    return is_equal(eval(l, args[0].expr, params),
                    eval(l, args[1].expr, params)) ==
           (strcmp(name, "mr_text_eq") == 0);
}

static const char *
eval(const struct logic *l, const struct texpr *e, const char *const *params)
{
    const char *given[PARAMS_MAX] = { NULL };

    switch (e->kind) {
    case TEXPR_CONST:
        return e->u.text;
    case TEXPR_MISSING:
        return NULL;
    case TEXPR_PATH:
        return l->now[field_of(l, e->u.path)];
    case TEXPR_PARAM:
        return params[e->u.param];
    case TEXPR_CALL:
        if (strcmp(e->u.call.function, "mr_choose") != 0)
            return test(l, e, params) ? "true" : "false";
        return eval(l, e->u.call.args.at[is_true(
                        l, e->u.call.args.at[0].expr, params) ? 1 : 2].expr,
                    params);
    case TEXPR_USER:
        for (size_t i = 0; i < e->u.user.args.n; i++)
            given[i] = eval(l, e->u.user.args.at[i].expr, params);
        return eval(l, e->u.user.function->forward, given);
    }
    return NULL;
}

/* All rules towards a side. false: a value is refused. */
static bool
run(struct logic *l, enum side to)
{
    const char *next[FIELDS_MAX];
    enum side from = to == LEFT ? RIGHT : LEFT;

    memcpy(next, l->now, sizeof next);
    for (size_t i = 0; i < l->n_rules; i++) {
        const struct trule *r = l->rules[i];
        const char *value;
        size_t at;

        if (!r->runs[to])
            continue;
        value = r->source[from] != NULL
                    ? eval(l, r->source[from], NULL)
                    : l->now[field_of(l, r->fields[from].at[0])];
        at = field_of(l, r->fields[to].at[0]);
        if (value == NULL)
            continue;
        if (*value != '\0' &&
            !circle_fits(&tpath_member(l->fields[at])->type, value))
            return false;
        next[at] = value;
    }
    memcpy(l->now, next, sizeof next);
    return true;
}

/* --- all states --- */

/* The state of that number; false: the fields can't have it. What goes round
 * begins with values that are there. */
static bool
begin(struct logic *l, size_t number, enum side from)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct type *t = &tpath_member(l->fields[i])->type;
        const char *value = l->values[number % l->n_values];

        number /= l->n_values;
        if (value == NULL && l->fields[i]->side == from)
            return false;
        if (value != NULL && *value != '\0' && !circle_fits(t, value))
            return false;
        l->now[i] = value;
    }
    return true;
}

static const char *
shown_value(const struct logic *l, const struct tpath *path)
{
    const char *value = l->now[field_of(l, path)];

    return value == NULL ? "" : value;
}

/* Twice round. false: another state after the second round. */
static bool
rests(struct logic *l, const struct way *const *ways, size_t n,
      struct circle_value *v)
{
    const char *first[FIELDS_MAX];
    enum side from = ways[0]->to == LEFT ? RIGHT : LEFT;

    v->start = "";
    for (size_t i = 0; i < l->n; i++)
        if (l->fields[i]->side == from &&
            strcmp(l->fields[i]->text, ways[0]->from_text) == 0)
            v->start = shown_value(l, l->fields[i]);
    for (size_t k = 0; k < 2 * n; k++) {
        const struct way *w = ways[k % n];

        if (!run(l, w->to))
            return true;
        v->at[k] = shown_value(l, w->rule->fields[w->to].at[0]);
        if (k + 1 == n)
            memcpy(first, l->now, sizeof first);
    }
    for (size_t i = 0; i < l->n; i++)
        if (!is_equal(first[i], l->now[i]))
            return false;
    return true;
}

static bool
gather(struct logic *l, const struct way *const *ways, size_t n)
{
    for (size_t i = 0; i < n && !l->beyond; i++) {
        l->beyond |= ways[i]->rule->level != l->level;
        add_rule(l, ways[i]->rule);
    }
    if (!l->beyond)
        add_writers(l);
    if (!l->beyond)
        add_others(l);
    return !l->beyond;
}

enum verdict
circle_choices(const struct way *const *ways, size_t n,
               struct circle_value *shown)
{
    struct logic l = { .level = ways[0]->rule->level };
    enum side from = ways[0]->to == LEFT ? RIGHT : LEFT;
    size_t states = 1;

    if (!gather(&l, ways, n))
        return CIRCLE_UNKNOWN;
    for (size_t i = 0; i < l.n; i++) {
        states *= l.n_values;
        if (states > STATES_MAX)
            return CIRCLE_UNKNOWN;
    }
    for (size_t i = 0; i < states; i++)
        if (begin(&l, i, from) && !rests(&l, ways, n, shown))
            return CIRCLE_OSCILLATES;
    return CIRCLE_RESTS;
}
