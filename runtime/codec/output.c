/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output buffer: grows while a document is written, is emptied between
 * documents. What a write function has refused is not offered again, so that
 * nothing is written twice.
 */
#include "codec/output.h"

#include <errno.h>
#include <unistd.h>

enum { FIRST_ROOM = 64 * 1024, FLUSH_AT = 64 * 1024 };

void
mr_output_init(struct mr_output *out, mr_write_fn *write_all, void *arg)
{
    memset(out, 0, sizeof *out);
    out->write = write_all;
    out->arg = arg;
}

void
mr_output_done(struct mr_cx *cx, struct mr_output *out)
{
    mr_resize(cx, out->at, 0);
    out->at = NULL;
    out->n = out->room = out->mark = 0;
}

int
mr_write_fd(void *arg, const char *p, size_t n)
{
    int fd = *(int *)arg;

    while (n > 0) {
        ssize_t done = write(fd, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done == 0)
            errno = EIO;
        if (done <= 0)
            return -1;
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

enum mr_status
mr_output_grow(struct mr_cx *cx, struct mr_output *out, size_t n)
{
    size_t room = out->room == 0 ? FIRST_ROOM : out->room;
    char *at;

    if (n > SIZE_MAX / 4 || out->n > SIZE_MAX / 4)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    while (room - out->n < n)
        room *= 2;
    at = mr_resize(cx, out->at, room);
    if (at == NULL)
        return MR_EMEMORY;
    out->at = at;
    out->room = room;
    return MR_OK;
}

enum mr_status
mr_output_add(struct mr_cx *cx, struct mr_output *out, const char *p, size_t n)
{
    enum mr_status st = mr_output_room(cx, out, n);

    if (st != MR_OK)
        return st;
    if (n != 0)
        memcpy(out->at + out->n, p, n);
    out->n += n;
    return MR_OK;
}

void
mr_output_begin(struct mr_output *out)
{
    out->mark = out->n;
}

enum mr_status
mr_output_keep(struct mr_cx *cx, struct mr_output *out)
{
    out->mark = out->n;
    return out->hold || out->n < FLUSH_AT ? MR_OK : mr_output_flush(cx, out);
}

void
mr_output_drop(struct mr_output *out)
{
    out->n = out->mark;
}

enum mr_status
mr_output_flush(struct mr_cx *cx, struct mr_output *out)
{
    size_t n = out->mark, open = out->n - out->mark;
    int failed = 0, why = 0;

    if (n == 0 || out->write == NULL)
        return MR_OK;
    failed = out->write(out->arg, out->at, n);
    why = errno;
    memmove(out->at, out->at + n, open);
    out->n = open;
    out->mark = 0;
    if (failed)
        return mr_fail(cx, MR_EWRITE, "the output can not be written: %s",
                       strerror(why));
    return MR_OK;
}
