/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule in one direction as one C function: take the value, or several parts;
 * the chain, turned round on the way to the left; put into one target, or
 * several.
 */
#include "plan/lower.h"

#include <string.h>

#include "sema/promise.h"

const char *
type_name(enum type_kind kind)
{
    switch (kind) {
    case TYPE_ERROR:
    case TYPE_TEXT:
        return "MR_TYPE_TEXT";
    case TYPE_BOOL:
        return "MR_TYPE_BOOL";
    case TYPE_NUMBER:
        return "MR_TYPE_NUMBER";
    case TYPE_DATE:
        return "MR_TYPE_DATE";
    case TYPE_TIME:
        return "MR_TYPE_TIME";
    case TYPE_DATETIME:
        return "MR_TYPE_DATETIME";
    case TYPE_GUID:
        return "MR_TYPE_GUID";
    case TYPE_BINARY:
        return "MR_TYPE_BINARY";
    }
    return NULL;
}

const char *
fate_name(enum fate_kind kind)
{
    switch (kind) {
    case FATE_VALUE:
        return "MR_FATE_VALUE";
    case FATE_KEEP:
        return "MR_FATE_KEEP";
    case FATE_NONE:
    case FATE_PARK:
        return "MR_FATE_PARK";
    case FATE_REJECT:
        return "MR_FATE_REJECT";
    }
    return NULL;
}

/* --- which functions a conversion uses on the way to a side --- */

static bool
goes_right(const struct tconv *c, enum side to)
{
    return (to == RIGHT) != c->turned;
}

enum fan { ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE };

static enum fan
fan_of(const struct tconv *c, enum side to)
{
    bool right = goes_right(c, to);

    if (c->kind != TCONV_NATIVE || c->native->fan == FAN_NONE)
        return ONE_TO_ONE;
    return (c->native->fan == FAN_SPLIT) == right ? ONE_TO_MANY : MANY_TO_ONE;
}

/* The value so far: a number, where `last` made one. */
static struct pexpr *
hole(struct lower *lo, const struct pexpr *last)
{
    struct pexpr *e = arena_alloc(lo->arena, sizeof *e);

    e->kind = PEXPR_HOLE;
    e->number = last != NULL && last->number;
    return e;
}

static struct pexpr *
codes_call(struct lmap *lm, const struct tconv *c, enum side to,
           const struct pexpr *last)
{
    struct lower *lo = lm->lower;
    const struct pcodes *codes = codes_find(lo, c->codes);
    struct pexpr *e = expr_call(lo, goes_right(c, to) ? "mr_codes_right"
                                                      : "mr_codes_left");

    expr_arg(lo, e, expr_c(lo, "cx"));
    expr_arg(lo, e, expr_c(lo, "&%s", codes->c_name));
    expr_arg(lo, e, hole(lo, last));
    expr_arg(lo, e, c->args.n > 0 ? expr_targ(lo, lm, NULL, &c->args.at[0])
                                  : expr_call(lo, "mr_missing"));
    return e;
}

static struct pexpr *
ref_call(struct lmap *lm, const struct tconv *c, enum side to,
         const struct pexpr *last)
{
    struct lower *lo = lm->lower;
    struct pexpr *e =
        expr_call(lo, goes_right(c, to) ? "mr_ref_right" : "mr_ref_left");

    expr_arg(lo, e, expr_c(lo, "cx"));
    expr_arg(lo, e, expr_string(lo, c->ref->name));
    expr_arg(lo, e, hole(lo, last));
    return e;
}

static const char *
user_way(struct lower *lo, const struct tconv *c, enum side to)
{
    const struct lfunction *f =
        table_find(&lo->functions, (const char *)c->user);
    bool backward = c->user->convert && !goes_right(c, to);

    if (f == NULL || f->ways[backward] == NULL) {
        diag_add(lo->diags, DIAG_BUG, c->user->at, "%s has no body this way",
                 c->user->name);
        return "mr_missing";
    }
    return f->ways[backward]->c_name;
}

