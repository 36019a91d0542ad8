/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of OData v2's filter language that Cloud for Customer knows:
 * comparisons of a property with a literal, startswith and endswith with the
 * property first, `and`, `or` between conditions on one property, `*` as a
 * wildcard of eq. What it refuses is refused here.
 */
#include "sandbox/filter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sandbox/value.h"

enum op {
    OP_IS, OP_IS_NOT, OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST,
    OP_STARTS, OP_ENDS, OP_BOTH, OP_EITHER, OP_NOT_SO
};

struct filter {
    enum op op;
    const struct filter *left, *right;
    const struct field *field;
    int at;                     /* of the field in the slots */
    const char *text;           /* literal; NULL: null */
    size_t text_n;
    int64_t ms;
    long double number;
};

struct parser {
    struct arena *arena;
    const struct kind *kind;
    const char *p;
    const char *wrong;
    unsigned depth, conditions;
};

enum { MOST_DEPTH = 200, MOST_CONDITIONS = 20000 };

static struct filter *parse_or(struct parser *ps);

static void
blanks(struct parser *ps)
{
    while (*ps->p == ' ')
        ps->p++;
}

static struct filter *
fail(struct parser *ps, const char *why)
{
    if (ps->wrong == NULL)
        ps->wrong = arena_printf(ps->arena, "$filter: %s at \"%.30s\"", why,
                                 ps->p);
    return NULL;
}

static size_t
word_length(const char *p)
{
    size_t n = 0;

    while (isalnum((unsigned char)p[n]) || p[n] == '_')
        n++;
    return n;
}

static bool
take_word(struct parser *ps, const char *word)
{
    size_t n = strlen(word);

    blanks(ps);
    if (word_length(ps->p) != n || strncmp(ps->p, word, n) != 0)
        return false;
    ps->p += n;
    return true;
}

static bool
take_char(struct parser *ps, char c)
{
    blanks(ps);
    if (*ps->p != c)
        return false;
    ps->p++;
    return true;
}

/* 'it''s' => it's */
static bool
take_quoted(struct parser *ps, const char **text, size_t *n)
{
    const char *end = ps->p + 1;
    char *to;

    if (*ps->p != '\'')
        return false;
    while (*end != '\0' && (*end != '\'' || end[1] == '\''))
        end += *end == '\'' ? 2 : 1;
    if (*end == '\0')
        return false;
    to = arena_alloc(ps->arena, (size_t)(end - ps->p));
    *text = to;
    for (ps->p++; ps->p < end; ps->p++) {
        ps->p += *ps->p == '\'';
        *to++ = *ps->p;
    }
    *n = (size_t)(to - *text);
    ps->p++;
    return true;
}

static const struct field *
take_field(struct parser *ps)
{
    size_t n;
    const struct field *f;

    blanks(ps);
    n = word_length(ps->p);
    f = kind_field(ps->kind, ps->p, n);
    if (ps->p[n] == '/')
        fail(ps, "no conditions on what a navigation leads to");
    else if (f == NULL)
        fail(ps, "there is no such property");
    else if (!f->filterable)
        fail(ps, "this property is not filterable");
    else if (f->member->record != NULL)
        fail(ps, "this property has no single value");
    else
        ps->p += n;
    return ps->wrong == NULL ? f : NULL;
}

/* Does the literal suit the field, and what is it there? */
static bool
fit_literal(struct parser *ps, struct filter *f, const char *prefix,
            size_t prefix_n)
{
    enum wire wire = f->field->member->wire;
    bool date = prefix_n > 0 && strncmp(prefix, "datetime", 8) == 0;

    if ((wire == WIRE_DATETIME_TICKS) != date)
        return false;
    if (date)
        return value_ticks(f->text, f->text_n, &f->ms);
    if (wire == WIRE_GUID && prefix_n > 0) {
        char *upper = arena_copy(ps->arena, f->text, f->text_n);

        for (char *c = upper; *c != '\0'; c++)
            *c = (char)toupper((unsigned char)*c);
        f->text = upper;
        return strncmp(prefix, "guid", prefix_n) == 0;
    }
    if (wire == WIRE_NUMBER || wire == WIRE_NUMBER_TEXT) {
        char *end;

        f->number = strtold(f->text, &end);
        return end > f->text && (*end == '\0' || strchr("mMdDfFlL", *end));
    }
    return true;
}

