/* SPDX-License-Identifier: Apache-2.0 */
/* What of a value is not in another one: what has to be kept of it. */
#ifndef REPL_PART_H
#define REPL_PART_H

#include "mr/cx.h"

enum part { PART_NONE, PART_EMPTY, PART_BYTES };

enum {
    PART_NUMBER_MAX = 5,
    PART_MAX = 1 + 3 * PART_NUMBER_MAX,     /* besides the value's own bytes */
    PART_KEPT = 71              /* what a link stores with the parts of one side
                                   of a rule: its name and row, hashes, the
                                   seal */
};

/* Missing is as empty. */
bool part_same(struct mr_val a, struct mr_val b);
/* What of v is not in what comes; how many bytes: PART_MAX and those of v at
 * most. */
size_t part_put(char *p, struct mr_val v, struct mr_val comes);
/* The bytes of a part, and how many of what comes stand around them. */
bool part_get(const char **at, const char *end, enum part *kind,
              uint32_t around[2], struct mr_val *bytes);
/* The value again; false: the part is not one of what comes. */
bool part_value(struct mr_cx *cx, const char **at, const char *end,
                struct mr_val comes, struct mr_val *out);

#endif
