/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parked records and decisions in SQLite, searched by any conditions: a
 * statement for each combination that is asked for.
 */
#include "store/sqlite.h"

/* Up to so many due records their index is looked through; where there are
 * more, one in the order of ids is soon found. */
enum { DUE_FEW = 2000 };

/* Parameters: 1 the id, 2 map, 3 link, 4 message, 5 key, 6 and 7 what is
 * wanted, 8 due. */
static const struct condition {
    int bit;
    const char *parked, *decision;
} conditions[] = {
    { WITH_MAP, " AND map = ?2",
      " AND EXISTS (SELECT 1 FROM link WHERE link.id = decision.link"
      " AND link.map = ?2)" },
    { WITH_LINK, " AND link = ?3 AND link <> 0", " AND link = ?3" },
    { WITH_MESSAGE, " AND message = ?4 AND message <> 0", "" },
    { WITH_KEY,
      " AND (key = ?5 OR link IN"
      " (SELECT id FROM link WHERE left_key = ?5 AND left_key <> '' UNION"
      " SELECT id FROM link WHERE right_key = ?5 AND right_key <> ''))",
      " AND link IN"
      " (SELECT id FROM link WHERE left_key = ?5 AND left_key <> '' UNION"
      " SELECT id FROM link WHERE right_key = ?5 AND right_key <> '')" },
    { WITH_WANTS_MAP, " AND wants_map = ?6", "" },
    { WITH_WANTS_KEY, " AND wants_key = ?7 AND wants_key <> ''", "" },
    { WITH_DUE, " AND next <> 0 AND next <= ?8", "" },
};

enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

static int
bits_of(const struct store_query *q)
{
    return (q->map != NULL ? WITH_MAP : 0) | (q->link != 0 ? WITH_LINK : 0) |
           (q->message != 0 ? WITH_MESSAGE : 0) |
           (q->key != NULL ? WITH_KEY : 0) |
           (q->wants_map != NULL ? WITH_WANTS_MAP : 0) |
           (q->wants_key != NULL ? WITH_WANTS_KEY : 0) |
           (q->due != 0 ? WITH_DUE : 0);
}

static void
bind(sqlite3_stmt *stmt, const struct store_query *q, int bits)
{
    if (bits & WITH_MAP)
        sqlite_bind_text(stmt, 2, q->map);
    if (bits & WITH_LINK)
        sqlite_bind_number(stmt, 3, q->link);
    if (bits & WITH_MESSAGE)
        sqlite_bind_number(stmt, 4, q->message);
    if (bits & WITH_KEY)
        sqlite_bind_text(stmt, 5, q->key);
    if (bits & WITH_WANTS_MAP)
        sqlite_bind_text(stmt, 6, q->wants_map);
    if (bits & WITH_WANTS_KEY)
        sqlite_bind_text(stmt, 7, q->wants_key);
    if (bits & WITH_DUE)
        sqlite_bind_number(stmt, 8, q->due);
}

static enum mr_status
prepare(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt **slot,
        enum store_table_id table, int bits)
{
    bool parked = table == TABLE_PARKED;
    sqlite3_str *text;
    enum mr_status st;
    char *tail;

    if (*slot != NULL)
        return MR_OK;
    text = sqlite3_str_new(s->db);
    sqlite3_str_appendall(text, parked ? "FROM parked WHERE id > ?1"
                                       : "FROM decision WHERE id < ?1");
    for (size_t i = 0; i < CONDITIONS; i++)
        if (bits & conditions[i].bit)
            sqlite3_str_appendall(text, parked ? conditions[i].parked
                                               : conditions[i].decision);
    sqlite3_str_appendall(text, parked ? " ORDER BY id LIMIT 1"
                                       : " ORDER BY id DESC LIMIT 1");
    tail = sqlite3_str_finish(text);
    if (tail == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    st = sqlite_select(cx, s, slot, table, tail);
    sqlite3_free(tail);
    return st;
}

enum mr_status
sqlite_parked_put(struct mr_cx *cx, struct store *s, struct store_parked *p)
{
    return sqlite_put(cx, s, TABLE_PARKED, p);
}

enum mr_status
sqlite_parked_by_id(struct mr_cx *cx, struct store *s, int64_t id,
                    struct store_parked *out)
{
    return sqlite_get(cx, s, TABLE_PARKED, id, out);
}

/* How many are due, but not above DUE_FEW. */
static enum mr_status
count_due(struct mr_cx *cx, struct sqlite_store *s, int64_t due, int64_t *n)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_own(cx, s, OWN_DUE_COUNT, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, due);
    sqlite_bind_number(stmt, 2, DUE_FEW);
    return sqlite_number(cx, s, stmt, n);
}

