/* SPDX-License-Identifier: Apache-2.0 */
/* What the command explain found out, between finding and telling. */
#ifndef HOST_EXPLAIN_H
#define HOST_EXPLAIN_H

#include "host/fetch.h"
#include "host/replication.h"

struct explaining {
    struct session s;
    const struct mr_map *map;
    int to;                     /* the side that is explained */
    const char *key;
    const char *field;          /* NULL: all */
    bool personal;
    struct store_link link;     /* texts in the configuration's memory */
    bool linked;
    struct base base;
    struct merge m;
    struct fetched live[2];
    bool no_record;             /* its system was asked, and has none */
    struct merge_result result;
    bool decided;
    char *frame;                /* of both records, for their values */
};

enum { DECISIONS_SHOWN = 5 };

/* Does the rule set what is explained? */
bool explain_sets(const struct explaining *x, const struct mr_rule *r);
/* What would be done now, into x->result. */
void explain_decide(struct explaining *x);
/* What would be done about a rule; NULL: nothing, both agree. */
const struct merge_cell *explain_cell(const struct explaining *x, int rule);
/* Says that no rule sets x->field. */
void explain_unknown_field(const struct explaining *x);

/* All of it, on standard output: for people, or as one JSON object
 * (explain_json.c). The exit code. */
int explain_tell(struct explaining *x);
int explain_tell_json(struct explaining *x);

#endif
