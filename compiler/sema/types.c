/* SPDX-License-Identifier: Apache-2.0 */
/* Types compared, joined and fitted to one another; constants brought into
 * canonical form. */
#include <stdlib.h>
#include <string.h>

#include "sema/scope.h"

struct type
type_of_kind(enum type_kind kind)
{
    struct type t = { .kind = kind, .any_scale = kind == TYPE_NUMBER };

    return t;
}

size_t
count_chars(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool
all_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

struct type
type_of_text(struct env *env, const char *text)
{
    struct type t = { .kind = TYPE_TEXT, .nullable = *text == '\0' };

    t.min_chars = t.max_chars = (uint32_t)count_chars(text);
    if (t.max_chars == 0)
        t.max_chars = 1;            /* 0 would mean unbounded */
    t.digits_only = all_digits(text);
    vec_push(env->arena, &t.values, text);
    return t;
}

bool
type_same_kind(const struct type *a, const struct type *b)
{
    return a->kind == b->kind || a->kind == TYPE_ERROR || b->kind == TYPE_ERROR;
}

static uint32_t
larger_limit(uint32_t a, uint32_t b)
{
    if (a == UNBOUNDED || b == UNBOUNDED)
        return UNBOUNDED;
    return a > b ? a : b;
}

static void
join_numbers(struct type *t, const struct type *b)
{
    uint32_t whole_a = t->precision - t->scale;
    uint32_t whole_b = b->precision - b->scale;

    t->any_scale = t->any_scale || b->any_scale;
    t->has_range = t->has_range && b->has_range;
    if (t->has_range) {
        t->low = t->low < b->low ? t->low : b->low;
        t->high = t->high > b->high ? t->high : b->high;
    }
    if (t->precision == 0 || b->precision == 0) {
        t->precision = 0;
    } else {
        uint16_t scale = t->scale > b->scale ? t->scale : b->scale;

        t->precision = (uint16_t)((whole_a > whole_b ? whole_a : whole_b) +
                                  scale);
    }
    t->scale = t->scale > b->scale ? t->scale : b->scale;
}

struct type
type_either(struct env *env, const struct type *a, const struct type *b)
{
    struct type t = *a;

    if (a->kind == TYPE_ERROR || b->kind == TYPE_ERROR || a->kind != b->kind)
        return type_of_kind(TYPE_ERROR);
    t.nullable = a->nullable || b->nullable;
    t.min_chars = a->min_chars < b->min_chars ? a->min_chars : b->min_chars;
    t.max_chars = larger_limit(a->max_chars, b->max_chars);
    t.max_bytes = larger_limit(a->max_bytes, b->max_bytes);
    t.digits_only = a->digits_only && b->digits_only;
    t.local = a->local || b->local;
    t.milliseconds = a->milliseconds && b->milliseconds;
    memset(&t.values, 0, sizeof t.values);
    if (a->values.n > 0 && b->values.n > 0) {
        for (size_t i = 0; i < a->values.n; i++)
            vec_push(env->arena, &t.values, a->values.at[i]);
        for (size_t i = 0; i < b->values.n; i++)
            vec_push(env->arena, &t.values, b->values.at[i]);
    }
    if (t.kind == TYPE_NUMBER)
        join_numbers(&t, b);
    return t;
}

bool
type_by_name(const char *name, enum type_kind *kind)
{
    static const struct {
        const char *name;
        enum type_kind kind;
    } words[] = {
        { "text", TYPE_TEXT }, { "bool", TYPE_BOOL },
        { "number", TYPE_NUMBER }, { "date", TYPE_DATE },
        { "time", TYPE_TIME }, { "datetime", TYPE_DATETIME },
        { "guid", TYPE_GUID }, { "binary", TYPE_BINARY },
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, name) == 0) {
            *kind = words[i].kind;
            return true;
        }
    }
    *kind = TYPE_ERROR;
    return false;
}

/* --- constants --- */

/* Does text have this form? 9 a digit, x a hex digit, others themselves. */
static bool
has_form(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++) {
        if (*form == '9' ? *text < '0' || *text > '9'
            : *form == 'x' ? strchr("0123456789abcdef", *text) == NULL ||
                                 *text == '\0'
                           : *text != *form)
            return false;
    }
    return *text == '\0';
}

static bool
is_number(const char *text)
{
    text += *text == '-';
    size_t whole = strspn(text, "0123456789");
    if (whole == 0)
        return false;
    text += whole;
    if (*text == '\0')
        return true;
    return *text == '.' && all_digits(text + 1);
}

/* Digits without the zeros that say nothing. */
static bool
number_fits(const struct type *type, const char *text)
{
    const char *digits = text + (*text == '-');
    digits += strspn(digits, "0");
    size_t whole = strspn(digits, "0123456789");
    const char *rest = digits + whole + (digits[whole] == '.');
    size_t scale = strlen(rest);

    while (scale > 0 && rest[scale - 1] == '0')
        scale--;
    if (!type->any_scale && scale > type->scale)
        return false;
    if (type->precision != 0 && !type->any_scale &&
        whole > (size_t)(type->precision - type->scale))
        return false;
    if (!type->has_range)
        return true;
    long long n = strtoll(text, NULL, 10);
    return whole <= 18 && n >= type->low && n <= type->high;
}

