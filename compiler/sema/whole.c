/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only shows over a whole map: a field written twice or both ignored and
 * mapped, a required field that nothing sets, personal data that goes where
 * nobody said it may.
 */
#include <string.h>

#include "sema/layers.h"
#include "sema/rules.h"

struct whole {
    struct env *env;
    struct tmap *map;
    struct table written[2];    /* field_key -> struct trule * */
    struct table touched[2];    /* record key -> itself: something is written */
    bool unknown_target;        /* some broken rule writes nobody knows what */
};

/* "<level>/<hops>": selectors tell records of one list apart. */
const char *
field_key(struct env *env, const struct tpath *path)
{
    struct buf b;

    buf_init(&b, env->arena);
    buf_printf(&b, "%p", (const void *)path->level);
    for (size_t i = 0; i < path->hops.n; i++) {
        const struct hop *h = &path->hops.at[i];

        buf_printf(&b, "/%s", h->member->name);
        if (h->key != NULL)
            buf_printf(&b, "[%s=%s]", h->key->name, h->equals);
    }
    return intern(env->names, b.at, b.n);
}

/* --- written twice --- */

static void
note_written(struct whole *w, struct trule *r, enum side to)
{
    for (size_t i = 0; i < r->fields[to].n; i++) {
        const struct tpath *path = r->fields[to].at[i];
        const char *key = field_key(w->env, path);
        struct trule *first =
            table_put(w->env->arena, &w->written[to], key, r);

        if (first == NULL || (first->when != NULL && r->when != NULL))
            continue;
        struct diag *d = diag_add(w->env->diags, DIAG_WRITTEN_TWICE, path->at,
                                  "%s is written twice on the way to %s",
                                  path->text, w->map->systems[to]->name);
        diag_label(d, first->at, "first here");
        diag_note(d, NOTE_HELP, "one rule writes a field: join the two with "
                  "`if … then … else …`, or give both a `when`");
    }
}

