/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What replicated maps rely on of OData services, rule by rule: which
 * properties, what the schema says of them, whether they are read or written.
 * The program compares it with the services' $metadata of the day.
 */
#include "plan/lower.h"

struct facts {
    struct lower *lo;
    const struct tmap *map;
    struct pfact_use use;       /* of the rule that is looked at */
};

static bool
is_odata(const struct tmap *map, enum side side)
{
    return map->systems[side]->protocol == PROTOCOL_ODATA2;
}

/* What may not be empty, whoever gives it: only more than that is news. */
static void
note_required(struct lower *lo, const struct record *record,
              struct prelied *out)
{
    for (size_t i = 0; i < record->members.n; i++)
        if (record->members.at[i].record == NULL &&
            !record->members.at[i].type.nullable)
            vec_push(lo->arena, &out->required, record->members.at[i].name);
}

/* Two systems may share one schema. */
static struct prelied *
relied_on(struct facts *f, enum side side, const struct record *record)
{
    struct plan *plan = f->lo->plan;
    const char *system = f->map->systems[side]->name;
    struct prelied *out;

    for (size_t i = 0; i < plan->relied.n; i++)
        if (plan->relied.at[i]->schema == record &&
            plan->relied.at[i]->system == system)
            return plan->relied.at[i];
    out = arena_alloc(f->lo->arena, sizeof *out);
    *out = (struct prelied){
        .system = system, .type = record->name, .set = record->set,
        .place = f->use.place, .text = f->use.text,
        .uncreatable = record->set_uncreatable,
        .unupdatable = record->set_unupdatable, .schema = record
    };
    note_required(f->lo, record, out);
    vec_push(f->lo->arena, &plan->relied, out);
    return out;
}

static struct pfact *
fact_of(struct facts *f, struct prelied *of, const struct member *m)
{
    struct pfact *out;

    for (size_t i = 0; i < of->facts.n; i++)
        if (of->facts.at[i]->schema == m)
            return of->facts.at[i];
    out = arena_alloc(f->lo->arena, sizeof *out);
    /* As $metadata says it, also where a map says that those are bytes. */
    *out = (struct pfact){
        .name = m->name, .declared = m->declared, .code_list = m->code_list,
        .max_chars = m->type.max_bytes != 0 ? m->type.max_bytes
                                              : m->type.max_chars,
        .precision = m->type.precision,
        .scale = m->type.scale, .key = m->key, .nullable = m->type.nullable,
        .creatable = m->creatable, .updatable = m->updatable, .schema = m
    };
    vec_push(f->lo->arena, &of->facts, out);
    return out;
}

/* A rule counts once, however often it names the property. */
static void
note_use(struct facts *f, struct pfact *fact, const struct pfact_use *use)
{
    for (size_t i = 0; i < fact->uses.n; i++) {
        struct pfact_use *old = &fact->uses.at[i];

        if (old->place == use->place) {
            old->read |= use->read;
            old->written |= use->written;
            if (use->codes != NULL) {
                old->codes = use->codes;
                old->side = use->side;
            }
            return;
        }
    }
    vec_push(f->lo->arena, &fact->uses, *use);
}

static void
note_member(struct facts *f, enum side side, const struct record *record,
            const struct member *m, const struct pfact_use *use)
{
    note_use(f, fact_of(f, relied_on(f, side, record), m), use);
}

/* --- paths --- */

static const struct record *
record_of(const struct tlevel *level, enum side side)
{
    while (level->record[side] == NULL && level->outer != NULL)
        level = level->outer;
    return level->record[side];
}

/* On the way only the last one is written. */
static void
note_path(struct facts *f, const struct tpath *path,
          const struct pfact_use *use)
{
    const struct record *record = record_of(path->level, path->side);
    struct pfact_use way = *use;

    if (!is_odata(f->map, path->side))
        return;
    way.codes = NULL;
    for (size_t i = 0; i < path->hops.n && record != NULL; i++) {
        const struct hop *hop = &path->hops.at[i];
        bool last = i + 1 == path->hops.n;

        note_member(f, path->side, record, hop->member, last ? use : &way);
        record = hop->member->record;
        if (record != NULL && hop->key != NULL)
            note_member(f, path->side, record, hop->key, &way);
    }
}

static void
read_path(void *arg, const struct tpath *path)
{
    struct facts *f = arg;
    struct pfact_use use = f->use;

    use.read = true;
    note_path(f, path, &use);
}

/* --- rules --- */

