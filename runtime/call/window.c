/* SPDX-License-Identifier: Apache-2.0 */
/* A document that is in memory, as a stream that a codec reads. */
#include "call/call.h"


struct window {
    struct mr_reader reader;    /* first: what the caller has */
    struct mr_input in;
    const char *p, *end;        /* what is left to be read */
};

static long
read_bytes(void *arg, char *p, size_t n)
{
    struct window *w = arg;
    size_t left = (size_t)(w->end - w->p);

    n = n < left ? n : left;
    if (n > 0)
        memcpy(p, w->p, n);
    w->p += n;
    return (long)n;
}

struct mr_reader *
call_reader(struct mr_cx *cx, const char *p, size_t n,
            const struct mr_doc *doc)
{
    struct window *w = mr_resize(cx, NULL, sizeof *w);

    if (w == NULL)
        return NULL;
    w->p = p;
    w->end = p + n;
    mr_input_init(&w->in, read_bytes, w);
    mr_reader_init(&w->reader, &w->in, doc);
    return &w->reader;
}

void
call_reader_free(struct mr_cx *cx, struct mr_reader *r)
{
    struct window *w = (struct window *)r;

    if (w == NULL)
        return;
    mr_reader_done(cx, &w->reader);
    mr_input_done(cx, &w->in);
    mr_resize(cx, w, 0);
}
