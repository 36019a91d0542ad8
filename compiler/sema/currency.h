/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts, and what is known of their currencies: the inside of amounts.c. */
#ifndef SEMA_CURRENCY_H
#define SEMA_CURRENCY_H

#include "sema/env.h"

struct amount {
    const struct tpath *path;
    const struct member *currency;
};

/* A condition that holds: `a` is `b`, or the text where b is NULL. */
struct fact {
    const struct tpath *a, *b;
    const char *text;
};

struct facts {
    struct arena *arena;
    VEC(struct fact) list;
};

/* What is known where this condition holds. */
void facts_learn(struct facts *facts, const struct texpr *test);
bool same_currency(const struct facts *facts, const struct amount *a,
                   const struct amount *b);

#endif