/* f(cx, v, args…), f(cx, v, args…, parts, n) or f(cx, parts, n, args…) */
static struct pexpr *
conv_call(struct lmap *lm, const struct tconv *c, enum side to, size_t n_parts,
          const struct pexpr *last)
{
    struct lower *lo = lm->lower;
    enum fan fan = fan_of(c, to);
    struct pexpr *e;

    if (c->kind == TCONV_CODES)
        return codes_call(lm, c, to, last);
    if (c->kind == TCONV_REF)
        return ref_call(lm, c, to, last);
    if (c->kind == TCONV_USER)
        e = expr_call(lo, user_way(lo, c, to));
    else
        e = expr_call(lo, goes_right(c, to) || c->native->left == NULL
                              ? c->native->right
                              : c->native->left);
    expr_arg(lo, e, expr_c(lo, "cx"));
    expr_arg(lo, e, fan == MANY_TO_ONE ? expr_c(lo, "parts")
                                         : hole(lo, last));
    if (fan == MANY_TO_ONE)
        expr_arg(lo, e, expr_c(lo, "%zu", n_parts));
    for (size_t i = 0; i < c->args.n; i++)
        expr_arg(lo, e, expr_targ(lo, lm, NULL, &c->args.at[i]));
    if (fan == ONE_TO_MANY) {
        expr_arg(lo, e, expr_c(lo, "parts"));
        expr_arg(lo, e, expr_c(lo, "%zu", n_parts));
    }
    return e;
}

/* --- what a rule reads --- */

struct reading {
    struct lmap *lm;
    struct pstep *step;
    enum side to;
    const struct trule *rule;
    const char *form;
    const char *codes;
};

static bool
same_field(const struct pplace *a, const struct pplace *b)
{
    return strcmp(a->frame, b->frame) == 0 && a->picked == b->picked &&
           strcmp(a->field, b->field) == 0;
}

struct pfield *
field_lower(struct lmap *lm, const struct tpath *path,
            const struct pplace *place)
{
    struct arena *a = lm->lower->arena;
    const struct type *t = &tpath_member(path)->type;
    struct pfield *f = arena_alloc(a, sizeof *f);

    f->place = place;
    f->type = type_name(t->kind);
    f->max_chars = t->max_chars;
    f->digits = t->precision;
    f->scale = t->scale;
    f->digits_only = t->digits_only;
    f->milliseconds = t->milliseconds;
    f->min_chars = t->kind == TYPE_TEXT ? t->min_chars : 0;
    f->has_range = t->kind == TYPE_NUMBER && t->has_range;
    f->low = t->low;
    f->high = t->high;
    f->form = t->kind == TYPE_DATETIME && t->local ? "local" : NULL;
    for (size_t i = 0; i < t->values.n; i++)
        vec_push(a, &f->values, t->values.at[i]);
    return f;
}

static void
read_path(void *arg, const struct tpath *path)
{
    struct reading *rd = arg;
    const struct pplace *place = shape_place(
        rd->lm, path, path->side == rd->to ? USE_NONE : USE_READ);
    struct pfield *f;

    for (size_t i = 0; i < rd->step->reads.n; i++)
        if (same_field(rd->step->reads.at[i]->place, place))
            return;
    f = field_lower(rd->lm, path, place);
    if (rd->form != NULL)
        f->form = rd->form;
    f->codes = rd->codes;
    vec_push(rd->lm->lower->arena, &rd->step->reads, f);
}

/* What generated values must look like at the end where the chain starts. */
static void
read_hints(struct reading *rd, const struct trule *rule)
{
    size_t n = rule->chain.n;

    for (size_t i = 0; i < n && rd->form == NULL; i++) {
        const struct tconv *c =
            &rule->chain.at[rd->to == RIGHT ? i : n - 1 - i];

        if (c->kind == TCONV_NATIVE && goes_right(c, rd->to))
            rd->form = c->native->form;
        if (c->kind == TCONV_CODES && i == 0)
            rd->codes = arena_printf(
                rd->lm->lower->arena, "&%s.%s",
                codes_find(rd->lm->lower, c->codes)->c_name,
                goes_right(c, rd->to) ? "right" : "left");
    }
}

static void
read_all(struct lmap *lm, const struct trule *rule, enum side to,
         struct pstep *step)
{
    enum side from = other_side(to);
    struct reading rd = { .lm = lm, .step = step, .to = to };

    read_hints(&rd, rule);
    if (rule->source[from] != NULL)
        expr_paths(rule->source[from], read_path, &rd);
    else
        for (size_t i = 0; i < rule->fields[from].n; i++)
            read_path(&rd, rule->fields[from].at[i]);
    step->n_values = (uint32_t)step->reads.n;
    rd.form = rd.codes = NULL;
    for (size_t i = 0; i < rule->chain.n; i++)
        targ_paths(&rule->chain.at[i].args, read_path, &rd);
    if (rule->when != NULL)
        expr_paths(rule->when, read_path, &rd);
}

/* --- targets --- */

/* A record that is made needs its required fields. One further inside, or a
 * row behind a selector, may not be made at all; and a record that is there
 * already needs nothing: what is missing is left alone. */
static void
require(const struct lmap *lm, const struct trule *rule, enum side to,
        const struct tpath *path, bool picked, struct ptarget *x)
{
    const struct member *m = tpath_member(path);
    bool made = path->hops.n == 1 && lm->map->create[to];

    x->required = m->required && made;
    x->never_empty = !x->required && !picked &&
                     (rule->failures[to] & WHY(REQUIRED)) != 0;
}

