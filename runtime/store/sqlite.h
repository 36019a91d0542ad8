/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the SQLite backend share: the open store, its prepared
 * statements, rows in and out of them. The functions of store_ops are here as
 * they are in that table.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "store/columns.h"
#include "store/seal.h"

/* Statements that find one row of a table; texts in sqlite_prepare.c. */
enum sqlite_find {
    FIND_LINK_LEFT_ID, FIND_LINK_RIGHT_ID, FIND_LINK_LEFT_KEY,
    FIND_LINK_RIGHT_KEY, FIND_LINK_NEXT, FIND_LINK_NEXT_OF_MAP,
    FIND_INTENT_KEY, FIND_INTENT_LINK, FIND_INTENT_NEXT, FIND_MESSAGE_NEXT,
    FIND_PARKED_DUE, FIND_MARK, FIND_META, FINDS
};

/* Statements with a number as result, or none. */
enum sqlite_own {
    OWN_LINK_COUNT, OWN_LINK_SAME, OWN_MESSAGE_RECORDS, OWN_DONE_ID,
    OWN_DONE_PUT, OWN_DONE_COUNT, OWN_DONE_DROP, OWN_DUE_COUNT,
    OWN_DECISION_DROP, OWN_DECISION_TRIM, OWN_MARK_ID, OWN_META_ID, OWN_INTENT,
    OWN_INTENTS, OWN_LOOK_ANY, OWN_LOOK_LEFT, OWN_LOOK_RIGHT,
    OWN_LOOK_PUT_LEFT, OWN_LOOK_PUT_RIGHT, OWN_LOOK_DROP, OWNS
};

/* Conditions of a query that are set, as bits. */
enum {
    WITH_MAP = 1, WITH_LINK = 2, WITH_MESSAGE = 4, WITH_KEY = 8,
    WITH_WANTS_MAP = 16, WITH_WANTS_KEY = 32, WITH_DUE = 64, WITH_ALL = 128
};

enum sqlite_looks { LOOKS_UNKNOWN, LOOKS_NONE, LOOKS_SOME };

enum {
    DONE_COUNTS = 64, INTENT_COUNTS = 32768, INTENTS_RECENT = 4096,
    LINKS_ABSENT = 4096
};

struct sqlite_store {
    struct store store;
    struct mr_memory memory;
    char *file;
    int lock;                   /* of the file beside it; -1: none */
    bool read_only, in_turn;
    sqlite3 *db;
    sqlite3_stmt *begin, *commit;
    sqlite3_stmt *by_id[TABLES], *insert[TABLES], *update[TABLES],
                 *drop[TABLES];
    sqlite3_stmt *find[FINDS], *own[OWNS];
    sqlite3_stmt *parked[WITH_ALL], *decision[WITH_ALL];
    char *given;                /* texts and bytes that were given out last */
    size_t given_room;
    bool counted[TABLES];       /* rows are known, not asked for each time */
    uint64_t rows[TABLES];
    enum sqlite_looks looks;    /* is there any; see sqlite_looks.c */
    /* Open intents by hashes of their key and link; see sqlite_absent.c. */
    struct {
        bool known;
        uint32_t by_key[INTENT_COUNTS], by_link[INTENT_COUNTS];
        /* By its id: how it was counted, or that it was dropped. */
        struct recent_intent {
            int64_t id;         /* 0: none */
            uint32_t key, link;
            bool gone;
        } recent[INTENTS_RECENT];
    } intents;
    /* Keyed hashes of what no link was found by; 0: nothing. */
    struct {
        bool keyed;
        struct store_keys keys;
        uint64_t hashes[LINKS_ABSENT];
    } absent;
    /* What is known of a message, by its id (0: nothing): how many records it
     * has (0: not counted), how many of them are done with. */
    struct done_count {
        int64_t message, records, n;
    } done[DONE_COUNTS];
};

static inline struct sqlite_store *
sqlite_of(struct store *s)
{
    return (struct sqlite_store *)s;
}

/* What the last call of SQLite said, as an error; errno counts, too. */
enum mr_status sqlite_failed(struct mr_cx *cx, struct sqlite_store *s);

/* In *slot, where it isn't yet. */
enum mr_status sqlite_prepare(struct mr_cx *cx, struct sqlite_store *s,
                              sqlite3_stmt **slot, const char *sql);
