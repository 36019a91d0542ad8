/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BAPI_SALESORDER_GETLIST: the documents of a customer, all or those with one
 * purchase order number; a row for each item.
 */
#include <string.h>

#include "sandbox/sd_document.h"
#include "sandbox/soap.h"

/* Customers with and without zeros in front are the same one. */
static bool
same_number(const char *a, const char *b)
{
    return strcmp(a + strspn(a, "0"), b + strspn(b, "0")) == 0;
}

/* TRANSACTION_GROUP: 0, or nothing: orders; 1 inquiries; 2 quotations. */
static const char *
category_of(const json_t *in)
{
    const char *group = sb_soap_text(in, "TRANSACTION_GROUP");

    return strcmp(group, "1") == 0 ? "A" : strcmp(group, "2") == 0 ? "B" : "C";
}

static bool
is_asked_for(const json_t *in, const json_t *d)
{
    static const char *const names[] = { "PURCHASE_ORDER",
                                         "PURCHASE_ORDER_NUMBER" };

    if (strcmp(sb_soap_text(d, "SD_DOC_CAT"), category_of(in)) != 0 ||
        !same_number(sb_soap_text(d, "SOLD_TO"),
                     sb_soap_text(in, "CUSTOMER_NUMBER")))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *wanted = sb_soap_text(in, names[i]);

        if (*wanted != '\0' &&
            strcmp(wanted, sb_soap_text(d, "PURCH_NO_C")) != 0)
            return false;
    }
    return true;
}

static void
show(json_t *out, const json_t *d, const json_t *item)
{
    json_t *to = sb_soap_row(out, "SALES_ORDERS");

    sb_soap_put(to, "SD_DOC", sb_soap_text(d, "SD_DOC"));
    sb_soap_put(to, "ITM_NUMBER", sb_soap_text(item, "ITM_NUMBER"));
    sb_soap_put(to, "MATERIAL", sb_soap_text(item, "MATERIAL"));
    sb_soap_put(to, "REQ_QTY", sb_soap_text(item, "REQ_QTY"));
    sb_soap_put(to, "DOC_TYPE", sb_soap_text(d, "DOC_TYPE"));
    sb_soap_put(to, "DOC_DATE", sb_soap_text(d, "DOC_DATE"));
    sb_soap_put(to, "PURCH_NO", sb_soap_text(d, "PURCH_NO_C"));
    sb_soap_put(to, "PURCH_NO_C", sb_soap_text(d, "PURCH_NO_C"));
    sb_soap_put(to, "SOLD_TO", sb_soap_text(d, "SOLD_TO"));
    sb_soap_put(to, "NET_VAL_HD", sb_soap_text(d, "NET_VALUE"));
    sb_soap_put(to, "CURRENCY", sb_soap_text(d, "CURRENCY"));
}

const char *
sb_sd_list(struct request *r, const json_t *in, json_t *out)
{
    struct cursor *c = sd_documents(r);
    struct row row;

    sb_soap_table(out, in, "SALES_ORDERS");
    while (sb_store_next(c, &row)) {
        json_t *d = json_loadb(row.doc, row.doc_n, 0, NULL);
        const json_t *items = json_object_get(d, "items");

        if (is_asked_for(in, d)) {
            for (size_t i = 0; i < json_array_size(items); i++)
                show(out, d, json_array_get(items, i));
            if (json_array_size(items) == 0)
                show(out, d, NULL);
        }
        json_decref(d);
    }
    sb_store_end(c);
    return NULL;
}
