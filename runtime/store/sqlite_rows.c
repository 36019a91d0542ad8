/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of SQLite run: bound by columns, their rows copied out at once and
 * reset, so that no statement is open while another one writes. What a file
 * holds is checked as it is read: it may be damaged.
 */
#include "store/sqlite.h"

#include <errno.h>
#include <string.h>

enum { GIVEN_KEPT = 1 << 20 };

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
insert(struct mr_cx *cx, struct sqlite_store *s, enum store_table_id table,
       void *row)
{
    enum mr_status st = sqlite_prepare_insert(cx, s, table);

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
    st = sqlite_prepare_update(cx, s, table);
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
