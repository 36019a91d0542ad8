/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `remember`: what of a side's value the other side can't hold is kept with the
 * agreed state, so that it is not lost where the value is written once more: a
 * group that the other side wins, a row that comes back. It counts as long as
 * the other side shows what it showed when both agreed.
 *
 * Kept, sealed: the hash of the side's value; that of the other side's opinion;
 * then of each field what is not in the value that comes back by itself.
 */
#include "repl/decide.h"
#include "repl/part.h"

enum { HASHES = 16 };

static enum base_what
part_of(int side)
{
    return side == MR_LEFT ? BASE_LEFT_PART : BASE_RIGHT_PART;
}

/* --- a side's values --- */

static size_t
value_bytes(const struct cell_values *values, uint32_t n)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < n; i++)
        bytes += values->v[i].state == MR_HERE ? values->v[i].n : 0;
    return bytes;
}

/* 0: memory ran out. */
static uint64_t
hash_values(struct merge *m, const struct cell_values *values, uint32_t n)
{
    char *p = mr_alloc(m->cx, value_bytes(values, n) + n * (size_t)4 + 1);
    size_t at = 0;

    if (p == NULL)
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t size = values->v[i].state == MR_HERE ? values->v[i].n : 0;

        memcpy(p + at, &size, sizeof size);
        at += sizeof size;
        if (size > 0)
            memcpy(p + at, values->v[i].p, size);
        at += size;
    }
    return seal_hash(m->keys, p, at);
}

static bool
same_values(const struct cell_values *a, const struct cell_values *b,
            uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!part_same(a->v[i], b->v[i]))
            return false;
    return true;
}

static void
keep(struct decide *d, const struct cell *c, uint64_t row, int side,
     uint64_t other, const struct cell_values *v,
     const struct cell_values *comes)
{
    uint32_t n_fields = c->rule->n_fields[side];
    uint64_t hash = hash_values(d->m, v, n_fields);
    size_t n = HASHES;
    char *p;

    agree_unkeep(d, c->index, row, part_of(side));
    if (same_values(v, comes, n_fields) || other == BASE_UNKNOWN ||
        other == BASE_STALE)
        return;
    p = mr_alloc(d->m->cx, HASHES + value_bytes(v, n_fields) +
                           n_fields * (size_t)PART_MAX);
    if (p == NULL)
        return;
    memcpy(p, &hash, sizeof hash);
    memcpy(p + sizeof hash, &other, sizeof other);
    for (uint32_t i = 0; i < n_fields; i++)
        n += part_put(p + n, v->v[i], comes->v[i]);
    agree_keep(d, c->index, row, part_of(side), p, n, c->written);
}

bool
remember_text(struct mr_cx *cx, const struct store_keys *keys,
              const struct base_kept *k, struct mr_val *out)
{
    const char *p, *end;
    char *text;
    size_t n = 0, at = 0;

    p = base_kept_open(cx, keys, k, &n);
    /* A part takes a byte or more, what stands between two of them three. */
    text = p == NULL || n < HASHES ? NULL : mr_alloc(cx, 4 * n);
    if (text == NULL)
        return false;
    end = p + n;
    p += HASHES;
    for (bool first = true; p < end; first = false) {
        uint32_t around[2];
        struct mr_val bytes;
        enum part kind;

        if (!first) {
            memcpy(text + at, " | ", 3);
            at += 3;
        }
        if (!part_get(&p, end, &kind, around, &bytes))
            return false;
        if (bytes.n > 0)
            memcpy(text + at, bytes.p, bytes.n);
        at += bytes.n;
    }
    text[at] = '\0';
    *out = mr_slice(text, (uint32_t)at);
    return true;
}

/* --- using it --- */

static bool
recall(struct decide *d, const struct base *b, const struct cell *c,
       uint64_t row, const struct cell_values *comes, struct cell_values *out)
{
    const struct base_kept *k = base_kept_find(b, c->index, row,
                                               part_of(d->t));
    uint32_t n_fields = c->rule->n_fields[d->t];
    uint64_t hash, other;
    const char *p, *end;
    size_t n = 0;

    p = base_kept_open(d->m->cx, d->m->keys, k, &n);
    if (p == NULL || n < HASHES)
        return false;
    memcpy(&hash, p, sizeof hash);
    memcpy(&other, p + sizeof hash, sizeof other);
    if (other != c->mine.hash)
        return false;
    end = p + n;
    p += HASHES;
    for (uint32_t i = 0; i < n_fields; i++)
        if (!part_value(d->m->cx, &p, end, comes->v[i], &out->v[i]))
            return false;
    return hash_values(d->m, out, n_fields) == hash;
}

