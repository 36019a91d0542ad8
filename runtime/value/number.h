/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers between operations as decimals, for those who calculate with them. */
#ifndef VALUE_NUMBER_H
#define VALUE_NUMBER_H

#include "mr/num.h"
#include "value/decimal.h"
#include "value/text.h"

/* A value as it is, read by whoever needs a number. */
static inline struct mr_num
mr_num_value(struct mr_val v)
{
    struct mr_num n = { .u.p = v.p, .n = v.n, .state = v.state, .why = v.why };

    return n;
}

/* Canonical text of few digits becomes a quick number. false: something else. */
static inline bool
mr_num_read_quick(struct mr_val v, struct mr_num *out)
{
    bool negative = v.n > 0 && v.p[0] == '-';
    const char *p = v.p + negative, *end = v.p + v.n;
    uint64_t sum;
    uint32_t scale = 0;

    if (p == end || end - p > 19 || !mr_is_digit(*p))
        return false;
    sum = (uint64_t)(*p++ - '0');
    if (sum == 0 && p < end && *p != '.')
        return false;
    while (p < end && mr_is_digit(*p))
        sum = sum * 10 + (uint64_t)(*p++ - '0');
    if (p < end) {
        if (*p++ != '.' || p == end)
            return false;
        scale = (uint32_t)(end - p);
        while (p < end && mr_is_digit(*p))
            sum = sum * 10 + (uint64_t)(*p++ - '0');
    }
    if (p < end || (negative && sum == 0))
        return false;
    *out = mr_num_quick(sum, scale, negative);
    return true;
}

/* What it is, where it is MR_HERE. */
enum mr_why mr_num_decimal(struct mr_num n, struct mr_decimal *out);

/* What an operation made. */
struct mr_num mr_num_made(struct mr_cx *cx, struct mr_decimal d);

static inline struct mr_num
mr_num_failed(struct mr_cx *cx, struct mr_num operand, enum mr_why why)
{
    return mr_num_value(mr_failed(mr_num_text(cx, operand), why));
}

/* A step of a conversion, shown when tracing: see mr_step. */
static inline struct mr_num
mr_num_step(struct mr_cx *cx, const char *name, struct mr_num n)
{
    if (__builtin_expect(cx->trace != NULL, 0))
        mr_step(cx, name, mr_num_text(cx, n));
    return n;
}

#endif
