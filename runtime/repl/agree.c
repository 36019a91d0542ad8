/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agreed state as it is after a decision: cells that were decided anew, and
 * the others as they were. The same for what a write says, so that it is known
 * again when nobody heard whether it arrived.
 */
#include "repl/decide.h"

#include <stdlib.h>

enum { REPLACED_MAX = 8, FEW_CELLS = 512, ROW_MAX = 32 };

void *
grow_add(struct mr_cx *cx, struct grow *g, size_t size)
{
    if (g->n == g->room) {
        size_t room = g->room == 0 ? 16 : g->room * 2;
        void *at = mr_alloc(cx, room * size);

        if (at == NULL)
            return NULL;
        if (g->n != 0)
            memcpy(at, g->at, g->n * size);
        g->at = at;
        g->room = room;
    }
    return memset((char *)g->at + g->n++ * size, 0, size);
}

static unsigned char *
new_bits(struct decide *d, size_t n)
{
    unsigned char *bits = mr_alloc(d->m->cx, n / 8 + 1);

    return bits == NULL ? NULL : memset(bits, 0, n / 8 + 1);
}

bool
agree_begin(struct decide *d)
{
    d->touched = new_bits(d, d->w.base->n);
    d->kept_touched = new_bits(d, d->w.base->n_kept);
    return d->touched != NULL && d->kept_touched != NULL;
}

static void
touch(struct decide *d, int rule, uint64_t row)
{
    const struct base *b = d->w.base;
    const struct base_cell *c = base_find(b, rule, row);

    for (; c != NULL; c = c + 1 < b->cells + b->n && c[1].more != 0 ? c + 1
                                                                    : NULL) {
        size_t i = (size_t)(c - b->cells);

        d->touched[i / 8] |= (unsigned char)(1 << i % 8);
    }
}

/* --- what was replaced on a side that can't be read --- */

struct replaced {
    uint64_t hash[REPLACED_MAX];
    size_t n;
};

static void
add_replaced(struct replaced *r, uint64_t hash, uint64_t now)
{
    if (hash == BASE_UNKNOWN || hash == BASE_STALE || hash == now)
        return;
    for (size_t i = 0; i < r->n; i++)
        if (r->hash[i] == hash)
            return;
    if (r->n < REPLACED_MAX)
        r->hash[r->n++] = hash;
}

/* What the side may still show, though it is older than `now`. A side that
 * has shown the new value shows nothing older any more. */
static void
find_replaced(const struct decide *d, const struct base_cell *was, int side,
              uint64_t now, bool shown, struct replaced *out)
{
    const struct base_cell *end = d->w.base->cells + d->w.base->n;

    out->n = 0;
    if (was == NULL || d->in->readable[side] || shown)
        return;
    add_replaced(out, was->hash[side], now);
    do
        add_replaced(out, was->before[side], now);
    while (++was < end && was->more != 0);
}

/* Writes of which nobody heard are among what may still be shown. */
static void
add_sent(const struct base *sent, const struct base_cell *of, int side,
         struct replaced *out)
{
    const struct base_cell *c = base_find(sent, of->rule, of->row);

    for (; c != NULL && c < sent->cells + sent->n && c->row == of->row &&
           c->rule == of->rule; c++)
        add_replaced(out, c->hash[side], of->hash[side]);
}

static void
put_replaced(struct decide *d, struct base_cell cell, int side,
             const struct replaced *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct base_cell *c;

        if (i == 0)
            continue;
        c = grow_add(d->m->cx, &d->agreed, sizeof *c);
        if (c == NULL)
            return;
        *c = cell;
        c->more = (uint8_t)i;
        c->again = 0;
        c->hash[0] = c->hash[1] = 0;
        c->before[side] = r->hash[i];
        c->before[1 - side] = 0;
    }
}

/* --- cells --- */

/* Was the message made before the last write of this cell to its system? What
 * it shows then came from an earlier one. */
static bool
is_earlier(const struct decide *d, const struct base_cell *was)
{
    int64_t came = d->w.came[d->s];

    return was != NULL && was->from != d->s && came != 0 &&
           came < was->at * INT64_C(1000000);
}

