/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was decided, for the store: one row a cell of a change, with both
 * values where they are not personal; what a person is asked, sealed.
 */
#include "repl/engine_state.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { VALUE_MAX = 80, CELLS_MAX = 500 };

static const char *
side_name(const struct mr_map *map, int side)
{
    return side == MR_LEFT ? map->left : map->right;
}

static const struct mr_decider *
decider_of(const struct mr_repl *repl, int rule)
{
    const struct mr_rule *r = &repl->rules[rule];

    return r->group > 0 ? &repl->groups[r->group - 1].decider : &r->decider;
}

/* "newest by cloud.ChangedOn" */
static const char *
policy_text(struct engine *e, struct outcome *o, const struct mr_map *map,
            int rule)
{
    const struct mr_decider *d;
    const char *owner;
    char text[200] = "";

    if (rule < 0 || rule >= map->repl->n_rules)
        return "";
    d = decider_of(map->repl, rule);
    owner = side_name(map, d->side);
    switch ((enum mr_policy)d->policy) {
    case MR_POLICY_NONE:
        break;
    case MR_POLICY_OWNER:
        snprintf(text, sizeof text, "owner %s", owner);
        break;
    case MR_POLICY_OWNER_UNLESS_EMPTY:
        snprintf(text, sizeof text, "owner %s unless empty", owner);
        break;
    case MR_POLICY_NEWEST:
        snprintf(text, sizeof text, "newest%s%s",
                 d->by == NULL ? "" : " by ",
                 d->by == NULL ? "" : d->by->name);
        break;
    case MR_POLICY_MIN: return "min";
    case MR_POLICY_MAX: return "max";
    case MR_POLICY_SUM: return "sum";
    case MR_POLICY_UNION: return "union";
    case MR_POLICY_KEEP_BOTH: return "keep both";
    case MR_POLICY_ASK: return "ask";
    }
    owner = keep_text(e, &o->mem, text);
    return owner == NULL ? "" : owner;
}

/* Cut where a character ends. */
static const char *
value_text(struct engine *e, struct outcome *o, struct mr_val v)
{
    uint32_t n = v.n;

    if (v.state == MR_MISSING || v.state == MR_FAILED)
        return NULL;
    if (n > VALUE_MAX)
        for (n = VALUE_MAX; n > 0 && ((unsigned char)v.p[n] & 0xc0) == 0x80;)
            n--;
    return keep_slice(e, &o->mem, v.p, n);
}

static bool
is_personal(const struct mr_repl *repl, int rule)
{
    return rule < 0 || rule >= repl->n_rules || repl->rules[rule].personal;
}

static json_t *
json_value(struct mr_val v)
{
    if (v.state == MR_MISSING || v.state == MR_FAILED)
        return json_null();
    return json_stringn_nocheck(v.p, v.n);
}

static json_t *
cell_json(const struct flow *f, const struct merge_cell *c)
{
    const struct mr_repl *repl = f->repl;
    bool left = f->side == MR_LEFT;
    char row[24];

    snprintf(row, sizeof row, "%llu", (unsigned long long)c->row);
    return json_pack("{s:i,s:s,s:s,s:o,s:o}", "rule", c->rule, "row", row,
                     "at", c->rule >= 0 && c->rule < repl->n_rules
                               ? repl->rules[c->rule].at : "",
                     "left", json_value(left ? c->mine : c->theirs),
                     "right", json_value(left ? c->theirs : c->mine));
}

static struct mr_bytes
sealed_json(struct engine *e, struct keep *k, json_t *j)
{
    struct mr_bytes out = { "", 0 };
    char *text = j == NULL ? NULL : json_dumps(j, JSON_COMPACT);

    if (text == NULL)
        engine_fail(e, MR_EMEMORY);
    else
        out = st_seal(e, k, text, strlen(text));
    free(text);
    json_decref(j);
    return out;
}

void
outcome_note(struct engine *e, struct item *it, const struct merge_cell *c,
             enum store_outcome what)
{
    const struct flow *f = it->flow;
    struct outcome *o = &it->outcome;
    struct noted *n = keep_alloc(e, &o->mem, sizeof *n);
    bool left = f->side == MR_LEFT;

