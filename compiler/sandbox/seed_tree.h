/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What made-up records of a kind have to hold so that the maps can map them:
 * the fields that rules read on their way to the other system, each with what
 * its rule asks of a value.
 */
#ifndef SANDBOX_SEED_TREE_H
#define SANDBOX_SEED_TREE_H

#include "sandbox/model.h"

struct seed_field {
    const struct member *member;
    bool key, match;            /* of the map; of the list */
    bool needed;                /* here, or by what it becomes there */
    const struct tcodes *codes; /* NULL: not looked up */
    int column;                 /* of the codes: this side's */
    unsigned zeros;             /* numbers are padded to this length */
    uint32_t most;              /* characters that the other side takes */
    const char *word;           /* of seed_words.def, or NULL */
};

/* The record itself, or the rows of a list or segment below. */
struct seed_node {
    const struct member *member;        /* NULL: the record */
    const char *name;                   /* of the type, for look-ups */
    const struct member *selector;      /* with `equals`: one row only */
    const char *equals;
    bool each;                          /* rows that a map goes through */
    VEC(struct seed_field) fields;
    VEC(struct seed_node *) nodes;
};

struct seed_node *seed_tree(struct model *m, const struct kind *k);

/* Do records of this kind name records of others? */
bool seed_refers(struct model *m, const struct kind *k);

/* The text of seed_words.def for this field; NULL. */
const char *seed_word(const struct seed_node *node, const char *field);

#endif
