/* SPDX-License-Identifier: Apache-2.0 */
/* The control interface: reading all there is, edits, faults, numbers. */
#include "sandbox/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/codes.h"
#include "sandbox/counts.h"
#include "sandbox/guard.h"
#include "sandbox/idoc.h"
#include "sandbox/odata.h"
#include "sandbox/outbox.h"
#include "sandbox/sd_document.h"

static struct kind *
kind_named(struct request *r, const char *name, struct answer *to)
{
    struct kind *k = name == NULL
                         ? NULL
                         : site_kind(r->site, name, strlen(name));
    const struct kind *near;

    if (k != NULL)
        return k;
    near = name == NULL ? NULL : site_near(r->site, name);
    if (name == NULL)
        answer_error(to, 400, "Which object?");
    else
        answer_error(to, 404, "%s has no such object%s%s%s", r->site->name,
                     near == NULL ? "" : "; did you mean ",
                     near == NULL ? "" : near->name,
                     near == NULL ? "" : "?");
    return NULL;
}

/* --- reading --- */

static void
show_xml(const struct kind *k, const struct row *row, struct buf *out)
{
    json_t *record = json_loadb(row->doc, row->doc_n, 0, NULL);

    if (record != NULL)
        sb_idoc_write(out, k, record, row->id);
    json_decref(record);
}

static void
show(struct request *r, const struct view *v, const struct row *row,
     struct buf *out)
{
    if (v != NULL)
        view_show(r, v, row, out);
    else
        buf_add(out, row->doc, row->doc_n);
    buf_char(out, '\n');
}

static void
records(struct request *r, struct answer *to)
{
    struct kind *k = kind_named(r, query_option(r, "object"), to);
    const char *format = query_option(r, "format");
    bool xml = format != NULL && strcmp(format, "xml") == 0;
    struct cursor *c;
    struct view *v;
    struct row row;

    if (k == NULL)
        return;
    if (format != NULL && !(xml && r->site->protocol == SITE_IDOC) &&
        strcmp(format, "json") != 0) {
        answer_error(to, 400, "format is json, or xml of an IDoc system");
        return;
    }
    v = r->site->protocol == SITE_ODATA ? view_deep(r, k) : NULL;
    answer_header(to, "content-type",
                  xml ? "application/xml" : "application/x-ndjson");
    if (xml)
        sb_idoc_open(&to->body, k);
    c = sb_store_by_keys(r->store, k->number);
    while (sb_store_next(c, &row)) {
        if (xml)
            show_xml(k, &row, &to->body);
        else
            show(r, v, &row, &to->body);
    }
    sb_store_end(c);
    if (xml)
        sb_idoc_close(&to->body, k);
}

static void
record(struct request *r, struct answer *to)
{
    struct kind *k = kind_named(r, query_option(r, "object"), to);
    const char *key = query_option(r, "key");
    struct row row;

    if (k == NULL)
        return;
    if (key == NULL || !user_find(r, k, key, &row)) {
        answer_error(to, 404, "There is no such record");
        return;
    }
    answer_header(to, "content-type", "application/json;charset=utf-8");
    show(r, r->site->protocol == SITE_ODATA ? view_deep(r, k) : NULL, &row,
         &to->body);
}

