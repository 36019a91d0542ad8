/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter: the items of a file. */
#include "syntax/fmt.h"

#include "syntax/fmt_parts.h"
#include "syntax/write.h"

static struct buf
text_buf(struct fmt_out *o)
{
    struct buf b;

    buf_init(&b, o->arena);
    return b;
}

static const char *
quoted(struct fmt_out *o, const char *text)
{
    struct buf b = text_buf(o);

    write_text(&b, text);
    return b.at;
}

/* --- systems --- */

static void
put_option(struct fmt_out *o, const struct system_option *s)
{
    struct buf b = text_buf(o);

    switch (s->kind) {
    case SYSTEM_BYTES:
        buf_printf(&b, "bytes %s : ", s->number);
        break;
    case SYSTEM_PERSONAL:
        buf_text(&b, "personal ");
        break;
    case SYSTEM_CONTROL:
        buf_printf(&b, "control %s = ", s->control.text);
        write_text(&b, s->value);
        if (s->changed.text != NULL)
            buf_printf(&b, " for changed %s", s->changed.text);
        break;
    }
    write_exprs(&b, (const struct expr *const *)s->fields.at, s->fields.n);
    fmt_start(o, s->at.from);
    fmt_cell(o, b.at);
    fmt_end(o, s->at.to);
}

static void
put_system(struct fmt_out *o, const struct system_item *s)
{
    bool block = o->file->source->bytes[s->at.to - 1] == '}';

    fmt_cellf(o, "system %s", s->name.text);
    fmt_cell(o, s->title != NULL ? quoted(o, s->title) : "");
    fmt_cellf(o, ": %s", s->protocol.text);
    fmt_cellf(o, "%s%s", quoted(o, s->schema), block ? " {" : "");
    if (!block) {
        fmt_end(o, s->at.to);
        return;
    }
    fmt_end(o, fmt_behind_brace(o, s->at.from));
    unsigned outer = fmt_enter(o);
    for (size_t i = 0; i < s->options.n; i++)
        put_option(o, s->options.at[i]);
    fmt_close(o, outer, s->at.to);
}

static void
put_schema(struct fmt_out *o, const struct system_item *s)
{
    fmt_start_behind_word(o, s->schema_at.from);
    fmt_cellf(o, "schema %s", quoted(o, s->schema));
    fmt_end(o, s->schema_at.to);
}

/* The schema and the options in the order of the source. */
void
fmt_extend_system(struct fmt_out *o, const struct system_item *s)
{
    bool schema = s->schema != NULL;
    unsigned outer = fmt_open(
        o, arena_printf(o->arena, "extend system %s", s->name.text),
        s->name.at.from);

    for (size_t i = 0; i < s->options.n; i++) {
        if (schema && s->schema_at.from < s->options.at[i]->at.from) {
            put_schema(o, s);
            schema = false;
        }
        put_option(o, s->options.at[i]);
    }
    if (schema)
        put_schema(o, s);
    fmt_close(o, outer, s->at.to);
}

/* --- code tables --- */

void
fmt_codes_row(struct fmt_out *o, const struct codes_row *r, uint32_t to)
{
    struct buf b = text_buf(o);

    if (r->context != NULL) {
        write_expr(&b, r->context);
        buf_text(&b, " : ");
    }
    write_expr(&b, r->left);
    fmt_cell(o, b.at);
    fmt_cellf(o, "%s%s", r->arrow == ARROW_RIGHT ? " " : "",
              arrow_text(r->arrow));
    b = text_buf(o);
    write_expr(&b, r->right);
    fmt_cell(o, b.at);
    fmt_end(o, to);
}

static void
put_codes_fate(struct fmt_out *o, const struct fate *f)
{
    struct buf b = text_buf(o);

    write_fate(&b, f);
    fmt_start(o, f->at.from);
    fmt_cell(o, b.at);
    fmt_end(o, f->at.to);
}

