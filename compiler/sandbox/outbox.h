/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs on their way out of a system: queued in the store, sent in order for
 * each record and side by side for different ones, until they are accepted,
 * like a transactional queue of the real system. libcurl is known here alone.
 */
#ifndef SANDBOX_OUTBOX_H
#define SANDBOX_OUTBOX_H

#include "sandbox/message.h"

struct outbox;

struct outbox *outbox_new(struct store *store, struct site *site,
                          unsigned long packet);
void outbox_free(struct outbox *o);
/* Where messages go; basic authentication where user is not NULL. */
void outbox_to(struct outbox *o, const char *url, const char *user,
               const char *password);
void outbox_packet(struct outbox *o, unsigned long packet);

/* Makes an IDoc of the record and queues it, in the caller's transaction. */
bool outbox_add(struct outbox *o, struct arena *a, const struct kind *k,
                const struct row *row);
/* One that says that the record is gone. */
bool outbox_add_deleted(struct outbox *o, struct arena *a,
                        const struct kind *k, const struct row *row);
/* Queues without making it: what is sent is the record as it is then. */
bool outbox_add_later(struct outbox *o, const struct kind *k, int64_t record);
/* The store's queue was emptied. */
void outbox_forget(struct outbox *o);

/* All outboxes share one set of transfers. */
struct transfers;
struct transfers *transfers_new(void);
void transfers_free(struct transfers *t);
/* Waits for the transfers and for these descriptors. */
void transfers_wait(struct transfers *t, const int *fds, size_t n, int ms);
void transfers_run(struct transfers *t);
/* Starts what may start; the time until something may, -1: never. */
int64_t outbox_run(struct outbox *o, struct transfers *t);

#endif
