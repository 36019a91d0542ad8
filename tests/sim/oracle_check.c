/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the end right? Record by record: is it there where it has to be, linked,
 * equal, or visibly waiting for a reason that holds; row by row the same;
 * nothing is left half done in the store.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const none[2] = { "", "" };

struct check {
    struct sim *sim;
    const struct sim_survey *survey;
    int map, number;
    struct sim_record *at[2];
    struct sim_track *track;
    unsigned kinds;
};

static void
wrong(const struct check *c, const char *what)
{
    sim_violation(c->sim, "%s %d: %s", sim_maps[c->map].name, c->number,
                  what);
}

static bool
waits(const struct check *c, enum store_parked_kind kind)
{
    return (c->kinds & 1u << kind) != 0;
}

/* Kinds that nothing in this world is a reason for once all systems answer. */
static bool
waits_wrongly(const struct check *c)
{
    unsigned fine = 1u << PARKED_REF | 1u << PARKED_ASK | 1u << PARKED_GUARD;
    const struct sim_parked *p = &c->survey->reasons[c->map][c->number];

    if ((c->kinds & ~fine) != 0) {
        sim_violation(c->sim, "%s %d is parked (kind %d): %s",
                      sim_maps[c->map].name, c->number, (int)p->kind,
                      p->reason);
        return true;
    }
    p = &c->survey->wanted[c->map][c->number];
    if (waits(c, PARKED_REF) && p->wants_map >= 0 && p->wants >= 1 &&
        p->wants <= SIM_KEYS && c->survey->linked[p->wants_map][p->wants]) {
        sim_violation(c->sim, "%s %d waits for %s %d, which is linked",
                      sim_maps[c->map].name, c->number,
                      sim_maps[p->wants_map].name, p->wants);
        return true;
    }
    return false;
}

/* Edited on this side after it was deleted on the other one, and not back to
 * what was there. */
static bool
edited_since(const struct sim_track *t, size_t rule, int side,
             int64_t removed)
{
    const struct sim_cell *c = &t->cells[rule];

    return c->at[side] > removed &&
           (t->added[side] > removed ||
            (strcmp(c->last[side], c->held[side]) != 0 &&
             strcmp(c->last[side], c->base[side]) != 0));
}

/* A later edit than the deletion on the other side must have stopped it. */
static void
check_gone(struct check *c)
{
    const struct sim_oracle *o = &c->sim->oracle;
    const struct sim_map *m = &sim_maps[c->map];
    const struct sim_track *t = c->track;

    if (!t->ever_removed)
        wrong(c, "nobody deleted it, and it is gone");
    if (t->removed[MR_LEFT] == 0 && t->removed[MR_RIGHT] != 0 && t->was &&
        !m->removed[MR_LEFT])
        wrong(c, "is deleted on the left, where it had to be marked");
    for (size_t i = 0; i < o->n; i++) {
        const struct sim_track *b = &o->tracks[i];

        for (size_t r = 0; b->map == c->map && b->number == c->number &&
                           r < SIM_RULES;
             r++)
            for (int side = 0; side < 2; side++)
                if (t->removed[1 - side] != 0 && t->removed[side] == 0 &&
                    edited_since(b, r, side, t->removed[1 - side]) &&
                    c->sim->systems[m->system[side]].reads)
                    wrong(c, "was deleted although it was edited later on "
                             "the other side");
    }
    c->track->settled = true;
}

static bool
is_hidden(const struct check *c)
{
    int field = sim_maps[c->map].hidden;

    return field >= 0 && c->at[MR_LEFT] != NULL &&
           c->at[MR_LEFT]->values[field][0] != '\0';
}

static void
check_alone(struct check *c, int side)
{
    const struct sim_map *m = &sim_maps[c->map];
    const struct sim_track *t = c->track;

    if (!t->ever_removed && t->was && !t->hidden)
        wrong(c, "nobody deleted it, and one side has it no more");
    else if (!t->ever_removed && m->create[1 - side] && !is_hidden(c))
        wrong(c, "was not created on the other side");
    else if (t->ever_removed && side == MR_LEFT && m->status >= 0 &&
             strcmp(c->at[side]->values[m->status], "9") != 0)
        wrong(c, "is deleted on the right, and not marked on the left");
    else if (side == MR_RIGHT && !t->hidden && t->ever_removed &&
             (m->create[MR_LEFT] || (t->was && t->removed[MR_LEFT] != 0)))
        wrong(c, "is deleted on the left, and still there on the right");
    if (t->ever_removed)
        c->track->settled = true;
}

