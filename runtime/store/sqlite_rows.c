/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of SQLite: prepared once, bound by columns, their rows copied out
 * at once and reset, so that no statement is open while another one writes.
 * What a file holds is checked as it is read: it may be damaged.
 */
#include "store/sqlite.h"

#include <errno.h>
#include <string.h>

enum { GIVEN_KEPT = 1 << 20 };

/* "live": of several links with one text the usable one comes first; the same
 * expression is in the indexes. */
#define LIVE "(left_gone + right_gone = 0)"
#define LINK_BY(column)                                                       \
    "FROM link WHERE " column " = ?2 AND " column " <> '' AND map = ?1"       \
    " ORDER BY " LIVE " DESC, id DESC LIMIT 1"

static const struct {
    enum store_table_id table;
    const char *tail;
} finds[FINDS] = {
    [FIND_LINK_LEFT_ID] = { TABLE_LINK, LINK_BY("left_id") },
    [FIND_LINK_RIGHT_ID] = { TABLE_LINK, LINK_BY("right_id") },
    [FIND_LINK_LEFT_KEY] = { TABLE_LINK, LINK_BY("left_key") },
    [FIND_LINK_RIGHT_KEY] = { TABLE_LINK, LINK_BY("right_key") },
    [FIND_LINK_NEXT] = { TABLE_LINK,
        "FROM link WHERE id > ?2 ORDER BY id LIMIT 1" },
    [FIND_LINK_NEXT_OF_MAP] = { TABLE_LINK,
        "FROM link INDEXED BY link_map WHERE map = ?1 AND id > ?2"
        " ORDER BY id LIMIT 1" },
    [FIND_INTENT_KEY] = { TABLE_INTENT,
        "FROM intent WHERE key = ?3 AND key <> '' AND map = ?1 AND side = ?2"
        " ORDER BY id LIMIT 1" },
    [FIND_INTENT_LINK] = { TABLE_INTENT,
        "FROM intent WHERE link = ?3 AND link <> 0 AND (?1 IS NULL OR"
        " map = ?1) AND (?2 < 0 OR side = ?2) ORDER BY id LIMIT 1" },
    [FIND_INTENT_NEXT] = { TABLE_INTENT,
        "FROM intent WHERE id > ?1 ORDER BY id LIMIT 1" },
    [FIND_MESSAGE_NEXT] = { TABLE_MESSAGE,
        "FROM message WHERE id > ?1 ORDER BY id LIMIT 1" },
    [FIND_PARKED_DUE] = { TABLE_PARKED,
        "FROM parked WHERE id = (SELECT min(id) FROM parked INDEXED BY"
        " parked_due WHERE next <> 0 AND next <= ?2 AND id > ?1)" },
    [FIND_MARK] = { TABLE_MARK, "FROM mark WHERE map = ?1 AND side = ?2" },
    [FIND_META] = { TABLE_META, "FROM meta WHERE name = ?1" },
};

static const char *const owns[OWNS] = {
    [OWN_LINK_COUNT] = "SELECT count(*) FROM link INDEXED BY link_map"
                       " WHERE map = ?1",
    /* What is searched by is as it was: no index has to be changed. */
    [OWN_LINK_SAME] =
        "UPDATE link SET left_etag = ?9, right_etag = ?10, left_serial = ?11,"
        " right_serial = ?12, left_written = ?13, right_written = ?14,"
        " left_seen = ?15, right_seen = ?16, made = ?17, changed = ?18,"
        " kept = ?19, base = ?20 WHERE id = ?1 AND map = ?2 AND left_id = ?3"
        " AND right_id = ?4 AND left_key = ?5 AND right_key = ?6"
        " AND left_gone = ?7 AND right_gone = ?8",
    [OWN_MESSAGE_RECORDS] = "SELECT records FROM message WHERE id = ?1",
    [OWN_DONE_ID] = "SELECT id FROM done WHERE message = ?1 AND record = ?2",
    [OWN_DONE_COUNT] = "SELECT count(*) FROM done WHERE message = ?1",
    [OWN_DONE_DROP] = "DELETE FROM done WHERE message = ?1",
    [OWN_DUE_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM parked INDEXED BY"
                      " parked_due WHERE next <> 0 AND next <= ?1 LIMIT ?2)",
    [OWN_DECISION_DROP] = "DELETE FROM decision WHERE link = ?1",
    [OWN_DECISION_TRIM] = "DELETE FROM decision WHERE at < ?1 AND id IN"
                          " (SELECT id FROM decision ORDER BY id LIMIT ?2)",
    [OWN_MARK_ID] = "SELECT id FROM mark WHERE map = ?1 AND side = ?2",
    [OWN_META_ID] = "SELECT id FROM meta WHERE name = ?1",
};

static enum mr_status
status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return MR_EMEMORY;
    case SQLITE_TOOBIG:
        return MR_ELIMIT;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return MR_EWRITE;
    case SQLITE_CANTOPEN:
        return MR_EREAD;
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ
                   ? MR_EREAD
                   : MR_EWRITE;
    default:
        return MR_EFORMAT;
    }
}

