/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in from outside: messages over HTTP and from folders, questions
 * about health. A message is answered when the engine says that it is kept. */
#ifndef HOST_ENDPOINT_H
#define HOST_ENDPOINT_H

#include "host/host_session.h"

/* Listens where the configuration says so; HOST_OK where it doesn't. */
int endpoint_open(struct session *s);
void endpoint_close(struct session *s);
/* Takes no further connections. */
void endpoint_quiet(struct session *s);
/* Gives the engine what came in. Says how many messages there were. */
size_t endpoint_take(struct session *s);
/* Answers what the engine has kept, after its turn. */
void endpoint_settle(struct session *s);
/* Does some message wait to be given to the engine or to be kept? */
bool endpoint_waits(const struct session *s);
/* The port; 0: it doesn't listen. */
uint16_t endpoint_port(const struct session *s);

/* The answer to /metrics, to be freed; NULL: no memory (metrics.c). */
char *metrics_text(struct session *s, size_t *n);

#endif
