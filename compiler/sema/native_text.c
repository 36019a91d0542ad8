/* SPDX-License-Identifier: Apache-2.0 */
/* What the conversions of text make of types. */
#include "sema/native_kit.h"

#include <string.h>

void
result_trim(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    kit_open_set(&out->out);
    out->out.nullable = true;
    if (out->out.min_chars > 1)
        out->out.min_chars = 1;
}

void
result_case(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    kit_start(use, out);
    if (kit_takes(a, use->in, TYPE_TEXT, out))
        kit_open_set(&out->out);
}

void
result_pad(struct arena *a, const struct native_use *use,
           struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    const char *with = kit_literal(use, 1);

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) || !kit_length(a, use, 0, out))
        return;
    if (with != NULL && kit_chars(with) != 1) {
        out->problem = arena_printf(a, "\"%s\" is not one character", with);
        return;
    }
    if (kit_over(use->in, n))
        out->failures |= WHY(TOO_LONG);
    out->out = use->to_right ? kit_text(n, n, use->in->nullable)
                             : kit_text(1, n, true);
}

void
result_alpha(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    bool digits = use->in->kind == TYPE_TEXT && use->in->digits_only;

    kit_start(use, out);
    if (!kit_takes_digits(a, use->in, out) || !kit_length(a, use, 0, out))
        return;
    if (kit_over(use->in, n))
        out->failures |= WHY(TOO_LONG);
    out->out = kit_text(use->to_right && digits ? n : 1,
                        use->to_right && digits
                            ? n : kit_shorter(kit_text_length(use->in), n),
                        use->in->nullable);
    /* Any text may be digits, so it may be filled up. */
    if (use->to_right)
        out->out.max_chars = n;
    out->out.digits_only = digits;
}

void
result_numc(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    uint32_t n = kit_count(use, 0);
    const struct type *in = use->in;

    kit_start(use, out);
    if (!kit_takes_digits(a, in, out) || !kit_length(a, use, 0, out))
        return;
    if (in->kind == TYPE_NUMBER ? !in->has_range || in->low < 0
                                : !in->digits_only)
        out->failures |= WHY(NOT_DIGITS);
    if (kit_over(in, n) && !(in->kind == TYPE_NUMBER && in->precision != 0 &&
                             in->precision <= n))
        out->failures |= WHY(TOO_LONG);
    out->out = use->to_right ? kit_text(n, n, in->nullable)
                             : kit_text(1, n, true);
    out->out.digits_only = true;
}

void
result_prefix(struct arena *a, const struct native_use *use,
              struct native_result *out)
{
    const char *text = kit_literal(use, 0);
    uint32_t n = kit_chars(text), longest = kit_text_length(use->in);

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    if (n == 0) {
        out->problem = "the text to put in front is empty";
        return;
    }
    if (use->to_right) {
        out->out = kit_text(kit_longer(use->in->min_chars, n),
                            kit_longer(longest, n), use->in->nullable);
        out->out.digits_only = use->in->digits_only &&
                               text[strspn(text, "0123456789")] == '\0';
        if (use->in->max_bytes != 0)
            out->out.max_bytes = use->in->max_bytes + (uint32_t)strlen(text);
        return;
    }
    out->failures |= WHY(NO_MATCH);
    out->out = kit_text(1, longest == UNBOUNDED || longest <= n ? longest
                                                                : longest - n,
                        use->in->nullable);
    out->out.digits_only = use->in->digits_only;
}

void
result_max(struct arena *a, const struct native_use *use,
           struct native_result *out)
{
    uint32_t n = kit_count(use, 0);

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) || !kit_length(a, use, 0, out))
        return;
    if (kit_over(use->in, n)) {
        out->failures |= WHY(TOO_LONG);
        out->out.max_chars = n;
    }
}

void
result_split(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    uint32_t n = kit_count(use, 0), whole = 0;

    kit_start(use, out);
    if (!kit_length(a, use, 0, out) ||
        !(use->to_right ? kit_takes(a, use->in, TYPE_TEXT, out)
                        : kit_parts_take(a, use, TYPE_TEXT, out)))
        return;
    if (use->to_right) {
        uint64_t room = (uint64_t)n * use->n_parts;

        if (room > UINT32_MAX || kit_over(use->in, (uint32_t)room))
            out->failures |= WHY(TOO_LONG);
        out->out = kit_text(1, n, true);
        out->out.digits_only = use->in->digits_only;
        return;
    }
    for (uint32_t i = 0; i < use->n_parts; i++) {
        uint32_t part = kit_text_length(&use->parts[i]);

        /* A part of n characters or more gets no blank behind it. */
        if (i + 1 < use->n_parts && (part == UNBOUNDED || part != n))
            part = kit_longer(part, 1);
        whole = i == 0 ? part : whole == UNBOUNDED ? whole
                                                   : kit_longer(whole, part);
    }
    out->out = kit_text(1, whole, true);
}

void
result_join(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *between = kit_literal(use, 0);
    uint32_t n = kit_chars(between), whole = 0;

    kit_start(use, out);
    if (n == 0) {
        out->problem = "the text between the parts is empty";
        out->help = "use split, turned round, for parts of fixed lengths";
        return;
    }
    if (!use->to_right) {
        if (kit_takes(a, use->in, TYPE_TEXT, out))
            out->out = kit_text(1, kit_text_length(use->in), true);
        return;
    }
    if (!kit_parts_take(a, use, TYPE_TEXT, out))
        return;
    for (uint32_t i = 0; i < use->n_parts; i++) {
        uint32_t part = kit_text_length(&use->parts[i]);

        if (i > 0)
            part = kit_longer(part, n);
        whole = i == 0 ? part : whole == UNBOUNDED ? whole
                                                   : kit_longer(whole, part);
    }
    out->out = kit_text(1, whole, true);
}

void
result_left(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    uint32_t n = kit_count(use, 0);

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) || !kit_length(a, use, 0, out))
        return;
    kit_open_set(&out->out);
    out->out.max_chars = kit_shorter(out->out.max_chars, n);
    out->out.min_chars = kit_shorter(out->out.min_chars, n);
    if (use->in->min_chars == 0)
        out->out.min_chars = 0;
}

/* The way back has nothing to cut. */
void
result_cut(struct arena *a, const struct native_use *use,
           struct native_result *out)
{
    if (use->to_right)
        result_left(a, use, out);
    else
        result_max(a, use, out);
}

void
result_substring(struct arena *a, const struct native_use *use,
                 struct native_result *out)
{
    uint32_t from = kit_count(use, 0), n = kit_count(use, 1), longest;

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) || !kit_length(a, use, 0, out) ||
        (use->n_args > 1 && !kit_length(a, use, 1, out)))
        return;
    kit_open_set(&out->out);
    longest = out->out.max_chars;
    if (longest != UNBOUNDED && longest < from) {
        out->problem = arena_printf(a, "the text ends before character %u",
                                    from);
        return;
    }
    if (longest != UNBOUNDED)
        longest -= from - 1;
    out->out.max_chars = n > 0 ? kit_shorter(longest, n) : longest;
    out->out.nullable |= use->in->min_chars < from;
    out->out.min_chars = 1;
}