static void
stats(struct request *r, struct answer *to)
{
    const struct counts *c = r->site->counts;
    const struct {
        const char *name;
        uint64_t n;
    } numbers[] = {
        { "reads", c->reads },
        { "creates", c->creates },
        { "updates", c->updates },
        { "deletes", c->deletes },
        { "duplicates", c->duplicates },
        { "refused", c->refused },
        { "stale", c->stale },
        { "idocs", c->idocs },
        { "repeated", c->repeated },
        { "queued", c->queued },
        { "delivered", c->delivered },
        { "delivery_failures", c->delivery_failures },
        { "faults", faults_count(r->site->faults) },
    };
    struct buf *out = &to->body;
    const char *between = "";

    answer_header(to, "content-type", "application/json;charset=utf-8");
    buf_text(out, "{\"requests\":{");
    for (size_t i = 0; i < N_TRAFFIC; i++)
        buf_printf(out, "%s\"%s\":%" PRIu64, i == 0 ? "" : ",",
                   traffic_names[i], c->requests[i]);
    buf_char(out, '}');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        buf_printf(out, ",\"%s\":%" PRIu64, numbers[i].name, numbers[i].n);
    buf_printf(out, ",\"queue\":%" PRId64 ",\"records\":{",
               sb_store_queue_length(r->store, r->site->name));
    for (size_t i = 0; i < r->site->kinds.n; i++) {
        const struct kind *k = r->site->kinds.at[i];

        if (!k->used)
            continue;
        buf_printf(out, "%s\"%s\":%" PRId64, between, k->name,
                   sb_store_count(r->store, k->number));
        between = ",";
    }
    buf_text(out, "}}\n");
}

/* --- doing --- */

static bool
queue_one(struct request *r, struct kind *k, const char *key,
          const char **wrong)
{
    struct row row;

    if (key == NULL || !user_find(r, k, key, &row))
        *wrong = "there is no such record";
    else if (!outbox_add_later(r->site->outbox, k, row.id))
        *wrong = "the IDoc can't be queued";
    return *wrong == NULL;
}

static bool
queue_all(struct request *r, struct kind *k, const char **wrong)
{
    struct cursor *c = sb_store_all(r->store, k->number, 0);
    struct row row;

    while (*wrong == NULL && sb_store_next(c, &row))
        if (!outbox_add_later(r->site->outbox, k, row.id))
            *wrong = "the IDoc can't be queued";
    sb_store_end(c);
    return *wrong == NULL;
}

static const char *
send(struct request *r, struct kind *k, const json_t *body)
{
    const json_t *keys = json_object_get(body, "keys");
    const json_t *packet = json_object_get(body, "packet");
    const char *wrong = NULL;
    size_t i;
    json_t *key;

    if (r->site->protocol != SITE_IDOC)
        return "only an IDoc system sends";
    if (json_is_integer(packet) && json_integer_value(packet) > 0)
        outbox_packet(r->site->outbox,
                      (unsigned long)json_integer_value(packet));
    if (!sb_store_begin(r->store))
        return "the store can't be written";
    if (json_is_array(keys)) {
        json_array_foreach(keys, i, key)
            if (wrong == NULL)
                queue_one(r, k, json_string_value(key), &wrong);
    } else {
        queue_all(r, k, &wrong);
    }
    if (wrong == NULL && !sb_store_commit(r->store))
        wrong = "the store can't be written";
    if (wrong != NULL)
        sb_store_rollback(r->store);
    return wrong;
}

/* The rules of one system, or an object with those of several. */
static const char *
set_faults(struct request *r, const json_t *body)
{
    const char *name, *wrong = NULL;
    json_t *rules;

    if (json_is_array(body) || json_object_get(body, "rules") != NULL)
        return faults_set(r->site->faults, r->arena, body);
    json_object_foreach((json_t *)(uintptr_t)body, name, rules) {
        struct site *site = model_site(r->model, name);

        if (site == NULL)
            wrong = arena_printf(r->arena, "there is no system %.40s", name);
        else if (wrong == NULL)
            wrong = faults_set(site->faults, r->arena, rules);
    }
    if (wrong == NULL && json_object_size(body) == 0)
        faults_clear(r->site->faults);
    return wrong;
}

static const char *
reset(struct request *r)
{
    for (size_t i = 0; i < r->model->sites.n; i++) {
        struct site *site = r->model->sites.at[i];

        memset(site->counts, 0, sizeof *site->counts);
        faults_clear(site->faults);
        if (site->outbox != NULL)
            outbox_forget(site->outbox);
    }
    codes_reset(r->model);
    sb_store_clear(r->store);
    return NULL;
}

