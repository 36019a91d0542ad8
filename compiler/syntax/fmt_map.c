/* SPDX-License-Identifier: Apache-2.0 */
/* Maps: rules in columns, groups and lists in blocks of their own. */
#include "syntax/fmt_parts.h"

#include <stdlib.h>
#include <string.h>

#include "syntax/write.h"

static void put_items(struct fmt_out *o, const item_vec *items);

static struct buf
text_buf(struct fmt_out *o)
{
    struct buf b;

    buf_init(&b, o->arena);
    return b;
}

unsigned
fmt_open(struct fmt_out *o, const char *head, uint32_t from)
{
    fmt_cellf(o, "%s {", head);
    fmt_end(o, fmt_behind_brace(o, from));
    return fmt_enter(o);
}

void
fmt_close(struct fmt_out *o, unsigned outer, uint32_t to)
{
    fmt_leave(o, outer, to - 1);
    fmt_cell(o, "}");
    fmt_end(o, to);
}

/* The arrows stand so that their points do: `<->`, ` ->`, `<- `. */
static const char *
arrow_cell(enum arrow a)
{
    return a == ARROW_RIGHT ? " ->" : arrow_text(a);
}

static const char *
side_text(struct fmt_out *o, const struct expr *e, bool guard)
{
    struct buf b = text_buf(o);

    write_guarded(&b, e, guard);
    return b.at;
}

/* A line that starts with a minus would continue the line before it. */
static const char *
left_text(struct fmt_out *o, const struct expr *e)
{
    const char *s = side_text(o, e, false);

    return s[0] == '-' ? arena_printf(o->arena, "(%s)", s) : s;
}

/* `guard`: the next line starts with an `else` of the map. */
static void
put_rule(struct fmt_out *o, const struct map_item *i, bool guard)
{
    const struct rule *r = i->u.rule;
    struct buf chain = text_buf(o), modifiers = text_buf(o);
    const char *key = i->kind == ITEM_KEY ? "key " : "";
    bool else_follows = guard || r->fate.kind == FATE_VALUE;

    fmt_cellf(o, "%s%s", key,
              i->kind == ITEM_KEY ? side_text(o, r->left, false)
                                  : left_text(o, r->left));
    fmt_cell(o, arrow_cell(r->arrow));
    fmt_cell(o, side_text(o, r->right, else_follows));
    if (r->chain.n > 0)
        buf_text(&chain, ": ");
    write_chain(&chain, r->chain.at, r->chain.n);
    fmt_cell(o, chain.at);
    write_modifiers(&modifiers, r, guard);
    fmt_cell(o, modifiers.at);
    fmt_end(o, i->at.to);
}

static void
write_ways(struct buf *b, const struct ways *w)
{
    if (w->both || w->none)
        buf_text(b, w->both ? "both" : "none");
    else
        buf_printf(b, "%s -> %s", w->from.text, w->to.text);
}

static void
write_where(struct buf *b, const struct map_item *i, bool guard)
{
    static const char *const leave[] = {
        [LEAVE_NONE] = "", [LEAVE_UNLINK] = "  leave unlink",
        [LEAVE_DELETE] = "  leave delete", [LEAVE_KEEP] = "  leave keep"
    };

    buf_text(b, "where ");
    write_guarded(b, i->u.where.test, guard);
    buf_text(b, leave[i->u.where.leave]);
}

static void
write_delete(struct buf *b, const struct map_item *i, bool guard)
{
    buf_text(b, "delete ");
    write_ways(b, &i->u.delete_.ways);
    if (i->u.delete_.set != NULL) {
        buf_text(b, " : set ");
        write_expr(b, i->u.delete_.set);
        buf_text(b, " = ");
        write_guarded(b, i->u.delete_.value, guard);
    } else if (!i->u.delete_.ways.none) {
        buf_text(b, " : remove");
    }
}