static void
put_codes(struct fmt_out *o, const struct codes_item *c)
{
    struct buf b = text_buf(o);
    bool fate = c->fate.kind != FATE_NONE;

    buf_printf(&b, "codes %s", c->name.text);
    if (c->left.text != NULL)
        buf_printf(&b, " between %s and %s", c->left.text, c->right.text);
    buf_text(&b, c->final ? " final" : "");
    if (c->file != NULL) {
        fmt_cell(o, b.at);
        fmt_cellf(o, "from %s", quoted(o, c->file));
        fmt_end(o, c->at.to);
        return;
    }
    unsigned outer = fmt_open(o, b.at, c->at.from);
    for (size_t i = 0; i < c->rows.n; i++) {
        if (fate && c->fate.at.from < c->rows.at[i]->at.from) {
            put_codes_fate(o, &c->fate);
            fate = false;
        }
        fmt_start(o, c->rows.at[i]->at.from);
        fmt_codes_row(o, c->rows.at[i], c->rows.at[i]->at.to);
    }
    if (fate)
        put_codes_fate(o, &c->fate);
    fmt_close(o, outer, c->at.to);
}

/* --- conversions and functions --- */

static void
write_params(struct buf *b, const param_vec *params, bool always)
{
    if (params->n == 0 && !always)
        return;
    buf_char(b, '(');
    for (size_t i = 0; i < params->n; i++)
        buf_printf(b, "%s%s %s", i > 0 ? ", " : "",
                   params->at[i].name.text, params->at[i].type.text);
    buf_char(b, ')');
}

static const char *
body_text(struct fmt_out *o, const char *arrow, const struct expr *e)
{
    struct buf b = text_buf(o);

    if (e != NULL) {
        buf_printf(&b, "%s ", arrow);
        write_expr(&b, e);
    }
    return b.at;
}

static void
put_body(struct fmt_out *o, const char *text, const struct expr *e)
{
    if (e == NULL)
        return;
    fmt_start_behind_word(o, e->at.from);
    fmt_cell(o, text);
    fmt_end(o, e->at.to);
}

static void
put_convert(struct fmt_out *o, const struct convert_item *c)
{
    const char *there = body_text(o, "->", c->forward);
    const char *back = body_text(o, "<-", c->backward);
    struct buf b = text_buf(o);

    buf_printf(&b, "convert %s", c->name.text);
    write_params(&b, &c->params, false);
    buf_printf(&b, " %s %s %s", c->left.text, arrow_text(c->arrow),
               c->right.text);
    if (!fmt_has_line_end(o, c->at) &&
        fmt_width(b.at) + fmt_width(there) + fmt_width(back) + 6 <= FMT_WIDTH) {
        const char *gap = c->forward && c->backward ? "  " : "";

        fmt_cellf(o, "%s { %s%s%s }", b.at, there, gap, back);
        fmt_end(o, c->at.to);
        return;
    }
    unsigned outer = fmt_open(o, b.at, c->at.from);
    put_body(o, there, c->forward);
    put_body(o, back, c->backward);
    fmt_close(o, outer, c->at.to);
}

static void
put_function(struct fmt_out *o, const struct function_item *f)
{
    struct buf b = text_buf(o);

    buf_printf(&b, "function %s", f->name.text);
    write_params(&b, &f->params, true);
    buf_printf(&b, " %s = ", f->result.text);
    write_expr(&b, f->body);
    fmt_cell(o, b.at);
    fmt_end(o, f->at.to);
}

/* --- deployments --- */

struct cursor {
    size_t scenario, file, option;
};

/* The scenarios of one `use` line: those on one line of the source. */
static void
put_scenarios(struct fmt_out *o, const struct deployment_item *d,
              struct cursor *c)
{
    size_t i = c->scenario;
    uint32_t to = d->scenarios.at[i].at.to;
    struct buf b = text_buf(o);

