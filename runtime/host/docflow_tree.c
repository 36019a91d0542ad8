/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of documents as a tree of lines. It is gone through twice by the
 * same steps: the first time the columns are measured.
 */
#include "host/docflow_words.h"
#include "host/glyphs.h"

enum { LINES_MAX = 2000, ROOM_MAX = 40, PREFIX_MAX = 400 };

enum column { COLUMN_HEAD, COLUMN_TYPE, COLUMN_STATUS, COLUMN_DATE,
              COLUMN_AMOUNT, COLUMNS };

struct tree {
    FILE *out;
    struct docflow *f;
    const struct docflow_look *look;
    bool measuring;
    uint32_t wide[COLUMNS];
    uint8_t *shown;             /* one a document */
    char prefix[PREFIX_MAX];    /* of the lines below */
    size_t n;
    uint32_t lines, left_out;
};

static const char *const colours[COLUMNS] = {
    "\033[1m", "\033[36m", NULL, NULL, "\033[32m"
};

static struct mr_val
column_of(struct tree *t, const struct chain_document *d, enum column column)
{
    switch (column) {
    case COLUMN_HEAD:
        return d->fields[MR_DOCUMENT_NUMBER];
    case COLUMN_TYPE:
        return d->fields[d->fields[MR_DOCUMENT_TITLE].state == MR_HERE
                             ? MR_DOCUMENT_TITLE : MR_DOCUMENT_TYPE];
    case COLUMN_STATUS:
        return d->fields[MR_DOCUMENT_STATUS];
    case COLUMN_DATE:
        return d->fields[MR_DOCUMENT_DATE];
    case COLUMN_AMOUNT:
        return docflow_amount(t->f, d->fields);
    case COLUMNS:
        break;
    }
    return mr_missing();
}

/* --- one line --- */

static uint32_t
shown_width(struct mr_val v)
{
    uint32_t n = glyphs_width(v);

    return n < ROOM_MAX ? n : ROOM_MAX;
}

static uint32_t
prefix_width(const struct tree *t, bool root)
{
    return glyphs_width(mr_slice(t->prefix, (uint32_t)t->n)) + (root ? 0 : 3);
}

static void
measure(struct tree *t, const struct chain_document *d, bool root)
{
    for (enum column c = COLUMN_HEAD; c < COLUMNS; c++) {
        uint32_t n = shown_width(column_of(t, d, c));

        if (c == COLUMN_HEAD)
            n += prefix_width(t, root);
        if (n > t->wide[c])
            t->wide[c] = n;
    }
}

static void
blanks(FILE *out, uint32_t n)
{
    fprintf(out, "%*s", (int)n, "");
}

static void
put_cell(struct tree *t, enum column column, struct mr_val v, uint32_t before)
{
    uint32_t n = before + shown_width(v);
    uint32_t spare = t->wide[column] > n ? t->wide[column] - n : 0;
    const char *colour = t->look->colours ? colours[column] : NULL;

    if (column == COLUMN_AMOUNT)
        blanks(t->out, spare);
    fputs(colour == NULL ? "" : colour, t->out);
    glyphs_put(t->out, v, ROOM_MAX, GLYPHS_PLAIN, t->look->utf8);
    fputs(colour == NULL ? "" : "\033[0m", t->out);
    if (column != COLUMN_AMOUNT)
        blanks(t->out, spare);
}

static void
put_branch(struct tree *t, bool root, bool last)
{
    fwrite(t->prefix, 1, t->n, t->out);
    if (root)
        return;
    if (t->look->utf8)
        fputs(last ? "\xe2\x94\x94\xe2\x94\x80 " : "\xe2\x94\x9c\xe2\x94\x80 ",
              t->out);
    else
        fputs(last ? "`- " : "|- ", t->out);
}

