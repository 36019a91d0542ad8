/* SPDX-License-Identifier: Apache-2.0 */
/* What the keywords of a JSON Schema say about one value. */
#ifndef SCHEMA_JSON_TYPE_H
#define SCHEMA_JSON_TYPE_H

#include "schema/json_doc.h"

/* What a value may be; several bits where the schema leaves it open. */
enum json_kind {
    JSON_KIND_NULL = 1,
    JSON_KIND_BOOL = 2,
    JSON_KIND_INTEGER = 4,
    JSON_KIND_NUMBER = 8,
    JSON_KIND_TEXT = 16,
    JSON_KIND_OBJECT = 32,
    JSON_KIND_ARRAY = 64
};

struct json_facts {
    unsigned kinds;             /* 0: not said */
    bool nullable;
    bool read_only;
    const char *format, *encoding, *pattern;
    bool closed;                /* values hold */
    VEC(const char *) values;
    uint32_t min_chars, max_chars;
    uint16_t scale;
    bool has_scale;             /* multipleOf */
    bool has_low, has_high;
    int64_t low, high;
    struct json_at items;       /* node NULL: not said */
};

/* Gathers all keywords of the schema, its $ref, allOf, oneOf and anyOf. False
 * after an error. */
bool json_collect(struct jsons *js, struct json_at at, struct json_facts *f,
                  int depth);

/* The value these facts describe; false where it is no single kind of value
 * (an object, an array, several kinds, nothing said). */
bool json_value(const struct json_facts *f, struct type *t, enum wire *w);

/* --- json_schema.c --- */

/* The value, record or list of them that a schema describes; false where a
 * map can't use it. `path`: the name of a record that has none. */
bool json_use(struct jsons *js, struct json_at at, const char *path,
              struct member *m);

/* --- openapi.c --- */

/* The operations of an OpenAPI 3 document; and when all records are filled, the
 * records of their requests. */
void openapi_operations(struct jsons *js, struct json_doc *doc);
void openapi_finish(struct jsons *js);

/* Is this schema nothing but null? */
bool json_is_null_only(const json_t *node);

#endif
