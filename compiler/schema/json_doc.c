/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jansson reads the documents but keeps no places. It keeps the order of
 * members, though, so one walk over text and tree side by side finds the line
 * of every object and array.
 */
#include "schema/json_doc.h"

#include <string.h>

enum { JSON_MAX_BYTES = 16 * 1024 * 1024 };

struct cursor {
    struct jsons *js;
    const char *p, *end;
    uint32_t line;
};

const char *
json_text(const json_t *node, const char *key)
{
    return json_string_value(json_object_get(node, key));
}

static void
skip_blank(struct cursor *c)
{
    for (; c->p < c->end; c->p++) {
        if (*c->p == '\n')
            c->line++;
        else if (strchr(" \t\r,:", *c->p) == NULL || *c->p == '\0')
            return;
    }
}

static void
skip_string(struct cursor *c)
{
    for (c->p++; c->p < c->end && *c->p != '"'; c->p++)
        if (*c->p == '\\')
            c->p++;
    c->p++;
}

static void
skip_scalar(struct cursor *c)
{
    if (*c->p == '"')
        skip_string(c);
    else
        while (c->p < c->end && strchr(" \t\r\n,:]}", *c->p) == NULL)
            c->p++;
}

/* The text is known to be the tree's: jansson has read it. */
static void
find_lines(struct cursor *c, json_t *node)
{
    const char *key;
    json_t *value;
    size_t i;

    skip_blank(c);
    if (!json_is_object(node) && !json_is_array(node)) {
        skip_scalar(c);
        return;
    }
    /* The key is an address: tables compare keys as pointers. */
    table_put(c->js->im->arena, &c->js->lines, (const char *)node,
              (void *)(uintptr_t)c->line);
    c->p++;
    if (json_is_array(node))
        json_array_foreach(node, i, value)
            find_lines(c, value);
    else
        json_object_foreach(node, key, value) {
            skip_blank(c);
            skip_string(c);
            find_lines(c, value);
        }
    skip_blank(c);
    c->p++;
}

uint32_t
json_line(const struct jsons *js, const json_t *node)
{
    return (uint32_t)(uintptr_t)table_find(&js->lines, (const char *)node);
}

struct span
json_span(const struct jsons *js, struct json_at at)
{
    return import_span(at.doc->src, json_line(js, at.node));
}

static void
report_syntax(struct jsons *js, const struct source *src,
              const json_error_t *e)
{
    struct diag *d = diag_add(js->im->ds, DIAG_SCHEMA_SYNTAX,
                              import_span(src, e->line > 0
                                                   ? (uint32_t)e->line : 0),
                              "the schema is not well-formed JSON");

    diag_label_here(d, "%.160s", e->text);
    diag_note(d, NOTE_HELP, "export the schema again, or repair this line");
}

static const char *
own_id(struct jsons *js, const json_t *root)
{
    const char *id = json_text(root, "$id");

    if (id == NULL)
        id = json_text(root, "id");
    if (id == NULL)
        return NULL;
    return intern(js->im->names, id, strcspn(id, "#"));
}

struct json_doc *
json_open(struct jsons *js, const struct source *src)
{
    size_t bom = src->n >= 3 && memcmp(src->bytes, "\xef\xbb\xbf", 3) == 0
                     ? 3 : 0;
    json_error_t e;

    for (size_t i = 0; i < js->docs.n; i++)
        if (js->docs.at[i]->src == src)
            return js->docs.at[i];
    if (src->n > JSON_MAX_BYTES) {
        import_too_large(js->im, import_span(src, 1),
                         "a JSON file has more than 16 MB");
        return NULL;
    }
    json_t *root = json_loadb(src->bytes + bom, src->n - bom,
                              JSON_REJECT_DUPLICATES, &e);
    if (root == NULL) {
        report_syntax(js, src, &e);
        return NULL;
    }
    struct json_doc *doc = arena_alloc(js->im->arena, sizeof *doc);
    doc->src = src;
    doc->root = root;
    doc->id = own_id(js, root);
    vec_push(js->im->arena, &js->docs, doc);
    struct cursor c = { js, src->bytes + bom, src->bytes + src->n, 1 };
    find_lines(&c, root);
    return doc;
}

void
json_close_all(struct jsons *js)
{
    for (size_t i = 0; i < js->docs.n; i++)
        json_decref(js->docs.at[i]->root);
}

