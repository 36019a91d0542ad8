/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XSD documents: includes and imports, the table of definitions, qualified
 * names, and the global elements as roots. Also the schemas inside a WSDL.
 */
#include "schema/xsd.h"

#include <string.h>

enum { NAME_MAX_CHARS = 255 };

bool
xsd_is(const struct xml_node *n, const char *name)
{
    return strcmp(n->name, name) == 0 && n->ns != NULL &&
           strcmp(n->ns, XSD_NS) == 0;
}

bool
xsd_is_root(const struct xml_node *root)
{
    return xsd_is(root, "schema") ||
           (strcmp(root->name, "definitions") == 0 && root->ns != NULL &&
            strcmp(root->ns, WSDL_NS) == 0);
}

const char *
xsd_need(struct xsd *x, const struct xml_node *n, const char *attr)
{
    const char *v = xml_attr(n, attr);

    if (v != NULL && *v != '\0' && strlen(v) <= NAME_MAX_CHARS)
        return v;
    struct diag *d = diag_add(
        x->im->ds, DIAG_SCHEMA_INCOMPLETE, xml_span(x->im, n),
        v == NULL || *v == '\0' ? "this %s has no %s"
                                : "this %s has a %s of more than 255 bytes",
        n->name, attr);
    diag_note(d, NOTE_HELP, "export the schema again, or correct it");
    return NULL;
}

bool
xsd_qname(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n,
          const char *text, const char **ns, const char **local)
{
    text += strspn(text, " \t\r\n");
    size_t len = strcspn(text, " \t\r\n");
    const char *colon = memchr(text, ':', len);

    *ns = NULL;
    if (colon == NULL) {
        xml_prefix(n, NULL, 0, ns);
        if (*ns == NULL && doc->adopted)
            *ns = doc->tns;
        *local = intern(x->im->names, text, len);
        return true;
    }
    size_t at = (size_t)(colon - text);
    *local = intern(x->im->names, colon + 1, len - at - 1);
    if (xml_prefix(n, text, at, ns))
        return true;
    if (at == 3 && memcmp(text, "xml", 3) == 0) {
        *ns = XML_NS;
        return true;
    }
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_UNKNOWN,
                              xml_span(x->im, n),
                              "the prefix %.*s is not declared",
                              (int)(at < 100 ? at : 100), text);
    diag_note(d, NOTE_HELP, "declare it with xmlns:... in the schema file");
    return false;
}

static const char *
key_of(struct xsd *x, const char *ns, const char *name)
{
    return intern_text(x->im->names,
                       arena_printf(x->im->arena, "{%s}%s",
                                    ns != NULL ? ns : "", name));
}

static const char *
kind_word(enum xsd_kind kind)
{
    switch (kind) {
    case XSD_ELEMENT: return "element";
    case XSD_TYPE: return "type";
    case XSD_GROUP: return "group";
    case XSD_ATTRIBUTE: return "attribute";
    case XSD_ATTRIBUTE_GROUP: return "attribute group";
    case XSD_KINDS: break;
    }
    return "";
}

struct xsd_def *
xsd_find(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n,
         enum xsd_kind kind, const char *text)
{
    const char *ns, *local;

    if (!xsd_qname(x, doc, n, text, &ns, &local))
        return NULL;
    struct xsd_def *def = table_find(&x->by_name[kind],
                                     key_of(x, ns, local));
    if (def != NULL)
        return def;
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_UNKNOWN,
                              xml_span(x->im, n),
                              "there is no %s %.200s in this schema",
                              kind_word(kind), local);
    if (ns == NULL)
        diag_note(d, NOTE_FACT, "it is looked for without a namespace");
    else if (strcmp(ns, XSD_NS) == 0)
        diag_note(d, NOTE_FACT, "it is looked for in XML Schema's own "
                  "namespace");
    else
        diag_note(d, NOTE_FACT, "it is looked for in the namespace %.200s",
                  ns);
    diag_note(d, NOTE_HELP, "add the file that has it with include or import, "
              "or correct the name");
    return NULL;
}

void
xsd_report_circle(struct xsd *x, const struct xml_node *n, const char *what)
{
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_CIRCLE,
                              xml_span(x->im, n), "this %s never ends", what);
    diag_note(d, NOTE_HELP, "types and groups may stand on each other up to "
              "64 deep, and not in a circle");
}

/* --- documents --- */

static void
define(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n,
       enum xsd_kind kind)
{
    const char *name = xsd_need(x, n, "name");

    if (name == NULL)
        return;
    const char *key = key_of(x, doc->tns, name);
    struct xsd_def *old = table_find(&x->by_name[kind], key);
    if (old != NULL) {
        struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_REDEFINED,
                                  xml_span(x->im, n),
                                  "the %s %s is defined twice",
                                  kind_word(kind), name);
        diag_label_here(d, "the second");
        diag_label(d, xml_span(x->im, old->node), "the first");
        diag_note(d, NOTE_HELP, "remove one of them; or include one file only "
                  "once");
        return;
    }
    struct xsd_def *def = arena_alloc(x->im->arena, sizeof *def);
    def->node = n;
    def->doc = doc;
    def->name = intern_text(x->im->names, name);
    table_put(x->im->arena, &x->by_name[kind], key, def);
    vec_push(x->im->arena, &x->defs[kind], def);
}

static void load_doc(struct xsd *x, const struct xml_node *root,
                     const char *tns);

/* Already read for this namespace? */
static bool
is_loaded(const struct xsd *x, const struct source *src, const char *tns)
{
    for (size_t i = 0; i < x->docs.n; i++)
        if (x->docs.at[i]->root->src == src &&
            (x->docs.at[i]->tns == tns || !x->docs.at[i]->adopted))
            return true;
    return false;
}

