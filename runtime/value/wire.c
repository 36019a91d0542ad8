/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How each format writes a value, to and from the canonical form. Blanks
 * around anything but text do not count; nothing but blanks is empty.
 *
 * The unlimited start date of Cloud for Customer, /Date(-62135769600000)/, is
 * the first day of year 1 in the Julian calendar, two days before the
 * Gregorian 0001-01-01 that no other format can go below. It reads as
 * 0001-01-01T00:00:00Z, and that moment is written as it, so that it comes
 * back unchanged; the Gregorian -62135596800000 reads as the same moment.
 */
#include "value/wire.h"

#include "value/date.h"
#include "value/decimal.h"
#include "value/text.h"

#define UNLIMITED_START (-62135769600000)

static bool
starts(const char *p, uint32_t n, const char *with, uint32_t with_n)
{
    return n >= with_n && memcmp(p, with, with_n) == 0;
}

static bool
is(struct mr_val v, const char *text)
{
    return v.n == strlen(text) && memcmp(v.p, text, v.n) == 0;
}

static struct mr_val
bool_in(struct mr_val v)
{
    if (is(v, "true") || is(v, "1"))
        return mr_bool(true);
    if (is(v, "false") || is(v, "0"))
        return mr_bool(false);
    return mr_failed(v, MR_WHY_NOT_BOOL);
}

/* --- numbers --- */

/* The digits of a number as written, without sign and exponent. */
struct parts {
    const char *digits;         /* as written, perhaps with a point in it */
    uint32_t n;                 /* bytes there */
    uint32_t point;             /* digits before the point */
    uint32_t count;             /* digits */
    int exponent;
    bool negative;
    bool floating;              /* written with an exponent */
};

