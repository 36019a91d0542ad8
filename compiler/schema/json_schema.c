/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Schema (draft 4 to 2020-12), and the schemas of an OpenAPI or Swagger
 * document: object types as records, the document and its definitions as
 * roots. Records are filled from a queue, so schemas may refer to each other.
 */
#include <string.h>

#include "schema/json_type.h"

/* One record being filled. */
struct object {
    struct jsons *js;
    struct record *record;
    struct table required;      /* names that some `required` lists */
    struct table index;         /* name -> its index + 1 */
};

/* A schema that is nothing but a name for another one => that one. */
static struct json_at
step_through(struct jsons *js, struct json_at at, const char **name)
{
    static const char *const lists[] = { "allOf", "oneOf", "anyOf" };
    const char *ref = json_text(at.node, "$ref");
    json_t *only = NULL, *one;
    size_t i, n = 0;

    if (json_object_get(at.node, "properties") != NULL)
        return at;
    for (size_t k = 0; k < 3; k++)
        json_array_foreach(json_object_get(at.node, lists[k]), i, one)
            if (!json_is_null_only(one)) {
                only = one;
                n++;
            }
    if (ref != NULL && n == 0) {
        struct json_at target;

        return json_follow(js, at, ref, &target, name) ? target : at;
    }
    if (ref == NULL && n == 1 && json_is_object(only))
        return (struct json_at){ at.doc, only };
    return at;
}

static struct record *
record_of(struct jsons *js, struct json_at at, const char *name)
{
    struct json_at next;

    for (int i = 0; i < IMPORT_MAX_DEPTH; i++) {
        next = step_through(js, at, &name);
        if (next.node == at.node)
            break;
        at = next;
    }
    struct record *r = table_find(&js->records, (const char *)at.node);
    if (r != NULL)
        return r;
    js->im->steps += strlen(name) / 16;
    r = model_record(js->im, intern_text(js->im->names, name),
                     json_line(js, at.node));
    table_put(js->im->arena, &js->records, (const char *)at.node, r);
    struct json_pending waits = { r, at };
    vec_push(js->im->arena, &js->queue, waits);
    return r;
}

static bool
is_possible(struct jsons *js, struct json_at at, const struct type *t)
{
    bool length = t->values.n > 0 || t->max_chars == UNBOUNDED ||
                  t->min_chars <= t->max_chars;

    if (length && (!t->has_range || t->low <= t->high))
        return true;
    struct diag *d = diag_add(js->im->ds, DIAG_SCHEMA_FACT, json_span(js, at),
                              "no value can have this type");
    diag_note(d, NOTE_FACT, "its smallest length or number is above the "
              "largest");
    diag_note(d, NOTE_HELP, "correct the limits in the schema file");
    return false;
}

bool
json_use(struct jsons *js, struct json_at at, const char *path,
         struct member *m)
{
    struct json_facts f = { 0 };

    if (!json_collect(js, at, &f, 0))
        return false;
    m->max = 1;
    m->creatable = m->updatable = !f.read_only;
    if (f.kinds == JSON_KIND_ARRAY) {
        bool read_only = f.read_only;

        at = f.items;
        f = (struct json_facts){ 0 };
        if (at.node == NULL || !json_collect(js, at, &f, 0))
            return false;
        m->max = UNBOUNDED_COUNT;
        m->creatable = m->updatable = !read_only;
    }
    m->type.nullable = f.nullable;
    if (f.kinds == JSON_KIND_OBJECT)
        m->record = record_of(js, at, path);
    else if (!json_value(&f, &m->type, &m->wire))
        return false;
    return m->record != NULL || is_possible(js, at, &m->type);
}

/* --- members --- */

/* Two alternatives describe one property: what either allows. */
static void
widen(struct jsons *js, struct member *a, const struct member *b)
{
    struct type *s = &a->type;
    const struct type *t = &b->type;

    s->nullable = s->nullable || t->nullable;
    if (a->record != NULL || b->record != NULL || s->kind != t->kind)
        return;
    if (t->values.n == 0 || s->values.n == 0)
        memset(&s->values, 0, sizeof s->values);
    else
        for (size_t i = 0; i < t->values.n; i++)
            vec_push(js->im->arena, &s->values, t->values.at[i]);
    if (t->max_chars == UNBOUNDED ||
        (s->max_chars != UNBOUNDED && t->max_chars > s->max_chars))
        s->max_chars = t->max_chars;
    if (t->min_chars < s->min_chars)
        s->min_chars = t->min_chars;
    s->digits_only = s->digits_only && t->digits_only;
    s->has_range = false;
    s->any_scale = s->any_scale || t->any_scale;
}

