/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of library functions and of the user's own, with their arguments. */
#include <stdlib.h>
#include <string.h>

#include "sema/scope.h"

enum { COUNT_MAX = 100000, BODY_DEPTH = 32 };

/* --- names --- */

struct known {
    VEC(const char *) names;
};

static const char *
known_name(const void *names, size_t i)
{
    return ((const struct known *)names)->names.at[i];
}

static const char *
closest_function(struct env *env, const char *wrong)
{
    struct known known = { 0 };
    size_t n;
    const struct native *natives = native_list(&n);

    for (size_t i = 0; i < n; i++)
        vec_push(env->arena, &known.names, natives[i].name);
    for (size_t i = 0; i < env->function_names.n; i++)
        vec_push(env->arena, &known.names, env->function_names.at[i]);
    return closest_name(wrong, known_name, &known, known.names.n);
}

struct declared_function *
find_function(struct env *env, struct name name, const char *what)
{
    struct declared_function *f = table_find(&env->functions, name.text);

    if (f != NULL)
        return f;
    const char *near = closest_function(env, name.text);
    if (near == NULL && env->damaged)
        return NULL;
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_FUNCTION, name.at,
                              "there is no %s %s", what, name.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    diag_note(d, NOTE_HELP, "`mapc explain stdlib` lists the library");
    return NULL;
}

/* --- arguments of the library's functions --- */

static bool
wrong_argument(struct env *env, const struct expr *e, struct name name,
               const char *wanted)
{
    struct diag *d = diag_add(env->diags, DIAG_WRONG_ARGUMENT, e->at,
                              "%s takes %s here", name.text, wanted);

    diag_note(d, NOTE_HELP, "`mapc explain %s` shows how it is used",
              name.text);
    return false;
}

static bool
literal_argument(struct env *env, enum native_param param, struct name name,
                 const struct expr *e, struct targ *arg, struct native_arg *use)
{
    if (param == PARAM_COUNT) {
        long n = e->kind == EXPR_NUMBER ? strtol(e->u.text, NULL, 10) : -1;

        if (n < 0 || n > COUNT_MAX || strchr(e->u.text, '.') != NULL)
            return wrong_argument(env, e, name, "a whole number, written out");
        arg->kind = TARG_COUNT;
        arg->count = use->count = (uint32_t)n;
        return true;
    }
    if (e->kind != EXPR_TEXT)
        return wrong_argument(env, e, name, "a text written out in quotes");
    arg->kind = TARG_TEXT;
    arg->text = e->u.text;
    return true;
}

static void
left_out(enum native_param param, struct env *env, struct span at,
         struct targ *arg, struct native_arg *use)
{
    switch (param) {
    case PARAM_NONE:
    case PARAM_COUNT:
        arg->kind = TARG_COUNT;
        break;
    case PARAM_TEXT:
    case PARAM_FORM:
    case PARAM_PATTERN:
    case PARAM_ZONE:
        arg->kind = TARG_NULL;
        break;
    case PARAM_VALUE: {
        struct texpr *t = texpr_new(env, TEXPR_MISSING, at);

        t->type = type_of_kind(TYPE_TEXT);
        arg->kind = TARG_EXPR;
        arg->expr = t;
        use->type = NULL;
        break;
    }
    }
}

bool
check_native_args(struct scope *sc, const struct native *n, struct name name,
                  const expr_vec *written, size_t first,
                  struct native_args *out)
{
    struct env *env = sc->env;
    size_t count = written->n - first;

    memset(out, 0, sizeof *out);
    if (count < n->n_required || count > n->n_params) {
        const char *wanted = n->n_required == n->n_params
            ? arena_printf(env->arena, "%u", n->n_params)
            : arena_printf(env->arena, "%u to %u", n->n_required,
                           n->n_params);
        struct diag *d = diag_add(env->diags, DIAG_WRONG_ARGUMENT, name.at,
                                  "%s takes %s argument%s%s, not %zu",
                                  name.text, wanted,
                                  n->n_params == 1 ? "" : "s",
                                  first > 0 ? " behind the value" : "", count);
        diag_note(d, NOTE_HELP, "`mapc explain %s` shows how it is used",
                  name.text);
        return false;
    }
    for (size_t i = 0; i < n->n_params; i++) {
        struct targ arg = { TARG_NULL, NULL, 0, NULL };
        struct native_arg *use = &out->uses[i];

        if (i >= count) {
            left_out(n->params[i], env, name.at, &arg, use);
        } else if (n->params[i] == PARAM_VALUE) {
            struct texpr *t = check_expr(sc, written->at[first + i]);

            arg.kind = TARG_EXPR;
            arg.expr = t;
            use->type = &t->type;
            out->failures |= t->failures;
        } else if (!literal_argument(env, n->params[i], name,
                                     written->at[first + i], &arg, use)) {
            return false;
        }
        use->text = arg.text;
        vec_push(env->arena, &out->args, arg);
    }
    return true;
}

