/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attachment goes from one system to the other: what it is (its name, whose
 * it is) as the request of a call, its bytes as one field of that, read and
 * sent at the same time, with at most ATTACHMENT_ROOM of them between.
 *
 *   attachment_begin   which one
 *   attachment_send    off it goes; `done` is called once, from http_wait or
 *                      from attachment_watch or attachment_cancel
 *
 * What is cut off while it is read is not made there: the request ends before
 * its end.
 */
#ifndef CALL_ATTACHMENT_H
#define CALL_ATTACHMENT_H

#include "call/document.h"

enum { ATTACHMENT_ROOM = 128 * 1024 };

struct attachment_place {
    struct http_session *session;
    const char *url;
};

struct attachment {
    struct calling q;           /* first: making it there */
    struct calling record;      /* what it is */
    struct document source;     /* its bytes */
    struct mr_call from;        /* of these two */
    bool record_open, source_open, q_open;
    bool failed, sent, holding, cancelled;
    bool waits;                 /* the request, for bytes */
    int64_t moved;              /* of the request */
    const char *head;           /* the request, up to the bytes */
    size_t head_n;
    size_t told;                /* of the head, then of the tail */
    char tail[16];              /* what closes it */
    size_t tail_n;
    struct base64 base64;
    size_t at, n;               /* of the ring */
    struct attachment_place there;
    struct attachment_place here;
    void (*done)(void *arg, struct attachment *a);
    void *arg;
    char ring[ATTACHMENT_ROOM];
};

/* memory NULL: malloc; clock as of calling_init. */
void attachment_init(struct attachment *a, const struct mr_call *call,
                     const struct mr_memory *memory, int64_t (*clock)(void));
void attachment_done(struct attachment *a);

/* As calling_hurry. */
void attachment_hurry(struct attachment *a, uint32_t within);
/* The record with this key. false: it can't be one; attachment_said. */
bool attachment_begin(struct attachment *a, const char *key, size_t n);
void attachment_send(struct attachment *a, struct attachment_place from,
                     struct attachment_place to,
                     void (*done)(void *arg, struct attachment *a), void *arg);
/* Due several times a second. */
void attachment_watch(struct attachment *a);
/* Nobody waits any more. */
void attachment_cancel(struct attachment *a);
/* How it ended: CALL_ANSWERED, it is there; else of the part that says why it
 * is not. */
struct calling *attachment_said(struct attachment *a);

#endif
