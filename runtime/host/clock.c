/* SPDX-License-Identifier: Apache-2.0 */
/* The time: the only place where the program asks for it. */
#include "host/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
micros(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
host_now(void)
{
    return micros(CLOCK_REALTIME);
}

int64_t
host_ticks(void)
{
    return micros(CLOCK_MONOTONIC);
}

int64_t
host_steady(void)
{
    static int64_t last, at;
    int64_t now = host_now(), ticks = host_ticks();

    if (last != 0 && now < last + (ticks - at))
        now = last + (ticks - at);
    last = now;
    at = ticks;
    return now;
}

const char *
host_time_text(int64_t at, char text[32])
{
    time_t seconds = (time_t)(at / 1000000);
    struct tm tm;
    size_t n;

    if (at == 0 || gmtime_r(&seconds, &tm) == NULL)
        return "";
    n = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + n, 32 - n, ".%03dZ", (int)(at / 1000 % 1000));
    return text;
}
