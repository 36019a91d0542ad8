/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema file of an OData system once more: names of entity sets, rights
 * of sets and the sap:filterable of properties are of no use to a map and not
 * in the imported model, but a service has to know them. Its text is also what
 * $metadata answers.
 */
#include "sandbox/metadata.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#define SAP_NS "http://www.sap.com/Protocols/SAPData"

static const char *
attribute(struct model *m, xmlNodePtr node, const char *ns, const char *name)
{
    xmlChar *v = ns == NULL
                     ? xmlGetNoNsProp(node, (const xmlChar *)name)
                     : xmlGetNsProp(node, (const xmlChar *)name,
                                    (const xmlChar *)ns);
    const char *copy = NULL;

    if (v != NULL)
        copy = arena_copy(m->arena, (const char *)v, strlen((const char *)v));
    xmlFree(v);
    return copy;
}

static bool
is(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static bool
denied(struct model *m, xmlNodePtr node, const char *right)
{
    const char *v = attribute(m, node, SAP_NS, right);

    return v != NULL && (strcmp(v, "false") == 0 || strcmp(v, "0") == 0);
}

static void
read_type(struct model *m, struct site *site, xmlNodePtr node, const char *ns)
{
    const char *name = attribute(m, node, NULL, "Name");
    struct kind *k = name == NULL ? NULL : site_kind(site, name, strlen(name));

    if (k == NULL)
        return;
    k->full = arena_printf(m->arena, "%s.%s", ns, name);
    for (xmlNodePtr p = node->children; p != NULL; p = p->next) {
        const char *property;
        const struct field *f;

        if (!is(p, "Property") || !denied(m, p, "filterable"))
            continue;
        property = attribute(m, p, NULL, "Name");
        f = property == NULL ? NULL
                             : kind_field(k, property, strlen(property));
        if (f != NULL)
            k->fields.at[f - k->fields.at].filterable = false;
    }
}

static void
read_set(struct model *m, struct site *site, xmlNodePtr node)
{
    const char *name = attribute(m, node, NULL, "Name");
    const char *type = attribute(m, node, NULL, "EntityType");
    const char *dot = type == NULL ? NULL : strrchr(type, '.');
    struct kind *k = dot == NULL
                         ? NULL
                         : site_kind(site, dot + 1, strlen(dot + 1));

    if (name == NULL || k == NULL)
        return;
    k->set = name;
    k->creatable = !denied(m, node, "creatable");
    k->updatable = !denied(m, node, "updatable");
    k->deletable = !denied(m, node, "deletable");
}

static void
read_schema(struct model *m, struct site *site, xmlNodePtr schema)
{
    const char *ns = attribute(m, schema, NULL, "Namespace");

    for (xmlNodePtr n = schema->children; n != NULL; n = n->next) {
        if (is(n, "EntityType"))
            read_type(m, site, n, ns == NULL ? "" : ns);
        if (!is(n, "EntityContainer"))
            continue;
        for (xmlNodePtr s = n->children; s != NULL; s = s->next)
            if (is(s, "EntitySet"))
                read_set(m, site, s);
    }
}

static void
read_below(struct model *m, struct site *site, xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (is(n, "Schema"))
            read_schema(m, site, n);
        else if (n->type == XML_ELEMENT_NODE)
            read_below(m, site, n);
    }
}

static bool
read_text(struct model *m, struct site *site, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf text;
    char part[16384];
    size_t n;

    if (f == NULL) {
        fprintf(stderr, "mapc sandbox: %s can't be read\n", path);
        return false;
    }
    buf_init(&text, m->arena);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&text, part, n);
    fclose(f);
    site->metadata = text.at;
    site->metadata_n = text.n;
    return true;
}

bool
metadata_read(struct model *m, struct site *site, const char *path)
{
    xmlDocPtr doc;

    if (!read_text(m, site, path))
        return false;
    doc = xmlReadMemory(site->metadata, (int)site->metadata_n, path, NULL,
                        XML_PARSE_NONET | XML_PARSE_NOERROR |
                            XML_PARSE_NOWARNING);
    if (doc == NULL || xmlDocGetRootElement(doc) == NULL) {
        fprintf(stderr, "mapc sandbox: %s is no metadata\n", path);
        xmlFreeDoc(doc);
        return false;
    }
    /* A document of one Schema, or one in an Edmx. */
    if (is(xmlDocGetRootElement(doc), "Schema"))
        read_schema(m, site, xmlDocGetRootElement(doc));
    else
        read_below(m, site, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    return true;
}
