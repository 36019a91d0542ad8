/* SPDX-License-Identifier: Apache-2.0 */
/*
 * At which byte does a stream of JSON break? The first one behind which no
 * bytes at all could make it a stream of JSON values again. RFC 8259 and the
 * table of well-formed UTF-8 byte by byte, in the plainest way there is.
 */
#include "differ/differ.h"

#include <string.h>

struct scan {
    const unsigned char *p;
    size_t n, i;
    bool broken;
};

static bool
next_in(struct scan *s, unsigned from, unsigned to)
{
    if (s->i == s->n || s->broken)
        return false;
    if (s->p[s->i] < from || s->p[s->i] > to) {
        s->broken = true;
        return false;
    }
    s->i++;
    return true;
}

/* The rest of a character behind its first byte. */
static void
scan_utf8(struct scan *s)
{
    unsigned c = s->p[s->i++];
    int more = c >= 0xf0 ? 2 : c >= 0xe0 ? 1 : 0;

    if (c < 0xc2 || c > 0xf4) {
        s->i--;
        s->broken = true;
        return;
    }
    next_in(s, c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80,
            c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf);
    while (more-- > 0)
        next_in(s, 0x80, 0xbf);
}

static unsigned
hex(struct scan *s, const char *digits)
{
    const char *found;

    if (s->i == s->n || s->broken)
        return 0;
    found = s->p[s->i] == '\0' ? NULL : strchr(digits, s->p[s->i]);
    if (found == NULL) {
        s->broken = true;
        return 0;
    }
    s->i++;
    return s->p[s->i - 1];
}

static void
scan_escape(struct scan *s)
{
    static const char any[] = "0123456789abcdefABCDEF";
    unsigned first, second;

    if (hex(s, "\"\\/bfnrtu") != 'u')
        return;
    first = hex(s, any);
    if (first != 'd' && first != 'D') {
        for (int k = 0; k < 3; k++)
            hex(s, any);
        return;
    }
    second = hex(s, "0123456789abAB");
    hex(s, any);
    hex(s, any);
    if (second != '8' && second != '9' && (second | 0x20) != 'a' &&
        (second | 0x20) != 'b')
        return;
    next_in(s, '\\', '\\');
    next_in(s, 'u', 'u');
    hex(s, "dD");
    hex(s, "cdefCDEF");
    hex(s, any);
    hex(s, any);
}

static void
scan_string(struct scan *s)
{
    s->i++;
    while (s->i < s->n && !s->broken) {
        unsigned c = s->p[s->i];

        if (c < 0x20) {
            s->broken = true;
        } else if (c >= 0x80) {
            scan_utf8(s);
        } else {
            s->i++;
            if (c == '"')
                return;
            if (c == '\\')
                scan_escape(s);
        }
    }
}

static void
scan_digits(struct scan *s)
{
    next_in(s, '0', '9');
    while (s->i < s->n && s->p[s->i] >= '0' && s->p[s->i] <= '9')
        s->i++;
}

static bool
at(const struct scan *s, const char *any)
{
    return s->i < s->n && !s->broken && s->p[s->i] != '\0' &&
           strchr(any, s->p[s->i]) != NULL;
}

static void
scan_number(struct scan *s)
{
    if (at(s, "-"))
        s->i++;
    if (at(s, "0"))
        s->i++;
    else
        scan_digits(s);
    if (at(s, ".")) {
        s->i++;
        scan_digits(s);
    }
    if (at(s, "eE")) {
        s->i++;
        if (at(s, "+-"))
            s->i++;
        scan_digits(s);
    }
}

static void
scan_word(struct scan *s, const char *word)
{
    for (; *word != '\0'; word++)
        next_in(s, (unsigned char)*word, (unsigned char)*word);
}

/* A value that is neither object nor list, or the end of the stream. */
static void
scan_scalar(struct scan *s)
{
    if (at(s, "\""))
        scan_string(s);
    else if (at(s, "-0123456789"))
        scan_number(s);
    else if (at(s, "tfn"))
        scan_word(s, at(s, "t") ? "true" : at(s, "f") ? "false" : "null");
    else
        s->broken = true;
}

size_t
json_break(const char *p, size_t n, size_t *token)
{
    static char open[DRAFT_ROOM];
    struct scan s = { (const unsigned char *)p, n, 0, false };
    enum { VALUE, FIRST, NAME, FIRST_NAME, COLON, BEHIND } want = VALUE;
    size_t depth = 0;

    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        s.i = 3;
    *token = s.i;
    for (;;) {
        size_t before = s.i;
        char c;

        while (at(&s, " \t\r\n"))
            s.i++;
        /* What follows a number or word at once may count as part of it. */
        if (s.i != before || before == 0 || strchr("{}[],:\"", p[before - 1]))
            *token = s.i;
        if (s.i == n)
            return n;
        c = p[s.i];
        if (depth > 0 && c == (open[depth - 1] == '{' ? '}' : ']') &&
            (want == BEHIND || want == FIRST || want == FIRST_NAME)) {
            s.i++;
            want = --depth == 0 ? VALUE : BEHIND;
        } else if ((want == VALUE || want == FIRST) && (c == '{' || c == '[')) {
            open[depth++] = c;
            s.i++;
            want = c == '{' ? FIRST_NAME : FIRST;
        } else if (want == VALUE || want == FIRST) {
            *token = s.i;
            scan_scalar(&s);
            want = depth == 0 ? VALUE : BEHIND;
        } else if (want == BEHIND && c == ',') {
            s.i++;
            want = open[depth - 1] == '{' ? NAME : VALUE;
        } else if ((want == NAME || want == FIRST_NAME) && c == '"') {
            *token = s.i;
            scan_string(&s);
            want = COLON;
        } else if (want == COLON && c == ':') {
            s.i++;
            want = VALUE;
        } else {
            s.broken = true;
        }
        if (s.broken)
            return s.i;
    }
}
