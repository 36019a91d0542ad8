/* SPDX-License-Identifier: Apache-2.0 */
/* Prices of the sandbox against sums made by hand. */
#include "check.h"

#include "sandbox/sd_master.h"
#include "sandbox/sd_number.h"
#include "sandbox/sd_price.h"
#include "sandbox/sd_stock.h"

static void
numbers_are_exact(void)
{
    struct arena *a = arena_new();
    int64_t n = 0;

    CHECK(sd_number("-5.5", 3, &n));
    CHECK_NUMBER(n, -5500);
    CHECK(sd_number("0000000005500", 0, &n));
    CHECK_NUMBER(n, 5500);
    CHECK(sd_number("1.250000", 2, &n));
    CHECK_NUMBER(n, 125);
    CHECK(!sd_number("1.255", 2, &n));
    CHECK(!sd_number("1.2.3", 2, &n));
    CHECK(!sd_number("12a", 2, &n));
    CHECK(!sd_number("-", 2, &n));
    CHECK(!sd_number("", 2, &n));
    CHECK(sd_number("999999999999999", 0, &n));
    CHECK(!sd_number("1000000000000000", 0, &n));
    CHECK(!sd_number("99999999999999", 2, &n));
    CHECK_TEXT(sd_number_text(a, -5, 2), "-0.05");
    CHECK_TEXT(sd_number_text(a, 110000, 3), "110.000");
    CHECK_TEXT(sd_number_text(a, 42, 0), "42");
    CHECK_TEXT(sd_number_text(a, INT64_MIN, 0), "-9223372036854775808");
    arena_free(a);
}

static void
halves_go_away_from_zero(void)
{
    CHECK_NUMBER(sd_number_scale(1, 1, 2), 1);
    CHECK_NUMBER(sd_number_scale(-1, 1, 2), -1);
    CHECK_NUMBER(sd_number_scale(49, 1, 100), 0);
    CHECK_NUMBER(sd_number_scale(-149, 1, 100), -1);
    CHECK_NUMBER(sd_number_scale(1, 2, 3), 1);
    CHECK_NUMBER(sd_number_scale(9999999999999, 99999, 1000),
                 999989999999900);
}

static int64_t
value_of(const struct sd_price *p, const char *type)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->conditions[i].type, type) == 0)
            return p->conditions[i].value;
    return INT64_MIN;
}

/* 5.5 pieces at 19.99. */
static const struct sd_rates all = {
    .base = 1999, .freight = 50, .customer = 7000, .request = 2500,
    .surcharge = 2500, .tax = 19000, .manual = true
};

static void
each_step_is_rounded(void)
{
    struct sd_price p;

    sd_price(&all, 5500, &p);
    CHECK_NUMBER((long long)p.n, 6);
    CHECK_NUMBER(value_of(&p, "PR00"), 10995);  /* 109.945 */
    CHECK_NUMBER(value_of(&p, "K007"), -770);   /* 7 % of 109.95: 7.6965 */
    CHECK_NUMBER(value_of(&p, "RA00"), -256);   /* 2.5 % of 102.25: 2.55625 */
    CHECK_NUMBER(value_of(&p, "ZU01"), 249);    /* 2.5 % of 99.69: 2.49225 */
    CHECK_NUMBER(value_of(&p, "KF00"), 275);    /* 5.5 times 0.50 */
    CHECK_NUMBER(p.net, 10493);
    CHECK_NUMBER(value_of(&p, "MWST"), 1994);   /* 19 % of 104.93: 19.9367 */
    CHECK_NUMBER(p.tax, 1994);
}

static void
what_is_not_there_has_no_line(void)
{
    struct sd_rates r = { .base = 100, .tax = 19000 };
    struct sd_price p;

    sd_price(&r, 1000, &p);
    CHECK_NUMBER((long long)p.n, 2);
    CHECK_NUMBER(p.net, 100);
    CHECK_NUMBER(p.tax, 19);
    r.manual = true;            /* a discount of nothing is one that was given */
    sd_price(&r, 1000, &p);
    CHECK_NUMBER((long long)p.n, 3);
    CHECK(p.conditions[1].manual);
    CHECK_NUMBER(p.net, 100);
}

static void
free_goods_cost_nothing(void)
{
    struct sd_rates r = all;
    struct sd_price p;

    r.free = true;
    sd_price(&r, 5500, &p);
    CHECK_NUMBER(value_of(&p, "PR00"), 10995);
    CHECK_NUMBER(value_of(&p, "R100"), -10995);
    CHECK_NUMBER(value_of(&p, "KF00"), INT64_MIN);
    CHECK_NUMBER(p.net, 0);
    CHECK_NUMBER(p.tax, 0);
}

static void
the_largest_order_fits(void)
{
    struct sd_rates r = all;
    struct sd_price p;

    r.base = 49999;
    r.manual = false;
    sd_price(&r, 9999999999999, &p);
    CHECK_NUMBER(value_of(&p, "PR00"), 499989999999950);
    CHECK(p.net > 0 && p.net < 1000000000000000);
}

static void
zeros_in_front_do_not_count(void)
{
    CHECK_NUMBER(sd_base_price("000000000000004711"), sd_base_price("4711"));
    CHECK_NUMBER(sd_stock("0042", "1000"), sd_stock("42", "1000"));
    CHECK(sd_base_price("4711") != sd_base_price("4712"));
    CHECK(sd_is_missing("0000999001") && sd_is_missing("000"));
    CHECK(sd_is_blocked("0000998001") && !sd_is_blocked("9978"));
    CHECK(!sd_is_missing("4711"));
}

static void
currencies_have_digits(void)
{
    CHECK_NUMBER(sd_currency_digits("EUR"), 2);
    CHECK_NUMBER(sd_currency_digits("JPY"), 0);
    CHECK_NUMBER(sd_currency_digits("KWD"), 3);
    CHECK_NUMBER(sd_currency_digits("PY "), 2);
}

static void
the_rest_comes_later(void)
{
    struct arena *a = arena_new();
    int64_t stock = sd_stock("4713", "1000");
    struct sd_confirmed c = sd_confirm(a, "4713", "1000", stock + 500,
                                       "2024-01-31");

    CHECK_NUMBER(c.first, stock);
    CHECK_NUMBER(c.later, 500);
    CHECK_TEXT(c.date, sd_date_add(a, "2024-01-31", sd_lead_days("4713")));
    c = sd_confirm(a, "4713", "1000", stock, "2024-01-31");
    CHECK_NUMBER(c.first, stock);
    CHECK(c.date == NULL);
    CHECK_TEXT(sd_date_add(a, "2024-02-28", 2), "2024-03-01");
    CHECK_TEXT(sd_date_add(a, "2023-12-30", 3), "2024-01-02");
    CHECK_TEXT(sd_date_add(a, "2024-03-30", 1), "2024-03-31");
    arena_free(a);
}

CHECK_MAIN({"numbers are exact", numbers_are_exact},
           {"halves go away from zero", halves_go_away_from_zero},
           {"each step is rounded", each_step_is_rounded},
           {"what is not there has no line", what_is_not_there_has_no_line},
           {"free goods cost nothing", free_goods_cost_nothing},
           {"the largest order fits", the_largest_order_fits},
           {"zeros in front do not count", zeros_in_front_do_not_count},
           {"currencies have digits", currencies_have_digits},
           {"the rest comes later", the_rest_comes_later})
