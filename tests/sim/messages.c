/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model system that takes and sends messages and can't be asked: creates or
 * changes by key what it is sent, and sends the whole record when a user
 * changed it; in some runs also when the engine did.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static void
take_fields(struct sim_record *to, const struct sim_record *from)
{
    for (size_t i = 0; i < from->entity->n_fields; i++)
        if (strcmp(from->values[i], "/") != 0)
            memcpy(to->values[i], from->values[i], SIM_TEXT);
}

static bool
take_rows(struct sim_system *s, struct sim_record *to,
          const struct sim_record *from)
{
    for (size_t i = 0; i < from->n_rows; i++) {
        const struct sim_record *row = from->rows[i];
        struct sim_record *have = record_row(to, row->values[0]);

        if (row->values[0][0] == '\0' || strcmp(row->values[0], "/") == 0)
            return false;
        if (row->id == -1) {
            record_remove_row(to, have);
            continue;
        }
        if (have == NULL && to->n_rows == SIM_ROWS)
            return false;
        if (have == NULL) {
            have = record_new(row->entity, s->next_id++);
            record_add_row(to, have);
        }
        take_fields(have, row);
    }
    return true;
}

/* The number that a key of this map is made of. */
static int
number_of(const char *key)
{
    return atoi(key);
}

static bool
seen_before(struct sim_system *s, const char *token)
{
    for (size_t i = 0; i < s->n_tokens; i++)
        if (strcmp(s->tokens[i], token) == 0)
            return true;
    s->tokens = realloc(s->tokens, (s->n_tokens + 1) * sizeof *s->tokens);
    if (s->tokens == NULL)
        abort();
    snprintf(s->tokens[s->n_tokens++], sizeof *s->tokens, "%s", token);
    return false;
}

static void
take(struct sim *sim, const struct sim_request *q,
     const struct sim_record *sent, bool deleted)
{
    struct sim_system *s = &sim->systems[q->system];
    int number = number_of(sent->values[0]);
    struct sim_record *r = system_find(sim, q->map, q->side, number);

    s->writes++;
    if (deleted) {
        if (r != NULL)
            system_removed(sim, q->map, q->side, r);
        return;
    }
    if (r == NULL) {
        r = system_create(sim, q->map, q->side, number);
        r->replicated = true;
    }
    take_fields(r, sent);
    if (!take_rows(s, r, sent))
        sim_violation(sim, "a segment without a key, or too many");
    system_changed(sim, q->map, q->side, r);
    if (s->emits)
        system_emit(sim, q->map, r, false);
}

void
system_take(struct sim *sim, const struct sim_request *q,
            struct sim_answer *a)
{
    const struct sim_map *m = &sim_maps[q->map];
    bool deleted = q->kind == OP_REMOVE;
    struct sim_record *sent;

    a->outcome = OP_OK;
    if (q->kind < OP_CREATE) {
        sim_violation(sim, "a system of messages is asked to show records");
        return;
    }
    if (q->message_token[0] == '\0' || strlen(q->message_token) > 16) {
        sim_violation(sim, "a message \"%s\" without a number",
                      q->message_token);
        return;
    }
    /* The second copy of a message is taken for what it is. */
    if (seen_before(&sim->systems[q->system], q->message_token))
        return;
    sent = q->n_parts == 1
               ? idoc_parse(m->levels[0].entity[q->side], q->parts[0].body,
                            q->parts[0].n, &deleted)
               : NULL;
    if (sent == NULL || sent->values[0][0] == '\0' ||
        strcmp(sent->values[0], "/") == 0)
        sim_violation(sim, "a message without a record or key: %.*s",
                      q->n_parts > 0 ? (int)q->parts[0].n : 0,
                      q->n_parts > 0 ? q->parts[0].body : "");
    else
        take(sim, q, sent, deleted || q->kind == OP_REMOVE);
    record_free(sent);
}

static int64_t
delay(struct sim *sim)
{
    int seconds = sim_chance(sim, sim->weather.message_late)
                      ? sim_below(&sim->random, 200)
                      : 1;

    return SIM_SECOND / 10 + sim_below(&sim->random, 1000) * 1000 +
           (int64_t)seconds * SIM_SECOND;
}

void
system_emit(struct sim *sim, int map, const struct sim_record *r,
            bool deleted)
{
    struct sim_system *s = &sim->systems[sim_maps[map].system[MR_RIGHT]];
    struct sim_message m = { .number = atoi(r->values[0]) };
    struct sim_event e = { .kind = EVENT_MESSAGE, .index = s->n_messages };

    if (s->n_messages == s->messages_room) {
        s->messages_room = s->messages_room * 2 + 16;
        s->messages = realloc(s->messages,
                              s->messages_room * sizeof *s->messages);
        if (s->messages == NULL)
            abort();
    }
    m.serial = ++s->next_serial;
    idoc_message(&m.text, r, deleted, s->marks, m.serial);
    s->messages[s->n_messages++] = m;
    sim_say(sim, "e sends message %d about %d", m.serial, m.number);
    e.at = sim->now + delay(sim);
    event_add(sim, e);
    if (!sim_chance(sim, sim->weather.message_twice))
        return;
    e.at = sim->now + delay(sim);
    event_add(sim, e);
}
