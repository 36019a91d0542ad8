/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service's $metadata as text with places in it: enough to ask whether a set
 * and its properties are there.
 */
#ifndef PEER_ODATA_METADATA_H
#define PEER_ODATA_METADATA_H

#include "peer/op.h"

/* Why this is not the $metadata of a service of OData 2; NULL: it may be. */
const char *metadata_complaint(struct op_bytes text);
/* What stands between <EntityType …> and its end, of a set's type. false: the
 * service has no such set, or no such type. */
bool metadata_type(struct op_bytes text, const char *set,
                   struct op_bytes *type);
/* Is there a property or navigation of this name? Its MaxLength, 0 where it has
 * none. */
bool metadata_member(struct op_bytes type, const char *name, uint32_t *max);

#endif
