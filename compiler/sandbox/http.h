/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sites on the net: a port each on 127.0.0.1, all served by one thread,
 * with the mishaps that were asked for. libmicrohttpd is known here alone.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include "sandbox/message.h"

struct http;

/* Answers a request; called inside of no transaction. */
typedef void answer_fn(struct request *r, struct answer *to);

struct http *sb_http_new(struct model *m, struct store *store,
                         answer_fn *answer);
/* Listens for this site; port 0: any free one. Sets site->port. false after
 * saying why not. */
bool sb_http_listen(struct http *h, struct site *site, unsigned port);
/* Ends connections and listening. */
void sb_http_free(struct http *h);

/* File descriptors to wait for: at most `room`. */
size_t sb_http_fds(const struct http *h, int *fds, size_t room);
/* Milliseconds until something is due without any traffic; -1: nothing. */
int64_t sb_http_due(struct http *h);
/* Does all that can be done without waiting. */
void sb_http_run(struct http *h);

/* Milliseconds of a clock that only goes forward. */
int64_t sb_http_clock(void);

#endif
