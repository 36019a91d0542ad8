/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store in one file of SQLite: opening and closing it, transactions. A
 * commit is on the disk when it returns (write-ahead log, one sync each).
 */
#include "store/sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/sqlite_lock.h"

static enum mr_status
run(struct mr_cx *cx, struct sqlite_store *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(cx, s);
    return MR_OK;
}

static enum mr_status
sqlite_begin(struct mr_cx *cx, struct store *s)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st;

    if (q->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: a turn is open already");
    st = sqlite_prepare(cx, q, &q->begin,
                        q->read_only ? "BEGIN" : "BEGIN IMMEDIATE");
    if (st == MR_OK)
        st = sqlite_run(cx, q, q->begin, NULL);
    q->in_turn = st == MR_OK;
    return st;
}

static enum mr_status
sqlite_commit(struct mr_cx *cx, struct store *s)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st;

    if (!q->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: no turn is open");
    /* After some errors SQLite has taken the turn back by itself. */
    if (sqlite3_get_autocommit(q->db))
        return mr_fail(cx, MR_EWRITE, "%s: the turn was taken back", q->file);
    st = sqlite_prepare(cx, q, &q->commit, "COMMIT");
    if (st == MR_OK)
        st = sqlite_run(cx, q, q->commit, NULL);
    if (st == MR_OK)
        q->in_turn = false;
    return st;
}

static void
sqlite_rollback(struct store *s)
{
    struct sqlite_store *q = sqlite_of(s);

    if (q->in_turn && !sqlite3_get_autocommit(q->db))
        sqlite3_exec(q->db, "ROLLBACK", NULL, NULL, NULL);
    q->in_turn = false;
    q->intents.known = false;
    q->looks = LOOKS_UNKNOWN;
    memset(q->absent.hashes, 0, sizeof q->absent.hashes);
    memset(q->counted, 0, sizeof q->counted);
    memset(q->done, 0, sizeof q->done);
}

static void
finalize(sqlite3_stmt **statements, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sqlite3_finalize(statements[i]);
}

static void
release(struct sqlite_store *s, void *p)
{
    if (p != NULL)
        s->memory.resize(s->memory.arg, p, 0);
}

static void
sqlite_close(struct mr_cx *cx, struct store *s)
{
    struct sqlite_store *q = sqlite_of(s);

    (void)cx;
    sqlite_rollback(s);
    finalize(&q->begin, 1);
    finalize(&q->commit, 1);
    finalize(q->by_id, TABLES);
    finalize(q->insert, TABLES);
    finalize(q->update, TABLES);
    finalize(q->drop, TABLES);
    finalize(q->find, FINDS);
    finalize(q->own, OWNS);
    finalize(q->parked, WITH_ALL);
    finalize(q->decision, WITH_ALL);
    sqlite3_close(q->db);
    if (q->lock >= 0)
        close(q->lock);
    release(q, q->given);
    release(q, q->file);
    release(q, q);
}

static const struct store_ops sqlite_ops = {
    .name = "sqlite",
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .close = sqlite_close,
    .link_by_id = sqlite_link_by_id,
    .link_by_record = sqlite_link_by_record,
    .link_by_key = sqlite_link_by_key,
    .link_next = sqlite_link_next,
    .link_put = sqlite_link_put,
    .link_drop = sqlite_link_drop,
    .look_get = sqlite_look_get,
    .look_put = sqlite_look_put,
    .link_count = sqlite_link_count,
    .intent_put = sqlite_intent_put,
    .intent_drop = sqlite_intent_drop,
    .intent_find = sqlite_intent_find,
    .intent_next = sqlite_intent_next,
    .message_put = sqlite_message_put,
    .message_by_id = sqlite_message_by_id,
    .message_next = sqlite_message_next,
    .message_done = sqlite_message_done,
    .message_is_done = sqlite_message_is_done,
    .message_drop = sqlite_message_drop,
    .parked_put = sqlite_parked_put,
    .parked_by_id = sqlite_parked_by_id,
    .parked_next = sqlite_parked_next,
    .parked_drop = sqlite_parked_drop,
    .decision_put = sqlite_decision_put,
    .decision_next = sqlite_decision_next,
    .decision_drop = sqlite_decision_drop,
    .decision_trim = sqlite_decision_trim,
    .mark_get = sqlite_mark_get,
    .mark_put = sqlite_mark_put,
    .meta_get = sqlite_meta_get,
    .meta_put = sqlite_meta_put,
    .counts = sqlite_counts,
};

/* The file's content is not believed: no functions of its own run, its pages
 * are looked at before they are used. What is deleted is overwritten where
 * that costs no further page. EXTRA: until the log is on, a journal that was
 * removed must not be there again when the power goes, as it would take back
 * what the log has since. */
static enum mr_status
set_up(struct mr_cx *cx, struct sqlite_store *s)
{
    int code = sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
                                 NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(s->db, 5000);
    if (code != SQLITE_OK)
        return sqlite_failed(cx, s);
    return run(cx, s, "PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = ON;"
                      "PRAGMA synchronous = EXTRA;"
                      "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -6144;"
                      "PRAGMA secure_delete = FAST");
}