static struct ptarget *
target_new(struct lmap *lm, const struct trule *rule, enum side to,
           const struct tpath *path, const struct pplace *place)
{
    struct arena *a = lm->lower->arena;
    const struct type *t = &tpath_member(path)->type;
    struct ptarget *x = arena_alloc(a, sizeof *x);

    x->c_name = place->picked != NULL
                    ? cname_make(&lm->file, "to_%s", place->picked->c_name)
                    : cname_make(&lm->file, "to_%s_%s", place->frame,
                                 place->field);
    x->at = rule->place;
    x->rule = rule->text;
    x->field = path->text;
    x->type = type_name(t->kind);
    x->max_chars = t->kind == TYPE_TEXT ? t->max_chars : 0;
    x->max_bytes = t->kind == TYPE_TEXT ? t->max_bytes : 0;
    x->digits = t->precision;
    x->scale = t->scale;
    x->any_scale = t->any_scale;
    x->milliseconds = tpath_member(path)->type.milliseconds;
    x->has_range = t->kind == TYPE_NUMBER && t->has_range;
    x->low = t->low;
    x->high = t->high;
    for (size_t i = 0; i < t->values.n; i++)
        vec_push(a, &x->values, t->values.at[i]);
    x->fate = fate_name(rule->fate.kind);
    x->fallback = rule->fate.kind == FATE_VALUE ? rule->fate.value : NULL;
    require(lm, rule, to, path, place->picked != NULL, x);
    x->personal = rule->personal;
    return x;
}

static void
lower_targets(struct lmap *lm, const struct trule *rule, enum side to,
              struct pstep *step)
{
    struct arena *a = lm->lower->arena;

    for (size_t i = 0; i < rule->fields[to].n; i++) {
        const struct tpath *path = rule->fields[to].at[i];
        const struct pplace *place = shape_place(lm, path, USE_WRITE);
        struct ptarget *t = target_new(lm, rule, to, path, place);

        vec_push(a, &step->to, place);
        vec_push(a, &step->targets, t);
        if (lm->map->replicate != NULL)
            vec_push(a, &step->fields,
                     (const struct pfield *)field_lower(lm, path, place));
        vec_push(a, &lm->out->targets[to], t);
        if (i == 0) {
            step->c_name = cname_make(&lm->file, "set_%s", t->c_name + 3);
            step->c_reads = step->reads.n == 0
                                ? NULL
                                : cname_make(&lm->file, "%s_reads",
                                             t->c_name + 3);
        }
        t->c_reads = step->c_reads;
        t->n_reads = (uint32_t)step->reads.n;
    }
    if (lm->map->replicate == NULL)
        return;
    step->c_fields = cname_make(&lm->file, "%s_fields", step->c_name + 4);
    step->c_targets = cname_make(&lm->file, "%s_targets", step->c_name + 4);
}

/* --- the value --- */

static void
lower_source(struct lmap *lm, const struct trule *rule, enum side to,
             bool joins, struct pstep *step)
{
    struct lower *lo = lm->lower;
    enum side from = other_side(to);

    if (rule->source[from] != NULL) {
        step->value = expr_lower(lo, lm, NULL, rule->source[from]);
        return;
    }
    for (size_t i = 0; i < rule->fields[from].n; i++) {
        const struct pexpr *e = expr_place(
            lo, shape_place(lm, rule->fields[from].at[i], USE_NONE));

        if (joins)
            vec_push(lo->arena, &step->parts_in, e);
        else
            step->value = e;
    }
}

/* What is behind a selector or no number is given a value. */
static bool
takes_number(const struct pstep *step)
{
    return step->to.at[0]->picked == NULL &&
           strcmp(step->targets.at[0]->type, "MR_TYPE_NUMBER") == 0;
}

static void
lower_chain(struct lmap *lm, const struct trule *rule, enum side to,
            struct pstep *step)
{
    struct lower *lo = lm->lower;
    const struct pexpr *last = step->value;
    size_t n = rule->chain.n;

    for (size_t i = 0; i < n; i++) {
        const struct tconv *c = &rule->chain.at[to == RIGHT ? i : n - 1 - i];
        enum fan fan = fan_of(c, to);
        struct pexpr *e = conv_call(lm, c, to,
                                    fan == MANY_TO_ONE ? step->parts_in.n
                                                       : step->to.n, last);

        if (fan == ONE_TO_MANY)
            step->fan_out = e;
        else
            vec_push(lo->arena, &step->chain, e);
        last = e;
    }
    if (last != NULL && last->number && !takes_number(step))
        vec_push(lo->arena, &step->chain,
                 number_text(lo, hole(lo, last)));
}

