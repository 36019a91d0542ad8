/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents: which bytes of the called system they are. Those of an OData
 * entity are read by its key, as they are; those of a function module stand in
 * its answer as base64, in one field or in the rows of a list.
 */
#include "sema/document.h"

#include <string.h>

#include "sema/docflow.h"
#include "sema/scope.h"
#include "syntax/write.h"

/* --- parts --- */

bool
misplaced(struct env *env, struct span at, const char *what, const char *help)
{
    struct diag *d = diag_add(env->diags, DIAG_DOCUMENT_PART, at, "%s", what);

    diag_note(d, NOTE_HELP, "%s", help);
    return false;
}

static bool
content_parts(struct env *env, const struct call_item *c)
{
    if (!c->content.there)
        return misplaced(env, c->name.at,
                         arena_printf(env->arena,
                                      "document %s has no `content`",
                                      c->name.text),
                         "say which field has the bytes: content erp.Pdf "
                         "type \"application/pdf\" at most 20 MB");
    if (c->content.path.to != NULL)
        return misplaced(env, c->content.path.to->at,
                         "the bytes of a document go to whom asks for them",
                         "name one field: content erp.Pdf …");
    return c->content.types.n > 0 ||
           misplaced(env, c->content.at, "nothing says what the bytes are",
                     "say it: type \"application/pdf\"");
}

bool
document_parts(struct env *env, const struct call_item *c)
{
    if (c->kind == CALL_ATTACHMENT)
        return attachment_parts(env, c);
    if (c->kind != CALL_DOCUMENT)
        return !c->content.there ||
               misplaced(env, c->content.at, "the answer of this is a record",
                         "`content` belongs to a `document` or an "
                         "`attachment`");
    if (c->response.there)
        return misplaced(env, c->response.at, "a document is not mapped",
                         "leave `response` out: the bytes go to whom asks "
                         "for them");
    if (c->no_effect || c->once.there)
        return misplaced(env, c->effect_at,
                         "to read a document never has an effect",
                         "leave `effect` out");
    if (c->cache.number != NULL || c->last_known)
        return misplaced(env, c->cache.number != NULL ? c->cache_at
                                                      : c->last_known_at,
                         "no document is kept", "leave this line out");
    return content_parts(env, c);
}

/* --- of an entity --- */

static bool
no_content(struct env *env, struct span at, const char *fmt, const char *what,
           const char *help)
{
    struct diag *d = diag_add(env->diags, DIAG_DOCUMENT_CONTENT, at, fmt, what);

    diag_note(d, NOTE_HELP, "%s", help);
    return false;
}

/* The path begins with this system, and has no selectors. */
static bool
starts_there(struct env *env, const struct expr *e, const struct tsystem *s)
{
    const step_vec *steps = e->kind == EXPR_PATH ? &e->u.path.steps : NULL;

    if (steps == NULL || strcmp(steps->at[0].name.text, s->name) != 0)
        return no_content(env, e->at, "%s",
                          arena_printf(env->arena, "%s is nothing of %s",
                                       source_words(env, e->at), s->name),
                          "the bytes come from there: content erp.Pdf …");
    for (size_t i = 0; i < steps->n; i++)
        if (steps->at[i].key.text != NULL)
            return no_content(env, steps->at[i].key.at,
                              "%s selects a row", source_words(env, e->at),
                              "the bytes of all rows belong together; write "
                              "the path without [ ]");
    return true;
}

/* "/$value", "/Pdf/$value"; NULL after reporting. */
const char *
document_bytes(struct env *env, const struct expr *e, const struct tsystem *s,
               const struct record *r)
{
    const struct member *m;

    if (!starts_there(env, e, s))
        return NULL;
    if (e->u.path.steps.n == 1) {
        if (r->stream)
            return "/$value";
        no_content(env, e->at, "%s has no bytes of its own (m:HasStream)",
                   r->name, "name its field that has them: content erp.Pdf …");
        return NULL;
    }
    m = resolve_member(env, r->name, r, s, e->u.path.steps.at[1].name);
    if (m == NULL)
        return NULL;
    if (e->u.path.steps.n == 2 && m->record == NULL &&
        m->type.kind == TYPE_BINARY)
        return arena_printf(env->arena, "/%s/$value", m->name);
    no_content(env, e->at, "%s is no field with bytes",
               source_words(env, e->at), "it takes one of type Edm.Binary");
    return NULL;
}

/* What stands around a key in an address; false: not known here. */
static bool
set_literal(struct member *m)
{
    m->before = "'";
    m->after = "'";
    if (m->wire == WIRE_GUID)
        m->before = "guid'";
    return m->wire == WIRE_GUID || m->wire == WIRE_TEXT;
}

