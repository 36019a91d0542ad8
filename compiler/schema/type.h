/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What values a field, an expression or a conversion can have. Lengths are in
 * characters (Unicode code points) unless they say bytes.
 */
#ifndef SCHEMA_TYPE_H
#define SCHEMA_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"

enum type_kind {
    TYPE_ERROR,         /* after a mistake; fits everything, silently */
    TYPE_TEXT,
    TYPE_BOOL,
    TYPE_NUMBER,        /* exact decimal; integers have scale 0 */
    TYPE_DATE,          /* 2024-01-31 */
    TYPE_TIME,          /* 13:45:00 */
    TYPE_DATETIME,      /* 2024-01-31T13:45:00Z, up to 7 fraction digits */
    TYPE_GUID,          /* 00163e03-a070-1ee2-88be-9895233ebd27 */
    TYPE_BINARY         /* base64 text */
};

enum { UNBOUNDED = 0 };

struct type {
    enum type_kind kind;
    bool nullable;              /* may be empty */
    uint32_t min_chars;         /* TEXT: shortest non-empty value */
    uint32_t max_chars;         /* TEXT: UNBOUNDED or the longest value */
    uint32_t max_bytes;         /* TEXT: a further limit in bytes, or 0 */
    uint16_t precision;         /* NUMBER: all digits; 0 is unbounded */
    uint16_t scale;             /* NUMBER: digits behind the point */
    bool any_scale;             /* NUMBER: digits behind the point not limited */
    bool has_range;             /* NUMBER: low..high hold (integers) */
    int64_t low, high;
    bool digits_only;           /* TEXT: only 0-9 (a NUMC, a pattern) */
    bool local;                 /* DATETIME: without a time zone */
    bool milliseconds;          /* DATETIME: nothing finer */
    VEC(const char *) values;   /* TEXT: the closed set of values; n 0: open */
};

/* "text, at most 40 characters", "number with 28 digits, 6 of them behind the
 * point", "one of 3 values". */
void type_describe(const struct type *t, struct buf *out);
/* The language's word: "text", "number", "bool", "datetime". */
const char *type_word(enum type_kind kind);

#endif
