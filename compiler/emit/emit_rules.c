/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: for each direction the facts of its targets, what it reads, and the
 * function. */
#include "emit/parts.h"

#include <inttypes.h>
#include <string.h>

/* C has no literal for the lowest of all. */
static void
emit_bound(struct cwriter *w, const char *name, int64_t n)
{
    if (n == INT64_MIN)
        cw_line(w, ".%s = INT64_MIN,", name);
    else
        cw_line(w, ".%s = INT64_C(%" PRId64 "),", name, n);
}

static void
emit_range(struct cwriter *w, int64_t low, int64_t high)
{
    cw_line(w, ".has_range = true,");
    emit_bound(w, "low", low);
    emit_bound(w, "high", high);
}

/* --- what a rule reads --- */

static void
emit_field(struct cwriter *w, const struct pmap *map, const struct pfield *f)
{
    const struct pplace *p = f->place;
    struct arena *a = w->out.arena;

    cw_open(w, "%s", "");
    cw_field_string(w, "name", p->text);
    cw_field_offset(w, "at", arena_printf(a, "%s_at", map->c_name), p->frame);
    if (p->picked != NULL)
        cw_line(w, ".picked = &%s,", p->picked->c_name);
    else
        cw_field_offset(w, "field", p->shape->c_name, p->field);
    cw_line(w, ".type = %s,", f->type);
    if (f->max_chars != 0)
        cw_line(w, ".max_chars = %u,", (unsigned)f->max_chars);
    if (f->digits != 0)
        cw_line(w, ".digits = %u,", f->digits);
    if (f->scale != 0)
        cw_line(w, ".scale = %u,", f->scale);
    if (f->digits_only)
        cw_line(w, ".digits_only = true,");
    if (f->min_chars > 1)
        cw_line(w, ".min_chars = %u,", (unsigned)f->min_chars);
    if (f->milliseconds)
        cw_line(w, ".milliseconds = true,");
    if (f->has_range)
        emit_range(w, f->low, f->high);
    cw_field_string(w, "form", f->form);
    if (f->codes != NULL)
        cw_line(w, ".codes = %s,", f->codes);
    emit_values(w, "values", f->values.at, f->values.n);
    cw_close(w, ",");
}

void
emit_fields(struct cwriter *w, const struct pmap *map, const char *c_name,
            const struct pfield *const *fields, size_t n)
{
    cw_table(w, "static const struct mr_field", c_name, "[] =");
    for (size_t i = 0; i < n; i++)
        emit_field(w, map, fields[i]);
    cw_close(w, ";");
    cw_blank(w);
}

/* --- targets --- */

static void
emit_target(struct cwriter *w, const struct ptarget *t)
{
    cw_table(w, "static const struct mr_target", t->c_name, " =");
    cw_field_string(w, "at", t->at);
    cw_field_string(w, "rule", t->rule);
    cw_field_string(w, "field", t->field);
    cw_line(w, ".type = %s,", t->type);
    if (t->max_chars != 0)
        cw_line(w, ".max_chars = %u,", (unsigned)t->max_chars);
    if (t->max_bytes != 0)
        cw_line(w, ".max_bytes = %u,", (unsigned)t->max_bytes);
    if (t->digits != 0)
        cw_line(w, ".digits = %u,", t->digits);
    if (t->scale != 0)
        cw_line(w, ".scale = %u,", t->scale);
    if (t->any_scale)
        cw_line(w, ".any_scale = true,");
    if (t->milliseconds)
        cw_line(w, ".milliseconds = true,");
    if (t->has_range)
        emit_range(w, t->low, t->high);
    emit_values(w, "values", t->values.at, t->values.n);
    cw_line(w, ".fate = %s,", t->fate);
    cw_field_string(w, "fallback", t->fallback);
    if (t->required)
        cw_line(w, ".required = true,");
    if (t->never_empty)
        cw_line(w, ".never_empty = true,");
    if (t->personal)
        cw_line(w, ".personal = true,");
    if (t->c_reads != NULL) {
        cw_line(w, ".reads = %s,", t->c_reads);
        cw_line(w, ".n_reads = %u,", (unsigned)t->n_reads);
    }
    cw_close(w, ";");
    cw_blank(w);
}

