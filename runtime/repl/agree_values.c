/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hashes can't stand for in the agreed state, sealed: what both had of a
 * `sum` or `union`, and the keys of rows on a side that can't be read.
 */
#include "repl/decide.h"

void
agree_unkeep(struct decide *d, int rule, uint64_t row, enum base_what what)
{
    const struct base_kept *old = base_kept_find(d->w.base, rule, row, what);
    size_t i = old == NULL ? 0 : (size_t)(old - d->w.base->kept);

    if (old != NULL)
        d->kept_touched[i / 8] |= (unsigned char)(1 << i % 8);
}

void
agree_keep(struct decide *d, int rule, uint64_t row, enum base_what what,
           const void *p, size_t n, bool sent)
{
    struct mr_cx *cx = d->m->cx;
    struct base_kept *k = grow_add(cx, &d->kept, sizeof *k);
    unsigned char *sealed = mr_alloc(cx, seal_size(n));

    if (k == NULL || sealed == NULL)
        return;
    agree_unkeep(d, rule, row, what);
    seal_close(d->m->keys, p, n, sealed);
    k->row = row;
    k->rule = (uint16_t)rule;
    k->what = (uint8_t)what;
    k->sealed.p = sealed;
    k->sealed.n = seal_size(n);
    if (sent) {
        struct base_kept *s = grow_add(cx, &d->kept_sent, sizeof *s);

        if (s != NULL)
            *s = *k;
    }
}

static const char *
open_kept(struct decide *d, const struct base_kept *k, size_t *n)
{
    return base_kept_open(d->m->cx, d->m->keys, k, n);
}

static void
keep_value(struct decide *d, const struct cell *c, uint64_t row,
           struct mr_val v, bool sent)
{
    char *p = mr_alloc(d->m->cx, v.n + (size_t)1);

    if (p == NULL || v.state == MR_MISSING)
        return;
    p[0] = (char)v.state;
    memcpy(p + 1, v.p, v.n);
    agree_keep(d, c->index, row, BASE_VALUE, p, v.n + (size_t)1, sent);
}

void
agree_value(struct decide *d, const struct cell *c, uint64_t row)
{
    keep_value(d, c, row, c->said.state != MR_MISSING
                              ? c->said : cell_text(&d->w, c->rule, d->s),
               true);
}

void
agree_forget_value(struct decide *d, const struct cell *c, uint64_t row)
{
    agree_unkeep(d, c->index, row, BASE_VALUE);
}

void
agree_sent_value(struct decide *d, const struct cell *c, uint64_t row)
{
    agree_forget_value(d, c, row);
    keep_value(d, c, row, agree_value_of(d, c, row), false);
}

/* Of a write to S itself? */
static bool
is_crossing(const struct decide *d, const struct base_cell *c)
{
    const struct base *b = d->crossing;

    return b != NULL && c >= b->cells && c < b->cells + b->n;
}

/* Does the side say what it said when that was written? */
static bool
says_it_still(const struct decide *d, const struct cell *c, int side)
{
    const struct opinion *o = side == d->s ? &c->mine : &c->theirs;

    return o->state != MR_MISSING && o->hash == c->agreed->hash[side];
}

/* Of several writes of which nobody heard only the newest one's value is kept.
 * That of an older one, to side `to`, is known where it was taken from, or where
 * it went to, unless it was joined there with another one. */
static struct mr_val
older_value(struct decide *d, const struct cell *c, int to)
{
    if (says_it_still(d, c, 1 - to))
        return cell_text(&d->w, c->rule, 1 - to);
    return !c->agreed->joined && says_it_still(d, c, to)
               ? cell_text(&d->w, c->rule, to) : mr_missing();
}

