/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal arithmetic: exact results, the limit of 38 digits, and laws that
 * hold for any numbers. */
#include "check.h"
#include "mr/conv.h"
#include "value/decimal.h"

#define NINES "99999999999999999999999999999999999999"

static const char *const whys[] = {
#define W(name, words) #name,
#include "mr/why.def"
#undef W
};

static const char *
words(struct mr_val v)
{
    static char buf[256];

    if (v.state == MR_FAILED)
        snprintf(buf, sizeof buf, "!%s", whys[v.why]);
    else
        snprintf(buf, sizeof buf, "%.*s", (int)v.n, v.p);
    return buf;
}

/* The operators on values, as an expression with one operator has it. */
#define ON_VALUES(name)                                                   \
    static struct mr_val                                                  \
    value_##name(struct mr_cx *cx, struct mr_val a, struct mr_val b)      \
    {                                                                     \
        return mr_num_text(cx, mr_##name(cx, mr_num_of(a), mr_num_of(b))); \
    }

ON_VALUES(add)
ON_VALUES(sub)
ON_VALUES(mul)
ON_VALUES(div)

static void
operators(void)
{
    static const struct {
        char op;
        const char *a, *b, *result;
    } rows[] = {
        { '+', "1.10", "2.205", "3.305" },
        { '+', "-1", "1", "0" },
        { '+', "0.1", "0.2", "0.3" },
        { '+', NINES, "1", "!OUT_OF_RANGE" },
        { '+', NINES, "0.5", "!OUT_OF_RANGE" },
        { '+', NINES, "0.0", NINES },
        { '-', "1", "1.5", "-0.5" },
        { '-', "0", "0.00", "0.00" },
        { '-', "-5", "-7", "2" },
        { '*', "1.5", "-2", "-3.0" },
        { '*', "12345678901234567890", "1000000000000000000",
          "12345678901234567890000000000000000000" },
        { '*', "12345678901234567890", "10000000000000000000",
          "!OUT_OF_RANGE" },
        { '*', "0.00000000000000000001", "0.00000000000000000001",
          "!OUT_OF_RANGE" },
        { '/', "1", "3", "0.333333333333333" },
        { '/', "2", "3", "0.666666666666667" },
        { '/', "-2", "3", "-0.666666666666667" },
        { '/', "1", "8", "0.125" },
        { '/', "10", "2", "5" },
        { '/', "1", "2000000000000000", "0.000000000000001" },
        { '/', "1", "2000000000000001", "0" },
        { '/', "0.00000000000000000003", "0.00000000000000000002", "1.5" },
        { '/', NINES, NINES, "1" },
        { '/', NINES, "0.1", "!OUT_OF_RANGE" },
        { '/', "1", "0.00", "!DIVISION_BY_ZERO" },
        { '/', "0", "7", "0" },
        { '+', "1", "x", "!NOT_A_NUMBER" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_val a = mr_text(rows[i].a), b = mr_text(rows[i].b);
        struct mr_val v = rows[i].op == '+' ? value_add(&cx, a, b) :
                          rows[i].op == '-' ? value_sub(&cx, a, b) :
                          rows[i].op == '*' ? value_mul(&cx, a, b) :
                                              value_div(&cx, a, b);

        CHECK_THAT(strcmp(words(v), rows[i].result) == 0,
                   "%s %c %s = %s, not %s", rows[i].a, rows[i].op, rows[i].b,
                   words(v), rows[i].result);
    }
    mr_cx_done(&cx);
}

static void
comparing(void)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        { "1", "1.00", 0 }, { "-1", "1", -1 }, { "0.1", "0.09", 1 },
        { NINES, "0.00000000000000000000000000000000000001", 1 },
        { "0.00000000000000000000000000000000000001", NINES, -1 },
        { "-" NINES, "-0.00000000000000000000000000000000000001", -1 },
        { "-2", "-10", 1 }, { "0", "0.000", 0 },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_decimal a, b;

        REQUIRE(mr_decimal_read(rows[i].a, (uint32_t)strlen(rows[i].a), &a) ==
                MR_WHY_NONE);
        REQUIRE(mr_decimal_read(rows[i].b, (uint32_t)strlen(rows[i].b), &b) ==
                MR_WHY_NONE);
        CHECK_NUMBER(mr_decimal_compare(a, b), rows[i].order);
        CHECK_NUMBER(mr_decimal_compare(b, a), -rows[i].order);
    }
}

static struct mr_val
negated(struct mr_cx *cx, const char *text)
{
    return mr_num_text(cx, mr_negate(cx, mr_num_of(mr_text(text))));
}

