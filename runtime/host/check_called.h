/* SPDX-License-Identifier: Apache-2.0 */
/* What the two commands check share: lines, and the systems that are called. */
#ifndef HOST_CHECK_CALLED_H
#define HOST_CHECK_CALLED_H

#include "host/config.h"
#include "peer/peer.h"

struct checking {
    const char *system;
    bool json;
    unsigned wrong;
    const char *comma;
};

/* One line; `arg` is the struct checking. */
void check_line(void *arg, bool good, const char *what, const char *text);
/* A rule that something changed under; `arg` is the struct checking. */
void check_drift(void *arg, const struct peer_drift *drift);
/* Is each system that is called there, and are the credentials right? Nothing
 * is called. */
void check_called(struct checking *k, struct config *c);

#endif