static void
write_messages(struct buf *b, const struct messages *m)
{
    buf_text(b, "messages from ");
    write_expr(b, m->list);
    for (size_t k = 0; k < m->parts.n; k++) {
        buf_printf(b, "  %s ", m->parts.at[k].what.text);
        write_label(b, m->parts.at[k].field.text);
        if (m->parts.at[k].in != NULL) {
            buf_text(b, " in ");
            write_expr(b, m->parts.at[k].in);
        }
        if (m->parts.at[k].codes.text != NULL)
            buf_printf(b, " : codes %s", m->parts.at[k].codes.text);
    }
}

static void
put_group(struct fmt_out *o, const struct map_item *i)
{
    const struct group *g = i->u.group;
    struct buf b = text_buf(o);

    buf_printf(&b, "group %s", g->name.text);
    if (g->policy.kind != POLICY_NONE) {
        buf_char(&b, ' ');
        write_policy(&b, &g->policy, false);
    }
    unsigned outer = fmt_open(o, b.at, i->at.from);
    put_items(o, &g->items);
    fmt_close(o, outer, i->at.to);
}

/* --- lists --- */

typedef VEC(const char *) text_vec;

static const char *
match_text(struct fmt_out *o, const struct each *e)
{
    struct buf b = text_buf(o);

    for (size_t k = 0; k < e->match.n; k++) {
        const struct rule *r = e->match.at[k];

        buf_text(&b, k == 0 ? "match " : ", ");
        write_expr(&b, r->left);
        buf_printf(&b, " %s ", arrow_text(r->arrow));
        write_expr(&b, r->right);
        buf_text(&b, r->chain.n > 0 ? " : " : "");
        write_chain(&b, r->chain.at, r->chain.n);
    }
    return b.at;
}

/* What stands between `each` and the brace, part by part. */
static text_vec
each_parts(struct fmt_out *o, const struct each *e)
{
    text_vec parts = { NULL, 0, 0 };
    struct buf b = text_buf(o);

    buf_text(&b, "each ");
    write_expr(&b, e->left);
    if (e->right != NULL) {
        buf_printf(&b, " %s ", arrow_text(e->arrow));
        write_expr(&b, e->right);
    }
    vec_push(o->arena, &parts, b.at);
    if (e->match.n > 0)
        vec_push(o->arena, &parts, match_text(o, e));
    if (e->by_position)
        vec_push(o->arena, &parts, "by position");
    if (e->where.n > 0) {
        b = text_buf(o);
        buf_text(&b, "where ");
        write_exprs(&b, (const struct expr *const *)e->where.at, e->where.n);
        vec_push(o->arena, &parts, b.at);
    }
    return parts;
}

/* On one line where it fits, else each part on a line of its own. */
static void
put_each(struct fmt_out *o, const struct map_item *i)
{
    text_vec parts = each_parts(o, i->u.each);
    size_t width = 2 * o->indent + 2;
    struct buf head = text_buf(o);
    uint32_t brace = fmt_behind_brace(o, i->at.from);

    for (size_t k = 0; k < parts.n; k++)
        width += fmt_width(parts.at[k]) + 2;
    if (width > FMT_WIDTH && parts.n > 1) {
        fmt_gather(o, brace - 1);
        for (size_t k = 0; k + 1 < parts.n; k++) {
            fmt_cell(o, parts.at[k]);
            fmt_break(o);
            o->indent += k == 0 ? 2 : 0;
        }
        fmt_cellf(o, "%s {", parts.at[parts.n - 1]);
        fmt_end(o, brace);
        o->indent -= 2;
    } else {
        for (size_t k = 0; k < parts.n; k++)
            buf_printf(&head, "%s%s", k > 0 ? "  " : "", parts.at[k]);
        fmt_cellf(o, "%s {", head.at);
        fmt_end(o, brace);
    }

    unsigned outer = fmt_enter(o);
    put_items(o, &i->u.each->items);
    fmt_close(o, outer, i->at.to);
}

/* --- all items --- */

