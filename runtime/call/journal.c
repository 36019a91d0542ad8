/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of calls with one effect, in SQLite. */
#include "call/journal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <unistd.h>

#include "codec/input.h"
#include "store/seal.h"

enum { WAIT_MS = 5000, APPLICATION = 0x6d617065 };

static const int64_t kept_for = INT64_C(30) * 86400 * 1000000;

enum statement { BEGIN, COMMIT, ROLLBACK, FIND, INSERT, CLAIM, SEND, DONE,
                 LEAVE, DROP, FORGET, PROOF, PROOF_SET, STATEMENTS };

static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [FIND] = "SELECT sent, busy, done, request, looked_up, text FROM effect "
             "WHERE call = ?1 AND key = ?2",
    [INSERT] = "INSERT INTO effect (call, key, request, owner, busy, sent, text) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CLAIM] = "UPDATE effect SET owner = ?4, busy = ?5 "
              "WHERE call = ?1 AND key = ?2",
    [SEND] = "UPDATE effect SET request = ?3, busy = ?5, sent = ?6 WHERE "
             "call = ?1 AND key = ?2 AND owner = ?4 AND done = 0",
    [DONE] = "UPDATE effect SET done = ?5, looked_up = ?6, text = ?7, "
             "busy = 0 WHERE call = ?1 AND key = ?2",
    [LEAVE] = "UPDATE effect SET busy = 0 WHERE call = ?1 AND key = ?2 AND "
              "owner = ?4 AND done = 0",
    [DROP] = "DELETE FROM effect WHERE call = ?1 AND key = ?2 AND owner = ?4 "
             "AND done = 0",
    [FORGET] = "UPDATE effect SET text = NULL WHERE done > 0 AND done < ?5 "
               "AND text IS NOT NULL",
    [PROOF] = "SELECT proof FROM secret",
    [PROOF_SET] = "INSERT INTO secret (proof) VALUES (?2)",
};

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = EXTRA;"
    "PRAGMA secure_delete = FAST; PRAGMA cell_size_check = ON;"
    "CREATE TABLE IF NOT EXISTS secret (proof BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS effect (call TEXT NOT NULL, key BLOB NOT NULL, "
    "request BLOB NOT NULL, owner INTEGER NOT NULL, busy INTEGER NOT NULL, "
    "sent INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, looked_up INTEGER "
    "NOT NULL DEFAULT 0, text BLOB, PRIMARY KEY (call, key)) WITHOUT ROWID;";

struct call_journal {
    struct mr_memory memory;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    struct store_keys keys;
    unsigned char names[crypto_generichash_KEYBYTES];
};

/* --- statements --- */

static enum mr_status
failed(struct mr_cx *cx, struct call_journal *j)
{
    int code = j->db == NULL ? SQLITE_NOMEM : sqlite3_errcode(j->db) & 0xff;

    if (code == SQLITE_NOMEM)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    return mr_fail(cx, code == SQLITE_NOTADB || code == SQLITE_CORRUPT
                           ? MR_EFORMAT : MR_EWRITE,
                   "the journal of calls: %s", sqlite3_errmsg(j->db));
}

static sqlite3_stmt *
statement(struct call_journal *j, enum statement which)
{
    sqlite3_stmt **at = &j->statements[which];

    if (*at == NULL &&
        sqlite3_prepare_v3(j->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT, at,
                           NULL) != SQLITE_OK)
        *at = NULL;
    return *at;
}

static sqlite3_stmt *
bound(struct call_journal *j, enum statement which,
      const struct journal_entry *e)
{
    sqlite3_stmt *s = statement(j, which);

    if (s == NULL || e == NULL)
        return s;
    sqlite3_bind_text(s, 1, e->call, -1, SQLITE_STATIC);
    sqlite3_bind_blob(s, 2, e->key, JOURNAL_KEY, SQLITE_STATIC);
    if (sqlite3_bind_parameter_count(s) >= 3)
        sqlite3_bind_blob(s, 3, e->request, JOURNAL_KEY, SQLITE_STATIC);
    if (sqlite3_bind_parameter_count(s) >= 4)
        sqlite3_bind_int64(s, 4, e->owner);
    return s;
}

static enum mr_status
run(struct mr_cx *cx, struct call_journal *j, sqlite3_stmt *s)
{
    enum mr_status st = MR_OK;

    if (s == NULL)
        return failed(cx, j);
    if (sqlite3_step(s) != SQLITE_DONE)
        st = failed(cx, j);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return st;
}

static enum mr_status
plain(struct mr_cx *cx, struct call_journal *j, enum statement which)
{
    return run(cx, j, statement(j, which));
}

/* In a transaction: keeps what was done, or takes it back. */
static enum mr_status
finish(struct mr_cx *cx, struct call_journal *j, enum mr_status st)
{
    if (st == MR_OK)
        st = plain(cx, j, COMMIT);
    if (st != MR_OK && sqlite3_get_autocommit(j->db) == 0) {
        struct mr_error why = cx->error;

        (void)plain(cx, j, ROLLBACK);
        cx->error = why;
    }
    return st;
}

