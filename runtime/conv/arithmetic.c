/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators on numbers. A failed operand comes out first. Arithmetic with
 * nothing is nothing; comparing with nothing is false.
 */
#include "mr/conv.h"

#include "value/number.h"

/* The failed one of two, or NULL. */
static const struct mr_num *
failed_of(const struct mr_num *a, const struct mr_num *b)
{
    return a->state == MR_FAILED ? a : b->state == MR_FAILED ? b : NULL;
}

typedef enum mr_why operation(struct mr_decimal a, struct mr_decimal b,
                              struct mr_decimal *out);

static struct mr_num
calculate(struct mr_cx *cx, const char *name, operation *f, struct mr_num a,
          struct mr_num b)
{
    const struct mr_num *failed = failed_of(&a, &b);
    struct mr_decimal x, y, result;
    enum mr_why why;

    if (failed != NULL)
        return *failed;
    if (a.state == MR_MISSING || b.state == MR_MISSING)
        return mr_num_value(mr_missing());
    if (a.state == MR_EMPTY || b.state == MR_EMPTY)
        return mr_num_value(mr_empty());
    why = mr_num_decimal(a, &x);
    if (why != MR_WHY_NONE)
        return mr_num_failed(cx, a, why);
    why = mr_num_decimal(b, &y);
    if (why != MR_WHY_NONE)
        return mr_num_failed(cx, b, why);
    why = f(x, y, &result);
    if (why != MR_WHY_NONE)
        return mr_num_failed(cx, why == MR_WHY_DIVISION_BY_ZERO ? b : a, why);
    return mr_num_step(cx, name, mr_num_made(cx, result));
}

static enum mr_why
subtract(struct mr_decimal a, struct mr_decimal b, struct mr_decimal *out)
{
    b.negative = b.coefficient != 0 && !b.negative;
    return mr_decimal_add(a, b, out);
}

/* Quick ones with the larger scale. false: 64 bits are too few. */
static bool
align(struct mr_num *a, struct mr_num *b)
{
    struct mr_num *low = a->scale < b->scale ? a : b;
    struct mr_num *high = low == a ? b : a;
    uint32_t n = (uint32_t)(high->scale - low->scale);

    if (n > 19 || __builtin_mul_overflow(low->u.digits, mr_tens[n],
                                         &low->u.digits))
        return false;
    low->scale = high->scale;
    return true;
}

static struct mr_num
sum(struct mr_cx *cx, struct mr_num a, struct mr_num b, bool minus)
{
    struct mr_num x = a, y = b, out;

    if (mr_num_both_quick(cx, a, b) && align(&x, &y) &&
        mr_num_sum(x, y, minus, &out))
        return out;
    return calculate(cx, minus ? "-" : "+", minus ? subtract : mr_decimal_add,
                     a, b);
}

struct mr_num
mr_add_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return sum(cx, a, b, false);
}

struct mr_num
mr_sub_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return sum(cx, a, b, true);
}

struct mr_num
mr_mul_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return calculate(cx, "*", mr_decimal_mul, a, b);
}

/* Divided by a power of ten: only the point moves. */
static bool
divide_by_ten(struct mr_num a, struct mr_num b, struct mr_num *out)
{
    uint32_t power = mr_power_of_ten(b.u.digits);
    uint32_t scale = (uint32_t)a.scale + power;
    uint64_t left = a.u.digits;

    if (b.u.digits != mr_tens[power] || scale < b.scale)
        return false;
    scale -= b.scale;
    mr_drop_zeros(&left, &scale);
    if (scale > MR_DIVISION_SCALE)
        return false;
    *out = mr_num_quick(left, scale, a.negative != b.negative);
    return true;
}

struct mr_num
mr_div(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    struct mr_num quotient;

    if (mr_num_both_quick(cx, a, b) && divide_by_ten(a, b, &quotient))
        return quotient;
    return calculate(cx, "/", mr_decimal_div, a, b);
}

struct mr_num
mr_negate(struct mr_cx *cx, struct mr_num a)
{
    struct mr_decimal d;
    enum mr_why why;

    if (a.state != MR_HERE)
        return a;
    why = mr_num_decimal(a, &d);
    if (why != MR_WHY_NONE)
        return mr_num_failed(cx, a, why);
    d.negative = d.coefficient != 0 && !d.negative;
    return mr_num_step(cx, "-", mr_num_made(cx, d));
}

/* --- comparisons --- */

/* Bit 0: less, bit 1: equal, bit 2: greater: which of them are wanted. */
enum { LESS = 1, SAME = 2, MORE = 4 };

static struct mr_val
compared(struct mr_cx *cx, struct mr_num a, struct mr_num b, int wanted)
{
    const struct mr_num *failed = failed_of(&a, &b);
    struct mr_decimal x, y;
    enum mr_why why;
    int order;

    if (failed != NULL)
        return mr_num_text(cx, *failed);
    if (a.state != MR_HERE || b.state != MR_HERE)
        return mr_bool(false);
    why = mr_num_decimal(a, &x);
    if (why != MR_WHY_NONE)
        return mr_failed(mr_num_text(cx, a), why);
    why = mr_num_decimal(b, &y);
    if (why != MR_WHY_NONE)
        return mr_failed(mr_num_text(cx, b), why);
    order = mr_decimal_compare(x, y);
    wanted &= order < 0 ? LESS : order == 0 ? SAME : MORE;
    return mr_bool(wanted != 0);
}

struct mr_val
mr_number_eq(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return mr_step(cx, "=", compared(cx, a, b, SAME));
}

struct mr_val
mr_number_ne(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return mr_step(cx, "<>", compared(cx, a, b, LESS | MORE));
}

struct mr_val
mr_number_lt(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return mr_step(cx, "<", compared(cx, a, b, LESS));
}

struct mr_val
mr_number_le(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return mr_step(cx, "<=", compared(cx, a, b, LESS | SAME));
}
