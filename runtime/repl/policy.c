/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a conflict ends: which side wins by the policy, or the value that is made
 * of both. Nothing is decided by chance or by the order of events: where the
 * policy can't tell, a person is asked.
 */
#include "repl/decide.h"

#include "value/date.h"
#include "value/decimal.h"

/* --- who wins --- */

/* What a person said: MERGE_ASKED where nothing. */
static enum merge_how
ruling_for(const struct decide *d, int rule, uint64_t row)
{
    for (size_t i = 0; i < d->in->n_rulings; i++) {
        const struct merge_ruling *r = &d->in->rulings[i];

        if (r->rule == rule && r->row == row)
            return r->side == d->s ? MERGE_WON : MERGE_LOST;
    }
    return MERGE_ASKED;
}

/* Of one cell of a group counts for all. */
static enum merge_how
asked(const struct decide *d, const struct cell *cells, size_t n, int rule,
      uint64_t row)
{
    enum merge_how how = ruling_for(d, rule, row);

    for (size_t i = 0; i < n && how == MERGE_ASKED; i++)
        how = ruling_for(d, cells[i].index, row);
    return how;
}

/* Microseconds since 1970; 0: not known. */
static int64_t
time_in(struct mr_val v, enum mr_type type)
{
    struct mr_moment at;
    struct mr_ymd day;

    if (v.state != MR_HERE)
        return 0;
    if (type == MR_TYPE_DATE && mr_date_read(v.p, v.n, &day))
        return mr_days_of(day) * MR_DAY * INT64_C(1000000);
    if (type != MR_TYPE_DATE &&
        mr_moment_read(v.p, v.n, &at) == MR_WHY_NONE)
        return at.seconds * 1000000 + at.fraction / 10;
    return 0;
}

static int64_t
time_of(const struct decide *d, const struct mr_decider *by, int side)
{
    if (by->by == NULL || by->by_side != side)
        return d->in->changed[side];
    return time_in(cell_field(d->m->frame[1 - side], by->by), by->by->type);
}

static enum merge_how
newest(const struct decide *d, const struct mr_decider *by)
{
    int64_t mine = time_of(d, by, d->s), theirs = time_of(d, by, d->t);

    if (mine == theirs)
        return d->s == MR_LEFT ? MERGE_WON : MERGE_LOST;
    return mine > theirs ? MERGE_WON : MERGE_LOST;
}

static bool
has_value(const struct decide *d, const struct cell *cells, size_t n, int side)
{
    for (size_t i = 0; i < n; i++)
        if ((side == d->s ? cells[i].mine : cells[i].theirs).state == MR_HERE)
            return true;
    /* Of a row's being there there are no cells: it is a value. */
    return n == 0;
}

enum merge_how
policy_winner(struct decide *d, const struct mr_decider *by,
              const struct cell *cells, size_t n, int rule, uint64_t row)
{
    switch ((enum mr_policy)by->policy) {
    case MR_POLICY_OWNER:
        return by->side == d->s ? MERGE_WON : MERGE_LOST;
    case MR_POLICY_OWNER_UNLESS_EMPTY:
        return (by->side == d->s) == has_value(d, cells, n, by->side)
                   ? MERGE_WON : MERGE_LOST;
    case MR_POLICY_NEWEST:
        return newest(d, by);
    case MR_POLICY_KEEP_BOTH:
        return MERGE_KEPT;
    case MR_POLICY_NONE:
    case MR_POLICY_MIN:
    case MR_POLICY_MAX:
    case MR_POLICY_SUM:
    case MR_POLICY_UNION:
    case MR_POLICY_ASK:
        break;
    }
    return asked(d, cells, n, rule, row);
}

/* --- a value of both --- */

bool
policy_joins(const struct mr_decider *by)
{
    return by->policy == MR_POLICY_MIN || by->policy == MR_POLICY_MAX ||
           by->policy == MR_POLICY_SUM || by->policy == MR_POLICY_UNION;
}

