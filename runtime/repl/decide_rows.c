/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rows a list gets and loses. That a row is there is a cell of its own:
 * a row that one side removed goes on the other, too, unless something in it
 * was changed there; then the policy of the list's key decides.
 */
#include "repl/decide.h"

struct pair {
    struct visit *outer;
    uint32_t level;
    uint64_t row;
    uint32_t at;                /* its place in what is written */
    const struct cell_row *mine, *theirs;
    enum row_seen i_see, they_see;
    const struct base_cell *agreed;
    bool doubtful;              /* S's message is perhaps from before a write
                                   to S, or does not say */
    bool i_changed, they_changed;
    bool i_have, they_have;
};

static enum row_seen
seen(const struct cell_rows *rows, const struct cell_row *row)
{
    if (row != NULL)
        return row->takes ? ROW_HERE : ROW_UNKNOWN;
    return rows->known ? ROW_GONE : ROW_UNKNOWN;
}

static bool
has(enum row_seen see, const struct base_cell *agreed, int side)
{
    if (see != ROW_UNKNOWN)
        return see == ROW_HERE;
    return agreed != NULL && agreed->hash[side] == BASE_THERE;
}

static uint64_t
state_hash(bool there)
{
    return there ? BASE_THERE : BASE_GONE;
}

static int
row_rule(const struct pair *p)
{
    return (int)(BASE_ROW + p->level);
}

/* What was agreed, or what a write says that T shows to have arrived; where S
 * can't be read, what one to S says that is perhaps still on its way. */
static const struct base_cell *
agreed_row(const struct decide *d, const struct pair *p)
{
    int rule = row_rule(p);
    const struct base_cell *sent = p->they_see == ROW_UNKNOWN ? NULL
        : base_sent(d->w.sent, rule, p->row, d->t,
                    state_hash(p->they_see == ROW_HERE));

    if (sent == NULL)
        sent = base_find(d->w.base, rule, p->row);
    if (sent == NULL)
        sent = cell_arrived(&d->w, rule, p->row);
    return sent == NULL ? base_find(d->crossing, rule, p->row) : sent;
}

/* Does a message say other than a write that it may not have seen? */
static bool
is_doubtful(const struct decide *d, const struct pair *p)
{
    uint64_t now = state_hash(p->i_see == ROW_HERE);
    const struct base_cell *a = p->agreed;

    if (d->in->readable[d->s] || p->i_see == ROW_UNKNOWN || a == NULL ||
        a->hash[d->s] == now ||
        (a->hash[d->s] != BASE_THERE && a->hash[d->s] != BASE_GONE))
        return false;
    return base_find(d->crossing, row_rule(p), p->row) != NULL ||
           !row_changed(&d->w, a, d->s, p->i_see);
}

static void
agree(struct decide *d, const struct pair *p, uint64_t mine, uint64_t theirs,
      int from)
{
    agree_row(d, p->outer, p->level, p->row, mine, theirs, from,
              p->doubtful);
}

/* It is written: a message of T may be from before that, also where T had it so
 * already. */
static void
agree_written(struct decide *d, const struct pair *p, uint64_t state)
{
    agree_row(d, p->outer, p->level, p->row, state, state, d->s,
              p->doubtful || !d->in->readable[d->t]);
}

static struct merge_cell *
note(struct decide *d, const struct pair *p, enum merge_how how)
{
    const struct mr_level *lv = &d->w.repl->levels[p->level];
    struct merge_cell *n = decide_note(d, lv->rules, p->row, how);

    if (n == NULL)
        return NULL;
    n->row_added = p->i_have && !p->they_have;
    n->row_removed = !p->i_have;
    if (lv->n_match == 0)
        return n;
    if (p->mine != NULL)
        n->mine = cell_text(&d->w, &d->w.repl->rules[lv->rules], d->s);
    if (p->theirs != NULL)
        n->theirs = cell_text(&d->w, &d->w.repl->rules[lv->rules], d->t);
    return n;
}

static void
enter(struct decide *d, const struct pair *p)
{
    level_enter(&d->w, p->level, d->s, p->mine);
    level_enter(&d->w, p->level, d->t, p->theirs);
}

