/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A number between two operations: read once where it comes from, written once
 * where it ends. 16 bytes, passed in two registers. Most numbers are quick: 64
 * bits and the place of the point say it all, and their text is canonical.
 * Wide ones lie in the document's arena. Everything else is a value as it is:
 * nothing, a failure, a text that is not canonical or has too many digits; the
 * operation that needs a number reads it, or fails.
 */
#ifndef MR_NUM_H
#define MR_NUM_H

#include "mr/cx.h"

enum mr_num_form { MR_NUM_VALUE, MR_NUM_QUICK, MR_NUM_WIDE };

struct mr_decimal;

struct mr_num {
    union {
        const char *p;                  /* VALUE: see struct mr_val */
        uint64_t digits;                /* QUICK: all of them, no point */
        const struct mr_decimal *wide;
    } u;
    uint32_t n;
    uint8_t state, why;         /* QUICK, WIDE: MR_HERE */
    uint8_t scale;              /* QUICK: digits behind the point, up to 38 */
    uint8_t form : 2;           /* enum mr_num_form */
    uint8_t negative : 1;       /* QUICK: never where it is zero */
};

/* A value as number, a number as value. */
struct mr_num mr_num_of(struct mr_val v);
struct mr_val mr_num_text(struct mr_cx *cx, struct mr_num n);

static inline struct mr_num
mr_num_quick(uint64_t digits, uint32_t scale, bool negative)
{
    struct mr_num n = { .u.digits = digits, .state = MR_HERE,
                        .scale = (uint8_t)scale, .form = MR_NUM_QUICK,
                        .negative = negative && digits != 0 };

    return n;
}

/* --- operators: exact, or OUT_OF_RANGE; divisions have at most 15 decimals,
 * half away from zero --- */
struct mr_num mr_add_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_sub_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_mul_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_div(struct mr_cx *cx, struct mr_num a, struct mr_num b);

static inline bool
mr_num_both_quick(const struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    return a.form == MR_NUM_QUICK && b.form == MR_NUM_QUICK &&
           cx->trace == NULL;
}

/* Two quick ones with their points in the same place. `minus`: b is taken
 * away. false: 64 bits are too few. */
static inline bool
mr_num_sum(struct mr_num a, struct mr_num b, bool minus, struct mr_num *out)
{
    bool negative = b.negative != minus, less = a.u.digits < b.u.digits;
    uint64_t sum;

    if (a.negative == negative) {
        if (__builtin_add_overflow(a.u.digits, b.u.digits, &sum))
            return false;
        *out = mr_num_quick(sum, a.scale, negative);
        return true;
    }
    sum = less ? b.u.digits - a.u.digits : a.u.digits - b.u.digits;
    *out = mr_num_quick(sum, a.scale, less ? negative : a.negative);
    return true;
}

static inline struct mr_num
mr_add(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    struct mr_num sum;

    if (mr_num_both_quick(cx, a, b) && a.scale == b.scale &&
        mr_num_sum(a, b, false, &sum))
        return sum;
    return mr_add_slow(cx, a, b);
}

static inline struct mr_num
mr_sub(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    struct mr_num sum;

    if (mr_num_both_quick(cx, a, b) && a.scale == b.scale &&
        mr_num_sum(a, b, true, &sum))
        return sum;
    return mr_sub_slow(cx, a, b);
}

static inline struct mr_num
mr_mul(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    uint32_t scale = (uint32_t)a.scale + b.scale;
    uint64_t product;

    if (!mr_num_both_quick(cx, a, b) || scale > 38 ||
        __builtin_mul_overflow(a.u.digits, b.u.digits, &product))
        return mr_mul_slow(cx, a, b);
    return mr_num_quick(product, scale, a.negative != b.negative);
}

struct mr_num mr_negate(struct mr_cx *cx, struct mr_num a);
/* "true" or "false"; nothing compares false, also with <>. */
struct mr_val mr_number_eq(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_val mr_number_ne(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_val mr_number_lt(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_val mr_number_le(struct mr_cx *cx, struct mr_num a, struct mr_num b);

/* --- conversions that end or begin with a number: see mr/conv.h --- */
/* number() */
struct mr_num mr_num_read(struct mr_cx *cx, struct mr_val v, const char *form);
/* scale(), quantity() */
struct mr_num mr_num_scale(struct mr_cx *cx, struct mr_num v, uint32_t n);
struct mr_num mr_num_quantity(struct mr_cx *cx, struct mr_num v, uint32_t n);
/* number_text() */
struct mr_val mr_num_write(struct mr_cx *cx, struct mr_num n, const char *form);
/* round() */
struct mr_num mr_num_round(struct mr_cx *cx, struct mr_num v, uint32_t n);

#endif
