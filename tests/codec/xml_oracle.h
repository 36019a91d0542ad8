/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libxml2 says to documents of xml_shapes.h, and what the decoder here
 * does, in the same words.
 *
 * Where the two differ on purpose, libxml2's answer is mended or not asked:
 * - streams: documents may follow each other, and there may be none at all;
 *   libxml2 is asked again from where the first document ended;
 * - <!DOCTYPE is refused here, whatever stands in it;
 * - another document element, or a mapped field twice, is refused here;
 * - a byte 0 is no character of XML, but behind the document libxml2 takes it
 *   for the end;
 * - libxml2 goes on after a breach of namespaces; here it is refused. It also
 *   wants namespace names to be URIs and xml:id to be a name, which the
 *   recommendation does not; and it takes the version "1.";
 * - an encoding other than UTF-8 is one for the rest of the stream; those have
 *   a test of their own, and none is made here.
 * Limits (depth, attributes, sizes) are out of reach of the made documents.
 */
#ifndef TESTS_CODEC_XML_ORACLE_H
#define TESTS_CODEC_XML_ORACLE_H

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "codec/xml_run.h"
#include "value/wire.h"

enum answer { TAKEN, REFUSED, NO_ANSWER };

struct oracle {
    xmlParserCtxtPtr parser;
    const struct mr_doc *doc;
    struct mr_cx cx;
    struct test_text out;
    const char *p;
    bool refused, other_encoding;
    size_t start;       /* of the last document that was asked about */
    long broken;        /* what libxml2 had read of it when it found its first
                           mistake; -1: none */
    long next;          /* where the next document begins; 0: there is none */
};

/* --- what libxml2 says --- */

static bool
is_member(const struct oracle *o, const struct mr_member *m,
          const xmlChar *name, const xmlNs *ns)
{
    const char *uri = ns == NULL || ns->href == NULL ? ""
                                                     : (const char *)ns->href;

    return strcmp((const char *)name, m->name) == 0 &&
           strcmp(uri, o->doc->namespaces[m->ns]) == 0;
}

static bool
is_blank(const char *p)
{
    return p[strspn(p, " \t\n")] == '\0';
}

static void
oracle_value(struct oracle *o, const struct mr_member *m, struct mr_val *slot,
             const char *text)
{
    size_t n = strlen(text);
    char *copy = mr_alloc(&o->cx, n + 64);

    if (copy == NULL)
        abort();
    memcpy(copy, text, n + 1);
    if (o->doc->nodata != NULL && strcmp(text, o->doc->nodata) == 0)
        *slot = mr_missing();
    else if (m->wire != MR_WIRE_TEXT)
        *slot = mr_wire_in(&o->cx, (enum mr_wire)m->wire,
                           mr_slice(copy, (uint32_t)n));
    else if (n == 0 || (o->doc->format == MR_IDOC && is_blank(text)))
        *slot = mr_empty();
    else
        *slot = mr_slice(copy, (uint32_t)n);
}

/* The text right inside of an element; true: there are elements, too. */
static bool
own_text(const xmlNode *e, struct test_text *t)
{
    bool mixed = false;

    test_say_words(t, "");
    for (const xmlNode *c = e->children; c != NULL; c = c->next) {
        mixed |= c->type == XML_ELEMENT_NODE;
        if ((c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) &&
            c->content != NULL)
            test_say_words(t, (const char *)c->content);
    }
    return mixed;
}

static void
oracle_field(struct oracle *o, const struct mr_member *m, struct mr_val *slot,
             const xmlNode *e)
{
    struct test_text t = { NULL, 0, 0 };

    if (own_text(e, &t) && !m->content) {
        char *copy = mr_alloc(&o->cx, t.n + 1);

        memcpy(copy, t.p, t.n + 1);
        *slot = mr_failed(mr_slice(copy, (uint32_t)t.n), MR_WHY_NOT_TEXT);
    } else {
        oracle_value(o, m, slot, t.p);
    }
    free(t.p);
}

static void
oracle_attribute(struct oracle *o, const struct mr_member *m,
                 struct mr_val *slot, const xmlNode *e)
{
    for (xmlAttr *a = e->properties; a != NULL; a = a->next) {
        xmlChar *text;

        if (!is_member(o, m, a->name, a->ns))
            continue;
        text = xmlNodeGetContent((xmlNode *)a);
        oracle_value(o, m, slot, (const char *)text);
        xmlFree(text);
    }
}

static void oracle_record(struct oracle *o, const struct mr_shape *shape,
                          char *record, const xmlNode *e);

/* The elements that member m is. */
static void
oracle_member(struct oracle *o, const struct mr_member *m, char *at,
              const xmlNode *e)
{
    struct mr_rows *rows = (struct mr_rows *)(void *)at;
    int found = 0;

    for (const xmlNode *c = e->children; c != NULL; c = c->next) {
        if (c->type != XML_ELEMENT_NODE || !is_member(o, m, c->name, c->ns))
            continue;
        found++;
        if (m->kind == MR_VALUE) {
            oracle_field(o, m, (struct mr_val *)(void *)at, c);
        } else if (m->kind == MR_ONE) {
            oracle_record(o, m->shape, at, c);
        } else {
            char *row = mr_row_add(&o->cx, rows, m->shape->size);

            rows->state = MR_HERE;
            oracle_record(o, m->shape, row, c);
        }
    }
    if (found > 1 && m->kind != MR_MANY)
        o->refused = true;
    if (found == 0 && m->kind == MR_VALUE && o->doc->format == MR_IDOC)
        *(struct mr_val *)(void *)at = mr_empty();
}