static bool
take_literal(struct parser *ps, struct filter *f)
{
    const char *start;
    size_t prefix_n;

    blanks(ps);
    start = ps->p;
    if (take_word(ps, "null"))
        return true;
    prefix_n = word_length(ps->p);
    if (ps->p[prefix_n] == '\'') {
        ps->p += prefix_n;
        if (!take_quoted(ps, &f->text, &f->text_n))
            return fail(ps, "the quote is not closed"), false;
        if (prefix_n > 0 && strncmp(start, "X", 1) == 0)
            return fail(ps, "no binary literals"), false;
    } else {
        f->text_n = strcspn(ps->p, " )");
        f->text = arena_copy(ps->arena, ps->p, f->text_n);
        ps->p += f->text_n;
        prefix_n = 0;
        if (f->text_n == 0 || f->field->member->wire == WIRE_TEXT) {
            ps->p = start;
            return fail(ps, "a text stands in quotes"), false;
        }
    }
    if (!fit_literal(ps, f, start, prefix_n)) {
        ps->p = start;
        return fail(ps, "the literal does not suit the property"), false;
    }
    return true;
}

static struct filter *
parse_comparison(struct parser *ps)
{
    static const char *const ops[] = { "eq", "ne", "lt", "le", "gt", "ge" };
    struct filter *f = arena_alloc(ps->arena, sizeof *f);

    f->field = take_field(ps);
    if (f->field == NULL)
        return NULL;
    f->at = (int)(f->field - ps->kind->fields.at);
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (take_word(ps, ops[i])) {
            f->op = (enum op)i;
            return take_literal(ps, f) ? f : NULL;
        }
    return fail(ps, "eq, ne, lt, le, gt or ge is expected");
}

static struct filter *
parse_function(struct parser *ps, enum op op)
{
    struct filter *f = arena_alloc(ps->arena, sizeof *f);

    f->op = op;
    if (!take_char(ps, '('))
        return fail(ps, "( is expected");
    f->field = take_field(ps);
    if (f->field == NULL)
        return NULL;
    f->at = (int)(f->field - ps->kind->fields.at);
    if (f->field->member->wire != WIRE_TEXT)
        return fail(ps, "this property is no text");
    if (!take_char(ps, ','))
        return fail(ps, ", is expected");
    blanks(ps);
    if (!take_quoted(ps, &f->text, &f->text_n))
        return fail(ps, "a text in quotes is expected");
    return take_char(ps, ')') ? f : fail(ps, ") is expected");
}

static struct filter *
parse_primary(struct parser *ps)
{
    struct filter *f;

    if (ps->depth > MOST_DEPTH)
        return fail(ps, "too many parentheses");
    if (++ps->conditions > MOST_CONDITIONS)
        return fail(ps, "too many conditions");
    if (take_word(ps, "startswith"))
        return parse_function(ps, OP_STARTS);
    if (take_word(ps, "endswith"))
        return parse_function(ps, OP_ENDS);
    if (take_word(ps, "not")) {
        f = arena_alloc(ps->arena, sizeof *f);
        f->op = OP_NOT_SO;
        ps->depth++;
        f->left = parse_primary(ps);
        ps->depth--;
        return f->left == NULL ? NULL : f;
    }
    if (!take_char(ps, '('))
        return parse_comparison(ps);
    ps->depth++;
    f = parse_or(ps);
    ps->depth--;
    if (f != NULL && !take_char(ps, ')'))
        return fail(ps, ") is expected");
    return f;
}

static struct filter *
join(struct parser *ps, enum op op, struct filter *left, struct filter *right)
{
    struct filter *f;

    if (left == NULL || right == NULL)
        return NULL;
    f = arena_alloc(ps->arena, sizeof *f);
    f->op = op;
    f->left = left;
    f->right = right;
    /* What all conditions below are about, if it is one property. */
    f->field = left->field == right->field ? left->field : NULL;
    return f;
}

static struct filter *
parse_and(struct parser *ps)
{
    struct filter *f = parse_primary(ps);

    while (f != NULL && take_word(ps, "and"))
        f = join(ps, OP_BOTH, f, parse_primary(ps));
    return f;
}

static struct filter *
parse_or(struct parser *ps)
{
    struct filter *f = parse_and(ps);

    while (f != NULL && take_word(ps, "or")) {
        const char *second;

        blanks(ps);
        second = ps->p;
        f = join(ps, OP_EITHER, f, parse_and(ps));
        if (f != NULL && f->field == NULL) {
            ps->p = second;
            return fail(ps, "`or` joins conditions on one property only");
        }
    }
    return f;
}

struct filter *
filter_parse(struct arena *a, const struct kind *k, const char *text,
             const char **wrong)
{
    struct parser ps = { .arena = a, .kind = k, .p = text };
    struct filter *f = parse_or(&ps);

    blanks(&ps);
    if (f != NULL && *ps.p != '\0')
        f = fail(&ps, "something is left");
    *wrong = ps.wrong;
    return f;
}

/* --- asking --- */

static bool
wild(const char *p, const char *p_end, const char *t, const char *t_end)
{
    const char *star = NULL, *back = NULL;

    while (t < t_end) {
        if (p < p_end && *p == '*') {
            star = ++p;
            back = t;
        } else if (p < p_end && *p == *t) {
            p++;
            t++;
        } else if (star != NULL) {
            p = star;
            t = ++back;
        } else {
            return false;
        }
    }
    while (p < p_end && *p == '*')
        p++;
    return p == p_end;
}

