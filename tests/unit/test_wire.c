/* SPDX-License-Identifier: Apache-2.0 */
/* Wire forms: what is read as what, what is refused and why, and that what is
 * written is read again. */
#include "check.h"
#include "value/wire.h"

static const char *const whys[] = {
#define W(name, words) #name,
#include "mr/why.def"
#undef W
};

/* The value's text; "" for empty, "!WHY" for failed. */
static const char *
words(struct mr_val v)
{
    static char buf[1024];

    if (v.state == MR_FAILED)
        snprintf(buf, sizeof buf, "!%s", whys[v.why]);
    else
        snprintf(buf, sizeof buf, "%.*s", mr_is_here(v) ? (int)v.n : 0, v.p);
    return buf;
}

struct row {
    enum mr_wire wire;
    const char *in, *canonical, *out;   /* out NULL: as in */
};

static void
check_rows(const struct row *rows, size_t n)
{
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &rows[i];
        struct mr_val v = mr_wire_in(&cx, r->wire, mr_text(r->in));
        const char *out = r->out != NULL ? r->out : r->in;

        CHECK_THAT(strcmp(words(v), r->canonical) == 0,
                   "row %zu, in: %s, not %s", i, words(v), r->canonical);
        if (v.state == MR_FAILED) {
            CHECK_THAT(v.n > 0 && strstr(r->in, "x") == strstr(v.p, "x"),
                       "row %zu: the operand is lost", i);
            continue;
        }
        v = mr_wire_out(&cx, r->wire, v);
        CHECK_THAT(strcmp(words(v), out) == 0, "row %zu, out: %s, not %s", i,
                   words(v), out);
    }
    mr_cx_done(&cx);
}

static void
numbers(void)
{
    static const struct row rows[] = {
        { MR_WIRE_NUMBER, "0", "0", NULL },
        { MR_WIRE_NUMBER, "-12.50", "-12.50", NULL },
        { MR_WIRE_NUMBER, "007", "7", "7" },
        { MR_WIRE_NUMBER, "-0", "0", "0" },
        { MR_WIRE_NUMBER, "-0.00", "0.00", "0.00" },
        { MR_WIRE_NUMBER, "+5", "5", "5" },
        { MR_WIRE_NUMBER, ".5", "0.5", "0.5" },
        { MR_WIRE_NUMBER, "5.", "5", "5" },
        { MR_WIRE_NUMBER, "00.10", "0.10", "0.10" },
        { MR_WIRE_NUMBER, "1e3", "1000", "1000" },
        { MR_WIRE_NUMBER, "1.5E-3", "0.0015", "0.0015" },
        { MR_WIRE_NUMBER, "-12345e-2", "-123.45", "-123.45" },
        { MR_WIRE_NUMBER, "1.250E+1", "12.5", "12.5" },
        { MR_WIRE_NUMBER, "0e99999", "0", "0" },
        { MR_WIRE_NUMBER, "0.000E+00", "0", "0" },
        { MR_WIRE_NUMBER, "120e-1", "12", "12" },
        { MR_WIRE_NUMBER, " 12 ", "12", "12" },
        { MR_WIRE_NUMBER, "  ", "", "" },
        { MR_WIRE_NUMBER, "1e999999999999", "!OUT_OF_RANGE", NULL },
        { MR_WIRE_NUMBER, "1e-300", "!OUT_OF_RANGE", NULL },
        { MR_WIRE_NUMBER, "12a", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "1.2.3", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "--1", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "-", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, ".", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "1e", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "e5", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "NaN", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER, "0x10", "!NOT_A_NUMBER", NULL },
        { MR_WIRE_NUMBER_TEXT, "37.00000000000000", "37.00000000000000", NULL },
        { MR_WIRE_NUMBER_TEXT, "99999999999999999999999999999999999999999.1",
          "99999999999999999999999999999999999999999.1", NULL },
    };

    check_rows(rows, CHECK_ROWS(rows));
}

