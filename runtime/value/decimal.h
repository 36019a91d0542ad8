/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact decimals: a whole coefficient of at most 38 digits and the number of
 * its digits behind the point (0 to 38). Nothing is ever rounded unless the
 * function's name says so; what does not fit is OUT_OF_RANGE.
 */
#ifndef VALUE_DECIMAL_H
#define VALUE_DECIMAL_H

#include "mr/cx.h"

enum { MR_DECIMAL_DIGITS = 38, MR_DIVISION_SCALE = 15 };

extern const uint64_t mr_tens[20];     /* 10^0 to 10^19 */

/* The power of ten that n is, or any other where it is none. */
static inline uint32_t
mr_power_of_ten(uint64_t n)
{
    return n == 0 ? 0 : (uint32_t)(64 - __builtin_clzll(n)) * 1233 >> 12;
}

/* Zeros at the end go, as far as they stand behind the point. What is a
 * multiple of ten, times the inverse of 5 modulo 2^64 and half of that, is a
 * tenth; what is none becomes larger than any tenth. */
static inline void
mr_drop_zeros(uint64_t *digits, uint32_t *scale)
{
    while (*scale > 0) {
        uint64_t fifth = *digits * 0xcccccccccccccccdu;
        uint64_t tenth = fifth >> 1 | fifth << 63;

        if (tenth > UINT64_MAX / 10)
            return;
        *digits = tenth;
        --*scale;
    }
}

struct mr_decimal {
    unsigned __int128 coefficient;
    uint16_t scale;
    bool negative;              /* never with coefficient 0 */
};

/* Canonical number text; also a plus sign, leading zeros, a bare point on one
 * side. NOT_A_NUMBER or OUT_OF_RANGE. */
enum mr_why mr_decimal_read(const char *p, uint32_t n, struct mr_decimal *out);

/* Canonical text with exactly d.scale decimals. */
struct mr_val mr_decimal_text(struct mr_cx *cx, struct mr_decimal d);
/* The same for 64 bits and at most 19 decimals. */
struct mr_val mr_decimal_text_short(struct mr_cx *cx, uint64_t digits,
                                    uint32_t scale, bool negative);

enum mr_why mr_decimal_add(struct mr_decimal a, struct mr_decimal b,
                           struct mr_decimal *out);
enum mr_why mr_decimal_mul(struct mr_decimal a, struct mr_decimal b,
                           struct mr_decimal *out);
/* At most MR_DIVISION_SCALE decimals, half away from zero, trailing zeros
 * dropped. DIVISION_BY_ZERO. */
enum mr_why mr_decimal_div(struct mr_decimal a, struct mr_decimal b,
                           struct mr_decimal *out);
/* -1, 0, 1. */
int mr_decimal_compare(struct mr_decimal a, struct mr_decimal b);

/* Without trailing zeros behind the point. */
struct mr_decimal mr_decimal_short(struct mr_decimal d);
/* With exactly this scale. TOO_PRECISE where digits would be lost. */
enum mr_why mr_decimal_scale(struct mr_decimal *d, uint32_t scale);
/* At most this scale, half away from zero. */
struct mr_decimal mr_decimal_round(struct mr_decimal d, uint32_t scale);
/* Times 10^n, without losing a digit. */
enum mr_why mr_decimal_shift(struct mr_decimal *d, int n);

/* Is this a number in canonical form? Its digits before the point (0 alone
 * counts none) and behind it, trailing zeros not counted. */
struct mr_number_size {
    uint32_t whole, decimals;
    uint32_t end;               /* bytes up to the last digit that counts */
};
bool mr_number_check(const char *p, uint32_t n, struct mr_number_size *size);

#endif
