/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the compiler is told about the library: the table's own consistency,
 * result types and failures in both directions, and what is refused.
 */
#include "check.h"
#include "sema/native.h"

static struct arena *arena;

/* T(20) text, D(20) digits, N(15, 2) numbers. */
static struct type
text(uint32_t max)
{
    struct type t = { .kind = TYPE_TEXT, .min_chars = 1, .max_chars = max };

    return t;
}

static struct type
digits(uint32_t max)
{
    struct type t = text(max);

    t.digits_only = true;
    return t;
}

static struct type
number(uint16_t precision, uint16_t scale)
{
    struct type t = { .kind = TYPE_NUMBER, .precision = precision,
                      .scale = scale };

    return t;
}

static struct type
kind(enum type_kind k)
{
    struct type t = { .kind = k };

    return t;
}

static const struct native_arg no_args[3];

static struct native_result
use(const char *name, bool to_right, struct type in,
    const struct native_arg *args, uint32_t n_args)
{
    const struct native *n = native_find(name);
    struct native_use u = { to_right, &in, &in, 1, args, n_args };
    struct native_result r;

    memset(&r, 0x5a, sizeof r);
    n->result(arena, &u, &r);
    return r;
}

static const char *
describe(const struct type *t)
{
    struct buf b;

    buf_init(&b, arena);
    type_describe(t, &b);
    return b.at;
}

static void
table_is_consistent(void)
{
    size_t n;
    const struct native *all = native_list(&n);

    CHECK(n > 40);
    CHECK(native_find("no_such_thing") == NULL);
    for (size_t i = 0; i < n; i++) {
        const struct native *f = &all[i];

        CHECK_THAT(native_find(f->name) == f, "%s is there twice", f->name);
        CHECK_THAT((f->back == BACK_NONE) == (f->left == NULL), "%s: back",
                   f->name);
        CHECK_THAT(f->n_required <= f->n_params &&
                   f->n_params <= NATIVE_PARAMS, "%s: parameters", f->name);
        CHECK_THAT(f->domain != NULL && f->domain[0] != '\0', "%s: words",
                   f->name);
        CHECK_THAT(strncmp(f->right, "mr_", 3) == 0, "%s: C name", f->name);
        CHECK_THAT(f->fan == FAN_NONE || !f->function, "%s: fans are no "
                   "functions", f->name);
        for (uint32_t k = 0; k < f->n_params; k++)
            CHECK_THAT(f->params[k] != PARAM_NONE, "%s: parameter", f->name);
    }
}