/* A property that several parts describe: the first place counts. */
static void
add_property(struct object *o, struct json_at at, const char *key, bool choice)
{
    struct jsons *js = o->js;
    const char *name = intern_text(js->im->names, key);
    struct member m = { .name = name, .choice = choice,
                        .file = import_file(at.doc->src),
                        .line = json_line(js, at.node) };
    size_t errors = diags_errors(js->im->ds);

    if (json_is_false(at.node))
        return;
    if (!json_use(js, at, arena_printf(js->im->arena, "%s.%s", o->record->name,
                                       key), &m)) {
        if (diags_errors(js->im->ds) == errors)
            import_skip(js->im, SKIPPED_UNTYPED, at.doc->src, m.line);
        return;
    }
    size_t i = (size_t)(uintptr_t)table_find(&o->index, name);
    if (i == 0) {
        if (model_add(js->im, o->record, m))
            table_put(js->im->arena, &o->index, name,
                      (void *)(uintptr_t)o->record->members.n);
        return;
    }
    struct member *first = &o->record->members.at[i - 1];
    if (choice && first->choice)
        widen(js, first, &m);
    first->choice = first->choice && choice;
}

static void
add_object(struct object *o, struct json_at at, bool choice, int depth)
{
    struct jsons *js = o->js;
    const char *ref = json_text(at.node, "$ref"), *key, *name;
    json_t *one, *required = json_object_get(at.node, "required");
    struct json_at target;
    size_t i;

    if (depth > IMPORT_MAX_DEPTH || !json_is_object(at.node) ||
        !import_step(js->im, at.doc->src, json_line(js, at.node)))
        return;
    if (ref != NULL && json_follow(js, at, ref, &target, &name))
        add_object(o, target, choice, depth + 1);
    json_array_foreach(json_object_get(at.node, "allOf"), i, one)
        add_object(o, (struct json_at){ at.doc, one }, choice, depth + 1);
    json_object_foreach(json_object_get(at.node, "properties"), key, one)
        add_property(o, (struct json_at){ at.doc, one }, key, choice);
    json_array_foreach(json_object_get(at.node, "oneOf"), i, one)
        add_object(o, (struct json_at){ at.doc, one }, true, depth + 1);
    json_array_foreach(json_object_get(at.node, "anyOf"), i, one)
        add_object(o, (struct json_at){ at.doc, one }, true, depth + 1);
    if (!choice)
        json_array_foreach(required, i, one)
            if (json_is_string(one))
                table_put(js->im->arena, &o->required,
                          intern_text(js->im->names, json_string_value(one)),
                          o);
}

static void
fill(struct jsons *js, struct json_pending waits)
{
    struct object o = { .js = js, .record = waits.record };

    add_object(&o, waits.at, false, 0);
    for (size_t i = 0; i < waits.record->members.n; i++) {
        struct member *m = &waits.record->members.at[i];

        m->required = !m->choice && m->creatable &&
                      table_find(&o.required, m->name) != NULL;
        m->min = m->required ? 1 : 0;
    }
    model_index(js->im, waits.record, NULL);
}

/* --- roots --- */

static bool
is_word(const char *s)
{
    size_t n = s != NULL ? strlen(s) : 0;

    return n > 0 && n < 200 &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_") == n;
}

static void
add_root(struct jsons *js, struct json_at at, const char *name)
{
    struct member m = { .name = intern_text(js->im->names, name),
                        .file = import_file(at.doc->src),
                        .line = json_line(js, at.node) };

    if (!json_is_object(at.node) || !json_use(js, at, name, &m) ||
        m.record == NULL)
        return;
    m.min = 1;
    m.required = m.creatable = m.updatable = true;
    model_add_root(js->im, m);
}

static void
add_definitions(struct jsons *js, struct json_doc *doc, json_t *list)
{
    const char *name;
    json_t *one;

    json_object_foreach(list, name, one)
        add_root(js, (struct json_at){ doc, one }, name);
}

static bool
is_api(const json_t *root)
{
    return json_text(root, "openapi") != NULL ||
           json_text(root, "swagger") != NULL;
}

void
import_json(struct importer *im, const struct source *src)
{
    struct jsons js = { .im = im };
    struct json_doc *doc = json_open(&js, src);

    im->schema->format = SCHEMA_JSON;
    if (doc != NULL) {
        const char *title = json_text(doc->root, "title");
        json_t *parts = json_object_get(doc->root, "components");

        if (!is_api(doc->root))
            add_root(&js, (struct json_at){ doc, doc->root },
                     is_word(title) ? title : json_file_name(&js, src));
        add_definitions(&js, doc, json_object_get(doc->root, "definitions"));
        add_definitions(&js, doc, json_object_get(doc->root, "$defs"));
        add_definitions(&js, doc, json_object_get(parts, "schemas"));
        if (is_api(doc->root))
            openapi_operations(&js, doc);
        for (size_t i = 0; i < js.queue.n && !im->too_large; i++)
            fill(&js, js.queue.at[i]);
        openapi_finish(&js);
        model_index_roots(im);
    }
    json_close_all(&js);
}