/* --- the function --- */

static const struct pexpr *
leaf(struct cwriter *w, const char *fmt, const char *a, const char *b)
{
    struct pexpr *e = arena_alloc(w->out.arena, sizeof *e);

    e->kind = PEXPR_C;
    e->text = arena_printf(w->out.arena, fmt, a, b);
    return e;
}

static void
add_arg(struct cwriter *w, struct pexpr *call, const struct pexpr *arg)
{
    vec_push(w->out.arena, &call->args, arg);
}

/* mr_put(cx, &to_erp_KUNNR, &at->erp->KUNNR, value), mr_put_num(… number) */
static const struct pexpr *
put_call(struct cwriter *w, const struct ptarget *t, const struct pplace *to,
         const struct pexpr *value)
{
    struct pexpr *e = arena_alloc(w->out.arena, sizeof *e);

    e->kind = PEXPR_CALL;
    e->text = to->picked != NULL ? "mr_put_picked"
              : value->number    ? "mr_put_num" : "mr_put";
    add_arg(w, e, leaf(w, "%s%s", "cx", ""));
    add_arg(w, e, leaf(w, "&%s%s", t->c_name, ""));
    if (to->picked != NULL) {
        add_arg(w, e, leaf(w, "at->%s%s", to->frame, ""));
        add_arg(w, e, leaf(w, "&%s%s", to->picked->c_name, ""));
    } else {
        add_arg(w, e, leaf(w, "&at->%s->%s", to->frame, to->field));
    }
    add_arg(w, e, value);
    return e;
}

/* The expression with its hole filled. */
static const struct pexpr *
filled(struct cwriter *w, const struct pexpr *e, const struct pexpr *hole)
{
    struct pexpr *out;

    if (e->kind == PEXPR_HOLE)
        return hole;
    if (e->kind != PEXPR_CALL)
        return e;
    out = arena_alloc(w->out.arena, sizeof *out);
    out->kind = e->kind;
    out->number = e->number;
    out->text = e->text;
    for (size_t i = 0; i < e->args.n; i++)
        add_arg(w, out, filled(w, e->args.at[i], hole));
    return out;
}

/* All conversions in one nested call, if that is short enough to read. */
static const struct pexpr *
nested(struct cwriter *w, const struct pstep *s)
{
    const struct pexpr *e = s->value;

    for (size_t i = 0; i < s->chain.n; i++)
        e = filled(w, s->chain.at[i], e);
    return e;
}

static bool
is_short(struct cwriter *w, const struct pstep *s, const struct pexpr *value)
{
    const struct pexpr *last;

    if (s->chain.n == 0)
        return true;
    last = s->fan_out != NULL
               ? filled(w, s->fan_out, value)
               : put_call(w, s->targets.at[0], s->to.at[0], value);
    if (cw_width(w, "", last, NULL, ";") <= CW_COLUMNS)
        return true;
    return s->chain.n == 1 &&
           cw_width(w, "       ", value, NULL, ");") <= CW_COLUMNS;
}

/* The local for the result of an expression: n a number, v a value. */
static const struct pexpr *
local(struct cwriter *w, const struct pexpr *of)
{
    struct pexpr *e = arena_alloc(w->out.arena, sizeof *e);

    e->kind = PEXPR_C;
    e->number = of->number;
    e->text = of->number ? "n" : "v";
    return e;
}

/* What the chain starts with, and its first conversion behind that. */
static const struct pexpr *
start_of(const struct pstep *s, size_t *next)
{
    *next = s->value == NULL;
    return s->value != NULL ? s->value : s->chain.at[0];
}

/* v = …; one line a conversion; returns the local that holds what comes out. */
static const struct pexpr *
emit_chain(struct cwriter *w, const struct pstep *s)
{
    size_t i;
    const struct pexpr *now = local(w, start_of(s, &i));

    for (; i < s->chain.n; i++) {
        const struct pexpr *before = now;

        now = local(w, s->chain.at[i]);
        cw_expr(w, now->number ? "n = " : "v = ",
                filled(w, s->chain.at[i], before), NULL, ";");
    }
    return now;
}

