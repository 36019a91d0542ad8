/* SPDX-License-Identifier: Apache-2.0 */
/* Links in memory, and what their records looked like. */
#include "store/memory.h"

#include <string.h>

static enum mr_status
link_by_id(struct mr_cx *cx, struct store *s, int64_t id,
           struct store_link *out)
{
    return memory_give(cx, s, TABLE_LINK,
                       memory_by_id(memory_of(s)->image, TABLE_LINK, id), out);
}

/* Of the links with this text: one that is gone nowhere before others, then the
 * newest. */
static const struct memory_row *
find_link(const struct store_image *image, int index, const char *map,
          const char *text)
{
    uint64_t hash = memory_hash(index, map, text);
    const struct memory_row *row = NULL, *best = NULL;
    bool best_lives = false;
    int64_t best_id = 0;

    while ((row = memory_same(image, TABLE_LINK, index, hash, row)) != NULL) {
        const struct store_link *l = memory_row_data(row);
        const char *own = index < 2 ? l->ids[index] : l->keys[index - 2];
        bool lives = !l->gone[0] && !l->gone[1];

        if (strcmp(l->map, map) != 0 || strcmp(own, text) != 0 ||
            (best_lives && !lives) ||
            (best_lives == lives && l->id < best_id))
            continue;
        best = row;
        best_lives = lives;
        best_id = l->id;
    }
    return best;
}

static enum mr_status
link_by_record(struct mr_cx *cx, struct store *s, const char *map, int side,
               const char *record_id, struct store_link *out)
{
    return memory_give(cx, s, TABLE_LINK,
                       find_link(memory_of(s)->image, side, map, record_id),
                       out);
}

static enum mr_status
link_by_key(struct mr_cx *cx, struct store *s, const char *map, int side,
            const char *key, struct store_link *out)
{
    return memory_give(cx, s, TABLE_LINK,
                       find_link(memory_of(s)->image, 2 + side, map, key), out);
}

static enum mr_status
link_next(struct mr_cx *cx, struct store *s, const char *map, int64_t after,
          struct store_link *out)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row;

    while ((row = memory_above(image, TABLE_LINK, after)) != NULL) {
        const struct store_link *l = memory_row_data(row);

        if (map == NULL || strcmp(l->map, map) == 0)
            break;
        after = l->id;
    }
    return memory_give(cx, s, TABLE_LINK, row, out);
}

static enum mr_status
look_forget(struct mr_cx *cx, struct store *s, int64_t link)
{
    enum mr_status st = memory_row_drop(cx, s, TABLE_LOOK, link);

    return st == MR_END ? MR_OK : st;
}

static enum mr_status
link_put(struct mr_cx *cx, struct store *s, struct store_link *link)
{
    enum mr_status st = memory_row_put(cx, s, TABLE_LINK, link);

    return st == MR_OK ? look_forget(cx, s, link->id) : st;
}

static enum mr_status
link_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    enum mr_status st = memory_row_drop(cx, s, TABLE_LINK, id);

    return st == MR_OK ? look_forget(cx, s, id) : st;
}

static enum mr_status
look_get(struct mr_cx *cx, struct store *s, const char *map, int side,
         const char *record_id, uint64_t *look)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row = find_link(image, side, map, record_id);
    const struct store_look_row *kept;

    (void)cx;
    if (row != NULL)
        row = memory_by_id(image, TABLE_LOOK,
                           store_row_id(memory_row_data(row)));
    if (row == NULL)
        return MR_END;
    kept = memory_row_data(row);
    *look = kept->look[side];
    return *look == 0 ? MR_END : MR_OK;
}

static enum mr_status
look_put(struct mr_cx *cx, struct store *s, int64_t link, int side,
         uint64_t look)
{
    const struct memory_row *old =
        memory_by_id(memory_of(s)->image, TABLE_LOOK, link);
    struct store_look_row row = { .id = link };

    if (old != NULL)
        row = *(const struct store_look_row *)memory_row_data(old);
    row.look[side] = look;
    return memory_row_put(cx, s, TABLE_LOOK, &row);
}

static enum mr_status
link_count(struct mr_cx *cx, struct store *s, const char *map, uint64_t *n)
{
    const struct memory_table *t = &memory_of(s)->image->tables[TABLE_LINK];

    (void)cx;
    *n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct store_link *l = memory_row_data(t->rows[i]);

        *n += map == NULL || strcmp(l->map, map) == 0;
    }
    return MR_OK;
}

void
memory_links_ops(struct store_ops *ops)
{
    ops->link_by_id = link_by_id;
    ops->link_by_record = link_by_record;
    ops->link_by_key = link_by_key;
    ops->link_next = link_next;
    ops->link_put = link_put;
    ops->link_drop = link_drop;
    ops->look_get = look_get;
    ops->look_put = look_put;
    ops->link_count = link_count;
}
