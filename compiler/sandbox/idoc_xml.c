/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the XML of a message to objects, checked on the way: known segments and
 * fields, how often they may occur, lengths, what must be there. An IDoc with
 * a mistake is refused with the line, the others of the message go on.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/idoc.h"
#include "sandbox/value.h"

struct reading {
    struct arena *arena;
    const char *wrong;
};

static void
fail(struct reading *rd, xmlNodePtr at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
fail(struct reading *rd, xmlNodePtr at, const char *fmt, ...)
{
    va_list args;

    if (rd->wrong != NULL)
        return;
    va_start(args, fmt);
    rd->wrong = arena_printf(rd->arena, "line %ld: %s", xmlGetLineNo(at),
                             arena_vprintf(rd->arena, fmt, args));
    va_end(args);
}

/* The text of an element without children; NULL where it has some. */
static const char *
text_of(struct reading *rd, xmlNodePtr node)
{
    xmlChar *text;
    const char *copy;
    size_t n;

    for (xmlNodePtr n_ = node->children; n_ != NULL; n_ = n_->next)
        if (n_->type == XML_ELEMENT_NODE || n_->type == XML_ENTITY_REF_NODE)
            return NULL;
    text = xmlNodeGetContent(node);
    if (text == NULL)
        return "";
    n = strlen((const char *)text);
    /* Blanks at the end are padding. */
    while (n > 0 && strchr(" \n\r\t", text[n - 1]) != NULL)
        n--;
    copy = arena_copy(rd->arena, (const char *)text, n);
    xmlFree(text);
    return copy;
}

static bool
is_listed(const struct type *t, const char *text)
{
    for (size_t i = 0; i < t->values.n; i++)
        if (strcmp(t->values.at[i], text) == 0)
            return true;
    return t->values.n == 0;
}

static void
take_value(struct reading *rd, const struct member *m, xmlNodePtr node,
           json_t *to)
{
    const char *text = text_of(rd, node);

    if (text == NULL) {
        fail(rd, node, "field %s holds elements", m->name);
        return;
    }
    if (json_object_get(to, m->name) != NULL) {
        fail(rd, node, "field %s stands twice", m->name);
        return;
    }
    if (strcmp(text, "/") != 0 && *text != '\0') {
        if (m->type.max_chars != UNBOUNDED &&
            value_characters(text, strlen(text)) > m->type.max_chars)
            fail(rd, node, "field %s is longer than %u characters", m->name,
                 (unsigned)m->type.max_chars);
        else if (!is_listed(&m->type, text))
            fail(rd, node, "field %s has a value that is not allowed",
                 m->name);
    }
    json_object_set_new(to, m->name, json_string(text));
}

static json_t *take_segment(struct reading *rd, const struct record *record,
                            xmlNodePtr node);

static void
put_segment(struct reading *rd, const struct member *m, xmlNodePtr node,
            json_t *to)
{
    json_t *segment = take_segment(rd, m->record, node);
    json_t *list = json_object_get(to, m->name);

    if (m->max <= 1) {
        if (list != NULL)
            fail(rd, node, "segment %s stands twice", m->name);
        json_object_set_new(to, m->name, segment);
        return;
    }
    if (list == NULL) {
        list = json_array();
        json_object_set_new(to, m->name, list);
    }
    if (json_array_size(list) >= m->max)
        fail(rd, node, "segment %s stands more than %u times", m->name,
             (unsigned)m->max);
    json_array_append_new(list, segment);
}

static void
check_complete(struct reading *rd, const struct record *record,
               xmlNodePtr node, const json_t *json)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];

        if (m->min > 0 && !m->attribute && !m->choice &&
            json_object_get(json, m->name) == NULL)
            fail(rd, node, "%s lacks %s", (const char *)node->name, m->name);
    }
}

