/* SPDX-License-Identifier: Apache-2.0 */
/* Marks, small named values and counts in memory. */
#include "store/memory.h"

#include <string.h>

static const struct memory_row *
find_mark(const struct store_image *image, const char *map, int side)
{
    uint64_t hash = memory_hash(side, map, "");
    const struct memory_row *row = NULL;

    while ((row = memory_same(image, TABLE_MARK, 0, hash, row)) != NULL) {
        const struct store_mark_row *m = memory_row_data(row);

        if (m->mark.side == side && strcmp(m->mark.map, map) == 0)
            break;
    }
    return row;
}

static enum mr_status
mark_get(struct mr_cx *cx, struct store *s, const char *map, int side,
         struct store_mark *out)
{
    struct store_mark_row row = { 0, { .map = "", .mark = "", .load = "" } };
    enum mr_status st = memory_give(cx, s, TABLE_MARK,
                                    find_mark(memory_of(s)->image, map, side),
                                    &row);

    *out = row.mark;
    return st;
}

static enum mr_status
mark_put(struct mr_cx *cx, struct store *s, const struct store_mark *m)
{
    const struct memory_row *old =
        find_mark(memory_of(s)->image, m->map, m->side);
    struct store_mark_row row = { 0, *m };

    if (old != NULL)
        row.id = store_row_id(memory_row_data(old));
    return memory_row_put(cx, s, TABLE_MARK, &row);
}

static const struct memory_row *
find_meta(const struct store_image *image, const char *name)
{
    uint64_t hash = memory_hash(0, name, "");
    const struct memory_row *row = NULL;

    while ((row = memory_same(image, TABLE_META, 0, hash, row)) != NULL) {
        const struct store_meta_row *m = memory_row_data(row);

        if (strcmp(m->name, name) == 0)
            break;
    }
    return row;
}

static enum mr_status
meta_get(struct mr_cx *cx, struct store *s, const char *name,
         struct mr_bytes *out)
{
    struct store_meta_row row = { 0, "", { "", 0 } };
    enum mr_status st = memory_give(cx, s, TABLE_META,
                                    find_meta(memory_of(s)->image, name), &row);

    *out = row.value;
    return st;
}

static enum mr_status
meta_put(struct mr_cx *cx, struct store *s, const char *name,
         struct mr_bytes value)
{
    const struct memory_row *old = find_meta(memory_of(s)->image, name);
    struct store_meta_row row = { 0, name, value };

    if (old != NULL)
        row.id = store_row_id(memory_row_data(old));
    if (value.n > 0)
        return memory_row_put(cx, s, TABLE_META, &row);
    return old == NULL ? memory_may_write(cx, s)
                       : memory_row_drop(cx, s, TABLE_META, row.id);
}

static enum mr_status
counts(struct mr_cx *cx, struct store *s, struct store_counts *out)
{
    const struct memory_table *t = memory_of(s)->image->tables;

    (void)cx;
    out->links = t[TABLE_LINK].n;
    out->intents = t[TABLE_INTENT].n;
    out->messages = t[TABLE_MESSAGE].n;
    out->parked = t[TABLE_PARKED].n;
    out->decisions = t[TABLE_DECISION].n;
    return MR_OK;
}

void
memory_state_ops(struct store_ops *ops)
{
    ops->mark_get = mark_get;
    ops->mark_put = mark_put;
    ops->meta_get = meta_get;
    ops->meta_put = meta_put;
    ops->counts = counts;
}