static const char *
words_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return "memory ran out";
    case SQLITE_TOOBIG:
        return "a value is too large";
    case SQLITE_FULL:
        return "the disk is full";
    case SQLITE_READONLY:
        return "may not be written";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "is locked by another program";
    case SQLITE_CANTOPEN:
        return "can't be opened";
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_READ ? "can't be read" : "can't be written";
    case SQLITE_NOTADB:
        return "is no store of replication";
    case SQLITE_CORRUPT:
        return "is damaged";
    default:
        return "is damaged or was changed by another program";
    }
}

enum mr_status
sqlite_failed(struct mr_cx *cx, struct sqlite_store *s)
{
    int number = errno, code = sqlite3_extended_errcode(s->db);

    if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
        number = 0;
    /* SQLite says "full" only where the system does; a limit is one, too. */
    if (number == EFBIG || number == ENOSPC || number == EDQUOT)
        code = SQLITE_FULL;
    if (number != 0 && code != SQLITE_FULL)
        return mr_fail(cx, status_of(code), "%s: %s: %s", s->file,
                       words_of(code), strerror(number));
    return mr_fail(cx, status_of(code), "%s: %s", s->file, words_of(code));
}

enum mr_status
sqlite_prepare(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt **slot,
               const char *sql)
{
    if (*slot != NULL)
        return MR_OK;
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot,
                           NULL) != SQLITE_OK)
        return sqlite_failed(cx, s);
    return MR_OK;
}

