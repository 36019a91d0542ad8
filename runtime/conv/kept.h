/* SPDX-License-Identifier: Apache-2.0 */
/* What conversions make once and use again, found by kind and name. The name
 * is borrowed and must live as long as the context: literals do. */
#ifndef CONV_KEPT_H
#define CONV_KEPT_H

#include "mr/cx.h"

typedef void mr_release_fn(struct mr_cx *cx, struct mr_kept *kept);

/* The kind is told by its release function. */
static inline struct mr_kept *
mr_kept_find(const struct mr_cx *cx, mr_release_fn *kind, const char *name)
{
    struct mr_kept *k = cx->kept;

    while (k != NULL && (k->release != kind ||
                         (k->name != name && strcmp(k->name, name) != 0)))
        k = k->next;
    return k;
}

static inline void
mr_kept_add(struct mr_cx *cx, struct mr_kept *kept, mr_release_fn *kind,
            const char *name)
{
    kept->release = kind;
    kept->name = name;
    kept->next = cx->kept;
    cx->kept = kept;
}

#endif