static int
two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Of text that has the form of a date. */
static bool
is_day(const char *text)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30,
                                31, 31, 30, 31, 30, 31 };
    int year = two_digits(text) * 100 + two_digits(text + 2);
    int month = two_digits(text + 5), day = two_digits(text + 8);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (leap && month == 2);
}

/* Of text that has the form of a time. */
static bool
is_clock(const char *text)
{
    return two_digits(text) < 24 && two_digits(text + 3) < 60 &&
           two_digits(text + 6) < 60;
}

static const char *
canonical_datetime(struct env *env, const struct type *type, const char *text)
{
    const char *zone = type->local ? "" : "Z";
    size_t n = strlen(text);
    char head[20];

    if (has_form(text, "9999-99-99") && is_day(text))
        return arena_printf(env->arena, "%sT00:00:00%s", text, zone);
    if (n < 19 || n > 28)
        return NULL;
    memcpy(head, text, 19);
    head[19] = '\0';
    if (!has_form(head, "9999-99-99T99:99:99") || !is_day(head) ||
        !is_clock(head + 11))
        return NULL;
    const char *rest = text + 19;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    return strcmp(rest, zone) == 0 ? text : NULL;
}

const char *
canonical_constant(struct env *env, const struct type *type, const char *text)
{
    bool ok = true;

    switch (type->kind) {
    case TYPE_ERROR:
    case TYPE_TEXT:
    case TYPE_BINARY:
        break;
    case TYPE_BOOL:
        ok = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
        break;
    case TYPE_NUMBER:
        ok = is_number(text) && number_fits(type, text);
        break;
    case TYPE_DATE:
        ok = has_form(text, "9999-99-99") && is_day(text);
        break;
    case TYPE_TIME:
        ok = has_form(text, "99:99:99") && is_clock(text);
        break;
    case TYPE_DATETIME:
        return canonical_datetime(env, type, text);
    case TYPE_GUID:
        ok = has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        break;
    }
    return ok ? text : NULL;
}

/* --- does it fit? --- */

static bool
in_values(const struct type *t, const char *value)
{
    for (size_t i = 0; i < t->values.n; i++)
        if (strcmp(t->values.at[i], value) == 0)
            return true;
    return false;
}

static why_set
text_misfit(const struct type *from, const struct type *to)
{
    why_set misfit = 0;
    uint32_t max_bytes = from->max_bytes;

    if (to->max_chars != UNBOUNDED &&
        (from->max_chars == UNBOUNDED || from->max_chars > to->max_chars))
        misfit |= WHY(TOO_LONG);
    if (max_bytes == 0 && from->max_chars != UNBOUNDED)
        max_bytes = from->digits_only ? from->max_chars : from->max_chars * 4;
    if (to->max_bytes != 0 && to->max_bytes != to->max_chars &&
        (max_bytes == 0 || max_bytes > to->max_bytes))
        misfit |= WHY(TOO_LONG);
    if (to->values.n > 0 && from->values.n == 0)
        misfit |= WHY(NOT_IN_SET);
    for (size_t i = 0; i < from->values.n && to->values.n > 0; i++)
        if (*from->values.at[i] != '\0' && !in_values(to, from->values.at[i]))
            misfit |= WHY(NOT_IN_SET);
    return misfit;
}

static why_set
number_misfit(const struct type *from, const struct type *to)
{
    why_set misfit = 0;

    if (!to->any_scale && (from->any_scale || from->scale > to->scale))
        misfit |= WHY(TOO_PRECISE);
    if (to->precision != 0) {
        int whole = from->precision - from->scale;

        if (from->precision == 0 || whole > to->precision - to->scale)
            misfit |= WHY(TOO_LARGE);
    }
    if (to->has_range && (!from->has_range || from->low < to->low ||
                          from->high > to->high) &&
        (to->precision == 0 || from->has_range || from->precision == 0 ||
         from->precision > to->precision))
        misfit |= WHY(OUT_OF_RANGE);
    return misfit;
}

why_set
type_misfit(const struct type *from, const struct type *to)
{
    if (from->kind == TYPE_ERROR || to->kind == TYPE_ERROR)
        return 0;
    if (to->kind == TYPE_TEXT && from->kind == TYPE_GUID) {
        struct type guid = { .kind = TYPE_TEXT, .max_chars = 36 };

        return text_misfit(&guid, to);
    }
    if (from->kind != to->kind ||
        (to->kind == TYPE_DATETIME && from->local != to->local))
        return WHY(NONE);
    if (to->kind == TYPE_TEXT)
        return text_misfit(from, to);
    if (to->kind == TYPE_NUMBER)
        return number_misfit(from, to);
    return 0;
}
