/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that the store asks of SQLite, as statements. Each is prepared once; one
 * that is asked again while it is open (children of children) gets a second
 * statement.
 */
#include "sandbox/store_query.h"

#include <stdio.h>
#include <stdlib.h>

/* What is shown of a record comes first: all that Q_BELOW asks for. */
#define SHOWN "id, kind, changed, oid, doc"
#define COLUMNS SHOWN ", parent, root, key"

static const char *const sql[N_QUERIES] = {
    [Q_BEGIN] = "BEGIN IMMEDIATE",
    [Q_COMMIT] = "COMMIT",
    [Q_ROLLBACK] = "ROLLBACK",
    [Q_PART] = "SAVEPOINT part",
    [Q_PART_KEEP] = "RELEASE part",
    [Q_PART_BACK] = "ROLLBACK TO part",
    [Q_INSERT] = "INSERT INTO record (kind, parent, root, changed, oid, key, "
                 "doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [Q_UPDATE] = "UPDATE record SET changed = ?2, key = ?3, doc = ?4 "
                 "WHERE id = ?1",
    [Q_DELETE] = "WITH RECURSIVE below(id) AS (VALUES(?1) UNION ALL SELECT "
                 "r.id FROM record r JOIN below b ON r.parent = b.id) DELETE "
                 "FROM record WHERE id IN below",
    [Q_ID] = "SELECT " COLUMNS " FROM record WHERE id = ?1",
    [Q_OID] = "SELECT " COLUMNS " FROM record WHERE kind = ?1 AND oid = ?2",
    [Q_KEY] = "SELECT " COLUMNS " FROM record WHERE kind = ?1 AND key = ?2",
    [Q_ALL] = "SELECT " COLUMNS " FROM record INDEXED BY by_kind WHERE "
              "kind = ?1 AND id > ?2 ORDER BY id",
    [Q_KEYS] = "SELECT " COLUMNS " FROM record WHERE kind = ?1 ORDER BY key, "
               "id",
    [Q_CHANGED] = "SELECT " COLUMNS " FROM record INDEXED BY by_change WHERE "
                  "kind = ?1 AND changed >= ?2 AND changed > ?3 "
                  "ORDER BY changed",
    [Q_CHILDREN] = "SELECT " COLUMNS " FROM record WHERE parent = ?1 AND "
                   "kind = ?2 ORDER BY id",
    [Q_BELOW] = "SELECT " SHOWN " FROM record WHERE parent = ?1 "
                "ORDER BY kind, id",
    [Q_RECEIVED] = "INSERT OR IGNORE INTO received (site, sender, docnum) "
                   "VALUES (?1, ?2, ?3)",
    [Q_META] = "SELECT value FROM meta WHERE name = ?1",
    [Q_META_SET] = "INSERT OR REPLACE INTO meta (name, value) "
                   "VALUES (?1, ?2)",
    [Q_QUEUE] = "INSERT INTO queue (site, kind, record, docnum, idoc) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
    [Q_QUEUE_FILL] = "UPDATE queue SET docnum = ?2, idoc = ?3 WHERE id = ?1",
    [Q_QUEUE_READ] = "SELECT id, kind, record, docnum FROM queue WHERE "
                     "site = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    [Q_QUEUE_TEXT] = "SELECT idoc FROM queue WHERE id = ?1",
    [Q_QUEUE_DROP] = "DELETE FROM queue WHERE id = ?1",
    [Q_QUEUE_COUNT] = "SELECT count(*) FROM queue WHERE site = ?1",
    [Q_KIND_ADD] = "INSERT OR IGNORE INTO kind (name) VALUES (?1)",
    [Q_KIND] = "SELECT id FROM kind WHERE name = ?1",
    [Q_KIND_COUNT] = "SELECT count(*) FROM record WHERE kind = ?1",
};

void
sb_store_complain(const struct store *s, const char *what)
{
    fprintf(stderr, "mapc sandbox: %s: %s\n", what,
            s->db == NULL ? "out of memory" : sqlite3_errmsg(s->db));
}

struct cursor *
sb_query_open(struct store *s, enum query q)
{
    struct cursor *c = s->idle[q];

    if (c != NULL) {
        s->idle[q] = c->next;
        return c;
    }
    c = calloc(1, sizeof *c);
    if (c == NULL ||
        sqlite3_prepare_v3(s->db, sql[q], -1, SQLITE_PREPARE_PERSISTENT,
                           &c->stmt, NULL) != SQLITE_OK) {
        sb_store_complain(s, "store");
        free(c);
        return NULL;
    }
    c->store = s;
    c->query = q;
    return c;
}

void
sb_store_end(struct cursor *c)
{
    if (c == NULL)
        return;
    sqlite3_reset(c->stmt);
    sqlite3_clear_bindings(c->stmt);
    c->next = c->store->idle[c->query];
    c->store->idle[c->query] = c;
}

enum store_result
sb_query_run(struct cursor *c)
{
    int code;

    if (c == NULL)
        return STORE_FAILED;
    code = sqlite3_step(c->stmt);
    if (code != SQLITE_DONE && code != SQLITE_ROW &&
        code != SQLITE_CONSTRAINT)
        sb_store_complain(c->store, "store");
    sb_store_end(c);
    return code == SQLITE_DONE || code == SQLITE_ROW ? STORE_OK
           : code == SQLITE_CONSTRAINT ? STORE_DUPLICATE
                                       : STORE_FAILED;
}

enum store_result
sb_query_plain(struct store *s, enum query q)
{
    return sb_query_run(sb_query_open(s, q));
}

void
sb_query_text(struct cursor *c, int at, const char *text, size_t n)
{
    if (text != NULL)
        sqlite3_bind_text64(c->stmt, at, text, n, SQLITE_STATIC, SQLITE_UTF8);
}

void
sb_query_id(struct cursor *c, int at, int64_t id)
{
    if (id != 0)
        sqlite3_bind_int64(c->stmt, at, id);
}

struct cursor *
sb_query_scan(struct store *s, enum query q, int64_t first, int64_t second)
{
    struct cursor *c = sb_query_open(s, q);

    if (c != NULL) {
        sqlite3_bind_int64(c->stmt, 1, first);
        if (sqlite3_bind_parameter_count(c->stmt) > 1)
            sqlite3_bind_int64(c->stmt, 2, second);
    }
    return c;
}

const char *
sb_query_column(struct cursor *c, int at, size_t *n)
{
    const char *text = (const char *)sqlite3_column_text(c->stmt, at);

    *n = text == NULL ? 0 : (size_t)sqlite3_column_bytes(c->stmt, at);
    return text;
}
