/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a rule: does the target hold the value, and what becomes of one
 * that it does not hold. Targets of generated code are right by construction;
 * the values are anyone's.
 */
#include "mr/rule.h"

#include "value/date.h"
#include "value/number.h"
#include "value/text.h"

static enum mr_why
check_values(const char *const *values, struct mr_val v)
{
    for (; *values != NULL; values++)
        if (strlen(*values) == v.n && memcmp(*values, v.p, v.n) == 0)
            return MR_WHY_NONE;
    return MR_WHY_NOT_IN_SET;
}

static enum mr_why
check_text(const struct mr_target *t, struct mr_val v)
{
    if (t->max_chars != 0 && mr_chars_over(v.p, v.n, t->max_chars))
        return MR_WHY_TOO_LONG;
    if (t->max_bytes != 0 && v.n > t->max_bytes)
        return MR_WHY_TOO_LONG;
    return t->values == NULL ? MR_WHY_NONE : check_values(t->values, v);
}

/* A checked number against a bound: its whole part, cut to 19 digits, decides;
 * decimals push it away from zero. */
static bool
in_range(const struct mr_target *t, struct mr_val v)
{
    bool negative = v.p[0] == '-';
    const char *p = v.p + negative, *end = v.p + v.n;
    uint64_t whole = 0, bound = negative ? -(uint64_t)t->low
                                         : (uint64_t)t->high;
    bool more = false;

    if (negative ? t->low > 0 : t->high < 0)
        return false;
    for (; p < end && *p != '.'; p++) {
        if (whole > (UINT64_MAX - 9) / 10)
            return false;
        whole = whole * 10 + (uint64_t)(*p - '0');
    }
    for (; p < end; p++)
        more = more || (*p != '.' && *p != '0');
    if (whole > bound || (whole == bound && more))
        return negative && whole == 0 && !more;
    if (negative)
        return t->high >= 0 || whole > -(uint64_t)t->high ||
               (whole == -(uint64_t)t->high);
    return t->low <= 0 || whole >= (uint64_t)t->low;
}

/* Zeros at the end that the target has no room for are dropped. */
static enum mr_why
check_number(const struct mr_target *t, struct mr_val *v)
{
    struct mr_number_size size;
    uint32_t room, kept;

    if (!mr_number_check(v->p, v->n, &size))
        return MR_WHY_NOT_A_NUMBER;
    if (t->has_range && !in_range(t, *v))
        return MR_WHY_OUT_OF_RANGE;
    if (t->any_scale) {
        if (t->digits != 0 && size.whole + size.decimals > t->digits)
            return MR_WHY_TOO_LARGE;
        return MR_WHY_NONE;
    }
    if (size.decimals > t->scale)
        return MR_WHY_TOO_PRECISE;
    room = t->digits > t->scale ? (uint32_t)(t->digits - t->scale) : 0;
    if (t->digits != 0 && size.whole > room)
        return MR_WHY_TOO_LARGE;
    kept = size.end + (uint32_t)t->scale - size.decimals;
    if (size.decimals == 0 && t->scale > 0)
        kept++;
    if (v->n > kept)
        v->n = kept;
    return MR_WHY_NONE;
}

static bool
is_time(struct mr_val v)
{
    char clock[16];
    uint32_t seconds, fraction;

    return mr_clock_read(v.p, v.n, &seconds, &fraction) == v.n &&
           mr_clock_put(clock, seconds, fraction) == v.n &&
           memcmp(clock, v.p, v.n) == 0;
}

/* Has a date with time, checked before, decimals that are not zero behind the
 * third? */
static bool
finer_than_ms(struct mr_val v)
{
    const char *point = memchr(v.p, '.', v.n), *end = v.p + v.n;

    if (point == NULL || end - point < 5)
        return false;
    for (const char *p = point + 4; p < end && *p >= '0' && *p <= '9'; p++)
        if (*p != '0')
            return true;
    return false;
}

static bool
is_datetime(struct mr_val v)
{
    struct mr_ymd d;
    struct mr_val clock = v;

    if (v.n < 19 || !mr_date_read(v.p, 10, &d) || v.p[10] != 'T')
        return false;
    clock.p += 11;
    clock.n -= 11;
    if (clock.p[clock.n - 1] == 'Z')
        clock.n--;
    return is_time(clock);
}

static bool
is_guid(struct mr_val v)
{
    if (v.n != 36)
        return false;
    for (uint32_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? v.p[i] != '-'
                 : !mr_is_digit(v.p[i]) && !(v.p[i] >= 'a' && v.p[i] <= 'f'))
            return false;
    }
    return true;
}

static bool
is_base64(struct mr_val v)
{
    uint32_t n = v.n;

    while (n > 0 && v.n - n < 2 && v.p[n - 1] == '=')
        n--;
    for (uint32_t i = 0; i < n; i++) {
        char c = v.p[i];

        if (!mr_is_digit(c) && !((c | 32) >= 'a' && (c | 32) <= 'z') &&
            c != '+' && c != '/')
            return false;
    }
    return v.n % 4 == 0;
}

