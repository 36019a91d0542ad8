/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of an OpenAPI 3 document: JSON goes there, in the address
 * stands what its parameters say, JSON comes back. The record of a request is
 * that of its body; where there are parameters, one of its own with both.
 * Others keep the reason why they can't be called. An operation is known by
 * its operationId: one without can't be named.
 */
#include <string.h>

#include "schema/json_type.h"

struct api {
    struct jsons *js;
    struct json_doc *doc;
    struct json_call call;
    struct operation op;
};

/* What a node is when its references are followed; node NULL: nothing. */
static struct json_at
resolved(struct api *api, json_t *node)
{
    struct json_at at = { api->doc, node };
    const char *name;

    for (int i = 0; i < IMPORT_MAX_DEPTH && at.node != NULL; i++) {
        const char *ref = json_text(at.node, "$ref");

        if (ref == NULL)
            return at;
        if (!json_follow(api->js, at, ref, &at, &name))
            break;
    }
    return (struct json_at){ api->doc, NULL };
}

static void
unfit(struct api *api, const char *why, const char *name)
{
    if (api->op.unfit == NULL)
        api->op.unfit = name == NULL ? why
                        : arena_printf(api->js->im->arena, why, name);
}

static bool
is_json_type(const char *type)
{
    size_t n = strcspn(type, "; ");

    return (n == 16 && strncmp(type, "application/json", n) == 0) ||
           (n > 5 && strncmp(type + n - 5, "+json", 5) == 0);
}

/* The schema of the JSON in a request's body or an answer. */
static struct json_at
json_content(struct json_at of)
{
    json_t *content = json_object_get(of.node, "content"), *one;
    const char *type;

    json_object_foreach(content, type, one)
        if (is_json_type(type))
            return (struct json_at){ of.doc, json_object_get(one, "schema") };
    return (struct json_at){ of.doc, NULL };
}

/* The record that a schema describes; NULL: it is none. */
static struct record *
record_in(struct api *api, struct json_at schema, const char *part)
{
    struct member m = { .name = "" };
    const char *name = arena_printf(api->js->im->arena, "%s.%s", api->op.name,
                                    part);

    if (!json_is_object(schema.node) ||
        !json_use(api->js, schema, name, &m) || m.max != 1)
        return NULL;
    return m.record;
}

static const struct member *
end_member(struct api *api, struct record *record)
{
    struct member *m = arena_alloc(api->js->im->arena, sizeof *m);

    m->name = api->op.name;
    m->record = record;
    m->min = m->max = 1;
    m->required = m->creatable = m->updatable = true;
    m->file = import_file(api->doc->src);
    m->line = api->op.line;
    return m;
}

/* --- parameters --- */

static bool
same_param(const struct member *a, const struct member *b)
{
    return a->name == b->name && a->place == b->place;
}

/* The operation's own word counts more than that of its path. */
static void
add_param(struct api *api, struct member m)
{
    for (size_t i = 0; i < api->call.params.n; i++)
        if (same_param(&api->call.params.at[i], &m)) {
            api->call.params.at[i] = m;
            return;
        }
    vec_push(api->js->im->arena, &api->call.params, m);
}

static void
read_param(struct api *api, json_t *node)
{
    struct json_at at = resolved(api, node);
    const char *name = json_text(at.node, "name"), *in = json_text(at.node, "in");
    bool needed = json_is_true(json_object_get(at.node, "required"));
    struct json_at schema = { at.doc, json_object_get(at.node, "schema") };
    struct member m = { .before = "", .after = "" };

    if (name == NULL || in == NULL)
        return;
    if (strcmp(in, "path") != 0 && strcmp(in, "query") != 0) {
        if (needed)
            unfit(api, "it needs %s in a header or a cookie", name);
        return;
    }
    if (!json_is_object(schema.node) ||
        !json_use(api->js, schema, name, &m) || m.max != 1 ||
        m.record != NULL) {
        if (needed)
            unfit(api, "its parameter %s is no single value", name);
        return;
    }
    m.name = intern_text(api->js->im->names, name);
    m.place = *in == 'p' ? PLACE_PATH : PLACE_QUERY;
    m.required = needed || m.place == PLACE_PATH;
    m.min = m.required ? 1 : 0;
    m.creatable = m.updatable = true;
    m.file = import_file(at.doc->src);
    m.line = json_line(api->js, at.node);
    add_param(api, m);
}

static void
read_params(struct api *api, json_t *of)
{
    json_t *one;
    size_t i;

    json_array_foreach(json_object_get(of, "parameters"), i, one)
        read_param(api, one);
}

