/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the three parts of the XSD reader share: documents with their
 * namespace, definitions by kind and name, and the value or record that an
 * element's type is.
 */
#ifndef SCHEMA_XSD_H
#define SCHEMA_XSD_H

#include "schema/importer.h"
#include "schema/xml_tree.h"

#define XSD_NS "http://www.w3.org/2001/XMLSchema"
#define XML_NS "http://www.w3.org/XML/1998/namespace"

struct xsd_doc {
    const struct xml_node *root;
    const char *tns;            /* target namespace; of the including document
                                   where this one has none */
    bool adopted;               /* that is so */
    bool elements_qualified, attributes_qualified;
};

enum xsd_kind {
    XSD_ELEMENT, XSD_TYPE, XSD_GROUP, XSD_ATTRIBUTE, XSD_ATTRIBUTE_GROUP,
    XSD_KINDS
};

enum xsd_state { XSD_NEW, XSD_BUSY, XSD_DONE };

/* A value type while it is derived. */
struct xsd_value {
    struct type type;
    enum wire wire;
};

struct xsd_def {
    const struct xml_node *node;
    const struct xsd_doc *doc;
    const char *name;           /* local; the path of an anonymous type */
    enum xsd_state state;
    struct record *record;      /* of a complex type, once it is used */
    struct xsd_value value;     /* of a simple type, once it is DONE */
    struct xsd_def *anonymous;  /* an element's own complex type */
    VEC(struct xsd_def *) substitutes;  /* elements that may stand for it */
};

struct xsd {
    struct importer *im;
    VEC(struct xsd_doc *) docs;
    VEC(struct xsd_def *) defs[XSD_KINDS];
    struct table by_name[XSD_KINDS];    /* "{ns}name" */
    VEC(struct xsd_def *) queue;        /* complex types whose record waits */
    int heads;                  /* elements asked for their head's type */
};

/* The type of an element or attribute. */
struct xsd_use {
    struct record *record;      /* NULL: a value */
    struct xsd_value value;
};

/* --- names (xsd.c) --- */

bool xsd_is(const struct xml_node *n, const char *name);
/* A required attribute; NULL after reporting. */
const char *xsd_need(struct xsd *x, const struct xml_node *n,
                     const char *attr);
/* Splits a qualified name at n; false after reporting an unknown prefix. */
bool xsd_qname(struct xsd *x, const struct xsd_doc *doc,
               const struct xml_node *n, const char *text, const char **ns,
               const char **local);
/* The definition that `text` names at n; NULL after reporting. */
struct xsd_def *xsd_find(struct xsd *x, const struct xsd_doc *doc,
                         const struct xml_node *n, enum xsd_kind kind,
                         const char *text);
void xsd_report_circle(struct xsd *x, const struct xml_node *n,
                       const char *what);

/* --- WSDL (wsdl.c) --- */

#define WSDL_NS "http://schemas.xmlsoap.org/wsdl/"

/* The operations, when all roots are known. */
void wsdl_operations(struct xsd *x, const struct xml_node *root);

/* --- values (xsd_value.c) --- */

/* A type of the XSD namespace; false where it is not a value type. */
bool xsd_builtin(const char *local, struct xsd_value *out);
/* A <simpleType>; after a mistake the type is TYPE_ERROR. */
void xsd_simple(struct xsd *x, const struct xsd_doc *doc,
                const struct xml_node *n, int depth, struct xsd_value *out);
/* A simple type by name. */
void xsd_simple_named(struct xsd *x, const struct xsd_doc *doc,
                      const struct xml_node *n, const char *name, int depth,
                      struct xsd_value *out);
/* The facets below a <restriction>. */
void xsd_facets(struct xsd *x, const struct xml_node *n,
                struct xsd_value *v);
/* fixed="..." and whether the value may be empty. */
void xsd_finish_value(struct xsd *x, const struct xml_node *n,
                      struct xsd_value *v);

/* --- records (xsd_record.c) --- */

/* The type of an element declaration (not of a ref). `path` names an
 * anonymous type. */
void xsd_element_use(struct xsd *x, struct xsd_def *element, const char *path,
                     struct xsd_use *out);
/* Fills the records that wait, until none does. */
void xsd_fill_all(struct xsd *x);

#endif
