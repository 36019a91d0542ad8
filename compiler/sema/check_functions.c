/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user's functions and conversions. A body is checked once as it stands,
 * and once more for every use with the types of that use, so that lengths and
 * digits come out as narrow as they are.
 */
#include <string.h>

#include "sema/scope.h"

enum { INSTANCES_MAX = 20000 };

static struct type
named_type(struct env *env, struct name name)
{
    enum type_kind kind;

    if (!type_by_name(name.text, &kind)) {
        struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_TYPE_WORD, name.at,
                                  "there is no type %s", name.text);
        diag_note(d, NOTE_HELP, "types: text, number, bool, date, time, "
                  "datetime, guid, binary");
    }
    return type_of_kind(kind);
}

static void
add_param(struct env *env, struct tfunction *t, struct name name,
          struct type type)
{
    if (t->params.n == PARAMS_MAX) {
        diag_add(env->diags, DIAG_WRONG_ARGUMENT, name.at,
                 "a function takes at most %d parameters", PARAMS_MAX - 1);
        return;
    }
    for (size_t i = 0; i < t->params.n; i++)
        if (t->params.at[i] == name.text)
            diag_add(env->diags, DIAG_DECLARED_TWICE, name.at,
                     "there is already a parameter %s", name.text);
    t->param_types[t->params.n] = type;
    vec_push(env->arena, &t->params, name.text);
}

static void
add_params(struct env *env, struct tfunction *t, const param_vec *params)
{
    for (size_t i = 0; i < params->n; i++)
        add_param(env, t, params->at[i].name,
                  named_type(env, params->at[i].type));
}

static struct texpr *
check_body(struct env *env, const struct tfunction *t, const struct expr *body,
           const struct type *types)
{
    struct scope sc = { .env = env, .function = t, .param_types = types };

    return check_expr(&sc, body);
}

static void
check_result(struct env *env, const struct texpr *body, const struct type *want,
             const char *name)
{
    if (type_same_kind(&body->type, want))
        return;
    struct diag *d = diag_add(env->diags, DIAG_TYPE_MISMATCH, body->at,
                              "%s has to give %s, this is %s", name,
                              type_word(want->kind),
                              type_word(body->type.kind));
    diag_label_here(d, "%s", type_word(body->type.kind));
}

static void
check_function_item(struct env *env, struct tfunction *t,
                    const struct function_item *item)
{
    struct texpr *body;

    add_params(env, t, &item->params);
    t->right = named_type(env, item->result);
    body = check_body(env, t, item->body, t->param_types);
    check_result(env, body, &t->right, t->name);
    t->forward = body;
}

static void
check_convert_item(struct env *env, struct tfunction *t,
                   const struct convert_item *item)
{
    struct name value = { intern_text(env->names, "value"), item->name.at };
    struct type types[PARAMS_MAX];
    struct texpr *body;

    t->convert = true;
    t->left = named_type(env, item->left);
    t->right = named_type(env, item->right);
    add_param(env, t, value, t->left);
    add_params(env, t, &item->params);
    memcpy(types, t->param_types, sizeof types);
    if (item->forward != NULL) {
        body = check_body(env, t, item->forward, types);
        check_result(env, body, &t->right, t->name);
        t->forward = body;
    }
    types[0] = t->right;
    if (item->backward != NULL) {
        body = check_body(env, t, item->backward, types);
        check_result(env, body, &t->left, t->name);
        t->backward = body;
    }
    bool two = item->arrow == ARROW_BOTH || item->arrow == ARROW_LOSSY;
    if (two && (item->forward == NULL || item->backward == NULL)) {
        struct diag *d = diag_add(env->diags, DIAG_CONVERT_HALF,
                                  item->name.at,
                                  "%s says it goes both ways and has only one "
                                  "body", t->name);
        diag_note(d, NOTE_HELP, "give both: `-> …` and `<- …`, or declare it "
                  "%s -> %s", type_word(t->left.kind),
                  type_word(t->right.kind));
    }
}

struct tfunction *
function_check(struct env *env, struct declared_function *f)
{
    struct name name =
        f->function != NULL ? f->function->name : f->convert->name;

    if (f->typed != NULL)
        return f->typed;
    if (f->checking) {
        diag_add(env->diags, DIAG_RECURSION, name.at,
                 "%s calls itself; the language has no recursion", name.text);
        return NULL;
    }
    f->checking = true;
    struct tfunction *t = arena_alloc(env->arena, sizeof *t);
    t->name = name.text;
    t->at = name.at;
    if (f->function != NULL)
        check_function_item(env, t, f->function);
    else
        check_convert_item(env, t, f->convert);
    f->checking = false;
    f->typed = t;
    return t;
}

static struct texpr *
no_instance(struct env *env, struct span at)
{
    struct texpr *t = texpr_new(env, TEXPR_CONST, at);

    t->type = type_of_kind(TYPE_ERROR);
    t->u.text = "";
    return t;
}

struct texpr *
function_instance(struct env *env, struct declared_function *f, bool backward,
                  const struct type *args)
{
    const struct tfunction *t = f->typed;
    const struct texpr *general = backward ? t->backward : t->forward;
    const struct expr *body = f->function != NULL ? f->function->body
        : backward ? f->convert->backward : f->convert->forward;

    if (general == NULL || general->type.kind == TYPE_ERROR)
        return no_instance(env, t->at);
    if (++env->instances > INSTANCES_MAX) {
        if (env->instances == INSTANCES_MAX + 1)
            diag_add(env->diags, DIAG_TOO_MANY_CALLS, t->at,
                     "functions call functions more than %d times over",
                     INSTANCES_MAX);
        return no_instance(env, t->at);
    }
    return check_body(env, t, body, args);
}
