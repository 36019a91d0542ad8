/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of a rule. To the right it is followed from first to last with the
 * forward ways, to the left from last to first with the ways back. A fan makes
 * several values of one (split) or one of several (join) and stands at the end
 * of the chain that faces the several fields.
 */
#include "sema/chain.h"

#include <string.h>

#include "sema/undo.h"

/* --- names --- */

static const char *
declared_map_name(const void *env, size_t i)
{
    return ((const struct env *)env)->map_list.at[i]->ast->name.text;
}

/* Codes whose columns are named for systems fit the map one way round or the
 * other, or not at all. */
static bool
orient_codes(struct scope *sc, struct link *l, const struct tcodes *codes)
{
    const struct tsystem *const *s =
        (const struct tsystem *const *)sc->map->systems;

    if (codes->systems[LEFT] == NULL)
        return true;
    if (codes->systems[RIGHT] == NULL)
        return false;           /* its first line was reported */
    if (codes->systems[LEFT] == s[LEFT]->name &&
        codes->systems[RIGHT] == s[RIGHT]->name)
        return true;
    if (codes->systems[LEFT] == s[RIGHT]->name &&
        codes->systems[RIGHT] == s[LEFT]->name) {
        l->conv.turned = !l->conv.turned;
        return true;
    }
    struct diag *d = diag_add(sc->env->diags, DIAG_CODE_COLUMNS, l->ast->at,
                              "codes %s is between %s and %s, this map is "
                              "between %s and %s", codes->name,
                              codes->systems[LEFT], codes->systems[RIGHT],
                              s[LEFT]->name, s[RIGHT]->name);
    diag_label(d, codes->at, "the table");
    return false;
}

static bool
resolve_codes(struct scope *sc, struct link *l)
{
    struct env *env = sc->env;
    struct tcodes *codes = codes_named(env, l->ast->name);
    struct diag *d;

    if (codes == NULL)
        return false;
    l->conv.kind = TCONV_CODES;
    l->conv.codes = codes;
    if (l->ast->args.n != (codes->context ? 1u : 0u)) {
        d = diag_add(env->diags, DIAG_CODE_CONTEXT, l->ast->at, codes->context
                     ? "codes %s needs a context: codes %s(…)"
                     : "codes %s has no context", codes->name, codes->name);
        diag_label(d, codes->at, "the table");
        return false;
    }
    codes_use(env, codes);
    return orient_codes(sc, l, codes);
}

static bool
resolve_ref(struct scope *sc, struct link *l)
{
    struct env *env = sc->env;
    struct declared_map *m = table_find(&env->maps, l->ast->name.text);

    if (m != NULL && m->typed == NULL)
        return false;           /* its own mistakes were reported */
    if (m == NULL) {
        const char *near = closest_name(l->ast->name.text, declared_map_name,
                                        env, env->map_list.n);

        if (near == NULL && env->damaged)
            return false;
        struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_MAP,
                                  l->ast->name.at, "there is no map %s",
                                  l->ast->name.text);
        if (near != NULL)
            diag_label_here(d, "did you mean %s?", near);
        return false;
    }
    l->conv.kind = TCONV_REF;
    l->conv.ref = m->typed;
    return true;
}

static bool
resolve_user(struct scope *sc, struct link *l)
{
    l->user = find_function(sc->env, l->ast->name, "conversion");
    if (l->user == NULL)
        return false;
    l->conv.kind = TCONV_USER;
    l->conv.user = function_check(sc->env, l->user);
    if (l->conv.user == NULL)
        return false;
    size_t wanted = l->conv.user->params.n - 1;
    if (l->ast->args.n == wanted)
        return true;
    diag_add(sc->env->diags, DIAG_WRONG_ARGUMENT, l->ast->at,
             "%s takes %zu argument%s, not %zu", l->ast->name.text, wanted,
             wanted == 1 ? "" : "s", l->ast->args.n);
    return false;
}

