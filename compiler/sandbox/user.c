/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What users of a system do: change, create and delete records. In an IDoc
 * system each of it sends an IDoc. A path names a field below lists, too:
 *
 *   Name   CorporateAccountSalesData[0].CurrencyCode
 *   E1KNVVM[VKORG=1000].KDGRP
 */
#include <stdlib.h>
#include <string.h>

#include "sandbox/control.h"
#include "sandbox/counts.h"
#include "sandbox/idoc.h"
#include "sandbox/odata.h"
#include "sandbox/outbox.h"
#include "sandbox/value.h"

bool
user_find(struct request *r, const struct kind *k, const char *key,
          struct row *row)
{
    size_t n = strlen(key);

    return sb_store_by_key(r->store, r->arena, k->number, key, n, row) ||
           (k->site->protocol == SITE_ODATA &&
            sb_store_by_oid(r->store, r->arena, k->number, key, n, row));
}

/* One part of a path: a name, and which of a list. */
struct part {
    const char *name;
    const char *field, *value;  /* [field=value] */
    size_t index;               /* [2] */
    bool last;
};

static const char *
take_part(struct request *r, const char **path, struct part *out)
{
    const char *p = *path, *end;
    size_t n = strcspn(p, ".[");

    memset(out, 0, sizeof *out);
    out->name = arena_copy(r->arena, p, n);
    p += n;
    if (*p == '[') {
        const char *equals;

        end = strchr(p, ']');
        if (end == NULL)
            return "a path lacks ]";
        equals = memchr(p, '=', (size_t)(end - p));
        if (equals != NULL) {
            out->field = arena_copy(r->arena, p + 1,
                                    (size_t)(equals - p - 1));
            out->value = arena_copy(r->arena, equals + 1,
                                    (size_t)(end - equals - 1));
        } else {
            out->index = strtoul(p + 1, NULL, 10);
        }
        p = end + 1;
    }
    out->last = *p != '.';
    if (out->last && *p != '\0')
        return "a path is not understood";
    *path = p + !out->last;
    return *out->name == '\0' ? "a path has an empty part" : NULL;
}

/* --- OData --- */

static const char *
message_of(struct request *r, const struct answer *to)
{
    json_t *json = json_loadb(to->body.at, to->body.n, 0, NULL);
    const char *text = json_string_value(json_object_get(
        json_object_get(json_object_get(json, "error"), "message"),
        "value"));

    text = text == NULL ? "refused"
                        : arena_copy(r->arena, text, strlen(text));
    json_decref(json);
    return text;
}

static bool
is_picked(struct request *r, const struct kind *k, const struct row *row,
          const struct part *part, size_t at)
{
    struct slot *slots;
    const struct field *f;
    const char *text;
    size_t n;

    if (part->field == NULL)
        return at == part->index;
    f = kind_field(k, part->field, strlen(part->field));
    if (f == NULL)
        return false;
    slots = arena_alloc(r->arena, k->fields.n * sizeof *slots);
    doc_read(k, row->doc, row->doc_n, slots);
    text = json_plain(r->arena, slots[f - k->fields.at], &n);
    return text != NULL && n == strlen(part->value) &&
           memcmp(text, part->value, n) == 0;
}

static bool
pick_below(struct request *r, const struct kind *k, const struct part *part,
           struct row *row)
{
    struct cursor *c = sb_store_children(r->store, k->number, row->id);
    size_t at = 0;
    int64_t id = 0;
    struct row child;

    while (id == 0 && sb_store_next(c, &child))
        if (is_picked(r, k, &child, part, at++))
            id = child.id;
    sb_store_end(c);
    return id != 0 && sb_store_by_id(r->store, r->arena, id, row);
}

static const char *
edit_entity(struct request *r, const struct kind *k, const char *key,
            const char *path, json_t *value)
{
    struct row row;
    struct part part;
    struct answer to;
    json_t *body;
    const char *wrong;
    bool good;

    /* Read again for each path: the one before has changed it. */
    if (!user_find(r, k, key, &row))
        return "there is no such record";
    for (;;) {
        const struct nav *nav;

        wrong = take_part(r, &path, &part);
        if (wrong != NULL)
            return wrong;
        if (part.last)
            break;
        nav = kind_nav(k, part.name, strlen(part.name));
        if (nav == NULL || !nav->child)
            return arena_printf(r->arena, "%s has no %.60s", k->name,
                                part.name);
        k = nav->to;
        if (!pick_below(r, k, &part, &row))
            return arena_printf(r->arena, "there is no such %.60s",
                                part.name);
    }
    answer_init(&to, r->arena);
    body = json_object();
    json_object_set(body, part.name, value);
    good = sb_odata_update(r, k, &row, body, false, &to);
    json_decref(body);
    return good ? NULL : message_of(r, &to);
}

