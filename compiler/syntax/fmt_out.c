/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, columns and remarks of the formatter. */
#include "syntax/fmt_out.h"

#include <string.h>

enum {
    CELL_MOST = 44,         /* a wider cell does not move the columns */
    REMARK_MOST = 100       /* a wider line does not move the remarks */
};

struct columns {
    size_t width[FMT_CELLS];
};

void
fmt_init(struct fmt_out *o, struct arena *a, const struct file *f)
{
    *o = (struct fmt_out){ .arena = a, .file = f, .blocks = 1 };
}

/* --- remarks --- */

static const char *
bytes(const struct fmt_out *o)
{
    return o->file->source->bytes;
}

/* Whether an empty line comes before this place. */
static bool
blank_before(const struct fmt_out *o, uint32_t at)
{
    const char *p;
    int ends = 0;

    if (o->file == NULL)
        return false;
    p = bytes(o);
    while (at > 0 && strchr(" \t\r\n", p[at - 1]) != NULL)
        ends += p[--at] == '\n';
    return ends > 1;
}

static const struct comment *
next_comment(const struct fmt_out *o)
{
    return o->file != NULL && o->comment < o->file->comments.n
               ? &o->file->comments.at[o->comment] : NULL;
}

static const char *
comment_text(const struct fmt_out *o, const struct comment *c)
{
    size_t n = c->at.to - c->at.from;
    const char *p = bytes(o) + c->at.from;

    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    return arena_copy(o->arena, p, n);
}

static void
put_line(struct fmt_out *o, struct fmt_line l)
{
    l.block = o->block;
    l.indent = o->indent;
    l.blank = o->blank && o->lines.n > 0;
    o->blank = false;
    vec_push(o->arena, &o->lines, l);
}

/* Remarks before this place, each on a line of its own. */
static void
put_comments(struct fmt_out *o, uint32_t before)
{
    const struct comment *c;

    while ((c = next_comment(o)) != NULL && c->at.from < before) {
        struct fmt_line l = { .n = 1 };

        if (c->alone && blank_before(o, c->at.from))
            o->blank = true;
        l.cell[0] = comment_text(o, c);
        o->comment++;
        put_line(o, l);
    }
}

/* Whether the remark stands behind `to` with nothing between but a comma. */
static bool
follows(const struct fmt_out *o, const struct comment *c, uint32_t to)
{
    if (c == NULL || c->alone || c->at.from < to)
        return false;
    for (uint32_t i = to; i < c->at.from; i++)
        if (strchr(" \t,", bytes(o)[i]) == NULL)
            return false;
    return true;
}

void
fmt_start(struct fmt_out *o, uint32_t from)
{
    put_comments(o, from);
    if (blank_before(o, from))
        o->blank = true;
}

void
fmt_start_behind_word(struct fmt_out *o, uint32_t from)
{
    const char *p;
    uint32_t at = from;

    if (o->file == NULL)
        return;
    p = bytes(o);
    put_comments(o, from);
    while (at > 0 && strchr(" \t\r\n", p[at - 1]) != NULL)
        at--;
    while (at > 0 && strchr(" \t\r\n", p[at - 1]) == NULL)
        at--;
    if (blank_before(o, at))
        o->blank = true;
}

/* The remark for a line that ends at `to`. Several remarks inside of it go
 * above; a single one that stood behind code becomes that of the line. */
static const char *
take_remark(struct fmt_out *o, uint32_t to)
{
    const struct comment *c = next_comment(o);
    size_t inside = 0;

    while (o->comment + inside < o->file->comments.n &&
           o->file->comments.at[o->comment + inside].at.from < to)
        inside++;
    if (inside == 1 && !c->alone &&
        (o->comment + 1 == o->file->comments.n || !follows(o, c + 1, to))) {
        o->comment++;
        return comment_text(o, c);
    }
    put_comments(o, to);
    c = next_comment(o);
    if (!follows(o, c, to))
        return NULL;
    o->comment++;
    return comment_text(o, c);
}

/* --- lines --- */

void
fmt_cell(struct fmt_out *o, const char *text)
{
    if (o->word != NULL)
        text = arena_printf(o->arena, "%s %s", o->word, text);
    o->word = NULL;
    o->line.cell[o->line.n++] = text;
}

void
fmt_cellf(struct fmt_out *o, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fmt_cell(o, arena_vprintf(o->arena, fmt, args));
    va_end(args);
}

void
fmt_add(struct fmt_out *o, const char *text)
{
    const char **last = &o->line.cell[o->line.n > 0 ? o->line.n - 1 : 0];

    if (o->line.n == 0)
        fmt_cell(o, text);
    else
        *last = arena_printf(o->arena, "%s%s", *last, text);
}

void
fmt_end(struct fmt_out *o, uint32_t to)
{
    struct fmt_line l = o->line;

    l.remark = o->file == NULL ? o->remark : take_remark(o, to);
    o->remark = NULL;
    o->line = (struct fmt_line){ 0 };
    put_line(o, l);
}

