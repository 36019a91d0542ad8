/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users: each action creates, edits or deletes something on one side, as people
 * do who know nothing of the other system, and tells the oracle. What an action
 * does follows from its own seed and from what is there, so leaving out another
 * one changes little: that is how a failing run is made shorter.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONG_NAME = 45, TAGS_FULL = 36 };

struct user {
    struct sim *sim;
    uint64_t random;
    int map, side;
};

static int
pick(struct user *u, int n)
{
    return sim_below(&u->random, n);
}

/* Values tell who put them and are never put twice, but for a few that both
 * sides may come upon. */
static void
new_text(struct user *u, const struct sim_rule *rule,
         char out[static SIM_TEXT])
{
    int n = u->sim->next_value++;

    if (pick(u, 10) == 0 && !rule->group)
        out[0] = '\0';
    else if (pick(u, 10) == 0)
        snprintf(out, SIM_TEXT, "same%d", pick(u, 3));
    else
        snprintf(out, SIM_TEXT, "%s%d", u->side == MR_LEFT ? "l" : "r", n);
    if (rule->conv == CONV_SPLIT && out[0] != '\0' && pick(u, 4) == 0)
        for (size_t i = strlen(out); i < LONG_NAME; i++) {
            out[i] = 'x';
            out[i + 1] = '\0';
        }
}

static void
new_number(struct user *u, const struct sim_rule *rule, const char *before,
           char out[static SIM_TEXT])
{
    int n = rule->policy == MR_POLICY_SUM ? atoi(before) + pick(u, 19) - 9
                                          : 1 + pick(u, 999);

    snprintf(out, SIM_TEXT, "%d", n);
}

/* Members are only ever added. */
static void
new_tag(struct user *u, const char *before, char out[static SIM_TEXT])
{
    if (strlen(before) >= TAGS_FULL)
        snprintf(out, SIM_TEXT, "%s", before);
    else
        snprintf(out, SIM_TEXT, "%.60s%st%d", before,
                 before[0] != '\0' ? ";" : "", u->sim->next_value++);
}

static void
new_reference(struct user *u, int number, char out[static SIM_TEXT])
{
    int other = 1 + pick(u, SIM_KEYS);

    if (pick(u, 4) == 0 || (u->map == 0 && other == number) ||
        system_find(u->sim, 0, u->side, other) == NULL)
        out[0] = '\0';
    else
        key_text(&sim_maps[0], MR_LEFT, other, out);
}

static void
new_value(struct user *u, const struct sim_rule *rule,
          const struct sim_record *r, int number, const char *before,
          char out[static SIM_TEXT])
{
    if (rule->reference)
        new_reference(u, number, out);
    else if (rule->policy == MR_POLICY_UNION)
        new_tag(u, before, out);
    else if (r->entity->fields[rule->field[u->side]].number)
        new_number(u, rule, before, out);
    else
        new_text(u, rule, out);
}

static void
put(struct user *u, int number, int level, const char *const row[2],
    struct sim_record *r, const struct sim_rule *rule, const char *after)
{
    char before[SIM_TEXT];

    rule_get(rule, u->side, r, before);
    rule_set(rule, u->side, r, after);
    sim_say(u->sim, "user: %s %s %d%s%s%s%s %s = \"%s\" (was \"%s\")",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number, row[0][0] != '\0' ? "/" : "",
            row[0], row[1][0] != '\0' ? "/" : "", row[1], rule->name, after,
            before);
    oracle_put(u->sim, u->map, u->side, number, level, row, rule, before,
               after);
    u->sim->said = 1;
}

/* All of a group at once: an address is one thing. */
static void
edit_group(struct user *u, int number, struct sim_record *r,
           const struct sim_level *level)
{
    static const char *const none[2] = { "", "" };
    int n = u->sim->next_value++;

    for (size_t i = 0; i < level->n_rules; i++) {
        char text[SIM_TEXT];

        if (!level->rules[i].group)
            continue;
        snprintf(text, sizeof text, "%c%d", u->side == MR_LEFT ? 'l' : 'r',
                 n);
        put(u, number, 0, none, r, &level->rules[i], text);
    }
}

