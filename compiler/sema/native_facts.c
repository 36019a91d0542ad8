/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a value may lose on its way through a conversion and back: the closed
 * facts that a rule's certificate is made of. A fact is about the values that
 * get through; what is refused is told by native_result.failures. Each is
 * tried against the conversion itself, on all short values, by
 * tests/prove/run.
 */
#include "sema/native.h"

#include <string.h>

#include "sema/native_kit.h"

typedef bool value_test(const char *text);

/* Can a value of this type be one for which the test holds? Digits alone never
 * are. */
static bool
text_can(const struct type *t, value_test *test)
{
    if (t->kind != TYPE_TEXT || t->digits_only)
        return false;
    for (size_t i = 0; i < t->values.n; i++)
        if (test(t->values.at[i]))
            return true;
    return t->values.n == 0;
}

static bool
has_outer_blank(const char *text)
{
    size_t n = strlen(text);

    return n > 0 && (strchr(" \t\r\n", text[0]) != NULL ||
                     strchr(" \t\r\n", text[n - 1]) != NULL);
}

static bool
has_blanks(const char *text)
{
    return has_outer_blank(text) || strpbrk(text, "\t\r\n") != NULL ||
           strstr(text, "  ") != NULL;
}

/* Beyond ASCII letters count as both. */
static bool
has_lower(const char *text)
{
    for (; *text != '\0'; text++)
        if ((*text >= 'a' && *text <= 'z') || (unsigned char)*text >= 0x80)
            return true;
    return false;
}

static bool
has_upper(const char *text)
{
    for (; *text != '\0'; text++)
        if ((*text >= 'A' && *text <= 'Z') || (unsigned char)*text >= 0x80)
            return true;
    return false;
}

static bool
has_leading_zero(const char *text)
{
    return text[0] == '0' && text[1] != '\0' &&
           text[strspn(text, "0123456789")] == '\0';
}

static bool
can_have_leading_zero(const struct type *t)
{
    if (t->kind != TYPE_TEXT || t->max_chars == 1)
        return false;
    if (t->values.n == 0)
        return true;
    for (size_t i = 0; i < t->values.n; i++)
        if (has_leading_zero(t->values.at[i]))
            return true;
    return false;
}

/* Digits alone, and never fewer than the conversion makes. */
static bool
is_filled(const struct native_use *use)
{
    return use->in->kind == TYPE_TEXT && use->in->digits_only &&
           use->in->min_chars >= kit_count(use, 0);
}

/* --- what comes back changed, or NULL: towards the right, and back --- */

static const char *
trim(const struct native_use *use)
{
    return text_can(use->in, has_outer_blank) ? "blanks at the ends" : NULL;
}

static const char *
condense(const struct native_use *use)
{
    return text_can(use->in, has_blanks)
               ? "blanks at the ends, and several in a row" : NULL;
}

static const char *
upper(const struct native_use *use)
{
    return text_can(use->in, has_lower) ? "lower case" : NULL;
}

static const char *
lower(const struct native_use *use)
{
    return text_can(use->in, has_upper) ? "upper case" : NULL;
}

static const char *
pad(const struct native_use *use)
{
    const char *fill = kit_literal(use, 1);
    bool digit = fill != NULL && fill[strspn(fill, "0123456789")] == '\0';

    if (use->in->digits_only && !digit &&
        (use->to_right || use->in->min_chars >= kit_count(use, 0)))
        return NULL;
    return use->to_right ? "the filling character at the end"
                         : "text that is not filled up";
}

static const char *
alpha(const struct native_use *use)
{
    if (kit_count(use, 0) == 1)
        return NULL;
    if (use->to_right)
        return can_have_leading_zero(use->in) ? "zeros in front of digits"
                                              : NULL;
    return is_filled(use) ? NULL : "digits that are not filled up";
}

static const char *
numc(const struct native_use *use)
{
    if (!use->to_right)
        return is_filled(use) ? "zeros alone, which are nothing"
                              : "digits that are not filled up";
    if (use->in->kind == TYPE_NUMBER && use->in->has_range && use->in->low > 0)
        return NULL;
    return "zeros in front of digits, and zero itself, which is nothing";
}

static const char *
cut(const struct native_use *use)
{
    return use->to_right && kit_over(use->in, kit_count(use, 0))
               ? "what is too long, and cut" : NULL;
}

