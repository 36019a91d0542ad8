/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of each cell: both records against what was agreed. A group is
 * decided as one: where each side changed something of it, one side's values
 * are taken for all of it.
 */
#include "repl/decide.h"

void
decide_back(struct decide *d)
{
    if (d->w.repl->schedule[d->t].trigger != MR_TRIGGER_NONE)
        d->out->back = true;
}

struct merge_cell *
decide_note(struct decide *d, int rule, uint64_t row, enum merge_how how)
{
    struct merge_cell *note = grow_add(d->m->cx, &d->cells, sizeof *note);

    if (note == NULL)
        return NULL;
    note->rule = rule;
    note->row = row;
    note->how = how;
    note->mine = note->theirs = mr_missing();
    if (how == MERGE_WON || how == MERGE_LOST || how == MERGE_JOINED ||
        how == MERGE_KEPT || how == MERGE_ASKED)
        d->out->conflict = true;
    if (how == MERGE_ASKED)
        d->out->asked = true;
    if (how != MERGE_THEIRS)
        d->out->changed = true;
    return note;
}

/* --- looking --- */

/* Messages that were sent before our write arrived show older values. */
static bool
is_old(const struct decide *d, const struct cell *c, bool changed)
{
    return !d->in->readable[d->s] && !changed && !c->unknown &&
           c->mine.state != MR_MISSING &&
           c->mine.hash != c->agreed->hash[d->s];
}

/* Does a message show another value than a write that it may not have seen?
 * The base tells, also where an unanswered write to T is what was agreed. */
static bool
is_doubtful(const struct decide *d, const struct cell *c, uint64_t row)
{
    const struct base_cell *base = base_find(d->w.base, c->index, row);
    bool unknown;

    if (d->in->readable[d->s] || c->mine.state == MR_MISSING)
        return false;
    if (base_find(d->crossing, c->index, row) != NULL)
        return base_sent(d->crossing, c->index, row, d->s, c->mine.hash)
                   == NULL &&
               cell_changed(&d->w, base, d->s, c->mine, &unknown);
    return base != NULL && base->before[d->s] != 0 &&
           !cell_settled(&d->w, base, d->s) &&
           cell_changed(&d->w, base, d->s, c->mine, &unknown);
}

/* A write of which nobody heard may have put there what S has cleared. */
static bool
is_cleared(const struct decide *d, const struct cell *c, uint64_t row)
{
    const struct base *b = d->in->sent;
    const struct base_cell *s;

    if (c->mine.state != MR_EMPTY || d->in->readable[d->t])
        return false;
    for (s = base_find(b, c->index, row); s != NULL && s < b->cells + b->n &&
         s->row == row && s->rule == c->index; s++)
        if (s->hash[d->t] != c->mine.hash)
            return true;
    return false;
}

/* S shows what a write from T put there of which no answer came; the message
 * that it was made of may be older than a write to T, which T then has in its
 * place. So T gets its own value back. */
static bool
is_owed(const struct decide *d, const struct cell *c, uint64_t row)
{
    const struct base_cell *base = base_find(d->w.base, c->index, row);

    return base != NULL && c->agreed != NULL && c->agreed != base &&
           d->in->readable[d->s] && !d->in->readable[d->t] &&
           base->before[d->t] != 0 && !cell_settled(&d->w, base, d->t) &&
           c->agreed->hash[d->t] != base->hash[d->t];
}

static const struct mr_decider *
decider_of(const struct decide *d, const struct mr_rule *rule)
{
    return rule->group != 0 ? &d->w.repl->groups[rule->group - 1].decider
                            : &rule->decider;
}

static bool
keeps_value(const struct decide *d, const struct mr_rule *rule)
{
    const struct mr_decider *by = decider_of(d, rule);

    return (by->policy == MR_POLICY_SUM || by->policy == MR_POLICY_UNION) &&
           rule->runs[MR_LEFT] && rule->runs[MR_RIGHT];
}

/* What both sides had last: where S shows a write to it that nobody heard of,
 * that write is it. A value of both is another matter, see is_uncertain. */
