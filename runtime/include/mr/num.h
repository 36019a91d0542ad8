/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A number between two operations: read once where it comes from, written once
 * where it ends. What is missing, empty or failed stays that; a text that is no
 * number is told about by the operation that needs one, as if it read the text
 * itself.
 */
#ifndef MR_NUM_H
#define MR_NUM_H

#include "mr/cx.h"

struct mr_num {
    uint64_t digits;            /* all of them, without the point */
    uint64_t high;              /* … above 64 bits */
    const char *p;              /* n bytes of text, or NULL: not written yet */
    uint32_t n;
    uint8_t state;              /* enum mr_state */
    uint8_t why;                /* MR_HERE: why it can't be read, or NONE */
    uint8_t scale;              /* digits behind the point */
    bool negative : 1;          /* never where it is zero */
    bool canonical : 1;         /* its text surely is, or will be */
    bool quick : 1;             /* here, read, and 64 bits are enough for it:
                                   what most numbers are, and what the short
                                   ways below take */
};

/* A value as number, a number as value. */
struct mr_num mr_num_of(struct mr_val v);
struct mr_val mr_num_text(struct mr_cx *cx, struct mr_num n);

/* A constant: mr_num_const("0.19", 19, 2). */
static inline struct mr_num
mr_num_const(const char *text, uint64_t digits, uint8_t scale)
{
    struct mr_num n = { .digits = digits, .p = text,
                        .n = (uint32_t)strlen(text), .state = MR_HERE,
                        .scale = scale, .canonical = true, .quick = true };

    return n;
}

/* --- operators: exact, or OUT_OF_RANGE; divisions have at most 15 decimals,
 * half away from zero --- */
struct mr_num mr_add_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_sub_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_mul_slow(struct mr_cx *cx, struct mr_num a, struct mr_num b);
struct mr_num mr_div(struct mr_cx *cx, struct mr_num a, struct mr_num b);

/* What a short way made, of at most 64 bits. */
static inline struct mr_num
mr_num_quick(uint64_t digits, uint32_t scale, bool negative)
{
    struct mr_num n = { .digits = digits, .state = MR_HERE,
                        .scale = (uint8_t)scale,
                        .negative = negative && digits != 0,
                        .canonical = true, .quick = true };

    return n;
}

/* Two whose points stand in the same place. `minus`: b is taken away. */
static inline bool
mr_num_sum(struct mr_cx *cx, struct mr_num a, struct mr_num b, bool minus,
           struct mr_num *out)
{
    bool negative = b.negative != minus, less = a.digits < b.digits;
    uint64_t sum;

    if (!a.quick || !b.quick || a.scale != b.scale || cx->trace != NULL)
        return false;
    if (a.negative == negative) {
        if (__builtin_add_overflow(a.digits, b.digits, &sum))
            return false;
        *out = mr_num_quick(sum, a.scale, negative);
        return true;
    }
    sum = less ? b.digits - a.digits : a.digits - b.digits;
    *out = mr_num_quick(sum, a.scale, less ? negative : a.negative);
    return true;
}

static inline struct mr_num
mr_add(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    struct mr_num sum;

    return mr_num_sum(cx, a, b, false, &sum) ? sum : mr_add_slow(cx, a, b);
}

static inline struct mr_num
mr_sub(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    struct mr_num sum;

    return mr_num_sum(cx, a, b, true, &sum) ? sum : mr_sub_slow(cx, a, b);
}

static inline struct mr_num
mr_mul(struct mr_cx *cx, struct mr_num a, struct mr_num b)
{
    uint32_t scale = (uint32_t)a.scale + b.scale;
    uint64_t product;

    if (!a.quick || !b.quick || scale > 38 || cx->trace != NULL ||
        __builtin_mul_overflow(a.digits, b.digits, &product))
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
/* round() */
struct mr_num mr_num_round(struct mr_cx *cx, struct mr_num v, uint32_t n);

#endif
