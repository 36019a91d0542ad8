/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a text, and putting something else in its place. */
#define _GNU_SOURCE             /* memmem */
#include "mr/conv.h"

#include "value/text.h"

/* Where the text stands first, from `at` on; v.n: nowhere. */
static uint32_t
find(struct mr_val v, uint32_t at, const char *text, size_t n)
{
    const char *p;

    if (n == 0 || n > v.n - at)
        return v.n;
    p = memmem(v.p + at, v.n - at, text, n);
    return p != NULL ? (uint32_t)(p - v.p) : v.n;
}

struct mr_val
mr_replace(struct mr_cx *cx, struct mr_val v, const char *from, const char *to)
{
    size_t from_n = strlen(from), to_n = strlen(to), hits = 0, size;
    uint32_t at, done = 0;
    char *p, *out;

    if (!mr_is_here(v))
        return v;
    for (at = find(v, 0, from, from_n); at < v.n;
         at = find(v, at + (uint32_t)from_n, from, from_n))
        hits++;
    if (hits == 0)
        return mr_step(cx, "replace", v);
    size = v.n - hits * from_n + hits * to_n;
    if (size > UINT32_MAX)
        return mr_failed(v, MR_WHY_TOO_LONG);
    p = out = mr_alloc(cx, size);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    while ((at = find(v, done, from, from_n)) < v.n) {
        memcpy(out, v.p + done, at - done);
        memcpy(out + (at - done), to, to_n);
        out += at - done + to_n;
        done = at + (uint32_t)from_n;
    }
    memcpy(out, v.p + done, v.n - done);
    return mr_step(cx, "replace", mr_slice(p, (uint32_t)size));
}

struct mr_val
mr_condense(struct mr_cx *cx, struct mr_val v)
{
    struct mr_val t;
    uint32_t n = 0;
    char *p;

    if (!mr_is_here(v))
        return v;
    t = mr_without_blanks(v);
    for (n = 1; n < t.n; n++)
        if (mr_is_blank(t.p[n]) && (t.p[n] != ' ' || mr_is_blank(t.p[n - 1])))
            break;
    if (n >= t.n)
        return mr_step(cx, "condense", t);
    p = mr_alloc(cx, t.n);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    n = 0;
    for (uint32_t i = 0; i < t.n; i++) {
        if (!mr_is_blank(t.p[i]))
            p[n++] = t.p[i];
        else if (!mr_is_blank(t.p[i - 1]))
            p[n++] = ' ';
    }
    return mr_step(cx, "condense", mr_slice(p, n));
}

struct mr_val
mr_length(struct mr_cx *cx, struct mr_val v)
{
    uint32_t chars;
    char *p, *at;

    if (v.state == MR_EMPTY)
        return mr_text("0");
    if (!mr_is_here(v))
        return v;
    p = mr_alloc(cx, 16);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    at = p + 16;
    chars = mr_chars(v.p, v.n);
    do
        *--at = (char)('0' + chars % 10);
    while ((chars /= 10) != 0);
    return mr_step(cx, "length", mr_slice(at, (uint32_t)(p + 16 - at)));
}

struct mr_val
mr_contains(struct mr_cx *cx, struct mr_val v, const char *text)
{
    if (v.state == MR_FAILED)
        return v;
    return mr_step(cx, "contains",
                   mr_bool(mr_is_here(v) &&
                           find(v, 0, text, strlen(text)) < v.n));
}

struct mr_val
mr_starts_with(struct mr_cx *cx, struct mr_val v, const char *text)
{
    size_t n = strlen(text);

    if (v.state == MR_FAILED)
        return v;
    return mr_step(cx, "starts_with",
                   mr_bool(mr_is_here(v) && n <= v.n &&
                           memcmp(v.p, text, n) == 0));
}

struct mr_val
mr_ends_with(struct mr_cx *cx, struct mr_val v, const char *text)
{
    size_t n = strlen(text);

    if (v.state == MR_FAILED)
        return v;
    return mr_step(cx, "ends_with",
                   mr_bool(mr_is_here(v) && n <= v.n &&
                           memcmp(v.p + v.n - n, text, n) == 0));
}

struct mr_val
mr_coalesce(struct mr_cx *cx, struct mr_val v, struct mr_val b,
            struct mr_val c, struct mr_val d)
{
    struct mr_val all[] = { v, b, c, d }, nothing = mr_missing();

    for (int i = 0; i < 4; i++) {
        if (mr_is_here(all[i]) || all[i].state == MR_FAILED)
            return mr_step(cx, "coalesce", all[i]);
        if (all[i].state == MR_EMPTY)
            nothing = all[i];
    }
    return mr_step(cx, "coalesce", nothing);
}
