/* SPDX-License-Identifier: Apache-2.0 */
/* Changing and deleting records; what a request that writes is answered. */
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/odata_record.h"

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
            return sb_record_refuse(r);
        }
        if (f == NULL)
            return sb_record_unknown(r, k, name, to);
        if (!sb_record_take(r, k, f, value, false, &slots[f - k->fields.at],
                            to))
            return false;
    }
    return sb_record_complete(r, k, slots, to);
}

bool
sb_odata_update(struct request *r, const struct kind *k, struct row *row,
                const json_t *body, bool all, struct answer *to)
{
    struct slot *slots = arena_alloc(r->arena, k->fields.n * sizeof *slots);
    enum store_result result;

    if (!json_is_object(body) || !k->updatable) {
        answer_error(to, 400, "%s can't be changed like this", k->set);
        return sb_record_refuse(r);
    }
    doc_read(k, row->doc, row->doc_n, slots);
    if (all)
        clear_others(k, body, slots);
    if (!take_changes(r, k, body, slots, to))
        return false;
    row->changed = sb_store_now(r->store, faults_skew(r->site->faults));
    sb_record_stamp(r->arena, k, slots, row->changed, false);
    if (k->key >= 0 && k->key != k->id)
        row->key = json_plain(r->arena, slots[k->key], &row->key_n);
    sb_record_set_doc(r, k, slots, row);
    result = sb_store_update(r->store, row);
    if (result != STORE_OK)
        return sb_record_failed(r, k, row, result, to);
    if (!sb_record_touch_above(r, k, row, to))
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
        return sb_record_refuse(r);
    }
    if (sb_store_delete(r->store, row->id) == 0) {
        answer_error(to, 500, "The record can't be deleted");
        return false;
    }
    if (!sb_record_touch_above(r, k, row, to))
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
        sb_record_refuse(r);
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
        sb_record_refuse(r);
        return;
    }
    with_body(r, what, to);
}
