/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls. A function module that is called by SOAP returns only the tables that
 * came with the request, empty ones too [unverified]; so each list that the
 * answer is read from and that the request has under the same name is sent.
 */
#include "plan/lower.h"

static bool
is_soap(const struct tcall *call)
{
    return call->operation->method == NULL;
}

/* The request's member of this name is written, whatever is in it. */
static void
send_named(struct lmap *lm, const char *name)
{
    struct lshape *root = lm->roots[RIGHT];
    const struct member *m = record_member(lm->map->root->record[RIGHT], name);

    if (m == NULL || m->record == NULL || m->max > 1)
        return;
    shape_member(lm, root, m, PMEMBER_ONE, USE_WRITE)->out->always = true;
}

static void
send_along(struct lmap *lm, const struct tpath *list)
{
    send_named(lm, list->hops.at[0].member->name);
}

/* Lists that stand in the answer's own record. */
static void
send_lists(struct lmap *lm, const struct tlevel *level)
{
    for (size_t i = 0; i < level->levels.n; i++) {
        const struct tpath *list = level->levels.at[i]->list[RIGHT];

        if (list != NULL && list->level->outer == NULL)
            send_along(lm, list);
        send_lists(lm, level->levels.at[i]);
    }
}

/* --- rows that are asked for and answered --- */

/* The one field of the caller's rows that they are told apart by; NULL. */
static const struct member *
only_key(const struct tlevel *level)
{
    const struct member *key = NULL;

    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        if (!r->key)
            continue;
        if (key != NULL || r->fields[LEFT].n != 1 ||
            r->fields[LEFT].at[0]->hops.n != 1)
            return NULL;
        key = tpath_member(r->fields[LEFT].at[0]);
    }
    return key;
}

/* The list of the request that this list of the answer fills. */
static const struct tlevel *
asked_level(const struct tcall *call, const struct tlevel *answered)
{
    const struct tlevel *root = call->request->root;

    for (size_t i = 0; i < root->levels.n; i++)
        if (tpath_same(root->levels.at[i]->list[LEFT], answered->list[LEFT]))
            return root->levels.at[i];
    return NULL;
}

/* The request reads the keys. */
static void
read_keys(struct lmap *lm)
{
    const struct tlevel *root = lm->map->call->response->root;

    for (size_t i = 0; i < root->levels.n; i++) {
        const struct tlevel *asked =
            asked_level(lm->map->call, root->levels.at[i]);
        const struct member *key = only_key(root->levels.at[i]);

        if (asked == NULL || key == NULL)
            continue;
        const struct llevel *ll = table_find(&lm->levels, (const char *)asked);
        shape_member(lm, ll->shape[LEFT], key, PMEMBER_VALUE, USE_READ);
    }
}

static void
list_half(struct pcall_list *out, int half, struct lmap *lm,
          const struct tlevel *level, const struct member *key)
{
    const struct llevel *ll = table_find(&lm->levels, (const char *)level);

    out->root[half] = lm->roots[LEFT]->out;
    out->row[half] = ll->shape[LEFT]->out;
    out->place[half] = ll->out->list[LEFT];
    out->key[half] = shape_find(ll->shape[LEFT], key)->out->c_name;
}

static void
lists_lower(struct lower *lo, const struct tcall *call, struct pcall *out)
{
    struct lmap *request =
        table_find(&lo->maps, (const char *)call->request);
    struct lmap *response =
        table_find(&lo->maps, (const char *)call->response);
    const struct tlevel *root = call->response->root;

    for (size_t i = 0; i < root->levels.n; i++) {
        const struct tlevel *level = root->levels.at[i];
        const struct tlevel *asked = asked_level(call, level);
        const struct member *key = only_key(level);
        struct pcall_list list = { 0 };

        if (level->list[LEFT] == NULL || key == NULL)
            continue;
        list.name = level->list[LEFT]->text;
        list.asked = asked != NULL;
        if (asked != NULL)
            list_half(&list, 0, request, asked, key);
        list_half(&list, 1, response, level, key);
        vec_push(lo->arena, &out->lists, list);
    }
}

