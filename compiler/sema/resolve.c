/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: from `cloud.Contacts.Name` to members of the schemas. */
#include <string.h>

#include "sema/scope.h"

static const char *
member_name(const void *record, size_t i)
{
    return ((const struct record *)record)->members.at[i].name;
}

const struct member *
resolve_member(struct env *env, const char *where, const struct record *record,
               const struct tsystem *system, struct name name)
{
    const struct member *m = record_member(record, name.text);

    if (m != NULL)
        return m;
    const char *dot = strrchr(where, '.');      /* DEBMAS06.IDOC.E1KNA1M */
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_FIELD, name.at,
                              "%s has no field %s",
                              dot == NULL ? where : dot + 1, name.text);
    const char *near = closest_name(name.text, member_name, record,
                                    record->members.n);
    if (near != NULL) {
        diag_label_here(d, "did you mean %s?", near);
        note_member(env, d, near, system, record_member(record, near));
    }
    else {
        diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists the fields of %s",
                  system->schema->path, record->name);
    }
    return NULL;
}

static const char *
side_name(const void *map, size_t i)
{
    return ((const struct tmap *)map)->systems[i]->name;
}

/* The side that the first step names, or -1 after reporting. */
static int
resolve_side(struct scope *sc, const struct expr *e)
{
    struct name first = e->u.path.steps.at[0].name;

    for (int side = LEFT; side <= RIGHT; side++)
        if (sc->map != NULL && sc->map->systems[side]->name == first.text)
            return side;

    struct diag *d = diag_add(sc->env->diags, DIAG_UNKNOWN_SYSTEM, first.at,
                              "a path starts with a system, and %s is none "
                              "of this map", first.text);
    const char *near = sc->map == NULL ? NULL
        : closest_name(first.text, side_name, sc->map, 2);

    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    else if (sc->map != NULL)
        diag_note(d, NOTE_HELP, "this map is between %s and %s",
                  sc->map->systems[LEFT]->name, sc->map->systems[RIGHT]->name);
    return -1;
}

/* The level whose record the path starts at. */
static const struct tlevel *
resolve_level(struct scope *sc, const struct expr *e, enum side side)
{
    const struct tlevel *level = sc->level;

    while (level->record[side] == NULL)
        level = level->outer;
    for (unsigned i = 0; i < e->u.path.outer; i++) {
        do
            level = level->outer;
        while (level != NULL && level->record[side] == NULL);
        if (level == NULL) {
            diag_add(sc->env->diags, DIAG_OUTER_TOO_FAR, e->at,
                     "there is nothing further outside for %s",
                     sc->map->systems[side]->name);
            return NULL;
        }
    }
    return level;
}

static bool
resolve_selector(struct scope *sc, const struct step *step, struct hop *hop,
                 const struct tsystem *system)
{
    struct env *env = sc->env;

    if (hop->member->record == NULL || hop->member->max <= 1) {
        diag_add(env->diags, DIAG_SELECTOR_UNFIT, step->name.at,
                 "%s occurs once; there is nothing to select",
                 step->name.text);
        return false;
    }
    hop->key = resolve_member(env, step->name.text, hop->member->record,
                              system, step->key);
    if (hop->key == NULL)
        return false;
    if (hop->key->record != NULL || step->equals->kind != EXPR_TEXT) {
        diag_add(env->diags, DIAG_SELECTOR_UNFIT, step->key.at,
                 "a selector compares a field with a text: [%s = \"…\"]",
                 step->key.text);
        return false;
    }
    hop->equals = step->equals->u.text;
    struct type value = type_of_text(env, hop->equals);
    if (hop->key->type.kind != TYPE_TEXT ||
        type_misfit(&value, &hop->key->type) != 0) {
        struct diag *d = diag_add(env->diags, DIAG_SELECTOR_UNFIT,
                                  step->equals->at,
                                  "%s can never be \"%s\"", step->key.text,
                                  hop->equals);
        note_member(env, d, step->key.text, system, hop->key);
        return false;
    }
    return true;
}

