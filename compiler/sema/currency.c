/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the currency of two amounts provably the same? One field says both, or a
 * condition says that two fields are equal, or both the same text.
 */
#include <string.h>

#include "sema/currency.h"

static bool
same_place(const struct amount *a, const struct tpath *p)
{
    size_t n = a->path->hops.n;

    if (p->level != a->path->level || p->side != a->path->side ||
        p->hops.n != n || tpath_member(p) != a->currency)
        return false;
    for (size_t i = 0; i + 1 < n; i++) {
        const struct hop *x = &p->hops.at[i], *y = &a->path->hops.at[i];

        if (x->member != y->member || x->key != y->key ||
            (x->key != NULL && strcmp(x->equals, y->equals) != 0))
            return false;
    }
    return true;
}

/* The amount's currency as a path, to compare places with. */
static struct tpath
currency_path(const struct facts *facts, const struct amount *a)
{
    struct tpath p = *a->path;
    struct hop last = { .member = a->currency };

    memset(&p.hops, 0, sizeof p.hops);
    for (size_t i = 0; i + 1 < a->path->hops.n; i++)
        vec_push(facts->arena, &p.hops, a->path->hops.at[i]);
    vec_push(facts->arena, &p.hops, last);
    return p;
}

/* The text that a condition says this currency is; NULL. */
static const char *
known_text(const struct facts *facts, const struct amount *a)
{
    for (size_t i = 0; i < facts->list.n; i++)
        if (facts->list.at[i].b == NULL && same_place(a, facts->list.at[i].a))
            return facts->list.at[i].text;
    return NULL;
}

bool
same_currency(const struct facts *facts, const struct amount *a, const struct amount *b)
{
    struct tpath of_b = currency_path(facts, b);
    const char *x, *y;

    if (same_place(a, &of_b))
        return true;
    for (size_t i = 0; i < facts->list.n; i++) {
        const struct fact *f = &facts->list.at[i];

        if (f->b != NULL && ((same_place(a, f->a) && same_place(b, f->b)) ||
                             (same_place(a, f->b) && same_place(b, f->a))))
            return true;
    }
    x = known_text(facts, a);
    y = known_text(facts, b);
    return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static bool
is_call(const struct texpr *e, const char *function)
{
    return e->kind == TEXPR_CALL && strcmp(e->u.call.function, function) == 0;
}

static const struct texpr *
operand(const struct texpr *e, size_t i)
{
    return e->u.call.args.at[i].expr;
}

void
facts_learn(struct facts *facts, const struct texpr *test)
{
    const struct texpr *a, *b;
    struct fact f = { 0 };

    if (is_call(test, "mr_and")) {
        facts_learn(facts, operand(test, 0));
        facts_learn(facts, operand(test, 1));
        return;
    }
    if (!is_call(test, "mr_text_eq"))
        return;
    a = operand(test, 0);
    b = operand(test, 1);
    if (a->kind == TEXPR_CONST) {
        const struct texpr *other = a;

        a = b;
        b = other;
    }
    if (a->kind != TEXPR_PATH)
        return;
    f.a = a->u.path;
    if (b->kind == TEXPR_PATH)
        f.b = b->u.path;
    else if (b->kind == TEXPR_CONST)
        f.text = b->u.text;
    else
        return;
    vec_push(facts->arena, &facts->list, f);
}