static const struct base_cell *
agreed_of(const struct decide *d, const struct cell *c, uint64_t row,
          const uint64_t hash[2])
{
    const struct base *unheard = !d->in->readable[d->s] ? d->crossing
                                 : keeps_value(d, c->rule) ? NULL
                                                           : d->in->own;
    const struct base_cell *crossed = c->mine.state == MR_MISSING ? NULL
        : base_sent(unheard, c->index, row, d->s, hash[d->s]);

    return crossed != NULL ? crossed
                           : cell_agreed(&d->w, c->index, row, hash);
}

/* false: the rule has nothing to say on the way to T. */
static bool
look(struct decide *d, const struct visit *v, const struct mr_rule *rule,
     struct cell *c)
{
    bool two_way = rule->runs[MR_LEFT] && rule->runs[MR_RIGHT];
    bool mine_unknown, theirs_unknown;
    uint64_t hash[2];

    if (!rule->runs[d->t] || rule->constant)
        return false;
    memset(c, 0, sizeof *c);
    c->rule = rule;
    c->said = mr_missing();
    c->index = (int)(rule - d->w.repl->rules);
    c->mine = cell_opinion(&d->w, rule, d->s);
    if (!v->added && d->m->record[d->t] != NULL)
        c->theirs = cell_opinion(&d->w, rule, d->t);
    hash[d->s] = c->mine.hash;
    hash[d->t] = c->theirs.hash;
    c->agreed = v->added ? NULL : agreed_of(d, c, v->row, hash);
    c->i_changed = cell_changed(&d->w, c->agreed, d->s, c->mine,
                                &mine_unknown);
    c->they_changed = cell_changed(&d->w, c->agreed, d->t, c->theirs,
                                   &theirs_unknown) && two_way;
    c->unknown = mine_unknown || theirs_unknown;
    if (!mine_unknown && is_old(d, c, c->i_changed)) {
        c->mine.state = MR_MISSING;
        c->i_changed = false;
        c->old = true;
    }
    if (mine_unknown && (is_cleared(d, c, v->row) ||
                         (v->anyway && c->mine.state == MR_EMPTY)))
        c->i_changed = true;
    if (!c->i_changed && is_owed(d, c, v->row))
        c->i_changed = true;
    c->doubtful = is_doubtful(d, c, v->row);
    return true;
}

/* Both sides changed a sum by the same: that counts twice. But what S shows of a
 * write to it of which no answer came is nobody's change. */
static bool
adds_twice(struct decide *d, const struct cell *c, uint64_t row)
{
    return decider_of(d, c->rule)->policy == MR_POLICY_SUM && !c->unknown &&
           c->i_changed && c->they_changed &&
           base_sent(d->in->own, c->index, row, d->s, c->mine.hash) == NULL &&
           agree_value_of(d, c, row).state != MR_MISSING;
}

/* One cell by itself. */
static enum merge_how
compare(struct decide *d, const struct cell *c, uint64_t row)
{
    bool mine = c->mine.state != MR_MISSING;
    bool theirs = c->theirs.state != MR_MISSING;

    if (mine && theirs && c->mine.hash == c->theirs.hash)
        return adds_twice(d, c, row) ? MERGE_ASKED : MERGE_SAME;
    if (c->i_changed && (c->they_changed || (c->doubtful && theirs)))
        return MERGE_ASKED;
    if (c->i_changed)
        return MERGE_COPY;
    return c->they_changed && d->m->record[d->t] != NULL ? MERGE_THEIRS
                                                         : MERGE_SAME;
}

/* --- deciding --- */

static bool
differs(const struct cell *c)
{
    return c->mine.state != c->theirs.state || c->mine.hash != c->theirs.hash;
}

/* All cells of a group go where the first of them is decided to go. `n` of
 * them, moved together. */
