/* SPDX-License-Identifier: Apache-2.0 */
/* The productions Char, NameStartChar and NameChar as tables. */
#include "codec/xml_chars.h"

#include <stddef.h>

#define S (XML_START | XML_NAME)
#define N XML_NAME
#define W XML_SPACE

const uint8_t xml_class[256] = {
    ['\t'] = W, ['\n'] = W, ['\r'] = W, [' '] = W,
    ['-'] = N, ['.'] = N, ['_'] = S,
    ['0'] = N, ['1'] = N, ['2'] = N, ['3'] = N, ['4'] = N,
    ['5'] = N, ['6'] = N, ['7'] = N, ['8'] = N, ['9'] = N,
    ['A'] = S, ['B'] = S, ['C'] = S, ['D'] = S, ['E'] = S, ['F'] = S,
    ['G'] = S, ['H'] = S, ['I'] = S, ['J'] = S, ['K'] = S, ['L'] = S,
    ['M'] = S, ['N'] = S, ['O'] = S, ['P'] = S, ['Q'] = S, ['R'] = S,
    ['S'] = S, ['T'] = S, ['U'] = S, ['V'] = S, ['W'] = S, ['X'] = S,
    ['Y'] = S, ['Z'] = S,
    ['a'] = S, ['b'] = S, ['c'] = S, ['d'] = S, ['e'] = S, ['f'] = S,
    ['g'] = S, ['h'] = S, ['i'] = S, ['j'] = S, ['k'] = S, ['l'] = S,
    ['m'] = S, ['n'] = S, ['o'] = S, ['p'] = S, ['q'] = S, ['r'] = S,
    ['s'] = S, ['t'] = S, ['u'] = S, ['v'] = S, ['w'] = S, ['x'] = S,
    ['y'] = S, ['z'] = S
};

struct range { uint32_t first, last; };

static const struct range starts[] = {
    { 0xc0, 0xd6 }, { 0xd8, 0xf6 }, { 0xf8, 0x2ff }, { 0x370, 0x37d },
    { 0x37f, 0x1fff }, { 0x200c, 0x200d }, { 0x2070, 0x218f },
    { 0x2c00, 0x2fef }, { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf },
    { 0xfdf0, 0xfffd }, { 0x10000, 0xeffff }
};

/* On top of those. */
static const struct range others[] = {
    { 0xb7, 0xb7 }, { 0x300, 0x36f }, { 0x203f, 0x2040 }
};

static bool
is_within(const struct range *r, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

bool
xml_is_name_start(uint32_t c)
{
    if (c < 0x80)
        return xml_is((char)c, XML_START);
    return is_within(starts, sizeof starts / sizeof starts[0], c);
}

bool
xml_is_name(uint32_t c)
{
    if (c < 0x80)
        return xml_is((char)c, XML_NAME);
    return xml_is_name_start(c) ||
           is_within(others, sizeof others / sizeof others[0], c);
}

bool
xml_is_char(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c <= 0xd7ff || (c >= 0xe000 && c <= 0xfffd) ||
           (c >= 0x10000 && c <= 0x10ffff);
}

uint32_t
xml_decode(const char *p, uint32_t *n)
{
    const unsigned char *u = (const unsigned char *)p;

    if (u[0] < 0x80) {
        *n = 1;
        return u[0];
    }
    if (u[0] < 0xe0) {
        *n = 2;
        return (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
    }
    if (u[0] < 0xf0) {
        *n = 3;
        return (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
    }
    *n = 4;
    return (u[0] & 0x07u) << 18 | (u[1] & 0x3fu) << 12 |
           (u[2] & 0x3fu) << 6 | (u[3] & 0x3fu);
}

uint32_t
xml_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}
