/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled look-ups: of names, where every search is one compare, and of codes,
 * of which there can be many. */
#ifndef PLAN_LOOKUP_H
#define PLAN_LOOKUP_H

#include "plan/plan.h"

enum { LOOKUP_MAX_KEYS = 65534 };

/* Finds a seed for which no two of the n different keys share a slot. False
 * where there are too many keys or no seed was found. The same keys always
 * give the same look-up. */
bool lookup_search(struct arena *a, const char *const *keys, size_t n,
                   struct plookup *out);

/* The same for tables of any size: keys that share a slot stand in the next
 * free ones, and a search goes on to the first empty one. */
bool lookup_fill(struct arena *a, const char *const *keys, size_t n,
                 struct plookup *out);

#endif
