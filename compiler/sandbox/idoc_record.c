/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an IDoc does to the record that is kept. A field with "/" says nothing,
 * an empty one clears, one that is not there leaves alone. Segments of a list
 * are told apart by the fields that the maps match them by; a list without
 * such fields is replaced as a whole. MSGFN 003 (in order items: ACTION 003)
 * deletes a segment with all below it.
 */
#include <stdlib.h>
#include <string.h>

#include "sandbox/doc.h"
#include "sandbox/idoc.h"

static const char *
field(const json_t *segment, const char *name)
{
    const char *text = json_string_value(json_object_get(segment, name));

    return text == NULL || strcmp(text, "/") == 0 ? "" : text;
}

bool
sb_idoc_deleted(const json_t *segment)
{
    return strcmp(field(segment, "MSGFN"), "003") == 0 ||
           (json_object_get(segment, "MSGFN") == NULL &&
            strcmp(field(segment, "ACTION"), "003") == 0);
}

void
sb_idoc_records(struct arena *a, const struct kind *k, json_t *segments,
                json_vec *out)
{
    json_vec now = { 0 };

    vec_push(a, &now, segments);
    for (size_t i = 2; i < k->path.n; i++) {
        json_vec below = { 0 };

        for (size_t n = 0; n < now.n; n++) {
            json_t *next = json_object_get(now.at[n], k->path.at[i]->name);
            size_t at;
            json_t *one;

            if (json_is_object(next))
                vec_push(a, &below, next);
            json_array_foreach(next, at, one)
                vec_push(a, &below, one);
        }
        now = below;
    }
    for (size_t n = 0; n < now.n; n++)
        vec_push(a, out, now.at[n]);
}

/* The row of a list that the selector picks. */
static const json_t *
pick(const json_t *list, const struct hop *hop)
{
    size_t i;
    json_t *row;

    if (json_is_object(list) || hop->key == NULL)
        return list;
    json_array_foreach(list, i, row)
        if (strcmp(field(row, hop->key->name), hop->equals) == 0)
            return row;
    return NULL;
}

const char *
sb_idoc_key(const struct kind *k, const json_t *record)
{
    for (size_t i = 0; i < k->keys.n; i++) {
        const hop_vec *hops = &k->keys.at[i];
        const json_t *at = record;
        const char *text;

        for (size_t h = 0; h < hops->n && at != NULL; h++) {
            at = json_object_get(at, hops->at[h].member->name);
            if (h + 1 < hops->n)
                at = pick(at, &hops->at[h]);
        }
        text = json_string_value(at);
        if (text != NULL && *text != '\0' && strcmp(text, "/") != 0)
            return text;
    }
    return NULL;
}

/* --- merging --- */

static void merge(const struct kind *k, const struct record *record,
                  json_t *kept, const json_t *came);

const struct member *
sb_idoc_member(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->members.n; i++)
        if (strcmp(record->members.at[i].name, name) == 0)
            return &record->members.at[i];
    return NULL;
}

static bool
same_row(const struct matched *by, const json_t *a, const json_t *b)
{
    for (size_t i = 0; i < by->fields.n; i++)
        if (strcmp(field(a, by->fields.at[i]), field(b, by->fields.at[i])) !=
            0)
            return false;
    return true;
}

static json_t *
fresh(const struct kind *k, const struct record *record, const json_t *came)
{
    json_t *row = json_object();

    merge(k, record, row, came);
    return row;
}

static void
merge_row(const struct kind *k, const struct member *m,
          const struct matched *by, json_t *list, const json_t *came)
{
    size_t i;
    json_t *row;

    json_array_foreach(list, i, row) {
        if (!same_row(by, row, came))
            continue;
        if (sb_idoc_deleted(came))
            json_array_remove(list, i);
        else
            merge(k, m->record, row, came);
        return;
    }
    if (!sb_idoc_deleted(came))
        json_array_append_new(list, fresh(k, m->record, came));
}

static void
merge_list(const struct kind *k, const struct member *m, json_t *kept,
           const json_t *came)
{
    const struct matched *by = kind_matched(k, m);
    json_t *list = json_object_get(kept, m->name), *row;
    size_t i;

    if (list == NULL || by == NULL) {
        list = json_array();
        json_object_set_new(kept, m->name, list);
    }
    json_array_foreach(came, i, row) {
        if (by != NULL)
            merge_row(k, m, by, list, row);
        else if (!sb_idoc_deleted(row))
            json_array_append_new(list, fresh(k, m->record, row));
    }
    if (json_array_size(list) == 0)
        json_object_del(kept, m->name);
}

static void
merge_single(const struct kind *k, const struct member *m, json_t *kept,
             const json_t *came)
{
    json_t *segment = json_object_get(kept, m->name);

    if (sb_idoc_deleted(came)) {
        json_object_del(kept, m->name);
    } else if (segment == NULL) {
        json_object_set_new(kept, m->name, fresh(k, m->record, came));
    } else {
        merge(k, m->record, segment, came);
    }
}

static void
merge(const struct kind *k, const struct record *record, json_t *kept,
      const json_t *came)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)came, name, value) {
        const struct member *m = sb_idoc_member(record, name);
        const char *text = json_string_value(value);

        /* What the message does is not part of the record. */
        if (m == NULL || strcmp(name, "MSGFN") == 0)
            continue;
        if (json_is_array(value))
            merge_list(k, m, kept, value);
        else if (json_is_object(value))
            merge_single(k, m, kept, value);
        else if (text != NULL && *text == '\0')
            json_object_del(kept, name);
        else if (text != NULL && strcmp(text, "/") != 0)
            json_object_set(kept, name, value);
    }
}

void
sb_idoc_merge(const struct kind *k, json_t *kept, const json_t *came)
{
    merge(k, k->record, kept, came);
}

/* --- keeping --- */

void
sb_idoc_keep(struct buf *out, const struct record *record, const json_t *json)
{
    const char *between = "";

    buf_char(out, '{');
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];
        const json_t *value = json_object_get(json, m->name);
        size_t at;
        json_t *row;

        if (value == NULL)
            continue;
        buf_printf(out, "%s\"%s\":", between, m->name);
        between = ",";
        if (json_is_object(value)) {
            sb_idoc_keep(out, m->record, value);
        } else if (json_is_array(value)) {
            buf_char(out, '[');
            json_array_foreach(value, at, row) {
                if (at > 0)
                    buf_char(out, ',');
                sb_idoc_keep(out, m->record, row);
            }
            buf_char(out, ']');
        } else {
            json_quote(out, json_string_value(value),
                       json_string_length(value));
        }
    }
    buf_char(out, '}');
}