static void
decide_unit(struct decide *d, struct cell *cells, size_t n, uint64_t row)
{
    bool mine = false, theirs = false, conflict = false;
    const struct mr_decider *by = decider_of(d, cells[0].rule);
    enum merge_how how;

    for (size_t i = 0; i < n; i++) {
        cells[i].how = compare(d, &cells[i], row);
        conflict = conflict || cells[i].how == MERGE_ASKED;
        mine = mine || cells[i].how == MERGE_COPY;
        theirs = theirs || cells[i].how == MERGE_THEIRS;
    }
    if (!conflict && !(mine && theirs))
        return;
    if (policy_joins(by)) {
        for (size_t i = 0; i < n; i++)
            if (cells[i].how == MERGE_ASKED)
                cells[i].how = policy_join(d, by, &cells[i], row);
        return;
    }
    how = policy_winner(d, by, cells, n, cells[0].index, row);
    for (size_t i = 0; i < n; i++)
        if (differs(&cells[i]) &&
            (how != MERGE_WON || cells[i].mine.state != MR_MISSING) &&
            (how == MERGE_WON || how == MERGE_LOST ||
             cells[i].how != MERGE_SAME))
            cells[i].how = how;
}

/* A reference that is not there yet was left out of what was made. */
static bool
is_cut(const struct decide *d, const struct mr_rule *rule)
{
    const struct mr_verdict *v = &d->m->verdict[d->t];
    uint32_t n = v->n < MR_FINDINGS_MAX ? v->n : MR_FINDINGS_MAX;

    for (uint32_t i = 0; d->out->refs_cut && i < n; i++)
        for (uint32_t k = 0; k < rule->n_fields[d->t]; k++)
            if (v->findings[i].target == rule->targets[d->t][k])
                return true;
    return false;
}

static struct merge_cell *
note(struct decide *d, const struct cell *c, uint64_t row, enum merge_how how)
{
    struct merge_cell *n = decide_note(d, c->index, row, how);
    const struct base_cell *was = base_find(d->w.base, c->index, row);

    if (n == NULL)
        return NULL;
    /* S only has what T's side of the agreement is: its value won, and goes
     * back over what T may have instead by now. */
    if (how == MERGE_COPY && was != NULL && was->hash[d->s] == BASE_STALE &&
        was->hash[d->t] == c->mine.hash) {
        n->again = true;
        n->origin = was->from;
    }
    n->mine = c->said.state != MR_MISSING
                  ? c->said : cell_shown(&d->w, c->rule, d->s);
    if (c->theirs.state != MR_MISSING)
        n->theirs = cell_shown(&d->w, c->rule, d->t);
    return n;
}

static void
settle_lost(struct decide *d, struct visit *v, struct cell *c)
{
    bool goes = d->w.repl->schedule[d->t].trigger != MR_TRIGGER_NONE;

    if (c->mine.state == MR_MISSING)
        return;
    /* S's value was seen and overruled; T's has to go over, whatever it is
     * then. Where T's changes are not replicated, both may stay. */
    agree_cell(d, c, v->row, c->mine.hash, goes ? BASE_STALE : c->theirs.hash,
               d->t);
    decide_back(d);
    if (keeps_value(d, c->rule))
        agree_value(d, c, v->row);
}

/* What T says, as far as it is known. */
static uint64_t
known_of_theirs(const struct cell *c, int t)
{
    if (c->theirs.state != MR_MISSING)
        return c->theirs.hash;
    return c->agreed == NULL ? BASE_UNKNOWN : c->agreed->hash[t];
}

