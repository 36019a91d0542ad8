/* SPDX-License-Identifier: Apache-2.0 */
/* The listening side of a program. */
#ifndef HOST_LISTEN_H
#define HOST_LISTEN_H

#include "host/config.h"
#include "http/client.h"
#include "http/server.h"

/* What `inbound.auth` asks of senders. */
enum server_guard listen_guard(const struct config *c);
/* Listens at inbound.listen. A request that comes wakes the client. HOST_OK,
 * or an exit code after saying why not. */
int listen_open(struct config *c, struct mr_cx *cx,
                const struct server_route *routes, size_t n_routes,
                struct http_client *client, bool in_turns,
                struct http_server **out);

#endif