void
remember_use(struct decide *d, struct cell *c, uint64_t row)
{
    char *frame = d->m->frame[d->t];
    struct cell_values *plain, was;

    if (c->mine.state == MR_MISSING || !c->rule->runs[d->s])
        return;
    plain = mr_alloc(d->m->cx, sizeof *plain);
    if (plain == NULL || !cell_values(d->m, c->rule, d->t, frame, plain))
        return;
    if (!recall(d, d->w.base, c, row, plain, &was) &&
        !recall(d, d->w.sent, c, row, plain, &was) &&
        !recall(d, d->crossing, c, row, plain, &was))
        return;
    c->plain = plain;
    cell_put(d->m, c->rule, d->t, frame, &was);
}

/* --- agreeing --- */

void
remember_sent(struct decide *d, const struct cell *c, uint64_t row, int side)
{
    const struct base *from[] = { d->crossing, d->w.sent };

    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        const struct base *b = from[i];
        const struct base_kept *k;
        struct base_kept *kept;

        if (b == NULL || c->agreed == NULL ||
            c->agreed != base_find(b, c->index, row))
            continue;
        agree_unkeep(d, c->index, row, part_of(side));
        k = base_kept_find(b, c->index, row, part_of(side));
        kept = k == NULL ? NULL : grow_add(d->m->cx, &d->kept, sizeof *kept);
        if (kept != NULL)
            *kept = *k;
    }
}

/* What S has, against what comes back of it. */
static void
agree_mine(struct decide *d, const struct visit *v, const struct cell *c,
           uint64_t theirs)
{
    struct cell_values mine, comes;
    bool at_hand = !v->added && d->m->record[d->t] != NULL;

    memset(&comes, 0, sizeof comes);
    if (!cell_values(d->m, c->rule, d->s, d->m->frame[d->t], &mine))
        return;
    if (!c->written && at_hand)
        cell_values(d->m, c->rule, d->s, d->m->frame[d->s], &comes);
    /* T has what is made of S's value; else nothing is known of it. */
    else if (c->written || theirs == c->mine.hash)
        cell_try(d->m, c->rule, d->s, d->m->frame[d->t], &comes, NULL);
    keep(d, c, v->row, d->s, theirs, &mine, &comes);
}

/* What T has, against what S's value makes of it. */
static void
agree_theirs(struct decide *d, const struct visit *v, const struct cell *c)
{
    struct cell_values theirs, comes;
    bool at_hand = !v->added && d->m->record[d->t] != NULL;
    int from = c->written ? d->t : d->s;

    /* Not looked at: it may still have what it had. */
    if (!c->written && !at_hand) {
        remember_sent(d, c, v->row, d->t);
        return;
    }
    /* What S can't say there makes nothing of it. */
    if (cell_hash(d->m, c->rule, d->t, d->m->frame[d->t]).state ==
        MR_MISSING) {
        agree_unkeep(d, c->index, v->row, part_of(d->t));
        return;
    }
    if (!cell_values(d->m, c->rule, d->t, d->m->frame[from], &theirs) ||
        !cell_values(d->m, c->rule, d->t, d->m->frame[d->t], &comes))
        return;
    keep(d, c, v->row, d->t, c->mine.hash, &theirs,
         c->plain != NULL ? c->plain : &comes);
}

void
remember_agree(struct decide *d, const struct visit *v, const struct cell *c,
               uint64_t theirs)
{
    if (!c->rule->runs[d->s] || !c->rule->runs[d->t] || d->in->bug_forget)
        return;
    agree_mine(d, v, c, theirs);
    agree_theirs(d, v, c);
}

/* --- is it still so? --- */

/* Nothing is kept where the other side held it all: then what is made of it
 * there comes back as it is. */
static bool
has_part(struct walk *w, const struct mr_rule *rule,
         const struct base_cell *agreed, int side, struct opinion o)
{
    char *frame = w->m->frame[1 - side];
    struct cell_values now, comes;

    return cell_terms(rule) != side && agreed->hash[1 - side] == o.hash &&
           cell_values(w->m, rule, side, frame, &now) &&
           cell_try(w->m, rule, side, frame, &comes, NULL) &&
           !same_values(&now, &comes, rule->n_fields[side]);
}

bool
remember_stale(struct walk *w, const struct mr_rule *rule,
               const struct base_cell *agreed, uint64_t row, int side,
               struct opinion o)
{
    int index = (int)(rule - w->repl->rules);
    const struct base_kept *k = base_kept_find(w->base, index, row,
                                               part_of(side));
    struct cell_values now;
    uint64_t hash;
    const char *p;
    size_t n = 0;

    if (agreed == NULL || !rule->runs[side])
        return false;
    if (k == NULL)
        return has_part(w, rule, agreed, side, o);
    p = base_kept_open(w->m->cx, w->m->keys, k, &n);
    if (p == NULL || n < HASHES ||
        !cell_values(w->m, rule, side, w->m->frame[1 - side], &now))
        return false;
    memcpy(&hash, p, sizeof hash);
    return hash != hash_values(w->m, &now, rule->n_fields[side]);
}