/* Prepares what was put together; frees it. */
static enum mr_status
prepare_text(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt **slot,
             sqlite3_str *text)
{
    char *sql = sqlite3_str_finish(text);
    enum mr_status st;

    if (sql == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    st = sqlite_prepare(cx, s, slot, sql);
    sqlite3_free(sql);
    return st;
}

enum mr_status
sqlite_select(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt **slot,
              enum store_table_id table, const char *tail)
{
    const struct store_table *t = &store_tables[table];
    sqlite3_str *text;

    if (*slot != NULL)
        return MR_OK;
    text = sqlite3_str_new(s->db);
    for (size_t i = 0; i < t->n; i++)
        sqlite3_str_appendf(text, "%s%s", i == 0 ? "SELECT " : ", ",
                            t->columns[i].name);
    sqlite3_str_appendf(text, " %s", tail);
    return prepare_text(cx, s, slot, text);
}

enum mr_status
sqlite_find(struct mr_cx *cx, struct sqlite_store *s, enum sqlite_find find,
            sqlite3_stmt **out)
{
    enum mr_status st = sqlite_select(cx, s, &s->find[find],
                                      finds[find].table, finds[find].tail);

    *out = s->find[find];
    return st;
}

enum mr_status
sqlite_own(struct mr_cx *cx, struct sqlite_store *s, enum sqlite_own own,
           sqlite3_stmt **out)
{
    enum mr_status st = sqlite_prepare(cx, s, &s->own[own], owns[own]);

    *out = s->own[own];
    return st;
}

void
sqlite_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    if (text == NULL)
        sqlite3_bind_null(stmt, at);
    else
        sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

void
sqlite_bind_number(sqlite3_stmt *stmt, int at, int64_t number)
{
    sqlite3_bind_int64(stmt, at, number);
}

static int64_t
number_of(const struct store_column *c, const char *at)
{
    uint32_t count;
    int64_t number;
    int small;

    if (c->kind == COLUMN_SIDE || c->kind == COLUMN_FLAG)
        return *(const unsigned char *)at;
    if (c->kind == COLUMN_COUNT) {
        memcpy(&count, at, sizeof count);
        return count;
    }
    if (c->kind == COLUMN_INT) {
        memcpy(&small, at, sizeof small);
        return small;
    }
    memcpy(&number, at, sizeof number);
    return number;
}

static int
bind_column(sqlite3_stmt *stmt, int to, const struct store_column *c,
            const char *at)
{
    struct mr_bytes b;
    const char *text;

    if (c->kind == COLUMN_BYTES) {
        memcpy(&b, at, sizeof b);
        return sqlite3_bind_blob64(stmt, to, b.n == 0 ? "" : b.p, b.n,
                                   SQLITE_STATIC);
    }
    if (c->kind != COLUMN_TEXT && c->kind != COLUMN_MAYBE)
        return sqlite3_bind_int64(stmt, to, number_of(c, at));
    memcpy(&text, at, sizeof text);
    if (text == NULL && c->kind == COLUMN_MAYBE)
        return sqlite3_bind_null(stmt, to);
    return sqlite3_bind_text(stmt, to, text == NULL ? "" : text, -1,
                             SQLITE_STATIC);
}

/* Column i is parameter i + 1. */
static enum mr_status
bind_row(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
         const struct store_table *t, const void *row)
{
    for (size_t i = 0; i < t->n; i++)
        if (bind_column(stmt, (int)i + 1, &t->columns[i],
                        (const char *)row + t->columns[i].at) != SQLITE_OK)
            return sqlite_failed(cx, s);
    return MR_OK;
}

static bool
take_number(const struct store_column *c, char *at, int64_t number)
{
    uint32_t count = (uint32_t)number;
    int small = (int)number;

    if (c->kind == COLUMN_SIDE || c->kind == COLUMN_FLAG) {
        *(unsigned char *)at = (unsigned char)(number == 1);
        return number == 0 || number == 1;
    }
    if (c->kind == COLUMN_COUNT) {
        memcpy(at, &count, sizeof count);
        return number >= 0 && number <= UINT32_MAX;
    }
    if (c->kind == COLUMN_INT) {
        memcpy(at, &small, sizeof small);
        return number == small &&
               (c->max == 0 || (number >= 0 && number <= c->max));
    }
    memcpy(at, &number, sizeof number);
    return true;
}

/* The texts and bytes of a row where SQLite has them; p NULL: a number, or
 * NULL in the table. False: not as it was written. */
static bool
find_bytes(sqlite3_stmt *stmt, const struct store_table *t,
           struct mr_bytes *bytes, size_t *space)
{
    *space = 0;
    for (size_t i = 0; i < t->n; i++) {
        enum store_column_kind kind = t->columns[i].kind;
        int type = sqlite3_column_type(stmt, (int)i);
        int want = kind == COLUMN_BYTES ? SQLITE_BLOB
                   : kind == COLUMN_TEXT || kind == COLUMN_MAYBE
                       ? SQLITE_TEXT
                       : SQLITE_INTEGER;

        bytes[i] = (struct mr_bytes){ NULL, 0 };
        if (type != want && (type != SQLITE_NULL || kind != COLUMN_MAYBE))
            return false;
        if (type == SQLITE_INTEGER || type == SQLITE_NULL)
            continue;
        bytes[i].p = type == SQLITE_BLOB
                         ? sqlite3_column_blob(stmt, (int)i)
                         : sqlite3_column_text(stmt, (int)i);
        bytes[i].n = (size_t)sqlite3_column_bytes(stmt, (int)i);
        if (bytes[i].n > STORE_VALUE_MAX ||
            (bytes[i].p == NULL && bytes[i].n > 0))
            return false;
        if (bytes[i].p == NULL)
            bytes[i].p = "";
        *space += bytes[i].n + 1;
    }
    return true;
}

/* Texts and bytes to their place, with their content at *space. */
static bool
take_bytes(const struct store_column *c, char *at, struct mr_bytes from,
           char **space)
{
    struct mr_bytes b = { *space, from.n };
    const char *text = from.p == NULL ? NULL : *space;

    if (from.p != NULL) {
        memcpy(*space, from.p, from.n);
        (*space)[from.n] = '\0';
        *space += from.n + 1;
    }
    if (c->kind == COLUMN_BYTES) {
        memcpy(at, &b, sizeof b);
        return true;
    }
    memcpy(at, &text, sizeof text);
    return text == NULL || strlen(text) == from.n;
}

/* Large room for a message goes back with the next small row. */
static bool
make_given(struct sqlite_store *s, size_t space)
{
    size_t room = space < 4096 ? 4096 : space;
    char *p;

    if (space <= s->given_room &&
        (s->given_room <= GIVEN_KEPT || space > GIVEN_KEPT))
        return true;
    p = s->memory.resize(s->memory.arg, NULL, room);
    if (p == NULL)
        return false;
    if (s->given != NULL)
        s->memory.resize(s->memory.arg, s->given, 0);
    s->given = p;
    s->given_room = room;
    return true;
}

static bool
take_columns(sqlite3_stmt *stmt, const struct store_table *t,
             const struct mr_bytes *bytes, char *space, void *out)
{
    bool fits = true;

    for (size_t i = 0; fits && i < t->n; i++) {
        const struct store_column *c = &t->columns[i];
        char *at = (char *)out + c->at;

        if (c->kind == COLUMN_TEXT || c->kind == COLUMN_MAYBE ||
            c->kind == COLUMN_BYTES)
            fits = take_bytes(c, at, bytes[i], &space);
        else
            fits = take_number(c, at, sqlite3_column_int64(stmt, (int)i));
    }
    return fits;
}

static enum mr_status
take_row(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
         enum store_table_id table, void *out)
{
    const struct store_table *t = &store_tables[table];
    struct mr_bytes bytes[STORE_COLUMNS_MAX];
    bool fits;
    size_t space;

    fits = find_bytes(stmt, t, bytes, &space);
    if (fits && !make_given(s, space))
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    if (fits && take_columns(stmt, t, bytes, s->given, out))
        return MR_OK;
    if (sqlite3_errcode(s->db) == SQLITE_NOMEM)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    return mr_fail(cx, MR_EFORMAT, "%s: is damaged: row %lld of %s", s->file,
                   (long long)sqlite3_column_int64(stmt, 0), t->name);
}

/* sqlite3_system_errno knows nothing of steps, so errno has to tell. */
static int
step(sqlite3_stmt *stmt)
{
    errno = 0;
    return sqlite3_step(stmt);
}

enum mr_status
sqlite_give(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
            enum store_table_id table, void *out)
{
    int code = step(stmt);
    enum mr_status st = MR_END;

    if (code == SQLITE_ROW)
        st = take_row(cx, s, stmt, table, out);
    else if (code != SQLITE_DONE)
        st = sqlite_failed(cx, s);
    sqlite3_reset(stmt);
    return st;
}

enum mr_status
sqlite_number(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
              int64_t *out)
{
    int code = step(stmt);
    enum mr_status st = MR_END;

    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
        st = MR_OK;
    } else if (code != SQLITE_DONE) {
        st = sqlite_failed(cx, s);
    }
    sqlite3_reset(stmt);
    return st;
}