static json_t *
take_segment(struct reading *rd, const struct record *record, xmlNodePtr node)
{
    json_t *json = json_object();

    for (xmlNodePtr n = node->children; n != NULL && rd->wrong == NULL;
         n = n->next) {
        const struct member *m;

        if (n->type == XML_ENTITY_REF_NODE)
            fail(rd, n, "an entity that nobody defined");
        if (n->type != XML_ELEMENT_NODE)
            continue;
        m = sb_idoc_member(record, (const char *)n->name);
        if (m == NULL)
            fail(rd, n, "%.40s has no %.40s", (const char *)node->name,
                 (const char *)n->name);
        else if (m->record != NULL)
            put_segment(rd, m, n, json);
        else
            take_value(rd, m, n, json);
    }
    check_complete(rd, record, node, json);
    return json;
}

static void
control_text(char *to, size_t size, const json_t *segments, const char *name)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(segments, "EDI_DC40"), name));

    snprintf(to, size, "%s", text == NULL ? "" : text);
}

static void
take_idoc(struct arena *a, struct idocs *list, xmlNodePtr node)
{
    struct reading rd = { .arena = a };
    struct idoc idoc = { .wrong = NULL };

    idoc.segments = take_segment(&rd, list->kind->path.at[1]->record, node);
    control_text(idoc.docnum, sizeof idoc.docnum, idoc.segments, "DOCNUM");
    control_text(idoc.sender, sizeof idoc.sender, idoc.segments, "SNDPRN");
    control_text(idoc.message, sizeof idoc.message, idoc.segments, "MESTYP");
    idoc.wrong = rd.wrong;
    if (idoc.wrong == NULL && idoc.docnum[0] == '\0')
        idoc.wrong = "the control record has no DOCNUM";
    if (idoc.wrong != NULL) {
        json_decref(idoc.segments);
        idoc.segments = NULL;
    }
    vec_push(a, &list->list, idoc);
}

static bool
take_message(struct arena *a, const struct site *site, xmlDocPtr doc,
             struct idocs *out, const char **wrong)
{
    xmlNodePtr root = xmlDocGetRootElement(doc);
    const char *name = root == NULL ? "" : (const char *)root->name;
    const struct kind *near;

    if (doc->intSubset != NULL) {
        *wrong = "a document type is not accepted";
        return false;
    }
    out->kind = site_kind(site, name, strlen(name));
    if (out->kind == NULL || out->kind->path.n < 2) {
        near = site_near(site, name);
        *wrong = arena_printf(a, "no message %.40s is known here%s%s%s", name,
                              near == NULL ? "" : "; did you mean ",
                              near == NULL ? "" : near->name,
                              near == NULL ? "" : "?");
        return false;
    }
    for (xmlNodePtr n = root->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)n->name, out->kind->path.at[1]->name) != 0) {
            *wrong = arena_printf(a, "line %ld: %.40s has no %.40s",
                                  xmlGetLineNo(n), name,
                                  (const char *)n->name);
            return false;
        }
        take_idoc(a, out, n);
    }
    if (out->list.n == 0)
        *wrong = "there is no IDoc in the message";
    return out->list.n > 0;
}

bool
sb_idocs_parse(struct arena *a, const struct site *site, const char *p,
               size_t n, struct idocs *out, const char **wrong)
{
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    xmlDocPtr doc = NULL;
    bool good;

    memset(out, 0, sizeof *out);
    if (ctxt != NULL)
        doc = xmlCtxtReadMemory(ctxt, p, (int)n, "message", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR |
                                    XML_PARSE_NOWARNING);
    if (doc == NULL) {
        const xmlError *e = ctxt == NULL ? NULL : xmlCtxtGetLastError(ctxt);

        *wrong = e == NULL || e->message == NULL
                     ? "it is no XML"
                     : arena_printf(a, "it is no XML: line %d, %.*s", e->line,
                                    (int)strcspn(e->message, "\n"),
                                    e->message);
        xmlFreeParserCtxt(ctxt);
        return false;
    }
    good = take_message(a, site, doc, out, wrong);
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(ctxt);
    return good;
}

void
sb_idocs_free(struct idocs *list)
{
    for (size_t i = 0; i < list->list.n; i++)
        json_decref(list->list.at[i].segments);
    list->list.n = 0;
}
