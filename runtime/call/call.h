/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call: a caller's record becomes a request of the called system, its
 * answer a record of the caller's. The steps are told apart so that many calls
 * can be under way in one thread:
 *
 *   calling_begin    the caller's document, mapped to the request
 *   calling_send     off it goes; `done` is called once, from http_wait
 *   calling_write    the answer as the caller's document
 *
 * SOAP 1.1 over HTTP: https://www.w3.org/TR/2000/NOTE-SOAP-20000508/; or JSON,
 * where some of the request may stand in the address.
 */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include "codec/codec.h"
#include "http/bytes.h"
#include "http/client.h"
#include "mr/program.h"

enum call_end {
    CALL_OPEN,              /* not at its end yet */
    CALL_ANSWERED,          /* the answer is there */
    CALL_INPUT,             /* the caller's document can't be read: cx.error */
    CALL_HELD,              /* a rule refused it, on its way there or back:
                               cx.verdict */
    CALL_FAULT,             /* the called system refused it */
    CALL_LATE,              /* no answer within the time */
    CALL_NOT_SENT,          /* the called system was not reached */
    CALL_DENIED,            /* it refused our credentials */
    CALL_BROKEN,            /* sent, but no whole answer came */
    CALL_GARBLED,           /* what came is no answer */
    CALL_BUSY,              /* the same is under way, or may be: once.h */
    CALL_FAILED             /* memory ran out: cx.error */
};

enum call_severity {
    CALL_SUCCESS, CALL_INFO, CALL_WARNING, CALL_ERROR
};

/* What the called system says beside the answer. */
struct call_message {
    enum call_severity severity;
    struct mr_val text, number, item;
};

struct calling {
    struct mr_cx cx;            /* its document is first the request's, then
                                   the answer's */
    const struct mr_call *call;
    const struct mr_doc *reads, *writes;    /* the caller's documents: the
                                   call's own, unless set otherwise */
    enum call_end end;
    bool again;                 /* it was sent a second time */
    bool given_up;              /* calling_cancel */
    bool token_asked, token_refused;    /* token.c: once each */
    bool answering;             /* what holds it was said on the way back */
    bool repeated;              /* the answer is to a call before: once.h */
    char text[512];             /* for FAULT to GARBLED: what happened */
    struct mr_output request;
    struct bytes address;       /* not SOAP: behind the system's own, with its
                                   padding; empty: nothing */
    struct bytes url;           /* … and both together */
    struct http_reply reply;
    struct mr_reader *reader;   /* values of the answer point into it */
    void *answer;               /* the caller's record; NULL: none */
    char *asked;                /* keys of the rows asked for: asked.c */
    size_t asked_n;
    struct bytes key;           /* by which its effect is told: each key's
                                   length, 4 bytes, and its text */
    struct call_message *messages;
    uint32_t n_messages;
    uint32_t within;            /* milliseconds that its caller waits */
    char wait[24];              /* "wait=2" for the next hop */
    int64_t began;              /* microseconds of a clock that only goes
                                   forward */
    int64_t (*clock)(void);
    void (*done)(void *arg, struct calling *q);
    void *arg;
    char action[300], token[HTTP_CSRF_MAX];
    struct http_header headers[4];
    /* Set by who takes the answer piece by piece; the time is its affair then,
     * and `over` is told of the end of a good answer. NULL: it is mapped. */
    enum http_take (*take)(void *arg, const struct http_reply *head,
                           const char *p, size_t n);
    void (*over)(struct calling *q);
    bool taken;                 /* some of it was */
    /* The same of the request's body (http/client.h); NULL: `request`. */
    long (*give)(void *arg, char *p, size_t n);
    size_t give_n;
    struct http_session *session;       /* while it is under way */
    const char *to;             /* its address */
};

/* memory NULL: malloc. `clock`: microseconds that only go forward; the time
 * that the caller waits begins now. */
void calling_init(struct calling *q, const struct mr_call *call,
                  const struct mr_memory *memory, int64_t (*clock)(void));