/* Is S's state to be written, whatever T has, as nobody knows that? */
static bool
goes_anyway(const struct decide *d, const struct pair *p)
{
    return !d->in->readable[d->t] && p->agreed != NULL &&
           p->agreed->hash[d->s] == BASE_STALE && p->i_see != ROW_UNKNOWN;
}

/* Both have it: its cells. true: something of it is written. */
static bool
go_in(struct decide *d, const struct pair *p, bool added)
{
    struct visit v = { .outer = p->outer, .level = p->level, .row = p->row,
                       .added = added, .at = p->at,
                       .anyway = p->outer->anyway || goes_anyway(d, p) };

    if (added && write_row(d, &v) == NULL)
        return false;
    if (p->at != NOT_WRITTEN)
        write_frame(d, write_row(d, &v), p->level, added);
    agree_key(d, p->level, p->row);
    decide_below(d, &v);
    return v.at != NOT_WRITTEN;
}

/* S's row is new, or it wins: T gets all of it. */
static void
add(struct decide *d, const struct pair *p, enum merge_how how)
{
    if (p->mine == NULL || p->mine->made == NULL)
        return;
    note(d, p, how);
    d->out->write = true;
    agree_drop(d, p->level, p->row);
    agree_written(d, p, BASE_THERE);
    agree_sent_row(d, p->outer, p->level, p->row, true);
    go_in(d, p, true);
}

static void
remove_row(struct decide *d, const struct pair *p, enum merge_how how)
{
    void *actual = p->theirs == NULL ? NULL : p->theirs->actual;

    note(d, p, how);
    write_removal(d, p->outer, p->level, p->row, actual);
    agree_sent_row(d, p->outer, p->level, p->row, false);
    agree_drop(d, p->level, p->row);
    if (!d->in->readable[d->t])
        agree_written(d, p, BASE_GONE);
}

/* What S says in a row that T's decision overrules counts as seen. */
static void
see_cells(struct decide *d, uint32_t level, uint64_t row)
{
    const struct mr_level *lv = &d->w.repl->levels[level];

    for (uint32_t i = 0; i < lv->n_rules; i++) {
        struct cell c = { .rule = &d->w.repl->rules[lv->rules + i],
                          .index = (int)(lv->rules + i) };

        if (!c.rule->runs[d->t] || c.rule->constant)
            continue;
        c.mine = cell_opinion(&d->w, c.rule, d->s);
        c.agreed = base_find(d->w.base, c.index, row);
        if (c.mine.state != MR_MISSING && c.agreed != NULL)
            agree_cell(d, &c, row, c.mine.hash, c.agreed->hash[d->t], d->t);
    }
}

static void
conflict(struct decide *d, const struct pair *p)
{
    const struct mr_level *lv = &d->w.repl->levels[p->level];
    static const struct mr_decider nobody = { .policy = MR_POLICY_ASK };
    const struct mr_decider *by = lv->n_rules == 0
                                      ? &nobody
                                      : &d->w.repl->rules[lv->rules].decider;
    enum merge_how how = policy_winner(d, by, NULL, 0, lv->rules, p->row);
    bool goes = d->w.repl->schedule[d->t].trigger != MR_TRIGGER_NONE;

    if (how == MERGE_WON) {
        if (p->i_have)
            add(d, p, how);
        else
            remove_row(d, p, how);
        return;
    }
    note(d, p, how);
    if (how == MERGE_KEPT)
        agree(d, p, state_hash(p->i_have), state_hash(p->they_have), d->s);
    if (how != MERGE_LOST)
        return;
    if (p->i_have)
        see_cells(d, p->level, p->row);
    agree(d, p, state_hash(p->i_have),
          goes ? BASE_STALE : state_hash(p->they_have), d->t);
    decide_back(d);
}

/* What is written in a row makes it again where it was removed meanwhile. */
static void
both_have(struct decide *d, struct pair *p)
{
    if (p->i_see != ROW_HERE)
        return;
    if (go_in(d, p, false) && !d->in->readable[d->t]) {
        agree_sent_row(d, p->outer, p->level, p->row, true);
        p->doubtful = true;
    }
    agree(d, p, BASE_THERE, BASE_THERE, d->s);
}

