/* SPDX-License-Identifier: Apache-2.0 */
/* Counting and walking the characters of UTF-8 text. */
#include "value/text.h"

bool
mr_all_digits(const char *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!mr_is_digit(p[i]))
            return false;
    return n > 0;
}

bool
mr_all_ascii(const char *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if ((unsigned char)p[i] >= 0x80)
            return false;
    return true;
}

uint32_t
mr_chars(const char *p, uint32_t n)
{
    uint32_t chars = 0;

    for (uint32_t i = 0; i < n; i++)
        chars += !mr_is_tail(p[i]);
    return chars;
}

uint32_t
mr_bytes_of(const char *p, uint32_t n, uint32_t chars)
{
    uint32_t i = 0;

    for (; i < n; i++)
        if (!mr_is_tail(p[i]) && chars-- == 0)
            break;
    return i;
}

uint32_t
mr_char_at(const char *p, uint32_t n, uint32_t *used)
{
    unsigned char lead = (unsigned char)p[0];
    uint32_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    uint32_t c = lead;

    *used = 1;
    if (more == 0 || more >= n)
        return c;
    c = lead & (0x3fu >> more);
    for (uint32_t i = 1; i <= more; i++)
        c = c << 6 | ((unsigned char)p[i] & 0x3fu);
    *used = more + 1;
    return c;
}

uint32_t
mr_char_put(char *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (char)(0xc0 | c >> 6);
        p[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (char)(0xe0 | c >> 12);
        p[1] = (char)(0x80 | (c >> 6 & 0x3f));
        p[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    p[0] = (char)(0xf0 | c >> 18);
    p[1] = (char)(0x80 | (c >> 12 & 0x3f));
    p[2] = (char)(0x80 | (c >> 6 & 0x3f));
    p[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

struct mr_val
mr_without_blanks(struct mr_val v)
{
    while (v.n > 0 && mr_is_blank(v.p[0]))
        v.p++, v.n--;
    while (v.n > 0 && mr_is_blank(v.p[v.n - 1]))
        v.n--;
    return v.n > 0 ? v : mr_empty();
}
