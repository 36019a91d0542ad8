/* SPDX-License-Identifier: Apache-2.0 */
/* The time. */
#ifndef HOST_CLOCK_H
#define HOST_CLOCK_H

#include <stdint.h>

int64_t host_now(void);         /* microseconds since 1970 UTC */
int64_t host_ticks(void);       /* microseconds that only go forward */
/* As host_now, but never back: what waits for a time would wait longer. Of one
 * thread only. */
int64_t host_steady(void);
/* "2026-01-31T12:00:00.000Z"; "" for 0. */
const char *host_time_text(int64_t at, char text[32]);

#endif
