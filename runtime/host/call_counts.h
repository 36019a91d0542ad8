/* SPDX-License-Identifier: Apache-2.0 */
/* How many calls there were, how they ended, how long they took. */
#ifndef HOST_CALL_COUNTS_H
#define HOST_CALL_COUNTS_H

#include "call/call.h"

enum { CALL_ENDS = CALL_FAILED + 1, CALL_BOUNDS = 12 };

struct call_count {
    uint64_t ends[CALL_ENDS];
    uint64_t within[CALL_BOUNDS + 1];   /* each bound once; the last: longer */
    uint64_t micros;
    uint64_t refused;                   /* there were too many */
    uint64_t kept;                      /* answered from what was kept */
    uint64_t gone;                      /* nobody waited any more */
};

void call_counted(struct call_count *c, enum call_end end, int64_t micros);
/* In the text format of Prometheus; `counts`: one for each of n calls. */
void call_counts_text(FILE *out, const struct mr_call *const *calls,
                      const struct call_count *counts, uint16_t n,
                      uint32_t under_way);

#endif
