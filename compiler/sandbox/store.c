/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind store.h. Statements are prepared once; a query that is asked
 * again while it is open (children of children) gets a second statement.
 */
#include "sandbox/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS "id, kind, parent, root, changed, oid, key, doc"

enum query {
    Q_BEGIN, Q_COMMIT, Q_ROLLBACK, Q_PART, Q_PART_KEEP, Q_PART_BACK,
    Q_INSERT, Q_UPDATE, Q_DELETE, Q_ID, Q_OID, Q_KEY, Q_ALL, Q_KEYS,
    Q_CHANGED, Q_CHILDREN, Q_RECEIVED, Q_META, Q_META_SET, Q_QUEUE,
    Q_QUEUE_FILL, Q_QUEUE_READ, Q_QUEUE_TEXT, Q_QUEUE_DROP, Q_QUEUE_COUNT,
    Q_KIND_ADD, Q_KIND, Q_KIND_COUNT, N_QUERIES
};

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

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;"
    "CREATE TABLE IF NOT EXISTS kind (id INTEGER PRIMARY KEY, name TEXT "
    "UNIQUE);"
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER) "
    "WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "kind INTEGER NOT NULL, parent INTEGER, root INTEGER, changed INTEGER NOT "
    "NULL, oid TEXT, key TEXT, doc TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS by_kind ON record (kind, id);"
    "CREATE UNIQUE INDEX IF NOT EXISTS by_oid ON record (kind, oid) WHERE oid "
    "IS NOT NULL;"
    "CREATE UNIQUE INDEX IF NOT EXISTS by_key ON record (kind, key) WHERE key "
    "IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS by_parent ON record (parent, kind) WHERE "
    "parent IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS by_change ON record (kind, changed);"
    "CREATE TABLE IF NOT EXISTS received (site TEXT, sender TEXT, docnum "
    "TEXT, PRIMARY KEY (site, sender, docnum)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "site TEXT, kind INTEGER, record INTEGER, docnum INTEGER, idoc TEXT);"
    "CREATE INDEX IF NOT EXISTS by_site ON queue (site, id);";

struct cursor {
    struct store *store;
    sqlite3_stmt *stmt;
    enum query query;
    struct cursor *next;        /* a free one of the same query */
};

struct store {
    sqlite3 *db;
    struct cursor *idle[N_QUERIES];
    int64_t now;                /* the last moment given out */
};

static void
complain(const struct store *s, const char *what)
{
    fprintf(stderr, "mapc sandbox: %s: %s\n", what,
            s->db == NULL ? "out of memory" : sqlite3_errmsg(s->db));
}

/* --- statements --- */

static struct cursor *
query_open(struct store *s, enum query q)
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
        complain(s, "store");
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

/* Runs a statement without rows. */
static enum store_result
finish(struct cursor *c)
{
    int code;

    if (c == NULL)
        return STORE_FAILED;
    code = sqlite3_step(c->stmt);
    if (code != SQLITE_DONE && code != SQLITE_ROW &&
        code != SQLITE_CONSTRAINT)
        complain(c->store, "store");
    sb_store_end(c);
    return code == SQLITE_DONE || code == SQLITE_ROW ? STORE_OK
           : code == SQLITE_CONSTRAINT ? STORE_DUPLICATE
                                       : STORE_FAILED;
}

static enum store_result
plain(struct store *s, enum query q)
{
    return finish(query_open(s, q));
}

static void
bind_text(struct cursor *c, int at, const char *text, size_t n)
{
    if (text != NULL)
        sqlite3_bind_text64(c->stmt, at, text, n, SQLITE_STATIC, SQLITE_UTF8);
}

static void
bind_id(struct cursor *c, int at, int64_t id)
{
    if (id != 0)
        sqlite3_bind_int64(c->stmt, at, id);
}

/* --- opening --- */

