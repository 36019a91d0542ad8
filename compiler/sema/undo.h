/* SPDX-License-Identifier: Apache-2.0 */
/* Does one way of a `convert` undo the other one? */
#ifndef SEMA_UNDO_H
#define SEMA_UNDO_H

#include "sema/env.h"

enum undo {
    UNDO_ALL,                   /* every value comes back as it was */
    UNDO_SETTLES,               /* some as others, and these stay */
    UNDO_WANDERS,               /* one as another each time */
    UNDO_UNKNOWN                /* the bodies don't tell */
};

/* Of values of type `in` that are converted (backward: to the left) and back.
 * `args` as in struct tconv. *words, UNDO_SETTLES: which come back as others;
 * UNDO_WANDERS: one, and as what. */
enum undo undo_check(struct env *env, const struct tfunction *t,
                     const targ_vec *args, bool backward,
                     const struct type *in, const char **words);

#endif
