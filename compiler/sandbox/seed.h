/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up records that the deployment's maps can map. */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H

#include "sandbox/message.h"

struct seed_wish {
    uint64_t number;            /* the same makes the same records */
    unsigned flawed;            /* percent of them that no map takes */
    size_t bytes;               /* attachments have at least so many */
};

/* Each "erp.DEBMAS06=1000", ended by NULL. false after saying what is wrong. */
bool seed_fill(struct model *m, struct store *store, const char *const *what,
               const struct seed_wish *wish);

#endif
