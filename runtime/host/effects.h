/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of a program's calls with one effect, beside its store. */
#ifndef HOST_EFFECTS_H
#define HOST_EFFECTS_H

#include "call/journal.h"
#include "host/config.h"

/* Where the configuration says; *out is NULL where no call needs one. HOST_OK,
 * or an exit code after saying why not. */
int effects_open(const struct host *h, struct config *c,
                 struct call_journal **out);

#endif
