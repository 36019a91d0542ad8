/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decision from its beginning to its end: both translations, the walk through
 * all cells, what is written and what is agreed then.
 */
#include "repl/decide.h"

/* Were only references not found, and may the record do without them? Asked
 * again for each decision about it, when they are cut already. */
static bool
only_refs(const struct mr_verdict *v)
{
    if (v->rejected || v->n > MR_FINDINGS_MAX)
        return false;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->findings[i].value.why != MR_WHY_UNKNOWN_REF ||
            v->findings[i].target->required)
            return false;
    return v->n > 0;
}

static enum mr_status
translate_both(struct decide *d)
{
    struct merge *m = d->m;
    enum mr_status st = MR_OK;

    if (m->made[d->t] == NULL)
        st = merge_translate(m, d->t);
    if (st == MR_OK && m->record[d->t] != NULL)
        st = merge_translate(m, d->s);
    if (st == MR_OK && d->in->cut_refs && only_refs(&m->verdict[d->t])) {
        m->verdict[d->t].parked = false;
        d->out->refs_cut = true;
    }
    return st;
}

static bool
is_held(const struct decide *d)
{
    const struct mr_verdict *v = &d->m->verdict[d->t];

    return v->parked || v->rejected;
}

/* Did a creation of which nobody heard make T's record? It may also have been
 * refused, as there was one of that key: then few values are as they were
 * sent. */
static bool
has_arrived(struct decide *d)
{
    const struct mr_level *map = &d->w.repl->levels[0];
    uint32_t n = 0, same = 0;

    if (d->w.base->n != 0 || d->w.sent->n == 0 || d->m->record[d->t] == NULL)
        return false;
    for (uint32_t i = d->w.repl->n_keys; i < map->n_rules; i++) {
        const struct mr_rule *rule = &d->w.repl->rules[map->rules + i];
        struct opinion o;

        if (base_find(d->w.sent, map->rules + (int)i, 0) == NULL)
            continue;
        o = cell_opinion(&d->w, rule, d->t);
        n++;
        same += o.state != MR_MISSING &&
                base_sent(d->w.sent, map->rules + (int)i, 0, d->t, o.hash) !=
                    NULL;
    }
    return n > 0 && 2 * same > n;
}

static void
refuse_twice(struct decide *d)
{
    struct mr_verdict *v = &d->m->verdict[d->t];
    const struct mr_rule *rule = d->w.twice;
    int terms = cell_terms(rule);

    v->parked = true;
    v->n = 1;
    v->findings[0].target = rule->targets[terms][0];
    v->findings[0].value = mr_failed(d->w.twice_value, MR_WHY_TWICE);
}

static void *
empty_record(struct decide *d)
{
    size_t n = d->m->map->frame[d->t].size;
    void *record = mr_alloc(d->m->cx, n);

    return record == NULL ? NULL : memset(record, 0, n);
}

/* What fails on the way back, or while a value of both is made, is a finding
 * like others. */
static void
take_findings(struct decide *d)
{
    struct mr_verdict *v = &d->m->cx->verdict;

    if (v->parked || v->rejected)
        d->m->verdict[d->t] = *v;
    v->parked = v->rejected = false;
    v->n = 0;
}

static void
decide_all(struct decide *d)
{
    struct visit root = { .added = d->whole };

    d->w.arrived = has_arrived(d);
    decide_below(d, &root);
    take_findings(d);
    if (d->w.twice != NULL)
        refuse_twice(d);
    if (is_held(d))
        return;
    if (d->whole)
        d->out->write = d->out->changed = true;
    if (d->out->write && (d->whole || !write_is_odata(d->m, d->t))) {
        /* The walk left the frame in some row. */
        if (merge_frame(d->m, d->t) == MR_OK)
            write_frame(d, d->record, 0, d->whole);
    }
    if (d->out->write)
        answer_agree(d);
}

/* Nothing of it may be written or agreed. */
static void
forget(struct decide *d)
{
    bool cut = d->out->refs_cut;

    d->m->removed = NULL;
    memset(d->out, 0, sizeof *d->out);
    d->out->refs_cut = cut;
    d->agreed.n = d->sent.n = d->kept.n = d->kept_sent.n = 0;
    memset(d->touched, 0, d->w.base->n / 8 + 1);
    memset(d->kept_touched, 0, d->w.base->n_kept / 8 + 1);
}

enum mr_status
merge_decide(struct merge *m, const struct merge_input *in,
             struct merge_result *out)
{
    struct decide d = { .m = m, .in = in, .out = out, .s = in->from,
                        .t = 1 - in->from };
    enum mr_status st;

    memset(out, 0, sizeof *out);
    if (m->record[d.s] == NULL)
        return mr_fail(m->cx, MR_EUSAGE, "there is no record to be merged");
    m->removed = NULL;
    st = translate_both(&d);
    if (st == MR_OK)
        st = walk_init(&d.w, m, in->base, in->sent, d.t);
    if (!in->readable[d.s]) {
        d.w.came[d.s] = in->changed[d.s];
        d.w.written[d.s] = in->written[d.s];
        d.crossing = in->crossing;
    }
    d.record = st == MR_OK ? empty_record(&d) : NULL;
    if (st != MR_OK || d.record == NULL || !agree_begin(&d))
        return m->cx->error.status;
    d.now = (uint32_t)((in->now > 0 ? in->now : in->changed[d.s]) / 1000000);
    d.whole = m->record[d.t] == NULL && d.w.base->n == 0;
    if (m->takes[d.t] && m->made[d.t] != NULL && !is_held(&d))
        decide_all(&d);
    if (m->cx->error.status != MR_OK)
        return m->cx->error.status;
    if (is_held(&d))
        forget(&d);
    out->out = d.record;
    out->cells = d.cells.at;
    out->n_cells = is_held(&d) ? 0 : d.cells.n;
    return agree_pack(&d);
}
