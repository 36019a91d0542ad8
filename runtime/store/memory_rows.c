/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in memory. A row is one block and never changes: a put makes a new one
 * and puts it in the old one's place. The undo log holds what was replaced.
 */
#include "store/memory_rows.h"

#include <string.h>

void *
memory_row_data(const struct memory_row *row)
{
    return (char *)(uintptr_t)row + sizeof *row;
}

static uint64_t
hash_text(uint64_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t
memory_hash(int64_t number, const char *a, const char *b)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)number;

    h = hash_text(hash_text(h * UINT64_C(0x9e3779b97f4a7c15), a), b);
    h ^= h >> 32;
    return h == 0 ? 1 : h;
}

static uint64_t
hash_if(int64_t number, const char *map, const char *text)
{
    return text[0] == '\0' ? 0 : memory_hash(number, map, text);
}

/* Numbers of indexes: see the finders of the memory backend. */
static void
hash_row(enum store_table_id table, struct memory_row *row)
{
    const void *data = memory_row_data(row);

    memset(row->hash, 0, sizeof row->hash);
    if (table == TABLE_LINK) {
        const struct store_link *l = data;

        row->hash[0] = hash_if(0, l->map, l->ids[0]);
        row->hash[1] = hash_if(1, l->map, l->ids[1]);
        row->hash[2] = hash_if(2, l->map, l->keys[0]);
        row->hash[3] = hash_if(3, l->map, l->keys[1]);
    } else if (table == TABLE_INTENT) {
        const struct store_intent *i = data;

        row->hash[0] = hash_if(i->side, i->map, i->key);
        row->hash[1] = memory_hash(i->link, "", "");
    } else if (table == TABLE_MARK) {
        const struct store_mark_row *m = data;

        row->hash[0] = memory_hash(m->mark.side, m->mark.map, "");
    } else if (table == TABLE_META) {
        const struct store_meta_row *m = data;

        row->hash[0] = memory_hash(0, m->name, "");
    } else if (table == TABLE_DONE) {
        const struct store_done_row *d = data;

        row->hash[0] = memory_hash(d->message, "", "");
    }
}

static void *
resize(struct mr_cx *cx, struct store_image *image, void *p, size_t size)
{
    void *q = image->memory.resize(image->memory.arg, p, size);

    if (q == NULL)
        mr_fail(cx, MR_EMEMORY, "memory ran out");
    return q;
}

static void
release(struct store_image *image, void *p)
{
    if (p != NULL)
        image->memory.resize(image->memory.arg, p, 0);
}

