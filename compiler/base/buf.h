/* SPDX-License-Identifier: Apache-2.0 */
/* A growing output buffer in an arena. `at` always ends with NUL. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t n, room;
};

void buf_init(struct buf *b, struct arena *a);
/* Room for `more` bytes and the NUL. */
void buf_reserve(struct buf *b, size_t more);
void buf_text(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static inline void
buf_add(struct buf *b, const char *p, size_t n)
{
    if (b->room - b->n <= n)
        buf_reserve(b, n);
    if (n > 0)
        memcpy(b->at + b->n, p, n);
    b->n += n;
    b->at[b->n] = '\0';
}

#endif
