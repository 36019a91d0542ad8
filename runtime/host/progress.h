/* SPDX-License-Identifier: Apache-2.0 */
/* How far a long command is, on standard error: a bar with rate and time left
 * where that is a terminal, else a line now and then. */
#ifndef HOST_PROGRESS_H
#define HOST_PROGRESS_H

#include "host/host_session.h"

struct progress {
    bool terminal, shown;
    uint64_t total;             /* 0: unknown */
    uint64_t first;             /* what was done before this command */
    uint64_t done;              /* when last told */
    int64_t began, last, moved; /* ticks */
};

void progress_begin(struct progress *p, uint64_t total, uint64_t done);
/* `note` stands behind it; "" none. */
void progress_show(struct progress *p, uint64_t done, const char *note);
/* Takes the bar away, so that other lines can be written. */
void progress_end(struct progress *p);

/* Records of all maps and sides that can be counted (count.c); 0: they can't. */
uint64_t progress_count(struct session *s);

#endif
