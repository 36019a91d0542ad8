/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other encodings to UTF-8 by iconv, a block at a time. Raw bytes wait here
 * until they are a whole character. Bytes that are none in the encoding are an
 * error, never replaced.
 */
#include "codec/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

enum { BLOCK = 16 * 1024 };

struct mr_convert {
    iconv_t to_utf8;
    char name[64];
    char *raw;                  /* room bytes; [at, end) not converted yet */
    size_t room, at, end;
    bool eof;                   /* the read function has nothing more */
};

/* The bytes that the window holds and nothing has looked at yet. */
static void
take_rest(struct mr_input *in, struct mr_convert *c)
{
    size_t n = in->end - in->start;

    memcpy(c->raw, in->at + in->start, n);
    memcpy(c->raw + n, in->at + in->end + MR_PADDING, in->held);
    c->end = n + in->held;
    c->eof = in->read_eof;
    in->end = in->start;
    in->held = 0;
    /* Their lines are counted when they come back. */
    in->counted = 0;
    in->counted_line = in->line;
    in->eof = in->read_eof = false;
    memset(in->at + in->end, 0, MR_PADDING);
}

/* Encodings whose every character stands for itself. Others (UTF-7, ISO-2022,
 * those that wait for combining marks) change with what was read before, so
 * that a stream would depend on how its bytes come; none of them is taken. */
static bool
is_taken(const char *name)
{
    static const char *const names[] = {
        "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII",
        "windows-1250", "windows-1251", "windows-1252", "windows-1253",
        "windows-1254", "windows-1256", "windows-1257", "CP1250", "CP1251",
        "CP1252", "CP1253", "CP1254", "CP1256", "CP1257", "KOI8-R", "KOI8-U",
        "Shift_JIS", "EUC-JP", "EUC-KR", "GB2312", "GBK", "GB18030", "Big5",
    };

    if (strncasecmp(name, "ISO-8859-", 9) == 0)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

enum mr_status
mr_input_encoding(struct mr_cx *cx, struct mr_input *in, const char *name)
{
    size_t n = in->end - in->start + in->held;
    struct mr_convert *c;

    if (in->convert != NULL)
        return mr_input_fail(cx, in, MR_EFORMAT, in->start,
                             "the encoding can not change to %.40s here",
                             name);
    c = mr_resize(cx, NULL, sizeof *c);
    if (c == NULL)
        return MR_EMEMORY;
    memset(c, 0, sizeof *c);
    snprintf(c->name, sizeof c->name, "%s", name);
    c->room = n > BLOCK ? n : BLOCK;
    c->raw = mr_resize(cx, NULL, c->room);
    if (c->raw == NULL) {
        mr_resize(cx, c, 0);
        return MR_EMEMORY;
    }
    c->to_utf8 = is_taken(name) ? iconv_open("UTF-8", name) : (iconv_t)-1;
    if (c->to_utf8 == (iconv_t)-1) {
        mr_resize(cx, c->raw, 0);
        mr_resize(cx, c, 0);
        return mr_input_fail(cx, in, MR_EFORMAT, in->start,
                             "the encoding %.40s is not known", name);
    }
    take_rest(in, c);
    in->convert = c;
    return MR_OK;
}

/* More raw bytes behind those that wait. */
static enum mr_status
read_raw(struct mr_cx *cx, struct mr_input *in, struct mr_convert *c)
{
    long n;

    memmove(c->raw, c->raw + c->at, c->end - c->at);
    c->end -= c->at;
    c->at = 0;
    n = in->read(in->arg, c->raw + c->end, c->room - c->end);
    if (n < 0)
        return mr_input_fail(cx, in, MR_EREAD, in->end,
                             "the input can not be read: %s", strerror(errno));
    c->eof = n == 0;
    c->end += (size_t)n;
    return MR_OK;
}

enum mr_status
mr_convert_read(struct mr_cx *cx, struct mr_input *in)
{
    struct mr_convert *c = in->convert;
    size_t old = in->end;

    for (;;) {
        char *from = c->raw + c->at, *to = in->at + in->end;
        size_t n = c->end - c->at, room = in->room - in->end;
        size_t done = iconv(c->to_utf8, &from, &n, &to, &room);
        int why = done == (size_t)-1 ? errno : 0;
        enum mr_status st;

        c->at = (size_t)(from - c->raw);
        in->end = (size_t)(to - in->at);
        if (in->end > old)
            return MR_OK;
        /* The byte is done with, so that who goes on gets behind it. */
        if (why == EILSEQ || (why == EINVAL && c->eof)) {
            c->at++;
            return mr_input_fail(cx, in, MR_EFORMAT, in->end,
                                 "the input is not %.40s here (byte 0x%02x)",
                                 c->name, (unsigned char)c->raw[c->at - 1]);
        }
        if (why == 0 && c->eof) {
            in->read_eof = true;
            return MR_OK;
        }
        st = read_raw(cx, in, c);
        if (st != MR_OK)
            return st;
    }
}

void
mr_convert_done(struct mr_cx *cx, struct mr_input *in)
{
    struct mr_convert *c = in->convert;

    iconv_close(c->to_utf8);
    mr_resize(cx, c->raw, 0);
    mr_resize(cx, c, 0);
    in->convert = NULL;
}