static void
note_all_written(struct whole *w, const struct tlevel *level)
{
    w->unknown_target = w->unknown_target || level->unknown_target;
    for (enum side to = LEFT; to <= RIGHT; to++) {
        for (size_t i = 0; i < level->rules.n; i++)
            if (level->rules.at[i]->runs[to])
                note_written(w, level->rules.at[i], to);
        for (size_t i = 0; i < level->broken.n; i++)
            if (level->broken.at[i]->runs[to])
                note_written(w, level->broken.at[i], to);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        note_all_written(w, level->levels.at[i]);
}

/* --- ignored and mapped --- */

static void
check_ignored(struct whole *w, const struct tlevel *level,
              const struct tlevel *at, const item_vec *items)
{
    size_t inner = 0;
    struct scope sc = { .env = w->env, .map = w->map, .level = at };

    for (size_t i = 0; i < items->n; i++) {
        const struct map_item *item = items->at[i];

        if (item->kind == ITEM_GROUP)
            check_ignored(w, level, at, &item->u.group->items);
        if (item->kind == ITEM_EACH && inner < level->levels.n &&
            level->levels.at[inner]->at.from == item->at.from) {
            const struct tlevel *next = level->levels.at[inner++];

            check_ignored(w, next, next, &item->u.each->items);
        }
        if (item->kind != ITEM_IGNORE)
            continue;
        struct tpath *path = resolve_path(&sc, item->u.ignore, WANT_ANY);
        if (path == NULL)
            continue;
        struct trule *r = table_find(&w->written[path->side],
                                     field_key(w->env, path));
        if (r == NULL)
            continue;
        struct diag *d = diag_add(w->env->diags, DIAG_IGNORED_AND_MAPPED,
                                  item->at, "%s is ignored, and a rule writes "
                                  "it", path->text);
        diag_label(d, r->at, "this rule");
        diag_note(d, NOTE_HELP, "remove one of the two");
    }
}

/* --- required fields --- */

static bool
is_written(struct whole *w, enum side to, const struct tlevel *level,
           const char *prefix, const struct member *m)
{
    const char *key = arena_printf(w->env->arena, "%p%s/%s",
                                   (const void *)level, prefix, m->name);
    size_t n = strlen(key);

    if (m->record == NULL)
        return table_find(&w->written[to],
                          intern(w->env->names, key, n)) != NULL;
    return table_find(&w->touched[to], intern(w->env->names, key, n)) != NULL;
}

/* Where a layer took its rule out. */
static void
label_removal(struct env *env, struct diag *d, const char *field)
{
    for (size_t i = 0; i < env->program->layers.removed.n; i++) {
        const struct tremoved *r = &env->program->layers.removed.at[i];

        if (r->item == NULL)
            continue;
        const struct subject s = subject_of_item(env->arena, r->item);

        for (size_t k = 0; k < s.paths.n; k++) {
            const struct expr *p = s.paths.at[k];

            if (p->u.path.steps.at[p->u.path.steps.n - 1].name.text != field)
                continue;
            diag_label(d, r->at, "its rule is taken out here");
            diag_note(d, NOTE_HELP, "`replace` the rule by another one "
                      "instead");
            return;
        }
    }
}

static void
report_required(struct whole *w, enum side to, struct span at,
                const char *record, const struct member *m)
{
    struct env *env = w->env;
    const char *dot = strrchr(record, '.');     /* DEBMAS06.IDOC.E1KNA1M */
    const char *path;

    record = dot == NULL ? record : dot + 1;
    path = arena_printf(env->arena, "%s.%s", record, m->name);
    struct diag *d = diag_add(env->diags, DIAG_REQUIRED_UNSET, at,
                              "nothing sets %s, which a new %s needs", path,
                              record);

    label_removal(env, d, m->name);
    note_member(env, d, path, w->map->systems[to], m);
    if (w->map->call != NULL)
        diag_note(d, NOTE_HELP, "add a rule for it, or a constant");
    else
        diag_note(d, NOTE_HELP, "add a rule for it, a constant, or say that "
                  "no records are made in %s: `create %s -> %s`",
                  w->map->systems[to]->name, w->map->systems[to]->name,
                  w->map->systems[to == LEFT ? RIGHT : LEFT]->name);
}

/* BEGIN and SEGMENT of an IDoc say the same in every document, and the control
 * record comes from the system's options. */
static bool
written_anyway(const struct whole *w, enum side to, const struct member *m)
{
    return w->map->systems[to]->protocol == PROTOCOL_IDOC &&
           (m->attribute || strcmp(m->name, "EDI_DC40") == 0);
}

/* Members of one record instance: `prefix` is its hops below the level. */
static void
check_record(struct whole *w, enum side to, const struct tlevel *level,
             const char *prefix, const struct record *record, struct span at,
             const char *selected)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];

        if (!m->required || m->choice || m->navigation ||
            m->name == selected || (m->record != NULL && m->max > 1) ||
            written_anyway(w, to, m))
            continue;
        if (!is_written(w, to, level, prefix, m))
            report_required(w, to, at, record->name, m);
    }
}

/* Every record that some path goes through, once. */
static void
check_instances(struct whole *w, enum side to, const struct tpath *path)
{
    struct buf prefix;

    buf_init(&prefix, w->env->arena);
    for (size_t i = 0; i + 1 < path->hops.n; i++) {
        const struct hop *h = &path->hops.at[i];

        buf_printf(&prefix, "/%s", h->member->name);
        const char *bare = arena_printf(w->env->arena, "%p%s",
                                        (const void *)path->level, prefix.at);
        if (h->key != NULL)
            buf_printf(&prefix, "[%s=%s]", h->key->name, h->equals);
        const char *key = arena_printf(w->env->arena, "%p%s",
                                       (const void *)path->level, prefix.at);
        const char *name = intern_text(w->env->names, key);
        bool seen = table_find(&w->touched[to], name) != NULL;

        table_put(w->env->arena, &w->touched[to], name, w);
        table_put(w->env->arena, &w->touched[to],
                  intern_text(w->env->names, bare), w);
        if (!seen && w->map->create[to])
            check_record(w, to, path->level, prefix.at, h->member->record,
                         path->at, h->key == NULL ? NULL : h->key->name);
    }
}

/* An answer is put into the caller's record, and into those of its lists that
 * the request went through; the rows of other lists are new. */
static bool
makes_record(const struct whole *w, enum side to, const struct tlevel *level)
{
    return w->map->call == NULL || to == RIGHT ||
           (level->outer != NULL && !call_reads_list(w->map->call, level));
}

