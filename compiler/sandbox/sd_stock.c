/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Availability: what is in stock is confirmed for the date asked for, the rest
 * for when more of it is there. Nothing is reserved.
 */
#include "sandbox/sd_stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *
date_of(struct arena *a, time_t when)
{
    struct tm tm;

    gmtime_r(&when, &tm);
    return arena_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900,
                        tm.tm_mon + 1, tm.tm_mday);
}

const char *
sd_today(struct arena *a)
{
    return date_of(a, time(NULL));
}

const char *
sd_date_add(struct arena *a, const char *date, unsigned days)
{
    struct tm tm = { .tm_hour = 12 };

    tm.tm_year = atoi(date) - 1900;
    tm.tm_mon = atoi(date + 5) - 1;
    tm.tm_mday = atoi(date + 8) + (int)days;
    return date_of(a, timegm(&tm));
}

struct sd_confirmed
sd_confirm(struct arena *a, const char *material, const char *plant,
           int64_t quantity, const char *date)
{
    struct sd_confirmed c = { .first = sd_stock(material, plant) };

    if (c.first > quantity)
        c.first = quantity;
    c.later = quantity - c.first;
    if (c.later > 0)
        c.date = sd_date_add(a, date, sd_lead_days(material));
    return c;
}
