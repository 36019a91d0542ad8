/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of a stream as one window of memory: the current document from its
 * first byte, as far as it has been read. A codec works in [at + start,
 * at + end); when it meets the end and `eof` is false it asks for more and
 * starts the document again. The window is bounded by `limit`.
 */
#ifndef CODEC_INPUT_H
#define CODEC_INPUT_H

#include "codec/utf8.h"
#include "mr/cx.h"

enum {
    MR_PADDING = 64,                    /* zero bytes behind `end`, readable */
    MR_WINDOW = 256 * 1024,             /* first size of the window */
    MR_DOCUMENT_MAX = 64 * 1024 * 1024  /* default of `limit` */
};

/* Up to n bytes into p. Returns how many, 0 at the end, -1 with errno set. */
typedef long mr_read_fn(void *arg, char *p, size_t n);

struct mr_input {
    char *at;
    size_t start, end;      /* the bytes not yet consumed */
    size_t room;            /* bytes at `at`, padding not counted */
    size_t limit;           /* of one document */
    bool eof;               /* nothing comes after `end` */
    /* Bytes read that are not, or not yet, whole UTF-8 sequences: `held` of
     * them stand at at + end + MR_PADDING. Codecs see them when the rest has
     * come; where it can not be UTF-8 the next mr_input_more fails. So what
     * stands in front of a bad byte is decoded first, however it was read. */
    size_t held;
    bool read_eof;          /* the read function has nothing more */
    uint64_t offset;        /* of at[0] in the stream */
    uint64_t line;          /* of at[0], from 1 */
    uint64_t line_start;    /* offset in the stream where that line starts */
    /* The same of at[noted], so that many errors in one window do not count
     * its lines from the front each time. */
    size_t noted;
    uint64_t noted_line, noted_start;
    /* And the line of at[counted], as far as the lines were counted while the
     * bytes were read: up to `end`, or a little less. */
    size_t counted;
    uint64_t counted_line;
    uint64_t documents;     /* given out or refused so far */
    mr_read_fn *read;
    void *arg;
    struct mr_convert *convert;     /* other encoding to UTF-8, or NULL */
};

void mr_input_init(struct mr_input *in, mr_read_fn *read, void *arg);
void mr_input_done(struct mr_cx *cx, struct mr_input *in);

/* A read function over a file descriptor (arg: int *). */
long mr_read_fd(void *arg, char *p, size_t n);

/* Where fd is a pipe: asks for one that holds as much as the window. Who
 * writes into it waits less, and less often a document is cut by the end of a
 * read and read again. Nothing depends on it. */
void mr_widen_pipe(int fd);

/* Reads more behind `end`: moves the window to `start` first where that makes
 * room, doubles it up to `limit` where not. MR_OK (then end has grown, or eof
 * is set), MR_ELIMIT, MR_EREAD, MR_EMEMORY, or MR_EFORMAT where the next byte
 * is not UTF-8 (its position). All in [at, at + end) is valid UTF-8. With
 * `convert` set, the bytes come from mr_convert_read (codec/encoding.h). */
enum mr_status mr_input_more(struct mr_cx *cx, struct mr_input *in);

/* Everything before at + start is done with. */
void mr_input_consume(struct mr_input *in, size_t start);

/* mr_fail with the position of byte `where` (index in `at`) filled in. */
enum mr_status mr_input_fail(struct mr_cx *cx, struct mr_input *in,
                             enum mr_status status, size_t where,
                             const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* From here on the stream is in this encoding (iconv's name); the bytes not
 * yet consumed, too. MR_EFORMAT where the name is unknown. */
enum mr_status mr_input_encoding(struct mr_cx *cx, struct mr_input *in,
                                 const char *name);

/* After an error: throws away bytes, valid or not, up to behind the first line
 * feed at or behind byte `where` (index in `at`). MR_OK, MR_END where the
 * stream ends before, MR_EREAD, MR_EMEMORY. */
enum mr_status mr_input_skip_line(struct mr_cx *cx, struct mr_input *in,
                                  size_t where);

#endif