/* Is it not known what a write to this side replaced? What was agreed is only
 * written again where the side perhaps has something else. */
static bool
is_unseen(const struct base_cell *was, int side, int target, uint64_t again)
{
    if (was != NULL && was->before[side] == BASE_STALE)
        return true;
    return side == target &&
           (was == NULL || was->hash[side] == BASE_UNKNOWN ||
            was->hash[side] == again);
}

void
agree_cell(struct decide *d, const struct cell *c, uint64_t row, uint64_t mine,
           uint64_t theirs, int from)
{
    const struct base_cell *was = base_find(d->w.base, c->index, row);
    bool as_it_was = !c->written && was != NULL &&
                     was->hash[d->s] == mine && was->hash[d->t] == theirs;
    struct base_cell *cell;
    struct replaced replaced;
    int blind = d->in->readable[d->t] ? d->s : d->t;
    /* A message that shows neither what we wrote nor what was before may have
     * been sent before that write arrives. */
    bool shown = blind == d->s && mine == c->mine.hash && !c->doubtful &&
                 !is_earlier(d, was);

    /* T's value still has to go to S, and S has said nothing new. */
    if (!d->in->readable[d->s] && was != NULL &&
        was->hash[d->t] == BASE_STALE && was->hash[d->s] == mine) {
        theirs = BASE_STALE;
        shown = false;
        as_it_was = true;
    }
    touch(d, c->index, row);
    cell = grow_add(d->m->cx, &d->agreed, sizeof *cell);
    if (cell == NULL)
        return;
    cell->row = row;
    cell->rule = (uint16_t)c->index;
    cell->from = (uint8_t)(as_it_was ? was->from : from);
    cell->at = as_it_was ? was->at : d->now;
    cell->hash[d->s] = mine;
    cell->hash[d->t] = theirs;
    if (was != NULL && was->hash[blind] == cell->hash[blind] && !shown)
        cell->again = (uint8_t)(was->again + c->old);
    find_replaced(d, was, blind, cell->hash[blind], shown, &replaced);
    if (blind == d->s && !d->in->readable[blind])
        add_sent(d->crossing, cell, blind, &replaced);
    else if (blind == d->t && !d->in->readable[blind])
        add_sent(d->in->sent, cell, blind, &replaced);
    /* Written over something that was never seen: until it shows the new
     * value, what it says may be older. */
    if (replaced.n == 0 && !d->in->readable[blind] && !shown &&
        cell->hash[blind] != BASE_UNKNOWN &&
        cell->hash[blind] != BASE_STALE &&
        is_unseen(was, blind, d->t,
                  c->written ? cell->hash[blind] : BASE_UNKNOWN))
        replaced.hash[replaced.n++] = BASE_STALE;
    if (replaced.n > 0)
        cell->before[blind] = replaced.hash[0];
    put_replaced(d, *cell, blind, &replaced);
}

/* May a message of this side still be from before the row came or went? */
static bool
is_awaited(const struct decide *d, const struct base_cell *was, int side,
           uint64_t now, bool awaited)
{
    bool pending = was != NULL &&
                   (was->before[1] & (uint64_t)BASE_REPLACED << side) != 0;

    if (d->in->readable[side])
        return false;
    if (side == d->s)
        return awaited || (pending && is_earlier(d, was));
    return awaited || pending || was == NULL || was->hash[side] != now;
}

