/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled look-up of names and codes: the compiler searches a seed for which
 * no two keys share a slot, so that a look-up is one hash and one compare. The
 * compiler and the runtime both use this hash.
 */
#ifndef MR_LOOKUP_H
#define MR_LOOKUP_H

#include <stdint.h>
#include <string.h>

struct mr_lookup {
    uint64_t seed;              /* odd */
    uint8_t shift;              /* 64 - bits of the slot number */
    const uint16_t *slots;      /* 1 << (64 - shift); key index + 1, 0: none */
};

/* Covers every byte, in 8-byte words of which the last two may overlap. */
static inline uint64_t
mr_hash(const char *p, uint32_t n, uint64_t seed)
{
    uint64_t h = n * 0x9e3779b97f4a7c15u, w = 0;

    if (n >= 8) {
        const char *last = p + n - 8;

        for (; p < last; p += 8) {
            memcpy(&w, p, 8);
            h = (h ^ w) * seed;
            h ^= h >> 32;
        }
        memcpy(&w, last, 8);
    } else if (n >= 4) {
        uint32_t low, high;

        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        w = low | (uint64_t)high << 32;
    } else if (n > 0) {
        w = (uint64_t)(uint8_t)p[0] | (uint64_t)(uint8_t)p[n / 2] << 8 |
            (uint64_t)(uint8_t)p[n - 1] << 16;
    }
    h = (h ^ w) * seed;
    return h ^ h >> 29;
}

/* The slot number: the top bits of one more product. */
static inline uint32_t
mr_slot(const struct mr_lookup *l, const char *p, uint32_t n)
{
    return (uint32_t)((mr_hash(p, n, l->seed) * 0xd6e8feb86659fd93u) >>
                      l->shift);
}

#endif
