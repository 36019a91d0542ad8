/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differ: many documents, each a little different from one before, read here
 * and by a library. A seed makes a document, changes it in its structure, and
 * reads what comes of it with one context, so that what the readers remember
 * of earlier documents is met. The same seed does the same everywhere.
 */
#ifndef TESTS_DIFFER_DIFFER_H
#define TESTS_DIFFER_DIFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DRAFT_ROOM = 8192, SPANS_MAX = 400 };

/* A document that is being changed. */
struct draft {
    uint64_t state;
    size_t n;
    char p[DRAFT_ROOM + 64];
};

/* A part of it that means something by itself. Parts of one kind may stand for
 * one another. */
struct span {
    uint32_t start, end, kind;
};

struct spans {
    uint32_t n;
    struct span s[SPANS_MAX];
};

struct outcome {
    uint64_t read, taken, refused, unasked, records;
    bool failed;
    char what[4 * DRAFT_ROOM];
};

/* A seed's documents grow up to here; the more of them are small, the more are
 * read in the same time. */
static inline size_t
draft_full(uint64_t seed)
{
    return 800 >> seed / 3 % 3;
}

/* Below n. */
uint32_t draft_random(struct draft *d, uint32_t n);
void draft_set(struct draft *d, const char *p, size_t n);
/* Puts n bytes in the place of `old` bytes at `at`; too many: nothing. */
void draft_splice(struct draft *d, size_t at, size_t old, const char *p,
                  size_t n);
void draft_put(struct draft *d, size_t at, const char *words);
/* Any byte changed, out, in; a run of bytes twice or away; the end cut. */
void draft_damage(struct draft *d, const char *const *pieces, uint32_t n);
/* Parts of one kind change places, are there twice, gone, or elsewhere. `glue`
 * stands between two of them. */
void draft_move(struct draft *d, const struct spans *s, const char *glue);

void spans_add(struct spans *s, size_t start, size_t end, uint32_t kind);

/* Says how the two differ. */
void outcome_fail(struct outcome *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads a document and compares. */
typedef void bytes_fn(void *arg, struct draft *d, struct outcome *o);
/* Where the first error is; UINT64_MAX: it was taken. */
typedef uint64_t position_fn(void *arg, struct draft *d, struct outcome *o);
/* A good document that ends with its last byte: each byte in turn is every
 * STEPth other one, missing with all behind it, behind bytes that are not
 * UTF-8. */
void bytes_try(const char *text, uint32_t step, bytes_fn *try,
               position_fn *ask, void *arg, struct outcome *o);
/* The same with the document in a file. */
void bytes_sample(const char *path, uint32_t step, bytes_fn *try,
                  position_fn *ask, void *arg, struct outcome *o);

/* The first byte behind which nothing makes it a stream of JSON again; n: there
 * is none. *token: where the token begins in which it stands. */
size_t json_break(const char *p, size_t n, size_t *token);

/* Line and column of an error must be those of its offset. */
void outcome_place(struct outcome *o, const struct draft *d, uint64_t offset,
                   uint64_t line, uint64_t column);

void json_begin(void);
void json_seed(uint64_t seed, struct outcome *o);
/* Every byte of a valid document with every other value, and so on. */
void json_bytes(uint32_t step, struct outcome *o);
void xml_begin(void);
void xml_seed(uint64_t seed, struct outcome *o);
void xml_bytes(uint32_t step, struct outcome *o);

#endif
