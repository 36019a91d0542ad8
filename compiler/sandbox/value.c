/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types and lengths, as the schema has them. Texts are counted in characters,
 * numbers in texts get all their decimals, as the service writes them.
 */
#include "sandbox/value.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t
value_characters(const char *text, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static struct slot
quoted(struct arena *a, const char *text, size_t n)
{
    struct buf out;

    buf_init(&out, a);
    json_quote(&out, text, n);
    return (struct slot){ out.at, (uint32_t)out.n };
}

static const char *
take_text(struct arena *a, const struct member *m, const json_t *value,
          struct slot *slot)
{
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);

    if (text == NULL)
        return "is no string";
    if (m->type.max_chars != UNBOUNDED &&
        value_characters(text, n) > m->type.max_chars)
        return arena_printf(a, "is longer than %u characters",
                            (unsigned)m->type.max_chars);
    if (m->type.max_bytes != 0 && n > m->type.max_bytes)
        return arena_printf(a, "is longer than %u bytes",
                            (unsigned)m->type.max_bytes);
    if (n > 0)
        *slot = quoted(a, text, n);
    return NULL;
}

static const char *
take_bool(const json_t *value, struct slot *slot)
{
    if (!json_is_boolean(value))
        return "is neither true nor false";
    if (json_is_true(value))
        *slot = (struct slot){ "true", 4 };
    return NULL;
}

static const char *
take_number(struct arena *a, const struct member *m, const json_t *value,
            struct slot *slot)
{
    const char *text;

    if (json_is_integer(value)) {
        int64_t n = json_integer_value(value);

        if (m->type.has_range && (n < m->type.low || n > m->type.high))
            return "is out of range";
        text = arena_printf(a, "%" PRId64, n);
    } else if (json_is_real(value) && !m->type.has_range) {
        text = arena_printf(a, "%.15g", json_real_value(value));
    } else {
        return "is no number of this type";
    }
    *slot = (struct slot){ text, (uint32_t)strlen(text) };
    return NULL;
}

/* Digits of a decimal number: sign, whole and fraction as slices. */
struct decimal {
    bool minus;
    const char *whole, *fraction;
    size_t whole_n, fraction_n;
};

static bool
split_decimal(const char *p, struct decimal *d)
{
    memset(d, 0, sizeof *d);
    d->minus = *p == '-';
    p += *p == '-' || *p == '+';
    while (*p == '0' && isdigit((unsigned char)p[1]))
        p++;
    d->whole = p;
    d->whole_n = strspn(p, "0123456789");
    p += d->whole_n;
    if (d->whole_n == 0)
        return false;
    if (*p == '.') {
        d->fraction = ++p;
        d->fraction_n = strspn(p, "0123456789");
        p += d->fraction_n;
        if (d->fraction_n == 0)
            return false;
        while (d->fraction_n > 0 && d->fraction[d->fraction_n - 1] == '0')
            d->fraction_n--;
    }
    return *p == '\0';
}

static const char *
take_decimal(struct arena *a, const struct member *m, const json_t *value,
             struct slot *slot)
{
    const char *text = json_string_value(value);
    const struct type *t = &m->type;
    size_t scale = t->any_scale ? 0 : t->scale, digits;
    struct decimal d;
    struct buf out;

    if (json_is_integer(value))
        text = arena_printf(a, "%" PRId64, (int64_t)json_integer_value(value));
    else if (json_is_real(value))
        text = arena_printf(a, "%.*f", (int)(scale > 15 ? 15 : scale),
                            json_real_value(value));
    if (text == NULL || strlen(text) > 80 || !split_decimal(text, &d))
        return "is no decimal number";
    digits = d.whole_n == 1 && *d.whole == '0' ? 0 : d.whole_n;
    if (t->precision != 0 && digits + scale > t->precision)
        return "has too many digits";
    if (d.fraction_n > scale && !t->any_scale)
        return "has too many decimals";
    buf_init(&out, a);
    buf_text(&out, d.minus && (digits > 0 || d.fraction_n > 0) ? "\"-" : "\"");
    buf_add(&out, d.whole, d.whole_n);
    if (scale > 0 || d.fraction_n > 0)
        buf_char(&out, '.');
    buf_add(&out, d.fraction == NULL ? "" : d.fraction, d.fraction_n);
    for (size_t i = d.fraction_n; i < scale; i++)
        buf_char(&out, '0');
    buf_char(&out, '"');
    *slot = (struct slot){ out.at, (uint32_t)out.n };
    return NULL;
}

/* --- dates --- */

