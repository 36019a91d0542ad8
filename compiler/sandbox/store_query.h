/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the store share: statements that are prepared once, values
 * in and out of them. Only what includes this knows SQLite.
 */
#ifndef SANDBOX_STORE_QUERY_H
#define SANDBOX_STORE_QUERY_H

#include <sqlite3.h>

#include "sandbox/store.h"

enum query {
    Q_BEGIN, Q_COMMIT, Q_ROLLBACK, Q_PART, Q_PART_KEEP, Q_PART_BACK,
    Q_INSERT, Q_UPDATE, Q_DELETE, Q_ID, Q_OID, Q_KEY, Q_ALL, Q_KEYS,
    Q_CHANGED, Q_CHILDREN, Q_BELOW, Q_RECEIVED, Q_META, Q_META_SET, Q_QUEUE,
    Q_QUEUE_FILL, Q_QUEUE_READ, Q_QUEUE_TEXT, Q_QUEUE_DROP, Q_QUEUE_COUNT,
    Q_KIND_ADD, Q_KIND, Q_KIND_COUNT, N_QUERIES
};

struct cursor {
    struct store *store;
    sqlite3_stmt *stmt;
    enum query query;
    struct cursor *next;        /* a free one of the same query */
};

struct store {
    sqlite3 *db;
    struct cursor *idle[N_QUERIES];
    int64_t now;                /* the last moment given out */
};

void sb_store_complain(const struct store *s, const char *what);

/* A statement that nobody has open; NULL after saying why not. Given back with
 * sb_store_end. */
struct cursor *sb_query_open(struct store *s, enum query q);
/* Runs a statement without rows and gives it back; NULL has failed. */
enum store_result sb_query_run(struct cursor *c);
enum store_result sb_query_plain(struct store *s, enum query q);
/* Opened, with one number or two. */
struct cursor *sb_query_scan(struct store *s, enum query q, int64_t first,
                             int64_t second);
/* Parameters from 1: NULL and 0 stay unset. A text is not copied. */
void sb_query_text(struct cursor *c, int at, const char *text, size_t n);
void sb_query_id(struct cursor *c, int at, int64_t id);
/* A column's text, good until the cursor goes on; NULL: none. */
const char *sb_query_column(struct cursor *c, int at, size_t *n);

#endif
