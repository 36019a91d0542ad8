/* SPDX-License-Identifier: Apache-2.0 */
/* The class of a two-way rule, from the facts about its conversions. */
#include "sema/promise.h"

enum promise
promise_of(const struct trule *r)
{
    why_set refused = r->failures[LEFT] | r->failures[RIGHT];

    if (r->arrow == ARROW_LOSSY)
        return PROMISE_LOSSY;
    /* What does not fit is replaced, and the way back brings that. */
    if (refused != 0 && r->fate.kind == FATE_VALUE)
        return PROMISE_LOSSY;
    if (r->changes[LEFT] != NULL || r->changes[RIGHT] != NULL)
        return PROMISE_CANONICAL;
    return refused != 0 ? PROMISE_DOMAIN : PROMISE_EXACT;
}

const char *
promise_unproven(const struct trule *r)
{
    bool one = r->n_changing[LEFT] <= 1 && r->n_changing[RIGHT] <= 1 &&
               (r->changed_by[LEFT] == NULL || r->changed_by[RIGHT] == NULL ||
                r->changed_by[LEFT] == r->changed_by[RIGHT]);

    if (r->own)
        return "a convert of your own";
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
    case PROMISE_LOSSY:
        break;
    }
    return "lossy";
}