/* --- references --- */

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One part of a JSON pointer in a URI: %2F, then ~1 and ~0. */
static char *
decode_part(struct jsons *js, const char *p, size_t n)
{
    char *out = arena_copy(js->im->arena, p, n), *w = out;

    for (size_t i = 0; i < n; i++) {
        char c = p[i];

        if (c == '%' && i + 2 < n && hex_digit(p[i + 1]) >= 0 &&
            hex_digit(p[i + 2]) >= 0) {
            c = (char)(hex_digit(p[i + 1]) * 16 + hex_digit(p[i + 2]));
            i += 2;
        }
        *w++ = c;
    }
    *w = '\0';
    n = (size_t)(w - out);
    w = out;
    for (size_t i = 0; i < n; i++) {
        char c = out[i];

        if (c == '~' && i + 1 < n && (out[i + 1] == '0' || out[i + 1] == '1'))
            c = out[++i] == '1' ? '/' : '~';
        *w++ = c;
    }
    *w = '\0';
    return out;
}

static json_t *
step_into(json_t *node, const char *part)
{
    uint32_t index;

    if (json_is_array(node) && import_number(part, INT32_MAX, &index))
        return json_array_get(node, index);
    return json_object_get(node, part);
}

/* #name, where a subschema says $anchor: only among the definitions. */
static json_t *
find_anchor(json_t *root, const char *anchor)
{
    static const char *const places[] = { "$defs", "definitions" };
    const char *key;
    json_t *value;

    for (size_t i = 0; i < 2; i++)
        json_object_foreach(json_object_get(root, places[i]), key, value) {
            const char *a = json_text(value, "$anchor"),
                       *id = json_text(value, "$id");

            if ((a != NULL && strcmp(a, anchor) == 0) ||
                (id != NULL && id[0] == '#' && strcmp(id + 1, anchor) == 0))
                return value;
        }
    return NULL;
}

static json_t *
find_fragment(struct jsons *js, json_t *root, const char *p,
              const char **name)
{
    json_t *node = root;

    if (*p != '\0' && *p != '/')
        return find_anchor(root, *name = p);
    while (*p == '/' && node != NULL) {
        size_t n = strcspn(++p, "/");
        const char *part = decode_part(js, p, n);

        node = step_into(node, part);
        *name = part;
        p += n;
    }
    return node;
}

static struct json_doc *
find_doc(struct jsons *js, struct json_at at, const char *file)
{
    struct span span = json_span(js, at);

    if (*file == '\0' || (at.doc->id != NULL && strcmp(file, at.doc->id) == 0))
        return at.doc;
    const char *path = import_resolve(js->im, at.doc->src, file, span);
    const struct source *src = path != NULL ? import_load(js->im, path, span)
                                            : NULL;
    return src != NULL ? json_open(js, src) : NULL;
}

bool
json_follow(struct jsons *js, struct json_at at, const char *ref,
            struct json_at *out, const char **name)
{
    size_t n = strcspn(ref, "#");
    struct json_doc *doc = find_doc(js, at,
                                    arena_copy(js->im->arena, ref, n));

    if (doc == NULL)
        return false;
    *name = json_file_name(js, doc->src);
    json_t *node = find_fragment(js, doc->root,
                                 ref[n] == '#' ? ref + n + 1 : "", name);
    if (json_is_object(node)) {
        *out = (struct json_at){ doc, node };
        return true;
    }
    struct diag *d = diag_add(js->im->ds, DIAG_SCHEMA_UNKNOWN,
                              json_span(js, at),
                              "there is no schema \"%.200s\"", ref);
    diag_note(d, NOTE_HELP, "correct the $ref, or add the definition");
    return false;
}

/* customer.schema.json => customer */
const char *
json_file_name(struct jsons *js, const struct source *src)
{
    const char *slash = strrchr(src->name, '/');
    const char *name = slash != NULL ? slash + 1 : src->name;
    size_t n = strcspn(name, ".");
    char *out = arena_copy(js->im->arena, name, n);

    for (char *p = out; *p != '\0'; p++)
        if (*p == '-' || *p == ' ')
            *p = '_';
    return n > 0 ? intern_text(js->im->names, out)
                 : intern_text(js->im->names, "document");
}
