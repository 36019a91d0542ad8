/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ISO 8601 durations (PT1H30M) and numbers of a unit. Years and months have no
 * fixed length and are refused.
 */
#include "mr/conv.h"

#include "value/date.h"
#include "value/decimal.h"
#include "value/text.h"

static uint32_t
seconds_in(char unit)
{
    switch (unit) {
    case 'd': case 'D': return 86400;
    case 'h': case 'H': return 3600;
    case 'm': case 'M': return 60;
    case 's': case 'S': return 1;
    default: return 0;
    }
}

static struct mr_decimal
whole(uint64_t n)
{
    struct mr_decimal d = { n, 0, false };

    return d;
}

/* One "1.5H" from *at on, added to the seconds in *sum. */
static bool
add_part(struct mr_val v, uint32_t *at, char *unit, struct mr_decimal *sum)
{
    uint32_t start = *at;
    struct mr_decimal d;

    while (*at < v.n && (mr_is_digit(v.p[*at]) || v.p[*at] == '.'))
        (*at)++;
    if (*at == start || *at == v.n || !mr_is_digit(v.p[start]) ||
        mr_decimal_read(v.p + start, *at - start, &d) != MR_WHY_NONE)
        return false;
    *unit = v.p[(*at)++];
    return mr_decimal_mul(d, whole(seconds_in(*unit)), &d) == MR_WHY_NONE &&
           mr_decimal_add(*sum, d, sum) == MR_WHY_NONE;
}

/* [-]P[nD][T[nH][nM][nS]], at least one part; in seconds. */
static bool
read_duration(struct mr_val v, struct mr_decimal *out)
{
    static const char order[] = "DHMS";
    uint32_t at = v.p[0] == '-';
    const char *last = order - 1;
    bool time = false, some = false;
    char unit;

    *out = whole(0);
    if (at == v.n || v.p[at++] != 'P')
        return false;
    while (at < v.n) {
        const char *place;

        if (v.p[at] == 'T' && !time) {
            time = true;
            some = false;
            at++;
            continue;
        }
        if (!add_part(v, &at, &unit, out))
            return false;
        place = strchr(order, unit);
        if (place == NULL || place <= last || (place > order) != time)
            return false;
        last = place;
        some = true;
    }
    out->negative = v.p[0] == '-' && out->coefficient != 0;
    return some;
}

static bool
is_exact(struct mr_decimal quotient, struct mr_decimal by, struct mr_decimal of)
{
    struct mr_decimal product;

    return mr_decimal_mul(quotient, by, &product) == MR_WHY_NONE &&
           mr_decimal_compare(product, of) == 0;
}

struct mr_val
mr_duration_right(struct mr_cx *cx, struct mr_val v, const char *unit)
{
    struct mr_decimal seconds, result, by = whole(seconds_in(unit[0]));
    struct mr_val text;

    if (!mr_is_here(v))
        return v;
    text = mr_without_blanks(v);
    if (!mr_is_here(text))
        return mr_step(cx, "duration", text);
    if (!read_duration(text, &seconds) ||
        mr_decimal_div(seconds, by, &result) != MR_WHY_NONE)
        return mr_step(cx, "duration", mr_failed(v, MR_WHY_NO_MATCH));
    if (!is_exact(result, by, seconds))
        return mr_step(cx, "duration", mr_failed(v, MR_WHY_TOO_PRECISE));
    return mr_step(cx, "duration", mr_decimal_text(cx, result));
}

static char *
put_number(char *p, uint64_t n, char unit)
{
    char digits[20];
    int k = 0;

    do
        digits[k++] = (char)('0' + n % 10);
    while ((n /= 10) != 0);
    while (k > 0)
        *p++ = digits[--k];
    *p++ = unit;
    return p;
}

/* "PT" hours, minutes, seconds, those that are not 0. */
static struct mr_val
write_duration(struct mr_cx *cx, struct mr_decimal d)
{
    struct mr_decimal s = mr_decimal_short(d);
    uint64_t one = 1, seconds, rest;
    char *p = mr_alloc(cx, 64), *at = p;

    if (p == NULL)
        return mr_failed(mr_empty(), MR_WHY_OUT_OF_MEMORY);
    for (int i = 0; i < s.scale; i++)
        one *= 10;
    seconds = (uint64_t)(s.coefficient / one);
    rest = (uint64_t)(s.coefficient % one);
    if (s.negative)
        *at++ = '-';
    memcpy(at, "PT", 2);
    at += 2;
    if (seconds >= 3600)
        at = put_number(at, seconds / 3600, 'H');
    if (seconds / 60 % 60 != 0)
        at = put_number(at, seconds / 60 % 60, 'M');
    if (rest != 0) {
        char *point = put_number(at, seconds % 60, '.');

        at = point + s.scale;
        mr_put_digits(point, s.scale, (uint32_t)rest);
        *at++ = 'S';
    } else if (seconds % 60 != 0 || seconds == 0) {
        at = put_number(at, seconds % 60, 'S');
    }
    return mr_slice(p, (uint32_t)(at - p));
}

struct mr_val
mr_duration_left(struct mr_cx *cx, struct mr_val v, const char *unit)
{
    struct mr_decimal d;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    why = mr_decimal_read(v.p, v.n, &d);
    if (why == MR_WHY_NONE)
        why = mr_decimal_mul(d, whole(seconds_in(unit[0])), &d);
    d = why == MR_WHY_NONE ? mr_decimal_short(d) : whole(0);
    if (why == MR_WHY_NONE && d.scale > 9)
        why = MR_WHY_TOO_PRECISE;
    if (why == MR_WHY_NONE && d.coefficient > UINT64_MAX)
        why = MR_WHY_OUT_OF_RANGE;
    if (why != MR_WHY_NONE)
        return mr_step(cx, "duration", mr_failed(v, why));
    return mr_step(cx, "duration", write_duration(cx, d));
}