/* Arguments of what is not a native are values. */
static void
value_args(struct scope *sc, struct link *l)
{
    for (size_t i = 0; i < l->ast->args.n; i++) {
        struct texpr *t = check_expr(sc, l->ast->args.at[i]);
        struct targ arg = { TARG_EXPR, t, 0, NULL };

        vec_push(sc->env->arena, &l->conv.args, arg);
        l->arg_failures |= t->failures;
    }
}

static bool
resolve_named(struct scope *sc, struct link *l)
{
    const struct native *n = native_find(l->ast->name.text);

    if (n == NULL) {
        if (!resolve_user(sc, l))
            return false;
        value_args(sc, l);
        return true;
    }
    l->conv.kind = TCONV_NATIVE;
    l->conv.native = n;
    if (!check_native_args(sc, n, l->ast->name, &l->ast->args, 0, &l->args))
        return false;
    l->conv.args = l->args.args;
    l->arg_failures = l->args.failures;
    return true;
}

static bool
resolve_link(struct scope *sc, struct link *l)
{
    l->conv.turned = l->ast->reverse;
    l->conv.text = source_words(sc->env, l->ast->at);
    switch (l->ast->kind) {
    case CONV_NAMED:
        return resolve_named(sc, l);
    case CONV_CODES:
        if (!resolve_codes(sc, l))
            return false;
        value_args(sc, l);
        return true;
    case CONV_REF:
        return resolve_ref(sc, l);
    }
    return false;
}

struct chain
chain_resolve(struct scope *sc, const conv_vec *written)
{
    struct chain chain = { 0 };

    for (size_t i = 0; i < written->n; i++) {
        struct link l = { .ast = &written->at[i] };

        if (!resolve_link(sc, &l))
            chain.broken = true;
        vec_push(sc->env->arena, &chain.links, l);
    }
    return chain;
}

/* --- types --- */

static void
may_change(struct flow *f, const struct link *l, const char *changes)
{
    if (changes == NULL)
        return;
    if (f->n_changing++ == 0) {
        f->changes = changes;
        f->changed_by = l->conv.text;
    }
    f->other_than_filter |= l->conv.kind != TCONV_NATIVE ||
                            !native_is_filter(l->conv.native);
}

static bool
two_way(const struct trule *r)
{
    return r->runs[LEFT] && r->runs[RIGHT];
}

static bool
no_way_back(struct flow *f, const struct link *l)
{
    struct diag *d = diag_add(f->sc->env->diags, DIAG_NO_WAY_BACK, l->ast->at,
                              "%s has no way back, and the rule goes both "
                              "ways", l->conv.text);
    diag_label(d, f->rule->ast->arrow_at, "both ways");
    diag_note(d, NOTE_HELP, "use -> or <-, or a conversion that has a way "
              "back, or write a `convert` with both");
    return false;
}

static bool
unfit(struct flow *f, const struct link *l, const char *problem,
      const char *help)
{
    struct env *env = f->sc->env;
    /* "it takes text" => "upper takes text" */
    struct diag *d = strncmp(problem, "it ", 3) == 0
        ? diag_add(env->diags, DIAG_CONVERSION_UNFIT, l->ast->at, "%s %s",
                   l->ast->name.text, problem + 3)
        : diag_add(env->diags, DIAG_CONVERSION_UNFIT, l->ast->at, "%s",
                   problem);

    diag_note(d, NOTE_FACT, "on the way to %s it gets %s",
              f->sc->map->systems[f->to]->name,
              describe(env, f->n_parts > 0 ? &f->parts[0] : &f->value));
    if (help != NULL)
        diag_note(d, NOTE_HELP, "%s", help);
    return false;
}

static bool
misplaced_fan(struct flow *f, const struct link *l)
{
    struct diag *d = diag_add(f->sc->env->diags, DIAG_FAN, l->ast->at,
                              "%s does not stand where several fields meet "
                              "one", l->conv.text);
    diag_note(d, NOTE_HELP, "split(…) is the last conversion before several "
              "fields on the right, join(…) the first one behind several "
              "fields on the left");
    return false;
}

