/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls. The request and the response are each checked as a map that goes one
 * way; what is special is where they end (an operation of the called system)
 * and what an answer may do to the caller's record.
 */
#include <string.h>

#include "sema/docflow.h"
#include "sema/document.h"
#include "sema/once.h"
#include "sema/rules.h"
#include "syntax/write.h"

#define ENVELOPE_NS "http://schemas.xmlsoap.org/soap/envelope/"

/* --- the operation --- */

static const char *
operation_name(const void *schema, size_t i)
{
    return ((const struct schema *)schema)->operations.at[i].name;
}

/* What one posts to an entity set: a record is made, with those below it. */
static const struct operation *
creation(struct env *env, const struct tsystem *s, const char *name)
{
    const struct member *root = s->protocol == PROTOCOL_ODATA2
                                    ? schema_root(s->schema, name) : NULL;
    struct operation *o;

    if (root == NULL || root->record == NULL || root->record->set == NULL)
        return NULL;
    o = arena_alloc(env->arena, sizeof *o);
    o->name = name;
    o->action = "";
    o->method = "POST";
    o->path = arena_printf(env->arena, "/%s", root->record->set);
    o->input = o->output = root;
    o->line = root->line;
    return o;
}

static const struct operation *
find_operation(struct env *env, const struct tsystem *s,
               const struct expr *end)
{
    const struct step *step =
        end->u.path.steps.n == 2 ? &end->u.path.steps.at[1] : NULL;
    const struct operation *o =
        step == NULL ? NULL : schema_operation(s->schema, step->name.text);

    if (o == NULL && step != NULL)
        o = creation(env, s, step->name.text);
    struct diag *d;

    if (o != NULL && o->unfit == NULL && o->output != NULL)
        return o;
    if (o != NULL) {
        d = diag_add(env->diags, DIAG_CALL_OPERATION, end->at,
                     "%s can't be called: %s", source_words(env, end->at),
                     o->unfit != NULL ? o->unfit : "it has no answer");
        diag_note(d, NOTE_FACT, "%s line %u", s->schema->file,
                  (unsigned)o->line);
        return NULL;
    }
    d = diag_add(env->diags, DIAG_CALL_OPERATION, end->at,
                 "%s has no operation %s", s->name,
                 step == NULL ? source_words(env, end->at) : step->name.text);
    const char *near = step == NULL ? NULL
                       : closest_name(step->name.text, operation_name,
                                      s->schema, s->schema->operations.n);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists its operations",
              s->schema->path);
    return NULL;
}

static const struct operation *
called(struct env *env, const struct call_item *c,
       const struct tsystem **system)
{
    const struct expr *end = c->right;

    if (end->kind != EXPR_PATH || end->u.path.steps.n < 2) {
        diag_add(env->diags, DIAG_CALL_OPERATION, end->at,
                 "a call leads to an operation of a system: %s.OPERATION",
                 source_words(env, end->at));
        return NULL;
    }
    *system = find_system(env, end->u.path.steps.at[0].name);
    if (*system == NULL)
        return NULL;
    if (c->kind == CALL_ATTACHMENT)
        return attachment_operation(env, c, *system);
    if (c->kind == CALL_DOCUMENT && (*system)->protocol != PROTOCOL_SOAP)
        return document_operation(env, c, *system);
    if ((*system)->protocol == PROTOCOL_SOAP ||
        (*system)->protocol == PROTOCOL_JSON ||
        (*system)->protocol == PROTOCOL_ODATA2)
        return find_operation(env, *system, end);
    struct diag *d = diag_add(env->diags, DIAG_CALL_OPERATION, end->at,
                              "system %s can't be called", (*system)->name);
    diag_note(d, NOTE_HELP, "systems of kind soap can, with a WSDL as their "
              "schema, those of kind json, with an OpenAPI document, and those "
              "of kind odata2");
    return NULL;
}

/* --- the two maps --- */

static const struct member *
envelope_member(struct env *env, const char *name)
{
    struct member *m = arena_alloc(env->arena, sizeof *m);

    m->name = intern_text(env->names, name);
    m->ns = intern_text(env->names, ENVELOPE_NS);
    m->min = m->max = 1;
    return m;
}

static const struct map *
block_as_map(struct env *env, const struct call_item *c, const char *part,
             const item_vec *items, struct span at)
{
    struct map *m = arena_alloc(env->arena, sizeof *m);

    m->at = at;
    m->name.text = intern_text(
        env->names, arena_printf(env->arena, "%s.%s", c->name.text, part));
    m->name.at = c->name.at;
    m->left = c->left;
    m->right = c->right;
    m->items = *items;
    return m;
}

