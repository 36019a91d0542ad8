/* SPDX-License-Identifier: Apache-2.0 */
/* FNV-1a, 64 bits: names what a file held, in `about` and in lists. It is no
 * protection against someone who wants two files to look the same. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t
hash_fnv1a(const char *p, size_t n)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 1099511628211u;
    return h;
}

#endif
