/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does one way of a `convert` undo the other one? Both bodies are run here, on
 * what they tell apart: each text that they name, and one that stands for all
 * others. Where the values are a closed set, on these. What depends on more than
 * that is unknown.
 */
#include "sema/undo.h"

#include <string.h>

#include "base/buf.h"
#include "sema/scope.h"

enum { TEXTS_MAX = 64, DEPTH_MAX = 16, TOLD_MAX = 3 };

enum known_kind {
    KNOWN_TEXT,
    KNOWN_OTHER,                /* any text that neither body names, with these
                                   texts around it */
    KNOWN_NOT
};

struct known {
    enum known_kind kind;
    const char *text, *behind;  /* OTHER: in front, behind */
};

struct undo_run {
    struct env *env;
    const struct tfunction *function;
    const targ_vec *args;
    const char *texts[TEXTS_MAX];   /* that the bodies name */
    size_t n_texts;
    bool too_many;
};

static const struct known not_known = { KNOWN_NOT, "", "" };
static const struct known other = { KNOWN_OTHER, "", "" };

static struct known
known_text(const char *text)
{
    return (struct known){ KNOWN_TEXT, text, "" };
}

static struct known
known_bool(bool is)
{
    return known_text(is ? "true" : "false");
}

static bool
is_named(const struct undo_run *u, const char *text)
{
    for (size_t i = 0; i < u->n_texts; i++)
        if (strcmp(u->texts[i], text) == 0)
            return true;
    return *text == '\0';
}

/* --- the texts that are named --- */

static void
add_text(struct undo_run *u, const char *text)
{
    if (is_named(u, text))
        return;
    if (u->n_texts == TEXTS_MAX)
        u->too_many = true;
    else
        u->texts[u->n_texts++] = text;
}

static void
add_texts(struct undo_run *u, const struct texpr *e, int depth)
{
    const targ_vec *args = e->kind == TEXPR_USER ? &e->u.user.args
                                                 : &e->u.call.args;
    const struct texpr *body;

    if (e->kind == TEXPR_CONST)
        add_text(u, e->u.text);
    if (e->kind != TEXPR_CALL && e->kind != TEXPR_USER)
        return;
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            add_texts(u, args->at[i].expr, depth);
        else if (args->at[i].kind == TARG_TEXT)
            add_text(u, args->at[i].text);
    if (e->kind != TEXPR_USER)
        return;
    body = e->u.user.backward ? e->u.user.function->backward
                              : e->u.user.function->forward;
    if (body == NULL || depth == DEPTH_MAX)
        u->too_many = true;
    else
        add_texts(u, body, depth + 1);
}

/* --- running --- */

static struct known run(struct undo_run *u, const struct texpr *e,
                        const struct known *params, size_t n_params,
                        int depth);

static bool
is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return k <= n && strcmp(text + n - k, end) == 0;
}

static struct known
equal(const struct undo_run *u, struct known a, struct known b)
{
    size_t n, around;

    if (a.kind == KNOWN_TEXT && b.kind == KNOWN_TEXT)
        return known_bool(strcmp(a.text, b.text) == 0);
    if (a.kind == KNOWN_TEXT) {
        struct known c = a;

        a = b;
        b = c;
    }
    if (a.kind != KNOWN_OTHER || b.kind != KNOWN_TEXT)
        return not_known;
    n = strlen(b.text);
    around = strlen(a.text) + strlen(a.behind);
    if (around > n || strncmp(b.text, a.text, strlen(a.text)) != 0 ||
        !ends_with(b.text, a.behind))
        return known_bool(false);
    /* Only if the other text is what stands between. */
    return is_named(u, arena_printf(u->env->arena, "%.*s", (int)(n - around),
                                    b.text + strlen(a.text)))
               ? known_bool(false) : not_known;
}

static struct known
joined(const struct undo_run *u, struct known a, struct known b)
{
    struct arena *arena = u->env->arena;

    if (a.kind == KNOWN_NOT || b.kind == KNOWN_NOT ||
        (a.kind == KNOWN_OTHER && b.kind == KNOWN_OTHER))
        return not_known;
    if (a.kind == KNOWN_OTHER)
        a.behind = arena_printf(arena, "%s%s", a.behind, b.text);
    else if (b.kind == KNOWN_OTHER)
        return (struct known){ KNOWN_OTHER,
                               arena_printf(arena, "%s%s", a.text, b.text),
                               b.behind };
    else
        a.text = arena_printf(arena, "%s%s", a.text, b.text);
    return a;
}

