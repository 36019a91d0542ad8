/* SPDX-License-Identifier: Apache-2.0 */
/* What the command explain found out, between finding and telling. */
#ifndef HOST_EXPLAIN_H
#define HOST_EXPLAIN_H

#include "host/fetch.h"
#include "host/replication.h"

struct explaining {
    struct session s;
    const struct mr_map *map;
    int to;                     /* the side that is explained */
    const char *key;
    const char *field;          /* NULL: all */
    bool personal;
    struct store_link link;     /* texts in the configuration's memory */
    bool linked;
    struct base base;
    struct merge m;
    struct fetched live[2];
    bool no_record;             /* its system was asked, and has none */
    struct merge_result result;
    bool decided;
    char *frame;                /* of both records, for their values */
};

/* All of it, on standard output. */
int explain_tell(struct explaining *x);

#endif
