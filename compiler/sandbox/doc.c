/* SPDX-License-Identifier: Apache-2.0 */
/* Kept records to slots and back. What is read was written by doc_write. */
#include "sandbox/doc.h"

#include <stdio.h>
#include <string.h>

/* Behind the string whose quote is at p. */
static const char *
string_end(const char *p, const char *end)
{
    const char *quote = p, *slash;

    do {
        quote = memchr(quote + 1, '"', (size_t)(end - quote - 1));
        if (quote == NULL)
            return end;
        for (slash = quote; slash[-1] == '\\'; slash--)
            ;
    } while ((quote - slash) % 2 != 0);
    return quote + 1;
}

/* Behind the value that starts at p. */
static const char *
value_end(const char *p, const char *end)
{
    unsigned depth = 0;

    for (; p < end; p++) {
        if (*p == '"') {
            p = string_end(p, end);
            if (depth == 0)
                return p;
            p--;
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if (*p == '}' || *p == ']') {
            if (depth == 0)
                return p;
            if (--depth == 0)
                return p + 1;
        } else if (*p == ',' && depth == 0) {
            return p;
        }
    }
    return end;
}

/* Does this field stand at p? Fields are kept in their order, so nearly all that
 * do not are told by their first letters. */
static bool
opens(const struct field *f, const char *p, const char *end)
{
    return (size_t)(end - p) > f->open_n && p[1] == f->open[1] &&
           memcmp(p, f->open, f->open_n) == 0;
}

void
doc_read(const struct kind *k, const char *doc, size_t n, struct slot *slots)
{
    static const struct slot none = { 0 };
    const char *p = doc + 1, *end = doc + n;
    size_t at = 0;

    while (p < end && *p == '"') {
        const char *behind;

        while (at < k->fields.n && !opens(&k->fields.at[at], p, end))
            slots[at++] = none;
        if (at == k->fields.n)
            return;
        p += k->fields.at[at].open_n;
        behind = value_end(p, end);
        slots[at++] = (struct slot){ p, (uint32_t)(behind - p) };
        p = behind + 1;
    }
    while (at < k->fields.n)
        slots[at++] = none;
}

void
doc_write(const struct kind *k, const struct slot *slots, struct buf *out)
{
    char between = '{';

    for (size_t i = 0; i < k->fields.n; i++) {
        if (slots[i].at == NULL)
            continue;
        buf_char(out, between);
        buf_add(out, k->fields.at[i].open, k->fields.at[i].open_n);
        buf_add(out, slots[i].at, slots[i].n);
        between = ',';
    }
    if (between == '{')
        buf_char(out, '{');
    buf_char(out, '}');
}

void
json_quote(struct buf *out, const char *text, size_t n)
{
    const char *start = text, *end = text + n;

    buf_char(out, '"');
    for (const char *p = text; p < end; p++) {
        unsigned char c = (unsigned char)*p;

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, start, (size_t)(p - start));
        start = p + 1;
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_text(out, "\\n");
        else
            buf_printf(out, "\\u%04x", c);
    }
    buf_add(out, start, (size_t)(end - start));
    buf_char(out, '"');
}

const char *
json_plain(struct arena *a, struct slot s, size_t *n)
{
    const char *from = s.at + 1, *end;
    char *to, *start;

    if (s.at == NULL || s.n < 2 || *s.at != '"')
        return NULL;
    end = s.at + s.n - 1;
    *n = (size_t)(end - from);
    if (memchr(from, '\\', *n) == NULL)
        return from;
    to = start = arena_alloc(a, *n + 1);
    for (; from < end; from++) {
        unsigned code = 0;

        if (*from != '\\' || from + 1 == end) {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from == 'n') {
            *to++ = '\n';
        } else if (*from == 'u' && end - from > 4 &&
                   sscanf(from + 1, "%4x", &code) == 1) {
            *to++ = (char)code;     /* only control characters are kept so */
            from += 4;
        } else {
            *to++ = *from;
        }
    }
    *n = (size_t)(to - start);
    return start;
}
