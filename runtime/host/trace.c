/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --trace: what became of one target field. The conversions report each step;
 * the steps since the last target belong to the next one.
 */
#include "host/host.h"

static void
on_step(void *arg, const char *name, struct mr_val v)
{
    struct host_trace *t = arg;

    if (t->n_steps == TRACE_STEPS_MAX) {
        t->more_steps++;
        return;
    }
    t->names[t->n_steps] = name;
    t->values[t->n_steps++] = v;
}

static FILE *
out_of(const struct host_trace *t)
{
    return t->out != NULL ? t->out : stderr;
}

static void
print_value(const struct host_trace *t, const char *what, struct mr_val v,
            bool personal)
{
    FILE *out = out_of(t);

    fprintf(out, "  %-12s ", what);
    host_show(out, v, personal && !t->show_personal);
    if (v.state == MR_FAILED)
        fprintf(out, ": %s", mr_why_words(v.why));
    fputc('\n', out);
}

static void
print(struct host_trace *t, const struct mr_target *target, struct mr_val v)
{
    FILE *out = out_of(t);

    if (t->document > 0)
        fprintf(out, "document %llu: ", (unsigned long long)t->document);
    fprintf(out, "%s\n  %s: %s\n", target->field, target->at, target->rule);
    for (uint32_t i = 0; i < target->n_reads; i++)
        print_value(t, target->reads[i].name,
                    host_field(t->frame, &target->reads[i]),
                    target->personal);
    for (size_t i = 0; i < t->n_steps; i++)
        print_value(t, t->names[i], t->values[i], target->personal);
    if (t->more_steps > 0)
        fprintf(out, "  and %zu more steps\n", t->more_steps);
    print_value(t, v.state == MR_FAILED ? "fails" : "result", v,
                target->personal);
}

static void
on_put(void *arg, const struct mr_target *target, struct mr_val v)
{
    struct host_trace *t = arg;

    for (size_t i = 0; i < t->n_targets; i++) {
        if (t->targets[i] != target)
            continue;
        /* What its fate made of a failed value comes right behind it. */
        if (t->failed == target)
            print_value(t, "instead", v, target->personal);
        else
            print(t, target, v);
    }
    t->failed = v.state == MR_FAILED ? target : NULL;
    t->n_steps = t->more_steps = 0;
}

/* "erp.KUNNR" or "KUNNR" */
static bool
names_field(const struct mr_target *target, const char *field)
{
    const char *dot = strchr(target->field, '.');

    return strcmp(target->field, field) == 0 ||
           (dot != NULL && strcmp(dot + 1, field) == 0);
}

static bool
unknown_field(const struct host *h, const struct mr_flow *flow,
              const char *field)
{
    const char *best = NULL;

    for (uint32_t i = 0; i < flow->n_targets && best == NULL; i++) {
        const char *one = flow->targets[i]->field;
        const char *dot = strchr(one, '.');

        best = host_closest(field, &one, 1);
        if (best == NULL && dot != NULL) {
            dot++;
            best = host_closest(field, &dot, 1);
        }
    }
    fprintf(stderr, "%s map: no rule in this direction sets %s", h->name,
            field);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return false;
}

bool
host_trace_init(const struct host *h, struct host_trace *t,
                const struct mr_flow *flow, const char *field)
{
    memset(t, 0, sizeof *t);
    t->hooks.step = on_step;
    t->hooks.put = on_put;
    t->hooks.arg = t;
    for (uint32_t i = 0; i < flow->n_targets; i++)
        if (names_field(flow->targets[i], field) &&
            t->n_targets < TRACE_TARGETS_MAX)
            t->targets[t->n_targets++] = flow->targets[i];
    return t->n_targets > 0 || unknown_field(h, flow, field);
}
