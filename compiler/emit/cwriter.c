/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only place where C is put together from characters. Breaking is simple:
 * an argument that does not fit any more goes to the next line, below the
 * first one.
 */
#include "emit/cwriter.h"

#include <string.h>

enum { INDENT = 4 };

void
cw_init(struct cwriter *w, struct arena *a)
{
    buf_init(&w->out, a);
    w->depth = 0;
    w->line = 0;
}

static void
end_line(struct cwriter *w)
{
    buf_char(&w->out, '\n');
    w->line = w->out.n;
}

static void
spaces(struct cwriter *w, size_t n)
{
    while (n-- > 0)
        buf_char(&w->out, ' ');
}

static void
start_line(struct cwriter *w)
{
    spaces(w, (size_t)w->depth * INDENT);
}

/* Characters, not bytes. */
static size_t
width_of(const char *p, size_t n)
{
    size_t width = 0;

    for (size_t i = 0; i < n; i++)
        width += ((unsigned char)p[i] & 0xc0) != 0x80;
    return width;
}

static size_t
column(const struct cwriter *w)
{
    return width_of(w->out.at + w->line, w->out.n - w->line);
}

void
cw_line(struct cwriter *w, const char *fmt, ...)
{
    va_list args;

    start_line(w);
    va_start(args, fmt);
    buf_vprintf(&w->out, fmt, args);
    va_end(args);
    end_line(w);
}

void
cw_blank(struct cwriter *w)
{
    end_line(w);
}

void
cw_open(struct cwriter *w, const char *fmt, ...)
{
    va_list args;
    size_t n;

    start_line(w);
    n = w->out.n;
    va_start(args, fmt);
    buf_vprintf(&w->out, fmt, args);
    va_end(args);
    buf_text(&w->out, w->out.n == n ? "{" : " {");
    end_line(w);
    w->depth++;
}

void
cw_close(struct cwriter *w, const char *end)
{
    w->depth--;
    cw_line(w, "}%s", end);
}

/* --- text --- */

const char *
cw_quote(struct arena *a, const char *text)
{
    struct buf b;

    buf_init(&b, a);
    buf_char(&b, '"');
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;

        if (c == '"' || c == '\\')
            buf_printf(&b, "\\%c", c);
        else if (c == '\n')
            buf_text(&b, "\\n");
        else if (c == '\t')
            buf_text(&b, "\\t");
        else if (c < 0x20 || c == 0x7f)
            buf_printf(&b, "\\%03o", c);
        else if (c == '?' && p > text && p[-1] == '?')
            buf_text(&b, "\\?");
        else
            buf_char(&b, (char)c);
    }
    buf_char(&b, '"');
    return b.at;
}

static const char *
comment_text(struct arena *a, const char *text)
{
    struct buf b;

    buf_init(&b, a);
    for (const char *p = text; *p != '\0'; p++) {
        bool ends = (*p == '/' && p > text && p[-1] == '*') ||
                    (*p == '*' && p > text && p[-1] == '/') ||
                    (*p == '?' && p > text && p[-1] == '?');

        if (ends)
            buf_char(&b, ' ');
        buf_char(&b, (unsigned char)*p < 0x20 ? ' ' : *p);
    }
    /* A backslash at the end would join the next line. */
    if (b.n > 0 && b.at[b.n - 1] == '\\')
        buf_char(&b, ' ');
    return b.at;
}

/* Where a line of at most `room` columns ends: behind a blank, at the end, or
 * behind the first word where that alone is longer. */
static size_t
cut_words(const char *text, size_t room)
{
    size_t best = 0, width = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == ' ' && i > 0) {
            if (best != 0 && width > room)
                return best;
            best = i;
        }
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return width <= room || best == 0 ? strlen(text) : best;
}

void
cw_comment(struct cwriter *w, const char *fmt, ...)
{
    va_list args;
    const char *text;
    size_t room = CW_COLUMNS - 6 - (size_t)w->depth * INDENT;
    bool first = true;

    va_start(args, fmt);
    text = comment_text(w->out.arena,
                        arena_vprintf(w->out.arena, fmt, args));
    va_end(args);
    do {
        size_t n = cut_words(text, room);

        start_line(w);
        buf_text(&w->out, first ? "/* " : " * ");
        buf_add(&w->out, text, n);
        text += n;
        while (*text == ' ')
            text++;
        if (*text == '\0')
            buf_text(&w->out, " */");
        end_line(w);
        first = false;
    } while (*text != '\0');
}

/* --- expressions --- */

