/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of lists: which a side has, by the hash of their key in the terms of
 * their list, and walking through them.
 */
#include "repl/cells.h"

enum { KEY_MAX = 512 };

bool
level_has_rows(const struct mr_level *level)
{
    return level->frame[MR_LEFT] != MR_NOWHERE &&
           level->frame[MR_RIGHT] != MR_NOWHERE;
}

int
level_terms(const struct mr_level *level)
{
    return level->runs[MR_RIGHT] ? MR_RIGHT : MR_LEFT;
}

void *
level_row(const struct walk *w, const char *frame, uint32_t level, int side)
{
    uint32_t l = level, at;
    void *row;

    while (l != 0 && w->repl->levels[l].frame[side] == MR_NOWHERE)
        l = w->repl->levels[l].outer;
    at = l == 0 ? w->m->map->frame[side].at : w->repl->levels[l].frame[side];
    memcpy(&row, frame + at, sizeof row);
    return row;
}

void
level_set_row(struct walk *w, char *frame, uint32_t level, int side, void *row)
{
    memcpy(frame + w->repl->levels[level].frame[side], &row, sizeof row);
}

void
level_enter(struct walk *w, uint32_t level, int side,
            const struct cell_row *row)
{
    char *frame = w->m->frame[1 - side];

    level_set_row(w, frame, level, side, row == NULL ? NULL : row->actual);
    level_set_row(w, frame, level, 1 - side, row == NULL ? NULL : row->made);
}

/* --- keys --- */

uint64_t
level_key(struct walk *w, uint32_t level, uint64_t outer, const char *frame,
          uint32_t position)
{
    const struct mr_level *lv = &w->repl->levels[level];
    int terms = level_terms(lv);
    char room[KEY_MAX], *p = room;
    size_t n = 0, size = sizeof outer;

    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && size + sizeof position > sizeof room)
            p = mr_alloc(w->m->cx, size + sizeof position);
        if (p == NULL)
            return 0;
        if (pass == 1) {
            memcpy(p, &outer, sizeof outer);
            n = sizeof outer;
        }
        for (uint32_t i = 0; i < lv->n_match && !lv->by_position; i++) {
            struct opinion o = cell_hash(w->m, &w->repl->rules[lv->rules + i],
                                         terms, frame);

            if (pass == 0) {
                size += sizeof o.hash;
                continue;
            }
            memcpy(p + n, &o.hash, sizeof o.hash);
            n += sizeof o.hash;
        }
    }
    if (lv->by_position) {
        memcpy(p + n, &position, sizeof position);
        n += sizeof position;
    }
    outer = seal_hash(w->m->keys, p, n);
    return outer == 0 ? 1 : outer;
}

/* Of a row that takes no part, and so was not translated. */
static uint64_t
key_of_idle(struct walk *w, uint32_t level, int side, uint64_t outer,
            void *actual)
{
    const struct mr_level *lv = &w->repl->levels[level];
    char *frame = w->m->frame[1 - side];
    struct mr_verdict verdict = w->m->cx->verdict;
    void *made = mr_alloc(w->m->cx, lv->size[1 - side]);
    uint64_t key = 0;

    if (made == NULL)
        return 0;
    memset(made, 0, lv->size[1 - side]);
    level_set_row(w, frame, level, side, actual);
    level_set_row(w, frame, level, 1 - side, made);
    for (uint32_t i = 0; i < lv->n_match; i++) {
        const struct mr_rule *rule = &w->repl->rules[lv->rules + i];

        if (rule->set[1 - side] != NULL)
            rule->set[1 - side](w->m->cx, frame);
    }
    key = level_key(w, level, outer, frame, 0);
    w->m->cx->verdict = verdict;
    return key;
}

/* --- the rows of a list --- */

