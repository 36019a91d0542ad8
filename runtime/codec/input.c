/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input window: reading behind its end, checking that what was read is
 * UTF-8, moving it along the stream, positions in the stream.
 *
 * The window moves only when less than a quarter of it is free and the open
 * document fills at most half of it; else it doubles. So the bytes moved are
 * in proportion to the bytes read.
 */
#define _GNU_SOURCE             /* F_SETPIPE_SZ */
#include "codec/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "codec/encoding.h"

/* Offsets in a window fit 32 bits, as lengths of values do; the smallest has
 * room for a few characters. */
enum { WINDOW_MIN = 16, WINDOW_MAX = 1 << 30 };

void
mr_input_init(struct mr_input *in, mr_read_fn *read_some, void *arg)
{
    memset(in, 0, sizeof *in);
    in->limit = MR_DOCUMENT_MAX;
    in->line = in->noted_line = in->counted_line = 1;
    in->read = read_some;
    in->arg = arg;
}

void
mr_input_done(struct mr_cx *cx, struct mr_input *in)
{
    if (in->convert != NULL)
        mr_convert_done(cx, in);
    mr_resize(cx, in->at, 0);
    in->at = NULL;
    in->start = in->end = in->room = in->held = 0;
}

long
mr_read_fd(void *arg, char *p, size_t n)
{
    int fd = *(int *)arg;
    ssize_t got;

    do
        got = read(fd, p, n);
    while (got < 0 && errno == EINTR);
    return got;
}

void
mr_widen_pipe(int fd)
{
#ifdef F_SETPIPE_SZ
    (void)fcntl(fd, F_SETPIPE_SZ, (int)MR_WINDOW);
#else
    (void)fd;
#endif
}

void
mr_input_consume(struct mr_input *in, size_t start)
{
    in->start = start;
}

/* The line of byte `where`: from the nearest byte whose line is known. */
static uint64_t
find_line(const struct mr_input *in, size_t where)
{
    size_t from = where >= in->noted ? in->noted : 0;
    uint64_t line = from > 0 ? in->noted_line : in->line;

    if (in->at == NULL)
        return line;
    if (in->counted >= where && in->counted - where < where - from)
        return in->counted_line -
               mr_utf8_feeds(in->at + where, in->counted - where);
    if (in->counted < where && in->counted > from) {
        from = in->counted;
        line = in->counted_line;
    }
    return line + mr_utf8_feeds(in->at + from, where - from);
}

/* Where in the stream that line starts: where it is another one than that of
 * at[0], a line feed stands in front of it. */
static uint64_t
find_line_start(const struct mr_input *in, size_t where, uint64_t line)
{
    if (line == in->line)
        return in->line_start;
    if (line == in->noted_line && where >= in->noted)
        return in->noted_start;
    while (in->at[where - 1] != '\n')
        where--;
    return in->offset + where;
}

/* Drops everything in front of `start`. */
static void
move_window(struct mr_input *in)
{
    size_t n = in->start;
    uint64_t line = find_line(in, n);

    in->line_start = in->noted_start = find_line_start(in, n, line);
    in->line = in->noted_line = line;
    in->noted = 0;
    if (in->counted < n)
        in->counted_line = line;
    in->counted = in->counted < n ? 0 : in->counted - n;
    in->offset += n;
    memmove(in->at, in->at + n, in->end - n + MR_PADDING + in->held);
    in->end -= n;
    in->start = 0;
}

static enum mr_status
resize_window(struct mr_cx *cx, struct mr_input *in, size_t room)
{
    char *at = mr_resize(cx, in->at, room + 2 * MR_PADDING);

    if (at == NULL)
        return MR_EMEMORY;
    if (in->at == NULL)
        memset(at, 0, MR_PADDING);
    in->at = at;
    in->room = room;
    return MR_OK;
}

static size_t
window_limit(const struct mr_input *in)
{
    if (in->limit < WINDOW_MIN)
        return WINDOW_MIN;
    return in->limit < WINDOW_MAX ? in->limit : WINDOW_MAX;
}

/* Room to read into. A converter gets enough for any one character. */
static enum mr_status
make_room(struct mr_cx *cx, struct mr_input *in)
{
    size_t limit = window_limit(in);
    size_t open = in->end - in->start, room = in->room;
    size_t need = in->convert == NULL ? 1 : MR_PADDING;
    size_t free_bytes = room - in->end - in->held;

    if (room == 0)
        return resize_window(cx, in, limit < MR_WINDOW ? limit : MR_WINDOW);
    if (free_bytes >= need && free_bytes >= room / 4)
        return MR_OK;
    if (in->start > 0 && (open <= room / 2 || room >= limit))
        move_window(in);
    else if (room < limit)
        return resize_window(cx, in, room < limit / 2 ? room * 2 : limit);
    if (in->room - in->end - in->held >= need)
        return MR_OK;
    return mr_input_fail(cx, in, MR_ELIMIT, in->end,
                         "the document is larger than %zu bytes", limit);
}

