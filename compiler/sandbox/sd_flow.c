/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BAPI_QUOTATION_GETDETAILBOS: a sales document of any category, what it
 * follows, all that follows it, and how far each of them is.
 */
#include <string.h>

#include "sandbox/sd_document.h"
#include "sandbox/soap.h"

enum { MOST_DEPTH = 50 };

struct flow {
    struct request *r;
    json_t *out;
};

static void
show_link(struct flow *f, const json_t *before, const json_t *after)
{
    json_t *to = sb_soap_row(f->out, "QUOTATIONFLOWS");

    sb_soap_put(to, "SD_DOC", sb_soap_text(after, "SD_DOC"));
    sb_soap_put(to, "PRECSDDOC", sb_soap_text(before, "SD_DOC"));
    sb_soap_put(to, "DOCCATEGOR", sb_soap_text(before, "SD_DOC_CAT"));
    sb_soap_put(to, "SUBSSDDOC", sb_soap_text(after, "SD_DOC"));
    sb_soap_put(to, "DOC_CAT_SD", sb_soap_text(after, "SD_DOC_CAT"));
    sb_soap_put(to, "REFERENVAL", sb_soap_text(after, "NET_VALUE"));
    sb_soap_put(to, "STATISCURR", sb_soap_text(after, "CURRENCY"));
    sb_soap_put(to, "CREAT_DATE", sb_soap_text(after, "DOC_DATE"));
    sb_soap_put(to, "LEVELFLOWR", "00");
}

/* Without followers a document is open, with them done; an order is done when
 * its delivery is billed, a delivery when it is. */
static const char *
status_of(const char *category, size_t behind, bool billed)
{
    if (strcmp(category, "M") == 0 || strcmp(category, "R") == 0)
        return "C";
    if (behind == 0)
        return "A";
    if (strcmp(category, "C") == 0 || strcmp(category, "J") == 0)
        return billed ? "C" : "B";
    return "C";
}

static void
show_status(struct flow *f, const json_t *d, size_t behind, bool billed)
{
    json_t *to = sb_soap_row(f->out, "QUOTATIONSTATUSHEADERS");
    const char *category = sb_soap_text(d, "SD_DOC_CAT");

    sb_soap_put(to, "SD_DOC", sb_soap_text(d, "SD_DOC"));
    sb_soap_put(to, "SD_DOC_CAT", category);
    sb_soap_put(to, "PRC_STAT_H", status_of(category, behind, billed));
}

/* Everything behind a document; does an invoice stand there? */
static bool
go_down(struct flow *f, const json_t *d, int64_t id, unsigned depth)
{
    struct cursor *c;
    struct row row;
    bool billed = false;
    size_t n = 0;

    if (depth > MOST_DEPTH)
        return false;
    c = sd_documents_behind(f->r, id);
    while (sb_store_next(c, &row)) {
        json_t *after = json_loadb(row.doc, row.doc_n, 0, NULL);

        show_link(f, d, after);
        billed |= strcmp(sb_soap_text(after, "SD_DOC_CAT"), "M") == 0;
        billed |= go_down(f, after, row.id, depth + 1);
        json_decref(after);
        n++;
    }
    sb_store_end(c);
    show_status(f, d, n, billed);
    return billed;
}

static void
show_header(struct flow *f, const json_t *d)
{
    json_t *to = json_object();

    sb_soap_put(to, "DOC_NUMBER", sb_soap_text(d, "SD_DOC"));
    sb_soap_put(to, "DOC_DATE", sb_soap_text(d, "DOC_DATE"));
    sb_soap_put(to, "SD_DOC_CAT", sb_soap_text(d, "SD_DOC_CAT"));
    sb_soap_put(to, "DOC_TYPE", sb_soap_text(d, "DOC_TYPE"));
    sb_soap_put(to, "NET_VAL_HD", sb_soap_text(d, "NET_VALUE"));
    sb_soap_put(to, "CURRENCY", sb_soap_text(d, "CURRENCY"));
    sb_soap_put(to, "SOLD_TO", sb_soap_text(d, "SOLD_TO"));
    sb_soap_put(to, "PURCH_NO", sb_soap_text(d, "PURCH_NO_C"));
    json_object_set_new(f->out, "QUOTATIONHEADER", to);
}

const char *
sb_sd_flow(struct request *r, const json_t *in, json_t *out)
{
    struct flow f = { r, out };
    const char *number = sb_soap_text(in, "SALESDOCUMENT");
    struct row row, before_row;
    json_t *d = sd_document(r, number, &row), *before;

    sb_soap_table(out, in, "QUOTATIONFLOWS");
    sb_soap_table(out, in, "QUOTATIONSTATUSHEADERS");
    sb_soap_table(out, in, "RETURN");
    if (d == NULL) {
        json_t *to = sb_soap_row(out, "RETURN");

        sb_soap_put(to, "TYPE", "E");
        sb_soap_put(to, "ID", "V1");
        sb_soap_put(to, "NUMBER", "302");
        sb_soap_put(to, "MESSAGE",
                    arena_printf(r->arena, "Document %s is not there",
                                 number));
        return NULL;
    }
    show_header(&f, d);
    before = sd_document(r, sb_soap_text(d, "REF_DOC"), &before_row);
    if (before != NULL)
        show_link(&f, before, d);
    go_down(&f, d, row.id, 0);
    json_decref(before);
    json_decref(d);
    return NULL;
}
