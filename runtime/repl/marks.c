/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An IDoc's mark of what is done with a record or row: where it stands, and
 * that rows which are marked as deleted are not there.
 */
#include "repl/decide.h"

static const struct mr_member *
find_mark(const struct mr_member *members, uint32_t n)
{
    static const char *const names[] = { "MSGFN", "ACTION" };

    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        for (uint32_t i = 0; i < n; i++)
            if (members[i].kind == MR_VALUE &&
                strcmp(members[i].name, names[k]) == 0)
                return &members[i];
    return NULL;
}

struct mr_val *
mark_place(const struct mr_shape *shape, void *record)
{
    const struct mr_member *m = find_mark(shape->write, shape->n_write);

    return m == NULL ? NULL
                     : (struct mr_val *)(void *)((char *)record + m->offset);
}

static bool
is_deleted(const struct mr_member *mark, const char *row)
{
    struct mr_val v;

    if (mark == NULL)
        return false;
    memcpy(&v, row + mark->offset, sizeof v);
    return mr_is_here(v) && v.n == strlen(MARK_DELETED) &&
           memcmp(v.p, MARK_DELETED, v.n) == 0;
}

static void drop_below(const struct mr_shape *shape, char *record);

/* The list itself stays known, also where no row is left. */
static void
drop_rows(const struct mr_shape *shape, struct mr_rows *rows)
{
    const struct mr_member *mark = find_mark(shape->read, shape->n_read);
    uint32_t n = 0;

    for (uint32_t i = 0; i < rows->n; i++) {
        char *row = mr_row(rows, i, shape->size);

        if (is_deleted(mark, row))
            continue;
        drop_below(shape, row);
        if (n != i)
            memcpy(mr_row(rows, n, shape->size), row, shape->size);
        n++;
    }
    rows->n = n;
}

static void
drop_below(const struct mr_shape *shape, char *record)
{
    for (uint16_t i = 0; i < shape->n_read; i++) {
        const struct mr_member *m = &shape->read[i];
        char *at = record + m->offset;

        if (m->kind == MR_ONE)
            drop_below(m->shape, at);
        else if (m->kind == MR_MANY)
            drop_rows(m->shape, (struct mr_rows *)(void *)at);
    }
}

void
mark_drop(struct merge *m, int side)
{
    const struct mr_doc *doc = merge_doc(m, side);

    if (m->record[side] != NULL && doc != NULL && doc->format == MR_IDOC)
        drop_below(doc->shape, m->record[side]);
}