/* Turning the log on fails where the file system can't share memory. */
static enum mr_status
turn_log_on(struct mr_cx *cx, struct sqlite_store *s)
{
    sqlite3_stmt *stmt = NULL;
    enum mr_status st =
        sqlite_prepare(cx, s, &stmt, "PRAGMA journal_mode = WAL");
    const char *mode = NULL;

    if (st != MR_OK)
        return st;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        mode = (const char *)sqlite3_column_text(stmt, 0);
    if (mode == NULL)
        st = sqlite_failed(cx, s);
    else if (strcmp(mode, "wal") != 0 && strcmp(mode, "memory") != 0)
        st = mr_fail(cx, MR_EWRITE,
                     "%s: its file system can't keep a write-ahead log",
                     s->file);
    sqlite3_finalize(stmt);
    if (st != MR_OK)
        return st;
    return run(cx, s, "PRAGMA wal_autocheckpoint = 4000;"
                      "PRAGMA journal_size_limit = 67108864");
}

/* "file:NAME?immutable=1", NAME percent-encoded; NULL: cx's error is set. */
static char *
still_name(struct mr_cx *cx, const char *file)
{
    static const char head[] = "file:", tail[] = "?immutable=1";
    static const char hex[] = "0123456789ABCDEF";
    char *name = mr_resize(cx, NULL,
                           strlen(file) * 3 + sizeof head + sizeof tail);
    char *to = name;

    if (name == NULL)
        return NULL;
    memcpy(to, head, sizeof head - 1);
    to += sizeof head - 1;
    for (const char *p = file; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;

        *to++ = '%';
        *to++ = hex[c >> 4];
        *to++ = hex[c & 15];
    }
    memcpy(to, tail, sizeof tail);
    return name;
}

/* Can nobody write it, and is all of it in the file itself? Its log is gone
 * when the last program ended as it should. */
static bool
is_still(struct mr_cx *cx, const char *file)
{
    size_t n = strlen(file) + sizeof "-wal";
    struct statvfs where;
    struct stat log;
    char *name;
    bool still;

    if (statvfs(file, &where) != 0 || !(where.f_flag & ST_RDONLY))
        return false;
    name = mr_resize(cx, NULL, n);
    if (name == NULL)
        return false;
    snprintf(name, n, "%s-wal", file);
    still = stat(name, &log) != 0 ? errno == ENOENT : log.st_size == 0;
    mr_resize(cx, name, 0);
    return still;
}

static enum mr_status
open_as(struct mr_cx *cx, struct sqlite_store *s, const char *name, int flags)
{
    enum mr_status st;

    flags |= SQLITE_OPEN_NOMUTEX;
    flags |= s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(name, &s->db, flags, NULL) != SQLITE_OK)
        return s->db != NULL ? sqlite_failed(cx, s)
                             : mr_fail(cx, MR_EMEMORY, "memory ran out");
    sqlite3_extended_result_codes(s->db, 1);
    st = set_up(cx, s);
    return st == MR_OK ? sqlite_schema(cx, s) : st;
}

/* Readers share memory in a file beside the store: where none can be made,
 * SQLite has to be told that none is needed. */
static enum mr_status
open_still(struct mr_cx *cx, struct sqlite_store *s)
{
    enum mr_status st = MR_EMEMORY;
    char *name;

    memset(&cx->error, 0, sizeof cx->error);
    sqlite3_close(s->db);
    s->db = NULL;
    name = still_name(cx, s->file);
    if (name != NULL)
        st = open_as(cx, s, name, SQLITE_OPEN_URI);
    mr_resize(cx, name, 0);
    return st;
}

static enum mr_status
open_file(struct mr_cx *cx, struct sqlite_store *s, bool in_memory)
{
    enum mr_status st = MR_OK;

    if (!in_memory)
        st = sqlite_make_file(cx, s->file, s->read_only);
    if (st == MR_OK && !in_memory && !s->read_only)
        st = sqlite_lock(cx, s->file, &s->lock);
    if (st != MR_OK)
        return st;
    st = open_as(cx, s, s->file, 0);
    if (st != MR_OK && s->read_only && is_still(cx, s->file))
        st = open_still(cx, s);
    if (st == MR_OK && !s->read_only)
        st = turn_log_on(cx, s);
    return st;
}

enum mr_status
store_sqlite_open(struct mr_cx *cx, const char *file, bool read_only,
                  struct store **out)
{
    struct sqlite_store *s = mr_resize(cx, NULL, sizeof *s);
    enum mr_status st;

    /* Without a count of its memory SQLite needs no lock for it; once it was
     * set up this says no, and all goes on as it is. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (s == NULL)
        return MR_EMEMORY;
    memset(s, 0, sizeof *s);
    s->store.ops = &sqlite_ops;
    s->memory = cx->memory;
    s->read_only = read_only;
    s->lock = -1;
    s->file = mr_resize(cx, NULL, strlen(file) + 1);
    if (s->file == NULL) {
        release(s, s);
        return MR_EMEMORY;
    }
    strcpy(s->file, file);
    st = open_file(cx, s, strcmp(file, ":memory:") == 0);
    if (st != MR_OK) {
        sqlite_close(cx, &s->store);
        return st;
    }
    *out = &s->store;
    return MR_OK;
}