static void
check_level_required(struct whole *w, const struct tlevel *level)
{
    for (enum side to = LEFT; to <= RIGHT; to++) {
        for (size_t i = 0; i < level->levels.n; i++)
            if (level->levels.at[i]->runs[to] &&
                level->levels.at[i]->list[to] != NULL)
                check_instances(w, to, level->levels.at[i]->list[to]);
        for (size_t i = 0; i < level->rules.n; i++)
            for (size_t k = 0; k < level->rules.at[i]->fields[to].n; k++)
                if (level->rules.at[i]->runs[to])
                    check_instances(w, to, level->rules.at[i]->fields[to].at[k]);
        if (level->runs[to] && level->record[to] != NULL &&
            w->map->create[to] && makes_record(w, to, level))
            check_record(w, to, level, "", level->record[to],
                         level->outer == NULL ? w->map->ast->name.at
                                              : level->at, NULL);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        check_level_required(w, level->levels.at[i]);
}

/* --- personal data --- */

static bool
is_personal(struct env *env, const struct tpath *path)
{
    return table_find(&env->personal,
                      (const char *)tpath_member(path)) != NULL;
}

static const struct tpath *
personal_in(struct env *env, const struct texpr *e)
{
    const targ_vec *args = e->kind == TEXPR_CALL ? &e->u.call.args
        : e->kind == TEXPR_USER ? &e->u.user.args : NULL;

    if (e->kind == TEXPR_PATH)
        return is_personal(env, e->u.path) ? e->u.path : NULL;
    for (size_t i = 0; args != NULL && i < args->n; i++) {
        const struct tpath *p = args->at[i].kind == TARG_EXPR
            ? personal_in(env, args->at[i].expr) : NULL;

        if (p != NULL)
            return p;
    }
    return NULL;
}

static const struct tpath *
personal_read(struct env *env, const struct trule *r)
{
    const struct tpath *found = NULL;

    for (enum side s = LEFT; s <= RIGHT; s++) {
        enum side to = s == LEFT ? RIGHT : LEFT;

        if (!r->runs[to])
            continue;
        for (size_t i = 0; i < r->fields[s].n && found == NULL; i++)
            if (is_personal(env, r->fields[s].at[i]))
                found = r->fields[s].at[i];
        if (r->source[s] != NULL && found == NULL)
            found = personal_in(env, r->source[s]);
    }
    if (found == NULL && r->when != NULL)
        found = personal_in(env, r->when);
    for (size_t i = 0; i < r->chain.n && found == NULL; i++)
        for (size_t a = 0; a < r->chain.at[i].args.n && found == NULL; a++)
            if (r->chain.at[i].args.at[a].kind == TARG_EXPR)
                found = personal_in(env, r->chain.at[i].args.at[a].expr);
    return found;
}

/* A rule marked `personal` makes its own fields personal for other rules. */
static void
mark_personal(struct env *env, const struct tlevel *level)
{
    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        for (enum side s = LEFT; s <= RIGHT && r->personal; s++)
            for (size_t k = 0; k < r->fields[s].n; k++)
                table_put(env->arena, &env->personal,
                          (const char *)tpath_member(r->fields[s].at[k]),
                          (void *)tpath_member(r->fields[s].at[k]));
    }
    for (size_t i = 0; i < level->levels.n; i++)
        mark_personal(env, level->levels.at[i]);
}

static void
check_personal(struct whole *w, const struct tlevel *level)
{
    struct env *env = w->env;

    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];
        const struct tpath *p = r->personal ? NULL : personal_read(env, r);

        if (p == NULL)
            continue;
        enum side to = p->side == LEFT ? RIGHT : LEFT;
        struct diag *d = diag_add(env->diags, DIAG_PERSONAL, r->at,
                                  "%s is personal data, and nothing clears %s "
                                  "for it", p->text, r->fields[to].n > 0
                                  ? r->fields[to].at[0]->text
                                  : w->map->systems[to]->name);
        note_member(env, d, p->text, w->map->systems[p->side],
                    tpath_member(p));
        diag_note(d, NOTE_HELP, "write `personal` on the rule when its target "
                  "may hold personal data");
    }
    for (size_t i = 0; i < level->levels.n; i++)
        check_personal(w, level->levels.at[i]);
}

/* --- all of it --- */

void
check_whole_map(struct env *env, struct tmap *map)
{
    struct whole w = { .env = env, .map = map };

    if (!map->runs[LEFT] && !map->runs[RIGHT])
        return;
    note_all_written(&w, map->root);
    check_ignored(&w, map->root, map->root, &map->ast->items);
    if (!w.unknown_target && !env->damaged)
        check_level_required(&w, map->root);
    mark_personal(env, map->root);
    check_personal(&w, map->root);
}
