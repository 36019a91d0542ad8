/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs to be sent: what the engine wrote gets the fields of the control record
 * that only the moment of sending knows, and several become one message.
 */
#ifndef PEER_IDOC_OUT_H
#define PEER_IDOC_OUT_H

#include <time.h>

#include "http/bytes.h"
#include "peer/op.h"

/* Adds the IDocs of an operation's document; the first of a message with what
 * stands before them. false: the document is no IDoc, or memory (b->failed). */
bool idoc_add(struct bytes *b, const struct mr_op *op, time_t now, bool first);
/* What stands behind them, taken from any of the message's documents. */
bool idoc_close(struct bytes *b, struct op_bytes document);
/* May these two stand in one message? */
bool idoc_joins(const struct mr_op *one, const struct mr_op *other);

#endif
