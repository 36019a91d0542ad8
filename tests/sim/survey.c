/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store says of records, asked through its own interface: which ones
 * wait for what, which are linked, what is still open.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static int
number_of_link(struct sim *sim, int64_t id)
{
    struct store_link link;
    const char *key;

    if (sim->store->ops->link_by_id(&sim->cx, sim->store, id, &link) != MR_OK)
        return 0;
    key = link.keys[0][0] != '\0' ? link.keys[0] : link.keys[1];
    return atoi(key);
}

static int
number_of_id(struct sim *sim, int map, int side, const char *id)
{
    const struct sim_list *l =
        &sim->systems[sim_maps[map].system[side]].records[map];

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i]->id == atoi(id))
            return atoi(l->at[i]->values[0]);
    return 0;
}

static int
map_of(const char *name)
{
    for (int i = 0; i < SIM_MAPS; i++)
        if (strcmp(sim_maps[i].name, name) == 0)
            return i;
    return -1;
}

/* Texts of the store are good until its next call, so they are looked at
 * before the link is. */
static void
note_parked(struct sim *sim, const struct store_parked *p,
            struct sim_survey *out)
{
    int map = map_of(p->map), number = atoi(p->key);
    struct sim_parked *to;

    if (number == 0 && p->record_id[0] != '\0' && map >= 0)
        number = number_of_id(sim, map, p->side, p->record_id);
    sim_say(sim, "parked: %s side %d, link %lld, key \"%s\", kind %d: %s",
            p->map, p->side, (long long)p->link, p->key, (int)p->kind,
            p->reason);
    out->n_parked++;
    if (map < 0) {
        sim_violation(sim, "parked without a map: %s", p->reason);
        return;
    }
    to = &out->last;
    to->kind = p->kind;
    to->wants = 0;
    /* What waits for a person may wait for a record, too. */
    to->wants_map = p->wants_map[0] != '\0' ? map_of(p->wants_map) : -1;
    if (to->wants_map >= 0)
        to->wants = atoi(p->wants_key);
    snprintf(to->reason, sizeof to->reason, "%s", p->reason);
    if (p->link != 0)
        number = number_of_link(sim, p->link);
    if (number < 1 || number > SIM_KEYS)
        return;
    out->kinds[map][number] |= 1u << to->kind;
    out->reasons[map][number] = *to;
    if (to->wants_map >= 0) {
        out->kinds[map][number] |= 1u << PARKED_REF;
        out->wanted[map][number] = *to;
    }
}

/* An open write. Texts of the store are good until its next call. */
struct sim_open {
    int64_t link;
    int map, side;              /* that it goes to */
    int number;                 /* by its key; 0: it has none */
};

/* Its change goes on, write and all, when the record that it needs is there. Of
 * one that is not linked yet the key tells. */
static bool
waits_for_record(struct sim *sim, const struct sim_open *i)
{
    struct store *s = sim->store;
    struct store_query q = { .link = i->link };
    struct store_parked p;

    while (s->ops->parked_next(&sim->cx, s, &q, &p) == MR_OK) {
        q.after = p.id;
        if (p.kind == PARKED_REF &&
            (i->link != 0 ||
             (p.link == 0 && map_of(p.map) == i->map && p.side != i->side &&
              i->number != 0 && atoi(p.key) == i->number)))
            return true;
    }
    return false;
}

/* The intents that nothing is known to wait with. */
static uint64_t
count_intents(struct sim *sim)
{
    struct store *s = sim->store;
    struct store_intent intent = { .id = 0 };
    uint64_t n = 0;

    while (s->ops->intent_next(&sim->cx, s, intent.id, &intent) == MR_OK) {
        struct sim_open i = { intent.link, map_of(intent.map), intent.side,
                              atoi(intent.key) };

        sim_say(sim, "open intent: %s side %d, link %lld, key \"%s\"",
                intent.map, intent.side, (long long)intent.link, intent.key);
        n += !waits_for_record(sim, &i);
    }
    return n;
}

void
survey_lost(struct sim *sim)
{
    struct store *s = sim->store;
    struct store_intent i = { .id = 0 };

    if (s->ops->begin(&sim->cx, s) != MR_OK) {
        sim_violation(sim, "the store: %s", sim->cx.error.text);
        return;
    }
    while (s->ops->intent_next(&sim->cx, s, i.id, &i) == MR_OK) {
        int map = map_of(i.map);
        int number = i.link == 0 ? 0 : number_of_link(sim, i.link);

        if (map >= 0 && number > 0)
            oracle_lost(sim, map, number);
    }
    s->ops->rollback(s);
}

void
survey_make(struct sim *sim, struct sim_survey *out)
{
    struct store *s = sim->store;
    struct store_query q = { NULL, 0, 0, 0, NULL, NULL, NULL, 0 };
    struct store_parked p;
    struct store_counts counts;

    *out = (struct sim_survey){ .n_parked = 0 };
    if (s->ops->begin(&sim->cx, s) != MR_OK) {
        sim_violation(sim, "the store: %s", sim->cx.error.text);
        return;
    }
    while (s->ops->parked_next(&sim->cx, s, &q, &p) == MR_OK) {
        q.after = p.id;
        note_parked(sim, &p, out);
    }
    out->intents = count_intents(sim);
    if (s->ops->counts(&sim->cx, s, &counts) == MR_OK)
        out->messages = counts.messages;
    for (int m = 0; m < SIM_MAPS; m++) {
        for (int n = 1; n <= SIM_KEYS; n++) {
            struct store_link link;
            char keys[2][SIM_TEXT];

            key_text(&sim_maps[m], MR_LEFT, n, keys[0]);
            key_text(&sim_maps[m], MR_RIGHT, n, keys[1]);
            out->linked[m][n] =
                s->ops->link_by_key(&sim->cx, s, sim_maps[m].name, MR_LEFT,
                                    keys[0], &link) == MR_OK &&
                strcmp(link.keys[1], keys[1]) == 0 && !link.gone[0] &&
                !link.gone[1];
        }
    }
    s->ops->rollback(s);
}
