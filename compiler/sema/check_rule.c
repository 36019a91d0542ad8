/* SPDX-License-Identifier: Apache-2.0 */
/* One rule: its sides, its chain both ways, its fate. */
#include <string.h>

#include "sema/promise.h"
#include "sema/rules.h"

static bool
goes(enum arrow arrow, enum side to)
{
    return arrow == ARROW_BOTH || arrow == ARROW_LOSSY ||
           arrow == (to == RIGHT ? ARROW_RIGHT : ARROW_LEFT);
}

/* --- sides --- */

/* a + b + c => three fields */
static bool
collect_fields(struct scope *sc, struct trule *r, const struct expr *e,
               enum side side)
{
    if (e->kind == EXPR_BINARY && e->u.binary.op == OP_ADD) {
        bool left = collect_fields(sc, r, e->u.binary.left, side);
        bool right = collect_fields(sc, r, e->u.binary.right, side);

        return left && right;
    }
    if (e->kind != EXPR_PATH) {
        struct diag *d = diag_add(sc->env->diags, DIAG_NOT_A_FIELD, e->at,
                                  "%s", goes(r->arrow, LEFT) &&
                                  goes(r->arrow, RIGHT)
                                  ? "a rule that goes both ways has fields on "
                                    "both sides"
                                  : "the target of a rule is a field");
        diag_note(d, NOTE_HELP, "use -> or <-, the point of the arrow at the "
                  "field that is written");
        return false;
    }
    struct tpath *path = resolve_path(sc, e, WANT_VALUE);
    if (path == NULL)
        return false;
    if (path->side != side) {
        struct diag *d = diag_add(sc->env->diags, DIAG_WRONG_SIDE, e->at,
                                  "%s stands on the wrong side of the arrow",
                                  path->text);
        diag_note(d, NOTE_HELP, "%s is on the left, %s on the right, in every "
                  "rule", sc->map->systems[LEFT]->name,
                  sc->map->systems[RIGHT]->name);
        return false;
    }
    if (r->fields[side].n == FIELDS_MAX) {
        diag_add(sc->env->diags, DIAG_FAN, e->at,
                 "a rule has at most %d fields on a side", FIELDS_MAX);
        return false;
    }
    vec_push(sc->env->arena, &r->fields[side], path);
    return true;
}

static bool
starts_with(const struct expr *e, const struct tsystem *system)
{
    return e->kind == EXPR_PATH &&
           e->u.path.steps.at[0].name.text == system->name;
}

/* Both sides of the arrow changed places: one mistake, said once. */
bool
sides_swapped(struct scope *sc, const struct expr *left, enum arrow arrow,
              const struct expr *right)
{
    static const char *const turned[] = {
        [ARROW_BOTH] = "<->", [ARROW_LOSSY] = "<~>", [ARROW_RIGHT] = "<-",
        [ARROW_LEFT] = "->"
    };
    const struct tsystem *const *s =
        (const struct tsystem *const *)sc->map->systems;

    if (!starts_with(left, s[RIGHT]) || !starts_with(right, s[LEFT]))
        return false;
    struct span both = { left->at.file, left->at.from, right->at.to };
    struct diag *d = diag_add(sc->env->diags, DIAG_WRONG_SIDE, both,
                              "the two sides changed places: %s is on the "
                              "left, %s on the right", s[LEFT]->name,
                              s[RIGHT]->name);
    diag_note(d, NOTE_HELP, "write %s %s %s", source_words(sc->env, right->at),
              turned[arrow], source_words(sc->env, left->at));
    return true;
}

static bool
only_paths(const struct expr *e)
{
    if (e->kind == EXPR_BINARY && e->u.binary.op == OP_ADD)
        return only_paths(e->u.binary.left) && only_paths(e->u.binary.right);
    return e->kind == EXPR_PATH;
}