/* --- messages --- */

/* The shape of what `messages from` names, its fields read. */
static struct lshape *
message_shape(struct lmap *lm, const struct tmessages *m, const char **place,
              bool *many)
{
    const struct tpath *list = m->list;
    struct lshape *s = lm->roots[RIGHT];

    *many = tpath_member(list)->max > 1;
    if (*many)
        return shape_list(lm, s, list, USE_READ, place);
    *place = "";
    for (size_t i = 0; i < list->hops.n; i++) {
        struct lmember *l = shape_member(lm, s, list->hops.at[i].member,
                                         PMEMBER_ONE, USE_READ);

        *place = **place == '\0' ? l->out->c_name
                                 : arena_printf(lm->lower->arena, "%s.%s",
                                                *place, l->out->c_name);
        s = l->child;
    }
    return s;
}

static const char *
message_field(struct lmap *lm, struct lshape *s, const struct member *m)
{
    return m == NULL ? NULL
                     : shape_member(lm, s, m, PMEMBER_VALUE, USE_READ)
                           ->out->c_name;
}

static struct pmessages
messages_lower(struct lmap *lm, const struct tmessages *m)
{
    struct pmessages out = { 0 };
    struct lshape *s = message_shape(lm, m, &out.place, &out.many);

    out.shape = s->out;
    out.severity = message_field(lm, s, m->severity);
    out.text = message_field(lm, s, m->text);
    out.number = message_field(lm, s, m->number);
    out.item = message_field(lm, s, m->item);
    if (m->severities != NULL)
        out.severities = codes_find(lm->lower, m->severities);
    out.item_in = -1;
    return out;
}

void
call_members(struct lmap *lm)
{
    const struct tcall *call = lm->map->call;

    if (lm->map == call->request) {
        if (is_soap(call))
            send_lists(lm, call->response->root);
        if (call->document != NULL && call->document->path.n > 1)
            send_named(lm, call->document->path.at[0]->name);
        read_keys(lm);
        for (size_t i = 0; is_soap(call) && i < call->messages.n; i++)
            if (tpath_member(call->messages.at[i].list)->max > 1)
                send_along(lm, call->messages.at[i].list);
        return;
    }
    for (size_t i = 0; i < call->messages.n; i++)
        messages_lower(lm, &call->messages.at[i]);
}

/* --- over HTTP without an envelope --- */

static void
address_lower(struct lower *lo, const struct lmap *request,
              const struct operation *o, struct pcall *out)
{
    const struct lshape *root = request->roots[RIGHT];

    out->method = o->method;
    out->path = o->path;
    out->bodiless = o->bodiless;
    out->way = o->method == NULL ? "MR_CALL_SOAP"
               : request->map->systems[RIGHT]->protocol == PROTOCOL_ODATA2
                   ? "MR_CALL_ODATA" : "MR_CALL_REST";
    out->asked = root->out;
    for (size_t i = 0; i < o->input->record->members.n; i++) {
        const struct member *m = &o->input->record->members.at[i];
        const struct lmember *l =
            m->place == PLACE_BODY ? NULL : shape_find(root, m);
        struct pcall_param p = { .name = m->name, .before = m->before,
                                 .after = m->after,
                                 .path = m->place == PLACE_PATH };

        if (l == NULL)
            continue;
        p.field = l->out->c_name;
        p.wire = l->out->wire;
        vec_push(lo->arena, &out->params, p);
    }
}