static struct known
starting(struct known v, const char *text)
{
    size_t n = strlen(text);

    if (v.kind == KNOWN_TEXT)
        return known_bool(strncmp(v.text, text, n) == 0);
    if (v.kind == KNOWN_OTHER && strncmp(v.text, text, n) == 0)
        return known_bool(true);
    return not_known;
}

/* From the `from`-th character on, `n` of them; 0: all. */
static struct known
substring(const struct undo_run *u, struct known v, uint32_t from, uint32_t n)
{
    size_t length = strlen(v.text), skip = from > 0 ? from - 1 : 0;

    if (v.kind == KNOWN_NOT || !is_ascii(v.text))
        return not_known;
    if (v.kind == KNOWN_OTHER) {
        if (n != 0 || skip > length)
            return not_known;
        v.text += skip;
        return v;
    }
    skip = skip < length ? skip : length;
    if (n == 0 || n > length - skip)
        n = (uint32_t)(length - skip);
    return known_text(arena_printf(u->env->arena, "%.*s", (int)n,
                                   v.text + skip));
}

static bool
is_true(struct known v)
{
    return v.kind == KNOWN_TEXT && strcmp(v.text, "true") == 0;
}

static struct known
logic(struct known a, struct known b, bool and)
{
    if (a.kind != KNOWN_TEXT || b.kind != KNOWN_TEXT)
        return not_known;
    return known_bool(and ? is_true(a) && is_true(b)
                          : is_true(a) || is_true(b));
}

static uint32_t
count_at(const targ_vec *args, size_t i)
{
    return i < args->n && args->at[i].kind == TARG_COUNT ? args->at[i].count
                                                         : 0;
}

/* What a function of the runtime makes of the first three. */
static struct known
call(struct undo_run *u, const char *name, const targ_vec *args,
     const struct known v[3])
{
    if (strcmp(name, "mr_choose") == 0)
        return v[0].kind != KNOWN_TEXT ? not_known
                                       : is_true(v[0]) ? v[1] : v[2];
    if (strcmp(name, "mr_text_eq") == 0)
        return equal(u, v[0], v[1]);
    if (strcmp(name, "mr_text_ne") == 0) {
        struct known same = equal(u, v[0], v[1]);

        return same.kind == KNOWN_TEXT ? known_bool(!is_true(same)) : same;
    }
    if (strcmp(name, "mr_and") == 0 || strcmp(name, "mr_or") == 0)
        return logic(v[0], v[1], name[3] == 'a');
    if (strcmp(name, "mr_not") == 0)
        return v[0].kind == KNOWN_TEXT ? known_bool(!is_true(v[0]))
                                       : not_known;
    if (strcmp(name, "mr_is_empty") == 0)
        return v[0].kind == KNOWN_NOT ? not_known
               : known_bool(v[0].kind == KNOWN_TEXT && v[0].text[0] == '\0');
    if (strcmp(name, "mr_concat") == 0)
        return joined(u, v[0], v[1]);
    if (strcmp(name, "mr_starts_with") == 0 && args->n == 2 &&
        args->at[1].kind == TARG_TEXT)
        return starting(v[0], args->at[1].text);
    if (strcmp(name, "mr_substring") == 0)
        return substring(u, v[0], count_at(args, 1), count_at(args, 2));
    return not_known;
}

static struct known
run_user(struct undo_run *u, const struct texpr *e, const struct known *params,
         size_t n_params, int depth)
{
    const struct tfunction *f = e->u.user.function;
    const struct texpr *body = e->u.user.backward ? f->backward : f->forward;
    const targ_vec *args = &e->u.user.args;
    struct known given[PARAMS_MAX];

    if (body == NULL || depth == DEPTH_MAX || args->n > PARAMS_MAX)
        return not_known;
    for (size_t i = 0; i < args->n; i++)
        given[i] = args->at[i].kind == TARG_EXPR
                       ? run(u, args->at[i].expr, params, n_params, depth)
                       : not_known;
    return run(u, body, given, args->n, depth + 1);
}

static struct known
run(struct undo_run *u, const struct texpr *e, const struct known *params,
    size_t n_params, int depth)
{
    struct known v[3] = { not_known, not_known, not_known };

    switch (e->kind) {
    case TEXPR_CONST:
        return known_text(e->u.text);
    case TEXPR_PARAM:
        return e->u.param < n_params ? params[e->u.param] : not_known;
    case TEXPR_CALL:
        for (size_t i = 0; i < 3 && i < e->u.call.args.n; i++)
            if (e->u.call.args.at[i].kind == TARG_EXPR)
                v[i] = run(u, e->u.call.args.at[i].expr, params, n_params,
                           depth);
        return call(u, e->u.call.function, &e->u.call.args, v);
    case TEXPR_USER:
        return run_user(u, e, params, n_params, depth);
    case TEXPR_MISSING:
    case TEXPR_PATH:
        break;
    }
    return not_known;
}

