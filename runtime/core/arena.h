/* SPDX-License-Identifier: Apache-2.0 */
/* Going back in a document's memory: for a codec that starts a document again
 * once more of it has been read. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "mr/cx.h"

struct mr_arena_mark {
    struct mr_chunk *chunk;
    char *at;
};

struct mr_arena_mark mr_arena_mark(const struct mr_cx *cx);
/* Forgets everything allocated since the mark. */
void mr_arena_back(struct mr_cx *cx, struct mr_arena_mark mark);

#endif
