/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard conversions and the operators of expressions. Every function is
 * total: missing and empty go through (unless it says otherwise), a failed
 * operand comes out as it is, a value outside the domain comes out failed with
 * the operand as it was. Results borrow from the operand, from constant text
 * or from the document's arena. `_right` is the way from the left system to
 * the right one, `_left` the way back.
 */
#ifndef MR_CONV_H
#define MR_CONV_H

#include "mr/cx.h"

/* --- operators --- */
struct mr_val mr_concat(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_add(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_sub(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_mul(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_div(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_negate(struct mr_cx *cx, struct mr_val a);
/* Comparisons give "true" or "false". As text (code points; nothing is ""),
 * as numbers (nothing compares false, also with <>). Dates and times compare
 * as text. */
struct mr_val mr_text_eq(struct mr_val a, struct mr_val b);
struct mr_val mr_text_ne(struct mr_val a, struct mr_val b);
struct mr_val mr_text_lt(struct mr_val a, struct mr_val b);
struct mr_val mr_text_le(struct mr_val a, struct mr_val b);
struct mr_val mr_number_eq(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_number_ne(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_number_lt(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_number_le(struct mr_cx *cx, struct mr_val a, struct mr_val b);
struct mr_val mr_and(struct mr_val a, struct mr_val b);
struct mr_val mr_or(struct mr_val a, struct mr_val b);
struct mr_val mr_not(struct mr_val a);
struct mr_val mr_is_empty(struct mr_val a);      /* empty or missing */
struct mr_val mr_is_missing(struct mr_val a);
/* A failed condition comes out; the branch not taken may have failed. */
struct mr_val mr_choose(struct mr_val cond, struct mr_val yes, struct mr_val no);

/* --- conversions: one block each, in the order of stdlib/native.def --- */

#endif