/* --- there and back --- */

static struct known
go(struct undo_run *u, bool backward, struct known v)
{
    const struct texpr *body = backward ? u->function->backward
                                        : u->function->forward;
    struct known params[PARAMS_MAX];
    size_t n = 1;

    params[0] = v;
    for (size_t i = 0; i < u->args->n && n < PARAMS_MAX; i++, n++) {
        const struct targ *arg = &u->args->at[i];

        params[n] = arg->kind == TARG_EXPR && arg->expr->kind == TEXPR_CONST
                        ? known_text(arg->expr->u.text) : not_known;
    }
    return v.kind == KNOWN_NOT ? v : run(u, body, params, n, 0);
}

static bool
same_known(struct known a, struct known b)
{
    return a.kind == b.kind && strcmp(a.text, b.text) == 0 &&
           strcmp(a.behind, b.behind) == 0;
}

struct verdict {
    size_t n;                   /* that come back as others */
    struct buf told;
    const char *wanders;        /* one that does not settle, or NULL */
    bool unknown;
};

/* One value, and where it is another then, whether that one stays. */
static void
try_value(struct undo_run *u, bool backward, struct known v, struct verdict *to)
{
    struct known back = go(u, !backward, go(u, backward, v));
    struct known again;

    if (same_known(v, back))
        return;
    again = go(u, !backward, go(u, backward, back));
    if (back.kind == KNOWN_NOT || !same_known(back, again)) {
        if (v.kind == KNOWN_TEXT && back.kind == KNOWN_TEXT &&
            again.kind == KNOWN_TEXT && back.text[0] != '\0' &&
            to->wanders == NULL)
            to->wanders = arena_printf(u->env->arena, "\"%s\" comes back as "
                                       "\"%s\", and that as \"%s\"", v.text,
                                       back.text, again.text);
        to->unknown = true;
        return;
    }
    if (++to->n > TOLD_MAX)
        return;
    if (to->n > 1)
        buf_text(&to->told, ", ");
    if (v.kind == KNOWN_OTHER)
        buf_text(&to->told, "texts that it does not name");
    else
        buf_printf(&to->told, "\"%s\"", v.text);
}

static void
try_closed(struct undo_run *u, bool backward, const struct type *in,
           struct verdict *to)
{
    static const char *const bools[] = { "true", "false" };
    bool is_bool = in->kind == TYPE_BOOL;

    for (size_t i = 0; i < (is_bool ? 2 : in->values.n); i++) {
        const char *text = is_bool ? bools[i] : in->values.at[i];

        if (*text != '\0')
            try_value(u, backward, known_text(text), to);
    }
}

static void
try_open(struct undo_run *u, bool backward, const struct type *in,
         struct verdict *to)
{
    for (size_t i = 0; in->kind == TYPE_TEXT && i < u->n_texts; i++) {
        struct type t = type_of_text(u->env, u->texts[i]);

        if (type_misfit(&t, in) == 0)
            try_value(u, backward, known_text(u->texts[i]), to);
    }
    try_value(u, backward, other, to);
}

enum undo
undo_check(struct env *env, const struct tfunction *t, const targ_vec *args,
           bool backward, const struct type *in, const char **words)
{
    struct undo_run u = { .env = env, .function = t, .args = args };
    struct verdict v = { 0 };

    *words = NULL;
    if (t->forward == NULL || t->backward == NULL)
        return UNDO_UNKNOWN;
    add_texts(&u, t->forward, 0);
    add_texts(&u, t->backward, 0);
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            add_texts(&u, args->at[i].expr, 0);
    if (u.too_many)
        return UNDO_UNKNOWN;
    buf_init(&v.told, env->arena);
    if (in->kind == TYPE_BOOL || in->values.n > 0)
        try_closed(&u, backward, in, &v);
    else
        try_open(&u, backward, in, &v);
    *words = v.wanders;
    if (v.unknown)
        return v.wanders != NULL ? UNDO_WANDERS : UNDO_UNKNOWN;
    if (v.n > TOLD_MAX)
        buf_printf(&v.told, " and %zu more", v.n - TOLD_MAX);
    *words = v.n == 0 ? NULL : v.told.at;
    return v.n == 0 ? UNDO_ALL : UNDO_SETTLES;
}