void calling_done(struct calling *q);

/* The caller's document, one record of the left system. false: q->end says
 * why. */
bool calling_begin(struct calling *q, const char *p, size_t n);
/* The same of a record that only has this text in this field. */
bool calling_begin_key(struct calling *q, const char *name, const char *key,
                       size_t n);
/* Posts the request. q stays where it is until `done` was called. */
void calling_send(struct calling *q, struct http_session *session,
                  const char *url, void (*done)(void *arg, struct calling *q),
                  void *arg);
/* The caller waits only that long, if that is less than what the call says. */
void calling_hurry(struct calling *q, uint32_t within);
/* Nobody waits any more: ends what is under way. Where it is, `done` is called;
 * the called system may do it all the same. */
void calling_cancel(struct calling *q);
/* What is left of its time, milliseconds. */
uint32_t calling_left(const struct calling *q);
/* The answer. MR_OK, or cx.error. */
enum mr_status calling_write(struct calling *q, struct mr_output *out,
                             bool pretty);

/* --- answer.c --- */

/* From q->reply: sets end, text, answer and messages. */
void calling_answer(struct calling *q);

/* --- asked.c --- */

/* Keeps the keys of the rows that this record asks for. false: memory. */
bool calling_asks(struct calling *q, const void *record);
/* Rows with the key of one before them are left out of the answer. */
void calling_unique(struct calling *q);
/* A message for each of them that the answer does not have. */
void calling_unanswered(struct calling *q);
/* What a message says it is about, in the caller's terms where the map knows
 * that `number` counts rows of this list. */
struct mr_val calling_item(const struct calling *q,
                           const struct mr_call_list *list,
                           struct mr_val number);
/* Room for one more message; NULL: there are too many. */
struct call_message *calling_message(struct calling *q);

/* Sends it, where the system's token is there by now. false: it can't be
 * sent. */
bool calling_go_on(struct calling *q);

/* --- token.c --- */

/* Has a token to be asked for first? */
bool calling_wants_token(const struct calling *q,
                         const struct http_session *session);
/* Does so; then it goes on. false: it can't be sent. */
bool calling_ask_token(struct calling *q, struct http_session *session,
                       const char *url, uint32_t left);
/* Was it the token that was refused, and is there to be another one? */
bool calling_token_refused(struct calling *q, const struct http_reply *reply);

/* --- address.c --- */

/* What of the request's record stands in its address. false: cx.error. */
bool calling_address(struct calling *q, const void *record);
/* A value in an address; `quoted`: an OData text. */
void address_text(struct bytes *b, const char *p, size_t n, bool quoted);
/* The whole address; NULL: memory. */
const char *calling_url(struct calling *q, const char *system);

/* --- refusal.c --- */

/* Ends it, in words. */
void calling_ends(struct calling *q, enum call_end end, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Why a service refused, from its JSON, as soap_fault. */
bool call_refusal(const struct mr_memory *memory, const char *p, size_t n,
                  char *text, size_t size);

/* --- soap_fault.c --- */

/* A text on one line of at most `size` bytes with its NUL, whole characters. */
void call_words(char *to, size_t size, const struct mr_val *v);

/* The fault in this envelope: its words, at most `size` bytes with their NUL,
 * on one line. false: there is none. */
bool soap_fault(const struct mr_memory *memory, const char *p, size_t n,
                char *text, size_t size);

/* --- window.c --- */

/* A reader over n bytes at p, which has to stay. NULL with cx's error set. */
struct mr_reader *call_reader(struct mr_cx *cx, const char *p, size_t n,
                              const struct mr_doc *doc);
/* The one record that is there, decoded into `record`: its values stay good as
 * long as the reader. MR_OK, MR_END where there is none, or cx's error. */
enum mr_status call_read(struct mr_cx *cx, struct mr_reader *r, void *record);
void call_reader_free(struct mr_cx *cx, struct mr_reader *r);

#endif
