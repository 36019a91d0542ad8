/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a value that goes round a circle of rules: does it stay as
 * it is after one round? By what is known of the conversions, and by trying
 * values where that doesn't say.
 */
#include <string.h>

#include "sema/circle.h"

/* --- the steps of a circle --- */

/* false: something else than conversions makes the value. */
static bool
add_way(struct steps *s, const struct way *w, size_t index)
{
    const struct trule *r = w->rule;

    if (r->fields[LEFT].n != 1 || r->fields[RIGHT].n != 1 ||
        r->source[w->to == LEFT ? RIGHT : LEFT] != NULL ||
        r->fate.kind == FATE_VALUE || s->n + r->chain.n > STEPS_MAX)
        return false;
    for (size_t i = 0; i < r->chain.n; i++) {
        bool right = w->to == RIGHT;
        const struct tconv *c = &r->chain.at[right ? i : r->chain.n - 1 - i];

        /* What has one way alone is applied as it stands. */
        if (c->kind == TCONV_NATIVE && c->native->left == NULL)
            right = true;
        else if (c->turned)
            right = !right;
        s->at[s->n++] = (struct turn){ c, r, right };
    }
    s->end[index] = s->n;
    return true;
}

/* --- what is known --- */

static bool
same_arg(const struct targ *a, const struct targ *b)
{
    if (a->kind != b->kind || a->kind == TARG_EXPR)
        return false;
    if (a->kind == TARG_COUNT)
        return a->count == b->count;
    return a->kind == TARG_NULL || strcmp(a->text, b->text) == 0;
}

static bool
same_conv(const struct tconv *a, const struct tconv *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->native != b->native || a->user != b->user ||
        a->codes != b->codes || a->ref != b->ref || a->args.n != b->args.n)
        return false;
    for (size_t i = 0; i < a->args.n; i++)
        if (!same_arg(&a->args.at[i], &b->args.at[i]))
            return false;
    return true;
}

/* Done twice it is as done once, in the same direction. */
static bool
is_idempotent(const struct turn *s)
{
    static const char *const names[] = { "scale", "quantity", "left", "round",
                                         "abs", "cut", "alpha", "numc", "pad" };

    if (s->conv->kind != TCONV_NATIVE)
        return false;
    if (native_is_filter(s->conv->native))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], s->conv->native->name) == 0)
            return true;
    return false;
}

/* It only lets values through, or not. */
static bool
is_gate(const struct turn *s)
{
    return s->conv->kind == TCONV_NATIVE &&
           (strcmp(s->conv->native->name, "max") == 0 ||
            (strcmp(s->conv->native->name, "cut") == 0 && !s->right));
}

/* All of them one and the same, or all of those that settle together. */
static bool
settles(const struct turn *s, size_t n)
{
    bool same = true, filters = true;

    for (size_t i = 0; i < n; i++) {
        if (!is_idempotent(&s[i]))
            return false;
        same = same && same_conv(s[i].conv, s[0].conv) &&
               s[i].right == s[0].right;
        filters = filters && native_is_filter(s[i].conv->native);
    }
    return same || filters;
}

static bool
is_exact(const struct tconv *c)
{
    return c->kind == TCONV_REF ||
           (c->kind == TCONV_NATIVE && c->native->back == BACK_EXACT);
}

/* What is done and undone falls out. Of conversions that change values on
 * their way and back, one settles; of several nobody knows. */
static bool
is_proven(const struct steps *all)
{
    struct turn left[STEPS_MAX];
    size_t n = 0, inexact = 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct turn *s = &all->at[i];

        if (s->conv->kind == TCONV_CODES &&
            s->conv->codes->fate.kind == FATE_VALUE)
            return false;
        if (is_gate(s))
            continue;
        if (n > 0 && left[n - 1].right != s->right &&
            same_conv(left[n - 1].conv, s->conv) &&
            s->conv->kind != TCONV_USER) {
            n--;
            inexact += !is_exact(s->conv);
        } else {
            left[n++] = *s;
        }
    }
    if (n == 0)
        return inexact <= 1;
    return inexact == 0 && settles(left, n);
}

/* --- the whole --- */

/* Where a table comes first, no other values than its codes get through. */
static bool
is_finite(const struct steps *s)
{
    return s->n > 0 && s->at[0].conv->kind == TCONV_CODES;
}

enum verdict
circle_judge(struct arena *a, const struct way *const *ways, size_t n,
             struct circle_value *shown)
{
    struct steps s = { .n = 0 };
    enum verdict tried;

    for (size_t i = 0; i < n; i++)
        if (!add_way(&s, ways[i], i))
            return circle_choices(ways, n, shown);
    if (is_proven(&s))
        return CIRCLE_RESTS;
    tried = circle_try(a, &s, ways, n, shown);
    return tried == CIRCLE_RESTS && !is_finite(&s) ? CIRCLE_UNKNOWN : tried;
}