/* Another $metadata is shown than the one that is heeded; without a body the
 * right one again. */
static void
show_metadata(struct request *r, struct answer *to)
{
    struct site *site = r->site;

    if (site->protocol != SITE_ODATA) {
        answer_error(to, 400, "only an OData system has $metadata");
        return;
    }
    site->shown = r->body_n == 0
                      ? NULL
                      : arena_copy(r->model->arena, r->body, r->body_n);
    site->shown_n = r->body_n;
    answer_header(to, "content-type", "application/json;charset=utf-8");
    buf_text(&to->body, "{}\n");
}

static void
act(struct request *r, const char *what, const json_t *body,
    struct answer *to)
{
    const char *name = json_string_value(json_object_get(body, "object"));
    const char *key = json_string_value(json_object_get(body, "key"));
    const char *wrong, *made = NULL;
    struct kind *k = NULL;

    if (strcmp(what, "faults") == 0) {
        wrong = set_faults(r, body);
    } else if (strcmp(what, "reset") == 0) {
        wrong = reset(r);
    } else if (strcmp(what, "codes") == 0) {
        wrong = codes_change(r, body);
    } else if (strcmp(what, "follow") == 0) {
        wrong = r->site->protocol != SITE_SOAP
                    ? "only a system of function modules has documents"
                : key == NULL ? "which \"key\"?"
                              : sd_document_follow(r, key, &made);
    } else {
        k = kind_named(r, name, to);
        if (k == NULL)
            return;
        if (r->site->protocol == SITE_SOAP)
            wrong = "documents are created by calls";
        else if (strcmp(what, "create") == 0)
            wrong = user_create(r, k, json_object_get(body, "record"));
        else if (strcmp(what, "send") == 0)
            wrong = send(r, k, body);
        else if (key == NULL)
            wrong = "which \"key\"?";
        else if (strcmp(what, "edit") == 0)
            wrong = user_edit(r, k, key, json_object_get(body, "set"));
        else
            wrong = user_delete(r, k, key);
    }
    if (wrong != NULL) {
        answer_error(to, 400, "%s", wrong);
        return;
    }
    answer_header(to, "content-type", "application/json;charset=utf-8");
    if (made == NULL)
        buf_text(&to->body, "{}\n");
    else
        buf_printf(&to->body, "{\"document\":\"%s\"}\n", made);
}

static void
post(struct request *r, const char *what, struct answer *to)
{
    static const char *const known[] = {
        "edit", "create", "delete", "send", "follow", "faults", "codes",
        "reset"
    };
    json_t *body;
    size_t i = 0;

    while (i < sizeof known / sizeof known[0] && strcmp(known[i], what) != 0)
        i++;
    if (i == sizeof known / sizeof known[0]) {
        answer_error(to, 404, "There is no /sandbox/%.40s to post to", what);
        return;
    }
    body = r->body_n == 0 ? json_object()
                          : json_loadb(r->body, r->body_n, 0, NULL);
    if (body == NULL)
        answer_error(to, 400, "The body is no JSON");
    else
        act(r, what, body, to);
    json_decref(body);
}

void
control_answer(struct request *r, struct answer *to)
{
    const char *what = r->path + strlen("/sandbox/");

    if (strcmp(r->method, "POST") == 0 && strcmp(what, "metadata") == 0)
        show_metadata(r, to);
    else if (strcmp(r->method, "POST") == 0)
        post(r, what, to);
    else if (strcmp(r->method, "GET") != 0)
        answer_error(to, 405, "GET or POST");
    else if (strcmp(what, "records") == 0)
        records(r, to);
    else if (strcmp(what, "record") == 0)
        record(r, to);
    else if (strcmp(what, "stats") == 0)
        stats(r, to);
    else
        answer_error(to, 404, "There is no /sandbox/%.40s", what);
}
