/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pricing procedure of the sandbox's ERP:
 *
 *   010 PR00  price for a unit
 *   100 K007  discount of the customer, percent of 010
 *   110 RA00  discount from the request, percent of what is left so far
 *   120 R100  free goods: minus 100 percent of what is left so far
 *   200 ZU01  surcharge, percent of what is left so far
 *   800 KF00  freight for a unit
 *             net value
 *   915 MWST  tax, percent of the net value
 *
 * Each value is rounded to the smallest unit of the currency.
 */
#ifndef SANDBOX_SD_PRICE_H
#define SANDBOX_SD_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SD_MOST_CONDITIONS = 7 };

/* Percents in thousandths, amounts in the currency's smallest unit. */
struct sd_rates {
    int64_t base, freight;
    int64_t customer, request, surcharge, tax;
    bool manual;                /* `request` was given, may be 0 */
    bool free;
};

struct sd_condition {
    unsigned step;
    const char *type;
    char class;                 /* B price, A discount or surcharge, D tax */
    bool percent;
    bool manual;
    int64_t rate, value;
};

struct sd_price {
    struct sd_condition conditions[SD_MOST_CONDITIONS];
    size_t n;
    int64_t net, tax;
};

/* Those of these numbers, without a discount of the request. */
struct sd_rates sd_rates(const char *customer, const char *material,
                         int64_t quantity);
/* Of a quantity in thousandths. */
void sd_price(const struct sd_rates *rates, int64_t quantity,
              struct sd_price *out);

#endif
