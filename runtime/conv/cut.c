/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a text by their place. */
#include "mr/conv.h"

#include "value/text.h"

struct mr_val
mr_left(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    if (!mr_is_here(v))
        return v;
    return mr_step(cx, "left", mr_slice(v.p, mr_bytes_of(v.p, v.n, n)));
}

struct mr_val
mr_right(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    uint32_t at = v.n;

    if (!mr_is_here(v))
        return v;
    for (; at > 0 && n > 0; n--) {
        at--;
        while (at > 0 && mr_is_tail(v.p[at]))
            at--;
    }
    return mr_step(cx, "right", mr_slice(v.p + at, v.n - at));
}

struct mr_val
mr_substring(struct mr_cx *cx, struct mr_val v, uint32_t from, uint32_t n)
{
    uint32_t skip;

    if (!mr_is_here(v))
        return v;
    skip = mr_bytes_of(v.p, v.n, from > 0 ? from - 1 : 0);
    v = mr_slice(v.p + skip, v.n - skip);
    if (n > 0)
        v = mr_slice(v.p, mr_bytes_of(v.p, v.n, n));
    return mr_step(cx, "substring", v);
}

struct mr_val
mr_max(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    if (!mr_is_here(v))
        return v;
    if (mr_chars_over(v.p, v.n, n))
        v = mr_failed(v, MR_WHY_TOO_LONG);
    return mr_step(cx, "max", v);
}
