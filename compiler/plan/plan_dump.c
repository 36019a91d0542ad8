/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as indented text: one line a thing, in the order of the plan. */
#include "plan/plan.h"

#include <string.h>

static void
dump_expr(const struct pexpr *e, struct buf *out)
{
    switch (e->kind) {
    case PEXPR_C:
        buf_text(out, e->text);
        return;
    case PEXPR_STRING:
        buf_printf(out, "\"%s\"", e->text);
        return;
    case PEXPR_HOLE:
        buf_text(out, "_");
        return;
    case PEXPR_CALL:
        break;
    }
    buf_printf(out, "%s(", e->text);
    for (size_t i = 0; i < e->args.n; i++) {
        buf_text(out, i == 0 ? "" : ", ");
        dump_expr(e->args.at[i], out);
    }
    buf_char(out, ')');
}

static void
dump_shape(const struct pshape *s, struct buf *out)
{
    static const char *const kinds[] = { "value", "one", "many" };

    buf_printf(out, "  shape %s\n", s->name);
    for (size_t i = 0; i < s->members.n; i++) {
        const struct pmember *m = s->members.at[i];

        buf_printf(out, "    %-5s %s%s%s%s%s\n", kinds[m->kind], m->name,
                   m->read ? " read" : "", m->written ? " written" : "",
                   m->attribute ? " attribute" : "",
                   m->content ? " content" : "");
    }
}