void
agree_row(struct decide *d, const struct visit *outer, uint32_t level,
          uint64_t row, uint64_t mine, uint64_t theirs, int from, bool awaited)
{
    int rule = (int)(BASE_ROW + level);
    const struct base_cell *was = base_find(d->w.base, rule, row);
    struct base_cell *cell;
    bool as_it_was;

    touch(d, rule, row);
    cell = grow_add(d->m->cx, &d->agreed, sizeof *cell);
    if (cell == NULL)
        return;
    cell->row = row;
    cell->rule = (uint16_t)rule;
    as_it_was = was != NULL && was->hash[d->s] == mine &&
                (was->hash[d->t] == theirs || theirs == BASE_STALE) &&
                (!awaited || d->in->readable[d->t]);
    cell->from = (uint8_t)(as_it_was ? was->from : from);
    cell->at = as_it_was ? was->at : d->now;
    cell->hash[d->s] = mine;
    cell->hash[d->t] = theirs;
    cell->before[0] = outer->row;
    for (int side = 0; side < 2; side++)
        if (is_awaited(d, was, side, cell->hash[side], awaited))
            cell->before[1] |= (uint64_t)BASE_REPLACED << side;
}

void
agree_drop(struct decide *d, uint32_t level, uint64_t row)
{
    const struct mr_level *levels = d->w.repl->levels;

    touch(d, (int)(BASE_ROW + level), row);
    for (uint32_t i = 0; i < levels[level].n_rules; i++)
        touch(d, levels[level].rules + (int)i, row);
    for (uint32_t l = 1; l < d->w.repl->n_levels; l++) {
        if (levels[l].outer != level)
            continue;
        if (!level_has_rows(&levels[l]))
            agree_drop(d, l, row);
        else
            for (uint32_t at = index_first(&d->w, l, row); at != 0;
                 at = index_next(&d->w, at))
                agree_drop(d, l, index_cell(&d->w, at)->row);
    }
}

void
agree_sent(struct decide *d, int rule, uint64_t row, uint64_t mine,
           uint64_t theirs, bool joined)
{
    struct base_cell *cell = grow_add(d->m->cx, &d->sent, sizeof *cell);

    if (cell == NULL)
        return;
    cell->row = row;
    cell->rule = (uint16_t)rule;
    cell->from = (uint8_t)d->s;
    cell->at = d->now;
    cell->joined = joined;
    cell->hash[d->s] = mine;
    cell->hash[d->t] = theirs;
}

void
agree_sent_row(struct decide *d, const struct visit *outer, uint32_t level,
               uint64_t row, bool there)
{
    uint64_t state = there ? BASE_THERE : BASE_GONE;
    size_t n = d->sent.n;

    agree_sent(d, (int)(BASE_ROW + level), row, state, state, false);
    if (d->sent.n > n)
        ((struct base_cell *)d->sent.at)[n].before[0] = outer->row;
}

/* --- all of it --- */

static int
compare_cells(const void *a, const void *b)
{
    const struct base_cell *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->rule != y->rule ? x->rule - y->rule : x->more - y->more;
}

static int
compare_kept(const void *a, const void *b)
{
    return base_kept_order(a, b);
}

static bool
has_bit(const unsigned char *bits, size_t i)
{
    return (bits[i / 8] & 1 << i % 8) != 0;
}

static bool
add_old(struct decide *d)
{
    const struct base *b = d->w.base;

    for (size_t i = 0; i < b->n; i++)
        if (!has_bit(d->touched, i)) {
            struct base_cell *c = grow_add(d->m->cx, &d->agreed, sizeof *c);

            if (c == NULL)
                return false;
            *c = b->cells[i];
        }
    return true;
}

/* Those of rows that stand on, and of rules that were not decided anew. */
static bool
add_old_kept(struct decide *d, const struct base *now)
{
    const struct base *b = d->w.base;

    for (size_t i = 0; i < b->n_kept; i++)
        if (!has_bit(d->kept_touched, i) &&
            base_find(now, b->kept[i].rule, b->kept[i].row) != NULL) {
            struct base_kept *k = grow_add(d->m->cx, &d->kept, sizeof *k);

            if (k == NULL)
                return false;
            *k = b->kept[i];
        }
    return true;
}

