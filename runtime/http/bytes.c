/* SPDX-License-Identifier: Apache-2.0 */
/* Growing memory, by doubling. */
#include "http/bytes.h"

#include <stdarg.h>

void
bytes_init(struct bytes *b, const struct mr_memory *memory)
{
    memset(b, 0, sizeof *b);
    b->memory = *memory;
}

void
bytes_free(struct bytes *b)
{
    if (b->p != NULL)
        b->memory.resize(b->memory.arg, b->p, 0);
    b->p = NULL;
    b->n = b->room = 0;
}

/* Room for n more. */
static bool
grow(struct bytes *b, size_t n)
{
    size_t room = b->room == 0 ? 256 : b->room;
    char *p;

    if (b->failed)
        return false;
    if (b->room - b->n >= n)
        return true;
    while (room - b->n < n) {
        if (room > SIZE_MAX / 4) {
            b->failed = true;
            return false;
        }
        room *= 2;
    }
    p = b->memory.resize(b->memory.arg, b->p, room);
    if (p == NULL) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->room = room;
    return true;
}

void
bytes_expect(struct bytes *b, size_t n)
{
    grow(b, n);
}

void
bytes_add(struct bytes *b, const char *p, size_t n)
{
    if (n == 0 || !grow(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void
bytes_text(struct bytes *b, const char *text)
{
    bytes_add(b, text, strlen(text));
}

void
bytes_format(struct bytes *b, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || !grow(b, (size_t)n + 1)) {
        b->failed = true;
        return;
    }
    va_start(args, fmt);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, args);
    va_end(args);
    b->n += (size_t)n;
}

static bool
is_plain(unsigned char c, const char *also)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') ||
           (c != '\0' &&
            (strchr("-._~", c) != NULL || strchr(also, c) != NULL));
}

void
bytes_percent(struct bytes *b, const char *p, size_t n, const char *also)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        char coded[3] = { '%', hex[c >> 4], hex[c & 15] };

        if (is_plain(c, also))
            bytes_add(b, p + i, 1);
        else
            bytes_add(b, coded, 3);
    }
}

char *
bytes_end(struct bytes *b)
{
    if (!grow(b, BYTES_PADDING))
        return NULL;
    memset(b->p + b->n, 0, BYTES_PADDING);
    return b->p;
}
