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

/* Without blanks (space, tab, line ends) at both ends. */
struct mr_val mr_trim(struct mr_cx *cx, struct mr_val v);

/* Letters of Latin, Greek, Cyrillic and Armenian script, one for one: a sharp
 * s stays as it is. Never longer in bytes. */
struct mr_val mr_upper(struct mr_cx *cx, struct mr_val v);
struct mr_val mr_lower(struct mr_cx *cx, struct mr_val v);

/* Digits get zeros in front up to n, and lose them on the way back (one digit
 * stays). Other text is unchanged. TOO_LONG above n characters. */
struct mr_val mr_alpha_right(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_alpha_left(struct mr_cx *cx, struct mr_val v, uint32_t n);

/* Exactly n digits to the right; zeros in front go on the way back, and zeros
 * alone are empty. NOT_DIGITS, TOO_LONG. */
struct mr_val mr_numc_right(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_numc_left(struct mr_cx *cx, struct mr_val v, uint32_t n);

/* The text in front is added, and taken away on the way back (NO_MATCH). */
struct mr_val mr_prefix_right(struct mr_cx *cx, struct mr_val v,
                              const char *text);
struct mr_val mr_prefix_left(struct mr_cx *cx, struct mr_val v,
                             const char *text);

/* The first, the last n characters; n of them from the `from`-th (from 1; n 0:
 * all that follow). */
struct mr_val mr_left(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_right(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_substring(struct mr_cx *cx, struct mr_val v, uint32_t from,
                           uint32_t n);

/* The value itself; TOO_LONG above n characters. */
struct mr_val mr_max(struct mr_cx *cx, struct mr_val v, uint32_t n);

/* Text over `count` parts of at most n characters, cut at single blanks as far
 * as it then still fits, else after n characters. A part shorter than n goes
 * back with a blank behind it, one of n characters without, so every text
 * comes back the same. A text that does not fit, or failed, fails each part
 * (TOO_LONG); parts that nothing is left for are empty. */
void mr_split_right(struct mr_cx *cx, struct mr_val v, uint32_t n,
                    struct mr_val *parts, uint32_t count);
struct mr_val mr_split_left(struct mr_cx *cx, const struct mr_val *parts,
                            uint32_t count, uint32_t n);

/* Parts that are here with `between` between them. Back: cut at the last
 * occurrences of it, so that the first part may hold some itself; parts that
 * nothing is left for are empty. */
struct mr_val mr_join_right(struct mr_cx *cx, const struct mr_val *parts,
                            uint32_t count, const char *between);
void mr_join_left(struct mr_cx *cx, struct mr_val v, const char *between,
                  struct mr_val *parts, uint32_t count);

/* A date in a form of yyyy, mm, dd and other characters, each part once. Back:
 * NOT_A_DATE; blanks, zeros in place of all digits, and `initial` are empty.
 * An empty date is written as `initial`, or stays empty where that is NULL. */
struct mr_val mr_date_right(struct mr_cx *cx, struct mr_val v,
                            const char *form, const char *initial);
struct mr_val mr_date_left(struct mr_cx *cx, struct mr_val v,
                           const char *form, const char *initial);

/* true and false as two texts; `off` NULL or "": false is empty, and empty is
 * false on the way back. NOT_BOOL, NO_MATCH. */
struct mr_val mr_flag_right(struct mr_cx *cx, struct mr_val v, const char *on,
                            const char *off);
struct mr_val mr_flag_left(struct mr_cx *cx, struct mr_val v, const char *on,
                           const char *off);

#endif