/* NULL: there is already one of this key. */
static struct cell_row *
add_row(struct cell_rows *rows, uint64_t key)
{
    size_t at = (size_t)key & rows->mask;

    while (rows->slots[at] != 0) {
        if (rows->rows[rows->slots[at] - 1].key == key)
            return NULL;
        at = (at + 1) & rows->mask;
    }
    rows->slots[at] = (uint32_t)++rows->n;
    rows->rows[rows->n - 1].key = key;
    return &rows->rows[rows->n - 1];
}

const struct cell_row *
level_find(const struct cell_rows *rows, uint64_t key)
{
    size_t at = (size_t)key & rows->mask;

    while (rows->n != 0 && rows->slots[at] != 0) {
        if (rows->rows[rows->slots[at] - 1].key == key)
            return &rows->rows[rows->slots[at] - 1];
        at = (at + 1) & rows->mask;
    }
    return NULL;
}

static bool
make_room(struct walk *w, struct cell_rows *out, size_t n)
{
    size_t slots = 4;

    while (slots < 2 * n)
        slots *= 2;
    out->mask = slots - 1;
    out->rows = mr_alloc(w->m->cx, n * sizeof *out->rows);
    out->slots = mr_alloc(w->m->cx, slots * sizeof *out->slots);
    if (out->rows == NULL || out->slots == NULL)
        return false;
    memset(out->slots, 0, slots * sizeof *out->slots);
    return true;
}

/* The list of a level, in the row around it; NULL: there is no such row. */
static const struct mr_rows *
list_of(const struct walk *w, const char *frame, uint32_t level, int side)
{
    const struct mr_level *lv = &w->repl->levels[level];
    const char *outer = level_row(w, frame, lv->outer, side);

    if (outer == NULL || lv->rows[side] == MR_NOWHERE)
        return NULL;
    return (const struct mr_rows *)(const void *)(outer + lv->rows[side]);
}

/* Are the made rows made of the rows of one list? Not where a list around it
 * is gone through on this side alone. */
static bool
is_aligned(const struct walk *w, uint32_t level, int side)
{
    for (uint32_t l = w->repl->levels[level].outer; l != 0;
         l = w->repl->levels[l].outer)
        if (w->repl->levels[l].frame[side] != MR_NOWHERE &&
            w->repl->levels[l].frame[1 - side] == MR_NOWHERE)
            return false;
    return true;
}

/* What is gone through on one side. */
struct lists {
    const struct mr_rows *actual, *made;
    bool aligned;
};

static void *
row_at(const struct mr_rows *rows, uint32_t i, uint32_t size)
{
    return rows == NULL || i >= rows->n ? NULL : mr_row(rows, i, size);
}

static void
note_twice(struct walk *w, uint32_t level, const char *frame)
{
    const struct mr_level *lv = &w->repl->levels[level];
    const struct mr_rule *rule = &w->repl->rules[lv->rules];
    int terms = level_terms(lv);

    if (w->twice != NULL || lv->n_match == 0)
        return;
    w->twice = rule;
    w->twice_value = cell_field(frame, &rule->fields[terms][0]);
}

/* One row of a side; *made_at counts the translated ones. */
static void
take_row(struct walk *w, uint32_t level, int side, uint64_t outer,
         const struct lists *l, uint32_t i, uint32_t *made_at,
         struct cell_rows *out)
{
    const struct mr_level *lv = &w->repl->levels[level];
    char *frame = w->m->frame[1 - side];
    struct cell_row row = { .takes = true }, *added;
    int terms = level_terms(lv);

    row.actual = l->aligned ? row_at(l->actual, i, lv->size[side]) : NULL;
    level_set_row(w, frame, level, side, row.actual);
    if (l->aligned && lv->runs[1 - side] && lv->takes[1 - side] != NULL)
        row.takes = lv->takes[1 - side](w->m->cx, frame);
    if (row.takes && lv->runs[1 - side])
        row.made = row_at(l->made, (*made_at)++, lv->size[1 - side]);
    level_set_row(w, frame, level, 1 - side, row.made);
    if (terms == side || row.made != NULL)
        row.key = level_key(w, level, outer, frame,
                            terms == side ? i : *made_at - 1);
    else if (!row.takes && !lv->by_position)
        row.key = key_of_idle(w, level, side, outer, row.actual);
    if (row.key == 0)
        return;
    added = add_row(out, row.key);
    if (added != NULL)
        *added = row;
    else if (row.takes)
        note_twice(w, level, frame);
}