static const struct tconv *
codes_of(const struct trule *rule, enum side side)
{
    const struct tconv *c;

    if (rule->chain.n == 0)
        return NULL;
    c = &rule->chain.at[side == LEFT ? 0 : rule->chain.n - 1];
    return c->kind == TCONV_CODES ? c : NULL;
}

/* The fields of a side: read on the way to the other one, written on the way
 * to it. Their codes are the table's where it stands at their end. */
static void
note_fields(struct facts *f, const struct trule *rule, enum side side)
{
    const struct tconv *codes = codes_of(rule, side);
    struct pfact_use use = f->use;

    use.read = rule->runs[other_side(side)] || rule->key;
    use.written = rule->runs[side];
    if (codes != NULL) {
        use.codes = codes_find(f->lo, codes->codes);
        use.side = (side == RIGHT) != codes->turned;
    }
    for (size_t i = 0; i < rule->fields[side].n; i++)
        note_path(f, rule->fields[side].at[i], &use);
}

static void
note_rule(struct facts *f, const struct trule *rule)
{
    f->use = (struct pfact_use){ rule->place, rule->text, false, false, NULL,
                                 0 };
    for (enum side side = LEFT; side <= RIGHT; side++) {
        note_fields(f, rule, side);
        if (rule->source[side] != NULL)
            expr_paths(rule->source[side], read_path, f);
    }
    if (rule->when != NULL)
        expr_paths(rule->when, read_path, f);
    for (size_t i = 0; i < rule->chain.n; i++)
        targ_paths(&rule->chain.at[i].args, read_path, f);
    /* Only a value that goes both ways has conflicts. */
    if (!rule->runs[LEFT] || !rule->runs[RIGHT])
        return;
    if (rule->group != NULL && rule->group->by != NULL)
        read_path(f, rule->group->by);
    else if (rule->group == NULL && rule->by != NULL)
        read_path(f, rule->by);
}

static const char *
level_text(struct facts *f, const struct tlevel *level)
{
    if (level->outer != NULL)
        return level->text;
    return arena_printf(f->lo->arena, "map %s", level->text);
}

static void
note_level(struct facts *f, const struct tlevel *level)
{
    const char *text = level_text(f, level);

    for (enum side side = LEFT; side <= RIGHT; side++) {
        bool root = level->outer == NULL;

        if (!is_odata(f->map, side) || level->record[side] == NULL)
            continue;
        f->use = (struct pfact_use){ level->place, text,
                                     level->runs[other_side(side)],
                                     level->runs[side], NULL, 0 };
        struct prelied *r = relied_on(f, side, level->record[side]);
        r->created |= level->runs[side] && (!root || f->map->create[side]);
        r->updated |= level->runs[side];
        if (level->list[side] != NULL)
            note_path(f, level->list[side], &f->use);
    }
    for (size_t i = 0; i < level->where.n; i++) {
        const struct tcondition *c = &level->where.at[i];

        f->use = (struct pfact_use){ c->place, c->text, false, false, NULL,
                                     0 };
        expr_paths(c->test, read_path, f);
    }
    for (size_t i = 0; i < level->rules.n; i++)
        note_rule(f, level->rules.at[i]);
    for (size_t i = 0; i < level->levels.n; i++)
        note_level(f, level->levels.at[i]);
}

/* What replication needs and no rule names: the record's own key, when it was
 * changed, what says that it is deleted. */
static void
note_replication(struct facts *f)
{
    const struct tmap *map = f->map;
    struct pfact_use use = { map->root->place, "replicate", true, false, NULL,
                             0 };

    use.text = arena_printf(f->lo->arena, "replicate %s", map->name);
    for (enum side side = LEFT; side <= RIGHT; side++) {
        const struct record *record = map->root->record[side];
        const struct member *changed = map->replicate->from[side].changed;
        const struct member *key = record_key(record);

        if (!is_odata(map, side))
            continue;
        if (key != NULL)
            note_member(f, side, record, key, &use);
        if (changed != NULL)
            note_member(f, side, record, changed, &use);
    }
    use.read = false;
    use.written = true;
    for (size_t i = 0; i < map->deletes.n; i++)
        if (map->deletes.at[i].set != NULL)
            note_path(f, map->deletes.at[i].set, &use);
}

void
facts_lower(struct lower *lo)
{
    struct facts f = { .lo = lo };

    for (size_t i = 0; i < lo->program->maps.n; i++) {
        f.map = lo->program->maps.at[i];
        if (f.map->replicate == NULL)
            continue;
        note_level(&f, f.map->root);
        note_replication(&f);
    }
}