/* --- IDoc --- */

/* The segment that a part names; made where it is a single one. */
static json_t *
segment_of(json_t *at, const struct member *m, const struct part *part)
{
    json_t *next = json_object_get(at, m->name), *row;
    size_t i;

    if (next == NULL && m->max <= 1) {
        next = json_object();
        json_object_set_new(at, m->name, next);
    }
    if (!json_is_array(next))
        return next;
    if (part->field == NULL)
        return json_array_get(next, part->index);
    json_array_foreach(next, i, row) {
        const char *text = json_string_value(json_object_get(row,
                                                             part->field));

        if (text != NULL && strcmp(text, part->value) == 0)
            return row;
    }
    return NULL;
}

static const char *
set_field(struct request *r, const struct member *m, json_t *segment,
          const json_t *value)
{
    const char *text = json_string_value(value);

    if (text == NULL && !json_is_null(value))
        return arena_printf(r->arena, "%s is a text", m->name);
    if (text != NULL && m->type.max_chars != UNBOUNDED &&
        value_characters(text, strlen(text)) > m->type.max_chars)
        return arena_printf(r->arena, "%s is longer than %u characters",
                            m->name, (unsigned)m->type.max_chars);
    if (text == NULL || *text == '\0')
        json_object_del(segment, m->name);
    else
        json_object_set_new(segment, m->name, json_string(text));
    return NULL;
}

static const char *
edit_segment(struct request *r, const struct kind *k, json_t *record,
             const char *path, const json_t *value)
{
    const struct record *type = k->record;
    json_t *at = record;

    for (;;) {
        struct part part;
        const char *wrong = take_part(r, &path, &part);
        const struct member *m;

        if (wrong != NULL)
            return wrong;
        m = sb_idoc_member(type, part.name);
        if (m == NULL || (m->record == NULL) != part.last)
            return arena_printf(r->arena, "%s has no %.60s", k->name,
                                part.name);
        if (part.last)
            return set_field(r, m, at, value);
        at = segment_of(at, m, &part);
        if (at == NULL)
            return arena_printf(r->arena, "there is no such %.60s",
                                part.name);
        type = m->record;
    }
}

static const char *check_segment(struct request *r,
                                 const struct record *record,
                                 const json_t *json);

static const char *
check_rows(struct request *r, const struct member *m, const json_t *value)
{
    const char *wrong = NULL;
    size_t i;
    json_t *row;

    if (m->max <= 1)
        return check_segment(r, m->record, value);
    if (!json_is_array(value))
        return arena_printf(r->arena, "%s is a list", m->name);
    json_array_foreach(value, i, row)
        if (wrong == NULL)
            wrong = check_segment(r, m->record, row);
    return wrong;
}

