/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the reader of OData $metadata. */
#ifndef SCHEMA_EDMX_H
#define SCHEMA_EDMX_H

#include "schema/edm_type.h"

#define META_NS "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
#define SAP_NS "http://www.sap.com/Protocols/SAPData"

struct def;

struct edmx {
    struct importer *im;
    bool v4;
    VEC(const struct xml_node *) schemas;
    VEC(struct def *) defs;
    struct table by_name;       /* "Namespace.Name" and "Alias.Name" */
    struct table assocs;        /* associations have names of their own */
    struct table notes;         /* "Namespace.Type/Member" -> Annotations */
    struct table core;          /* aliases of the core vocabulary */
};

/* What a type name in the metadata means. */
struct use {
    bool many, left_out;
    enum skipped why;
    struct record *record;
    struct type type;
    enum wire wire;
};

/* Is it this element of the metadata? */
bool edmx_is(const struct xml_node *n, const char *name);
/* The attribute, which has to be there; NULL after reporting. */
const char *edmx_need(struct edmx *x, const struct xml_node *n,
                      const char *attr);
/* What this type name means; false after reporting. */
bool edmx_use(struct edmx *x, const struct xml_node *n, const char *name,
              struct use *u);

/* --- edmx_function.c --- */

/* The function imports of version 2, when all records are filled. */
void edmx_functions(struct edmx *x, const struct xml_node *container);

#endif