/* Several values of one, for the fields of the target: the end of the chain. */
static bool
fan_out(struct flow *f, const struct link *l, bool last,
        struct native_use *use, struct native_result *result)
{
    uint32_t n = (uint32_t)f->rule->fields[f->to].n;

    if (!last || f->n_parts > 0)
        return misplaced_fan(f, l);
    use->in = &f->value;
    use->n_parts = n;
    for (uint32_t i = 0; i < n; i++)
        f->parts[i] = tpath_member(f->rule->fields[f->to].at[i])->type;
    use->parts = f->parts;
    l->conv.native->result(f->sc->env->arena, use, result);
    for (uint32_t i = 0; i < n; i++)
        f->parts[i] = result->out;
    f->n_parts = n;
    return true;
}

/* One value of several: the start of the chain. */
static bool
fan_in(struct flow *f, const struct link *l, bool first,
       struct native_use *use, struct native_result *result)
{
    if (!first || (f->n_parts == 0 &&
                   f->rule->fields[f->to == RIGHT ? LEFT : RIGHT].n == 0))
        return misplaced_fan(f, l);
    if (f->n_parts == 0) {
        f->parts[0] = f->value;
        f->n_parts = 1;
    }
    use->in = &f->parts[0];
    use->parts = f->parts;
    use->n_parts = f->n_parts;
    l->conv.native->result(f->sc->env->arena, use, result);
    f->n_parts = 0;
    f->value = result->out;
    return true;
}

static bool
follow_native(struct flow *f, const struct link *l, bool first, bool last)
{
    const struct native *n = l->conv.native;
    bool to_right = (f->to == RIGHT) != l->conv.turned;
    struct native_use use = { .to_right = to_right, .in = &f->value,
                              .args = l->args.uses,
                              .n_args = (uint32_t)l->ast->args.n };
    struct native_result result = { .out = f->value };
    bool ok = true;

    if (two_way(f->rule) && n->back == BACK_NONE)
        return no_way_back(f, l);
    if (n->left == NULL)
        use.to_right = to_right = true;
    else
        may_change(f, l, native_changes(n, &use));
    if (n->left != NULL && f->loses == NULL && native_loses(n, &use)) {
        f->loses = native_changes(n, &use);
        f->lost_by = l->conv.text;
    }
    if (n->fan != FAN_NONE) {
        ok = (n->fan == FAN_SPLIT) == to_right
                 ? fan_out(f, l, last, &use, &result)
                 : fan_in(f, l, first, &use, &result);
    } else if (f->n_parts > 0) {
        return misplaced_fan(f, l);
    } else {
        bool nullable = f->value.nullable;

        n->result(f->sc->env->arena, &use, &result);
        f->value = result.out;
        f->value.nullable = f->value.nullable || nullable;
    }
    if (!ok)
        return false;
    if (result.problem != NULL)
        return unfit(f, l, result.problem, result.help);
    f->failures |= result.failures;
    if (result.failures != 0)
        f->at_fault = l;
    return true;
}

/* `<->` with one body: reported where it is declared. */
static bool
says_both(const struct declared_function *f)
{
    return f->convert != NULL && (f->convert->arrow == ARROW_BOTH ||
                                  f->convert->arrow == ARROW_LOSSY);
}

/* Both ways of it alone. */
static void
wanders(struct flow *f, const struct link *l, const char *words)
{
    struct diag *d;

    if (f->rule->ast->arrow != ARROW_BOTH || f->rule->wanders)
        return;
    f->rule->wanders = true;
    d = diag_add(f->sc->env->diags, DIAG_WANDERS, f->rule->ast->arrow_at,
                 "values never come to rest: from %s %s",
                 f->sc->map->systems[f->to == RIGHT ? LEFT : RIGHT]->name,
                 words);
    diag_label(d, l->ast->at, "by this");
    diag_note(d, NOTE_HELP, "let its `<-` undo its `->`, or let the rule go "
              "one way");
}

