/* SPDX-License-Identifier: Apache-2.0 */
/* A floor for readers of XML: libxml2's SAX2 with handlers that do nothing,
   document by document: sax_xml FILE */
#include <libxml/parser.h>

#include "lines.h"

static void
element(void *ctx, const xmlChar *name, const xmlChar *prefix,
        const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default,
        const xmlChar **attributes)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)n_ns, (void)ns;
    (void)n, (void)n_default, (void)attributes;
}

static void
element_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
            const xmlChar *uri)
{
    (void)ctx, (void)name, (void)prefix, (void)uri;
}

static void
text(void *ctx, const xmlChar *at, int n)
{
    (void)ctx, (void)at, (void)n;
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = element,
        .endElementNs = element_end,
        .characters = text,
    };
    struct lines *in = lines_open(argv[1]);
    char *line;
    size_t n;

    while ((line = lines_next(in, &n)) != NULL)
        if (xmlSAXUserParseMemory(&handlers, NULL, line, (int)n) != 0) {
            fputs("sax_xml: no XML\n", stderr);
            return 1;
        }
    free(in);
    return 0;
}
