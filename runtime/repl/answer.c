/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules that go one way meet others that go back: what S writes changes what T
 * says in them. Where T will say what S has already, that is agreed with the
 * write: else T's answer, coming late, would undo what was edited since. What S
 * does not have yet comes over as a change of T's, unless T's record was just
 * made: a load does not write back.
 */
#include "repl/decide.h"

static bool
goes_back(const struct decide *d, const struct mr_rule *rule)
{
    return rule->runs[d->s] && !rule->runs[d->t] && !rule->constant;
}

static bool
any_goes_back(const struct decide *d)
{
    uint32_t n = d->whole ? d->w.repl->n_rules : d->w.repl->levels[0].n_rules;

    /* The map's own come first. */
    for (uint32_t i = 0; i < n; i++)
        if (goes_back(d, &d->w.repl->rules[i]))
            return true;
    return false;
}

/* A field of the record that is written into T's as it will be. */
static void
lay_over(struct decide *d, char *after, const struct mr_field *f)
{
    struct mr_val v, *slot;
    struct mr_rows *rows;
    char *copy;

    if (f->at != d->m->map->frame[d->t].at)
        return;
    if (f->picked == NULL) {
        v = *(struct mr_val *)(void *)((char *)d->record + f->field);
        if (v.state != MR_MISSING)
            *(struct mr_val *)(void *)(after + f->field) = v;
        return;
    }
    v = mr_pick(d->record, f->picked);
    if (v.state == MR_MISSING)
        return;
    /* The rows are T's record's own. */
    rows = (struct mr_rows *)(void *)(after + f->picked->rows);
    copy = mr_alloc(d->m->cx, (rows->n + (size_t)1) * f->picked->size);
    if (copy == NULL)
        return;
    if (rows->n != 0)
        memcpy(copy, rows->at, (size_t)rows->n * f->picked->size);
    rows->at = copy;
    rows->room = rows->n + 1;
    slot = mr_pick_slot(d->m->cx, after, f->picked);
    if (slot != NULL)
        *slot = v;
}

/* T's record with what is written; of one that can't be read, all that S makes
 * for it. */
static void *
record_after(struct decide *d)
{
    const struct mr_level *map = &d->w.repl->levels[0];
    size_t n = d->m->map->frame[d->t].size;
    char *after;

    if (d->m->record[d->t] == NULL)
        return d->m->made[d->t];
    after = mr_alloc(d->m->cx, n);
    if (after == NULL)
        return NULL;
    memcpy(after, d->m->record[d->t], n);
    for (uint32_t i = 0; i < map->n_rules; i++) {
        const struct mr_rule *rule = &d->w.repl->rules[map->rules + i];

        for (uint32_t k = 0; rule->runs[d->t] && k < rule->n_fields[d->t]; k++)
            lay_over(d, after, &rule->fields[d->t][k]);
    }
    return after;
}

/* Is there anything in T's record that it says this of? */
static bool
has_source(const struct decide *d, const struct mr_rule *rule)
{
    for (uint32_t i = 0; i < rule->n_reads[d->s]; i++)
        if (cell_field(d->m->frame[d->s], &rule->reads[d->s][i]).state !=
            MR_MISSING)
            return true;
    return false;
}

static void
agree_answer(struct decide *d, const struct mr_rule *rule, uint64_t row)
{
    struct cell c = { .rule = rule, .index = (int)(rule - d->w.repl->rules) };
    struct opinion mine = cell_opinion(&d->w, rule, d->s);
    struct opinion theirs = cell_opinion(&d->w, rule, d->t);

    if (theirs.state == MR_MISSING)
        return;
    if (d->whole ? !has_source(d, rule)
                 : mine.state == MR_MISSING || mine.hash != theirs.hash)
        return;
    c.mine = mine;
    c.agreed = base_find(d->w.base, c.index, row);
    if (c.agreed == NULL || c.agreed->hash[d->t] != theirs.hash)
        agree_cell(d, &c, row, mine.hash, theirs.hash, d->s);
}

/* A record that is made says what it was made of, in its rows, too. Nobody has
 * said anything on T yet: its first look is no change. */
static void
agree_level(struct decide *d, uint32_t level, uint64_t row)
{
    const struct mr_level *levels = d->w.repl->levels;
    struct cell_rows rows;

    for (uint32_t i = 0; i < levels[level].n_rules; i++) {
        const struct mr_rule *rule =
            &d->w.repl->rules[levels[level].rules + i];

        if (goes_back(d, rule))
            agree_answer(d, rule, row);
    }
    for (uint32_t l = 1; d->whole && l < d->w.repl->n_levels; l++) {
        if (levels[l].outer != level || !levels[l].runs[d->s])
            continue;
        if (!level_has_rows(&levels[l])) {
            agree_level(d, l, row);
            continue;
        }
        level_rows(&d->w, l, d->t, row, &rows);
        for (size_t i = 0; i < rows.n; i++) {
            level_enter(&d->w, l, d->t, &rows.rows[i]);
            agree_level(d, l, rows.rows[i].key);
        }
        level_enter(&d->w, l, d->t, NULL);
    }
}

enum mr_status
answer_agree(struct decide *d)
{
    struct merge *m = d->m;
    struct merge was = *m;
    enum mr_status st;

    if (!any_goes_back(d))
        return MR_OK;
    m->record[d->t] = record_after(d);
    if (m->record[d->t] == NULL)
        return m->cx->error.status;
    st = merge_translate(m, d->s);
    if (st == MR_OK)
        st = merge_frame(m, MR_LEFT);
    if (st == MR_OK)
        st = merge_frame(m, MR_RIGHT);
    if (st == MR_OK && m->made[d->s] != NULL)
        agree_level(d, 0, 0);
    m->record[d->t] = was.record[d->t];
    m->made[d->s] = was.made[d->s];
    m->verdict[d->s] = was.verdict[d->s];
    m->takes[d->s] = was.takes[d->s];
    return st;
}
