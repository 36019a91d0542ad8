/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps: first the two ends of every map, then their keys (references need
 * them), then everything else, level by level.
 */
#include <string.h>

#include "sema/rules.h"

/* --- the ends of a map --- */

static const char *
system_name(const void *program, size_t i)
{
    return ((const struct tprogram *)program)->systems.at[i]->name;
}

static const char *
root_name(const void *schema, size_t i)
{
    return ((const struct schema *)schema)->roots.at[i].name;
}

const struct tsystem *
find_system(struct env *env, struct name name)
{
    const struct tsystem *s = table_find(&env->systems, name.text);
    const char *near = closest_name(name.text, system_name, env->program,
                                    env->program->systems.n);

    if (s != NULL || (near == NULL && env->damaged))
        return s == NULL || s->schema == NULL ? NULL : s;
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_SYSTEM, name.at,
                              "there is no system %s", name.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    else
        diag_note(d, NOTE_HELP, "declare it: system %s : KIND \"SCHEMA\"",
                  name.text);
    return NULL;
}

static const struct member *
find_root(struct env *env, const struct tsystem *s, struct name name)
{
    const struct member *m = schema_root(s->schema, name.text);

    if (m != NULL && m->record != NULL)
        return m;
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_TYPE, name.at,
                              "%s has no type %s", s->name, name.text);
    const char *near = closest_name(name.text, root_name, s->schema,
                                    s->schema->roots.n);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists its types",
              s->schema->path);
    return NULL;
}

/* DEBMAS06.E1KNA1M => DEBMAS06, IDOC, E1KNA1M */
static const struct record *
descend(struct env *env, struct tmap *map, enum side side,
        const struct expr *end)
{
    const struct tsystem *s = map->systems[side];
    const struct member *m = find_root(env, s, end->u.path.steps.at[1].name);
    const char *idoc = intern_text(env->names, "IDOC");

    if (m == NULL)
        return NULL;
    vec_push(env->arena, &map->path[side], m);
    if (s->protocol == PROTOCOL_IDOC) {
        const struct member *inner = record_member(m->record, idoc);

        if (inner == NULL || inner->record == NULL) {
            diag_add(env->diags, DIAG_UNKNOWN_TYPE, end->at,
                     "%s is no IDoc: it has no element IDOC", m->name);
            return NULL;
        }
        m = inner;
        vec_push(env->arena, &map->path[side], m);
    }
    for (size_t i = 2; i < end->u.path.steps.n; i++) {
        struct name step = end->u.path.steps.at[i].name;

        if (step.text == idoc && s->protocol == PROTOCOL_IDOC)
            continue;
        m = resolve_member(env, m->record->name, m->record, s, step);
        if (m == NULL)
            return NULL;
        if (m->record == NULL) {
            diag_add(env->diags, DIAG_NOT_A_RECORD, step.at,
                     "%s is a value; a map is between records", step.text);
            return NULL;
        }
        vec_push(env->arena, &map->path[side], m);
    }
    return m->record;
}

const struct record *
map_end(struct env *env, struct tmap *map, enum side side,
        const struct expr *end)
{
    if (end->kind != EXPR_PATH || end->u.path.steps.n < 2) {
        diag_add(env->diags, DIAG_UNKNOWN_TYPE, end->at,
                 "a map is between types of two systems; name one: %s.Account",
                 source_words(env, end->at));
        return NULL;
    }
    map->systems[side] = find_system(env, end->u.path.steps.at[0].name);
    if (map->systems[side] == NULL)
        return NULL;
    return descend(env, map, side, end);
}

struct tlevel *
level_new(struct env *env, struct tlevel *outer, struct span at)
{
    struct tlevel *level = arena_alloc(env->arena, sizeof *level);

    level->outer = outer;
    level->at = at;
    level->place = source_where(env, at);
    return level;
}

/* The ways that any rule goes; keys go along. A map of keys alone goes both
 * ways. */
static void
mark_runs(bool runs[2], const item_vec *items)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct map_item *item = items->at[i];

        if (item->kind == ITEM_GROUP)
            mark_runs(runs, &item->u.group->items);
        if (item->kind == ITEM_EACH && item->u.each->right == NULL) {
            mark_runs(runs, &item->u.each->items);
        } else if (item->kind == ITEM_RULE || item->kind == ITEM_EACH) {
            enum arrow arrow = item->kind == ITEM_RULE
                ? item->u.rule->arrow : item->u.each->arrow;

            runs[LEFT] |= arrow != ARROW_RIGHT;
            runs[RIGHT] |= arrow != ARROW_LEFT;
        }
    }
}

