/* SPDX-License-Identifier: Apache-2.0 */
/* Values as numbers between operations, and back. */
#include "value/number.h"

struct mr_num
mr_num_of(struct mr_val v)
{
    struct mr_num n;
    struct mr_decimal d = { 0, 0, false };

    if (v.state == MR_HERE && mr_num_read_short(v, &n))
        return n;
    n = (struct mr_num){ .p = v.p, .n = v.n, .state = v.state, .why = v.why };
    if (v.state != MR_HERE)
        return n;
    n.why = (uint8_t)mr_decimal_read(v.p, v.n, &d);
    n.digits = (uint64_t)d.coefficient;
    n.high = (uint64_t)(d.coefficient >> 64);
    n.scale = (uint8_t)d.scale;
    n.negative = d.negative;
    n.quick = n.why == MR_WHY_NONE && n.high == 0;
    return n;
}

struct mr_val
mr_num_text(struct mr_cx *cx, struct mr_num n)
{
    struct mr_val v = { n.p, n.n, n.state, n.why, 0 };

    if (n.state != MR_HERE)
        return v;
    v.why = MR_WHY_NONE;
    return n.p != NULL ? v : mr_decimal_text(cx, mr_num_decimal(&n));
}