static const char *
split(const struct native_use *use)
{
    return use->to_right ? NULL : "parts that are cut at other places";
}

static const char *
join(const struct native_use *use)
{
    return use->to_right
               ? "parts that hold the text between them, or are empty"
               : NULL;
}

static const char *
number(const struct native_use *use)
{
    return use->to_right ? "numbers that are written otherwise"
                         : "zeros at the end of decimals";
}

static const char *
number_text(const struct native_use *use)
{
    return use->to_right ? "zeros at the end of decimals"
                         : "numbers that are written otherwise";
}

/* Whole numbers have no decimals to fill up. */
static const char *
scale(const struct native_use *use)
{
    const struct type *t = use->in;
    bool whole = t->kind == TYPE_NUMBER && !t->any_scale && t->scale == 0;

    return whole && kit_count(use, 0) == 0
               ? NULL : "how many zeros stand behind the point";
}

static const char *
implied(const struct native_use *use)
{
    if (use->to_right)
        return scale(use);
    return can_have_leading_zero(use->in) ? "zeros in front of digits" : NULL;
}

static const char *
amount(const struct native_use *use)
{
    (void)use;
    return "how many zeros stand behind the point";
}

static const char *
date(const struct native_use *use)
{
    if (use->to_right)
        return NULL;
    return use->in->digits_only ? "zeros alone, which are no date"
                                : "blanks around it, and zeros alone, which "
                                  "are no date";
}

static const char *
time_of_day(const struct native_use *use)
{
    return use->to_right || use->in->digits_only ? NULL : "blanks around it";
}

static const char *
datetime(const struct native_use *use)
{
    if (!use->to_right)
        return kit_literal(use, 1) == NULL
                   ? "blanks around it, and zeros alone, which are no moment"
                   : "blanks around it, zeros alone, and hours that the "
                     "clocks skip";
    return kit_literal(use, 1) == NULL
               ? NULL : "the second of two hours that the clocks show twice";
}

static const char *
date_of(const struct native_use *use)
{
    return use->to_right ? "the time of day" : NULL;
}

static const char *
zone(const struct native_use *use)
{
    return use->to_right ? "the second of two hours that the clocks show twice"
                         : "hours that the clocks skip";
}

static const char *
duration(const struct native_use *use)
{
    return use->to_right ? "durations that are written otherwise"
                         : "zeros at the end of decimals";
}

static const char *
guid(const struct native_use *use)
{
    return use->to_right ? "capital letters, hyphens at other places"
                         : "small letters, hyphens";
}

static const char *
phone(const struct native_use *use)
{
    (void)use;
    return "numbers that are written otherwise";
}

static const char *
postal_code(const struct native_use *use)
{
    (void)use;
    return "postal codes that are written otherwise";
}

static const struct {
    const char *name;
    const char *(*changes)(const struct native_use *use);   /* NULL: nothing */
} facts[] = {
    { "trim", trim }, { "condense", condense }, { "upper", upper },
    { "lower", lower }, { "pad", pad }, { "alpha", alpha }, { "numc", numc },
    { "prefix", NULL }, { "max", NULL }, { "cut", cut }, { "split", split },
    { "join", join },
    { "flag", NULL }, { "number", number }, { "number_text", number_text },
    { "scale", scale }, { "quantity", scale }, { "implied", implied },
    { "money", amount }, { "sap_amount", amount }, { "date", date },
    { "time", time_of_day }, { "datetime", datetime }, { "date_of", date_of },
    { "zone", zone }, { "duration", duration }, { "guid", guid },
    { "phone", phone }, { "postal_code", postal_code },
};

const char *
native_changes(const struct native *n, const struct native_use *use)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (strcmp(facts[i].name, n->name) == 0)
            return facts[i].changes == NULL ? NULL : facts[i].changes(use);
    /* Nothing is known of it: nothing is promised. */
    return "what it does not say";
}

bool
native_loses(const struct native *n, const struct native_use *use)
{
    return use->to_right && native_changes(n, use) != NULL &&
           (strcmp(n->name, "cut") == 0 || strcmp(n->name, "date_of") == 0);
}

bool
native_is_filter(const struct native *n)
{
    static const char *const filters[] = { "trim", "condense", "upper",
                                           "lower" };

    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (strcmp(filters[i], n->name) == 0)
            return true;
    return false;
}