static void
follow(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n)
{
    bool import = xsd_is(n, "import");
    const char *location = xml_attr(n, "schemaLocation"),
               *ns = xml_attr(n, "namespace");
    struct span at = xml_span(x->im, n);

    if (import && (location == NULL || (ns != NULL && !strcmp(ns, XML_NS))))
        return;
    if (location == NULL)
        location = xsd_need(x, n, "schemaLocation");
    if (location == NULL || x->im->too_large)
        return;
    const char *path = import_resolve(x->im, n->src, location, at);
    const struct source *src = path != NULL ? import_load(x->im, path, at)
                                            : NULL;
    if (src == NULL || is_loaded(x, src, doc->tns))
        return;
    if (x->docs.n >= IMPORT_MAX_FILES) {
        import_too_large(x->im, at, "it includes more than 1,000 files");
        return;
    }
    struct xml_node *root = xml_parse(x->im, src);
    if (root == NULL)
        return;
    if (xsd_is(root, "schema")) {
        load_doc(x, root, import ? NULL : doc->tns);
        return;
    }
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FORMAT,
                              xml_span(x->im, root),
                              "the included file %s is not an XSD", path);
    diag_label(d, at, "included here");
    diag_note(d, NOTE_HELP, "correct the schemaLocation");
}

static void
read_child(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n)
{
    static const struct {
        const char *name;
        enum xsd_kind kind;
    } kinds[] = {
        { "element", XSD_ELEMENT },
        { "simpleType", XSD_TYPE },
        { "complexType", XSD_TYPE },
        { "group", XSD_GROUP },
        { "attribute", XSD_ATTRIBUTE },
        { "attributeGroup", XSD_ATTRIBUTE_GROUP },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (xsd_is(n, kinds[i].name)) {
            define(x, doc, n, kinds[i].kind);
            return;
        }
    if (xsd_is(n, "include") || xsd_is(n, "import")) {
        follow(x, doc, n);
    } else if (xsd_is(n, "redefine") || xsd_is(n, "override")) {
        struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_INCOMPLETE,
                                  xml_span(x->im, n),
                                  "mapc does not read %s", n->name);
        diag_note(d, NOTE_HELP, "write the changed types into the included "
                  "file");
    }
}

static bool
is_qualified(const struct xml_node *root, const char *attr)
{
    const char *form = xml_attr(root, attr);

    return form != NULL && strcmp(form, "qualified") == 0;
}

static void
load_doc(struct xsd *x, const struct xml_node *root, const char *tns)
{
    struct xsd_doc *doc = arena_alloc(x->im->arena, sizeof *doc);
    const char *own = xml_attr(root, "targetNamespace");

    doc->root = root;
    doc->adopted = own == NULL && tns != NULL;
    doc->tns = own != NULL ? intern_text(x->im->names, own) : tns;
    doc->elements_qualified = is_qualified(root, "elementFormDefault");
    doc->attributes_qualified = is_qualified(root, "attributeFormDefault");
    vec_push(x->im->arena, &x->docs, doc);
    for (const struct xml_node *n = root->first; n != NULL; n = n->next)
        read_child(x, doc, n);
}

static void
load_wsdl(struct xsd *x, const struct xml_node *root)
{
    for (const struct xml_node *t = root->first; t != NULL; t = t->next)
        if (strcmp(t->name, "types") == 0)
            for (const struct xml_node *n = t->first; n != NULL; n = n->next)
                if (xsd_is(n, "schema"))
                    load_doc(x, n, NULL);
}

/* --- substitution groups and roots --- */

static void
link_substitutes(struct xsd *x)
{
    for (size_t i = 0; i < x->defs[XSD_ELEMENT].n; i++) {
        struct xsd_def *e = x->defs[XSD_ELEMENT].at[i];
        const char *head = xml_attr(e->node, "substitutionGroup");

        if (head == NULL)
            continue;
        struct xsd_def *of = xsd_find(x, e->doc, e->node, XSD_ELEMENT, head);
        if (of != NULL)
            vec_push(x->im->arena, &of->substitutes, e);
    }
}

/* Roots are the global elements of the first document and of those that have
 * its namespace; of a WSDL, those of all its schemas. */
static void
add_roots(struct xsd *x, bool wsdl)
{
    for (size_t i = 0; i < x->defs[XSD_ELEMENT].n; i++) {
        struct xsd_def *e = x->defs[XSD_ELEMENT].at[i];
        const char *abstract = xml_attr(e->node, "abstract");
        struct xsd_use use;

        if ((!wsdl && e->doc->tns != x->docs.at[0]->tns) ||
            (abstract != NULL && strcmp(abstract, "true") == 0))
            continue;
        xsd_element_use(x, e, e->name, &use);
        struct member m = { .name = e->name, .ns = e->doc->tns,
                            .record = use.record, .type = use.value.type,
                            .wire = use.value.wire, .min = 1, .max = 1,
                            .required = true, .creatable = true,
                            .updatable = true,
                            .file = import_file(e->node->src),
                            .line = e->node->line };
        model_add_root(x->im, m);
    }
}

void
import_xsd(struct importer *im, const struct xml_node *root)
{
    struct xsd x = { .im = im };
    bool wsdl = !xsd_is(root, "schema");

    im->schema->format = SCHEMA_XSD;
    if (wsdl)
        load_wsdl(&x, root);
    else
        load_doc(&x, root, NULL);
    if (x.docs.n == 0)
        return;
    im->schema->qualified = x.docs.at[0]->elements_qualified;
    link_substitutes(&x);
    add_roots(&x, wsdl);
    xsd_fill_all(&x);
    model_index_roots(im);
    im->schema->wsdl = wsdl;
    if (wsdl)
        wsdl_operations(&x, root);
}
