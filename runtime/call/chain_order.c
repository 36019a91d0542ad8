/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One picture of a chain: rows that were told several times count once, steps
 * between two documents are one edge, edges that would close a circle are
 * marked and lead nowhere, and what comes before stands before.
 */
#include "call/chain.h"

#include <stdlib.h>

#include "value/decimal.h"

/* --- comparing --- */

static int
by_value(struct mr_val a, struct mr_val b)
{
    uint32_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int
by_count(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int
by_step(const void *a, const void *b)
{
    const struct chain_step *x = a, *y = b;
    int order = by_count(x->from, y->from);

    if (order == 0)
        order = by_count(x->to, y->to);
    if (order == 0)
        order = by_value(x->from_item, y->from_item);
    return order != 0 ? order : by_value(x->to_item, y->to_item);
}

/* What says more of the same comes first. */
static int
by_step_and_amount(const void *a, const void *b)
{
    const struct chain_step *x = a, *y = b;
    int order = by_step(a, b);

    if (order == 0)
        order = by_count(y->amount.n, x->amount.n);
    if (order == 0)
        order = by_value(x->amount, y->amount);
    return order != 0 ? order : by_value(x->currency, y->currency);
}

/* --- amounts --- */

struct sum {
    struct mr_decimal d;
    struct mr_val currency;
    bool any, broken;           /* broken: two currencies, or no number */
};

static void
add(struct sum *s, struct mr_val amount, struct mr_val currency)
{
    struct mr_decimal d;

    if (amount.state != MR_HERE || s->broken)
        return;
    s->broken = mr_decimal_read(amount.p, amount.n, &d) != MR_WHY_NONE ||
                (s->any && by_value(s->currency, currency) != 0) ||
                (s->any && mr_decimal_add(s->d, d, &s->d) != MR_WHY_NONE);
    if (!s->any)
        s->d = d;
    s->currency = currency;
    s->any = true;
}

static struct mr_val
total(struct chain *c, const struct sum *s)
{
    if (!s->any || s->broken)
        return mr_missing();
    return mr_decimal_text(&c->cx, mr_decimal_short(s->d));
}

/* --- edges --- */

static void
unique_steps(struct chain *c)
{
    uint32_t n = 0;

    if (c->n_steps > 1)
        qsort(c->steps, c->n_steps, sizeof *c->steps, by_step_and_amount);
    for (uint32_t i = 0; i < c->n_steps; i++)
        if (n == 0 || by_step(&c->steps[n - 1], &c->steps[i]) != 0)
            c->steps[n++] = c->steps[i];
    c->n_steps = n;
}

static void
make_edges(struct chain *c)
{
    struct sum sum = { .any = false };

    for (uint32_t i = 0; i < c->n_steps; i++) {
        const struct chain_step *s = &c->steps[i];
        struct chain_edge *e = &c->edges[c->n_edges];

        if (e->n == 0) {
            memset(&sum, 0, sizeof sum);
            e->from = s->from;
            e->to = s->to;
        }
        e->n++;
        add(&sum, s->amount, s->currency);
        if (i + 1 < c->n_steps && s[1].from == s->from && s[1].to == s->to)
            continue;
        e->amount = total(c, &sum);
        if (e->amount.state == MR_HERE)
            e->currency = sum.currency;
        c->n_edges++;
    }
}

/* A document without an amount has that of all the steps to it. */
static void
add_up(struct chain *c, uint32_t document)
{
    struct chain_document *d = &c->documents[document];
    struct sum sum = { .any = false };
    struct mr_val amount;

    for (uint32_t i = 0; i < c->n_steps; i++)
        if (c->steps[i].to == document && c->steps[i].from != document)
            add(&sum, c->steps[i].amount, c->steps[i].currency);
    amount = total(c, &sum);
    if (amount.state != MR_HERE)
        return;
    d->fields[MR_DOCUMENT_AMOUNT] = amount;
    d->fields[MR_DOCUMENT_CURRENCY] = sum.currency;
    d->added_up = true;
}

/* --- circles and levels --- */

/* Edges are sorted by `from`: those of a document stand together. */
struct walk {
    struct chain *c;
    uint32_t *first;            /* of each document, and one behind the last */
    uint32_t *next;             /* edge to look at */
    uint32_t *stack, depth;
    uint8_t *seen;              /* 0 not yet, 1 on the way, 2 done */
    uint32_t *done, n_done;     /* in the order in which they were done */
};

static void
enter(struct walk *w, uint32_t document)
{
    w->seen[document] = 1;
    w->next[document] = w->first[document];
    w->stack[w->depth++] = document;
}

static void
leave(struct walk *w)
{
    uint32_t document = w->stack[--w->depth];

    w->seen[document] = 2;
    w->done[w->n_done++] = document;
}

/* All that follows from here; an edge to what is on the way goes back. */
static void
walk_from(struct walk *w, uint32_t document)
{
    if (w->seen[document] != 0)
        return;
    enter(w, document);
    while (w->depth > 0) {
        uint32_t at = w->stack[w->depth - 1];

        if (w->next[at] == w->first[at + 1]) {
            leave(w);
            continue;
        }
        struct chain_edge *e = &w->c->edges[w->next[at]++];
        e->back = w->seen[e->to] == 1;
        if (w->seen[e->to] == 0)
            enter(w, e->to);
    }
}

static void
count_ends(struct chain *c)
{
    for (uint32_t i = 0; i < c->n_edges; i++)
        if (!c->edges[i].back) {
            c->documents[c->edges[i].from].n_to++;
            c->documents[c->edges[i].to].n_from++;
        }
}

static void
set_levels(const struct walk *w)
{
    struct chain *c = w->c;

    for (uint32_t i = w->n_done; i-- > 0;) {
        uint32_t at = w->done[i];

        for (uint32_t k = w->first[at]; k < w->first[at + 1]; k++) {
            struct chain_document *to = &c->documents[c->edges[k].to];

            if (!c->edges[k].back &&
                to->level <= c->documents[at].level)
                to->level = c->documents[at].level + 1;
        }
    }
}

static void
index_edges(struct walk *w)
{
    const struct chain *c = w->c;
    uint32_t k = 0;

    for (uint32_t i = 0; i <= c->n; i++) {
        while (k < c->n_edges && c->edges[k].from < i)
            k++;
        w->first[i] = k;
    }
}

/* What the user asked for is the beginning of a circle that it is in. */
static bool
find_circles(struct chain *c)
{
    size_t n = c->n + 1;
    struct walk w = { .c = c };

    w.first = mr_alloc(&c->cx, n * sizeof *w.first);
    w.next = mr_alloc(&c->cx, n * sizeof *w.next);
    w.stack = mr_alloc(&c->cx, n * sizeof *w.stack);
    w.done = mr_alloc(&c->cx, n * sizeof *w.done);
    w.seen = mr_alloc(&c->cx, n);
    if (w.first == NULL || w.next == NULL || w.stack == NULL ||
        w.done == NULL || w.seen == NULL)
        return false;
    memset(w.seen, 0, n);
    index_edges(&w);
    for (uint32_t i = 0; i < c->n; i++)
        if (c->documents[i].asked && c->documents[i].depth == 0)
            walk_from(&w, i);
    for (uint32_t i = 0; i < c->n; i++)
        walk_from(&w, i);
    set_levels(&w);
    count_ends(c);
    return true;
}

/* --- the order --- */

/* qsort has no argument: what is compared is moved, with its old place. */
struct placed {
    uint32_t level, at;
    struct mr_val date, number;
};

static int
by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = by_count(x->level, y->level);

    if (order == 0)
        order = by_value(x->date, y->date);
    return order != 0 ? order : by_value(x->number, y->number);
}

struct sorted_edge {
    uint32_t from, to, at;
};

static int
by_ends(const void *a, const void *b)
{
    const struct sorted_edge *x = a, *y = b;
    int order = by_count(x->from, y->from);

    return order != 0 ? order : by_count(x->to, y->to);
}

static bool
order_edges(struct chain *c)
{
    size_t n = c->n_edges;
    struct sorted_edge *keys = mr_alloc(&c->cx, (n + 1) * sizeof *keys);
    struct chain_edge *old = mr_alloc(&c->cx, (n + 1) * sizeof *old);

    if (keys == NULL || old == NULL)
        return false;
    memcpy(old, c->edges, n * sizeof *old);
    for (uint32_t i = 0; i < n; i++)
        keys[i] = (struct sorted_edge){ c->documents[old[i].from].place,
                                        c->documents[old[i].to].place, i };
    if (n > 1)
        qsort(keys, n, sizeof *keys, by_ends);
    for (uint32_t i = 0; i < n; i++)
        c->edges[i] = old[keys[i].at];
    return true;
}

static bool
order_documents(struct chain *c)
{
    struct placed *keys = mr_alloc(&c->cx, (c->n + 1) * sizeof *keys);

    if (keys == NULL)
        return false;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct chain_document *d = &c->documents[i];

        keys[i] = (struct placed){ d->level, i, d->fields[MR_DOCUMENT_DATE],
                                   d->fields[MR_DOCUMENT_NUMBER] };
    }
    if (c->n > 1)
        qsort(keys, c->n, sizeof *keys, by_place);
    for (uint32_t i = 0; i < c->n; i++) {
        c->order[i] = keys[i].at;
        c->documents[keys[i].at].place = i;
    }
    return true;
}

bool
chain_finish(struct chain *c)
{
    unique_steps(c);
    c->edges = mr_resize(&c->cx, NULL, (c->n_steps + 1) * sizeof *c->edges);
    c->order = mr_resize(&c->cx, NULL, (c->n + 1) * sizeof *c->order);
    if (c->edges == NULL || c->order == NULL)
        return false;
    memset(c->edges, 0, (c->n_steps + 1) * sizeof *c->edges);
    make_edges(c);
    for (uint32_t i = 0; i < c->n; i++)
        if (c->documents[i].fields[MR_DOCUMENT_AMOUNT].state != MR_HERE)
            add_up(c, i);
    return find_circles(c) && order_documents(c) && order_edges(c) &&
           c->cx.error.status == MR_OK;
}
