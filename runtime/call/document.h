/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of the called system, as a stream: asked for with one value, its
 * type and its size looked at, handed on piece by piece. There is never more of
 * it in memory than one piece.
 *
 *   document_begin   the request
 *   document_send    off it goes; `done` is called once, from http_wait
 *
 * The first piece may come at any time within the call's; from then on each has
 * to come within that time after the one before.
 */
#ifndef CALL_DOCUMENT_H
#define CALL_DOCUMENT_H

#include "call/call.h"
#include "call/media_type.h"
#include "call/xml_bytes.h"

/* Where it goes. */
struct document_sink {
    /* Before the first piece; size UINT64_MAX: not known. false: it can't be
     * taken. */
    bool (*begin)(void *arg, const char *type, uint64_t size);
    /* How much it takes now; document_go_on is due when there is more. */
    size_t (*room)(void *arg);
    bool (*put)(void *arg, const char *p, size_t n);
};

enum {
    DOCUMENT_START = 4096,
    DOCUMENT_PIECE = 64 * 1024  /* no more comes at a time */
};

struct document {
    struct calling q;           /* first: the answer's pieces find it */
    const struct document_sink *sink;
    void *sink_arg;
    void (*done)(void *arg, struct document *d);
    void *arg;
    char first[MEDIA_BYTES];    /* until the sink has begun */
    size_t n_first;
    bool begun;                 /* the sink */
    bool waits;                 /* for the sink */
    const char *type;
    uint64_t size, sent;        /* bytes; UINT64_MAX: not known */
    int64_t moved;              /* microseconds: the last piece */
    struct xml_bytes xml;
    char start[DOCUMENT_START]; /* of an answer in XML: it may be a fault */
    size_t n_start;
};

/* memory NULL: malloc; clock as of calling_init. */
void document_init(struct document *d, const struct mr_call *call,
                   const struct mr_memory *memory, int64_t (*clock)(void));
void document_done(struct document *d);

/* The user names this document. false: d->q.end says why not. */
bool document_begin(struct document *d, const char *key, size_t n);
/* d stays where it is until `done` was called. CALL_ANSWERED: all of it went to
 * the sink. Else d->begun says whether some of it did. */
void document_send(struct document *d, struct http_session *session,
                   const char *url, const struct document_sink *sink,
                   void *sink_arg, void (*done)(void *arg, struct document *d),
                   void *arg);
/* The sink has room again. */
void document_go_on(struct document *d);
/* Due several times a second: ends it when its time is over. */
void document_watch(struct document *d);
/* Nobody waits any more. */
void document_cancel(struct document *d);

#endif
