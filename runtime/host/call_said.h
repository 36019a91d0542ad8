/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands call, docflow and document share. */
#ifndef HOST_CALL_SAID_H
#define HOST_CALL_SAID_H

#include "call/call.h"
#include "host/host.h"

enum call_sort { SORT_CALL, SORT_DOCFLOW, SORT_DOCUMENT,
                 SORT_ATTACHMENT };

enum call_sort call_sort(const struct mr_call *call);
/* The one of this sort and name; name NULL: the only one, but of calls. NULL
 * after saying on stderr which ones there are. */
const struct mr_call *call_find(const struct host *h, const char *command,
                                const char *name, enum call_sort sort);
/* The request, on stdout. An exit code. */
int call_print_request(const struct calling *q);
/* A line on stderr. */
void call_say_message(const struct host *h, const struct call_message *m);
/* Why there is no answer, on stderr. An exit code. */
int call_say_end(const struct host *h, const struct calling *q,
                 bool show_personal);

#endif
