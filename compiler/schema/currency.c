/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which currency is an amount? Few schemas say it outright (sap:unit of
 * OData v2, the attribute currencyCode beside an element's text); the others
 * follow conventions: NetAmount and NetAmountCurrencyCode of Cloud for
 * Customer, one field CURRENCY for the amounts of a structure of an ERP, which
 * its web services show as decimals of 23 digits, 4 of them behind the point,
 * or with 2.
 */
#include <string.h>

#include "schema/schema.h"

static const struct member *
value_of(const struct record *r, const char *name, size_t n)
{
    for (size_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];

        if (m->record == NULL && m->max == 1 && m->type.kind == TYPE_TEXT &&
            strncmp(m->name, name, n) == 0 && m->name[n] == '\0')
            return m;
    }
    return NULL;
}

static const struct member *
named(const struct record *r, const char *name)
{
    return value_of(r, name, strlen(name));
}

/* RateDecimalValue => RateCurrencyCode, NetAmount => NetAmountCurrencyCode */
static const struct member *
code_beside(const struct record *r, const char *name)
{
    static const char *const ends[] = { "", "Amount", "DecimalValue", "Value" };
    static const char *const codes[] = { "CurrencyCode", "currencyCode" };
    char text[256];
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);

        if (end >= n || n >= 200 || strcmp(name + n - end, ends[i]) != 0)
            continue;
        for (int k = 0; k < 2; k++) {
            memcpy(text, name, n - end);
            strcpy(text + n - end, codes[k]);
            const struct member *m = named(r, text);
            if (m != NULL)
                return m;
        }
    }
    return NULL;
}

static bool
ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n >= m && strcmp(name + n - m, end) == 0;
}

/* One field for all amounts of the record. */
static const struct member *
code_of_record(const struct record *r, const struct member *m)
{
    static const char *const names[] = { "CURRENCY", "WAERS", "WAERK" };
    const struct type *t = &m->type;
    bool sap = (t->precision == 23 && t->scale == 4) || t->scale == 2;
    const struct member *code = NULL;

    if (ends_with(m->name, "Amount"))
        code = named(r, "CurrencyCode");
    for (size_t i = 0; code == NULL && sap && i < 3; i++)
        code = named(r, names[i]);
    return code;
}

const struct member *
member_currency(const struct record *r, const struct member *m)
{
    const struct member *code = NULL;

    if (m->record != NULL || m->max != 1 || m->type.kind != TYPE_NUMBER)
        return NULL;
    if (m->unit != NULL) {
        code = record_member(r, m->unit);
        return code == NULL || code->measure || code->record != NULL ? NULL
                                                                     : code;
    }
    if (m->content || strcmp(m->name, "content") == 0)
        code = named(r, "currencyCode");
    if (code == NULL)
        code = code_beside(r, m->name);
    return code != NULL ? code : code_of_record(r, m);
}
