/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands where one record ends and the next one begins, learned from
 * those that were read: `"}\n{"AccountID":"`. Where the same bytes stand again
 * there is likely such a place. Only likely: they may be part of a string.
 */
#ifndef HOST_SEAM_H
#define HOST_SEAM_H

#include <stdbool.h>
#include <stddef.h>

enum { SEAM_SIDE = 32 };    /* bytes looked at on each side */

struct host_seam {
    char bytes[2 * SEAM_SIDE];      /* the place is in the middle */
    size_t before, after;           /* bytes that count */
    unsigned samples;
};

/* One more such place at p; SEAM_SIDE bytes are readable on each side. */
void host_seam_learn(struct host_seam *s, const char *p);
/* The last such place in n bytes at p; 0: there is none. */
size_t host_seam_find(const struct host_seam *s, const char *p, size_t n);

#endif