/* "SELECT <columns of the table> <tail>", prepared likewise. */
enum mr_status sqlite_select(struct mr_cx *cx, struct sqlite_store *s,
                             sqlite3_stmt **slot, enum store_table_id table,
                             const char *tail);
enum mr_status sqlite_find(struct mr_cx *cx, struct sqlite_store *s,
                           enum sqlite_find find, sqlite3_stmt **out);
enum mr_status sqlite_own(struct mr_cx *cx, struct sqlite_store *s,
                          enum sqlite_own own, sqlite3_stmt **out);
/* s->insert[table] and s->update[table], whose parameters are the columns. */
enum mr_status sqlite_prepare_insert(struct mr_cx *cx, struct sqlite_store *s,
                                     enum store_table_id table);
enum mr_status sqlite_prepare_update(struct mr_cx *cx, struct sqlite_store *s,
                                     enum store_table_id table);
/* Nothing is copied: good while the statement runs. Never fail. */
void sqlite_bind_text(sqlite3_stmt *stmt, int at, const char *text);
void sqlite_bind_number(sqlite3_stmt *stmt, int at, int64_t number);

/* Runs a bound statement and resets it. The next row to *out: MR_END where
 * there is none. */
enum mr_status sqlite_give(struct mr_cx *cx, struct sqlite_store *s,
                           sqlite3_stmt *stmt, enum store_table_id table,
                           void *out);
/* The same for one number; *out is unchanged where there is none. */
enum mr_status sqlite_number(struct mr_cx *cx, struct sqlite_store *s,
                             sqlite3_stmt *stmt, int64_t *out);
/* The same without a result; *n (may be NULL): rows that it changed. */
enum mr_status sqlite_run(struct mr_cx *cx, struct sqlite_store *s,
                          sqlite3_stmt *stmt, int *n);

/* By id, in any table. */
enum mr_status sqlite_get(struct mr_cx *cx, struct store *s,
                          enum store_table_id table, int64_t id, void *out);
enum mr_status sqlite_put(struct mr_cx *cx, struct store *s,
                          enum store_table_id table, void *row);
enum mr_status sqlite_drop(struct mr_cx *cx, struct store *s,
                           enum store_table_id table, int64_t id);
/* MR_EUSAGE, or MR_EWRITE where the store is read only. */
enum mr_status sqlite_may_write(struct mr_cx *cx, struct sqlite_store *s);

/* s->rows[table], which puts and drops count from then on. */
enum mr_status sqlite_count_rows(struct mr_cx *cx, struct sqlite_store *s,
                                 enum store_table_id table);

/* *absent: there is surely no intent with this key, or (NULL) of this link;
 * nothing is parked. */
enum mr_status sqlite_intent_absent(struct mr_cx *cx, struct sqlite_store *s,
                                    const char *key, int64_t link,
                                    bool *absent);
enum mr_status sqlite_parked_absent(struct mr_cx *cx, struct sqlite_store *s,
                                    bool *absent);
/* An intent was put; before one goes or becomes another one; it was dropped. */
void sqlite_intent_comes(struct sqlite_store *s, int64_t id, int64_t link,
                         const char *key);
enum mr_status sqlite_intent_leaves(struct mr_cx *cx, struct sqlite_store *s,
                                    int64_t id);
void sqlite_intent_goes(struct sqlite_store *s, int64_t id);
bool sqlite_intent_gone(const struct sqlite_store *s, int64_t id);

/* Where the hash of what a link is searched by is kept, and in *h; NULL: it is
 * not kept. Where it stands there, no link is found by it. */
uint64_t *sqlite_link_absent(struct sqlite_store *s, enum sqlite_find find,
                             const char *map, const char *text, uint64_t *h);
/* Before a link is put, links may be found by what is in it. */
void sqlite_link_comes(struct sqlite_store *s, const struct store_link *link);

/* Ours, and of a version that is known; makes it where the file is empty. */
enum mr_status sqlite_schema(struct mr_cx *cx, struct sqlite_store *s);

enum mr_status sqlite_link_by_id(struct mr_cx *cx, struct store *s, int64_t id,
                                 struct store_link *out);
