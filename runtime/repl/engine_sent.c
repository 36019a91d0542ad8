/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several writes of one record of which no answer came: any of them may be what
 * the other side shows. Their hashes stand in one intent, the newest first, the
 * older ones as further cells (`more`) behind it. The same thing written again
 * and again is one of these, as old as the first that said it.
 */
#include "repl/engine_state.h"

enum { SENT_MAX = 4 };          /* writes of one cell that are told apart */

static int
cell_order(const struct base_cell *a, const struct base_cell *b)
{
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static bool
same_cell(const struct base_cell *a, const struct base_cell *b)
{
    return cell_order(a, b) == 0 && a->from == b->from && a->more == b->more &&
           a->joined == b->joined && a->hash[0] == b->hash[0] &&
           a->hash[1] == b->hash[1] && a->before[0] == b->before[0] &&
           a->before[1] == b->before[1];
}

/* Not byte by byte: the moment of a cell and the seal of a value are other ones
 * each time. */
bool
sent_same(struct engine *e, const struct mr_repl *repl, struct mr_bytes sent,
          const struct base *before)
{
    struct base now;
    enum mr_status status;

    if (before == NULL || sent.n == 0)
        return false;
    status = base_unpack(e->cx, repl, sent, &now);
    if (status != MR_OK)
        return engine_fail(e, status);
    if (now.n != before->n || now.n_kept != before->n_kept)
        return false;
    for (size_t i = 0; i < now.n; i++)
        if (!same_cell(&now.cells[i], &before->cells[i]))
            return false;
    return true;
}

/* Adds an older cell to the n of its rule and row; how many there are then. */
static size_t
add_older(struct base_cell *out, size_t n, const struct base_cell *older)
{
    for (size_t c = 1; c < n; c++)
        if (out[c].joined == older->joined &&
            memcmp(out[c].hash, older->hash, sizeof older->hash) == 0) {
            out[c].at = older->at;
            return n;
        }
    if (n < SENT_MAX)
        out[n++] = *older;
    return n;
}

/* The cells of one rule and row from both lists; how many were put. */
static size_t
join_cells(const struct base *newer, size_t *i, const struct base *older,
           size_t *k, struct base_cell *out)
{
    const struct base_cell *a = *i < newer->n ? &newer->cells[*i] : NULL;
    const struct base_cell *b = *k < older->n ? &older->cells[*k] : NULL;
    int order = a == NULL ? 1 : b == NULL ? -1 : cell_order(a, b);
    struct base_cell of = order <= 0 ? *a : *b;
    size_t n = 0;

    for (; *i < newer->n && cell_order(&newer->cells[*i], &of) == 0; ++*i)
        out[n++] = newer->cells[*i];
    for (; *k < older->n && cell_order(&older->cells[*k], &of) == 0; ++*k)
        n = add_older(out, n, &older->cells[*k]);
    for (size_t c = 0; c < n; c++)
        out[c].more = (uint8_t)c;
    return n;
}

static size_t
join_kept(const struct base *newer, const struct base *older,
          struct base_kept *out)
{
    size_t n = 0, k = 0;

    for (size_t i = 0; i < newer->n_kept || k < older->n_kept;) {
        const struct base_kept *a = i < newer->n_kept ? &newer->kept[i] : NULL;
        const struct base_kept *b = k < older->n_kept ? &older->kept[k] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : base_kept_order(a, b);
        bool first = order <= 0, both = order == 0;

        out[n++] = first ? *a : *b;
        i += first;
        k += !first || both;
    }
    return n;
}

struct mr_bytes
sent_join(struct engine *e, const struct mr_repl *repl, struct mr_bytes newer,
          const struct base *older)
{
    struct base now, both;
    struct base_cell *cells;
    struct base_kept *kept;
    struct mr_bytes out = newer;
    size_t i = 0, k = 0;

    if (newer.n == 0 || base_unpack(e->cx, repl, newer, &now) != MR_OK)
        return newer;
    cells = mr_alloc(e->cx, (now.n + older->n + 1) * sizeof *cells);
    kept = mr_alloc(e->cx, (now.n_kept + older->n_kept + 1) * sizeof *kept);
    if (cells == NULL || kept == NULL) {
        engine_fail(e, MR_EMEMORY);
        return newer;
    }
    both = (struct base){ .cells = cells, .kept = kept };
    while (i < now.n || k < older->n)
        both.n += join_cells(&now, &i, older, &k, cells + both.n);
    both.n_kept = join_kept(&now, older, kept);
    if (base_pack(e->cx, repl, &both, &out) != MR_OK)
        engine_fail(e, MR_EMEMORY);
    return out;
}
