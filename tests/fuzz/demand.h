/* SPDX-License-Identifier: Apache-2.0 */
/* What has to hold of every input; where it does not, that is a finding. The
 * reason goes past stdio: a target may have turned that away. */
#ifndef TESTS_FUZZ_DEMAND_H
#define TESTS_FUZZ_DEMAND_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define DEMAND(holds) demand((holds), __FILE__, __LINE__, #holds)

static inline void
demand(bool holds, const char *file, int line, const char *what)
{
    if (holds)
        return;
    dprintf(2, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

#endif
