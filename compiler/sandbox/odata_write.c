/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Creating, changing and deleting records, as strictly as the service: unknown
 * and read-only properties, lengths, what must be given, keys that exist. A
 * change below a root counts as a change of the root.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/odata.h"
#include "sandbox/value.h"

enum { FIRST_NUMBER = 1000000, MOST_DEPTH = 8 };

static bool
refuse(struct request *r)
{
    r->site->counts->refused++;
    return false;
}

static bool
ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* --- fields --- */

/* The service keeps these itself; what is sent is not looked at. */
static bool
is_ignored(const struct field *f, bool creating)
{
    if (f->role == FIELD_ID || f->role == FIELD_ETAG)
        return true;
    if (creating)
        return !f->member->creatable && !f->member->type.nullable;
    return ends_with(f->name, "Text") && !f->member->updatable;
}

static bool
take_field(struct request *r, const struct kind *k, const struct field *f,
           const json_t *value, bool creating, struct slot *slot,
           struct answer *to)
{
    const char *wrong;
    struct slot sent;
    bool may = creating ? f->member->creatable : f->member->updatable;

    if (is_ignored(f, creating))
        return true;
    wrong = value_take(r->arena, f->member, value, &sent);
    if (wrong != NULL) {
        answer_error(to, 400, "Property %s of %s %s", f->name, k->name, wrong);
        return refuse(r);
    }
    if (!may) {
        /* The value it has anyway does no harm to an update. */
        bool same = !creating && sent.n == slot->n &&
                    (sent.n == 0 || memcmp(sent.at, slot->at, sent.n) == 0);

        if (same)
            return true;
        answer_error(to, 400, "Property %s of %s can't be %s", f->name,
                     k->name, creating ? "given at creation" : "changed");
        return refuse(r);
    }
    /* A value equal to none is kept as none. */
    if (sent.at != NULL && sent.n == f->unset_n &&
        memcmp(sent.at, f->unset, sent.n) == 0)
        sent = (struct slot){ NULL, 0 };
    *slot = sent;
    return true;
}

static bool
unknown(struct request *r, const struct kind *k, const char *name,
        struct answer *to)
{
    answer_error(to, 400, "Property %.80s is not defined for type %s", name,
                 k->name);
    return refuse(r);
}

static bool
all_given(struct request *r, const struct kind *k, const struct slot *slots,
          struct answer *to)
{
    for (size_t i = 0; i < k->fields.n; i++) {
        const struct field *f = &k->fields.at[i];

        if (!f->member->required || slots[i].at != NULL ||
            f->role != FIELD_PLAIN || f->member->wire == WIRE_BOOL ||
            f->member->wire == WIRE_NUMBER ||
            f->member->wire == WIRE_NUMBER_TEXT)
            continue;
        answer_error(to, 400, "Property %s of %s is mandatory", f->name,
                     k->name);
        return refuse(r);
    }
    return true;
}

/* --- what the service fills --- */

static const char *
new_id(struct arena *a, int64_t moment)
{
    uint64_t z = (uint64_t)moment * 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z ^= z >> 27;
    return arena_printf(a, "00163E%010" PRIX64 "%016" PRIX64,
                        z & 0xffffffffffu, (uint64_t)moment);
}

static struct slot
quoted(struct arena *a, const char *text)
{
    struct buf out;

    buf_init(&out, a);
    json_quote(&out, text, strlen(text));
    return (struct slot){ out.at, (uint32_t)out.n };
}

static struct slot
as_uuid(struct arena *a, const char *id)
{
    return quoted(a, arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%s", id, id + 8,
                                  id + 12, id + 16, id + 20));
}

static void
stamp(struct arena *a, const struct kind *k, struct slot *slots,
      int64_t moment, bool creating)
{
    /* Never later than the moment itself: cut, not rounded. */
    int64_t ms = moment / 10000;

    for (size_t i = 0; i < k->fields.n; i++) {
        enum field_role role = k->fields.at[i].role;

        if (role == FIELD_ETAG || role == FIELD_CHANGED ||
            (creating && role == FIELD_CREATED))
            slots[i] = value_date(a, ms);
    }
}

/* The business key; drawn from the number range where none was given. */
static void
set_key(struct request *r, struct kind *k, struct slot *slots,
        struct row *row)
{
    const struct field *f = k->key < 0 ? NULL : &k->fields.at[k->key];

