/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold of every plan, whatever program it was made from. A rule that
 * is broken is mapc's fault and stops the build before any C is written.
 */
#include "plan/plan.h"
#include "source/diag.h"

struct verify {
    struct diags *diags;
    const char *where;
};

static void
broken(struct verify *v, const char *what)
{
    struct span none = { 0 };

    diag_add(v->diags, DIAG_BUG, none, "%s: %s",
             v->where == NULL ? "plan" : v->where, what);
}

static unsigned
holes(const struct pexpr *e)
{
    unsigned n = e->kind == PEXPR_HOLE;

    for (size_t i = 0; i < e->args.n; i++)
        n += holes(e->args.at[i]);
    return n;
}

static void
verify_step(struct verify *v, const struct pstep *s)
{
    bool joins = s->parts_in.n > 0;

    v->where = s->place;
    if (s->targets.n == 0 || s->targets.n != s->to.n)
        broken(v, "a rule without a target");
    if (s->value == NULL && !joins)
        broken(v, "a rule without a value");
    if (s->targets.n > 1 && s->fan_out == NULL)
        broken(v, "several targets for one value");
    if (joins && s->chain.n == 0 && s->fan_out == NULL)
        broken(v, "several values for one target");
    for (size_t i = 0; i < s->chain.n; i++)
        if (holes(s->chain.at[i]) != (joins && i == 0 ? 0u : 1u))
            broken(v, "a conversion that is not linked to the one before");
    if (s->fan_out != NULL && holes(s->fan_out) != 1)
        broken(v, "a split without a value");
    if (s->when != NULL && holes(s->when) != 0)
        broken(v, "a condition with a hole");
    for (size_t i = 0; i < s->to.n; i++)
        if ((s->to.at[i]->picked == NULL) != (*s->to.at[i]->field != '\0'))
            broken(v, "a target that is neither a field nor picked");
}

static void
verify_shape(struct verify *v, const struct pshape *s)
{
    uint32_t n_read = 0, n_written = 0;

    v->where = s->name;
    for (size_t i = 0; i < s->members.n; i++) {
        const struct pmember *m = s->members.at[i];

        n_read += m->read;
        n_written += m->written;
        if ((m->kind == PMEMBER_VALUE) != (m->shape == NULL))
            broken(v, "a member that is neither a value nor a record");
        if (m->written && (m->open == NULL || m->close == NULL))
            broken(v, "a written member without its texts");
    }
    if (n_read != s->n_read || n_written != s->n_written)
        broken(v, "a shape that miscounts its members");
    if (s->lookup.slots.n != n_read)
        broken(v, "a look-up that does not cover the members read");
}

static void
verify_level(struct verify *v, const struct plevel *l)
{
    v->where = l->place;
    for (int to = PLAN_LEFT; to <= PLAN_RIGHT; to++) {
        if (l->c_name[to] == NULL && l->items[to].n > 0)
            broken(v, "rules in a direction that does not run");
        for (size_t i = 0; i < l->items[to].n; i++) {
            const struct pitem *item = &l->items[to].at[i];

            if ((item->step == NULL) == (item->level == NULL))
                broken(v, "an item that is neither a rule nor a list");
        }
    }
    if (l->outer != NULL && l->rows[0] == NULL && l->rows[1] == NULL)
        broken(v, "a level without a list");
}

void
plan_verify(const struct plan *plan, struct diags *ds)
{
    struct verify v = { ds, NULL };

    for (size_t i = 0; i < plan->maps.n; i++) {
        const struct pmap *m = plan->maps.at[i];

        for (size_t k = 0; k < m->shapes.n; k++)
            verify_shape(&v, m->shapes.at[k]);
        for (size_t k = 0; k < m->steps.n; k++)
            verify_step(&v, m->steps.at[k]);
        for (size_t k = 0; k < m->levels.n; k++)
            verify_level(&v, m->levels.at[k]);
    }
}
