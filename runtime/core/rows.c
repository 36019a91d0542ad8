/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of records: adding a row, finding the one behind a selector. */
#include "mr/shape.h"

void *
mr_row_add(struct mr_cx *cx, struct mr_rows *rows, size_t size)
{
    void *row;

    if (rows->n == rows->room) {
        uint32_t room = rows->room == 0 ? 4 : rows->room * 2;
        char *at;

        if (rows->room > UINT32_MAX / 2 || size > SIZE_MAX / room) {
            mr_fail(cx, MR_EMEMORY, "memory ran out");
            return NULL;
        }
        at = mr_alloc(cx, room * size);
        if (at == NULL)
            return NULL;
        if (rows->n != 0)
            memcpy(at, rows->at, rows->n * size);
        rows->at = at;
        rows->room = room;
    }
    row = mr_row(rows, rows->n++, size);
    memset(row, 0, size);
    rows->state = MR_HERE;
    return row;
}

/* Qualifiers are short, and mostly differ in their last character. */
static bool
is_same(const char *a, const char *b, uint32_t n)
{
    while (n > 0 && a[n - 1] == b[n - 1])
        n--;
    return n == 0;
}

static char *
find_row(const struct mr_rows *rows, const struct mr_picked *p)
{
    char *row = rows->at;

    for (uint32_t i = 0; i < rows->n; i++, row += p->size) {
        const struct mr_val *key = (const struct mr_val *)(row + p->key);

        if (key->state == MR_HERE && key->n == p->equals_n &&
            is_same(key->p, p->equals, key->n))
            return row;
    }
    return NULL;
}

struct mr_val
mr_pick(const void *outer, const struct mr_picked *p)
{
    const void *rows = (const char *)outer + p->rows;
    const char *row = find_row(rows, p);

    if (row == NULL)
        return mr_missing();
    return *(const struct mr_val *)(row + p->field);
}

struct mr_val *
mr_pick_slot(struct mr_cx *cx, void *outer, const struct mr_picked *p)
{
    struct mr_rows *rows = (void *)((char *)outer + p->rows);
    char *row = find_row(rows, p);

    if (row == NULL) {
        row = mr_row_add(cx, rows, p->size);
        if (row == NULL)
            return NULL;
        *(struct mr_val *)(row + p->key) = mr_slice(p->equals, p->equals_n);
    }
    return (struct mr_val *)(row + p->field);
}
