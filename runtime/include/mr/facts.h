/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program relies on of the services it replicates with, as the schemas
 * said when it was compiled, and which rule relies on it: the command check
 * compares this with what the services say today.
 */
#ifndef MR_FACTS_H
#define MR_FACTS_H

#include <stdbool.h>
#include <stdint.h>

struct mr_codes;

struct mr_fact_use {
    const char *at, *rule;      /* "account.map:21"; as written */
    bool read, written;
    const struct mr_codes *codes;       /* looked up there, or NULL */
    uint8_t side;               /* of `codes`: which of its sides this is */
};

/* A property, or a navigation to records below. */
struct mr_fact {
    const char *name;
    const char *type;           /* "Edm.String"; NULL: a navigation */
    uint32_t max_chars;         /* 0: no limit */
    uint16_t precision, scale;
    bool key, nullable, creatable, updatable;
    const char *code_list;      /* entity set with its codes; NULL */
    const struct mr_fact_use *uses;
    uint16_t n_uses;
};

struct mr_relied {
    const char *system;
    const char *type, *set;     /* entity type, its first set or NULL */
    const char *at, *rule;      /* the map or list that uses it first */
    bool created, updated;      /* by the program */
    bool uncreatable, unupdatable;      /* said of the set */
    const struct mr_fact *facts;
    uint16_t n_facts;
    const char *const *required;        /* what may not be empty; ended by
                                           NULL */
};

#endif
