/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an envelope to the parameters of a function module, checked on the way
 * against the WSDL: known elements, how often, lengths, numbers, dates. A
 * mistake refuses the call, as the words of a fault.
 */
#include <libxml/parser.h>
#include <string.h>

#include "sandbox/idoc.h"
#include "sandbox/soap.h"

enum { MOST_DEPTH = 20 };

struct reading {
    struct arena *arena;
    struct soap_call *call;
    unsigned depth;
};

static void
fail(struct reading *rd, const xmlNode *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
fail(struct reading *rd, const xmlNode *at, const char *fmt, ...)
{
    va_list args;

    if (rd->call->wrong != NULL)
        return;
    va_start(args, fmt);
    rd->call->wrong = arena_printf(rd->arena, "line %ld: %s",
                                   xmlGetLineNo(at),
                                   arena_vprintf(rd->arena, fmt, args));
    va_end(args);
}

static bool
is_named(const xmlNode *n, const char *ns, const char *name)
{
    const char *has = n->ns == NULL ? NULL : (const char *)n->ns->href;

    if (strcmp((const char *)n->name, name) != 0)
        return false;
    return ns == NULL ? has == NULL : has != NULL && strcmp(has, ns) == 0;
}

/* The first element from here on; NULL. */
static const xmlNode *
element(const xmlNode *n)
{
    while (n != NULL && n->type != XML_ELEMENT_NODE)
        n = n->next;
    return n;
}

static json_t *take_record(struct reading *rd, const struct record *record,
                           const xmlNode *node);

static json_t *
take_value(struct reading *rd, const struct member *m, const xmlNode *node)
{
    const char *wrong;
    xmlChar *text;
    json_t *value;

    for (const xmlNode *n = node->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE || n->type == XML_ENTITY_REF_NODE)
            fail(rd, n, "%s holds more than a value", m->name);
    text = xmlNodeGetContent(node);
    value = json_string(text == NULL ? "" : (const char *)text);
    wrong = sb_soap_value(rd->arena, m, text == NULL ? "" : (char *)text);
    if (wrong != NULL)
        fail(rd, node, "%s %s", m->name, wrong);
    xmlFree(text);
    return value;
}

static void
put(struct reading *rd, const struct member *m, const xmlNode *node,
    json_t *to)
{
    json_t *list = json_object_get(to, m->name), *value;

    if (list != NULL && (m->max <= 1 || json_array_size(list) >= m->max)) {
        fail(rd, node, "there are too many of %s", m->name);
        return;
    }
    value = m->record == NULL ? take_value(rd, m, node)
                              : take_record(rd, m->record, node);
    if (m->max <= 1) {
        json_object_set_new(to, m->name, value);
        return;
    }
    if (list == NULL) {
        list = json_array();
        json_object_set_new(to, m->name, list);
    }
    json_array_append_new(list, value);
}

static void
check_complete(struct reading *rd, const struct record *record,
               const xmlNode *node, const json_t *json)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];

        if (m->min > 0 && !m->attribute && !m->content && !m->choice &&
            json_object_get(json, m->name) == NULL)
            fail(rd, node, "%.40s lacks %s", (const char *)node->name,
                 m->name);
    }
}

static json_t *
take_record(struct reading *rd, const struct record *record,
            const xmlNode *node)
{
    json_t *json = json_object();

    if (++rd->depth > MOST_DEPTH)
        fail(rd, node, "elements stand too deep");
    for (const xmlNode *n = node->children;
         n != NULL && rd->call->wrong == NULL; n = n->next) {
        const struct member *m;

        if (n->type == XML_ENTITY_REF_NODE)
            fail(rd, n, "an entity that nobody defined");
        if (n->type != XML_ELEMENT_NODE)
            continue;
        m = sb_idoc_member(record, (const char *)n->name);
        if (m == NULL || m->attribute || m->content ||
            !is_named(n, m->ns, m->name))
            fail(rd, n, "%.40s has no %.40s", (const char *)node->name,
                 (const char *)n->name);
        else
            put(rd, m, n, json);
    }
    check_complete(rd, record, node, json);
    rd->depth--;
    return json;
}

static const struct operation *
find_operation(const struct schema *schema, const xmlNode *n)
{
    for (size_t i = 0; i < schema->operations.n; i++) {
        const struct operation *o = &schema->operations.at[i];

        if (o->unfit == NULL && o->method == NULL &&
            is_named(n, o->input->ns, o->input->name))
            return o;
    }
    return NULL;
}

/* A header that has to be understood is not: nothing is known of any. */
static bool
is_demanding(const xmlNode *header)
{
    for (const xmlNode *n = element(header->children); n != NULL;
         n = element(n->next)) {
        xmlChar *must = xmlGetNsProp(n, (const xmlChar *)"mustUnderstand",
                                     (const xmlChar *)SOAP_NS);
        bool demands = must != NULL && strcmp((char *)must, "1") == 0;

        xmlFree(must);
        if (demands)
            return true;
    }
    return false;
}

static void
take_envelope(struct reading *rd, const struct schema *schema,
              const xmlNode *root)
{
    struct soap_call *call = rd->call;
    const xmlNode *n = element(root->children), *body;

    if (!is_named(root, SOAP_NS, "Envelope")) {
        call->code = "VersionMismatch";
        fail(rd, root, "no envelope of SOAP 1.1");
        return;
    }
    if (n != NULL && is_named(n, SOAP_NS, "Header")) {
        if (is_demanding(n)) {
            call->code = "MustUnderstand";
            fail(rd, n, "a header that is not known here");
            return;
        }
        n = element(n->next);
    }
    if (n == NULL || !is_named(n, SOAP_NS, "Body")) {
        fail(rd, root, "the envelope has no body");
        return;
    }
    body = element(n->children);
    if (body == NULL || element(body->next) != NULL) {
        fail(rd, n, "the body is not one element");
        return;
    }
    call->operation = find_operation(schema, body);
    if (call->operation == NULL)
        fail(rd, body, "there is no function module %.60s here",
             (const char *)body->name);
    else
        call->input = take_record(rd, call->operation->input->record, body);
}

bool
sb_soap_parse(struct arena *a, const struct site *site, const char *p,
              size_t n, struct soap_call *call)
{
    struct reading rd = { .arena = a, .call = call };
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    xmlDocPtr doc = NULL;
    const xmlNode *root;

    memset(call, 0, sizeof *call);
    call->code = "Client";
    if (ctxt != NULL)
        doc = xmlCtxtReadMemory(ctxt, p, (int)n, "request", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR |
                                    XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    if (root == NULL)
        call->wrong = "it is no XML";
    else if (doc->intSubset != NULL)
        call->wrong = "a document type is not accepted";
    else
        take_envelope(&rd, site->system->schema, root);
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(ctxt);
    if (call->wrong != NULL) {
        json_decref(call->input);
        call->input = NULL;
    }
    return call->input != NULL;
}
