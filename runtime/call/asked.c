/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the answer that came twice; those that were asked for and are not in
 * it; and which of them a number means. The request's record is gone when the
 * answer comes, so its keys are kept: for each row of a list, the number of the
 * list, the key's length (0: it has none), its bytes.
 */
#include "call/call.h"

#include <stdlib.h>

struct asked {
    uint32_t list, n;
};

static struct mr_val
key_of(const struct mr_rows *rows, uint32_t i, uint32_t size, uint32_t key)
{
    struct mr_val v;

    memcpy(&v, (const char *)mr_row(rows, i, size) + key, sizeof v);
    return v;
}

/* --- keeping them --- */

static size_t
keep(struct calling *q, const void *record, char *to)
{
    size_t n = 0;

    for (uint16_t l = 0; l < q->call->n_lists; l++) {
        const struct mr_call_list *list = &q->call->lists[l];
        const struct mr_rows *rows =
            (const void *)((const char *)record + list->asked);

        for (uint32_t i = 0; list->asked_size > 0 && i < rows->n; i++) {
            struct mr_val v = key_of(rows, i, list->asked_size,
                                     list->asked_key);
            struct asked a = { l, v.state == MR_HERE ? v.n : 0 };

            if (to != NULL) {
                memcpy(to + n, &a, sizeof a);
                if (a.n > 0)
                    memcpy(to + n + sizeof a, v.p, a.n);
            }
            n += sizeof a + a.n;
        }
    }
    return n;
}

bool
calling_asks(struct calling *q, const void *record)
{
    size_t n = keep(q, record, NULL);

    if (n == 0)
        return true;
    q->asked = mr_resize(&q->cx, NULL, n);
    if (q->asked == NULL)
        return false;
    q->asked_n = keep(q, record, q->asked);
    return true;
}

/* --- by number --- */

/* Of the row of the list that was sent as this one, from 1. */
static struct mr_val
nth_key(const struct calling *q, uint32_t list, uint32_t row)
{
    struct asked a;

    for (size_t at = 0; at < q->asked_n; at += sizeof a + a.n) {
        memcpy(&a, q->asked + at, sizeof a);
        if (a.list == list && --row == 0)
            return a.n == 0 ? mr_empty()
                            : mr_slice(q->asked + at + sizeof a, a.n);
    }
    return mr_empty();
}

/* Told as it is where it is no row's number: SAP says 0 of the whole. */
struct mr_val
calling_item(const struct calling *q, const struct mr_call_list *list,
             struct mr_val number)
{
    uint32_t row = 0, i = 0;
    struct mr_val key;

    if (list == NULL || number.state != MR_HERE)
        return number;
    for (; i < number.n && number.p[i] >= '0' && number.p[i] <= '9' &&
         row < 100000000; i++)
        row = row * 10 + (uint32_t)(number.p[i] - '0');
    if (i == number.n && row == 0)
        return mr_empty();
    key = i < number.n ? mr_empty()
                       : nth_key(q, (uint32_t)(list - q->call->lists), row);
    return key.state == MR_HERE ? key : number;
}

/* --- order --- */

static int
by_bytes(const void *a, const void *b)
{
    const struct mr_val *x = a, *y = b;
    uint32_t n = x->n < y->n ? x->n : y->n;
    int order = n == 0 ? 0 : memcmp(x->p, y->p, n);

    return order != 0 ? order : x->n < y->n ? -1 : x->n > y->n;
}

/* --- rows that came twice --- */

struct placed {
    struct mr_val key;
    uint32_t at;
};

static int
by_key_and_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = by_bytes(&x->key, &y->key);

    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* Places of rows with a key that stood before: `again` of them is true. */
static bool
find_doubles(struct calling *q, const struct mr_call_list *list,
             const struct mr_rows *rows, bool *again)
{
    struct placed *all = mr_alloc(&q->cx, rows->n * sizeof *all);
    bool any = false;

    for (uint32_t i = 0; all != NULL && i < rows->n; i++)
        all[i] = (struct placed){ key_of(rows, i, list->answered_size,
                                         list->answered_key), i };
    if (all == NULL)
        return false;
    qsort(all, rows->n, sizeof *all, by_key_and_place);
    for (uint32_t i = 1; i < rows->n; i++)
        if (all[i].key.state == MR_HERE && all[i - 1].key.state == MR_HERE &&
            by_bytes(&all[i].key, &all[i - 1].key) == 0)
            any = again[all[i].at] = true;
    return any;
}

static void
drop_doubles(struct calling *q, const struct mr_call_list *list)
{
    struct mr_rows *rows = (void *)((char *)q->answer + list->answered);
    bool *again = rows->n < 2 ? NULL : mr_alloc(&q->cx, rows->n);
    uint32_t n = 0;

    if (again == NULL)
        return;
    memset(again, 0, rows->n);
    if (!find_doubles(q, list, rows, again))
        return;
    for (uint32_t i = 0; i < rows->n; i++)
        if (!again[i])
            memmove(mr_row(rows, n++, list->answered_size),
                    mr_row(rows, i, list->answered_size),
                    list->answered_size);
    rows->n = n;
}

void
calling_unique(struct calling *q)
{
    for (uint32_t i = 0; i < q->call->n_lists; i++)
        if (q->cx.error.status == MR_OK)
            drop_doubles(q, &q->call->lists[i]);
}

/* --- looking for them --- */

/* The keys of the answer's rows, sorted; *n of them. NULL: none, or memory. */
static struct mr_val *
answered_keys(struct calling *q, const struct mr_call_list *list, uint32_t *n)
{
    const struct mr_rows *rows =
        (const void *)((const char *)q->answer + list->answered);
    struct mr_val *keys = rows->n == 0
                              ? NULL
                              : mr_alloc(&q->cx, rows->n * sizeof *keys);

    *n = 0;
    for (uint32_t i = 0; keys != NULL && i < rows->n; i++) {
        struct mr_val v = key_of(rows, i, list->answered_size,
                                 list->answered_key);

        if (v.state == MR_HERE)
            keys[(*n)++] = v;
    }
    if (*n > 1)
        qsort(keys, *n, sizeof *keys, by_bytes);
    return keys;
}

static void
tell_missing(struct calling *q, uint32_t which)
{
    static const char text[] = "there is no answer for this row";
    const struct mr_call_list *list = &q->call->lists[which];
    uint32_t n;
    const struct mr_val *keys = answered_keys(q, list, &n);
    struct asked a;

    for (size_t at = 0; at < q->asked_n; at += sizeof a + a.n) {
        struct call_message *m;
        struct mr_val v;

        memcpy(&a, q->asked + at, sizeof a);
        v = mr_slice(q->asked + at + sizeof a, a.n);
        if (a.list != which || a.n == 0 ||
            (n > 0 && bsearch(&v, keys, n, sizeof v, by_bytes) != NULL))
            continue;
        m = calling_message(q);
        if (m == NULL)
            return;
        m->severity = CALL_WARNING;
        m->text = mr_text(text);
        m->item = v;
    }
}

void
calling_unanswered(struct calling *q)
{
    for (uint32_t i = 0; i < q->call->n_lists && q->asked_n > 0; i++)
        if (q->cx.error.status == MR_OK)
            tell_missing(q, i);
}
