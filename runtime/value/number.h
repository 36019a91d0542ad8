/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers between operations as decimals, for those who calculate with them. */
#ifndef VALUE_NUMBER_H
#define VALUE_NUMBER_H

#include "mr/num.h"
#include "value/decimal.h"
#include "value/text.h"

/* Reads canonical text of up to 19 digits and points. false: not one. */
static inline bool
mr_num_read_short(struct mr_val v, struct mr_num *out)
{
    bool negative = v.n > 0 && v.p[0] == '-';
    const char *p = v.p + negative, *end = v.p + v.n;
    uint64_t sum;

    if (p == end || end - p > 19 || !mr_is_digit(*p))
        return false;
    sum = (uint64_t)(*p++ - '0');
    if (sum == 0 && p < end && *p != '.')
        return false;
    while (p < end && mr_is_digit(*p))
        sum = sum * 10 + (uint64_t)(*p++ - '0');
    out->scale = 0;
    if (p < end) {
        if (*p++ != '.' || p == end)
            return false;
        out->scale = (uint8_t)(end - p);
        while (p < end && mr_is_digit(*p))
            sum = sum * 10 + (uint64_t)(*p++ - '0');
        if (p < end)
            return false;
    }
    if (negative && sum == 0)
        return false;
    out->digits = sum;
    out->high = 0;
    out->p = v.p;
    out->n = v.n;
    out->state = MR_HERE;
    out->why = MR_WHY_NONE;
    out->negative = negative;
    out->canonical = true;
    out->quick = true;
    return true;
}

static inline struct mr_decimal
mr_num_decimal(const struct mr_num *n)
{
    struct mr_decimal d = { n->digits, n->scale, n->negative };

    d.coefficient |= (unsigned __int128)n->high << 64;
    return d;
}

/* What an operation made. */
static inline struct mr_num
mr_num_made(struct mr_decimal d)
{
    uint64_t high = (uint64_t)(d.coefficient >> 64);
    struct mr_num n = { .digits = (uint64_t)d.coefficient, .high = high,
                        .state = MR_HERE, .scale = (uint8_t)d.scale,
                        .negative = d.negative, .canonical = true,
                        .quick = high == 0 };

    return n;
}

static inline struct mr_num
mr_num_failed(struct mr_cx *cx, struct mr_num operand, enum mr_why why)
{
    return mr_num_of(mr_failed(mr_num_text(cx, operand), why));
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
