/* SPDX-License-Identifier: Apache-2.0 */
/* Code tables and the functions that maps define themselves. */
#include "emit/parts.h"

#include <string.h>

void
emit_codes_header(struct cwriter *w, const struct plan *plan)
{
    for (size_t i = 0; i < plan->codes.n; i++)
        cw_line(w, "extern const struct mr_codes %s;",
                plan->codes.at[i]->c_name);
}

static void
emit_way(struct cwriter *w, const struct pcodes *c, int to)
{
    static const char *const names[] = { "left", "right" };
    const struct pcodes_way *way = &c->ways[to];
    struct arena *a = w->out.arena;

    if (way->rows.n == 0)
        return;
    cw_open(w, "static const struct mr_code %s_%s[] =", c->c_name, names[to]);
    for (size_t i = 0; i < way->rows.n; i++) {
        const struct pcode *row = &way->rows.at[i];

        cw_row(w);
        cw_row_add(w, "%s", cw_quote(a, row->key));
        cw_row_add(w, "%s", cw_quote(a, row->value));
        cw_row_add(w, "%zu", strlen(row->key));
        cw_row_add(w, "%zu", strlen(row->value));
        cw_row_end(w);
    }
    cw_close(w, ";");
    cw_blank(w);
    emit_slots(w, arena_printf(a, "%s_%s_slots", c->c_name, names[to]),
               &way->lookup);
}

static void
emit_way_fields(struct cwriter *w, const struct pcodes *c, int to)
{
    static const char *const names[] = { "left", "right" };
    struct arena *a = w->out.arena;

    if (c->ways[to].rows.n == 0)
        return;
    cw_open(w, ".%s =", names[to]);
    cw_line(w, ".rows = %s_%s,", c->c_name, names[to]);
    cw_line(w, ".n = %zu,", c->ways[to].rows.n);
    emit_lookup(w, "lookup",
                arena_printf(a, "%s_%s_slots", c->c_name, names[to]),
                &c->ways[to].lookup);
    cw_close(w, ",");
}

static void
emit_table(struct cwriter *w, const struct pcodes *c)
{
    cw_comment(w, "codes %s%s%s", c->name, c->place != NULL ? " from " : "",
               c->place != NULL ? c->place : "");
    emit_way(w, c, PLAN_RIGHT);
    emit_way(w, c, PLAN_LEFT);
    cw_open(w, "const struct mr_codes %s =", c->c_name);
    cw_field_string(w, "name", c->name);
    if (c->context)
        cw_line(w, ".context = true,");
    emit_way_fields(w, c, PLAN_RIGHT);
    emit_way_fields(w, c, PLAN_LEFT);
    cw_close(w, ";");
}

void
emit_codes(struct cwriter *w, const struct plan *plan)
{
    for (size_t i = 0; i < plan->codes.n; i++) {
        cw_blank(w);
        emit_table(w, plan->codes.at[i]);
    }
}

/* --- functions --- */

static const char *
signature(struct cwriter *w, const struct pfunction *f, bool declared)
{
    struct buf b;
    size_t align = strlen(f->c_name) + 1, line = 0;

    buf_init(&b, w->out.arena);
    if (declared) {
        buf_text(&b, "struct mr_val ");
        align += b.n;
    }
    buf_printf(&b, "%s(struct mr_cx *cx", f->c_name);
    for (size_t i = 0; i < f->params.n; i++) {
        size_t n = strlen(f->params.at[i]) + sizeof "struct mr_val ";

        buf_char(&b, ',');
        if (b.n - line + n + 2 > CW_COLUMNS) {
            buf_printf(&b, "\n%*s", (int)align, "");
            line = b.n - align;
        } else {
            buf_char(&b, ' ');
        }
        buf_printf(&b, "struct mr_val %s", f->params.at[i]);
    }
    buf_char(&b, ')');
    return b.at;
}

void
emit_functions_header(struct cwriter *w, const struct plan *plan)
{
    for (size_t i = 0; i < plan->functions.n; i++)
        cw_line(w, "%s;", signature(w, plan->functions.at[i], true));
}

/* Does its body mention this parameter? */
static bool
mentions(const struct pexpr *e, const char *name)
{
    if (e->kind == PEXPR_C && strcmp(e->text, name) == 0)
        return true;
    for (size_t i = 0; i < e->args.n; i++)
        if (mentions(e->args.at[i], name))
            return true;
    return false;
}

static void
emit_function(struct cwriter *w, const struct pfunction *f)
{
    cw_comment(w, "%s", f->place);
    cw_line(w, "struct mr_val");
    cw_line(w, "%s", signature(w, f, false));
    cw_open(w, "%s", "");
    if (!mentions(f->body, "cx"))
        cw_line(w, "(void)cx;");
    for (size_t i = f->missing_stays ? 1 : 0; i < f->params.n; i++)
        if (!mentions(f->body, f->params.at[i]))
            cw_line(w, "(void)%s;", f->params.at[i]);
    if (f->missing_stays) {
        cw_line(w, "if (%s.state == MR_MISSING)", f->params.at[0]);
        w->depth++;
        cw_line(w, "return %s;", f->params.at[0]);
        w->depth--;
    }
    cw_expr(w, "return ", f->body, NULL, ";");
    cw_close(w, "");
}

void
emit_functions(struct cwriter *w, const struct plan *plan)
{
    for (size_t i = 0; i < plan->functions.n; i++) {
        cw_blank(w);
        emit_function(w, plan->functions.at[i]);
    }
}
