/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of documents for programs, for terminals, and as a picture. */
#ifndef HOST_DOCFLOW_WORDS_H
#define HOST_DOCFLOW_WORDS_H

#include "call/docflow.h"

/* All of these: the chain is finished. false: memory ran out. */

/* {"asked": …, "documents": […], "steps": […], "messages": […], "complete":
 * true} and a line end. */
bool docflow_json(FILE *out, struct docflow *f);

/* What follows a document stands below it; one that follows several stands
 * below the first, and is named below the others. */
struct docflow_look {
    bool utf8;              /* lines, not `|-` */
    bool colours;
};
bool docflow_tree(FILE *out, struct docflow *f,
                  const struct docflow_look *look);

/* SVG 1.1, from left to right. */
bool docflow_svg(FILE *out, struct docflow *f);

/* --- what these share (docflow_words.c) --- */

/* "99.50": with the currency's decimals, where it has some. */
struct mr_val docflow_amount(struct docflow *f, const struct mr_val *fields);
/* The edges that lead away from a document, in their order; *n of them. */
const struct chain_edge *docflow_edges(const struct chain *c,
                                       uint32_t document, uint32_t *n);

#endif
