/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimal arithmetic on 128-bit whole numbers. 10^38 fits into 128 bits; a
 * product or a dividend that does not is noticed before it is computed. Most
 * numbers of business documents fit 64 bits: reading, writing and dividing
 * those takes a shorter way to the same result.
 */
#include "value/decimal.h"

#include "value/text.h"

typedef unsigned __int128 wide;

const uint64_t mr_tens[20] = {
    1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u,
    1000000000u, 10000000000u, 100000000000u, 1000000000000u, 10000000000000u,
    100000000000000u, 1000000000000000u, 10000000000000000u,
    100000000000000000u, 1000000000000000000u, 10000000000000000000u
};

#define LIMIT ((wide)10000000000000000000u * 10000000000000000000u)

/* n <= 38 */
static wide
ten_to(uint32_t n)
{
    return n <= 19 ? mr_tens[n] : (wide)mr_tens[19] * mr_tens[n - 19];
}

/* a * b, where it stays below 10^38. */
static bool
times(wide a, wide b, wide *out)
{
    if ((a | b) <= UINT64_MAX) {
        *out = a * b;
        return *out < LIMIT;
    }
    if (b != 0 && a > (LIMIT - 1) / b)
        return false;
    *out = a * b;
    return true;
}

static enum mr_why
finish(struct mr_decimal d, struct mr_decimal *out)
{
    if (d.coefficient == 0)
        d.negative = false;
    *out = d;
    return MR_WHY_NONE;
}

/* Up to 19 digits and points, which fit 64 bits. false: not one of those. */
static bool
read_short(const char *p, uint32_t n, struct mr_decimal *out)
{
    uint32_t i = n > 0 && (p[0] == '-' || p[0] == '+'), first = i, scale = 0;
    uint64_t sum = 0;

    if (n - i > 19)
        return false;
    for (; i < n && mr_is_digit(p[i]); i++)
        sum = sum * 10 + (uint64_t)(p[i] - '0');
    if (i < n) {
        if (p[i] != '.')
            return false;
        first++;
        scale = n - i - 1;
        for (i++; i < n && mr_is_digit(p[i]); i++)
            sum = sum * 10 + (uint64_t)(p[i] - '0');
    }
    if (i < n || first >= n)
        return false;
    out->coefficient = sum;
    out->scale = (uint16_t)scale;
    out->negative = sum != 0 && p[0] == '-';
    return true;
}

static enum mr_why
read_long(const char *p, uint32_t n, struct mr_decimal *out)
{
    struct mr_decimal d = { 0, 0, false };
    uint32_t i = 0, digits = 0, zeros = 0;
    bool point = false;

    if (n > 0 && (p[0] == '-' || p[0] == '+'))
        d.negative = p[i++] == '-';
    for (; i < n; i++) {
        if (p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!mr_is_digit(p[i]))
            return MR_WHY_NOT_A_NUMBER;
        digits++;
        /* Zeros behind the point count only when a digit follows them. */
        if (point && p[i] == '0') {
            zeros++;
            continue;
        }
        for (; zeros > 0; zeros--, d.scale++)
            if (!times(d.coefficient, 10, &d.coefficient) ||
                d.scale >= MR_DECIMAL_DIGITS)
                return MR_WHY_OUT_OF_RANGE;
        if (!times(d.coefficient, 10, &d.coefficient) ||
            (point && d.scale >= MR_DECIMAL_DIGITS))
            return MR_WHY_OUT_OF_RANGE;
        d.coefficient += (wide)(p[i] - '0');
        d.scale = (uint16_t)(d.scale + point);
    }
    if (digits == 0)
        return MR_WHY_NOT_A_NUMBER;
    /* Keep as many of the last zeros as there is room for: 12.50 stays so. */
    for (; zeros > 0 && d.scale < MR_DECIMAL_DIGITS &&
           times(d.coefficient, 10, &d.coefficient); zeros--)
        d.scale++;
    return finish(d, out);
}

enum mr_why
mr_decimal_read(const char *p, uint32_t n, struct mr_decimal *out)
{
    return read_short(p, n, out) ? MR_WHY_NONE : read_long(p, n, out);
}

/* Both with the larger scale. */
static bool
align(struct mr_decimal *a, struct mr_decimal *b)
{
    struct mr_decimal *low = a->scale < b->scale ? a : b;
    struct mr_decimal *high = low == a ? b : a;

    if (!times(low->coefficient, ten_to((uint32_t)(high->scale - low->scale)),
               &low->coefficient))
        return false;
    low->scale = high->scale;
    return true;
}

enum mr_why
mr_decimal_add(struct mr_decimal a, struct mr_decimal b, struct mr_decimal *out)
{
    if (!align(&a, &b)) {
        a = mr_decimal_short(a);
        b = mr_decimal_short(b);
        if (!align(&a, &b))
            return MR_WHY_OUT_OF_RANGE;
    }
    if (a.negative == b.negative) {
        if (a.coefficient > LIMIT - 1 - b.coefficient)
            return MR_WHY_OUT_OF_RANGE;
        a.coefficient += b.coefficient;
    } else if (a.coefficient >= b.coefficient) {
        a.coefficient -= b.coefficient;
    } else {
        a.coefficient = b.coefficient - a.coefficient;
        a.negative = b.negative;
    }
    return finish(a, out);
}