/* Does the chain take several fields in on this side? */
static bool
takes_several(const struct chain *chain, enum side from)
{
    if (chain->links.n == 0)
        return false;
    const struct link *l =
        &chain->links.at[from == LEFT ? 0 : chain->links.n - 1];
    if (l->conv.kind != TCONV_NATIVE)
        return false;
    enum native_fan fan = l->conv.native->fan;
    bool to_right = (from == LEFT) != l->conv.turned;
    return fan == (to_right ? FAN_JOIN : FAN_SPLIT);
}

static bool
check_side(struct scope *sc, struct trule *r, const struct chain *chain,
           enum side side)
{
    const struct expr *e = side == LEFT ? r->ast->left : r->ast->right;

    if (r->runs[side] || e->kind == EXPR_PATH ||
        (only_paths(e) && takes_several(chain, side)))
        return collect_fields(sc, r, e, side);
    struct texpr *source = check_expr(sc, e);
    if (source->type.kind == TYPE_ERROR)
        return false;
    if (expr_reads(source, side == LEFT ? RIGHT : LEFT)) {
        enum side to = side == LEFT ? RIGHT : LEFT;
        struct diag *d = diag_add(sc->env->diags, DIAG_WRONG_SIDE, e->at,
                                  "a value on the way to %s can't read %s",
                                  sc->map->systems[to]->name,
                                  sc->map->systems[to]->name);
        diag_note(d, NOTE_HELP, "use fields of %s",
                  sc->map->systems[side]->name);
        return false;
    }
    r->source[side] = source;
    return true;
}

/* --- targets --- */

static void
check_writable(struct scope *sc, const struct trule *r,
               const struct tpath *path)
{
    const struct tsystem *system = sc->map->systems[path->side];

    /* What comes back from a call is not written there: its caller has it. */
    if (sc->map->call != NULL && path->side == LEFT)
        return;
    for (size_t i = 0; i < path->hops.n; i++) {
        const struct member *m = path->hops.at[i].member;

        if (m->creatable || m->updatable || m->record != NULL)
            continue;
        struct diag *d = diag_add(sc->env->diags, DIAG_READ_ONLY, path->at,
                                  "%s can't be written", path->text);
        note_member(sc->env, d, path->text, system, m);
        if (r->runs[LEFT] && r->runs[RIGHT])
            diag_note(d, NOTE_HELP, "let the rule go one way: %s",
                      path->side == LEFT ? "->" : "<-");
        else
            diag_note(d, NOTE_HELP, "%s sets it itself; remove the rule, or "
                      "write another field", system->name);
        return;
    }
}

/* --- values --- */

/* A constant into a date, a bool, … is written as its canonical text. */
static void
adapt_source(struct flow *f, const struct tpath *target)
{
    enum side from = f->to == RIGHT ? LEFT : RIGHT;
    const struct texpr *source = f->rule->source[from];
    const struct type *type = &tpath_member(target)->type;

    if (source == NULL || source->kind != TEXPR_CONST ||
        f->chain->links.n > 0 || f->value.kind != TYPE_TEXT ||
        type->kind == TYPE_TEXT)
        return;
    const char *text = *source->u.text == '\0' ? source->u.text
        : canonical_constant(f->sc->env, type, source->u.text);
    if (text == NULL)
        return;
    struct texpr *constant = texpr_new(f->sc->env, TEXPR_CONST, source->at);
    constant->type = *type;
    constant->u.text = text;
    f->rule->source[from] = constant;
    f->value = *type;
    f->value.nullable = *text == '\0';
}

static void
start_flow(struct flow *f)
{
    enum side from = f->to == RIGHT ? LEFT : RIGHT;
    const struct trule *r = f->rule;

    if (r->source[from] != NULL) {
        f->value = r->source[from]->type;
        f->failures = r->source[from]->failures;
    } else if (r->fields[from].n == 1) {
        f->value = tpath_member(r->fields[from].at[0])->type;
    } else {
        f->n_parts = (uint32_t)r->fields[from].n;
        for (uint32_t i = 0; i < f->n_parts; i++)
            f->parts[i] = tpath_member(r->fields[from].at[i])->type;
    }
}