/* A write of which nobody heard brought the row: it is agreed, whatever T did
 * with it since. */
static void
settle_sent(struct decide *d, const struct pair *p)
{
    if (p->agreed != cell_arrived(&d->w, row_rule(p), p->row))
        return;
    agree_key(d, p->level, p->row);
    agree(d, p, p->agreed->hash[d->s], p->agreed->hash[d->t], d->s);
}

static void
only_mine(struct decide *d, const struct pair *p)
{
    if (p->they_changed && !p->i_changed) {
        bool edited = walk_changed(&d->w, p->level, p->row, d->s);

        enter(d, p);
        if (edited) {
            conflict(d, p);
        } else {
            note(d, p, MERGE_THEIRS);
            settle_sent(d, p);
        }
        return;
    }
    if (p->they_changed)
        conflict(d, p);
    else if (p->i_changed)
        add(d, p, MERGE_COPY);
}

static void
only_theirs(struct decide *d, const struct pair *p)
{
    bool two_way = d->w.repl->levels[p->level].runs[d->s];
    bool edited;

    if (p->i_changed && !p->they_changed) {
        edited = two_way && p->they_see == ROW_HERE &&
                 walk_changed(&d->w, p->level, p->row, d->t);
        enter(d, p);
        if (edited)
            conflict(d, p);
        else
            remove_row(d, p, MERGE_COPY);
        return;
    }
    if (p->i_changed) {
        conflict(d, p);
    } else if (p->they_changed) {
        note(d, p, MERGE_THEIRS);
        if (d->w.base->n == 0)
            decide_back(d);
    }
}

/* Whether it is there on S is not known: S's message counts for nothing, and
 * what T has is written to S once more. */
static void
doubt(struct decide *d, const struct pair *p)
{
    uint64_t theirs = p->agreed->hash[d->t];

    if (p->they_changed)
        note(d, p, MERGE_THEIRS);
    agree(d, p, p->agreed->hash[d->s], p->they_changed ? theirs : BASE_STALE,
          d->t);
    agree_sent_key(d, p->level, p->row);
    decide_back(d);
}

/* Rows that went stay known for a while where a message may still show them. */
static void
both_lack(struct decide *d, const struct pair *p)
{
    const uint32_t kept = 24 * 3600;
    const struct base_cell *c = base_find(d->w.base, row_rule(p), p->row);

    if (c == NULL)
        return;
    if ((c->before[1] & (BASE_REPLACED << MR_LEFT |
                         BASE_REPLACED << MR_RIGHT)) == 0 ||
        d->now > c->at + kept)
        agree_drop(d, p->level, p->row);
    else if (!d->in->readable[d->s] && p->i_see == ROW_GONE)
        agree(d, p, BASE_GONE, BASE_GONE, d->s);
}

static void
decide_pair(struct decide *d, struct pair *p)
{
    bool two_way = d->w.repl->levels[p->level].runs[d->s];

    p->agreed = agreed_row(d, p);
    p->they_changed = two_way &&
                      row_changed(&d->w, p->agreed, d->t, p->they_see);
    p->doubtful = two_way && is_doubtful(d, p);
    enter(d, p);
    if (p->doubtful) {
        doubt(d, p);
        return;
    }
    p->i_changed = row_changed(&d->w, p->agreed, d->s, p->i_see);
    if (p->outer->added) {
        /* what was agreed of it went with the row around it */
        p->i_changed = true;
        p->they_changed = false;
    }
    p->i_have = has(p->i_see, p->agreed, d->s);
    p->they_have = has(p->they_see, p->agreed, d->t);
    if (goes_anyway(d, p) && p->i_have)
        add(d, p, MERGE_COPY);
    else if (goes_anyway(d, p))
        remove_row(d, p, MERGE_COPY);
    else if (p->i_have && p->they_have)
        both_have(d, p);
    else if (p->i_have)
        only_mine(d, p);
    else if (p->they_have)
        only_theirs(d, p);
    else
        both_lack(d, p);
}

