/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 (RFC 4648) piece by piece, both ways: what does not fill a group
 * waits for the next piece.
 */
#ifndef CALL_BASE64_H
#define CALL_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct base64 {
    uint32_t bits;
    unsigned n;                 /* of the group: characters, or bytes */
    unsigned padding;           /* '=' that came */
};

/* The bytes of n characters, at most n: white space is passed by. Returns how
 * many, or -1: that is no base64. */
long base64_decode(struct base64 *b, const char *p, size_t n, char *to);
/* Is it at the end of a group? Then it begins anew. */
bool base64_decoded(struct base64 *b);

/* The characters of n bytes: at most BASE64_ROOM(n). */
#define BASE64_ROOM(n) ((n) / 3 * 4 + 8)
size_t base64_encode(struct base64 *b, const char *p, size_t n, char *to);
/* What is left, with its padding: 0 or 4 characters. */
size_t base64_encoded(struct base64 *b, char *to);

#endif
