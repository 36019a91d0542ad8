/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libxml2's SAX2 events become a tree in the arena. A document type is refused
 * as soon as it is seen, so no entity is ever defined, fetched or expanded.
 * The only file of the compiler proper that includes libxml2.
 */
#include "schema/xml_tree.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>

enum { OPEN_MAX_DEPTH = 256, URI_CACHE = 16 };

struct builder {
    struct importer *im;
    const struct source *src;
    xmlParserCtxtPtr ctxt;
    struct xml_node *root;
    struct xml_node *open[OPEN_MAX_DEPTH];
    struct xml_node **tail[OPEN_MAX_DEPTH];
    const struct xml_scope *scope[OPEN_MAX_DEPTH];
    size_t depth, nodes, attrs;
    bool stopped;
    /* libxml2 gives the same pointer for the same name within one document */
    struct {
        const xmlChar *from;
        const char *to;
    } cache[1024];
};

static const char *
interned(struct builder *b, const xmlChar *p)
{
    if (p == NULL)
        return NULL;

    size_t i = ((uintptr_t)p >> 3) % (sizeof b->cache / sizeof b->cache[0]);
    if (b->cache[i].from != p) {
        b->cache[i].from = p;
        b->cache[i].to = intern_text(b->im->names, (const char *)p);
    }
    return b->cache[i].to;
}

static struct span
here(const struct builder *b)
{
    int line = b->ctxt->input != NULL ? b->ctxt->input->line : 0;

    return import_span(b->src, line > 0 ? (uint32_t)line : 0);
}

static void
stop(struct builder *b)
{
    b->stopped = true;
    xmlStopParser(b->ctxt);
}

static void
on_doctype(void *data, const xmlChar *name, const xmlChar *external,
           const xmlChar *system)
{
    struct builder *b = data;
    (void)name, (void)external, (void)system;

    if (b->stopped)
        return;
    struct diag *d = diag_add(b->im->ds, DIAG_SCHEMA_DOCTYPE, here(b),
                              "the schema has a document type (DOCTYPE)");
    diag_note(d, NOTE_HELP,
              "remove the <!DOCTYPE ...> part; no schema format needs it");
    stop(b);
}

static void
too_large(struct builder *b, const char *what)
{
    import_too_large(b->im, here(b), what);
    stop(b);
}

static const struct xml_scope *
push_scope(struct builder *b, int n, const xmlChar **list)
{
    const struct xml_scope *outer = b->depth > 0 ? b->scope[b->depth - 1]
                                                 : NULL;
    for (int i = 0; i < n; i++) {
        struct xml_scope *s = arena_alloc(b->im->arena, sizeof *s);

        s->prefix = interned(b, list[2 * i]);
        s->uri = interned(b, list[2 * i + 1]);
        if (s->uri != NULL && *s->uri == '\0')
            s->uri = NULL;
        s->outer = outer;
        outer = s;
    }
    return outer;
}

/* Most values in metadata are one of two words. */
static const char *
copy_value(struct builder *b, const char *p, size_t n)
{
    if (n == 4 && memcmp(p, "true", 4) == 0)
        return "true";
    if (n == 5 && memcmp(p, "false", 5) == 0)
        return "false";
    return arena_copy(b->im->arena, p, n);
}

static void
copy_attrs(struct builder *b, struct xml_node *n, int count,
           const xmlChar **list)
{
    n->n_attrs = (uint32_t)count;
    n->attrs = arena_alloc(b->im->arena, (size_t)count * sizeof *n->attrs);
    for (int i = 0; i < count; i++, list += 5) {
        n->attrs[i].name = interned(b, list[0]);
        n->attrs[i].ns = interned(b, list[2]);
        n->attrs[i].value = copy_value(b, (const char *)list[3],
                                       (size_t)(list[4] - list[3]));
    }
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *uri, int n_ns, const xmlChar **namespaces, int n_attrs,
         int n_defaulted, const xmlChar **attrs)
{
    struct builder *b = data;
    (void)prefix, (void)n_defaulted;

    if (b->stopped)
        return;
    b->attrs += (size_t)n_attrs;
    if (b->depth == OPEN_MAX_DEPTH) {
        too_large(b, "elements are nested more than 256 deep");
        return;
    }
    if (++b->nodes > XML_MAX_NODES || b->attrs > XML_MAX_ATTRS) {
        too_large(b, "the file has more than 2,000,000 elements");
        return;
    }
    struct xml_node *n = arena_alloc(b->im->arena, sizeof *n);
    n->name = interned(b, name);
    n->ns = interned(b, uri);
    n->src = b->src;
    n->line = b->ctxt->input->line > 0 ? (uint32_t)b->ctxt->input->line : 0;
    n->scope = push_scope(b, n_ns, namespaces);
    if (n_attrs > 0)
        copy_attrs(b, n, n_attrs, attrs);
    if (b->depth == 0) {
        b->root = n;
    } else {
        *b->tail[b->depth - 1] = n;
        b->tail[b->depth - 1] = &n->next;
    }
    b->open[b->depth] = n;
    b->tail[b->depth] = &n->first;
    b->scope[b->depth++] = n->scope;
}

