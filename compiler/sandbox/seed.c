/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up records: which object, how many. */
#include "sandbox/seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
seed_fill(struct model *m, struct store *store, const char *what,
          uint64_t number, unsigned flawed)
{
    (void)m, (void)store, (void)number, (void)flawed;
    fprintf(stderr, "mapc sandbox: --seed %s: no records can be made up\n",
            what);
    return false;
}
