/* SPDX-License-Identifier: Apache-2.0 */
/* Filling up to a length, and what is put in front. */
#include "mr/conv.h"

#include "value/text.h"

/* Zeros, then the n digits at p. */
static struct mr_val
with_zeros(struct mr_cx *cx, struct mr_val v, uint32_t width)
{
    char *p = mr_alloc(cx, width);

    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    memset(p, '0', width - v.n);
    memcpy(p + width - v.n, v.p, v.n);
    return mr_slice(p, width);
}

/* Without zeros in front; `keep` digits stay in any case. */
static struct mr_val
without_zeros(struct mr_val v, uint32_t keep)
{
    while (v.n > keep && v.p[0] == '0')
        v.p++, v.n--;
    return v.n > 0 ? v : mr_empty();
}

struct mr_val
mr_alpha_right(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    if (!mr_is_here(v))
        return v;
    if (mr_chars_over(v.p, v.n, n))
        v = mr_failed(v, MR_WHY_TOO_LONG);
    else if (v.n < n && mr_all_digits(v.p, v.n))
        v = with_zeros(cx, v, n);
    return mr_step(cx, "alpha", v);
}

struct mr_val
mr_alpha_left(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    if (!mr_is_here(v))
        return v;
    if (mr_chars_over(v.p, v.n, n))
        v = mr_failed(v, MR_WHY_TOO_LONG);
    else if (v.p[0] == '0' && mr_all_digits(v.p, v.n))
        v = without_zeros(v, 1);
    return mr_step(cx, "alpha", v);
}

struct mr_val
mr_numc_right(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    if (!mr_is_here(v))
        return v;
    if (!mr_all_digits(v.p, v.n))
        return mr_step(cx, "numc", mr_failed(v, MR_WHY_NOT_DIGITS));
    if (v.n > n) {
        struct mr_val digits = without_zeros(v, n);

        v = digits.n > n ? mr_failed(v, MR_WHY_TOO_LONG) : digits;
    } else if (v.n < n) {
        v = with_zeros(cx, v, n);
    }
    return mr_step(cx, "numc", v);
}

struct mr_val
mr_numc_left(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    struct mr_val digits;

    if (!mr_is_here(v))
        return v;
    if (!mr_all_digits(v.p, v.n))
        return mr_step(cx, "numc", mr_failed(v, MR_WHY_NOT_DIGITS));
    digits = without_zeros(v, 0);
    if (digits.n > n)
        digits = mr_failed(v, MR_WHY_TOO_LONG);
    return mr_step(cx, "numc", digits);
}

struct mr_val
mr_prefix_right(struct mr_cx *cx, struct mr_val v, const char *text)
{
    size_t n = strlen(text);
    char *p;

    if (!mr_is_here(v))
        return v;
    if (n > UINT32_MAX - v.n)
        return mr_failed(v, MR_WHY_TOO_LONG);
    p = mr_alloc(cx, n + v.n);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    memcpy(p, text, n);
    memcpy(p + n, v.p, v.n);
    return mr_step(cx, "prefix", mr_slice(p, (uint32_t)n + v.n));
}

struct mr_val
mr_prefix_left(struct mr_cx *cx, struct mr_val v, const char *text)
{
    size_t n = strlen(text);

    if (!mr_is_here(v))
        return v;
    /* The prefix alone would come back as nothing, not as the prefix. */
    if (v.n <= n || memcmp(v.p, text, n) != 0)
        v = mr_failed(v, MR_WHY_NO_MATCH);
    else
        v = mr_slice(v.p + n, v.n - (uint32_t)n);
    return mr_step(cx, "prefix", v);
}

struct mr_val
mr_pad_right(struct mr_cx *cx, struct mr_val v, uint32_t n, const char *with)
{
    const char *fill = with != NULL ? with : " ";
    size_t size = strlen(fill), missing;
    uint32_t chars;
    char *p;

    if (!mr_is_here(v))
        return v;
    chars = mr_chars(v.p, v.n);
    if (chars >= n) {
        if (chars > n)
            v = mr_failed(v, MR_WHY_TOO_LONG);
        return mr_step(cx, "pad", v);
    }
    missing = (n - chars) * size;
    if (missing > UINT32_MAX - v.n)
        return mr_failed(v, MR_WHY_TOO_LONG);
    p = mr_alloc(cx, v.n + missing);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    memcpy(p, v.p, v.n);
    for (size_t i = 0; i < missing; i += size)
        memcpy(p + v.n + i, fill, size);
    return mr_step(cx, "pad", mr_slice(p, v.n + (uint32_t)missing));
}

struct mr_val
mr_pad_left(struct mr_cx *cx, struct mr_val v, uint32_t n, const char *with)
{
    const char *fill = with != NULL ? with : " ";
    uint32_t size = (uint32_t)strlen(fill);

    if (!mr_is_here(v))
        return v;
    if (mr_chars_over(v.p, v.n, n))
        return mr_step(cx, "pad", mr_failed(v, MR_WHY_TOO_LONG));
    while (v.n >= size && memcmp(v.p + v.n - size, fill, size) == 0)
        v.n -= size;
    return mr_step(cx, "pad", mr_slice(v.p, v.n));
}