static void
results(void)
{
    static const struct {
        const char *name;
        bool to_right;
        char in;                /* T text, D digits, N number, else by kind */
        uint16_t a, b;
        struct native_arg args[3];
        uint32_t n_args;
        why_set failures;
        const char *out;
    } rows[] = {
        { "alpha", true, 'T', 10, 0, { { .count = 10 } }, 1, 0,
          "text, at most 10 characters" },
        { "alpha", true, 'T', 20, 0, { { .count = 10 } }, 1, WHY(TOO_LONG),
          "text, at most 10 characters" },
        { "alpha", true, 'D', 4, 0, { { .count = 10 } }, 1, 0,
          "text, exactly 10 digits" },
        { "alpha", false, 'T', 10, 0, { { .count = 10 } }, 1, 0,
          "text, at most 10 characters" },
        { "alpha", false, 'T', 0, 0, { { .count = 10 } }, 1, WHY(TOO_LONG),
          "text, at most 10 characters" },
        { "numc", true, 'T', 6, 0, { { .count = 6 } }, 1, WHY(NOT_DIGITS),
          "text, exactly 6 digits" },
        { "numc", true, 'D', 6, 0, { { .count = 6 } }, 1, 0,
          "text, exactly 6 digits" },
        { "numc", true, 'D', 7, 0, { { .count = 6 } }, 1, WHY(TOO_LONG),
          "text, exactly 6 digits" },
        { "numc", false, 'D', 6, 0, { { .count = 6 } }, 1, 0,
          "text, at most 6 digits" },
        { "max", true, 'T', 40, 0, { { .count = 35 } }, 1, WHY(TOO_LONG),
          "text, at most 35 characters" },
        { "max", true, 'T', 30, 0, { { .count = 35 } }, 1, 0,
          "text, at most 30 characters" },
        { "prefix", true, 'T', 10, 0, { { .text = "DE" } }, 1, 0,
          "text, 3 to 12 characters" },
        { "prefix", false, 'T', 10, 0, { { .text = "DE" } }, 1, WHY(NO_MATCH),
          "text, at most 8 characters" },
        { "left", true, 'T', 40, 0, { { .count = 10 } }, 1, 0,
          "text, at most 10 characters" },
        { "substring", true, 'T', 8, 0, { { .count = 5 }, { .count = 2 } }, 2,
          0, "text, at most 2 characters" },
        { "substring", true, 'T', 8, 0, { { .count = 5 } }, 1, 0,
          "text, at most 4 characters" },
        { "date", false, 'T', 8, 0, { { .text = "yyyymmdd" } }, 1,
          WHY(NOT_A_DATE), "date" },
        { "number", true, 'T', 15, 0, { { 0 } }, 0,
          WHY(NOT_A_NUMBER) | WHY(OUT_OF_RANGE), "number" },
        { "number", true, 'D', 5, 0, { { 0 } }, 0, 0,
          "whole number with 5 digits" },
        { "scale", true, 'N', 28, 6, { { .count = 2 } }, 1, WHY(TOO_PRECISE),
          "number with 24 digits, 2 of them behind the point" },
        { "scale", true, 'N', 10, 2, { { .count = 3 } }, 1, 0,
          "number with 10 digits, 2 of them behind the point" },
        { "round", true, 'N', 10, 2, { { .count = 1 } }, 1, 0,
          "number with 10 digits, 1 of them behind the point" },
        { "implied", false, 'D', 13, 0, { { .count = 3 } }, 1, 0,
          "number with 13 digits, 3 of them behind the point" },
        { "money", true, 'N', 28, 6, { { .text = "EUR" } }, 1,
          WHY(UNKNOWN_CURRENCY) | WHY(TOO_PRECISE),
          "number with 26 digits, 4 of them behind the point" },
        { "guid", true, 'T', 40, 0, { { 0 } }, 0, WHY(NOT_A_GUID),
          "text, exactly 32 characters" },
        { "length", true, 'T', 40, 0, { { 0 } }, 0, 0,
          "whole number from 0 to 40" },
        { "postal_code", true, 'T', 6, 0, { { 0 } }, 0, WHY(NO_MATCH),
          "text, at most 7 characters" },
    };

    arena = arena_new();
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct type in = rows[i].in == 'T' ? text(rows[i].a) :
                         rows[i].in == 'D' ? digits(rows[i].a) :
                                             number(rows[i].a, rows[i].b);
        struct native_result r = use(rows[i].name, rows[i].to_right, in,
                                     rows[i].args, rows[i].n_args);

        CHECK_THAT(r.problem == NULL, "row %zu, %s: %s", i, rows[i].name,
                   r.problem);
        CHECK_THAT(r.failures == rows[i].failures,
                   "row %zu, %s fails with %llx, not %llx", i, rows[i].name,
                   (unsigned long long)r.failures,
                   (unsigned long long)rows[i].failures);
        CHECK_THAT(strcmp(describe(&r.out), rows[i].out) == 0,
                   "row %zu, %s gives %s, not %s", i, rows[i].name,
                   describe(&r.out), rows[i].out);
    }
    arena_free(arena);
}

static void
date_is_fixed_digits(void)
{
    struct native_arg form = { .text = "yyyymmdd" };
    struct native_result r;

    arena = arena_new();
    r = use("date", true, kind(TYPE_DATE), &form, 1);
    CHECK_TEXT(describe(&r.out), "text, exactly 8 digits");
    CHECK(r.failures == 0);
    r = use("flag", true, kind(TYPE_BOOL), &(struct native_arg){ .text = "X" },
            1);
    CHECK_TEXT(describe(&r.out), "always \"X\"");
    CHECK(r.out.nullable && r.failures == 0);
    r = use("date_of", true, kind(TYPE_DATETIME), no_args, 0);
    CHECK(r.out.kind == TYPE_DATE && r.failures == 0);
    arena_free(arena);
}

/* Fans know what their parts can hold together. */
static void
fans(void)
{
    struct type parts[2] = { text(35), text(35) }, in = text(70);
    struct native_arg n = { .count = 35 }, blank = { .text = " " };
    struct native_use u = { true, &in, parts, 2, &n, 1 };
    struct native_result r;

    arena = arena_new();
    native_find("split")->result(arena, &u, &r);
    CHECK(r.failures == 0 && r.out.max_chars == 35);
    in.max_chars = 71;
    native_find("split")->result(arena, &u, &r);
    CHECK(r.failures == WHY(TOO_LONG));
    u.to_right = false;
    u.in = parts;
    native_find("split")->result(arena, &u, &r);
    CHECK_NUMBER(r.out.max_chars, 70);
    parts[0].max_chars = 30;
    native_find("split")->result(arena, &u, &r);
    CHECK_NUMBER(r.out.max_chars, 66);
    u.to_right = true;
    u.args = &blank;
    native_find("join")->result(arena, &u, &r);
    CHECK_NUMBER(r.out.max_chars, 66);
    parts[1] = kind(TYPE_DATE);
    native_find("join")->result(arena, &u, &r);
    CHECK(r.problem != NULL);
    arena_free(arena);
}

