/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls the standard library's C functions by name, in either direction, with
 * arguments as they stand in a map. Made from native.def, so that a function
 * that is missing, or has other parameters, does not compile.
 */
#ifndef TESTS_STDLIB_CALLS_H
#define TESTS_STDLIB_CALLS_H

#include <stdlib.h>

#include "mr/conv.h"
#include "sema/native.h"

enum { CALL_PARTS = 8 };

struct call_arg {
    const char *text;           /* NULL: left out */
    uint32_t count;
    struct mr_val value;
};

struct call_io {
    const struct mr_val *in;
    struct mr_val *out;
    uint32_t n_in, n_out;
    const struct call_arg *a;
};

#define ARGS_NOTHING
#define ARGS_COUNT , a[0].count
#define ARGS_COUNT_COUNT , a[0].count, a[1].count
#define ARGS_COUNT_TEXT , a[0].count, a[1].text
#define ARGS_TEXT , a[0].text
#define ARGS_TEXT_TEXT , a[0].text, a[1].text
#define ARGS_FORM , a[0].text
#define ARGS_FORM_TEXT , a[0].text, a[1].text
#define ARGS_FORM_ZONE , a[0].text, a[1].text
#define ARGS_PATTERN , a[0].text
#define ARGS_ZONE , a[0].text
#define ARGS_VALUE , a[0].value
#define ARGS_VALUE3 , a[0].value, a[1].value, a[2].value

#define CALLER(name, statement)                                               \
    static void name(struct mr_cx *cx, const struct call_io *io)              \
    {                                                                         \
        const struct call_arg *a = io->a;                                     \
                                                                              \
        (void)a;                                                              \
        statement;                                                            \
    }
#define PLAIN(name, shape, f)                                                 \
    CALLER(name, io->out[0] = f(cx, io->in[0] ARGS_##shape))
#define SPREAD(name, shape, f)                                                \
    CALLER(name, f(cx, io->in[0] ARGS_##shape, io->out, io->n_out))
#define GATHER(name, shape, f)                                                \
    CALLER(name, io->out[0] = f(cx, io->in, io->n_in ARGS_##shape))

#define BOTH_FAN_NONE(name, shape, r, l)                                      \
    PLAIN(right_##name, shape, r) PLAIN(left_##name, shape, l)
#define BOTH_FAN_SPLIT(name, shape, r, l)                                     \
    SPREAD(right_##name, shape, r) GATHER(left_##name, shape, l)
#define BOTH_FAN_JOIN(name, shape, r, l)                                      \
    GATHER(right_##name, shape, r) SPREAD(left_##name, shape, l)

#define ONE(name, shape, required, function, f, result, words)                \
    PLAIN(right_##name, shape, f)
#define TWO(name, shape, required, fan, back, r, l, result, form, words)      \
    BOTH_##fan(name, shape, r, l)
#include "../../stdlib/native.def"
#undef ONE
#undef TWO

struct call_entry {
    const char *name;
    void (*right)(struct mr_cx *cx, const struct call_io *io);
    void (*left)(struct mr_cx *cx, const struct call_io *io);   /* or NULL */
};

static const struct call_entry call_entries[] = {
#define ONE(name, shape, required, function, f, result, words)                \
    { #name, right_##name, NULL },
#define TWO(name, shape, required, fan, back, r, l, result, form, words)      \
    { #name, right_##name, left_##name },
#include "../../stdlib/native.def"
#undef ONE
#undef TWO
};

enum { CALL_ENTRIES = sizeof call_entries / sizeof call_entries[0] };

static const struct call_entry *
call_find(const char *name)
{
    for (int i = 0; i < CALL_ENTRIES; i++)
        if (strcmp(call_entries[i].name, name) == 0)
            return &call_entries[i];
    return NULL;
}

static inline bool
call_equal(struct mr_val a, struct mr_val b)
{
    return a.state == b.state &&
           (a.state != MR_FAILED || a.why == b.why) &&
           (a.state != MR_HERE || (a.n == b.n && memcmp(a.p, b.p, a.n) == 0));
}

/* "text", empty, missing or failed WHY, for messages. */
static inline const char *
call_words(struct mr_val v, char *buf, size_t size)
{
    static const char *const whys[] = {
#define W(name, words) #name,
#include "mr/why.def"
#undef W
    };

    if (v.state == MR_HERE)
        snprintf(buf, size, "\"%.*s\"", (int)v.n, v.p);
    else
        snprintf(buf, size, "%s%s", v.state == MR_EMPTY ? "empty" :
                 v.state == MR_MISSING ? "missing" : "failed ",
                 v.state == MR_FAILED ? whys[v.why] : "");
    return buf;
}

#endif