static struct texpr *
failed_call(struct scope *sc, const struct expr *e)
{
    struct texpr *t = texpr_new(sc->env, TEXPR_CONST, e->at);

    t->type = type_of_kind(TYPE_ERROR);
    t->u.text = "";
    return t;
}

static struct texpr *
call_native(struct scope *sc, const struct expr *e, const struct native *n)
{
    struct env *env = sc->env;
    struct native_args args;

    if (!n->function || e->u.call.args.n == 0) {
        struct diag *d = diag_add(env->diags, DIAG_WRONG_ARGUMENT,
                                  e->u.call.name.at, n->function
                                  ? "%s takes a value as its first argument"
                                  : "%s converts a field behind a colon; it is "
                                    "no function", n->name);
        diag_note(d, NOTE_HELP, "`mapc explain %s` shows how it is used",
                  n->name);
        return failed_call(sc, e);
    }
    struct texpr *value = check_expr(sc, e->u.call.args.at[0]);
    if (!check_native_args(sc, n, e->u.call.name, &e->u.call.args, 1, &args) ||
        value->type.kind == TYPE_ERROR)
        return failed_call(sc, e);

    struct native_use use = { true, &value->type, NULL, 0, args.uses,
                              (uint32_t)(e->u.call.args.n - 1) };
    struct native_result result = { .out = value->type };
    n->result(env->arena, &use, &result);
    if (result.problem != NULL) {
        bool it = strncmp(result.problem, "it ", 3) == 0;
        struct diag *d = diag_add(env->diags, DIAG_CONVERSION_UNFIT, e->at,
                                  "%s%s", it ? n->name : "",
                                  result.problem + (it ? 2 : 0));
        diag_note(d, NOTE_FACT, "%s: %s", source_words(env, value->at),
                  describe(env, &value->type));
        if (result.help != NULL)
            diag_note(d, NOTE_HELP, "%s", result.help);
        return failed_call(sc, e);
    }
    struct texpr *t = texpr_call(env, e->at, n->right, true, TYPE_TEXT);
    texpr_arg(env, t, value);
    for (size_t i = 0; i < args.args.n; i++)
        vec_push(env->arena, &t->u.call.args, args.args.at[i]);
    t->type = result.out;
    t->failures |= result.failures | args.failures;
    return t;
}

/* --- the user's functions --- */

static bool
check_kinds(struct scope *sc, const struct expr *e, const struct tfunction *f,
            const struct type *types)
{
    for (size_t i = 0; i < f->params.n; i++) {
        if (type_same_kind(&types[i], &f->param_types[i]))
            continue;
        diag_add(sc->env->diags, DIAG_WRONG_ARGUMENT,
                 e->u.call.args.at[i]->at, "%s takes %s for %s, this is %s",
                 f->name, type_word(f->param_types[i].kind), f->params.at[i],
                 type_word(types[i].kind));
        return false;
    }
    return true;
}

static struct texpr *
call_user(struct scope *sc, const struct expr *e)
{
    struct env *env = sc->env;
    struct declared_function *f =
        find_function(env, e->u.call.name, "function");
    struct type types[PARAMS_MAX];

    if (f == NULL)
        return failed_call(sc, e);
    if (f->convert != NULL) {
        diag_add(env->diags, DIAG_WRONG_ARGUMENT, e->u.call.name.at,
                 "%s is a conversion; it stands behind a colon",
                 e->u.call.name.text);
        return failed_call(sc, e);
    }
    struct tfunction *typed = function_check(env, f);
    if (typed == NULL)
        return failed_call(sc, e);
    if (typed->params.n != e->u.call.args.n) {
        diag_add(env->diags, DIAG_WRONG_ARGUMENT, e->u.call.name.at,
                 "%s takes %zu argument%s, not %zu", typed->name,
                 typed->params.n, typed->params.n == 1 ? "" : "s",
                 e->u.call.args.n);
        return failed_call(sc, e);
    }
    struct texpr *t = texpr_new(env, TEXPR_USER, e->at);
    t->u.user.function = typed;
    for (size_t i = 0; i < typed->params.n; i++) {
        struct texpr *value = check_expr(sc, e->u.call.args.at[i]);
        struct targ arg = { TARG_EXPR, value, 0, NULL };

        vec_push(env->arena, &t->u.user.args, arg);
        types[i] = value->type;
        t->failures |= value->failures;
    }
    if (!check_kinds(sc, e, typed, types))
        return failed_call(sc, e);
    struct texpr *body = function_instance(env, f, false, types);
    t->type = body->type;
    t->failures |= body->failures;
    return t;
}

struct texpr *
check_call(struct scope *sc, const struct expr *e)
{
    const struct native *n = native_find(e->u.call.name.text);

    return n != NULL ? call_native(sc, e, n) : call_user(sc, e);
}
