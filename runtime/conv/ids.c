/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One open hash table for both ways: an entry is found by map, side and ID,
 * and names its pair. The seed is fixed: IDs come from the operator's own
 * systems, and the table is never more than half full.
 */
#include "conv/ids.h"

#include "mr/lookup.h"

enum { PAIRS_MAX = 100000000, SEED = 0x5bd1e995 };

struct pair {
    char *text;                 /* map, left and right, one behind the other */
    uint32_t map_n, left_n, right_n;
};

struct mr_ids {
    struct pair *pairs;
    uint32_t n, room;
    uint32_t *slots;            /* pair * 2 + side + 1; 0: free */
    uint32_t n_slots;           /* a power of two */
};

enum { LEFT, RIGHT };

static struct mr_val
id_of(const struct pair *p, int side)
{
    const char *left = p->text + p->map_n;

    return side == LEFT ? mr_slice(left, p->left_n)
                        : mr_slice(left + p->left_n, p->right_n);
}

static uint64_t
hash_of(struct mr_val map, struct mr_val id, int side)
{
    uint64_t seed = mr_hash(map.p, map.n, SEED + 2u * (unsigned)side);

    return mr_hash(id.p, id.n, seed | 1) * 0xd6e8feb86659fd93u >> 20;
}

static bool
same(struct mr_val a, struct mr_val b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* The slot that holds this ID, or the free one where it belongs. */
static uint32_t *
find(const struct mr_ids *ids, struct mr_val map, struct mr_val id, int side)
{
    uint32_t mask = ids->n_slots - 1;
    uint32_t at = (uint32_t)hash_of(map, id, side) & mask;

    for (; ids->slots[at] != 0; at = (at + 1) & mask) {
        uint32_t entry = ids->slots[at] - 1;
        const struct pair *p = &ids->pairs[entry / 2];

        if ((int)(entry & 1) == side &&
            same(mr_slice(p->text, p->map_n), map) && same(id_of(p, side), id))
            break;
    }
    return &ids->slots[at];
}

static enum mr_status
grow(struct mr_cx *cx, struct mr_ids *ids)
{
    uint32_t room = ids->room == 0 ? 64 : ids->room * 2;
    struct pair *pairs;
    uint32_t *slots;

    if (ids->n >= PAIRS_MAX)
        return mr_fail(cx, MR_ELIMIT, "the ID map has more than %d rows",
                       PAIRS_MAX);
    pairs = mr_resize(cx, ids->pairs, room * sizeof *pairs);
    if (pairs == NULL)
        return MR_EMEMORY;
    ids->pairs = pairs;
    slots = mr_resize(cx, NULL, (size_t)room * 4 * sizeof *slots);
    if (slots == NULL)
        return MR_EMEMORY;
    memset(slots, 0, (size_t)room * 4 * sizeof *slots);
    mr_resize(cx, ids->slots, 0);
    ids->slots = slots;
    ids->n_slots = room * 4;
    ids->room = room;
    for (uint32_t i = 0; i < ids->n; i++) {
        struct mr_val map = mr_slice(pairs[i].text, pairs[i].map_n);

        for (int side = LEFT; side <= RIGHT; side++)
            *find(ids, map, id_of(&pairs[i], side), side) =
                i * 2 + (uint32_t)side + 1;
    }
    return MR_OK;
}

struct mr_ids *
mr_ids_new(struct mr_cx *cx)
{
    struct mr_ids *ids = mr_resize(cx, NULL, sizeof *ids);

    if (ids == NULL)
        return NULL;
    memset(ids, 0, sizeof *ids);
    if (grow(cx, ids) != MR_OK) {
        mr_ids_free(cx, ids);
        return NULL;
    }
    return ids;
}

void
mr_ids_free(struct mr_cx *cx, struct mr_ids *ids)
{
    if (ids == NULL)
        return;
    for (uint32_t i = 0; i < ids->n; i++)
        mr_resize(cx, ids->pairs[i].text, 0);
    mr_resize(cx, ids->pairs, 0);
    mr_resize(cx, ids->slots, 0);
    mr_resize(cx, ids, 0);
}

static enum mr_status
twice(struct mr_cx *cx, struct mr_val map, struct mr_val id)
{
    return mr_fail(cx, MR_EUSAGE, "the ID map pairs %.*s \"%.*s\" twice",
                   (int)(map.n < 64 ? map.n : 64), map.p,
                   (int)(id.n < 64 ? id.n : 64), id.p);
}

enum mr_status
mr_ids_add(struct mr_cx *cx, struct mr_ids *ids, struct mr_val map,
           struct mr_val left, struct mr_val right)
{
    uint32_t *to_right, *to_left;
    struct pair *p;
    char *text;

    if (map.n == 0 || left.n == 0 || right.n == 0)
        return mr_fail(cx, MR_EUSAGE, "the ID map has a row without an ID");
    if (ids->n == ids->room && grow(cx, ids) != MR_OK)
        return cx->error.status;
    to_right = find(ids, map, left, LEFT);
    to_left = find(ids, map, right, RIGHT);
    if (*to_right != 0 && *to_left != 0 &&
        (*to_right - 1) / 2 == (*to_left - 1) / 2)
        return MR_OK;
    if (*to_right != 0 || *to_left != 0)
        return twice(cx, map, *to_right != 0 ? left : right);
    text = mr_resize(cx, NULL, (size_t)map.n + left.n + right.n);
    if (text == NULL)
        return MR_EMEMORY;
    memcpy(text, map.p, map.n);
    memcpy(text + map.n, left.p, left.n);
    memcpy(text + map.n + left.n, right.p, right.n);
    p = &ids->pairs[ids->n];
    p->text = text;
    p->map_n = map.n;
    p->left_n = left.n;
    p->right_n = right.n;
    *to_right = ids->n * 2 + 1;
    /* Both may have pointed at one free slot. */
    *find(ids, map, right, RIGHT) = ids->n * 2 + 2;
    ids->n++;
    return MR_OK;
}

/* --- CSV --- */

struct csv {
    const char *at, *end;
    uint64_t line;
};

static enum mr_status
broken(struct mr_cx *cx, const struct csv *csv, const char *what)
{
    enum mr_status st = mr_fail(cx, MR_EFORMAT, "the ID map's line %llu %s",
                                (unsigned long long)csv->line, what);

    if (cx->error.line == 0)
        cx->error.line = csv->line;
    return st;
}

/* Bytes up to the quote that closes; those that are doubled do not. */
static size_t
quoted_size(const struct csv *csv)
{
    const char *p = csv->at;

    for (; p < csv->end && *p != '\n'; p++) {
        if (*p != '"')
            continue;
        if (p + 1 == csv->end || p[1] != '"')
            break;
        p++;
    }
    return (size_t)(p - csv->at);
}

/* A quoted cell; doubled quotes become one, in a copy. */
static enum mr_status
quoted(struct mr_cx *cx, struct csv *csv, struct mr_val *out)
{
    const char *end;
    uint32_t n = 0;
    char *copy;

    csv->at++;
    end = csv->at + quoted_size(csv);
    if (end == csv->end || *end != '"')
        return broken(cx, csv, "has a quote that is not closed");
    copy = mr_alloc(cx, (size_t)(end - csv->at) + 1);
    if (copy == NULL)
        return MR_EMEMORY;
    for (; csv->at < end; csv->at++) {
        csv->at += *csv->at == '"';
        copy[n++] = *csv->at;
    }
    csv->at++;
    *out = mr_slice(copy, n);
    return MR_OK;
}

static enum mr_status
cell(struct mr_cx *cx, struct csv *csv, struct mr_val *out)
{
    const char *start = csv->at;

    if (csv->at < csv->end && *csv->at == '"')
        return quoted(cx, csv, out);
    while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n' &&
           *csv->at != '\r')
        csv->at++;
    *out = mr_slice(start, (uint32_t)(csv->at - start));
    return MR_OK;
}

