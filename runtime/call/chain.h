/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of documents: what follows what, from the inquiry to the invoice.
 * Documents and steps are put in as they come, in any order and several times;
 * chain_finish makes one picture of them. No I/O.
 */
#ifndef CALL_CHAIN_H
#define CALL_CHAIN_H

#include "mr/call.h"
#include "mr/cx.h"
#include "mr/val.h"

enum { CHAIN_DOCUMENTS_MAX = 1000, CHAIN_STEPS_MAX = 10000 };

struct chain_document {
    struct mr_val fields[MR_DOCUMENT_FIELDS];
    bool described;             /* a row was about it; else only steps name it */
    bool asked;                 /* the system was asked for it, or will be */
    bool added_up;              /* its amount is that of the steps to it */
    uint32_t depth;             /* of asking: 0 is what the user named */
    /* By chain_finish: */
    uint32_t level;             /* steps from the beginning, by the longest way */
    uint32_t place;             /* in `order` */
    uint32_t n_from, n_to;      /* edges to it and from it, without `back` */
};

/* A row: one item of a document that became one of another. */
struct chain_step {
    uint32_t from, to;
    struct mr_val from_item, to_item, amount, currency;
};

/* All steps between two documents. */
struct chain_edge {
    uint32_t from, to;
    uint32_t n;                 /* steps */
    bool back;                  /* it would close a circle */
    struct mr_val amount, currency;     /* added up; missing where there is
                                           none, or they are of two kinds */
};

struct chain {
    struct mr_cx cx;            /* owns all of it */
    struct chain_document *documents;
    struct chain_step *steps;
    uint32_t n, n_steps, room, room_steps;
    uint32_t *slots;            /* by the hash of a number: its place + 1 */
    bool cut;                   /* there was more than the limits allow */
    /* By chain_finish: */
    struct chain_edge *edges;   /* by the places of their ends */
    uint32_t n_edges;
    uint32_t *order;            /* what comes before stands before; then by
                                   date, then by number */
};

/* memory NULL: malloc. */
void chain_init(struct chain *c, const struct mr_memory *memory);
void chain_done(struct chain *c);

/* The document of this number, put in where it is not there. NULL: no number,
 * too many (c->cut), or memory (c->cx.error). */
struct chain_document *chain_document(struct chain *c, struct mr_val number);
/* NULL: there is none. */
struct chain_document *chain_find(const struct chain *c, struct mr_val number);
/* What a row says of a document: what was said first stays. */
struct chain_document *
chain_describe(struct chain *c,
               const struct mr_val fields[MR_DOCUMENT_FIELDS]);
/* What a row says of a step, MR_STEP_FROM and so on. */
void chain_step(struct chain *c,
                const struct mr_val fields[MR_DOCUMENT_FIELDS]);
/* A copy that lives as long as the chain. */
struct mr_val chain_keep(struct chain *c, struct mr_val v);

/* --- chain_order.c --- */

/* When all is in: edges, levels, the order, amounts. false: memory. */
bool chain_finish(struct chain *c);

#endif
