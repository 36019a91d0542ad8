/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks for a chain of documents. First for the one that the user names; where
 * the map says so, anew for those that an answer names, several at a time, all
 * of it within the one time that the user waits:
 *
 *   docflow_begin    the first request
 *   docflow_send     off it goes; `done` is called once, from http_wait
 *
 * Where the first answer fails, there is no chain, and `first` says why; where
 * a later one does, a message does.
 */
#ifndef CALL_DOCFLOW_H
#define CALL_DOCFLOW_H

#include "call/call.h"
#include "call/chain.h"

enum { DOCFLOW_TOGETHER = 8, DOCFLOW_ASKED_MAX = 64, DOCFLOW_DEPTH_MAX = 8,
       DOCFLOW_MESSAGES_MAX = 100 };

/* A call under way for one document. */
struct docflow_ask {
    struct docflow *flow;
    struct calling q;
    struct mr_val number;       /* of the document */
    uint32_t depth;
    bool open;                  /* calling_done is due */
};

struct docflow {
    const struct mr_call *call;
    struct chain chain;
    struct docflow_ask first;
    struct docflow_ask asks[DOCFLOW_TOGETHER];
    uint32_t n_asks, under_way; /* of this round */
    uint32_t n_asked;           /* all in all */
    bool incomplete;            /* a message says what is not in it */
    struct call_message *messages;
    uint32_t n_messages;
    bool given_up;
    uint32_t within;            /* milliseconds */
    int64_t began;
    int64_t (*clock)(void);
    struct http_session *session;
    const char *url;
    void (*done)(void *arg, struct docflow *f);
    void *arg;
};

/* memory NULL: malloc; clock as of calling_init. */
void docflow_init(struct docflow *f, const struct mr_call *call,
                  const struct mr_memory *memory, int64_t (*clock)(void));
void docflow_done(struct docflow *f);

/* The user names this document. false: f->first.q.end says why not. */
bool docflow_begin(struct docflow *f, const char *key, size_t n);
/* The user waits only that long, if that is less than what the map says. */
void docflow_hurry(struct docflow *f, uint32_t within);
/* f stays where it is until `done` was called. The chain is finished then,
 * unless f->first.q.end is something else than CALL_ANSWERED. */
void docflow_send(struct docflow *f, struct http_session *session,
                  const char *url, void (*done)(void *arg, struct docflow *f),
                  void *arg);
/* Nobody waits any more. */
void docflow_cancel(struct docflow *f);

/* --- docflow_take.c --- */

/* What this answer says goes into the chain: its documents are new at `depth`
 * + 1. */
void docflow_take(struct docflow *f, struct docflow_ask *ask);
/* A message of the program's own. */
void docflow_say(struct docflow *f, struct mr_val number, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