/* S's value, or one of both, goes to T. */
static void
settle_write(struct decide *d, struct visit *v, struct cell *c)
{
    bool joined = c->how == MERGE_JOINED;
    uint64_t after;

    if (joined) {
        struct opinion o = write_echo(d, c->rule);

        if (o.state != MR_MISSING && o.hash == c->theirs.hash)
            c->how = MERGE_LOST;
        else if (o.state != MR_MISSING && o.hash == c->mine.hash)
            c->how = MERGE_WON;
        joined = c->how == MERGE_JOINED;
    }
    if (note(d, c, v->row, c->how) == NULL)
        return;
    if (c->how == MERGE_LOST) {
        settle_lost(d, v, c);
        return;
    }
    if (c->rule->remember && c->said.state == MR_MISSING)
        remember_use(d, c, v->row);
    if (!write_cell(d, v, c->rule)) {
        /* Its fate is to leave T alone; or T gets it later. */
        d->cells.n--;
        if (!is_cut(d, c->rule))
            agree_cell(d, c, v->row, c->mine.hash,
                       c->agreed == NULL ? 0 : c->agreed->hash[d->t], d->s);
        /* The record is made with nothing there; what S has still has to go
         * over. Nobody on T has cleared it. */
        else if (d->whole)
            agree_sent(d, c->index, v->row, BASE_STALE, cell_empty(d->m),
                       false);
        if (c->rule->remember)
            remember_agree(d, v, c, known_of_theirs(c, d->t));
        return;
    }
    d->out->write = c->written = true;
    after = write_echo(d, c->rule).hash;
    agree_sent(d, c->index, v->row, c->mine.hash, after, joined);
    if (c->rule->remember)
        remember_agree(d, v, c, after);
    if (joined || c->doubtful) {
        after = BASE_STALE;
        decide_back(d);
    }
    agree_cell(d, c, v->row, c->mine.hash, after, d->s);
    if (keeps_value(d, c->rule))
        agree_value(d, c, v->row);
}

/* A write that arrived unheard is agreed, whatever was done since. */
static void
settle_sent(struct decide *d, struct visit *v, struct cell *c)
{
    if (c->agreed == NULL ||
        c->agreed == base_find(d->w.base, c->index, v->row))
        return;
    agree_cell(d, c, v->row, c->agreed->hash[d->s], c->agreed->hash[d->t],
               d->s);
    if (keeps_value(d, c->rule))
        agree_sent_value(d, c, v->row);
    for (int side = 0; c->rule->remember && side < 2; side++)
        remember_sent(d, c, v->row, side);
}

/* It stays a question when the write is no longer known. */
static void
settle_uncertain(struct decide *d, struct visit *v, struct cell *c)
{
    agree_cell(d, c, v->row, BASE_STALE, BASE_STALE, d->s);
    agree_forget_value(d, c, v->row);
}

/* Its message is from before the write, or somebody has put back since what the
 * write had replaced, and there is no telling. T's value is written once more,
 * so that both have the same. A peer that does not take it and tells of it each
 * time is not to be written to for ever. */
static void
settle_old(struct decide *d, struct visit *v, struct cell *c)
{
    const int most = 16;
    const struct base_cell *base = base_find(d->w.base, c->index, v->row);

    if (base == NULL || c->agreed != base ||
        base_find(d->crossing, c->index, v->row) != NULL ||
        base->hash[d->t] == BASE_STALE || base->again >= most ||
        d->w.repl->schedule[d->t].trigger == MR_TRIGGER_NONE)
        return;
    agree_cell(d, c, v->row, base->hash[d->s], BASE_STALE, d->t);
    decide_back(d);
}

static void
settle_same(struct decide *d, struct visit *v, struct cell *c)
{
    bool both = c->mine.state != MR_MISSING && c->theirs.state != MR_MISSING;

    if (both && c->mine.hash == c->theirs.hash) {
        if (c->doubtful)
            decide_back(d);
        agree_cell(d, c, v->row, c->mine.hash,
                   c->doubtful ? BASE_STALE : c->theirs.hash, d->s);
        if (keeps_value(d, c->rule) &&
            (c->agreed == NULL || c->i_changed || c->they_changed ||
             c->agreed != base_find(d->w.base, c->index, v->row)))
            agree_value(d, c, v->row);
        if (c->rule->remember)
            remember_agree(d, v, c, c->theirs.hash);
        return;
    }
    /* A new record says on its own that there is nothing, and one that can't
     * be read shows it in a message some time. */
    if (v->added && c->mine.state != MR_HERE && !d->in->readable[d->t])
        agree_sent(d, c->index, v->row,
                   c->mine.state == MR_EMPTY ? c->mine.hash : BASE_UNKNOWN,
                   cell_empty(d->m), false);
    if (v->added && c->mine.state != MR_HERE)
        agree_cell(d, c, v->row,
                   c->mine.state == MR_EMPTY ? c->mine.hash : BASE_UNKNOWN,
                   cell_empty(d->m), d->s);
    /* What was agreed is shown again, or that there is nothing. */
    else if (c->mine.state != MR_MISSING && !c->i_changed) {
        agree_cell(d, c, v->row, c->mine.hash,
                   c->agreed == NULL ? 0 : c->agreed->hash[d->t], d->s);
        if (c->rule->remember)
            remember_agree(d, v, c, known_of_theirs(c, d->t));
    }
}

