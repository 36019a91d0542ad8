/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoint that takes IDocs: a message is parsed, each IDoc of it is put
 * into the store or refused by itself, and all are answered one by one:
 *
 *   <IDOCS><IDOC><DOCNUM>…</DOCNUM><STATUS>53</STATUS></IDOC>…</IDOCS>
 *
 * with 200: 53 taken, 51 refused by what is in it, 56 refused by its form. A
 * message that can't be read at all is answered with 400 and nothing is kept.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sandbox/counts.h"
#include "sandbox/guard.h"
#include "sandbox/idoc.h"
#include "sandbox/outbox.h"

struct taking {
    struct request *r;
    const struct kind *kind;
    bool changes;               /* its message type is that of changes … */
    bool creates;               /* … or that of new records, when there are
                                 * two */
};

/* By which messages records of the kind are changed only, and so by which they
 * are only made. */
static void
tell_message(struct taking *t, const char *message)
{
    const struct tsystem *s = t->kind->site->system;

    t->changes = t->creates = false;
    for (size_t i = 0; i < s->changes.n; i++) {
        const struct system_option *o = s->changes.at[i];

        if (strcmp(o->control.text, "MESTYP") != 0 ||
            strcmp(o->changed.text, t->kind->path.at[0]->name) != 0)
            continue;
        t->changes |= strcmp(o->value, message) == 0;
        t->creates |= strcmp(o->value, message) != 0;
    }
    t->creates &= !t->changes;
}

static const char *
put_record(struct taking *t, const json_t *came, struct row *row,
           bool found, const char *key)
{
    struct request *r = t->r;
    json_t *kept = found ? json_loadb(row->doc, row->doc_n, 0, NULL)
                         : json_object();
    struct buf doc;
    enum store_result result;

    if (kept == NULL)
        return "the record that is kept can't be read";
    sb_idoc_merge(t->kind, kept, came);
    buf_init(&doc, r->arena);
    sb_idoc_keep(&doc, t->kind->record, kept);
    json_decref(kept);
    row->doc = doc.at;
    row->doc_n = doc.n;
    row->changed = sb_store_now(r->store, faults_skew(r->site->faults));
    if (!found) {
        row->kind = t->kind->number;
        row->key = key;
        row->key_n = strlen(key);
    }
    result = found ? sb_store_update(r->store, row)
                   : sb_store_insert(r->store, row);
    if (result != STORE_OK)
        return "the record can't be stored";
    if (found)
        r->site->counts->updates++;
    else
        r->site->counts->creates++;
    return NULL;
}

static const char *
take_record(struct taking *t, const json_t *came)
{
    struct request *r = t->r;
    const char *key = sb_idoc_key(t->kind, came);
    struct row row = { 0 };
    bool found;

    if (key == NULL)
        return "the record has no key";
    found = sb_store_by_key(r->store, r->arena, t->kind->number, key,
                            strlen(key), &row);
    if (!found && t->changes)
        return "there is no such record to be changed";
    if (found && t->creates)
        return arena_printf(r->arena, "record %s exists already", key);
    if (sb_idoc_deleted(came)) {
        if (found && sb_store_delete(r->store, row.id) == 0)
            return "the record can't be deleted";
        r->site->counts->deletes += found;
    } else {
        const char *wrong = put_record(t, came, &row, found, key);

        if (wrong != NULL)
            return wrong;
    }
    if (faults_echo(r->site->faults) && !sb_idoc_deleted(came) &&
        !outbox_add(r->site->outbox, r->arena, t->kind, &row))
        return "the answering IDoc can't be queued";
    return NULL;
}