/* A record on the way: once, or picked by a selector. */
static bool
check_between(struct scope *sc, const struct step *step, const struct hop *hop,
              const struct tsystem *system)
{
    struct diag *d;

    if (hop->member->record == NULL) {
        d = diag_add(sc->env->diags, DIAG_NOT_A_RECORD, step->name.at,
                     "%s is a value and has no fields", step->name.text);
        note_member(sc->env, d, step->name.text, system, hop->member);
        return false;
    }
    if (hop->member->max > 1 && hop->key == NULL) {
        d = diag_add(sc->env->diags, DIAG_LIST_IN_PATH, step->name.at,
                     "%s occurs many times; which one is meant?",
                     step->name.text);
        note_member(sc->env, d, step->name.text, system, hop->member);
        diag_note(d, NOTE_HELP, "map all of them with `each`, or pick one: "
                  "%s[Field = \"value\"]", step->name.text);
        return false;
    }
    return true;
}

static bool
check_last(struct scope *sc, const struct step *step, const struct hop *hop,
           const struct tsystem *system, enum path_want want)
{
    const struct member *m = hop->member;
    struct diag *d = NULL;

    if (want == WANT_ANY)
        return true;
    if (want == WANT_LIST) {
        if (m->record != NULL && m->max > 1 && hop->key == NULL)
            return true;
        d = diag_add(sc->env->diags, DIAG_NOT_A_LIST, step->name.at,
                     "%s is no list", step->name.text);
    } else if (m->record != NULL) {
        d = diag_add(sc->env->diags, DIAG_IS_A_RECORD, step->name.at,
                     "%s is a record, not a value", step->name.text);
        note_member(sc->env, d, step->name.text, system, m);
        diag_note(d, NOTE_HELP, m->max > 1
                  ? "map its fields in an `each`"
                  : "name one of its fields");
        return false;
    } else if (m->max > 1) {
        d = diag_add(sc->env->diags, DIAG_LIST_IN_PATH, step->name.at,
                     "%s is a list of plain values; only lists of records can "
                     "be mapped",
                     step->name.text);
    } else {
        return true;
    }
    note_member(sc->env, d, step->name.text, system, m);
    return false;
}

struct tpath *
resolve_path(struct scope *sc, const struct expr *e, enum path_want want)
{
    struct env *env = sc->env;

    if (e->kind != EXPR_PATH) {
        diag_add(env->diags, DIAG_NOT_A_FIELD, e->at, "expected a field");
        return NULL;
    }
    int side = resolve_side(sc, e);
    if (side < 0)
        return NULL;
    if (e->u.path.steps.n < 2) {
        diag_add(env->diags, DIAG_NOT_A_FIELD, e->at,
                 "%s is a system; name a field of it",
                 e->u.path.steps.at[0].name.text);
        return NULL;
    }
    const struct tlevel *level = resolve_level(sc, e, (enum side)side);
    if (level == NULL)
        return NULL;

    struct tpath *path = arena_alloc(env->arena, sizeof *path);
    const struct tsystem *system = sc->map->systems[side];
    const struct record *record = level->record[side];
    const char *where = arena_printf(env->arena, "%s", record->name);
    path->at = e->at;
    path->text = source_words(env, e->at);
    path->side = (enum side)side;
    path->level = level;
    for (size_t i = 1; i < e->u.path.steps.n; i++) {
        const struct step *step = &e->u.path.steps.at[i];
        struct hop hop = { resolve_member(env, where, record, system,
                                          step->name), NULL, NULL };
        bool last = i + 1 == e->u.path.steps.n;

        if (hop.member == NULL)
            return NULL;
        if (step->key.text != NULL &&
            !resolve_selector(sc, step, &hop, system))
            return NULL;
        if (last ? !check_last(sc, step, &hop, system, want)
                 : !check_between(sc, step, &hop, system))
            return NULL;
        vec_push(env->arena, &path->hops, hop);
        record = hop.member->record;
        where = step->name.text;
    }
    return path;
}
