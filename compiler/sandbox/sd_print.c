/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Z_PRINT_DOCUMENT: a sales document as a PDF, in rows of 255 bytes, as
 * function modules give such tables. SAP's systems have no module of this kind
 * by themselves; this one stands for the one that a deployment writes.
 */
#include <string.h>

#include "sandbox/pdf.h"
#include "sandbox/sd_document.h"
#include "sandbox/soap.h"

enum { ROW = 255, MOST_LINES = 40 };

static const char *
title_of(const char *category)
{
    static const struct {
        const char *category, *title;
    } titles[] = {
        { "A", "Inquiry" }, { "B", "Quotation" }, { "C", "Order" },
        { "J", "Delivery" }, { "R", "Goods issue" }, { "M", "Invoice" },
    };

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (strcmp(titles[i].category, category) == 0)
            return titles[i].title;
    return "Document";
}

static const char *
without_zeros(const char *number)
{
    return number + strspn(number, "0");
}

static size_t
make_lines(struct arena *a, const json_t *d, const char *lines[MOST_LINES])
{
    const json_t *items = json_object_get(d, "items");
    size_t n = 0;

    lines[n++] = "Muster AG (made up by mapc sandbox)";
    lines[n++] = "";
    lines[n++] = arena_printf(a, "%s %s",
                              title_of(sb_soap_text(d, "SD_DOC_CAT")),
                              without_zeros(sb_soap_text(d, "SD_DOC")));
    lines[n++] = arena_printf(a, "Date: %s", sb_soap_text(d, "DOC_DATE"));
    lines[n++] = arena_printf(a, "Customer: %s",
                              without_zeros(sb_soap_text(d, "SOLD_TO")));
    lines[n++] = arena_printf(a, "Your reference: %s",
                              sb_soap_text(d, "PURCH_NO_C"));
    lines[n++] = "";
    for (size_t i = 0; i < json_array_size(items) && n < MOST_LINES - 2; i++) {
        const json_t *item = json_array_get(items, i);

        lines[n++] = arena_printf(
            a, "%s  %s  %s",
            without_zeros(sb_soap_text(item, "ITM_NUMBER")),
            without_zeros(sb_soap_text(item, "MATERIAL")),
            sb_soap_text(item, "REQ_QTY"));
    }
    lines[n++] = "";
    lines[n++] = arena_printf(a, "Net value: %s %s",
                              sb_soap_text(d, "NET_VALUE"),
                              sb_soap_text(d, "CURRENCY"));
    return n;
}

static void
put_rows(struct request *r, json_t *out, const struct buf *pdf)
{
    for (size_t at = 0; at < pdf->n; at += ROW) {
        size_t n = pdf->n - at < ROW ? pdf->n - at : ROW;
        struct buf row;

        buf_init(&row, r->arena);
        sb_base64(&row, pdf->at + at, n);
        sb_soap_put(sb_soap_row(out, "CONTENT"), "LINE",
                    arena_copy(r->arena, row.at, row.n));
    }
}

const char *
sb_sd_print(struct request *r, const json_t *in, json_t *out)
{
    const char *number = sb_soap_text(in, "NUMBER");
    const char *lines[MOST_LINES];
    struct row row;
    json_t *d = sd_document(r, number, &row);
    struct buf pdf;

    if (d == NULL)
        return arena_printf(r->arena, "Document %s is not there", number);
    buf_init(&pdf, r->arena);
    sb_pdf(&pdf, lines, make_lines(r->arena, d, lines), 0);
    sb_soap_put(out, "MIME", "application/pdf");
    sb_soap_table(out, in, "CONTENT");
    put_rows(r, out, &pdf);
    json_decref(d);
    return NULL;
}