void
fmt_gather(struct fmt_out *o, uint32_t to)
{
    put_comments(o, to);
}

void
fmt_break(struct fmt_out *o)
{
    struct fmt_line l = o->line;

    o->line = (struct fmt_line){ 0 };
    put_line(o, l);
}

unsigned
fmt_enter(struct fmt_out *o)
{
    unsigned outer = o->block;

    o->block = o->blocks++;
    o->indent++;
    return outer;
}

void
fmt_leave(struct fmt_out *o, unsigned outer, uint32_t to)
{
    put_comments(o, to);
    o->blank = false;
    o->block = outer;
    o->indent--;
}

uint32_t
fmt_behind_brace(const struct fmt_out *o, uint32_t from)
{
    const char *p;
    uint32_t n;
    bool text = false;

    if (o->file == NULL)
        return 0;
    p = bytes(o);
    n = (uint32_t)o->file->source->n;
    for (uint32_t i = from; i < n; i++) {
        if (text && p[i] == '\\')
            i++;
        else if (p[i] == '"')
            text = !text;
        else if (!text && p[i] == '-' && p[i + 1] == '-')
            i += (uint32_t)strcspn(p + i, "\n");
        else if (!text && p[i] == '{')
            return i + 1;
    }
    return n;
}

bool
fmt_has_line_end(const struct fmt_out *o, struct span at)
{
    return o->file != NULL &&
           memchr(bytes(o) + at.from, '\n', at.to - at.from) != NULL;
}

/* --- columns --- */

size_t
fmt_width(const char *s)
{
    size_t n = 0;

    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static size_t
max(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The line up to its remark; returns its width. */
static size_t
put_cells(struct buf *b, const struct fmt_line *l, const struct columns *c)
{
    size_t at = 2 * l->indent, stop = at, room = b->n;

    buf_printf(b, "%*s", (int)at, "");
    for (size_t i = 0; i < l->n; i++) {
        if (l->cell[i][0] != '\0') {
            size_t pad = at < stop ? stop - at : i > 0 ? 2 : 0;

            buf_printf(b, "%*s%s", (int)pad, "", l->cell[i]);
            at += pad + fmt_width(l->cell[i]);
        }
        stop += c->width[i] > 0 ? c->width[i] + 2 : 0;
    }
    while (b->n > room && b->at[b->n - 1] == ' ') {
        b->at[--b->n] = '\0';
        at--;
    }
    return at;
}

/* The last cell of a line has nothing behind it that it could move. */
static size_t
last_cell(const struct fmt_line *l)
{
    size_t k = l->n;

    while (k > 0 && l->cell[k - 1][0] == '\0')
        k--;
    return k > 0 ? k - 1 : 0;
}

static void
measure(struct fmt_out *o, struct columns *columns)
{
    for (size_t i = 0; i < o->lines.n; i++) {
        const struct fmt_line *l = &o->lines.at[i];

        for (size_t k = 0; k < last_cell(l); k++) {
            size_t w = fmt_width(l->cell[k]);
            if (w <= CELL_MOST)
                columns[l->block].width[k] =
                    max(columns[l->block].width[k], w);
        }
    }
}

/* Where the remarks start of the lines that follow one another in one block
 * from line i on. */
static size_t
remark_column(struct fmt_out *o, const struct columns *columns, size_t i)
{
    unsigned block = o->lines.at[i].block;
    size_t widest = 0;
    struct buf scratch;

    for (size_t k = i; k < o->lines.n; k++) {
        const struct fmt_line *l = &o->lines.at[k];

        if (l->block != block || (k > i && l->blank))
            break;
        if (l->remark == NULL)
            continue;
        buf_init(&scratch, o->arena);
        size_t w = put_cells(&scratch, l, &columns[block]);
        widest = w <= REMARK_MOST ? max(widest, w) : widest;
    }
    return widest + 2;
}

static void
put_remark(struct buf *b, const char *remark, size_t at, size_t column)
{
    if (remark != NULL)
        buf_printf(b, "%*s%s", (int)(at + 2 < column ? column - at : 2), "",
                   remark);
    buf_char(b, '\n');
}

char *
fmt_done(struct fmt_out *o, size_t *n)
{
    struct columns *columns;
    size_t column = 0;
    struct buf b;

    put_comments(o, UINT32_MAX);
    columns = arena_alloc(o->arena, o->blocks * sizeof *columns);
    measure(o, columns);
    buf_init(&b, o->arena);
    for (size_t i = 0; i < o->lines.n; i++) {
        const struct fmt_line *l = &o->lines.at[i];

        if (i == 0 || l->blank || l->block != o->lines.at[i - 1].block)
            column = remark_column(o, columns, i);
        if (l->blank)
            buf_char(&b, '\n');
        size_t w = put_cells(&b, l, &columns[l->block]);
        put_remark(&b, l->remark, w, column);
    }
    *n = b.n;
    return b.at;
}
