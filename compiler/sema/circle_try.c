/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of values that are tried on a circle of rules? Conversions that
 * are simple enough are done here, code tables with all their codes.
 */
#include <ctype.h>
#include <string.h>

#include "sema/circle.h"

enum { TRIED_MAX = 4000 };

/* --- one conversion --- */

enum tried { TRIED, FAILED, NOT_KNOWN };

static enum tried
try_codes(const struct turn *s, const char *in, const char **out)
{
    const struct tcodes *codes = s->conv->codes;

    if (codes->context)
        return NOT_KNOWN;
    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];

        if (row->arrow == (s->right ? ARROW_LEFT : ARROW_RIGHT) ||
            strcmp(s->right ? row->left : row->right, in) != 0)
            continue;
        *out = s->right ? row->right : row->left;
        return TRIED;
    }
    return codes->fate.kind == FATE_VALUE ? NOT_KNOWN : FAILED;
}

static enum tried
try_prefix(struct arena *a, const struct turn *s, const char *in,
           const char **out)
{
    const char *prefix = s->conv->args.at[0].text;

    if (s->conv->args.at[0].kind != TARG_TEXT)
        return NOT_KNOWN;
    if (s->right)
        *out = arena_printf(a, "%s%s", prefix, in);
    else if (strncmp(in, prefix, strlen(prefix)) != 0 ||
             in[strlen(prefix)] == '\0')
        return FAILED;
    else
        *out = in + strlen(prefix);
    return TRIED;
}

static size_t
count_of(const struct turn *s)
{
    return s->conv->args.n > 0 && s->conv->args.at[0].kind == TARG_COUNT
               ? s->conv->args.at[0].count : 0;
}

/* Zeros in front of digits. */
static enum tried
try_zeros(struct arena *a, const struct turn *s, const char *in,
          const char **out)
{
    size_t n = strlen(in), count = count_of(s);
    bool digits = n > 0 && in[strspn(in, "0123456789")] == '\0';

    if (count == 0 || n > count || (!digits && s->conv->native->name[0] == 'n'))
        return NOT_KNOWN;
    if (!digits)
        return TRIED;
    if (s->right)
        *out = arena_printf(a, "%0*d%s", (int)(count - n), 0, in);
    else
        *out = in + strspn(in, "0");
    if (s->right && n == count)
        *out = in;
    return **out == '\0' ? NOT_KNOWN : TRIED;
}

static enum tried
try_length(struct arena *a, const struct turn *s, const char *in,
           const char **out)
{
    size_t n = strlen(in), count = count_of(s);

    if (count == 0)
        return NOT_KNOWN;
    if (n <= count)
        return TRIED;
    if (strcmp(s->conv->native->name, "max") == 0 || !s->right)
        return FAILED;
    *out = arena_copy(a, in, count);
    return TRIED;
}

static const char *
in_case(struct arena *a, const char *in, bool upper)
{
    char *out = arena_copy(a, in, strlen(in));

    for (char *p = out; *p != '\0'; p++)
        *p = (char)(upper ? toupper((unsigned char)*p)
                          : tolower((unsigned char)*p));
    return out;
}

/* Values that are tried are plain letters and digits, so blanks need not be
 * minded. */
static enum tried
try_step(struct arena *a, const struct turn *s, const char *in,
         const char **out)
{
    const char *name;

    if (s->conv->kind == TCONV_CODES)
        return try_codes(s, in, out);
    if (s->conv->kind != TCONV_NATIVE)
        return NOT_KNOWN;
    name = s->conv->native->name;
    *out = in;
    if (strcmp(name, "trim") == 0 || strcmp(name, "condense") == 0)
        return TRIED;
    if (strcmp(name, "upper") == 0 || strcmp(name, "lower") == 0) {
        *out = in_case(a, in, name[0] == 'u');
        return TRIED;
    }
    if (strcmp(name, "max") == 0 || strcmp(name, "left") == 0 ||
        strcmp(name, "cut") == 0)
        return try_length(a, s, in, out);
    if (strcmp(name, "alpha") == 0 || strcmp(name, "numc") == 0)
        return try_zeros(a, s, in, out);
    return strcmp(name, "prefix") == 0 ? try_prefix(a, s, in, out)
                                       : NOT_KNOWN;
}