static void
decide_one(struct decide *d, struct visit *v, uint32_t level, uint64_t row,
           const struct cell_rows *mine, const struct cell_rows *theirs,
           uint32_t place)
{
    struct pair p = { .outer = v, .level = level, .row = row, .at = place,
                      .mine = level_find(mine, row),
                      .theirs = level_find(theirs, row) };

    p.i_see = seen(mine, p.mine);
    p.they_see = seen(theirs, p.theirs);
    if (v->added)
        p.they_see = ROW_GONE;
    decide_pair(d, &p);
}

/* Is there anything of S in this list that T has to get? */
static bool
list_changed(struct decide *d, const struct visit *v, uint32_t level,
             const struct cell_rows *mine)
{
    for (size_t i = 0; i < mine->n; i++) {
        const struct base_cell *c = base_find(d->w.base,
                                              (int)(BASE_ROW + level),
                                              mine->rows[i].key);

        if (v->added || row_changed(&d->w, c, d->s, ROW_HERE))
            return true;
        level_enter(&d->w, level, d->s, &mine->rows[i]);
        level_enter(&d->w, level, d->t, NULL);
        if (walk_changed(&d->w, level, mine->rows[i].key, d->s))
            return true;
    }
    return false;
}

/* Rows told apart by their number are written all or not at all. */
static bool
write_all(struct decide *d, struct visit *v, uint32_t level,
          const struct cell_rows *mine)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    struct mr_rows *rows;
    char *to;

    if (!lv->by_position || !list_changed(d, v, level, mine))
        return false;
    to = write_row(d, v);
    if (to == NULL)
        return false;
    rows = (struct mr_rows *)(void *)(to + lv->rows[d->t]);
    while (rows->n < mine->n)
        if (mr_row_add(d->m->cx, rows, lv->size[d->t]) == NULL)
            return false;
    return true;
}

/* Rows that a write brought of which nobody heard, and that S has no more. */
static void
decide_sent(struct decide *d, struct visit *v, uint32_t level,
            const struct cell_rows *mine)
{
    const struct base *sent = d->w.sent;

    for (size_t i = 0; i < sent->n; i++) {
        const struct base_cell *c = &sent->cells[i];
        struct pair p = { .outer = v, .level = level, .row = c->row,
                          .at = NOT_WRITTEN };

        if (c->rule != BASE_ROW + level || c->before[0] != v->row ||
            base_sent(sent, c->rule, c->row, d->t, BASE_THERE) != c ||
            level_find(mine, c->row) != NULL ||
            base_find(d->w.base, c->rule, c->row) != NULL)
            continue;
        enter(d, &p);
        remove_row(d, &p, MERGE_COPY);
    }
}

void
decide_list(struct decide *d, struct visit *v, uint32_t level)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    struct cell_rows mine, theirs = { 0 };
    uint32_t at;
    bool all;

    if (!lv->runs[d->t])
        return;
    level_rows(&d->w, level, d->s, v->row, &mine);
    if (d->m->record[d->t] != NULL && !v->added)
        level_rows(&d->w, level, d->t, v->row, &theirs);
    if (d->w.twice != NULL)
        return;
    all = write_all(d, v, level, &mine);
    for (size_t i = 0; i < mine.n; i++)
        decide_one(d, v, level, mine.rows[i].key, &mine, &theirs,
                   all ? (uint32_t)i : NOT_WRITTEN);
    for (size_t i = 0; i < theirs.n; i++)
        if (level_find(&mine, theirs.rows[i].key) == NULL)
            decide_one(d, v, level, theirs.rows[i].key, &mine, &theirs,
                       NOT_WRITTEN);
    if (!d->in->readable[d->t] && mine.known)
        decide_sent(d, v, level, &mine);
    at = v->added ? 0 : index_first(&d->w, level, v->row);
    for (; at != 0; at = index_next(&d->w, at)) {
        uint64_t row = index_cell(&d->w, at)->row;

        if (level_find(&mine, row) == NULL && level_find(&theirs, row) == NULL)
            decide_one(d, v, level, row, &mine, &theirs, NOT_WRITTEN);
    }
}