enum mr_status sqlite_link_by_record(struct mr_cx *cx, struct store *s,
                                     const char *map, int side,
                                     const char *record_id,
                                     struct store_link *out);
enum mr_status sqlite_link_by_key(struct mr_cx *cx, struct store *s,
                                  const char *map, int side, const char *key,
                                  struct store_link *out);
enum mr_status sqlite_link_next(struct mr_cx *cx, struct store *s,
                                const char *map, int64_t after,
                                struct store_link *out);
enum mr_status sqlite_link_put(struct mr_cx *cx, struct store *s,
                               struct store_link *link);
enum mr_status sqlite_link_drop(struct mr_cx *cx, struct store *s, int64_t id);
enum mr_status sqlite_link_count(struct mr_cx *cx, struct store *s,
                                 const char *map, uint64_t *n);

enum mr_status sqlite_look_get(struct mr_cx *cx, struct store *s,
                               const char *map, int side,
                               const char *record_id, uint64_t *look);
enum mr_status sqlite_look_put(struct mr_cx *cx, struct store *s, int64_t link,
                               int side, uint64_t look);
/* The link was put or dropped. */
enum mr_status sqlite_look_forget(struct mr_cx *cx, struct sqlite_store *s,
                                  int64_t link);

enum mr_status sqlite_intent_put(struct mr_cx *cx, struct store *s,
                                 struct store_intent *intent);
enum mr_status sqlite_intent_drop(struct mr_cx *cx, struct store *s,
                                  int64_t id);
enum mr_status sqlite_intent_find(struct mr_cx *cx, struct store *s,
                                  const char *map, int side, const char *key,
                                  int64_t link, struct store_intent *out);
enum mr_status sqlite_intent_next(struct mr_cx *cx, struct store *s,
                                  int64_t after, struct store_intent *out);

enum mr_status sqlite_message_put(struct mr_cx *cx, struct store *s,
                                  struct store_message *m);
enum mr_status sqlite_message_by_id(struct mr_cx *cx, struct store *s,
                                    int64_t id, struct store_message *out);
enum mr_status sqlite_message_next(struct mr_cx *cx, struct store *s,
                                   int64_t after, struct store_message *out);
enum mr_status sqlite_message_done(struct mr_cx *cx, struct store *s,
                                   int64_t id, uint32_t index, bool *empty);
enum mr_status sqlite_message_is_done(struct mr_cx *cx, struct store *s,
                                      int64_t id, uint32_t index, bool *done);
enum mr_status sqlite_message_drop(struct mr_cx *cx, struct store *s,
                                   int64_t id);

enum mr_status sqlite_parked_put(struct mr_cx *cx, struct store *s,
                                 struct store_parked *p);
enum mr_status sqlite_parked_by_id(struct mr_cx *cx, struct store *s,
                                   int64_t id, struct store_parked *out);
enum mr_status sqlite_parked_next(struct mr_cx *cx, struct store *s,
                                  const struct store_query *q,
                                  struct store_parked *out);
enum mr_status sqlite_parked_drop(struct mr_cx *cx, struct store *s,
                                  int64_t id);

enum mr_status sqlite_decision_put(struct mr_cx *cx, struct store *s,
                                   struct store_decision *d);
enum mr_status sqlite_decision_next(struct mr_cx *cx, struct store *s,
                                    const struct store_query *q,
                                    struct store_decision *out);
enum mr_status sqlite_decision_drop(struct mr_cx *cx, struct store *s,
                                    int64_t link);
enum mr_status sqlite_decision_trim(struct mr_cx *cx, struct store *s,
                                    int64_t before, uint32_t max, uint32_t *n);

enum mr_status sqlite_mark_get(struct mr_cx *cx, struct store *s,
                               const char *map, int side,
                               struct store_mark *out);
enum mr_status sqlite_mark_put(struct mr_cx *cx, struct store *s,
                               const struct store_mark *m);
enum mr_status sqlite_meta_get(struct mr_cx *cx, struct store *s,
                               const char *name, struct mr_bytes *out);
enum mr_status sqlite_meta_put(struct mr_cx *cx, struct store *s,
                               const char *name, struct mr_bytes value);
enum mr_status sqlite_counts(struct mr_cx *cx, struct store *s,
                             struct store_counts *out);

#endif
