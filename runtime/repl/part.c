/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a value is not in another one, as bytes:
 *
 *   0       nothing: it is the same
 *   1       it was empty
 *   2 b e n bytes: so many bytes of the other one stand before and behind these
 *           n, each number in groups of seven bits, the low ones first
 */
#include "repl/part.h"

static size_t
put_number(char *p, uint32_t n)
{
    size_t k = 0;

    for (; n >= 0x80; n >>= 7)
        p[k++] = (char)(n | 0x80);
    p[k++] = (char)n;
    return k;
}

static bool
get_number(const char **at, const char *end, uint32_t *n)
{
    *n = 0;
    for (unsigned shift = 0; *at < end && shift < 7 * PART_NUMBER_MAX; shift += 7) {
        unsigned char c = (unsigned char)*(*at)++;

        if (shift == 28 && c > 0xf)
            return false;
        *n |= (uint32_t)(c & 0x7f) << shift;
        if (c < 0x80)
            return true;
    }
    return false;
}

bool
part_same(struct mr_val a, struct mr_val b)
{
    if (a.state != MR_HERE || b.state != MR_HERE)
        return a.state != MR_HERE && b.state != MR_HERE;
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

size_t
part_put(char *p, struct mr_val v, struct mr_val comes)
{
    uint32_t begin = 0, end = 0, least;
    size_t n = 1;

    p[0] = PART_NONE;
    if (part_same(v, comes))
        return n;
    p[0] = v.state == MR_HERE ? PART_BYTES : PART_EMPTY;
    if (v.state != MR_HERE)
        return n;
    if (comes.state != MR_HERE)
        comes.n = 0;
    least = v.n < comes.n ? v.n : comes.n;
    while (begin < least && v.p[begin] == comes.p[begin])
        begin++;
    while (end < least - begin &&
           v.p[v.n - 1 - end] == comes.p[comes.n - 1 - end])
        end++;
    n += put_number(p + n, begin);
    n += put_number(p + n, end);
    n += put_number(p + n, v.n - begin - end);
    memcpy(p + n, v.p + begin, v.n - begin - end);
    return n + v.n - begin - end;
}

bool
part_get(const char **at, const char *end, enum part *kind, uint32_t around[2],
         struct mr_val *bytes)
{
    uint32_t n;

    if (*at == end || **at < PART_NONE || **at > PART_BYTES)
        return false;
    *kind = (enum part)*(*at)++;
    *bytes = mr_empty();
    if (*kind != PART_BYTES)
        return true;
    if (!get_number(at, end, &around[0]) || !get_number(at, end, &around[1]) ||
        !get_number(at, end, &n) || n > (size_t)(end - *at))
        return false;
    *bytes = mr_slice(*at, n);
    *at += n;
    return true;
}

bool
part_value(struct mr_cx *cx, const char **at, const char *end,
          struct mr_val comes, struct mr_val *out)
{
    uint32_t around[2] = { 0, 0 };
    struct mr_val bytes;
    enum part kind;
    char *p;

    if (!part_get(at, end, &kind, around, &bytes))
        return false;
    *out = kind == PART_NONE ? comes : mr_empty();
    if (kind != PART_BYTES)
        return true;
    if (comes.state != MR_HERE)
        comes.n = 0;
    if (around[0] > comes.n || around[1] > comes.n - around[0])
        return false;
    p = mr_alloc(cx, (size_t)around[0] + bytes.n + around[1] + 1);
    if (p == NULL)
        return false;
    if (around[0] > 0)
        memcpy(p, comes.p, around[0]);
    memcpy(p + around[0], bytes.p, bytes.n);
    if (around[1] > 0)
        memcpy(p + around[0] + bytes.n, comes.p + comes.n - around[1],
               around[1]);
    *out = mr_slice(p, around[0] + bytes.n + around[1]);
    return true;
}
