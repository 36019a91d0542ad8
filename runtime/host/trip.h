/* SPDX-License-Identifier: Apache-2.0 */
/* One two-way rule run alone: values set on a side, sent over, read there. */
#ifndef HOST_TRIP_H
#define HOST_TRIP_H

#include "host/host.h"

enum { TRIP_FIELDS = 16 };

/* Of the fields of a side of the rule. */
struct trip_values {
    struct mr_val v[TRIP_FIELDS];
};

struct trip {
    const struct mr_pair *pair;
    struct mr_cx cx;
    struct host_frame frame;
    struct mr_trace hooks;
    bool failed;            /* some value, on the last way */
    enum mr_why why;        /* the first one's reason */
};

/* MR_EMEMORY: nothing has to be closed. */
enum mr_status trip_open(struct trip *t, const struct mr_map *map);
void trip_close(struct trip *t);

/* A new record of that side of t->pair, with no memory of the last one. */
void trip_clear(struct trip *t);
const struct mr_field *trip_fields(const struct mr_pair *p, int side,
                                   size_t *n);
void trip_set_field(struct trip *t, const struct mr_field *f, struct mr_val v);
/* NULL: all missing. */
void trip_set(struct trip *t, int side, const struct trip_values *values);
void trip_get(struct trip *t, int side, struct trip_values *out);
bool trip_same(const struct trip *t, int side, const struct trip_values *a,
               const struct trip_values *b);
/* From that side to the other one; false where a value failed. */
bool trip_go(struct trip *t, int from);

#endif