static void
nothing_and_conditions(void)
{
    struct mr_val one = mr_text("1"), failed = mr_failed(one, MR_WHY_NO_MATCH);
    struct mr_num empty = mr_num_of(mr_empty()), number = mr_num_of(one);
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    CHECK(value_add(&cx, one, mr_empty()).state == MR_EMPTY);
    CHECK(value_add(&cx, mr_missing(), mr_empty()).state == MR_MISSING);
    CHECK(value_add(&cx, mr_missing(), failed).state == MR_FAILED);
    CHECK(!mr_is_true(mr_number_eq(&cx, empty, empty)));
    CHECK(!mr_is_true(mr_number_ne(&cx, empty, number)));
    CHECK(mr_is_true(mr_number_ne(&cx, mr_num_of(mr_text("2")), number)));
    CHECK(mr_is_true(mr_number_eq(&cx, mr_num_of(mr_text("1.0")), number)));
    CHECK(mr_is_true(mr_text_eq(mr_missing(), mr_empty())));
    CHECK(mr_is_true(mr_text_lt(mr_text("Z"), mr_text("ä"))));
    CHECK(mr_is_true(mr_text_lt(mr_text("a"), mr_text("ab"))));
    CHECK(mr_is_true(mr_moment_lt(mr_text("2024-01-31T10:00:03Z"),
                                  mr_text("2024-01-31T10:00:03.5Z"))));
    CHECK(mr_is_true(mr_moment_lt(mr_text("10:00:03.25"),
                                  mr_text("10:00:03.5"))));
    CHECK(mr_is_true(mr_moment_eq(mr_text("10:00:03"), mr_text("10:00:03.0"))));
    CHECK(!mr_is_true(mr_moment_lt(mr_text("10:00:03.50"),
                                   mr_text("10:00:03.5"))));
    CHECK(mr_is_true(mr_moment_ne(mr_text("10:00:03"), mr_text("10:00:04"))));
    CHECK(mr_is_true(mr_moment_le(mr_empty(), mr_text("10:00:04"))));
    CHECK(!mr_is_true(mr_text_le(mr_text("b"), mr_text("ab"))));
    CHECK(mr_concat(&cx, mr_missing(), mr_empty()).state == MR_EMPTY);
    CHECK(mr_concat(&cx, mr_missing(), mr_missing()).state == MR_MISSING);
    CHECK_TEXT(words(mr_concat(&cx, one, mr_text("é"))), "1é");
    CHECK_TEXT(words(mr_concat(&cx, mr_empty(), one)), "1");
    CHECK(mr_and(failed, mr_bool(false)).state == MR_HERE);
    CHECK(mr_and(failed, mr_bool(true)).state == MR_FAILED);
    CHECK(mr_is_true(mr_or(failed, mr_bool(true))));
    CHECK(mr_or(mr_bool(false), failed).state == MR_FAILED);
    CHECK(mr_is_true(mr_not(mr_missing())));
    CHECK(mr_is_true(mr_is_empty(mr_missing())));
    CHECK(!mr_is_true(mr_is_missing(mr_empty())));
    CHECK_TEXT(words(mr_choose(mr_bool(false), failed, one)), "1");
    CHECK(mr_choose(failed, one, one).state == MR_FAILED);
    CHECK_TEXT(words(negated(&cx, "-0.50")), "0.50");
    CHECK_TEXT(words(negated(&cx, "0")), "0");
    mr_cx_done(&cx);
}

static uint64_t state = 1;

static struct mr_decimal
any(uint32_t digits)
{
    struct mr_decimal d = { 0, 0, false };

    for (uint32_t i = 0; i < digits; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        d.coefficient = d.coefficient * 10 + (state >> 33) % 10;
    }
    d.scale = (uint16_t)((state >> 40) % (digits + 1));
    d.negative = d.coefficient != 0 && (state >> 50) % 2 == 0;
    return d;
}

/* (a + b) - b = a; (a * b) / b = a; a * (b + c) = a * b + a * c. */
static void
laws(void)
{
    for (int i = 0; i < 20000; i++) {
        struct mr_decimal a = any(1 + (uint32_t)i % 7), b = any(7), c = any(7);
        struct mr_decimal x, y, z;

        REQUIRE(mr_decimal_add(a, b, &x) == MR_WHY_NONE);
        z = b;
        z.negative = b.coefficient != 0 && !b.negative;
        REQUIRE(mr_decimal_add(x, z, &x) == MR_WHY_NONE);
        CHECK(mr_decimal_compare(x, a) == 0);
        if (b.coefficient != 0) {
            REQUIRE(mr_decimal_mul(a, b, &x) == MR_WHY_NONE);
            REQUIRE(mr_decimal_div(x, b, &x) == MR_WHY_NONE);
            CHECK(mr_decimal_compare(x, a) == 0);
        }
        REQUIRE(mr_decimal_add(b, c, &x) == MR_WHY_NONE);
        REQUIRE(mr_decimal_mul(a, x, &x) == MR_WHY_NONE);
        REQUIRE(mr_decimal_mul(a, b, &y) == MR_WHY_NONE);
        REQUIRE(mr_decimal_mul(a, c, &z) == MR_WHY_NONE);
        REQUIRE(mr_decimal_add(y, z, &y) == MR_WHY_NONE);
        CHECK(mr_decimal_compare(x, y) == 0);
    }
}

