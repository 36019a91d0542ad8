/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operation of the engine on its way to a system and back: what may go
 * wrong, when it arrives, when its answer does. The copy outlives the program
 * that sent it: a request that is on the wire when the program dies may still
 * be carried out.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const kinds[] = {
    [OP_PAGE] = "page", [OP_IDS] = "ids", [OP_READ] = "read",
    [OP_FIND] = "find", [OP_CREATE] = "create", [OP_UPDATE] = "update",
    [OP_REMOVE] = "remove"
};
static const char *const outcomes[] = {
    [OP_OK] = "ok", [OP_NONE] = "none", [OP_STALE] = "stale",
    [OP_REFUSED] = "refused", [OP_EXISTS] = "exists", [OP_BUSY] = "busy",
    [OP_DENIED] = "denied", [OP_UNSURE] = "unsure"
};

enum { TIMEOUT = 30 };

static void *
zeroed(size_t n)
{
    void *p = calloc(1, n);

    if (p == NULL)
        abort();
    return p;
}

static void
copy_text(struct sim *sim, char *to, size_t room, const char *from)
{
    if (from == NULL)
        from = "";
    if (strlen(from) >= room)
        sim_violation(sim, "an operation with a text too long: %s", from);
    snprintf(to, room, "%s", from);
}

static void
copy_parts(struct sim *sim, struct sim_request *q, const struct mr_op *op)
{
    if (op->n_parts == 0)
        return;
    q->parts = zeroed(op->n_parts * sizeof *q->parts);
    q->n_parts = op->n_parts;
    for (size_t i = 0; i < op->n_parts; i++) {
        const struct op_part *from = &op->parts[i];
        struct sim_part *to = &q->parts[i];

        to->kind = from->kind;
        copy_text(sim, to->set, sizeof to->set, from->set);
        copy_text(sim, to->id, sizeof to->id, from->id);
        copy_text(sim, to->navigation, sizeof to->navigation,
                  from->navigation);
        to->body = zeroed(from->body.n + 1);
        if (from->body.n > 0)
            memcpy(to->body, from->body.p, from->body.n);
        to->n = from->body.n;
    }
}

static struct sim_request *
copy(struct sim *sim, int system, const struct mr_op *op)
{
    struct sim_request *q = zeroed(sizeof *q);

    q->id = op->id;
    q->kind = op->kind;
    q->system = system;
    q->side = op->side;
    q->life = sim->life;
    while (q->map < SIM_MAPS && sim->maps[q->map] != op->map)
        q->map++;
    if (q->map == SIM_MAPS || sim_maps[q->map].system[q->side] != system)
        sim_violation(sim, "an operation went to the wrong system");
    q->map %= SIM_MAPS;
    copy_text(sim, q->since, sizeof q->since, op->since);
    copy_text(sim, q->token, sizeof q->token, op->token);
    copy_text(sim, q->record_id, sizeof q->record_id, op->record_id);
    copy_text(sim, q->etag, sizeof q->etag, op->etag);
    copy_text(sim, q->message_token, sizeof q->message_token,
              op->message_token);
    for (q->n_keys = 0; q->n_keys < op->n_keys && q->n_keys < 2;
         q->n_keys++) {
        copy_text(sim, q->key_names[q->n_keys], sizeof q->key_names[0],
                  op->keys[q->n_keys].name);
        copy_text(sim, q->key_values[q->n_keys], SIM_TEXT,
                  op->keys[q->n_keys].value);
    }
    copy_parts(sim, q, op);
    return q;
}

static void
say_request(struct sim *sim, const struct sim_request *q, const char *what)
{
    if (!sim->options->verbose)
        return;
    sim_say(sim, "%s %s #%llu %s %s%s%s%s%s%s", sim_system_names[q->system],
            what, (unsigned long long)q->id, kinds[q->kind],
            sim_maps[q->map].name, q->record_id[0] != '\0' ? " id " : "",
            q->record_id, q->n_keys > 0 ? " key " : "",
            q->n_keys > 0 ? q->key_values[0] : "",
            q->since[0] != '\0' ? " since " : "");
    if (q->since[0] != '\0')
        sim_say(sim, "    since %s", q->since);
    for (size_t i = 0; i < q->n_parts; i++)
        sim_say(sim, "    %s('%s')%s%s %.*s", q->parts[i].set,
                q->parts[i].id, q->parts[i].navigation[0] != '\0' ? "/" : "",
                q->parts[i].navigation, (int)q->parts[i].n,
                q->parts[i].body);
}

static void
answer_at(struct sim *sim, int64_t at, struct sim_request *q,
          struct sim_answer *a)
{
    struct sim_event e = { .at = at, .kind = EVENT_ANSWER, .request = q,
                           .answer = a };

    event_add(sim, e);
}

static void
answer_without_work(struct sim *sim, struct sim_request *q,
                    enum op_outcome outcome, int64_t after)
{
    struct sim_answer *a = zeroed(sizeof *a);

    a->outcome = outcome;
    snprintf(a->text, sizeof a->text, "made up: %s", outcomes[outcome]);
    if (outcome == OP_BUSY)
        a->retry_after = (uint32_t)sim_below(&sim->random, 20);
    sim->outcome->faults++;
    sim_say(sim, "%s #%llu will fail: %s", sim_system_names[q->system],
            (unsigned long long)q->id, outcomes[outcome]);
    answer_at(sim, sim->now + after, q, a);
}

