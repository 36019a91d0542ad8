/* SPDX-License-Identifier: Apache-2.0 */
/* The store as a whole: opening it, the kinds of records it has, transactions,
 * the clock. */
#include "sandbox/store_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* --- opening --- */

struct store *
sb_store_open(const char *file)
{
    struct store *s = calloc(1, sizeof *s);
    sqlite3_stmt *stmt = NULL;

    if (s == NULL)
        return NULL;
    /* Requests are served one by one, in one thread. */
    if (sqlite3_open_v2(file == NULL ? ":memory:" : file, &s->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                            SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(s->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
        sb_store_complain(s, file == NULL ? "store" : file);
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
    struct cursor *c = sb_query_open(s, Q_KIND_ADD);

    snprintf(name, sizeof name, "%.100s.%.200s", k->site->name, k->name);
    if (c == NULL)
        return false;
    sb_query_text(c, 1, name, strlen(name));
    if (sb_query_run(c) != STORE_OK || (c = sb_query_open(s, Q_KIND)) == NULL)
        return false;
    sb_query_text(c, 1, name, strlen(name));
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
        sb_store_complain(s, "store");
}

int64_t
sb_store_count(struct store *s, int64_t kind)
{
    struct cursor *c = sb_query_open(s, Q_KIND_COUNT);
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
    return sb_query_plain(s, Q_BEGIN) == STORE_OK;
}

bool
sb_store_commit(struct store *s)
{
    return sb_query_plain(s, Q_COMMIT) == STORE_OK;
}

void
sb_store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        sb_query_plain(s, Q_ROLLBACK);
}

bool
sb_store_part_begin(struct store *s)
{
    return sb_query_plain(s, Q_PART) == STORE_OK;
}

bool
sb_store_part_end(struct store *s, bool keep)
{
    if (!keep && sb_query_plain(s, Q_PART_BACK) != STORE_OK)
        return false;
    return sb_query_plain(s, Q_PART_KEEP) == STORE_OK;
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