enum mr_why
mr_decimal_mul(struct mr_decimal a, struct mr_decimal b, struct mr_decimal *out)
{
    struct mr_decimal d = { 0, 0, a.negative != b.negative };

    if (a.scale + b.scale > MR_DECIMAL_DIGITS ||
        !times(a.coefficient, b.coefficient, &d.coefficient)) {
        a = mr_decimal_short(a);
        b = mr_decimal_short(b);
        if (a.scale + b.scale > MR_DECIMAL_DIGITS ||
            !times(a.coefficient, b.coefficient, &d.coefficient))
            return MR_WHY_OUT_OF_RANGE;
    }
    d.scale = (uint16_t)(a.scale + b.scale);
    return finish(d, out);
}

/* Long division, one decimal digit at a time; *rest is below `by`. */
static int
next_digit(wide *rest, wide by)
{
    int digit = 0;
    wide sum = 0;

    if (by <= UINT64_MAX / 10) {
        uint64_t ten_times = (uint64_t)*rest * 10;

        *rest = ten_times % (uint64_t)by;
        return (int)(ten_times / (uint64_t)by);
    }

    /* rest * 10 / by by adding rest ten times modulo by: no overflow, as
     * both are below 10^38 < 2^127. */
    for (int i = 0; i < 10; i++) {
        sum += *rest;
        if (sum >= by) {
            sum -= by;
            digit++;
        }
    }
    *rest = sum;
    return digit;
}

enum mr_why
mr_decimal_div(struct mr_decimal a, struct mr_decimal b, struct mr_decimal *out)
{
    struct mr_decimal d = { 0, 0, a.negative != b.negative };
    wide rest;
    int scale;

    if (b.coefficient == 0)
        return MR_WHY_DIVISION_BY_ZERO;
    a = mr_decimal_short(a);
    b = mr_decimal_short(b);
    if ((a.coefficient | b.coefficient) <= UINT64_MAX) {
        d.coefficient = (uint64_t)a.coefficient / (uint64_t)b.coefficient;
        rest = (uint64_t)a.coefficient % (uint64_t)b.coefficient;
    } else {
        d.coefficient = a.coefficient / b.coefficient;
        rest = a.coefficient % b.coefficient;
    }
    for (scale = a.scale - b.scale; scale < MR_DIVISION_SCALE; scale++) {
        if (rest == 0 && scale >= 0)
            break;
        if (!times(d.coefficient, 10, &d.coefficient))
            return MR_WHY_OUT_OF_RANGE;
        d.coefficient += (wide)next_digit(&rest, b.coefficient);
    }
    if (d.coefficient >= LIMIT)
        return MR_WHY_OUT_OF_RANGE;
    d.scale = (uint16_t)scale;
    if (scale > MR_DIVISION_SCALE) {
        /* More digits than wanted already; a remainder makes a half larger
         * than a half, never smaller, so plain rounding is right. */
        d = mr_decimal_round(d, MR_DIVISION_SCALE);
    } else if (rest >= b.coefficient - rest) {
        d.coefficient++;
    }
    return finish(mr_decimal_short(d), out);
}

int
mr_decimal_compare(struct mr_decimal a, struct mr_decimal b)
{
    int sign = a.negative ? -1 : 1;

    a = mr_decimal_short(a);
    b = mr_decimal_short(b);
    if (a.negative != b.negative)
        return sign;
    if (!align(&a, &b))
        /* The one that can't be scaled up is the larger one. */
        return a.scale < b.scale ? sign : -sign;
    if (a.coefficient == b.coefficient)
        return 0;
    return a.coefficient > b.coefficient ? sign : -sign;
}

struct mr_decimal
mr_decimal_short(struct mr_decimal d)
{
    uint64_t low;
    uint32_t scale;

    while (d.scale > 0 && d.coefficient > UINT64_MAX &&
           d.coefficient % 10 == 0) {
        d.coefficient /= 10;
        d.scale--;
    }
    if (d.coefficient > UINT64_MAX)
        return d;
    low = (uint64_t)d.coefficient;
    scale = d.scale;
    mr_drop_zeros(&low, &scale);
    d.coefficient = low;
    d.scale = (uint16_t)scale;
    return d;
}

enum mr_why
mr_decimal_scale(struct mr_decimal *d, uint32_t scale)
{
    struct mr_decimal s = mr_decimal_short(*d);

    if (s.scale > scale)
        return MR_WHY_TOO_PRECISE;
    if (scale > MR_DECIMAL_DIGITS ||
        !times(s.coefficient, ten_to(scale - s.scale), &s.coefficient))
        return MR_WHY_OUT_OF_RANGE;
    s.scale = (uint16_t)scale;
    *d = s;
    return MR_WHY_NONE;
}

struct mr_decimal
mr_decimal_round(struct mr_decimal d, uint32_t scale)
{
    wide unit, rest;

    if (d.scale <= scale)
        return d;
    unit = ten_to(d.scale - scale);
    rest = d.coefficient % unit;
    d.coefficient /= unit;
    if (rest >= unit - rest)
        d.coefficient++;
    d.scale = (uint16_t)scale;
    if (d.coefficient == 0)
        d.negative = false;
    return d;
}

enum mr_why
mr_decimal_shift(struct mr_decimal *d, int n)
{
    struct mr_decimal s = mr_decimal_short(*d);
    int scale = (int)s.scale - n;

    if (scale > MR_DECIMAL_DIGITS)
        return MR_WHY_OUT_OF_RANGE;
    if (scale < 0) {
        if (-scale > MR_DECIMAL_DIGITS ||
            !times(s.coefficient, ten_to((uint32_t)-scale), &s.coefficient))
            return s.coefficient == 0 ? MR_WHY_NONE : MR_WHY_OUT_OF_RANGE;
        scale = 0;
    }
    s.scale = (uint16_t)scale;
    *d = s;
    return MR_WHY_NONE;
}
