/* SPDX-License-Identifier: Apache-2.0 */
/* Which functions the maps really call: only those go into the program, the
 * called ones before their callers. */
#include "sema/env.h"

static void use_expr(struct env *env, const struct texpr *e);

static void
use_function(struct env *env, const struct tfunction *function, bool backward)
{
    /* The tree is still being made; only plan sees it as constant. */
    struct tfunction *f = (struct tfunction *)function;
    const struct texpr *body = backward ? f->backward : f->forward;
    bool listed = f->uses_forward || f->uses_backward;

    if (backward ? f->uses_backward : f->uses_forward)
        return;
    if (backward)
        f->uses_backward = true;
    else
        f->uses_forward = true;
    use_expr(env, body);
    if (!listed)
        vec_push(env->arena, &env->program->functions, f);
}

static void
use_args(struct env *env, const targ_vec *args)
{
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            use_expr(env, args->at[i].expr);
}

static void
use_expr(struct env *env, const struct texpr *e)
{
    if (e == NULL)
        return;
    if (e->kind == TEXPR_CALL)
        use_args(env, &e->u.call.args);
    if (e->kind != TEXPR_USER)
        return;
    use_args(env, &e->u.user.args);
    use_function(env, e->u.user.function, e->u.user.backward);
}

static void
use_conv(struct env *env, const struct trule *r, const struct tconv *c)
{
    use_args(env, &c->args);
    for (enum side to = LEFT; to <= RIGHT && c->kind == TCONV_USER; to++) {
        bool backward = (to == LEFT) != c->turned;

        if (!r->runs[to])
            continue;
        if ((backward ? c->user->backward : c->user->forward) == NULL)
            backward = !backward;
        use_function(env, c->user, backward);
    }
}

static void
use_level(struct env *env, const struct tlevel *level)
{
    for (size_t i = 0; i < level->where.n; i++)
        use_expr(env, level->where.at[i].test);
    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        use_expr(env, r->source[LEFT]);
        use_expr(env, r->source[RIGHT]);
        use_expr(env, r->when);
        for (size_t c = 0; c < r->chain.n; c++)
            use_conv(env, r, &r->chain.at[c]);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        use_level(env, level->levels.at[i]);
}

void
use_functions(struct env *env)
{
    for (size_t i = 0; i < env->program->maps.n; i++)
        use_level(env, env->program->maps.at[i]->root);
}
