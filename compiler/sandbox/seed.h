/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up records that the deployment's maps can map. */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H

#include "sandbox/message.h"

/* "erp.DEBMAS06=1000"; false after saying what is wrong. */
bool seed_fill(struct model *m, struct store *store, const char *what,
               uint64_t number, unsigned flawed);

#endif
