/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter: what layers change. */
#include "syntax/fmt_parts.h"

#include "syntax/write.h"

static struct buf
text_buf(struct fmt_out *o)
{
    struct buf b;

    buf_init(&b, o->arena);
    return b;
}

static void
put_tighten(struct fmt_out *o, const struct change *c)
{
    struct buf b = text_buf(o);

    buf_text(&b, "tighten ");
    write_expr(&b, c->path);
    buf_text(&b, c->checks.n > 0 ? " : " : "");
    write_chain(&b, c->checks.at, c->checks.n);
    buf_text(&b, c->personal ? "  personal" : "");
    if (c->fate.kind != FATE_NONE) {
        buf_text(&b, "  ");
        write_fate(&b, &c->fate);
    }
    fmt_cell(o, b.at);
    fmt_end(o, c->at.to);
}

static void put_changes(struct fmt_out *o, struct change *const *at, size_t n);

static void
put_change(struct fmt_out *o, const struct change *c)
{
    struct buf b = text_buf(o);
    unsigned outer;

    switch (c->kind) {
    case CHANGE_ADD:
    case CHANGE_REPLACE:
        o->word = c->kind == CHANGE_ADD ? "add" : "replace";
        fmt_item(o, c->item);
        break;
    case CHANGE_REMOVE:
        buf_text(&b, "remove ");
        write_expr(&b, c->path);
        fmt_cell(o, b.at);
        fmt_end(o, c->at.to);
        break;
    case CHANGE_TIGHTEN:
        put_tighten(o, c);
        break;
    case CHANGE_EACH:
        buf_text(&b, "each ");
        write_expr(&b, c->path);
        outer = fmt_open(o, b.at, c->at.from);
        put_changes(o, c->below.at, c->below.n);
        fmt_close(o, outer, c->at.to);
        break;
    }
}

static void
put_changes(struct fmt_out *o, struct change *const *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fmt_start(o, at[i]->at.from);
        put_change(o, at[i]);
    }
}

static void
put_code(struct fmt_out *o, const struct code_change *c)
{
    static const char *const words[] = {
        [CHANGE_ADD] = "add", [CHANGE_REPLACE] = "replace",
        [CHANGE_REMOVE] = "remove", [CHANGE_TIGHTEN] = "", [CHANGE_EACH] = ""
    };

    fmt_start(o, c->at.from);
    o->word = words[c->kind];
    fmt_codes_row(o, c->row, c->at.to);
}

void
fmt_extend(struct fmt_out *o, const struct extend_item *e)
{
    if (e->kind == EXTEND_SYSTEM) {
        fmt_extend_system(o, e->system);
        return;
    }
    unsigned outer = fmt_open(
        o, arena_printf(o->arena, "extend %s%s",
                        e->kind == EXTEND_CODES ? "codes " : "",
                        e->name.text),
        e->name.at.from);
    put_changes(o, e->changes.at, e->changes.n);
    for (size_t i = 0; i < e->codes.n; i++)
        put_code(o, &e->codes.at[i]);
    fmt_close(o, outer, e->at.to);
}
