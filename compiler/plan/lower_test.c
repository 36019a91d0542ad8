/* SPDX-License-Identifier: Apache-2.0 */
/* Tests: what to put into a record, what to find in the other one. */
#include "plan/lower.h"

struct filling {
    struct lower *lower;
    bool expected;              /* else put in */
    unsigned depth;
};

static void lower_record(struct filling *d, const struct lshape *shape,
                         const char *below, const char *text,
                         const struct tdata *record, struct prow *out);

static const char *
join(struct filling *d, const char *a, const char *b)
{
    return *a == '\0' ? b : arena_printf(d->lower->arena, "%s.%s", a, b);
}

static void
lower_value(struct filling *d, const struct tdata *x, const char *field,
            const char *text, struct prow *out)
{
    struct pdatum p = { .kind = PDATUM_VALUE, .field = field, .text = text };

    if (!d->expected && (field == NULL || x->kind == TDATA_MISSING))
        return;
    if (x->kind == TDATA_VALUE)
        p.value = expr_text(d->lower, x->text);
    else
        p.value = expr_call(d->lower, x->kind == TDATA_EMPTY ? "mr_empty"
                                                             : "mr_missing");
    vec_push(d->lower->arena, &out->data, p);
}

static void
lower_rows(struct filling *d, const struct tdata *x, const struct lshape *child,
           const char *field, const char *text, struct prow *out)
{
    struct pdatum p = { .kind = PDATUM_ROWS, .field = field, .text = text };

    if (!d->expected && field == NULL)
        return;
    d->depth++;
    p.row_var = d->depth == 1 ? "row"
                              : arena_printf(d->lower->arena, "row%u",
                                             d->depth);
    for (size_t i = 0; i < (x->kind == TDATA_LIST ? x->elements.n : 1); i++) {
        struct prow *row = arena_alloc(d->lower->arena, sizeof *row);

        row->shape = child != NULL ? child->out : NULL;
        if (child != NULL || d->expected)
            lower_record(d, child, "",
                         arena_printf(d->lower->arena, "%s %zu", text, i + 1),
                         x->kind == TDATA_LIST ? x->elements.at[i] : x, row);
        vec_push(d->lower->arena, &p.rows, row);
    }
    d->depth--;
    vec_push(d->lower->arena, &out->data, p);
}

/* One member of a record; `shape` NULL: the record has no place. */
static void
lower_member(struct filling *d, const struct lshape *shape, const char *below,
             const char *text, const struct tdata *x, struct prow *out)
{
    const struct lmember *m =
        shape == NULL ? NULL : shape_find(shape, x->member);
    const char *field = m == NULL ? NULL : join(d, below, m->out->c_name);
    const char *words =
        arena_printf(d->lower->arena, "%s.%s", text, x->member->name);

    if (x->kind != TDATA_RECORD && x->kind != TDATA_LIST) {
        if (m == NULL || m->out->kind == PMEMBER_VALUE)
            lower_value(d, x, field, words, out);
        return;
    }
    if (x->kind == TDATA_RECORD && (m == NULL || m->out->kind == PMEMBER_ONE))
        lower_record(d, m == NULL ? NULL : m->child,
                     field == NULL ? "" : field, words, x, out);
    else if (m == NULL || m->out->kind == PMEMBER_MANY)
        lower_rows(d, x, m == NULL ? NULL : m->child, field, words, out);
    else
        for (size_t i = 0; i < x->elements.n && i < 1; i++)
            lower_record(d, m->child, field, words, x->elements.at[i], out);
}

static void
lower_record(struct filling *d, const struct lshape *shape, const char *below,
             const char *text, const struct tdata *record, struct prow *out)
{
    for (size_t i = 0; i < record->members.n; i++)
        lower_member(d, shape, below, text, record->members.at[i], out);
}

static struct ptest *
test_lower(struct lower *lo, const struct ttest *t)
{
    static const char *const outcomes[] = {
        [OUTCOME_RECORD] = "MR_OUTCOME_RECORD",
        [OUTCOME_PARKED] = "MR_OUTCOME_PARKED",
        [OUTCOME_REJECTED] = "MR_OUTCOME_REJECTED",
        [OUTCOME_LEFT_OUT] = "MR_OUTCOME_LEFT_OUT",
    };
    const struct lmap *lm = table_find(&lo->maps, (const char *)t->map);
    enum side from = other_side(t->to);
    struct ptest *out = arena_alloc(lo->arena, sizeof *out);
    struct filling d = { lo, false, 0 };

    out->c_name = cname_make(&lo->shared, "test_%zu", lo->plan->tests.n + 1);
    out->place = t->place;
    out->title = t->title;
    out->map = lm->out;
    out->to = t->to;
    out->outcome = outcomes[t->outcome];
    out->from.shape = lm->roots[from]->out;
    lower_record(&d, lm->roots[from], "", t->map->systems[from]->name, t->from,
                 &out->from);
    out->expect.shape = lm->roots[t->to]->out;
    out->compares = t->expect != NULL;
    d.expected = true;
    if (out->compares)
        lower_record(&d, lm->roots[t->to], "", t->map->systems[t->to]->name,
                     t->expect, &out->expect);
    for (size_t i = 0; i < t->refs.n; i++) {
        vec_push(lo->arena, &out->refs, t->refs.at[i]->map.text);
        vec_push(lo->arena, &out->refs, t->refs.at[i]->left);
        vec_push(lo->arena, &out->refs, t->refs.at[i]->right);
    }
    return out;
}

void
tests_lower(struct lower *lo)
{
    for (size_t i = 0; i < lo->program->tests.n; i++)
        vec_push(lo->arena, &lo->plan->tests,
                 test_lower(lo, lo->program->tests.at[i]));
}
