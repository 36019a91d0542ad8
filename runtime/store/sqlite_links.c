/* SPDX-License-Identifier: Apache-2.0 */
/* Links in SQLite. */
#include "store/sqlite.h"

enum mr_status
sqlite_link_by_id(struct mr_cx *cx, struct store *s, int64_t id,
                  struct store_link *out)
{
    return sqlite_get(cx, s, TABLE_LINK, id, out);
}

static enum mr_status
find_link(struct mr_cx *cx, struct store *s, enum sqlite_find find,
          const char *map, const char *text, struct store_link *out)
{
    uint64_t hash = 0;
    uint64_t *absent = sqlite_link_absent(sqlite_of(s), find, map, text,
                                          &hash);
    sqlite3_stmt *stmt;
    enum mr_status st;

    if (absent != NULL && *absent == hash)
        return MR_END;
    st = sqlite_find(cx, sqlite_of(s), find, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, map);
    sqlite_bind_text(stmt, 2, text);
    st = sqlite_give(cx, sqlite_of(s), stmt, TABLE_LINK, out);
    if (st == MR_END && absent != NULL)
        *absent = hash;
    return st;
}

enum mr_status
sqlite_link_by_record(struct mr_cx *cx, struct store *s, const char *map,
                      int side, const char *record_id, struct store_link *out)
{
    return find_link(cx, s, side == 0 ? FIND_LINK_LEFT_ID : FIND_LINK_RIGHT_ID,
                     map, record_id, out);
}

enum mr_status
sqlite_link_by_key(struct mr_cx *cx, struct store *s, const char *map,
                   int side, const char *key, struct store_link *out)
{
    return find_link(cx, s,
                     side == 0 ? FIND_LINK_LEFT_KEY : FIND_LINK_RIGHT_KEY,
                     map, key, out);
}

enum mr_status
sqlite_link_next(struct mr_cx *cx, struct store *s, const char *map,
                 int64_t after, struct store_link *out)
{
    sqlite3_stmt *stmt;
    enum mr_status st =
        sqlite_find(cx, sqlite_of(s),
                    map == NULL ? FIND_LINK_NEXT : FIND_LINK_NEXT_OF_MAP,
                    &stmt);

    if (st != MR_OK)
        return st;
    if (map != NULL)
        sqlite_bind_text(stmt, 1, map);
    sqlite_bind_number(stmt, 2, after);
    return sqlite_give(cx, sqlite_of(s), stmt, TABLE_LINK, out);
}

enum mr_status
sqlite_link_put(struct mr_cx *cx, struct store *s, struct store_link *link)
{
    bool is_new = link->id == 0;
    enum mr_status st;

    sqlite_link_comes(sqlite_of(s), link);
    st = sqlite_put(cx, s, TABLE_LINK, link);
    return st == MR_OK && !is_new
               ? sqlite_look_forget(cx, sqlite_of(s), link->id)
               : st;
}

enum mr_status
sqlite_link_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    enum mr_status st = sqlite_drop(cx, s, TABLE_LINK, id);

    return st == MR_OK ? sqlite_look_forget(cx, sqlite_of(s), id) : st;
}

enum mr_status
sqlite_link_count(struct mr_cx *cx, struct store *s, const char *map,
                  uint64_t *n)
{
    struct store_counts all;
    sqlite3_stmt *stmt;
    int64_t number = 0;
    enum mr_status st;

    if (map == NULL) {
        st = sqlite_counts(cx, s, &all);
        if (st == MR_OK)
            *n = all.links;
        return st;
    }
    st = sqlite_own(cx, sqlite_of(s), OWN_LINK_COUNT, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, map);
    st = sqlite_number(cx, sqlite_of(s), stmt, &number);
    *n = (uint64_t)number;
    return st;
}
