/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attachments: a record on the left has bytes; one that is made on the right
 * gets them, in one field, beside what the request says.
 */
#include <string.h>

#include "sema/document.h"
#include "sema/scope.h"

/* --- parts --- */

bool
attachment_parts(struct env *env, const struct call_item *c)
{
    if (!c->content.there || c->content.path.to == NULL)
        return misplaced(env, c->content.there ? c->content.at : c->name.at,
                         "nothing says which bytes go where",
                         "say it: content cloud.Binary -> erp.Content "
                         "at most 20 MB");
    if (c->response.there)
        return misplaced(env, c->response.at,
                         "of an attachment nothing comes back",
                         "leave `response` out");
    if (c->no_effect)
        return misplaced(env, c->effect_at,
                         "an attachment that is made there is an effect",
                         "leave `effect none` out");
    if (c->once.there)
        return misplaced(env, c->effect_at,
                         "nothing finds an attachment that was made",
                         "leave `effect once` out");
    return (c->cache.number == NULL && !c->last_known) ||
           misplaced(env, c->last_known ? c->last_known_at : c->cache_at,
                     "nothing of an attachment is kept",
                     "leave this line out");
}

/* --- where the bytes go --- */

static bool
no_content(struct env *env, struct span at, const char *what, const char *help)
{
    struct diag *d = diag_add(env->diags, DIAG_DOCUMENT_CONTENT, at, "%s",
                              what);

    diag_note(d, NOTE_HELP, "%s", help);
    return false;
}

static const struct member *
target(struct env *env, const struct expr *e, const struct tsystem *s,
       const struct record *r)
{
    const step_vec *steps = &e->u.path.steps;
    const struct member *m = NULL;

    if (e->kind == EXPR_PATH && steps->n == 2 &&
        strcmp(steps->at[0].name.text, s->name) == 0) {
        m = resolve_member(env, r->name, r, s, steps->at[1].name);
        if (m == NULL)
            return NULL;
    }
    if (m != NULL && m->record == NULL && m->type.kind == TYPE_BINARY)
        return m;
    no_content(env, e->at,
               arena_printf(env->arena, "%s is no field with bytes",
                            source_words(env, e->at)),
               "it takes one of type Edm.Binary of the record that is made");
    return NULL;
}

/* The record without this field: no rule sets it, and nobody asks for one. */
static struct record *
without(struct env *env, const struct record *r, const struct member *m)
{
    struct record *rest = arena_alloc(env->arena, sizeof *rest);

    rest->name = r->name;
    rest->set = r->set;
    rest->line = r->line;
    for (size_t i = 0; i < r->members.n; i++)
        if (&r->members.at[i] != m)
            vec_push(env->arena, &rest->members, r->members.at[i]);
    for (size_t i = 0; i < rest->members.n; i++)
        table_put(env->arena, &rest->by_name, rest->members.at[i].name,
                  &rest->members.at[i]);
    return rest;
}

static const struct member *
made_record(struct env *env, const struct expr *end, const struct tsystem *s)
{
    const struct step *step =
        end->u.path.steps.n == 2 ? &end->u.path.steps.at[1] : NULL;
    const struct member *root = step == NULL || s->protocol != PROTOCOL_ODATA2
                                    ? NULL
                                    : schema_root(s->schema, step->name.text);
    struct diag *d;

    if (root != NULL && root->record != NULL && root->record->set != NULL)
        return root;
    d = diag_add(env->diags, DIAG_CALL_OPERATION, end->at,
                 "no attachment can be made in %s",
                 source_words(env, end->at));
    diag_note(d, NOTE_HELP, "it is an entity of a system of kind odata2");
    return NULL;
}

const struct operation *
attachment_operation(struct env *env, const struct call_item *c,
                     const struct tsystem *s)
{
    const struct member *root = made_record(env, c->right, s), *to;
    struct operation *o = arena_alloc(env->arena, sizeof *o);
    struct member *input = arena_alloc(env->arena, sizeof *input);

    to = root == NULL ? NULL
                      : target(env, c->content.path.to, s, root->record);
    if (to == NULL)
        return NULL;
    *input = *root;
    input->record = without(env, root->record, to);
    o->name = root->record->set;
    o->action = "";
    o->method = "POST";
    o->path = arena_printf(env->arena, "/%s", o->name);
    o->input = input;
    o->output = root;
    o->line = root->line;
    return o;
}

/* --- where they come from --- */

/* One key, a text or a GUID. */
static bool
set_key(struct env *env, const struct record *r, struct span at,
        struct tattachment *a)
{
    const struct member *key = record_key(r);

    if (key == NULL || r->set == NULL ||
        (key->wire != WIRE_TEXT && key->wire != WIRE_GUID))
        return no_content(env, at,
                          arena_printf(env->arena, "%s is not read by one key",
                                       r->name),
                          "it takes a record with an entity set and one key, a "
                          "text or a GUID");
    a->set = r->set;
    a->before = key->wire == WIRE_GUID ? "guid'" : "'";
    a->after = "'";
    return true;
}

void
attachment_check(struct env *env, struct tcall *call)
{
    const struct call_item *c = call->ast;
    const struct tsystem *s = call->request->systems[LEFT];
    const struct record *r = call->request->root->record[LEFT];
    struct tattachment *a = arena_alloc(env->arena, sizeof *a);

    call->attachment = a;
    document_limits(env, c, &a->types, &a->most);
    a->content = c->content.path.to->u.path.steps.at[1].name.text;
    if (s->protocol != PROTOCOL_ODATA2) {
        no_content(env, c->left->at, "the bytes can't be read from there",
                   "they are those of a system of kind odata2");
        return;
    }
    if (set_key(env, r, c->left->at, a))
        a->bytes = document_bytes(env, c->content.path.from, s, r);
}
