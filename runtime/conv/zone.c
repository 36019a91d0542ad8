/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading TZif (RFC 9636). Files are bounded and every count in them is
 * checked against the bytes that are there: they come from the operating
 * system, but a copied container may hold anything.
 */
#include "conv/zone.h"

#include <fcntl.h>
#include <unistd.h>

#include "conv/kept.h"
#include "value/date.h"
#include "value/text.h"

enum { FILE_MAX = 256 * 1024, ZONE_NAME_MAX = 64, HEADER = 44 };

/* When the clocks change every year, as POSIX TZ strings say it. */
struct change {
    char kind;                  /* 'M' month, week, day; 'J' 1-365; 'N' 0-365 */
    int month, week, day;
    int32_t seconds;            /* of that day, on the clocks before it */
};

struct rule {
    bool there, changes;
    int32_t standard, summer;
    struct change start, end;
};

struct mr_zone {
    struct mr_kept kept;
    uint32_t n;
    struct rule rule;
    int32_t first;              /* offset before the first transition */
    struct {
        int64_t at;
        int32_t offset;         /* from then on */
    } steps[];
};

/* --- the rule at the end --- */

static bool
read_number(const char **p, int high, int *out)
{
    int value = 0, digits = 0;

    for (; mr_is_digit(**p) && digits < 4; digits++)
        value = value * 10 + (*(*p)++ - '0');
    *out = value;
    return digits > 0 && value <= high;
}

/* [+-]hh[:mm[:ss]] */
static bool
read_clock(const char **p, int hours, int32_t *out)
{
    int sign = 1, h, m = 0, s = 0;

    if (**p == '+' || **p == '-')
        sign = *(*p)++ == '-' ? -1 : 1;
    if (!read_number(p, hours, &h))
        return false;
    if (**p == ':') {
        (*p)++;
        if (!read_number(p, 59, &m))
            return false;
        if (**p == ':') {
            (*p)++;
            if (!read_number(p, 59, &s))
                return false;
        }
    }
    *out = sign * (h * 3600 + m * 60 + s);
    return true;
}

/* CET or <+03>. */
static bool
skip_name(const char **p)
{
    const char *start = *p;

    if (**p == '<') {
        *p = strchr(start, '>');
        if (*p == NULL)
            return false;
        (*p)++;
        return true;
    }
    while ((**p | 32) >= 'a' && (**p | 32) <= 'z')
        (*p)++;
    return *p - start >= 3;
}

static bool
read_change(const char **p, struct change *out)
{
    if (*(*p)++ != ',')
        return false;
    out->seconds = 2 * 3600;
    out->kind = 'N';
    if (**p == 'M') {
        out->kind = *(*p)++;
        if (!read_number(p, 12, &out->month) || out->month < 1 ||
            *(*p)++ != '.' || !read_number(p, 5, &out->week) ||
            out->week < 1 || *(*p)++ != '.' || !read_number(p, 6, &out->day))
            return false;
    } else {
        if (**p == 'J')
            out->kind = *(*p)++;
        if (!read_number(p, 365, &out->day) ||
            (out->kind == 'J' && out->day < 1))
            return false;
    }
    if (**p != '/')
        return true;
    (*p)++;
    return read_clock(p, 167, &out->seconds);
}

static bool
read_rule(const char *p, struct rule *out)
{
    int32_t west;

    out->there = true;
    if (!skip_name(&p) || !read_clock(&p, 24, &west))
        return false;
    out->standard = -west;
    if (*p == '\0')
        return true;
    out->changes = true;
    out->summer = out->standard + 3600;
    if (!skip_name(&p))
        return false;
    if (*p != ',') {
        if (!read_clock(&p, 24, &west))
            return false;
        out->summer = -west;
    }
    return read_change(&p, &out->start) && read_change(&p, &out->end) &&
           *p == '\0';
}

static int64_t
day_of_change(const struct change *c, int year)
{
    struct mr_ymd d = { year, c->month, 1 };
    int64_t day;

    if (c->kind != 'M') {
        bool leap;

        d.month = 1;
        day = mr_days_of(d);
        if (c->kind == 'N')
            return day + c->day;
        leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return day + c->day - 1 + (leap && c->day >= 60);
    }
    day = mr_days_of(d);
    /* 1970-01-01 was a Thursday, day 4. */
    day += (c->day - (int)(((day + 4) % 7 + 7) % 7) + 7) % 7;
    day += (c->week - 1) * 7;
    while (mr_ymd_of(day).month != c->month)
        day -= 7;
    return day;
}

static int32_t
rule_offset(const struct rule *r, int64_t utc)
{
    int64_t day = (utc + r->standard) / MR_DAY, start, end;
    bool in;
    int year;

    if (!r->changes)
        return r->standard;
    if ((utc + r->standard) % MR_DAY < 0)
        day--;
    year = mr_ymd_of(day).year;
    start = day_of_change(&r->start, year) * MR_DAY + r->start.seconds -
            r->standard;
    end = day_of_change(&r->end, year) * MR_DAY + r->end.seconds - r->summer;
    in = start < end ? utc >= start && utc < end : utc >= start || utc < end;
    return in ? r->summer : r->standard;
}

/* --- the file --- */

static int64_t
big_endian(const char *p, int bytes)
{
    uint64_t value = (unsigned char)p[0] & 0x80 ? UINT64_MAX : 0;

    while (bytes-- > 0)
        value = value << 8 | (unsigned char)*p++;
    return (int64_t)value;
}

struct counts {
    size_t utc, standard, leap, times, types, chars;
};

