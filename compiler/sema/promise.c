/* SPDX-License-Identifier: Apache-2.0 */
/* The class of a two-way rule, from the facts about its conversions. */
#include "sema/promise.h"

static why_set
refused(const struct trule *r)
{
    return r->failures[LEFT] | r->failures[RIGHT];
}

bool
promise_keeps(const struct trule *r, enum side side)
{
    bool replaced = r->fate.kind == FATE_VALUE || r->fate.kind == FATE_KEEP;

    return r->remember && r->runs[LEFT] && r->runs[RIGHT] &&
           (r->changes[side] != NULL ||
            (replaced && r->failures[side == LEFT ? RIGHT : LEFT] != 0));
}

/* Without regard to what the rule says of it. */
static bool
is_lossy(const struct trule *r)
{
    /* What does not fit is replaced, and the way back brings that. */
    if (refused(r) != 0 && r->fate.kind == FATE_VALUE)
        return true;
    return r->loses[LEFT] != NULL || r->loses[RIGHT] != NULL;
}

enum promise
promise_of(const struct trule *r)
{
    if (promise_keeps(r, LEFT) || promise_keeps(r, RIGHT))
        return PROMISE_REMEMBERED;
    if (r->arrow == ARROW_LOSSY || is_lossy(r))
        return PROMISE_LOSSY;
    if (r->changes[LEFT] != NULL || r->changes[RIGHT] != NULL)
        return PROMISE_CANONICAL;
    return refused(r) != 0 ? PROMISE_DOMAIN : PROMISE_EXACT;
}

const char *
promise_unproven(const struct trule *r)
{
    bool one = r->n_changing[LEFT] <= 1 && r->n_changing[RIGHT] <= 1 &&
               (r->changed_by[LEFT] == NULL || r->changed_by[RIGHT] == NULL ||
                r->changed_by[LEFT] == r->changed_by[RIGHT]);

    /* What does not come back is kept, whatever it is. */
    if (promise_of(r) == PROMISE_REMEMBERED)
        return NULL;
    if (r->own || (r->own_settles && (!one || refused(r) != 0)))
        return "a convert of your own";
    /* Where a side gets back what it had, so does what comes from the other, if
     * it is not refused there. */
    one = one || (refused(r) == 0 && (r->changes[LEFT] == NULL ||
                                      r->changes[RIGHT] == NULL));
    if (promise_of(r) == PROMISE_CANONICAL && !one && !r->filters)
        return "that several conversions settle";
    return NULL;
}

const char *
promise_words(enum promise p)
{
    switch (p) {
    case PROMISE_EXACT:
        return "exact";
    case PROMISE_DOMAIN:
        return "exact on its domain";
    case PROMISE_CANONICAL:
        return "canonical";
    case PROMISE_REMEMBERED:
        return "remembered";
    case PROMISE_LOSSY:
        break;
    }
    return "lossy";
}
