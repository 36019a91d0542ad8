/* SPDX-License-Identifier: Apache-2.0 */
/* Collects documents and steps; those of one number are one document. */
#include "call/chain.h"

enum { SLOTS = 2048 };          /* a power of two, twice the documents */

_Static_assert(SLOTS >= 2 * CHAIN_DOCUMENTS_MAX, "there is a free slot");

void
chain_init(struct chain *c, const struct mr_memory *memory)
{
    memset(c, 0, sizeof *c);
    mr_cx_init(&c->cx, memory);
}

void
chain_done(struct chain *c)
{
    mr_resize(&c->cx, c->documents, 0);
    mr_resize(&c->cx, c->steps, 0);
    mr_resize(&c->cx, c->slots, 0);
    mr_resize(&c->cx, c->edges, 0);
    mr_resize(&c->cx, c->order, 0);
    mr_cx_done(&c->cx);
    memset(c, 0, sizeof *c);
}

struct mr_val
chain_keep(struct chain *c, struct mr_val v)
{
    char *p = v.state == MR_HERE ? mr_alloc(&c->cx, v.n) : NULL;

    if (p == NULL)
        return mr_missing();
    memcpy(p, v.p, v.n);
    return mr_slice(p, v.n);
}

static bool
same(struct mr_val a, struct mr_val b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* FNV-1a. */
static uint32_t
hash_of(struct mr_val v)
{
    uint32_t h = 2166136261u;

    for (uint32_t i = 0; i < v.n; i++)
        h = (h ^ (unsigned char)v.p[i]) * 16777619u;
    return h;
}

/* --- documents --- */

static bool
room_for_document(struct chain *c)
{
    uint32_t room = c->room == 0 ? 32 : 2 * c->room;
    void *more;

    if (c->slots == NULL) {
        c->slots = mr_resize(&c->cx, NULL, SLOTS * sizeof *c->slots);
        if (c->slots == NULL)
            return false;
        memset(c->slots, 0, SLOTS * sizeof *c->slots);
    }
    if (c->n < c->room)
        return true;
    more = mr_resize(&c->cx, c->documents, room * sizeof *c->documents);
    if (more == NULL)
        return false;
    c->documents = more;
    c->room = room;
    return true;
}

/* The slot of this number, or the free one where it belongs. */
static uint32_t
slot_of(const struct chain *c, struct mr_val number)
{
    uint32_t at = hash_of(number) % SLOTS;

    while (c->slots[at] != 0 &&
           !same(c->documents[c->slots[at] - 1].fields[MR_DOCUMENT_NUMBER],
                 number))
        at = (at + 1) % SLOTS;
    return at;
}

struct chain_document *
chain_find(const struct chain *c, struct mr_val number)
{
    uint32_t at = c->slots == NULL ? 0 : slot_of(c, number);

    return c->slots == NULL || c->slots[at] == 0
               ? NULL : &c->documents[c->slots[at] - 1];
}

struct chain_document *
chain_document(struct chain *c, struct mr_val number)
{
    struct chain_document *d;
    uint32_t at;

    if (number.state != MR_HERE || !room_for_document(c))
        return NULL;
    at = slot_of(c, number);
    if (c->slots[at] != 0)
        return &c->documents[c->slots[at] - 1];
    if (c->n == CHAIN_DOCUMENTS_MAX) {
        c->cut = true;
        return NULL;
    }
    d = &c->documents[c->n];
    memset(d, 0, sizeof *d);
    d->fields[MR_DOCUMENT_NUMBER] = chain_keep(c, number);
    if (d->fields[MR_DOCUMENT_NUMBER].state != MR_HERE)
        return NULL;
    c->slots[at] = ++c->n;
    return d;
}

struct chain_document *
chain_describe(struct chain *c,
               const struct mr_val fields[MR_DOCUMENT_FIELDS])
{
    struct chain_document *d =
        chain_document(c, fields[MR_DOCUMENT_NUMBER]);

    if (d == NULL)
        return NULL;
    d->described = true;
    for (int i = 0; i < MR_DOCUMENT_AMOUNT; i++)
        if (d->fields[i].state != MR_HERE)
            d->fields[i] = chain_keep(c, fields[i]);
    /* An amount and its currency are of one row. */
    if (d->fields[MR_DOCUMENT_AMOUNT].state == MR_HERE ||
        fields[MR_DOCUMENT_AMOUNT].state != MR_HERE)
        return d;
    d->fields[MR_DOCUMENT_AMOUNT] =
        chain_keep(c, fields[MR_DOCUMENT_AMOUNT]);
    d->fields[MR_DOCUMENT_CURRENCY] =
        chain_keep(c, fields[MR_DOCUMENT_CURRENCY]);
    return d;
}

/* --- steps --- */

static bool
room_for_step(struct chain *c)
{
    uint32_t room = c->room_steps == 0 ? 64 : 2 * c->room_steps;
    void *more;

    if (c->n_steps == CHAIN_STEPS_MAX) {
        c->cut = true;
        return false;
    }
    if (c->n_steps < c->room_steps)
        return true;
    more = mr_resize(&c->cx, c->steps, room * sizeof *c->steps);
    if (more == NULL)
        return false;
    c->steps = more;
    c->room_steps = room;
    return true;
}

void
chain_step(struct chain *c, const struct mr_val fields[MR_DOCUMENT_FIELDS])
{
    const struct chain_document *from, *to;
    struct chain_step *s;
    uint32_t at;

    if (fields[MR_STEP_FROM].state != MR_HERE ||
        fields[MR_STEP_TO].state != MR_HERE || !room_for_step(c))
        return;
    from = chain_document(c, fields[MR_STEP_FROM]);
    at = from == NULL ? 0 : (uint32_t)(from - c->documents);
    to = from == NULL ? NULL : chain_document(c, fields[MR_STEP_TO]);
    if (to == NULL)
        return;
    s = &c->steps[c->n_steps++];
    s->from = at;
    s->to = (uint32_t)(to - c->documents);
    s->from_item = chain_keep(c, fields[MR_STEP_FROM_ITEM]);
    s->to_item = chain_keep(c, fields[MR_STEP_TO_ITEM]);
    s->amount = chain_keep(c, fields[MR_STEP_AMOUNT]);
    s->currency = chain_keep(c, fields[MR_STEP_CURRENCY]);
}
