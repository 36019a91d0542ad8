/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that were asked for and are not in the answer. The request's record is
 * gone when the answer comes, so its keys are kept: for each list, the number
 * of the list, the key's length, its bytes.
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

        for (uint32_t i = 0; i < rows->n; i++) {
            struct mr_val v = key_of(rows, i, list->asked_size,
                                     list->asked_key);
            struct asked a = { l, v.n };

            if (v.state != MR_HERE)
                continue;
            if (to != NULL) {
                memcpy(to + n, &a, sizeof a);
                memcpy(to + n + sizeof a, v.p, v.n);
            }
            n += sizeof a + v.n;
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

/* --- looking for them --- */

static int
by_bytes(const void *a, const void *b)
{
    const struct mr_val *x = a, *y = b;
    uint32_t n = x->n < y->n ? x->n : y->n;
    int order = n == 0 ? 0 : memcmp(x->p, y->p, n);

    return order != 0 ? order : x->n < y->n ? -1 : x->n > y->n;
}

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
        if (a.list != which ||
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
