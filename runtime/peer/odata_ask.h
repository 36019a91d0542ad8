/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that a check asks of a service, one by one. */
#ifndef PEER_ODATA_ASK_H
#define PEER_ODATA_ASK_H

#include "peer/odata_task.h"

struct odata_asked {
    bool over;
    struct http_reply reply;
    char text[200];
};

/* Gets what is at `path` below the service, and waits for it. NULL: it is in
 * a->reply; else what is wrong, in words. http_reply_free in any case. */
const char *odata_ask(struct odata *o, const char *path,
                      struct odata_asked *a);

#endif
