/* SPDX-License-Identifier: Apache-2.0 */
/* Open intents and messages in memory. */
#include "store/memory.h"

#include <string.h>

static enum mr_status
intent_put(struct mr_cx *cx, struct store *s, struct store_intent *intent)
{
    return memory_row_put(cx, s, TABLE_INTENT, intent);
}

static enum mr_status
intent_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    return memory_row_drop(cx, s, TABLE_INTENT, id);
}

static bool
intent_is(const struct store_intent *i, const char *map, int side,
          const char *key, int64_t link)
{
    if ((map != NULL && strcmp(i->map, map) != 0) ||
        (side >= 0 && i->side != side))
        return false;
    return key != NULL ? strcmp(i->key, key) == 0 : i->link == link;
}

static enum mr_status
intent_find(struct mr_cx *cx, struct store *s, const char *map, int side,
            const char *key, int64_t link, struct store_intent *out)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row = NULL, *best = NULL;
    int index = key == NULL;
    uint64_t hash = key != NULL ? memory_hash(side, map, key)
                                : memory_hash(link, "", "");

    if (key != NULL ? key[0] == '\0' : link == 0)
        return MR_END;
    while ((row = memory_same(image, TABLE_INTENT, index, hash, row)) != NULL)
        if (intent_is(memory_row_data(row), map, side, key, link) &&
            (best == NULL || store_row_id(memory_row_data(row)) <
                                 store_row_id(memory_row_data(best))))
            best = row;
    return memory_give(cx, s, TABLE_INTENT, best, out);
}

static enum mr_status
intent_next(struct mr_cx *cx, struct store *s, int64_t after,
            struct store_intent *out)
{
    return memory_give(cx, s, TABLE_INTENT,
                       memory_above(memory_of(s)->image, TABLE_INTENT, after),
                       out);
}

static enum mr_status
message_put(struct mr_cx *cx, struct store *s, struct store_message *m)
{
    return memory_row_put(cx, s, TABLE_MESSAGE, m);
}

static enum mr_status
message_by_id(struct mr_cx *cx, struct store *s, int64_t id,
              struct store_message *out)
{
    return memory_give(cx, s, TABLE_MESSAGE,
                       memory_by_id(memory_of(s)->image, TABLE_MESSAGE, id),
                       out);
}

static enum mr_status
message_next(struct mr_cx *cx, struct store *s, int64_t after,
             struct store_message *out)
{
    return memory_give(cx, s, TABLE_MESSAGE,
                       memory_above(memory_of(s)->image, TABLE_MESSAGE, after),
                       out);
}

/* Any record of the message that is done with; which one, and how many. */
static const struct memory_row *
find_done(const struct store_image *image, int64_t message, uint32_t index,
          bool *found, uint32_t *n)
{
    uint64_t hash = memory_hash(message, "", "");
    const struct memory_row *row = NULL, *any = NULL;

    *found = false;
    *n = 0;
    while ((row = memory_same(image, TABLE_DONE, 0, hash, row)) != NULL) {
        const struct store_done_row *d = memory_row_data(row);

        if (d->message != message)
            continue;
        any = row;
        ++*n;
        *found |= d->index == index;
    }
    return any;
}

static enum mr_status
message_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    enum mr_status st = memory_row_drop(cx, s, TABLE_MESSAGE, id);
    const struct memory_row *row;
    bool found;
    uint32_t n;

    while (st == MR_OK && (row = find_done(memory_of(s)->image, id, 0, &found,
                                           &n)) != NULL)
        st = memory_row_drop(cx, s, TABLE_DONE,
                             store_row_id(memory_row_data(row)));
    return st;
}

static enum mr_status
message_done(struct mr_cx *cx, struct store *s, int64_t id, uint32_t index,
             bool *empty)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row = memory_by_id(image, TABLE_MESSAGE, id);
    struct store_done_row done = { 0, id, index };
    const struct store_message *m;
    enum mr_status st = MR_OK;
    bool found;
    uint32_t n;

    *empty = row == NULL;
    if (row == NULL)
        return MR_END;
    m = memory_row_data(row);
    if (m->records != 0 && index >= m->records)
        return mr_fail(cx, MR_EUSAGE, "store: the message has no such record");
    find_done(image, id, index, &found, &n);
    if (!found) {
        st = memory_row_put(cx, s, TABLE_DONE, &done);
        n++;
    }
    if (st != MR_OK || m->records == 0 || n < m->records)
        return st;
    *empty = true;
    return message_drop(cx, s, id);
}

static enum mr_status
message_is_done(struct mr_cx *cx, struct store *s, int64_t id, uint32_t index,
                bool *done)
{
    const struct store_image *image = memory_of(s)->image;
    uint32_t n;

    (void)cx;
    *done = true;
    if (memory_by_id(image, TABLE_MESSAGE, id) == NULL)
        return MR_END;
    find_done(image, id, index, done, &n);
    return MR_OK;
}

void
memory_work_ops(struct store_ops *ops)
{
    ops->intent_put = intent_put;
    ops->intent_drop = intent_drop;
    ops->intent_find = intent_find;
    ops->intent_next = intent_next;
    ops->message_put = message_put;
    ops->message_by_id = message_by_id;
    ops->message_next = message_next;
    ops->message_done = message_done;
    ops->message_is_done = message_is_done;
    ops->message_drop = message_drop;
}