static void
map_runs(struct tmap *map)
{
    mark_runs(map->runs, &map->ast->items);
    if (!map->runs[LEFT] && !map->runs[RIGHT])
        map->runs[LEFT] = map->runs[RIGHT] = true;
    map->root->runs[LEFT] = map->runs[LEFT];
    map->root->runs[RIGHT] = map->runs[RIGHT];
}

/* True after reporting. */
static bool
has_no_documents(struct env *env, const struct tmap *map,
                 const struct map *ast)
{
    for (enum side side = LEFT; side <= RIGHT; side++) {
        const struct expr *end = side == LEFT ? ast->left : ast->right;

        if (map->systems[side]->protocol != PROTOCOL_SOAP)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_CALLED_ONLY, end->at,
                                  "system %s is called, it sends and takes no "
                                  "documents by itself",
                                  map->systems[side]->name);
        diag_note(d, NOTE_HELP, "write a `call`; or declare the system as xml, "
                  "where its documents come without an envelope");
        return true;
    }
    return false;
}

static void
map_declare(struct env *env, struct declared_map *m)
{
    struct tmap *map = arena_alloc(env->arena, sizeof *map);

    map->name = m->ast->name.text;
    map->at = m->ast->at;
    map->ast = m->ast;
    map->root = level_new(env, NULL, m->ast->at);
    map->root->text = map->name;
    map->root->record[LEFT] = map_end(env, map, LEFT, m->ast->left);
    map->root->record[RIGHT] = map_end(env, map, RIGHT, m->ast->right);
    map->create[LEFT] = map->create[RIGHT] = true;
    if (map->root->record[LEFT] == NULL || map->root->record[RIGHT] == NULL)
        return;
    if (has_no_documents(env, map, m->ast))
        return;
    if (map->systems[LEFT] == map->systems[RIGHT]) {
        diag_add(env->diags, DIAG_SAME_SYSTEM, m->ast->name.at,
                 "a map is between two systems, not %s and itself",
                 map->systems[LEFT]->name);
        return;
    }
    map_runs(map);
    m->typed = map;
}

/* --- clauses of the whole map --- */

static void
said_before(struct env *env, const struct map_item *item,
            const struct map_item **first, const char *what)
{
    if (*first != NULL) {
        struct diag *d = diag_add(env->diags, DIAG_CLAUSE_TWICE, item->at,
                                  "the map already says %s", what);
        diag_label(d, (*first)->at, "first here");
    }
    *first = item;
}

static int
side_of(struct scope *sc, struct name system)
{
    for (int side = LEFT; side <= RIGHT; side++)
        if (sc->map->systems[side]->name == system.text)
            return side;

    struct diag *d = diag_add(sc->env->diags, DIAG_UNKNOWN_SYSTEM, system.at,
                              "this map has no system %s", system.text);
    diag_note(d, NOTE_HELP, "it is between %s and %s",
              sc->map->systems[LEFT]->name, sc->map->systems[RIGHT]->name);
    return -1;
}

static void
check_create(struct scope *sc, struct tmap *map, const struct ways *ways)
{
    int from, to;

    if (ways->both)
        return;
    map->create[LEFT] = map->create[RIGHT] = false;
    if (ways->none)
        return;
    from = side_of(sc, ways->from);
    to = side_of(sc, ways->to);
    if (from >= 0 && to >= 0)
        map->create[to] = true;
}

static void
add_delete(struct scope *sc, struct tmap *map, enum side to,
           const struct tpath *set, const char *value)
{
    struct tdelete d = { to, set, value };

    vec_push(sc->env->arena, &map->deletes, d);
}

