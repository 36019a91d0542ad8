/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing piece of memory for requests and answers. That it could not grow is
 * remembered, so that a text of many parts is checked once, at its end.
 */
#ifndef HTTP_BYTES_H
#define HTTP_BYTES_H

#include "mr/cx.h"

enum { BYTES_PADDING = 64 };    /* zero bytes behind what bytes_end gives */

struct bytes {
    char *p;
    size_t n, room;
    bool failed;            /* memory ran out; nothing is added any more */
    struct mr_memory memory;
};

void bytes_init(struct bytes *b, const struct mr_memory *memory);
void bytes_free(struct bytes *b);
void bytes_add(struct bytes *b, const char *p, size_t n);
/* So many will be added, it is said: room for them at once. */
void bytes_expect(struct bytes *b, size_t n);
void bytes_text(struct bytes *b, const char *text);
void bytes_format(struct bytes *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* With everything but letters, digits, '-', '.', '_' and '~' as %XX, and
 * without that for the characters of `also`. */
void bytes_percent(struct bytes *b, const char *p, size_t n, const char *also);
/* The padding behind it. NULL where memory ran out: now or before. */
char *bytes_end(struct bytes *b);

#endif
