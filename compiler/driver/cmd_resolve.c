/* SPDX-License-Identifier: Apache-2.0 */
/* mapc resolve: the maps and tables that layers add up to, and who says what. */
#include <stdio.h>
#include <string.h>

#include "driver/commands.h"
#include "sema/layers.h"
#include "syntax/fmt_parts.h"
#include "syntax/write.h"

struct resolve {
    struct session *session;
    const struct tlayers *layers;
    struct fmt_out out;
    const char *name;           /* of the map or table at work */
};

static const char *
place(struct resolve *r, struct span at)
{
    struct place p = source_place(r->session->sources, at);

    return arena_printf(r->session->arena, "%s:%u", p.file, p.line);
}

/* "partner partner.map:5" */
static const char *
origin(struct resolve *r, struct span at)
{
    const struct source *s = source_get(r->session->sources, at);

    for (size_t i = 0; i < r->layers->files.n; i++) {
        const struct tfile *f = &r->layers->files.at[i];

        if (f->ast->source == s)
            return arena_printf(r->session->arena, "%s %s",
                                layer_name(f->rank), place(r, at));
    }
    return place(r, at);
}

static const char *
remark_of(void *context, const struct map_item *item)
{
    struct resolve *r = context;
    struct buf b;

    buf_init(&b, r->session->arena);
    buf_printf(&b, "-- %s", origin(r, item->at));
    if (item->instead.file != 0)
        buf_printf(&b, ", instead of %s", origin(r, item->instead));
    if (item->tightened.file != 0)
        buf_printf(&b, ", tightened %s", origin(r, item->tightened));
    return b.at;
}

/* --- what was taken out --- */

static const char *
left_text(struct resolve *r, const struct tcode *row)
{
    struct buf b;

    buf_init(&b, r->session->arena);
    if (row->context != NULL) {
        write_text(&b, row->context);
        buf_text(&b, " : ");
    }
    write_text(&b, row->left);
    return b.at;
}

static const char *
right_text(struct resolve *r, const struct tcode *row)
{
    struct buf b;

    buf_init(&b, r->session->arena);
    write_text(&b, row->right);
    return b.at;
}

static void
put_removed(struct resolve *r)
{
    for (size_t i = 0; i < r->layers->removed.n; i++) {
        const struct tremoved *t = &r->layers->removed.at[i];

        if (t->from != r->name)
            continue;
        if (t->item != NULL)
            fmt_cellf(&r->out, "-- gone: %s",
                      fmt_line_of(r->session->arena, t->item));
        else
            fmt_cellf(&r->out, "-- gone: %s %s %s", left_text(r, &t->row),
                      arrow_text(t->row.arrow), right_text(r, &t->row));
        r->out.remark = arena_printf(
            r->session->arena, "-- %s, by %s",
            origin(r, t->item != NULL ? t->item->at : t->row.at),
            origin(r, t->at));
        fmt_end(&r->out, 0);
    }
}

/* --- the program --- */

static void
put_map(struct resolve *r, const struct map *map)
{
    r->name = map->name.text;
    r->out.blank = true;
    r->out.remark = arena_printf(r->session->arena, "-- %s",
                                 origin(r, map->name.at));
    fmt_map(&r->out, map);
    put_removed(r);
}

static void
put_table(struct resolve *r, const struct tcodes *t)
{
    struct fmt_out *o = &r->out;

    r->name = t->name;
    o->blank = true;
    o->remark = arena_printf(r->session->arena, "-- %s", origin(r, t->at));
    unsigned outer = fmt_open(
        o, arena_printf(r->session->arena, "codes %s%s", t->name,
                        t->final ? " final" : ""), 0);
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct tcode *row = &t->rows.at[i];

        fmt_cell(o, left_text(r, row));
        fmt_cellf(o, "%s%s", row->arrow == ARROW_RIGHT ? " " : "",
                  arrow_text(row->arrow));
        fmt_cell(o, right_text(r, row));
        if (row->at.file != 0)
            o->remark = arena_printf(r->session->arena, "-- %s",
                                     origin(r, row->at));
        else
            o->remark = arena_printf(r->session->arena, "-- %s", t->file);
        fmt_end(o, 0);
    }
    if (t->fate.kind != FATE_NONE) {
        struct buf b;

        buf_init(&b, r->session->arena);
        write_fate(&b, &t->fate);
        fmt_cell(o, b.at);
        fmt_end(o, 0);
    }
    fmt_close(o, outer, 0);
    put_removed(r);
}

static void
put_system(struct resolve *r, const struct tsystem *s)
{
    struct buf b;

    if (s->ast == NULL || s->ast->schema == NULL)
        return;
    buf_init(&b, r->session->arena);
    buf_printf(&b, "system %s : %s ", s->name, s->ast->protocol.text);
    write_text(&b, s->ast->schema);
    fmt_cell(&r->out, b.at);
    r->out.remark = arena_printf(r->session->arena, "-- %s",
                                 origin(r, s->ast->schema_at));
    fmt_end(&r->out, 0);
}

static void
put_program(struct session *s, const struct tprogram *p)
{
    struct resolve r = { .session = s, .layers = &p->layers };
    size_t n;

    fmt_init(&r.out, s->arena, NULL);
    r.out.remark_of = remark_of;
    r.out.context = &r;
    for (size_t i = 0; i < p->systems.n; i++)
        put_system(&r, p->systems.at[i]);
    for (size_t i = 0; i < r.layers->maps.n; i++)
        put_map(&r, r.layers->maps.at[i]);
    for (size_t i = 0; i < r.layers->tables.n; i++)
        put_table(&r, r.layers->tables.at[i]);
    const char *text = fmt_done(&r.out, &n);
    fwrite(text, 1, n, stdout);
}

enum mapc_exit
command_resolve(struct session *s, int argc, char **argv)
{
    struct option options[SESSION_OPTIONS];

    session_options(s, options);
    if (!options_parse(s->arena, "resolve", argc, argv, options,
                       SESSION_OPTIONS, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc resolve [OPTION…] FILE\n\nPrints the maps and code "
             "tables that packages and layers add up to. Behind\neach line "
             "stands the layer, file and line that it comes from.\n");
        options_help(options, SESSION_OPTIONS);
        return MAPC_OK;
    }
    if (!session_ready(s, "resolve"))
        return MAPC_USAGE;
    if (s->files.n != 1) {
        fputs("mapc resolve: which file? One at a time\n", stderr);
        return MAPC_USAGE;
    }
    struct tprogram *program = session_check(s, s->files.at[0]);
    if (diags_errors(s->diags) == 0)
        put_program(s, program);
    return session_report(s, stderr);
}
