/* SPDX-License-Identifier: Apache-2.0 */
/* File names: what lies beside a file, and a name without its folders. */
#ifndef SEMA_PATHS_H
#define SEMA_PATHS_H

#include "base/arena.h"

/* `name` relative to the folder of `file`; an absolute name as it is. */
const char *path_beside(struct arena *a, const char *file, const char *name);
const char *path_base(const char *path);

#endif
