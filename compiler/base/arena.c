/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of blocks, each filled from the front. With ARENA_DEBUG (set in
 * sanitizer builds) every object is a block of its own, so that an overrun of
 * one object is seen as one.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, BLOCK = 64 * 1024 };

struct block {
    struct block *next;
    size_t used, room;
    _Alignas(ALIGN) char at[];
};

struct arena {
    struct block *head;
};

static void *
must(void *p)
{
    if (p == NULL) {
        fputs("mapc: out of memory\n", stderr);
        exit(70);
    }
    return p;
}

struct arena *
arena_new(void)
{
    return must(calloc(1, sizeof(struct arena)));
}

void
arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    for (struct block *b = a->head; b != NULL;) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
    free(a);
}

static struct block *
block_new(size_t room)
{
    struct block *b = must(calloc(1, sizeof *b + room));

    b->room = room;
    return b;
}

/* The same with anything in it. */
static struct block *
block_raw(size_t room)
{
    struct block *b = room > SIZE_MAX - sizeof *b
                          ? must(NULL) : must(malloc(sizeof *b + room));

    b->next = NULL;
    b->used = 0;
    b->room = room;
    return b;
}

/* An object larger than a quarter block gets a block of its own, put behind
 * the one being filled so that this one's rest is not lost. */
static void *
alloc_alone(struct arena *a, struct block *b, size_t size)
{
    b->used = size;
    if (a->head != NULL) {
        b->next = a->head->next;
        a->head->next = b;
    } else {
        a->head = b;
    }
    return b->at;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    size_t exact = size;

    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size < exact)
        must(NULL);
#ifdef ARENA_DEBUG
    return alloc_alone(a, block_new(exact), exact);
#endif
    if (size > BLOCK / 4)
        return alloc_alone(a, block_new(size), size);
    if (a->head == NULL || a->head->room - a->head->used < size) {
        struct block *b = block_new(BLOCK);

        b->next = a->head;
        a->head = b;
    }
    void *p = a->head->at + a->head->used;
    a->head->used += size;
    return p;
}

void *
arena_raw(struct arena *a, size_t size)
{
    return size > BLOCK / 4 ? alloc_alone(a, block_raw(size), size)
                            : arena_alloc(a, size);
}

char *
arena_copy(struct arena *a, const char *p, size_t n)
{
    char *s = arena_alloc(a, n + 1);

    if (n > 0)
        memcpy(s, p, n);
    s[n] = '\0';
    return s;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        must(NULL);

    char *s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, fmt, args);
    return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    char *s = arena_vprintf(a, fmt, args);
    va_end(args);
    return s;
}
