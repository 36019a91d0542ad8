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
/* The same by the type's name, which has no namespace. base: the name of the
 * type it stands on, or missing. */
bool metadata_entity(struct op_bytes text, const char *name,
                     struct op_bytes *type, struct mr_val *base);

/* What a set says of itself; false: there is none. */
struct metadata_set {
    bool creatable, updatable;
};
bool metadata_set(struct op_bytes text, const char *set,
                  struct metadata_set *out);

struct metadata_member {
    struct mr_val name;
    struct mr_val type;         /* "Edm.String"; missing: a navigation */
    uint32_t max;               /* MaxLength; 0: none */
    uint32_t precision, scale;  /* 0 where not given */
    bool nullable, creatable, updatable;
    bool given;                 /* the service fills it: a default, a number */
};

/* The next property or navigation; what is left of the type stands in `rest`.
 * false: there are no more. */
bool metadata_next(struct op_bytes *rest, struct metadata_member *out);
/* The one of this name; false: there is none. */
bool metadata_member(struct op_bytes type, const char *name,
                     struct metadata_member *out);
bool metadata_is_key(struct op_bytes type, const char *name);
/* How many properties there are, in all types. */
size_t metadata_count(struct op_bytes text);

#endif
