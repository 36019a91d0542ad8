/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that may show what a rule does to them: all short texts over the
 * characters that conversions treat apart, texts of every length, and the ends
 * of numbers, dates and times. In a fixed order, so that the first one that
 * shows something is the one to tell a person.
 */
#include "host/examples.h"

#include <stdlib.h>

enum { BETWEEN = 0x1f, LONGEST = 300, SHORT_CHARS = 3 };

static const char *const characters[] = {
    "A", "a", "7", "0", " ", "-", ".", "X", "ß", "é"
};

enum { CHARACTERS = sizeof characters / sizeof characters[0] };

/* Texts as conversions read and write them. */
static const char *const forms[] = {
    "01.5", "1.50", "1,50", "-1.5", "1.5-", "a  b", "20240131", "00000000",
    "240131", "2024-01-31", "31.01.2024", "01/31/2024", "123000", "000000",
    "12:30", "12:30:00", "PT1H30M", "PT90M", "10115", "SW1A 1AA", "sw1a1aa",
    "+49 30 1234", "030 1234", "20240131123000",
    "00163E03A0701EE288BE9895233EBD27", "00163e03a0701ee288be9895233ebd27",
    "00163e03-a070-1ee2-88be-9895233ebd27", "20240331023000", "20241027023000"
};

enum { FORMS = sizeof forms / sizeof forms[0] };

static const char sentence[] =
    "Muster-Lüdenscheidt & Söhne GmbH, Maschinenbau und Anlagentechnik Nord, "
    "Musterweg 1, 12345 Musterstadt, ";

/* --- text --- */

static uint32_t
texts_of_length(uint32_t n)
{
    uint32_t all = 1;

    while (n-- > 0)
        all *= CHARACTERS;
    return all;
}

/* The i-th text of n characters. */
static struct mr_val
short_text(struct mr_cx *cx, uint32_t i, uint32_t n)
{
    char *p = mr_alloc(cx, (size_t)n * 4 + 1);
    uint32_t at = 0;

    if (p == NULL)
        return mr_missing();
    for (uint32_t power = texts_of_length(n); n > 0; n--) {
        const char *c = characters[i / (power /= CHARACTERS) % CHARACTERS];

        memcpy(p + at, c, strlen(c));
        at += (uint32_t)strlen(c);
    }
    return mr_slice(p, at);
}

/* n characters that could be a name, or n digits. */
static struct mr_val
long_text(struct mr_cx *cx, uint32_t n, bool digits)
{
    char *p = mr_alloc(cx, n * (size_t)2);
    uint32_t chars = 0, at = 0;

    if (p == NULL)
        return mr_missing();
    for (; digits && at < n; at++)
        p[at] = (char)('1' + at % 9);
    /* What continues a character belongs to it. */
    for (uint32_t i = 0; !digits; i = (i + 1) % (sizeof sentence - 1)) {
        chars += ((unsigned char)sentence[i] & 0xc0) != 0x80;
        if (chars > n)
            break;
        p[at++] = sentence[i];
    }
    if (p[at - 1] == ' ')
        p[at - 1] = 'x';
    return mr_slice(p, at);
}

/* Of n characters: a name, what conversions read and write, digits. */
static struct mr_val
longer_text(struct mr_cx *cx, uint32_t *i, uint32_t n)
{
    if (*i == 0)
        return long_text(cx, n, false);
    --*i;
    for (size_t k = 0; k < FORMS; k++)
        if (strlen(forms[k]) == n && (*i)-- == 0)
            return mr_text(forms[k]);
    if (*i == 0)
        return long_text(cx, n, true);
    --*i;
    return mr_missing();
}

static struct mr_val
any_text(struct mr_cx *cx, uint32_t i, uint32_t most, bool *end)
{
    for (uint32_t n = 1; n <= SHORT_CHARS; n++) {
        if (i < texts_of_length(n))
            return short_text(cx, i, n);
        i -= texts_of_length(n);
    }
    for (uint32_t n = SHORT_CHARS + 1; n <= most; n++) {
        struct mr_val v = longer_text(cx, &i, n);

        if (v.state == MR_HERE)
            return v;
    }
    *end = true;
    return mr_missing();
}

static bool
all_digits(struct mr_val v)
{
    for (uint32_t i = 0; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
    return true;
}

static uint32_t
chars_of(struct mr_val v)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < v.n; i++)
        n += ((unsigned char)v.p[i] & 0xc0) != 0x80;
    return n;
}

static struct mr_val
text(struct mr_cx *cx, const struct mr_field *f, uint32_t i, bool *end)
{
    uint32_t most = f->max_chars != 0 && f->max_chars < LONGEST
                        ? f->max_chars : LONGEST;
    struct mr_val v = any_text(cx, i, most, end);

    if (v.state != MR_HERE || chars_of(v) < f->min_chars ||
        (f->max_chars != 0 && chars_of(v) > f->max_chars) ||
        (f->digits_only && !all_digits(v)))
        return mr_missing();
    return v;
}

