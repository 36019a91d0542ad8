/* SPDX-License-Identifier: Apache-2.0 */
/* Does a parameter of a function module take this text? */
#include <string.h>

#include "sandbox/soap.h"
#include "sandbox/value.h"

static const char *
check_text(struct arena *a, const struct type *t, const char *text)
{
    bool listed = t->values.n == 0 || *text == '\0';

    if (t->max_chars != UNBOUNDED &&
        value_characters(text, strlen(text)) > t->max_chars)
        return arena_printf(a, "is longer than %u characters",
                            (unsigned)t->max_chars);
    if (t->digits_only && text[strspn(text, "0123456789")] != '\0')
        return "takes digits only";
    for (size_t i = 0; i < t->values.n && !listed; i++)
        listed = strcmp(t->values.at[i], text) == 0;
    return listed ? NULL : "has a value that is not allowed";
}

/* Blanks around a number do not count (XSD, whiteSpace collapse). */
static const char *
check_number(struct arena *a, const struct type *t, const char *text)
{
    const char *p = text + strspn(text, " \t\r\n"), *end;
    size_t whole, behind = 0;

    p += *p == '-' || *p == '+';
    p += strspn(p, "0");
    whole = strspn(p, "0123456789");
    end = p + whole;
    if (*end == '.') {
        size_t all = strspn(end + 1, "0123456789");

        for (behind = all; behind > 0 && end[behind] == '0';)
            behind--;
        end += 1 + all;
    }
    if (end[strspn(end, " \t\r\n")] != '\0' ||
        strpbrk(text, "0123456789") == NULL)
        return "is no number";
    if (!t->any_scale && behind > t->scale)
        return arena_printf(a, "has more than %u digits behind the point",
                            (unsigned)t->scale);
    if (t->precision > 0 && !t->any_scale &&
        whole + t->scale > t->precision)
        return arena_printf(a, "has more than %u digits",
                            (unsigned)t->precision);
    return NULL;
}

/* 2024-01-31, and 0000-00-00 for none, as function modules write it. */
static const char *
check_date(const char *text)
{
    static const unsigned char days[] = { 31, 29, 31, 30, 31, 30,
                                          31, 31, 30, 31, 30, 31 };
    unsigned month, day;

    if (strcmp(text, "0000-00-00") == 0)
        return NULL;
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? text[i] != '-'
                             : text[i] < '0' || text[i] > '9')
            return "is no date";
    month = (unsigned)((text[5] - '0') * 10 + text[6] - '0');
    day = (unsigned)((text[8] - '0') * 10 + text[9] - '0');
    if (text[10] != '\0' || month < 1 || month > 12 || day < 1 ||
        day > days[month - 1])
        return "is no date";
    return NULL;
}

const char *
sb_soap_value(struct arena *a, const struct member *m, const char *text)
{
    if (*text == '\0')
        return NULL;
    switch (m->type.kind) {
    case TYPE_TEXT:
        return check_text(a, &m->type, text);
    case TYPE_NUMBER:
        return check_number(a, &m->type, text);
    case TYPE_DATE:
        return check_date(text);
    case TYPE_BOOL: case TYPE_TIME: case TYPE_DATETIME: case TYPE_GUID:
    case TYPE_BINARY: case TYPE_ERROR:
        break;
    }
    return NULL;
}
