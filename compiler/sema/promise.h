/* SPDX-License-Identifier: Apache-2.0 */
/* What a two-way rule promises of the values that go there and back. */
#ifndef SEMA_PROMISE_H
#define SEMA_PROMISE_H

#include "sema/typed.h"

enum promise {
    PROMISE_EXACT,          /* every value comes back as it was */
    PROMISE_DOMAIN,         /* every one that is not refused */
    PROMISE_CANONICAL,      /* another one may come back; that one stays */
    PROMISE_REMEMBERED,     /* what is lost is kept with the link */
    PROMISE_LOSSY
};

/* Of a rule that runs both ways, after it was checked. */
enum promise promise_of(const struct trule *r);
/* Is something of a value of that side kept, by `remember`? */
bool promise_keeps(const struct trule *r, enum side side);
/* What of it is tried on examples only, in words; NULL: nothing. That a single
 * conversion settles is known of each; what several make of each other's
 * results is not. */
const char *promise_unproven(const struct trule *r);
/* "exact on its domain" */
const char *promise_words(enum promise p);

#endif
