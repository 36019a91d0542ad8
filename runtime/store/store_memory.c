/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store in memory, for simulation: what a turn changed is undone unless it
 * was committed, also by closing. What is given out is a copy that is freed by
 * the next read, so that a checker of memory sees one that is used too long.
 */
#include "store/memory_rows.h"

#include <string.h>

struct memory_store {
    struct store store;
    struct store_image *image;
    bool in_turn;
    void *given;                /* the row that was given out last */
};

static struct memory_store *
memory_of(struct store *s)
{
    return (struct memory_store *)s;
}

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

/* A copy of the row to *out; MR_END for NULL. */
static enum mr_status
give(struct mr_cx *cx, struct store *s, enum store_table_id table,
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

static enum mr_status
may_write(struct mr_cx *cx, struct store *s)
{
    if (!memory_of(s)->in_turn)
        return mr_fail(cx, MR_EUSAGE, "store: no turn is open");
    return MR_OK;
}

static enum mr_status
put(struct mr_cx *cx, struct store *s, enum store_table_id table, void *row)
{
    enum mr_status st = may_write(cx, s);

    return st != MR_OK ? st
                       : memory_put(cx, memory_of(s)->image, table, row);
}

static enum mr_status
drop(struct mr_cx *cx, struct store *s, enum store_table_id table, int64_t id)
{
    enum mr_status st = may_write(cx, s);

    return st != MR_OK ? st : memory_drop(cx, memory_of(s)->image, table, id);
}

static enum mr_status
link_by_id(struct mr_cx *cx, struct store *s, int64_t id,
           struct store_link *out)
{
    return give(cx, s, TABLE_LINK,
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
    return give(cx, s, TABLE_LINK,
                find_link(memory_of(s)->image, side, map, record_id), out);
}

static enum mr_status
link_by_key(struct mr_cx *cx, struct store *s, const char *map, int side,
            const char *key, struct store_link *out)
{
    return give(cx, s, TABLE_LINK,
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
    return give(cx, s, TABLE_LINK, row, out);
}

static enum mr_status
look_forget(struct mr_cx *cx, struct store *s, int64_t link)
{
    enum mr_status st = drop(cx, s, TABLE_LOOK, link);

    return st == MR_END ? MR_OK : st;
}

static enum mr_status
link_put(struct mr_cx *cx, struct store *s, struct store_link *link)
{
    enum mr_status st = put(cx, s, TABLE_LINK, link);

    return st == MR_OK ? look_forget(cx, s, link->id) : st;
}

static enum mr_status
link_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    enum mr_status st = drop(cx, s, TABLE_LINK, id);

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
    return put(cx, s, TABLE_LOOK, &row);
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

static enum mr_status
intent_put(struct mr_cx *cx, struct store *s, struct store_intent *intent)
{
    return put(cx, s, TABLE_INTENT, intent);
}

static enum mr_status
intent_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    return drop(cx, s, TABLE_INTENT, id);
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
    return give(cx, s, TABLE_INTENT, best, out);
}

static enum mr_status
intent_next(struct mr_cx *cx, struct store *s, int64_t after,
            struct store_intent *out)
{
    return give(cx, s, TABLE_INTENT,
                memory_above(memory_of(s)->image, TABLE_INTENT, after), out);
}

static enum mr_status
message_put(struct mr_cx *cx, struct store *s, struct store_message *m)
{
    return put(cx, s, TABLE_MESSAGE, m);
}

static enum mr_status
message_by_id(struct mr_cx *cx, struct store *s, int64_t id,
              struct store_message *out)
{
    return give(cx, s, TABLE_MESSAGE,
                memory_by_id(memory_of(s)->image, TABLE_MESSAGE, id), out);
}

static enum mr_status
message_next(struct mr_cx *cx, struct store *s, int64_t after,
             struct store_message *out)
{
    return give(cx, s, TABLE_MESSAGE,
                memory_above(memory_of(s)->image, TABLE_MESSAGE, after), out);
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
    enum mr_status st = drop(cx, s, TABLE_MESSAGE, id);
    const struct memory_row *row;
    bool found;
    uint32_t n;

    while (st == MR_OK && (row = find_done(memory_of(s)->image, id, 0, &found,
                                           &n)) != NULL)
        st = drop(cx, s, TABLE_DONE, store_row_id(memory_row_data(row)));
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
        st = put(cx, s, TABLE_DONE, &done);
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

static enum mr_status
parked_put(struct mr_cx *cx, struct store *s, struct store_parked *p)
{
    return put(cx, s, TABLE_PARKED, p);
}

static enum mr_status
parked_by_id(struct mr_cx *cx, struct store *s, int64_t id,
             struct store_parked *out)
{
    return give(cx, s, TABLE_PARKED,
                memory_by_id(memory_of(s)->image, TABLE_PARKED, id), out);
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
    return give(cx, s, TABLE_PARKED, row, out);
}

static enum mr_status
parked_drop(struct mr_cx *cx, struct store *s, int64_t id)
{
    return drop(cx, s, TABLE_PARKED, id);
}

static enum mr_status
decision_put(struct mr_cx *cx, struct store *s, struct store_decision *d)
{
    return put(cx, s, TABLE_DECISION, d);
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
    return give(cx, s, TABLE_DECISION, row, out);
}

static enum mr_status
decision_drop(struct mr_cx *cx, struct store *s, int64_t link)
{
    const struct memory_table *t =
        &memory_of(s)->image->tables[TABLE_DECISION];
    enum mr_status st = may_write(cx, s);

    for (size_t i = t->n; st == MR_OK && i-- > 0;) {
        const struct store_decision *d = memory_row_data(t->rows[i]);

        if (d->link == link)
            st = drop(cx, s, TABLE_DECISION, d->id);
    }
    return st;
}

static enum mr_status
decision_trim(struct mr_cx *cx, struct store *s, int64_t before, uint32_t max,
              uint32_t *n)
{
    const struct store_image *image = memory_of(s)->image;
    const struct memory_row *row = NULL;
    enum mr_status st = may_write(cx, s);
    int64_t id = 0;

    *n = 0;
    while (st == MR_OK && max-- > 0 &&
           (row = memory_above(image, TABLE_DECISION, id)) != NULL) {
        const struct store_decision *d = memory_row_data(row);

        id = d->id;
        if (d->at >= before)
            continue;
        st = drop(cx, s, TABLE_DECISION, id);
        ++*n;
    }
    return st;
}

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
    enum mr_status st = give(cx, s, TABLE_MARK,
                             find_mark(memory_of(s)->image, map, side), &row);

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
    return put(cx, s, TABLE_MARK, &row);
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
    enum mr_status st = give(cx, s, TABLE_META,
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
        return put(cx, s, TABLE_META, &row);
    return old == NULL ? may_write(cx, s) : drop(cx, s, TABLE_META, row.id);
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

static const struct store_ops memory_ops = {
    .name = "memory",
    .begin = memory_store_begin,
    .commit = memory_store_commit,
    .rollback = memory_store_rollback,
    .close = memory_store_close,
    .link_by_id = link_by_id,
    .link_by_record = link_by_record,
    .link_by_key = link_by_key,
    .link_next = link_next,
    .link_put = link_put,
    .link_drop = link_drop,
    .look_get = look_get,
    .look_put = look_put,
    .link_count = link_count,
    .intent_put = intent_put,
    .intent_drop = intent_drop,
    .intent_find = intent_find,
    .intent_next = intent_next,
    .message_put = message_put,
    .message_by_id = message_by_id,
    .message_next = message_next,
    .message_done = message_done,
    .message_is_done = message_is_done,
    .message_drop = message_drop,
    .parked_put = parked_put,
    .parked_by_id = parked_by_id,
    .parked_next = parked_next,
    .parked_drop = parked_drop,
    .decision_put = decision_put,
    .decision_next = decision_next,
    .decision_drop = decision_drop,
    .decision_trim = decision_trim,
    .mark_get = mark_get,
    .mark_put = mark_put,
    .meta_get = meta_get,
    .meta_put = meta_put,
    .counts = counts,
};

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
    m->store.ops = &memory_ops;
    m->image = image;
    image->open = true;
    *out = &m->store;
    return MR_OK;
}
