/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded files and places in them. A span is byte offsets into one file; line
 * and column are computed when something is shown.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { SOURCE_MAX_BYTES = 64 * 1024 * 1024 };

struct source {
    uint32_t id;            /* its index in `struct sources` */
    const char *name;       /* as shown to people: the path as it was given */
    const char *bytes;      /* ended with NUL */
    size_t n;
};

/* [from, to) in the source with this id. All zero: no place. */
struct span {
    uint32_t file;          /* id + 1; 0 is no place */
    uint32_t from, to;
};

struct place {
    const char *file;
    uint32_t line, column;  /* from 1; column counts characters */
};

struct sources;

struct sources *sources_new(struct arena *a);

/* Reads a file. NULL with errno set where it can't be read or is larger than
 * SOURCE_MAX_BYTES (EFBIG). The same path is loaded once. */
const struct source *source_load(struct sources *ss, const char *path);
/* Text that comes from memory (tests, the embedded library). */
const struct source *source_text(struct sources *ss, const char *name,
                                 const char *bytes, size_t n);
const struct source *source_get(const struct sources *ss, struct span at);

struct place source_place(const struct sources *ss, struct span at);
/* The line that holds `at`, without its line end. */
struct source_line {
    const char *p;
    size_t n;
} source_line(const struct sources *ss, struct span at);

/* From the start of `a` to the end of `b` (same file). */
struct span span_join(struct span a, struct span b);

#endif