static void
flat(struct buf *b, const struct pexpr *e, const struct pexpr *hole)
{
    switch (e->kind) {
    case PEXPR_C:
        buf_text(b, e->text);
        return;
    case PEXPR_STRING:
        buf_text(b, cw_quote(b->arena, e->text));
        return;
    case PEXPR_HOLE:
        flat(b, hole, NULL);
        return;
    case PEXPR_CALL:
        break;
    }
    buf_printf(b, "%s(", e->text);
    for (size_t i = 0; i < e->args.n; i++) {
        if (i > 0)
            buf_text(b, ", ");
        flat(b, e->args.at[i], hole);
    }
    buf_char(b, ')');
}

static size_t
flat_width(const struct cwriter *w, const struct pexpr *e,
           const struct pexpr *hole)
{
    struct buf b;

    buf_init(&b, w->out.arena);
    flat(&b, e, hole);
    return width_of(b.at, b.n);
}

size_t
cw_width(const struct cwriter *w, const char *before, const struct pexpr *e,
         const struct pexpr *hole, const char *after)
{
    return (size_t)w->depth * INDENT + strlen(before) +
           flat_width(w, e, hole) + strlen(after);
}

static bool
is_call(const struct pexpr *e)
{
    return e->kind == PEXPR_CALL && e->args.n > 0;
}

/* Where the longest line would end if the expression started in this column
 * and each call's arguments stood below each other. */
static size_t
reach(const struct cwriter *w, const struct pexpr *e, const struct pexpr *hole,
      size_t at)
{
    size_t far = 0;

    if (e->kind == PEXPR_HOLE)
        return reach(w, hole, NULL, at);
    if (!is_call(e))
        return at + flat_width(w, e, hole);
    at += strlen(e->text) + 1;
    for (size_t i = 0; i < e->args.n; i++) {
        size_t end = reach(w, e->args.at[i], hole, at) + 1;

        far = end > far ? end : far;
    }
    return far;
}

static size_t
indent_of_line(const struct cwriter *w)
{
    size_t n = 0;

    while (w->line + n < w->out.n && w->out.at[w->line + n] == ' ')
        n++;
    return n;
}

/* `tail`: columns that must stay free behind it. Arguments stand below the
 * first one; where that leaves too little room for them, calls among them stand
 * on lines of their own, a step further in than this one. */
static void
broken(struct cwriter *w, const struct pexpr *e, const struct pexpr *hole,
       size_t tail)
{
    size_t align;
    bool hangs;

    if (e->kind == PEXPR_HOLE) {
        broken(w, hole, NULL, tail);
        return;
    }
    if (e->kind != PEXPR_CALL ||
        column(w) + flat_width(w, e, hole) + tail <= CW_COLUMNS) {
        flat(&w->out, e, hole);
        return;
    }
    hangs = reach(w, e, hole, column(w)) + tail > CW_COLUMNS;
    align = indent_of_line(w) + INDENT;
    buf_printf(&w->out, "%s(", e->text);
    if (!hangs)
        align = column(w);
    for (size_t i = 0; i < e->args.n; i++) {
        const struct pexpr *arg = e->args.at[i];
        size_t behind = i + 1 == e->args.n ? tail + 1 : 1;
        size_t end = column(w) + (i > 0) + flat_width(w, arg, hole) + behind;

        if ((i > 0 && end > CW_COLUMNS) || (hangs && is_call(arg))) {
            end_line(w);
            spaces(w, align);
        } else if (i > 0) {
            buf_char(&w->out, ' ');
        }
        broken(w, arg, hole, behind);
        if (i + 1 < e->args.n)
            buf_char(&w->out, ',');
    }
    buf_char(&w->out, ')');
}

void
cw_expr(struct cwriter *w, const char *before, const struct pexpr *e,
        const struct pexpr *hole, const char *after)
{
    size_t indent = (size_t)(w->depth + 1) * INDENT;
    size_t n = strlen(before);
    bool assigns = n > 2 && strcmp(before + n - 2, "= ") == 0;

    start_line(w);
    if (assigns && cw_width(w, before, e, hole, after) > CW_COLUMNS &&
        indent + flat_width(w, e, hole) + strlen(after) <= CW_COLUMNS) {
        buf_add(&w->out, before, n - 1);
        end_line(w);
        spaces(w, indent);
    } else {
        buf_text(&w->out, before);
    }
    broken(w, e, hole, strlen(after));
    buf_text(&w->out, after);
    end_line(w);
}

/* --- initialisers --- */

/* As much of a literal as fits into `room` columns, never inside of an
 * escape. */