enum mr_status
sqlite_run(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
           int *n)
{
    int code = step(stmt);
    enum mr_status st = MR_OK;

    if (code != SQLITE_DONE)
        st = sqlite_failed(cx, s);
    else if (n != NULL)
        *n = sqlite3_changes(s->db);
    sqlite3_reset(stmt);
    return st;
}

enum mr_status
sqlite_get(struct mr_cx *cx, struct store *s, enum store_table_id table,
           int64_t id, void *out)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st;
    char tail[40] = "";

    if (q->by_id[table] == NULL)
        snprintf(tail, sizeof tail, "FROM %s WHERE id = ?1",
                 store_tables[table].name);
    st = sqlite_select(cx, q, &q->by_id[table], table, tail);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(q->by_id[table], 1, id);
    return sqlite_give(cx, q, q->by_id[table], table, out);
}

enum mr_status
sqlite_may_write(struct mr_cx *cx, struct sqlite_store *s)
{
    if (s->read_only)
        return mr_fail(cx, MR_EWRITE, "%s: is open for reading only", s->file);
    if (!s->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: no turn is open");
    return MR_OK;
}

static enum mr_status
prepare_insert(struct mr_cx *cx, struct sqlite_store *s,
               enum store_table_id table)
{
    const struct store_table *t = &store_tables[table];
    sqlite3_str *text;

    if (s->insert[table] != NULL)
        return MR_OK;
    text = sqlite3_str_new(s->db);
    sqlite3_str_appendf(text, "INSERT INTO %s (", t->name);
    for (size_t i = 0; i < t->n; i++)
        sqlite3_str_appendf(text, "%s%s", i == 0 ? "" : ", ",
                            t->columns[i].name);
    sqlite3_str_appendall(text, ") VALUES (");
    for (size_t i = 0; i < t->n; i++)
        sqlite3_str_appendf(text, "%s?%d", i == 0 ? "" : ", ", (int)i + 1);
    sqlite3_str_appendall(text, ")");
    return prepare_text(cx, s, &s->insert[table], text);
}

static enum mr_status
prepare_update(struct mr_cx *cx, struct sqlite_store *s,
               enum store_table_id table)
{
    const struct store_table *t = &store_tables[table];
    sqlite3_str *text;

    if (s->update[table] != NULL)
        return MR_OK;
    text = sqlite3_str_new(s->db);
    sqlite3_str_appendf(text, "UPDATE %s SET ", t->name);
    for (size_t i = 1; i < t->n; i++)
        sqlite3_str_appendf(text, "%s%s = ?%d", i == 1 ? "" : ", ",
                            t->columns[i].name, (int)i + 1);
    sqlite3_str_appendall(text, " WHERE id = ?1");
    return prepare_text(cx, s, &s->update[table], text);
}

static enum mr_status
insert(struct mr_cx *cx, struct sqlite_store *s, enum store_table_id table,
       void *row)
{
    enum mr_status st = prepare_insert(cx, s, table);

    if (st == MR_OK)
        st = bind_row(cx, s, s->insert[table], &store_tables[table], row);
    if (st != MR_OK)
        return st;
    sqlite3_bind_null(s->insert[table], 1);
    st = sqlite_run(cx, s, s->insert[table], NULL);
    if (st == MR_OK) {
        store_row_set_id(row, sqlite3_last_insert_rowid(s->db));
        s->rows[table]++;
    }
    return st;
}

/* With a statement whose parameters are the columns; *n: 0 or 1. */
static enum mr_status
run_with_row(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
             enum store_table_id table, const void *row, int *n)
{
    enum mr_status st = bind_row(cx, s, stmt, &store_tables[table], row);

    return st != MR_OK ? st : sqlite_run(cx, s, stmt, n);
}

static enum mr_status
update(struct mr_cx *cx, struct sqlite_store *s, enum store_table_id table,
       const void *row)
{
    enum mr_status st = MR_OK;
    sqlite3_stmt *same;
    int n = 0;

    if (table == TABLE_LINK) {
        st = sqlite_own(cx, s, OWN_LINK_SAME, &same);
        if (st == MR_OK)
            st = run_with_row(cx, s, same, table, row, &n);
    }
    if (st != MR_OK || n == 1)
        return st;
    st = prepare_update(cx, s, table);
    if (st == MR_OK)
        st = run_with_row(cx, s, s->update[table], table, row, &n);
    return st == MR_OK && n == 0 ? MR_END : st;
}

enum mr_status
sqlite_put(struct mr_cx *cx, struct store *s, enum store_table_id table,
           void *row)
{
    enum mr_status st = sqlite_may_write(cx, sqlite_of(s));

    if (st == MR_OK)
        st = store_row_check(cx, &store_tables[table], row);
    if (st != MR_OK)
        return st;
    return store_row_id(row) == 0 ? insert(cx, sqlite_of(s), table, row)
                                  : update(cx, sqlite_of(s), table, row);
}

enum mr_status
sqlite_drop(struct mr_cx *cx, struct store *s, enum store_table_id table,
            int64_t id)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st = sqlite_may_write(cx, q);
    char sql[40] = "";
    int n = 0;

    if (st != MR_OK)
        return st;
    if (q->drop[table] == NULL)
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id = ?1",
                 store_tables[table].name);
    st = sqlite_prepare(cx, q, &q->drop[table], sql);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(q->drop[table], 1, id);
    st = sqlite_run(cx, q, q->drop[table], &n);
    if (st != MR_OK || n == 0)
        return st != MR_OK ? st : MR_END;
    q->rows[table]--;
    return MR_OK;
}
