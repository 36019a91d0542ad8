/* SPDX-License-Identifier: Apache-2.0 */
/* Between the wire form of a value (unescaped text, without quotes) and its
 * canonical form. Missing, empty and failed values go through. */
#ifndef VALUE_WIRE_H
#define VALUE_WIRE_H

#include "mr/shape.h"

enum { MR_NUMBER_MAX = 200 };       /* bytes of a number in canonical form */

/* Wire text to canonical; MR_FAILED (NOT_A_DATE, …) where it is none. Text
 * comes out as it is; numbers are checked and normalised: exponents resolved,
 * no plus, no leading zeros, trailing zeros behind the point kept where there
 * was no exponent. */
struct mr_val mr_wire_in(struct mr_cx *cx, enum mr_wire wire, struct mr_val v);

/* Can the wire text of a value be another one than the canonical one? */
static inline bool
mr_wire_changes(enum mr_wire wire)
{
    const unsigned changes =
        1u << MR_WIRE_TIME_DURATION | 1u << MR_WIRE_DATETIME |
        1u << MR_WIRE_DATETIME_LOCAL | 1u << MR_WIRE_DATETIME_TICKS;

    return (changes >> wire & 1) != 0;
}

/* Canonical to wire text. */
struct mr_val mr_wire_out(struct mr_cx *cx, enum mr_wire wire, struct mr_val v);

#endif
