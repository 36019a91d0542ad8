/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapc.lock: which packages a program was made of, to the byte. It lies
 * beside the file that is built; without it nothing is compared.
 */
#ifndef DRIVER_LOCK_H
#define DRIVER_LOCK_H

#include "driver/session.h"

/* Its path. */
const char *lock_path(struct session *s, const char *file);
/* What it would hold for this program; NULL where no file in use is of a
 * package. */
const char *lock_text(struct session *s, const struct tprogram *p);
/* Reports what is not as it was locked. */
void lock_check(struct session *s, const struct tprogram *p,
                const char *file);

#endif
