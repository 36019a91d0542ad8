/* SPDX-License-Identifier: Apache-2.0 */
/* One value that a client sends: does the field take it, and how is it kept? */
#ifndef SANDBOX_VALUE_H
#define SANDBOX_VALUE_H

#include <jansson.h>

#include "sandbox/doc.h"

/* The value in the form that is kept; slot->at NULL where it is empty. NULL,
 * or what is wrong with it, without the field's name. */
const char *value_take(struct arena *a, const struct member *m,
                       const json_t *value, struct slot *slot);

/* Milliseconds since 1970 of "/Date(1)/", "2024-01-31T10:00:00.123Z" or
 * "2024-01-31T10:00:00" (UTC, too). */
bool value_ticks(const char *text, size_t n, int64_t *ms);
/* "\/Date(1)\/", quoted. */
struct slot value_date(struct arena *a, int64_t ms);
/* Of a kept date. */
bool value_ms(struct slot s, int64_t *ms);

size_t value_characters(const char *text, size_t n);

#endif
