/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what the command explain found: link, values, decisions, steps. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "host/explain.h"

/* "cloud.Name" or "Name" */
static bool
names_field(const struct mr_field *f, const char *name)
{
    const char *dot = strchr(f->name, '.');

    return strcmp(f->name, name) == 0 ||
           (dot != NULL && strcmp(dot + 1, name) == 0);
}

bool
explain_sets(const struct explaining *x, const struct mr_rule *r)
{
    if (!r->runs[x->to])
        return false;
    for (uint16_t k = 0; k < r->n_fields[x->to]; k++)
        if (x->field == NULL || names_field(&r->fields[x->to][k], x->field))
            return true;
    return false;
}

static void
print_values(const struct explaining *x, const struct mr_rule *r, int side,
             const struct mr_field *fields, uint16_t n)
{
    const char *system = common_system(x->map, side);

    /* Rows of lists are shown by the trace. */
    if (r->level != 0 || n == 0)
        return;
    if (x->m.record[side] == NULL) {
        printf("  now in %s: not known: %s\n", system, x->live[side].why);
        return;
    }
    for (uint16_t k = 0; k < n && x->frame != NULL; k++) {
        printf("  now in %s: %s ", system, fields[k].name);
        host_show(stdout, host_field(x->frame, &fields[k]),
                  r->personal && !x->personal);
        putchar('\n');
    }
}

static void
print_agreed(struct explaining *x, int rule)
{
    bool any = false;
    char at[32];

    for (size_t i = 0; i < x->base.n; i++) {
        const struct base_cell *c = &x->base.cells[i];

        if (c->rule != rule || c->more != 0)
            continue;
        printf("  %s %.19s, the value came from %s%s\n",
               any ? "       and" : "agreed", host_time_text(
                   (int64_t)c->at * 1000000, at),
               common_system(x->map, decision_origin(&x->s, x->link.id, c)),
               c->row != 0 ? " (a row)" : "");
        any = true;
    }
    if (!any)
        puts(x->linked ? "  nothing was agreed about it yet"
                       : "  the record is not linked yet");
}

static void
print_candidate(const struct explaining *x, const char *name,
                const char *value, const json_t *sealed)
{
    if (sealed != NULL && !x->personal)
        printf("      %-8s (personal)\n", name);
    else if (json_is_string(sealed))
        printf("      %-8s \"%s\"\n", name, json_string_value(sealed));
    else if (value != NULL)
        printf("      %-8s \"%s\"\n", name, value);
}

static void
print_decision(struct explaining *x, const struct store_decision *d)
{
    json_t *sealed = decision_values(&x->s, d->detail);
    char at[32];

    printf("    %.19s %s%s%s: %s's value\n", host_time_text(d->at, at),
           decision_outcome(d->outcome), d->policy[0] != '\0' ? ", " : "",
           d->policy, common_system(x->map, d->from));
    print_candidate(x, x->map->left, d->left, json_object_get(sealed, "left"));
    print_candidate(x, x->map->right, d->right,
                    json_object_get(sealed, "right"));
    print_candidate(x, "before", d->base, NULL);
    json_decref(sealed);
}

static int
print_decisions(struct explaining *x, int rule)
{
    struct store_query q = { .link = x->link.id };
    struct store_decision d;
    unsigned shown = 0;
    enum mr_status st = MR_END;

    while (x->linked && shown < DECISIONS_SHOWN &&
           (st = x->s.store->ops->decision_next(&x->s.cx, x->s.store, &q,
                                                &d)) == MR_OK) {
        q.after = d.id;
        if (d.rule != rule)
            continue;
        if (shown++ == 0)
            puts("  decided");
        print_decision(x, &d);
    }
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(&x->s, "explain");
}

/* Does it wait? For this record, or for this rule of it. */
static int
print_parked(struct explaining *x)
{
    struct store_query q = { .link = x->linked ? x->link.id : 0,
                             .map = x->linked ? NULL : x->map->name,
                             .key = x->linked ? NULL : x->key };
    struct store_parked p;
    enum mr_status st = MR_END;

    while (x->s.store != NULL &&
           (st = x->s.store->ops->parked_next(&x->s.cx, x->s.store, &q, &p)) ==
               MR_OK) {
        q.after = p.id;
        printf("parked as %" PRId64 " (%s): %s\n", p.id, parked_kind(p.kind),
               p.reason);
    }
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(&x->s, "explain");
}

const struct merge_cell *
explain_cell(const struct explaining *x, int rule)
{
    for (size_t i = 0; i < x->result.n_cells; i++)
        if (x->result.cells[i].rule == rule &&
            x->result.cells[i].how != MERGE_SAME)
            return &x->result.cells[i];
    return NULL;
}

static void
print_state(const struct explaining *x, int rule)
{
    int from = 1 - x->to;
    const char *mine = common_system(x->map, from);
    const char *theirs = common_system(x->map, x->to);
    const struct merge_cell *c = x->decided ? explain_cell(x, rule) : NULL;
    enum merge_how how = c == NULL ? MERGE_SAME : c->how;

    if (!x->decided)
        return;
    switch (how) {
    case MERGE_SAME:
        puts("  both systems agree");
        break;
    case MERGE_COPY:
        printf("  %s has changed; it will be written to %s\n", mine, theirs);
        break;
    case MERGE_THEIRS:
        printf("  %s has changed; it will be written to %s\n", theirs, mine);
        break;
    case MERGE_WON:
    case MERGE_LOST:
    case MERGE_JOINED:
    case MERGE_KEPT:
        printf("  both have changed; the value of %s will be taken\n",
               how == MERGE_JOINED || how == MERGE_KEPT ? "both"
               : how == MERGE_WON ? mine : theirs);
        break;
    case MERGE_ASKED:
        puts("  both have changed; a person decides");
        break;
    }
}