/* --- opening --- */

/* A journal that was made with another secret knows nothing any more of what
 * was done: it is not used. */
static enum mr_status
prove(struct mr_cx *cx, struct call_journal *j)
{
    static const char words[] = "mapc: a journal of calls";
    unsigned char proof[JOURNAL_KEY];
    sqlite3_stmt *s = statement(j, PROOF);
    enum mr_status st = MR_OK;
    int code;

    crypto_generichash(proof, sizeof proof, (const unsigned char *)words,
                       sizeof words, j->names, sizeof j->names);
    code = s == NULL ? SQLITE_ERROR : sqlite3_step(s);
    if (code == SQLITE_ROW) {
        if (sqlite3_column_bytes(s, 0) != JOURNAL_KEY ||
            memcmp(sqlite3_column_blob(s, 0), proof, sizeof proof) != 0)
            st = mr_fail(cx, MR_EFORMAT, "the journal of calls was made with "
                         "another secret");
    } else if (code != SQLITE_DONE) {
        st = failed(cx, j);
    }
    if (s != NULL)
        sqlite3_reset(s);
    if (st != MR_OK || code == SQLITE_ROW)
        return st;
    s = statement(j, PROOF_SET);
    if (s != NULL)
        sqlite3_bind_blob(s, 2, proof, sizeof proof, SQLITE_STATIC);
    return run(cx, j, s);
}

