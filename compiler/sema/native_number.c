/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the conversions of numbers make of types. A type's scale counts digits
 * other than zeros at the end, as the check of a target does.
 */
#include "sema/native_kit.h"

#include <string.h>

enum { DIGITS = 38, CURRENCY_SCALE = 4 };

/* Digits before the point; 0: no limit. */
static uint16_t
whole_of(const struct type *t)
{
    if (t->precision == 0)
        return 0;
    return (uint16_t)(t->any_scale ? t->precision : t->precision - t->scale);
}

static struct type
number(const struct type *in, uint16_t whole, uint16_t scale)
{
    struct type t = kit_type(TYPE_NUMBER, in->nullable);

    t.scale = scale;
    t.precision = whole == 0 && in->precision == 0 ? 0
                                                   : (uint16_t)(whole + scale);
    if (t.precision == 0 && in->precision != 0)
        t.precision = 1;
    return t;
}

/* Can the arithmetic of 38 digits be too narrow for `more` further ones? */
static void
add_range(const struct type *in, uint32_t more, struct native_result *out)
{
    if (in->precision == 0 || in->precision + more > DIGITS)
        out->failures |= WHY(OUT_OF_RANGE);
}

static uint16_t
scale_at_most(const struct type *in, uint32_t n)
{
    return (uint16_t)(in->any_scale || in->scale > n ? n : in->scale);
}

static bool
is_form(const char *form)
{
    size_t n = form == NULL ? 0 : strlen(form);

    if (n == 0)
        return form == NULL;
    if (form[0] == '-')
        form++, n--;
    else if (n > 0 && form[n - 1] == '-')
        n--;
    return (n == 1 || (n == 3 && (form[1] == ',' || form[1] == '.') &&
                       form[2] >= '0' && form[2] <= '9')) &&
           form[0] >= '0' && form[0] <= '9';
}

static bool
check_form(struct arena *a, const struct native_use *use,
           struct native_result *out)
{
    const char *form = kit_literal(use, 0);

    if (is_form(form))
        return true;
    out->problem = arena_printf(a, "\"%s\" is no form of a number", form);
    out->help = "write a sample: \"-1\", \"1-\" with the minus behind, "
                "\"-1,5\" or \"1,5-\" with a decimal comma";
    return false;
}

static void
text_to_number(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const struct type *in = use->in;

    if (!kit_takes(a, in, TYPE_TEXT, out))
        return;
    out->out = kit_type(TYPE_NUMBER, true);
    if (in->digits_only && in->max_chars != UNBOUNDED &&
        in->max_chars <= UINT16_MAX) {
        out->out.precision = (uint16_t)in->max_chars;
        return;
    }
    out->out.any_scale = true;
    out->failures |= WHY(NOT_A_NUMBER) | WHY(OUT_OF_RANGE);
}

static void
number_to_text(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const struct type *in = use->in;

    if (!kit_takes(a, in, TYPE_NUMBER, out))
        return;
    out->out = kit_text(1, kit_text_length(in), in->nullable);
    out->out.digits_only = in->scale == 0 && !in->any_scale && in->has_range &&
                           in->low >= 0;
}

void
result_number(struct arena *a, const struct native_use *use,
              struct native_result *out)
{
    kit_start(use, out);
    if (!check_form(a, use, out))
        return;
    if (use->to_right)
        text_to_number(a, use, out);
    else
        number_to_text(a, use, out);
}

void
result_number_text(struct arena *a, const struct native_use *use,
                   struct native_result *out)
{
    kit_start(use, out);
    if (!check_form(a, use, out))
        return;
    if (use->to_right)
        number_to_text(a, use, out);
    else
        text_to_number(a, use, out);
}

/* A number of decimals, 0 to 38. */
static bool
takes_decimals(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    uint32_t n = kit_count(use, 0);

    if (n <= DIGITS)
        return true;
    out->problem = arena_printf(a, "%u are too many decimals", n);
    out->help = arena_printf(a, "write a number from 0 to %d", DIGITS);
    return false;
}

void
result_scale(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    const struct type *in = use->in;

    kit_start(use, out);
    if (!kit_takes(a, in, TYPE_NUMBER, out) || !takes_decimals(a, use, out))
        return;
    if (in->any_scale || in->scale > n)
        out->failures |= WHY(TOO_PRECISE);
    add_range(in, n, out);
    if (in->precision != 0 && whole_of(in) + n <= DIGITS)
        out->failures &= ~WHY(OUT_OF_RANGE);
    out->out = number(in, whole_of(in), scale_at_most(in, n));
}

