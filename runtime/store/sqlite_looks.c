/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What records looked like when they were found as agreed, in SQLite. A table
 * of its own, of small rows: a run in which nothing changed reads this one and
 * an index of the links, and no link. While there is none, a link that is put
 * costs no statement more.
 */
#include "store/sqlite.h"

static enum mr_status
count_looks(struct mr_cx *cx, struct sqlite_store *s)
{
    sqlite3_stmt *stmt;
    int64_t any = 0;
    enum mr_status st = sqlite_own(cx, s, OWN_LOOK_ANY, &stmt);

    if (st == MR_OK)
        st = sqlite_number(cx, s, stmt, &any);
    s->looks = st != MR_OK ? LOOKS_UNKNOWN : any == 0 ? LOOKS_NONE : LOOKS_SOME;
    return st;
}

enum mr_status
sqlite_look_forget(struct mr_cx *cx, struct sqlite_store *s, int64_t link)
{
    enum mr_status st = MR_OK;
    sqlite3_stmt *stmt;

    if (s->looks == LOOKS_UNKNOWN)
        st = count_looks(cx, s);
    if (st != MR_OK || s->looks == LOOKS_NONE)
        return st;
    st = sqlite_own(cx, s, OWN_LOOK_DROP, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, link);
    return sqlite_run(cx, s, stmt, NULL);
}

enum mr_status
sqlite_look_get(struct mr_cx *cx, struct store *s, const char *map, int side,
                const char *record_id, uint64_t *look)
{
    struct sqlite_store *q = sqlite_of(s);
    sqlite3_stmt *stmt;
    int64_t number = 0;
    enum mr_status st = sqlite_own(
        cx, q, side == 0 ? OWN_LOOK_LEFT : OWN_LOOK_RIGHT, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, map);
    sqlite_bind_text(stmt, 2, record_id);
    st = sqlite_number(cx, q, stmt, &number);
    *look = (uint64_t)number;
    return st == MR_OK && number == 0 ? MR_END : st;
}

enum mr_status
sqlite_look_put(struct mr_cx *cx, struct store *s, int64_t link, int side,
                uint64_t look)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st = sqlite_may_write(cx, q);
    sqlite3_stmt *stmt;

    if (st == MR_OK)
        st = sqlite_own(cx, q,
                        side == 0 ? OWN_LOOK_PUT_LEFT : OWN_LOOK_PUT_RIGHT,
                        &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, link);
    sqlite_bind_number(stmt, 2, (int64_t)look);
    st = sqlite_run(cx, q, stmt, NULL);
    if (st == MR_OK)
        q->looks = LOOKS_SOME;
    return st;
}
