/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the models as OData JSON, as a service shows them and as it is
 * told to change them.
 */
#include "sim/sim.h"

#include <jansson.h>
#include <stdio.h>

static void
json_changed(struct sim_text *t, const struct sim_record *r)
{
    text_add(t, ",\"ChangedOn\":\"/Date(%lld)/\"",
             (long long)(r->changed / 1000));
}

/* Values of the models have nothing in them that JSON would escape. */
static void
json_node(struct sim_text *t, const struct sim_record *r, bool root,
          bool id_only)
{
    const struct sim_entity *e = r->entity;

    text_add(t, "{\"__metadata\":{\"uri\":\"%s('%d')\"", e->set, r->id);
    if (root)
        text_add(t, ",\"etag\":\"W/\\\"%llu\\\"\"",
                 (unsigned long long)r->version);
    text_add(t, "},\"ObjectID\":\"%d\"", r->id);
    for (size_t i = 0; i < e->n_fields && !id_only; i++) {
        const char *quote = e->fields[i].number ? "" : "\"";

        text_put(t, ",\"");
        text_put(t, e->fields[i].name);
        text_put(t, "\":");
        text_put(t, quote);
        text_put(t, r->values[i]);
        text_put(t, quote);
    }
    if (root && !id_only)
        json_changed(t, r);
    if (e->list != NULL && !id_only) {
        text_add(t, ",\"%s\":{\"results\":[", e->list);
        for (size_t i = 0; i < r->n_rows; i++) {
            text_put(t, i > 0 ? "," : "");
            json_node(t, r->rows[i], false, false);
        }
        text_put(t, "]}");
    }
    text_put(t, "}");
}

void
json_record(struct sim_text *t, const struct sim_record *r, bool id_only)
{
    json_node(t, r, true, id_only);
}

static bool apply_members(struct sim_record *r, json_t *object, int *next_id);

static bool
apply_rows(struct sim_record *r, json_t *list, int *next_id)
{
    json_t *rows = json_is_object(list) ? json_object_get(list, "results")
                                        : list;
    size_t i;
    json_t *member;

    if (!json_is_array(rows))
        return false;
    json_array_foreach(rows, i, member) {
        struct sim_record *row;

        if (r->n_rows == SIM_ROWS)
            return false;
        row = record_new(r->entity->row, (*next_id)++);
        record_add_row(r, row);
        if (!apply_members(row, member, next_id))
            return false;
    }
    return true;
}

static bool
apply_field(struct sim_record *r, const char *name, json_t *value)
{
    for (size_t i = 0; i < r->entity->n_fields; i++) {
        char *to = r->values[i];
        const struct sim_field *f = &r->entity->fields[i];

        if (strcmp(f->name, name) != 0)
            continue;
        if (json_is_null(value) && !f->number)
            to[0] = '\0';
        else if (json_is_string(value) && !f->number &&
                 json_string_length(value) < SIM_TEXT)
            snprintf(to, SIM_TEXT, "%s", json_string_value(value));
        else if (json_is_integer(value) && f->number)
            snprintf(to, SIM_TEXT, "%lld",
                     (long long)json_integer_value(value));
        else
            return false;
        return true;
    }
    return false;
}

static bool
apply_members(struct sim_record *r, json_t *object, int *next_id)
{
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        return false;
    json_object_foreach(object, name, value) {
        bool list = r->entity->list != NULL &&
                    strcmp(name, r->entity->list) == 0;

        if (list ? !apply_rows(r, value, next_id)
                 : !apply_field(r, name, value))
            return false;
    }
    return true;
}

bool
json_apply(struct sim_record *r, const char *p, size_t n, int *next_id)
{
    json_t *object = json_loadb(p, n, JSON_REJECT_DUPLICATES, NULL);
    bool ok = object != NULL && apply_members(r, object, next_id);

    json_decref(object);
    return ok;
}