static void
settle(struct decide *d, struct visit *v, struct cell *c)
{
    switch (c->how) {
    case MERGE_SAME:
        if (c->old)
            settle_old(d, v, c);
        else
            settle_same(d, v, c);
        return;
    case MERGE_THEIRS:
        note(d, c, v->row, c->how);
        settle_sent(d, v, c);
        if (c->unknown)
            decide_back(d);
        return;
    case MERGE_COPY:
    case MERGE_WON:
    case MERGE_JOINED:
        settle_write(d, v, c);
        return;
    case MERGE_LOST:
        note(d, c, v->row, c->how);
        settle_lost(d, v, c);
        return;
    case MERGE_KEPT:
        note(d, c, v->row, c->how);
        agree_cell(d, c, v->row, c->mine.hash, c->theirs.hash, d->s);
        return;
    case MERGE_ASKED:
        note(d, c, v->row, c->how);
        if (c->uncertain)
            settle_uncertain(d, v, c);
        else
            settle_sent(d, v, c);
        return;
    }
}

/* --- all cells of a row --- */

/* Also of the lists that only one side has: their rules set fields here. */
static bool
look_at_level(struct decide *d, const struct visit *v, uint32_t level,
              struct grow *cells)
{
    const struct mr_level *levels = d->w.repl->levels;

    for (uint32_t i = 0; i < levels[level].n_rules; i++) {
        struct cell c, *more;

        if (!look(d, v, &d->w.repl->rules[levels[level].rules + i], &c))
            continue;
        more = grow_add(d->m->cx, cells, sizeof *more);
        if (more == NULL)
            return false;
        *more = c;
    }
    for (uint32_t l = 1; l < d->w.repl->n_levels; l++)
        if (levels[l].outer == level && !level_has_rows(&levels[l]) &&
            !look_at_level(d, v, l, cells))
            return false;
    return true;
}

/* Cells of one group together, in the order of their first one. */
static size_t
gather_unit(struct cell *cells, size_t n)
{
    size_t unit = 1;

    for (size_t i = 1; cells[0].rule->group != 0 && i < n; i++)
        if (cells[i].rule->group == cells[0].rule->group) {
            struct cell c = cells[i];

            memmove(&cells[unit + 1], &cells[unit],
                    (i - unit) * sizeof *cells);
            cells[unit++] = c;
        }
    return unit;
}

static void
decide_lists(struct decide *d, struct visit *v, uint32_t level)
{
    const struct mr_level *levels = d->w.repl->levels;

    for (uint32_t l = 1; l < d->w.repl->n_levels; l++) {
        if (levels[l].outer != level)
            continue;
        if (level_has_rows(&levels[l]))
            decide_list(d, v, l);
        else
            decide_lists(d, v, l);
    }
}

void
decide_below(struct decide *d, struct visit *v)
{
    struct grow grown = { 0 };
    struct cell *cells;

    if (!look_at_level(d, v, v->level, &grown))
        return;
    cells = grown.at;
    for (size_t i = 0, unit; i < grown.n; i += unit) {
        unit = gather_unit(cells + i, grown.n - i);
        decide_unit(d, cells + i, unit, v->row);
        for (size_t k = 0; k < unit; k++)
            settle(d, v, &cells[i + k]);
    }
    decide_lists(d, v, v->level);
}
