/* SPDX-License-Identifier: Apache-2.0 */
/* The search for compiled look-ups. */
#ifndef PLAN_LOOKUP_H
#define PLAN_LOOKUP_H

#include "plan/plan.h"

enum { LOOKUP_MAX_KEYS = 65534 };

/* Finds a seed for which no two of the n different keys share a slot. False
 * where there are too many keys or no seed was found. The same keys always
 * give the same look-up. */
bool lookup_search(struct arena *a, const char *const *keys, size_t n,
                   struct plookup *out);

#endif
