/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators on values: texts, moments, conditions. A failed operand comes
 * out first. Text with nothing is the other text; comparing with nothing
 * compares with "".
 */
#include "mr/conv.h"

#include "value/text.h"

/* The failed one of two, or NULL. */
static const struct mr_val *
failed_of(const struct mr_val *a, const struct mr_val *b)
{
    return a->state == MR_FAILED ? a : b->state == MR_FAILED ? b : NULL;
}

struct mr_val
mr_concat(struct mr_cx *cx, struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);
    char *p;

    if (failed != NULL)
        return *failed;
    if (a.state == MR_MISSING || (a.state == MR_EMPTY && mr_is_here(b)))
        return b;
    if (!mr_is_here(b))
        return a;
    if (a.n > UINT32_MAX - b.n)
        return mr_failed(a, MR_WHY_TOO_LONG);
    p = mr_alloc(cx, (size_t)a.n + b.n);
    if (p == NULL)
        return mr_failed(a, MR_WHY_OUT_OF_MEMORY);
    memcpy(p, a.p, a.n);
    memcpy(p + a.n, b.p, b.n);
    return mr_step(cx, "+", mr_slice(p, a.n + b.n));
}

/* --- comparisons --- */

/* UTF-8 sorts by bytes as its code points do. */
static int
compare_text(struct mr_val a, struct mr_val b)
{
    uint32_t a_n = mr_is_here(a) ? a.n : 0, b_n = mr_is_here(b) ? b.n : 0;
    uint32_t n = a_n < b_n ? a_n : b_n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return order != 0 ? order : a_n < b_n ? -1 : a_n > b_n;
}

/* Times and dates with time: as text up to the second, then the decimals, of
 * which those left out are zero. A zone's Z stands at the end of both. */
static int
compare_moments(struct mr_val a, struct mr_val b)
{
    uint32_t i = 0;

    if (!mr_is_here(a) || !mr_is_here(b))
        return compare_text(a, b);
    while (i < a.n && i < b.n && a.p[i] == b.p[i])
        i++;
    for (;; i++) {
        bool a_digit = i < a.n && a.p[i] >= '0' && a.p[i] <= '9';
        bool b_digit = i < b.n && b.p[i] >= '0' && b.p[i] <= '9';
        char x = a_digit ? a.p[i] : '0', y = b_digit ? b.p[i] : '0';

        if (x != y)
            return x < y ? -1 : 1;
        if (i >= a.n && i >= b.n)
            return 0;
    }
}

struct mr_val
mr_moment_eq(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_moments(a, b) == 0);
}

struct mr_val
mr_moment_ne(struct mr_val a, struct mr_val b)
{
    return mr_not(mr_moment_eq(a, b));
}

struct mr_val
mr_moment_lt(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_moments(a, b) < 0);
}

struct mr_val
mr_moment_le(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_moments(a, b) <= 0);
}

struct mr_val
mr_text_eq(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_text(a, b) == 0);
}

struct mr_val
mr_text_ne(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_text(a, b) != 0);
}

struct mr_val
mr_text_lt(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_text(a, b) < 0);
}

struct mr_val
mr_text_le(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    return failed != NULL ? *failed : mr_bool(compare_text(a, b) <= 0);
}

/* --- conditions --- */

static bool
is_false(struct mr_val v)
{
    return v.state != MR_FAILED && !mr_is_true(v);
}

/* One side alone decides where it can, in either order. */
struct mr_val
mr_and(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    if (is_false(a) || is_false(b))
        return mr_bool(false);
    return failed != NULL ? *failed : mr_bool(true);
}

struct mr_val
mr_or(struct mr_val a, struct mr_val b)
{
    const struct mr_val *failed = failed_of(&a, &b);

    if (mr_is_true(a) || mr_is_true(b))
        return mr_bool(true);
    return failed != NULL ? *failed : mr_bool(false);
}

struct mr_val
mr_not(struct mr_val a)
{
    return a.state == MR_FAILED ? a : mr_bool(!mr_is_true(a));
}

struct mr_val
mr_is_empty(struct mr_val a)
{
    return a.state == MR_FAILED ? a : mr_bool(!mr_is_here(a));
}

struct mr_val
mr_is_missing(struct mr_val a)
{
    return a.state == MR_FAILED ? a : mr_bool(a.state == MR_MISSING);
}

struct mr_val
mr_choose(struct mr_val cond, struct mr_val yes, struct mr_val no)
{
    if (cond.state == MR_FAILED)
        return cond;
    return mr_is_true(cond) ? yes : no;
}