/* Reads once, behind the held bytes that now stand at `end`. */
static enum mr_status
read_once(struct mr_cx *cx, struct mr_input *in, size_t *got)
{
    long n = in->read(in->arg, in->at + in->end + *got,
                      in->room - in->end - *got);

    if (n < 0)
        return mr_input_fail(cx, in, MR_EREAD, in->end,
                             "the input can not be read: %s", strerror(errno));
    if (n == 0)
        in->read_eof = true;
    *got += (size_t)n;
    return MR_OK;
}

static enum mr_status
read_behind(struct mr_cx *cx, struct mr_input *in)
{
    char *end = in->at + in->end;
    size_t got = in->held, old = in->end, valid;
    enum mr_status st;

    memmove(end, end + MR_PADDING, got);
    if (in->convert == NULL) {
        st = read_once(cx, in, &got);
    } else {
        st = mr_convert_read(cx, in);
        got = in->end - old;
        in->end = old;
    }
    in->counted_line += mr_utf8_feeds(in->at + in->counted, old - in->counted);
    valid = mr_utf8_lines(end, got, &in->counted_line);
    in->held = got - valid;
    in->end = in->counted = old + valid;
    end = in->at + in->end;
    memmove(end + MR_PADDING, end, in->held);
    memset(end, 0, MR_PADDING);
    return st;
}

/* Can what is held not become UTF-8, whatever follows? The first or the last
 * of all continuation bytes makes every beginning of a sequence whole. */
static bool
is_bad(const struct mr_input *in)
{
    char low[8], high[8];
    size_t n = in->held;

    if (n == 0 || n >= 4 || in->read_eof)
        return n != 0;
    memset(low, 0x80, sizeof low);
    memset(high, 0xbf, sizeof high);
    memcpy(low, in->at + in->end + MR_PADDING, n);
    memcpy(high, low, n);
    return mr_utf8_valid(low, n + 3) == 0 && mr_utf8_valid(high, n + 3) == 0;
}

enum mr_status
mr_input_more(struct mr_cx *cx, struct mr_input *in)
{
    size_t old;

    do {
        enum mr_status st;

        if (is_bad(in))
            return mr_input_fail(cx, in, MR_EFORMAT, in->end,
                                 "the input is not UTF-8 here (byte 0x%02x)",
                                 (unsigned char)in->at[in->end + MR_PADDING]);
        if (in->read_eof) {
            in->eof = true;
            return MR_OK;
        }
        st = make_room(cx, in);
        old = in->end;
        if (st == MR_OK)
            st = read_behind(cx, in);
        if (st != MR_OK)
            return st;
    } while (in->end == old);
    return MR_OK;
}

enum mr_status
mr_input_fail(struct mr_cx *cx, struct mr_input *in, enum mr_status status,
              size_t where, const char *fmt, ...)
{
    char text[sizeof cx->error.text];
    va_list args;

    if (cx->error.status != MR_OK)
        return status;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    mr_fail(cx, status, "%s", text);
    cx->error.document = in->documents + 1;
    cx->error.offset = in->offset + where;
    cx->error.line = find_line(in, where);
    cx->error.column = cx->error.offset -
                       find_line_start(in, where, cx->error.line) + 1;
    return status;
}

/* Throws away the held bytes up to behind the first line feed among them;
 * what follows it becomes the next input. True: there was one. */
static bool
skip_held(struct mr_input *in)
{
    char *from = in->at + in->end + MR_PADDING;
    char *line = memchr(from, '\n', in->held);
    size_t n = line == NULL ? in->held : (size_t)(line + 1 - from);
    size_t rest = in->held - n, valid;

    in->offset += n;
    if (line != NULL) {
        in->noted_line = in->counted_line = ++in->line;
        in->noted_start = in->line_start = in->offset + in->end;
    }
    valid = mr_utf8_valid(from + n, rest);
    memmove(from - MR_PADDING, from + n, valid);
    in->held = rest - valid;
    in->end += valid;
    memmove(from + valid, from + n + valid, in->held);
    memset(from + valid - MR_PADDING, 0, MR_PADDING);
    return line != NULL;
}

enum mr_status
mr_input_skip_line(struct mr_cx *cx, struct mr_input *in, size_t where)
{
    for (;;) {
        char *line = in->at == NULL
                         ? NULL
                         : memchr(in->at + where, '\n', in->end - where);
        enum mr_status st;

        if (line != NULL) {
            mr_input_consume(in, (size_t)(line + 1 - in->at));
            in->noted_line = find_line(in, in->start);
            in->noted_start = in->offset + in->start;
            in->noted = in->start;
            return MR_OK;
        }
        if (in->at != NULL) {
            mr_input_consume(in, in->end);
            move_window(in);
            if (in->held > 0 && skip_held(in))
                return MR_OK;
        }
        where = 0;
        if (in->eof)
            return MR_END;
        st = mr_input_more(cx, in);
        if (st == MR_EFORMAT)
            cx->error.status = MR_OK;
        else if (st != MR_OK)
            return st;
    }
}