/* A record that a person gives is of the form that IDocs are turned into. */
static const char *
check_segment(struct request *r, const struct record *record,
              const json_t *json)
{
    const char *name, *wrong = NULL;
    json_t *value;

    if (!json_is_object(json))
        return "a segment is an object";
    json_object_foreach((json_t *)(uintptr_t)json, name, value) {
        const struct member *m = sb_idoc_member(record, name);

        if (m == NULL)
            return arena_printf(r->arena, "there is no %.60s", name);
        if (m->record != NULL)
            wrong = check_rows(r, m, value);
        else if (!json_is_string(value))
            wrong = arena_printf(r->arena, "%s is a text", name);
        else if (m->type.max_chars != UNBOUNDED &&
                 value_characters(json_string_value(value),
                                  json_string_length(value)) >
                     m->type.max_chars)
            wrong = arena_printf(r->arena, "%s is longer than %u characters",
                                 name, (unsigned)m->type.max_chars);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static const char *
put(struct request *r, const struct kind *k, struct row *row,
    const json_t *record)
{
    struct buf doc;
    enum store_result result;
    const char *key = sb_idoc_key(k, record);
    const char *wrong = check_segment(r, k->record, record);

    if (wrong != NULL)
        return wrong;
    if (key == NULL)
        return "the record has no key";
    buf_init(&doc, r->arena);
    sb_idoc_keep(&doc, k->record, record);
    row->kind = k->number;
    row->key = arena_copy(r->arena, key, strlen(key));
    row->key_n = strlen(key);
    row->doc = doc.at;
    row->doc_n = doc.n;
    row->changed = sb_store_now(r->store, faults_skew(r->site->faults));
    result = row->id != 0 ? sb_store_update(r->store, row)
                          : sb_store_insert(r->store, row);
    if (result == STORE_DUPLICATE)
        return "there is a record with this key";
    return result == STORE_OK ? NULL : "the record can't be stored";
}

static const char *
keep(struct request *r, const struct kind *k, struct row *row,
     const json_t *record)
{
    const char *wrong = put(r, k, row, record);

    if (wrong == NULL && !outbox_add(r->site->outbox, r->arena, k, row))
        wrong = "the IDoc can't be queued";
    return wrong;
}

static const char *
edit_idoc(struct request *r, const struct kind *k, const char *key,
          const json_t *set)
{
    struct row row;
    json_t *record, *value;
    const char *wrong = NULL, *path;

    if (!user_find(r, k, key, &row))
        return "there is no such record";
    record = json_loadb(row.doc, row.doc_n, 0, NULL);
    if (record == NULL)
        return "the record that is kept can't be read";
    json_object_foreach((json_t *)(uintptr_t)set, path, value)
        if (wrong == NULL)
            wrong = edit_segment(r, k, record, path, value);
    if (wrong == NULL)
        wrong = keep(r, k, &row, record);
    json_decref(record);
    return wrong;
}

/* --- both --- */

/* Everything or nothing. */
static const char *
done(struct request *r, const char *wrong)
{
    if (wrong != NULL || !sb_store_commit(r->store)) {
        sb_store_rollback(r->store);
        return wrong != NULL ? wrong : "the store can't be written";
    }
    return NULL;
}

static const char *
count(uint64_t *n, const char *wrong)
{
    *n += wrong == NULL;
    return wrong;
}

const char *
user_edit(struct request *r, struct kind *k, const char *key,
          const json_t *set)
{
    const char *path, *wrong = NULL;
    json_t *value;

    if (!json_is_object(set))
        return "\"set\" is an object of paths and values";
    if (!sb_store_begin(r->store))
        return "the store can't be written";
    if (r->site->protocol == SITE_IDOC)
        return count(&r->site->counts->updates,
                     done(r, edit_idoc(r, k, key, set)));
    json_object_foreach((json_t *)(uintptr_t)set, path, value)
        if (wrong == NULL)
            wrong = edit_entity(r, k, key, path, value);
    return done(r, wrong);
}

const char *
user_put(struct request *r, struct kind *k, const json_t *record)
{
    struct row row = { 0 };
    struct answer to;

    if (r->site->protocol == SITE_IDOC)
        return put(r, k, &row, record);
    answer_init(&to, r->arena);
    return sb_odata_create(r, k, NULL, record, &row, &to)
               ? NULL
               : message_of(r, &to);
}

const char *
user_create(struct request *r, struct kind *k, const json_t *record)
{
    struct row row = { 0 };

    if (!json_is_object(record))
        return "\"record\" is an object";
    if (!sb_store_begin(r->store))
        return "the store can't be written";
    if (r->site->protocol != SITE_IDOC)
        return done(r, user_put(r, k, record));
    return count(&r->site->counts->creates,
                 done(r, keep(r, k, &row, record)));
}

const char *
user_delete(struct request *r, struct kind *k, const char *key)
{
    struct row row;
    const char *wrong = NULL;

    if (!sb_store_begin(r->store))
        return "the store can't be written";
    /* A person with the rights for it may delete what the service does not. */
    if (!user_find(r, k, key, &row))
        wrong = "there is no such record";
    else if (sb_store_delete(r->store, row.id) == 0)
        wrong = "the record can't be deleted";
    else if (r->site->protocol == SITE_IDOC &&
             !outbox_add_deleted(r->site->outbox, r->arena, k, &row))
        wrong = "the IDoc can't be queued";
    return count(&r->site->counts->deletes, done(r, wrong));
}
