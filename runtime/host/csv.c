/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes comma-separated values. */
#include "host/csv.h"

#include <stdlib.h>
#include <string.h>

/* Length of the row at `at`, without its end: line ends in quotes are part of
 * it. */
static size_t
row_size(const struct csv *c)
{
    bool quoted = false;
    size_t i = c->at;

    for (; i < c->n && (quoted || c->p[i] != '\n'); i++)
        if (c->p[i] == '"')
            quoted = !quoted;
    return i - c->at;
}

/* One field from `from` on to `to`; where it ends. */
static const char *
take_field(struct csv *c, const char *from, const char *end, char **to)
{
    bool quoted = from < end && *from == '"';

    from += quoted;
    for (; from < end; from++) {
        if (*from == '\0')
            c->wrong = "a NUL byte";
        if (!quoted && *from == ',')
            break;
        if (quoted && *from == '"') {
            if (from + 1 < end && from[1] == '"') {
                from++;
            } else {
                quoted = false;
                if (from + 1 < end && from[1] != ',')
                    c->wrong = "characters behind a closing quote";
                continue;
            }
        }
        *(*to)++ = *from;
    }
    if (quoted)
        c->wrong = "a quote that is not closed";
    *(*to)++ = '\0';
    return from;
}

static bool
hold(struct csv *c, size_t n)
{
    char *text;

    if (n <= c->room)
        return true;
    text = realloc(c->text, n);
    if (text == NULL)
        return false;
    c->text = text;
    c->room = n;
    return true;
}

bool
csv_next(struct csv *c, char **fields, size_t room, size_t *n)
{
    const char *at, *end;
    char *to;
    size_t size;

    for (;;) {
        if (c->at >= c->n || c->wrong != NULL)
            return false;
        size = row_size(c);
        at = c->p + c->at;
        end = at + size;
        c->line = c->lines + 1;
        /* Line ends within quotes, and that of the row. */
        for (const char *p = at; p < end; p++)
            c->lines += *p == '\n';
        c->lines++;
        c->at += size + 1;
        if (end > at && end[-1] == '\r')
            end--;
        if (end > at)
            break;
    }
    c->row++;
    *n = 0;
    if (!hold(c, size + 2)) {
        c->wrong = "memory ran out";
        return true;
    }
    to = c->text;
    for (bool more = true; more; at++) {
        char *field = to;

        at = take_field(c, at, end, &to);
        if (*n < room)
            fields[*n] = field;
        ++*n;
        more = at < end && *at == ',';
    }
    return true;
}

void
csv_done(struct csv *c)
{
    free(c->text);
    c->text = NULL;
    c->room = 0;
}

void
csv_put(FILE *out, const char *text, char after)
{
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';

    if (quoted)
        fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text == 0x1f ? '|' : *text, out);
    }
    if (quoted)
        fputc('"', out);
    fputc(after, out);
}
