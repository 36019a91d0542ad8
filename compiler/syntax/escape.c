/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 and the escapes in texts: \" \\ \n \t \u{1F600}. */
#include "syntax/lex.h"

#include <string.h>

#include "base/buf.h"

/* How many bytes the sequence at p has; 0 where it is not well-formed. */
static size_t
sequence_length(const unsigned char *p, size_t n)
{
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2
               : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;

    if (len > n)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

size_t
utf8_check(const char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        size_t len = sequence_length((const unsigned char *)p + i, n - i);
        if (len == 0)
            return i;
        i += len;
    }
    return n;
}

size_t
utf8_put(char *out, uint32_t c)
{
    static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = len; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(lead[len] | c);
    return len;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The length of `u{…}` at p and its character; 0 where it is none. */
static size_t
unicode_escape(const char *p, size_t n, uint32_t *c)
{
    size_t i = 2;

    if (n < 4 || p[1] != '{')
        return 0;
    for (*c = 0; i < n && hex_digit(p[i]) >= 0 && i < 8; i++)
        *c = *c * 16 + (uint32_t)hex_digit(p[i]);
    if (i == 2 || i == n || p[i] != '}')
        return 0;
    if (*c < 0x20 || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF))
        return 0;
    return i + 1;
}

static void
bad_escape(const struct scan_input *in, struct span at, const char *p,
           size_t n)
{
    struct diag *d;

    if (p[0] == 'u') {
        d = diag_add(in->diags, DIAG_BAD_ESCAPE, at,
                     "`\\u` does not name a character");
        diag_note(d, NOTE_HELP, "write the character's number in hexadecimal "
                  "digits: \\u{E4}");
        return;
    }
    d = diag_add(in->diags, DIAG_BAD_ESCAPE, at,
                 "`\\%.*s` means nothing in a text", (int)n, p);
    diag_note(d, NOTE_HELP, "a backslash itself is written \\\\; the others "
              "are \\\" \\n \\t \\u{E4}");
}

/* p is behind the backslash. Returns how many bytes of it were used. */
static size_t
decode_one(const struct scan_input *in, struct span at, const char *p,
           size_t n, struct buf *b)
{
    static const char from[] = "\"\\nt", to[] = "\"\\\n\t";
    const char *simple = p[0] != '\0' ? strchr(from, p[0]) : NULL;
    char bytes[4];
    uint32_t c;
    size_t used;

    if (simple != NULL) {
        buf_char(b, to[simple - from]);
        return 1;
    }
    if (p[0] == 'u' && (used = unicode_escape(p, n, &c)) > 0) {
        buf_add(b, bytes, utf8_put(bytes, c));
        return used;
    }
    used = 1;
    while (used < n && ((unsigned char)p[used] & 0xC0) == 0x80)
        used++;
    at.to = at.from + 1 + (uint32_t)used;
    bad_escape(in, at, p, used);
    return used;
}

const char *
escape_decode(const struct scan_input *in, struct span at, const char *p,
              size_t n)
{
    struct buf b;

    if (memchr(p, '\\', n) == NULL)
        return arena_copy(in->arena, p, n);
    buf_init(&b, in->arena);
    for (size_t i = 0; i < n;) {
        const char *slash = memchr(p + i, '\\', n - i);
        size_t plain = slash == NULL ? n - i : (size_t)(slash - p) - i;

        buf_add(&b, p + i, plain);
        i += plain;
        if (slash == NULL)
            break;
        struct span here = { at.file, at.from + (uint32_t)i, 0 };
        i += 1 + decode_one(in, here, p + i + 1, n - i - 1, &b);
    }
    return b.at;
}
