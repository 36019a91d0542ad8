/* SPDX-License-Identifier: Apache-2.0 */
/* Circles of rules: what the search and the judgement of one share. */
#ifndef SEMA_CIRCLE_H
#define SEMA_CIRCLE_H

#include "sema/env.h"

enum {
    CIRCLE_MAX = 8,                 /* rules in one circle */
    STEPS_MAX = 64                  /* conversions */
};

/* One rule in one direction, from one field to one other. */
struct way {
    const struct tmap *map;
    const struct trule *rule;
    enum side to;
    const char *from_text, *to_text;    /* the fields as written */
    size_t from, at;                /* their numbers */
};

/* A conversion on the way; `right`: its way to the right. */
struct turn {
    const struct tconv *conv;
    const struct trule *rule;
    bool right;
};

struct steps {
    struct turn at[STEPS_MAX];
    size_t n;
    size_t end[CIRCLE_MAX];         /* behind the last one of each way */
};

enum verdict {
    CIRCLE_RESTS,                   /* proven: after one round it stays */
    CIRCLE_UNKNOWN,
    CIRCLE_OSCILLATES               /* a value shows that it does not */
};

/* A value that changes in the second round: as it is in the field that each
 * way leads to, over two rounds. */
struct circle_value {
    const char *start;
    const char *at[2 * CIRCLE_MAX];
};

/* What becomes of values that go round by these ways. */
enum verdict circle_judge(struct arena *a, const struct way *const *ways,
                          size_t n, struct circle_value *shown);
/* … by trying values; CIRCLE_RESTS: all that were tried stay. */
enum verdict circle_try(struct arena *a, const struct steps *steps,
                        const struct way *const *ways, size_t n,
                        struct circle_value *shown);
/* The same for rules that choose between values, of one list. */
enum verdict circle_choices(const struct way *const *ways, size_t n,
                            struct circle_value *shown);

/* Has a field of this type room for a text? Other types have none. */
bool circle_fits(const struct type *t, const char *value);
/* The same field of a record, whichever map it is in. */
bool same_place(const struct tpath *a, const struct tpath *b);

#endif
