/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `replicate` blocks: which map, which directions, and do the systems have what
 * these need? Runs when all maps are checked, as references lead from one to
 * another.
 */
#include <stdlib.h>
#include <string.h>

#include "sema/rules.h"

enum {
    OVERLAP_DEFAULT = 2 * 60,
    GUARD_PERCENT = 500,            /* 5 %, where no guard is given */
    GUARD_DELETES = 100
};

/* --- numbers --- */

/* "2.5" => 250, 0 where it is not above 0 and at most 100 with two decimals. */
static uint32_t
hundredths(const char *text)
{
    const char *point = strchr(text, '.');
    size_t decimals = point == NULL ? 0 : strlen(point + 1);
    size_t digits = strlen(text) - (point == NULL ? 0 : decimals + 1);
    uint32_t n = 0;

    if (digits > 3 || decimals > 2)
        return 0;
    for (const char *p = text; *p != '\0'; p++)
        if (*p != '.')
            n = n * 10 + (uint32_t)(*p - '0');
    for (size_t i = decimals; i < 2; i++)
        n *= 10;
    return n <= 10000 ? n : 0;
}

static void
check_guard(struct env *env, const struct guard *g, struct treplicate *r)
{
    bool given = g->percent != NULL || g->deletes != NULL;

    r->guard_percent = given ? 0 : GUARD_PERCENT;
    r->guard_deletes = given ? 0 : GUARD_DELETES;
    if (g->percent != NULL) {
        r->guard_percent = hundredths(g->percent);
        if (r->guard_percent == 0)
            diag_add(env->diags, DIAG_REPLICATE_NUMBER, g->at,
                     "%s%% of the records can't be a limit: more than 0, at "
                     "most 100, two decimals", g->percent);
    }
    if (g->deletes != NULL) {
        r->guard_deletes = period_whole(g->deletes, 999999999);
        if (r->guard_deletes == 0)
            diag_add(env->diags, DIAG_REPLICATE_NUMBER, g->at,
                     "%s deletes can't be a limit: a whole number, at least "
                     "1", g->deletes);
    }
}

/* --- how a side's changes are found --- */

static bool
is_date(const struct member *m)
{
    return m->record == NULL && m->type.kind == TYPE_DATETIME;
}

static void
propose_changed(struct diag *d, const struct tsystem *system,
                const struct record *record)
{
    static const char *const words[] = { "Change", "change", "Update",
                                         "update", "Modif", "modif" };

    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];

        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            if (!is_date(m) || m->unfilterable ||
                strstr(m->name, words[w]) == NULL)
                continue;
            diag_note(d, NOTE_HELP, "%s has such a property: changed %s",
                      record->name, m->name);
            return;
        }
    }
    diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists the properties",
              system->schema->path);
}

static const struct member *
check_changed(struct env *env, const struct tmap *map, enum side from,
              const struct replicate_flow *f)
{
    const struct tsystem *system = map->systems[from];
    const struct record *record = map->root->record[from];
    const struct member *m;
    struct diag *d;

    if (f->changed.text == NULL) {
        d = diag_add(env->diags, DIAG_REPLICATE_CHANGED, f->at,
                     "nothing says which records of %s were changed since "
                     "the last time", system->name);
        propose_changed(d, system, record);
        return NULL;
    }
    m = resolve_member(env, record->name, record, system, f->changed);
    if (m == NULL || (is_date(m) && !m->unfilterable))
        return m;
    d = diag_add(env->diags, DIAG_REPLICATE_CHANGED, f->changed.at,
                 is_date(m) ? "%s can't filter by %s.%s"
                            : "%s has no date with time in %s.%s",
                 system->name, record->name, m->name);
    note_member(env, d, arena_printf(env->arena, "%s.%s", system->name,
                                     m->name), system, m);
    propose_changed(d, system, record);
    return NULL;
}

static bool
has_messages(const struct tsystem *s)
{
    return s->protocol != PROTOCOL_ODATA2 && s->protocol != PROTOCOL_ODATA4;
}

static void
refuse_trigger(struct env *env, const struct tsystem *s,
               const struct replicate_flow *f)
{
    struct diag *d;

    if (s->protocol == PROTOCOL_ODATA4) {
        d = diag_add(env->diags, DIAG_REPLICATE_TRIGGER, f->at,
                     "%s speaks OData 4, and replication only OData 2",
                     s->name);
        diag_note(d, NOTE_HELP, "such a system can be mapped: leave the "
                  "block out");
        return;
    }
    d = diag_add(env->diags, DIAG_REPLICATE_TRIGGER, f->at,
                 f->message ? "%s sends no messages: it is asked"
                            : "%s can't be asked: it sends messages",
                 s->name);
    diag_note(d, NOTE_HELP, f->message
              ? "write how often, and which property tells when a record was "
                "changed: every 5 min changed ChangedOn"
              : "write: on message");
}

