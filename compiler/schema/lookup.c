/* SPDX-License-Identifier: Apache-2.0 */
/* Questions asked of an imported schema, and what a map may state about it. */
#include <string.h>

#include "schema/schema.h"

const struct member *
schema_root(const struct schema *s, const char *name)
{
    return table_find(&s->root_by_name, name);
}

const struct member *
record_member(const struct record *r, const char *name)
{
    return table_find(&r->by_name, name);
}

const struct operation *
schema_operation(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < s->operations.n; i++)
        if (s->operations.at[i].name == name)
            return &s->operations.at[i];
    return NULL;
}

static bool
count_in_bytes(struct member *m, uint32_t per_char)
{
    struct type *t = &m->type;
    uint32_t bytes = t->max_bytes != 0 ? t->max_bytes : t->max_chars;

    if (m->record != NULL || t->kind != TYPE_TEXT || bytes == UNBOUNDED ||
        t->values.n > 0 || bytes < per_char)
        return false;
    t->max_bytes = bytes;
    t->max_chars = bytes / per_char;
    return true;
}

/* By its name, or the last part of an anonymous type's path. */
static bool
is_named(const struct record *r, const char *name)
{
    const char *dot = strrchr(r->name, '.');

    return strcmp(r->name, name) == 0 ||
           (dot != NULL && strcmp(dot + 1, name) == 0);
}

size_t
schema_bytes_per_char(struct schema *s, const char *record, const char *name,
                      uint32_t per_char)
{
    size_t n = 0;

    if (per_char == 0)
        return 0;
    for (size_t i = 0; i < s->records.n; i++) {
        struct record *r = s->records.at[i];

        if (record != NULL && !is_named(r, record))
            continue;
        for (size_t k = 0; k < r->members.n; k++)
            if (strcmp(r->members.at[k].name, name) == 0)
                n += count_in_bytes(&r->members.at[k], per_char);
    }
    return n;
}

const struct member *
record_key(const struct record *record)
{
    const struct member *key = NULL;

    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];

        if (!m->key)
            continue;
        if (key != NULL || m->record != NULL)
            return NULL;
        key = m;
    }
    return key;
}