static void
edit(struct user *u, int number, int at, const char *const row[2],
     struct sim_record *r)
{
    const struct sim_level *level = &sim_maps[u->map].levels[at];
    const struct sim_rule *rule = &level->rules[pick(u, (int)level->n_rules)];
    char before[SIM_TEXT], after[SIM_TEXT];

    /* What only comes from the other side is not edited here. */
    if (!rule->runs[1 - u->side])
        return;
    if (rule->group) {
        edit_group(u, number, r, level);
        return;
    }
    rule_get(rule, u->side, r, before);
    new_value(u, rule, r, number, before, after);
    if (strcmp(before, after) != 0)
        put(u, number, at, row, r, rule, after);
}

static void
fill(struct user *u, int number, struct sim_record *r, int at)
{
    const struct sim_level *level = &sim_maps[u->map].levels[at];
    int n = u->sim->next_value++;

    for (size_t i = 0; i < level->n_rules; i++) {
        const struct sim_rule *rule = &level->rules[i];
        char text[SIM_TEXT];

        /* What only comes from the other side is not filled in here. */
        if (!rule->runs[1 - u->side])
            continue;
        snprintf(text, sizeof text, "%c%d", u->side == MR_LEFT ? 'l' : 'r',
                 n);
        if (rule->reference)
            new_reference(u, number, text);
        else if (r->entity->fields[rule->field[u->side]].number)
            snprintf(text, sizeof text, "%d",
                     rule->policy == MR_POLICY_SUM ? 10 : 1 + pick(u, 999));
        rule_set(rule, u->side, r, text);
    }
}

static void
add_row(struct user *u, int number, struct sim_record *holder, int level,
        const char *const above[2])
{
    char key[SIM_TEXT];
    const char *row[2] = { level == 1 ? key : above[0],
                           level == 2 ? key : "" };
    struct sim_record *r;

    snprintf(key, sizeof key, "%d", 1 + pick(u, 4));
    if (record_row(holder, key) != NULL ||
        oracle_was_removed(u->sim, u->map, number, level, row))
        return;
    r = record_new(holder->entity->row,
                   u->sim->systems[sim_maps[u->map].system[u->side]]
                       .next_id++);
    snprintf(r->values[0], SIM_TEXT, "%s", key);
    fill(u, number, r, level);
    record_add_row(holder, r);
    u->sim->said = 1;
    sim_say(u->sim, "user: %s %s %d adds row %s%s%s",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number, row[0],
            row[1][0] != '\0' ? "/" : "", row[1]);
    oracle_added(u->sim, u->map, u->side, number, r, level, row);
}

static void
remove_row(struct user *u, int number, struct sim_record *holder,
           struct sim_record *r, int level, const char *const row[2])
{
    /* A message without any row of a list says nothing about the list. */
    if (!u->sim->weather.rows ||
        (holder->n_rows == 1 && holder->entity->set == NULL &&
         !u->sim->systems[SIM_SYSTEMS - 1].marks))
        return;
    sim_say(u->sim, "user: %s %s %d removes row %s%s%s",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number, row[0],
            row[1][0] != '\0' ? "/" : "", row[1]);
    u->sim->said = 1;
    oracle_removed(u->sim, u->map, u->side, number, level, row);
    record_remove_row(holder, r);
}

/* Adds, edits, removes a row, or goes to the rows below it. */
static void
rows(struct user *u, int number, struct sim_record *holder, int level,
     const char *const above[2])
{
    struct sim_record *r;
    char key[SIM_TEXT];
    const char *row[2];

    if (holder->n_rows == 0 || pick(u, 4) == 0) {
        add_row(u, number, holder, level, above);
        return;
    }
    r = holder->rows[pick(u, (int)holder->n_rows)];
    snprintf(key, sizeof key, "%s", r->values[0]);
    row[0] = level == 1 ? key : above[0];
    row[1] = level == 2 ? key : "";
    if (r->entity->row != NULL && pick(u, 2) == 0)
        rows(u, number, r, level + 1, row);
    else if (pick(u, 4) == 0)
        remove_row(u, number, holder, r, level, row);
    else
        edit(u, number, level, row, r);
}