static void
several_without_fan(struct scope *sc, const struct trule *r)
{
    struct diag *d = diag_add(sc->env->diags, DIAG_FAN, r->at,
                              "several fields meet %s, and no conversion says "
                              "how", r->fields[LEFT].n > 1 &&
                              r->fields[RIGHT].n > 1 ? "several" : "one");

    diag_note(d, NOTE_HELP, "split(35) puts one field into several on the "
              "right, join(\" \") several on the left into one");
}

static bool
check_direction(struct scope *sc, struct trule *r, const struct chain *chain,
                enum side to)
{
    struct flow f = { .sc = sc, .rule = r, .chain = chain, .to = to };
    size_t targets = r->fields[to].n;

    start_flow(&f);
    if (f.n_parts == 0 && targets == 1)
        adapt_source(&f, r->fields[to].at[0]);
    if (!chain_follow(&f))
        return false;
    if (f.n_parts == 0 ? targets != 1 : f.n_parts != targets ||
        (targets > 1 && chain->links.n == 0)) {
        several_without_fan(sc, r);
        return false;
    }
    for (size_t i = 0; i < targets; i++) {
        check_writable(sc, r, r->fields[to].at[i]);
        if (!check_fit(&f, r->fields[to].at[i],
                       f.n_parts > 0 ? &f.parts[i] : &f.value))
            return false;
    }
    check_handled(sc, &f);
    r->failures[to] = f.failures;
    r->changes[to == RIGHT ? LEFT : RIGHT] = f.changes;
    r->changed_by[to == RIGHT ? LEFT : RIGHT] = f.changed_by;
    r->loses[to == RIGHT ? LEFT : RIGHT] = f.loses;
    r->lost_by[to == RIGHT ? LEFT : RIGHT] = f.lost_by;
    r->n_changing[to == RIGHT ? LEFT : RIGHT] = f.n_changing;
    r->filters = (to == RIGHT || r->filters) && !f.other_than_filter;
    r->own |= f.own;
    r->own_settles |= f.own_settles;
    return true;
}

/* --- fates and policies --- */

struct tfate
check_fate(struct scope *sc, const struct fate *fate)
{
    struct tfate t = { fate->kind, NULL };

    if (fate->kind == FATE_PARK && sc->map->call != NULL) {
        struct diag *d = diag_add(sc->env->diags, DIAG_BAD_FATE, fate->at,
                                  "a user waits for the answer of a call: "
                                  "nothing is parked");
        diag_note(d, NOTE_HELP, "else reject, else keep, or `else` a value");
    }
    if (fate->kind != FATE_VALUE)
        return t;
    struct texpr *value = check_expr(sc, fate->value);
    if (value->kind == TEXPR_CONST) {
        t.value = value->u.text;
        return t;
    }
    if (value->type.kind != TYPE_ERROR)
        diag_add(sc->env->diags, DIAG_BAD_FATE, fate->value->at,
                 "behind `else` stands keep, park, reject, empty or a "
                 "constant, not something that is worked out");
    t.kind = FATE_PARK;
    return t;
}

static void
check_fate_value(struct scope *sc, const struct trule *r, enum side to)
{
    for (size_t i = 0; i < r->fields[to].n; i++) {
        const struct tpath *path = r->fields[to].at[i];
        const struct type *type = &tpath_member(path)->type;
        struct type value = type_of_text(sc->env, r->fate.value);

        if (*r->fate.value == '\0' ||
            (type->kind == TYPE_TEXT && type_misfit(&value, type) == 0) ||
            (type->kind != TYPE_TEXT &&
             canonical_constant(sc->env, type, r->fate.value) != NULL))
            continue;
        /* It may be its table's or its map's. */
        struct diag *d = diag_add(sc->env->diags, DIAG_BAD_FATE,
                                  r->ast->fate.kind == FATE_NONE
                                      ? r->at : r->ast->fate.at, "%s can't be \"%s\"",
                                  path->text, r->fate.value);
        note_member(sc->env, d, path->text, sc->map->systems[to],
                    tpath_member(path));
    }
}

