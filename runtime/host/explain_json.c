/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the command explain found, as one JSON object: all that the text says,
 * under names that stay. docs/program.md has them.
 */
#include <jansson.h>
#include <stdlib.h>

#include "host/explain.h"

/* The object that is made. A member that is lost is an error, not a gap. */
struct making {
    struct explaining *x;
    bool failed;
};

static void
put(struct making *g, json_t *o, const char *name, json_t *v)
{
    g->failed |= json_object_set_new(o, name, v) != 0;
}

static void
put_text(struct making *g, json_t *o, const char *name, const char *text)
{
    put(g, o, name, json_string(text));
}

static void
put_time(struct making *g, json_t *o, const char *name, int64_t at)
{
    char text[32];

    put_text(g, o, name, host_time_text(at, text));
}

static void
add(struct making *g, json_t *list, json_t *v)
{
    g->failed |= json_array_append_new(list, v) != 0;
}

/* --- values --- */

static void
put_value(struct making *g, json_t *o, struct mr_val v, bool personal)
{
    static const char *const states[] = {
        [MR_MISSING] = "missing", [MR_EMPTY] = "empty", [MR_HERE] = "value",
        [MR_FAILED] = "failed"
    };

    put_text(g, o, "state", states[v.state]);
    if (v.state == MR_FAILED)
        put_text(g, o, "reason", mr_why_words((enum mr_why)v.why));
    if (v.state != MR_HERE && v.state != MR_FAILED)
        return;
    if (personal && !g->x->personal)
        put(g, o, "personal", json_true());
    else
        put(g, o, "value", json_stringn(v.n > 0 ? v.p : "", v.n));
}

static json_t *
named_value(struct making *g, const char *key, const char *name,
            struct mr_val v, bool personal)
{
    json_t *o = json_object();

    put_text(g, o, key, name);
    put_value(g, o, v, personal);
    return o;
}

static void
add_now(struct making *g, json_t *list, const struct mr_rule *r, int side,
        const struct mr_field *fields, uint16_t n)
{
    const struct explaining *x = g->x;
    const char *system = common_system(x->map, side);
    json_t *o;

    if (r->level != 0 || n == 0)
        return;
    if (x->m.record[side] == NULL) {
        o = json_object();
        put_text(g, o, "system", system);
        put_text(g, o, "unknown", x->live[side].why);
        add(g, list, o);
        return;
    }
    for (uint16_t k = 0; k < n && x->frame != NULL; k++) {
        o = named_value(g, "field", fields[k].name,
                        host_field(x->frame, &fields[k]), r->personal);
        put_text(g, o, "system", system);
        add(g, list, o);
    }
}

/* --- what was agreed and decided --- */

static json_t *
agreed(struct making *g, int rule)
{
    const struct explaining *x = g->x;
    json_t *list = json_array();

    for (size_t i = 0; i < x->base.n; i++) {
        const struct base_cell *c = &x->base.cells[i];
        json_t *o;

        if (c->rule != rule || c->more != 0)
            continue;
        o = json_object();
        put_time(g, o, "at", (int64_t)c->at * 1000000);
        put_text(g, o, "from", common_system(x->map, decision_origin(
                                   &g->x->s, x->link.id, c)));
        put(g, o, "row", json_boolean(c->row != 0));
        add(g, list, o);
    }
    return list;
}

/* One candidate: kept in the clear, or sealed because it is personal. */
static void
put_candidate(struct making *g, json_t *candidates, const char *system,
              const char *plain, const json_t *sealed)
{
    json_t *o;

    if (plain == NULL && sealed == NULL)
        return;
    o = json_object();
    put_text(g, o, "system", system);
    if (sealed != NULL && !g->x->personal)
        put(g, o, "personal", json_true());
    else if (sealed != NULL)
        put(g, o, "value", json_deep_copy(sealed));
    else
        put_text(g, o, "value", plain);
    add(g, candidates, o);
}

static json_t *
decision(struct making *g, const struct store_decision *d)
{
    const struct mr_map *map = g->x->map;
    json_t *sealed = decision_values(&g->x->s, d->detail);
    json_t *o = json_object(), *candidates = json_array();

    put_time(g, o, "at", d->at);
    put_text(g, o, "outcome", decision_outcome(d->outcome));
    put_text(g, o, "policy", d->policy);
    put_text(g, o, "from", common_system(map, d->from));
    put_candidate(g, candidates, map->left, d->left,
                  json_object_get(sealed, "left"));
    put_candidate(g, candidates, map->right, d->right,
                  json_object_get(sealed, "right"));
    put(g, o, "candidates", candidates);
    if (d->base != NULL)
        put_text(g, o, "before", d->base);
    json_decref(sealed);
    return o;
}

