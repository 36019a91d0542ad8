/* SPDX-License-Identifier: Apache-2.0 */
/* A package's files, read from where another version of it lies. */
#include <stdlib.h>
#include <string.h>

#include "sema/check.h"
#include "sema/env.h"

/* A path without links, or as it is where there is no such file. */
static const char *
real(struct env *env, const char *path)
{
    char *found = realpath(path, NULL);
    const char *copy = found == NULL ? path
                       : arena_copy(env->arena, found, strlen(found));

    free(found);
    return copy;
}

/* What stands behind `top` in a path: "", "/account.map"; NULL: it is no part
 * of it. */
static const char *
rest_of(const char *path, const char *top)
{
    size_t n = strlen(top);

    if (strncmp(path, top, n) != 0 || (path[n] != '/' && path[n] != '\0'))
        return NULL;
    return path + n;
}

const char *
swap_path(struct env *env, const char *path)
{
    struct check_swap *s = env->swap;
    const char *rest;

    if (s == NULL)
        return path;
    const char *to = real(env, path);
    if (rest_of(to, real(env, s->here)) != NULL) {
        s->used = true;
        return path;
    }
    rest = rest_of(to, real(env, s->away));
    if (rest == NULL)
        return path;
    s->used = true;
    return arena_printf(env->arena, "%s%s", s->here, rest);
}