/* NULL after reporting. */
static struct tmap *
half(struct env *env, struct tcall *call, const struct map *ast,
     const struct tsystem *right, const struct member *element, enum side to)
{
    struct tmap *map = arena_alloc(env->arena, sizeof *map);

    map->name = ast->name.text;
    map->at = ast->at;
    map->ast = ast;
    map->call = call;
    map->root = level_new(env, NULL, ast->at);
    map->root->text = map->name;
    map->root->record[LEFT] = call->ast->kind == CALL_DOCFLOW &&
                                          to == LEFT
                                  ? docflow_end(env, map)
                                  : map_end(env, map, LEFT, ast->left);
    if (map->root->record[LEFT] == NULL)
        return NULL;
    map->systems[RIGHT] = right;
    if (right->protocol == PROTOCOL_SOAP) {
        vec_push(env->arena, &map->path[RIGHT],
                 envelope_member(env, "Envelope"));
        vec_push(env->arena, &map->path[RIGHT], envelope_member(env, "Body"));
    }
    vec_push(env->arena, &map->path[RIGHT], element);
    map->root->record[RIGHT] = element->record;
    map->create[to] = true;
    map->runs[to] = map->root->runs[to] = true;
    return map;
}

/* --- what may stand in the blocks --- */

static const char *
foreign_word(enum item_kind kind)
{
    switch (kind) {
    case ITEM_KEY:
        return "key";
    case ITEM_CREATE:
        return "create";
    case ITEM_DELETE:
        return "delete";
    case ITEM_OWNER:
        return "owner";
    case ITEM_GROUP:
        return "group";
    case ITEM_FINAL:
        return "final";
    case ITEM_RULE:
    case ITEM_IGNORE:
    case ITEM_WHERE:
    case ITEM_ELSE:
    case ITEM_EACH:
    case ITEM_MESSAGES:
        break;
    }
    return NULL;
}

static void
check_way(struct env *env, enum arrow arrow, struct span at, enum side to)
{
    if (arrow == (to == RIGHT ? ARROW_RIGHT : ARROW_LEFT))
        return;
    struct diag *d = diag_add(env->diags, DIAG_CALL_WAY, at,
                              to == RIGHT
                                  ? "in a request everything goes to the "
                                    "called system"
                                  : "in a response everything comes from the "
                                    "called system");
    diag_note(d, NOTE_HELP, "write %s", to == RIGHT ? "->" : "<-");
}

static void
check_aligned(struct env *env, const struct each *e, struct span at)
{
    if (e->right == NULL || (e->match.n > 0 && !e->by_position))
        return;
    struct diag *d = diag_add(env->diags, DIAG_CALL_MATCH, at,
                              "nothing says which row of the answer belongs "
                              "to which row here");
    diag_note(d, NOTE_HELP, "add `match` with the field that both have: the "
              "number of the item, as a rule");
}

/* `keyed`: the rows of an answer are told apart by a key. */
static void
check_lines(struct env *env, const item_vec *items, enum side to, bool keyed)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct map_item *item = items->at[i];
        const char *foreign = foreign_word(item->kind);

        if (foreign != NULL) {
            diag_add(env->diags, DIAG_CALL_PART, item->at,
                     "`%s` has no place in a call", foreign);
        } else if (item->kind == ITEM_MESSAGES && to == RIGHT) {
            diag_add(env->diags, DIAG_CALL_PART, item->at,
                     "messages come with the response");
        } else if (item->kind == ITEM_RULE) {
            check_way(env, item->u.rule->arrow, item->u.rule->arrow_at, to);
        } else if (item->kind == ITEM_EACH) {
            const struct each *e = item->u.each;

            if (e->right != NULL)
                check_way(env, e->arrow, e->arrow_at, to);
            if (to == LEFT && keyed)
                check_aligned(env, e, item->at);
            check_lines(env, &e->items, to, keyed);
        }
    }
}

/* True where only lines stand there that may. */
static bool
check_block(struct env *env, const struct call_item *c, const item_vec *items,
            enum side to)
{
    size_t before = diags_errors(env->diags);

    check_lines(env, items, to, c->kind != CALL_DOCFLOW);
    return diags_errors(env->diags) == before;
}

/* --- lists --- */

