/* SPDX-License-Identifier: Apache-2.0 */
/* The loop around the engine: what came in, a turn, what goes out, a wait. */
#include "host/control.h"
#include "host/endpoint.h"

enum { OPS_A_ROUND = 4096 };

static void
collect(struct session *s)
{
    struct op_result r;

    for (size_t i = 0; i < s->n_peers; i++) {
        struct peer *p = s->peers[i].peer;

        while (p->ops->collect(p, &r)) {
            /* Opened by a notice, closed by whatever is no failure. */
            if (r.outcome != OP_BUSY && r.outcome != OP_UNSURE &&
                r.outcome != OP_DENIED)
                s->peers[i].broken = false;
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

int
loop_step(struct session *s, uint32_t wait_ms)
{
    bool folder_wrote = false;
    size_t came;

    mr_cx_next(&s->cx);
    /* First: changes have transactions of their own, and what is told to the
     * engine may open its turn. */
    control_serve(s);
    collect(s);
    came = s->stopping ? 0 : endpoint_take(s);
    if (engine_turn(s->engine, host_steady()) != MR_OK)
        return session_error(s, &s->engine_cx);
    s->turns++;
    endpoint_settle(s);
    for (size_t i = 0; i < s->n_peers; i++)
        if (submit(s, &s->peers[i]))
            folder_wrote |= s->peers[i].system->kind == KIND_FILES;
    /* What a folder did is done already, and messages bring work at once. */
    http_wait(s->client,
              folder_wrote || came > 0 ? 0 : wait_time(s, wait_ms));
    return HOST_OK;
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
    while (code == HOST_OK && !atomic_load(&s->stop)) {
        code = loop_step(s, 200);
        if (code == HOST_OK && engine_idle(s->engine) &&
            !endpoint_waits(s) && http_busy(s->client) == 0) {
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
