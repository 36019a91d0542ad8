/* SPDX-License-Identifier: Apache-2.0 */
/* One record of a system, read now, outside of replication: for explaining. */
#ifndef HOST_FETCH_H
#define HOST_FETCH_H

#include "host/host_session.h"

struct fetched {
    const char *p;              /* in the configuration's memory; NULL: none */
    size_t n;
    char why[200];              /* why there is none */
    bool missing;               /* the system was asked, and has none */
};

/* By its technical id where that is not "", else by its key. */
void fetch_record(struct session *s, const struct mr_map *map, int side,
                  const char *id, const char *key, struct fetched *out);

#endif