void
level_rows(struct walk *w, uint32_t level, int side, uint64_t outer,
           struct cell_rows *out)
{
    const struct mr_level *lv = &w->repl->levels[level];
    const char *frame = w->m->frame[1 - side];
    struct lists l = { list_of(w, frame, level, side), NULL, true };
    const struct mr_rows *list;
    struct mr_verdict verdict;
    uint32_t made_at = 0;

    memset(out, 0, sizeof *out);
    if (lv->runs[1 - side]) {
        l.made = list_of(w, frame, level, 1 - side);
        l.aligned = is_aligned(w, level, side);
        if (l.made == NULL && level_terms(lv) != side)
            return;
    }
    list = l.aligned ? l.actual : l.made;
    if (list == NULL)
        return;
    out->known = list->state != MR_MISSING;
    if (list->n == 0 || !make_room(w, out, list->n))
        return;
    verdict = w->m->cx->verdict;
    for (uint32_t i = 0; i < list->n; i++)
        take_row(w, level, side, outer, &l, i, &made_at, out);
    w->m->cx->verdict = verdict;
}

/* --- rows of the base by where they stand --- */

struct row_index {
    struct {
        const struct base_cell *cell;
        uint32_t next;
    } *rows;
    uint32_t *first;            /* index + 1 */
    size_t mask;
};

static size_t
bucket(const struct row_index *x, uint32_t level, uint64_t outer)
{
    return (size_t)((outer ^ level * UINT64_C(0x9e3779b97f4a7c15)) *
                    UINT64_C(0xd6e8feb86659fd93) >> 20) & x->mask;
}

static bool
build_index(struct walk *w)
{
    struct row_index *x = mr_alloc(w->m->cx, sizeof *x);
    size_t n = 0, slots = 4, at = 1;

    for (size_t i = 0; i < w->base->n; i++)
        n += w->base->cells[i].rule >= BASE_ROW;
    while (slots < n)
        slots *= 2;
    if (x == NULL)
        return false;
    x->mask = slots - 1;
    x->rows = mr_alloc(w->m->cx, (n + 1) * sizeof *x->rows);
    x->first = mr_alloc(w->m->cx, slots * sizeof *x->first);
    if (x->rows == NULL || x->first == NULL)
        return false;
    memset(x->first, 0, slots * sizeof *x->first);
    for (size_t i = 0; i < w->base->n; i++) {
        const struct base_cell *c = &w->base->cells[i];
        uint32_t *first;

        if (c->rule < BASE_ROW)
            continue;
        first = &x->first[bucket(x, c->rule - (uint32_t)BASE_ROW,
                                 c->before[0])];
        x->rows[at].cell = c;
        x->rows[at].next = *first;
        *first = (uint32_t)at++;
    }
    w->index = x;
    return true;
}

static uint32_t
next_of(const struct walk *w, uint32_t at, uint32_t level, uint64_t outer)
{
    while (at != 0 && (w->index->rows[at].cell->rule != BASE_ROW + level ||
                       w->index->rows[at].cell->before[0] != outer))
        at = w->index->rows[at].next;
    return at;
}

uint32_t
index_first(struct walk *w, uint32_t level, uint64_t outer)
{
    if (w->base->n == 0 || (w->index == NULL && !build_index(w)))
        return 0;
    return next_of(w, w->index->first[bucket(w->index, level, outer)], level,
                   outer);
}

uint32_t
index_next(const struct walk *w, uint32_t at)
{
    const struct base_cell *c = w->index->rows[at].cell;

    return next_of(w, w->index->rows[at].next,
                   c->rule - (uint32_t)BASE_ROW, c->before[0]);
}

const struct base_cell *
index_cell(const struct walk *w, uint32_t at)
{
    return w->index->rows[at].cell;
}
