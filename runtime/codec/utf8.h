/* SPDX-License-Identifier: Apache-2.0 */
/* Is it UTF-8, and how many lines are it? */
#ifndef CODEC_UTF8_H
#define CODEC_UTF8_H

#include "mr/cx.h"

/* The number of leading bytes of p that are whole, valid UTF-8 sequences. Adds
 * to *feeds how many of these bytes are line feeds. */
typedef size_t mr_utf8_fn(const char *p, size_t n, uint64_t *feeds);

/* A form of the check: all give the same results, for some the processor must
 * have more than every one of its kind has. */
struct mr_utf8_form {
    const char *name;
    mr_utf8_fn *check;
};

/* In the best form for this processor. */
size_t mr_utf8_lines(const char *p, size_t n, uint64_t *feeds);
size_t mr_utf8_valid(const char *p, size_t n);

/* How many of n bytes are line feeds. */
uint64_t mr_utf8_feeds(const char *p, size_t n);

/* The i-th form that this processor can take, from the plain one to the best;
 * NULL behind that. */
const struct mr_utf8_form *mr_utf8_form(size_t i);

/* The forms. */
mr_utf8_fn mr_utf8_plain, mr_utf8_ssse3, mr_utf8_avx2;

#endif
