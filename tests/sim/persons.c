/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What persons do with records that wait for them: what a system refused is
 * tried again, conflicts are decided, deletions that the guard stopped are let
 * through. They use the store as the program's commands do.
 */
#include "sim/sim.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 64, DETAIL = 4096 };

struct waiting {
    int64_t id, link;
    enum store_parked_kind kind;
    int map;
    char detail[DETAIL];        /* JSON */
};

static void
open_detail(struct sim *sim, const struct store_parked *p, struct waiting *w)
{
    size_t n = 0;

    if (p->detail.n == 0)
        return;
    if (p->detail.n > DETAIL ||
        seal_open(&sim->cx, &sim->keys, p->detail.p, p->detail.n,
                  (unsigned char *)w->detail, &n) != MR_OK)
        sim_violation(sim, "what a person is asked can't be read");
    else
        w->detail[n < DETAIL ? n : DETAIL - 1] = '\0';
}

static size_t
who_waits(struct sim *sim, enum store_parked_kind kind, struct waiting *out)
{
    struct store *s = sim->store;
    struct store_query q = { NULL, 0, 0, 0, NULL, NULL, NULL, 0 };
    struct store_parked p;
    size_t n = 0;

    if (s->ops->begin(&sim->cx, s) != MR_OK)
        return 0;
    while (n < MOST && s->ops->parked_next(&sim->cx, s, &q, &p) == MR_OK) {
        q.after = p.id;
        if (p.kind != kind)
            continue;
        out[n] = (struct waiting){ p.id, p.link, p.kind, 0, "" };
        while (out[n].map < SIM_MAPS - 1 &&
               strcmp(sim_maps[out[n].map].name, p.map) != 0)
            out[n].map++;
        if (kind == PARKED_ASK)
            open_detail(sim, &p, &out[n]);
        n++;
    }
    s->ops->rollback(s);
    return n;
}

bool
persons_retry(struct sim *sim, enum store_parked_kind kind)
{
    static struct waiting waiting[MOST];
    size_t n = who_waits(sim, kind, waiting);

    for (size_t i = 0; i < n; i++) {
        sim_say(sim, "a person has a parked %s tried again",
                sim_maps[waiting[i].map].name);
        engine_retry(sim->engine, waiting[i].id);
    }
    return n > 0;
}

/* From here on the value counts as put by this side alone. */
static void
rule_cell(struct sim *sim, int map, int number, int side)
{
    static const char *const none[2] = { "", "" };
    struct sim_track *t = oracle_track(sim, map, number, 0, none);

    for (size_t i = 0; t != NULL && i < sim_maps[map].levels[0].n_rules;
         i++) {
        struct sim_cell *c = &t->cells[i];

        if (sim_maps[map].levels[0].rules[i].policy == MR_POLICY_SUM)
            c->ruled = strcmp(c->base[0], c->base[1]) != 0;
        if (sim_maps[map].levels[0].rules[i].policy != MR_POLICY_ASK)
            continue;
        memcpy(c->last[side], c->base[side], SIM_TEXT);
        c->at[side] = sim->now;
        c->at[1 - side] = 0;
        c->ruled = true;
    }
}

/* A deleted record against one that was edited: after this, nobody knows any
 * more what has to come of it but the person. */
static void
rule_record(struct sim *sim, int map, int number)
{
    static const char *const none[2] = { "", "" };
    struct sim_track *t = oracle_track(sim, map, number, 0, none);

    if (t != NULL)
        t->settled = true;
}

static void
write_ruling(struct sim *sim, const struct waiting *w, json_t *cell, int side)
{
    char name[80];
    struct store *s = sim->store;
    const char *value = side == MR_LEFT ? "left" : "right";
    int rule = (int)json_integer_value(json_object_get(cell, "rule"));
    const char *row = json_string_value(json_object_get(cell, "row"));
    struct store_link link;
    int number = 0;

    if (s->ops->begin(&sim->cx, s) != MR_OK)
        return;
    if (s->ops->link_by_id(&sim->cx, s, w->link, &link) == MR_OK)
        number = atoi(link.keys[0][0] != '\0' ? link.keys[0] : link.keys[1]);
    snprintf(name, sizeof name, "ruling:%lld:%d:%s", (long long)w->link,
             rule, row != NULL ? row : "0");
    sim_say(sim, "a person decides %s %d, rule %d: %s",
            sim_maps[w->map].name, number, rule, value);
    if (s->ops->meta_put(&sim->cx, s, name,
                         (struct mr_bytes){ value, strlen(value) }) !=
            MR_OK ||
        s->ops->commit(&sim->cx, s) != MR_OK)
        sim_violation(sim, "a ruling can't be stored");
    if (rule >= 0)
        rule_cell(sim, w->map, number, side);
    else
        rule_record(sim, w->map, number);
}

bool
persons_decide(struct sim *sim)
{
    static struct waiting waiting[MOST];
    size_t n = who_waits(sim, PARKED_ASK, waiting);

    for (size_t i = 0; i < n; i++) {
        json_t *detail = json_loads(waiting[i].detail, 0, NULL);
        json_t *cells = json_object_get(detail, "cells"), *cell;
        size_t k;

        if (json_array_size(cells) == 0)
            sim_violation(sim, "a person is asked nothing: %s",
                          waiting[i].detail);
        json_array_foreach(cells, k, cell)
            write_ruling(sim, &waiting[i], cell,
                         sim_below(&sim->random, 2));
        json_decref(detail);
        engine_retry(sim->engine, waiting[i].id);
    }
    return n > 0;
}