    if (f == NULL || k->key == k->id)
        return;
    while (slots[k->key].at == NULL && f->member->wire == WIRE_TEXT) {
        struct row other;
        const char *number = arena_printf(
            r->arena, "%" PRIu64, FIRST_NUMBER + k->next_number++);

        if (!sb_store_by_key(r->store, r->arena, k->number, number,
                             strlen(number), &other))
            slots[k->key] = quoted(r->arena, number);
    }
    row->key = json_plain(r->arena, slots[k->key], &row->key_n);
}

static void
set_doc(struct request *r, const struct kind *k, const struct slot *slots,
        struct row *row)
{
    struct buf doc;

    buf_init(&doc, r->arena);
    doc_write(k, slots, &doc);
    row->doc = doc.at;
    row->doc_n = doc.n;
}

static bool
failed(struct request *r, const struct kind *k, const struct row *row,
       enum store_result result, struct answer *to)
{
    if (result == STORE_DUPLICATE) {
        r->site->counts->duplicates++;
        answer_error(to, 400, "%s with %s %.*s already exists", k->name,
                     k->key < 0 ? "this key" : k->fields.at[k->key].name,
                     (int)row->key_n, row->key == NULL ? "" : row->key);
    } else {
        answer_error(to, 500, "The record can't be stored");
    }
    return false;
}

/* The records above were changed by this. */
static bool
touch_above(struct request *r, const struct kind *k, const struct row *row,
            struct answer *to)
{
    int64_t id = row->parent;
    struct row up;

    for (k = k->parent; k != NULL && id != 0; k = k->parent) {
        struct slot *slots = arena_alloc(r->arena,
                                         k->fields.n * sizeof *slots);

        if (!sb_store_by_id(r->store, r->arena, id, &up))
            break;
        doc_read(k, up.doc, up.doc_n, slots);
        up.changed = sb_store_now(r->store, faults_skew(r->site->faults));
        stamp(r->arena, k, slots, up.changed, false);
        set_doc(r, k, slots, &up);
        if (sb_store_update(r->store, &up) != STORE_OK) {
            answer_error(to, 500, "The record can't be stored");
            return false;
        }
        id = up.parent;
    }
    return true;
}

/* --- creating --- */

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
        return refuse(c->r);
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
            return unknown(c->r, k, name, c->to);
        if (!take_field(c->r, k, f, value, true, &slots[f - k->fields.at],
                        c->to))
            return false;
    }
    return all_given(c->r, k, slots, c->to);
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
        return refuse(c->r);
    }
    if (!take_all(c, k, body, slots))
        return false;
    row->kind = k->number;
    row->changed = sb_store_now(c->r->store, faults_skew(c->r->site->faults));
    row->oid = new_id(a, row->changed);
    row->oid_n = strlen(row->oid);
    if (k->id >= 0)
        slots[k->id] = quoted(a, row->oid);
    if (parent != NULL) {
        row->parent = parent->id;
        row->root = parent->root != 0 ? parent->root : parent->id;
        if (k->parent_id >= 0)
            slots[k->parent_id] = quoted(a, parent->oid);
    }
    for (size_t i = 0; i < k->fields.n; i++)
        if (k->fields.at[i].role == FIELD_UUID && slots[i].at == NULL)
            slots[i] = as_uuid(a, row->oid);
    set_key(c->r, k, slots, row);
    stamp(a, k, slots, row->changed, true);
    set_doc(c->r, k, slots, row);
    result = sb_store_insert(c->r->store, row);
    if (result != STORE_OK)
        return failed(c->r, k, row, result, c->to);
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
    return refuse(r);
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
        (parent != NULL && !touch_above(r, k, row, to)))
        return false;
    r->written = true;
    r->site->counts->creates++;
    return true;
}

/* --- changing --- */

/* PUT: what may be changed and was not sent holds nothing. */
static void
clear_others(const struct kind *k, const json_t *body, struct slot *slots)
{
    for (size_t i = 0; i < k->fields.n; i++)
        if (k->fields.at[i].member->updatable &&
            k->fields.at[i].role == FIELD_PLAIN &&
            json_object_get(body, k->fields.at[i].name) == NULL)
            slots[i] = (struct slot){ NULL, 0 };
}

static bool
take_changes(struct request *r, const struct kind *k, const json_t *body,
             struct slot *slots, struct answer *to)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)body, name, value) {
        const struct field *f = kind_field(k, name, strlen(name));

        if (strcmp(name, "__metadata") == 0)
            continue;
        if (f == NULL && kind_nav(k, name, strlen(name)) != NULL) {
            answer_error(to, 400, "%s of %s is changed by itself, not with "
                         "it", name, k->name);
            return refuse(r);
        }
        if (f == NULL)
            return unknown(r, k, name, to);
        if (!take_field(r, k, f, value, false, &slots[f - k->fields.at], to))
            return false;
    }
    return all_given(r, k, slots, to);
}

