/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An XML schema document as a small tree in the arena: elements, attributes
 * and the prefixes in scope; text, comments and processing instructions are
 * dropped, because no schema says anything with them. All names are interned.
 */
#ifndef SCHEMA_XML_TREE_H
#define SCHEMA_XML_TREE_H

#include "schema/importer.h"

enum {
    XML_MAX_NODES = 2 * 1000 * 1000,
    XML_MAX_ATTRS = 8 * 1000 * 1000
};

struct xml_attr {
    const char *name, *ns;      /* ns NULL: no namespace */
    const char *value;
};

/* One prefix in scope; prefix NULL is the default namespace. */
struct xml_scope {
    const char *prefix, *uri;   /* uri NULL: undeclared */
    const struct xml_scope *outer;
};

struct xml_node {
    const char *name, *ns;
    const struct source *src;
    const struct xml_scope *scope;
    struct xml_node *first, *next;
    struct xml_attr *attrs;
    uint32_t n_attrs;
    uint32_t line;
};

/* The root element, or NULL after reporting. */
struct xml_node *xml_parse(struct importer *im, const struct source *src);

/* The value of an attribute without namespace; NULL where it is absent. The
 * name is any text. */
const char *xml_attr(const struct xml_node *n, const char *name);
/* The same for an attribute in a namespace. */
const char *xml_attr_ns(const struct xml_node *n, const char *ns,
                        const char *name);
/* The namespace that a prefix (NULL: the default) stands for at this node;
 * false where it is not declared. */
bool xml_prefix(const struct xml_node *n, const char *prefix, size_t len,
                const char **uri);

/* The place of a node: its line without the blanks around it. */
struct span xml_span(const struct importer *im, const struct xml_node *n);

#endif
