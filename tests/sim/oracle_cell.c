/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a value right, after everything came to rest? What counts as a lost update
 * and what does not, for each policy:
 *
 * Since both sides last agreed, a value was put by users of no side, of one, or
 * of both. By none: it is what it was. By one: it is, on both sides, the last
 * that this side's users put, whatever the policy, whatever went wrong. By
 * both: whether they knew of each other depends on what replication had brought
 * over by then, so the value is one of the two last ones that were put on a
 * side; no older one and no other one. (But an older one of a side that sends
 * messages and can't be asked: a write may replace the last one there before
 * its message comes, and it may come behind the message that tells of that
 * write.) Of these,
 *   owner          the owner's, where it was put later (one that was put earlier
 *                  may have been known when the other was put) and where the
 *                  owner can be asked (else a write may meet it before its
 *                  message was sent), and where it is not just what a write
 *                  that nobody heard of had replaced (as if it never arrived)
 *   unless empty   the same, if it is not empty
 *   newest         either: times are those of records, and every edit of the
 *                  record, of other fields, too, moves them
 *   min, max       either: only what was put at the same time is compared
 *   sum            none of them: what was agreed and all differences that were
 *                  put on both sides; a person is asked where nothing was
 *                  agreed, or both put something and the answer to a write got
 *                  lost: each side has its own until then, and after that both
 *                  have one of these. Where nothing was agreed, both may have
 *                  had the same at some time, which is what is added to
 *   union          none of them: all members that were put on both sides
 *   keep both      as above, or each side has its own last
 *   ask            the same, and then a person is asked
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

struct look {
    struct sim *sim;
    const struct sim_track *track;
    const struct sim_rule *rule;
    const struct sim_cell *cell;
    char value[2][SIM_TEXT];
};

static void
wrong(const struct look *l, const char *what)
{
    const struct sim_cell *c = l->cell;

    sim_violation(l->sim,
                  "%s %d%s%s%s%s %s: %s: left \"%s\", right \"%s\"; agreed "
                  "were \"%s\", \"%s\"; put on the left %s%s%s, on the right "
                  "%s%s%s",
                  sim_maps[l->track->map].name, l->track->number,
                  l->track->row[0][0] != '\0' ? "/" : "", l->track->row[0],
                  l->track->row[1][0] != '\0' ? "/" : "", l->track->row[1],
                  l->rule->name, what, l->value[0], l->value[1], c->base[0],
                  c->base[1], c->at[0] != 0 ? "\"" : "",
                  c->at[0] != 0 ? c->last[0] : "nothing",
                  c->at[0] != 0 ? "\"" : "", c->at[1] != 0 ? "\"" : "",
                  c->at[1] != 0 ? c->last[1] : "nothing",
                  c->at[1] != 0 ? "\"" : "");
}

/* What this side would have if there were no replication. */
static const char *
own(const struct sim_cell *c, int side)
{
    return c->at[side] != 0 ? c->last[side] : c->base[side];
}

static bool
is_own(const struct look *l, int side)
{
    return strcmp(l->value[side], own(l->cell, side)) == 0;
}

static bool
same(const struct look *l)
{
    return strcmp(l->value[0], l->value[1]) == 0;
}

static void
check_one_way(const struct look *l)
{
    int source = l->rule->runs[MR_RIGHT] ? MR_LEFT : MR_RIGHT;
    const struct sim_cell *c = l->cell;

    /* Not put since the record was made again from the other side. */
    if (c->at[0] == 0 && c->at[1] == 0 && strcmp(c->base[0], c->base[1]) &&
        is_own(l, 0) && is_own(l, 1))
        return;
    if (!same(l))
        wrong(l, "did not come over");
    else if (!is_own(l, source))
        wrong(l, "changed where it comes from");
}

/* Once both sides had the same, and it is that and all that was put since. */
static bool
is_grounded(const struct look *l)
{
    const struct sim_cell *c = l->cell;

    for (int i = 0; i < c->n_ground && i < SIM_GROUNDS; i++)
        if (atoi(l->value[0]) == c->ground[i] + c->sum)
            return true;
    return false;
}

static void
check_sum(const struct look *l, bool asked)
{
    const struct sim_track *t = l->track;
    int first = t->was || t->added[MR_LEFT] != 0 ? MR_LEFT : MR_RIGHT;
    /* Made twice, or never agreed since: there is no base to add to. */
    bool baseless = (t->added[0] != 0 && t->added[1] != 0) ||
                    (t->was && strcmp(l->cell->base[0], l->cell->base[1]));

    /* Nobody knows what was added to what. */
    bool lost = asked && t->lost && l->cell->at[0] != 0 &&
                l->cell->at[1] != 0;

    if (!same(l) && !(baseless && asked) && !lost)
        wrong(l, "differs");
    else if (!same(l) && !is_own(l, 0) && !is_own(l, 1))
        wrong(l, "is asked about, and is not what either side had");
    else if (!same(l) && !t->lost && (!is_own(l, 0) || !is_own(l, 1)))
        wrong(l, "is asked about, but is not what this side had");
    else if (same(l) && baseless && !is_grounded(l) &&
             (!l->cell->ruled || (!is_own(l, 0) && !is_own(l, 1))))
        wrong(l, "is no sum, and nobody decided so");
    else if (same(l) && !baseless &&
             atoi(l->value[0]) != atoi(l->cell->base[first]) + l->cell->sum)
        wrong(l, "is not the sum of all that was put");
}

