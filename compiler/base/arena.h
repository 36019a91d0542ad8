/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only owner of compiler memory. Everything made during one compilation
 * lives until arena_free; nothing in the compiler frees single objects.
 * No call fails: out of memory prints a line and exits with status 70.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, but not zeroed: for what is written at once. */
void *arena_raw(struct arena *a, size_t size);

/* A copy of the n bytes at p, ended with NUL. */
char *arena_copy(struct arena *a, const char *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