/* --- how it comes about --- */

/* The steps that make the field of the other system's present record. */
static void
trace(struct explaining *x)
{
    struct mr_cx *cx = &x->s.engine_cx;
    const struct mr_flow *flow =
        x->to == MR_RIGHT ? x->map->to_right : x->map->to_left;
    struct host_trace t;
    bool good = true;

    if (x->m.record[1 - x->to] == NULL || flow == NULL)
        return;
    if (x->m.frame[x->to] == NULL)
        x->m.frame[x->to] = mr_alloc(cx, x->map->frame_size);
    if (x->m.frame[x->to] == NULL)
        return;
    if (x->field != NULL) {
        good = host_trace_init(x->s.h, &t, flow, x->field);
        t.out = stdout;
        t.frame = x->m.frame[x->to];
        t.show_personal = x->personal;
        cx->trace = good ? &t.hooks : NULL;
        printf("how it comes about from %s now\n",
               common_system(x->map, 1 - x->to));
    }
    merge_translate(&x->m, x->to);
    cx->trace = NULL;
    if (!x->m.takes[x->to])
        puts("  it does not: the record does not take part (where)");
    if (x->m.verdict[x->to].n > 0) {
        cx->verdict = x->m.verdict[x->to];
        host_report_findings(stdout, 1, cx, x->personal);
    }
}

void
explain_decide(struct explaining *x)
{
    struct merge_input in = { .from = 1 - x->to, .cut_refs = true };
    struct mr_cx *cx = &x->s.engine_cx;

    if (x->linked && x->link.base.n > 0 &&
        base_unpack(cx, x->map->repl, x->link.base, &x->base) == MR_OK)
        in.base = &x->base;
    memset(&cx->error, 0, sizeof cx->error);
    if (x->m.record[0] == NULL || x->m.record[1] == NULL)
        return;
    in.readable[0] = in.readable[1] = true;
    x->decided = merge_decide(&x->m, &in, &x->result) == MR_OK &&
                 x->m.verdict[x->to].n == 0;
    memset(&cx->error, 0, sizeof cx->error);
}

static void
print_link(const struct explaining *x)
{
    const struct mr_repl *r = x->map->repl;
    char key[256], made[32];
    int from = 1 - x->to;

    printf("%s %s %s (map %s)\n", common_system(x->map, x->to),
           r->tech[x->to].object, host_key_text(x->key, key, sizeof key),
           x->map->name);
    if (!x->linked) {
        puts("is not linked with a record of the other system");
        return;
    }
    printf("is one with %s %s %s, since %.19s\n",
           common_system(x->map, from), r->tech[from].object,
           x->link.keys[from][0] != '\0'
               ? host_key_text(x->link.keys[from], key, sizeof key)
               : x->link.ids[from],
           host_time_text(x->link.made, made));
    for (int side = 0; side < 2; side++)
        if (x->link.gone[side])
            printf("was deleted in %s\n", common_system(x->map, side));
}

void
explain_unknown_field(const struct explaining *x)
{
    const struct mr_repl *r = x->map->repl;
    const char *best = NULL;

    for (uint16_t i = 0; i < r->n_rules && best == NULL; i++)
        for (uint16_t k = 0; r->rules[i].runs[x->to] && best == NULL &&
                             k < r->rules[i].n_fields[x->to]; k++) {
            const char *name = r->rules[i].fields[x->to][k].name;
            const char *names[2] = { name, strchr(name, '.') };

            if (names[1] != NULL)
                names[1]++;
            best = host_closest(x->field, names, names[1] != NULL ? 2 : 1);
        }
    fprintf(stderr, "%s explain: no rule of %s sets %s in %s", x->s.h->name,
            x->map->name, x->field, common_system(x->map, x->to));
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
}

int
explain_tell(struct explaining *x)
{
    const struct mr_repl *r = x->map->repl;
    unsigned shown = 0;
    int code;

    print_link(x);
    code = print_parked(x);
    if (!x->linked && x->no_record) {
        printf("there is no such record in %s\n",
               common_system(x->map, x->to));
        return code == HOST_OK ? HOST_USAGE : code;
    }
    explain_decide(x);
    for (int i = 0; i < r->n_rules && code == HOST_OK; i++) {
        const struct mr_rule *rule = &r->rules[i];

        if (!explain_sets(x, rule))
            continue;
        shown++;
        printf("\n%s: %s\n", rule->at, rule->rule);
        print_agreed(x, i);
        print_values(x, rule, x->to, rule->fields[x->to],
                     rule->n_fields[x->to]);
        print_values(x, rule, 1 - x->to, rule->reads[x->to],
                     rule->n_reads[x->to]);
        print_state(x, i);
        code = print_decisions(x, i);
    }
    if (code == HOST_OK && shown == 0 && x->field != NULL) {
        explain_unknown_field(x);
        return HOST_USAGE;
    }
    putchar('\n');
    trace(x);
    return code;
}

