/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peers: how many operations each has, when to wait, when not to ask at all.
 *
 * A breaker opens after some failures in a row: nothing is given out for a
 * while, then one operation is let through; what becomes of it decides.
 */
#include "repl/engine_state.h"

enum { MICROS_A_MILLI = 1000 };

struct system *
system_named(struct engine *e, const char *name)
{
    for (size_t i = 0; i < e->n_systems; i++)
        if (strcmp(e->systems[i].name, name) == 0)
            return &e->systems[i];
    return NULL;
}

/* --- calls --- */

static void
take_back(struct call *c)
{
    struct call **at = &c->system->ready;

    while (*at != NULL && *at != c)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = c->next;
    if (c->next == NULL)
        c->system->ready_end = at;
}

void
call_end(struct engine *e, struct call *c)
{
    if (c->state == CALL_READY)
        take_back(c);
    if (c->state == CALL_OUT)
        c->system->out--;
    c->state = CALL_NONE;
    keep_free(e, &c->mem);
}

struct mr_op *
call_begin(struct engine *e, struct call *c, enum op_kind kind,
           const struct flow *at)
{
    call_end(e, c);
    memset(&c->op, 0, sizeof c->op);
    c->op.id = e->next_op++ * e->n_slots + c->slot;
    c->op.kind = kind;
    c->op.map = at->map;
    c->op.side = at->side;
    c->op.since = c->op.token = c->op.record_id = c->op.etag = "";
    c->op.message_token = "";
    c->system = at->system;
    c->asked = e->now;
    return &c->op;
}

void
call_ready(struct engine *e, struct call *c)
{
    (void)e;
    c->state = CALL_READY;
    c->next = NULL;
    *c->system->ready_end = c;
    c->system->ready_end = &c->next;
}

void
call_repeat(struct engine *e, struct call *c)
{
    c->op.id = e->next_op++ * e->n_slots + c->slot;
    c->asked = e->now;
    call_ready(e, c);
}

/* May an operation be given out at all? */
static bool
lets_through(const struct engine *e, const struct system *s)
{
    if (s->hold > e->now)
        return false;
    return s->open ? !s->probing && s->out == 0
                   : s->out < e->set.in_flight;
}

const struct mr_op *
engine_next_op(struct engine *e, const char *name)
{
    struct system *s = system_named(e, name);
    struct call *c;

    if (e->status != MR_OK || s == NULL || s->ready == NULL ||
        !lets_through(e, s))
        return NULL;
    c = s->ready;
    s->ready = c->next;
    if (s->ready == NULL)
        s->ready_end = &s->ready;
    c->state = CALL_OUT;
    s->out++;
    s->probing = s->open;
    return &c->op;
}

/* --- failures --- */

int64_t
backoff(struct engine *e, uint32_t tries)
{
    uint64_t ms = e->set.backoff_ms;

    for (uint32_t i = 0; i < tries && ms < e->set.backoff_max_ms; i++)
        ms *= 2;
    if (ms > e->set.backoff_max_ms)
        ms = e->set.backoff_max_ms;
    /* From half of it to all of it, so that those that failed together do not
     * come back together. */
    ms = ms / 2 + engine_random(e) % (ms / 2 + 1);
    return e->now + (int64_t)ms * MICROS_A_MILLI;
}

static void
trip(struct engine *e, struct system *s, const struct op_result *r)
{
    s->hold = e->now + (int64_t)e->set.breaker_pause_ms * MICROS_A_MILLI;
    s->probing = false;
    if (s->open)
        return;
    s->open = true;
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].system == s) {
            engine_note(e, EVENT_BREAKER, &e->flows[i], "",
                        r->text == NULL ? "" : r->text);
            break;
        }
}

bool
system_heard(struct engine *e, struct system *s, const struct op_result *r)
{
    bool failed = r->outcome == OP_BUSY || r->outcome == OP_UNSURE ||
                  r->outcome == OP_DENIED;

    if (!failed) {
        s->failures = 0;
        s->open = s->probing = false;
        return false;
    }
    if (r->outcome == OP_BUSY && r->retry_after > 0) {
        int64_t until = e->now + (int64_t)r->retry_after * 1000000;

        if (s->hold < until)
            s->hold = until;
        if (!s->open)
            return false;       /* it is there, and says what it wants */
    }
    s->failures++;
    if (s->open || s->failures >= e->set.breaker ||
        r->outcome == OP_DENIED) {
        trip(e, s, r);
        return true;
    }
    return false;
}
