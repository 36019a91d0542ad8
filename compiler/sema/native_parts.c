/* SPDX-License-Identifier: Apache-2.0 */
/* What questions about texts, and flags, make of types. */
#include "sema/native_kit.h"

#include <string.h>

void
result_replace(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const char *from = kit_literal(use, 0), *to = kit_literal(use, 1);
    uint32_t from_n = kit_chars(from), to_n = kit_chars(to), longest;

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    if (from_n == 0) {
        out->problem = "the text to be replaced is empty";
        return;
    }
    longest = kit_text_length(use->in);
    if (longest != UNBOUNDED && to_n > from_n) {
        uint64_t more = (uint64_t)(longest / from_n) * (to_n - from_n);

        longest = more > UINT32_MAX ? UNBOUNDED
                                    : kit_longer(longest, (uint32_t)more);
    }
    out->out = kit_text(1, longest, use->in->nullable || to_n == 0);
    out->out.digits_only = use->in->digits_only &&
                           to[strspn(to, "0123456789")] == '\0';
}

void
result_length(struct arena *a, const struct native_use *use,
              struct native_result *out)
{
    enum { LENGTH_DIGITS = 10 };

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    out->out = kit_type(TYPE_NUMBER, false);
    out->out.precision = LENGTH_DIGITS;
    out->out.has_range = true;
    out->out.high = kit_text_length(use->in) == UNBOUNDED
                        ? UINT32_MAX : (int64_t)kit_text_length(use->in);
}

void
result_question(struct arena *a, const struct native_use *use,
                struct native_result *out)
{
    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    if (kit_chars(kit_literal(use, 0)) == 0)
        out->problem = "the text to look for is empty";
    out->out = kit_type(TYPE_BOOL, false);
}

void
result_matches(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) ||
        !kit_pattern(a, kit_literal(use, 0), out))
        return;
    out->out = kit_type(TYPE_BOOL, false);
    /* A long text can be too much work for a pattern. */
    out->failures |= WHY(NO_MATCH);
}

void
result_extract(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_TEXT, out) ||
        !kit_pattern(a, kit_literal(use, 0), out))
        return;
    out->out = kit_text(1, kit_text_length(use->in), true);
    out->out.digits_only = use->in->digits_only;
    out->failures |= WHY(NO_MATCH);
}

/* The longer one, for results that are one of two. */
static void
widen(struct type *t, const struct type *other)
{
    if (t->kind == TYPE_TEXT) {
        kit_open_set(t);
        t->max_chars = t->max_chars == UNBOUNDED ||
                               kit_over(other, t->max_chars)
                           ? kit_text_length(other) : t->max_chars;
        if (other->min_chars < t->min_chars)
            t->min_chars = other->min_chars;
        t->digits_only = t->digits_only && other->digits_only;
        t->max_bytes = 0;
    } else if (t->kind == TYPE_NUMBER) {
        int whole = t->precision - t->scale;
        int other_whole = other->precision - other->scale;
        bool bounded = t->precision != 0 && other->precision != 0;

        if (other->scale > t->scale)
            t->scale = other->scale;
        t->any_scale = t->any_scale || other->any_scale;
        t->has_range = false;
        t->precision = bounded ? (uint16_t)(t->scale + (whole > other_whole
                                                        ? whole : other_whole))
                               : 0;
    }
    t->local = t->local && other->local;
}

void
result_coalesce(struct arena *a, const struct native_use *use,
                struct native_result *out)
{
    kit_start(use, out);
    for (uint32_t i = 0; i < use->n_args; i++) {
        const struct type *t = kit_value(use, i);

        if (t == NULL || t->kind == TYPE_ERROR)
            continue;
        if (!kit_takes(a, t, use->in->kind, out))
            return;
        widen(&out->out, t);
        out->out.nullable = out->out.nullable && t->nullable;
    }
}

void
result_choice(struct arena *a, const struct native_use *use,
              struct native_result *out)
{
    const struct type *t = kit_value(use, 0);

    kit_start(use, out);
    if (!kit_takes(a, use->in, TYPE_NUMBER, out) ||
        (t != NULL && !kit_takes(a, t, TYPE_NUMBER, out)))
        return;
    if (t != NULL && t->kind == TYPE_NUMBER)
        widen(&out->out, t);
    if (out->out.precision == 0)
        out->failures |= WHY(OUT_OF_RANGE);
}

/* A text constant of the language. */
static struct type
one_of(struct arena *a, const char *on, const char *off)
{
    struct type t = kit_text(1, kit_chars(on), false);

    vec_push(a, &t.values, on);
    if (off != NULL && off[0] != '\0') {
        vec_push(a, &t.values, off);
        if (kit_chars(off) > t.max_chars)
            t.max_chars = kit_chars(off);
    }
    return t;
}

void
result_flag(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *on = kit_literal(use, 0), *off = kit_literal(use, 1);
    bool nothing = off == NULL || off[0] == '\0';

    kit_start(use, out);
    if (on[0] == '\0') {
        out->problem = "the text for yes is empty";
        out->help = "write the two texts the other way round, and reverse "
                    "yes and no with not";
        return;
    }
    if (off != NULL && strcmp(on, off) == 0) {
        out->problem = "yes and no are the same text";
        return;
    }
    if (use->to_right) {
        if (!kit_takes(a, use->in, TYPE_BOOL, out))
            return;
        out->out = one_of(a, on, off);
        out->out.nullable = use->in->nullable || nothing;
        return;
    }
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    out->failures |= WHY(NO_MATCH);
    for (size_t i = 0; i < use->in->values.n; i++) {
        const char *v = use->in->values.at[i];

        if (strcmp(v, on) != 0 && (off == NULL || strcmp(v, off) != 0))
            break;
        if (i + 1 == use->in->values.n)
            out->failures &= ~WHY(NO_MATCH);
    }
    out->out = kit_type(TYPE_BOOL, !nothing && use->in->nullable);
}