static bool
has_member(const char *set, const char *member, size_t n)
{
    for (const char *p = set; p != NULL && *p != '\0';) {
        size_t m = strcspn(p, ";");

        if (m == n && memcmp(p, member, n) == 0)
            return true;
        p += m + (p[m] == ';');
    }
    return false;
}

static bool
has_members(const char *set, const char *of)
{
    for (const char *p = of; *p != '\0';) {
        size_t n = strcspn(p, ";");

        if (n > 0 && !has_member(set, p, n))
            return false;
        p += n + (p[n] == ';');
    }
    return true;
}

static void
check_union(const struct look *l)
{
    if (!has_members(l->value[0], l->value[1]) ||
        !has_members(l->value[1], l->value[0]))
        wrong(l, "differs");
    else if (!has_members(l->value[0], own(l->cell, 0)) ||
             !has_members(l->value[0], own(l->cell, 1)))
        wrong(l, "lost a member");
}

/* Either both agree on one of the last ones, or each has its own. */
static void
check_apart(const struct look *l, bool asked)
{
    const struct sim_cell *c = l->cell;
    bool both = c->at[0] != 0 && c->at[1] != 0;
    bool agreed = strcmp(c->base[0], c->base[1]) == 0;

    if (same(l)) {
        if ((!is_own(l, 0) && !is_own(l, 1)) ||
            (c->ruled && !both && !is_own(l, c->at[0] == 0)))
            wrong(l, "is nobody's value");
        return;
    }
    if (c->ruled && !both)
        wrong(l, "is not what a person decided");
    else if (!is_own(l, 0) || !is_own(l, 1))
        wrong(l, "is kept apart, but is not what this side had");
    else if (l->rule->policy == MR_POLICY_ASK && !asked)
        wrong(l, "differs, and nobody is asked");
    else if (!both && agreed)
        wrong(l, "differs without a conflict");
    else if (!both && l->rule->policy == MR_POLICY_KEEP_BOTH &&
             (c->at[0] != 0 || c->at[1] != 0))
        wrong(l, "did not come over");
}

static bool
is_older(const struct look *l)
{
    for (int i = 0; i < l->cell->n_older && i < SIM_OLDER; i++)
        if (strcmp(l->value[0], l->cell->older[i]) == 0)
            return true;
    return false;
}

static void
check_both_put(const struct look *l)
{
    const struct sim_cell *c = l->cell;
    int owner = l->rule->owner;
    int system = sim_maps[l->track->map].system[owner];
    bool owned = l->sim->systems[system].reads &&
                 (l->rule->policy == MR_POLICY_OWNER ||
                  (l->rule->policy == MR_POLICY_OWNER_UNLESS_EMPTY &&
                   c->last[owner][0] != '\0'));

    if (!is_own(l, 0) && !is_own(l, 1) && !is_older(l))
        wrong(l, "is not what was put last on either side");
    else if (owned && l->track->was && c->at[owner] > c->at[1 - owner] &&
             !c->back[owner] && !is_own(l, owner))
        wrong(l, "is not the owner's, who put it later");
}

static void
check_two_way(const struct look *l)
{
    const struct sim_cell *c = l->cell;

    if (!same(l))
        wrong(l, "differs");
    else if (c->at[0] != 0 && c->at[1] != 0)
        check_both_put(l);
    else if (c->at[0] != 0 && !is_own(l, 0))
        wrong(l, "lost what was put on the left");
    else if (c->at[1] != 0 && !is_own(l, 1))
        wrong(l, "lost what was put on the right");
    else if (c->at[0] == 0 && c->at[1] == 0 && !is_own(l, 0))
        wrong(l, "changed although nobody put it");
}

void
oracle_check_cell(struct sim *sim, const struct sim_track *t, size_t rule,
                  const struct sim_record *left,
                  const struct sim_record *right, bool asked)
{
    struct look l = { .sim = sim, .track = t, .cell = &t->cells[rule],
                      .rule = &sim_maps[t->map].levels[t->level]
                                   .rules[rule] };
    enum mr_policy policy = l.rule->policy;
    bool revived = t->removed[0] != 0 || t->removed[1] != 0;

    rule_get(l.rule, MR_LEFT, left, l.value[MR_LEFT]);
    rule_get(l.rule, MR_RIGHT, right, l.value[MR_RIGHT]);
    sim->oracle.cells++;
    bool apart = policy == MR_POLICY_KEEP_BOTH || policy == MR_POLICY_ASK;
    bool one_way = !l.rule->runs[0] || !l.rule->runs[1];

    /* Made again as far as the other side had it. */
    if (revived) {
        if (!same(&l) && !apart && !one_way)
            wrong(&l, "differs");
    } else if (one_way) {
        check_one_way(&l);
    } else if (apart) {
        check_apart(&l, asked);
    } else if (policy == MR_POLICY_UNION) {
        check_union(&l);
    } else if (policy == MR_POLICY_SUM) {
        check_sum(&l, asked);
    } else {
        check_two_way(&l);
    }
}
