/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals as text, two digits at a time; is a text a number in canonical
 * form? */
#include "value/decimal.h"

#include "value/text.h"

typedef unsigned __int128 wide;

/* The last two digits of *rest, in front of p. */
static inline char *
put_pair(char *p, uint64_t *rest)
{
    static const char pairs[] =
        "00010203040506070809" "10111213141516171819"
        "20212223242526272829" "30313233343536373839"
        "40414243444546474849" "50515253545556575859"
        "60616263646566676869" "70717273747576777879"
        "80818283848586878889" "90919293949596979899";
    uint64_t left = *rest / 100;

    p -= 2;
    memcpy(p, pairs + 2 * (*rest - 100 * left), 2);
    *rest = left;
    return p;
}

/* The `n` last digits, zeros where there are no more. */
static inline char *
put_digits(char *p, uint64_t *rest, uint32_t n)
{
    for (; n >= 2; n -= 2)
        p = put_pair(p, rest);
    if (n > 0) {
        *--p = (char)('0' + *rest % 10);
        *rest /= 10;
    }
    return p;
}

/* In front of p; returns where it starts. */
static inline char *
put_short(char *p, uint64_t digits, uint32_t scale, bool negative)
{
    if (scale > 0) {
        p = put_digits(p, &digits, scale);
        *--p = '.';
    }
    while (digits >= 100)
        p = put_pair(p, &digits);
    if (digits >= 10)
        p = put_pair(p, &digits);
    else
        *--p = (char)('0' + digits);
    if (negative)
        *--p = '-';
    return p;
}

struct mr_val
mr_decimal_text_short(struct mr_cx *cx, uint64_t digits, uint32_t scale,
                      bool negative)
{
    enum { ROOM = 32 };
    char *start = mr_alloc(cx, ROOM), *end, *p;

    if (start == NULL)
        return mr_failed(mr_empty(), MR_WHY_OUT_OF_MEMORY);
    end = start + ROOM;
    p = put_short(end, digits, scale, negative);
    return mr_slice(p, (uint32_t)(end - p));
}

struct mr_val
mr_decimal_text(struct mr_cx *cx, struct mr_decimal d)
{
    enum { ROOM = 48 };
    char *start = mr_alloc(cx, ROOM), *end, *p;
    wide rest = d.coefficient;
    uint32_t scale = d.scale;

    if (start == NULL)
        return mr_failed(mr_empty(), MR_WHY_OUT_OF_MEMORY);
    p = end = start + ROOM;
    /* One digit at a time until 64 bits hold the rest. */
    for (; rest > UINT64_MAX; rest /= 10) {
        *--p = (char)('0' + (int)(rest % 10));
        if (scale > 0 && --scale == 0)
            *--p = '.';
    }
    p = put_short(p, (uint64_t)rest, scale, d.negative);
    return mr_slice(p, (uint32_t)(end - p));
}

bool
mr_number_check(const char *p, uint32_t n, struct mr_number_size *size)
{
    uint32_t first = n > 0 && p[0] == '-', i = first, end = n;

    while (i < n && mr_is_digit(p[i]))
        i++;
    if (i == first || (p[first] == '0' && i - first > 1))
        return false;
    size->whole = p[first] == '0' ? 0 : i - first;
    size->decimals = 0;
    size->end = i;
    if (i < n) {
        if (p[i] != '.' || !mr_all_digits(p + i + 1, n - i - 1))
            return false;
        while (p[end - 1] == '0')
            end--;
        if (end - 1 > i) {
            size->decimals = end - 1 - i;
            size->end = end;
        }
    }
    return first == 0 || size->whole != 0 || size->decimals != 0;
}
