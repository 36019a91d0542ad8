/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store in memory, for simulation: turns, rows in and out. What a turn
 * changed is undone unless it was committed, also by closing. What is given out
 * is a copy that is freed by the next read, so that a checker of memory sees it
 * where one is used too long.
 */
#include "store/memory.h"

#include <string.h>

static void
release(struct store_image *image, void *p)
{
    if (p != NULL)
        image->memory.resize(image->memory.arg, p, 0);
}

struct store_image *
store_image_new(struct mr_cx *cx)
{
    struct store_image *image = mr_resize(cx, NULL, sizeof *image);

    if (image == NULL)
        return NULL;
    memset(image, 0, sizeof *image);
    image->memory = cx->memory;
    return image;
}

void
store_image_free(struct mr_cx *cx, struct store_image *image)
{
    (void)cx;
    if (image == NULL)
        return;
    for (size_t i = 0; i < TABLES; i++) {
        struct memory_table *t = &image->tables[i];

        for (size_t k = 0; k < t->n; k++)
            release(image, t->rows[k]);
        release(image, t->rows);
        release(image, t->buckets);
    }
    release(image, image->undo);
    release(image, image);
}

static enum mr_status
memory_store_begin(struct mr_cx *cx, struct store *s)
{
    struct memory_store *m = memory_of(s);

    if (m->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: a turn is open already");
    memory_begin(m->image);
    m->in_turn = true;
    return MR_OK;
}

static enum mr_status
memory_store_commit(struct mr_cx *cx, struct store *s)
{
    struct memory_store *m = memory_of(s);

    if (!m->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: no turn is open");
    memory_keep(m->image);
    m->in_turn = false;
    return MR_OK;
}

static void
memory_store_rollback(struct store *s)
{
    struct memory_store *m = memory_of(s);

    if (m->in_turn)
        memory_undo(m->image);
    m->in_turn = false;
}

static void
memory_store_close(struct mr_cx *cx, struct store *s)
{
    struct memory_store *m = memory_of(s);
    struct store_image *image = m->image;

    (void)cx;
    memory_store_rollback(s);
    image->open = false;
    release(image, m->given);
    release(image, m);
}

/* --- rows --- */

enum mr_status
memory_give(struct mr_cx *cx, struct store *s, enum store_table_id table,
            const struct memory_row *row, void *out)
{
    const struct store_table *t = &store_tables[table];
    struct memory_store *m = memory_of(s);
    const void *data;
    char *copy;

    if (row == NULL)
        return MR_END;
    data = memory_row_data(row);
    copy = m->image->memory.resize(m->image->memory.arg, NULL,
                                   store_row_space(t, data) + 1);
    if (copy == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    store_row_copy(t, out, data, copy);
    release(m->image, m->given);
    m->given = copy;
    return MR_OK;
}

enum mr_status
memory_may_write(struct mr_cx *cx, struct store *s)
{
    if (!memory_of(s)->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: no turn is open");
    return MR_OK;
}

enum mr_status
memory_row_put(struct mr_cx *cx, struct store *s, enum store_table_id table,
               void *row)
{
    enum mr_status st = memory_may_write(cx, s);

    return st != MR_OK ? st
                       : memory_put(cx, memory_of(s)->image, table, row);
}

enum mr_status
memory_row_drop(struct mr_cx *cx, struct store *s, enum store_table_id table,
                int64_t id)
{
    enum mr_status st = memory_may_write(cx, s);

    return st != MR_OK ? st : memory_drop(cx, memory_of(s)->image, table, id);
}

enum mr_status
store_memory_open(struct mr_cx *cx, struct store_image *image,
                  struct store **out)
{
    struct memory_store *m;

    if (image->open)
        return mr_fail(cx, MR_EREAD, "store: is open already");
    m = image->memory.resize(image->memory.arg, NULL, sizeof *m);
    if (m == NULL)
        return mr_fail(cx, MR_EMEMORY, "memory ran out");
    memset(m, 0, sizeof *m);
    m->ops = (struct store_ops){
        .name = "memory", .begin = memory_store_begin,
        .commit = memory_store_commit, .rollback = memory_store_rollback,
        .close = memory_store_close
    };
    memory_links_ops(&m->ops);
    memory_work_ops(&m->ops);
    memory_parked_ops(&m->ops);
    memory_state_ops(&m->ops);
    m->store.ops = &m->ops;
    m->image = image;
    image->open = true;
    *out = &m->store;
    return MR_OK;
}