static bool
read_exponent(const char *p, uint32_t n, int *exponent)
{
    bool negative = n > 0 && p[0] == '-';
    uint32_t i = n > 0 && (p[0] == '-' || p[0] == '+');

    if (i == n)
        return false;
    for (*exponent = 0; i < n; i++) {
        if (!mr_is_digit(p[i]))
            return false;
        if (*exponent < 100000)
            *exponent = *exponent * 10 + (p[i] - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

static bool
read_parts(const char *p, uint32_t n, struct parts *out)
{
    struct parts q = { p, 0, 0, 0, 0, false, false };
    bool point = false;
    uint32_t i = 0;

    if (n > 0 && (p[0] == '-' || p[0] == '+'))
        q.negative = p[i++] == '-';
    q.digits = p + i;
    for (; i < n && (mr_is_digit(p[i]) || (p[i] == '.' && !point)); i++) {
        if (p[i] == '.')
            point = true;
        else
            q.count++, q.point += !point;
    }
    q.n = (uint32_t)(p + i - q.digits);
    if (q.count == 0)
        return false;
    if (i < n) {
        q.floating = true;
        if ((p[i] != 'e' && p[i] != 'E') ||
            !read_exponent(p + i + 1, n - i - 1, &q.exponent))
            return false;
    }
    *out = q;
    return true;
}

/* The k-th digit, 0 outside of what was written. */
static char
digit_at(const struct parts *q, int64_t k)
{
    if (k < 0 || k >= q->count)
        return '0';
    if (k >= q->point)
        k++;
    return q->digits[k];
}

static bool
all_zeros(const struct parts *q)
{
    for (uint32_t i = 0; i < q->n; i++)
        if (q->digits[i] != '0' && q->digits[i] != '.')
            return false;
    return true;
}

static struct mr_val
write_parts(struct mr_cx *cx, struct mr_val v, const struct parts *q)
{
    int64_t first = 0, point = (int64_t)q->point + q->exponent;
    int64_t end = q->count > point ? q->count : point;
    char *p, *at;

    if (all_zeros(q)) {
        point = 1;
        end = q->floating ? 1 : 1 + (int64_t)(q->count - q->point);
    }
    /* A float's digits say nothing about decimals. */
    while (q->floating && end > point && digit_at(q, end - 1) == '0')
        end--;
    while (first < point - 1 && digit_at(q, first) == '0')
        first++;
    if (first > point - 1)
        first = point - 1;
    if (end - first > MR_NUMBER_MAX)
        return mr_failed(v, MR_WHY_OUT_OF_RANGE);
    p = at = mr_alloc(cx, MR_NUMBER_MAX + 3);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    if (q->negative && !all_zeros(q))
        *at++ = '-';
    for (int64_t k = first; k < end; k++) {
        if (k == point)
            *at++ = '.';
        *at++ = digit_at(q, k);
    }
    return mr_slice(p, (uint32_t)(at - p));
}

static struct mr_val
number_in(struct mr_cx *cx, struct mr_val v)
{
    struct mr_number_size size;
    struct parts parts;

    if (v.n <= MR_NUMBER_MAX && mr_number_check(v.p, v.n, &size))
        return v;
    if (!read_parts(v.p, v.n, &parts))
        return mr_failed(v, MR_WHY_NOT_A_NUMBER);
    return write_parts(cx, v, &parts);
}

/* --- dates and times --- */

static struct mr_val
date_in(struct mr_val v)
{
    struct mr_ymd d;

    if (v.n == 11 && v.p[10] == 'Z')
        v.n = 10;
    return mr_date_read(v.p, v.n, &d) ? v : mr_failed(v, MR_WHY_NOT_A_DATE);
}

static struct mr_val
clock_text(struct mr_cx *cx, struct mr_val v, uint32_t seconds,
           uint32_t fraction)
{
    char *p = mr_alloc(cx, 16);

    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    return mr_slice(p, mr_clock_put(p, seconds, fraction));
}

static struct mr_val
time_in(struct mr_cx *cx, struct mr_val v)
{
    uint32_t n = v.n > 0 && v.p[v.n - 1] == 'Z' ? v.n - 1 : v.n;
    uint32_t seconds, fraction;

    if (mr_clock_read(v.p, n, &seconds, &fraction) != n)
        return mr_failed(v, MR_WHY_NOT_A_TIME);
    if (n == 8)
        return mr_slice(v.p, n);
    return clock_text(cx, v, seconds, fraction);
}

/* One "13H" of a duration: the number, its fraction, the letter. */
static bool
duration_part(struct mr_val *rest, uint32_t *value, uint32_t *fraction,
              char *unit)
{
    uint32_t i = 0, digits = 0;

    *value = *fraction = 0;
    for (; i < rest->n && mr_is_digit(rest->p[i]); i++) {
        if (i >= 6)
            return false;
        *value = *value * 10 + (uint32_t)(rest->p[i] - '0');
    }
    if (i == 0 || i == rest->n)
        return false;
    if (rest->p[i] == '.') {
        uint32_t scale = MR_FRACTION / 10;

        for (i++; i < rest->n && mr_is_digit(rest->p[i]); i++, digits++) {
            if (scale == 0 && rest->p[i] != '0')
                return false;
            *fraction += (uint32_t)(rest->p[i] - '0') * scale;
            scale /= 10;
        }
        if (digits == 0 || i == rest->n || rest->p[i] != 'S')
            return false;
    }
    *unit = rest->p[i++];
    rest->p += i;
    rest->n -= i;
    return true;
}

static struct mr_val
duration_in(struct mr_cx *cx, struct mr_val v)
{
    struct mr_val rest = v;
    uint64_t seconds = 0;
    uint32_t value, fraction = 0;
    char last = 0, unit;

    if (!starts(v.p, v.n, "PT", 2) || v.n == 2)
        return mr_failed(v, MR_WHY_NOT_A_TIME);
    rest.p += 2;
    rest.n -= 2;
    /* H, M, S each once and in this order: the letters' own order. */
    while (rest.n > 0) {
        if (!duration_part(&rest, &value, &fraction, &unit) || unit <= last ||
            (unit != 'H' && unit != 'M' && unit != 'S'))
            return mr_failed(v, MR_WHY_NOT_A_TIME);
        seconds += (uint64_t)value *
                   (unit == 'H' ? 3600u : unit == 'M' ? 60u : 1u);
        last = unit;
    }
    if (seconds >= MR_DAY)
        return mr_failed(v, MR_WHY_OUT_OF_RANGE);
    return clock_text(cx, v, (uint32_t)seconds, fraction);
}

static struct mr_val
duration_out(struct mr_cx *cx, struct mr_val v)
{
    uint32_t seconds, fraction, n;
    char *p, clock[16];

    if (mr_clock_read(v.p, v.n, &seconds, &fraction) != v.n)
        return mr_failed(v, MR_WHY_NOT_A_TIME);
    p = mr_alloc(cx, 32);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    n = mr_clock_put(clock, seconds, fraction);
    memcpy(p, "PT00H00M", 8);
    memcpy(p + 2, clock, 2);
    memcpy(p + 5, clock + 3, 2);
    memcpy(p + 8, clock + 6, n - 6);
    p[2 + n] = 'S';
    return mr_slice(p, n + 3);
}

static struct mr_val
datetime_in(struct mr_cx *cx, struct mr_val v, bool zoned)
{
    struct mr_moment m;
    enum mr_why why = mr_moment_read(v.p, v.n, &m);

    if (why == MR_WHY_NONE && m.zoned != zoned)
        why = MR_WHY_NOT_A_DATETIME;
    if (why != MR_WHY_NONE)
        return mr_failed(v, why);
    if (v.n == 19u + zoned && v.p[10] == 'T')
        return v;
    return mr_moment_text(cx, m);
}

static struct mr_val
datetime_out(struct mr_val v, bool zoned)
{
    bool has = v.p[v.n - 1] == 'Z';

    if (has == zoned)
        return v;
    if (has) {
        v.n--;
        return v;
    }
    return mr_failed(v, MR_WHY_NOT_A_DATETIME);
}

/* The number in "/Date(…)/" and the offset behind it, which says in which zone
 * it was meant; the number is UTC either way. */
static bool
read_ticks(struct mr_val v, int64_t *ms)
{
    const char *p = v.p + 6, *end = v.p + v.n - 2;
    bool negative = *p == '-';
    const char *digits = p += negative;

    *ms = 0;
    for (; p < end && mr_is_digit(*p); p++) {
        if (p - digits >= 15)
            return false;
        *ms = *ms * 10 + (*p - '0');
    }
    if (p == digits)
        return false;
    if (negative)
        *ms = -*ms;
    if (p == end)
        return true;
    if ((*p != '+' && *p != '-') || end - p > 5 || end - p < 2)
        return false;
    return mr_all_digits(p + 1, (uint32_t)(end - p - 1));
}

static struct mr_val
ticks_in(struct mr_cx *cx, struct mr_val v)
{
    struct mr_moment m = { 0, 0, true };
    int64_t ms, rest;

    if (!starts(v.p, v.n, "/Date(", 6)) {
        enum mr_why why = mr_moment_read(v.p, v.n, &m);

        m.zoned = true;
        return why == MR_WHY_NONE ? mr_moment_text(cx, m) : mr_failed(v, why);
    }
    if (v.n < 9 || memcmp(v.p + v.n - 2, ")/", 2) != 0 || !read_ticks(v, &ms))
        return mr_failed(v, MR_WHY_NOT_A_DATETIME);
    if (ms == UNLIMITED_START)
        return mr_text("0001-01-01T00:00:00Z");
    rest = ms % 1000;
    m.seconds = ms / 1000;
    if (rest < 0) {
        rest += 1000;
        m.seconds--;
    }
    if (m.seconds < MR_SECONDS_MIN || m.seconds > MR_SECONDS_MAX)
        return mr_failed(v, MR_WHY_OUT_OF_RANGE);
    m.fraction = (uint32_t)rest * (MR_FRACTION / 1000);
    return mr_moment_text(cx, m);
}

static struct mr_val
ticks_out(struct mr_cx *cx, struct mr_val v)
{
    struct mr_moment m;
    enum mr_why why = mr_moment_read(v.p, v.n, &m);
    char *p, *at;
    int64_t ms;

    if (why != MR_WHY_NONE)
        return mr_failed(v, why);
    if (m.fraction % (MR_FRACTION / 1000) != 0)
        return mr_failed(v, MR_WHY_TOO_PRECISE);
    ms = m.seconds * 1000 + m.fraction / (MR_FRACTION / 1000);
    if (ms == MR_SECONDS_MIN * 1000)
        ms = UNLIMITED_START;
    p = mr_alloc(cx, 32);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    at = p + 32;
    *--at = '/';
    *--at = ')';
    for (uint64_t rest = (uint64_t)(ms < 0 ? -ms : ms);;) {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
        if (rest == 0)
            break;
    }
    if (ms < 0)
        *--at = '-';
    at -= 6;
    memcpy(at, "/Date(", 6);
    return mr_slice(at, (uint32_t)(p + 32 - at));
}

/* --- GUID, base64 --- */

static struct mr_val
guid_in(struct mr_cx *cx, struct mr_val v)
{
    bool same = v.n == 36, dashes = v.n == 36;
    char *p;

    if (v.n != 36 && v.n != 32)
        return mr_failed(v, MR_WHY_NOT_A_GUID);
    p = mr_alloc(cx, 36);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    for (uint32_t i = 0, k = 0; k < 36; k++) {
        bool dash = k == 8 || k == 13 || k == 18 || k == 23;
        char c = dash && !dashes ? '-' : v.p[i++];

        if (dash ? c != '-'
                 : !(mr_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f')))
            return mr_failed(v, MR_WHY_NOT_A_GUID);
        same = same && (c < 'A' || c > 'F');
        p[k] = c >= 'A' && c <= 'F' ? (char)(c | 32) : c;
    }
    return same ? v : mr_slice(p, 36);
}

static bool
is_base64(char c)
{
    return mr_is_digit(c) || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '+' || c == '/';
}

/* Line breaks go, the URL alphabet turns into the usual one, padding is
 * completed. */
static struct mr_val
base64_in(struct mr_cx *cx, struct mr_val v)
{
    bool same = true;
    uint32_t n = 0, pads = 0;
    char *p;

    if (v.n > UINT32_MAX - 8)
        return mr_failed(v, MR_WHY_OUT_OF_RANGE);
    p = mr_alloc(cx, (size_t)v.n + 4);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    for (uint32_t i = 0; i < v.n; i++) {
        char c = v.p[i] == '-' ? '+' : v.p[i] == '_' ? '/' : v.p[i];

        same = same && c == v.p[i] && !mr_is_blank(c);
        if (mr_is_blank(c))
            continue;
        if (c == '=')
            pads++;
        else if (pads > 0 || !is_base64(c))
            return mr_failed(v, MR_WHY_NOT_BASE64);
        p[n++] = c;
    }
    if (pads > 2 || (pads > 0 && n % 4 != 0) || n % 4 == 1)
        return mr_failed(v, MR_WHY_NOT_BASE64);
    for (; n % 4 != 0; same = false)
        p[n++] = '=';
    return same ? v : mr_slice(p, n);
}

struct mr_val
mr_wire_in(struct mr_cx *cx, enum mr_wire wire, struct mr_val v)
{
    if (!mr_is_here(v) || wire == MR_WIRE_TEXT)
        return v;
    v = mr_without_blanks(v);
    if (!mr_is_here(v))
        return v;
    switch (wire) {
    case MR_WIRE_TEXT: return v;
    case MR_WIRE_BOOL: return bool_in(v);
    case MR_WIRE_NUMBER:
    case MR_WIRE_NUMBER_TEXT: return number_in(cx, v);
    case MR_WIRE_DATE: return date_in(v);
    case MR_WIRE_TIME: return time_in(cx, v);
    case MR_WIRE_TIME_DURATION: return duration_in(cx, v);
    case MR_WIRE_DATETIME: return datetime_in(cx, v, true);
    case MR_WIRE_DATETIME_LOCAL: return datetime_in(cx, v, false);
    case MR_WIRE_DATETIME_TICKS: return ticks_in(cx, v);
    case MR_WIRE_GUID: return guid_in(cx, v);
    case MR_WIRE_BINARY: return base64_in(cx, v);
    }
    return v;
}

struct mr_val
mr_wire_out(struct mr_cx *cx, enum mr_wire wire, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    switch (wire) {
    case MR_WIRE_TIME_DURATION: return duration_out(cx, v);
    case MR_WIRE_DATETIME: return datetime_out(v, true);
    case MR_WIRE_DATETIME_LOCAL: return datetime_out(v, false);
    case MR_WIRE_DATETIME_TICKS: return ticks_out(cx, v);
    case MR_WIRE_TEXT:
    case MR_WIRE_BOOL:
    case MR_WIRE_NUMBER:
    case MR_WIRE_NUMBER_TEXT:
    case MR_WIRE_DATE:
    case MR_WIRE_TIME:
    case MR_WIRE_GUID:
    case MR_WIRE_BINARY:
        break;
    }
    return v;
}
