/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docflows: what is asked for is one field of the caller's, so that a program
 * can ask with a number alone, and anew with the numbers that come back.
 */
#include <string.h>

#include "sema/docflow.h"
#include "sema/rules.h"

const struct record *
docflow_end(struct env *env, struct tmap *map)
{
    const struct tsystem *s = docflow_system(env);
    const struct member *root = &s->schema->roots.at[0];

    map->systems[LEFT] = s;
    vec_push(env->arena, &map->path[LEFT], root);
    return root->record;
}

/* --- parts --- */

static bool
no_place(struct env *env, struct span at, const char *what, const char *help)
{
    struct diag *d = diag_add(env->diags, DIAG_DOCFLOW_PART, at, "%s", what);

    diag_note(d, NOTE_HELP, "%s", help);
    return false;
}

static bool
has_system_flow(struct env *env, const struct call_item *c)
{
    return table_find(&env->systems, intern_text(env->names, "flow")) != NULL &&
           !no_place(env, c->name.at, "a docflow and a system named `flow` "
                     "can't be told apart", "in a docflow `flow` is the chain "
                     "of documents: give the system another name");
}

bool
docflow_parts(struct env *env, const struct call_item *c)
{
    if (c->kind != CALL_DOCFLOW)
        return !c->again.there ||
               no_place(env, c->again.at, "a call is made once",
                        "`again` belongs to a `docflow`");
    if (has_system_flow(env, c))
        return false;
    if (c->no_effect || c->once.there)
        return no_place(env, c->effect_at, "a docflow never has an effect",
                        "leave `effect` out");
    if (c->cache.number != NULL)
        return no_place(env, c->cache_at, "no chain of documents is kept",
                        "leave `cache` out");
    return !c->last_known ||
           no_place(env, c->last_known_at, "no chain of documents is kept",
                    "leave `else last known` out");
}

/* --- the key --- */

struct reads {
    struct env *env;
    const struct tpath *first;
    bool broken;
};

static void
not_the_key(struct reads *r, struct span at, const char *fmt, const char *what)
{
    struct diag *d;

    if (r->broken)
        return;
    r->broken = true;
    d = diag_add(r->env->diags, DIAG_DOCFLOW_KEY, at, fmt, what);
    if (r->first != NULL && r->first->at.from != at.from)
        diag_label(d, r->first->at, "the first one");
    diag_note(d, NOTE_HELP, "it is asked for with one value: let the request "
              "read one field, and write the rest as constants");
}

static void
note_path(struct reads *r, const struct tpath *path)
{
    const struct member *m = tpath_member(path);

    if (path->side != LEFT)
        return;
    if (path->hops.n != 1 || m->record != NULL || m->max > 1)
        not_the_key(r, path->at, "%s is no field of the record itself",
                    path->text);
    else if (m->type.kind != TYPE_TEXT || m->wire != WIRE_TEXT)
        not_the_key(r, path->at, "%s is no text", path->text);
    else if (r->first != NULL && tpath_member(r->first) != m)
        not_the_key(r, path->at, "%s is a second field", path->text);
    else if (r->first == NULL)
        r->first = path;
}

static void
note_expr(struct reads *r, const struct texpr *e)
{
    const targ_vec *args = e->kind == TEXPR_CALL   ? &e->u.call.args
                           : e->kind == TEXPR_USER ? &e->u.user.args
                                                   : NULL;

    if (e->kind == TEXPR_PATH)
        note_path(r, e->u.path);
    for (size_t i = 0; args != NULL && i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            note_expr(r, args->at[i].expr);
}

static void
note_rule(struct reads *r, const struct trule *rule)
{
    for (size_t i = 0; i < rule->fields[LEFT].n; i++)
        note_path(r, rule->fields[LEFT].at[i]);
    if (rule->source[LEFT] != NULL)
        note_expr(r, rule->source[LEFT]);
    if (rule->when != NULL)
        note_expr(r, rule->when);
    for (size_t i = 0; i < rule->chain.n; i++)
        for (size_t a = 0; a < rule->chain.at[i].args.n; a++)
            if (rule->chain.at[i].args.at[a].kind == TARG_EXPR)
                note_expr(r, rule->chain.at[i].args.at[a].expr);
}

static void
note_level(struct reads *r, const struct tlevel *level)
{
    if (level->list[LEFT] != NULL)
        note_path(r, level->list[LEFT]);
    for (size_t i = 0; i < level->where.n; i++)
        note_expr(r, level->where.at[i].test);
    for (size_t i = 0; i < level->rules.n; i++)
        note_rule(r, level->rules.at[i]);
    for (size_t i = 0; i < level->levels.n; i++)
        note_level(r, level->levels.at[i]);
}

const struct member *
docflow_key(struct env *env, const struct tcall *call)
{
    struct reads r = { .env = env };

    note_level(&r, call->request->root);
    if (r.first == NULL && call->request->root->broken.n == 0)
        not_the_key(&r, call->ast->request.at,
                    "the request reads no field%s", "");
    return r.broken || r.first == NULL ? NULL : tpath_member(r.first);
}

/* --- the answer --- */

/* By a path of so many hops; name NULL: any field. */
static bool
sets(const struct tlevel *level, size_t hops, const char *name)
{
    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        for (size_t k = 0; k < r->fields[LEFT].n; k++) {
            const struct tpath *to = r->fields[LEFT].at[k];

            if (to->hops.n == hops &&
                (name == NULL || strcmp(tpath_member(to)->name, name) == 0))
                return true;
        }
    }
    return level->unknown_target || level->broken.n > 0;
}

static void
check_set(struct env *env, const struct tlevel *level, size_t hops,
          const char *name)
{
    if (!sets(level, hops, name))
        no_place(env, level->at,
                 arena_printf(env->arena, "nothing sets flow.%s", name),
                 "a document has a number, a step leads from one number to "
                 "another: write a rule for it");
}

/* How many lists of documents and steps are filled. */
static size_t
check_lists(struct env *env, const struct tlevel *level)
{
    const struct tpath *list = level->list[LEFT];
    size_t n = list != NULL;

    if (list != NULL && strcmp(tpath_member(list)->name, "Step") == 0) {
        check_set(env, level, 1, "From");
        check_set(env, level, 1, "To");
    } else if (list != NULL) {
        check_set(env, level, 1, "Number");
    }
    for (size_t i = 0; i < level->levels.n; i++)
        n += check_lists(env, level->levels.at[i]);
    return n;
}

/* flow.Asked is a record of the chain itself. */
static bool
check_asked(struct env *env, const struct tlevel *root)
{
    bool there = sets(root, 2, NULL);

    if (there && !sets(root, 2, "Number"))
        no_place(env, root->at, "nothing sets flow.Asked.Number",
                 "a document has a number: write a rule for it");
    return there;
}

void
docflow_check(struct env *env, struct tcall *call)
{
    struct tdocflow *d = arena_alloc(env->arena, sizeof *d);

    call->docflow = d;
    d->key = docflow_key(env, call);
    d->again = call->ast->again.there;
    for (size_t i = 0; i < call->ast->again.types.n; i++)
        vec_push(env->arena, &d->types, call->ast->again.types.at[i]);
    size_t n = check_lists(env, call->response->root);
    n += check_asked(env, call->response->root);
    if (n == 0 && !env->damaged)
        no_place(env, call->ast->response.at,
                 "the response gives neither documents nor steps",
                 "fill them: each flow.Document <- erp.HEADERS.item { … }, "
                 "each flow.Step <- erp.FLOW.item { … }");
}
