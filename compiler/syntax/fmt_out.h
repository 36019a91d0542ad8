/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the formatter writes to: lines made of cells. Lines of one block share
 * the columns of their cells and of their remarks. Remarks of the source are
 * handed out in order, each exactly once, by the places of what is written.
 */
#ifndef SYNTAX_FMT_OUT_H
#define SYNTAX_FMT_OUT_H

#include "base/buf.h"
#include "syntax/ast.h"

enum { FMT_CELLS = 5, FMT_WIDTH = 80 };

struct fmt_line {
    unsigned block;             /* lines with the same number are aligned */
    unsigned indent;            /* in steps of two blanks */
    bool blank;                 /* an empty line comes before it */
    const char *cell[FMT_CELLS];
    size_t n;                   /* of cells; 1: free text, not aligned */
    const char *remark;         /* or NULL */
};

struct fmt_out {
    struct arena *arena;
    const struct file *file;    /* NULL: what is written stands in no one file */
    size_t comment;             /* the next one not yet written */
    VEC(struct fmt_line) lines;
    struct fmt_line line;       /* being filled */
    const char *word;           /* stands before the next cell; or NULL */
    /* Without a file: what is said behind lines. */
    const char *remark;         /* behind the one being filled; or NULL */
    const char *(*remark_of)(void *context, const struct map_item *item);
    void *context;
    bool blank;                 /* the next line has an empty one before it */
    unsigned indent, block, blocks;
};

void fmt_init(struct fmt_out *o, struct arena *a, const struct file *f);

/* Starts what stands at `from`: writes the remarks before it and keeps an
 * empty line. */
void fmt_start(struct fmt_out *o, uint32_t from);
/* The same for what stands behind a word such as `use`, or behind an arrow. */
void fmt_start_behind_word(struct fmt_out *o, uint32_t from);
/* Cells of the line being filled, left to right. */
void fmt_cell(struct fmt_out *o, const char *text);
void fmt_cellf(struct fmt_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds to the last cell. */
void fmt_add(struct fmt_out *o, const char *text);
/* Ends the line. What it says ends at `to` in the source: remarks inside
 * move above it, one behind it stays behind it. */
void fmt_end(struct fmt_out *o, uint32_t to);
/* Writes the remarks before `to` now: a statement of several lines follows. */
void fmt_gather(struct fmt_out *o, uint32_t to);
/* Ends a line inside of a statement, where no remark can stand. */
void fmt_break(struct fmt_out *o);

/* A block of lines with columns of its own, one step further in. */
unsigned fmt_enter(struct fmt_out *o);
/* Writes the remarks up to `to`, where its closing brace is. */
void fmt_leave(struct fmt_out *o, unsigned outer, uint32_t to);

/* The first `{` from here that is not in a text or a remark, plus 1. */
uint32_t fmt_behind_brace(const struct fmt_out *o, uint32_t from);
size_t fmt_width(const char *s);
bool fmt_has_line_end(const struct fmt_out *o, struct span at);

/* All lines as text. */
char *fmt_done(struct fmt_out *o, size_t *n);

#endif
