/* SPDX-License-Identifier: Apache-2.0 */
/* File names: what lies beside a file, and a name without its folders. */
#include "sema/paths.h"

#include <string.h>

const char *
path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

const char *
path_beside(struct arena *a, const char *file, const char *name)
{
    if (*name == '/')
        return name;
    return arena_printf(a, "%.*s%s", (int)(path_base(file) - file), file, name);
}