static void
flags_guids_binary(void)
{
    static const struct row rows[] = {
        { MR_WIRE_BOOL, "true", "true", NULL },
        { MR_WIRE_BOOL, "0", "false", "false" },
        { MR_WIRE_BOOL, "1", "true", "true" },
        { MR_WIRE_BOOL, "TRUE", "!NOT_BOOL", NULL },
        { MR_WIRE_GUID, "00163e03-a070-1ee2-88be-9895233ebd27",
          "00163e03-a070-1ee2-88be-9895233ebd27", NULL },
        { MR_WIRE_GUID, "00163E03A0701EE288BE9895233EBD27",
          "00163e03-a070-1ee2-88be-9895233ebd27",
          "00163e03-a070-1ee2-88be-9895233ebd27" },
        { MR_WIRE_GUID, "00163e03-a070-1ee2-88be-9895233ebd2", "!NOT_A_GUID",
          NULL },
        { MR_WIRE_GUID, "00163e03-a0701-ee2-88be-9895233ebd27", "!NOT_A_GUID",
          NULL },
        { MR_WIRE_GUID, "x0163e03-a070-1ee2-88be-9895233ebd27", "!NOT_A_GUID",
          NULL },
        { MR_WIRE_BINARY, "TXVzdGVy", "TXVzdGVy", NULL },
        { MR_WIRE_BINARY, "TXVz\ndGVy", "TXVzdGVy", "TXVzdGVy" },
        { MR_WIRE_BINARY, "-_8", "+/8=", "+/8=" },
        { MR_WIRE_BINARY, "AA==", "AA==", NULL },
        { MR_WIRE_BINARY, "A", "!NOT_BASE64", NULL },
        { MR_WIRE_BINARY, "A=BC", "!NOT_BASE64", NULL },
        { MR_WIRE_BINARY, "A===", "!NOT_BASE64", NULL },
        { MR_WIRE_BINARY, "AA=", "!NOT_BASE64", NULL },
        { MR_WIRE_BINARY, "A*BC", "!NOT_BASE64", NULL },
        { MR_WIRE_TEXT, "  as it is ", "  as it is ", NULL },
    };

    check_rows(rows, CHECK_ROWS(rows));
}

static void
dates_and_times(void)
{
    static const struct row rows[] = {
        { MR_WIRE_DATE, "2024-02-29", "2024-02-29", NULL },
        { MR_WIRE_DATE, "2024-02-29Z", "2024-02-29", "2024-02-29" },
        { MR_WIRE_DATE, "2023-02-29", "!NOT_A_DATE", NULL },
        { MR_WIRE_DATE, "1900-02-29", "!NOT_A_DATE", NULL },
        { MR_WIRE_DATE, "2000-02-29", "2000-02-29", NULL },
        { MR_WIRE_DATE, "0000-01-01", "!NOT_A_DATE", NULL },
        { MR_WIRE_DATE, "2024-1-1", "!NOT_A_DATE", NULL },
        { MR_WIRE_DATE, "2024-13-01", "!NOT_A_DATE", NULL },
        { MR_WIRE_TIME, "13:45:00", "13:45:00", NULL },
        { MR_WIRE_TIME, "13:45", "13:45:00", "13:45:00" },
        { MR_WIRE_TIME, "13:45:00.250", "13:45:00.25", "13:45:00.25" },
        { MR_WIRE_TIME, "13:45:00.000", "13:45:00", "13:45:00" },
        { MR_WIRE_TIME, "13:45:00.12345678", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME, "24:00:00", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME, "13:60:00", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME, "13:45:60", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME_DURATION, "PT13H45M00S", "13:45:00", NULL },
        { MR_WIRE_TIME_DURATION, "PT13H", "13:00:00", "PT13H00M00S" },
        { MR_WIRE_TIME_DURATION, "PT90M", "01:30:00", "PT01H30M00S" },
        { MR_WIRE_TIME_DURATION, "PT0.5S", "00:00:00.5", "PT00H00M00.5S" },
        { MR_WIRE_TIME_DURATION, "PT24H", "!OUT_OF_RANGE", NULL },
        { MR_WIRE_TIME_DURATION, "PT", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME_DURATION, "PT5M5H", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME_DURATION, "PT5", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME_DURATION, "P1D", "!NOT_A_TIME", NULL },
        { MR_WIRE_TIME_DURATION, "PT1.5H", "!NOT_A_TIME", NULL },
        { MR_WIRE_DATETIME, "2017-04-02T00:00:00Z", "2017-04-02T00:00:00Z",
          NULL },
        { MR_WIRE_DATETIME, "2017-04-02T00:30:00+02:00",
          "2017-04-01T22:30:00Z", "2017-04-01T22:30:00Z" },
        { MR_WIRE_DATETIME, "2017-12-31T23:30:00-0100",
          "2018-01-01T00:30:00Z", "2018-01-01T00:30:00Z" },
        { MR_WIRE_DATETIME, "2015-02-03T21:07:03.5328420Z",
          "2015-02-03T21:07:03.532842Z", "2015-02-03T21:07:03.532842Z" },
        { MR_WIRE_DATETIME, "2017-04-02T00:00:00", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME, "0001-01-01T00:00:00+01:00", "!OUT_OF_RANGE",
          NULL },
        { MR_WIRE_DATETIME, "2017-04-02", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME, "2017-04-02T00:00:00ZZ", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_LOCAL, "2015-10-22T00:00:00",
          "2015-10-22T00:00:00", NULL },
        { MR_WIRE_DATETIME_LOCAL, "2015-10-22T00:00:00Z", "!NOT_A_DATETIME",
          NULL },
    };

    check_rows(rows, CHECK_ROWS(rows));
}

