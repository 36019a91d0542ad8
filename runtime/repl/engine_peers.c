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

void
system_init(struct system *s)
{
    for (int i = 0; i < LINES; i++)
        s->lines[i].end = &s->lines[i].first;
}

bool
system_waits(const struct system *s)
{
    return s->lines[LINE_ASK].first != NULL ||
           s->lines[LINE_WRITE].first != NULL;
}

/* --- calls --- */

static struct line *
line_of(const struct call *c)
{
    enum op_kind kind = c->op.kind;
    bool writes = kind == OP_CREATE || kind == OP_UPDATE || kind == OP_REMOVE;

    return &c->system->lines[writes ? LINE_WRITE : LINE_ASK];
}

static void
take_back(struct call *c)
{
    struct line *line = line_of(c);
    struct call **at = &line->first;

    while (*at != NULL && *at != c)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = c->next;
    if (c->next == NULL)
        line->end = at;
}

void
call_back(struct call *c)
{
    c->state = CALL_NONE;
    line_of(c)->out--;
}

void
call_end(struct engine *e, struct call *c)
{
    if (c->state == CALL_READY)
        take_back(c);
    if (c->state == CALL_OUT)
        call_back(c);
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
    struct line *line = line_of(c);

    c->state = CALL_READY;
    c->order = ++e->order;
    c->next = NULL;
    *line->end = c;
    line->end = &c->next;
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
    uint32_t out = s->lines[LINE_ASK].out + s->lines[LINE_WRITE].out;

    if (s->hold > e->now)
        return false;
    return s->open ? !s->probing && out == 0 : out < e->set.in_flight;
}

/* Who came first goes first; but a line that has half of what may be out lets
 * the other one go before. */
static struct line *
next_line(const struct engine *e, struct system *s)
{
    struct line *ask = &s->lines[LINE_ASK], *write = &s->lines[LINE_WRITE];
    uint32_t half = e->set.in_flight / 2;

    if (ask->first == NULL || write->first == NULL)
        return ask->first != NULL ? ask : write;
    if ((ask->out < half) != (write->out < half))
        return ask->out < half ? ask : write;
    return ask->first->order < write->first->order ? ask : write;
}

const struct mr_op *
engine_next_op(struct engine *e, const char *name)
{
    struct system *s = system_named(e, name);
    struct line *line;
    struct call *c;

    if (e->status != MR_OK || s == NULL || !system_waits(s) ||
        !lets_through(e, s))
        return NULL;
    line = next_line(e, s);
    c = line->first;
    line->first = c->next;
    if (line->first == NULL)
        line->end = &line->first;
    c->state = CALL_OUT;
    line->out++;
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