struct store *
sb_store_open(const char *file)
{
    struct store *s = calloc(1, sizeof *s);
    sqlite3_stmt *stmt = NULL;

    if (s == NULL)
        return NULL;
    if (sqlite3_open(file == NULL ? ":memory:" : file, &s->db) != SQLITE_OK ||
        sqlite3_exec(s->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
        complain(s, file == NULL ? "store" : file);
        sb_store_close(s);
        return NULL;
    }
    if (sqlite3_prepare_v2(s->db, "SELECT max(changed) FROM record", -1, &stmt,
                           NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        s->now = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return s;
}

void
sb_store_close(struct store *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < N_QUERIES; i++)
        while (s->idle[i] != NULL) {
            struct cursor *next = s->idle[i]->next;

            sqlite3_finalize(s->idle[i]->stmt);
            free(s->idle[i]);
            s->idle[i] = next;
        }
    sqlite3_close(s->db);
    free(s);
}

static bool
number_kind(struct store *s, struct kind *k)
{
    char name[400];
    struct cursor *c = query_open(s, Q_KIND_ADD);

    snprintf(name, sizeof name, "%.100s.%.200s", k->site->name, k->name);
    if (c == NULL)
        return false;
    bind_text(c, 1, name, strlen(name));
    if (finish(c) != STORE_OK || (c = query_open(s, Q_KIND)) == NULL)
        return false;
    bind_text(c, 1, name, strlen(name));
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        k->number = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    return k->number != 0;
}

bool
sb_store_kinds(struct store *s, const struct model *m)
{
    for (size_t i = 0; i < m->sites.n; i++)
        for (size_t k = 0; k < m->sites.at[i]->kinds.n; k++)
            if (!number_kind(s, m->sites.at[i]->kinds.at[k]))
                return false;
    return true;
}

void
sb_store_clear(struct store *s)
{
    if (sqlite3_exec(s->db, "DELETE FROM record; DELETE FROM received; "
                     "DELETE FROM queue;", NULL, NULL, NULL) != SQLITE_OK)
        complain(s, "store");
}

int64_t
sb_store_count(struct store *s, int64_t kind)
{
    struct cursor *c = query_open(s, Q_KIND_COUNT);
    int64_t n = 0;

    if (c == NULL)
        return 0;
    sqlite3_bind_int64(c->stmt, 1, kind);
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    return n;
}

/* --- transactions --- */

bool
sb_store_begin(struct store *s)
{
    return plain(s, Q_BEGIN) == STORE_OK;
}

bool
sb_store_commit(struct store *s)
{
    return plain(s, Q_COMMIT) == STORE_OK;
}

void
sb_store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        plain(s, Q_ROLLBACK);
}

bool
sb_store_part_begin(struct store *s)
{
    return plain(s, Q_PART) == STORE_OK;
}

bool
sb_store_part_end(struct store *s, bool keep)
{
    if (!keep && plain(s, Q_PART_BACK) != STORE_OK)
        return false;
    return plain(s, Q_PART_KEEP) == STORE_OK;
}

int64_t
sb_store_now(struct store *s, int64_t skew)
{
    struct timespec ts;
    int64_t now;

    clock_gettime(CLOCK_REALTIME, &ts);
    now = ((int64_t)ts.tv_sec + skew) * 10000000 + ts.tv_nsec / 100;
    s->now = now > s->now ? now : s->now + 1;
    return s->now;
}

/* --- writing --- */

enum store_result
sb_store_insert(struct store *s, struct row *row)
{
    struct cursor *c = query_open(s, Q_INSERT);
    enum store_result result;

    if (c == NULL)
        return STORE_FAILED;
    sqlite3_bind_int64(c->stmt, 1, row->kind);
    bind_id(c, 2, row->parent);
    bind_id(c, 3, row->root);
    sqlite3_bind_int64(c->stmt, 4, row->changed);
    bind_text(c, 5, row->oid, row->oid_n);
    bind_text(c, 6, row->key, row->key_n);
    bind_text(c, 7, row->doc, row->doc_n);
    result = finish(c);
    if (result == STORE_OK)
        row->id = sqlite3_last_insert_rowid(s->db);
    return result;
}

enum store_result
sb_store_update(struct store *s, const struct row *row)
{
    struct cursor *c = query_open(s, Q_UPDATE);

    if (c == NULL)
        return STORE_FAILED;
    sqlite3_bind_int64(c->stmt, 1, row->id);
    sqlite3_bind_int64(c->stmt, 2, row->changed);
    bind_text(c, 3, row->key, row->key_n);
    bind_text(c, 4, row->doc, row->doc_n);
    return finish(c);
}

int64_t
sb_store_delete(struct store *s, int64_t id)
{
    struct cursor *c = query_open(s, Q_DELETE);

    if (c == NULL)
        return 0;
    sqlite3_bind_int64(c->stmt, 1, id);
    return finish(c) == STORE_OK ? sqlite3_changes(s->db) : 0;
}

/* --- reading --- */

static const char *
column_text(struct cursor *c, int at, size_t *n)
{
    const char *text = (const char *)sqlite3_column_text(c->stmt, at);

    *n = text == NULL ? 0 : (size_t)sqlite3_column_bytes(c->stmt, at);
    return text;
}

bool
sb_store_next(struct cursor *c, struct row *row)
{
    int code = c == NULL ? SQLITE_DONE : sqlite3_step(c->stmt);

    if (code != SQLITE_ROW) {
        if (code != SQLITE_DONE)
            complain(c->store, "store");
        return false;
    }
    row->id = sqlite3_column_int64(c->stmt, 0);
    row->kind = sqlite3_column_int64(c->stmt, 1);
    row->parent = sqlite3_column_int64(c->stmt, 2);
    row->root = sqlite3_column_int64(c->stmt, 3);
    row->changed = sqlite3_column_int64(c->stmt, 4);
    row->oid = column_text(c, 5, &row->oid_n);
    row->key = column_text(c, 6, &row->key_n);
    row->doc = column_text(c, 7, &row->doc_n);
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
    struct cursor *c = query_open(s, Q_ID);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    return one(c, a, row);
}

static bool
by_text(struct store *s, enum query q, struct arena *a, int64_t kind,
        const char *text, size_t n, struct row *row)
{
    struct cursor *c = query_open(s, q);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, kind);
    bind_text(c, 2, text, n);
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

static struct cursor *
scan(struct store *s, enum query q, int64_t first, int64_t second)
{
    struct cursor *c = query_open(s, q);

    if (c != NULL) {
        sqlite3_bind_int64(c->stmt, 1, first);
        if (sqlite3_bind_parameter_count(c->stmt) > 1)
            sqlite3_bind_int64(c->stmt, 2, second);
    }
    return c;
}

struct cursor *
sb_store_all(struct store *s, int64_t kind, int64_t after)
{
    return scan(s, Q_ALL, kind, after);
}

struct cursor *
sb_store_by_keys(struct store *s, int64_t kind)
{
    return scan(s, Q_KEYS, kind, 0);
}

struct cursor *
sb_store_changed(struct store *s, int64_t kind, int64_t from, int64_t after)
{
    struct cursor *c = scan(s, Q_CHANGED, kind, from);

    if (c != NULL)
        sqlite3_bind_int64(c->stmt, 3, after);
    return c;
}

struct cursor *
sb_store_children(struct store *s, int64_t kind, int64_t parent)
{
    return scan(s, Q_CHILDREN, parent, kind);
}

/* --- IDocs --- */

enum store_result
sb_store_received(struct store *s, const char *site, const char *sender,
                  const char *docnum)
{
    struct cursor *c = query_open(s, Q_RECEIVED);
    enum store_result result;

    if (c == NULL)
        return STORE_FAILED;
    bind_text(c, 1, site, strlen(site));
    bind_text(c, 2, sender, strlen(sender));
    bind_text(c, 3, docnum, strlen(docnum));
    result = finish(c);
    if (result == STORE_OK && sqlite3_changes(s->db) == 0)
        return STORE_DUPLICATE;
    return result;
}

int64_t
sb_store_docnum(struct store *s)
{
    struct cursor *c = query_open(s, Q_META);
    int64_t docnum = 0;

    if (c == NULL)
        return 0;
    bind_text(c, 1, "docnum", 6);
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        docnum = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    docnum++;
    c = query_open(s, Q_META_SET);
    if (c == NULL)
        return 0;
    bind_text(c, 1, "docnum", 6);
    sqlite3_bind_int64(c->stmt, 2, docnum);
    return finish(c) == STORE_OK ? docnum : 0;
}

bool
sb_store_queue(struct store *s, const struct kind *kind, int64_t record,
               int64_t docnum, const char *idoc, size_t n)
{
    struct cursor *c = query_open(s, Q_QUEUE);

    if (c == NULL)
        return false;
    bind_text(c, 1, kind->site->name, strlen(kind->site->name));
    sqlite3_bind_int64(c->stmt, 2, kind->number);
    sqlite3_bind_int64(c->stmt, 3, record);
    sqlite3_bind_int64(c->stmt, 4, docnum);
    bind_text(c, 5, idoc, n);
    return finish(c) == STORE_OK;
}

bool
sb_store_queue_fill(struct store *s, int64_t id, int64_t docnum,
                    const char *idoc, size_t n)
{
    struct cursor *c = query_open(s, Q_QUEUE_FILL);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    sqlite3_bind_int64(c->stmt, 2, docnum);
    bind_text(c, 3, idoc, n);
    return finish(c) == STORE_OK;
}

size_t
sb_store_queue_read(struct store *s, const char *site, int64_t after,
                    struct waiting *to, size_t room)
{
    struct cursor *c = query_open(s, Q_QUEUE_READ);
    size_t n = 0;

    if (c == NULL)
        return 0;
    bind_text(c, 1, site, strlen(site));
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
    struct cursor *c = scan(s, Q_QUEUE_TEXT, id, 0);
    const char *text = NULL;

    *n = 0;
    if (c != NULL && sqlite3_step(c->stmt) == SQLITE_ROW)
        text = column_text(c, 0, n);
    if (text != NULL)
        text = arena_copy(a, text, *n);
    sb_store_end(c);
    return text;
}

bool
sb_store_queue_drop(struct store *s, int64_t id)
{
    struct cursor *c = query_open(s, Q_QUEUE_DROP);

    if (c == NULL)
        return false;
    sqlite3_bind_int64(c->stmt, 1, id);
    return finish(c) == STORE_OK;
}

int64_t
sb_store_queue_length(struct store *s, const char *site)
{
    struct cursor *c = query_open(s, Q_QUEUE_COUNT);
    int64_t n = 0;

    if (c == NULL)
        return 0;
    bind_text(c, 1, site, strlen(site));
    if (sqlite3_step(c->stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(c->stmt, 0);
    sb_store_end(c);
    return n;
}
