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

#include "mr/num.h"

/* --- operators --- */
struct mr_val mr_concat(struct mr_cx *cx, struct mr_val a, struct mr_val b);
/* Comparisons give "true" or "false": as text, by code points; nothing is "".
 * Dates compare as text, numbers see mr/num.h. */
struct mr_val mr_text_eq(struct mr_val a, struct mr_val b);
struct mr_val mr_text_ne(struct mr_val a, struct mr_val b);
struct mr_val mr_text_lt(struct mr_val a, struct mr_val b);
struct mr_val mr_text_le(struct mr_val a, struct mr_val b);
/* Times and dates with time: decimals of a second that are left out are zero. */
struct mr_val mr_moment_eq(struct mr_val a, struct mr_val b);
struct mr_val mr_moment_ne(struct mr_val a, struct mr_val b);
struct mr_val mr_moment_lt(struct mr_val a, struct mr_val b);
struct mr_val mr_moment_le(struct mr_val a, struct mr_val b);
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

/* Filled up to n characters on the right with `with` (one character; NULL: a
 * blank); back: without any of them at the end. TOO_LONG. */
struct mr_val mr_pad_right(struct mr_cx *cx, struct mr_val v, uint32_t n,
                           const char *with);
struct mr_val mr_pad_left(struct mr_cx *cx, struct mr_val v, uint32_t n,
                          const char *with);

/* No blanks at the ends, one where there were several. */
struct mr_val mr_condense(struct mr_cx *cx, struct mr_val v);
/* Each `from` becomes `to`, from left to right. */
struct mr_val mr_replace(struct mr_cx *cx, struct mr_val v, const char *from,
                         const char *to);
/* The number of characters; 0 for empty. */
struct mr_val mr_length(struct mr_cx *cx, struct mr_val v);
/* true or false; nothing holds nothing. */
struct mr_val mr_contains(struct mr_cx *cx, struct mr_val v, const char *text);
struct mr_val mr_starts_with(struct mr_cx *cx, struct mr_val v,
                             const char *text);
struct mr_val mr_ends_with(struct mr_cx *cx, struct mr_val v,
                           const char *text);
/* The first that is here or failed, else the first that is empty. Parameters
 * left out are missing. */
struct mr_val mr_coalesce(struct mr_cx *cx, struct mr_val v, struct mr_val b,
                          struct mr_val c, struct mr_val d);

/* Patterns of PCRE2 with bounded effort: giving up is NO_MATCH. matches: is
 * the whole text like this? extract: the first group, or all that matched
 * where there is none; NO_MATCH. */
struct mr_val mr_matches(struct mr_cx *cx, struct mr_val v,
                         const char *pattern);
struct mr_val mr_extract(struct mr_cx *cx, struct mr_val v,
                         const char *pattern);

/* A GUID as 32 digits in upper case; back from either form. NOT_A_GUID. */
struct mr_val mr_guid_right(struct mr_cx *cx, struct mr_val v);
struct mr_val mr_guid_left(struct mr_cx *cx, struct mr_val v);

/* A number as text in a form: a sample such as "-1", "1-" (minus behind),
 * "-1,5" (decimal comma), "1,5-"; NULL: "-1". Back: either place of the
 * minus, a plus, an exponent, blanks around; blanks alone are empty.
 * NOT_A_NUMBER, OUT_OF_RANGE. */
struct mr_val mr_number_text_right(struct mr_cx *cx, struct mr_val v,
                                   const char *form);
struct mr_val mr_number_text_left(struct mr_cx *cx, struct mr_val v,
                                  const char *form);
/* The same turned round. */
struct mr_val mr_number_right(struct mr_cx *cx, struct mr_val v,
                              const char *form);
struct mr_val mr_number_left(struct mr_cx *cx, struct mr_val v,
                             const char *form);

