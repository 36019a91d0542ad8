/* SPDX-License-Identifier: Apache-2.0 */
/* Results of connectors that give nothing back but an outcome and a line of
 * text: a queue that keeps them until they are collected. */
#ifndef PEER_RESULTS_H
#define PEER_RESULTS_H

#include "peer/op.h"

struct result_node;

struct results {
    struct mr_memory memory;
    struct result_node *first, *last, *given;
    struct result_node *spare;          /* reserved */
};

void results_init(struct results *q, const struct mr_memory *memory);
void results_done(struct results *q);
/* Room for one result, so that an operation that was taken will have its own.
 * false: memory. */
bool results_reserve(struct results *q);
/* Uses a room that was reserved. The text is copied, and cut where it is
 * long. */
void results_add(struct results *q, const struct mr_op *op,
                 enum op_outcome outcome, const char *text,
                 uint32_t retry_after);
bool results_take(struct results *q, struct op_result *out);

#endif