static void
create(struct user *u, int number)
{
    static const char *const none[2] = { "", "" };
    struct sim_record *r;

    if (oracle_was_removed(u->sim, u->map, number, 0, none))
        return;
    r = system_create(u->sim, u->map, u->side, number);
    fill(u, number, r, 0);
    sim_say(u->sim, "user: %s creates %s %d",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number);
    oracle_added(u->sim, u->map, u->side, number, r, 0, none);
    for (int i = pick(u, 3); i > 0 && r->entity->row != NULL; i--)
        rows(u, number, r, 1, none);
    /* A new record may be what all others waited for. */
    u->sim->said = SIM_MAPS * SIM_KEYS;
}

static void
delete(struct user *u, int number, struct sim_record *r)
{
    static const char *const none[2] = { "", "" };

    sim_say(u->sim, "user: %s deletes %s %d",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number);
    oracle_removed(u->sim, u->map, u->side, number, 0, none);
    u->sim->said = 1;
    system_changed(u->sim, u->map, u->side, r);
    if (r->entity->set == NULL)
        system_emit(u->sim, u->map, r, true);
    system_removed(u->sim, u->map, u->side, r);
}

/* Takes it out of replication, or lets it in again. */
static void
hide(struct user *u, int number, struct sim_record *r)
{
    char *hidden = r->values[sim_maps[u->map].hidden];

    snprintf(hidden, SIM_TEXT, "%s", hidden[0] == '\0' ? "X" : "");
    sim_say(u->sim, "user: %s %s %d Hidden = \"%s\"",
            sim_system_names[sim_maps[u->map].system[u->side]],
            sim_maps[u->map].name, number, hidden);
    oracle_hidden(u->sim, u->map, number);
    u->sim->said = 2;           /* both may have values for the other */
}

static void
act(struct user *u, int number)
{
    static const char *const none[2] = { "", "" };
    struct sim_record *r = system_find(u->sim, u->map, u->side, number);

    if (r == NULL) {
        create(u, number);
        r = system_find(u->sim, u->map, u->side, number);
        if (r == NULL)
            return;
    } else if (u->sim->weather.deletes && pick(u, 20) == 0) {
        delete(u, number, r);
        return;
    } else if (sim_maps[u->map].hidden >= 0 && u->side == MR_LEFT &&
               pick(u, 8) == 0) {
        hide(u, number, r);
    } else if (r->entity->row != NULL && pick(u, 3) == 0) {
        rows(u, number, r, 1, none);
    } else {
        edit(u, number, 0, none, r);
    }
    system_changed(u->sim, u->map, u->side, r);
    if (r->entity->set == NULL)
        system_emit(u->sim, u->map, r, false);
}

void
user_act(struct sim *sim, const struct sim_action *action)
{
    struct user u = { sim, action->seed, 0, 0 };
    static const int likely[] = { 0, 0, 0, 1, 2, 2 };
    int number;

    u.map = likely[pick(&u, 6)];
    u.side = pick(&u, 2);
    /* Few records, so that both sides meet. */
    number = 1 + pick(&u, SIM_KEYS / 2);
    if (pick(&u, 4) == 0)
        number += SIM_KEYS / 2;
    act(&u, number);
}

void
users_begin(struct sim *sim)
{
    struct user u = { sim, sim_random(&sim->random), 0, 0 };

    for (u.map = 0; u.map < SIM_MAPS; u.map++)
        for (u.side = 0; u.side < 2; u.side++)
            for (int n = 1; n <= SIM_KEYS; n++)
                if (pick(&u, 3) == 0)
                    act(&u, n);
}