static void
dump_step(const struct pstep *s, struct buf *out)
{
    buf_printf(out, "    %s  %s  (%s)\n", s->c_name, s->text, s->place);
    if (s->when != NULL) {
        buf_text(out, "      when ");
        dump_expr(s->when, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < s->parts_in.n; i++) {
        buf_text(out, "      part ");
        dump_expr(s->parts_in.at[i], out);
        buf_char(out, '\n');
    }
    if (s->value != NULL) {
        buf_text(out, "      value ");
        dump_expr(s->value, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < s->chain.n; i++) {
        buf_text(out, "      then ");
        dump_expr(s->chain.at[i], out);
        buf_char(out, '\n');
    }
    if (s->fan_out != NULL) {
        buf_text(out, "      split ");
        dump_expr(s->fan_out, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < s->targets.n; i++)
        buf_printf(out, "      put %s else %s\n", s->targets.at[i]->field,
                   s->targets.at[i]->fate);
}

static void
dump_level(const struct plevel *l, int to, struct buf *out)
{
    buf_printf(out, "  %s%s\n", l->outer == NULL ? "flow " : "each ",
               l->c_name[to]);
    for (size_t i = 0; i < l->where[to].n; i++) {
        buf_text(out, "    where ");
        dump_expr(l->where[to].at[i]->test, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < l->items[to].n; i++) {
        const struct pitem *item = &l->items[to].at[i];

        if (item->step != NULL)
            dump_step(item->step, out);
        else
            buf_printf(out, "    %s\n", item->level->c_name[to]);
    }
}

static void
dump_decision(const struct pdecision *d, struct buf *out)
{
    buf_printf(out, "  rule %s%s  %s", d->place, d->key ? " key" : "", d->text);
    if (d->list != NULL)
        buf_printf(out, " | in %s", d->list);
    if (d->back != NULL)
        buf_printf(out, " | %s", d->back);
    if (d->policy != NULL)
        buf_printf(out, " | %s", d->policy);
    if (d->group != NULL)
        buf_printf(out, " | group %s", d->group);
    if (d->remember)
        buf_text(out, " | remember");
    if (d->personal)
        buf_text(out, " | personal");
    buf_char(out, '\n');
}

static void
dump_schedule(const struct pmap *m, int from, struct buf *out)
{
    const struct pschedule *s = &m->repl->schedule[from];
    const struct ptech *t = &m->repl->tech[from];

    if (s->every == 0 && strcmp(s->trigger, "MR_TRIGGER_MESSAGE") != 0)
        return;
    buf_printf(out, "  replicate %s -> %s", m->systems[from],
               m->systems[1 - from]);
    if (s->every == 0) {
        buf_text(out, " on message\n");
        return;
    }
    buf_printf(out, " every %u s changed %s overlap %u s",
               (unsigned)s->every, t->changed_name, (unsigned)s->overlap);
    if (s->sweep != 0)
        buf_printf(out, " sweep every %u s", (unsigned)s->sweep);
    buf_char(out, '\n');
}

static void
dump_tech(const struct pmap *m, int side, struct buf *out)
{
    const struct ptech *t = &m->repl->tech[side];

    buf_printf(out, "  %s: %s", m->systems[side], t->object);
    if (t->set != NULL)
        buf_printf(out, ", %s", t->set);
    if (t->id_name != NULL)
        buf_printf(out, ", by %s", t->id_name);
    if (t->gone != NULL)
        buf_printf(out, ", deleted where %s is %s", t->gone, t->gone_value);
    buf_char(out, '\n');
    if (t->select != NULL)
        buf_printf(out, "    $select=%s\n", t->select);
    if (t->expand != NULL)
        buf_printf(out, "    $expand=%s\n", t->expand);
}

static void
dump_repl(const struct pmap *m, struct buf *out)
{
    const struct prepl *r = m->repl;

    if (r == NULL)
        return;
    for (int from = PLAN_LEFT; from <= PLAN_RIGHT; from++)
        dump_schedule(m, from, out);
    buf_text(out, "  guard");
    if (r->guard_percent != 0)
        buf_printf(out, " %u.%02u%%", (unsigned)r->guard_percent / 100,
                   (unsigned)r->guard_percent % 100);
    if (r->guard_deletes != 0)
        buf_printf(out, " %u deletes", (unsigned)r->guard_deletes);
    buf_printf(out, "%s\n", r->cyclic ? " | cyclic" : "");
    dump_tech(m, PLAN_LEFT, out);
    dump_tech(m, PLAN_RIGHT, out);
}

static void
dump_map(const struct pmap *m, struct buf *out)
{
    buf_printf(out, "map %s  %s\n", m->name, m->title);
    for (size_t i = 0; i < m->clauses.n; i++)
        buf_printf(out, "  %s\n", m->clauses.at[i]);
    dump_repl(m, out);
    for (size_t i = 0; i < m->decisions.n; i++)
        dump_decision(&m->decisions.at[i], out);
    for (size_t i = 0; i < m->shapes.n; i++)
        dump_shape(m->shapes.at[i], out);
    for (int to = PLAN_RIGHT; to >= PLAN_LEFT; to--)
        for (size_t i = m->levels.n; i-- > 0;)
            if (m->levels.at[i]->c_name[to] != NULL)
                dump_level(m->levels.at[i], to, out);
}

void
plan_dump(const struct plan *plan, struct buf *out)
{
    buf_printf(out, "deployment %s\n", plan->name);
    for (size_t i = 0; i < plan->functions.n; i++) {
        const struct pfunction *f = plan->functions.at[i];

        buf_printf(out, "function %s = ", f->c_name);
        dump_expr(f->body, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < plan->codes.n; i++)
        buf_printf(out, "codes %s  %zu to the right, %zu to the left\n",
                   plan->codes.at[i]->name,
                   plan->codes.at[i]->ways[PLAN_RIGHT].rows.n,
                   plan->codes.at[i]->ways[PLAN_LEFT].rows.n);
    for (size_t i = 0; i < plan->maps.n; i++)
        dump_map(plan->maps.at[i], out);
    for (size_t i = 0; i < plan->tests.n; i++)
        buf_printf(out, "test %s  (%s, to %s)\n", plan->tests.at[i]->title,
                   plan->tests.at[i]->place,
                   plan->tests.at[i]->map->systems[plan->tests.at[i]->to]);
}