/* Exactly n decimals; TOO_PRECISE where digits other than 0 would be lost. */
struct mr_val mr_scale(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_quantity(struct mr_cx *cx, struct mr_val v, uint32_t n);
/* At most n decimals, half away from zero. */
struct mr_val mr_round(struct mr_cx *cx, struct mr_val v, uint32_t n);
/* Digits without a point, of which the last n are decimals; back: the number.
 * TOO_PRECISE, NOT_DIGITS; negative numbers are OUT_OF_RANGE. */
struct mr_val mr_implied_right(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_implied_left(struct mr_cx *cx, struct mr_val v, uint32_t n);
struct mr_val mr_abs(struct mr_cx *cx, struct mr_val v);
/* Nothing does not take part. */
struct mr_val mr_least(struct mr_cx *cx, struct mr_val v, struct mr_val b);
struct mr_val mr_greatest(struct mr_cx *cx, struct mr_val v, struct mr_val b);

/* The decimals of the currency (ISO 4217), TOO_PRECISE; UNKNOWN_CURRENCY. */
struct mr_val mr_money(struct mr_cx *cx, struct mr_val v,
                       struct mr_val currency);
/* To the two decimals that SAP stores amounts with whatever the currency: 1000
 * JPY is 10.00 there, 1.234 KWD is 12.34. */
struct mr_val mr_sap_amount_right(struct mr_cx *cx, struct mr_val v,
                                  struct mr_val currency);
struct mr_val mr_sap_amount_left(struct mr_cx *cx, struct mr_val v,
                                 struct mr_val currency);

/* A time of day in a form of hh, mm, ss; mm behind hh. Back: blanks are empty.
 * TOO_PRECISE where the form has no room; NOT_A_TIME. */
struct mr_val mr_time_right(struct mr_cx *cx, struct mr_val v,
                            const char *form);
struct mr_val mr_time_left(struct mr_cx *cx, struct mr_val v,
                           const char *form);
/* A moment in a form of yyyy, mm, dd, hh, mm, ss, on the clocks of a zone
 * (NULL: UTC). Back: blanks and zeros are empty. NOT_A_DATETIME, NO_SUCH_TIME,
 * TOO_PRECISE, OUT_OF_RANGE, UNKNOWN_ZONE. */
struct mr_val mr_datetime_right(struct mr_cx *cx, struct mr_val v,
                                const char *form, const char *zone);
struct mr_val mr_datetime_left(struct mr_cx *cx, struct mr_val v,
                               const char *form, const char *zone);
/* The day of a moment on the clocks of a zone (NULL: UTC); back: the midnight
 * with which it starts. The unlimited dates 0001-01-01 and 9999-12-31 are the
 * same in all zones. */
struct mr_val mr_date_of_right(struct mr_cx *cx, struct mr_val v,
                               const char *zone);
struct mr_val mr_date_of_left(struct mr_cx *cx, struct mr_val v,
                              const char *zone);
/* The time of day of a moment on the clocks of a zone (NULL: UTC). */
struct mr_val mr_time_of(struct mr_cx *cx, struct mr_val v, const char *zone);
/* A moment as date and time on the clocks of a zone; back: NO_SUCH_TIME where
 * clocks were put forward over it or show it twice. */
struct mr_val mr_zone_right(struct mr_cx *cx, struct mr_val v,
                            const char *zone);
struct mr_val mr_zone_left(struct mr_cx *cx, struct mr_val v,
                           const char *zone);
/* An ISO 8601 duration of days and less as a number of days, hours, minutes or
 * seconds ("d", "h", "m", "s"); back: "PT1H30M". NO_MATCH, TOO_PRECISE. */
struct mr_val mr_duration_right(struct mr_cx *cx, struct mr_val v,
                                const char *unit);
struct mr_val mr_duration_left(struct mr_cx *cx, struct mr_val v,
                               const char *unit);

/* "+" and digits, as E.164 has it; the country (ISO alpha-2) says what a
 * number without + or 00 means. NO_MATCH, TOO_LONG, TOO_SHORT,
 * UNKNOWN_COUNTRY. */
struct mr_val mr_phone(struct mr_cx *cx, struct mr_val v,
                       struct mr_val country);
/* The form that postal codes of the country (ISO alpha-2) have; trimmed only
 * where the country is not known here, or nothing. NO_MATCH. */
struct mr_val mr_postal_code(struct mr_cx *cx, struct mr_val v,
                             struct mr_val country);

#endif