    if (n == NULL)
        return;
    memset(n, 0, sizeof *n);
    n->d.rule = c->rule;
    n->d.row = c->row;
    n->d.from = (uint8_t)(c->how == MERGE_LOST ? 1 - f->side
                          : c->again ? c->origin : f->side);
    n->d.outcome = c->again && what == DECIDED_COPIED ? DECIDED_AGAIN : what;
    n->d.policy = what == DECIDED_CONFLICT ? policy_text(e, o, f->map, c->rule)
                                           : "";
    if (is_personal(f->repl, c->rule)) {
        n->d.detail = sealed_json(e, &o->mem, cell_json(f, c));
    } else {
        n->d.left = value_text(e, o, left ? c->mine : c->theirs);
        n->d.right = value_text(e, o, left ? c->theirs : c->mine);
    }
    *o->notes_end = n;
    o->notes_end = &n->next;
}

/* The record as a whole. */
static void
note_record(struct engine *e, struct item *it, enum store_outcome what)
{
    struct outcome *o = &it->outcome;
    struct noted *n = keep_alloc(e, &o->mem, sizeof *n);

    if (n == NULL)
        return;
    memset(n, 0, sizeof *n);
    n->d.rule = -1;
    n->d.from = (uint8_t)it->flow->side;
    n->d.outcome = what;
    n->d.policy = "";
    *o->notes_end = n;
    o->notes_end = &n->next;
}

void
outcome_record(struct engine *e, struct item *it, enum store_outcome what)
{
    if (!e->set.dry)
        note_record(e, it, what);
}

void
outcome_cells(struct engine *e, struct item *it, const struct merge_result *r)
{
    struct outcome *o = &it->outcome;
    bool creates = it->link == 0 && !o->matched;

    if (e->set.dry)
        return;
    if (it->link == 0)
        note_record(e, it, o->matched ? DECIDED_MATCHED : DECIDED_CREATED);
    for (size_t i = 0; i < r->n_cells && i < CELLS_MAX && !creates; i++) {
        const struct merge_cell *c = &r->cells[i];

        switch (c->how) {
        case MERGE_COPY:
            outcome_note(e, it, c, DECIDED_COPIED);
            break;
        case MERGE_WON: case MERGE_LOST: case MERGE_JOINED:
            outcome_note(e, it, c, DECIDED_CONFLICT);
            break;
        case MERGE_KEPT:
            outcome_note(e, it, c, DECIDED_KEPT);
            break;
        case MERGE_SAME: case MERGE_THEIRS: case MERGE_ASKED:
            break;
        }
    }
}

void
outcome_asked(struct engine *e, struct item *it, const struct merge_result *r)
{
    struct outcome *o = &it->outcome;
    const struct mr_repl *repl = it->flow->repl;
    json_t *cells = json_array();

    o->asked_at = "";
    for (size_t i = 0; i < r->n_cells && i < CELLS_MAX; i++) {
        const struct merge_cell *c = &r->cells[i];

        if (c->how != MERGE_ASKED)
            continue;
        if (*o->asked_at == '\0' && c->rule >= 0 && c->rule < repl->n_rules)
            o->asked_at = repl->rules[c->rule].at;
        json_array_append_new(cells, cell_json(it->flow, c));
    }
    o->detail = sealed_json(e, &o->mem, json_pack("{s:o}", "cells", cells));
}

/* A deletion on S that meets a change on T, or the other way round. The record
 * that is left is told from later ones by its hash. */
struct mr_bytes
deletion_asked(struct engine *e, struct item *it, int deleted,
               uint64_t left_over)
{
    char hash[20];

    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)left_over);
    return sealed_json(e, &it->outcome.mem,
                       json_pack("{s:s,s:[{s:i,s:s,s:s,s:s}]}", "record", hash,
                                 "cells", "rule", -1, "row", "0",
                                 "left", deleted == MR_LEFT ? "deleted"
                                                            : "changed",
                                 "right", deleted == MR_RIGHT ? "deleted"
                                                              : "changed"));
}