/* Why the target does not hold the value; may drop what does not count. */
static enum mr_why
check_value(const struct mr_target *t, struct mr_val *v)
{
    struct mr_ymd day;

    switch (t->type) {
    case MR_TYPE_TEXT:
        return check_text(t, *v);
    case MR_TYPE_BOOL:
        return (v->n == 4 && memcmp(v->p, "true", 4) == 0) ||
               (v->n == 5 && memcmp(v->p, "false", 5) == 0)
               ? MR_WHY_NONE : MR_WHY_NOT_BOOL;
    case MR_TYPE_NUMBER:
        return check_number(t, v);
    case MR_TYPE_DATE:
        return mr_date_read(v->p, v->n, &day) ? MR_WHY_NONE
                                              : MR_WHY_NOT_A_DATE;
    case MR_TYPE_TIME:
        return is_time(*v) ? MR_WHY_NONE : MR_WHY_NOT_A_TIME;
    case MR_TYPE_DATETIME:
        if (!is_datetime(*v))
            return MR_WHY_NOT_A_DATETIME;
        return t->milliseconds && finer_than_ms(*v) ? MR_WHY_TOO_PRECISE
                                                    : MR_WHY_NONE;
    case MR_TYPE_GUID:
        return is_guid(*v) ? MR_WHY_NONE : MR_WHY_NOT_A_GUID;
    case MR_TYPE_BINARY:
        return is_base64(*v) ? MR_WHY_NONE : MR_WHY_NOT_BASE64;
    }
    return MR_WHY_NONE;
}

static void
record(struct mr_cx *cx, const struct mr_target *t, struct mr_val v)
{
    struct mr_verdict *verdict = &cx->verdict;

    if (verdict->n < MR_FINDINGS_MAX) {
        verdict->findings[verdict->n].target = t;
        verdict->findings[verdict->n].value = v;
    }
    verdict->n++;
}

static void
show(struct mr_cx *cx, const struct mr_target *t, struct mr_val v)
{
    if (cx->trace != NULL)
        cx->trace->put(cx->trace->arg, t, v);
}

/* A failed value to what is stored instead. */
static struct mr_val
meet_fate(struct mr_cx *cx, const struct mr_target *t, struct mr_val v)
{
    show(cx, t, v);
    switch (t->fate) {
    case MR_FATE_VALUE:
        return mr_text(t->fallback);
    case MR_FATE_KEEP:
        break;
    case MR_FATE_PARK:
        cx->verdict.parked = true;
        record(cx, t, v);
        break;
    case MR_FATE_REJECT:
        cx->verdict.rejected = true;
        record(cx, t, v);
        break;
    }
    return mr_missing();
}

/* What the target gets: missing for nothing at all. */
static struct mr_val
decide(struct mr_cx *cx, const struct mr_target *t, struct mr_val v)
{
    enum mr_why why = MR_WHY_NONE;

    if (v.state == MR_HERE)
        why = check_value(t, &v);
    else if ((t->required && v.state != MR_FAILED) ||
             (t->never_empty && v.state == MR_EMPTY))
        why = MR_WHY_REQUIRED;
    if (why != MR_WHY_NONE)
        v = mr_failed(v, why);
    if (v.state == MR_FAILED) {
        v = meet_fate(cx, t, v);
        if (t->fate != MR_FATE_VALUE)
            return v;
    }
    show(cx, t, v);
    return v;
}

void
mr_put_slow(struct mr_cx *cx, const struct mr_target *t, struct mr_val *slot,
            struct mr_val v)
{
    *slot = decide(cx, t, v);
}

/* Does the target hold this quick number surely, with all of its digits? What
 * is not sure is looked at in the number's text. */
static bool
surely_fits(const struct mr_target *t, struct mr_num n)
{
    uint32_t room = t->digits;

    if (t->type != MR_TYPE_NUMBER || t->has_range)
        return false;
    if (!t->any_scale) {
        if (n.scale > t->scale)
            return false;
        room = room > t->scale ? room - t->scale + n.scale : n.scale;
    } else if (n.scale > room) {
        return t->digits == 0;
    }
    return t->digits == 0 || room > 19 || n.u.digits < mr_tens[room];
}

void
mr_put_num(struct mr_cx *cx, const struct mr_target *t, struct mr_val *slot,
           struct mr_num n)
{
    struct mr_val v = mr_num_text(cx, n);

    if (n.form == MR_NUM_QUICK && cx->trace == NULL && surely_fits(t, n) &&
        v.state == MR_HERE)
        *slot = v;
    else
        mr_put_slow(cx, t, slot, v);
}

void
mr_put_picked(struct mr_cx *cx, const struct mr_target *t, void *outer,
              const struct mr_picked *p, struct mr_val v)
{
    struct mr_val *slot;

    v = decide(cx, t, v);
    if (v.state == MR_MISSING ||
        (v.state == MR_EMPTY && mr_pick(outer, p).state == MR_MISSING))
        return;
    slot = mr_pick_slot(cx, outer, p);
    if (slot != NULL)
        *slot = v;
}

bool
mr_holds(struct mr_cx *cx, const struct mr_target *t, struct mr_val cond)
{
    if (cond.state == MR_FAILED) {
        meet_fate(cx, t, cond);
        return false;
    }
    return mr_is_true(cond);
}