static void
settle(struct sim_track *t, const struct sim_record *const at[2])
{
    const struct sim_level *l = &sim_maps[t->map].levels[t->level];

    t->was = at[0] != NULL && at[1] != NULL;
    t->hidden = t->lost = false;
    t->added[0] = t->added[1] = t->removed[0] = t->removed[1] = 0;
    for (size_t i = 0; i < l->n_rules; i++) {
        struct sim_cell *cell = &t->cells[i];

        cell->at[0] = cell->at[1] = 0;
        cell->sum = 0;
        cell->ruled = cell->back[0] = cell->back[1] = false;
        cell->n_older = cell->n_ground = 0;
        for (int side = 0; side < 2 && t->was; side++)
            rule_get(&l->rules[i], side, at[side], cell->base[side]);
    }
}

/* What was remembered goes with the link, and with a value that the right side
 * puts; messages that overtake each other may show such a one once more. A row
 * that the left side added and removed before both agreed on it comes back as
 * the right side has it. */
static bool
may_lose(const struct check *c, struct sim_track *t)
{
    t->bare |= t->removed[MR_LEFT] != 0 && t->added[MR_LEFT] != 0;
    return t->bare || c->at[MR_LEFT]->replicated || c->track->ever_removed ||
           !c->sim->systems[sim_maps[c->map].system[MR_RIGHT]].reads;
}

static void
check_cells(struct check *c, struct sim_track *t,
            const struct sim_record *const at[2])
{
    const struct sim_level *l = &sim_maps[t->map].levels[t->level];
    char group[SIM_TEXT] = "", value[SIM_TEXT];

    for (size_t i = 0; i < l->n_rules; i++) {
        oracle_check_cell(c->sim, t, i, at[0], at[1],
                          waits(c, PARKED_ASK));
        if (l->rules[i].conv == CONV_CUT && !may_lose(c, t) &&
            !rule_is_whole(&l->rules[i], at[0]))
            wrong(c, "lost what the right side can't hold");
        if (!l->rules[i].group)
            continue;
        rule_get(&l->rules[i], MR_LEFT, at[0], value);
        if (group[0] != '\0' && strcmp(group, value) != 0)
            wrong(c, "values of one group come from two sides");
        snprintf(group, sizeof group, "%s", value);
    }
}

static struct sim_record *
row_at(struct sim_record *r, const struct sim_track *t)
{
    struct sim_record *row = record_row(r, t->row[0]);

    return row != NULL && t->level == 2 ? record_row(row, t->row[1]) : row;
}

/* Did users of this side put anything in this row or below it? */
static bool
touched(const struct sim *sim, const struct sim_track *t, int side)
{
    for (size_t i = 0; i < sim->oracle.n; i++) {
        const struct sim_track *b = &sim->oracle.tracks[i];

        if (b->map != t->map || b->number != t->number ||
            b->level < t->level || strcmp(b->row[0], t->row[0]) != 0 ||
            (t->level == 2 && strcmp(b->row[1], t->row[1]) != 0))
            continue;
        if (b->added[side] != 0 || (b != t && b->removed[side] != 0))
            return true;
        for (size_t r = 0; r < SIM_RULES; r++)
            if (b->cells[r].at[side] != 0)
                return true;
    }
    return false;
}

static bool
holder_was_removed(struct sim *sim, const struct sim_track *t)
{
    const char *above[2] = { t->row[0], "" };
    const struct sim_track *holder =
        t->level == 2 ? oracle_track(sim, t->map, t->number, 1, above) : NULL;

    return holder != NULL &&
           (holder->removed[0] != 0 || holder->removed[1] != 0);
}

/* Did this side have a reason to keep a row that the other one removed? Also
 * that the row around it was edited: it comes again with all that is in it. */
static bool
may_stay(struct sim *sim, const struct sim_track *t, int side)
{
    const char *above[2] = { t->row[0], "" };
    const struct sim_track *holder =
        t->level == 2 ? oracle_track(sim, t->map, t->number, 1, above) : NULL;

    return touched(sim, t, side) ||
           (holder != NULL && holder->removed[1 - side] != 0 &&
            touched(sim, holder, side));
}

static void
wrong_row(const struct check *c, const struct sim_track *t, const char *what)
{
    sim_violation(c->sim, "%s %d, row %s%s%s: %s", sim_maps[c->map].name,
                  c->number, t->row[0], t->level == 2 ? "/" : "", t->row[1],
                  what);
}

/* A message without any row of a list says nothing about the list. When the
 * last rows went, the one that still showed some may have been overtaken. */
static bool
is_untold(const struct check *c, const struct sim_track *t)
{
    const struct sim_system *s =
        &c->sim->systems[sim_maps[c->map].system[MR_RIGHT]];

    return !s->reads && !s->marks && t->ever_removed &&
           c->at[MR_RIGHT]->n_rows == 0;
}