/* The first cell of n that stands behind `cell`. */
static size_t
place_of(const struct base_cell *cells, size_t n, const struct base_cell *cell)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (compare_cells(&cells[mid], cell) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Cells come row by row, those of a row in order: few rows are put in their
 * places as they are. */
static void
sort_cells(struct base_cell *cells, size_t n)
{
    struct base_cell row[ROW_MAX];

    for (size_t i = 1, end; i < n; i = end) {
        size_t to, k;

        end = i + 1;
        if (compare_cells(&cells[i - 1], &cells[i]) <= 0)
            continue;
        if (n > FEW_CELLS) {
            qsort(cells, n, sizeof *cells, compare_cells);
            return;
        }
        to = place_of(cells, i, &cells[i]);
        while (end < n && end - i < ROW_MAX &&
               compare_cells(&cells[end - 1], &cells[end]) <= 0 &&
               compare_cells(&cells[end], &cells[to]) < 0)
            end++;
        k = end - i;
        memcpy(row, &cells[i], k * sizeof *row);
        memmove(&cells[to + k], &cells[to], (i - to) * sizeof *cells);
        memcpy(&cells[to], row, k * sizeof *row);
    }
}

static void
sort_kept(struct grow *kept)
{
    if (kept->n > 1)
        qsort(kept->at, kept->n, sizeof(struct base_kept), compare_kept);
}

static struct base
sorted(struct grow *cells, struct grow *kept)
{
    if (cells->n > 1)
        sort_cells(cells->at, cells->n);
    sort_kept(kept);
    return (struct base){ cells->at, cells->n, kept->at, kept->n };
}

static bool
is_touched(const struct decide *d, const struct base_cell *c)
{
    return c != NULL && has_bit(d->touched, (size_t)(c - d->w.base->cells));
}

/* What a write to S says of which a message of S says nothing: it may be there
 * now, or come, or never come. So T's value goes there once more. */
static void
agree_crossing(struct decide *d, const struct base_cell *sent)
{
    const struct base_cell *was = base_find(d->w.base, sent->rule, sent->row);
    struct base_cell *cell = grow_add(d->m->cx, &d->agreed, sizeof *cell);
    struct replaced replaced;

    if (cell == NULL)
        return;
    touch(d, sent->rule, sent->row);
    *cell = was != NULL ? *was : *sent;
    cell->joined = false;
    cell->more = 0;
    cell->at = sent->at;
    cell->hash[d->t] = BASE_STALE;
    decide_back(d);
    if (sent->rule >= BASE_ROW) {
        cell->before[1] |= (uint64_t)BASE_REPLACED << d->s;
        agree_sent_key(d, sent->rule - (uint32_t)BASE_ROW, sent->row);
        return;
    }
    find_replaced(d, was, d->s, cell->hash[d->s], false, &replaced);
    add_sent(d->crossing, cell, d->s, &replaced);
    if (replaced.n == 0)
        replaced.hash[replaced.n++] = BASE_STALE;
    cell->before[d->s] = replaced.hash[0];
    put_replaced(d, *cell, d->s, &replaced);
}

static void
add_crossing(struct decide *d)
{
    const struct base *b = d->crossing;
    struct base fresh;

    if (b == NULL)
        return;
    fresh = sorted(&d->agreed, &d->kept);
    for (size_t i = 0; i < b->n; i++) {
        const struct base_cell *c = &b->cells[i];

        if (base_find(b, c->rule, c->row) == c &&
            base_find(&fresh, c->rule, c->row) == NULL &&
            !is_touched(d, base_find(d->w.base, c->rule, c->row)))
            agree_crossing(d, c);
    }
}

enum mr_status
agree_pack(struct decide *d)
{
    struct mr_cx *cx = d->m->cx;
    struct base now, sent;
    enum mr_status st;

    add_crossing(d);
    if (!add_old(d))
        return cx->error.status;
    now = sorted(&d->agreed, &d->kept);
    if (!add_old_kept(d, &now))
        return cx->error.status;
    sort_kept(&d->kept);
    now.kept = d->kept.at;
    now.n_kept = d->kept.n;
    sent = sorted(&d->sent, &d->kept_sent);
    if (cx->error.status != MR_OK)
        return cx->error.status;
    st = base_pack(cx, d->w.repl, &now, &d->out->base);
    return st == MR_OK ? base_pack(cx, d->w.repl, &sent, &d->out->sent) : st;
}
