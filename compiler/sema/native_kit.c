/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths, kinds and literals for the result functions. */
#include "sema/native_kit.h"

#include <string.h>

static const char *
with_article(enum type_kind kind)
{
    switch (kind) {
    case TYPE_TEXT: return "text";
    case TYPE_BOOL: return "yes or no";
    case TYPE_NUMBER: return "a number";
    case TYPE_DATE: return "a date";
    case TYPE_TIME: return "a time";
    case TYPE_DATETIME: return "a date with time";
    case TYPE_GUID: return "a GUID";
    case TYPE_BINARY: return "binary data";
    case TYPE_ERROR: break;
    }
    return "something unknown";
}

static const char *
advice(enum type_kind from, enum type_kind to)
{
    if (from == TYPE_DATETIME && to == TYPE_DATE)
        return "put date_of before it";
    if (from == TYPE_DATE && to == TYPE_TEXT)
        return "turn the date into text first, as with date(\"yyyymmdd\")";
    if (from == TYPE_NUMBER && to == TYPE_TEXT)
        return "turn the number into text first, with number_text";
    if (from == TYPE_TEXT && to == TYPE_NUMBER)
        return "turn the text into a number first, with number";
    if (from == TYPE_BOOL && to == TYPE_TEXT)
        return "turn it into text first, as with flag(\"X\")";
    return NULL;
}

void
kit_start(const struct native_use *use, struct native_result *out)
{
    memset(out, 0, sizeof *out);
    out->out = *use->in;
}

bool
kit_takes(struct arena *a, const struct type *in, enum type_kind kind,
          struct native_result *out)
{
    if (in->kind == kind || in->kind == TYPE_ERROR)
        return true;
    out->problem = arena_printf(a, "it takes %s, not %s", with_article(kind),
                                with_article(in->kind));
    out->help = advice(in->kind, kind);
    return false;
}

bool
kit_takes_digits(struct arena *a, const struct type *in,
                 struct native_result *out)
{
    if (in->kind == TYPE_NUMBER && in->scale == 0 && !in->any_scale)
        return true;
    return kit_takes(a, in, TYPE_TEXT, out);
}

bool
kit_parts_take(struct arena *a, const struct native_use *use,
               enum type_kind kind, struct native_result *out)
{
    for (uint32_t i = 0; i < use->n_parts; i++)
        if (!kit_takes(a, &use->parts[i], kind, out))
            return false;
    return true;
}

const struct type *
kit_value(const struct native_use *use, uint32_t i)
{
    return i < use->n_args ? use->args[i].type : NULL;
}

uint32_t
kit_count(const struct native_use *use, uint32_t i)
{
    return i < use->n_args ? use->args[i].count : 0;
}

const char *
kit_literal(const struct native_use *use, uint32_t i)
{
    return i < use->n_args ? use->args[i].text : NULL;
}

bool
kit_length(struct arena *a, const struct native_use *use, uint32_t i,
           struct native_result *out)
{
    enum { LENGTH_MAX = 32767 };
    uint32_t n = kit_count(use, i);

    if (n >= 1 && n <= LENGTH_MAX)
        return true;
    out->problem = arena_printf(a, "%u is no length", n);
    out->help = arena_printf(a, "write a number from 1 to %d", LENGTH_MAX);
    return false;
}

uint32_t
kit_chars(const char *text)
{
    uint32_t chars = 0;

    for (; *text != '\0'; text++)
        chars += ((unsigned char)*text & 0xc0) != 0x80;
    return chars;
}

struct type
kit_type(enum type_kind kind, bool nullable)
{
    struct type t;

    memset(&t, 0, sizeof t);
    t.kind = kind;
    t.nullable = nullable;
    return t;
}

void
kit_open_set(struct type *t)
{
    if (t->values.n == 0)
        return;
    t->max_chars = kit_text_length(t);
    t->min_chars = 1;
    t->values.at = NULL;
    t->values.n = t->values.room = 0;
}

struct type
kit_text(uint32_t min_chars, uint32_t max_chars, bool nullable)
{
    struct type t = kit_type(TYPE_TEXT, nullable);

    t.min_chars = min_chars;
    t.max_chars = max_chars;
    return t;
}

bool
kit_over(const struct type *t, uint32_t n)
{
    uint32_t length = kit_text_length(t);

    return length == UNBOUNDED || length > n;
}

uint32_t
kit_shorter(uint32_t a, uint32_t b)
{
    if (a == UNBOUNDED || b == UNBOUNDED)
        return a == UNBOUNDED ? b : a;
    return a < b ? a : b;
}

uint32_t
kit_longer(uint32_t a, uint32_t b)
{
    if (a == UNBOUNDED || b == UNBOUNDED || a > UINT32_MAX - b)
        return UNBOUNDED;
    return a + b;
}

/* The longest of a closed set. */
static uint32_t
longest(const struct type *t)
{
    uint32_t most = 1;

    for (size_t i = 0; i < t->values.n; i++) {
        uint32_t chars = kit_chars(t->values.at[i]);

        if (chars > most)
            most = chars;
    }
    return most;
}

uint32_t
kit_text_length(const struct type *t)
{
    switch (t->kind) {
    case TYPE_ERROR: return 1;
    case TYPE_TEXT:
        return t->values.n > 0 ? longest(t) : t->max_chars;
    case TYPE_BOOL: return 5;
    case TYPE_NUMBER:
        if (t->precision == 0 || t->any_scale)
            return UNBOUNDED;
        /* Sign, and a zero and a point in front of decimals. */
        return t->precision + 1u + (t->scale > 0 ? 2u : 0u);
    case TYPE_DATE: return 10;
    case TYPE_TIME: return 16;
    case TYPE_DATETIME: return 28;
    case TYPE_GUID: return 36;
    case TYPE_BINARY: break;
    }
    return UNBOUNDED;
}
