/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls over HTTP: POST /call/NAME with the caller's record as JSON, or in an
 * envelope of SOAP (serve_soap.c), chains of documents (serve_docflow.h) and
 * documents themselves (serve_document.h), attachments (serve_attachment.h).
 * One thread; each call has a place among a bounded number while it is under
 * way.
 */
#ifndef HOST_SERVE_H
#define HOST_SERVE_H

#include "host/call_cache.h"
#include "host/call_counts.h"
#include "host/called.h"
#include "host/signals.h"
#include "call/once.h"
#include "host/soap_in.h"
#include "http/server.h"

enum serve_route { SERVE_CALL, SERVE_WSDL, SERVE_DOCFLOW, SERVE_DOCUMENT,
                   SERVE_ATTACHMENT, SERVE_HEALTH,
                   SERVE_READY, SERVE_METRICS,
                   SERVE_OPENAPI, SERVE_ROUTES };

struct serve_slot;
struct serve_chain;
struct serve_file;
struct serve_carry;

struct serve {
    const struct host *h;
    struct config config;
    struct mr_cx cx;
    struct called_systems systems;
    struct http_server *server;
    struct server_route routes[SERVE_ROUTES];
    struct stop stop;
    struct serve_slot *slots, *spare;
    struct serve_chain *chains;         /* under way */
    struct serve_file *files;           /* too: documents, */
    struct serve_carry *carries;        /* attachments */
    uint32_t n_slots, under_way;
    struct call_count *counts;          /* one a call */
    struct soap_in *soap;               /* one a call */
    struct soap_in *found;              /* … its record and the answer of the
                                           call that looks, for `once` */
    struct call_journal *journal;       /* NULL: no call needs one */
    struct call_cache *cache;
    uint32_t log_level;
};

/* Listens. HOST_OK, or an exit code after saying why not; serve_close then,
 * too. */
int serve_open(const struct host *h, struct serve *s, const char *config);
void serve_close(struct serve *s);
/* Takes what came, goes on with what is under way, waits at most that long. */
void serve_step(struct serve *s, uint32_t wait_ms);

/* --- for serve_docflow.c, serve_document.c, serve_attachment.c --- */

void serve_problem(struct serve *s, uint64_t ticket, int status,
                   const char *title);
void serve_log(struct serve *s, const struct calling *q);
/* "wait=3", among other preferences (RFC 7240), in milliseconds; 0: not
 * said. */
uint32_t serve_wait(const char *prefer);

#endif