/* What only makes sense of a system that is asked. */
static void
refuse_options(struct env *env, const struct tsystem *s,
               const struct replicate_flow *f)
{
    static const char *const names[] = { "changed", "overlap", "sweep" };
    const bool given[] = { f->changed.text != NULL, f->overlap.number != NULL,
                           f->sweep.number != NULL };
    const struct span at[] = { f->changed.at, f->overlap.at, f->sweep.at };

    for (size_t i = 0; i < 3; i++)
        if (given[i])
            diag_add(env->diags, DIAG_REPLICATE_TRIGGER, at[i],
                     "%s sends messages: `%s` has nothing to say there",
                     s->name, names[i]);
}

static void
check_schedule(struct env *env, const struct tmap *map, enum side from,
               const struct replicate_flow *f, struct tschedule *out)
{
    const struct tsystem *system = map->systems[from];

    out->at = f->at;
    if (system->protocol == PROTOCOL_ODATA4 ||
        has_messages(system) != f->message) {
        refuse_trigger(env, system, f);
        return;
    }
    out->trigger = f->message ? TRIGGER_MESSAGE : TRIGGER_POLL;
    if (f->message) {
        refuse_options(env, system, f);
        return;
    }
    out->every = period_seconds(env, &f->every);
    out->overlap = f->overlap.number == NULL ? OVERLAP_DEFAULT
                                             : period_seconds(env, &f->overlap);
    if (f->sweep.number != NULL)
        out->sweep = period_seconds(env, &f->sweep);
    out->changed = check_changed(env, map, from, f);
}

/* --- directions --- */

static int
side_named(struct env *env, const struct tmap *map, struct name system)
{
    for (int side = LEFT; side <= RIGHT; side++)
        if (map->systems[side]->name == system.text)
            return side;

    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_SYSTEM, system.at,
                              "map %s has no system %s", map->name,
                              system.text);
    diag_note(d, NOTE_HELP, "it is between %s and %s",
              map->systems[LEFT]->name, map->systems[RIGHT]->name);
    return -1;
}

static void
check_flow(struct env *env, const struct tmap *map, struct treplicate *r,
           const struct replicate_flow *f)
{
    int from = side_named(env, map, f->from), to = side_named(env, map, f->to);
    struct diag *d;

    if (from < 0 || to < 0)
        return;
    if (from == to) {
        diag_add(env->diags, DIAG_REPLICATE_WAY, f->at,
                 "records don't go from %s to itself", f->from.text);
        return;
    }
    if (!map->runs[to]) {
        d = diag_add(env->diags, DIAG_REPLICATE_WAY, f->at,
                     "no rule of map %s goes to %s", map->name,
                     map->systems[to]->name);
        diag_label(d, map->ast->name.at, "this map");
        diag_note(d, NOTE_HELP, "leave this line out, or let rules go this "
                  "way");
        return;
    }
    if (r->from[from].trigger != TRIGGER_NONE) {
        d = diag_add(env->diags, DIAG_CLAUSE_TWICE, f->at,
                     "the block already says when %s goes to %s",
                     f->from.text, f->to.text);
        diag_label(d, r->from[from].at, "first here");
        return;
    }
    check_schedule(env, map, (enum side)from, f, &r->from[from]);
}

/* --- blocks --- */

static const char *
map_name(const void *env, size_t i)
{
    return ((const struct env *)env)->map_list.at[i]->ast->name.text;
}

static struct tmap *
find_map(struct env *env, struct name name)
{
    struct declared_map *m = table_find(&env->maps, name.text);
    const char *near;

    if (m != NULL)
        return m->typed;
    near = closest_name(name.text, map_name, env, env->map_list.n);
    if (near == NULL && env->damaged)
        return NULL;
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_MAP, name.at,
                              "there is no map %s", name.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    return NULL;
}

static void
check_block(struct env *env, const struct replicate_item *item)
{
    struct tmap *map = find_map(env, item->map);
    struct treplicate *r;

    if (map == NULL)
        return;
    if (map->replicate != NULL) {
        struct diag *d = diag_add(env->diags, DIAG_DECLARED_TWICE,
                                  item->map.at, "map %s is already replicated",
                                  map->name);
        diag_label(d, map->replicate->at, "first here");
        return;
    }
    r = arena_alloc(env->arena, sizeof *r);
    r->at = item->map.at;
    map->replicate = r;
    check_guard(env, &item->guard, r);
    for (size_t i = 0; i < item->flows.n; i++)
        check_flow(env, map, r, item->flows.at[i]);
    if (item->flows.n > 0 || env->damaged)
        return;
    enum side to = map->runs[RIGHT] ? RIGHT : LEFT;
    const struct tsystem *from = map->systems[to == RIGHT ? LEFT : RIGHT];
    struct diag *d = diag_add(env->diags, DIAG_REPLICATE_WAY, item->map.at,
                              "the block says of no direction when it runs");
    diag_note(d, NOTE_HELP, "add a line: %s -> %s %s", from->name,
              map->systems[to]->name,
              has_messages(from) ? "on message" : "every 5 min changed …");
}

void
check_replicates(struct env *env)
{
    for (size_t i = 0; i < env->replicates.n; i++)
        check_block(env, env->replicates.at[i]);
    for (size_t i = 0; i < env->program->maps.n; i++) {
        const struct tmap *map = env->program->maps.at[i];

        if (map->replicate != NULL)
            check_replicated_map(env, map);
    }
}