static int
put_decisions(struct making *g, json_t *to, int rule)
{
    struct session *s = &g->x->s;
    struct store_query q = { .link = g->x->link.id };
    struct store_decision d;
    json_t *list = json_array();
    enum mr_status st = MR_END;

    while (g->x->linked && json_array_size(list) < DECISIONS_SHOWN &&
           (st = s->store->ops->decision_next(&s->cx, s->store, &q, &d)) ==
               MR_OK) {
        q.after = d.id;
        if (d.rule == rule)
            add(g, list, decision(g, &d));
    }
    put(g, to, "decisions", list);
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(s, "explain");
}

static int
put_parked(struct making *g, json_t *to)
{
    struct explaining *x = g->x;
    struct store_query q = { .link = x->linked ? x->link.id : 0,
                             .map = x->linked ? NULL : x->map->name,
                             .key = x->linked ? NULL : x->key };
    struct store_parked p;
    json_t *list = json_array(), *o;
    enum mr_status st = MR_END;

    while (x->s.store != NULL &&
           (st = x->s.store->ops->parked_next(&x->s.cx, x->s.store, &q, &p)) ==
               MR_OK) {
        q.after = p.id;
        o = json_object();
        put(g, o, "id", json_integer(p.id));
        put_text(g, o, "kind", parked_kind(p.kind));
        put_text(g, o, "reason", p.reason);
        add(g, list, o);
    }
    put(g, to, "parked", list);
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(&x->s, "explain");
}

/* --- what would be done now --- */

static void
put_next(struct making *g, json_t *to, int rule)
{
    const struct explaining *x = g->x;
    const struct merge_cell *c = x->decided ? explain_cell(x, rule) : NULL;
    enum merge_how how = c == NULL ? MERGE_SAME : c->how;
    bool mine = how == MERGE_COPY || how == MERGE_WON;
    bool both = how == MERGE_JOINED || how == MERGE_KEPT;
    const char *what = !x->decided          ? "unknown"
                       : how == MERGE_SAME  ? "nothing"
                       : how == MERGE_ASKED ? "ask"
                       : how == MERGE_COPY || how == MERGE_THEIRS ? "write"
                                            : "conflict";
    json_t *o = json_object();

    put_text(g, o, "what", what);
    if (both)
        put_text(g, o, "from", "both");
    else if (how != MERGE_SAME && how != MERGE_ASKED)
        put_text(g, o, "from",
                 common_system(x->map, mine ? 1 - x->to : x->to));
    put(g, to, "next", o);
}

static int
add_rule(struct making *g, json_t *rules, int i)
{
    const struct explaining *x = g->x;
    const struct mr_rule *r = &x->map->repl->rules[i];
    json_t *o = json_object(), *now = json_array();
    int code;

    put_text(g, o, "at", r->at);
    put_text(g, o, "rule", r->rule);
    put(g, o, "agreed", agreed(g, i));
    add_now(g, now, r, x->to, r->fields[x->to], r->n_fields[x->to]);
    add_now(g, now, r, 1 - x->to, r->reads[x->to], r->n_reads[x->to]);
    put(g, o, "now", now);
    put_next(g, o, i);
    code = put_decisions(g, o, i);
    add(g, rules, o);
    return code;
}

/* --- how it comes about --- */

/* Collects the steps of a trace; the hooks' argument, so `t` is first. */
struct tracing {
    struct host_trace t;
    struct making *g;
    json_t *list;
    json_t *last;               /* the target put last, of the list */
};

static json_t *
traced(struct tracing *k, const struct mr_target *target, struct mr_val v)
{
    struct making *g = k->g;
    json_t *o = json_object(), *reads = json_array(), *steps = json_array();
    json_t *result = json_object();

    put_text(g, o, "field", target->field);
    put_text(g, o, "at", target->at);
    put_text(g, o, "rule", target->rule);
    for (uint32_t i = 0; i < target->n_reads; i++)
        add(g, reads, named_value(g, "field", target->reads[i].name,
                                  host_field(k->t.frame, &target->reads[i]),
                                  target->personal));
    put(g, o, "reads", reads);
    for (size_t i = 0; i < k->t.n_steps; i++)
        add(g, steps, named_value(g, "name", k->t.names[i], k->t.values[i],
                                  target->personal));
    put(g, o, "steps", steps);
    put(g, o, "more_steps", json_integer((json_int_t)k->t.more_steps));
    put_value(g, result, v, target->personal);
    put(g, o, "result", result);
    return o;
}

static void
on_put(void *arg, const struct mr_target *target, struct mr_val v)
{
    struct tracing *k = arg;

    for (size_t i = 0; i < k->t.n_targets; i++) {
        if (k->t.targets[i] != target)
            continue;
        if (k->t.failed == target && k->last != NULL) {
            json_t *instead = json_object();

            put_value(k->g, instead, v, target->personal);
            put(k->g, k->last, "instead", instead);
        } else {
            k->last = traced(k, target, v);
            add(k->g, k->list, k->last);
            if (k->g->failed)
                k->last = NULL;         /* it may be gone */
        }
    }
    k->t.failed = v.state == MR_FAILED ? target : NULL;
    k->t.n_steps = k->t.more_steps = 0;
}

