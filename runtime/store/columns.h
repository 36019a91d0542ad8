/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of store.h as columns, so that a backend copies, binds and reads any
 * of them in one way. Marks, meta values and records that are done with get an
 * id here like all others.
 */
#ifndef STORE_COLUMNS_H
#define STORE_COLUMNS_H

#include "store/store.h"

enum store_column_kind {
    COLUMN_NUMBER,              /* int64_t; the first of each row is its id */
    COLUMN_COUNT,               /* uint32_t */
    COLUMN_HASH,                /* uint64_t */
    COLUMN_INT,                 /* int, also of an enum */
    COLUMN_SIDE,                /* uint8_t, 0 or 1 */
    COLUMN_FLAG,                /* bool */
    COLUMN_TEXT,                /* const char *; NULL is kept as "" */
    COLUMN_MAYBE,               /* const char * or NULL */
    COLUMN_BYTES
};

struct store_column {
    const char *name;
    enum store_column_kind kind;
    uint16_t at;                /* offset in the row */
    uint16_t max;               /* INT: 0 to this; 0: any */
};

enum store_table_id {
    TABLE_LINK, TABLE_INTENT, TABLE_MESSAGE, TABLE_PARKED, TABLE_DECISION,
    TABLE_MARK, TABLE_META, TABLE_DONE, TABLE_LOOK, TABLES
};

struct store_table {
    const char *name;
    const struct store_column *columns;
    size_t n;
    size_t size;                /* of the row's struct */
};

struct store_mark_row {
    int64_t id;
    struct store_mark mark;
};

struct store_meta_row {
    int64_t id;
    const char *name;
    struct mr_bytes value;
};

/* Record `index` of a message is done with. */
struct store_done_row {
    int64_t id, message;
    uint32_t index;
};

/* What the records of a link looked like; its id is the link's. 0: unknown. */
struct store_look_row {
    int64_t id;
    uint64_t look[2];
};

extern const struct store_table store_tables[TABLES];

enum {
    STORE_COLUMNS_MAX = 24,
    STORE_VALUE_MAX = 256 << 20 /* of one text or bytes */
};

/* Of any row, through its first column. */
int64_t store_row_id(const void *row);
void store_row_set_id(void *row, int64_t id);
/* MR_ELIMIT or MR_EUSAGE where a backend can't keep it. */
enum mr_status store_row_check(struct mr_cx *cx, const struct store_table *t,
                               const void *row);
/* Bytes that the texts and bytes of a row take, each text with its NUL. */
size_t store_row_space(const struct store_table *t, const void *row);
/* To `to`, with texts and bytes in `space`. */
void store_row_copy(const struct store_table *t, void *to, const void *row,
                    char *space);

#endif