static bool
compare(enum mr_type type, struct mr_val a, struct mr_val b, int *order)
{
    struct mr_decimal x, y;
    uint32_t n = a.n < b.n ? a.n : b.n;

    if (type == MR_TYPE_NUMBER) {
        if (mr_decimal_read(a.p, a.n, &x) != MR_WHY_NONE ||
            mr_decimal_read(b.p, b.n, &y) != MR_WHY_NONE)
            return false;
        *order = mr_decimal_compare(x, y);
        return true;
    }
    /* Dates and times in canonical form stand in their order as texts, but for
     * decimals that one of them lacks. */
    if (type == MR_TYPE_DATETIME) {
        int64_t t = time_in(a, type), u = time_in(b, type);

        *order = t < u ? -1 : t > u;
        return true;
    }
    *order = memcmp(a.p, b.p, n);
    if (*order == 0)
        *order = a.n < b.n ? -1 : a.n > b.n;
    return true;
}

static enum merge_how
smaller_or_larger(const struct mr_decider *by, enum mr_type type,
                  struct mr_val mine, struct mr_val theirs)
{
    int order;

    if (mine.state != MR_HERE)
        return MERGE_LOST;
    if (theirs.state != MR_HERE)
        return MERGE_WON;
    if (!compare(type, mine, theirs, &order))
        return MERGE_ASKED;
    return (order < 0) == (by->policy == MR_POLICY_MIN) ? MERGE_WON
                                                        : MERGE_LOST;
}

/* base + (mine - base) + (theirs - base); missing where that is not known or
 * too large. An empty number counts as nothing. */
static struct mr_val
sum(struct decide *d, struct mr_val base, struct mr_val mine,
    struct mr_val theirs)
{
    struct mr_decimal b = { 0, 0, false }, x = b, y = b, v;

    if (base.state == MR_MISSING ||
        (base.state == MR_HERE &&
         mr_decimal_read(base.p, base.n, &b) != MR_WHY_NONE) ||
        (mine.state == MR_HERE &&
         mr_decimal_read(mine.p, mine.n, &x) != MR_WHY_NONE) ||
        (theirs.state == MR_HERE &&
         mr_decimal_read(theirs.p, theirs.n, &y) != MR_WHY_NONE))
        return mr_missing();
    b.negative = b.coefficient != 0 && !b.negative;
    if (mr_decimal_add(x, y, &v) != MR_WHY_NONE ||
        mr_decimal_add(v, b, &v) != MR_WHY_NONE)
        return mr_missing();
    return mr_decimal_text(d->m->cx, mr_decimal_short(v));
}

/* The next member of a set written "a; b;c"; false: none. */
static bool
next_member(const char **at, const char *end, struct mr_val *out)
{
    while (*at < end) {
        const char *p = *at, *stop = memchr(p, ';', (size_t)(end - p));

        if (stop == NULL)
            stop = end;
        *at = stop < end ? stop + 1 : end;
        while (p < stop && *p == ' ')
            p++;
        while (stop > p && stop[-1] == ' ')
            stop--;
        if (stop > p) {
            *out = mr_slice(p, (uint32_t)(stop - p));
            return true;
        }
    }
    return false;
}

static bool
is_member(struct mr_val set, struct mr_val member)
{
    const char *at = set.p, *end = set.p + set.n;
    struct mr_val v;

    if (set.state != MR_HERE)
        return false;
    while (next_member(&at, end, &v))
        if (v.n == member.n && memcmp(v.p, member.p, v.n) == 0)
            return true;
    return false;
}

/* Members of `from` that are not yet in the n bytes of text. One that was agreed
 * on and that `other` no longer has was removed there. */
static uint32_t
add_members(char *text, uint32_t n, struct mr_val from, struct mr_val other,
            struct mr_val base)
{
    const char *at = from.p, *end = from.p + from.n;
    struct mr_val v;

    while (from.state == MR_HERE && next_member(&at, end, &v)) {
        if (is_member(mr_slice(text, n), v) ||
            (is_member(base, v) && !is_member(other, v)))
            continue;
        if (n > 0)
            text[n++] = ';';
        memcpy(text + n, v.p, v.n);
        n += v.n;
    }
    return n;
}

