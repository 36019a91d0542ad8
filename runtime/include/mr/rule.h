/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rule does with its value at the end: check that the target holds it,
 * store it, or meet the rule's fate. The one place where fates are decided.
 */
#ifndef MR_RULE_H
#define MR_RULE_H

#include "mr/num.h"
#include "mr/shape.h"

enum mr_type {
    MR_TYPE_TEXT, MR_TYPE_BOOL, MR_TYPE_NUMBER, MR_TYPE_DATE, MR_TYPE_TIME,
    MR_TYPE_DATETIME, MR_TYPE_GUID, MR_TYPE_BINARY
};

struct mr_field;

/* One target field of one rule in one direction. */
struct mr_target {
    const char *at;             /* "account.map:21" */
    const char *rule;           /* the rule as written, on one line */
    const char *field;          /* "erp.KUNNR" */
    enum mr_type type;
    uint32_t max_chars;         /* text: 0 is unbounded */
    uint32_t max_bytes;         /* text: a further limit, 0 is none */
    uint16_t digits, scale;     /* number: all digits (0 unbounded), decimals */
    bool any_scale;             /* number: decimals not limited */
    bool milliseconds;          /* datetime: not more than 3 decimals */
    bool has_range;             /* number: low to high */
    int64_t low, high;
    const char *const *values;  /* text: closed set ended with NULL, or NULL */
    enum mr_fate fate;
    const char *fallback;       /* MR_FATE_VALUE: canonical text; "" is empty */
    bool required;              /* missing or empty fails (MR_WHY_REQUIRED) */
    bool never_empty;           /* empty fails the same; missing goes through */
    bool personal;              /* its value is never shown in messages */
    const struct mr_field *reads;       /* what the rule reads, for --trace */
    uint16_t n_reads;
};

/* Missing and empty go through, a failed or unfit value meets the fate. */
void mr_put_slow(struct mr_cx *cx, const struct mr_target *t,
                 struct mr_val *slot, struct mr_val v);

static inline void
mr_put(struct mr_cx *cx, const struct mr_target *t, struct mr_val *slot,
       struct mr_val v)
{
    /* Fewer bytes than characters allowed: it fits without counting. */
    if (v.state == MR_HERE && t->type == MR_TYPE_TEXT && t->values == NULL &&
        (t->max_chars == 0 || v.n <= t->max_chars) &&
        (t->max_bytes == 0 || v.n <= t->max_bytes) && cx->trace == NULL) {
        *slot = v;
        return;
    }
    mr_put_slow(cx, t, slot, v);
}

/* The same for a number. */
void mr_put_num(struct mr_cx *cx, const struct mr_target *t,
                struct mr_val *slot, struct mr_num n);

/* The same for a field behind a selector: the row is made only when there is
 * a value; an empty one clears the field of a row that is there. */
void mr_put_picked(struct mr_cx *cx, const struct mr_target *t, void *outer,
                   const struct mr_picked *p, struct mr_val v);

/* Is this condition true? A failed one takes the fate of `t` and is false. */
bool mr_holds(struct mr_cx *cx, const struct mr_target *t, struct mr_val cond);

#endif
