/* SPDX-License-Identifier: Apache-2.0 */
/* Values as numbers between operations, and back. */
#include "value/number.h"

struct mr_num
mr_num_of(struct mr_val v)
{
    struct mr_num n;

    return v.state == MR_HERE && mr_num_read_quick(v, &n) ? n
                                                          : mr_num_value(v);
}

enum mr_why
mr_num_decimal(struct mr_num n, struct mr_decimal *out)
{
    if (n.form == MR_NUM_VALUE)
        return mr_decimal_read(n.u.p, n.n, out);
    if (n.form == MR_NUM_WIDE)
        *out = *n.u.wide;
    else
        *out = (struct mr_decimal){ n.u.digits, n.scale, n.negative };
    return MR_WHY_NONE;
}

struct mr_num
mr_num_made(struct mr_cx *cx, struct mr_decimal d)
{
    struct mr_num n = { .state = MR_HERE, .form = MR_NUM_WIDE };
    struct mr_decimal *wide;

    if (d.coefficient <= UINT64_MAX)
        return mr_num_quick((uint64_t)d.coefficient, d.scale, d.negative);
    wide = mr_alloc(cx, sizeof *wide);
    if (wide == NULL)
        return mr_num_value(mr_failed(mr_empty(), MR_WHY_OUT_OF_MEMORY));
    *wide = d;
    n.u.wide = wide;
    return n;
}

struct mr_val
mr_num_text(struct mr_cx *cx, struct mr_num n)
{
    struct mr_val v = { n.u.p, n.n, n.state, n.why, 0 };
    struct mr_decimal d;

    if (n.form == MR_NUM_VALUE)
        return v;
    if (n.form == MR_NUM_QUICK && n.scale <= 19)
        return mr_decimal_text_short(cx, n.u.digits, n.scale, n.negative);
    mr_num_decimal(n, &d);
    return mr_decimal_text(cx, d);
}