static bool
read_counts(const char *p, size_t n, struct counts *c)
{
    size_t *all[] = { &c->utc, &c->standard, &c->leap, &c->times, &c->types,
                      &c->chars };

    if (n < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    for (int i = 0; i < 6; i++) {
        int64_t count = big_endian(p + 20 + 4 * i, 4);

        if (count < 0 || count > FILE_MAX)
            return false;
        *all[i] = (size_t)count;
    }
    return c->types > 0;
}

static size_t
body_size(const struct counts *c, size_t time)
{
    return c->times * (time + 1) + c->types * 6 + c->chars +
           c->leap * (time + 4) + c->standard + c->utc;
}

static void
release(struct mr_cx *cx, struct mr_kept *kept)
{
    mr_resize(cx, kept, 0);
}

static bool
fill_zone(struct mr_zone *zone, const struct counts *c, const char *p)
{
    const char *index = p + c->times * 8, *types = index + c->times;

    zone->n = (uint32_t)c->times;
    zone->first = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < c->times; i++) {
        size_t type = (unsigned char)index[i];

        if (type >= c->types)
            return false;
        zone->steps[i].at = big_endian(p + i * 8, 8);
        zone->steps[i].offset = (int32_t)big_endian(types + type * 6, 4);
        if (zone->steps[i].offset > MR_DAY || zone->steps[i].offset < -MR_DAY ||
            (i > 0 && zone->steps[i].at <= zone->steps[i - 1].at))
            return false;
    }
    return zone->first <= MR_DAY && zone->first >= -MR_DAY;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n" */
static bool
read_footer(const char *p, size_t n, struct rule *out)
{
    char text[128];
    const char *end;

    if (n < 2 || p[0] != '\n')
        return false;
    end = memchr(p + 1, '\n', n - 1);
    if (end == NULL || (size_t)(end - p) > sizeof text)
        return false;
    if (end == p + 1)
        return true;
    memcpy(text, p + 1, (size_t)(end - p - 1));
    text[end - p - 1] = '\0';
    return read_rule(text, out);
}

const struct mr_zone *
mr_zone_parse(struct mr_cx *cx, const char *name, const char *p, size_t n)
{
    struct counts c;
    struct mr_zone *zone;
    size_t skip, size;

    /* The first part has 32-bit times; all since 2005 have a second one. */
    if (!read_counts(p, n, &c) || p[4] < '2')
        return NULL;
    skip = HEADER + body_size(&c, 4);
    if (skip > n || !read_counts(p + skip, n - skip, &c))
        return NULL;
    p += skip + HEADER;
    n -= skip + HEADER;
    if (body_size(&c, 8) > n)
        return NULL;
    size = sizeof *zone + c.times * sizeof zone->steps[0];
    zone = mr_resize(cx, NULL, size);
    if (zone == NULL)
        return NULL;
    memset(zone, 0, size);
    skip = body_size(&c, 8);
    if (!fill_zone(zone, &c, p) || !read_footer(p + skip, n - skip,
                                                &zone->rule)) {
        mr_resize(cx, zone, 0);
        return NULL;
    }
    mr_kept_add(cx, &zone->kept, release, name);
    return zone;
}

static size_t
read_whole(int fd, char *p, size_t room)
{
    size_t n = 0;
    ssize_t got;

    while (n < room && (got = read(fd, p + n, room - n)) > 0)
        n += (size_t)got;
    return n;
}

/* No way out of the folder: names have letters, digits, _ + - and single
 * slashes. The compiler has checked them; this is for calls from elsewhere. */
static bool
good_name(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n > ZONE_NAME_MAX || name[0] == '/')
        return false;
    for (; *name != '\0'; name++)
        if (!mr_is_digit(*name) && strchr("_+-/", *name) == NULL &&
            !((*name | 32) >= 'a' && (*name | 32) <= 'z'))
            return false;
    return true;
}

const struct mr_zone *
mr_zone_find(struct mr_cx *cx, const char *name)
{
    struct mr_kept *kept = mr_kept_find(cx, release, name);
    const struct mr_zone *zone = NULL;
    char path[32 + ZONE_NAME_MAX] = "/usr/share/zoneinfo/", *bytes;
    int fd;

    if (kept != NULL)
        return (const struct mr_zone *)kept;
    if (!good_name(name))
        return NULL;
    strcat(path, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bytes = mr_resize(cx, NULL, FILE_MAX);
    if (bytes != NULL) {
        size_t n = read_whole(fd, bytes, FILE_MAX);

        if (n < FILE_MAX)
            zone = mr_zone_parse(cx, name, bytes, n);
        mr_resize(cx, bytes, 0);
    }
    close(fd);
    return zone;
}

/* --- asking --- */

int32_t
mr_zone_offset(const struct mr_zone *zone, int64_t utc)
{
    uint32_t low = 0, high = zone->n;

    if (zone->n == 0 || utc >= zone->steps[zone->n - 1].at)
        return zone->rule.there ? rule_offset(&zone->rule, utc) :
               zone->n > 0 ? zone->steps[zone->n - 1].offset : zone->first;
    if (utc < zone->steps[0].at)
        return zone->first;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (zone->steps[middle].at <= utc)
            low = middle;
        else
            high = middle;
    }
    return zone->steps[low].offset;
}

bool
mr_zone_utc(const struct mr_zone *zone, int64_t local, int64_t *utc)
{
    /* Offsets a day before and after: at most one change lies between. */
    int64_t early = local - mr_zone_offset(zone, local - MR_DAY);
    int64_t late = local - mr_zone_offset(zone, local + MR_DAY);
    bool early_fits = early + mr_zone_offset(zone, early) == local;
    bool late_fits = late + mr_zone_offset(zone, late) == local;

    if (!early_fits && !late_fits)
        return false;
    if (early_fits && late_fits && early != late)
        return false;
    *utc = early_fits ? early : late;
    return true;
}
