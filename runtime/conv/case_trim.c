/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blanks at the ends, and upper and lower case. Case is a table of ranges, not
 * the C library's, which depends on the locale; it holds what UnicodeData
 * calls simple mappings, for the scripts that business data is written in.
 */
#include "mr/conv.h"

#include "value/text.h"

struct mr_val
mr_trim(struct mr_cx *cx, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    return mr_step(cx, "trim", mr_without_blanks(v));
}

enum step {
    ALL,            /* upper + delta = lower, for each */
    PAIRS           /* upper, lower, upper, lower … from the first on */
};

struct range {
    uint16_t first, last;       /* ALL: the upper ones; PAIRS: both */
    uint8_t step;
    int16_t delta;
};

/* Searched for letters behind ASCII only. */
static const struct range ranges[] = {
    { 0x00c0, 0x00d6, ALL, 32 },        /* Latin-1 */
    { 0x00d8, 0x00de, ALL, 32 },
    { 0x0100, 0x012f, PAIRS, 0 },       /* Latin Extended-A */
    { 0x0132, 0x0137, PAIRS, 0 },
    { 0x0139, 0x0148, PAIRS, 0 },
    { 0x014a, 0x0177, PAIRS, 0 },
    { 0x0178, 0x0178, ALL, -121 },
    { 0x0179, 0x017e, PAIRS, 0 },
    { 0x01a0, 0x01a5, PAIRS, 0 },       /* Latin Extended-B */
    { 0x01af, 0x01b0, PAIRS, 0 },
    { 0x01cd, 0x01dc, PAIRS, 0 },
    { 0x01de, 0x01ef, PAIRS, 0 },
    { 0x01f8, 0x021f, PAIRS, 0 },
    { 0x0222, 0x0233, PAIRS, 0 },
    { 0x0386, 0x0386, ALL, 38 },        /* Greek */
    { 0x0388, 0x038a, ALL, 37 },
    { 0x038c, 0x038c, ALL, 64 },
    { 0x038e, 0x038f, ALL, 63 },
    { 0x0391, 0x03a1, ALL, 32 },
    { 0x03a3, 0x03ab, ALL, 32 },
    { 0x0400, 0x040f, ALL, 80 },        /* Cyrillic */
    { 0x0410, 0x042f, ALL, 32 },
    { 0x0460, 0x0481, PAIRS, 0 },
    { 0x048a, 0x04bf, PAIRS, 0 },
    { 0x04c0, 0x04c0, ALL, 15 },
    { 0x04c1, 0x04ce, PAIRS, 0 },
    { 0x04d0, 0x052f, PAIRS, 0 },
    { 0x0531, 0x0556, ALL, 48 },        /* Armenian */
    { 0x1e00, 0x1e95, PAIRS, 0 },       /* Latin Extended Additional */
    { 0x1ea0, 0x1eff, PAIRS, 0 },
    { 0xff21, 0xff3a, ALL, 32 },        /* full width */
};

enum { RANGES = sizeof ranges / sizeof ranges[0] };

static uint32_t
to_upper(uint32_t c)
{
    if (c == 0x131)                     /* dotless i */
        return 'I';
    if (c == 0x17f)                     /* long s */
        return 'S';
    if (c == 0x3c2)                     /* final sigma */
        return 0x3a3;
    for (uint32_t i = 0; i < RANGES; i++) {
        const struct range *r = &ranges[i];
        uint32_t low = (uint32_t)(r->first + r->delta);
        uint32_t high = (uint32_t)(r->last + r->delta);

        if (c < low || c > high)
            continue;
        if (r->step == ALL)
            return (uint32_t)((int32_t)c - r->delta);
        return (c - r->first) % 2 == 1 ? c - 1 : c;
    }
    return c;
}

static uint32_t
to_lower(uint32_t c)
{
    if (c == 0x130)                     /* I with a dot */
        return 'i';
    if (c == 0x1e9e)                    /* capital sharp s */
        return 0xdf;
    for (uint32_t i = 0; i < RANGES; i++) {
        const struct range *r = &ranges[i];

        if (c < r->first || c > r->last)
            continue;
        if (r->step == ALL)
            return (uint32_t)((int32_t)c + r->delta);
        return (c - r->first) % 2 == 0 ? c + 1 : c;
    }
    return c;
}

/* One of the 26 letters from `first` on, 'a' or 'A'. */
static bool
is_of(char first, char c)
{
    return (unsigned char)(c - first) < 26;
}

static bool
may_change(char first, char c)
{
    return (unsigned char)c >= 0x80 || is_of(first, c);
}

/* `first` is 'a' or 'A': the ASCII letters that change. The others are f's.
 * No mapping is longer in UTF-8 than its letter, so n bytes are enough. */
static struct mr_val
change_case(struct mr_cx *cx, const char *name, uint32_t (*f)(uint32_t),
            char first, struct mr_val v)
{
    uint32_t i = 0, n = 0, used;
    char *p;

    if (!mr_is_here(v))
        return v;
    while (i < v.n && !may_change(first, v.p[i]))
        i++;
    if (i == v.n)
        return mr_step(cx, name, v);
    p = mr_alloc(cx, v.n);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    memcpy(p, v.p, i);
    for (n = i; i < v.n; i += used) {
        uint32_t c, to;

        if ((unsigned char)v.p[i] < 0x80) {
            p[n++] = is_of(first, v.p[i]) ? (char)(v.p[i] ^ 0x20) : v.p[i];
            used = 1;
            continue;
        }
        c = mr_char_at(v.p + i, v.n - i, &used);
        to = f(c);

        if (to == c) {
            memcpy(p + n, v.p + i, used);
            n += used;
        } else {
            n += mr_char_put(p + n, to);
        }
    }
    return mr_step(cx, name, mr_slice(p, n));
}

struct mr_val
mr_upper(struct mr_cx *cx, struct mr_val v)
{
    return change_case(cx, "upper", to_upper, 'a', v);
}

struct mr_val
mr_lower(struct mr_cx *cx, struct mr_val v)
{
    return change_case(cx, "lower", to_lower, 'A', v);
}
