/* SPDX-License-Identifier: Apache-2.0 */
/* Is a service still what the program was compiled for, rule by rule? */
#ifndef PEER_ODATA_DRIFT_H
#define PEER_ODATA_DRIFT_H

#include "peer/peer.h"

/* Reports what changed of what the program's rules rely on, and one line that
 * counts. text: a $metadata that is whole. false: something breaks a rule. */
bool odata_drift(const char *system, struct op_bytes text,
                 const struct mr_program *program,
                 const struct peer_report *report);

#endif
