/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar against a count of days, time zones against the C library's,
 * and zone files that are broken.
 */
#include "check.h"

#include <stdlib.h>
#include <time.h>

#include "conv/zone.h"
#include "value/date.h"

static void
calendar_counts_days(void)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };
    int64_t day = MR_SECONDS_MIN / MR_DAY;
    struct mr_ymd d;

    for (d.year = 1; d.year <= 9999; d.year++) {
        bool leap = (d.year % 4 == 0 && d.year % 100 != 0) ||
                    d.year % 400 == 0;

        for (d.month = 1; d.month <= 12; d.month++) {
            int n = lengths[d.month - 1] + (d.month == 2 && leap);
            struct mr_ymd back = mr_ymd_of(day);

            d.day = 1;
            CHECK_NUMBER(mr_days_of(d), day);
            CHECK(back.year == d.year && back.month == d.month &&
                  back.day == 1);
            d.day = n;
            CHECK(mr_ymd_ok(d));
            back = mr_ymd_of(day + n - 1);
            CHECK(back.month == d.month && back.day == n);
            d.day = n + 1;
            CHECK(!mr_ymd_ok(d));
            day += n;
        }
    }
    CHECK_NUMBER(day * MR_DAY - 1, MR_SECONDS_MAX);
}

static void
zones_agree_with_libc(void)
{
    static const char *const names[] = {
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
        "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Tokyo",
        "Pacific/Apia", "Europe/Dublin", "UTC"
    };

    for (size_t i = 0; i < CHECK_ROWS(names); i++) {
        struct mr_cx cx;
        const struct mr_zone *zone;

        mr_cx_init(&cx, NULL);
        zone = mr_zone_find(&cx, names[i]);
        CHECK_THAT(zone != NULL, "%s is not there", names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        /* 1900 to 2200, odd steps of about nine days. */
        for (int64_t t = -2208988800; zone != NULL && t < 7258118400;
             t += 777777) {
            time_t seconds = (time_t)t;
            struct tm tm;

            REQUIRE(localtime_r(&seconds, &tm) != NULL);
            CHECK_THAT(mr_zone_offset(zone, t) == tm.tm_gmtoff,
                       "%s at %lld: %d, not %ld", names[i], (long long)t,
                       (int)mr_zone_offset(zone, t), tm.tm_gmtoff);
        }
        CHECK(mr_zone_find(&cx, names[i]) == zone);
        mr_cx_done(&cx);
    }
    unsetenv("TZ");
    tzset();
}

/* Every local time that exists once comes back; the others are refused. */
static void
local_times_come_back(void)
{
    const struct mr_zone *zone;
    struct mr_cx cx;
    int64_t utc, spring = 1711846800, autumn = 1729990800;  /* 01:00 UTC */

    mr_cx_init(&cx, NULL);
    zone = mr_zone_find(&cx, "Europe/Berlin");
    REQUIRE(zone != NULL);
    for (int64_t t = 0; t < 4102444800; t += 54321) {
        int64_t local = t + mr_zone_offset(zone, t);

        if (mr_zone_utc(zone, local, &utc))
            CHECK_NUMBER(utc, t);
    }
    CHECK(mr_zone_utc(zone, spring + 3599, &utc) && utc == spring - 1);
    CHECK(!mr_zone_utc(zone, spring + 3600, &utc));
    CHECK(!mr_zone_utc(zone, spring + 7199, &utc));
    CHECK(mr_zone_utc(zone, spring + 7200, &utc) && utc == spring);
    CHECK(mr_zone_utc(zone, autumn + 3599, &utc) && utc == autumn - 3601);
    CHECK(!mr_zone_utc(zone, autumn + 3600, &utc));
    CHECK(!mr_zone_utc(zone, autumn + 7199, &utc));
    CHECK(mr_zone_utc(zone, autumn + 7200, &utc) && utc == autumn + 3600);
    mr_cx_done(&cx);
}

static void
zone_names_stay_in_the_folder(void)
{
    static const char *const bad[] = {
        "", "/etc/passwd", "../../../etc/passwd", "Europe/../Europe/Berlin",
        "Europe", "No/Where", "tzdata.zi", "Europe/Berlin\n"
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(bad); i++)
        CHECK_THAT(mr_zone_find(&cx, bad[i]) == NULL, "row %zu", i);
    CHECK(cx.error.status == MR_OK);
    mr_cx_done(&cx);
}

/* A whole file, then cut anywhere, then with each byte changed: refused or
 * read, never worse. */
static void
broken_zone_files(void)
{
    static char bytes[64 * 1024], copy[64 * 1024];
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    size_t n;

    REQUIRE(f != NULL);
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    REQUIRE(n > 500 && n < sizeof bytes);
    for (size_t i = 0; i <= n + 256 * 2; i++) {
        struct mr_cx cx;
        const struct mr_zone *zone;
        size_t size = i < n ? i : n;

        /* Only what is in the file can be read: the copy is its own block. */
        char *own = malloc(size + 1);
        REQUIRE(own != NULL);
        memcpy(copy, bytes, n);
        if (i > n)
            copy[(i - n) * 7 % n] ^= (char)(1 << i % 8);
        memcpy(own, copy, size);
        mr_cx_init(&cx, NULL);
        zone = mr_zone_parse(&cx, "test", own, size);
        if (i < n - 1)
            CHECK_THAT(zone == NULL, "cut after %zu of %zu bytes", i, n);
        if (i == n)
            CHECK(zone != NULL);
        if (zone != NULL) {
            int64_t utc;

            mr_zone_offset(zone, 4000000000);
            mr_zone_offset(zone, -4000000000);
            mr_zone_utc(zone, 1000000000, &utc);
        }
        mr_cx_done(&cx);
        free(own);
    }
}

CHECK_MAIN({ "date calendar counts days", calendar_counts_days },
           { "date zones agree with libc", zones_agree_with_libc },
           { "date local times come back", local_times_come_back },
           { "date zone names stay in the folder",
             zone_names_stay_in_the_folder },
           { "date broken zone files", broken_zone_files })
