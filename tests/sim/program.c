/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of the program in a run: engine and store begin, end, and die in the
 * middle of what they do. What was committed is all that the next life has.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct mr_program mapc_program;

static void
say_notice(void *arg, const struct engine_notice *n)
{
    static const char *const names[] = {
        "created", "updated", "deleted", "echo", "matched", "conflict",
        "parked", "rejected", "woken", "retry", "stale", "left out",
        "unlinked", "guard", "breaker"
    };

    if ((size_t)n->event < sizeof names / sizeof names[0] &&
        n->event != EVENT_ECHO)
        sim_say(arg, "engine: %s %s %s (side %d) %s", names[n->event],
                n->map != NULL ? n->map->name : "", n->key, n->side,
                n->text);
}

/* The program starts, on what the store kept. */
void
program_start(struct sim *sim)
{
    static const unsigned char secret[32] = "a secret that is made up for it";
    const struct sim_options *o = sim->options;
    struct engine_settings settings;
    enum mr_status st;

    sim->life++;
    sim_say(sim, "the program starts");
    mr_cx_init(&sim->cx, NULL);
    st = o->sqlite ? store_sqlite_open(&sim->cx, sim->file, false,
                                       &sim->store)
                   : store_memory_open(&sim->cx, sim->image, &sim->store);
    engine_defaults(&settings);
    settings.seed = o->seed + (uint64_t)sim->life;
    settings.bug_ack_early = o->bug_ack_early;
    settings.bug_mark_early = o->bug_mark_early;
    settings.bug_no_intent = o->bug_no_intent;
    settings.bug_forget = o->bug_forget;
    if (st == MR_OK)
        st = seal_keys(&sim->cx, secret, &sim->keys);
    if (st == MR_OK)
        st = engine_new(&sim->cx, &mapc_program, &settings, sim->store,
                        &sim->keys, &sim->engine);
    if (st != MR_OK) {
        sim_violation(sim, "the program does not start: %s",
                      sim->cx.error.text);
        return;
    }
    for (int s = 0; s < SIM_SYSTEMS; s++)
        engine_readable(sim->engine, sim_system_names[s],
                        sim->systems[s].reads);
    if (o->verbose)
        engine_watch(sim->engine, say_notice, sim);
    engine_run(sim->engine);
}

void
program_end(struct sim *sim)
{
    if (sim->engine != NULL)
        engine_free(sim->engine);
    sim->engine = NULL;
    if (sim->store != NULL)
        sim->store->ops->close(&sim->cx, sim->store);
    sim->store = NULL;
    mr_cx_done(&sim->cx);
}

/* The senders hear nothing, so they will send again. */
static void
messages_again(struct sim *sim)
{
    for (int s = 0; s < SIM_SYSTEMS; s++) {
        for (size_t i = 0; i < sim->systems[s].n_messages; i++) {
            struct sim_message *m = &sim->systems[s].messages[i];
            struct sim_event e = { .kind = EVENT_MESSAGE, .index = i };

            if (!m->handed || m->accepted)
                continue;
            m->handed = false;
            e.at = sim->now + (5 + sim_below(&sim->random, 60)) *
                                  (int64_t)SIM_SECOND;
            event_add(sim, e);
        }
    }
}

void
program_dies(struct sim *sim)
{
    struct sim_event *old = sim->events;
    size_t n = sim->n_events;
    struct sim_event start = { .kind = EVENT_START };
    int longest = sim_below(&sim->random, 4) == 0 ? 900 : 20;

    sim_say(sim, "THE PROGRAM DIES");
    sim->outcome->crashes++;
    survey_lost(sim);
    program_end(sim);
    start.at = sim->now +
               (1 + sim_below(&sim->random, longest)) * (int64_t)SIM_SECOND;
    sim->events = NULL;
    sim->n_events = sim->events_room = 0;
    for (size_t i = 0; i < n; i++) {
        if (old[i].kind == EVENT_ARRIVE) {
            request_orphan(sim, &old[i], start.at);
        } else if (old[i].kind == EVENT_ANSWER) {
            request_unheard(sim, &old[i]);
            event_free(&old[i]);
        } else {
            event_add(sim, old[i]);
        }
    }
    free(old);
    messages_again(sim);
    event_add(sim, start);
}
