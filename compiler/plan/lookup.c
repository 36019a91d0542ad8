/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries seeds in a fixed order, first for a table about twice as large as the
 * keys, then for larger ones. A try ends at its first collision, so most of
 * them cost a few hashes.
 */
#include "plan/lookup.h"

#include <string.h>

#include "mr/lookup.h"

enum { TRIES = 3000, BITS_MAX = 20 };

/* The k-th seed: well mixed, odd. */
static uint64_t
seed_at(uint64_t k)
{
    uint64_t z = (k + 1) * 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) | 1;
}

/* Fills `slots` with key numbers; `mark` tells this try's entries from old
 * ones. */
static bool
fits(const struct mr_lookup *l, const char *const *keys, size_t n,
     uint32_t *marks, uint32_t *owners, uint32_t mark)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t slot = mr_slot(l, keys[i], (uint32_t)strlen(keys[i]));

        if (marks[slot] == mark)
            return false;
        marks[slot] = mark;
        owners[slot] = (uint32_t)i + 1;
    }
    return true;
}

bool
lookup_search(struct arena *a, const char *const *keys, size_t n,
              struct plookup *out)
{
    unsigned bits = 1;
    uint32_t mark = 0;

    if (n > LOOKUP_MAX_KEYS)
        return false;
    while (((size_t)1 << bits) < 2 * n)
        bits++;
    for (; bits <= BITS_MAX; bits++) {
        size_t room = (size_t)1 << bits;
        uint32_t *marks = arena_alloc(a, room * sizeof *marks);
        uint32_t *owners = arena_alloc(a, room * sizeof *owners);

        for (uint64_t k = 0; k < TRIES; k++) {
            struct mr_lookup l = { seed_at(k), (uint8_t)(64 - bits), NULL };

            if (!fits(&l, keys, n, marks, owners, ++mark))
                continue;
            out->seed = l.seed;
            out->shift = l.shift;
            for (uint32_t s = 0; s < room; s++)
                if (marks[s] == mark)
                    vec_push(a, &out->slots,
                             ((struct pslot){ s, owners[s] }));
            return true;
        }
    }
    return false;
}

bool
lookup_fill(struct arena *a, const char *const *keys, size_t n,
            struct plookup *out)
{
    unsigned bits = 1;

    if (n > LOOKUP_MAX_KEYS)
        return false;
    while (((size_t)1 << bits) < 2 * n)
        bits++;

    size_t room = (size_t)1 << bits;
    uint16_t *owners = arena_alloc(a, room * sizeof *owners);
    struct mr_lookup l = { seed_at(0), (uint8_t)(64 - bits), NULL };
    for (size_t i = 0; i < n; i++) {
        uint32_t slot = mr_slot(&l, keys[i], (uint32_t)strlen(keys[i]));

        while (owners[slot] != 0)
            slot = (slot + 1) & (uint32_t)(room - 1);
        owners[slot] = (uint16_t)(i + 1);
    }
    out->seed = l.seed;
    out->shift = l.shift;
    for (uint32_t s = 0; s < room; s++)
        if (owners[s] != 0)
            vec_push(a, &out->slots, ((struct pslot){ s, owners[s] }));
    return true;
}
