/* SPDX-License-Identifier: Apache-2.0 */
/* The systems of a deployment on this machine, to try its maps on. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "sema/typed.h"

/* What a record may hold. */
enum { SANDBOX_BYTES = 40 * 1000 * 1000 };

struct sandbox_options {
    const char *const *seeds;   /* "erp.DEBMAS06=1000", ended by NULL */
    const char *const *deliver; /* "erp=http://…", ended by NULL */
    const char *data, *faults, *config, *ready;     /* files, or NULL */
    unsigned long port;         /* of the first system; 0: any */
    unsigned long seed_number;
    unsigned long flawed;       /* percent of records that can't be mapped */
    unsigned long bytes;        /* least of made-up attachments */
    unsigned long packet;       /* IDocs in one message */
    unsigned long stop_after;   /* seconds; 0: never */
};

enum sandbox_exit { SANDBOX_OK, SANDBOX_USAGE, SANDBOX_UNWRITTEN };

/* Serves until it is stopped by a signal or its time is over. What is wrong is
 * said on standard error. */
enum sandbox_exit sandbox_run(struct arena *a, const struct tprogram *program,
                              const struct sandbox_options *options);

#endif