/* Where one way undoes the other for each value, the other way round a value
 * comes back as one that stays. */
static void
prove_user(struct flow *f, const struct link *l, bool backward,
           const struct type *in)
{
    static const char other[] = "what its way back does not give again";
    struct env *env = f->sc->env;
    const struct tfunction *t = l->conv.user;
    const char *words = NULL, *any;

    switch (undo_check(env, t, &l->conv.args, backward, in, &words)) {
    case UNDO_ALL:
        return;
    case UNDO_SETTLES:
        may_change(f, l, words);
        f->own_settles = true;
        return;
    case UNDO_WANDERS:
        if (f->chain->links.n == 1)
            wanders(f, l, words);
        break;
    case UNDO_UNKNOWN:
        break;
    }
    may_change(f, l, other);
    if (undo_check(env, t, &l->conv.args, !backward,
                   backward ? &t->left : &t->right, &any) != UNDO_ALL)
        f->own = true;
}

static bool
follow_user(struct flow *f, const struct link *l)
{
    const struct tfunction *t = l->conv.user;
    bool backward = (f->to == LEFT) != l->conv.turned;
    struct type args[PARAMS_MAX];

    if (two_way(f->rule) && (t->forward == NULL || t->backward == NULL))
        return says_both(l->user) ? false : no_way_back(f, l);
    if ((backward ? t->backward : t->forward) == NULL)
        backward = !backward;
    const struct type *want = backward ? &t->right : &t->left;
    if (!type_same_kind(&f->value, want))
        return unfit(f, l, arena_printf(f->sc->env->arena,
                                        "%s converts %s", t->name,
                                        type_word(want->kind)), NULL);
    args[0] = f->value;
    for (size_t i = 0; i < l->conv.args.n; i++) {
        args[i + 1] = l->conv.args.at[i].expr->type;
        if (!type_same_kind(&args[i + 1], &t->param_types[i + 1]))
            return unfit(f, l, arena_printf(f->sc->env->arena,
                                            "%s takes %s for %s", t->name,
                                            type_word(t->param_types[i + 1]
                                                          .kind),
                                            t->params.at[i + 1]), NULL);
    }
    struct texpr *body = function_instance(f->sc->env, l->user, backward, args);
    if (body->type.kind == TYPE_ERROR)
        return false;
    f->value = body->type;
    f->failures |= body->failures;
    if (body->failures != 0)
        f->at_fault = l;
    if (two_way(f->rule))
        prove_user(f, l, backward, &args[0]);
    return true;
}

/* --- code tables --- */

static bool
row_goes(const struct tcode *row, bool right)
{
    return row->arrow == ARROW_BOTH ||
           row->arrow == (right ? ARROW_RIGHT : ARROW_LEFT);
}

/* Rows whose value the source field can never hold. */
static void
check_source_codes(struct flow *f, const struct link *l, bool right)
{
    const struct tcodes *codes = l->conv.codes;
    struct env *env = f->sc->env;

    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];
        const char *from = right ? row->left : row->right;
        struct type value = type_of_text(env, from);

        if (!row_goes(row, right) || *from == '\0' ||
            (two_way(f->rule) && row->arrow == ARROW_BOTH) || /* fit.c */
            type_misfit(&value, &f->value) == 0)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_CODE_NEVER, l->ast->at,
                                  "codes %s has a row for \"%s\", which the "
                                  "field can't hold", codes->name, from);
        diag_label(d, row->at, "this row");
        diag_note(d, NOTE_FACT, "the field: %s", describe(env, &f->value));
        return;
    }
}

static bool
has_row(const struct tcodes *codes, const char *value, bool right)
{
    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];

        if (row_goes(row, right) &&
            strcmp(right ? row->left : row->right, value) == 0)
            return true;
    }
    return false;
}