static const char *
take_idoc(struct taking *t, const struct idoc *idoc)
{
    json_vec records = { 0 };
    enum store_result first = sb_store_received(
        t->r->store, t->r->site->name, idoc->sender, idoc->docnum);

    if (first == STORE_DUPLICATE) {
        t->r->site->counts->repeated++;
        return NULL;
    }
    if (first != STORE_OK)
        return "it can't be stored";
    tell_message(t, idoc->message);
    sb_idoc_records(t->r->arena, t->kind, idoc->segments, &records);
    if (records.n == 0)
        return "there is no record in it";
    for (size_t i = 0; i < records.n; i++) {
        const char *wrong = take_record(t, records.at[i]);

        if (wrong != NULL)
            return wrong;
    }
    t->r->site->counts->idocs++;
    return NULL;
}

static void
show_status(struct answer *to, const struct idoc *idoc, int status,
            const char *text)
{
    buf_text(&to->body, "<IDOC><DOCNUM>");
    for (const char *p = idoc->docnum; *p != '\0'; p++)
        if (strchr("<>&", *p) == NULL)
            buf_char(&to->body, *p);
    buf_printf(&to->body, "</DOCNUM><STATUS>%d</STATUS>", status);
    if (text != NULL) {
        buf_text(&to->body, "<TEXT>");
        for (const char *p = text; *p != '\0'; p++)
            buf_char(&to->body, strchr("<>&", *p) == NULL ? *p : '?');
        buf_text(&to->body, "</TEXT>");
    }
    buf_text(&to->body, "</IDOC>");
}

/* All of an IDoc or nothing, whatever becomes of the others. */
static const char *
take_alone(struct taking *t, const struct idoc *idoc)
{
    static const char broken[] = "the store can't be written";
    struct store *store = t->r->store;
    const char *wrong;

    if (!sb_store_part_begin(store))
        return broken;
    wrong = take_idoc(t, idoc);
    return sb_store_part_end(store, wrong == NULL) ? wrong : broken;
}

static void
take_all(struct request *r, const struct idocs *list, struct answer *to)
{
    struct taking t = { r, list->kind, false, false };

    buf_text(&to->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<IDOCS>");
    for (size_t i = 0; i < list->list.n; i++) {
        const struct idoc *idoc = &list->list.at[i];
        const char *wrong = idoc->wrong;
        struct counts before = *r->site->counts;
        int status = wrong == NULL ? 53 : 56;

        if (wrong == NULL) {
            wrong = take_alone(&t, idoc);
            status = wrong == NULL ? 53 : 51;
            if (wrong != NULL)
                counts_undo(r->site->counts, &before);
        }
        r->site->counts->refused += wrong != NULL;
        show_status(to, idoc, status, wrong);
    }
    buf_text(&to->body, "</IDOCS>\n");
    answer_utf8(to->body.at, to->body.n);
    answer_header(to, "content-type", "application/xml;charset=utf-8");
}

static bool
is_xml(const char *type)
{
    return type != NULL && (strncasecmp(type, "text/xml", 8) == 0 ||
                            strncasecmp(type, "application/xml", 15) == 0);
}

void
sb_idoc_answer(struct request *r, struct answer *to)
{
    struct idocs list = { 0 };
    const char *wrong = NULL;

    if (!guard_login(r, to))
        return;
    if (strcmp(r->path, r->site->base) != 0) {
        answer_error(to, 404, "IDocs are taken at %s", r->site->base);
    } else if (strcmp(r->method, "POST") != 0) {
        answer_error(to, 405, "IDocs come with POST");
    } else if (!is_xml(request_header(r, "content-type"))) {
        answer_error(to, 415, "IDocs come as text/xml or application/xml");
    } else if (!sb_idocs_parse(r->arena, r->site, r->body, r->body_n, &list,
                               &wrong)) {
        answer_error(to, 400, "%s", wrong);
        r->site->counts->refused++;
    } else if (!sb_store_begin(r->store)) {
        answer_error(to, 500, "The store can't be written");
    } else {
        take_all(r, &list, to);
        if (!sb_store_commit(r->store)) {
            sb_store_rollback(r->store);
            answer_error(to, 500, "The store can't be written");
        }
    }
    sb_idocs_free(&list);
}
