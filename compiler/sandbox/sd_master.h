/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sandbox's ERP knows about customers and materials. Every number has
 * something: it is made of the number itself, so that it is the same each time.
 * Leading zeros do not count. Some beginnings mean something:
 *
 *   999…   is not there
 *   998…   a material is blocked; a customer has used up the credit
 */
#ifndef SANDBOX_SD_MASTER_H
#define SANDBOX_SD_MASTER_H

#include <stdbool.h>
#include <stdint.h>

bool sd_is_missing(const char *number);
bool sd_is_blocked(const char *number);

/* Amounts in the smallest unit of the currency. */
int64_t sd_base_price(const char *material);
/* Thousandths of a percent. */
int64_t sd_customer_discount(const char *customer);
int64_t sd_surcharge(const char *material);

/* Does the material have free goods, one for each ten? */
bool sd_has_free_goods(const char *material);
/* Thousandths of a unit. */
int64_t sd_stock(const char *material, const char *plant);
/* Until more of it is there. */
unsigned sd_lead_days(const char *material);

int64_t sd_credit_limit(const char *customer);
int64_t sd_open_items(const char *customer);

/* Digits behind the point of a currency: EUR 2, JPY 0, KWD 3. */
unsigned sd_currency_digits(const char *currency);

#endif
