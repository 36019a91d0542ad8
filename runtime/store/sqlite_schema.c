/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of a store's file, their version, and how an older version becomes
 * the present one. Tables follow from the columns; indexes stand here.
 */
#include "store/sqlite.h"

enum {
    APPLICATION = 0x6d617063,   /* "mapc", in the file's head */
    VERSION = 2                 /* of the tables */
};

static const char *const indexes[] = {
    "CREATE INDEX link_map ON link (map)",
    "CREATE INDEX link_left_id ON link (left_id, map,"
    " (left_gone + right_gone = 0)) WHERE left_id <> ''",
    "CREATE INDEX link_right_id ON link (right_id, map,"
    " (left_gone + right_gone = 0)) WHERE right_id <> ''",
    "CREATE INDEX link_left_key ON link (left_key, map,"
    " (left_gone + right_gone = 0)) WHERE left_key <> ''",
    "CREATE INDEX link_right_key ON link (right_key, map,"
    " (left_gone + right_gone = 0)) WHERE right_key <> ''",
    "CREATE INDEX intent_key ON intent (key, map, side) WHERE key <> ''",
    "CREATE INDEX intent_link ON intent (link) WHERE link <> 0",
    "CREATE INDEX parked_due ON parked (next) WHERE next <> 0",
    "CREATE INDEX parked_wants ON parked (wants_key, wants_map)"
    " WHERE wants_key <> ''",
    "CREATE INDEX parked_link ON parked (link) WHERE link <> 0",
    "CREATE INDEX parked_message ON parked (message) WHERE message <> 0",
    "CREATE INDEX decision_link ON decision (link)",
    "CREATE UNIQUE INDEX mark_of ON mark (map, side)",
    "CREATE UNIQUE INDEX meta_of ON meta (name)",
    "CREATE UNIQUE INDEX done_of ON done (message, record)",
};

static enum mr_status
run(struct mr_cx *cx, struct sqlite_store *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(cx, s);
    return MR_OK;
}

static const char *
type_of(enum store_column_kind kind)
{
    switch (kind) {
    case COLUMN_TEXT:
        return "TEXT NOT NULL";
    case COLUMN_MAYBE:
        return "TEXT";
    case COLUMN_BYTES:
        return "BLOB NOT NULL";
    case COLUMN_NUMBER:
    case COLUMN_COUNT:
    case COLUMN_HASH:
    case COLUMN_INT:
    case COLUMN_SIDE:
    case COLUMN_FLAG:
        break;
    }
    return "INTEGER NOT NULL";
}

/* AUTOINCREMENT: an id that a person wrote down is never another row's. Nobody
 * sees those of records that are done with. */
static enum mr_status
create_table(struct mr_cx *cx, struct sqlite_store *s,
             const struct store_table *t)
{
    /* STRICT is known from 3.37 on. */
    const char *strict =
        sqlite3_libversion_number() >= 3037000 ? " STRICT" : "";
    const char *once = t == &store_tables[TABLE_DONE] ||
                               t == &store_tables[TABLE_LOOK]
                           ? "" : " AUTOINCREMENT";
    sqlite3_str *text = sqlite3_str_new(s->db);
    enum mr_status st;
    char *sql;

    sqlite3_str_appendf(text, "CREATE TABLE %s (id INTEGER PRIMARY KEY%s",
                        t->name, once);
    for (size_t i = 1; i < t->n; i++)
        sqlite3_str_appendf(text, ", %s %s", t->columns[i].name,
                            type_of(t->columns[i].kind));
    sqlite3_str_appendf(text, ")%s", strict);
    sql = sqlite3_str_finish(text);
    if (sql == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    st = run(cx, s, sql);
    sqlite3_free(sql);
    return st;
}

static enum mr_status
create(struct mr_cx *cx, struct sqlite_store *s)
{
    enum mr_status st = MR_OK;

    for (size_t i = 0; st == MR_OK && i < TABLE_LOOK; i++)
        st = create_table(cx, s, &store_tables[i]);
    for (size_t i = 0; st == MR_OK && i < sizeof indexes / sizeof indexes[0];
         i++)
        st = run(cx, s, indexes[i]);
    return st;
}

static enum mr_status
create_looks(struct mr_cx *cx, struct sqlite_store *s)
{
    return create_table(cx, s, &store_tables[TABLE_LOOK]);
}

/* Step i makes version i + 1 of version i; all in one transaction. */
static enum mr_status (*const steps[VERSION])(struct mr_cx *cx,
                                              struct sqlite_store *s) = {
    create, create_looks
};

static enum mr_status
upgrade(struct mr_cx *cx, struct sqlite_store *s, int64_t version)
{
    enum mr_status st = run(cx, s, "BEGIN EXCLUSIVE");
    char sql[80];

    if (st != MR_OK)
        return st;
    while (st == MR_OK && version < VERSION)
        st = steps[version++](cx, s);
    snprintf(sql, sizeof sql,
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             (int)APPLICATION, (int)VERSION);
    if (st == MR_OK)
        st = run(cx, s, sql);
    if (st == MR_OK)
        st = run(cx, s, "COMMIT");
    if (st != MR_OK)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return st;
}

static enum mr_status
ask(struct mr_cx *cx, struct sqlite_store *s, const char *sql, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    enum mr_status st = sqlite_prepare(cx, s, &stmt, sql);

    if (st == MR_OK)
        st = sqlite_number(cx, s, stmt, out);
    sqlite3_finalize(stmt);
    return st == MR_END ? MR_OK : st;
}

enum mr_status
sqlite_schema(struct mr_cx *cx, struct sqlite_store *s)
{
    int64_t application = 0, version = 0, pages = 0;
    enum mr_status st = ask(cx, s, "PRAGMA application_id", &application);

    if (st == MR_OK)
        st = ask(cx, s, "PRAGMA user_version", &version);
    if (st == MR_OK)
        st = ask(cx, s, "PRAGMA page_count", &pages);
    if (st != MR_OK)
        return st;
    if (pages != 0 && (application != APPLICATION || version < 1))
        return mr_fail(cx, MR_EFORMAT, "%s: is no store of replication",
                       s->file);
    if (version > VERSION)
        return mr_fail(cx, MR_EFORMAT,
                       "%s: was written by a newer version of this program",
                       s->file);
    if (version == VERSION)
        return MR_OK;
    if (s->read_only)
        return mr_fail(cx, MR_EFORMAT, "%s: %s", s->file,
                       pages == 0 ? "is empty"
                                  : "has first to be opened for writing by "
                                    "this version of the program");
    return upgrade(cx, s, version);
}
