/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context: where its memory comes from, the document's arena, the first
 * error. The arena is a list of chunks, each at least twice as large as the
 * one before; between documents the largest is kept, unless it is larger than
 * a usual document needs.
 */
#include "mr/cx.h"

#include <stdarg.h>
#include <stdlib.h>

#include "core/arena.h"

struct mr_chunk {
    struct mr_chunk *next;      /* older and smaller */
    size_t size;                /* of the whole chunk */
};

enum {
    CHUNK_FIRST = 16 * 1024,
    CHUNK_KEPT = 1024 * 1024,   /* larger ones go back after the document */
    CHUNK_HEAD = (sizeof(struct mr_chunk) + 15) & ~15
};

/* Of one document: a record of few bytes in the input takes hundreds here. */
static const size_t document_max = (size_t)1 << 31;

static void *
resize_by_malloc(void *arg, void *p, size_t size)
{
    (void)arg;
    if (size == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, size);
}

void
mr_cx_init(struct mr_cx *cx, const struct mr_memory *memory)
{
    memset(cx, 0, sizeof *cx);
    if (memory != NULL)
        cx->memory = *memory;
    else
        cx->memory.resize = resize_by_malloc;
}

static void
free_newest(struct mr_cx *cx)
{
    struct mr_chunk *c = cx->doc.chunks;

    cx->doc.chunks = c->next;
    cx->memory.resize(cx->memory.arg, c, 0);
}

/* The arena starts or goes on at `at`, in its newest chunk. */
static void
fill_from(struct mr_cx *cx, char *at)
{
    struct mr_chunk *c = cx->doc.chunks;

    cx->doc.at = at;
    cx->doc.end = c == NULL ? NULL : (char *)c + c->size;
}

void
mr_cx_done(struct mr_cx *cx)
{
    while (cx->kept != NULL) {
        struct mr_kept *kept = cx->kept;

        cx->kept = kept->next;
        kept->release(cx, kept);
    }
    while (cx->doc.chunks != NULL)
        free_newest(cx);
    fill_from(cx, NULL);
}

void
mr_cx_next(struct mr_cx *cx)
{
    struct mr_chunk *c;

    while ((c = cx->doc.chunks) != NULL && c->size > CHUNK_KEPT)
        free_newest(cx);
    while (c != NULL && c->next != NULL) {
        struct mr_chunk *older = c->next;

        c->next = older->next;
        cx->memory.resize(cx->memory.arg, older, 0);
    }
    fill_from(cx, c == NULL ? NULL : (char *)c + CHUNK_HEAD);
    cx->verdict.parked = false;
    cx->verdict.rejected = false;
    cx->verdict.n = 0;
}

struct mr_arena_mark
mr_arena_mark(const struct mr_cx *cx)
{
    struct mr_arena_mark mark = { cx->doc.chunks, cx->doc.at };

    return mark;
}

void
mr_arena_back(struct mr_cx *cx, struct mr_arena_mark mark)
{
    while (cx->doc.chunks != mark.chunk)
        free_newest(cx);
    fill_from(cx, mark.at);
}

/* May a chunk of this size be added? */
static bool
within_limit(const struct mr_cx *cx, size_t size)
{
    size_t left = document_max;

    for (const struct mr_chunk *c = cx->doc.chunks; c != NULL; c = c->next)
        left -= c->size < left ? c->size : left;
    return size <= left;
}

void *
mr_alloc_slow(struct mr_cx *cx, size_t size)
{
    struct mr_chunk *c = cx->doc.chunks;
    size_t room = c == NULL ? CHUNK_FIRST : c->size * 2;
    size_t whole = (size + 15) & ~(size_t)15;
    char *p;

    if (whole < size || whole > SIZE_MAX / 4) {
        mr_fail(cx, MR_EMEMORY, "memory ran out");
        return NULL;
    }
    if (room < whole + CHUNK_HEAD)
        room = whole + CHUNK_HEAD;
    if (!within_limit(cx, room)) {
        mr_fail(cx, MR_ELIMIT, "the document takes more than 2 GB of memory");
        return NULL;
    }
    c = mr_resize(cx, NULL, room);
    if (c == NULL)
        return NULL;
    c->next = cx->doc.chunks;
    c->size = room;
    cx->doc.chunks = c;
    p = (char *)c + CHUNK_HEAD;
    fill_from(cx, p + whole);
    return p;
}

void *
mr_resize(struct mr_cx *cx, void *p, size_t size)
{
    void *q = cx->memory.resize(cx->memory.arg, p, size);

    if (q == NULL && size != 0)
        mr_fail(cx, MR_EMEMORY, "memory ran out");
    return q;
}

/* Where the buffer cut a UTF-8 sequence in two, its beginning goes too. */
static void
end_at_character(char *text, size_t n)
{
    size_t at = n - 1, len;
    unsigned char lead;

    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    lead = (unsigned char)text[at];
    len = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (n - at < len)
        text[at] = '\0';
}

enum mr_status
mr_fail(struct mr_cx *cx, enum mr_status status, const char *fmt, ...)
{
    struct mr_error *e = &cx->error;
    va_list args;
    int n;

    if (e->status != MR_OK)
        return status;
    e->status = status;
    e->document = e->offset = e->line = e->column = 0;
    va_start(args, fmt);
    n = vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    if (n >= (int)sizeof e->text)
        end_at_character(e->text, sizeof e->text - 1);
    return status;
}