static void
check_delete(struct scope *sc, struct tmap *map, const struct map_item *item)
{
    const struct ways *ways = &item->u.delete_.ways;
    int to = ways->both || ways->none ? -1 : side_of(sc, ways->to);
    struct tpath *path;

    if (!ways->both && !ways->none)
        side_of(sc, ways->from);
    if (item->u.delete_.set == NULL) {
        for (enum side side = LEFT; side <= RIGHT; side++)
            if (ways->both || to == (int)side)
                add_delete(sc, map, side, NULL, NULL);
        return;
    }
    path = resolve_path(sc, item->u.delete_.set, WANT_VALUE);
    struct texpr *value = check_expr(sc, item->u.delete_.value);
    if (path == NULL || value->type.kind == TYPE_ERROR)
        return;
    if (to >= 0 && path->side != (enum side)to)
        diag_add(sc->env->diags, DIAG_WRONG_SIDE, path->at,
                 "what is set lies on the side that is told: %s",
                 sc->map->systems[to]->name);
    const struct type *type = &tpath_member(path)->type;
    const char *text = value->kind == TEXPR_CONST
        ? canonical_constant(sc->env, type, value->u.text) : NULL;
    if (text != NULL && (type->kind != TYPE_TEXT ||
                         type_misfit(&value->type, type) == 0)) {
        add_delete(sc, map, path->side, path, text);
        return;
    }
    struct diag *d = diag_add(sc->env->diags, DIAG_TYPE_MISMATCH,
                              item->u.delete_.value->at,
                              "%s can't be this value", path->text);
    note_member(sc->env, d, path->text, sc->map->systems[path->side],
                tpath_member(path));
    if (value->kind != TEXPR_CONST)
        diag_note(d, NOTE_HELP, "what a deletion sets is a constant");
}

static void
check_map_fate(struct scope *sc, struct tmap *map, const struct fate *fate)
{
    map->fate = check_fate(sc, fate);
    if (fate->kind != FATE_VALUE)
        return;
    struct diag *d = diag_add(sc->env->diags, DIAG_BAD_FATE, fate->at,
                              "one value can't fit every field of the map");
    diag_note(d, NOTE_HELP, "for a whole map: else park, else keep, else "
              "reject");
    map->fate.kind = FATE_PARK;
}

/* Clauses that rules depend on come first, wherever they stand. */
static void
check_clauses(struct scope *sc, struct tmap *map)
{
    const struct map_item *create = NULL, *owner = NULL, *otherwise = NULL;

    for (size_t i = 0; i < map->ast->items.n; i++) {
        const struct map_item *item = map->ast->items.at[i];

        if (item->kind == ITEM_CREATE) {
            said_before(sc->env, item, &create, "what may be created");
            check_create(sc, map, &item->u.create);
        } else if (item->kind == ITEM_OWNER) {
            said_before(sc->env, item, &owner, "who owns its fields");
            map->by = check_policy(sc, &item->u.owner);
            map->policy = item->u.owner;
        } else if (item->kind == ITEM_ELSE) {
            said_before(sc->env, item, &otherwise, "what happens to failures");
            check_map_fate(sc, map, &item->u.fate);
        } else if (item->kind == ITEM_DELETE) {
            check_delete(sc, map, item);
        }
    }
}

static void
check_where(struct scope *sc, struct tlevel *level, const struct expr *test,
            enum leave leave, struct span at)
{
    struct tcondition c = { .leave = leave, .at = at };

    c.test = check_condition(sc, test);
    c.place = source_where(sc->env, at);
    c.text = source_words(sc->env, test->at);
    if (c.test->type.kind == TYPE_ERROR)
        return;
    bool left = expr_reads(c.test, LEFT), right = expr_reads(c.test, RIGHT);
    if (left == right) {
        struct diag *d = diag_add(sc->env->diags, DIAG_WHERE_SIDES, at, left
                                  ? "a condition speaks of one side; this one "
                                    "reads both"
                                  : "this condition reads no field");
        diag_note(d, NOTE_HELP, "write a condition of its own for each side");
        return;
    }
    c.side = left ? LEFT : RIGHT;
    if (level->record[c.side] == NULL) {
        diag_add(sc->env->diags, DIAG_WHERE_SIDES, at,
                 "this list is on the other side only");
        return;
    }
    vec_push(sc->env->arena, &level->where, c);
}

/* --- levels --- */

static void check_items(struct scope *sc, struct tlevel *level,
                        const item_vec *items);

static void
check_group(struct scope *sc, struct tlevel *level, const struct group *g)
{
    struct tgroup *group = arena_alloc(sc->env->arena, sizeof *group);

    group->name = g->name.text;
    group->policy =
        g->policy.kind == POLICY_NONE ? sc->map->policy : g->policy;
    group->by = check_policy(sc, &g->policy);
    if (g->policy.kind == POLICY_NONE)
        group->by = sc->map->by;
    for (size_t i = 0; i < g->items.n; i++) {
        const struct map_item *item = g->items.at[i];

        if (item->kind == ITEM_RULE)
            check_rule(sc, level, item->u.rule, group, false);
    }
}

