/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder as a system: what others put into its `in/` are messages for the
 * engine, what is written to the system becomes files in `out/`. A file that
 * was stored by the engine goes to `done/`, one that can't be read to `bad/`
 * with a note beside that says why. Files whose name starts with '.' or ends in
 * ".tmp" or ".part" are still being written and left alone.
 */
#ifndef PEER_FILES_H
#define PEER_FILES_H

#include "peer/peer.h"

struct files_message {
    const char *name;           /* of the file, without folder */
    const char *p;
    size_t n;
};

/* The oldest file (by name) that was not given out yet; its bytes are the
 * caller's to read until the next call. MR_OK, MR_END: none now, MR_EREAD (the
 * file is left where it is and given again after a while), MR_ELIMIT: it is
 * larger than `max` and went to bad/, MR_EFORMAT: so did one that is no flat
 * IDoc of the layout. */
enum mr_status files_take(struct mr_cx *cx, struct peer *p, size_t max,
                          struct files_message *out);
/* It is durable in the store: to done/. reason not NULL: to bad/. */
enum mr_status files_settle(struct mr_cx *cx, struct peer *p, const char *name,
                            const char *reason);
/* There is no room for it now: it will be given again. */
void files_leave(struct peer *p, const char *name);

#endif