static int64_t
latency(struct sim *sim)
{
    int64_t l = 5000 + sim_below(&sim->random, 200) * 1000;

    if (sim_chance(sim, sim->weather.late))
        l += (int64_t)sim_below(&sim->random, 90) * SIM_SECOND;
    return l;
}

void
request_send(struct sim *sim, int system, const struct mr_op *op)
{
    struct sim_request *q = copy(sim, system, op);
    struct sim_event e = { .kind = EVENT_ARRIVE, .request = q };
    const struct sim_weather *w = &sim->weather;

    say_request(sim, q, "<-");
    if (sim->now < sim->denied[system]) {
        answer_without_work(sim, q, OP_DENIED, SIM_SECOND / 10);
    } else if (sim_chance(sim, w->deny)) {
        sim->denied[system] = sim->now +
                              (int64_t)sim_below(&sim->random, 200) *
                                  SIM_SECOND;
        answer_without_work(sim, q, OP_DENIED, SIM_SECOND / 10);
    } else if (sim_chance(sim, w->busy)) {
        answer_without_work(sim, q, OP_BUSY, latency(sim));
    } else if (sim_chance(sim, w->drop_before)) {
        answer_without_work(sim, q, OP_UNSURE,
                            latency(sim) + TIMEOUT * SIM_SECOND);
    } else {
        e.at = sim->now + latency(sim);
        event_add(sim, e);
    }
}

static struct sim_record *
record_of(struct sim *sim, const struct sim_request *q)
{
    struct sim_list *l = &sim->systems[q->system].records[q->map];

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i]->id == atoi(q->record_id))
            return l->at[i];
    return NULL;
}

/* A user looks at the record and saves it as it is: its ETag is another one. */
static void
save_again(struct sim *sim, const struct sim_request *q)
{
    struct sim_record *r = record_of(sim, q);

    if (r == NULL)
        return;
    sim_say(sim, "user: %s saves id %s as it is",
            sim_system_names[q->system], q->record_id);
    sim->outcome->faults++;
    system_changed(sim, q->map, q->side, r);
}

/* Does the work; the oracle is told what a write has replaced. */
static void
do_work(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    bool writes = sim->systems[q->system].reads && q->kind == OP_UPDATE;
    const struct sim_record *r = writes ? record_of(sim, q) : NULL;
    struct sim_record *was = r == NULL ? NULL : record_copy(r);

    system_do(sim, q, a);
    if (was != NULL && a->outcome == OP_OK)
        oracle_written(sim, q->map, q->side, was);
    else if (was != NULL)
        record_free(was);
}

/* The answer got lost; for the asker, the work may have been done. */
static void
lose_answer(struct sim *sim, struct sim_answer *a)
{
    text_free(&a->body);
    memset(a, 0, sizeof *a);
    a->outcome = OP_UNSURE;
    snprintf(a->text, sizeof a->text, "made up: no answer came");
    sim->outcome->faults++;
}

void
request_arrive(struct sim *sim, struct sim_event *e)
{
    struct sim_request *q = e->request;
    struct sim_answer *a = zeroed(sizeof *a);
    int64_t wait = 1000 + sim_below(&sim->random, 50) * 1000;

    if (sim->systems[q->system].reads && q->kind == OP_UPDATE &&
        sim_chance(sim, sim->weather.stale))
        save_again(sim, q);
    do_work(sim, q, a);
    say_request(sim, q, "does");
    if (sim_chance(sim, sim->weather.drop_after)) {
        lose_answer(sim, a);
        wait += TIMEOUT * SIM_SECOND;
    }
    e->request = NULL;
    answer_at(sim, sim->now + wait, q, a);
}

/* A write of which the program does not hear whether it was done. */
void
request_unheard(struct sim *sim, const struct sim_event *e)
{
    const struct sim_request *q = e->request;
    const struct sim_record *r = record_of(sim, q);

    if (q->kind == OP_UPDATE && r != NULL)
        oracle_lost(sim, q->map, atoi(r->values[0]));
}

void
request_answer(struct sim *sim, const struct sim_event *e)
{
    const struct sim_answer *a = e->answer;
    struct op_result r = { .id = e->request->id, .outcome = a->outcome,
                           .body = { a->body.p, a->body.n },
                           .record_id = a->record_id, .etag = a->etag,
                           .next = a->next, .text = a->text,
                           .retry_after = a->retry_after,
                           .date = a->date };

    if (e->request->life != sim->life || sim->engine == NULL ||
        a->outcome == OP_UNSURE)
        request_unheard(sim, e);
    if (e->request->life != sim->life || sim->engine == NULL)
        return;
    sim_say(sim, "%s -> #%llu %s%s%s", sim_system_names[e->request->system],
            (unsigned long long)r.id, outcomes[r.outcome],
            a->next[0] != '\0' ? ", next " : "", a->next);
    if (a->body.n > 0)
        sim_say(sim, "    %.*s", (int)a->body.n, a->body.p);
    if (a->outcome == OP_OK &&
        (e->request->kind == OP_UPDATE || e->request->kind == OP_READ))
        oracle_heard(sim, e->request->map, e->request->side,
                     atoi(e->request->record_id));
    engine_result(sim->engine, &r);
}

/* The program died. What was on its way arrives nevertheless, or it does not; if
 * so, before the program is there again: nobody could tell a write that comes
 * even later from what a user did. */
void
request_orphan(struct sim *sim, struct sim_event *e, int64_t start)
{
    request_unheard(sim, e);
    if (sim_below(&sim->random, 2) == 0) {
        event_free(e);
        return;
    }
    if (e->at >= start)
        e->at = start - 1;
    event_add(sim, *e);
}
