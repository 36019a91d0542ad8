/* SPDX-License-Identifier: Apache-2.0 */
/* Do the code tables still have the codes of a service? */
#ifndef PEER_ODATA_CODES_H
#define PEER_ODATA_CODES_H

#include "peer/odata_task.h"

/* Reads the code lists of all fields that code tables are used for, and
 * reports codes without a row and rows without a code, rule by rule, with a
 * line that counts. false: a list can't be read, or a rule writes a code that
 * is gone. */
bool odata_codes(struct odata *o, const struct mr_program *program,
                 const struct peer_report *report);

#endif
