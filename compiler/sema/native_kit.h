/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the result functions of the standard library share.
 */
#ifndef SEMA_NATIVE_KIT_H
#define SEMA_NATIVE_KIT_H

#include "sema/native.h"

/* One for each group of rows in native.def. */
#define N(name)                                                               \
    void name(struct arena *a, const struct native_use *use,                  \
              struct native_result *out)
N(result_trim);
N(result_case);
N(result_pad);
N(result_alpha);
N(result_numc);
N(result_prefix);
N(result_max);
N(result_cut);
N(result_split);
N(result_join);
N(result_left);
N(result_substring);
N(result_replace);
N(result_length);
N(result_question);
N(result_matches);
N(result_extract);
N(result_coalesce);
N(result_flag);
N(result_number);
N(result_number_text);
N(result_scale);
N(result_round);
N(result_implied);
N(result_abs);
N(result_choice);
N(result_money);
N(result_sap_amount);
N(result_date);
N(result_time);
N(result_datetime);
N(result_date_of);
N(result_time_of);
N(result_zone);
N(result_duration);
N(result_guid);
N(result_phone);
N(result_postal_code);
#undef N

/* The type that goes in comes out, nothing fails. Each one starts with this. */
void kit_start(const struct native_use *use, struct native_result *out);

/* Is it of this kind? If not, says so in out. */
bool kit_takes(struct arena *a, const struct type *in, enum type_kind kind,
               struct native_result *out);
/* Text, or a whole number, which stands as its digits. */
bool kit_takes_digits(struct arena *a, const struct type *in,
                      struct native_result *out);
/* The same for each part of a fan. */
bool kit_parts_take(struct arena *a, const struct native_use *use,
                    enum type_kind kind, struct native_result *out);

/* The type of value argument i; NULL where it was left out. */
const struct type *kit_value(const struct native_use *use, uint32_t i);

/* Count argument i; 0 where it was left out. */
uint32_t kit_count(const struct native_use *use, uint32_t i);
/* Text argument i; NULL where it was left out. */
const char *kit_literal(const struct native_use *use, uint32_t i);
/* Argument i is a length from 1 to 32767; if not, says so. */
bool kit_length(struct arena *a, const struct native_use *use, uint32_t i,
                struct native_result *out);

/* Characters of a text literal. */
uint32_t kit_chars(const char *text);
/* An open text type with these lengths. */
struct type kit_text(uint32_t min_chars, uint32_t max_chars, bool nullable);
/* Can a value of this text type have more than n characters? */
bool kit_over(const struct type *t, uint32_t n);
/* The smaller of two lengths of which UNBOUNDED is the largest. */
uint32_t kit_shorter(uint32_t a, uint32_t b);
/* a + b for lengths; UNBOUNDED stays so. */
uint32_t kit_longer(uint32_t a, uint32_t b);
/* A type of this kind without limits. */
struct type kit_type(enum type_kind kind, bool nullable);
/* A closed set in out->out becomes an open text of its lengths: values are not
 * followed through a conversion. */
void kit_open_set(struct type *t);
/* Is the pattern one that PCRE2 takes? If not, says so. */
bool kit_pattern(struct arena *a, const char *pattern,
                 struct native_result *out);

/* Characters that a value of this type can have as canonical text. */
uint32_t kit_text_length(const struct type *t);

#endif