struct pstep *
step_lower(struct lmap *lm, const struct trule *rule, enum side to)
{
    struct pstep *step = arena_alloc(lm->lower->arena, sizeof *step);
    size_t n = rule->chain.n;
    bool joins = n > 0 && fan_of(&rule->chain.at[to == RIGHT ? 0 : n - 1],
                                 to) == MANY_TO_ONE;

    step->place = rule->place;
    step->text = rule->text;
    read_all(lm, rule, to, step);
    lower_targets(lm, rule, to, step);
    if (rule->when != NULL)
        step->when = expr_lower(lm->lower, lm, NULL, rule->when);
    lower_source(lm, rule, to, joins, step);
    lower_chain(lm, rule, to, step);
    return step;
}

/* --- conditions --- */

static void
mark_read(void *arg, const struct tpath *path)
{
    shape_place(arg, path, USE_READ);
}

struct pcondition *
condition_lower(struct lmap *lm, const struct tcondition *c)
{
    struct pcondition *out = arena_alloc(lm->lower->arena, sizeof *out);

    expr_paths(c->test, mark_read, lm);
    out->place = c->place;
    out->text = c->text;
    out->test = expr_lower(lm->lower, lm, NULL, c->test);
    out->target.c_name = cname_make(&lm->file, "where_%s",
                                    lm->map->systems[c->side]->name);
    out->target.at = c->place;
    out->target.rule = c->text;
    out->target.field = "where";
    out->target.type = "MR_TYPE_BOOL";
    out->target.fate = fate_name(lm->map->fate.kind);
    out->target.fallback =
        lm->map->fate.kind == FATE_VALUE ? lm->map->fate.value : NULL;
    return out;
}

/* --- pairs --- */

static bool
has_field(const struct pstep *step, uint32_t n, const struct pfield *f)
{
    for (uint32_t i = 0; i < n; i++)
        if (same_field(step->reads.at[i]->place, f->place))
            return true;
    return false;
}

static void
add_given(struct lmap *lm, struct ppair *p, const struct pstep *step)
{
    for (size_t i = step->n_values; i < step->reads.n; i++) {
        const struct pfield *f = step->reads.at[i];
        bool known = has_field(p->to_right, p->to_right->n_values, f) ||
                     has_field(p->to_left, p->to_left->n_values, f);

        for (size_t k = 0; k < p->given.n && !known; k++)
            known = same_field(p->given.at[k]->place, f->place);
        if (!known)
            vec_push(lm->lower->arena, &p->given, f);
    }
}

/* Can values be made for the end of a chain that starts with this on the way
 * to that side? The library says what valid values look like on the left of a
 * conversion only; tables know both of their columns. */
static bool
is_source(const struct tconv *c, enum side to)
{
    return c->kind == TCONV_CODES || goes_right(c, to);
}

/* NULL where nothing can be tested without the ID map. */
const struct ppair *
pair_lower(struct lmap *lm, const struct trule *rule,
           const struct pstep *to_right, const struct pstep *to_left)
{
    size_t n = rule->chain.n;
    struct ppair *p;

    if (rule->arrow != ARROW_BOTH && rule->arrow != ARROW_LOSSY)
        return NULL;
    for (size_t i = 0; i < rule->chain.n; i++)
        if (rule->chain.at[i].kind == TCONV_REF)
            return NULL;
    p = arena_alloc(lm->lower->arena, sizeof *p);
    p->place = rule->place;
    p->text = rule->text;
    p->lossy = rule->arrow == ARROW_LOSSY || rule->remember;
    p->canonical = promise_of(rule) == PROMISE_CANONICAL;
    p->unproven = promise_unproven(rule);
    p->promise = promise_words(promise_of(rule));
    for (int side = LEFT; side <= RIGHT; side++) {
        p->changes[side] = rule->changes[side];
        p->changed_by[side] = rule->changed_by[side];
        p->keeps[side] = promise_keeps(rule, (enum side)side);
    }
    p->to_right = to_right;
    p->to_left = to_left;
    p->made[LEFT] = n == 0 || is_source(&rule->chain.at[0], RIGHT);
    p->made[RIGHT] = n == 0 || is_source(&rule->chain.at[n - 1], LEFT);
    if (!p->made[LEFT] && !p->made[RIGHT])
        p->made[LEFT] = true;
    add_given(lm, p, to_right);
    add_given(lm, p, to_left);
    if (p->given.n > 0)
        p->c_given = cname_make(&lm->file, "%s_given", to_right->c_name + 4);
    return p;
}
