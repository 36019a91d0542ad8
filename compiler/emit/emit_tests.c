/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of the maps, compiled in: fill a record, compare another one. */
#include "emit/parts.h"

/* --- fill --- */

static void
fill_record(struct cwriter *w, const struct prow *row, const char *var);

static void
fill_rows(struct cwriter *w, const struct pdatum *d, const char *var)
{
    if (d->rows.n == 0)
        cw_line(w, "%s->%s.state = MR_EMPTY;", var, d->field);
    for (size_t i = 0; i < d->rows.n; i++) {
        cw_open(w, "%s", "");
        cw_line(w, "struct %s *%s =", d->rows.at[i]->shape->c_name,
                d->row_var);
        w->depth++;
        cw_line(w, "mr_row_add(cx, &%s->%s, sizeof *%s);", var, d->field,
                d->row_var);
        w->depth--;
        cw_blank(w);
        cw_line(w, "if (%s == NULL)", d->row_var);
        w->depth++;
        cw_line(w, "return false;");
        w->depth--;
        fill_record(w, d->rows.at[i], d->row_var);
        cw_close(w, "");
    }
}

static void
fill_record(struct cwriter *w, const struct prow *row, const char *var)
{
    for (size_t i = 0; i < row->data.n; i++) {
        const struct pdatum *d = &row->data.at[i];

        if (d->kind == PDATUM_ROWS)
            fill_rows(w, d, var);
        else
            cw_expr(w,
                    arena_printf(w->out.arena, "%s->%s = ", var, d->field),
                    d->value, NULL, ";");
    }
}

static bool
has_rows(const struct prow *row)
{
    for (size_t i = 0; i < row->data.n; i++)
        if (row->data.at[i].kind == PDATUM_ROWS && row->data.at[i].rows.n > 0)
            return true;
    return false;
}

static void
emit_fill(struct cwriter *w, const struct ptest *t)
{
    const char *var = t->map->systems[1 - t->to];

    cw_comment(w, "%s  \"%s\"", t->place, t->title);
    cw_line(w, "static bool");
    cw_line(w, "fill_%s(struct mr_cx *cx, void *from)", t->c_name);
    cw_open(w, "%s", "");
    if (t->from.data.n > 0) {
        cw_line(w, "struct %s *%s = from;", t->from.shape->c_name, var);
        cw_blank(w);
    } else {
        cw_line(w, "(void)from;");
    }
    if (!has_rows(&t->from))
        cw_line(w, "(void)cx;");
    fill_record(w, &t->from, var);
    cw_line(w, "return true;");
    cw_close(w, "");
    cw_blank(w);
}

/* --- compare --- */

static const struct pexpr *
c_text(struct cwriter *w, enum pexpr_kind kind, const char *text)
{
    struct pexpr *e = arena_alloc(w->out.arena, sizeof *e);

    e->kind = kind;
    e->text = text;
    return e;
}

static void
compare_record(struct cwriter *w, const struct prow *row, const char *var);

static void
compare_value(struct cwriter *w, const struct pdatum *d, const char *var)
{
    struct arena *a = w->out.arena;
    struct pexpr *e = arena_alloc(a, sizeof *e);

    e->kind = PEXPR_CALL;
    e->text = "mr_expect";
    vec_push(a, &e->args, c_text(w, PEXPR_C, "check"));
    vec_push(a, &e->args, c_text(w, PEXPR_STRING, d->text));
    vec_push(a, &e->args,
             c_text(w, PEXPR_C,
                    d->field == NULL
                        ? "mr_missing()"
                        : arena_printf(a, "%s->%s", var, d->field)));
    vec_push(a, &e->args, d->value);
    cw_expr(w, "", e, NULL, ";");
}

