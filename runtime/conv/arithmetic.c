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
    struct mr_decimal result;
    enum mr_why why;

    if (failed != NULL)
        return *failed;
    if (a.state == MR_MISSING || b.state == MR_MISSING)
        return mr_num_of(mr_missing());
    if (a.state == MR_EMPTY || b.state == MR_EMPTY)
        return mr_num_of(mr_empty());
    if (a.why != MR_WHY_NONE)
        return mr_num_failed(cx, a, (enum mr_why)a.why);
    if (b.why != MR_WHY_NONE)
        return mr_num_failed(cx, b, (enum mr_why)b.why);
    why = f(mr_num_decimal(&a), mr_num_decimal(&b), &result);
    if (why != MR_WHY_NONE)
        return mr_num_failed(cx, why == MR_WHY_DIVISION_BY_ZERO ? b : a, why);
    return mr_num_step(cx, name, mr_num_made(result));
}

static enum mr_why
subtract(struct mr_decimal a, struct mr_decimal b, struct mr_decimal *out)
{
    b.negative = b.coefficient != 0 && !b.negative;
    return mr_decimal_add(a, b, out);
}

struct mr_num
mr_add_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return calculate(cx, "+", mr_decimal_add, a, b);
}

struct mr_num
mr_sub_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return calculate(cx, "-", subtract, a, b);
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
    uint32_t power = mr_power_of_ten(b.digits);
    uint64_t left = a.digits;
    uint32_t scale = (uint32_t)a.scale + power - b.scale;

    if (!a.quick || !b.quick || b.digits != mr_tens[power] ||
        (uint32_t)a.scale + power < b.scale)
        return false;
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

    if (cx->trace == NULL && divide_by_ten(a, b, &quotient))
        return quotient;
    return calculate(cx, "/", mr_decimal_div, a, b);
}

struct mr_num
mr_negate(struct mr_cx *cx, struct mr_num a)
{
    struct mr_decimal d = mr_num_decimal(&a);

    if (a.state != MR_HERE)
        return a;
    if (a.why != MR_WHY_NONE)
        return mr_num_failed(cx, a, (enum mr_why)a.why);
    d.negative = d.coefficient != 0 && !d.negative;
    return mr_num_step(cx, "-", mr_num_made(d));
}

/* --- comparisons --- */

/* Bit 0: less, bit 1: equal, bit 2: greater: which of them are wanted. */
enum { LESS = 1, SAME = 2, MORE = 4 };

static struct mr_val
compare(struct mr_cx *cx, const char *name, struct mr_num a, struct mr_num b,
        int wanted)
{
    const struct mr_num *failed = failed_of(&a, &b);
    int order;

    if (failed != NULL)
        return mr_step(cx, name, mr_num_text(cx, *failed));
    if (a.state != MR_HERE || b.state != MR_HERE)
        return mr_step(cx, name, mr_bool(false));
    if (a.why != MR_WHY_NONE || b.why != MR_WHY_NONE) {
        struct mr_num bad = a.why != MR_WHY_NONE ? a : b;

        return mr_step(cx, name, mr_failed(mr_num_text(cx, bad),
                                           (enum mr_why)bad.why));
    }
    order = mr_decimal_compare(mr_num_decimal(&a), mr_num_decimal(&b));
    wanted &= order < 0 ? LESS : order == 0 ? SAME : MORE;
    return mr_step(cx, name, mr_bool(wanted != 0));
}

struct mr_val
mr_number_eq(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return compare(cx, "=", a, b, SAME);
}

struct mr_val
mr_number_ne(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return compare(cx, "<>", a, b, LESS | MORE);
}

struct mr_val
mr_number_lt(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return compare(cx, "<", a, b, LESS);
}

struct mr_val
mr_number_le(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return compare(cx, "<=", a, b, LESS | SAME);
}
