/* SPDX-License-Identifier: Apache-2.0 */
/* Collects diagnostics, and answers from their registry (diag.def). */
#include "source/diag.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source/diag_list.h"

struct diags *
diags_new(struct arena *a)
{
    struct diags *ds = arena_alloc(a, sizeof *ds);

    ds->arena = a;
    return ds;
}

struct diag *
diag_add(struct diags *ds, enum diag_code code, struct span at,
         const char *fmt, ...)
{
    struct diag *d = arena_alloc(ds->arena, sizeof *d);
    va_list args;

    d->arena = ds->arena;
    d->code = code;
    d->at = at;
    d->order = ds->all.n;
    va_start(args, fmt);
    d->message = arena_vprintf(ds->arena, fmt, args);
    va_end(args);
    vec_push(ds->arena, &ds->all, d);
    if (diag_severity(code) >= SEVERITY_ERROR)
        ds->errors++;
    return d;
}

void
diag_label_here(struct diag *d, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    d->here = arena_vprintf(d->arena, fmt, args);
    va_end(args);
}

void
diag_label(struct diag *d, struct span at, const char *fmt, ...)
{
    struct diag_label l = { at, NULL };
    va_list args;

    va_start(args, fmt);
    l.words = arena_vprintf(d->arena, fmt, args);
    va_end(args);
    vec_push(d->arena, &d->labels, l);
}

void
diag_note(struct diag *d, enum diag_note_kind kind, const char *fmt, ...)
{
    struct diag_note n = { kind, NULL };
    va_list args;

    va_start(args, fmt);
    n.words = arena_vprintf(d->arena, fmt, args);
    va_end(args);
    vec_push(d->arena, &d->notes, n);
}

size_t
diags_errors(const struct diags *ds)
{
    return ds->errors;
}

size_t
diags_count(const struct diags *ds)
{
    return ds->all.n;
}

/* --- sorting --- */

static int
compare_places(const struct diag *a, const struct diag *b)
{
    if (a->at.file != b->at.file)
        return a->at.file < b->at.file ? -1 : 1;
    if (a->at.from != b->at.from)
        return a->at.from < b->at.from ? -1 : 1;
    if (a->at.to != b->at.to)
        return a->at.to < b->at.to ? -1 : 1;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    return strcmp(a->message, b->message);
}

static int
compare(const void *x, const void *y)
{
    const struct diag *a = *(const struct diag *const *)x;
    const struct diag *b = *(const struct diag *const *)y;
    int c = compare_places(a, b);

    if (c != 0)
        return c;
    return a->order < b->order ? -1 : a->order > b->order;
}

diag_vec
diags_sorted(struct arena *a, const struct diags *ds)
{
    diag_vec all = { NULL, 0, 0 }, kept = { NULL, 0, 0 };

    for (size_t i = 0; i < ds->all.n; i++)
        vec_push(a, &all, ds->all.at[i]);
    if (all.n > 0)
        qsort(all.at, all.n, sizeof *all.at, compare);
    for (size_t i = 0; i < all.n; i++)
        if (kept.n == 0 ||
            compare_places(kept.at[kept.n - 1], all.at[i]) != 0)
            vec_push(a, &kept, all.at[i]);
    return kept;
}

/* --- the registry --- */

static const struct {
    const char *number;
    enum severity severity;
    const char *title, *more;
} rows[] = {
#define D(number, severity, name, title, more)                                \
    { number, SEVERITY_##severity, title, more },
#include "source/diag.def"
#undef D
};

const char *
diag_number(enum diag_code code)
{
    return rows[code].number;
}

const char *
diag_title(enum diag_code code)
{
    return rows[code].title;
}

const char *
diag_more(enum diag_code code)
{
    return rows[code].more;
}

enum severity
diag_severity(enum diag_code code)
{
    return rows[code].severity;
}

const char *
severity_name(enum severity s)
{
    static const char *const names[] = { "note", "warning", "error", "bug" };

    return names[s];
}

const char *
diag_note_word(enum diag_note_kind kind)
{
    static const char *const words[] = { "schema", "example", "help" };

    return words[kind];
}

enum diag_code
diag_by_number(const char *number)
{
    for (int c = 0; c < DIAG_COUNT; c++)
        if (strcasecmp(rows[c].number, number) == 0)
            return (enum diag_code)c;
    return DIAG_COUNT;
}
