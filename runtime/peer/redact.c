/* SPDX-License-Identifier: Apache-2.0 */
/* Takes out of a text what was sent. Nobody knows which of it is personal, so
 * all of it goes. */
#define _GNU_SOURCE
#include "peer/redact.h"

#include <string.h>

enum { VALUE_MIN = 3, DIGITS_SHOWN = 4 };

static const char dots[] = "\xe2\x80\xa6";

/* Not longer than the least that it stands for. */
_Static_assert(sizeof dots - 1 <= VALUE_MIN, "a text never grows");

static size_t
strike_out(char *text, size_t n, const char *what, size_t what_n)
{
    const size_t dots_n = sizeof dots - 1;
    size_t from = 0, out = 0;
    char *found;

    if (what_n < VALUE_MIN)
        return n;
    while ((found = memmem(text + from, n - from, what, what_n)) != NULL) {
        size_t before = (size_t)(found - text) - from;

        memmove(text + out, text + from, before);
        memcpy(text + out + before, dots, dots_n);
        out += before + dots_n;
        from += before + what_n;
    }
    memmove(text + out, text + from, n - from);
    return out + n - from;
}

/* How long the sign is that may be written otherwise; 0: it may not. */
static size_t
sign_at(const char *p, size_t n)
{
    if (p[0] == '\\')
        return n >= 6 && p[1] == 'u' ? 6 : n >= 2 ? 2 : 1;
    return p[0] == '\0' || strchr("&<>\"'", p[0]) != NULL;
}

size_t
redact_value(char *text, size_t n, const char *value, size_t value_n)
{
    size_t from = 0, sign;

    n = strike_out(text, n, value, value_n);
    for (size_t i = 0; i < value_n;) {
        sign = sign_at(value + i, value_n - i);
        if (sign == 0) {
            i++;
            continue;
        }
        n = strike_out(text, n, value + from, i - from);
        from = i += sign;
    }
    return from == 0 ? n : strike_out(text, n, value + from, value_n - from);
}

size_t
redact_json(char *text, size_t n, struct op_bytes sent)
{
    const char *p = sent.p, *end = p == NULL ? NULL : p + sent.n;

    while (p < end) {
        const char *open = memchr(p, '"', (size_t)(end - p)), *close;

        if (open == NULL)
            break;
        close = open + 1;
        while (close < end && *close != '"')
            close += *close == '\\' && end - close > 1 ? 2 : 1;
        if (close >= end)
            break;
        p = close + 1;
        if (p == end || *p != ':')      /* no name */
            n = redact_value(text, n, open + 1, (size_t)(close - open - 1));
    }
    return n;
}

size_t
redact_xml(char *text, size_t n, struct op_bytes sent)
{
    const char *p = sent.p, *end = p == NULL ? NULL : p + sent.n;

    while (p < end) {
        const char *open = memchr(p, '>', (size_t)(end - p)), *close;

        close = open == NULL ? NULL
                             : memchr(open, '<', (size_t)(end - open));
        if (close == NULL)
            break;
        n = redact_value(text, n, open + 1, (size_t)(close - open - 1));
        p = close + 1;
    }
    return n;
}

size_t
redact_rest(char *text, size_t n)
{
    size_t out = 0, run = 0;

    for (size_t i = 0; i < n; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool control = (unsigned char)text[i] < ' ' || text[i] == 0x7f;

        run = digit ? run + 1 : 0;
        if (run > DIGITS_SHOWN) {
            if (run == DIGITS_SHOWN + 1) {
                out -= DIGITS_SHOWN;
                text[out++] = '#';
            }
            continue;
        }
        text[out++] = control ? ' ' : text[i];
    }
    return out;
}

size_t
redact_cut(const char *text, size_t n, size_t max)
{
    if (n <= max)
        return n;
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    return max;
}
