/* SPDX-License-Identifier: Apache-2.0 */
/* When will how much of a material be there? */
#ifndef SANDBOX_SD_STOCK_H
#define SANDBOX_SD_STOCK_H

#include "base/arena.h"
#include "sandbox/sd_master.h"

/* Quantities in thousandths. */
struct sd_confirmed {
    int64_t first, later;       /* on the date asked for; afterwards */
    const char *date;           /* of the later one; NULL where there is none */
};

struct sd_confirmed sd_confirm(struct arena *a, const char *material,
                               const char *plant, int64_t quantity,
                               const char *date);
/* 2024-02-28 and 2 days => 2024-03-01. */
const char *sd_date_add(struct arena *a, const char *date, unsigned days);
const char *sd_today(struct arena *a);

#endif
