/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OData v2 connector's inside. A task is one HTTP request for one or
 * several operations; it lives until the last of their results was collected,
 * since those point into its answer.
 */
#ifndef PEER_ODATA_TASK_H
#define PEER_ODATA_TASK_H

#include "http/client.h"
#include "peer/odata.h"
#include "peer/peer.h"

enum token_state {
    TOKEN_UNKNOWN,      /* has to be asked for before the first POST */
    TOKEN_ASKED,
    TOKEN_THERE,
    TOKEN_NEEDLESS      /* the service gives none */
};

enum { TOKEN_MAX = 512 };

struct odata;

struct task {
    struct task *next;          /* in one of the queues */
    struct odata *o;
    struct mr_cx cx;            /* texts of the results */
    const struct mr_op **ops;
    size_t n;
    bool batch, writes;         /* one $batch; it changes something */
    bool sends;                 /* POST, PATCH, DELETE: wants a token */
    struct bytes url, body;
    const char *method;
    uint32_t token_number;      /* of the token it was sent with */
    uint8_t token_tries;
    struct http_reply reply;    /* kept */
    struct odata_result *places;        /* for n results, none used yet */
    size_t used;
    size_t results;             /* not collected yet */
};

struct odata_result {
    struct odata_result *next;
    struct task *task;
    struct op_result r;
};

struct odata {
    struct peer peer;
    struct mr_cx cx;            /* for memory and its errors */
    struct peer_settings set;
    struct http_client *client;
    struct http_session *session;
    char *root;                 /* of the service, ends in '/' */
    bool closing;

    const struct mr_op **pending;       /* submitted, in no task yet */
    size_t n_pending, room;
    size_t running;             /* tasks sent or waiting for the token */
    size_t writing;             /* those of them that write */
    struct task *waiting, **waiting_end;        /* for the token */
    struct odata_result *done, **done_end;
    struct task *given;         /* of the result last collected */

    enum token_state token_state;
    char token[TOKEN_MAX];
    uint32_t token_number;
};

/* ---- odata_task.c ---- */

/* A task for these operations of one sort (all reads, or all writes). method
 * NULL: they can't be asked of such a service. NULL: memory; nothing was done
 * then. */
struct task *task_new(struct odata *o, const struct mr_op *const *ops,
                      size_t n);
void task_free(struct task *t);
/* Takes the operations that go next, and together, off those pending. */
size_t task_gather(struct odata *o, const struct mr_op **ops, size_t max);
/* Is this a sort of operation that changes nothing? */
bool task_reads(const struct mr_op *op);
/* How many of the operations from `i` on share one GET. */
size_t task_group(const struct task *t, size_t i);

/* ---- odata_results.c ---- */

/* Gives every operation of the task its result out of the answer that it has.
 * Some may come back to be asked alone: they are in `again` then (room for all)
 * and *n_again of them. */
void task_results(struct task *t, const struct mr_op **again, size_t *n_again);
/* One operation's outcome. */
void task_give(struct task *t, const struct mr_op *op, enum op_outcome outcome,
               const char *text, uint32_t retry_after);
/* The same outcome for all. */
void task_fail(struct task *t, enum op_outcome outcome, const char *text,
               uint32_t retry_after);

/* ---- odata_check.c ---- */

bool odata_check(struct peer *p, const struct mr_program *program,
                 const struct peer_report *report);

#endif