/* Each {name} of the path is a parameter; the rest can stand in an address. */
static void
check_path(struct api *api)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "/{}-._~!$&'()*+,;=:@%";
    const char *p = api->op.path;

    if (p[strspn(p, allowed)] != '\0')
        unfit(api, "its path is no part of an address", NULL);

    while ((p = strchr(p, '{')) != NULL) {
        size_t n = strcspn(++p, "}");
        const char *name = intern(api->js->im->names, p, n);
        bool found = false;

        for (size_t i = 0; i < api->call.params.n; i++)
            found |= api->call.params.at[i].name == name &&
                     api->call.params.at[i].place == PLACE_PATH;
        if (!found || p[n] != '}')
            unfit(api, "nothing says what {%s} in its path is", name);
    }
}

/* --- bodies --- */

static void
read_body(struct api *api, json_t *operation)
{
    json_t *node = json_object_get(operation, "requestBody");
    struct json_at body = resolved(api, node);

    api->op.bodiless = node == NULL;
    if (node == NULL)
        return;
    api->call.body = record_in(api, json_content(body), "request");
    if (api->call.body == NULL)
        unfit(api, "its request is no JSON record", NULL);
}

static void
read_answer(struct api *api, json_t *operation)
{
    static const char *const statuses[] = { "200", "201", "202", "203", "2XX",
                                            "2xx", "default" };
    json_t *all = json_object_get(operation, "responses");

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        json_t *one = json_object_get(all, statuses[i]);
        struct record *record;

        if (one == NULL)
            continue;
        record = record_in(api, json_content(resolved(api, one)), "answer");
        if (record == NULL)
            unfit(api, "its answer is no JSON record", NULL);
        else
            api->op.output = end_member(api, record);
        return;
    }
}

/* --- operations --- */

static void
read_operation(struct api *api, json_t *path, json_t *node, const char *method)
{
    struct importer *im = api->js->im;
    const char *id = json_text(node, "operationId"), *name;

    if (id == NULL || *id == '\0' ||
        !import_step(im, api->doc->src, json_line(api->js, node)))
        return;
    name = intern_text(im->names, id);
    if (schema_operation(im->schema, name) != NULL)
        return;
    api->op.name = name;
    api->op.action = "";
    api->op.method = method;
    api->op.line = json_line(api->js, node);
    read_params(api, path);
    read_params(api, node);
    check_path(api);
    read_body(api, node);
    read_answer(api, node);
    api->call.at = im->schema->operations.n;
    vec_push(im->arena, &im->schema->operations, api->op);
    vec_push(im->arena, &api->js->calls, api->call);
}

static void
read_path(struct jsons *js, struct json_doc *doc, const char *path,
          json_t *node)
{
    static const struct {
        const char *key, *method;
    } methods[] = {
        { "get", "GET" }, { "put", "PUT" }, { "post", "POST" },
        { "delete", "DELETE" }, { "patch", "PATCH" }
    };

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct api api = { .js = js, .doc = doc };
        json_t *one = json_object_get(node, methods[i].key);

        api.op.path = intern_text(js->im->names, path);
        if (json_is_object(one))
            read_operation(&api, node, one, methods[i].method);
    }
}

void
openapi_operations(struct jsons *js, struct json_doc *doc)
{
    const char *version = json_text(doc->root, "openapi"), *path;
    json_t *paths = json_object_get(doc->root, "paths"), *one;

    if (version == NULL || strncmp(version, "3.", 2) != 0)
        return;
    json_object_foreach(paths, path, one)
        if (*path == '/')
            read_path(js, doc, path, one);
}

/* --- the records of requests --- */

static struct record *
request_record(struct jsons *js, struct json_call *c, struct operation *o)
{
    struct importer *im = js->im;
    struct record *r;

    if (c->params.n == 0 && c->body != NULL)
        return c->body;
    r = model_record(im, intern_text(im->names,
                                     arena_printf(im->arena, "%s.request",
                                                  o->name)), o->line);
    for (size_t i = 0; i < c->params.n; i++) {
        if (c->body != NULL &&
            record_member(c->body, c->params.at[i].name) != NULL)
            o->unfit = arena_printf(im->arena, "%s is a parameter and a field "
                                    "of its body", c->params.at[i].name);
        model_add(im, r, c->params.at[i]);
    }
    for (size_t i = 0; c->body != NULL && i < c->body->members.n; i++)
        model_add(im, r, c->body->members.at[i]);
    if (o->unfit == NULL)
        model_index(im, r, NULL);
    return r;
}

void
openapi_finish(struct jsons *js)
{
    for (size_t i = 0; i < js->calls.n; i++) {
        struct json_call *c = &js->calls.at[i];
        struct operation *o = &js->im->schema->operations.at[c->at];
        struct member *m;

        if (o->unfit != NULL)
            continue;
        m = arena_alloc(js->im->arena, sizeof *m);
        m->name = o->name;
        m->record = request_record(js, c, o);
        m->min = m->max = 1;
        m->file = js->im->schema->file;
        m->line = o->line;
        o->input = m;
    }
}