static void
put_findings(struct making *g, json_t *to, const struct mr_verdict *verdict)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < verdict->n && i < MR_FINDINGS_MAX; i++) {
        const struct mr_finding *f = &verdict->findings[i];
        json_t *o = named_value(g, "field", f->target->field, f->value,
                                f->target->personal);

        put_text(g, o, "at", f->target->at);
        put_text(g, o, "rule", f->target->rule);
        put_text(g, o, "outcome", f->target->fate == MR_FATE_REJECT
                                      ? "rejected" : "parked");
        add(g, list, o);
    }
    put(g, to, "findings", list);
}

/* As the text does: from the other system's present record. */
static void
put_trace(struct making *g, json_t *to)
{
    struct explaining *x = g->x;
    struct mr_cx *cx = &x->s.engine_cx;
    const struct mr_flow *flow =
        x->to == MR_RIGHT ? x->map->to_right : x->map->to_left;
    struct tracing k = { .g = g, .list = json_array() };

    if (x->m.frame[x->to] == NULL)
        x->m.frame[x->to] = mr_alloc(cx, x->map->frame_size);
    if (x->m.record[1 - x->to] != NULL && flow != NULL &&
        x->m.frame[x->to] != NULL) {
        bool good = x->field != NULL &&
                    host_trace_init(x->s.h, &k.t, flow, x->field);

        k.t.hooks.put = on_put;
        k.t.frame = x->m.frame[x->to];
        cx->trace = good ? &k.t.hooks : NULL;
        merge_translate(&x->m, x->to);
        cx->trace = NULL;
        put(g, to, "takes_part", json_boolean(x->m.takes[x->to]));
        put_findings(g, to, &x->m.verdict[x->to]);
    }
    put(g, to, "steps", k.list);
}

/* --- all of it --- */

static void
put_link(struct making *g, json_t *to)
{
    const struct explaining *x = g->x;
    const struct store_link *l = &x->link;
    int from = 1 - x->to;
    json_t *o = json_object(), *deleted = json_array();
    char key[256];

    if (!x->linked) {
        json_decref(o);
        json_decref(deleted);
        put(g, to, "link", json_null());
        return;
    }
    put_text(g, o, "system", common_system(x->map, from));
    put_text(g, o, "object", x->map->repl->tech[from].object);
    put_text(g, o, "key", host_key_text(l->keys[from], key, sizeof key));
    put_text(g, o, "record", l->ids[from]);
    put_time(g, o, "since", l->made);
    for (int side = 0; side < 2; side++)
        if (l->gone[side])
            add(g, deleted, json_string(common_system(x->map, side)));
    put(g, o, "deleted_in", deleted);
    put(g, to, "link", o);
}

static void
put_head(struct making *g, json_t *to)
{
    const struct explaining *x = g->x;
    char key[256];

    put_text(g, to, "system", common_system(x->map, x->to));
    put_text(g, to, "object", x->map->repl->tech[x->to].object);
    put_text(g, to, "map", x->map->name);
    put_text(g, to, "key", host_key_text(x->key, key, sizeof key));
    put(g, to, "field", x->field != NULL ? json_string(x->field)
                                         : json_null());
    put(g, to, "found", json_boolean(x->linked || !x->no_record));
    put_link(g, to);
}

/* HOST_OK where `to` is complete. */
static int
make(struct making *g, json_t *to)
{
    struct explaining *x = g->x;
    const struct mr_repl *r = x->map->repl;
    json_t *rules = json_array();
    int code;

    put_head(g, to);
    code = put_parked(g, to);
    if (!x->linked && x->no_record) {
        json_decref(rules);
        return code == HOST_OK ? HOST_USAGE : code;
    }
    explain_decide(x);
    for (int i = 0; i < r->n_rules && code == HOST_OK; i++)
        if (explain_sets(x, &r->rules[i]))
            code = add_rule(g, rules, i);
    if (code == HOST_OK && x->field != NULL && json_array_size(rules) == 0) {
        explain_unknown_field(x);
        g->failed = true;
        code = HOST_USAGE;
    }
    put(g, to, "rules", rules);
    if (code == HOST_OK)
        put_trace(g, to);
    return code;
}

int
explain_tell_json(struct explaining *x)
{
    struct making g = { x, false };
    json_t *to = json_object();
    int code = make(&g, to);
    char *text = g.failed ? NULL : json_dumps(to, JSON_COMPACT);

    json_decref(to);
    if (text != NULL)
        puts(text);
    else if (code == HOST_OK) {
        fprintf(stderr, "%s explain: memory ran out, or a text is not "
                "UTF-8\n", x->s.h->name);
        code = HOST_INTERNAL;
    }
    free(text);
    return code;
}