static void
compare_rows(struct cwriter *w, const struct pdatum *d, const char *var)
{
    struct arena *a = w->out.arena;
    struct pexpr *e = arena_alloc(a, sizeof *e);

    e->kind = PEXPR_CALL;
    e->text = "mr_expect_count";
    vec_push(a, &e->args, c_text(w, PEXPR_C, "check"));
    vec_push(a, &e->args, c_text(w, PEXPR_STRING, d->text));
    vec_push(a, &e->args,
             c_text(w, PEXPR_C,
                    d->field == NULL
                        ? "0"
                        : arena_printf(a, "%s->%s.n", var, d->field)));
    vec_push(a, &e->args,
             c_text(w, PEXPR_C, arena_printf(a, "%zu", d->rows.n)));
    if (d->field == NULL || d->rows.n == 0) {
        cw_expr(w, "", e, NULL, ";");
        return;
    }
    cw_expr(w, "if (", e, NULL, ") {");
    w->depth++;
    for (size_t i = 0; i < d->rows.n; i++) {
        if (d->rows.at[i]->data.n == 0)
            continue;
        cw_open(w, "%s", "");
        cw_line(w, "const struct %s *%s =", d->rows.at[i]->shape->c_name,
                d->row_var);
        w->depth++;
        cw_line(w, "mr_row(&%s->%s, %zu, sizeof *%s);", var, d->field, i,
                d->row_var);
        w->depth--;
        cw_blank(w);
        compare_record(w, d->rows.at[i], d->row_var);
        cw_close(w, "");
    }
    cw_close(w, "");
}

static void
compare_record(struct cwriter *w, const struct prow *row, const char *var)
{
    for (size_t i = 0; i < row->data.n; i++) {
        const struct pdatum *d = &row->data.at[i];

        if (d->kind == PDATUM_ROWS)
            compare_rows(w, d, var);
        else
            compare_value(w, d, var);
    }
}

static bool
has_place(const struct prow *row)
{
    for (size_t i = 0; i < row->data.n; i++)
        if (row->data.at[i].field != NULL)
            return true;
    return false;
}

static void
emit_compare(struct cwriter *w, const struct ptest *t)
{
    const char *var = t->map->systems[t->to];

    if (!t->compares)
        return;
    cw_line(w, "static void");
    cw_line(w, "compare_%s(struct mr_check *check, const void *to)",
            t->c_name);
    cw_open(w, "%s", "");
    if (has_place(&t->expect)) {
        cw_line(w, "const struct %s *%s = to;", t->expect.shape->c_name, var);
        cw_blank(w);
    } else {
        cw_line(w, "(void)to;");
    }
    if (t->expect.data.n == 0)
        cw_line(w, "(void)check;");
    compare_record(w, &t->expect, var);
    cw_close(w, "");
    cw_blank(w);
}

/* --- tables --- */

static void
emit_refs(struct cwriter *w, const struct ptest *t)
{
    struct arena *a = w->out.arena;

    if (t->refs.n == 0)
        return;
    cw_open(w, "static const char *const refs_%s[][3] =", t->c_name);
    for (size_t i = 0; i + 2 < t->refs.n; i += 3) {
        cw_row(w);
        for (size_t k = 0; k < 3; k++)
            cw_row_add(w, "%s", cw_quote(a, t->refs.at[i + k]));
        cw_row_end(w);
    }
    cw_line(w, "{ NULL, NULL, NULL },");
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_test(struct cwriter *w, const struct ptest *t)
{
    emit_fill(w, t);
    emit_compare(w, t);
    emit_refs(w, t);
    cw_open(w, "static const struct mr_test %s =", t->c_name);
    cw_field_string(w, "at", t->place);
    cw_field_string(w, "title", t->title);
    cw_line(w, ".map = &map_%s,", t->map->c_name);
    if (t->to == PLAN_RIGHT)
        cw_line(w, ".to_right = true,");
    cw_line(w, ".fill = fill_%s,", t->c_name);
    if (t->compares)
        cw_line(w, ".compare = compare_%s,", t->c_name);
    cw_line(w, ".outcome = %s,", t->outcome);
    if (t->refs.n > 0)
        cw_line(w, ".refs = refs_%s,", t->c_name);
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_tests(struct cwriter *w, const struct plan *plan)
{
    for (size_t i = 0; i < plan->tests.n; i++)
        emit_test(w, plan->tests.at[i]);
    cw_open(w, "const struct mr_test *const tests[%zu] =", plan->tests.n);
    for (size_t i = 0; i < plan->tests.n; i++)
        cw_line(w, "&%s,", plan->tests.at[i]->c_name);
    cw_close(w, ";");
}
