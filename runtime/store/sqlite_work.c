/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that was begun, in SQLite: intents and messages. A message's row is
 * large; which of its records are done with is in rows of their own, so that it
 * is not written again for each.
 */
#include "store/sqlite.h"

enum mr_status
sqlite_intent_put(struct mr_cx *cx, struct store *s,
                  struct store_intent *intent)
{
    enum mr_status st = MR_OK;

    if (intent->id != 0)
        st = sqlite_intent_leaves(cx, sqlite_of(s), intent->id);
    if (st == MR_OK)
        st = sqlite_put(cx, s, TABLE_INTENT, intent);
    if (st == MR_OK)
        sqlite_intent_comes(sqlite_of(s), intent->id, intent->link,
                            intent->key);
    else
        sqlite_of(s)->intents.known = false;
    return st;
}

enum mr_status
sqlite_intent_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    enum mr_status st;

    if (sqlite_intent_gone(sqlite_of(s), id))
        return MR_END;          /* answers end an intent from two sides */
    st = sqlite_intent_leaves(cx, sqlite_of(s), id);
    if (st == MR_OK)
        st = sqlite_drop(cx, s, TABLE_INTENT, id);
    if (st == MR_OK)
        sqlite_intent_goes(sqlite_of(s), id);
    if (st != MR_OK && st != MR_END)
        sqlite_of(s)->intents.known = false;
    return st;
}

enum mr_status
sqlite_intent_find(struct mr_cx *cx, struct store *s, const char *map,
                   int side, const char *key, int64_t link,
                   struct store_intent *out)
{
    struct sqlite_store *q = sqlite_of(s);
    sqlite3_stmt *stmt;
    bool absent;
    enum mr_status st = sqlite_intent_absent(cx, q, key, link, &absent);

    if (st != MR_OK || absent)
        return st != MR_OK ? st : MR_END;
    st = sqlite_find(cx, q, key != NULL ? FIND_INTENT_KEY : FIND_INTENT_LINK,
                     &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_text(stmt, 1, map);
    sqlite_bind_number(stmt, 2, side);
    if (key != NULL)
        sqlite_bind_text(stmt, 3, key);
    else
        sqlite_bind_number(stmt, 3, link);
    return sqlite_give(cx, q, stmt, TABLE_INTENT, out);
}

/* The row above `after`, with a statement that has no other parameter. */
static enum mr_status
next(struct mr_cx *cx, struct store *s, enum sqlite_find find,
     enum store_table_id table, int64_t after, void *out)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_find(cx, sqlite_of(s), find, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, after);
    return sqlite_give(cx, sqlite_of(s), stmt, table, out);
}

enum mr_status
sqlite_intent_next(struct mr_cx *cx, struct store *s, int64_t after,
                   struct store_intent *out)
{
    return next(cx, s, FIND_INTENT_NEXT, TABLE_INTENT, after, out);
}

static void
forget(struct store *s, int64_t id)
{
    struct done_count *c = &sqlite_of(s)->done[(uint64_t)id % DONE_COUNTS];

    if (c->message == id)
        c->message = 0;
}

enum mr_status
sqlite_message_put(struct mr_cx *cx, struct store *s, struct store_message *m)
{
    forget(s, m->id);
    return sqlite_put(cx, s, TABLE_MESSAGE, m);
}

enum mr_status
sqlite_message_by_id(struct mr_cx *cx, struct store *s, int64_t id,
                     struct store_message *out)
{
    return sqlite_get(cx, s, TABLE_MESSAGE, id, out);
}

enum mr_status
sqlite_message_next(struct mr_cx *cx, struct store *s, int64_t after,
                    struct store_message *out)
{
    return next(cx, s, FIND_MESSAGE_NEXT, TABLE_MESSAGE, after, out);
}

/* A number of a message, of its record `index` where that is not -1. */
static enum mr_status
number_of(struct mr_cx *cx, struct store *s, enum sqlite_own own, int64_t id,
          int64_t index, int64_t *out)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_own(cx, sqlite_of(s), own, &stmt);

    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, id);
    if (index >= 0)
        sqlite_bind_number(stmt, 2, index);
    return sqlite_number(cx, sqlite_of(s), stmt, out);
}

/* Is the message there, is its record done with? */
static enum mr_status
look_up(struct mr_cx *cx, struct store *s, int64_t id, uint32_t index,
        int64_t *records, bool *done)
{
    enum mr_status st =
        number_of(cx, s, OWN_MESSAGE_RECORDS, id, -1, records);
    int64_t row;

    if (st != MR_OK)
        return st;
    st = number_of(cx, s, OWN_DONE_ID, id, index, &row);
    *done = st == MR_OK;
    return st == MR_END ? MR_OK : st;
}

/* What is known of the message; asked for once, as it may have thousands of
 * records. */
static enum mr_status
know(struct mr_cx *cx, struct store *s, int64_t id, struct done_count **out)
{
    struct done_count *c = &sqlite_of(s)->done[(uint64_t)id % DONE_COUNTS];
    int64_t records = 0, n = 0;
    enum mr_status st;

    *out = c;
    if (c->message == id && id != 0)
        return MR_OK;
    st = number_of(cx, s, OWN_MESSAGE_RECORDS, id, -1, &records);
    if (st != MR_OK)
        return st;
    st = number_of(cx, s, OWN_DONE_COUNT, id, -1, &n);
    if (st == MR_OK)
        *c = (struct done_count){ id, records, n };
    return st;
}

/* Once: a second time changes nothing. */
static enum mr_status
note_done(struct mr_cx *cx, struct store *s, struct done_count *c,
          uint32_t index)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_may_write(cx, sqlite_of(s));
    int n = 0;

    if (st == MR_OK)
        st = sqlite_own(cx, sqlite_of(s), OWN_DONE_PUT, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, c->message);
    sqlite_bind_number(stmt, 2, index);
    st = sqlite_run(cx, sqlite_of(s), stmt, &n);
    c->n += n;
    return st;
}

enum mr_status
sqlite_message_done(struct mr_cx *cx, struct store *s, int64_t id,
                    uint32_t index, bool *empty)
{
    struct done_count *c;
    enum mr_status st = know(cx, s, id, &c);

    *empty = st == MR_END;
    if (st != MR_OK)
        return st;
    if (c->records != 0 && index >= c->records)
        return mr_fail(cx, MR_EUSAGE, "store: the message has no such record");
    /* The only one: the message goes with it, so nothing is to be noted. */
    if (c->records != 1) {
        st = note_done(cx, s, c, index);
        if (st != MR_OK || c->records == 0 || c->n < c->records)
            return st;
    }
    *empty = true;
    return sqlite_message_drop(cx, s, id);
}

enum mr_status
sqlite_message_is_done(struct mr_cx *cx, struct store *s, int64_t id,
                       uint32_t index, bool *done)
{
    int64_t records;
    enum mr_status st = look_up(cx, s, id, index, &records, done);

    if (st == MR_END)
        *done = true;
    return st;
}

enum mr_status
sqlite_message_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    struct sqlite_store *q = sqlite_of(s);
    enum mr_status st = sqlite_drop(cx, s, TABLE_MESSAGE, id);
    sqlite3_stmt *stmt;

    forget(s, id);
    if (st == MR_OK)
        st = sqlite_own(cx, q, OWN_DONE_DROP, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, id);
    return sqlite_run(cx, q, stmt, NULL);
}
