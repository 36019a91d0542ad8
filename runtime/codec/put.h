/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the encoders write. Their functions take where to write, `to`, and
 * return where to go on: NULL where something failed.
 */
#ifndef CODEC_PUT_H
#define CODEC_PUT_H

#include "codec/output.h"

enum {
    SLACK = 64      /* room behind what is written: vectors, quotes, commas */
};

struct put {
    struct mr_cx *cx;
    struct mr_output *out;
    char *end;              /* of the room, SLACK taken off */
    bool pretty;
    uint32_t depth;
    /* XML only: what says 'missing' (missing: nothing does); of the record that
     * was written last: one of its members has a value, one is an element. */
    struct mr_val nodata;
    bool any, lines;
};

static inline char *
put_grow(struct put *w, char *to, size_t n)
{
    struct mr_output *out = w->out;

    out->n = to == NULL ? out->n : (size_t)(to - out->at);
    if (mr_output_room(w->cx, out, n + SLACK) != MR_OK)
        return NULL;
    w->end = out->at + out->room - SLACK;
    return out->at + out->n;
}

/* Room for n bytes and SLACK. */
static inline char *
put_room(struct put *w, char *to, size_t n)
{
    return w->end - to >= (ptrdiff_t)n ? to : put_grow(w, to, n);
}

/* A new line, where lines are wanted. */
static inline char *
put_line(struct put *w, char *to)
{
    size_t n = 2 * (size_t)w->depth;

    if (!w->pretty)
        return to;
    to = put_room(w, to, n + 1);
    if (to == NULL)
        return NULL;
    *to++ = '\n';
    memset(to, ' ', n);
    return to + n;
}

#endif