/* Columns up to the last one that has something. */
static void
put_document(struct tree *t, const struct chain_document *d, bool root)
{
    enum column last = COLUMN_HEAD;

    for (enum column c = COLUMN_HEAD; c < COLUMNS; c++)
        if (column_of(t, d, c).state == MR_HERE)
            last = c;
    for (enum column c = COLUMN_HEAD; c <= last; c++) {
        if (c > COLUMN_HEAD && t->wide[c] > 0)
            fputs("  ", t->out);
        put_cell(t, c, column_of(t, d, c),
                 c == COLUMN_HEAD ? prefix_width(t, root) : 0);
    }
    if (last == COLUMN_AMOUNT && d->fields[MR_DOCUMENT_CURRENCY].state ==
                                     MR_HERE) {
        fputc(' ', t->out);
        glyphs_put(t->out, d->fields[MR_DOCUMENT_CURRENCY], ROOM_MAX,
                   GLYPHS_PLAIN, t->look->utf8);
    }
    if (d->asked && d->depth == 0)
        fputs("  (asked for)", t->out);
    if (!d->described)
        fputs("  (not found)", t->out);
    fputc('\n', t->out);
}

static void
put_again(struct tree *t, const struct chain_document *d, const char *why)
{
    glyphs_put(t->out, d->fields[MR_DOCUMENT_NUMBER], ROOM_MAX, GLYPHS_PLAIN,
               t->look->utf8);
    fprintf(t->out, "  (%s)\n", why);
}

/* --- the tree --- */

/* What the lines below begin with; false where they are indented too far. */
static bool
push_prefix(struct tree *t, bool last, size_t *before)
{
    const char *more = last            ? "   "
                       : t->look->utf8 ? "\xe2\x94\x82  " : "|  ";
    size_t n = strlen(more);

    *before = t->n;
    if (t->n + n > sizeof t->prefix)
        return false;
    memcpy(t->prefix + t->n, more, n);
    t->n += n;
    return true;
}

static void put_below(struct tree *t, uint32_t document);

static void
put_edge_end(struct tree *t, const struct chain_edge *e, bool last)
{
    const struct chain_document *d = &t->f->chain.documents[e->to];
    bool again = e->back || t->shown[e->to];
    size_t before;

    if (t->lines >= LINES_MAX) {
        t->left_out++;
        return;
    }
    t->lines++;
    if (t->measuring && !again)
        measure(t, d, false);
    if (!t->measuring) {
        put_branch(t, false, last);
        if (again)
            put_again(t, d, e->back ? "goes round" : "above");
        else
            put_document(t, d, false);
    }
    if (again)
        return;
    t->shown[e->to] = 1;
    if (push_prefix(t, last, &before))
        put_below(t, e->to);
    else
        t->left_out += d->n_to;
    t->n = before;
}

static void
put_below(struct tree *t, uint32_t document)
{
    uint32_t n;
    const struct chain_edge *e = docflow_edges(&t->f->chain, document, &n);

    for (uint32_t i = 0; i < n; i++)
        put_edge_end(t, &e[i], i + 1 == n);
}

static void
put_root(struct tree *t, uint32_t document)
{
    const struct chain_document *d = &t->f->chain.documents[document];

    if (t->lines >= LINES_MAX) {
        t->left_out++;
        return;
    }
    t->lines++;
    t->shown[document] = 1;
    if (t->measuring)
        measure(t, d, true);
    else
        put_document(t, d, true);
    put_below(t, document);
}

static void
go_through(struct tree *t, bool measuring)
{
    const struct chain *c = &t->f->chain;

    memset(t->shown, 0, c->n);
    t->measuring = measuring;
    t->lines = t->left_out = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->documents[c->order[i]].n_from == 0)
            put_root(t, c->order[i]);
}

bool
docflow_tree(FILE *out, struct docflow *f, const struct docflow_look *look)
{
    struct tree t = { .out = out, .f = f, .look = look };

    t.shown = mr_alloc(&f->chain.cx, f->chain.n + 1);
    if (t.shown == NULL)
        return false;
    go_through(&t, true);
    go_through(&t, false);
    if (t.left_out > 0)
        fprintf(out, "and %u more\n", (unsigned)t.left_out);
    return f->chain.cx.error.status == MR_OK;
}
