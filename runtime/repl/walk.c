/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a record still as it was agreed? One side alone, cell by cell, ended by
 * the first difference: the quick look at what a search for changes gives.
 */
#include "repl/cells.h"

static bool
rule_changed(struct walk *w, int index, uint64_t row, int side)
{
    const struct mr_rule *rule = &w->repl->rules[index];
    const struct base_cell *agreed;
    struct opinion o;
    uint64_t hash[2] = { 0, 0 };
    bool unknown, changed;

    if (!rule->runs[1 - side] || rule->constant)
        return false;
    o = cell_opinion(w, rule, side);
    if (o.state == MR_MISSING)
        return false;
    hash[side] = o.hash;
    agreed = cell_agreed(w, index, row, hash);
    changed = cell_changed(w, agreed, side, o, &unknown);
    /* What was never there and can't come from the other side is no news. */
    if (unknown && o.state == MR_EMPTY && !rule->runs[side])
        return false;
    return changed || (rule->remember &&
                       remember_stale(w, rule, agreed, row, side, o));
}

static bool
list_changed(struct walk *w, uint32_t level, uint64_t outer, int side)
{
    int rule = (int)(BASE_ROW + level);
    struct cell_rows rows;

    level_rows(w, level, side, outer, &rows);
    if (w->twice != NULL)
        return true;
    for (size_t i = 0; i < rows.n; i++) {
        const struct cell_row *row = &rows.rows[i];

        if (!row->takes)
            continue;
        if (row_changed(w, base_find(w->base, rule, row->key), side,
                        ROW_HERE))
            return true;
        level_enter(w, level, side, row);
        if (walk_changed(w, level, row->key, side))
            return true;
    }
    if (!rows.known)
        return false;
    for (uint32_t at = index_first(w, level, outer); at != 0;
         at = index_next(w, at)) {
        const struct base_cell *c = index_cell(w, at);

        if (level_find(&rows, c->row) == NULL &&
            row_changed(w, c, side, ROW_GONE))
            return true;
    }
    return false;
}

bool
walk_changed(struct walk *w, uint32_t level, uint64_t row, int side)
{
    const struct mr_level *levels = w->repl->levels;

    for (uint32_t i = 0; i < levels[level].n_rules; i++)
        if (rule_changed(w, levels[level].rules + (int)i, row, side))
            return true;
    for (uint32_t l = 1; l < w->repl->n_levels; l++) {
        if (levels[l].outer != level || !levels[l].runs[1 - side])
            continue;
        if (level_has_rows(&levels[l]) ? list_changed(w, l, row, side)
                                       : walk_changed(w, l, row, side))
            return true;
    }
    return false;
}

enum mr_status
merge_echo(struct merge *m, int from, const struct base *base, bool *echo)
{
    const struct mr_verdict *verdict = &m->verdict[1 - from];
    struct walk w;
    enum mr_status st = MR_OK;

    *echo = false;
    if (m->made[1 - from] == NULL)
        st = merge_translate(m, 1 - from);
    if (st != MR_OK || base == NULL || base->n == 0 || !m->takes[1 - from] ||
        verdict->parked || verdict->rejected)
        return st;
    st = walk_init(&w, m, base, NULL, 1 - from);
    if (st != MR_OK)
        return st;
    w.confirm = true;
    *echo = !walk_changed(&w, 0, 0, from) && w.twice == NULL;
    return m->cx->error.status;
}