static void
emit_chain_locals(struct cwriter *w, const struct pstep *s)
{
    size_t i;
    const struct pexpr *start = start_of(s, &i);

    cw_expr(w, start->number ? "struct mr_num n = " : "struct mr_val v = ",
            start, NULL, ";");
    while (i < s->chain.n && s->chain.at[i]->number == start->number)
        i++;
    if (i < s->chain.n)
        cw_line(w, start->number ? "struct mr_val v;" : "struct mr_num n;");
}

static void
emit_locals(struct cwriter *w, const struct pstep *s, bool steps)
{
    if (s->parts_in.n > 0) {
        cw_open(w, "struct mr_val parts[%zu] =",
                s->parts_in.n > s->to.n ? s->parts_in.n : s->to.n);
        for (size_t i = 0; i < s->parts_in.n; i++)
            cw_expr(w, "", s->parts_in.at[i], NULL, ",");
        cw_close(w, ";");
    } else if (s->fan_out != NULL) {
        cw_line(w, "struct mr_val parts[%zu];", s->to.n);
    }
    if (steps)
        emit_chain_locals(w, s);
}

static void
emit_puts(struct cwriter *w, const struct pstep *s, const struct pexpr *value)
{
    if (s->fan_out == NULL) {
        cw_expr(w, "", put_call(w, s->targets.at[0], s->to.at[0], value), NULL,
                ";");
        return;
    }
    cw_expr(w, "", filled(w, s->fan_out, value), NULL, ";");
    for (size_t i = 0; i < s->to.n; i++) {
        const char *index = arena_printf(w->out.arena, "%zu", i);

        cw_expr(w, "",
                put_call(w, s->targets.at[i], s->to.at[i],
                         leaf(w, "parts[%s]%s", index, "")),
                NULL, ";");
    }
}

static void
emit_step(struct cwriter *w, const struct pmap *map, const struct pstep *s)
{
    const struct pexpr *value = nested(w, s);
    bool steps;

    w->depth++;
    steps = !is_short(w, s, value);
    w->depth--;
    cw_comment(w, "%s  %s", s->place, s->text);
    cw_line(w, "static void");
    cw_line(w, "%s(struct mr_cx *cx, void *frame)", s->c_name);
    cw_open(w, "%s", "");
    cw_line(w, "struct %s_at *at = frame;", map->c_name);
    emit_locals(w, s, steps);
    cw_blank(w);
    if (s->when != NULL) {
        struct pexpr *holds = arena_alloc(w->out.arena, sizeof *holds);

        holds->kind = PEXPR_CALL;
        holds->text = "mr_holds";
        add_arg(w, holds, leaf(w, "%s%s", "cx", ""));
        add_arg(w, holds, leaf(w, "&%s%s", s->targets.at[0]->c_name, ""));
        add_arg(w, holds, s->when);
        cw_expr(w, "if (!", holds, NULL, ")");
        w->depth++;
        cw_line(w, "return;");
        w->depth--;
    }
    if (steps)
        value = emit_chain(w, s);
    emit_puts(w, s, value);
    cw_close(w, "");
    cw_blank(w);
}

void
emit_rule_tables(struct cwriter *w, const struct pmap *map)
{
    for (size_t i = 0; i < map->steps.n; i++) {
        const struct pstep *s = map->steps.at[i];

        if (s->c_reads != NULL)
            emit_fields(w, map, s->c_reads, s->reads.at, s->reads.n);
        for (size_t k = 0; k < s->targets.n; k++)
            emit_target(w, s->targets.at[k]);
    }
    for (size_t i = 0; i < map->pairs.n; i++)
        if (map->pairs.at[i].c_given != NULL)
            emit_fields(w, map, map->pairs.at[i].c_given,
                        map->pairs.at[i].given.at, map->pairs.at[i].given.n);
}

void
emit_rules(struct cwriter *w, const struct pmap *map)
{
    for (size_t i = 0; i < map->steps.n; i++)
        emit_step(w, map, map->steps.at[i]);
}