/* One row of three cells; *n is 0 for an empty line. */
static enum mr_status
row(struct mr_cx *cx, struct csv *csv, struct mr_val cells[3], int *n)
{
    bool more = true;

    for (*n = 0; more; (*n)++) {
        if (*n == 3)
            return broken(cx, csv, "has more than three columns");
        enum mr_status st = cell(cx, csv, &cells[*n]);
        if (st != MR_OK)
            return st;
        more = csv->at < csv->end && *csv->at == ',';
        csv->at += more;
    }
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at != '\n')
        return broken(cx, csv, "has text behind a quoted column");
    csv->at += csv->at < csv->end;
    if (*n == 1 && cells[0].n == 0)
        *n = 0;
    else if (*n != 3)
        return broken(cx, csv, "does not have three columns");
    return MR_OK;
}

enum mr_status
mr_ids_load(struct mr_cx *cx, struct mr_ids *ids, const char *text, size_t n)
{
    struct csv csv = { text, text + n, 1 };

    if (n > UINT32_MAX / 2)
        return mr_fail(cx, MR_ELIMIT, "the ID map is larger than 2 GB");
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        csv.at += 3;
    for (; csv.at < csv.end; csv.line++) {
        struct mr_val cells[3];
        enum mr_status st;
        int count;

        st = row(cx, &csv, cells, &count);
        if (st != MR_OK)
            return st;
        if (count == 0 || (csv.line == 1 && same(cells[0], mr_text("map")) &&
                           same(cells[1], mr_text("left")) &&
                           same(cells[2], mr_text("right"))))
            continue;
        st = mr_ids_add(cx, ids, cells[0], cells[1], cells[2]);
        if (st != MR_OK) {
            if (cx->error.line == 0)
                cx->error.line = csv.line;
            return st;
        }
    }
    return MR_OK;
}

static struct mr_val
other(const struct mr_ids *ids, const char *map, struct mr_val id, int side)
{
    uint32_t entry = *find(ids, mr_text(map), id, side);

    return entry == 0 ? mr_missing()
                      : id_of(&ids->pairs[(entry - 1) / 2], 1 - side);
}

struct mr_val
mr_ids_right(const struct mr_ids *ids, const char *map, struct mr_val left)
{
    return other(ids, map, left, LEFT);
}

struct mr_val
mr_ids_left(const struct mr_ids *ids, const char *map, struct mr_val right)
{
    return other(ids, map, right, RIGHT);
}
