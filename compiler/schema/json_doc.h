/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Schema documents: places in them and the references between them. */
#ifndef SCHEMA_JSON_DOC_H
#define SCHEMA_JSON_DOC_H

#include <jansson.h>

#include "schema/importer.h"

struct json_doc {
    const struct source *src;
    json_t *root;
    const char *id;             /* its $id without a fragment, or NULL */
};

/* A (sub)schema. */
struct json_at {
    struct json_doc *doc;
    json_t *node;
};

struct json_pending {
    struct record *record;
    struct json_at at;
};

/* An operation of an OpenAPI document, until all records are filled. */
struct json_call {
    size_t at;                  /* in the schema's operations */
    struct record *body;        /* NULL: none */
    VEC(struct member) params;
};

struct jsons {
    struct importer *im;
    VEC(struct json_doc *) docs;
    struct table lines;         /* json_t * of an object or array -> line */
    struct table records;       /* json_t * -> struct record * */
    VEC(struct json_pending) queue;     /* records that wait to be filled */
    VEC(struct json_call) calls;
};

/* NULL after reporting. */
struct json_doc *json_open(struct jsons *js, const struct source *src);
void json_close_all(struct jsons *js);

uint32_t json_line(const struct jsons *js, const json_t *node);
struct span json_span(const struct jsons *js, struct json_at at);

/* The schema that $ref names; false after reporting. `name` is the last part
 * of the reference, for a record without another name. */
bool json_follow(struct jsons *js, struct json_at at, const char *ref,
                 struct json_at *out, const char **name);

/* The text of a member, or NULL. */
const char *json_text(const json_t *node, const char *key);

/* The name that a file gives to what it describes. */
const char *json_file_name(struct jsons *js, const struct source *src);

#endif
