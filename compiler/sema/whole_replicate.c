/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a map that is replicated say what replication has to know of it: who
 * decides a conflict, where references lead, how its records are addressed?
 */
#include "sema/rules.h"

/* --- who decides --- */

static bool
undecided(const struct trule *r)
{
    return !r->key && r->runs[LEFT] && r->runs[RIGHT] &&
           r->policy.kind == POLICY_NONE;
}

static size_t
count_undecided(const struct tlevel *level, const struct trule **first)
{
    size_t n = 0;

    for (size_t i = 0; i < level->rules.n; i++) {
        if (!undecided(level->rules.at[i]))
            continue;
        if (*first == NULL)
            *first = level->rules.at[i];
        n++;
    }
    for (size_t i = 0; i < level->levels.n; i++)
        n += count_undecided(level->levels.at[i], first);
    return n;
}

/* One warning a map, not one a rule. */
static void
warn_undecided(struct env *env, const struct tmap *map)
{
    const struct trule *first = NULL;
    size_t n = count_undecided(map->root, &first);

    if (n == 0)
        return;
    const char *others = n == 1   ? ""
                         : n == 2 ? ", or what another such rule has"
                                  : arena_printf(env->arena, ", or what one of "
                                                 "%zu other such rules has",
                                                 n - 1);
    struct diag *d = diag_add(env->diags, DIAG_NOBODY_DECIDES, first->at,
                              "when both sides change this%s, a person has to "
                              "decide", others);
    diag_label(d, map->replicate->at, "replicated here");
    diag_note(d, NOTE_HELP, "say who wins: owner %s behind the rule, or for "
              "all of the map; `owner ask` says that a person decides",
              map->systems[LEFT]->name);
}

/* A side that is asked tells by `changed` when its records were changed. */
static bool
tells_when(const struct tmap *map, const struct trule *r, enum side side)
{
    return map->systems[side]->protocol != PROTOCOL_ODATA2 ||
           map->replicate->from[side].changed != NULL ||
           (r->by != NULL && r->by->side == side);
}

static const struct trule *
find_timeless(const struct tmap *map, const struct tlevel *level,
              enum side side)
{
    const struct trule *found = NULL;

    for (size_t i = 0; i < level->rules.n && found == NULL; i++) {
        const struct trule *r = level->rules.at[i];

        if (!r->key && r->runs[LEFT] && r->runs[RIGHT] &&
            r->policy.kind == POLICY_NEWEST && !tells_when(map, r, side))
            found = r;
    }
    for (size_t i = 0; i < level->levels.n && found == NULL; i++)
        found = find_timeless(map, level->levels.at[i], side);
    return found;
}

static void
warn_timeless(struct env *env, const struct tmap *map)
{
    for (enum side side = LEFT; side <= RIGHT; side++) {
        const struct trule *r = find_timeless(map, map->root, side);
        const char *name = map->systems[side]->name;

        if (r == NULL)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_NEWEST_UNKNOWN, r->at,
                                  "nothing tells when %s changed a record: "
                                  "it is never the newest", name);
        diag_label(d, map->replicate->at, "replicated here");
        diag_note(d, NOTE_HELP, "name a date of %s (owner newest by %s.…), or "
                  "say when its changes are looked for: %s -> %s every 5 min "
                  "changed …", name, name, name,
                  map->systems[side == LEFT ? RIGHT : LEFT]->name);
    }
}

/* --- references and policies --- */

static void
say_not_replicated(struct env *env, const struct tmap *map,
                   const struct trule *r, const struct tmap *ref)
{
    struct diag *d = diag_add(env->diags, DIAG_REF_NOT_REPLICATED, r->at,
                              "nothing says which record of map %s belongs "
                              "to which", ref->name);

    diag_label(d, ref->ast->name.at, "this map is not replicated");
    diag_label(d, map->replicate->at, "this one is");
    diag_note(d, NOTE_HELP, "add a block: replicate %s { … }", ref->name);
}

/* A link knows the key of a side that the key rules go to, or start from as
 * they are: a reference needs both. */
static const struct trule *
one_way_key(const struct tmap *map)
{
    for (size_t i = 0; i < map->root->rules.n; i++) {
        const struct trule *r = map->root->rules.at[i];

        if (r->key && !(r->runs[LEFT] && r->runs[RIGHT]))
            return r;
    }
    return NULL;
}

static void
check_ref(struct env *env, const struct tmap *map, const struct trule *r,
          const struct tmap *ref)
{
    const struct trule *key = one_way_key(ref);

    if (ref->replicate == NULL) {
        say_not_replicated(env, map, r, ref);
    } else if (key != NULL) {
        struct diag *d = diag_add(env->diags, DIAG_REF_ONE_WAY_KEY, r->at,
                                  "the key of map %s goes one way: its "
                                  "records are known by the key of one side "
                                  "only", ref->name);

        diag_label(d, key->at, "this key");
        diag_note(d, NOTE_HELP, "let the key go both ways (<->)");
    }
}

