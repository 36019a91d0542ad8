/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is the same in all records of a shape when they are written: the text
 * that stands in front of its values and behind them. The tables of generated
 * code hold it in constants of their exact length. A plan is a copy with room
 * behind it, so that 32 bytes may be copied from the beginning of each text
 * whatever its length is: two vectors instead of a call of memcpy.
 */
#ifndef CODEC_PLAN_H
#define CODEC_PLAN_H

#include "mr/shape.h"

enum { PLAN_COPY = 32 };

struct plan;

struct plan_step {
    const char *open, *close;   /* those of shape->write[i] */
    struct plan *inner;         /* of what is in it, from its first use on */
};

struct plan {
    struct mr_kept kept;
    const struct mr_shape *shape;
    struct plan_step steps[];   /* shape->n_write of them */
};

/* The plan of this shape. The context keeps it, so the shape has to outlive
 * it. NULL sets cx->error. */
struct plan *mr_plan(struct mr_cx *cx, const struct mr_shape *shape);

/* Copies n bytes of a plan's text; where they are fewer than PLAN_COPY, that
 * many are written. Returns the end of the n bytes. */
static inline char *
plan_copy(char *to, const char *text, size_t n)
{
    memcpy(to, text, PLAN_COPY);
    if (__builtin_expect(n > PLAN_COPY, 0))
        memcpy(to + PLAN_COPY, text + PLAN_COPY, n - PLAN_COPY);
    return to + n;
}

#endif
