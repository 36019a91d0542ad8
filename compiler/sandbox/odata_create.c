/* SPDX-License-Identifier: Apache-2.0 */
/* Creating a record with all that stands below it. */
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/odata_record.h"

enum { MOST_DEPTH = 8 };

struct creation {
    struct request *r;
    struct answer *to;
    unsigned depth;
};

static bool create(struct creation *c, struct kind *k,
                   const struct row *parent, const json_t *body,
                   struct row *row);

/* "Nav": [ {…}, … ], or { "results": [ … ] }, or one { … }. */
static bool
create_below(struct creation *c, const struct kind *k, const struct nav *nav,
             const struct row *row, const json_t *value)
{
    const json_t *list = json_is_object(value)
                             ? json_object_get(value, "results")
                             : NULL;
    struct row child;

    if (json_is_null(value) ||
        (json_is_object(value) && json_object_get(value, "__deferred") != NULL))
        return true;
    if (json_is_array(value))
        list = value;
    if (!nav->child || (list == NULL && !json_is_object(value)) ||
        (list != NULL && !json_is_array(list)) ||
        (!nav->many && json_array_size(list) > 1)) {
        answer_error(c->to, 400, "%s of %s can't be created with it",
                     nav->name, k->name);
        return sb_record_refuse(c->r);
    }
    if (list == NULL)
        return create(c, nav->to, row, value, &child);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!create(c, nav->to, row, json_array_get(list, i), &child))
            return false;
    return true;
}

static bool
take_all(struct creation *c, const struct kind *k, const json_t *body,
         struct slot *slots)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)body, name, value) {
        const struct field *f = kind_field(k, name, strlen(name));

        if (strcmp(name, "__metadata") == 0)
            continue;
        if (f == NULL && kind_nav(k, name, strlen(name)) != NULL)
            continue;
        if (f == NULL)
            return sb_record_unknown(c->r, k, name, c->to);
        if (!sb_record_take(c->r, k, f, value, true, &slots[f - k->fields.at],
                            c->to))
            return false;
    }
    return sb_record_complete(c->r, k, slots, c->to);
}

static bool
take_navs(struct creation *c, const struct kind *k, const json_t *body,
          const struct row *row)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)body, name, value) {
        const struct nav *nav = kind_field(k, name, strlen(name)) != NULL
                                    ? NULL
                                    : kind_nav(k, name, strlen(name));

        if (nav != NULL && !create_below(c, k, nav, row, value))
            return false;
    }
    return true;
}

static bool
create(struct creation *c, struct kind *k, const struct row *parent,
       const json_t *body, struct row *row)
{
    struct arena *a = c->r->arena;
    struct slot *slots = arena_alloc(a, k->fields.n * sizeof *slots);
    enum store_result result;
    bool done;

    memset(row, 0, sizeof *row);
    if (!json_is_object(body) || c->depth > MOST_DEPTH || !k->creatable) {
        answer_error(c->to, 400, "%s can't be created like this", k->set);
        return sb_record_refuse(c->r);
    }
    if (!take_all(c, k, body, slots))
        return false;
    row->kind = k->number;
    row->changed = sb_store_now(c->r->store, faults_skew(c->r->site->faults));
    row->oid = sb_record_new_id(a, row->changed);
    row->oid_n = strlen(row->oid);
    if (k->id >= 0)
        slots[k->id] = sb_record_quoted(a, row->oid);
    if (parent != NULL) {
        row->parent = parent->id;
        row->root = parent->root != 0 ? parent->root : parent->id;
        if (k->parent_id >= 0)
            slots[k->parent_id] = sb_record_quoted(a, parent->oid);
    }
    for (size_t i = 0; i < k->fields.n; i++)
        if (k->fields.at[i].role == FIELD_UUID && slots[i].at == NULL)
            slots[i] = sb_record_uuid(a, row->oid);
    sb_record_set_key(c->r, k, slots, row);
    sb_record_stamp(a, k, slots, row->changed, true);
    sb_record_set_doc(c->r, k, slots, row);
    result = sb_store_insert(c->r->store, row);
    if (result != STORE_OK)
        return sb_record_failed(c->r, k, row, result, c->to);
    c->depth++;
    done = take_navs(c, k, body, row);
    c->depth--;
    return done;
}

/* A record that stands below another one says below which. */
static bool
find_parent(struct request *r, const struct kind *k, const json_t *body,
            struct row *parent, struct answer *to)
{
    const char *id = json_string_value(
        json_object_get(body, "ParentObjectID"));

    if (id != NULL && sb_store_by_oid(r->store, r->arena, k->parent->number, id,
                                      strlen(id), parent))
        return true;
    answer_error(to, 400, id == NULL
                              ? "Property ParentObjectID of %s is mandatory"
                              : "%s: there is no parent with this ObjectID",
                 k->name);
    return sb_record_refuse(r);
}

bool
sb_odata_create(struct request *r, struct kind *k, const struct row *parent,
                const json_t *body, struct row *row, struct answer *to)
{
    struct creation c = { .r = r, .to = to };
    struct row found;

    if (parent == NULL && k->parent != NULL) {
        if (!find_parent(r, k, body, &found, to))
            return false;
        parent = &found;
    }
    if (!create(&c, k, parent, body, row) ||
        (parent != NULL && !sb_record_touch_above(r, k, row, to)))
        return false;
    r->written = true;
    r->site->counts->creates++;
    return true;
}
