/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for the benchmark: the sample account, compact as services send
 * it, many times with another number and name, one document a line.
 *   make_docs json|xml SAMPLE COUNT >FILE
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
make_json(const char *sample, long count)
{
    json_error_t error;
    json_t *file = json_load_file(sample, 0, &error);
    json_t *entity = json_array_get(
        json_object_get(json_object_get(file, "d"), "results"), 0);

    if (entity == NULL) {
        fprintf(stderr, "%s: %s\n", sample, error.text);
        return 1;
    }
    for (long i = 0; i < count; i++) {
        char number[24], name[48];

        snprintf(number, sizeof number, "%ld", 1000000 + i);
        snprintf(name, sizeof name, "Muster %ld & Söhne", i);
        json_object_set_new(entity, "AccountID", json_string(number));
        json_object_set_new(entity, "Name", json_string(name));
        char *text = json_dumps(entity, JSON_COMPACT | JSON_ESCAPE_SLASH);
        puts(text);
        free(text);
    }
    json_decref(file);
    return 0;
}

static xmlNodePtr
find(xmlNodePtr from, const char *name)
{
    for (xmlNodePtr n = from; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)n->name, name) == 0)
            return n;
        xmlNodePtr below = find(n->children, name);
        if (below != NULL)
            return below;
    }
    return NULL;
}

static int
make_xml(const char *sample, long count)
{
    xmlDocPtr doc = xmlReadFile(sample, NULL,
                                XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    xmlNodePtr number = doc == NULL ? NULL : find(doc->children, "KUNNR");
    xmlNodePtr name = doc == NULL ? NULL : find(doc->children, "NAME1");

    if (number == NULL || name == NULL) {
        fprintf(stderr, "%s: no KUNNR or NAME1\n", sample);
        return 1;
    }
    for (long i = 0; i < count; i++) {
        char text[48];
        xmlBufferPtr out = xmlBufferCreate();

        snprintf(text, sizeof text, "%010ld", 1000000 + i);
        xmlNodeSetContent(number, (const xmlChar *)text);
        snprintf(text, sizeof text, "Muster %ld &amp; S\xc3\xb6hne", i);
        xmlNodeSetContent(name, (const xmlChar *)text);
        xmlNodeDump(out, doc, xmlDocGetRootElement(doc), 0, 0);
        puts((const char *)xmlBufferContent(out));
        xmlBufferFree(out);
    }
    xmlFreeDoc(doc);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: make_docs json|xml SAMPLE COUNT\n", stderr);
        return 2;
    }
    long count = strtol(argv[3], NULL, 10);
    int code = strcmp(argv[1], "json") == 0 ? make_json(argv[2], count)
                                            : make_xml(argv[2], count);
    return fflush(stdout) == 0 ? code : 1;
}
