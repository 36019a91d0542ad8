/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program wrote, as documents of fields: to be compared, not checked.
 * Values stay the text that they are, so no digit is lost.
 */
#ifndef DRIVER_REPLAY_FLAT_H
#define DRIVER_REPLAY_FLAT_H

#include <stdbool.h>

#include "base/names.h"
#include "base/vec.h"

struct flat_field {
    const char *path;           /* "E1KNA1M.E1KNVKM.NAMEV" */
    const char *key;            /* the same with the rows it stands in */
    const char *value;
};

struct flat_doc {
    VEC(struct flat_field) fields;
};
typedef VEC(struct flat_doc *) flat_docs;

/* One value after another. False: not as a program writes it. */
bool flat_json(struct arena *a, struct names *ns, const char *text, size_t n,
               flat_docs *out);
/* `below`: documents are the elements below the roots, not the roots. */
bool flat_xml(struct arena *a, struct names *ns, const char *text, size_t n,
              bool below, flat_docs *out);

/* --- replay_flat.c, for the two readers --- */

enum { FLAT_DEPTH = 260 };

/* Where a reader is. */
struct flat {
    struct arena *arena;
    struct names *names;
    const char *at, *end;
    struct flat_doc *doc;       /* being read */
    struct table counts;        /* path: how often it came, in this document */
    struct {
        const char *path, *key;
    } open[FLAT_DEPTH];
    size_t depth;
};

void flat_begin(struct flat *f);
/* One level further in; false where that is too deep. */
bool flat_open(struct flat *f, const char *name, size_t n);
void flat_close(struct flat *f);
/* The value of what is open. */
void flat_value(struct flat *f, const char *value);

#endif
