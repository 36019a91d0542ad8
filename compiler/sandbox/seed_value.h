/* SPDX-License-Identifier: Apache-2.0 */
/* One made-up value. */
#ifndef SANDBOX_SEED_VALUE_H
#define SANDBOX_SEED_VALUE_H

#include <jansson.h>

#include "sandbox/seed_tree.h"
#include "sandbox/store.h"

/* Records that others may refer to: so many, numbered from the first. */
struct seed_pool {
    const char *what;
    uint64_t first, n;
};

/* The record that is being made. */
struct growing {
    struct arena *arena;
    struct model *model;
    struct store *store;
    const struct kind *kind;
    uint64_t state;             /* of the random numbers */
    uint64_t number;            /* of the record */
    const char *country;
    bool flawed;                /* a flaw is still to be made */
    size_t bytes;               /* least of an attachment */
    struct seed_pool *pools;    /* found out once; room for SEED_POOLS */
};

enum { SEED_POOLS = 4 };

uint64_t seed_random(struct growing *g, uint64_t below);
/* NULL: the field holds nothing. */
json_t *seed_value(struct growing *g, const struct seed_node *node,
                   const struct seed_field *f, unsigned row);

#endif
