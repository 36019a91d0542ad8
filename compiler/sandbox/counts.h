/* SPDX-License-Identifier: Apache-2.0 */
/* What has happened at one system since it started or was reset. */
#ifndef SANDBOX_COUNTS_H
#define SANDBOX_COUNTS_H

#include "sandbox/faults.h"

struct counts {
    uint64_t requests[N_TRAFFIC];       /* HTTP requests, parts of a batch */
    uint64_t reads, creates, updates, deletes;      /* records */
    uint64_t duplicates;        /* second creations with one key, refused */
    uint64_t refused;           /* other requests with a mistake in them */
    uint64_t stale;             /* 412 for an ETag that was no longer true */
    uint64_t idocs, repeated;   /* taken; taken again without effect */
    uint64_t queued, delivered, delivery_failures;
};

/* What was written since `before` was taken back. */
static inline void
counts_undo(struct counts *c, const struct counts *before)
{
    c->creates = before->creates;
    c->updates = before->updates;
    c->deletes = before->deletes;
    c->idocs = before->idocs;
}

#endif
