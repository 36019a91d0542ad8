/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals as whole numbers: from text, to text, multiplied and rounded. */
#include "sandbox/sd_number.h"

#include <ctype.h>
#include <inttypes.h>

#define MOST INT64_C(1000000000000000)

/* Products of two numbers. */
__extension__ typedef __int128 wide;

bool
sd_number(const char *text, unsigned digits, int64_t *out)
{
    bool negative = *text == '-', point = false, any = false;
    int64_t value = 0;
    unsigned behind = 0;

    for (const char *p = text + (*text == '-' || *text == '+'); *p != '\0';
         p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!isdigit((unsigned char)*p))
            return false;
        any = true;
        if (point && behind == digits) {
            if (*p != '0')
                return false;
            continue;
        }
        behind += point;
        value = value * 10 + (*p - '0');
        if (value >= MOST)
            return false;
    }
    for (; behind < digits; behind++) {
        value *= 10;
        if (value >= MOST)
            return false;
    }
    *out = negative ? -value : value;
    return any;
}

const char *
sd_number_text(struct arena *a, int64_t value, unsigned digits)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t unit = 1;

    for (unsigned i = 0; i < digits; i++)
        unit *= 10;
    if (digits == 0)
        return arena_printf(a, "%s%" PRIu64, value < 0 ? "-" : "", size);
    return arena_printf(a, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "",
                        size / unit, (int)digits, size % unit);
}

int64_t
sd_number_scale(int64_t a, int64_t b, int64_t c)
{
    wide product = (wide)a * b, half = c / 2;
    wide rounded = product < 0 ? -((-product + half) / c)
                               : (product + half) / c;

    return (int64_t)rounded;
}