static void
mistakes_are_told(void)
{
    static const struct {
        const char *name;
        enum type_kind in;
        bool to_right;
        struct native_arg args[3];
        uint32_t n_args;
        const char *words;      /* part of the problem */
    } rows[] = {
        { "alpha", TYPE_DATE, true, { { .count = 10 } }, 1, "a date" },
        { "alpha", TYPE_TEXT, true, { { .count = 0 } }, 1, "no length" },
        { "date", TYPE_DATE, true, { { .text = "yyyymmd" } }, 1, "form" },
        { "date", TYPE_DATE, true, { { .text = "yyyymmddmm" } }, 1, "form" },
        { "date", TYPE_DATE, true, { { .text = "ddmm" } }, 1, "form" },
        { "date", TYPE_DATE, true, { { .text = "yyyy0mmdd" } }, 1, "form" },
        { "date", TYPE_DATETIME, true, { { .text = "yyyymmdd" } }, 1,
          "date with time" },
        { "time", TYPE_TIME, true, { { .text = "hh" } }, 1, "form" },
        { "time", TYPE_TIME, true, { { .text = "mmhh" } }, 1, "form" },
        { "datetime", TYPE_DATETIME, true, { { .text = "yyyymmdd" } }, 1,
          "form" },
        { "datetime", TYPE_DATETIME, true,
          { { .text = "yyyymmddhhmmss" }, { .text = "Europe/Berln" } }, 2,
          "time zone" },
        { "zone", TYPE_DATETIME, true, { { .text = "../../etc/passwd" } }, 1,
          "time zone" },
        { "zone", TYPE_DATETIME, true, { { .text = "Europe" } }, 1,
          "time zone" },
        { "matches", TYPE_TEXT, true, { { .text = "[a-z" } }, 1, "mistake" },
        { "extract", TYPE_TEXT, true, { { .text = "(" } }, 1, "mistake" },
        { "extract", TYPE_TEXT, true, { { .text = "\\C" } }, 1, "mistake" },
        { "number", TYPE_TEXT, true, { { .text = "1.5.5" } }, 1, "form" },
        { "number", TYPE_TEXT, true, { { .text = "" } }, 1, "form" },
        { "scale", TYPE_TEXT, true, { { .count = 2 } }, 1, "number" },
        { "scale", TYPE_NUMBER, true, { { .count = 39 } }, 1, "decimals" },
        { "pad", TYPE_TEXT, true, { { .count = 5 }, { .text = "ab" } }, 2,
          "one character" },
        { "prefix", TYPE_TEXT, true, { { .text = "" } }, 1, "empty" },
        { "replace", TYPE_TEXT, true, { { .text = "" }, { .text = "" } }, 2,
          "empty" },
        { "flag", TYPE_BOOL, true, { { .text = "" } }, 1, "empty" },
        { "flag", TYPE_BOOL, true, { { .text = "X" }, { .text = "X" } }, 2,
          "same" },
        { "flag", TYPE_TEXT, true, { { .text = "X" } }, 1, "yes or no" },
        { "duration", TYPE_TEXT, true, { { .text = "w" } }, 1, "unit" },
        { "guid", TYPE_NUMBER, true, { { 0 } }, 0, "a number" },
    };

    arena = arena_new();
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct native_result r = use(rows[i].name, rows[i].to_right,
                                     kind(rows[i].in), rows[i].args,
                                     rows[i].n_args);

        CHECK_THAT(r.problem != NULL &&
                   strstr(r.problem, rows[i].words) != NULL,
                   "row %zu, %s: %s", i, rows[i].name,
                   r.problem != NULL ? r.problem : "no problem");
    }
    arena_free(arena);
}

/* What is wrong already is not told again. */
static void
errors_do_not_spread(void)
{
    static const struct native_arg args[3] = {
        { .text = "yyyymmdd", .count = 3 }, { .text = NULL }, { .text = NULL }
    };

    arena = arena_new();
    CHECK(use("date", true, kind(TYPE_ERROR), args, 1).problem == NULL);
    CHECK(use("alpha", true, kind(TYPE_ERROR), args, 1).problem == NULL);
    CHECK(use("trim", false, kind(TYPE_ERROR), args, 0).problem == NULL);
    arena_free(arena);
}

CHECK_MAIN({ "native table is consistent", table_is_consistent },
           { "native results", results },
           { "native dates and flags", date_is_fixed_digits },
           { "native fans", fans },
           { "native mistakes are told", mistakes_are_told },
           { "native errors do not spread", errors_do_not_spread })
