/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of a document that need no knowledge of its format but where its
 * parts are.
 */
#include "differ/differ.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

uint32_t
draft_random(struct draft *d, uint32_t n)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((d->state >> 33) % n);
}

void
draft_set(struct draft *d, const char *p, size_t n)
{
    d->n = 0;
    draft_splice(d, 0, 0, p, n);
}

void
draft_splice(struct draft *d, size_t at, size_t old, const char *p, size_t n)
{
    if (d->n - old + n > DRAFT_ROOM)
        return;
    memmove(d->p + at + n, d->p + at + old, d->n - at - old);
    memcpy(d->p + at, p, n);
    d->n += n;
    d->n -= old;
    memset(d->p + d->n, 0, 64);
}

void
draft_put(struct draft *d, size_t at, const char *words)
{
    draft_splice(d, at, 0, words, strlen(words));
}

void
draft_damage(struct draft *d, const char *const *pieces, uint32_t n)
{
    char run[32];
    uint32_t at = draft_random(d, (uint32_t)d->n + 1);
    uint32_t from = draft_random(d, (uint32_t)d->n + 1);
    uint32_t length = draft_random(d, 24);

    if (length > d->n - from)
        length = (uint32_t)d->n - from;
    memcpy(run, d->p + from, length);
    switch (draft_random(d, 8)) {
    case 0:
    case 1:
        if (at < d->n)
            d->p[at] = (char)draft_random(d, 256);
        break;
    case 2:
        if (at < d->n)
            d->p[at] ^= (char)(1 << draft_random(d, 8));
        break;
    case 3:
        draft_splice(d, from, length, "", 0);
        break;
    case 4:
        draft_splice(d, at, 0, run, length);
        break;
    case 5:
        if (draft_random(d, 3) == 0)
            draft_splice(d, at, d->n - at, "", 0);
        break;
    case 6:
        if (at < d->n)
            draft_splice(d, at, 1, "", 0);
        break;
    default:
        draft_put(d, at, pieces[draft_random(d, n)]);
        break;
    }
}

void
spans_add(struct spans *s, size_t start, size_t end, uint32_t kind)
{
    if (s->n < SPANS_MAX)
        s->s[s->n++] =
            (struct span){ (uint32_t)start, (uint32_t)end, kind };
}

/* Two parts that do not overlap change places; a is in front. */
static void
swap(struct draft *d, const struct span *a, const struct span *b)
{
    char first[DRAFT_ROOM], second[DRAFT_ROOM];
    size_t n = a->end - a->start, k = b->end - b->start;

    memcpy(first, d->p + a->start, n);
    memcpy(second, d->p + b->start, k);
    draft_splice(d, b->start, k, first, n);
    draft_splice(d, a->start, n, second, k);
}

static void
insert(struct draft *d, size_t at, const struct span *a, const char *glue)
{
    char text[DRAFT_ROOM + 8];
    size_t n = strlen(glue), k = a->end - a->start;

    memcpy(text, glue, n);
    memcpy(text + n, d->p + a->start, k);
    draft_splice(d, at, 0, text, n + k);
}

/* With the glue behind it or, at the end of a list, in front of it. */
static void
take_out(struct draft *d, const struct span *a, const char *glue)
{
    size_t n = strlen(glue), start = a->start, end = a->end;

    if (end + n <= d->n && memcmp(d->p + end, glue, n) == 0)
        end += n;
    else if (start >= n && memcmp(d->p + start - n, glue, n) == 0)
        start -= n;
    draft_splice(d, start, end - start, "", 0);
}

void
draft_move(struct draft *d, const struct spans *s, const char *glue)
{
    const struct span *a, *b, *other;
    char text[DRAFT_ROOM];

    if (s->n == 0)
        return;
    a = &s->s[draft_random(d, s->n)];
    b = &s->s[draft_random(d, s->n)];
    for (int i = 0; i < 8 && b->kind != a->kind; i++)
        b = &s->s[draft_random(d, s->n)];
    if (b->start < a->start) {
        other = a;
        a = b;
        b = other;
    }
    switch (draft_random(d, 5)) {
    case 0:
        if (a->end <= b->start)
            swap(d, a, b);
        break;
    case 1:
        insert(d, a->end, a, glue);
        break;
    case 2:
        take_out(d, a, glue);
        break;
    case 3:
        insert(d, b->end, a, glue);
        break;
    default:
        memcpy(text, d->p + b->start, b->end - b->start);
        draft_splice(d, a->start, a->end - a->start, text,
                     b->end - b->start);
        break;
    }
}

void
outcome_place(struct outcome *o, const struct draft *d, uint64_t offset,
              uint64_t line, uint64_t column)
{
    uint64_t lines = 1, start = 0;

    for (uint64_t i = 0; i < offset && i < d->n; i++)
        if (d->p[i] == '\n') {
            lines++;
            start = i + 1;
        }
    if (offset > d->n || line != lines || column != offset - start + 1)
        outcome_fail(o, "byte %llu is not %llu:%llu\n%.*s",
                     (unsigned long long)offset, (unsigned long long)line,
                     (unsigned long long)column, (int)d->n, d->p);
}

void
outcome_fail(struct outcome *o, const char *fmt, ...)
{
    va_list args;

    if (o->failed)
        return;
    o->failed = true;
    va_start(args, fmt);
    vsnprintf(o->what, sizeof o->what, fmt, args);
    va_end(args);
}
