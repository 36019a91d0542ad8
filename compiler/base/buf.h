/* SPDX-License-Identifier: Apache-2.0 */
/* A growing output buffer in an arena. `at` always ends with NUL. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t n, room;
};

void buf_init(struct buf *b, struct arena *a);
void buf_add(struct buf *b, const char *p, size_t n);
void buf_text(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
