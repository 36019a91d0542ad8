/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One growing buffer in front of a write function. A document is written
 * whole or, after mr_output_drop, not at all.
 */
#ifndef CODEC_OUTPUT_H
#define CODEC_OUTPUT_H

#include "mr/cx.h"

/* All n bytes at p. 0, or -1 with errno set. */
typedef int mr_write_fn(void *arg, const char *p, size_t n);

struct mr_output {
    char *at;
    size_t n, room;
    size_t mark;            /* where the current document starts */
    bool hold;              /* nothing is written out but by a flush */
    mr_write_fn *write;
    void *arg;
};

/* write NULL: what is written stays at out->at, out->n bytes. */
void mr_output_init(struct mr_output *out, mr_write_fn *write, void *arg);
void mr_output_done(struct mr_cx *cx, struct mr_output *out);
int mr_write_fd(void *arg, const char *p, size_t n);    /* arg: int * */

/* Room for n more bytes at at + n; MR_EMEMORY. */
enum mr_status mr_output_grow(struct mr_cx *cx, struct mr_output *out, size_t n);

static inline enum mr_status
mr_output_room(struct mr_cx *cx, struct mr_output *out, size_t n)
{
    return out->room - out->n >= n ? MR_OK : mr_output_grow(cx, out, n);
}

enum mr_status mr_output_add(struct mr_cx *cx, struct mr_output *out,
                             const char *p, size_t n);
/* Begin, keep or drop a document; keep writes out when there is enough. */
void mr_output_begin(struct mr_output *out);
enum mr_status mr_output_keep(struct mr_cx *cx, struct mr_output *out);
void mr_output_drop(struct mr_output *out);
enum mr_status mr_output_flush(struct mr_cx *cx, struct mr_output *out);

#endif
