/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of SQLite: their texts, prepared when they are first used and
 * kept. */
#include "store/sqlite.h"

/* "live": of several links with one text the usable one comes first; the same
 * expression is in the indexes. */
#define LIVE "(left_gone + right_gone = 0)"
#define LOOK_OF(side)                                                         \
    "SELECT " side "_look FROM look WHERE id = (SELECT id FROM link WHERE "   \
    side "_id = ?2 AND " side "_id <> '' AND map = ?1"                        \
    " ORDER BY " LIVE " DESC, id DESC LIMIT 1)"
#define LOOK_PUT(side, values)                                                \
    "INSERT INTO look (id, left_look, right_look) VALUES (?1, " values ")"    \
    " ON CONFLICT (id) DO UPDATE SET " side "_look = ?2"
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
    [OWN_DONE_PUT] = "INSERT OR IGNORE INTO done (message, record)"
                     " VALUES (?1, ?2)",
    [OWN_DONE_COUNT] = "SELECT count(*) FROM done WHERE message = ?1",
    [OWN_DONE_DROP] = "DELETE FROM done WHERE message = ?1",
    [OWN_DUE_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM parked INDEXED BY"
                      " parked_due WHERE next <> 0 AND next <= ?1 LIMIT ?2)",
    [OWN_DECISION_DROP] = "DELETE FROM decision WHERE link = ?1",
    [OWN_DECISION_TRIM] = "DELETE FROM decision WHERE at < ?1 AND id IN"
                          " (SELECT id FROM decision ORDER BY id LIMIT ?2)",
    [OWN_MARK_ID] = "SELECT id FROM mark WHERE map = ?1 AND side = ?2",
    [OWN_META_ID] = "SELECT id FROM meta WHERE name = ?1",
    [OWN_INTENT] = "SELECT link, key FROM intent WHERE id = ?1",
    [OWN_INTENTS] = "SELECT link, key FROM intent WHERE id > 0",
    [OWN_LOOK_ANY] = "SELECT EXISTS (SELECT 1 FROM look)",
    [OWN_LOOK_LEFT] = LOOK_OF("left"),
    [OWN_LOOK_RIGHT] = LOOK_OF("right"),
    [OWN_LOOK_PUT_LEFT] = LOOK_PUT("left", "?2, 0"),
    [OWN_LOOK_PUT_RIGHT] = LOOK_PUT("right", "0, ?2"),
    [OWN_LOOK_DROP] = "DELETE FROM look WHERE id = ?1",
};

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

enum mr_status
sqlite_prepare_insert(struct mr_cx *cx, struct sqlite_store *s,
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

enum mr_status
sqlite_prepare_update(struct mr_cx *cx, struct sqlite_store *s,
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