static void
put_line_item(struct fmt_out *o, const struct map_item *i, bool guard)
{
    struct buf b = text_buf(o);

    switch (i->kind) {
    case ITEM_IGNORE:
        buf_text(&b, "ignore ");
        write_expr(&b, i->u.ignore);
        break;
    case ITEM_WHERE:
        write_where(&b, i, guard);
        break;
    case ITEM_CREATE:
        buf_text(&b, "create ");
        write_ways(&b, &i->u.create);
        break;
    case ITEM_DELETE:
        write_delete(&b, i, guard);
        break;
    case ITEM_OWNER:
        write_policy(&b, &i->u.owner, true);
        break;
    case ITEM_ELSE:
        write_fate(&b, &i->u.fate);
        break;
    case ITEM_MESSAGES:
        write_messages(&b, i->u.messages);
        break;
    case ITEM_FINAL:
        buf_text(&b, "final");
        break;
    case ITEM_KEY:
    case ITEM_RULE:
    case ITEM_GROUP:
    case ITEM_EACH:
        break;
    }
    fmt_cell(o, b.at);
    fmt_end(o, i->at.to);
}

static void
put_item(struct fmt_out *o, const struct map_item *i, bool guard)
{
    if (i->kind == ITEM_KEY || i->kind == ITEM_RULE)
        put_rule(o, i, guard);
    else if (i->kind == ITEM_GROUP)
        put_group(o, i);
    else if (i->kind == ITEM_EACH)
        put_each(o, i);
    else
        put_line_item(o, i, guard);
}

void
fmt_item(struct fmt_out *o, const struct map_item *i)
{
    put_item(o, i, false);
}

const char *
fmt_line_of(struct arena *a, const struct map_item *i)
{
    struct fmt_out o;
    struct buf b;

    fmt_init(&o, a, NULL);
    put_item(&o, i, false);
    buf_init(&b, a);
    for (size_t k = 0; k < o.lines.n; k++) {
        const struct fmt_line *l = &o.lines.at[k];

        for (size_t c = 0; c < l->n; c++)
            if (l->cell[c][0] != '\0')
                buf_printf(&b, "%s%s", b.n > 0 ? " " : "",
                           l->cell[c] + strspn(l->cell[c], " "));
        if (b.n > 1 && b.at[b.n - 1] == '{') {
            b.n -= 2;
            b.at[b.n] = '\0';
            break;
        }
    }
    return b.at;
}

static void
put_items(struct fmt_out *o, const item_vec *items)
{
    for (size_t k = 0; k < items->n; k++) {
        const struct map_item *next =
            k + 1 < items->n ? items->at[k + 1] : NULL;

        fmt_start(o, items->at[k]->at.from);
        if (o->remark_of != NULL)
            o->remark = o->remark_of(o->context, items->at[k]);
        put_item(o, items->at[k], next != NULL && next->kind == ITEM_ELSE &&
                                      next->u.fate.kind == FATE_VALUE);
    }
}

void
fmt_map(struct fmt_out *o, const struct map *m)
{
    struct buf b = text_buf(o);

    buf_printf(&b, "map %s between ", m->name.text);
    write_expr(&b, m->left);
    buf_text(&b, " and ");
    write_expr(&b, m->right);
    unsigned outer = fmt_open(o, b.at, m->at.from);
    put_items(o, &m->items);
    fmt_close(o, outer, m->at.to);
}

static void
put_call_block(struct fmt_out *o, const char *what, struct span at,
               const item_vec *items)
{
    fmt_start(o, at.from);
    unsigned outer = fmt_open(o, what, at.from);
    put_items(o, items);
    fmt_close(o, outer, at.to);
}

static void
put_call_line(struct fmt_out *o, const char *text, struct span at)
{
    fmt_start(o, at.from);
    fmt_cell(o, text);
    fmt_end(o, at.to);
}

/* A part of a call: a block, or a line of this text. */
struct call_part {
    struct span at;
    const char *text;
    const item_vec *items;      /* NULL: a line */
};