static void
on_end(void *data, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *uri)
{
    struct builder *b = data;
    (void)name, (void)prefix, (void)uri;

    if (!b->stopped && b->depth > 0)
        b->depth--;
}

/* libxml2's sentence as it stands, without its line end. */
static void
on_error(void *data, xmlErrorPtr e)
{
    struct builder *b = data;

    if (b->stopped || e == NULL || e->level < XML_ERR_ERROR)
        return;

    const char *text = e->message != NULL ? e->message : "not well-formed";
    size_t n = strcspn(text, "\r\n");
    struct diag *d = diag_add(b->im->ds, DIAG_SCHEMA_SYNTAX,
                              import_span(b->src, e->line > 0
                                                      ? (uint32_t)e->line : 0),
                              "the schema is not well-formed XML");
    diag_label_here(d, "%.*s", (int)(n < 200 ? n : 200), text);
    diag_note(d, NOTE_HELP, "export the schema again, or repair this line");
    stop(b);
}

static xmlEntityPtr
on_entity(void *data, const xmlChar *name)
{
    (void)data;
    return xmlGetPredefinedEntity(name);
}

static void
set_handlers(xmlSAXHandlerPtr sax)
{
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    sax->internalSubset = on_doctype;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->getEntity = on_entity;
    sax->serror = on_error;
}

struct xml_node *
xml_parse(struct importer *im, const struct source *src)
{
    struct builder *b = arena_alloc(im->arena, sizeof *b);
    size_t errors = diags_errors(im->ds);

    b->im = im;
    b->src = src;
    if (src->n == 0 || src->n > INT_MAX) {
        import_too_large(im, import_span(src, 1),
                         "the file has no usable size");
        return NULL;
    }
    b->ctxt = xmlCreateMemoryParserCtxt(src->bytes, (int)src->n);
    if (b->ctxt == NULL) {
        diag_add(im->ds, DIAG_SCHEMA_SYNTAX, import_span(src, 1),
                 "the schema is not readable as XML");
        return NULL;
    }
    xmlCtxtUseOptions(b->ctxt, XML_PARSE_NONET | XML_PARSE_NOCDATA);
    set_handlers(b->ctxt->sax);
    b->ctxt->userData = b;
    xmlParseDocument(b->ctxt);

    bool ok = !b->stopped && b->ctxt->wellFormed && b->root != NULL;
    if (!ok && diags_errors(im->ds) == errors)
        diag_add(im->ds, DIAG_SCHEMA_SYNTAX, here(b),
                 "the schema is not well-formed XML");
    if (b->ctxt->myDoc != NULL)
        xmlFreeDoc(b->ctxt->myDoc);
    b->ctxt->myDoc = NULL;
    xmlFreeParserCtxt(b->ctxt);
    return ok ? b->root : NULL;
}

const char *
xml_attr(const struct xml_node *n, const char *name)
{
    for (uint32_t i = 0; i < n->n_attrs; i++)
        if (n->attrs[i].ns == NULL && strcmp(n->attrs[i].name, name) == 0)
            return n->attrs[i].value;
    return NULL;
}

const char *
xml_attr_ns(const struct xml_node *n, const char *ns, const char *name)
{
    for (uint32_t i = 0; i < n->n_attrs; i++)
        if (n->attrs[i].ns != NULL && strcmp(n->attrs[i].name, name) == 0 &&
            strcmp(n->attrs[i].ns, ns) == 0)
            return n->attrs[i].value;
    return NULL;
}

bool
xml_prefix(const struct xml_node *n, const char *prefix, size_t len,
           const char **uri)
{
    for (const struct xml_scope *s = n->scope; s != NULL; s = s->outer) {
        bool same = prefix == NULL
                        ? s->prefix == NULL
                        : s->prefix != NULL &&
                              strncmp(s->prefix, prefix, len) == 0 &&
                              s->prefix[len] == '\0';
        if (same) {
            *uri = s->uri;
            return true;
        }
    }
    *uri = NULL;
    return prefix == NULL;
}

struct span
xml_span(const struct importer *im, const struct xml_node *n)
{
    (void)im;
    return import_span(n->src, n->line);
}
