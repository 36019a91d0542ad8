/* SPDX-License-Identifier: Apache-2.0 */
/* The loop around the engine: what came in, a turn, what goes out, a wait. */
#include "host/control.h"
#include "host/endpoint.h"

enum { OPS_A_ROUND = 4096, TAKE_IN_MICROS = 200000, NEXT_MS = 1 };

static void
collect(struct session *s)
{
    struct op_result r;

    for (size_t i = 0; i < s->n_peers; i++) {
        struct peer *p = s->peers[i].peer;

        while (p->ops->collect(p, &r)) {
            /* Opened by a notice, closed by whatever is no failure. */
            if (r.outcome != OP_BUSY && r.outcome != OP_UNSURE &&
                r.outcome != OP_DENIED && s->peers[i].broken) {
                s->peers[i].broken = false;
                log_line(s, LOG_INFO, "recovered", "%s answers again",
                         s->peers[i].system->name);
            }
            engine_result(s->engine, &r);
        }
    }
}

/* Hands over what the engine wishes of one system; says whether anything. */
static bool
submit(struct session *s, struct session_peer *p)
{
    unsigned n = 0;

    for (; n < OPS_A_ROUND; n++) {
        if (p->waiting == NULL && !s->stopping)
            p->waiting = engine_next_op(s->engine, p->system->name);
        if (p->waiting == NULL ||
            !p->peer->ops->submit(p->peer, p->waiting))
            break;
        p->waiting = NULL;
    }
    if (n > 0)
        p->peer->ops->flush(p->peer);
    return n > 0;
}

static uint32_t
wait_time(const struct session *s, uint32_t most_ms)
{
    int64_t deadline = engine_deadline(s->engine);
    int64_t left = deadline - host_steady();

    if (deadline == INT64_MAX || left > (int64_t)most_ms * 1000)
        return most_ms;
    return left <= 0 ? 0 : (uint32_t)((left + 999) / 1000);
}

/* Who sends messages waits for them to be kept: while they come in, they get
 * twice the time that all the rest took. */
static enum mr_status
turn(struct session *s, size_t came)
{
    int64_t start = host_ticks(), took;
    enum mr_status st;

    s->turns++;
    s->takes_in = came > 0 && start < s->take_in_until;
    if (s->takes_in)
        return engine_take_in(s->engine, host_steady());
    st = engine_turn(s->engine, host_steady());
    took = host_ticks() - start;
    s->take_in_until = start + took +
                       (took < TAKE_IN_MICROS / 2 ? 2 * took : TAKE_IN_MICROS);
    return st;
}

/* All that there was to do is done. */
static bool
is_done(const struct session *s)
{
    return engine_idle(s->engine) && !endpoint_waits(s) &&
           http_busy(s->client) == 0;
}

static int
step(struct session *s, uint32_t wait_ms, bool ends)
{
    bool folder_wrote = false;
    size_t came;

    mr_cx_next(&s->cx);
    /* First: changes have transactions of their own, and what is told to the
     * engine may open its turn. */
    control_serve(s);
    collect(s);
    came = s->stopping ? 0 : endpoint_take(s);
    if (turn(s, came) != MR_OK)
        return session_error(s, &s->engine_cx);
    endpoint_settle(s);
    for (size_t i = 0; i < s->n_peers; i++)
        if (submit(s, &s->peers[i]))
            folder_wrote |= s->peers[i].system->kind == KIND_FILES;
    /* Those who were answered may send the next one; else: what a folder did
     * is done already, and messages bring work at once. */
    http_wait(s->client, s->takes_in ? NEXT_MS
                         : folder_wrote || came > 0 || (ends && is_done(s)) ? 0
                         : wait_time(s, wait_ms));
    return HOST_OK;
}

int
loop_step(struct session *s, uint32_t wait_ms)
{
    return step(s, wait_ms, false);
}

int
loop_step_on(struct session *s, uint32_t wait_ms)
{
    return step(s, wait_ms, true);
}

/* A system that does not answer, or not so that a search gets on: its breaker
 * is open, and all that is left waits for it, or for a pause to be over. */
static bool
is_stuck(const struct session *s)
{
    bool broken = false;

    for (size_t i = 0; i < s->n_peers; i++)
        broken |= s->peers[i].broken;
    return ((broken && engine_waiting(s->engine)) ||
            engine_search_fails(s->engine)) &&
           http_busy(s->client) == 0;
}

int
loop_until_idle(struct session *s, bool *complete)
{
    int code = HOST_OK;

    *complete = false;
    while (code == HOST_OK && !atomic_load(&s->stop.asked)) {
        code = loop_step_on(s, 200);
        if (code == HOST_OK && is_done(s)) {
            *complete = true;
            break;
        }
        /* What came during the wait may bring more to do. */
        if (code == HOST_OK && is_stuck(s)) {
            code = loop_step(s, 0);
            if (is_stuck(s))
                break;
        }
    }
    return code;
}
