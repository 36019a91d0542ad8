/* SPDX-License-Identifier: Apache-2.0 */
/* The passes, in order: names, functions, maps, tests. */
#include "sema/check.h"

#include <stdlib.h>
#include <string.h>

#include "sema/env.h"
#include "sema/paths.h"

static int
by_name(const void *a, const void *b)
{
    const struct tsource *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    if (order != 0)
        return order;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* account.map => account */
static const char *
name_of_file(struct env *env, const char *path)
{
    const char *base = path_base(path);
    const char *dot = strrchr(base, '.');
    size_t n = dot == NULL || dot == base ? strlen(base)
                                          : (size_t)(dot - base);

    return arena_copy(env->arena, base, n);
}

static void
name_program(struct env *env, const char *path)
{
    struct tprogram *p = env->program;

    if (env->deployments.n > 0)
        p->name = env->deployments.at[0]->name.text;
    else if (env->scenario != NULL)
        p->name = env->scenario->name.text;
    else
        p->name = name_of_file(env, path);
    p->title = env->scenario != NULL && env->scenario->title != NULL
                   ? env->scenario->title : p->name;
    for (size_t i = 1; i < env->deployments.n; i++) {
        struct diag *d = diag_add(env->diags, DIAG_DECLARED_TWICE,
                                  env->deployments.at[i]->name.at,
                                  "one program has one deployment");
        diag_label(d, env->deployments.at[0]->name.at, "first here");
    }
}

static void
check_functions(struct env *env)
{
    for (size_t i = 0; i < env->function_names.n; i++) {
        struct declared_function *f =
            table_find(&env->functions, env->function_names.at[i]);

        if (f != NULL)
            function_check(env, f);
    }
}

struct tprogram *
check_program(const struct check_input *in, const char *path)
{
    struct env env = {
        .arena = in->arena, .names = in->names, .diags = in->diags,
        .sources = in->sources, .folders = in->folders, .swap = in->swap
    };

    env.program = arena_alloc(in->arena, sizeof *env.program);
    load_library(&env);
    load_program(&env, path);
    name_program(&env, path);
    check_functions(&env);
    check_maps(&env);
    check_replicates(&env);
    check_calls(&env);
    check_amounts(&env);
    if (diags_errors(env.diags) == 0) {
        check_circles(&env);
        check_feeding(&env);
    }
    check_tests(&env);
    if (diags_errors(env.diags) == 0)
        use_functions(&env);
    if (env.program->maps.n == 0 && env.program->calls.n == 0 && diags_errors(env.diags) == 0) {
        struct span nowhere = { 0, 0, 0 };
        diag_add(env.diags, DIAG_NOTHING_TO_MAP, nowhere,
                 "%s has no map and no call, and uses none", path);
    }
    if (env.program->sources.n > 1)
        qsort(env.program->sources.at, env.program->sources.n,
              sizeof(struct tsource), by_name);
    return env.program;
}
