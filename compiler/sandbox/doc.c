/* SPDX-License-Identifier: Apache-2.0 */
/* Kept records to slots and back. What is read was written by doc_write. */
#include "sandbox/doc.h"

#include <stdio.h>
#include <string.h>

/* Behind the value that starts at p. */
static const char *
value_end(const char *p, const char *end)
{
    unsigned depth = 0;

    for (; p < end; p++) {
        if (*p == '"') {
            for (p++; p < end && *p != '"'; p++)
                if (*p == '\\')
                    p++;
            if (depth == 0)
                return p + 1;
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

void
doc_read(const struct kind *k, const char *doc, size_t n, struct slot *slots)
{
    const char *p = doc + 1, *end = doc + n;
    size_t at = 0;

    memset(slots, 0, k->fields.n * sizeof *slots);
    while (p < end && *p == '"') {
        const char *name = ++p, *stop = memchr(p, '"', (size_t)(end - p));
        const char *value, *behind;

        if (stop == NULL)
            return;
        value = stop + 2;
        behind = value_end(value, end);
        while (at < k->fields.n &&
               (k->fields.at[at].name_n != (size_t)(stop - name) ||
                memcmp(k->fields.at[at].name, name,
                       (size_t)(stop - name)) != 0))
            at++;
        if (at == k->fields.n)
            return;
        slots[at].at = value;
        slots[at++].n = (uint32_t)(behind - value);
        p = behind + 1;
    }
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
