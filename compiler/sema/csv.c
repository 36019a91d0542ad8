/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values as RFC 4180 has them. */
#include "sema/csv.h"

#include <string.h>

#include "base/buf.h"
#include "syntax/lex.h"

struct csv {
    struct arena *arena;
    struct diags *diags;
    const struct source *src;
    size_t at;
};

static struct span
span_from(const struct csv *c, size_t from)
{
    return (struct span){ c->src->id + 1, (uint32_t)from, (uint32_t)c->at };
}

static bool
at_line_end(const struct csv *c)
{
    const char *p = c->src->bytes + c->at;

    return c->at >= c->src->n || *p == '\n' || (*p == '\r' && p[1] == '\n');
}

static const char *
read_quoted(struct csv *c)
{
    size_t from = c->at++;
    struct buf b;

    buf_init(&b, c->arena);
    for (;;) {
        const char *p = c->src->bytes + c->at;

        if (c->at >= c->src->n) {
            diag_add(c->diags, DIAG_BAD_CSV, span_from(c, from),
                     "this quoted value never ends");
            return NULL;
        }
        c->at++;
        if (*p != '"') {
            buf_char(&b, *p);
        } else if (c->at < c->src->n && p[1] == '"') {
            buf_char(&b, '"');
            c->at++;
        } else {
            return b.at;
        }
    }
}

static const char *
read_plain(struct csv *c)
{
    size_t from = c->at;

    while (!at_line_end(c) && c->src->bytes[c->at] != ',') {
        if (c->src->bytes[c->at] == '"') {
            diag_add(c->diags, DIAG_BAD_CSV, span_from(c, from),
                     "a quote inside a value that does not start with one");
            return NULL;
        }
        c->at++;
    }
    return arena_copy(c->arena, c->src->bytes + from, c->at - from);
}

/* false after an error. */
static bool
read_row(struct csv *c, struct csv_row *row)
{
    size_t from = c->at;

    for (;;) {
        const char *cell = c->at < c->src->n && c->src->bytes[c->at] == '"'
                               ? read_quoted(c) : read_plain(c);

        if (cell == NULL)
            return false;
        vec_push(c->arena, &row->cells, cell);
        if (at_line_end(c))
            break;
        if (c->src->bytes[c->at] != ',') {
            diag_add(c->diags, DIAG_BAD_CSV, span_from(c, from),
                     "text behind a closing quote; expected a comma");
            return false;
        }
        c->at++;
    }
    row->at = span_from(c, from);
    return true;
}

static void
skip_line_end(struct csv *c)
{
    if (c->at < c->src->n && c->src->bytes[c->at] == '\r')
        c->at++;
    if (c->at < c->src->n && c->src->bytes[c->at] == '\n')
        c->at++;
}

/* What gets into a program has to be text that every format can carry. */
static bool
is_text(struct csv *c)
{
    const struct source *src = c->src;
    size_t bad = utf8_check(src->bytes, src->n);
    struct diag *d;

    for (size_t i = 0; i < bad; i++) {
        unsigned char byte = (unsigned char)src->bytes[i];

        if (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r')
            continue;
        c->at = i + 1;
        diag_add(c->diags, DIAG_BAD_CSV, span_from(c, i),
                 "a control character (byte 0x%02X)", byte);
        return false;
    }
    if (bad == src->n)
        return true;
    c->at = bad + 1;
    d = diag_add(c->diags, DIAG_NOT_UTF8, span_from(c, bad),
                 "the file is not UTF-8: byte 0x%02X",
                 (unsigned char)src->bytes[bad]);
    diag_note(d, NOTE_HELP, "save the table as \"CSV UTF-8\"");
    return false;
}

csv_rows
csv_read(struct arena *a, struct diags *ds, const struct source *src)
{
    struct csv c = { a, ds, src, 0 };
    csv_rows rows = { 0 };

    if (!is_text(&c))
        return rows;
    if (src->n >= 3 && memcmp(src->bytes, "\xef\xbb\xbf", 3) == 0)
        c.at = 3;
    while (c.at < src->n) {
        struct csv_row row = { 0 };

        if (at_line_end(&c)) {
            skip_line_end(&c);
            continue;
        }
        if (!read_row(&c, &row))
            break;
        skip_line_end(&c);
        vec_push(a, &rows, row);
    }
    return rows;
}
