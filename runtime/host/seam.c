/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records are likely to meet: the bytes that all places seen so far have
 * in common. Letters and digits at their edges are left out, since they may be
 * the beginning of a value that is alike by chance.
 */
#define _GNU_SOURCE             /* memmem */
#include "host/seam.h"

#include <string.h>

enum { STEP = 16 * 1024, SEAM_MIN = 3 };

static bool
is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

void
host_seam_learn(struct host_seam *s, const char *p)
{
    const char *mid = s->bytes + SEAM_SIDE;
    size_t n = 0;

    if (s->samples++ == 0) {
        memcpy(s->bytes, p - SEAM_SIDE, sizeof s->bytes);
        s->before = s->after = SEAM_SIDE;
    }
    while (n < s->before && mid[-1 - (long)n] == p[-1 - (long)n])
        n++;
    while (n > 0 && is_word(mid[-(long)n]))
        n--;
    s->before = n;
    for (n = 0; n < s->after && mid[n] == p[n]; n++)
        ;
    while (n > 0 && is_word(mid[n - 1]))
        n--;
    s->after = n;
}

/* The last one that begins in [from, to). */
static const char *
last_in(const char *from, const char *to, const char *end, const char *bytes,
        size_t n)
{
    const char *found = NULL;

    if ((size_t)(end - to) >= n - 1)
        end = to + n - 1;
    while ((from = memmem(from, (size_t)(end - from), bytes, n)) != NULL)
        found = from++;
    return found;
}

size_t
host_seam_find(const struct host_seam *s, const char *p, size_t n)
{
    const char *bytes = s->bytes + SEAM_SIDE - s->before;
    size_t size = s->before + s->after, to = n;

    if (size < SEAM_MIN || s->before == 0)
        return 0;
    while (to > 0) {
        size_t from = to > STEP ? to - STEP : 0;
        const char *found = last_in(p + from, p + to, p + n, bytes, size);

        if (found != NULL)
            return (size_t)(found - p) + s->before;
        to = from;
    }
    return 0;
}
