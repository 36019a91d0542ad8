/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the store in memory share; each of them has the operations
 * of some tables.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/memory_rows.h"

struct memory_store {
    struct store store;
    struct store_ops ops;
    struct store_image *image;
    bool in_turn;
    void *given;                /* the row that was given out last */
};

static inline struct memory_store *
memory_of(struct store *s)
{
    return (struct memory_store *)s;
}

/* A copy of the row to *out; MR_END for NULL. */
enum mr_status memory_give(struct mr_cx *cx, struct store *s,
                           enum store_table_id table,
                           const struct memory_row *row, void *out);
/* MR_EUSAGE where no turn is open. */
enum mr_status memory_may_write(struct mr_cx *cx, struct store *s);
enum mr_status memory_row_put(struct mr_cx *cx, struct store *s,
                              enum store_table_id table, void *row);
enum mr_status memory_row_drop(struct mr_cx *cx, struct store *s,
                               enum store_table_id table, int64_t id);

void memory_links_ops(struct store_ops *ops);
void memory_work_ops(struct store_ops *ops);
void memory_parked_ops(struct store_ops *ops);
void memory_state_ops(struct store_ops *ops);

#endif
