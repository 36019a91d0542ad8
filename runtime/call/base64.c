/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of three bytes as four characters, and back. */
#include "call/base64.h"

#include <string.h>

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* --- to bytes --- */

static int
value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The bytes of a whole group; -1: what its padding cuts off is not zero. */
static int
put_group(struct base64 *b, char *to)
{
    unsigned n = 3 - b->padding;

    if (b->padding > 0 && (b->bits & ((1u << 8 * b->padding) - 1)) != 0)
        return -1;
    for (unsigned i = 0; i < n; i++)
        to[i] = (char)(b->bits >> (16 - 8 * i) & 0xff);
    b->bits = 0;
    b->n = 0;
    return (int)n;
}

long
base64_decode(struct base64 *b, const char *p, size_t n, char *to)
{
    long made = 0;

    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        int v = value_of(c), bytes;

        if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
            continue;
        /* Behind the padding there is nothing. */
        if (b->padding > 0 && (c != '=' || b->n == 0))
            return -1;
        if (c == '=') {
            if (b->n < 2 || ++b->padding > 2)
                return -1;
            v = 0;
        }
        if (v < 0)
            return -1;
        b->bits = b->bits << 6 | (uint32_t)v;
        if (++b->n < 4)
            continue;
        bytes = put_group(b, to + made);
        if (bytes < 0)
            return -1;
        made += bytes;
    }
    return made;
}

bool
base64_decoded(struct base64 *b)
{
    bool whole = b->n == 0;

    memset(b, 0, sizeof *b);
    return whole;
}

/* --- to characters --- */

static void
put_letters(const struct base64 *b, char *to)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = letters[b->bits >> (18 - 6 * i) & 63];
}

size_t
base64_encode(struct base64 *b, const char *p, size_t n, char *to)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        b->bits = b->bits << 8 | (unsigned char)p[i];
        if (++b->n < 3)
            continue;
        put_letters(b, to + made);
        made += 4;
        b->bits = 0;
        b->n = 0;
    }
    return made;
}

size_t
base64_encoded(struct base64 *b, char *to)
{
    unsigned n = b->n;

    if (n == 0)
        return 0;
    b->bits <<= 8 * (3 - n);
    put_letters(b, to);
    for (unsigned i = n + 1; i < 4; i++)
        to[i] = '=';
    memset(b, 0, sizeof *b);
    return 4;
}