/* Where the id is, or where it would be. */
static size_t
place_of(const struct memory_table *t, int64_t id)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (store_row_id(memory_row_data(t->rows[middle])) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct memory_row *
memory_by_id(const struct store_image *image, enum store_table_id table,
             int64_t id)
{
    const struct memory_table *t = &image->tables[table];
    size_t at = place_of(t, id);

    if (at == t->n || store_row_id(memory_row_data(t->rows[at])) != id)
        return NULL;
    return t->rows[at];
}

struct memory_row *
memory_above(const struct store_image *image, enum store_table_id table,
             int64_t after)
{
    const struct memory_table *t = &image->tables[table];
    size_t at = after == INT64_MAX ? t->n : place_of(t, after + 1);

    return at == t->n ? NULL : t->rows[at];
}

struct memory_row *
memory_below(const struct store_image *image, enum store_table_id table,
             int64_t before)
{
    const struct memory_table *t = &image->tables[table];
    size_t at = place_of(t, before);

    return at == 0 ? NULL : t->rows[at - 1];
}

static struct memory_row **
bucket(const struct memory_table *t, int index, uint64_t hash)
{
    return &t->buckets[(size_t)index * t->room + (hash & (t->room - 1))];
}

struct memory_row *
memory_same(const struct store_image *image, enum store_table_id table,
            int index, uint64_t hash, const struct memory_row *last)
{
    const struct memory_table *t = &image->tables[table];
    struct memory_row *row;

    if (t->room == 0)
        return NULL;
    row = last != NULL ? last->same[index] : *bucket(t, index, hash);
    while (row != NULL && row->hash[index] != hash)
        row = row->same[index];
    return row;
}

static void
chain(struct memory_table *t, struct memory_row *row)
{
    for (int i = 0; i < MEMORY_INDEXES; i++) {
        struct memory_row **at;

        if (row->hash[i] == 0)
            continue;
        at = bucket(t, i, row->hash[i]);
        row->same[i] = *at;
        *at = row;
    }
}

static void
unchain(struct memory_table *t, struct memory_row *row)
{
    for (int i = 0; i < MEMORY_INDEXES; i++) {
        struct memory_row **at;

        if (row->hash[i] == 0)
            continue;
        at = bucket(t, i, row->hash[i]);
        while (*at != row)
            at = &(*at)->same[i];
        *at = row->same[i];
    }
}

/* Room for one more row, so that nothing fails once something was changed. */
static enum mr_status
make_room(struct mr_cx *cx, struct store_image *image, struct memory_table *t)
{
    size_t room = t->room == 0 ? 16 : t->room * 2;
    size_t size = room * MEMORY_INDEXES * sizeof(struct memory_row *);
    struct memory_row **rows, **buckets;

    if (t->n < t->room)
        return MR_OK;
    rows = resize(cx, image, t->rows, room * sizeof(struct memory_row *));
    if (rows == NULL)
        return MR_EMEMORY;
    t->rows = rows;
    buckets = resize(cx, image, NULL, size);
    if (buckets == NULL)
        return MR_EMEMORY;
    memset(buckets, 0, size);
    release(image, t->buckets);
    t->buckets = buckets;
    t->room = room;
    for (size_t i = 0; i < t->n; i++)
        chain(t, t->rows[i]);
    return MR_OK;
}

static enum mr_status
make_undo_room(struct mr_cx *cx, struct store_image *image)
{
    size_t room = image->undo_room == 0 ? 64 : image->undo_room * 2;
    struct memory_undo *undo;

    if (image->n_undo < image->undo_room)
        return MR_OK;
    undo = resize(cx, image, image->undo, room * sizeof *undo);
    if (undo == NULL)
        return MR_EMEMORY;
    image->undo = undo;
    image->undo_room = room;
    return MR_OK;
}

/* The row's bytes, with an id, outside of any table. */
static struct memory_row *
make_row(struct mr_cx *cx, struct store_image *image,
         enum store_table_id table, const void *data, int64_t id)
{
    const struct store_table *t = &store_tables[table];
    struct memory_row *row = resize(
        cx, image, NULL, sizeof *row + t->size + store_row_space(t, data));
    char *at;

    if (row == NULL)
        return NULL;
    at = memory_row_data(row);
    store_row_copy(t, at, data, at + t->size);
    store_row_set_id(at, id);
    hash_row(table, row);
    return row;
}

/* Puts `after` where `before` is; either may be NULL. There is room. */
static void
exchange(struct memory_table *t, struct memory_row *before,
         struct memory_row *after)
{
    const struct memory_row *row = before != NULL ? before : after;
    size_t at = place_of(t, store_row_id(memory_row_data(row)));
    size_t rest = (t->n - at) * sizeof(struct memory_row *);

    if (before != NULL)
        unchain(t, before);
    if (before == NULL) {
        memmove(&t->rows[at + 1], &t->rows[at], rest);
        t->n++;
    }
    if (after != NULL) {
        t->rows[at] = after;
        chain(t, after);
    } else {
        t->n--;
        memmove(&t->rows[at], &t->rows[at + 1],
                rest - sizeof(struct memory_row *));
    }
}

static void
change(struct store_image *image, enum store_table_id table,
       struct memory_row *before, struct memory_row *after)
{
    struct memory_undo undo = { table, before, after };

    exchange(&image->tables[table], before, after);
    image->undo[image->n_undo++] = undo;
}

enum mr_status
memory_put(struct mr_cx *cx, struct store_image *image,
           enum store_table_id table, void *data)
{
    struct memory_table *t = &image->tables[table];
    struct memory_row *before = NULL, *after;
    int64_t id = store_row_id(data);
    bool given = table == TABLE_LOOK;   /* another row's id */
    enum mr_status st;

    if (id != 0 && (before = memory_by_id(image, table, id)) == NULL && !given)
        return MR_END;
    st = store_row_check(cx, &store_tables[table], data);
    if (st == MR_OK && before == NULL)
        st = make_room(cx, image, t);
    if (st == MR_OK)
        st = make_undo_room(cx, image);
    if (st != MR_OK)
        return st;
    if (before == NULL && !given)
        id = t->last_id + 1;
    after = make_row(cx, image, table, data, id);
    if (after == NULL)
        return MR_EMEMORY;
    if (before == NULL && !given)
        t->last_id = id;
    change(image, table, before, after);
    store_row_set_id(data, id);
    return MR_OK;
}

enum mr_status
memory_drop(struct mr_cx *cx, struct store_image *image,
            enum store_table_id table, int64_t id)
{
    struct memory_row *before = memory_by_id(image, table, id);
    enum mr_status st;

    if (before == NULL)
        return MR_END;
    st = make_undo_room(cx, image);
    if (st == MR_OK)
        change(image, table, before, NULL);
    return st;
}

void
memory_begin(struct store_image *image)
{
    for (size_t i = 0; i < TABLES; i++)
        image->last_ids[i] = image->tables[i].last_id;
}

void
memory_keep(struct store_image *image)
{
    for (size_t i = 0; i < image->n_undo; i++)
        release(image, image->undo[i].before);
    image->n_undo = 0;
}

void
memory_undo(struct store_image *image)
{
    while (image->n_undo > 0) {
        struct memory_undo *u = &image->undo[--image->n_undo];

        exchange(&image->tables[u->table], u->after, u->before);
        release(image, u->after);
    }
    for (size_t i = 0; i < TABLES; i++)
        image->tables[i].last_id = image->last_ids[i];
}
