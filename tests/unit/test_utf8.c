/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes are UTF-8: against a decoder that is as plain as can be. */
#include "codec/input.h"
#include "unit/check.h"

/* Bytes of the sequence at s by decoding it and asking whether the code point
 * may be written like that; 0: none. */
static size_t
decode(const unsigned char *s, size_t n)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = s[0] < 0x80           ? 1
                 : (s[0] & 0xe0) == 0xc0 ? 2
                 : (s[0] & 0xf0) == 0xe0 ? 3
                 : (s[0] & 0xf8) == 0xf0 ? 4
                                         : 0;
    uint32_t code = len == 1 ? s[0] : s[0] & (0x7fu >> len);

    if (len == 0 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < least[len] || code > 0x10ffff ||
        (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return len;
}

static size_t
valid(const char *p, size_t n)
{
    size_t i = 0, len;

    while (i < n && (len = decode((const unsigned char *)p + i, n - i)) != 0)
        i += len;
    return i;
}

/* Every sequence of three bytes that starts with no ASCII, the fourth one at
 * its borders. */
static void
test_sequences(void)
{
    static const unsigned char fourth[] = { 0, 0x7f, 0x80, 0xbf, 0xc0, 0xff };
    char s[4];

    for (uint32_t code = 0x800000; code < 0x1000000; code++) {
        s[0] = (char)(code >> 16);
        s[1] = (char)(code >> 8);
        s[2] = (char)code;
        if ((uint8_t)s[0] < 0xf0) {
            CHECK_THAT(mr_utf8_valid(s, 3) == valid(s, 3), "%06x", code);
            continue;
        }
        for (size_t i = 0; i < sizeof fourth; i++) {
            s[3] = (char)fourth[i];
            CHECK_THAT(mr_utf8_valid(s, 4) == valid(s, 4), "%06x %02x", code,
                       fourth[i]);
        }
    }
}

/* A bad byte, or a sequence, at every place of texts around the widths of
 * vectors. */
static void
test_places(void)
{
    static const char *const rows[] = {
        "\xff", "\x80", "\xc3", "\xc3\xa4", "\xe2\x82\xac", "\xe2\x82",
        "\xf0\x9d\x84\x9e", "\xf0\x9d\x84", "\xed\xa0\x80", "\xc0\x80"
    };
    char text[160];

    for (size_t r = 0; r < CHECK_ROWS(rows); r++)
        for (size_t n = 4; n < sizeof text; n += 1 + n / 40)
            for (size_t at = 0; at < n; at++) {
                size_t len = strlen(rows[r]);

                memset(text, 'x', sizeof text);
                memcpy(text + at, rows[r], len < n - at ? len : n - at);
                CHECK_THAT(mr_utf8_valid(text, n) == valid(text, n),
                           "row %zu at %zu of %zu", r, at, n);
            }
}

static void
test_ends(void)
{
    CHECK_NUMBER(mr_utf8_valid("", 0), 0);
    CHECK_NUMBER(mr_utf8_valid("a\0b", 3), 3);
    CHECK_NUMBER(mr_utf8_valid("\xc3\xa4", 1), 0);
    CHECK_NUMBER(mr_utf8_valid("a\xc3\xa4\xff", 4), 3);
}

CHECK_MAIN({ "sequences", test_sequences }, { "places", test_places },
           { "ends", test_ends })
