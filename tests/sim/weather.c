/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a seed makes of a run: how much users do, what goes wrong and how often,
 * which habits the systems have.
 */
#include "sim/sim.h"

#define MINUTE (60 * (int64_t)SIM_SECOND)

static int
some(uint64_t *random, int most)
{
    return sim_below(random, 2) == 0 ? 0 : sim_below(random, most + 1);
}

void
weather_make(struct sim *sim, uint64_t *random)
{
    struct sim_weather *w = &sim->weather;
    bool calm = sim_below(random, 8) == 0;

    w->serial = sim_below(random, 16) == 0;
    w->phases = 1 + sim_below(random, 3);
    w->actions = w->serial ? 6 : 5 + sim_below(random, 40);
    w->span = (1 + sim_below(random, 20)) * MINUTE;
    w->deletes = sim_below(random, 2) == 0;
    w->rows = sim_below(random, 2) == 0;
    w->message_late = some(random, 300);
    w->message_twice = some(random, 300);
    w->drop_before = calm ? 0 : some(random, 100);
    w->drop_after = calm ? 0 : some(random, 150);
    w->busy = calm ? 0 : some(random, 100);
    w->stale = calm ? 0 : some(random, 400);
    w->late = calm ? 0 : some(random, 200);
    w->deny = calm ? 0 : some(random, 10);
    w->crash = calm ? 0 : some(random, 60);
}

void
weather_systems(struct sim *sim, uint64_t *random)
{
    /* Drawn apart, so that seeds stay what they were. */
    uint64_t own = sim->options->seed;

    for (int i = 0; i < SIM_SYSTEMS; i++) {
        struct sim_system *s = &sim->systems[i];

        s->index = i;
        s->next_id = 1;
        s->reads = i < SIM_SYSTEMS - 1;
        s->strict = sim_below(random, 2) == 0;
        s->live_pages = sim_below(random, 2) == 0;
        s->emits = sim_below(random, 2) == 0;
        s->marks = !s->reads && sim_below(&own, 2) == 0;
        s->skew = (sim_below(random, 21) - 10) * (int64_t)SIM_SECOND;
        s->dated = s->skew / SIM_SECOND % 4 != 0;
    }
}
