/* SPDX-License-Identifier: Apache-2.0 */
/* A request that is asked for with one value: the caller's record has that one
 * field. */
#include "call/call.h"

static size_t
put_escaped(char *to, const char *p, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c < 0x20) {
            at += (size_t)snprintf(to + at, 7, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            to[at++] = '\\';
        to[at++] = p[i];
    }
    return at;
}

/* NULL: memory. */
static char *
make_record(struct calling *q, const char *name, const char *key, size_t n,
            size_t *length)
{
    size_t at = 2;
    char *p = mr_resize(&q->cx, NULL, 6 * (strlen(name) + n) + 16);

    if (p == NULL)
        return NULL;
    memcpy(p, "{\"", 2);
    at += put_escaped(p + at, name, strlen(name));
    memcpy(p + at, "\":\"", 3);
    at += 3;
    at += put_escaped(p + at, key, n);
    memcpy(p + at, "\"}", 2);
    *length = at + 2;
    return p;
}

bool
calling_begin_key(struct calling *q, const char *name, const char *key,
                  size_t n)
{
    size_t length;
    char *p = make_record(q, name, key, n, &length);
    bool made;

    if (p == NULL) {
        q->end = CALL_FAILED;
        return false;
    }
    made = calling_begin(q, p, length);
    mr_resize(&q->cx, p, 0);
    return made;
}
