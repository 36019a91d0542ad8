/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar, and the text forms that are the same everywhere. */
#include "value/date.h"

#include "value/text.h"

int
mr_digits(const char *p, uint32_t n)
{
    int value = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!mr_is_digit(p[i]))
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

void
mr_put_digits(char *p, uint32_t n, uint32_t value)
{
    while (n-- > 0) {
        p[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

bool
mr_ymd_ok(struct mr_ymd d)
{
    static const unsigned char lengths[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    bool leap;

    if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 ||
        d.day < 1)
        return false;
    leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
    return d.day <= lengths[d.month - 1] + (d.month == 2 && leap);
}

/* Years start in March here, so that the leap day is the last of its year;
 * 719468 days lie between 0000-03-01 and 1970-01-01. */
int64_t
mr_days_of(struct mr_ymd d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t in_era = year - era * 400;
    int64_t month = (d.month + 9) % 12;
    int64_t in_year = (153 * month + 2) / 5 + d.day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
           719468;
}

struct mr_ymd
mr_ymd_of(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t in_era = z - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 -
                    in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;
    struct mr_ymd d;

    d.day = (int)(in_year - (153 * month + 2) / 5 + 1);
    d.month = (int)(month < 10 ? month + 3 : month - 9);
    d.year = (int)(year + era * 400 + (d.month <= 2));
    return d;
}

bool
mr_date_read(const char *p, uint32_t n, struct mr_ymd *out)
{
    struct mr_ymd d;

    if (n != 10 || p[4] != '-' || p[7] != '-')
        return false;
    d.year = mr_digits(p, 4);
    d.month = mr_digits(p + 5, 2);
    d.day = mr_digits(p + 8, 2);
    if (!mr_ymd_ok(d))
        return false;
    *out = d;
    return true;
}

void
mr_date_put(char p[10], struct mr_ymd d)
{
    mr_put_digits(p, 4, (uint32_t)d.year);
    p[4] = '-';
    mr_put_digits(p + 5, 2, (uint32_t)d.month);
    p[7] = '-';
    mr_put_digits(p + 8, 2, (uint32_t)d.day);
}

/* The fraction's digits behind the point; 0 bytes: none, or too precise. */
static uint32_t
read_fraction(const char *p, uint32_t n, uint32_t *fraction)
{
    uint32_t i = 0, value = 0;

    for (; i < n && mr_is_digit(p[i]); i++) {
        if (i < 7)
            value = value * 10 + (uint32_t)(p[i] - '0');
        else if (p[i] != '0')
            return 0;
    }
    for (uint32_t k = i; k < 7; k++)
        value *= 10;
    *fraction = value;
    return i;
}

uint32_t
mr_clock_read(const char *p, uint32_t n, uint32_t *seconds, uint32_t *fraction)
{
    int h, m, s = 0;
    uint32_t used = 5;

    *fraction = 0;
    if (n < 5 || p[2] != ':')
        return 0;
    h = mr_digits(p, 2);
    m = mr_digits(p + 3, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return 0;
    if (n >= 8 && p[5] == ':') {
        s = mr_digits(p + 6, 2);
        used = 8;
        if (n > 9 && p[8] == '.') {
            uint32_t digits = read_fraction(p + 9, n - 9, fraction);

            if (digits == 0)
                return 0;
            used += 1 + digits;
        }
    }
    if (s < 0 || s > 59)
        return 0;
    *seconds = (uint32_t)(h * 3600 + m * 60 + s);
    return used;
}

uint32_t
mr_clock_put(char *p, uint32_t seconds, uint32_t fraction)
{
    uint32_t n = 8;

    mr_put_digits(p, 2, seconds / 3600);
    p[2] = ':';
    mr_put_digits(p + 3, 2, seconds / 60 % 60);
    p[5] = ':';
    mr_put_digits(p + 6, 2, seconds % 60);
    if (fraction != 0) {
        p[8] = '.';
        mr_put_digits(p + 9, 7, fraction);
        for (n = 16; p[n - 1] == '0'; n--)
            ;
    }
    return n;
}

/* "Z", "+02:00", "+0200", "" at the end: the offset in seconds. */
static bool
read_zone(const char *p, uint32_t n, bool *zoned, int64_t *offset)
{
    int h, m;

    *offset = 0;
    *zoned = n > 0;
    if (n == 0 || (n == 1 && p[0] == 'Z'))
        return true;
    if ((p[0] != '+' && p[0] != '-') || !((n == 6 && p[3] == ':') || n == 5))
        return false;
    h = mr_digits(p + 1, 2);
    m = mr_digits(p + n - 2, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *offset = h * 3600 + m * 60;
    if (p[0] == '-')
        *offset = -*offset;
    return true;
}

enum mr_why
mr_moment_read(const char *p, uint32_t n, struct mr_moment *out)
{
    struct mr_moment m;
    struct mr_ymd d;
    uint32_t seconds, used;
    int64_t offset;

    if (n < 16 || !mr_date_read(p, 10, &d) || (p[10] != 'T' && p[10] != ' '))
        return MR_WHY_NOT_A_DATETIME;
    used = mr_clock_read(p + 11, n - 11, &seconds, &m.fraction);
    if (used == 0 || !read_zone(p + 11 + used, n - 11 - used, &m.zoned,
                                &offset))
        return MR_WHY_NOT_A_DATETIME;
    m.seconds = mr_days_of(d) * MR_DAY + seconds - offset;
    if (m.seconds < MR_SECONDS_MIN || m.seconds > MR_SECONDS_MAX)
        return MR_WHY_OUT_OF_RANGE;
    *out = m;
    return MR_WHY_NONE;
}

struct mr_val
mr_moment_text(struct mr_cx *cx, struct mr_moment m)
{
    char *p = mr_alloc(cx, 32);
    int64_t days = m.seconds / MR_DAY, rest = m.seconds % MR_DAY;
    uint32_t n;

    if (p == NULL)
        return mr_failed(mr_empty(), MR_WHY_OUT_OF_MEMORY);
    if (rest < 0) {
        rest += MR_DAY;
        days--;
    }
    mr_date_put(p, mr_ymd_of(days));
    p[10] = 'T';
    n = 11 + mr_clock_put(p + 11, (uint32_t)rest, m.fraction);
    if (m.zoned)
        p[n++] = 'Z';
    return mr_slice(p, n);
}
