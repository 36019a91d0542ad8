/* SPDX-License-Identifier: Apache-2.0 */
/* Parked records and decisions in memory. */
#include "store/memory.h"

#include <string.h>

static enum mr_status
parked_put(struct mr_cx *cx, struct store *s, struct store_parked *p)
{
    return memory_row_put(cx, s, TABLE_PARKED, p);
}

static enum mr_status
parked_by_id(struct mr_cx *cx, struct store *s, int64_t id,
             struct store_parked *out)
{
    return memory_give(cx, s, TABLE_PARKED,
                       memory_by_id(memory_of(s)->image, TABLE_PARKED, id),
                       out);
}

static bool
text_is(const char *wanted, const char *text)
{
    return wanted == NULL || strcmp(wanted, text) == 0;
}

/* Is the link of this id one of this map (NULL: any) and key (NULL: any)? */
static bool
link_is(const struct store_image *image, int64_t id, const char *map,
        const char *key)
{
    const struct memory_row *row = memory_by_id(image, TABLE_LINK, id);
    const struct store_link *l;

    if (row == NULL)
        return false;
    l = memory_row_data(row);
    return text_is(map, l->map) &&
           (text_is(key, l->keys[0]) || text_is(key, l->keys[1]));
}

static bool
parked_is(const struct store_image *image, const struct store_parked *p,
          const struct store_query *q)
{
    return text_is(q->map, p->map) && (q->link == 0 || q->link == p->link) &&
           (q->message == 0 || q->message == p->message) &&
           text_is(q->wants_map, p->wants_map) &&
           text_is(q->wants_key, p->wants_key) &&
           (q->due == 0 || (p->next != 0 && p->next <= q->due)) &&
           (text_is(q->key, p->key) || link_is(image, p->link, NULL, q->key));
}

static enum mr_status
parked_next(struct mr_cx *cx, struct store *s, const struct store_query *q,
            struct store_parked *out)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row;
    int64_t after = q->after;

    while ((row = memory_above(image, TABLE_PARKED, after)) != NULL &&
           !parked_is(image, memory_row_data(row), q))
        after = store_row_id(memory_row_data(row));
    return memory_give(cx, s, TABLE_PARKED, row, out);
}

static enum mr_status
parked_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    return memory_row_drop(cx, s, TABLE_PARKED, id);
}

static enum mr_status
decision_put(struct mr_cx *cx, struct store *s, struct store_decision *d)
{
    return memory_row_put(cx, s, TABLE_DECISION, d);
}

static bool
decision_is(const struct store_image *image, const struct store_decision *d,
            const struct store_query *q)
{
    return (q->link == 0 || q->link == d->link) &&
           ((q->map == NULL && q->key == NULL) ||
            link_is(image, d->link, q->map, q->key));
}

static enum mr_status
decision_next(struct mr_cx *cx, struct store *s, const struct store_query *q,
              struct store_decision *out)
{
    const struct store_image *image = memory_of(s)->image;
    int64_t before = q->after == 0 ? INT64_MAX : q->after;
    const struct memory_row *row;

    while ((row = memory_below(image, TABLE_DECISION, before)) != NULL &&
           !decision_is(image, memory_row_data(row), q))
        before = store_row_id(memory_row_data(row));
    return memory_give(cx, s, TABLE_DECISION, row, out);
}

static enum mr_status
decision_drop(struct mr_cx *cx, struct store *s, int64_t link)
{
    const struct memory_table *t =
        &memory_of(s)->image->tables[TABLE_DECISION];
    enum mr_status st = memory_may_write(cx, s);

    for (size_t i = t->n; st == MR_OK && i-- > 0;) {
        const struct store_decision *d = memory_row_data(t->rows[i]);

        if (d->link == link)
            st = memory_row_drop(cx, s, TABLE_DECISION, d->id);
    }
    return st;
}

static enum mr_status
decision_trim(struct mr_cx *cx, struct store *s, int64_t before, uint32_t max,
              uint32_t *n)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row = NULL;
    enum mr_status st = memory_may_write(cx, s);
    int64_t id = 0;

    *n = 0;
    while (st == MR_OK && max-- > 0 &&
           (row = memory_above(image, TABLE_DECISION, id)) != NULL) {
        const struct store_decision *d = memory_row_data(row);

        id = d->id;
        if (d->at >= before)
            continue;
        st = memory_row_drop(cx, s, TABLE_DECISION, id);
        ++*n;
    }
    return st;
}

void
memory_parked_ops(struct store_ops *ops)
{
    ops->parked_put = parked_put;
    ops->parked_by_id = parked_by_id;
    ops->parked_next = parked_next;
    ops->parked_drop = parked_drop;
    ops->decision_put = decision_put;
    ops->decision_next = decision_next;
    ops->decision_drop = decision_drop;
    ops->decision_trim = decision_trim;
}
