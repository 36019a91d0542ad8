/* SPDX-License-Identifier: Apache-2.0 */
/* How much is kept by `remember`: at most, by the types of the fields, and of
 * one value. */
#include "host/remembered.h"

#include "repl/part.h"

/* Of a character in UTF-8, of a number, and of the other kinds in canonical
 * form. */
enum {
    CHARACTER = 4, NUMBER = 42, DATE = 10, TIME = 16, DATETIME = 28, GUID = 36,
    BOOL = 5
};

/* 0: any length. */
static size_t
longest(const struct mr_field *f)
{
    switch (f->type) {
    case MR_TYPE_TEXT:
        return f->max_chars * (size_t)(f->digits_only ? 1 : CHARACTER);
    case MR_TYPE_NUMBER:
        return f->digits != 0 ? f->digits + (size_t)2 : NUMBER;
    case MR_TYPE_DATE:
        return DATE;
    case MR_TYPE_TIME:
        return TIME;
    case MR_TYPE_DATETIME:
        return DATETIME;
    case MR_TYPE_GUID:
        return GUID;
    case MR_TYPE_BOOL:
        return BOOL;
    case MR_TYPE_BINARY:
        break;
    }
    return 0;
}

/* Of a part whose value has that many bytes: two numbers of what stands around
 * them, which is shorter, and how many they are. */
static size_t
around(size_t bytes)
{
    size_t n = 1 + 3;

    for (size_t of = bytes; of >= 0x80; of >>= 7)
        n += 3;
    return n;
}

bool
remembered_most(const struct mr_pair *p, int side, size_t *bytes)
{
    size_t n;
    const struct mr_field *f = trip_fields(p, side, &n);

    *bytes = PART_KEPT;
    for (size_t i = 0; i < n; i++) {
        size_t most = longest(&f[i]);

        if (most == 0)
            return false;
        *bytes += around(most) + most;
    }
    return true;
}

size_t
remembered_bytes(struct trip *t, int side, const struct trip_values *start,
                 const struct trip_values *back)
{
    size_t n, bytes = PART_KEPT;
    bool any = false;

    trip_fields(t->pair, side, &n);
    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++) {
        char *p = mr_alloc(&t->cx, PART_MAX + (size_t)start->v[i].n);

        if (p == NULL)
            return 0;
        bytes += part_put(p, start->v[i], back->v[i]);
        any = any || !part_same(start->v[i], back->v[i]);
    }
    return any ? bytes : 0;
}

bool
remembered_again(struct trip *t, int side, const struct trip_values *start,
                 const struct trip_values *back)
{
    size_t n;

    trip_fields(t->pair, side, &n);
    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++) {
        char *p = mr_alloc(&t->cx, PART_MAX + (size_t)start->v[i].n);
        const char *at = p;
        struct mr_val v;

        if (p == NULL)
            return false;
        if (!part_value(&t->cx, &at, p + part_put(p, start->v[i], back->v[i]),
                        back->v[i], &v) ||
            !part_same(v, start->v[i]))
            return false;
    }
    return true;
}