static const struct pdocument *
document_lower(struct lower *lo, const struct tcall *call)
{
    const struct tdocument *d = call->document;
    struct pdocument *out = arena_alloc(lo->arena, sizeof *out);
    const struct tmap *answer = call->response;

    out->key = d->key == NULL ? "" : d->key->name;
    out->most = d->most;
    for (size_t i = 0; i < d->types.n; i++)
        vec_push(lo->arena, &out->types, d->types.at[i]);
    for (size_t i = 0; d->path.n > 0 && i < answer->path[RIGHT].n; i++)
        vec_push(lo->arena, &out->path, answer->path[RIGHT].at[i]->name);
    for (size_t i = 0; i < d->path.n; i++)
        vec_push(lo->arena, &out->path, d->path.at[i]->name);
    return out;
}

/* --- effect once --- */

static void
once_lower(struct lower *lo, const struct tcall *call, struct lmap *request,
           struct pcall *out)
{
    const struct lshape *root = request->roots[LEFT];

    out->once = true;
    out->once_from = root->out;
    while (lo->program->calls.at[out->once_find] != call->once->find)
        out->once_find++;
    for (size_t i = 0; i < call->once->keys.n; i++) {
        const struct member *key = call->once->keys.at[i];
        struct pcall_key k = { .name = key->name };

        k.field = shape_find(root, key)->out->c_name;
        vec_push(lo->arena, &out->once_keys, k);
    }
}

/* The record's fields that the request reads are asked for, and not the bytes
 * among them. */
static const struct pattachment *
attachment_lower(struct lower *lo, const struct tcall *call,
                 const struct lmap *request)
{
    const struct tattachment *a = call->attachment;
    const struct pshape *read = request->roots[LEFT]->out;
    struct pattachment *out = arena_alloc(lo->arena, sizeof *out);

    out->set = a->set;
    out->before = a->before;
    out->after = a->after;
    out->bytes = a->bytes;
    out->content = a->content;
    out->most = a->most;
    out->select = "";
    for (size_t i = 0; i < read->members.n; i++)
        out->select = arena_printf(lo->arena, "%s%s%s", out->select,
                                   i == 0 ? "" : ",",
                                   read->members.at[i]->name);
    for (size_t i = 0; i < a->types.n; i++)
        vec_push(lo->arena, &out->types, a->types.at[i]);
    return out;
}

void
call_lower(struct lower *lo, const struct tcall *call)
{
    struct pcall *out = arena_alloc(lo->arena, sizeof *out);
    struct lmap *request =
        table_find(&lo->maps, (const char *)call->request);
    struct lmap *response =
        table_find(&lo->maps, (const char *)call->response);

    out->c_name = cname_make_lower(&lo->shared, call->name);
    out->name = call->name;
    out->at = call->place;
    for (int side = LEFT; side <= RIGHT; side++)
        out->systems[side] = call->request->systems[side]->name;
    out->operation = call->operation->name;
    out->action = call->operation->action;
    address_lower(lo, request, call->operation, out);
    out->within = call->within;
    out->no_effect = call->no_effect;
    if (call->once != NULL)
        once_lower(lo, call, request, out);
    out->cache = call->cache;
    out->last_known = call->last_known;
    out->request = request->out;
    out->response = response->out;
    out->answer = response->roots[RIGHT]->out;
    /* Members are there already: this only finds them. */
    for (size_t i = 0; i < call->messages.n; i++)
        vec_push(lo->arena, &out->messages,
                 messages_lower(response, &call->messages.at[i]));
    lists_lower(lo, call, out);
    for (size_t i = 0; i < call->messages.n; i++)
        for (size_t k = 0; k < out->lists.n; k++)
            if (call->messages.at[i].item_in != NULL &&
                strcmp(out->lists.at[k].name,
                       call->messages.at[i].item_in->text) == 0)
                out->messages.at[i].item_in = (int)k;
    if (call->docflow != NULL)
        out->docflow = docflow_lower(lo, call);
    if (call->document != NULL)
        out->document = document_lower(lo, call);
    if (call->attachment != NULL)
        out->attachment = attachment_lower(lo, call, request);
    vec_push(lo->arena, &lo->plan->calls, out);
}