static void
oracle_record(struct oracle *o, const struct mr_shape *shape, char *record,
              const xmlNode *e)
{
    for (uint32_t i = 0; i < shape->n_read; i++) {
        const struct mr_member *m = &shape->read[i];
        char *at = record + m->offset;

        if (m->content)
            oracle_field(o, m, (struct mr_val *)(void *)at, e);
        else if (m->attribute)
            oracle_attribute(o, m, (struct mr_val *)(void *)at, e);
        else
            oracle_member(o, m, at, e);
    }
}

static void
oracle_path(struct oracle *o, unsigned level, const xmlNode *e)
{
    char record[1024] = { 0 };

    if (!is_member(o, &o->doc->path[level], e->name, e->ns)) {
        o->refused |= level == 0;
        return;
    }
    if (level + 1 < o->doc->n_path) {
        for (const xmlNode *c = e->children; c != NULL; c = c->next)
            if (c->type == XML_ELEMENT_NODE)
                oracle_path(o, level + 1, c);
        return;
    }
    oracle_record(o, o->doc->shape, record, e);
    xml_say_record(&o->out, o->doc->shape, record);
    test_say_words(&o->out, "\n");
}

/* Where does the next document begin, if that is what the error is about? */
static long
next_document(const struct oracle *o, const xmlError *e)
{
    const xmlNode *root = o->parser->myDoc == NULL
                              ? NULL : xmlDocGetRootElement(o->parser->myDoc);
    long at;

    if (root == NULL || o->parser->nameNr != 0 ||
        (e->code != XML_ERR_DOCUMENT_END &&
         e->code != XML_ERR_RESERVED_XML_NAME))
        return 0;
    at = xmlByteConsumed(o->parser);
    if (e->code == XML_ERR_DOCUMENT_END)
        return at;
    if (at > 5 && memcmp(o->p + at - 5, "<?xml", 5) == 0)
        return at - 5;
    return 0;
}

static void
take_error(void *arg, xmlErrorPtr e)
{
    struct oracle *o = arg;

    if (e->level < XML_ERR_ERROR || e->code == XML_WAR_NS_URI ||
        e->code == XML_DTD_XMLID_VALUE || e->code == XML_DTD_ID_REDEFINED ||
        o->refused || o->next != 0)
        return;
    o->next = next_document(o, e);
    o->refused = o->next == 0;
    /* While another encoding is read, libxml2's buffer is on the move. */
    if (o->refused && e->domain != XML_FROM_I18N)
        o->broken = xmlByteConsumed(o->parser);
}

/* One document at p; o->next is set where another one follows it. */
static void
ask_once(struct oracle *o, const char *p, size_t n)
{
    xmlDocPtr doc;

    o->p = p;
    o->next = 0;
    o->broken = -1;
    xmlCtxtReset(o->parser);
    xmlSetStructuredErrorFunc(o, take_error);
    doc = xmlCtxtReadMemory(o->parser, p, (int)n, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_RECOVER);
    if (doc == NULL || doc->intSubset != NULL)
        o->refused = true;
    if (doc != NULL && doc->encoding != NULL &&
        strcasecmp((const char *)doc->encoding, "UTF-8") != 0)
        o->other_encoding = true;
    if (!o->refused)
        oracle_path(o, 0, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
}

static enum answer
ask_oracle(struct oracle *o, const char *p, size_t n)
{
    size_t at = 0;

    if (memchr(p, '\0', n) != NULL)
        return REFUSED;
    do {
        size_t rest = at;

        if (n - at >= 3 && memcmp(p + at, "\xef\xbb\xbf", 3) == 0)
            rest += 3;
        rest += strspn(p + rest, " \t\r\n");
        if (rest == n)
            return TAKEN;
        o->start = at;
        ask_once(o, p + at, n - at);
        at += (size_t)o->next;
    } while (o->next != 0 && !o->refused);
    if (o->other_encoding)
        return NO_ANSWER;
    return o->refused ? REFUSED : TAKEN;
}

/* --- what came out here --- */

/* Reads to the first error; TAKEN or REFUSED, and what was said. */
static enum answer
ask_decoder(struct mr_cx *cx, const struct mr_doc *doc, struct test_source *s,
            struct test_text *t, char *why, long *records)
{
    struct mr_input in;
    struct mr_reader r;
    char record[1024];
    enum mr_status st;

    cx->error.status = MR_OK;           /* of an earlier stream */
    mr_input_init(&in, test_source_read, s);
    in.limit = 32768;
    mr_reader_init(&r, &in, doc);
    for (;;) {
        mr_cx_next(cx);
        st = mr_reader_next(cx, &r, record);
        if (st != MR_OK)
            break;
        (*records)++;
        xml_say_record(t, doc->shape, record);
        test_say_words(t, "\n");
    }
    snprintf(why, sizeof cx->error.text, "%s", cx->error.text);
    mr_reader_done(cx, &r);
    mr_input_done(cx, &in);
    return st == MR_END ? TAKEN : REFUSED;
}

#endif
