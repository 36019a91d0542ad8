/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What users did, record by record and value by value, in the words of the left
 * side. The oracle knows nothing of the engine; oracle_check.c judges by this.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static struct sim_track *
find(const struct sim_oracle *o, int map, int number, int level,
     const char *const row[2])
{
    for (size_t i = 0; i < o->n; i++) {
        struct sim_track *t = &o->tracks[i];

        if (t->map == map && t->number == number && t->level == level &&
            strcmp(t->row[0], row[0]) == 0 && strcmp(t->row[1], row[1]) == 0)
            return t;
    }
    return NULL;
}

static struct sim_track *
track(struct sim *sim, int map, int number, int level,
      const char *const row[2])
{
    struct sim_oracle *o = &sim->oracle;
    struct sim_track *t = find(o, map, number, level, row);

    if (t != NULL)
        return t;
    if (o->n == o->room) {
        o->room = o->room * 2 + 32;
        o->tracks = realloc(o->tracks, o->room * sizeof *o->tracks);
        if (o->tracks == NULL)
            abort();
    }
    t = &o->tracks[o->n++];
    *t = (struct sim_track){ .map = map, .number = number, .level = level };
    snprintf(t->row[0], SIM_TEXT, "%s", row[0]);
    snprintf(t->row[1], SIM_TEXT, "%s", row[1]);
    return t;
}

void
oracle_written(struct sim *sim, int map, int side, struct sim_record *was)
{
    struct sim_oracle *o = &sim->oracle;

    if (o->n_unheard == o->unheard_room) {
        o->unheard_room = o->unheard_room * 2 + 8;
        o->unheard = realloc(o->unheard,
                             o->unheard_room * sizeof *o->unheard);
        if (o->unheard == NULL)
            abort();
    }
    o->unheard[o->n_unheard++] = (struct sim_unheard){ map, side, was };
}

void
oracle_lost(struct sim *sim, int map, int number)
{
    static const char *const none[2] = { "", "" };

    track(sim, map, number, 0, none)->lost = true;
}

void
oracle_heard(struct sim *sim, int map, int side, int id)
{
    struct sim_oracle *o = &sim->oracle;
    size_t left = 0;

    for (size_t i = 0; i < o->n_unheard; i++)
        if (o->unheard[i].map == map && o->unheard[i].side == side &&
            o->unheard[i].was->id == id)
            record_free(o->unheard[i].was);
        else
            o->unheard[left++] = o->unheard[i];
    o->n_unheard = left;
}

/* Is it what a write replaced there, of which nobody heard? */
static bool
is_back(struct sim *sim, int map, int side, int number, int level,
        const struct sim_rule *rule, const char *after)
{
    const struct sim_oracle *o = &sim->oracle;
    const struct sim_record *r = system_find(sim, map, side, number);
    char was[SIM_TEXT];

    for (size_t i = 0; r != NULL && level == 0 && i < o->n_unheard; i++) {
        const struct sim_unheard *u = &o->unheard[i];

        if (u->map != map || u->side != side || u->was->id != r->id)
            continue;
        rule_get(rule, side, u->was, was);
        if (strcmp(was, after) == 0)
            return true;
    }
    return false;
}

static void
keep_older(struct sim *sim, int map, int side, struct sim_cell *c)
{
    if (sim->systems[sim_maps[map].system[side]].reads)
        return;
    memcpy(c->older[c->n_older % SIM_OLDER], c->last[side], SIM_TEXT);
    c->n_older++;
}

/* Since the other side deleted the record, was this put here before? What was
 * there then is known already. */
static bool
is_held(struct sim *sim, int map, int side, int number,
        const struct sim_cell *c)
{
    static const char *const none[2] = { "", "" };
    const struct sim_track *t = find(&sim->oracle, map, number, 0, none);

    return t != NULL && t->removed[1 - side] != 0 &&
           c->at[side] > t->removed[1 - side];
}

/* This side's users had put something, and now put back what was agreed; the
 * other side has not got it in between. */
static bool
is_own_back(struct sim *sim, int map, int side, int number, int level,
            const struct sim_rule *rule, const struct sim_cell *c,
            const char *before, const char *after)
{
    const struct sim_record *r = system_find(sim, map, 1 - side, number);
    char there[SIM_TEXT];

    if (r == NULL || level != 0 || c->at[side] == 0 ||
        strcmp(c->last[side], before) != 0 ||
        strcmp(c->base[side], after) != 0)
        return false;
    rule_get(rule, 1 - side, r, there);
    return strcmp(there, before) != 0;
}

static void
add_ground(struct sim_cell *c, long long ground)
{
    c->ground[c->n_ground++ % SIM_GROUNDS] = ground;
}

/* Both sides have the same: perhaps they agree on it, and what is put from now
 * on is added to it. */