/* The list of one side of an each; false after reporting. */
static bool
each_list(struct scope *sc, struct tlevel *inner, const struct expr *e,
          enum side side)
{
    const struct tpath *list = resolve_path(sc, e, WANT_LIST);

    if (list == NULL)
        return false;
    if (list->side != side) {
        diag_add(sc->env->diags, DIAG_WRONG_SIDE, e->at,
                 "%s stands on the wrong side of the arrow", list->text);
        return false;
    }
    inner->list[side] = list;
    inner->record[side] = tpath_member(list)->record;
    return true;
}

/* One list, of either side: it is gone through on the way to the other one. */
static bool
each_alone(struct scope *sc, struct tlevel *inner, const struct each *e)
{
    const struct tpath *list = resolve_path(sc, e->left, WANT_LIST);

    if (list == NULL)
        return false;
    inner->list[list->side] = list;
    inner->record[list->side] = tpath_member(list)->record;
    inner->runs[list->side == LEFT ? RIGHT : LEFT] = true;
    if (e->match.n == 0)
        return true;
    struct diag *d = diag_add(sc->env->diags, DIAG_EACH_ONE_SIDE,
                              e->match.at[0]->at,
                              "there is no other list to match with");
    diag_note(d, NOTE_HELP, "name the other list behind an arrow, or leave "
              "`match` out");
    return false;
}

static bool
each_ends(struct scope *sc, struct tlevel *inner, const struct each *e)
{
    if (e->right == NULL)
        return each_alone(sc, inner, e);
    if (sides_swapped(sc, e->left, e->arrow, e->right))
        return false;
    inner->runs[RIGHT] = e->arrow != ARROW_LEFT;
    inner->runs[LEFT] = e->arrow != ARROW_RIGHT;
    bool left = each_list(sc, inner, e->left, LEFT);
    bool right = each_list(sc, inner, e->right, RIGHT);

    return left && right;
}

/* A list may not go a way that the list around it does not. */
static bool
each_within(struct scope *sc, const struct tlevel *inner, const struct each *e)
{
    for (enum side to = LEFT; to <= RIGHT; to++) {
        if (!inner->runs[to] || inner->outer->runs[to])
            continue;
        struct diag *d = diag_add(sc->env->diags, DIAG_AGAINST_LIST,
                                  e->arrow_at, "this list goes to %s, and what "
                                  "is around it does not",
                                  sc->map->systems[to]->name);
        diag_label(d, inner->outer->at, "around it");
        diag_note(d, NOTE_HELP, "let both go the same way");
        return false;
    }
    return true;
}

static const char *
each_text(struct env *env, const struct tlevel *inner, const struct each *e)
{
    const struct tpath *left = inner->list[LEFT], *right = inner->list[RIGHT];

    if (left == NULL || right == NULL)
        return arena_printf(env->arena, "each %s",
                            left == NULL ? right->text : left->text);
    return arena_printf(env->arena, "each %s %s %s", left->text,
                        e->arrow == ARROW_BOTH ? "<->"
                        : e->arrow == ARROW_LOSSY ? "<~>"
                        : e->arrow == ARROW_RIGHT ? "->" : "<-", right->text);
}

static void
check_match(struct scope *sc, struct tlevel *inner, const struct each *e)
{
    for (size_t i = 0; i < e->match.n; i++)
        check_rule(sc, inner, e->match.at[i], NULL, true);
    if (e->match.n > 0 || e->by_position || !inner->runs[LEFT] ||
        !inner->runs[RIGHT])
        return;
    struct diag *d = diag_add(sc->env->diags, DIAG_EACH_WITHOUT_MATCH,
                              inner->at, "nothing says which elements of these "
                              "lists belong together");
    note_member(sc->env, d, inner->list[LEFT]->text, sc->map->systems[LEFT],
                tpath_member(inner->list[LEFT]));
    note_member(sc->env, d, inner->list[RIGHT]->text, sc->map->systems[RIGHT],
                tpath_member(inner->list[RIGHT]));
    diag_note(d, NOTE_HELP, "add `match %s.Field <-> %s.Field`, or `by "
              "position`", sc->map->systems[LEFT]->name,
              sc->map->systems[RIGHT]->name);
}