/* The engine asks in each turn, mostly to hear that nothing is due. */
static enum mr_status
next_due(struct mr_cx *cx, struct sqlite_store *s,
         const struct store_query *q, struct store_parked *out)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_find(cx, s, FIND_PARKED_DUE, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, q->after);
    sqlite_bind_number(stmt, 2, q->due);
    return sqlite_give(cx, s, stmt, TABLE_PARKED, out);
}

enum mr_status
sqlite_parked_next(struct mr_cx *cx, struct store *s,
                   const struct store_query *q, struct store_parked *out)
{
    struct sqlite_store *own = sqlite_of(s);
    int bits = bits_of(q);
    int64_t due = 0;
    bool absent;
    enum mr_status st = sqlite_parked_absent(cx, own, &absent);

    if (st != MR_OK || absent)
        return st != MR_OK ? st : MR_END;
    if (bits == WITH_DUE)
        st = count_due(cx, own, q->due, &due);
    if (st != MR_OK || (bits == WITH_DUE && due < DUE_FEW))
        return st != MR_OK ? st : next_due(cx, own, q, out);
    st = prepare(cx, own, &own->parked[bits], TABLE_PARKED, bits);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(own->parked[bits], 1, q->after);
    bind(own->parked[bits], q, bits);
    return sqlite_give(cx, own, own->parked[bits], TABLE_PARKED, out);
}

enum mr_status
sqlite_parked_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    return sqlite_drop(cx, s, TABLE_PARKED, id);
}

enum mr_status
sqlite_decision_put(struct mr_cx *cx, struct store *s,
                    struct store_decision *d)
{
    return sqlite_put(cx, s, TABLE_DECISION, d);
}

enum mr_status
sqlite_decision_next(struct mr_cx *cx, struct store *s,
                     const struct store_query *q, struct store_decision *out)
{
    struct sqlite_store *own = sqlite_of(s);
    int bits = bits_of(q) & (WITH_MAP | WITH_LINK | WITH_KEY);
    enum mr_status st =
        prepare(cx, own, &own->decision[bits], TABLE_DECISION, bits);

    if (st != MR_OK)
        return st;
    sqlite_bind_number(own->decision[bits], 1,
                       q->after == 0 ? INT64_MAX : q->after);
    bind(own->decision[bits], q, bits);
    return sqlite_give(cx, own, own->decision[bits], TABLE_DECISION, out);
}

/* Runs a bound statement that drops decisions; *n: how many. */
static enum mr_status
drop_decisions(struct mr_cx *cx, struct sqlite_store *s, sqlite3_stmt *stmt,
               uint32_t *n)
{
    int dropped = 0;
    enum mr_status st = sqlite_run(cx, s, stmt, &dropped);

    s->rows[TABLE_DECISION] -= (uint64_t)dropped;
    *n = (uint32_t)dropped;
    return st;
}

enum mr_status
sqlite_decision_drop(struct mr_cx *cx, struct store *s, int64_t link)
{
    struct sqlite_store *own = sqlite_of(s);
    enum mr_status st = sqlite_may_write(cx, own);
    sqlite3_stmt *stmt;
    uint32_t n;

    if (st == MR_OK)
        st = sqlite_own(cx, own, OWN_DECISION_DROP, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, link);
    return drop_decisions(cx, own, stmt, &n);
}

enum mr_status
sqlite_decision_trim(struct mr_cx *cx, struct store *s, int64_t before,
                     uint32_t max, uint32_t *n)
{
    struct sqlite_store *own = sqlite_of(s);
    enum mr_status st = sqlite_may_write(cx, own);
    sqlite3_stmt *stmt;

    if (st == MR_OK)
        st = sqlite_own(cx, own, OWN_DECISION_TRIM, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, before);
    sqlite_bind_number(stmt, 2, max);
    return drop_decisions(cx, own, stmt, n);
}
