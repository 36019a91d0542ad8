/* SPDX-License-Identifier: Apache-2.0 */
/* A clean stop. */
#ifndef HOST_SIGNALS_H
#define HOST_SIGNALS_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/client.h"

struct stop {
    atomic_bool asked;          /* a signal said so */
    struct http_client *client; /* woken then */
    pthread_t thread;
    bool watched;
};

/* SIGTERM and SIGINT set s->asked from now on; a second one, a while later,
 * ends at once. There must be no other thread yet. */
void signals_begin(struct stop *s, struct http_client *client);
void signals_end(struct stop *s);

#endif