bool
sb_odata_update(struct request *r, const struct kind *k, struct row *row,
                const json_t *body, bool all, struct answer *to)
{
    struct slot *slots = arena_alloc(r->arena, k->fields.n * sizeof *slots);
    enum store_result result;

    if (!json_is_object(body) || !k->updatable) {
        answer_error(to, 400, "%s can't be changed like this", k->set);
        return refuse(r);
    }
    doc_read(k, row->doc, row->doc_n, slots);
    if (all)
        clear_others(k, body, slots);
    if (!take_changes(r, k, body, slots, to))
        return false;
    row->changed = sb_store_now(r->store, faults_skew(r->site->faults));
    stamp(r->arena, k, slots, row->changed, false);
    if (k->key >= 0 && k->key != k->id)
        row->key = json_plain(r->arena, slots[k->key], &row->key_n);
    set_doc(r, k, slots, row);
    result = sb_store_update(r->store, row);
    if (result != STORE_OK)
        return failed(r, k, row, result, to);
    if (!touch_above(r, k, row, to))
        return false;
    r->written = true;
    r->site->counts->updates++;
    return true;
}

bool
sb_odata_delete(struct request *r, const struct kind *k, const struct row *row,
                struct answer *to)
{
    if (!k->deletable) {
        answer_error(to, 405, "%s: records can't be deleted", k->set);
        return refuse(r);
    }
    if (sb_store_delete(r->store, row->id) == 0) {
        answer_error(to, 500, "The record can't be deleted");
        return false;
    }
    if (!touch_above(r, k, row, to))
        return false;
    r->written = true;
    r->site->counts->deletes++;
    return true;
}

/* --- from a request --- */

/* If-Match: the record is still the one that the client read. */
static bool
still(struct request *r, const struct row *row, struct answer *to)
{
    const char *sent = request_header(r, "if-match");

    if (sent == NULL || strcmp(sent, "*") == 0 ||
        strcmp(sent, view_etag(r->arena, row->changed)) == 0)
        return true;
    r->site->counts->stale++;
    answer_error(to, 412, "Precondition failed: the record was changed");
    return false;
}

static void
post(struct request *r, struct resource *what, const json_t *body,
     struct answer *to)
{
    struct row row;
    const char *quiet = request_header(r, "odata-no-response-payload");

    if (!sb_odata_create(r, what->kind, what->below ? &what->parent : NULL,
                         body, &row, to))
        return;
    to->status = 201;
    if (quiet == NULL || strcmp(quiet, "true") != 0) {
        struct resource made = { .kind = what->kind, .one = true,
                                 .row = row };

        sb_odata_one(r, &made, to);
        to->status = to->status == 200 ? 201 : to->status;
    } else {
        answer_header(to, "dataserviceversion", "2.0");
        answer_header(to, "etag", view_etag(r->arena, row.changed));
    }
    answer_header(to, "location", view_uri(r, what->kind, &row));
}

static void
change(struct request *r, struct resource *what, const json_t *body,
       struct answer *to)
{
    bool all = strcmp(r->method, "PUT") == 0;

    if (!still(r, &what->row, to) ||
        !sb_odata_update(r, what->kind, &what->row, body, all, to))
        return;
    to->status = 204;
    answer_header(to, "dataserviceversion", "2.0");
    answer_header(to, "etag", view_etag(r->arena, what->row.changed));
}

static void
with_body(struct request *r, struct resource *what, struct answer *to)
{
    json_error_t error;
    json_t *body = json_loadb(r->body, r->body_n, JSON_REJECT_DUPLICATES,
                              &error);

    if (body == NULL) {
        answer_error(to, 400, "The body is no JSON: line %d, %.120s",
                     error.line, error.text);
        refuse(r);
        return;
    }
    if (strcmp(r->method, "POST") == 0)
        post(r, what, body, to);
    else
        change(r, what, body, to);
    json_decref(body);
}

void
sb_odata_write(struct request *r, struct resource *what, struct answer *to)
{
    if (strcmp(r->method, "DELETE") == 0) {
        if (!what->one)
            answer_error(to, 405, "Only a record can be deleted");
        else if (still(r, &what->row, to) &&
                 sb_odata_delete(r, what->kind, &what->row, to))
            to->status = 204;
        return;
    }
    if (what->count || (strcmp(r->method, "POST") == 0) == what->one) {
        answer_error(to, 405, "%s does not go with this address", r->method);
        refuse(r);
        return;
    }
    with_body(r, what, to);
}