struct mr_val
agree_value_of(struct decide *d, const struct cell *c, uint64_t row)
{
    const struct base *b = d->w.base;
    const struct base_kept *k;
    size_t n = 0;
    const char *p;

    if (c->agreed != NULL && c->agreed != base_find(b, c->index, row)) {
        bool crossed = is_crossing(d, c->agreed);

        if (c->agreed->more > 0)
            return older_value(d, c, crossed ? d->s : d->t);
        b = crossed ? d->crossing : d->w.sent;
    }
    k = base_kept_find(b, c->index, row, BASE_VALUE);
    p = open_kept(d, k, &n);
    if (p == NULL || n == 0)
        return mr_missing();
    return p[0] == MR_HERE ? mr_slice(p + 1, (uint32_t)(n - 1)) : mr_empty();
}

/* The fields of a row's key on a side, as far as its list has some there. */
static uint32_t
key_field(const struct decide *d, uint32_t level, int side, uint32_t i,
          uint32_t k, const struct mr_field **out)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    const struct mr_rule *rule = &d->w.repl->rules[lv->rules + i];

    *out = k < rule->n_fields[side] ? &rule->fields[side][k] : NULL;
    return *out != NULL;
}

/* For the side that can't be read: a row that goes has to be named there when
 * no record has it any more. */
void
agree_key(struct decide *d, uint32_t level, uint64_t row)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    int rule = (int)(BASE_ROW + level), side = d->in->readable[d->t] ? d->s
                                                                     : d->t;
    const char *frame = d->m->frame[d->t];
    const struct mr_field *f;
    size_t n = 0;
    char *p;

    if (d->in->readable[side] ||
        base_kept_find(d->w.base, rule, row, BASE_VALUE) != NULL)
        return;
    for (uint32_t i = 0; i < lv->n_match; i++)
        for (uint32_t k = 0; key_field(d, level, side, i, k, &f); k++)
            n += 4 + cell_field(frame, f).n;
    p = mr_alloc(d->m->cx, n + 1);
    if (p == NULL)
        return;
    n = 0;
    p[n++] = (char)side;
    for (uint32_t i = 0; i < lv->n_match; i++)
        for (uint32_t k = 0; key_field(d, level, side, i, k, &f); k++) {
            struct mr_val v = cell_field(frame, f);

            memcpy(p + n, &v.n, 4);
            memcpy(p + n + 4, v.p, v.n);
            n += 4 + v.n;
        }
    agree_keep(d, rule, row, BASE_VALUE, p, n, true);
}

void
agree_sent_key(struct decide *d, uint32_t level, uint64_t row)
{
    int rule = (int)(BASE_ROW + level);
    const struct base_kept *k = base_kept_find(d->crossing, rule, row,
                                               BASE_VALUE);
    struct base_kept *kept;

    if (k == NULL ||
        base_kept_find(d->w.base, rule, row, BASE_VALUE) != NULL)
        return;
    kept = grow_add(d->m->cx, &d->kept, sizeof *kept);
    if (kept != NULL)
        *kept = *k;
}

bool
agree_key_of(struct decide *d, uint32_t level, uint64_t row, void *to)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    int rule = (int)(BASE_ROW + level);
    const struct base_kept *k = base_kept_find(d->w.base, rule, row,
                                               BASE_VALUE);
    const struct mr_field *f;
    size_t n = 0, at = 1;
    const char *p;

    if (k == NULL)
        k = base_kept_find(d->w.sent, rule, row, BASE_VALUE);
    p = open_kept(d, k, &n);

    if (p == NULL || n == 0 || p[0] != d->t)
        return false;
    for (uint32_t i = 0; i < lv->n_match; i++)
        for (uint32_t j = 0; key_field(d, level, d->t, i, j, &f); j++) {
            uint32_t size;

            if (n - at < 4)
                return false;
            memcpy(&size, p + at, 4);
            at += 4;
            if (size > n - at)
                return false;
            if (f->picked == NULL)
                *(struct mr_val *)(void *)((char *)to + f->field) =
                    mr_slice(p + at, size);
            at += size;
        }
    return true;
}