static enum mr_status
set_up(struct mr_cx *cx, struct call_journal *j, int64_t now)
{
    enum mr_status st;
    sqlite3_stmt *s;

    sqlite3_extended_result_codes(j->db, 1);
    sqlite3_busy_timeout(j->db, WAIT_MS);
    sqlite3_db_config(j->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(j->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (sqlite3_exec(j->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return failed(cx, j);
    st = plain(cx, j, BEGIN);
    if (st == MR_OK)
        st = prove(cx, j);
    s = statement(j, FORGET);
    if (st == MR_OK && s != NULL)
        sqlite3_bind_int64(s, 5, now - kept_for);
    if (st == MR_OK)
        st = run(cx, j, s);
    return finish(cx, j, st);
}

/* Only its owner may read it. */
static bool
make_file(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
    return access(file, R_OK | W_OK) == 0;
}

enum mr_status
journal_open(struct mr_cx *cx, const char *file,
             const unsigned char secret[32], int64_t now,
             struct call_journal **out)
{
    static const char use[] = "mapc: keys of calls";
    struct call_journal *j = mr_resize(cx, NULL, sizeof *j);
    enum mr_status st;

    *out = NULL;
    if (j == NULL)
        return cx->error.status;
    memset(j, 0, sizeof *j);
    j->memory = cx->memory;
    st = seal_keys(cx, secret, &j->keys);
    if (st == MR_OK) {
        crypto_generichash(j->names, sizeof j->names,
                           (const unsigned char *)use, sizeof use,
                           j->keys.seal, sizeof j->keys.seal);
        if (!make_file(file))
            st = mr_fail(cx, MR_EWRITE, "%s: can't be opened for writing",
                         file);
    }
    if (st == MR_OK &&
        sqlite3_open_v2(file, &j->db, SQLITE_OPEN_READWRITE |
                        SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        st = failed(cx, j);
    if (st == MR_OK)
        st = set_up(cx, j, now);
    if (st == MR_OK)
        *out = j;
    else
        journal_close(j);
    return st;
}

void
journal_close(struct call_journal *j)
{
    if (j == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(j->statements[i]);
    sqlite3_close(j->db);
    sodium_memzero(&j->keys, sizeof j->keys);
    sodium_memzero(j->names, sizeof j->names);
    j->memory.resize(j->memory.arg, j, 0);
}

/* --- one call --- */

void
journal_name(const struct call_journal *j, const char *call, const char *key,
             size_t key_n, const char *address, const char *request,
             size_t request_n, struct journal_entry *e)
{
    crypto_generichash_state state;

    memset(e, 0, sizeof *e);
    e->call = call;
    crypto_generichash(e->key, JOURNAL_KEY, (const unsigned char *)key, key_n,
                       j->names, sizeof j->names);
    crypto_generichash_init(&state, j->names, sizeof j->names, JOURNAL_KEY);
    crypto_generichash_update(&state, (const unsigned char *)address,
                              strlen(address) + 1);
    crypto_generichash_update(&state, (const unsigned char *)request,
                              request_n);
    crypto_generichash_final(&state, e->request, JOURNAL_KEY);
    randombytes_buf(&e->owner, sizeof e->owner);
}

static enum mr_status
open_text(struct mr_cx *cx, struct call_journal *j, struct journal_entry *e,
          const void *sealed, size_t n)
{
    enum mr_status st;

    if (sealed == NULL)
        return MR_OK;
    e->text = mr_resize(cx, NULL, n + MR_PADDING);
    if (e->text == NULL)
        return cx->error.status;
    memset(e->text, 0, n + MR_PADDING);
    st = seal_open(cx, &j->keys, sealed, n, (unsigned char *)e->text, &e->n);
    if (st != MR_OK) {
        mr_resize(cx, e->text, 0);
        e->text = NULL;
        return st;
    }
    memset(e->text + e->n, 0, MR_PADDING);
    return MR_OK;
}

/* MR_OK, with the state as it is now. */
static enum mr_status
find(struct mr_cx *cx, struct call_journal *j, struct journal_entry *e,
     int64_t now)
{
    sqlite3_stmt *s = bound(j, FIND, e);
    int code = s == NULL ? SQLITE_ERROR : sqlite3_step(s);
    enum mr_status st = MR_OK;

    e->state = JOURNAL_NEW;
    if (code == SQLITE_ROW) {
        e->sent = sqlite3_column_int64(s, 0);
        e->done = sqlite3_column_int64(s, 2);
        e->looked_up = sqlite3_column_int(s, 4) != 0;
        e->state = e->done != 0                        ? JOURNAL_DONE
                   : sqlite3_column_int64(s, 1) > now ? JOURNAL_BUSY
                                                      : JOURNAL_OPEN;
        e->same = sqlite3_column_bytes(s, 3) == JOURNAL_KEY &&
                  memcmp(sqlite3_column_blob(s, 3), e->request,
                         JOURNAL_KEY) == 0;
        if (e->state != JOURNAL_BUSY)
            st = open_text(cx, j, e, sqlite3_column_blob(s, 5),
                           (size_t)sqlite3_column_bytes(s, 5));
    } else if (code != SQLITE_DONE) {
        st = failed(cx, j);
    }
    if (s != NULL)
        sqlite3_reset(s);
    return st;
}

enum mr_status
journal_begin(struct mr_cx *cx, struct call_journal *j,
              struct journal_entry *e, int64_t now, int64_t until,
              const char *look, size_t n)
{
    size_t size = seal_size(n);
    unsigned char *sealed = mr_resize(cx, NULL, size);
    enum mr_status st = sealed == NULL ? cx->error.status
                                       : plain(cx, j, BEGIN);
    sqlite3_stmt *s;

    if (st == MR_OK)
        st = find(cx, j, e, now);
    if (st == MR_OK &&
        (e->state == JOURNAL_NEW || e->state == JOURNAL_OPEN)) {
        s = bound(j, e->state == JOURNAL_NEW ? INSERT : CLAIM, e);
        if (s != NULL)
            sqlite3_bind_int64(s, 5, until);
        if (s != NULL && e->state == JOURNAL_NEW) {
            seal_close(&j->keys, look, n, sealed);
            sqlite3_bind_int64(s, 6, now);
            sqlite3_bind_blob64(s, 7, sealed, size, SQLITE_STATIC);
        }
        st = run(cx, j, s);
    }
    st = finish(cx, j, st);
    mr_resize(cx, sealed, 0);
    return st;
}

enum mr_status
journal_send(struct mr_cx *cx, struct call_journal *j,
             const struct journal_entry *e, int64_t now, int64_t until)
{
    sqlite3_stmt *s = bound(j, SEND, e);
    enum mr_status st;

    if (s != NULL) {
        sqlite3_bind_int64(s, 5, until);
        sqlite3_bind_int64(s, 6, now);
    }
    st = run(cx, j, s);
    return st == MR_OK && sqlite3_changes(j->db) == 0 ? MR_END : st;
}

enum mr_status
journal_done(struct mr_cx *cx, struct call_journal *j,
             const struct journal_entry *e, const char *reply, size_t n,
             bool looked_up, int64_t now)
{
    size_t size = seal_size(n);
    unsigned char *sealed = mr_resize(cx, NULL, size);
    sqlite3_stmt *s = bound(j, DONE, e);
    enum mr_status st;

    if (sealed == NULL)
        return cx->error.status;
    seal_close(&j->keys, reply, n, sealed);
    if (s != NULL) {
        sqlite3_bind_int64(s, 5, now);
        sqlite3_bind_int(s, 6, looked_up);
        sqlite3_bind_blob64(s, 7, sealed, size, SQLITE_STATIC);
    }
    st = run(cx, j, s);
    mr_resize(cx, sealed, 0);
    return st;
}

enum mr_status
journal_leave(struct mr_cx *cx, struct call_journal *j,
              const struct journal_entry *e)
{
    return run(cx, j, bound(j, LEAVE, e));
}

enum mr_status
journal_drop(struct mr_cx *cx, struct call_journal *j,
             const struct journal_entry *e)
{
    return run(cx, j, bound(j, DROP, e));
}
