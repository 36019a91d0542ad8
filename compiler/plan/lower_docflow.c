/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the answer of a docflow has its documents and steps. Several lists of
 * the called system may fill one of them: they share its place and its rows.
 */
#include <string.h>

#include "plan/lower.h"

/* In the order of mr/call.h. */
static const char *const document_fields[PDOCFLOW_FIELDS] = {
    "Number", "Type", "Title", "Status", "Date", "Amount", "Currency"
};
static const char *const step_fields[PDOCFLOW_FIELDS] = {
    "From", "FromItem", "To", "ToItem", "Amount", "Currency"
};

static const struct member *
member_named(const struct record *r, const char *name)
{
    for (size_t i = 0; i < r->members.n; i++)
        if (strcmp(r->members.at[i].name, name) == 0)
            return &r->members.at[i];
    return NULL;
}

static void
list_lower(const char *place, const struct lshape *row,
           const char *const *fields, struct pdocflow_list *out)
{
    out->place = place;
    out->row = row->out;
    for (size_t i = 0; i < PDOCFLOW_FIELDS && fields[i] != NULL; i++) {
        const struct member *m = member_named(row->record, fields[i]);
        const struct lmember *l = m == NULL ? NULL : shape_find(row, m);

        if (l != NULL)
            out->fields[i] = l->out->c_name;
    }
}

static void
level_lower(const struct lmap *lm,
            const struct tlevel *level, struct pdocflow *out)
{
    const struct tpath *list = level->list[LEFT];

    if (list != NULL) {
        const struct llevel *ll = table_find(&lm->levels, (const char *)level);
        bool step = strcmp(tpath_member(list)->name, "Step") == 0;

        list_lower(ll->out->list[LEFT], ll->shape[LEFT],
                   step ? step_fields : document_fields,
                   step ? &out->steps : &out->documents);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        level_lower(lm, level->levels.at[i], out);
}

static void
asked_lower(const struct lmap *lm, struct pdocflow *out)
{
    const struct lshape *root = lm->roots[LEFT];
    const struct member *m = member_named(root->record, "Asked");
    const struct lmember *l = m == NULL ? NULL : shape_find(root, m);

    if (l == NULL)
        return;
    out->asked.one = true;
    list_lower(l->out->c_name, l->child, document_fields, &out->asked);
}

const struct pdocflow *
docflow_lower(struct lower *lo, const struct tcall *call)
{
    struct pdocflow *out = arena_alloc(lo->arena, sizeof *out);
    const struct lmap *lm = table_find(&lo->maps,
                                       (const char *)call->response);

    if (call->docflow->key == NULL)
        return out;
    out->key = call->docflow->key->name;
    out->again = call->docflow->again;
    for (size_t i = 0; i < call->docflow->types.n; i++)
        vec_push(lo->arena, &out->types, call->docflow->types.at[i]);
    out->chain = lm->roots[LEFT]->out;
    asked_lower(lm, out);
    level_lower(lm, call->response->root, out);
    return out;
}
