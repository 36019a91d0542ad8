/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact numbers of sales documents: whole numbers of the last digit, with the
 * count of digits behind the point beside them.
 */
#ifndef SANDBOX_SD_NUMBER_H
#define SANDBOX_SD_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Of an item, in thousandths: sums and products of it stay exact. */
#define SD_MOST_QUANTITY INT64_C(9999999999999)

/* "-5.5" with 3 digits => -5500. False for what is no number, has more digits
 * that say something behind the point, or is over 10 to the 15th. */
bool sd_number(const char *text, unsigned digits, int64_t *out);
/* -5500 with 3 digits => "-5.500". */
const char *sd_number_text(struct arena *a, int64_t value, unsigned digits);
/* a × b ÷ c, c over 0; half a digit is rounded away from zero. */
int64_t sd_number_scale(int64_t a, int64_t b, int64_t c);

#endif