/* The values of a closed set that have no row, in a list; NULL: none. */
static const char *
uncovered(struct flow *f, const struct tcodes *codes, bool right)
{
    struct buf b;
    size_t missing = 0;

    buf_init(&b, f->sc->env->arena);
    for (size_t i = 0; i < f->value.values.n; i++) {
        const char *value = f->value.values.at[i];

        if (*value == '\0' || has_row(codes, value, right))
            continue;
        if (++missing <= 5)
            buf_printf(&b, "%s\"%s\"", missing > 1 ? ", " : "", value);
    }
    if (missing > 5)
        buf_printf(&b, " and %zu more", missing - 5);
    return missing == 0 ? NULL : b.at;
}

static struct type
codes_type(struct env *env, const struct tcodes *codes, bool right)
{
    struct type t = { .kind = TYPE_TEXT, .digits_only = true };

    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];
        const char *to = right ? row->right : row->left;
        struct type value = type_of_text(env, to);

        if (!row_goes(row, right))
            continue;
        if (value.max_chars > t.max_chars)
            t.max_chars = value.max_chars;
        t.digits_only = t.digits_only && value.digits_only;
        t.nullable = t.nullable || *to == '\0';
        vec_push(env->arena, &t.values, to);
    }
    return t;
}

/* What the way back makes another code of. */
static const char *
codes_changes(const struct tcodes *codes, bool right)
{
    for (size_t i = 0; i < codes->rows.n; i++)
        if (codes->rows.at[i].arrow == (right ? ARROW_RIGHT : ARROW_LEFT))
            return "codes whose row goes one way only";
    return codes->fate.kind == FATE_VALUE ? "codes without a row" : NULL;
}

static const char *
code_key(struct env *env, const struct tcode *row, const char *value)
{
    const char *context = row->context == NULL ? "" : row->context;

    return intern_text(env->names, arena_printf(env->arena, "%s\x1f%s",
                                                context, value));
}

/* `<->` promises that a value comes back, or another one that means the same;
 * so what a row gives must have a row the other way. */
static void
check_codes_back(struct flow *f, const struct link *l, bool right)
{
    struct env *env = f->sc->env;
    const struct tcodes *codes = l->conv.codes;
    struct table back = { 0 };

    for (size_t i = 0; i < codes->rows.n; i++) {
        struct tcode *row = &codes->rows.at[i];

        if (row_goes(row, !right))
            table_put(env->arena, &back,
                      code_key(env, row, right ? row->right : row->left), row);
    }
    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];
        const char *from = right ? row->left : row->right;
        const char *to = right ? row->right : row->left;
        struct type value = type_of_text(env, from);

        if (!row_goes(row, right) || type_misfit(&value, &f->value) != 0 ||
            table_find(&back, code_key(env, row, to)) != NULL)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_NO_WAY_BACK, l->ast->at,
                                  "codes %s makes \"%s\" of \"%s\" and has "
                                  "no row for \"%s\" on the way back",
                                  codes->name, to, from, to);
        diag_label(d, row->at, "this row");
        diag_label(d, f->rule->ast->arrow_at, "both ways");
        diag_note(d, NOTE_HELP, "add a row for the way back, or write <~> if "
                  "the value may be lost");
        return;
    }
}

/* A table that could not be read has none, and that was reported. */
static bool
has_rows(struct flow *f, const struct link *l, bool right)
{
    struct env *env = f->sc->env;
    const struct tcodes *codes = l->conv.codes;

    for (size_t i = 0; i < codes->rows.n; i++)
        if (row_goes(&codes->rows.at[i], right))
            return true;
    if (codes->broken || (codes->rows.n == 0 && env->damaged))
        return false;
    struct diag *d = diag_add(env->diags, DIAG_CODE_MISSING, l->ast->at,
                              codes->rows.n == 0 ? "codes %s has no rows"
                              : "codes %s has no row for the way to %s",
                              codes->name, f->sc->map->systems[f->to]->name);
    diag_label(d, codes->at, "the table");
    return false;
}

/* After a mistake in the text rows of a table may be lost. */
static bool
rows_unread(const struct env *env, const struct tcodes *codes)
{
    return env->damaged && codes->file == NULL;
}