    fmt_start_behind_word(o, d->scenarios.at[i].at.from);
    buf_printf(&b, "use %s", d->scenarios.at[i].text);
    while (++i < d->scenarios.n) {
        struct span next = d->scenarios.at[i].at;

        if (fmt_has_line_end(o, (struct span){ next.file, to, next.from }))
            break;
        buf_printf(&b, ", %s", d->scenarios.at[i].text);
        to = next.to;
    }
    c->scenario = i;
    fmt_cell(o, b.at);
    fmt_end(o, to);
}

static void
put_file(struct fmt_out *o, const struct use_item *u)
{
    fmt_start(o, u->at.from);
    fmt_cellf(o, "use %s", quoted(o, u->path));
    fmt_end(o, u->at.to);
}

static void
put_deployment_option(struct fmt_out *o, const struct deployment_option *p)
{
    fmt_start_behind_word(o, p->name.at.from);
    fmt_cellf(o, "option %s = %s", p->name.text, p->value.text);
    fmt_end(o, p->value.at.to);
}

/* The three lists in the order of the source. */
static void
put_deployment(struct fmt_out *o, const struct deployment_item *d)
{
    struct cursor c = { 0, 0, 0 };
    unsigned outer = fmt_open(
        o, arena_printf(o->arena, "deployment %s", d->name.text), d->at.from);

    for (;;) {
        uint32_t s = c.scenario < d->scenarios.n
                         ? d->scenarios.at[c.scenario].at.from : UINT32_MAX;
        uint32_t f = c.file < d->files.n ? d->files.at[c.file]->at.from
                                         : UINT32_MAX;
        uint32_t p = c.option < d->options.n
                         ? d->options.at[c.option].name.at.from : UINT32_MAX;

        if (s < f && s < p)
            put_scenarios(o, d, &c);
        else if (f < p)
            put_file(o, d->files.at[c.file++]);
        else if (p < UINT32_MAX)
            put_deployment_option(o, &d->options.at[c.option++]);
        else
            break;
    }
    fmt_close(o, outer, d->at.to);
}

/* --- replication --- */

static void
write_period(struct buf *b, const char *what, const struct period *d)
{
    if (d->number != NULL)
        buf_printf(b, "%s%s %s %s", b->n > 0 ? " " : "", what, d->number,
                   d->unit.text);
}

/* `width`: of the longest name before an arrow. */
static void
put_flow(struct fmt_out *o, const struct replicate_flow *f, size_t width)
{
    struct buf when = text_buf(o), rest = text_buf(o), how = text_buf(o);

    if (f->message)
        buf_text(&when, "on message");
    write_period(&when, "every", &f->every);
    if (f->changed.text != NULL) {
        buf_text(&how, "changed ");
        write_label(&how, f->changed.text);
    }
    write_period(&rest, "overlap", &f->overlap);
    write_period(&rest, "sweep every", &f->sweep);
    fmt_start(o, f->at.from);
    fmt_cellf(o, "%-*s -> %s", (int)width, f->from.text, f->to.text);
    fmt_cell(o, when.at);
    fmt_cell(o, how.n > 0 ? how.at : "");
    fmt_cell(o, rest.n > 0 ? rest.at : "");
    fmt_end(o, f->at.to);
}

static void
put_guard(struct fmt_out *o, const struct guard *g)
{
    struct buf b = text_buf(o);

    buf_text(&b, "guard at most ");
    if (g->percent != NULL)
        buf_printf(&b, "%s%%%s", g->percent, g->deletes ? " or " : "");
    if (g->deletes != NULL)
        buf_printf(&b, "%s deletes", g->deletes);
    fmt_start(o, g->at.from);
    fmt_cell(o, b.at);
    fmt_end(o, g->at.to);
}