/* The level of the request that goes through the same list on the left. */
static const struct tlevel *
request_level(const struct tcall *call, const struct tlevel *level)
{
    const struct tlevel *outer;

    if (level->outer == NULL)
        return call->request->root;
    outer = request_level(call, level->outer);
    if (outer == NULL || level->list[LEFT] == NULL)
        return outer;
    for (size_t i = 0; i < outer->levels.n; i++)
        if (outer->levels.at[i]->list[LEFT] != NULL &&
            tpath_same(outer->levels.at[i]->list[LEFT], level->list[LEFT]))
            return outer->levels.at[i];
    return NULL;
}

const struct tlevel *
call_asks(const struct tcall *call, const struct tlevel *level)
{
    return request_level(call, level);
}

bool
call_reads_list(const struct tcall *call, const struct tlevel *level)
{
    return request_level(call, level) != NULL;
}

/* --- all of it --- */

static bool
has_parts(struct env *env, const struct call_item *c)
{
    const char *lacks = !c->request.there        ? "request"
                        : !c->response.there && c->kind < CALL_DOCUMENT
                            ? "response"
                        : c->within.number == NULL ? "within" : NULL;

    if (lacks == NULL)
        return true;
    struct diag *d = diag_add(env->diags, DIAG_CALL_PART, c->name.at,
                              "%s %s has no `%s`",
                              call_word(c->kind), c->name.text, lacks);
    diag_note(d, NOTE_HELP, strcmp(lacks, "within") == 0
              ? "say how long the caller waits at most: within 3 s"
              : "add a block: %s { … }", lacks);
    return false;
}

static void
check_cache(struct env *env, const struct call_item *c, struct tcall *call)
{
    struct diag *d;

    if (c->cache.number != NULL)
        call->cache = period_seconds(env, &c->cache);
    call->last_known = c->last_known;
    if (c->cache.number != NULL && !c->no_effect) {
        d = diag_add(env->diags, DIAG_CALL_PART, c->cache_at,
                     "an answer can't stand for a call that has an effect");
        diag_note(d, NOTE_HELP, "say `effect none`, if it has none");
    }
    if (c->last_known && c->cache.number == NULL) {
        d = diag_add(env->diags, DIAG_CALL_PART, c->last_known_at,
                     "no answer is kept that could be the last known");
        diag_note(d, NOTE_HELP, "say how long one is good: cache 10 min");
    }
}

static void
check_call_item(struct env *env, const struct call_item *c)
{
    struct tcall *call = arena_alloc(env->arena, sizeof *call);
    const struct tsystem *system = NULL;

    call->name = c->name.text;
    call->at = c->at;
    call->place = source_where(env, c->at);
    call->ast = c;
    call->no_effect = c->no_effect || c->kind == CALL_DOCFLOW ||
                      c->kind == CALL_DOCUMENT;
    if (!docflow_parts(env, c) || !document_parts(env, c) ||
        !has_parts(env, c))
        return;
    call->within = period_milliseconds(env, &c->within);
    check_cache(env, c, call);
    call->operation = called(env, c, &system);
    if (call->operation == NULL)
        return;
    bool asks = check_block(env, c, &c->request.items, RIGHT);
    bool answers = check_block(env, c, &c->response.items, LEFT);
    call->request = half(env, call,
                         block_as_map(env, c, "request", &c->request.items,
                                      c->request.at),
                         system, call->operation->input, RIGHT);
    if (call->request == NULL)
        return;
    call->response = half(env, call,
                          block_as_map(env, c, "response", &c->response.items,
                                       c->response.at),
                          system, call->operation->output, LEFT);
    if (asks)
        map_clauses(env, call->request);
    if (answers)
        map_clauses(env, call->response);
    if (asks)
        map_body(env, call->request);
    if (answers)
        map_body(env, call->response);
    if (asks && answers)
        check_message_items(env, call);
    if (c->kind == CALL_DOCFLOW && asks && answers)
        docflow_check(env, call);
    if (c->kind == CALL_DOCUMENT && asks && answers)
        document_check(env, call);
    if (c->kind == CALL_ATTACHMENT && asks && answers)
        attachment_check(env, call);
    vec_push(env->arena, &env->program->calls, call);
}

void
check_calls(struct env *env)
{
    struct table seen = { 0 };

    for (size_t i = 0; i < env->calls.n; i++) {
        const struct call_item *c = env->calls.at[i];
        const struct call_item *first =
            table_put(env->arena, &seen, c->name.text, (void *)c);

        if (first != NULL) {
            struct diag *d = diag_add(env->diags, DIAG_DECLARED_TWICE,
                                      c->name.at, "there is already a call %s",
                                      c->name.text);
            diag_label(d, first->name.at, "first here");
        } else {
            check_call_item(env, c);
        }
    }
    check_once(env);
}
