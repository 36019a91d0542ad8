/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands call and docflow share. */
#ifndef HOST_CALL_SAID_H
#define HOST_CALL_SAID_H

#include "call/call.h"
#include "host/host.h"

/* The call, or docflow, of this name; name NULL: the only docflow. NULL after
 * saying on stderr which ones there are. */
const struct mr_call *call_find(const struct host *h, const char *command,
                                const char *name, bool docflow);
/* The request, on stdout. An exit code. */
int call_print_request(const struct calling *q);
/* A line on stderr. */
void call_say_message(const struct host *h, const struct call_message *m);
/* Why there is no answer, on stderr. An exit code. */
int call_say_end(const struct host *h, const struct calling *q,
                 bool show_personal);

#endif