static int
compare_text(const struct filter *f, const char *t, size_t n)
{
    size_t less = n < f->text_n ? n : f->text_n;
    int d = less == 0 ? 0 : memcmp(t, f->text, less);

    return d != 0 ? d : n < f->text_n ? -1 : n > f->text_n;
}

static bool
decide(enum op op, int d)
{
    switch (op) {
    case OP_IS: return d == 0;
    case OP_IS_NOT: return d != 0;
    case OP_LESS: return d < 0;
    case OP_AT_MOST: return d <= 0;
    case OP_MORE: return d > 0;
    case OP_AT_LEAST: return d >= 0;
    case OP_STARTS: case OP_ENDS: case OP_BOTH: case OP_EITHER:
    case OP_NOT_SO: break;
    }
    return false;
}

static bool
text_holds(const struct filter *f, const char *t, size_t n)
{
    if (f->op == OP_STARTS)
        return n >= f->text_n && memcmp(t, f->text, f->text_n) == 0;
    if (f->op == OP_ENDS)
        return n >= f->text_n &&
               memcmp(t + n - f->text_n, f->text, f->text_n) == 0;
    if (f->op == OP_IS && f->text_n > 0 &&
        memchr(f->text, '*', f->text_n) != NULL)
        return wild(f->text, f->text + f->text_n, t, t + n);
    return decide(f->op, compare_text(f, t, n));
}

static bool
value_holds(const struct filter *f, struct arena *a, struct slot s)
{
    enum wire wire = f->field->member->wire;
    const char *t = "";
    size_t n = 0;
    int64_t ms;

    if (f->text == NULL)
        return decide(f->op, s.at == NULL ? 0 : 1);
    if (wire == WIRE_DATETIME_TICKS)
        return value_ms(s, &ms) &&
               decide(f->op, ms < f->ms ? -1 : ms > f->ms);
    if (s.at == NULL)
        s = (struct slot){ f->field->unset, f->field->unset_n };
    if (*s.at == '"') {
        t = json_plain(a, s, &n);
    } else {
        t = s.at;
        n = s.n;
    }
    if (wire == WIRE_NUMBER || wire == WIRE_NUMBER_TEXT) {
        char copy[96];
        long double v;

        if (n >= sizeof copy)
            return false;
        memcpy(copy, t, n);
        copy[n] = '\0';
        v = strtold(copy, NULL);
        return decide(f->op, v < f->number ? -1 : v > f->number);
    }
    return text_holds(f, t, n);
}

bool
filter_holds(const struct filter *f, struct arena *a, const struct slot *slots)
{
    if (f->op == OP_BOTH)
        return filter_holds(f->left, a, slots) &&
               filter_holds(f->right, a, slots);
    if (f->op == OP_EITHER)
        return filter_holds(f->left, a, slots) ||
               filter_holds(f->right, a, slots);
    if (f->op == OP_NOT_SO)
        return !filter_holds(f->left, a, slots);
    return value_holds(f, a, slots[f->at]);
}

/* --- planning --- */

/* An `or` of eq on the field, without wildcards. */
static bool
listed(const struct filter *f, struct arena *a, int at,
       struct filter_plan *plan)
{
    if (f->op == OP_EITHER)
        return listed(f->left, a, at, plan) && listed(f->right, a, at, plan);
    if (f->op != OP_IS || f->at != at || f->text == NULL || f->text_n == 0 ||
        memchr(f->text, '*', f->text_n) != NULL)
        return false;
    vec_push(a, &plan->values, arena_copy(a, f->text, f->text_n));
    return true;
}

static void
plan_leaf(const struct filter *f, struct arena *a, const struct kind *k,
          struct filter_plan *plan)
{
    const int good[] = { k->id, k->key, k->parent_id };

    for (size_t i = 0; i < 3 && plan->values.n == 0; i++) {
        plan->field = good[i];
        if (good[i] < 0 || !listed(f, a, good[i], plan))
            plan->values.n = 0;
    }
    if ((f->op == OP_MORE || f->op == OP_AT_LEAST) && f->text != NULL &&
        (f->field->role == FIELD_ETAG || f->field->role == FIELD_CHANGED)) {
        if (!plan->since || f->ms > plan->from_ms)
            plan->from_ms = f->ms;
        plan->since = true;
    }
}

void
filter_plan(const struct filter *f, struct arena *a, const struct kind *k,
            struct filter_plan *plan)
{
    if (f->op == OP_BOTH) {
        filter_plan(f->left, a, k, plan);
        filter_plan(f->right, a, k, plan);
    } else {
        plan_leaf(f, a, k, plan);
    }
}
