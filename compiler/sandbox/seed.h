/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up records that the deployment's maps can map. */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H

#include "sandbox/message.h"

/* Each "erp.DEBMAS06=1000", ended by NULL. The same seed makes the same
 * records; `flawed` percent of them have something that no map takes. false
 * after saying what is wrong. */
bool seed_fill(struct model *m, struct store *store, const char *const *what,
               uint64_t seed, unsigned flawed);

#endif
