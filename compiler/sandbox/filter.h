/* SPDX-License-Identifier: Apache-2.0 */
/* $filter: parsed once, asked of each record. */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "sandbox/doc.h"

struct filter;

/* NULL and the reason in *wrong (in the arena) for what can't be asked. */
struct filter *filter_parse(struct arena *a, const struct kind *k,
                            const char *text, const char **wrong);
bool filter_holds(const struct filter *f, struct arena *a,
                  const struct slot *slots);

/* What the filter demands anyway, so that not all records have to be looked
 * at. */
struct filter_plan {
    VEC(const char *) values;   /* `field` is one of these; n 0: unknown */
    int field;
    bool since;                 /* changed at `from_ms` or later */
    int64_t from_ms;
};

void filter_plan(const struct filter *f, struct arena *a,
                 const struct kind *k, struct filter_plan *plan);

#endif