static size_t
cut_literal(const char *body, size_t n, size_t room)
{
    size_t at = 0, best = 0, width = 0;

    while (at < n && width <= room) {
        size_t step = 1;

        if (body[at] == '\\')
            step = body[at + 1] >= '0' && body[at + 1] <= '7' ? 4 : 2;
        else
            while (((unsigned char)body[at + step] & 0xc0) == 0x80)
                step++;
        width += body[at] == '\\' ? step : 1;
        if (width > room)
            break;
        at += step;
        if (body[at - 1] == ' ')
            best = at;
    }
    return at == n || best == 0 ? at : best;
}

void
cw_field_string(struct cwriter *w, const char *name, const char *text)
{
    const char *body;
    size_t n, align;

    if (text == NULL)
        return;
    body = cw_quote(w->out.arena, text) + 1;
    n = strlen(body) - 1;
    start_line(w);
    buf_printf(&w->out, ".%s = ", name);
    align = column(w);
    do {
        size_t part = cut_literal(body, n, CW_COLUMNS - 3 - align);

        buf_char(&w->out, '"');
        buf_add(&w->out, body, part);
        buf_char(&w->out, '"');
        body += part;
        n -= part;
        if (n > 0) {
            end_line(w);
            spaces(w, align);
        }
    } while (n > 0);
    buf_char(&w->out, ',');
    end_line(w);
}

void
cw_item(struct cwriter *w, const char *fmt, ...)
{
    va_list args;
    const char *text;

    va_start(args, fmt);
    text = arena_vprintf(w->out.arena, fmt, args);
    va_end(args);
    if (column(w) != 0 &&
        column(w) + 2 + width_of(text, strlen(text)) > CW_COLUMNS)
        end_line(w);
    if (column(w) == 0)
        start_line(w);
    else
        buf_char(&w->out, ' ');
    buf_printf(&w->out, "%s,", text);
}

void
cw_items_end(struct cwriter *w)
{
    if (column(w) != 0)
        end_line(w);
}

void
cw_table(struct cwriter *w, const char *type, const char *name,
         const char *end)
{
    size_t width = width_of(type, strlen(type)) + 1 +
                   width_of(name, strlen(name)) + strlen(end) + 2;

    start_line(w);
    buf_text(&w->out, type);
    if ((size_t)w->depth * INDENT + width > CW_COLUMNS) {
        end_line(w);
        spaces(w, (size_t)(w->depth + 1) * INDENT);
    } else {
        buf_char(&w->out, ' ');
    }
    buf_printf(&w->out, "%s%s {", name, end);
    end_line(w);
    w->depth++;
}

void
cw_field_offset(struct cwriter *w, const char *name, const char *tag,
                const char *member)
{
    struct pexpr parts[] = {
        { .kind = PEXPR_CALL, .text = "offsetof" },
        { .kind = PEXPR_C,
          .text = arena_printf(w->out.arena, "struct %s", tag) },
        { .kind = PEXPR_C, .text = member },
    };

    vec_push(w->out.arena, &parts[0].args, (const struct pexpr *)&parts[1]);
    vec_push(w->out.arena, &parts[0].args, (const struct pexpr *)&parts[2]);
    cw_expr(w, arena_printf(w->out.arena, ".%s = ", name), &parts[0], NULL,
            ",");
}

void
cw_row(struct cwriter *w)
{
    start_line(w);
    buf_char(&w->out, '{');
}

/* Text that is longer than a line is broken behind its last comma. */
static void
put_long(struct cwriter *w, const char *text)
{
    const char *comma = strrchr(text, ',');
    const char *open = strchr(text, '(');
    size_t align;

    if (column(w) + width_of(text, strlen(text)) + 1 <= CW_COLUMNS ||
        comma == NULL || open == NULL || open > comma) {
        buf_text(&w->out, text);
        return;
    }
    align = column(w) + width_of(text, (size_t)(open - text)) + 1;
    buf_add(&w->out, text, (size_t)(comma + 1 - text));
    end_line(w);
    spaces(w, align);
    buf_text(&w->out, comma + 1 + strspn(comma + 1, " "));
}

void
cw_row_add(struct cwriter *w, const char *fmt, ...)
{
    va_list args;
    const char *text;
    bool first = w->out.at[w->out.n - 1] == '{';

    va_start(args, fmt);
    text = arena_vprintf(w->out.arena, fmt, args);
    va_end(args);
    if (!first)
        buf_char(&w->out, ',');
    /* Behind it comes a comma, or a blank, a brace and a comma. */
    if (column(w) + 1 + width_of(text, strlen(text)) + 3 > CW_COLUMNS &&
        !first) {
        end_line(w);
        start_line(w);
        buf_char(&w->out, ' ');
    }
    buf_char(&w->out, ' ');
    put_long(w, text);
}

void
cw_row_end(struct cwriter *w)
{
    buf_text(&w->out, " },");
    end_line(w);
}
