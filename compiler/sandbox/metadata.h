/* SPDX-License-Identifier: Apache-2.0 */
/* What $metadata says about a service beyond the imported schema. */
#ifndef SANDBOX_METADATA_H
#define SANDBOX_METADATA_H

#include "sandbox/model.h"

/* Entity sets with their rights, the namespace of types, fields that may not
 * stand in a filter. false after saying on standard error what is wrong. */
bool metadata_read(struct model *m, struct site *site, const char *path);

#endif