enum { CALL_PARTS = 7 };

static int
by_place(const void *a, const void *b)
{
    const struct call_part *x = a, *y = b;

    return x->at.from < y->at.from ? -1 : x->at.from > y->at.from;
}

/* again for "order", "quotation" */
static const char *
again_text(struct fmt_out *o, const struct call_item *c)
{
    struct buf b = text_buf(o);

    buf_text(&b, "again");
    for (size_t i = 0; i < c->again.types.n; i++) {
        buf_text(&b, i == 0 ? " for " : ", ");
        write_text(&b, c->again.types.at[i]);
    }
    return b.at;
}

/* content erp.Pdf type "application/pdf" at most 20 MB */
static const char *
content_text(struct fmt_out *o, const struct call_item *c)
{
    struct buf b = text_buf(o);

    buf_text(&b, "content ");
    write_expr(&b, c->content.path.from);
    if (c->content.path.to != NULL) {
        buf_text(&b, " -> ");
        write_expr(&b, c->content.path.to);
    }
    for (size_t i = 0; i < c->content.types.n; i++) {
        buf_text(&b, i == 0 ? " type " : ", ");
        write_text(&b, c->content.types.at[i]);
    }
    buf_printf(&b, " at most %s %s", c->content.most.number,
               c->content.most.unit.text);
    return b.at;
}

static const char *
once_text(struct fmt_out *o, const struct call_item *c)
{
    struct buf b = text_buf(o);

    for (size_t i = 0; i < c->once.per.n; i++) {
        buf_text(&b, i == 0 ? "effect once per " : ", ");
        write_expr(&b, c->once.per.at[i]);
    }
    buf_printf(&b, " found by %s", c->once.found.text);
    return b.at;
}

static size_t
call_parts(struct fmt_out *o, const struct call_item *c,
           struct call_part parts[CALL_PARTS])
{
    size_t n = 0;

    if (c->request.there)
        parts[n++] = (struct call_part){ c->request.at, "request",
                                         &c->request.items };
    if (c->response.there)
        parts[n++] = (struct call_part){ c->response.at, "response",
                                         &c->response.items };
    if (c->once.there)
        parts[n++] = (struct call_part){ c->effect_at, once_text(o, c), NULL };
    else if (c->no_effect)
        parts[n++] = (struct call_part){ c->effect_at, "effect none", NULL };
    if (c->cache.number != NULL)
        parts[n++] = (struct call_part){
            c->cache_at, arena_printf(o->arena, "cache %s %s",
                                      c->cache.number, c->cache.unit.text),
            NULL
        };
    if (c->last_known)
        parts[n++] = (struct call_part){ c->last_known_at, "else last known",
                                         NULL };
    if (c->again.there)
        parts[n++] = (struct call_part){ c->again.at, again_text(o, c), NULL };
    if (c->content.there)
        parts[n++] = (struct call_part){ c->content.at, content_text(o, c),
                                         NULL };
    return n;
}

/* The parts in the order of the source. */
void
fmt_call(struct fmt_out *o, const struct call_item *c)
{
    struct buf b = text_buf(o);
    struct call_part parts[CALL_PARTS];
    size_t n = call_parts(o, c, parts);

    qsort(parts, n, sizeof parts[0], by_place);
    buf_printf(&b, "%s %s from ", call_word(c->kind), c->name.text);
    write_expr(&b, c->left);
    buf_text(&b, " to ");
    write_expr(&b, c->right);
    if (c->within.number != NULL)
        buf_printf(&b, " within %s %s", c->within.number,
                   c->within.unit.text);
    unsigned outer = fmt_open(o, b.at, c->at.from);
    for (size_t i = 0; i < n; i++)
        if (parts[i].items != NULL)
            put_call_block(o, parts[i].text, parts[i].at, parts[i].items);
        else
            put_call_line(o, parts[i].text, parts[i].at);
    fmt_close(o, outer, c->at.to);
}
