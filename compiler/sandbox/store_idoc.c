/* SPDX-License-Identifier: Apache-2.0 */
/* What the store has of IDocs: which ones came in, their numbers, the queue of
 * those that go out. */
#include "sandbox/store_query.h"

#include <string.h>

enum store_result
sb_store_received(struct store *s, const char *site, const char *sender,
                  const char *docnum)
{
    struct cursor *c = sb_query_open(s, Q_RECEIVED);
    enum store_result result;

    if (c == NULL)
        return STORE_FAILED;
    sb_query_text(c, 1, site, strlen(site));
    sb_query_text(c, 2, sender, strlen(sender));
    sb_query_text(c, 3, docnum, strlen(docnum));
    result = sb_query_run(c);
    if (result == STORE_OK && sqlite3_changes(s->db) == 0)
        return STORE_DUPLICATE;
    return result;
}

int64_t
sb_store_docnum(struct store *s)
{
    struct cursor *c = sb_query_open(s, Q_META);
    int64_t docnum = 0;

    if (c == NULL)
        return 0;
    sb_query_text(c, 1, "docnum", 6);
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        docnum = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    docnum++;
    c = sb_query_open(s, Q_META_SET);
    if (c == NULL)
        return 0;
    sb_query_text(c, 1, "docnum", 6);
    sqlite3_bind_int64(c->stmt, 2, docnum);
    return sb_query_run(c) == STORE_OK ? docnum : 0;
}

bool
sb_store_queue(struct store *s, const struct kind *kind, int64_t record,
               int64_t docnum, const char *idoc, size_t n)
{
    struct cursor *c = sb_query_open(s, Q_QUEUE);

    if (c == NULL)
        return false;
    sb_query_text(c, 1, kind->site->name, strlen(kind->site->name));
    sqlite3_bind_int64(c->stmt, 2, kind->number);
    sqlite3_bind_int64(c->stmt, 3, record);
    sqlite3_bind_int64(c->stmt, 4, docnum);
    sb_query_text(c, 5, idoc, n);
    return sb_query_run(c) == STORE_OK;
}

bool
sb_store_queue_fill(struct store *s, int64_t id, int64_t docnum,
                    const char *idoc, size_t n)
{
    struct cursor *c = sb_query_open(s, Q_QUEUE_FILL);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    sqlite3_bind_int64(c->stmt, 2, docnum);
    sb_query_text(c, 3, idoc, n);
    return sb_query_run(c) == STORE_OK;
}

size_t
sb_store_queue_read(struct store *s, const char *site, int64_t after,
                    struct waiting *to, size_t room)
{
    struct cursor *c = sb_query_open(s, Q_QUEUE_READ);
    size_t n = 0;

    if (c == NULL)
        return 0;
    sb_query_text(c, 1, site, strlen(site));
    sqlite3_bind_int64(c->stmt, 2, after);
    sqlite3_bind_int64(c->stmt, 3, (int64_t)room);
    while (n < room && sqlite3_step(c->stmt) == SQLITE_ROW) {
        struct waiting *w = &to[n++];

        w->id = sqlite3_column_int64(c->stmt, 0);
        w->kind = sqlite3_column_int64(c->stmt, 1);
        w->record = sqlite3_column_int64(c->stmt, 2);
        w->docnum = sqlite3_column_int64(c->stmt, 3);
    }
    sb_store_end(c);
    return n;
}

const char *
sb_store_queue_text(struct store *s, struct arena *a, int64_t id, size_t *n)
{
    struct cursor *c = sb_query_scan(s, Q_QUEUE_TEXT, id, 0);
    const char *text = NULL;

    *n = 0;
    if (c != NULL && sqlite3_step(c->stmt) == SQLITE_ROW)
        text = sb_query_column(c, 0, n);
    if (text != NULL)
        text = arena_copy(a, text, *n);
    sb_store_end(c);
    return text;
}

bool
sb_store_queue_drop(struct store *s, int64_t id)
{
    struct cursor *c = sb_query_open(s, Q_QUEUE_DROP);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    return sb_query_run(c) == STORE_OK;
}

int64_t
sb_store_queue_length(struct store *s, const char *site)
{
    struct cursor *c = sb_query_open(s, Q_QUEUE_COUNT);
    int64_t n = 0;

    if (c == NULL)
        return 0;
    sb_query_text(c, 1, site, strlen(site));
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    return n;
}