/* Tables are for maps and calls: theirs may say `park`. */
static struct tfate
codes_fate_of(struct scope *sc, const struct fate *fate)
{
    struct tfate park = { FATE_PARK, NULL };

    return fate->kind == FATE_PARK ? park : check_fate(sc, fate);
}

/* rule, then its code table, then the map; else a failed record waits. */
static void
settle_fate(struct scope *sc, struct trule *r)
{
    const struct fate *codes = NULL;

    for (size_t i = 0; i < r->chain.n; i++)
        if (r->chain.at[i].kind == TCONV_CODES &&
            r->chain.at[i].codes->fate.kind != FATE_NONE)
            codes = &r->chain.at[i].codes->fate;
    if (r->ast->fate.kind != FATE_NONE)
        r->fate = check_fate(sc, &r->ast->fate);
    else if (codes != NULL)
        r->fate = codes_fate_of(sc, codes);
    else if (sc->map->fate.kind != FATE_NONE)
        r->fate = sc->map->fate;
    else
        r->fate.kind = FATE_PARK;
    /* Of a code table that maps use, too; and where nothing was said. */
    if (r->fate.kind == FATE_PARK && sc->map->call != NULL)
        r->fate.kind = FATE_REJECT;
    if (r->fate.kind != FATE_VALUE)
        return;
    for (enum side to = LEFT; to <= RIGHT; to++)
        if (r->runs[to])
            check_fate_value(sc, r, to);
}

/* Only a value that comes back can come back without something. */
static void
check_remember(struct scope *sc, const struct trule *r)
{
    struct diags *diags = sc->env->diags;
    struct diag *d;

    if (!r->remember)
        return;
    if (!r->runs[LEFT] || !r->runs[RIGHT] || r->key || sc->map->call != NULL) {
        d = diag_add(diags, DIAG_REMEMBER_ONE_WAY, r->at,
                     sc->map->call != NULL
                         ? "a call remembers nothing"
                         : r->key ? "of a key nothing is remembered"
                                  : "what goes one way does not come back, so "
                                    "there is nothing to remember");
        diag_note(d, NOTE_HELP, "leave `remember` out");
    } else if (!promise_keeps(r, LEFT) && !promise_keeps(r, RIGHT)) {
        d = diag_add(diags, DIAG_NOTHING_LOST, r->at, "there is nothing to "
                     "remember: each value that gets through comes back");
        diag_note(d, NOTE_HELP, "leave `remember` out");
    }
}

static void
not_so(struct scope *sc, const struct trule *r, enum side side)
{
    struct diag *d = diag_add(sc->env->diags, DIAG_PROMISE_BROKEN,
                              r->ast->arrow_at, "by %s this does not come "
                              "back: %s", r->lost_by[side], r->loses[side]);
    const char *system = sc->map->systems[side]->name;

    diag_label(d, r->at, "on the way from %s and back", system);
    diag_note(d, NOTE_HELP, "`remember` keeps it;%s `->` goes one way; `<~>` "
              "says that it is lost",
              strncmp(r->lost_by[side], "cut", 3) == 0
                  ? " `max` instead of `cut` lets it wait;" : "");
}

/* Key and match rules can't say what happens; a record without a key is not
 * there to be written. */
