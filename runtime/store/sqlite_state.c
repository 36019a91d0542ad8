/* SPDX-License-Identifier: Apache-2.0 */
/* Marks, small named values and counts in SQLite. */
#include "store/sqlite.h"

enum mr_status
sqlite_mark_get(struct mr_cx *cx, struct store *s, const char *map, int side,
                struct store_mark *out)
{
    struct store_mark_row row = { 0, { .map = "", .mark = "", .load = "" } };
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_find(cx, sqlite_of(s), FIND_MARK, &stmt);

    if (st == MR_OK) {
        sqlite_bind_text(stmt, 1, map);
        sqlite_bind_number(stmt, 2, side);
        st = sqlite_give(cx, sqlite_of(s), stmt, TABLE_MARK, &row);
    }
    *out = row.mark;
    return st;
}

/* Puts a row in the place of the one that `own` finds, if any. */
static enum mr_status
put_over(struct mr_cx *cx, struct store *s, sqlite3_stmt *own,
         enum store_table_id table, void *row)
{
    int64_t id = 0;
    enum mr_status st = sqlite_number(cx, sqlite_of(s), own, &id);

    if (st != MR_OK && st != MR_END)
        return st;
    store_row_set_id(row, id);
    return sqlite_put(cx, s, table, row);
}

enum mr_status
sqlite_mark_put(struct mr_cx *cx, struct store *s, const struct store_mark *m)
{
    struct store_mark_row row = { 0, *m };
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_own(cx, sqlite_of(s), OWN_MARK_ID, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, m->map);
    sqlite_bind_number(stmt, 2, m->side);
    return put_over(cx, s, stmt, TABLE_MARK, &row);
}

enum mr_status
sqlite_meta_get(struct mr_cx *cx, struct store *s, const char *name,
                struct mr_bytes *out)
{
    struct store_meta_row row = { 0, "", { "", 0 } };
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_find(cx, sqlite_of(s), FIND_META, &stmt);

    if (st == MR_OK) {
        sqlite_bind_text(stmt, 1, name);
        st = sqlite_give(cx, sqlite_of(s), stmt, TABLE_META, &row);
    }
    *out = row.value;
    return st;
}

static enum mr_status
meta_drop(struct mr_cx *cx, struct store *s, sqlite3_stmt *own)
{
    int64_t id = 0;
    enum mr_status st = sqlite_number(cx, sqlite_of(s), own, &id);

    if (st == MR_END)
        return sqlite_may_write(cx, sqlite_of(s));
    return st == MR_OK ? sqlite_drop(cx, s, TABLE_META, id) : st;
}

enum mr_status
sqlite_meta_put(struct mr_cx *cx, struct store *s, const char *name,
                struct mr_bytes value)
{
    struct store_meta_row row = { 0, name, value };
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_own(cx, sqlite_of(s), OWN_META_ID, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, name);
    if (value.n == 0)
        return meta_drop(cx, s, stmt);
    return put_over(cx, s, stmt, TABLE_META, &row);
}

enum mr_status
sqlite_count_rows(struct mr_cx *cx, struct sqlite_store *s,
                  enum store_table_id table)
{
    sqlite3_stmt *stmt = NULL;
    int64_t n = 0;
    enum mr_status st;
    char sql[40];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s",
             store_tables[table].name);
    st = sqlite_prepare(cx, s, &stmt, sql);
    if (st == MR_OK)
        st = sqlite_number(cx, s, stmt, &n);
    sqlite3_finalize(stmt);
    s->rows[table] = (uint64_t)n;
    /* Beside a running program others change what is there. */
    s->counted[table] = st == MR_OK && !s->read_only;
    return st;
}

enum mr_status
sqlite_counts(struct mr_cx *cx, struct store *s, struct store_counts *out)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st = MR_OK;

    for (int i = TABLE_LINK; st == MR_OK && i <= TABLE_DECISION; i++)
        if (!q->counted[i])
            st = sqlite_count_rows(cx, q, (enum store_table_id)i);
    if (st != MR_OK)
        return st;
    out->links = q->rows[TABLE_LINK];
    out->intents = q->rows[TABLE_INTENT];
    out->messages = q->rows[TABLE_MESSAGE];
    out->parked = q->rows[TABLE_PARKED];
    out->decisions = q->rows[TABLE_DECISION];
    return MR_OK;
}