static void
check_row(struct check *c, struct sim_track *t)
{
    const struct sim_record *at[2] = { row_at(c->at[0], t),
                                       row_at(c->at[1], t) };
    bool removed = t->removed[0] != 0 || t->removed[1] != 0 ||
                   holder_was_removed(c->sim, t);
    bool added = t->added[0] != 0 || t->added[1] != 0;

    if (at[1] == NULL && is_untold(c, t))
        return;
    if ((at[0] == NULL) != (at[1] == NULL))
        wrong_row(c, t, at[0] == NULL ? "is on the right only"
                                      : "is on the left only");
    else if (at[0] == NULL && !removed && (t->was || added))
        wrong_row(c, t, "nobody removed it, and it is gone");
    else if (at[0] != NULL && t->was && t->removed[0] != 0 &&
             !may_stay(c->sim, t, 1))
        wrong_row(c, t, "was removed on the left and is there again");
    else if (at[0] != NULL && t->was && t->removed[1] != 0 &&
             !may_stay(c->sim, t, 0))
        wrong_row(c, t, "was removed on the right and is there again");
    else if (at[0] != NULL)
        check_cells(c, t, at);
}

static size_t
count_rows(const struct sim_record *r)
{
    size_t n = r->n_rows;

    for (size_t i = 0; i < r->n_rows; i++)
        n += count_rows(r->rows[i]);
    return n;
}

static void
check_rows(struct check *c)
{
    struct sim_oracle *o = &c->sim->oracle;
    size_t known = 0;

    for (size_t i = 0; i < o->n; i++) {
        struct sim_track *t = &o->tracks[i];

        if (t->map != c->map || t->number != c->number || t->level == 0)
            continue;
        check_row(c, t);
        known += row_at(c->at[0], t) != NULL;
    }
    if (known != count_rows(c->at[0]))
        wrong(c, "has a row that nobody made");
    /* Only now: whether a row was touched depends on those below it. */
    for (size_t i = 0; i < o->n; i++) {
        struct sim_track *t = &o->tracks[i];

        if (t->map == c->map && t->number == c->number && t->level > 0)
            settle(t, (const struct sim_record *[2]){ row_at(c->at[0], t),
                                                      row_at(c->at[1], t) });
    }
}

static void
check_pair(struct check *c)
{
    const struct sim_record *at[2] = { c->at[0], c->at[1] };
    const struct sim_map *m = &sim_maps[c->map];

    /* A deletion that met a write on its way: where nothing can be asked, the
     * write makes the record again. */
    if (c->track->ever_removed &&
        !c->sim->systems[m->system[MR_RIGHT]].reads) {
        c->track->settled = true;
        c->sim->oracle.excused++;
        return;
    }
    if (is_hidden(c)) {
        if (c->survey->linked[c->map][c->number])
            wrong(c, "takes no part and is linked");
        return;
    }
    if (!c->survey->linked[c->map][c->number])
        wrong(c, "is on both sides and not linked");
    check_cells(c, c->track, at);
    check_rows(c);
    settle(c->track, at);
    c->sim->oracle.compared++;
}

static void
check_record(struct sim *sim, const struct sim_survey *survey, int map,
             int number)
{
    struct check c = { sim, survey, map, number,
                       { system_find(sim, map, MR_LEFT, number),
                         system_find(sim, map, MR_RIGHT, number) },
                       oracle_track(sim, map, number, 0, none),
                       survey->kinds[map][number] };

    if (c.track == NULL) {
        if (c.at[0] != NULL || c.at[1] != NULL)
            wrong(&c, "is there, and no user made it");
        return;
    }
    if (c.track->settled || waits_wrongly(&c))
        return;
    if (waits(&c, PARKED_REF) || waits(&c, PARKED_GUARD) ||
        (waits(&c, PARKED_ASK) && (c.at[0] == NULL || c.at[1] == NULL)))
        sim->oracle.excused++;
    else if (c.at[0] == NULL && c.at[1] == NULL)
        check_gone(&c);
    else if (c.at[0] == NULL || c.at[1] == NULL)
        check_alone(&c, c.at[0] == NULL);
    else
        check_pair(&c);
}

void
oracle_check(struct sim *sim)
{
    struct sim_survey survey;

    survey_make(sim, &survey);
    sim->outcome->parked += survey.n_parked;
    if (survey.intents != 0)
        sim_violation(sim, "%llu intents are open",
                      (unsigned long long)survey.intents);
    for (int map = 0; map < SIM_MAPS; map++)
        for (int number = 1; number <= SIM_KEYS; number++)
            check_record(sim, &survey, map, number);
    if (survey.messages > survey.n_parked)
        sim_violation(sim, "%llu messages are still in the inbox",
                      (unsigned long long)survey.messages);
}
