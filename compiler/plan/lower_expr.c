/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions as C calls. */
#include "plan/lower.h"

#include <stdarg.h>

struct pexpr *
expr_c(struct lower *lo, const char *fmt, ...)
{
    struct pexpr *e = arena_alloc(lo->arena, sizeof *e);
    va_list args;

    va_start(args, fmt);
    e->kind = PEXPR_C;
    e->text = arena_vprintf(lo->arena, fmt, args);
    va_end(args);
    return e;
}

struct pexpr *
expr_string(struct lower *lo, const char *text)
{
    struct pexpr *e = arena_alloc(lo->arena, sizeof *e);

    e->kind = PEXPR_STRING;
    e->text = text;
    return e;
}

struct pexpr *
expr_call(struct lower *lo, const char *function)
{
    struct pexpr *e = arena_alloc(lo->arena, sizeof *e);

    e->kind = PEXPR_CALL;
    e->text = number_function(function, &e->number);
    return e;
}

void
expr_arg(struct lower *lo, struct pexpr *call, const struct pexpr *arg)
{
    arg = number_fitted(lo, arg, call->text, call->args.n);
    vec_push(lo->arena, &call->args, arg);
}

/* "x" => mr_text("x"); "" => mr_empty() */
struct pexpr *
expr_text(struct lower *lo, const char *text)
{
    struct pexpr *e;

    if (*text == '\0')
        return expr_call(lo, "mr_empty");
    e = expr_call(lo, "mr_text");
    expr_arg(lo, e, expr_string(lo, text));
    return e;
}

/* erp.KUNNR => at->erp->KUNNR
 * erp.E1EDKA1[PARVW = "AG"].PARTN => mr_pick(at->erp, &erp_E1EDKA1_AG_PARTN) */
struct pexpr *
expr_place(struct lower *lo, const struct pplace *place)
{
    struct pexpr *e;

    if (place->picked == NULL)
        return expr_c(lo, "at->%s->%s", place->frame, place->field);
    e = expr_call(lo, "mr_pick");
    expr_arg(lo, e, expr_c(lo, "at->%s", place->frame));
    expr_arg(lo, e, expr_c(lo, "&%s", place->picked->c_name));
    return e;
}

static struct pexpr *
lower_call(struct lower *lo, struct lmap *lm, const struct pfunction *params,
           const char *function, bool cx, const targ_vec *args)
{
    struct pexpr *e = expr_call(lo, function);

    if (cx)
        expr_arg(lo, e, expr_c(lo, "cx"));
    for (size_t i = 0; i < args->n; i++)
        expr_arg(lo, e, expr_targ(lo, lm, params, &args->at[i]));
    return e;
}

static const char *
user_name(struct lower *lo, const struct texpr *e)
{
    const struct lfunction *f =
        table_find(&lo->functions, (const char *)e->u.user.function);

    if (f == NULL || f->ways[e->u.user.backward] == NULL) {
        diag_add(lo->diags, DIAG_BUG, e->at, "%s has no body this way",
                 e->u.user.function->name);
        return "mr_missing";
    }
    return f->ways[e->u.user.backward]->c_name;
}

struct pexpr *
expr_lower(struct lower *lo, struct lmap *lm, const struct pfunction *params,
           const struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_CONST:
        return expr_text(lo, e->u.text);
    case TEXPR_MISSING:
        return expr_call(lo, "mr_missing");
    case TEXPR_PATH:
        return expr_place(lo, shape_place(lm, e->u.path, USE_NONE));
    case TEXPR_PARAM:
        return expr_c(lo, "%s", params->params.at[e->u.param]);
    case TEXPR_CALL:
        return lower_call(lo, lm, params, e->u.call.function, e->u.call.cx,
                          &e->u.call.args);
    case TEXPR_USER:
        return lower_call(lo, lm, params, user_name(lo, e), true,
                          &e->u.user.args);
    }
    return NULL;
}

struct pexpr *
expr_targ(struct lower *lo, struct lmap *lm, const struct pfunction *params,
          const struct targ *arg)
{
    switch (arg->kind) {
    case TARG_EXPR:
        return expr_lower(lo, lm, params, arg->expr);
    case TARG_COUNT:
        return expr_c(lo, "%u", (unsigned)arg->count);
    case TARG_TEXT:
        return expr_string(lo, arg->text);
    case TARG_NULL:
        return expr_c(lo, "NULL");
    }
    return NULL;
}

void
targ_paths(const targ_vec *args, path_visitor *visit, void *arg)
{
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            expr_paths(args->at[i].expr, visit, arg);
}

void
expr_paths(const struct texpr *e, path_visitor *visit, void *arg)
{
    switch (e->kind) {
    case TEXPR_PATH:
        visit(arg, e->u.path);
        return;
    case TEXPR_CALL:
        targ_paths(&e->u.call.args, visit, arg);
        return;
    case TEXPR_USER:
        targ_paths(&e->u.user.args, visit, arg);
        return;
    case TEXPR_CONST:
    case TEXPR_MISSING:
    case TEXPR_PARAM:
        return;
    }
}
