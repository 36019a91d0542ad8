/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters of canonical text. A character is a Unicode code point. Values
 * are valid UTF-8 where they enter the program, so nothing here can fail; a
 * byte that starts no sequence counts as one character.
 */
#ifndef VALUE_TEXT_H
#define VALUE_TEXT_H

#include "mr/cx.h"

static inline bool
mr_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Blanks of the wire formats: space, tab, carriage return, line feed. */
static inline bool
mr_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool
mr_is_tail(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

bool mr_all_digits(const char *p, uint32_t n);
bool mr_all_ascii(const char *p, uint32_t n);

/* How many characters. */
uint32_t mr_chars(const char *p, uint32_t n);

/* More than that many? Fewer bytes are fewer characters, uncounted. */
static inline bool
mr_chars_over(const char *p, uint32_t n, uint32_t limit)
{
    return n > limit && mr_chars(p, n) > limit;
}

/* Bytes of the first `chars` characters (all n where there are fewer). */
uint32_t mr_bytes_of(const char *p, uint32_t n, uint32_t chars);

/* The code point at p and its bytes in *used; n >= 1. */
uint32_t mr_char_at(const char *p, uint32_t n, uint32_t *used);
/* Writes 1 to 4 bytes, returns how many. */
uint32_t mr_char_put(char *p, uint32_t c);

/* The value without blanks of the wire formats around it. */
struct mr_val mr_without_blanks(struct mr_val v);

#endif
