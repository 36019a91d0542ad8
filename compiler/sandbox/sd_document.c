/* SPDX-License-Identifier: Apache-2.0 */
/* Sales documents in the store, and what follows an order. */
#include "sandbox/sd_document.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/sd_stock.h"
#include "sandbox/soap.h"

enum { NUMBER = 10 };           /* digits */

static const struct kind *
documents(const struct request *r)
{
    return r->site->kinds.at[0];
}

/* "4711" => "0000004711"; other texts stay as they are. */
static const char *
padded(struct arena *a, const char *number)
{
    size_t n = strlen(number);

    if (n >= NUMBER || number[strspn(number, "0123456789")] != '\0')
        return number;
    return arena_printf(a, "%0*d%s", (int)(NUMBER - n), 0, number);
}

json_t *
sd_document(struct request *r, const char *number, struct row *row)
{
    number = padded(r->arena, number);
    if (!sb_store_by_key(r->store, r->arena, documents(r)->number, number,
                         strlen(number), row))
        return NULL;
    return json_loadb(row->doc, row->doc_n, 0, NULL);
}

struct cursor *
sd_documents(struct request *r)
{
    return sb_store_all(r->store, documents(r)->number, 0);
}

struct cursor *
sd_documents_behind(struct request *r, int64_t row)
{
    return sb_store_children(r->store, documents(r)->number, row);
}

/* Each category has numbers of its own. */
static const char *
next_number(struct arena *a, const char *category, int64_t id)
{
    static const char ranges[] = "?ABCJRM";
    const char *at = strchr(ranges, *category);
    int range = at == NULL || *category == '\0' ? 0 : (int)(at - ranges);

    return arena_printf(a, "%010" PRId64, range * INT64_C(10000000) + id);
}

const char *
sd_document_keep(struct request *r, json_t *document, int64_t behind,
                 const char *number)
{
    static const char broken[] = "the store can't be written";
    struct row row = { .kind = documents(r)->number, .parent = behind,
                       .doc = "{}", .doc_n = 2 };
    enum store_result result;
    char *text;

    row.changed = sb_store_now(r->store, faults_skew(r->site->faults));
    if (sb_store_insert(r->store, &row) != STORE_OK)
        return broken;
    row.key = number == NULL
                  ? next_number(r->arena,
                                sb_soap_text(document, "SD_DOC_CAT"), row.id)
                  : padded(r->arena, number);
    row.key_n = strlen(row.key);
    sb_soap_put(document, "SD_DOC", row.key);
    text = json_dumps(document, JSON_COMPACT);
    if (text == NULL)
        return broken;
    row.doc = arena_copy(r->arena, text, strlen(text));
    row.doc_n = strlen(text);
    free(text);
    result = sb_store_update(r->store, &row);
    if (result == STORE_OK)
        r->site->counts->creates++;
    return result == STORE_OK          ? NULL
           : result == STORE_DUPLICATE ? "there is a document of this number"
                                       : broken;
}

/* --- what follows --- */

static size_t
count_behind(struct request *r, int64_t id)
{
    struct cursor *c = sd_documents_behind(r, id);
    struct row row;
    size_t n = 0;

    while (sb_store_next(c, &row))
        n++;
    sb_store_end(c);
    return n;
}

/* The category of the next document behind one that has `n`; NULL. */
static const char *
next_category(const char *category, size_t n)
{
    if (strcmp(category, "C") == 0 && n == 0)
        return "J";
    if (strcmp(category, "J") == 0 && n < 2)
        return n == 0 ? "R" : "M";
    return NULL;
}

const char *
sd_document_follow(struct request *r, const char *number,
                   const char **made)
{
    struct row row;
    json_t *before = sd_document(r, number, &row), *next;
    const char *category, *wrong;

    if (before == NULL)
        return "there is no such document";
    category = next_category(sb_soap_text(before, "SD_DOC_CAT"),
                             count_behind(r, row.id));
    if (category == NULL) {
        json_decref(before);
        return "nothing follows this document";
    }
    next = json_deep_copy(before);
    sb_soap_put(next, "SD_DOC_CAT", category);
    sb_soap_put(next, "REF_DOC", sb_soap_text(before, "SD_DOC"));
    sb_soap_put(next, "DOC_DATE", sd_today(r->arena));
    wrong = "the store can't be written";
    if (sb_store_begin(r->store)) {
        wrong = sd_document_keep(r, next, row.id, NULL);
        if (wrong != NULL)
            sb_store_rollback(r->store);
        else if (!sb_store_commit(r->store))
            wrong = "the store can't be written";
    }
    *made = arena_printf(r->arena, "%s", sb_soap_text(next, "SD_DOC"));
    json_decref(next);
    json_decref(before);
    return wrong;
}