/* The keys of an entity as the fields of a request: "(Number={Number})". */
static const struct record *
keys_of(struct env *env, const struct record *r, struct span at,
        const char **path)
{
    struct record *keys = arena_alloc(env->arena, sizeof *keys);

    keys->name = r->name;
    *path = "(";
    for (size_t i = 0; i < r->members.n; i++) {
        struct member m = r->members.at[i];

        if (!m.key)
            continue;
        if (!set_literal(&m)) {
            no_content(env, at, "the key %s can't stand in an address", m.name,
                       "keys that are texts or GUIDs can");
            return NULL;
        }
        m.place = PLACE_PATH;
        m.required = m.creatable = true;
        *path = arena_printf(env->arena, "%s%s%s={%s}", *path,
                             keys->members.n == 0 ? "" : ",", m.name, m.name);
        vec_push(env->arena, &keys->members, m);
    }
    for (size_t i = 0; i < keys->members.n; i++)
        table_put(env->arena, &keys->by_name, keys->members.at[i].name,
                  &keys->members.at[i]);
    return keys;
}

static const struct member *
entity(struct env *env, const struct expr *end, const struct tsystem *s)
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
                 "no document can be read from %s", source_words(env, end->at));
    diag_note(d, NOTE_HELP, "it is that of an entity of a system of kind "
              "odata2, or stands in the answer of one of kind soap");
    return NULL;
}

const struct operation *
document_operation(struct env *env, const struct call_item *c,
                   const struct tsystem *s)
{
    const struct member *root = entity(env, c->right, s);
    struct operation *o = arena_alloc(env->arena, sizeof *o);
    struct member *input = arena_alloc(env->arena, sizeof *input);
    const char *bytes, *keys = NULL;

    if (root == NULL)
        return NULL;
    bytes = document_bytes(env, c->content.path.from, s, root->record);
    *input = *root;
    input->record = (struct record *)keys_of(env, root->record, c->right->at,
                                             &keys);
    if (bytes == NULL || input->record == NULL)
        return NULL;
    o->name = root->record->set;
    o->action = "";
    o->method = "GET";
    o->bodiless = true;
    o->path = arena_printf(env->arena, "/%s%s)%s", o->name, keys, bytes);
    o->input = input;
    o->output = root;
    o->line = root->line;
    return o;
}

/* --- in an answer --- */

static void
find_bytes(struct env *env, struct tcall *call, struct tdocument *out)
{
    const struct tsystem *s = call->response->systems[RIGHT];
    const struct expr *e = call->ast->content.path.from;
    const struct member *m = call->operation->output;

    if (!starts_there(env, e, s))
        return;
    for (size_t i = 1; i < e->u.path.steps.n && m->record != NULL; i++) {
        m = resolve_member(env, m->record->name, m->record, s,
                           e->u.path.steps.at[i].name);
        if (m == NULL)
            return;
        vec_push(env->arena, &out->path, m);
    }
    if (out->path.n + 1 != e->u.path.steps.n || m->record != NULL ||
        m->type.kind != TYPE_BINARY || m->attribute || m->content)
        no_content(env, e->at, "%s is no element with base64",
                   source_words(env, e->at), "it takes one of type "
                   "base64Binary, in a row or beside the others");
}

/* --- what it may be --- */

/* type/subtype of RFC 2045, without parameters. */
static bool
is_media_type(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-";
    size_t n = strspn(text, letters);

    return n > 0 && text[n] == '/' && text[n + 1] != '\0' &&
           strlen(text) < 100 &&
           text[n + 1 + strspn(text + n + 1, letters)] == '\0';
}

void
document_limits(struct env *env, const struct call_item *c, text_list *types,
                uint64_t *most)
{
    *most = period_bytes(env, &c->content.most);
    for (size_t i = 0; i < c->content.types.n; i++) {
        vec_push(env->arena, types, c->content.types.at[i]);
        if (!is_media_type(c->content.types.at[i]))
            misplaced(env, c->content.at,
                      arena_printf(env->arena, "\"%s\" is no media type",
                                   c->content.types.at[i]),
                      "in small letters, without parameters: "
                      "\"application/pdf\"");
    }
}

void
document_check(struct env *env, struct tcall *call)
{
    struct tdocument *d = arena_alloc(env->arena, sizeof *d);

    call->document = d;
    d->key = docflow_key(env, call);
    document_limits(env, call->ast, &d->types, &d->most);
    if (call->operation->method == NULL)
        find_bytes(env, call, d);
}
