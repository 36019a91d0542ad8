/* SPDX-License-Identifier: Apache-2.0 */
/* Who the program is towards a system, by the configuration. */
#ifndef HOST_SIGN_IN_H
#define HOST_SIGN_IN_H

#include "host/config.h"
#include "http/client.h"

/* The system's credentials, secrets read; texts live as long as the
 * configuration. false after saying why not. */
bool sign_in(struct config *c, const struct config_system *system,
             struct http_auth *out);
/* A client as the configuration wants it; NULL with cx's error set. */
struct http_client *sign_in_client(struct config *c, struct mr_cx *cx);

#endif
