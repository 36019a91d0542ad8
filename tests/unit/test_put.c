/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a rule: what targets hold, the four fates, rows behind
 * selectors, what is recorded and traced. */
#include "check.h"
#include <stddef.h>

#include "mr/rule.h"

static const char *const whys[] = {
#define W(name, words) #name,
#include "mr/why.def"
#undef W
};

static const char *
words(struct mr_val v)
{
    static char buf[256];

    if (v.state == MR_HERE)
        snprintf(buf, sizeof buf, "%.*s", (int)v.n, v.p);
    else
        snprintf(buf, sizeof buf, "%s", v.state == MR_EMPTY ? "(empty)" :
                 v.state == MR_MISSING ? "(missing)" : "(failed)");
    return buf;
}

static const char *const colours[] = { "red", "green", NULL };

#define TEXT(chars, bytes)                                                    \
    { .type = MR_TYPE_TEXT, .max_chars = chars, .max_bytes = bytes }
#define NUMBER(d, s) { .type = MR_TYPE_NUMBER, .digits = d, .scale = s }

/* What is stored, or "!WHY". */
static void
targets_hold_what_fits(void)
{
    static const struct {
        struct mr_target target;
        const char *value, *stored;
    } rows[] = {
        { TEXT(5, 0), "abcde", "abcde" },
        { TEXT(5, 0), "abcdef", "!TOO_LONG" },
        { TEXT(5, 0), "äöüßé", "äöüßé" },
        { TEXT(5, 0), "äöüßéx", "!TOO_LONG" },
        { TEXT(0, 0), "any length at all", "any length at all" },
        { TEXT(5, 6), "äöü", "äöü" },
        { TEXT(5, 6), "äöüx", "!TOO_LONG" },
        { { .type = MR_TYPE_TEXT, .values = colours }, "green", "green" },
        { { .type = MR_TYPE_TEXT, .values = colours }, "blue", "!NOT_IN_SET" },
        { { .type = MR_TYPE_TEXT, .values = colours }, "gree", "!NOT_IN_SET" },
        { NUMBER(5, 2), "123.45", "123.45" },
        { NUMBER(5, 2), "-123.45", "-123.45" },
        { NUMBER(5, 2), "1234", "!TOO_LARGE" },
        { NUMBER(5, 2), "1.234", "!TOO_PRECISE" },
        { NUMBER(5, 2), "1.2300", "1.23" },
        { NUMBER(5, 2), "1.50000", "1.50" },
        { NUMBER(5, 2), "1.0000", "1.00" },
        { NUMBER(5, 2), "1.0", "1.0" },
        { NUMBER(5, 2), "7", "7" },
        { NUMBER(5, 0), "7.000", "7" },
        { NUMBER(5, 0), "7.5", "!TOO_PRECISE" },
        { NUMBER(2, 2), "0.99", "0.99" },
        { NUMBER(2, 2), "1.00", "!TOO_LARGE" },
        { NUMBER(0, 2), "123456789012345678901234567890",
          "123456789012345678901234567890" },
        { { .type = MR_TYPE_NUMBER, .digits = 5, .any_scale = true },
          "1.2345", "1.2345" },
        { { .type = MR_TYPE_NUMBER, .digits = 5, .any_scale = true },
          "1.23456", "!TOO_LARGE" },
        { NUMBER(5, 2), "007", "!NOT_A_NUMBER" },
        { NUMBER(5, 2), "1e2", "!NOT_A_NUMBER" },
        { NUMBER(5, 2), "-0", "!NOT_A_NUMBER" },
        { NUMBER(5, 2), "-0.0", "!NOT_A_NUMBER" },
        { NUMBER(5, 2), "1.", "!NOT_A_NUMBER" },
        { { .type = MR_TYPE_BOOL }, "true", "true" },
        { { .type = MR_TYPE_BOOL }, "X", "!NOT_BOOL" },
        { { .type = MR_TYPE_DATE }, "2024-02-29", "2024-02-29" },
        { { .type = MR_TYPE_DATE }, "20240229", "!NOT_A_DATE" },
        { { .type = MR_TYPE_TIME }, "13:45:00", "13:45:00" },
        { { .type = MR_TYPE_TIME }, "13:45:00.5", "13:45:00.5" },
        { { .type = MR_TYPE_TIME }, "13:45:00.50", "!NOT_A_TIME" },
        { { .type = MR_TYPE_TIME }, "13:45", "!NOT_A_TIME" },
        { { .type = MR_TYPE_DATETIME }, "2024-01-31T13:45:00Z",
          "2024-01-31T13:45:00Z" },
        { { .type = MR_TYPE_DATETIME }, "2024-01-31T13:45:00",
          "2024-01-31T13:45:00" },
        { { .type = MR_TYPE_DATETIME }, "2024-01-31T13:45:00+01:00",
          "!NOT_A_DATETIME" },
        { { .type = MR_TYPE_DATETIME }, "2024-01-31", "!NOT_A_DATETIME" },
        { { .type = MR_TYPE_GUID }, "00163e03-a070-1ee2-88be-9895233ebd27",
          "00163e03-a070-1ee2-88be-9895233ebd27" },
        { { .type = MR_TYPE_GUID }, "00163E03-a070-1ee2-88be-9895233ebd27",
          "!NOT_A_GUID" },
        { { .type = MR_TYPE_BINARY }, "AA==", "AA==" },
        { { .type = MR_TYPE_BINARY }, "AA=", "!NOT_BASE64" },
        { { .type = MR_TYPE_BINARY }, "A*==", "!NOT_BASE64" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_target t = rows[i].target;
        struct mr_val slot = mr_missing();
        const char *got;

        t.fate = MR_FATE_PARK;
        mr_put(&cx, &t, &slot, mr_text(rows[i].value));
        got = cx.verdict.n > 0 ? whys[cx.verdict.findings[0].value.why]
                               : words(slot);
        CHECK_THAT(strcmp(got, rows[i].stored + (rows[i].stored[0] == '!')) ==
                       0 && (rows[i].stored[0] == '!') == (cx.verdict.n > 0),
                   "row %zu, %s: %s, not %s", i, rows[i].value, got,
                   rows[i].stored);
        CHECK(cx.verdict.n == 0 || slot.state == MR_MISSING);
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

static void
fates(void)
{
    struct mr_target t = TEXT(3, 0);
    struct mr_val slot, bad = mr_text("long"), failed;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    t.fate = MR_FATE_VALUE;
    t.fallback = "?";
    mr_put(&cx, &t, &slot, bad);
    CHECK_TEXT(words(slot), "?");
    t.fallback = "";
    mr_put(&cx, &t, &slot, bad);
    CHECK_TEXT(words(slot), "(empty)");
    t.fate = MR_FATE_KEEP;
    mr_put(&cx, &t, &slot, bad);
    CHECK_TEXT(words(slot), "(missing)");
    CHECK(cx.verdict.n == 0 && !cx.verdict.parked && !cx.verdict.rejected);

    t.fate = MR_FATE_PARK;
    failed = mr_failed(mr_text("77"), MR_WHY_UNKNOWN_CODE);
    mr_put(&cx, &t, &slot, failed);
    CHECK(slot.state == MR_MISSING && cx.verdict.parked);
    CHECK(!cx.verdict.rejected && cx.verdict.n == 1);
    CHECK(cx.verdict.findings[0].target == &t);
    CHECK(cx.verdict.findings[0].value.why == MR_WHY_UNKNOWN_CODE);
    CHECK_NUMBER(cx.verdict.findings[0].value.n, 2);
    t.fate = MR_FATE_REJECT;
    for (int i = 0; i < MR_FINDINGS_MAX + 5; i++)
        mr_put(&cx, &t, &slot, bad);
    CHECK(cx.verdict.rejected);
    CHECK_NUMBER(cx.verdict.n, 1 + MR_FINDINGS_MAX + 5);
    mr_cx_next(&cx);
    CHECK(!cx.verdict.parked && !cx.verdict.rejected && cx.verdict.n == 0);
    mr_cx_done(&cx);
}

static void
nothing_and_required(void)
{
    struct mr_target t = TEXT(3, 0);
    struct mr_val slot = mr_text("old");
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    t.fate = MR_FATE_REJECT;
    mr_put(&cx, &t, &slot, mr_missing());
    CHECK_TEXT(words(slot), "(missing)");
    mr_put(&cx, &t, &slot, mr_empty());
    CHECK_TEXT(words(slot), "(empty)");
    CHECK(cx.verdict.n == 0);
    t.never_empty = true;
    mr_put(&cx, &t, &slot, mr_missing());
    CHECK_TEXT(words(slot), "(missing)");
    CHECK_NUMBER(cx.verdict.n, 0);
    mr_put(&cx, &t, &slot, mr_empty());
    CHECK_NUMBER(cx.verdict.n, 1);
    t.required = true;
    mr_put(&cx, &t, &slot, mr_missing());
    mr_put(&cx, &t, &slot, mr_empty());
    CHECK_NUMBER(cx.verdict.n, 3);
    CHECK(cx.verdict.findings[1].value.why == MR_WHY_REQUIRED);
    t.fate = MR_FATE_VALUE;
    t.fallback = "n/a";
    mr_put(&cx, &t, &slot, mr_missing());
    CHECK_TEXT(words(slot), "n/a");
    mr_cx_done(&cx);
}

struct row {
    struct mr_val key, value;
};
struct outer {
    struct mr_rows rows;
};

static void
rows_behind_selectors(void)
{
    static const struct mr_picked picked = {
        offsetof(struct outer, rows), sizeof(struct row),
        offsetof(struct row, key), offsetof(struct row, value), "008", 3
    };
    struct mr_target t = TEXT(4, 0);
    struct outer outer;
    struct mr_cx cx;

    memset(&outer, 0, sizeof outer);
    mr_cx_init(&cx, NULL);
    t.fate = MR_FATE_KEEP;
    mr_put_picked(&cx, &t, &outer, &picked, mr_missing());
    mr_put_picked(&cx, &t, &outer, &picked, mr_text("too long"));
    CHECK_NUMBER(outer.rows.n, 0);
    mr_put_picked(&cx, &t, &outer, &picked, mr_text("1000"));
    CHECK_NUMBER(outer.rows.n, 1);
    CHECK_TEXT(words(mr_pick(&outer, &picked)), "1000");
    mr_put_picked(&cx, &t, &outer, &picked, mr_empty());
    CHECK_NUMBER(outer.rows.n, 1);
    CHECK_TEXT(words(mr_pick(&outer, &picked)), "(empty)");
    mr_cx_done(&cx);
}

static void
milliseconds(void)
{
    static const struct {
        const char *value;
        bool held;
    } rows[] = {
        { "2024-01-31T10:00:00Z", true }, { "2024-01-31T10:00:00.123Z", true },
        { "2024-01-31T10:00:00.1234Z", false },
        { "2024-01-31T10:00:00.0000001Z", false },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_target t = { .type = MR_TYPE_DATETIME, .milliseconds = true,
                               .fate = MR_FATE_PARK };
        struct mr_val slot;
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        mr_put(&cx, &t, &slot, mr_text(rows[i].value));
        CHECK((cx.verdict.n == 0) == rows[i].held);
        CHECK(rows[i].held ||
              cx.verdict.findings[0].value.why == MR_WHY_TOO_PRECISE);
        t.milliseconds = false;
        mr_cx_next(&cx);
        mr_put(&cx, &t, &slot, mr_text(rows[i].value));
        CHECK(cx.verdict.n == 0);
        mr_cx_done(&cx);
    }
}

static bool
holds(int64_t low, int64_t high, const char *number)
{
    struct mr_target t = { .type = MR_TYPE_NUMBER, .fate = MR_FATE_PARK,
                           .has_range = true, .low = low, .high = high };
    struct mr_val slot;
    struct mr_cx cx;

    t.any_scale = true;
    mr_cx_init(&cx, NULL);
    mr_put(&cx, &t, &slot, mr_text(number));
    bool held = cx.verdict.n == 0;
    CHECK(held || cx.verdict.findings[0].value.why == MR_WHY_OUT_OF_RANGE);
    mr_cx_done(&cx);
    return held;
}

static void
ranges(void)
{
    CHECK(holds(INT32_MIN, INT32_MAX, "2147483647"));
    CHECK(!holds(INT32_MIN, INT32_MAX, "2147483648"));
    CHECK(!holds(INT32_MIN, INT32_MAX, "2147483647.1"));
    CHECK(holds(INT32_MIN, INT32_MAX, "2147483647.0"));
    CHECK(holds(INT32_MIN, INT32_MAX, "-2147483648"));
    CHECK(!holds(INT32_MIN, INT32_MAX, "-2147483649"));
    CHECK(holds(INT64_MIN, INT64_MAX, "-9223372036854775808"));
    CHECK(!holds(INT64_MIN, INT64_MAX, "9223372036854775808"));
    CHECK(!holds(INT64_MIN, INT64_MAX, "99999999999999999999999999999999"));
    CHECK(holds(0, 255, "0"));
    CHECK(!holds(0, 255, "-1"));
    CHECK(!holds(0, 255, "-0.5"));
    CHECK(holds(5, 9, "5"));
    CHECK(!holds(5, 9, "4.9"));
    CHECK(!holds(5, 9, "-7"));
    CHECK(holds(-9, -5, "-5"));
    CHECK(!holds(-9, -5, "-4"));
    CHECK(!holds(-9, -5, "7"));
}

/* What becomes of the value or number, in words. */
static void
put_in_words(struct mr_cx *cx, const struct mr_target *t, struct mr_val v,
             const struct mr_num *n, char *out)
{
    struct mr_val slot = mr_missing();

    if (n == NULL)
        mr_put(cx, t, &slot, v);
    else
        mr_put_num(cx, t, &slot, *n);
    sprintf(out, "%.40s", words(slot));
    if (cx->verdict.n > 0)
        sprintf(out, "!%s %.40s", whys[cx->verdict.findings[0].value.why],
                words(mr_slice(cx->verdict.findings[0].value.p,
                               cx->verdict.findings[0].value.n)));
}

/* A number is judged as its text is, read from text or made by an operation. */
static void
numbers_as_texts(void)
{
    static const char *const values[] = {
        "0", "0.0", "0.00", "7", "-7", "10", "99", "100", "-99.9", "1.05",
        "0.05", "0.050", "-0.5", "12.340", "999.99", "1000", "1.2345",
        "99999999999999999999", "18446744073709551615", "0.123456789012345678",
        "123456789012345678901234567890.12", "007", "1.", "x", "-0", ""
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (unsigned i = 0; i < 7 * 4 * 4 * CHECK_ROWS(values); i++) {
        struct mr_val v = mr_text(values[i % CHECK_ROWS(values)]);
        unsigned kind = i / CHECK_ROWS(values);
        struct mr_target t = {
            .type = MR_TYPE_NUMBER, .digits = (uint16_t)(kind % 7),
            .scale = (uint16_t)(kind / 7 % 4), .any_scale = kind / 28 % 2,
            .has_range = kind / 56 % 2, .low = -50, .high = 99,
            .fate = MR_FATE_PARK, .required = kind % 2,
        };
        struct mr_num n = mr_num_of(v), made;
        char text[80], number[80];

        put_in_words(&cx, &t, v, NULL, text);
        mr_cx_next(&cx);
        put_in_words(&cx, &t, v, &n, number);
        CHECK_TEXT(number, text);
        mr_cx_next(&cx);
        made = mr_negate(&cx, mr_negate(&cx, n));
        v = mr_num_text(&cx, made);
        put_in_words(&cx, &t, v, NULL, text);
        cx.verdict.n = 0;
        put_in_words(&cx, &t, v, &made, number);
        CHECK_TEXT(number, text);
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

static void
conditions(void)
{
    struct mr_target t = { .fate = MR_FATE_PARK };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    CHECK(mr_holds(&cx, &t, mr_bool(true)));
    CHECK(!mr_holds(&cx, &t, mr_bool(false)));
    CHECK(!mr_holds(&cx, &t, mr_missing()));
    CHECK(!mr_holds(&cx, &t, mr_empty()));
    CHECK(cx.verdict.n == 0);
    CHECK(!mr_holds(&cx, &t, mr_failed(mr_text("x"), MR_WHY_NOT_A_NUMBER)));
    CHECK(cx.verdict.parked && cx.verdict.n == 1);
    mr_cx_done(&cx);
}

struct seen {
    char text[200];
};

static void
see_step(void *arg, const char *name, struct mr_val v)
{
    struct seen *s = arg;
    size_t n = strlen(s->text);

    snprintf(s->text + n, sizeof s->text - n, "%s=%s;", name, words(v));
}

static void
see_put(void *arg, const struct mr_target *t, struct mr_val v)
{
    see_step(arg, t->field, v);
}

static void
traces(void)
{
    struct mr_target t = { .type = MR_TYPE_TEXT, .max_chars = 3,
                           .field = "erp.X", .fate = MR_FATE_VALUE,
                           .fallback = "?" };
    struct seen seen = { "" };
    const struct mr_trace trace = { see_step, see_put, &seen };
    struct mr_val slot;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    cx.trace = &trace;
    mr_put(&cx, &t, &slot, mr_text("ok"));
    mr_put(&cx, &t, &slot, mr_text("long"));
    CHECK_TEXT(seen.text, "erp.X=ok;erp.X=(failed);erp.X=?;");
    mr_cx_done(&cx);
}

CHECK_MAIN({ "put targets hold what fits", targets_hold_what_fits },
           { "put fates", fates },
           { "put nothing and required", nothing_and_required },
           { "put rows behind selectors", rows_behind_selectors },
           { "put ranges", ranges },
           { "put numbers as texts", numbers_as_texts },
           { "put milliseconds", milliseconds }, { "put conditions", conditions }, { "put traces", traces })