static void
check_promise(struct scope *sc, const struct trule *r)
{
    why_set refused = r->failures[LEFT] | r->failures[RIGHT];
    const struct env *env = sc->env;
    struct diag *d;

    if (r->arrow != ARROW_BOTH || promise_of(r) != PROMISE_LOSSY)
        return;
    if (r->loses[LEFT] != NULL || r->loses[RIGHT] != NULL) {
        not_so(sc, r, r->loses[LEFT] != NULL ? LEFT : RIGHT);
        return;
    }
    if (r->key)
        return;
    d = diag_add(env->diags, DIAG_PROMISE_BROKEN, r->ast->arrow_at,
                 "what becomes \"%s\" does not come back", r->fate.value);
    diag_label(d, r->at, "%s", failure_words(sc->env, refused));
    diag_note(d, NOTE_HELP, "`else %s` lets it wait, `else keep` leaves the "
              "target alone; `remember` keeps it; `<~>` says that it is lost",
              sc->map->call == NULL ? "park" : "reject");
}

const struct tpath *
check_policy(struct scope *sc, const struct policy *policy)
{
    struct env *env = sc->env;
    struct tpath *path = NULL;

    if (policy->kind == POLICY_OWNER &&
        policy->system.text != sc->map->systems[LEFT]->name &&
        policy->system.text != sc->map->systems[RIGHT]->name) {
        struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_OWNER,
                                  policy->system.at, "the owner is %s or %s, "
                                  "not %s", sc->map->systems[LEFT]->name,
                                  sc->map->systems[RIGHT]->name,
                                  policy->system.text);
        diag_note(d, NOTE_HELP, "or newest, min, max, sum, union, keep both, "
                  "ask");
    }
    if (policy->by != NULL) {
        path = resolve_path(sc, policy->by, WANT_VALUE);
        const struct type *type =
            path == NULL ? NULL : &tpath_member(path)->type;

        if (type != NULL && type->kind != TYPE_DATETIME &&
            type->kind != TYPE_DATE) {
            struct diag *d = diag_add(env->diags, DIAG_TYPE_MISMATCH,
                                      policy->by->at, "newest needs a date or "
                                      "a date with time, %s is %s", path->text,
                                      type_word(type->kind));
            note_member(env, d, path->text, sc->map->systems[path->side],
                        tpath_member(path));
        }
    }
    return path;
}

/* What a policy can't decide about values of this type; NULL: it can. */
static const char *
policy_needs(enum policy_kind policy, enum type_kind type)
{
    bool date = type == TYPE_DATE || type == TYPE_DATETIME ||
                type == TYPE_TIME;

    if (type == TYPE_ERROR)
        return NULL;
    if (policy == POLICY_UNION && type != TYPE_TEXT)
        return "a text with members between semicolons";
    if (policy == POLICY_SUM && type != TYPE_NUMBER)
        return "numbers";
    if ((policy == POLICY_MIN || policy == POLICY_MAX) &&
        type != TYPE_NUMBER && !date)
        return "numbers or dates";
    return NULL;
}

static const char *
side_needs(const struct trule *r, enum side side)
{
    if (r->fields[side].n != 1)
        return NULL;
    return policy_needs(r->policy.kind,
                        tpath_member(r->fields[side].at[0])->type.kind);
}

/* A number may be text in a message: one side has to be fit. A set is a text
 * on both. */
static void
check_rule_policy(struct scope *sc, struct trule *r)
{
    bool own = r->ast->policy.kind != POLICY_NONE;
    const struct tpath *by = check_policy(sc, &r->ast->policy);
    const char *left = side_needs(r, LEFT), *right = side_needs(r, RIGHT);
    bool is_union = r->policy.kind == POLICY_UNION;
    enum side side = left != NULL ? LEFT : RIGHT;

    r->by = own ? by : r->group != NULL ? r->group->by : sc->map->by;
    if (is_union ? left == NULL && right == NULL
                 : left == NULL || right == NULL)
        return;
    const struct tpath *path = r->fields[side].at[0];
    diag_add(sc->env->diags, DIAG_TYPE_MISMATCH,
             own ? r->ast->policy.at : r->at,
             "this way to decide a conflict needs %s, %s is %s",
             side == LEFT ? left : right, path->text,
             type_word(tpath_member(path)->type.kind));
}

