/* SPDX-License-Identifier: Apache-2.0 */
/* Calls whose effect is to happen once for each key. */
#ifndef SEMA_ONCE_H
#define SEMA_ONCE_H

#include "sema/env.h"

/* After all calls were checked. */
void check_once(struct env *env);

#endif
