/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in memory: rows sorted by id, found by hashes, each change undone
 * until it is kept. Undoing takes no memory, so that it can't fail.
 */
#ifndef STORE_MEMORY_ROWS_H
#define STORE_MEMORY_ROWS_H

#include "store/columns.h"

enum { MEMORY_INDEXES = 4 };

/* Followed by the row's struct, then by its texts and bytes. */
struct memory_row {
    struct memory_row *same[MEMORY_INDEXES];    /* next of the bucket */
    uint64_t hash[MEMORY_INDEXES];              /* 0: not in that index */
};

struct memory_table {
    struct memory_row **rows;   /* by id */
    size_t n, room;             /* room: a power of two, or 0 */
    int64_t last_id;            /* given out */
    struct memory_row **buckets;        /* as many as room, for each index */
};

/* What one change replaced: before NULL: a new row; after NULL: a dropped
 * one. */
struct memory_undo {
    enum store_table_id table;
    struct memory_row *before, *after;
};

struct store_image {
    struct mr_memory memory;
    struct memory_table tables[TABLES];
    struct memory_undo *undo;
    size_t n_undo, undo_room;
    int64_t last_ids[TABLES];   /* when the turn began */
    bool open;                  /* a store is open on it */
};

void *memory_row_data(const struct memory_row *row);

/* By which values rows are found; never 0. */
uint64_t memory_hash(int64_t number, const char *a, const char *b);

/* NULL: none. */
struct memory_row *memory_by_id(const struct store_image *image,
                                enum store_table_id table, int64_t id);
/* The first row with an id above `after`, or of all before: NULL none. */
struct memory_row *memory_above(const struct store_image *image,
                                enum store_table_id table, int64_t after);
struct memory_row *memory_below(const struct store_image *image,
                                enum store_table_id table, int64_t before);
/* Rows whose hash in an index is this, one after the other; start with NULL. */
struct memory_row *memory_same(const struct store_image *image,
                               enum store_table_id table, int index,
                               uint64_t hash, const struct memory_row *last);

/* With id 0 makes a row and sets the id. MR_END: there is none with the id. */
enum mr_status memory_put(struct mr_cx *cx, struct store_image *image,
                          enum store_table_id table, void *data);
enum mr_status memory_drop(struct mr_cx *cx, struct store_image *image,
                           enum store_table_id table, int64_t id);

void memory_begin(struct store_image *image);
void memory_keep(struct store_image *image);
void memory_undo(struct store_image *image);

#endif
