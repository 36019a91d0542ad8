/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and times as numbers and as text. The calendar is the Gregorian one,
 * also before it was introduced; years are 0001 to 9999. A moment counts
 * seconds from 1970-01-01T00:00:00, in UTC or, for local ones, on the wall
 * clock.
 */
#ifndef VALUE_DATE_H
#define VALUE_DATE_H

#include "mr/cx.h"

enum { MR_DAY = 86400, MR_FRACTION = 10000000 };

#define MR_SECONDS_MIN (-62135596800)       /* 0001-01-01T00:00:00 */
#define MR_SECONDS_MAX 253402300799         /* 9999-12-31T23:59:59 */

struct mr_moment {
    int64_t seconds;
    uint32_t fraction;          /* in 100 nanoseconds: 7 digits */
    bool zoned;                 /* false: local, without a zone */
};

struct mr_ymd {
    int year, month, day;
};

bool mr_ymd_ok(struct mr_ymd d);
int64_t mr_days_of(struct mr_ymd d);
struct mr_ymd mr_ymd_of(int64_t days);

/* n digits at p as a number; -1 where one of them is none. n <= 9. */
int mr_digits(const char *p, uint32_t n);
/* Writes value with exactly n digits. */
void mr_put_digits(char *p, uint32_t n, uint32_t value);

/* "2024-01-31", all n bytes. */
bool mr_date_read(const char *p, uint32_t n, struct mr_ymd *out);
void mr_date_put(char p[10], struct mr_ymd d);

/* "13:45", "13:45:00", "13:45:00.25" from p on: seconds of the day and the
 * fraction. Returns the bytes used, 0 where there is no time. More than 7
 * fraction digits are taken when the others are zeros. */
uint32_t mr_clock_read(const char *p, uint32_t n, uint32_t *seconds,
                       uint32_t *fraction);
/* "13:45:00" and, where the fraction is not 0, it without trailing zeros;
 * returns the bytes written, at most 16. */
uint32_t mr_clock_put(char *p, uint32_t seconds, uint32_t fraction);

/* ISO 8601, date and time with T (or one blank) between: "…Z", "…+02:00",
 * "…+0200", or without zone. Moments behind an offset are turned to UTC.
 * MR_WHY_NONE, NOT_A_DATETIME or OUT_OF_RANGE. */
enum mr_why mr_moment_read(const char *p, uint32_t n, struct mr_moment *out);
/* Canonical text; failed (OUT_OF_MEMORY). The seconds are in range. */
struct mr_val mr_moment_text(struct mr_cx *cx, struct mr_moment m);

#endif
