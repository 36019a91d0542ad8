/* SPDX-License-Identifier: Apache-2.0 */
/* A document that is in memory, as a stream that a codec reads. Its window is
 * made so large, whatever the encoding (two bytes become three at most, one
 * becomes two), that it is filled at once and never moved: what was read stays
 * good when more is read. */
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

static enum mr_status
open_window(struct mr_cx *cx, struct mr_input *in, size_t n)
{
    size_t room = 3 * n + 1024;

    if (n > MR_DOCUMENT_MAX)
        return mr_fail(cx, MR_ELIMIT, "the document is larger than %d bytes",
                       MR_DOCUMENT_MAX);
    in->at = mr_resize(cx, NULL, room + 2 * MR_PADDING);
    if (in->at == NULL)
        return MR_EMEMORY;
    memset(in->at, 0, MR_PADDING);
    in->room = room;
    return MR_OK;
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
    if (open_window(cx, &w->in, n) == MR_OK)
        return &w->reader;
    call_reader_free(cx, &w->reader);
    return NULL;
}

enum mr_status
call_read(struct mr_cx *cx, struct mr_reader *r, void *record)
{
    enum mr_status st = mr_reader_next(cx, r, record), behind;
    void *other = mr_alloc(cx, r->doc->shape->size);

    if (st != MR_OK || other == NULL)
        return st != MR_OK ? st : cx->error.status;
    behind = mr_reader_next(cx, r, other);
    if (behind == MR_OK)
        return mr_fail(cx, MR_EFORMAT, "there is more than one record");
    return behind == MR_END ? MR_OK : behind;
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