static struct mr_val
join_sets(struct decide *d, struct mr_val base, struct mr_val left,
          struct mr_val right)
{
    char *text = mr_alloc(d->m->cx, (size_t)left.n + right.n + 2);
    uint32_t n;

    if (text == NULL || left.n > UINT32_MAX / 4 || right.n > UINT32_MAX / 4)
        return mr_missing();
    n = add_members(text, 0, left, right, base);
    n = add_members(text, n, right, left, base);
    return mr_slice(text, n);
}

/* Puts a value in the cell's terms where made[T] has it, in T's. */
static void
put_joined(struct decide *d, const struct mr_rule *rule, struct mr_val v)
{
    int terms = cell_terms(rule);
    char *frame = d->m->frame[d->t];
    const struct mr_field *f = &rule->fields[terms][0];
    char *record;
    struct mr_val *slot, was;

    memcpy(&record, frame + f->at, sizeof record);
    slot = f->picked != NULL ? mr_pick_slot(d->m->cx, record, f->picked)
                             : (struct mr_val *)(void *)(record + f->field);
    if (slot == NULL)
        return;
    if (terms == d->t) {
        mr_put(d->m->cx, rule->targets[terms][0], slot, v);
        return;
    }
    /* In S's terms: the rule makes T's value of it, as if S had it. */
    was = *slot;
    *slot = v;
    rule->set[d->t](d->m->cx, frame);
    *slot = was;
}

/* Where what was written is a value of both, its side had changed already. */
static bool
writes(const struct base *sent, const struct cell *c, uint64_t row)
{
    const struct base_cell *of = base_find(sent, c->index, row);

    return of != NULL && !of->joined;
}

/* A write of a sum got no answer, and the side that it went to has neither what
 * was agreed nor what was written: that was added to one of them, and there is
 * no telling to which. */
static bool
is_uncertain(const struct decide *d, const struct cell *c, uint64_t row)
{
    const struct base *sent = d->in->sent, *own = d->in->own;

    if (c->agreed != NULL &&
        c->agreed != base_find(d->w.base, c->index, row))
        return false;
    return (d->in->readable[d->t] && c->they_changed &&
            writes(sent, c, row)) ||
           (c->i_changed && writes(own, c, row) &&
            base_sent(own, c->index, row, d->s, c->mine.hash) == NULL);
}

enum merge_how
policy_join(struct decide *d, const struct mr_decider *by, struct cell *c,
            uint64_t row)
{
    const struct mr_rule *rule = c->rule;
    int terms = cell_terms(rule);
    enum mr_type type = rule->fields[terms][0].type;
    struct mr_val mine = cell_text(&d->w, rule, d->s);
    struct mr_val theirs = cell_text(&d->w, rule, d->t), base, v;

    /* Of a value that can't be said in these terms nothing can be made. */
    if (rule->n_fields[terms] != 1 || mine.state == MR_MISSING ||
        theirs.state == MR_MISSING)
        return asked(d, c, 1, c->index, row);
    if (by->policy == MR_POLICY_MIN || by->policy == MR_POLICY_MAX) {
        enum merge_how how = smaller_or_larger(by, type, mine, theirs);

        return how == MERGE_ASKED ? asked(d, c, 1, c->index, row) : how;
    }
    c->uncertain = by->policy == MR_POLICY_SUM && is_uncertain(d, c, row);
    base = c->uncertain ? mr_missing() : agree_value_of(d, c, row);
    if (by->policy == MR_POLICY_SUM)
        v = sum(d, base, mine, theirs);
    else if (d->s == MR_LEFT)
        v = join_sets(d, base, mine, theirs);
    else
        v = join_sets(d, base, theirs, mine);
    if (v.state == MR_MISSING)
        return asked(d, c, 1, c->index, row);
    c->said = mine;
    put_joined(d, rule, v);
    return MERGE_JOINED;
}
