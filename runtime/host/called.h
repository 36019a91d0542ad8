/* SPDX-License-Identifier: Apache-2.0 */
/* The systems that a program calls, each with its address and its session. */
#ifndef HOST_CALLED_H
#define HOST_CALLED_H

#include "host/sign_in.h"

struct called {
    const struct config_system *system;
    struct http_auth auth;
    struct http_session *session;
};

struct called_systems {
    struct mr_cx cx;            /* the error, where opening failed */
    struct http_client *client;
    struct called *at;
    size_t n;
};

/* All of them, or only `name`. HOST_OK, or an exit code after saying why;
 * called_close in any case. */
int called_open(struct called_systems *all, struct config *c,
                const char *name);
void called_close(struct called_systems *all);
struct called *called_find(struct called_systems *all, const char *name);

#endif
