/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones from the system's tz database (/usr/share/zoneinfo, TZif files),
 * read once a context. A zone is its transitions and, for the time behind the
 * last one, the rule at the end of the file.
 */
#ifndef CONV_ZONE_H
#define CONV_ZONE_H

#include "mr/cx.h"

struct mr_zone;

/* NULL: not known here, or memory ran out. NULL and "UTC" are no zone to look
 * up: callers treat them as offset 0. */
const struct mr_zone *mr_zone_find(struct mr_cx *cx, const char *name);

/* Seconds to add to UTC for the clocks of the zone at this moment. */
int32_t mr_zone_offset(const struct mr_zone *zone, int64_t utc);

/* The one moment at which the clocks show this; false where there is none or
 * there are two. */
bool mr_zone_utc(const struct mr_zone *zone, int64_t local, int64_t *utc);

/* For tests: from the bytes of a TZif file. */
const struct mr_zone *mr_zone_parse(struct mr_cx *cx, const char *name,
                                    const char *p, size_t n);

#endif
