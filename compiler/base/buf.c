/* SPDX-License-Identifier: Apache-2.0 */
/* A growing output buffer in an arena. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *a)
{
    b->arena = a;
    b->n = 0;
    b->room = 256;
    b->at = arena_alloc(a, b->room);
}

void
buf_reserve(struct buf *b, size_t more)
{
    if (b->room - b->n > more)
        return;

    size_t room = b->room;
    while (room - b->n <= more)
        room *= 2;
    char *at = arena_raw(b->arena, room);
    memcpy(at, b->at, b->n + 1);
    b->at = at;
    b->room = room;
}

void
buf_text(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void
buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n <= 0)
        return;

    buf_reserve(b, (size_t)n);
    vsnprintf(b->at + b->n, (size_t)n + 1, fmt, args);
    b->n += (size_t)n;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    buf_vprintf(b, fmt, args);
    va_end(args);
}
