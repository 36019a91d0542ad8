/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call that has one effect for each key, however often it is made, and
 * whatever breaks in between. Before it is sent the journal has it; what became
 * of it where no answer came is found by another call, which looks; only what
 * is not there, and can't come any more, is sent once more. It can't where the
 * time that its caller waited for the first one is over: a system that works on
 * for longer, and has not kept the reference by then, is beyond what can be
 * known from here.
 *
 *   once_begin    after calling_begin: the caller's document once more, to see
 *                 that it could be looked up
 *   once_send     instead of calling_send
 */
#ifndef CALL_ONCE_H
#define CALL_ONCE_H

#include "call/call.h"
#include "call/journal.h"

struct once {
    struct calling *q;
    const struct mr_call *find; /* looks whether it was done */
    struct call_journal *journal;
    const struct mr_doc *reads; /* the caller's document as `find` reads it;
                                   NULL: by its own tables */
    struct calling look;
    bool looks, open;           /* under way; calling_done is due */
    bool done_before;           /* that it was done is known, but no more */
    struct bytes how;           /* the look's address, NUL, request */
    struct journal_entry entry;
    int64_t (*now)(void);       /* microseconds since 1970 UTC */
    struct http_session *session;
    const char *url;
    void (*done)(void *arg, struct calling *q);
    void *arg;
};

/* `find` of the program's calls; q stays where it is. */
void once_init(struct once *o, struct calling *q, const struct mr_call *find,
               struct call_journal *journal, int64_t (*now)(void));
void once_done(struct once *o);
/* The caller's document: makes the look's request. false: q->end says why it
 * can't be made. */
bool once_begin(struct once *o, const char *p, size_t n);
/* `done` is called once, from here or from http_wait: q has the answer, or
 * says why there is none. */
void once_send(struct once *o, struct http_session *session, const char *url,
               void (*done)(void *arg, struct calling *q), void *arg);
/* Nobody waits any more: the next one looks what became of it. */
void once_cancel(struct once *o);
/* Is there any value in this answer? calling_write's text of JSON. */
bool once_is_there(const char *p, size_t n);

#endif