/* --- other kinds --- */

static const char *const numbers[] = {
    "0", "1", "-1", "7", "10", "0.5", "1.0", "1.5", "1.50", "-0.5", "0.05", "0.001",
    "12345", "0.123456", "123456789.12", "0.12345678901234", "9999999999",
    "99999999999999.99", "9999999999999999999999"
};
static const char *const dates[] = {
    "2024-01-31", "2000-02-29", "0001-01-01", "1753-01-01", "9999-12-31"
};
static const char *const times[] = {
    "12:30:00", "00:00:00", "23:59:59", "12:30:15", "12:30:00.5"
};
/* Around the hours that clocks skip and show twice. */
static const char *const moments[] = {
    "2024-01-31T00:00:00Z", "2024-01-31T13:45:00Z", "2024-01-31T23:00:00Z",
    "2024-03-31T00:30:00Z", "2024-03-31T01:30:00Z", "2024-03-31T02:30:00Z",
    "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z", "2024-10-27T02:30:00Z",
    "2024-01-31T13:45:15Z", "2024-01-31T13:45:15.5Z",
    "2024-01-31T13:45:15.1234567Z", "0001-01-01T00:00:00Z",
    "9999-12-31T00:00:00Z"
};
static const char *const bools[] = { "true", "false" };
static const char *const guids[] = { "00163e03-a070-1ee2-88be-9895233ebd27" };
static const char *const binaries[] = { "TWFw", "TQ==" };

#define LISTED(list) listed(list, sizeof list / sizeof list[0], i, end)

static struct mr_val
listed(const char *const *list, size_t n, uint32_t i, bool *end)
{
    if (i < n)
        return mr_text(list[i]);
    *end = true;
    return mr_missing();
}

static struct mr_val
number(const struct mr_field *f, uint32_t i, bool *end)
{
    struct mr_val v = LISTED(numbers);
    const char *point = v.p == NULL ? NULL : strchr(v.p, '.');
    uint32_t decimals = point == NULL ? 0 : (uint32_t)strlen(point + 1);
    uint32_t whole = v.n - (v.n > 0 && *v.p == '-') -
                     (point == NULL ? 0 : decimals + 1);
    long long n;

    if (v.state != MR_HERE)
        return v;
    if (f->has_range) {
        n = decimals == 0 ? atoll(v.p) : f->high;
        if (decimals > 0 || whole > 18 || n < f->low || n > f->high)
            return mr_missing();
    } else if (f->digits != 0 &&
               (decimals > f->scale || whole + f->scale > f->digits)) {
        return mr_missing();
    }
    return v;
}

static struct mr_val
moment(const struct mr_field *f, uint32_t i, bool *end)
{
    struct mr_val v = LISTED(moments);

    if (f->milliseconds && v.n > sizeof "2024-01-31T13:45:15.123Z" - 1)
        return mr_missing();
    if (v.state == MR_HERE && f->form != NULL && strcmp(f->form, "local") == 0)
        v.n--;
    return v;
}

/* --- code tables --- */

static struct mr_val
code(const struct mr_codes_way *way, uint32_t i, struct mr_val *context,
     bool *end)
{
    const struct mr_code *row;
    const char *between;
    uint32_t n;

    /* One that no table has, behind those that it has. */
    if (i >= way->n) {
        *end = true;
        return i == way->n ? mr_text("~") : mr_missing();
    }
    row = &way->rows[i];
    between = memchr(row->key, BETWEEN, row->key_n);
    if (between == NULL)
        return mr_slice(row->key, row->key_n);
    n = (uint32_t)(between - row->key);
    *context = mr_slice(row->key, n);
    return mr_slice(between + 1, row->key_n - n - 1);
}

struct mr_val
host_example(struct mr_cx *cx, const struct mr_field *f, uint32_t i,
             struct mr_val *context, bool *end)
{
    size_t n = 0;

    *end = false;
    if (f->codes != NULL && f->codes->n > 0)
        return code(f->codes, i, context, end);
    if (f->values != NULL) {
        while (f->values[n] != NULL)
            n++;
        return listed(f->values, n, i, end);
    }
    switch (f->type) {
    case MR_TYPE_TEXT:
        return text(cx, f, i, end);
    case MR_TYPE_BOOL:
        return LISTED(bools);
    case MR_TYPE_NUMBER:
        return number(f, i, end);
    case MR_TYPE_DATE:
        return LISTED(dates);
    case MR_TYPE_TIME:
        return LISTED(times);
    case MR_TYPE_DATETIME:
        return moment(f, i, end);
    case MR_TYPE_GUID:
        return LISTED(guids);
    case MR_TYPE_BINARY:
        return LISTED(binaries);
    }
    *end = true;
    return mr_missing();
}