static void
check_level_refs(struct env *env, const struct tmap *map,
                 const struct tlevel *level)
{
    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        for (size_t c = 0; c < r->chain.n; c++)
            if (r->chain.at[c].kind == TCONV_REF)
                check_ref(env, map, r, r->chain.at[c].ref);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        check_level_refs(env, map, level->levels.at[i]);
}

/* A deletion is told to a side by the other side's changes. */
static void
check_deletions(struct env *env, const struct tmap *map)
{
    for (size_t i = 0; i < map->deletes.n; i++) {
        enum side to = map->deletes.at[i].to;

        if (map->runs[to])
            continue;
        struct diag *d = diag_add(env->diags, DIAG_REPLICATE_POLICY,
                                  map->replicate->at, "map %s deletes in %s, "
                                  "and no rule of it goes there", map->name,
                                  map->systems[to]->name);
        diag_label(d, map->ast->name.at, "this map");
        diag_note(d, NOTE_HELP, "leave the `delete` of that direction out");
    }
}

static void
check_leaves(struct env *env, const struct tmap *map)
{
    const struct tcondition *first[2] = { NULL, NULL };

    for (size_t i = 0; i < map->root->where.n; i++) {
        const struct tcondition *c = &map->root->where.at[i];
        struct diag *d;

        if (c->leave == LEAVE_NONE)
            continue;
        if (!map->runs[c->side == LEFT ? RIGHT : LEFT]) {
            d = diag_add(env->diags, DIAG_REPLICATE_POLICY, c->at,
                         "no rule takes records of %s anywhere: none of "
                         "them can leave", map->systems[c->side]->name);
            diag_note(d, NOTE_HELP, "leave `leave` out");
        } else if (first[c->side] == NULL) {
            first[c->side] = c;
        } else if (first[c->side]->leave != c->leave) {
            d = diag_add(env->diags, DIAG_REPLICATE_POLICY, c->at,
                         "a record of %s that does not take part any longer "
                         "is treated in one way",
                         map->systems[c->side]->name);
            diag_label(d, first[c->side]->at, "another one here");
        }
    }
}

/* --- keys of entities --- */

struct entities {
    struct env *env;
    const struct tmap *map;
    struct table seen;              /* struct record * -> itself */
};

static void
check_entity(struct entities *e, enum side side, const struct record *record,
             struct span at)
{
    struct diag *d;

    if (table_put(e->env->arena, &e->seen, (const char *)record,
                  (void *)record) != NULL)
        return;
    if (record->set != NULL && record_key(record) != NULL)
        return;
    d = diag_add(e->env->diags, DIAG_ENTITY_KEY, at, record->set == NULL
                 ? "%s has no entity set for %s: its records can't be "
                   "addressed"
                 : "%s addresses %s by more than one property, or by none",
                 e->map->systems[side]->name, record->name);
    diag_label(d, e->map->replicate->at, "replicated here");
    diag_note(d, NOTE_HELP, "replication needs an entity set with one key "
              "property, as ObjectID");
}

/* Entities that are written on the way to a field or a list: changed one by
 * one. */
static void
check_path_entities(struct entities *e, const struct tpath *path)
{
    for (size_t i = 0; i < path->hops.n; i++)
        if (path->hops.at[i].member->navigation)
            check_entity(e, path->side, path->hops.at[i].member->record,
                         path->at);
}

static void
check_entities(struct entities *e, const struct tlevel *level, enum side side)
{
    if (level->outer == NULL)
        check_entity(e, side, level->record[side], e->map->ast->name.at);
    else if (level->list[side] != NULL && level->runs[side])
        check_path_entities(e, level->list[side]);
    for (size_t i = 0; i < level->rules.n; i++)
        for (size_t k = 0; k < level->rules.at[i]->fields[side].n; k++)
            if (level->rules.at[i]->runs[side])
                check_path_entities(e, level->rules.at[i]->fields[side].at[k]);
    for (size_t i = 0; i < level->levels.n; i++)
        check_entities(e, level->levels.at[i], side);
}

/* --- all of it --- */

void
check_replicated_map(struct env *env, const struct tmap *map)
{
    struct entities e = { .env = env, .map = map };

    warn_undecided(env, map);
    warn_timeless(env, map);
    check_level_refs(env, map, map->root);
    check_deletions(env, map);
    check_leaves(env, map);
    for (enum side side = LEFT; side <= RIGHT; side++)
        if (map->systems[side]->protocol == PROTOCOL_ODATA2)
            check_entities(&e, map->root, side);
}