void
result_round(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    const struct type *in = use->in;
    uint16_t whole = whole_of(in);

    kit_start(use, out);
    if (!kit_takes(a, in, TYPE_NUMBER, out) || !takes_decimals(a, use, out))
        return;
    add_range(in, 0, out);
    if (!in->any_scale && in->scale <= n)
        return;
    /* 9.99 becomes 10.0. */
    out->out = number(in, (uint16_t)(in->precision == 0 ? 0 : whole + 1),
                      scale_at_most(in, n));
}

void
result_implied(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    const struct type *in = use->in;

    kit_start(use, out);
    if (!takes_decimals(a, use, out))
        return;
    if (use->to_right) {
        if (!kit_takes(a, in, TYPE_NUMBER, out))
            return;
        if (in->any_scale || in->scale > n)
            out->failures |= WHY(TOO_PRECISE);
        if (!in->has_range || in->low < 0)
            out->failures |= WHY(OUT_OF_RANGE);
        out->out = kit_text(1, in->precision == 0 ? UNBOUNDED
                                                  : whole_of(in) + n,
                            in->nullable);
        if (out->out.max_chars == UNBOUNDED || out->out.max_chars > DIGITS)
            out->failures |= WHY(OUT_OF_RANGE);
        out->out.digits_only = true;
        return;
    }
    if (!kit_takes(a, in, TYPE_TEXT, out))
        return;
    if (!in->digits_only)
        out->failures |= WHY(NOT_DIGITS);
    if (kit_over(in, DIGITS))
        out->failures |= WHY(OUT_OF_RANGE);
    out->out = kit_type(TYPE_NUMBER, in->nullable);
    out->out.scale = (uint16_t)n;
    out->out.precision = (uint16_t)(kit_over(in, DIGITS) ? DIGITS
                                                         : in->max_chars);
    if (out->out.precision < n)
        out->out.precision = (uint16_t)n;
}

void
result_abs(struct arena *a, const struct native_use *use,
           struct native_result *out)
{
    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_NUMBER, out) || !out->out.has_range)
        return;
    /* -low may be one more than int64_t holds. */
    if (out->out.low < 0 && (out->out.low == INT64_MIN ||
                             -out->out.low > out->out.high))
        out->out.high = out->out.low == INT64_MIN ? INT64_MAX : -out->out.low;
    if (out->out.low < 0)
        out->out.low = 0;
}

/* --- money --- */

static bool
takes_currency(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const struct type *currency = kit_value(use, 0);

    if (!kit_takes(a, use->in, TYPE_NUMBER, out))
        return false;
    if (currency == NULL || currency->kind == TYPE_TEXT ||
        currency->kind == TYPE_ERROR)
        return true;
    out->problem = arena_printf(a, "the currency is %s, not text",
                                type_word(currency->kind));
    return false;
}

void
result_money(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    const struct type *in = use->in;

    kit_start(use, out);
    if (!takes_currency(a, use, out))
        return;
    out->failures |= WHY(UNKNOWN_CURRENCY);
    if (in->any_scale || in->scale > 0)
        out->failures |= WHY(TOO_PRECISE);
    add_range(in, CURRENCY_SCALE, out);
    out->out = number(in, whole_of(in), scale_at_most(in, CURRENCY_SCALE));
}

void
result_sap_amount(struct arena *a, const struct native_use *use,
                  struct native_result *out)
{
    const struct type *in = use->in;
    uint16_t whole = whole_of(in);

    kit_start(use, out);
    if (!takes_currency(a, use, out))
        return;
    out->failures |= WHY(UNKNOWN_CURRENCY);
    if (in->any_scale || in->scale > (use->to_right ? 0 : 2))
        out->failures |= WHY(TOO_PRECISE);
    add_range(in, CURRENCY_SCALE, out);
    /* Two digits more before the point: four decimals to the right, no
     * decimals to the left. */
    out->out = number(in, (uint16_t)(in->precision == 0 ? 0 : whole + 2),
                      use->to_right ? 2 : CURRENCY_SCALE);
}