static void
put_replicate(struct fmt_out *o, const struct replicate_item *r)
{
    bool guard = r->guard.percent != NULL || r->guard.deletes != NULL;
    unsigned outer = fmt_open(
        o, arena_printf(o->arena, "replicate %s", r->map.text), r->at.from);
    size_t width = 0;

    for (size_t i = 0; i < r->flows.n; i++)
        if (fmt_width(r->flows.at[i]->from.text) > width)
            width = fmt_width(r->flows.at[i]->from.text);
    for (size_t i = 0; i < r->flows.n; i++) {
        if (guard && r->guard.at.from < r->flows.at[i]->at.from) {
            put_guard(o, &r->guard);
            guard = false;
        }
        put_flow(o, r->flows.at[i], width);
    }
    if (guard)
        put_guard(o, &r->guard);
    fmt_close(o, outer, r->at.to);
}

/* --- all items --- */

static void
put_one_line(struct fmt_out *o, const struct file_item *i)
{
    switch (i->kind) {
    case FILE_LANGUAGE:
        fmt_cellf(o, "language %s", i->u.language->version);
        break;
    case FILE_SCENARIO:
        fmt_cellf(o, "scenario %s", i->u.scenario->name.text);
        if (i->u.scenario->title != NULL)
            fmt_cell(o, quoted(o, i->u.scenario->title));
        break;
    case FILE_USE:
        fmt_cellf(o, "use %s", quoted(o, i->u.use->path));
        break;
    case FILE_PACKAGE:
        fmt_cellf(o, "package %s version %s", i->u.package->name.text,
                  quoted(o, i->u.package->version));
        break;
    case FILE_LAYER:
        fmt_cellf(o, "layer %s", i->u.layer->name.text);
        break;
    case FILE_SYSTEM:
    case FILE_MAP:
    case FILE_CODES:
    case FILE_CONVERT:
    case FILE_FUNCTION:
    case FILE_TEST:
    case FILE_DEPLOYMENT:
    case FILE_REPLICATE:
    case FILE_CALL:
    case FILE_EXTEND:
        break;
    }
    fmt_end(o, i->at.to);
}

static void
put_item(struct fmt_out *o, const struct file_item *i)
{
    switch (i->kind) {
    case FILE_LANGUAGE:
    case FILE_SCENARIO:
    case FILE_USE:
    case FILE_PACKAGE:
    case FILE_LAYER:
        put_one_line(o, i);
        break;
    case FILE_SYSTEM:
        put_system(o, i->u.system);
        break;
    case FILE_MAP:
        fmt_map(o, i->u.map);
        break;
    case FILE_CODES:
        put_codes(o, i->u.codes);
        break;
    case FILE_CONVERT:
        put_convert(o, i->u.convert);
        break;
    case FILE_FUNCTION:
        put_function(o, i->u.function);
        break;
    case FILE_TEST:
        fmt_test(o, i->u.test);
        break;
    case FILE_DEPLOYMENT:
        put_deployment(o, i->u.deployment);
        break;
    case FILE_REPLICATE:
        put_replicate(o, i->u.replicate);
        break;
    case FILE_CALL:
        fmt_call(o, i->u.call);
        break;
    case FILE_EXTEND:
        fmt_extend(o, i->u.extend);
        break;
    }
}

const char *
fmt_item_text(struct arena *a, const struct file_item *i)
{
    struct fmt_out o;
    size_t n;

    fmt_init(&o, a, NULL);
    put_item(&o, i);
    return fmt_done(&o, &n);
}

/* Neighbours of one kind share their columns. */
char *
fmt_file(struct arena *a, const struct file *f, size_t *n)
{
    struct fmt_out o;

    fmt_init(&o, a, f);
    for (size_t i = 0; i < f->items.n; i++) {
        if (i > 0 && f->items.at[i].kind != f->items.at[i - 1].kind)
            o.block = o.blocks++;
        fmt_start(&o, f->items.at[i].at.from);
        put_item(&o, &f->items.at[i]);
    }
    return fmt_done(&o, n);
}
