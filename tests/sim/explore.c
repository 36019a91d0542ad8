/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run: what a seed makes of it, the turns of the engine between what
 * happens around it, the deaths of the program, and the moments in which
 * everything has to be right.
 */
#include "sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MINUTE (60 * (int64_t)SIM_SECOND)

enum { SPINS_MAX = 2000 };

/* 2026-01-01. */
static const int64_t beginning = 1767225600 * (int64_t)SIM_SECOND;
/* Nothing was written for that long: searches of both kinds have passed, twice
 * those for changes, and no wait of a failed write is as long. */
static const int64_t rest = 12 * MINUTE;
static const int64_t patience = 24 * 60 * MINUTE;

extern const struct mr_program mapc_program;

uint64_t
sim_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int
sim_below(uint64_t *state, int n)
{
    return (int)(sim_random(state) % (uint64_t)n);
}

/* Faults only: they end with the phase. */
bool
sim_chance(struct sim *sim, int per_mille)
{
    return sim->faults && per_mille > 0 &&
           sim_below(&sim->random, 1000) < per_mille;
}

void
sim_say(struct sim *sim, const char *fmt, ...)
{
    int64_t t = sim->now - beginning;
    va_list args;

    if (!sim->options->verbose)
        return;
    printf("%02d:%02d:%02d.%03d  ", (int)(t / MINUTE / 60),
           (int)(t / MINUTE % 60), (int)(t / SIM_SECOND % 60),
           (int)(t / 1000 % 1000));
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

void
sim_violation(struct sim *sim, const char *fmt, ...)
{
    struct sim_outcome *o = sim->outcome;
    va_list args;

    if (o->failed)
        return;
    o->failed = true;
    va_start(args, fmt);
    vsnprintf(o->what, sizeof o->what, fmt, args);
    va_end(args);
    sim_say(sim, "VIOLATION: %s", o->what);
}

static bool
dies_here(struct sim *sim)
{
    if (sim->engine == NULL || sim->options->no_crashes ||
        !sim_chance(sim, sim->weather.crash))
        return false;
    program_dies(sim);
    return true;
}

/* The only system that sends is the last one. */
static void
message_arrives(struct sim *sim, const struct sim_event *e)
{
    struct sim_message *m = &sim->systems[SIM_SYSTEMS - 1].messages[e->index];
    struct sim_event again = *e;
    enum mr_status st = MR_ELIMIT;

    if (sim->engine != NULL)
        st = engine_message(sim->engine, sim_system_names[SIM_SYSTEMS - 1],
                            m->text.p, m->text.n, e->index);
    if (st == MR_OK) {
        sim_say(sim, "message %d about %d arrives: %s", m->serial, m->number,
                m->text.p);
        m->handed = true;
        sim->outcome->messages++;
    } else if (st == MR_ELIMIT) {
        again.at = sim->now + (3 + sim_below(&sim->random, 30)) *
                                  (int64_t)SIM_SECOND;
        event_add(sim, again);
    } else {
        sim_violation(sim, "a message is refused: %s", sim->cx.error.text);
    }
}

static void
handle(struct sim *sim, struct sim_event *e)
{
    switch (e->kind) {
    case EVENT_USER:
        if (!sim->actions[e->index].skipped)
            user_act(sim, &sim->actions[e->index]);
        break;
    case EVENT_ARRIVE:
        request_arrive(sim, e);
        break;
    case EVENT_ANSWER:
        request_answer(sim, e);
        break;
    case EVENT_MESSAGE:
        message_arrives(sim, e);
        break;
    case EVENT_START:
        program_start(sim);
        break;
    }
    event_free(e);
}

static void
take_tickets(struct sim *sim)
{
    struct sim_system *s = &sim->systems[SIM_SYSTEMS - 1];
    uint64_t ticket;

    while (engine_accepted(sim->engine, &ticket)) {
        if (ticket >= s->n_messages || !s->messages[ticket].handed)
            sim_violation(sim, "a message is accepted that was not sent");
        else
            s->messages[ticket].accepted = true;
    }
}

static void
turn(struct sim *sim)
{
    const struct mr_op *op;

    if (sim->engine == NULL || dies_here(sim))
        return;
    sim->outcome->turns++;
    if (engine_turn(sim->engine, sim->now) != MR_OK) {
        sim_violation(sim, "a turn failed: %s", sim->cx.error.text);
        return;
    }
    /* What is acknowledged was accepted, even if the program dies now. */
    take_tickets(sim);
    if (dies_here(sim))
        return;
    for (int s = 0; s < SIM_SYSTEMS; s++) {
        while ((op = engine_next_op(sim->engine, sim_system_names[s])) !=
               NULL) {
            request_send(sim, s, op);
            if (dies_here(sim))
                return;
        }
    }
}

/* All that happens up to a time. */
static void
run_until(struct sim *sim, int64_t until)
{
    int spins = 0;

    while (!sim->outcome->failed) {
        int64_t due = sim->engine != NULL ? engine_deadline(sim->engine)
                                          : INT64_MAX;
        struct sim_event e;
        int64_t before = sim->now;

        if (sim->n_events > 0 && sim->events[0].at < due)
            due = sim->events[0].at;
        if (due > until)
            break;
        if (due > sim->now)
            sim->now = due;
        while (!sim->outcome->failed && event_next(sim, sim->now, &e))
            handle(sim, &e);
        turn(sim);
        spins = sim->now > before ? 0 : spins + 1;
        if (spins > SPINS_MAX)
            sim_violation(sim, "turns without end at one moment");
    }
    if (until > sim->now)
        sim->now = until;
}

static uint64_t
writes(const struct sim *sim)
{
    uint64_t n = 0;

    for (int s = 0; s < SIM_SYSTEMS; s++)
        n += sim->systems[s].writes;
    return n;
}

/* Only what systems send and the program's own searches are left. */
static bool
is_quiet(const struct sim *sim)
{
    if (sim->engine == NULL || engine_waiting(sim->engine))
        return false;
    for (size_t i = 0; i < sim->n_events; i++)
        if (sim->events[i].kind != EVENT_ANSWER &&
            sim->events[i].kind != EVENT_ARRIVE)
            return false;
    return true;
}

static void
come_to_rest(struct sim *sim)
{
    int64_t begin = sim->now, since = sim->now;
    uint64_t before = writes(sim);

    sim->faults = false;
    while (!sim->outcome->failed && sim->now - since < rest) {
        run_until(sim, sim->now + MINUTE);
        if (writes(sim) != before || !is_quiet(sim))
            since = sim->now;
        before = writes(sim);
        if (sim->now - begin > patience)
            sim_violation(sim, "does not come to rest");
    }
    for (int i = 0; i < 600 && !sim->outcome->failed &&
                    !engine_idle(sim->engine);
         i++)
        run_until(sim, sim->now + SIM_SECOND / 10);
    if (!sim->outcome->failed && !engine_idle(sim->engine))
        sim_violation(sim, "is not idle although nothing happens");
}

/* All records are looked at once more: nothing may be written. */
static void
look_again(struct sim *sim)
{
    uint64_t before = writes(sim);

    for (int m = 0; m < SIM_MAPS; m++)
        for (int side = 0; side < 2; side++)
            if (sim->systems[sim_maps[m].system[side]].reads)
                engine_poll(sim->engine, sim->maps[m], side, true);
    turn(sim);
    run_until(sim, sim->now + 5 * MINUTE);
    if (writes(sim) != before)
        sim_violation(sim, "%llu writes although nothing changed",
                      (unsigned long long)(writes(sim) - before));
}

static void
after_persons(struct sim *sim)
{
    turn(sim);
    come_to_rest(sim);
}

static void
judge(struct sim *sim)
{
    come_to_rest(sim);
    if (!sim->outcome->failed && persons_retry(sim, PARKED_PEER))
        after_persons(sim);
    if (sim->outcome->failed)
        return;
    sim_say(sim, "everything is at rest");
    oracle_check(sim);
    if (!sim->outcome->failed)
        look_again(sim);
    if (!sim->outcome->failed && sim_below(&sim->random, 2) == 0 &&
        (persons_decide(sim) || persons_retry(sim, PARKED_GUARD))) {
        after_persons(sim);
        oracle_check(sim);
    }
}

/* One action at a time: an edit is one write and no more, nothing is none. */
static void
act_alone(struct sim *sim, size_t index)
{
    struct sim_event e = { .at = sim->now + SIM_SECOND, .kind = EVENT_USER,
                           .index = index };
    uint64_t before = writes(sim);

    sim->said = 0;
    event_add(sim, e);
    run_until(sim, e.at);
    come_to_rest(sim);
    if (!sim->outcome->failed && writes(sim) - before > (uint64_t)sim->said)
        sim_violation(sim, "%llu writes where %d are due",
                      (unsigned long long)(writes(sim) - before), sim->said);
}

static void
plan(struct sim *sim, uint64_t *random)
{
    const struct sim_options *o = sim->options;
    int total = sim->weather.phases * sim->weather.actions;

    sim->n_actions = (size_t)total;
    sim->actions = calloc((size_t)total + 1, sizeof *sim->actions);
    if (sim->actions == NULL)
        abort();
    for (size_t i = 0; i < sim->n_actions; i++) {
        sim->actions[i].seed = sim_random(random);
        sim->actions[i].skipped = i < o->n_skip && o->skip[i];
    }
    sim->outcome->actions = total;
}

/* Edits come in bursts, so that they meet. */
static void
phase(struct sim *sim, int number, uint64_t *random)
{
    const struct sim_weather *w = &sim->weather;
    int64_t at = sim->now + SIM_SECOND, most = w->span / (w->actions + 1);
    size_t first = (size_t)number * (size_t)w->actions;

    for (size_t i = first;
         i < first + (size_t)w->actions && !sim->outcome->failed; i++) {
        struct sim_event e = { .kind = EVENT_USER, .index = i };
        int64_t step = sim_below(random, 3) == 0
                           ? sim_below(random, 2000) * 1000
                           : sim_below(random, (int)(most / 1000)) *
                                 (int64_t)2000;

        at += step;
        e.at = at;
        if (i < sim->n_actions && w->serial)
            act_alone(sim, i);
        else if (i < sim->n_actions)
            event_add(sim, e);
    }
    sim->faults = !sim->options->no_faults && !w->serial;
    run_until(sim, at);
    judge(sim);
}

static void
begin(struct sim *sim, uint64_t *random)
{
    const struct sim_options *o = sim->options;

    for (int i = 0; i < SIM_MAPS; i++)
        for (uint16_t k = 0; k < mapc_program.n_maps; k++)
            if (strcmp(mapc_program.maps[k]->name, sim_maps[i].name) == 0)
                sim->maps[i] = mapc_program.maps[k];
    mr_cx_init(&sim->cx, NULL);
    if (o->sqlite)
        snprintf(sim->file, sizeof sim->file, "%s/sim-%d.db",
                 getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
                 (int)getpid());
    else
        sim->image = store_image_new(&sim->cx);
    weather_systems(sim, random);
    weather_make(sim, random);
    plan(sim, random);
    users_begin(sim);
    program_start(sim);
}

static void
end(struct sim *sim)
{
    sim->outcome->writes = writes(sim);
    sim->outcome->compared = sim->oracle.compared;
    sim->outcome->excused = sim->oracle.excused;
    sim->outcome->cells = sim->oracle.cells;
    program_end(sim);
    for (size_t i = 0; i < sim->n_events; i++)
        event_free(&sim->events[i]);
    free(sim->events);
    free(sim->actions);
    for (int i = 0; i < SIM_SYSTEMS; i++)
        system_done(&sim->systems[i]);
    oracle_done(sim);
    if (sim->options->sqlite) {
        static const char *const ends[] = { "", "-wal", "-shm", "-lock" };

        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            char name[80];

            snprintf(name, sizeof name, "%s%s", sim->file, ends[i]);
            unlink(name);
        }
    } else {
        mr_cx_init(&sim->cx, NULL);
        store_image_free(&sim->cx, sim->image);
        mr_cx_done(&sim->cx);
    }
}

void
sim_run(const struct sim_options *options, struct sim_outcome *out)
{
    struct sim *sim = calloc(1, sizeof *sim);
    uint64_t random = options->seed * 0x2545f4914f6cdd1du + 1;

    if (sim == NULL)
        abort();
    *out = (struct sim_outcome){ .failed = false };
    sim->options = options;
    sim->outcome = out;
    sim->now = beginning;
    sim->next_value = 1;
    /* Users and faults draw from streams of their own, so that leaving out an
     * action leaves the other ones what they are. */
    sim->random = sim_random(&random);
    begin(sim, &random);
    if (sim->weather.serial)
        come_to_rest(sim);
    for (int i = 0; i < sim->weather.phases && !out->failed; i++)
        phase(sim, i, &random);
    end(sim);
    free(sim);
}