static bool
follow_codes(struct flow *f, const struct link *l)
{
    struct env *env = f->sc->env;
    const struct tcodes *codes = l->conv.codes;
    bool right = (f->to == RIGHT) != l->conv.turned;
    bool nullable = f->value.nullable;
    const char *left_out = NULL;

    if (f->n_parts > 0)
        return misplaced_fan(f, l);
    if (f->value.kind != TYPE_TEXT)
        return unfit(f, l, "a code table converts text", NULL);
    if (!has_rows(f, l, right))
        return false;
    check_source_codes(f, l, right);
    if (two_way(f->rule) && f->rule->ast->arrow == ARROW_BOTH &&
        !f->rule->ast->remember)
        check_codes_back(f, l, right);
    if (f->value.values.n == 0 || codes->context)
        f->failures |= WHY(UNKNOWN_CODE), f->at_fault = l;
    else if ((left_out = uncovered(f, codes, right)) != NULL)
        f->failures |= WHY(UNKNOWN_CODE), f->at_fault = l;
    if (left_out != NULL && !rows_unread(env, codes) && codes->fate.kind == FATE_NONE &&
        f->rule->ast->fate.kind == FATE_NONE) {
        struct diag *d = diag_add(env->diags, DIAG_CODE_MISSING, l->ast->at,
                                  "codes %s has no row for %s", codes->name,
                                  left_out);
        diag_label(d, codes->at, "the table");
        diag_note(d, NOTE_HELP, "add the rows, or say what happens to other "
                  "values: `else %s` in the table or on the rule",
                  f->sc->map->call == NULL ? "park" : "reject");
    }
    may_change(f, l, codes_changes(codes, right));
    f->value = codes_type(env, codes, right);
    f->value.nullable = f->value.nullable || nullable;
    return true;
}

/* --- references --- */

static bool
follow_ref(struct flow *f, const struct link *l)
{
    bool right = (f->to == RIGHT) != l->conv.turned;
    const struct tmap *map = l->conv.ref;
    bool nullable = f->value.nullable;
    const struct tlevel *root = map->root;

    if (f->n_parts > 0)
        return misplaced_fan(f, l);
    if (map->systems[LEFT] != f->sc->map->systems[LEFT] ||
        map->systems[RIGHT] != f->sc->map->systems[RIGHT])
        return unfit(f, l, arena_printf(f->sc->env->arena, "map %s is between "
                                        "other systems", map->name), NULL);
    for (size_t i = 0; i < root->rules.n; i++) {
        const struct trule *r = root->rules.at[i];

        if (!r->key || r->fields[right ? RIGHT : LEFT].n != 1)
            continue;
        f->value = tpath_member(r->fields[right ? RIGHT : LEFT].at[0])->type;
        f->value.nullable = nullable;
        f->failures |= WHY(UNKNOWN_REF);
        f->at_fault = l;
        return true;
    }
    return unfit(f, l, arena_printf(f->sc->env->arena,
                                    "map %s has no key", map->name), NULL);
}

bool
chain_follow(struct flow *f)
{
    size_t n = f->chain->links.n;

    for (size_t i = 0; i < n; i++) {
        const struct link *l =
            &f->chain->links.at[f->to == RIGHT ? i : n - 1 - i];
        bool ok = false;

        if (f->value.kind == TYPE_ERROR && f->n_parts == 0)
            return false;
        switch (l->conv.kind) {
        case TCONV_NATIVE:
            ok = follow_native(f, l, i == 0, i + 1 == n);
            break;
        case TCONV_USER:
            ok = f->n_parts > 0 ? misplaced_fan(f, l) : follow_user(f, l);
            break;
        case TCONV_CODES:
            ok = follow_codes(f, l);
            break;
        case TCONV_REF:
            ok = follow_ref(f, l);
            break;
        }
        if (!ok)
            return false;
        f->failures |= l->arg_failures;
    }
    return true;
}