/* Text and number are the same thing for 38 digits. */
static void
text_comes_back(void)
{
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < 5000; i++) {
        struct mr_decimal a = any(1 + (uint32_t)i % 38), b;
        struct mr_val v = mr_decimal_text(&cx, a);
        struct mr_number_size size;

        REQUIRE(mr_decimal_read(v.p, v.n, &b) == MR_WHY_NONE);
        CHECK_THAT(a.coefficient == b.coefficient && a.scale == b.scale &&
                   a.negative == b.negative, "%s", words(v));
        CHECK_THAT(mr_number_check(v.p, v.n, &size), "%s", words(v));
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

/* The digits one after the other, as on paper. */
static void
spell(char *out, struct mr_decimal d)
{
    char digits[48];
    uint32_t n = 0;

    while (d.coefficient != 0 || n <= d.scale) {
        digits[n++] = (char)('0' + (int)(d.coefficient % 10));
        d.coefficient /= 10;
    }
    if (d.negative)
        *out++ = '-';
    for (; n > 0; n--) {
        *out++ = digits[n - 1];
        if (n - 1 == d.scale && d.scale != 0)
            *out++ = '.';
    }
    *out = '\0';
}

/* Numbers of few digits take ways of their own. Zeros in front make a text too
 * long for that, and a quotient does not change when both sides grow by the
 * same power of ten. */
static void
short_ways(void)
{
    struct mr_decimal large = { 1, 0, false };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < 20; i++)
        large.coefficient *= 10;
    for (int i = 0; i < 40000; i++) {
        struct mr_decimal a = any(1 + (uint32_t)i % 18), b = any(1 + i % 5);
        struct mr_decimal x, y, far;
        char text[64], padded[96];
        enum mr_why why;

        spell(text, a);
        CHECK_TEXT(words(mr_decimal_text(&cx, a)), text);
        snprintf(padded, sizeof padded, "%s00000000000000000000%s",
                 a.negative ? "-" : "", text + a.negative);
        REQUIRE(mr_decimal_read(text, (uint32_t)strlen(text), &x) ==
                MR_WHY_NONE);
        REQUIRE(mr_decimal_read(padded, (uint32_t)strlen(padded), &y) ==
                MR_WHY_NONE);
        CHECK_THAT(x.coefficient == y.coefficient && x.scale == y.scale &&
                   x.negative == y.negative, "%s", text);
        why = mr_decimal_div(a, b, &x);
        if (b.coefficient == 0) {
            CHECK(why == MR_WHY_DIVISION_BY_ZERO);
            continue;
        }
        far = a;
        far.coefficient *= large.coefficient;
        b.coefficient *= large.coefficient;
        CHECK(mr_decimal_div(far, b, &y) == why);
        CHECK_THAT(x.coefficient == y.coefficient && x.scale == y.scale &&
                   x.negative == y.negative, "%s", text);
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

/* One operation on what was read of two texts, and its result as text. */
static const char *
apart(struct mr_cx *cx, char op, struct mr_val a, struct mr_val b)
{
    struct mr_decimal x, y;
    enum mr_why why = mr_decimal_read(a.p, a.n, &x);

    if (why != MR_WHY_NONE)
        return words(mr_failed(a, why));
    why = mr_decimal_read(b.p, b.n, &y);
    if (why != MR_WHY_NONE)
        return words(mr_failed(b, why));
    if (op == '-')
        y.negative = y.coefficient != 0 && !y.negative;
    why = op == '*'   ? mr_decimal_mul(x, y, &x)
          : op == '/' ? mr_decimal_div(x, y, &x)
                      : mr_decimal_add(x, y, &x);
    return words(why != MR_WHY_NONE ? mr_failed(a, why)
                                    : mr_decimal_text(cx, x));
}

static struct mr_num
together(struct mr_cx *cx, char op, struct mr_num a, struct mr_num b)
{
    return op == '+'   ? mr_add(cx, a, b)
           : op == '-' ? mr_sub(cx, a, b)
           : op == '*' ? mr_mul(cx, a, b)
                       : mr_div(cx, a, b);
}

/* Operations that hand on numbers give what operations on texts give, one
 * after the other. Every third divisor is a power of ten. */
static void
handed_on(void)
{
    static const char ops[] = "+-*/";
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < 40000; i++) {
        struct mr_decimal first = any(1 + (uint32_t)i % 21);
        struct mr_val sum = mr_decimal_text(&cx, first);
        struct mr_num n = mr_num_of(sum);

        for (int k = 0; k < 4 && sum.state == MR_HERE; k++) {
            char op = ops[(i + k * (i / 7)) % 4], expected[256];
            struct mr_decimal next = any(1 + (uint32_t)(i + k) % 9);
            struct mr_val v;

            if ((i + k) % 3 == 0)
                next.coefficient = mr_tens[i % 5];
            v = mr_decimal_text(&cx, next);
            snprintf(expected, sizeof expected, "%s", apart(&cx, op, sum, v));
            n = together(&cx, op, n, mr_num_of(v));
            sum = mr_num_text(&cx, n);
            CHECK_TEXT(words(sum), expected);
        }
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

/* What fails shows the operand as it was, written only then. */
static void
handed_on_failures(void)
{
    struct mr_num one = mr_num_quick(1, 0, false), half, nothing, failed;
    struct mr_num word = mr_num_of(mr_text("word"));
    struct mr_val v;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    half = mr_div(&cx, one, mr_num_quick(2, 0, false));
    nothing = mr_sub(&cx, half, mr_num_quick(50, 2, false));
    v = mr_num_text(&cx, mr_div(&cx, half, nothing));
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_DIVISION_BY_ZERO);
    CHECK(v.n == 4 && memcmp(v.p, "0.00", 4) == 0);
    failed = mr_mul(&cx, half, word);
    v = mr_num_text(&cx, failed);
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_NOT_A_NUMBER);
    CHECK(v.n == 4 && memcmp(v.p, "word", 4) == 0);
    /* Nothing makes nothing before a text is looked at; what failed goes on. */
    CHECK(mr_add(&cx, word, mr_num_of(mr_missing())).state == MR_MISSING);
    CHECK(mr_num_text(&cx, mr_add(&cx, word, failed)).p == v.p);
    CHECK(mr_num_text(&cx, mr_num_round(&cx, word, 2)).state == MR_FAILED);
    CHECK(mr_num_text(&cx, word).state == MR_HERE);
    CHECK_TEXT(words(mr_num_text(&cx, mr_negate(&cx, nothing))), "0.00");
    CHECK_TEXT(words(mr_num_text(&cx, mr_num_read(&cx, mr_text(" +1.50-"),
                                                  NULL))), "!NOT_A_NUMBER");
    CHECK_TEXT(words(mr_num_text(&cx, mr_num_read(&cx, mr_text("1,50-"),
                                                  "1,5-"))), "-1.50");
    mr_cx_done(&cx);
}

static void
reading_limits(void)
{
    static const struct {
        const char *text;
        enum mr_why why;
    } rows[] = {
        { NINES, MR_WHY_NONE }, { NINES "9", MR_WHY_OUT_OF_RANGE },
        { "0000" NINES, MR_WHY_NONE }, { NINES ".000", MR_WHY_NONE },
        { "0." NINES, MR_WHY_NONE }, { "0." NINES "1", MR_WHY_OUT_OF_RANGE },
        { "0.000000000000000000000000000000000000001", MR_WHY_OUT_OF_RANGE },
        { "", MR_WHY_NOT_A_NUMBER }, { "-", MR_WHY_NOT_A_NUMBER },
        { "1e5", MR_WHY_NOT_A_NUMBER }, { "1.2.", MR_WHY_NOT_A_NUMBER },
        { ".", MR_WHY_NOT_A_NUMBER }, { "-.", MR_WHY_NOT_A_NUMBER },
        { "+", MR_WHY_NOT_A_NUMBER }, { "5.", MR_WHY_NONE },
        { "-.5", MR_WHY_NONE }, { "1-", MR_WHY_NOT_A_NUMBER },
        { "12345678901234567890123x", MR_WHY_NOT_A_NUMBER },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_decimal d;

        CHECK_THAT(mr_decimal_read(rows[i].text,
                                   (uint32_t)strlen(rows[i].text), &d) ==
                       rows[i].why, "row %zu", i);
    }
}

CHECK_MAIN({ "decimal operators", operators },
           { "decimal comparing", comparing },
           { "decimal nothing and conditions", nothing_and_conditions },
           { "decimal laws", laws },
           { "decimal text comes back", text_comes_back },
           { "decimal short ways", short_ways },
           { "decimal handed on", handed_on },
           { "decimal handed on: failures", handed_on_failures },
           { "decimal reading limits", reading_limits })
