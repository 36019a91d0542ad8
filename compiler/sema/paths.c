/* SPDX-License-Identifier: Apache-2.0 */
/* File names: what lies beside a file, and a name without its folders. */
#include "sema/paths.h"

#include <stdbool.h>
#include <string.h>

const char *
path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* a/./b => a/b, a/b/../c => a/c: one file has one name. What a folder's link
 * points to is not looked at. */
static void
fold(char *path)
{
    char *out = path, *start = path + (*path == '/');

    for (const char *p = start; *p != '\0';) {
        size_t n = strcspn(p, "/");
        bool slash = p[n] == '/';

        if (out == path && start > path)
            out = start;
        if (n == 2 && memcmp(p, "..", 2) == 0 && out > start &&
            !(out - start >= 3 && memcmp(out - 3, "../", 3) == 0)) {
            for (out--; out > start && out[-1] != '/'; out--)
                ;
        } else if (n > 0 && !(n == 1 && *p == '.')) {
            memmove(out, p, n + slash);
            out += n + slash;
        }
        p += n + slash;
    }
    *out = '\0';
}

const char *
path_beside(struct arena *a, const char *file, const char *name)
{
    char *path = *name == '/'
        ? arena_copy(a, name, strlen(name))
        : arena_printf(a, "%.*s%s", (int)(path_base(file) - file), file, name);

    fold(path);
    return path;
}