static void
check_each(struct scope *sc, struct tlevel *level, const struct map_item *item)
{
    const struct each *e = item->u.each;
    struct tlevel *inner = level_new(sc->env, level, item->at);
    struct scope within = *sc;

    inner->by_position = e->by_position;
    if (!each_ends(sc, inner, e) || !each_within(sc, inner, e))
        return;
    inner->text = each_text(sc->env, inner, e);
    within.level = inner;
    check_match(&within, inner, e);
    for (size_t i = 0; i < e->where.n; i++)
        check_where(&within, inner, e->where.at[i], LEAVE_NONE,
                    e->where.at[i]->at);
    check_items(&within, inner, &e->items);
    vec_push(sc->env->arena, &level->levels, inner);
}

static void
check_items(struct scope *sc, struct tlevel *level, const item_vec *items)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct map_item *item = items->at[i];

        switch (item->kind) {
        case ITEM_RULE:
            check_rule(sc, level, item->u.rule, NULL, false);
            break;
        case ITEM_WHERE:
            check_where(sc, level, item->u.where.test, item->u.where.leave,
                        item->at);
            break;
        case ITEM_GROUP:
            check_group(sc, level, item->u.group);
            break;
        case ITEM_EACH:
            check_each(sc, level, item);
            break;
        case ITEM_IGNORE:       /* whole.c */
        case ITEM_KEY:
        case ITEM_CREATE:
        case ITEM_DELETE:
        case ITEM_OWNER:
        case ITEM_ELSE:
        case ITEM_FINAL:        /* layers_map.c */
            break;              /* check_clauses, check_keys */
        case ITEM_MESSAGES:
            check_messages(sc, level, item);
            break;
        }
    }
}

/* --- the passes --- */

static struct scope
map_scope(struct env *env, const struct tmap *map)
{
    struct scope sc = { .env = env, .map = map, .level = map->root };

    return sc;
}

static void
check_keys(struct env *env, struct tmap *map)
{
    struct scope sc = map_scope(env, map);
    size_t keys = 0;

    check_clauses(&sc, map);
    for (size_t i = 0; i < map->ast->items.n; i++) {
        const struct map_item *item = map->ast->items.at[i];

        if (item->kind != ITEM_KEY)
            continue;
        keys++;
        check_rule(&sc, map->root, item->u.rule, NULL, true);
    }
    if (keys > 0 || env->damaged)
        return;
    struct diag *d = diag_add(env->diags, DIAG_NO_KEY, map->ast->name.at,
                              "map %s has no key", map->name);
    diag_note(d, NOTE_HELP, "say which fields identify a record: key "
              "%s.ID <-> %s.ID", map->systems[LEFT]->name,
              map->systems[RIGHT]->name);
}

static void
collect_refs(struct env *env, struct tmap *map, const struct tlevel *level)
{
    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        for (size_t c = 0; c < r->chain.n; c++) {
            if (r->chain.at[c].kind != TCONV_REF)
                continue;
            if (r->chain.at[c].ref == map)
                map->refers_to_itself = true;
            else
                vec_push(env->arena, &map->refs,
                         (struct tmap *)r->chain.at[c].ref);
        }
    }
    for (size_t i = 0; i < level->levels.n; i++)
        collect_refs(env, map, level->levels.at[i]);
}

/* Maps after those they refer to; a circle keeps the order of writing. */
static void
order_map(struct env *env, struct tmap *map, struct table *placed)
{
    if (table_put(env->arena, placed, (const char *)map, map) != NULL)
        return;
    for (size_t i = 0; i < map->refs.n; i++)
        order_map(env, map->refs.at[i], placed);
    vec_push(env->arena, &env->program->maps, map);
}

void
map_body(struct env *env, struct tmap *map)
{
    struct scope sc = map_scope(env, map);

    check_items(&sc, map->root, &map->ast->items);
    collect_refs(env, map, map->root);
    check_whole_map(env, map);
}

void
map_clauses(struct env *env, struct tmap *map)
{
    struct scope sc = map_scope(env, map);

    check_clauses(&sc, map);
}

void
check_maps(struct env *env)
{
    struct table placed = { 0 };

    for (size_t i = 0; i < env->map_list.n; i++)
        map_declare(env, env->map_list.at[i]);
    for (size_t i = 0; i < env->map_list.n; i++)
        if (env->map_list.at[i]->typed != NULL)
            check_keys(env, env->map_list.at[i]->typed);
    for (size_t i = 0; i < env->map_list.n; i++) {
        struct tmap *map = env->map_list.at[i]->typed;

        if (map != NULL)
            map_body(env, map);
    }
    for (size_t i = 0; i < env->map_list.n; i++)
        if (env->map_list.at[i]->typed != NULL)
            order_map(env, env->map_list.at[i]->typed, &placed);
}
