/* SPDX-License-Identifier: Apache-2.0 */
/* Types in the words of the language, and with their facts in those of a
 * consultant. */
#include "schema/type.h"

const char *
type_word(enum type_kind kind)
{
    switch (kind) {
    case TYPE_ERROR: return "unknown";
    case TYPE_TEXT: return "text";
    case TYPE_BOOL: return "bool";
    case TYPE_NUMBER: return "number";
    case TYPE_DATE: return "date";
    case TYPE_TIME: return "time";
    case TYPE_DATETIME: return "datetime";
    case TYPE_GUID: return "guid";
    case TYPE_BINARY: return "binary";
    }
    return "unknown";
}

static void
describe_length(const struct type *t, struct buf *out)
{
    const char *what = t->digits_only ? "digit" : "character";

    if (t->max_chars == UNBOUNDED && t->min_chars <= 1)
        buf_text(out, t->digits_only ? ", digits only" : "");
    else if (t->max_chars == UNBOUNDED)
        buf_printf(out, ", at least %u %ss", t->min_chars, what);
    else if (t->min_chars == t->max_chars)
        buf_printf(out, ", exactly %u %s%s", t->max_chars, what,
                   t->max_chars == 1 ? "" : "s");
    else if (t->min_chars > 1)
        buf_printf(out, ", %u to %u %ss", t->min_chars, t->max_chars, what);
    else
        buf_printf(out, ", at most %u %s%s", t->max_chars, what,
                   t->max_chars == 1 ? "" : "s");
    if (t->max_bytes != 0)
        buf_printf(out, " and %u bytes", t->max_bytes);
}

static void
describe_values(const struct type *t, struct buf *out)
{
    enum { SHOWN = 4 };

    if (t->values.n == 1) {
        buf_printf(out, "always \"%s\"", t->values.at[0]);
        return;
    }
    buf_printf(out, "one of %zu values (", t->values.n);
    for (size_t i = 0; i < t->values.n && i < SHOWN; i++)
        buf_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", t->values.at[i]);
    buf_text(out, t->values.n > SHOWN ? ", ...)" : ")");
}

static void
describe_number(const struct type *t, struct buf *out)
{
    bool low = t->has_range && t->low != INT64_MIN,
         high = t->has_range && t->high != INT64_MAX;

    if ((low || high) && t->scale == 0 && !t->any_scale) {
        buf_text(out, "whole number");
        if (low)
            buf_printf(out, " from %lld", (long long)t->low);
        if (high)
            buf_printf(out, " to %lld", (long long)t->high);
        return;
    }
    if (t->scale == 0 && !t->any_scale) {
        buf_text(out, "whole number");
        if (t->precision != 0)
            buf_printf(out, " with %u digit%s", t->precision,
                       t->precision == 1 ? "" : "s");
        return;
    }
    buf_text(out, "number");
    if (t->precision != 0)
        buf_printf(out, " with %u digits", t->precision);
    if (t->any_scale)
        return;
    if (t->precision != 0)
        buf_printf(out, ", %u of them behind the point", t->scale);
    else
        buf_printf(out, " with at most %u digit%s behind the point", t->scale,
                   t->scale == 1 ? "" : "s");
}

void
type_describe(const struct type *t, struct buf *out)
{
    switch (t->kind) {
    case TYPE_TEXT:
        if (t->values.n > 0) {
            describe_values(t, out);
        } else {
            buf_text(out, "text");
            describe_length(t, out);
        }
        break;
    case TYPE_NUMBER:
        describe_number(t, out);
        break;
    case TYPE_DATETIME:
        buf_text(out, t->local ? "date and time without time zone"
                               : "date and time");
        break;
    case TYPE_BOOL:
        buf_text(out, "yes or no");
        break;
    case TYPE_GUID:
        buf_text(out, "GUID");
        break;
    case TYPE_BINARY:
        buf_text(out, "binary data");
        break;
    case TYPE_ERROR:
    case TYPE_DATE:
    case TYPE_TIME:
        buf_text(out, type_word(t->kind));
        break;
    }
}