bool
circle_fits(const struct type *t, const char *value)
{
    size_t n = strlen(value);

    if (t->kind != TYPE_TEXT || n < t->min_chars ||
        (t->max_chars != UNBOUNDED && n > t->max_chars) ||
        (t->max_bytes > 0 && n > t->max_bytes))
        return false;
    if (t->digits_only && value[strspn(value, "0123456789")] != '\0')
        return false;
    for (size_t i = 0; i < t->values.n; i++)
        if (strcmp(t->values.at[i], value) == 0)
            return true;
    return t->values.n == 0;
}

static const struct type *
way_type(const struct way *w)
{
    return &tpath_member(w->rule->fields[w->to].at[0])->type;
}

/* --- a round --- */

/* Twice round; *stays: it was the same after both. */
static enum tried
go_round(struct arena *a, const struct steps *s, const struct way *const *ways,
         size_t n, struct circle_value *v, bool *stays)
{
    const char *value = v->start;

    for (size_t k = 0; k < 2 * n; k++) {
        size_t i = k % n == 0 ? 0 : s->end[k % n - 1];

        for (; i < s->end[k % n]; i++) {
            enum tried tried = try_step(a, &s->at[i], value, &value);

            if (tried != TRIED)
                return tried;
        }
        if (!circle_fits(way_type(ways[k % n]), value))
            return FAILED;
        v->at[k] = value;
    }
    *stays = strcmp(v->at[n - 1], v->at[2 * n - 1]) == 0;
    return TRIED;
}

struct trial {
    struct arena *a;
    const struct steps *steps;
    const struct way *const *ways;
    size_t n, tried;
    struct circle_value *shown;
    bool oscillates, unknown;
};

static void
try_value(struct trial *t, const char *start)
{
    struct circle_value v = { .start = start };
    bool stays = true;

    /* It stands in the field that the last way leads to. */
    if (t->oscillates || t->tried++ >= TRIED_MAX ||
        !circle_fits(way_type(t->ways[t->n - 1]), start))
        return;
    if (go_round(t->a, t->steps, t->ways, t->n, &v, &stays) == NOT_KNOWN)
        t->unknown = true;
    if (stays)
        return;
    t->oscillates = true;
    *t->shown = v;
}

/* Codes with which a round may begin, and texts that show what prefixes do. */
static void
try_all(struct trial *t)
{
    static const char *const usual[] = { "abc", "ABC", "a", "1", "12", "007" };
    const struct steps *s = t->steps;

    for (size_t i = 0; i < t->n; i++)
        t->unknown |= way_type(t->ways[i])->kind != TYPE_TEXT;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        try_value(t, usual[i]);
    for (size_t i = 0; i < s->n; i++) {
        const struct tconv *c = s->at[i].conv;

        for (size_t k = 0; c->kind == TCONV_CODES && k < c->codes->rows.n;
             k++) {
            try_value(t, c->codes->rows.at[k].left);
            try_value(t, c->codes->rows.at[k].right);
        }
        if (c->kind == TCONV_NATIVE && strcmp(c->native->name, "prefix") == 0 &&
            c->args.at[0].kind == TARG_TEXT)
            try_value(t, arena_printf(t->a, "%s%sa", c->args.at[0].text,
                                      c->args.at[0].text));
    }
}

enum verdict
circle_try(struct arena *a, const struct steps *steps,
           const struct way *const *ways, size_t n, struct circle_value *shown)
{
    struct trial t = { .a = a, .steps = steps, .ways = ways, .n = n,
                       .shown = shown };

    try_all(&t);
    if (t.oscillates)
        return CIRCLE_OSCILLATES;
    return t.unknown || t.tried >= TRIED_MAX ? CIRCLE_UNKNOWN : CIRCLE_RESTS;
}