static void
note_ground(struct sim *sim, int map, int side, int number, int level,
            const struct sim_rule *rule, struct sim_cell *c, const char *value)
{
    const struct sim_record *r = system_find(sim, map, 1 - side, number);
    char there[SIM_TEXT];

    if (r == NULL || level != 0 || rule->policy != MR_POLICY_SUM)
        return;
    rule_get(rule, 1 - side, r, there);
    if (strcmp(there, value) == 0)
        add_ground(c, atoi(value) - c->sum);
}

void
oracle_put(struct sim *sim, int map, int side, int number, int level,
           const char *const row[2], const struct sim_rule *rule,
           const char *before, const char *after)
{
    struct sim_track *t = track(sim, map, number, level, row);
    struct sim_cell *c = &t->cells[rule - sim_maps[map].levels[level].rules];

    bool own_back = is_own_back(sim, map, side, number, level, rule, c,
                                before, after);

    if (!is_held(sim, map, side, number, c))
        snprintf(c->held[side], SIM_TEXT, "%s", before);
    if (c->at[side] != 0)
        keep_older(sim, map, side, c);
    snprintf(c->last[side], SIM_TEXT, "%s", after);
    c->at[side] = sim->now;
    c->back[side] = own_back ||
                    is_back(sim, map, side, number, level, rule, after);
    note_ground(sim, map, side, number, level, rule, c, before);
    if (rule->policy == MR_POLICY_SUM)
        c->sum += atoi(after) - atoi(before);
    note_ground(sim, map, side, number, level, rule, c, after);
}

void
oracle_added(struct sim *sim, int map, int side, int number,
             const struct sim_record *r, int level,
             const char *const row[2])
{
    const struct sim_level *l = &sim_maps[map].levels[level];
    struct sim_track *t = track(sim, map, number, level, row);

    t->added[side] = sim->now;
    for (size_t i = 0; i < l->n_rules; i++) {
        struct sim_cell *c = &t->cells[i];
        char value[SIM_TEXT];

        rule_get(&l->rules[i], side, r, value);
        snprintf(c->last[side], SIM_TEXT, "%s", value);
        c->at[side] = sim->now;
        /* The first of a sum is where it begins. */
        if (t->added[1 - side] == 0)
            snprintf(c->base[side], SIM_TEXT, "%s", value);
        /* The program may have been about to make it just so of the other
         * side's, and can't tell then that it did not. */
        else if (strcmp(c->base[1 - side], value) == 0)
            add_ground(c, atoi(value));
        note_ground(sim, map, side, number, level, &l->rules[i], c, value);
    }
}

void
oracle_removed(struct sim *sim, int map, int side, int number, int level,
               const char *const row[2])
{
    struct sim_track *t = track(sim, map, number, level, row);

    t->removed[side] = sim->now;
    t->ever_removed = true;
    /* What was below it went with it. */
    for (size_t i = 0; i < sim->oracle.n; i++) {
        struct sim_track *b = &sim->oracle.tracks[i];

        if (b->map != map || b->number != number || b->level <= level ||
            (level >= 1 && strcmp(b->row[0], row[0]) != 0))
            continue;
        b->removed[side] = sim->now;
        b->ever_removed = true;
    }
}

void
oracle_hidden(struct sim *sim, int map, int number)
{
    static const char *const none[2] = { "", "" };
    struct sim_track *t = track(sim, map, number, 0, none);
    const struct sim_level *l = &sim_maps[map].levels[0];

    t->hidden = true;
    t->was = false;
    for (int side = 0; side < 2; side++) {
        const struct sim_record *r = system_find(sim, map, side, number);

        for (size_t i = 0; r != NULL && i < l->n_rules; i++) {
            rule_get(&l->rules[i], side, r, t->cells[i].last[side]);
            t->cells[i].at[side] = sim->now;
        }
    }
}

bool
oracle_was_removed(struct sim *sim, int map, int number, int level,
                   const char *const row[2])
{
    static const char *const none[2] = { "", "" };
    const char *above[2] = { row[0], "" };
    const struct sim_track *t = find(&sim->oracle, map, number, level, row);

    if (t != NULL && t->ever_removed)
        return true;
    if (level == 2)
        return oracle_was_removed(sim, map, number, 1, above);
    return level == 1 && oracle_was_removed(sim, map, number, 0, none);
}

struct sim_track *
oracle_track(struct sim *sim, int map, int number, int level,
             const char *const row[2])
{
    return find(&sim->oracle, map, number, level, row);
}

void
oracle_no_twins(struct sim *sim, int map, int side)
{
    const struct sim_list *l =
        &sim->systems[sim_maps[map].system[side]].records[map];

    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(l->at[i]->values[0], l->at[k]->values[0]) == 0)
                sim_violation(sim, "two records of %s %s in %s",
                              sim_maps[map].name, l->at[i]->values[0],
                              sim_system_names[sim_maps[map].system[side]]);
}

void
oracle_done(struct sim *sim)
{
    for (size_t i = 0; i < sim->oracle.n_unheard; i++)
        record_free(sim->oracle.unheard[i].was);
    free(sim->oracle.unheard);
    free(sim->oracle.tracks);
}
