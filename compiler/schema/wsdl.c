/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of a WSDL 1.1 document: which element goes there, which one
 * comes back, what SOAPAction says. They are those of its bindings to SOAP 1.1
 * (WSDL 1.1, section 3); other bindings (SOAP 1.2, HTTP GET) say the same once
 * more. Only bodies of one element (document/literal) can be called; others
 * keep the reason, told to who calls them.
 */
#include <string.h>

#include "schema/xsd.h"

#define SOAP11_NS "http://schemas.xmlsoap.org/wsdl/soap/"

struct wsdl {
    struct xsd *x;
    const struct xml_node *root;
    const struct xsd_doc *doc;      /* of qualified names outside of schemas */
};

static bool
is_wsdl(const struct xml_node *n, const char *name)
{
    return strcmp(n->name, name) == 0 && n->ns != NULL &&
           strcmp(n->ns, WSDL_NS) == 0;
}

static const struct xml_node *
child(const struct xml_node *n, const char *ns, const char *name)
{
    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        if (strcmp(c->name, name) == 0 && c->ns != NULL &&
            strcmp(c->ns, ns) == 0)
            return c;
    return NULL;
}

/* The <message> or <portType> that an attribute of n names; NULL after
 * reporting. */
static const struct xml_node *
named(struct wsdl *w, const struct xml_node *n, const char *attr,
      const char *kind)
{
    const char *text = xsd_need(w->x, n, attr), *ns, *local;

    if (text == NULL || !xsd_qname(w->x, w->doc, n, text, &ns, &local))
        return NULL;
    for (const struct xml_node *c = w->root->first; c != NULL; c = c->next) {
        const char *name = is_wsdl(c, kind) ? xml_attr(c, "name") : NULL;

        if (name != NULL && strcmp(name, local) == 0)
            return c;
    }
    struct diag *d = diag_add(w->x->im->ds, DIAG_SCHEMA_UNKNOWN,
                              xml_span(w->x->im, n),
                              "there is no %s %.200s in this WSDL", kind,
                              local);
    diag_note(d, NOTE_HELP, "export the service as one file: parts that stand "
              "in other files (wsdl:import) are not read");
    return NULL;
}

/* The root with this element's name and namespace. */
static const struct member *
root_of(struct wsdl *w, const struct xsd_def *def)
{
    const struct schema *s = w->x->im->schema;

    for (size_t i = 0; i < s->roots.n; i++)
        if (s->roots.at[i].name == def->name &&
            s->roots.at[i].ns == def->doc->tns)
            return &s->roots.at[i];
    return NULL;
}

/* Does <soap:body parts="a b"> leave this part out? */
static bool
left_out(const struct xml_node *body, const char *part)
{
    const char *parts = body == NULL ? NULL : xml_attr(body, "parts");
    size_t len = part == NULL ? 0 : strlen(part);

    if (parts == NULL)
        return false;
    for (;;) {
        parts += strspn(parts, " \t\r\n");
        size_t n = strcspn(parts, " \t\r\n");

        if (n == 0)
            return true;
        if (n == len && memcmp(parts, part, n) == 0)
            return false;
        parts += n;
    }
}

/* The element that a message puts into the body. NULL: *unfit says why, or it
 * was reported. */
static const struct member *
message_element(struct wsdl *w, const struct xml_node *message,
                const struct xml_node *body, const char **unfit)
{
    const struct xml_node *part = NULL;
    size_t parts = 0;

    for (const struct xml_node *c = message->first; c != NULL; c = c->next)
        if (is_wsdl(c, "part") && !left_out(body, xml_attr(c, "name"))) {
            part = c;
            parts++;
        }
    if (parts != 1 || xml_attr(part, "element") == NULL) {
        *unfit = parts != 1 ? "its body is not one element"
                            : "its body is a type, not an element";
        return NULL;
    }
    const struct xsd_def *def = xsd_find(w->x, w->doc, part, XSD_ELEMENT,
                                         xml_attr(part, "element"));
    const struct member *m = def == NULL ? NULL : root_of(w, def);
    if (m != NULL && m->record != NULL)
        return m;
    *unfit = "its body is a value, not a record";
    return NULL;
}

/* One of the two messages: `way` is input or output. False: *unfit. */
static bool
read_message(struct wsdl *w, const struct xml_node *port_op,
             const struct xml_node *bound, const char *way,
             const struct member **out, const char **unfit)
{
    const struct xml_node *decl = child(port_op, WSDL_NS, way);
    const struct xml_node *at = child(bound, WSDL_NS, way);
    const struct xml_node *body = at == NULL ? NULL
                                             : child(at, SOAP11_NS, "body");
    const char *use = body == NULL ? NULL : xml_attr(body, "use");

    *out = NULL;
    if (decl == NULL)
        return true;
    if (use != NULL && strcmp(use, "literal") != 0) {
        *unfit = "its body is encoded by SOAP's own rules (use=\"encoded\")";
        return false;
    }
    const struct xml_node *message = named(w, decl, "message", "message");
    if (message == NULL) {
        *unfit = "its message is not in this file";
        return false;
    }
    *out = message_element(w, message, body, unfit);
    return *out != NULL;
}

static const struct xml_node *
find_operation(const struct xml_node *port, const char *name)
{
    for (const struct xml_node *c = port->first; c != NULL; c = c->next) {
        const char *n = is_wsdl(c, "operation") ? xml_attr(c, "name") : NULL;

        if (n != NULL && strcmp(n, name) == 0)
            return c;
    }
    return NULL;
}

static void
read_operation(struct wsdl *w, const struct xml_node *port,
               const struct xml_node *bound, const char *style)
{
    struct importer *im = w->x->im;
    const struct xml_node *soap = child(bound, SOAP11_NS, "operation");
    const char *name = xsd_need(w->x, bound, "name");
    const char *own = soap == NULL ? NULL : xml_attr(soap, "style");
    const char *action = soap == NULL ? NULL : xml_attr(soap, "soapAction");
    const struct xml_node *port_op;

    if (name == NULL ||
        schema_operation(im->schema, intern_text(im->names, name)) != NULL)
        return;
    struct operation o = { .name = intern_text(im->names, name),
                           .action = action == NULL ? "" : action,
                           .line = bound->line };
    style = own != NULL ? own : style;
    port_op = find_operation(port, name);
    if (port_op == NULL)
        o.unfit = "its port type does not have it";
    else if (style != NULL && strcmp(style, "document") != 0)
        o.unfit = "it has the style rpc";
    else if (read_message(w, port_op, bound, "input", &o.input, &o.unfit) &&
             o.input == NULL)
        o.unfit = "it takes no message";
    else if (o.unfit == NULL)
        read_message(w, port_op, bound, "output", &o.output, &o.unfit);
    vec_push(im->arena, &im->schema->operations, o);
}

static void
read_binding(struct wsdl *w, const struct xml_node *binding)
{
    const struct xml_node *soap = child(binding, SOAP11_NS, "binding");
    const struct xml_node *port;

    if (soap == NULL)
        return;
    port = named(w, binding, "type", "portType");
    for (const struct xml_node *c = binding->first; c != NULL && port != NULL;
         c = c->next)
        if (is_wsdl(c, "operation"))
            read_operation(w, port, c, xml_attr(soap, "style"));
}

void
wsdl_operations(struct xsd *x, const struct xml_node *root)
{
    struct xsd_doc doc = { .root = root };
    struct wsdl w = { x, root, &doc };

    for (const struct xml_node *c = root->first; c != NULL; c = c->next)
        if (is_wsdl(c, "binding"))
            read_binding(&w, c);
}
