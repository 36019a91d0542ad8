/* SPDX-License-Identifier: Apache-2.0 */
/* The primitive types of OData, versions 2 and 4. */
#ifndef SCHEMA_EDM_TYPE_H
#define SCHEMA_EDM_TYPE_H

#include "schema/importer.h"
#include "schema/xml_tree.h"

enum edm_found {
    EDM_VALUE,          /* type and wire are set */
    EDM_LEFT_OUT,       /* known, but no map can use it: see `why` */
    EDM_UNKNOWN
};

/* The primitive type "Edm.<name>" without its facets. */
enum edm_found edm_primitive(const char *name, bool v4, struct type *t,
                             enum wire *w, enum skipped *why);

/* Applies MaxLength, Precision, Scale as written at `n` to t; reports facts
 * that make no sense. */
void edm_facets(struct importer *im, const struct xml_node *n, bool v4,
                struct type *t);

#endif
