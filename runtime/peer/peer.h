/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connector: how one system is spoken to. One file each behind this table.
 * Operations are handed over with submit, sent with flush (so that those of one
 * turn can share a batch), and come back through collect, in any order. All of
 * a program's connectors share one HTTP client and its loop.
 */
#ifndef PEER_PEER_H
#define PEER_PEER_H

#include "peer/op.h"

struct http_client;
struct http_auth;

/* What a connector is made of. Texts stay the caller's and must outlive it. */
struct peer_settings {
    const char *system;         /* "erp" */
    enum mr_format format;
    const char *url;            /* of the service; files: a folder */
    const struct http_auth *auth;       /* NULL: none */
    uint32_t batch;             /* operations in one request; 1: no batches */
    uint32_t in_flight;         /* requests at a time */
    uint32_t timeout_ms;        /* of one request */
    uint32_t page;              /* records a page, 0: the server's */
};

struct peer;

/* A rule that relies on what a service does not say any more. */
struct peer_drift {
    const char *kind;           /* "gone", "narrower"; docs/program.md */
    bool breaks;                /* else it is only to be known */
    const char *at, *rule;      /* "account.map:21"; as written */
    const char *field;          /* "CorporateAccount.Name" */
    const char *text;
};

/* One finding of a check, for people. */
struct peer_report {
    void (*line)(void *arg, bool good, const char *what, const char *text);
    void (*drift)(void *arg, const struct peer_drift *drift);
    void *arg;
    bool codes;                 /* code lists are asked for and compared, too */
};

struct peer_ops {
    const char *name;           /* "odata2" */
    bool reads;                 /* PAGE, READ and FIND work */
    /* Takes the operation. false: it takes no more now. */
    bool (*submit)(struct peer *p, const struct mr_op *op);
    void (*flush)(struct peer *p);
    /* The next finished operation; what it points to is good until the next
     * call. false: none now. */
    bool (*collect)(struct peer *p, struct op_result *out);
    /* Is it there, does it let us in, does its $metadata still have what the
     * maps use? Blocks. false: something is wrong (reported). */
    bool (*check)(struct peer *p, const struct mr_program *program,
                  const struct peer_report *report);
    void (*close)(struct peer *p);
};

struct peer {
    const struct peer_ops *ops;
};

/* NULL with cx->error set: memory, or settings that can't be used. */
struct peer *peer_odata2_new(struct mr_cx *cx, struct http_client *client,
                             const struct peer_settings *settings);
struct peer *peer_idoc_new(struct mr_cx *cx, struct http_client *client,
                           const struct peer_settings *settings);
/* A folder: `in/` is read, what is taken goes to `done/`, writes go to `out/`.
 * JSON, XML and IDoc XML by the system's format; flat IDocs (`flat` true) by
 * the layout in the folder's layout.txt. */
struct peer *peer_files_new(struct mr_cx *cx,
                            const struct peer_settings *settings, bool flat);

#endif