/* --- the rule --- */

static struct trule *
rule_new(struct scope *sc, struct tlevel *level, const struct rule *rule)
{
    struct trule *r = arena_alloc(sc->env->arena, sizeof *r);

    r->ast = rule;
    r->at = rule->at;
    r->place = source_where(sc->env, rule->at);
    r->text = source_words(sc->env, rule->at);
    r->level = level;
    r->arrow = rule->arrow;
    r->runs[LEFT] = goes(rule->arrow, LEFT);
    r->runs[RIGHT] = goes(rule->arrow, RIGHT);
    r->personal = rule->personal;
    r->remember = rule->remember;
    return r;
}

static bool
check_when(struct scope *sc, struct trule *r)
{
    if (r->ast->when == NULL)
        return true;
    if (r->runs[LEFT] && r->runs[RIGHT]) {
        struct diag *d = diag_add(sc->env->diags, DIAG_WHEN_BOTH_WAYS,
                                  r->ast->when->at,
                                  "a rule that goes both ways can't have a "
                                  "condition");
        diag_note(d, NOTE_HELP, "write two rules, one for each direction");
        return false;
    }
    r->when = check_condition(sc, r->ast->when);
    return r->when->type.kind != TYPE_ERROR;
}

static bool
keep_to_level(struct scope *sc, struct trule *r)
{
    for (enum side to = LEFT; to <= RIGHT; to++) {
        if (!r->runs[to] || r->level->runs[to])
            continue;
        if (r->key) {
            r->runs[to] = false;
            continue;
        }
        struct diag *d = diag_add(sc->env->diags, DIAG_AGAINST_LIST,
                                  r->ast->arrow_at,
                                  "this rule goes to %s, and the list around "
                                  "it does not", sc->map->systems[to]->name);
        diag_label(d, r->level->at, "the list");
        diag_note(d, NOTE_HELP, "let both go the same way");
        return false;
    }
    return true;
}

/* Kept aside, so that what it would have written does not seem unset. */
static struct trule *
broken_rule(struct scope *sc, struct tlevel *level, struct trule *r)
{
    for (enum side to = LEFT; to <= RIGHT; to++)
        if (r->runs[to] && r->fields[to].n == 0)
            level->unknown_target = true;
    vec_push(sc->env->arena, &level->broken, r);
    return NULL;
}

struct trule *
check_rule(struct scope *sc, struct tlevel *level, const struct rule *rule,
           const struct tgroup *group, bool key)
{
    struct trule *r = rule_new(sc, level, rule);
    struct chain chain = chain_resolve(sc, &rule->chain);
    bool ok = !chain.broken;

    r->key = key;
    r->group = group;
    ok &= keep_to_level(sc, r);
    r->policy = rule->policy.kind != POLICY_NONE ? rule->policy
        : group != NULL ? group->policy : sc->map->policy;
    if (sides_swapped(sc, rule->left, rule->arrow, rule->right)) {
        ok = false;
    } else {
        ok &= check_side(sc, r, &chain, LEFT);
        ok &= check_side(sc, r, &chain, RIGHT);
    }
    ok &= check_when(sc, r);
    for (size_t i = 0; i < chain.links.n; i++)
        vec_push(sc->env->arena, &r->chain, chain.links.at[i].conv);
    if (!ok)
        return broken_rule(sc, level, r);
    /* What does not even fit there is not followed back. */
    if (r->runs[RIGHT])
        ok = check_direction(sc, r, &chain, RIGHT);
    if (ok && r->runs[LEFT])
        ok = check_direction(sc, r, &chain, LEFT);
    if (!ok)
        return broken_rule(sc, level, r);
    check_rule_policy(sc, r);
    settle_fate(sc, r);
    check_remember(sc, r);
    check_promise(sc, r);
    vec_push(sc->env->arena, &level->rules, r);
    return r;
}
