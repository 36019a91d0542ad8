/* SPDX-License-Identifier: Apache-2.0 */
/* A rule's chain of conversions: its names resolved once, its types followed
 * in each direction. */
#ifndef SEMA_CHAIN_H
#define SEMA_CHAIN_H

#include "sema/scope.h"

/* One conversion with what its checks need besides `struct tconv`. */
struct link {
    struct tconv conv;
    const struct conv *ast;
    struct native_args args;
    struct declared_function *user;
    why_set arg_failures;
};

struct chain {
    VEC(struct link) links;
    bool broken;                    /* an error was reported: no types */
};

struct chain chain_resolve(struct scope *sc, const conv_vec *written);

enum { FIELDS_MAX = 16 };

/* Values under way in one direction. */
struct flow {
    struct scope *sc;
    struct trule *rule;
    const struct chain *chain;
    enum side to;
    struct type value;              /* while it is one value */
    struct type parts[FIELDS_MAX];  /* while it is several */
    uint32_t n_parts;               /* 0: one value */
    why_set failures;
    const struct link *at_fault;    /* the last link that can fail, or NULL */
    const char *changes;            /* what the way back may change, and */
    const char *changed_by;         /* the conversion; the first one's */
    const char *loses, *lost_by;    /* of that what is lost; the first one's */
    uint32_t n_changing;
    bool other_than_filter;         /* some of these is no filter of text */
    bool own;
    bool own_settles;               /* one of one's own alone: some values come
                                       back as others that stay, if nothing
                                       else refuses them */
};

/* Follows the chain; false after reporting. On true the value, or the parts
 * for each field of the target, are in `f`. */
bool chain_follow(struct flow *f);

#endif
