/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as other systems write them, and their decimals. */
#include "mr/conv.h"

#include "value/number.h"
#include "value/text.h"
#include "value/wire.h"

static struct mr_val
fail(struct mr_cx *cx, const char *name, struct mr_val v, enum mr_why why)
{
    return mr_step(cx, name, mr_failed(v, why));
}

/* --- text --- */

static char
mark_of(const char *form)
{
    return form != NULL && strchr(form, ',') != NULL ? ',' : '.';
}

static bool
minus_behind(const char *form)
{
    return form != NULL && form[0] != '\0' && form[strlen(form) - 1] == '-';
}

static struct mr_val
to_text(struct mr_cx *cx, const char *name, struct mr_val v, const char *form)
{
    bool negative;
    struct mr_number_size size;
    const char *p;
    char *out, *point;

    if (!mr_is_here(v))
        return v;
    if (!mr_number_check(v.p, v.n, &size))
        return fail(cx, name, v, MR_WHY_NOT_A_NUMBER);
    negative = v.p[0] == '-';
    if (mark_of(form) == '.' && !(negative && minus_behind(form)))
        return mr_step(cx, name, v);
    out = mr_alloc(cx, v.n);
    if (out == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    memcpy(out, v.p, v.n);
    if (negative && minus_behind(form)) {
        memcpy(out, v.p + 1, v.n - 1);
        out[v.n - 1] = '-';
    }
    p = memchr(out, '.', v.n);
    if (p != NULL) {
        point = out + (p - out);
        *point = mark_of(form);
    }
    return mr_step(cx, name, mr_slice(out, v.n));
}

struct mr_val
mr_num_write(struct mr_cx *cx, struct mr_num n, const char *form)
{
    struct mr_val v = mr_num_text(cx, n);

    if (n.form != MR_NUM_VALUE && v.state == MR_HERE && form == NULL)
        return mr_step(cx, "number_text", v);
    return to_text(cx, "number_text", v, form);
}

/* A minus from behind to the front, the mark to a point. */
static struct mr_val
plain(struct mr_cx *cx, struct mr_val v, char mark)
{
    bool behind = v.p[v.n - 1] == '-' && v.n > 1;
    char *p;

    if (!behind && mark == '.')
        return v;
    if (mark != '.' && memchr(v.p, '.', v.n) != NULL)
        return mr_failed(v, MR_WHY_NOT_A_NUMBER);
    p = mr_alloc(cx, v.n);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    if (behind) {
        p[0] = '-';
        memcpy(p + 1, v.p, v.n - 1);
    } else {
        memcpy(p, v.p, v.n);
    }
    for (uint32_t i = 0; i < v.n; i++)
        if (p[i] == mark)
            p[i] = '.';
    return mr_slice(p, v.n);
}

static struct mr_val
from_text(struct mr_cx *cx, const char *name, struct mr_val v, const char *form)
{
    struct mr_number_size size;
    struct mr_val t, number;

    if (!mr_is_here(v))
        return v;
    /* As it should be already: nothing below would change it. */
    if (v.n <= MR_NUMBER_MAX && mark_of(form) == '.' &&
        mr_number_check(v.p, v.n, &size))
        return mr_step(cx, name, v);
    t = mr_without_blanks(v);
    if (!mr_is_here(t))
        return mr_step(cx, name, t);
    t = plain(cx, t, mark_of(form));
    number = mr_wire_in(cx, MR_WIRE_NUMBER, t);
    if (number.state == MR_FAILED)
        number = mr_failed(v, number.why);
    return mr_step(cx, name, number);
}

struct mr_val
mr_number_text_right(struct mr_cx *cx, struct mr_val v, const char *form)
{
    return to_text(cx, "number_text", v, form);
}

struct mr_val
mr_number_text_left(struct mr_cx *cx, struct mr_val v, const char *form)
{
    return from_text(cx, "number_text", v, form);
}

struct mr_val
mr_number_right(struct mr_cx *cx, struct mr_val v, const char *form)
{
    return from_text(cx, "number", v, form);
}

struct mr_num
mr_num_read(struct mr_cx *cx, struct mr_val v, const char *form)
{
    struct mr_num n;

    if (v.state == MR_HERE && mark_of(form) == '.' && mr_num_read_quick(v, &n))
        return mr_num_step(cx, "number", n);
    return mr_num_value(mr_number_right(cx, v, form));
}

struct mr_val
mr_number_left(struct mr_cx *cx, struct mr_val v, const char *form)
{
    return to_text(cx, "number", v, form);
}

/* --- decimals --- */

static struct mr_num
scaled(struct mr_cx *cx, const char *name, struct mr_num v, uint32_t n)
{
    struct mr_decimal d;
    enum mr_why why;

    if (v.state != MR_HERE)
        return v;
    why = mr_num_decimal(v, &d);
    if (why == MR_WHY_NONE && d.scale == n)
        return mr_num_step(cx, name, v);
    if (why == MR_WHY_NONE)
        why = mr_decimal_scale(&d, n);
    v = why == MR_WHY_NONE ? mr_num_made(cx, d) : mr_num_failed(cx, v, why);
    return mr_num_step(cx, name, v);
}

struct mr_num
mr_num_scale(struct mr_cx *cx, struct mr_num v, uint32_t n)
{
    return scaled(cx, "scale", v, n);
}

struct mr_num
mr_num_quantity(struct mr_cx *cx, struct mr_num v, uint32_t n)
{
    return scaled(cx, "quantity", v, n);
}

struct mr_val
mr_scale(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    return mr_num_text(cx, mr_num_scale(cx, mr_num_of(v), n));
}

struct mr_val
mr_quantity(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    return mr_num_text(cx, mr_num_quantity(cx, mr_num_of(v), n));
}

/* A quick number of which at most 19 digits go. */
static struct mr_num
round_quick(struct mr_num v, uint32_t n)
{
    uint64_t unit, digits, rest;

    if (v.scale <= n)
        return v;
    unit = mr_tens[v.scale - n];
    digits = v.u.digits / unit;
    rest = v.u.digits - digits * unit;
    return mr_num_quick(digits + (rest >= unit - rest), n, v.negative);
}

struct mr_num
mr_num_round(struct mr_cx *cx, struct mr_num v, uint32_t n)
{
    struct mr_decimal d;
    enum mr_why why;

    if (v.state != MR_HERE)
        return v;
    if (v.form == MR_NUM_QUICK && v.scale <= n + 19)
        return mr_num_step(cx, "round", round_quick(v, n));
    why = mr_num_decimal(v, &d);
    if (why != MR_WHY_NONE)
        v = mr_num_failed(cx, v, why);
    else if (d.scale > n)
        v = mr_num_made(cx, mr_decimal_round(d, n));
    return mr_num_step(cx, "round", v);
}

struct mr_val
mr_round(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    return mr_num_text(cx, mr_num_round(cx, mr_num_of(v), n));
}

struct mr_val
mr_implied_right(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    struct mr_decimal d;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    why = mr_decimal_read(v.p, v.n, &d);
    if (why == MR_WHY_NONE)
        why = mr_decimal_scale(&d, n);
    if (why == MR_WHY_NONE && d.negative)
        why = MR_WHY_OUT_OF_RANGE;
    if (why != MR_WHY_NONE)
        return fail(cx, "implied", v, why);
    d.scale = 0;
    return mr_step(cx, "implied", mr_decimal_text(cx, d));
}

struct mr_val
mr_implied_left(struct mr_cx *cx, struct mr_val v, uint32_t n)
{
    struct mr_decimal d;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    if (!mr_all_digits(v.p, v.n))
        return fail(cx, "implied", v, MR_WHY_NOT_DIGITS);
    why = n > MR_DECIMAL_DIGITS ? MR_WHY_OUT_OF_RANGE
                                : mr_decimal_read(v.p, v.n, &d);
    if (why != MR_WHY_NONE)
        return fail(cx, "implied", v, why);
    d.scale = (uint16_t)n;
    return mr_step(cx, "implied", mr_decimal_text(cx, d));
}

struct mr_val
mr_abs(struct mr_cx *cx, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    if (v.n > 1 && v.p[0] == '-')
        v = mr_slice(v.p + 1, v.n - 1);
    return mr_step(cx, "abs", v);
}

/* wanted: -1 for the smaller one, 1 for the larger one. */
static struct mr_val
choose(struct mr_cx *cx, const char *name, struct mr_val a, struct mr_val b,
       int wanted)
{
    struct mr_decimal x, y;
    enum mr_why why;

    if (a.state == MR_FAILED || b.state == MR_FAILED)
        return a.state == MR_FAILED ? a : b;
    if (!mr_is_here(b) && (mr_is_here(a) || a.state == MR_EMPTY))
        return mr_step(cx, name, a);
    if (!mr_is_here(a))
        return mr_step(cx, name, b);
    why = mr_decimal_read(a.p, a.n, &x);
    if (why != MR_WHY_NONE)
        return fail(cx, name, a, why);
    why = mr_decimal_read(b.p, b.n, &y);
    if (why != MR_WHY_NONE)
        return fail(cx, name, b, why);
    return mr_step(cx, name, mr_decimal_compare(y, x) == wanted ? b : a);
}

struct mr_val
mr_least(struct mr_cx *cx, struct mr_val v, struct mr_val b)
{
    return choose(cx, "least", v, b, -1);
}

struct mr_val
mr_greatest(struct mr_cx *cx, struct mr_val v, struct mr_val b)
{
    return choose(cx, "greatest", v, b, 1);
}
