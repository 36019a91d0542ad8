/* SPDX-License-Identifier: Apache-2.0 */
/* Records in the store: writing them, finding one, going through many. */
#include "sandbox/store_query.h"

/* --- writing --- */

enum store_result
sb_store_insert(struct store *s, struct row *row)
{
    struct cursor *c = sb_query_open(s, Q_INSERT);
    enum store_result result;

    if (c == NULL)
        return STORE_FAILED;
    sqlite3_bind_int64(c->stmt, 1, row->kind);
    sb_query_id(c, 2, row->parent);
    sb_query_id(c, 3, row->root);
    sqlite3_bind_int64(c->stmt, 4, row->changed);
    sb_query_text(c, 5, row->oid, row->oid_n);
    sb_query_text(c, 6, row->key, row->key_n);
    sb_query_text(c, 7, row->doc, row->doc_n);
    result = sb_query_run(c);
    if (result == STORE_OK)
        row->id = sqlite3_last_insert_rowid(s->db);
    return result;
}

enum store_result
sb_store_update(struct store *s, const struct row *row)
{
    struct cursor *c = sb_query_open(s, Q_UPDATE);

    if (c == NULL)
        return STORE_FAILED;
    sqlite3_bind_int64(c->stmt, 1, row->id);
    sqlite3_bind_int64(c->stmt, 2, row->changed);
    sb_query_text(c, 3, row->key, row->key_n);
    sb_query_text(c, 4, row->doc, row->doc_n);
    return sb_query_run(c);
}

int64_t
sb_store_delete(struct store *s, int64_t id)
{
    struct cursor *c = sb_query_open(s, Q_DELETE);

    if (c == NULL)
        return 0;
    sqlite3_bind_int64(c->stmt, 1, id);
    return sb_query_run(c) == STORE_OK ? sqlite3_changes(s->db) : 0;
}

/* --- reading --- */

bool
sb_store_next(struct cursor *c, struct row *row)
{
    int code = c == NULL ? SQLITE_DONE : sqlite3_step(c->stmt);

    if (code != SQLITE_ROW) {
        if (code != SQLITE_DONE)
            sb_store_complain(c->store, "store");
        return false;
    }
    row->id = sqlite3_column_int64(c->stmt, 0);
    row->kind = sqlite3_column_int64(c->stmt, 1);
    row->changed = sqlite3_column_int64(c->stmt, 2);
    row->oid = sb_query_column(c, 3, &row->oid_n);
    /* As bytes: nothing is copied for the sake of a NUL. */
    row->doc = sqlite3_column_blob(c->stmt, 4);
    row->doc_n = (size_t)sqlite3_column_bytes(c->stmt, 4);
    if (c->query == Q_BELOW)
        return true;
    row->parent = sqlite3_column_int64(c->stmt, 5);
    row->root = sqlite3_column_int64(c->stmt, 6);
    row->key = sb_query_column(c, 7, &row->key_n);
    return true;
}

static bool
one(struct cursor *c, struct arena *a, struct row *row)
{
    bool found = sb_store_next(c, row);

    if (found) {
        if (row->oid != NULL)
            row->oid = arena_copy(a, row->oid, row->oid_n);
        if (row->key != NULL)
            row->key = arena_copy(a, row->key, row->key_n);
        row->doc = arena_copy(a, row->doc, row->doc_n);
    }
    sb_store_end(c);
    return found;
}

bool
sb_store_by_id(struct store *s, struct arena *a, int64_t id, struct row *row)
{
    struct cursor *c = sb_query_open(s, Q_ID);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    return one(c, a, row);
}

static bool
by_text(struct store *s, enum query q, struct arena *a, int64_t kind,
        const char *text, size_t n, struct row *row)
{
    struct cursor *c = sb_query_open(s, q);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, kind);
    sb_query_text(c, 2, text, n);
    return one(c, a, row);
}

bool
sb_store_by_oid(struct store *s, struct arena *a, int64_t kind, const char *oid,
                size_t n, struct row *row)
{
    return by_text(s, Q_OID, a, kind, oid, n, row);
}

bool
sb_store_by_key(struct store *s, struct arena *a, int64_t kind, const char *key,
                size_t n, struct row *row)
{
    return by_text(s, Q_KEY, a, kind, key, n, row);
}

struct cursor *
sb_store_all(struct store *s, int64_t kind, int64_t after)
{
    return sb_query_scan(s, Q_ALL, kind, after);
}

struct cursor *
sb_store_by_keys(struct store *s, int64_t kind)
{
    return sb_query_scan(s, Q_KEYS, kind, 0);
}

struct cursor *
sb_store_changed(struct store *s, int64_t kind, int64_t from, int64_t after)
{
    struct cursor *c = sb_query_scan(s, Q_CHANGED, kind, from);

    if (c != NULL)
        sqlite3_bind_int64(c->stmt, 3, after);
    return c;
}

struct cursor *
sb_store_children(struct store *s, int64_t kind, int64_t parent)
{
    return sb_query_scan(s, Q_CHILDREN, parent, kind);
}

struct cursor *
sb_store_below(struct store *s, int64_t parent)
{
    return sb_query_scan(s, Q_BELOW, parent, 0);
}
