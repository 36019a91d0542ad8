/* SPDX-License-Identifier: Apache-2.0 */
/* The file beside a store that says which program has it open for writing. */
#ifndef STORE_SQLITE_LOCK_H
#define STORE_SQLITE_LOCK_H

#include "mr/cx.h"

/* *out is to be closed when the store was. MR_EUSAGE: another program has
 * it. */
enum mr_status sqlite_lock(struct mr_cx *cx, const char *file, int *out);
/* The file itself: a regular one, made (mode 0600) where it isn't there. */
enum mr_status sqlite_make_file(struct mr_cx *cx, const char *file,
                                bool read_only);

#endif