static int64_t
days_before(int64_t y, unsigned m, unsigned d)
{
    /* Days from 1970-01-01 of the Gregorian calendar: years start in March, so
     * that the leap day is the last one. */
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool
read_number(const char **p, const char *end, int digits, unsigned *out)
{
    unsigned v = 0;

    for (int i = 0; i < digits; i++, (*p)++) {
        if (*p == end || !isdigit((unsigned char)**p))
            return false;
        v = v * 10 + (unsigned)(**p - '0');
    }
    *out = v;
    return true;
}

static bool
read_char(const char **p, const char *end, char c)
{
    if (*p == end || **p != c)
        return false;
    ++*p;
    return true;
}

/* Behind the seconds: a fraction, and Z or nothing. */
static bool
read_fraction(const char *p, const char *end, unsigned *ms)
{
    unsigned weight = 100;

    *ms = 0;
    if (read_char(&p, end, '.')) {
        if (p == end || !isdigit((unsigned char)*p))
            return false;
        for (; p < end && isdigit((unsigned char)*p); p++, weight /= 10)
            *ms += (unsigned)(*p - '0') * weight;
    }
    if (p < end && *p == 'Z')
        p++;
    return p == end;
}

static bool
read_iso(const char *p, const char *end, int64_t *out)
{
    unsigned y, mo, d, h = 0, mi = 0, s = 0, ms = 0;

    if (!read_number(&p, end, 4, &y) || !read_char(&p, end, '-') ||
        !read_number(&p, end, 2, &mo) || !read_char(&p, end, '-') ||
        !read_number(&p, end, 2, &d))
        return false;
    if (p < end) {
        if (!read_char(&p, end, 'T') || !read_number(&p, end, 2, &h) ||
            !read_char(&p, end, ':') || !read_number(&p, end, 2, &mi))
            return false;
        if (read_char(&p, end, ':') && !read_number(&p, end, 2, &s))
            return false;
        if (!read_fraction(p, end, &ms))
            return false;
    }
    if (mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60)
        return false;
    *out = ((days_before(y, mo, d) * 24 + h) * 60 + mi) * 60000 +
           (int64_t)s * 1000 + ms;
    return true;
}

bool
value_ticks(const char *text, size_t n, int64_t *ms)
{
    char copy[48], *stop;

    if (n >= sizeof copy || n < 8)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (strncmp(copy, "/Date(", 6) != 0)
        return read_iso(text, text + n, ms);
    if (!isdigit((unsigned char)copy[6]) && copy[6] != '-')
        return false;
    *ms = strtoll(copy + 6, &stop, 10);
    /* An offset tells where the time was written down, not another time. */
    if ((*stop == '+' || *stop == '-') && strspn(stop + 1, "0123456789") == 4)
        stop += 5;
    return strcmp(stop, ")/") == 0;
}

struct slot
value_date(struct arena *a, int64_t ms)
{
    const char *text = arena_printf(a, "\"\\/Date(%" PRId64 ")\\/\"", ms);

    return (struct slot){ text, (uint32_t)strlen(text) };
}

bool
value_ms(struct slot s, int64_t *ms)
{
    if (s.n < 12 || memcmp(s.at, "\"\\/Date(", 8) != 0)
        return false;
    *ms = strtoll(s.at + 8, NULL, 10);
    return true;
}

/* --- the others --- */

static bool
is_guid(const char *p, size_t n)
{
    if (n != 36)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? p[i] != '-' : !isxdigit((unsigned char)p[i]))
            return false;
    }
    return true;
}

static const char *
take_guid(struct arena *a, const char *p, size_t n, struct slot *slot)
{
    char upper[40];

    if (!is_guid(p, n))
        return "is no GUID";
    for (size_t i = 0; i < n; i++)
        upper[i] = (char)toupper((unsigned char)p[i]);
    *slot = quoted(a, upper, n);
    return NULL;
}

static const char *
take_string(struct arena *a, const struct member *m, const json_t *value,
            struct slot *slot)
{
    const char *p = json_string_value(value);
    size_t n = json_string_length(value);
    int64_t ms;

    if (p == NULL)
        return "is no string";
    if (n == 0)
        return NULL;
    if (m->wire == WIRE_DATETIME_TICKS) {
        if (!value_ticks(p, n, &ms))
            return "is no date and time";
        *slot = value_date(a, ms);
        return NULL;
    }
    if (m->wire == WIRE_GUID)
        return take_guid(a, p, n, slot);
    if (m->wire == WIRE_TIME_DURATION && strncmp(p, "PT", 2) != 0)
        return "is no time like PT13H45M00S";
    *slot = quoted(a, p, n);
    return NULL;
}

/* A complex value: its members one by one. */
static const char *
take_complex(struct arena *a, const struct member *m, const json_t *value,
             struct slot *slot)
{
    struct buf out;
    const char *name;
    json_t *part;
    char between = '{';

    if (!json_is_object(value))
        return "is no object";
    buf_init(&out, a);
    json_object_foreach((json_t *)(uintptr_t)value, name, part) {
        const struct member *inner = NULL;
        struct slot s = { NULL, 0 };
        const char *wrong;

        if (strcmp(name, "__metadata") == 0)
            continue;
        for (size_t i = 0; i < m->record->members.n && inner == NULL; i++)
            if (strcmp(m->record->members.at[i].name, name) == 0)
                inner = &m->record->members.at[i];
        if (inner == NULL)
            return arena_printf(a, "has no member %.60s", name);
        wrong = value_take(a, inner, part, &s);
        if (wrong != NULL)
            return arena_printf(a, "has a member %s that %s", name, wrong);
        if (s.at == NULL)
            continue;
        buf_printf(&out, "%c\"%s\":", between, name);
        buf_add(&out, s.at, s.n);
        between = ',';
    }
    buf_text(&out, between == '{' ? "{}" : "}");
    *slot = (struct slot){ out.at, (uint32_t)out.n };
    return NULL;
}

const char *
value_take(struct arena *a, const struct member *m, const json_t *value,
           struct slot *slot)
{
    *slot = (struct slot){ NULL, 0 };
    if (json_is_null(value))
        return NULL;
    if (m->record != NULL)
        return take_complex(a, m, value, slot);
    switch (m->wire) {
    case WIRE_TEXT:
        return take_text(a, m, value, slot);
    case WIRE_BOOL:
        return take_bool(value, slot);
    case WIRE_NUMBER:
        return take_number(a, m, value, slot);
    case WIRE_NUMBER_TEXT:
        return take_decimal(a, m, value, slot);
    case WIRE_DATE: case WIRE_TIME: case WIRE_TIME_DURATION:
    case WIRE_DATETIME: case WIRE_DATETIME_LOCAL: case WIRE_DATETIME_TICKS:
    case WIRE_GUID: case WIRE_BINARY:
        break;
    }
    return take_string(a, m, value, slot);
}
