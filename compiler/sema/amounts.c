/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Are amounts that meet of one currency? Every expression is walked with the
 * amounts that it may be: those of fields go through what leaves an amount an
 * amount. Where two are added, subtracted or compared, one field has to say the
 * currency of both, or a condition around them that it is the same. What an
 * amount times a field is, nobody knows: that is how one is converted.
 */
#include <string.h>

#include "sema/currency.h"
#include "sema/scope.h"

enum { DEPTH = 200, AMOUNTS_MAX = 16 };

/* The amounts that a value may be; more than these are not told apart. */
struct amounts {
    struct amount at[AMOUNTS_MAX];
    size_t n;
};

struct walk {
    struct env *env;
    struct facts facts;
    const struct amounts *params;   /* of the function that is walked */
    const struct span *at;          /* where it is used; NULL: in no function */
    int depth;
};

static struct amounts walk_expr(struct walk *w, const struct texpr *e);

/* "erp.FREIGHT.CURRENCY" for the path of erp.FREIGHT.AMOUNT */
static const char *
currency_words(struct walk *w, const struct amount *a)
{
    const char *dot = strrchr(a->path->text, '.');
    size_t n = dot == NULL ? 0 : (size_t)(dot - a->path->text) + 1;

    return arena_printf(w->env->arena, "%.*s%s", (int)n, a->path->text,
                        a->currency->name);
}

static void
report(struct walk *w, struct span at, const char *what,
       const struct amount *a, const struct amount *b)
{
    const char *x = currency_words(w, a), *y = currency_words(w, b);
    struct diag *d = diag_add(w->env->diags, DIAG_CURRENCIES_MIXED,
                              w->at != NULL ? *w->at : at,
                              "%s and %s are %s, and nothing says that their "
                              "currency is the same", a->path->text,
                              b->path->text, what);

    diag_note(d, NOTE_FACT, "%s: its currency is %s (%s:%u)", a->path->text,
              x, a->currency->file, (unsigned)a->currency->line);
    diag_note(d, NOTE_FACT, "%s: its currency is %s (%s:%u)", b->path->text,
              y, b->currency->file, (unsigned)b->currency->line);
    diag_note(d, NOTE_HELP, "say it with a condition: when %s = %s", x, y);
}

static void
meet(struct walk *w, struct span at, const char *what,
     const struct amounts *a, const struct amounts *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (!same_currency(&w->facts, &a->at[i], &b->at[k])) {
                report(w, at, what, &a->at[i], &b->at[k]);
                return;
            }
}

static struct amounts
either(const struct amounts *a, const struct amounts *b)
{
    struct amounts all = *a;

    for (size_t i = 0; i < b->n && all.n < AMOUNTS_MAX; i++)
        all.at[all.n++] = b->at[i];
    return all;
}

/* --- conditions --- */

static bool
is_call(const struct texpr *e, const char *function)
{
    return e->kind == TEXPR_CALL && strcmp(e->u.call.function, function) == 0;
}

static const struct texpr *
arg(const struct texpr *e, size_t i)
{
    const targ_vec *args = e->kind == TEXPR_USER ? &e->u.user.args
                                                 : &e->u.call.args;

    return i < args->n && args->at[i].kind == TARG_EXPR ? args->at[i].expr
                                                        : NULL;
}

/* e, where `test` holds. */
static struct amounts
walk_where(struct walk *w, const struct texpr *test, const struct texpr *e)
{
    size_t known = w->facts.list.n;
    struct amounts out;

    facts_learn(&w->facts, test);
    out = walk_expr(w, e);
    w->facts.list.n = known;
    return out;
}

/* --- expressions --- */

