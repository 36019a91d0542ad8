/* SPDX-License-Identifier: Apache-2.0 */
/* What does a line of a map speak of, and do two lines speak of the same? */
#include <string.h>

#include "sema/layers.h"

bool
path_same(const struct expr *a, const struct expr *b)
{
    if (a->kind != EXPR_PATH || b->kind != EXPR_PATH ||
        a->u.path.outer != b->u.path.outer ||
        a->u.path.steps.n != b->u.path.steps.n)
        return false;
    for (size_t i = 0; i < a->u.path.steps.n; i++) {
        const struct step *x = &a->u.path.steps.at[i];
        const struct step *y = &b->u.path.steps.at[i];

        if (x->name.text != y->name.text || x->key.text != y->key.text ||
            (x->key.text != NULL &&
             strcmp(x->equals->u.text, y->equals->u.text) != 0))
            return false;
    }
    return true;
}

/* `a + b` on a side that is written to: both. */
static void
add_fields(struct arena *a, expr_vec *v, struct expr *e)
{
    if (e->kind == EXPR_PATH) {
        vec_push(a, v, e);
    } else if (e->kind == EXPR_BINARY && e->u.binary.op == OP_ADD) {
        add_fields(a, v, e->u.binary.left);
        add_fields(a, v, e->u.binary.right);
    }
}

static void
add_written(struct arena *a, expr_vec *v, const struct rule *r)
{
    if (r->arrow != ARROW_RIGHT)
        add_fields(a, v, r->left);
    if (r->arrow != ARROW_LEFT)
        add_fields(a, v, r->right);
}

struct subject
subject_of_path(struct arena *a, struct expr *path)
{
    struct subject s = { .kind = ITEM_RULE };

    vec_push(a, &s.paths, path);
    return s;
}

struct subject
subject_of_item(struct arena *a, const struct map_item *i)
{
    struct subject s = { .kind = ITEM_RULE };

    switch (i->kind) {
    case ITEM_KEY:
    case ITEM_RULE:
        add_written(a, &s.paths, i->u.rule);
        s.when = i->u.rule->when != NULL;
        break;
    case ITEM_IGNORE:
        vec_push(a, &s.paths, i->u.ignore);
        break;
    case ITEM_EACH:
        vec_push(a, &s.paths, i->u.each->left);
        if (i->u.each->right != NULL)
            vec_push(a, &s.paths, i->u.each->right);
        break;
    case ITEM_GROUP:
        for (size_t k = 0; k < i->u.group->items.n; k++) {
            struct subject below =
                subject_of_item(a, i->u.group->items.at[k]);

            for (size_t p = 0; p < below.paths.n; p++)
                vec_push(a, &s.paths, below.paths.at[p]);
        }
        break;
    case ITEM_DELETE:
        s.kind = i->kind;
        s.from = i->u.delete_.ways.from.text;
        break;
    case ITEM_CREATE:
    case ITEM_OWNER:
    case ITEM_ELSE:
    case ITEM_WHERE:
    case ITEM_MESSAGES:
    case ITEM_FINAL:
        s.kind = i->kind;
        break;
    }
    return s;
}

bool
subject_meets(const struct subject *a, const struct subject *b)
{
    if (a->kind != b->kind ||
        (a->when && b->when && !(a->replaces && b->replaces)))
        return false;
    if (a->kind == ITEM_DELETE)
        return a->from == b->from || a->from == NULL || b->from == NULL;
    if (a->kind != ITEM_RULE)
        return a->kind != ITEM_WHERE;
    for (size_t i = 0; i < a->paths.n; i++)
        for (size_t k = 0; k < b->paths.n; k++)
            if (path_same(a->paths.at[i], b->paths.at[k]))
                return true;
    return false;
}
