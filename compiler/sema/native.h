/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard library as the compiler sees it: for each function or
 * conversion its parameters, its C functions, and what it makes of types. The
 * table is stdlib/native.def; words and examples are in stdlib/<topic>.map.
 */
#ifndef SEMA_NATIVE_H
#define SEMA_NATIVE_H

#include "mr/val.h"
#include "schema/type.h"

/* C parameter types: COUNT uint32_t; TEXT, FORM, PATTERN, ZONE const char *
 * (literals, checked when compiling); VALUE struct mr_val (any expression). */
enum native_param {
    PARAM_NONE, PARAM_COUNT, PARAM_TEXT, PARAM_FORM, PARAM_PATTERN, PARAM_ZONE,
    PARAM_VALUE
};

enum { NATIVE_PARAMS = 4 };

/* How a conversion treats several fields. */
enum native_fan {
    FAN_NONE,           /* struct mr_val f(cx, v, args…) both ways */
    FAN_SPLIT,          /* right: void f(cx, v, args…, struct mr_val *parts,
                           uint32_t n); left: struct mr_val f(cx,
                           const struct mr_val *parts, uint32_t n, args…) */
    FAN_JOIN            /* right as FAN_SPLIT's left, left as its right */
};

enum native_back {
    BACK_NONE,          /* one way: `left` is NULL */
    BACK_EXACT,         /* comes back the same on the whole domain */
    BACK_DOMAIN,        /* the same on the domain that `domain` describes;
                           other values as BACK_CANONICAL, or they fail */
    BACK_CANONICAL      /* the same after a stable normalisation */
};

/* A set of enum mr_why, one bit each. */
typedef uint64_t why_set;
#define WHY(name) ((why_set)1 << MR_WHY_##name)

struct native_arg {
    const char *text;           /* literals: decoded text or digits */
    uint32_t count;             /* PARAM_COUNT */
    const struct type *type;    /* PARAM_VALUE */
};

/* One use in one direction: in goes through, out comes. For functions in
 * expressions: to_right is true, `in` is the type of the first argument. */
struct native_use {
    bool to_right;
    const struct type *in;      /* of the one value; of the first part of a fan */
    const struct type *parts;   /* fans: the types of the single fields */
    uint32_t n_parts;
    const struct native_arg *args;      /* n as written */
    uint32_t n_args;
};

struct native_result {
    struct type out;            /* of the value; of each part of a fan out */
    why_set failures;           /* that can happen for values of type in */
    const char *problem;        /* NULL, or why the types or literals don't fit,
                                   a clause: "it takes text, not a date" */
    const char *help;           /* NULL, or what to do then */
};

struct native {
    const char *name;
    enum native_fan fan;
    enum native_back back;
    bool function;              /* usable as f(value, args…) in expressions */
    enum native_param params[NATIVE_PARAMS];
    uint32_t n_params, n_required;      /* optional ones are passed as 0, NULL
                                           or mr_missing() */
    const char *right, *left;   /* C functions */
    void (*result)(struct arena *a, const struct native_use *use,
                   struct native_result *out);
    const char *domain;         /* words, for BACK_DOMAIN and the docs */
    const char *form;           /* self-test: how a valid left text looks: "9"
                                   digits without a zero in front, "word"
                                   letters, else a sample whose digits may be
                                   other ones from 1 to 9; NULL: any */
};

/* Of the values of type use->in that get through in this direction: which ones
 * may be others after the way back, in words ("lower case"). NULL: none, that
 * is certain. For conversions with a way back. native_facts.c */
const char *native_changes(const struct native *n,
                           const struct native_use *use);

/* Is what they lose more than the way they are written? */
bool native_loses(const struct native *n, const struct native_use *use);

/* Does it work alike both ways, so that several of them in a chain settle
 * whatever their order? */
bool native_is_filter(const struct native *n);

/* NULL where there is none. */
const struct native *native_find(const char *name);
/* All of them, in the order of native.def. */
const struct native *native_list(size_t *n);

#endif
