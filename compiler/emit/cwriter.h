/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of C: indentation follows braces, calls that are too long are broken
 * behind their commas. All of emit writes through this.
 */
#ifndef EMIT_CWRITER_H
#define EMIT_CWRITER_H

#include "plan/plan.h"

struct cwriter {
    struct buf out;
    unsigned depth;
    size_t line;                /* where the last line starts */
};

enum { CW_COLUMNS = 80 };

void cw_init(struct cwriter *w, struct arena *a);
void cw_line(struct cwriter *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cw_blank(struct cwriter *w);
/* A line that ends with `{`; and the line with `}` and `end` behind it. */
void cw_open(struct cwriter *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cw_close(struct cwriter *w, const char *end);
/* Comment lines of one text; nothing in it can end the comment. */
void cw_comment(struct cwriter *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* `before` expression `after`, on as many lines as it takes. `hole` stands for
 * holes (NULL: there are none). */
void cw_expr(struct cwriter *w, const char *before, const struct pexpr *e,
             const struct pexpr *hole, const char *after);
/* How long `before`, the expression and `after` would be on one line. */
size_t cw_width(const struct cwriter *w, const char *before,
                const struct pexpr *e, const struct pexpr *hole,
                const char *after);

/* `.name = "text",` broken where it is too long; nothing where text is NULL. */
void cw_field_string(struct cwriter *w, const char *name, const char *text);
/* `.name = { "a", "b", NULL },` is too long for a field: values one after the
 * other on indented lines, each made with cw_item. */
void cw_item(struct cwriter *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cw_items_end(struct cwriter *w);

/* `type name end {`, with the name on a line of its own where it is long. */
void cw_table(struct cwriter *w, const char *type, const char *name,
              const char *end);
/* `.name = offsetof(struct tag, member),` */
void cw_field_offset(struct cwriter *w, const char *name, const char *tag,
                     const char *member);

/* One braced row, `{ a, b, c },`, of parts that are filled into lines. */
void cw_row(struct cwriter *w);
void cw_row_add(struct cwriter *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cw_row_end(struct cwriter *w);

/* The text as a C literal, in the writer's arena. */
const char *cw_quote(struct arena *a, const char *text);

#endif