static void
ticks(void)
{
    static const struct row rows[] = {
        { MR_WIRE_DATETIME_TICKS, "/Date(1422997623532)/",
          "2015-02-03T21:07:03.532Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(1351534600660)/",
          "2012-10-29T18:16:40.66Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(0)/", "1970-01-01T00:00:00Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(-1)/", "1969-12-31T23:59:59.999Z",
          NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(1422997623532+0060)/",
          "2015-02-03T21:07:03.532Z", "/Date(1422997623532)/" },
        { MR_WIRE_DATETIME_TICKS, "2015-10-22T00:00:00",
          "2015-10-22T00:00:00Z", "/Date(1445472000000)/" },
        /* Unlimited, both ends, and the Gregorian start, which turns into the
         * one that Cloud for Customer has. */
        { MR_WIRE_DATETIME_TICKS, "/Date(253402214400000)/",
          "9999-12-31T00:00:00Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(-62135769600000)/",
          "0001-01-01T00:00:00Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(-62135596800000)/",
          "0001-01-01T00:00:00Z", "/Date(-62135769600000)/" },
        { MR_WIRE_DATETIME_TICKS, "/Date(-62135596799999)/",
          "0001-01-01T00:00:00.001Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(253402300799999)/",
          "9999-12-31T23:59:59.999Z", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(253402300800000)/", "!OUT_OF_RANGE",
          NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(-62135596800001)/", "!OUT_OF_RANGE",
          NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(9999999999999999999)/",
          "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date()/", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(12)", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(1-)/", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(--1)/", "!NOT_A_DATETIME", NULL },
        { MR_WIRE_DATETIME_TICKS, "/Date(1x)/", "!NOT_A_DATETIME", NULL },
    };
    struct mr_cx cx;

    check_rows(rows, CHECK_ROWS(rows));
    mr_cx_init(&cx, NULL);
    CHECK_TEXT(words(mr_wire_out(&cx, MR_WIRE_DATETIME_TICKS,
                                 mr_text("2015-02-03T21:07:03.5328Z"))),
               "!TOO_PRECISE");
    mr_cx_done(&cx);
}

static void
nothing_goes_through(void)
{
    struct mr_cx cx;
    struct mr_val failed = mr_failed(mr_text("x"), MR_WHY_NO_MATCH);

    mr_cx_init(&cx, NULL);
    for (int w = MR_WIRE_TEXT; w <= MR_WIRE_BINARY; w++) {
        enum mr_wire wire = (enum mr_wire)w;

        CHECK(mr_wire_in(&cx, wire, mr_missing()).state == MR_MISSING);
        CHECK(mr_wire_in(&cx, wire, mr_empty()).state == MR_EMPTY);
        CHECK(mr_wire_in(&cx, wire, failed).why == MR_WHY_NO_MATCH);
        CHECK(mr_wire_out(&cx, wire, mr_missing()).state == MR_MISSING);
        CHECK(mr_wire_out(&cx, wire, mr_empty()).state == MR_EMPTY);
        CHECK(mr_wire_out(&cx, wire, failed).why == MR_WHY_NO_MATCH);
    }
    mr_cx_done(&cx);
}

/* Each day that there is goes to ticks and comes back. */
static void
every_day_comes_back(void)
{
    struct mr_cx cx;
    char ticks_text[40], was[1024];

    mr_cx_init(&cx, NULL);
    for (int64_t day = -719161; day < 2932897; day += 97) {
        struct mr_val v;

        snprintf(ticks_text, sizeof ticks_text, "/Date(%lld)/",
                 (long long)day * 86400000);
        v = mr_wire_in(&cx, MR_WIRE_DATETIME_TICKS, mr_text(ticks_text));
        snprintf(was, sizeof was, "%s", words(v));
        v = mr_wire_out(&cx, MR_WIRE_DATETIME_TICKS, v);
        CHECK_THAT(strcmp(words(v), ticks_text) == 0, "%s: %s, then %s",
                   ticks_text, was, words(v));
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
}

CHECK_MAIN({ "wire numbers", numbers },
           { "wire flags, guids, binary", flags_guids_binary },
           { "wire dates and times", dates_and_times },
           { "wire ticks", ticks },
           { "wire nothing goes through", nothing_goes_through },
           { "wire every day comes back", every_day_comes_back })
