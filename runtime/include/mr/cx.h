/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context that every call carries: memory of the current document, the
 * first error, what the rules said about the current document. One context a
 * thread; no globals.
 */
#ifndef MR_CX_H
#define MR_CX_H

#include <stddef.h>
#include <stdio.h>

#include "mr/val.h"

enum mr_status {
    MR_OK = 0,
    MR_END = 1,             /* no further document */
    MR_EFORMAT = -1,        /* the input breaks its format's rules */
    MR_ELIMIT = -2,         /* over a size, depth or number limit */
    MR_EREAD = -3,
    MR_EWRITE = -4,
    MR_EMEMORY = -5,
    MR_EUSAGE = -6          /* wrong arguments or configuration */
};

/* Where memory comes from; tests replace it to let the n-th call fail. */
struct mr_memory {
    void *(*resize)(void *arg, void *p, size_t size);   /* realloc; size 0: free */
    void *arg;
};

/* Bump memory for one document; reset, not freed, between documents. */
struct mr_arena {
    struct mr_chunk *chunks;    /* the first is being filled */
    char *at, *end;
};

/* The first error of a stream. Position: where it was noticed. */
struct mr_error {
    enum mr_status status;      /* MR_OK: none */
    uint64_t document;          /* from 1; 0: not about a document */
    uint64_t offset;            /* bytes from the start of the stream */
    uint64_t line, column;      /* from 1, column in bytes; 0: unknown */
    char text[256];             /* one line, without a period */
};

enum mr_fate { MR_FATE_VALUE, MR_FATE_KEEP, MR_FATE_PARK, MR_FATE_REJECT };

struct mr_target;
struct mr_cx;

/* One value that failed and whose fate is to park or reject the document. */
struct mr_finding {
    const struct mr_target *target;
    struct mr_val value;
};

enum { MR_FINDINGS_MAX = 16 };

struct mr_verdict {
    bool parked, rejected;
    uint32_t n;                 /* all; the first MR_FINDINGS_MAX are kept */
    struct mr_finding findings[MR_FINDINGS_MAX];
};

/* Called for each conversion step while a field is traced. */
struct mr_trace {
    void (*step)(void *arg, const char *name, struct mr_val v);
    void (*put)(void *arg, const struct mr_target *t, struct mr_val v);
    void *arg;
};

/* Something that a conversion made and uses again: a compiled pattern, a time
 * zone. Lives until mr_cx_done, which calls release. */
struct mr_kept {
    struct mr_kept *next;
    const char *name;
    void (*release)(struct mr_cx *cx, struct mr_kept *kept);
};

struct mr_ids;

/* Finds the partner's key for `ref` on the way to a side (0 left, 1 right):
 * missing where it is not known. */
struct mr_finder {
    struct mr_val (*find)(void *arg, struct mr_cx *cx, const char *map,
                          int side, struct mr_val key);
    void *arg;
};

struct mr_cx {
    struct mr_memory memory;
    struct mr_arena doc;
    struct mr_error error;
    struct mr_verdict verdict;
    const struct mr_trace *trace;   /* NULL: not tracing */
    const struct mr_ids *ids;       /* ID map, or NULL */
    const struct mr_finder *finder;     /* asked instead of it, or NULL */
    struct mr_kept *kept;           /* what conversions keep */
};

/* memory NULL: malloc. */
void mr_cx_init(struct mr_cx *cx, const struct mr_memory *memory);
void mr_cx_done(struct mr_cx *cx);
/* Forgets the document: its memory, its verdict. Errors stay. */
void mr_cx_next(struct mr_cx *cx);

/* From the document's arena, not zeroed, aligned for any type; NULL when
 * memory ran out or the document takes too much (cx->error is set then). */
void *mr_alloc_slow(struct mr_cx *cx, size_t size);

static inline void *
mr_alloc(struct mr_cx *cx, size_t size)
{
    size_t whole = (size + 15) & ~(size_t)15;

    if (whole < size || (size_t)(cx->doc.end - cx->doc.at) < whole)
        return mr_alloc_slow(cx, size);
    void *p = cx->doc.at;
    cx->doc.at += whole;
    return p;
}

/* Long-lived memory from cx->memory. NULL sets cx->error. size 0 frees. */
void *mr_resize(struct mr_cx *cx, void *p, size_t size);

/* Sets the error unless one is there already; returns status. */
enum mr_status mr_fail(struct mr_cx *cx, enum mr_status status,
                       const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A step of a conversion, shown when tracing. */
static inline struct mr_val
mr_step(struct mr_cx *cx, const char *name, struct mr_val v)
{
    if (__builtin_expect(cx->trace != NULL, 0))
        cx->trace->step(cx->trace->arg, name, v);
    return v;
}

#endif