/* What leaves an amount an amount: the C functions, by their beginning. */
static bool
keeps_amount(const char *function)
{
    static const char *const names[] = {
        "mr_negate", "mr_abs", "mr_round", "mr_scale", "mr_quantity",
        "mr_money", "mr_sap_amount"
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(function, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* How two amounts meet in this function, in words; NULL: they don't. */
static const char *
meeting(const char *function)
{
    if (strcmp(function, "mr_add") == 0)
        return "added";
    if (strcmp(function, "mr_sub") == 0)
        return "subtracted";
    if (strncmp(function, "mr_number_", 10) == 0 &&
        (strcmp(function + 10, "eq") == 0 || strcmp(function + 10, "ne") == 0 ||
         strcmp(function + 10, "lt") == 0 || strcmp(function + 10, "le") == 0))
        return "compared";
    if (strcmp(function, "mr_least") == 0 ||
        strcmp(function, "mr_greatest") == 0)
        return "compared";
    return NULL;
}

static struct amounts
walk_choice(struct walk *w, const struct texpr *e)
{
    struct amounts yes, no;

    walk_expr(w, arg(e, 0));
    yes = walk_where(w, arg(e, 0), arg(e, 1));
    no = walk_expr(w, arg(e, 2));
    return either(&yes, &no);
}

static struct amounts
walk_and(struct walk *w, const struct texpr *e)
{
    struct amounts none = { .n = 0 };

    walk_expr(w, arg(e, 0));
    walk_where(w, arg(e, 0), arg(e, 1));
    return none;
}

/* An amount times 2 is one; times a field it may be another one. */
static struct amounts
walk_factor(struct walk *w, const struct texpr *e)
{
    struct amounts a = walk_expr(w, arg(e, 0)), b = walk_expr(w, arg(e, 1));
    struct amounts none = { .n = 0 };

    if (arg(e, 1)->kind == TEXPR_CONST)
        return a;
    return arg(e, 0)->kind == TEXPR_CONST && is_call(e, "mr_mul") ? b : none;
}

/* The C function's arguments, the first of them given. */
static struct amounts
walk_args(struct walk *w, const char *function, struct span at,
          struct amounts first, const targ_vec *args, size_t from)
{
    const char *what = meeting(function);
    bool any = strcmp(function, "mr_coalesce") == 0;
    struct amounts all = first, none = { .n = 0 };

    for (size_t i = from; i < args->n; i++) {
        struct amounts more;

        if (args->at[i].kind != TARG_EXPR)
            continue;
        more = walk_expr(w, args->at[i].expr);
        if (what != NULL)
            meet(w, at, what, &all, &more);
        if (what != NULL || any)
            all = either(&all, &more);
    }
    if (what != NULL && strncmp(function, "mr_number_", 10) == 0)
        return none;
    return what != NULL || any || keeps_amount(function) ? all : none;
}

static struct amounts
walk_call(struct walk *w, const struct texpr *e)
{
    const char *function = e->u.call.function;
    struct amounts first = { .n = 0 };

    if (strcmp(function, "mr_choose") == 0)
        return walk_choice(w, e);
    if (strcmp(function, "mr_and") == 0)
        return walk_and(w, e);
    if (strcmp(function, "mr_mul") == 0 || strcmp(function, "mr_div") == 0)
        return walk_factor(w, e);
    if (arg(e, 0) != NULL)
        first = walk_expr(w, arg(e, 0));
    return walk_args(w, function, e->at, first, &e->u.call.args, 1);
}

/* The body of a function with the amounts that its parameters are here. */
static struct amounts
walk_body(struct walk *w, const struct texpr *body, struct span at,
          const struct amounts *params)
{
    const struct amounts *outer = w->params;
    const struct span *place = w->at;
    struct amounts out = { .n = 0 };

    if (body == NULL)
        return out;
    w->params = params;
    if (w->at == NULL)
        w->at = &at;
    out = walk_expr(w, body);
    w->params = outer;
    w->at = place;
    return out;
}

static struct amounts
walk_user(struct walk *w, const struct tfunction *f, bool backward,
          struct span at, const struct amounts *value, const targ_vec *args)
{
    struct amounts params[PARAMS_MAX + 1];
    size_t n = 0;

    memset(params, 0, sizeof params);
    if (value != NULL)
        params[n++] = *value;
    for (size_t i = 0; i < args->n && n <= PARAMS_MAX; i++, n++)
        if (args->at[i].kind == TARG_EXPR)
            params[n] = walk_expr(w, args->at[i].expr);
    return walk_body(w, backward ? f->backward : f->forward, at, params);
}

static struct amounts
walk_path(const struct tpath *path, const struct record *of)
{
    struct amounts out = { .n = 0 };
    const struct member *m = tpath_member(path);
    const struct member *currency = of == NULL ? NULL : member_currency(of, m);

    if (currency != NULL) {
        out.n = 1;
        out.at[0].path = path;
        out.at[0].currency = currency;
    }
    return out;
}

/* The record that the path's value stands in. */
static const struct record *
record_around(const struct tpath *path)
{
    const struct tlevel *level = path->level;

    if (path->hops.n > 1)
        return path->hops.at[path->hops.n - 2].member->record;
    while (level != NULL && level->record[path->side] == NULL)
        level = level->outer;
    return level == NULL ? NULL : level->record[path->side];
}

static struct amounts
walk_expr(struct walk *w, const struct texpr *e)
{
    struct amounts out = { .n = 0 };

    if (e == NULL || w->depth >= DEPTH)
        return out;
    w->depth++;
    switch (e->kind) {
    case TEXPR_CONST:
    case TEXPR_MISSING:
        break;
    case TEXPR_PATH:
        out = walk_path(e->u.path, record_around(e->u.path));
        break;
    case TEXPR_PARAM:
        if (w->params != NULL && e->u.param <= PARAMS_MAX)
            out = w->params[e->u.param];
        break;
    case TEXPR_CALL:
        out = walk_call(w, e);
        break;
    case TEXPR_USER:
        out = walk_user(w, e->u.user.function, e->u.user.backward, e->at,
                        NULL, &e->u.user.args);
        break;
    }
    w->depth--;
    return out;
}

/* --- rules --- */

static struct amounts
walk_conv(struct walk *w, const struct tconv *c, bool backward, struct span at,
          const struct amounts *value)
{
    struct amounts none = { .n = 0 };

    switch (c->kind) {
    case TCONV_NATIVE: {
        const char *left = c->native->left;
        const char *function = backward && left != NULL ? left
                                                        : c->native->right;

        return walk_args(w, function, at, *value, &c->args, 0);
    }
    case TCONV_USER:
        return walk_user(w, c->user, backward, at, value, &c->args);
    case TCONV_CODES:
    case TCONV_REF:
        break;
    }
    return none;
}

static void
walk_way(struct walk *w, const struct trule *r, enum side to)
{
    enum side from = to == RIGHT ? LEFT : RIGHT;
    struct amounts value = { .n = 0 };

    if (r->source[from] != NULL)
        value = walk_expr(w, r->source[from]);
    else if (r->fields[from].n == 1)
        value = walk_path(r->fields[from].at[0],
                          record_around(r->fields[from].at[0]));
    for (size_t i = 0; i < r->chain.n; i++) {
        const struct tconv *c =
            &r->chain.at[to == RIGHT ? i : r->chain.n - 1 - i];

        value = walk_conv(w, c, (to == LEFT) != c->turned, r->at, &value);
    }
}

static void
walk_rule(struct walk *w, const struct trule *r)
{
    size_t known = w->facts.list.n;

    if (r->when != NULL) {
        walk_expr(w, r->when);
        facts_learn(&w->facts, r->when);
    }
    for (int to = LEFT; to <= RIGHT; to++)
        if (r->runs[to])
            walk_way(w, r, (enum side)to);
    w->facts.list.n = known;
}

static void
walk_level(struct walk *w, const struct tlevel *level)
{
    size_t known = w->facts.list.n;

    for (size_t i = 0; i < level->where.n; i++) {
        walk_expr(w, level->where.at[i].test);
        facts_learn(&w->facts, level->where.at[i].test);
    }
    for (size_t i = 0; i < level->rules.n; i++)
        walk_rule(w, level->rules.at[i]);
    for (size_t i = 0; i < level->levels.n; i++)
        walk_level(w, level->levels.at[i]);
    w->facts.list.n = known;
}

void
check_amounts(struct env *env)
{
    struct walk w = { .env = env, .facts.arena = env->arena };

    for (size_t i = 0; i < env->program->maps.n; i++)
        walk_level(&w, env->program->maps.at[i]->root);
    for (size_t i = 0; i < env->program->calls.n; i++) {
        walk_level(&w, env->program->calls.at[i]->request->root);
        walk_level(&w, env->program->calls.at[i]->response->root);
    }
}
