/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Function modules that create an inquiry, a quotation or an order: checked and
 * priced, kept, the number comes back at once. No commit is asked for. What is
 * called twice is created twice: nothing here finds that out.
 */
#include <string.h>

#include "sandbox/sd_document.h"
#include "sandbox/sd_number.h"
#include "sandbox/sd_price.h"
#include "sandbox/sd_stock.h"
#include "sandbox/soap.h"

enum { MOST_ITEMS = 999, QUANTITY_DIGITS = 3 };

struct creation {
    struct request *r;
    const json_t *in, *header;
    json_t *out, *document, *items;     /* made: the document, its items */
    const char *prefix;         /* of parameters: "ORDER" */
    const char *customer;
    int64_t net;
    int64_t behind;             /* row of the document that is followed */
    bool failed;
};

static void
message(struct creation *c, const char *type, unsigned number,
        const char *text)
{
    json_t *to = sb_soap_row(c->out, "RETURN");

    if (*type == 'E')
        c->failed = true;
    sb_soap_put(to, "TYPE", type);
    sb_soap_put(to, "ID", "V1");
    sb_soap_put(to, "NUMBER", arena_printf(c->r->arena, "%03u", number));
    sb_soap_put(to, "MESSAGE", text);
}

static const json_t *
table(const struct creation *c, const char *name)
{
    return sb_soap_rows(c->in, arena_printf(c->r->arena, "%s_%s", c->prefix,
                                            name));
}

static const char *
partner(const struct creation *c)
{
    const json_t *rows = table(c, "PARTNERS");

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *role = sb_soap_text(row, "PARTN_ROLE");

        if (strcmp(role, "AG") == 0 || strcmp(role, "SP") == 0)
            return sb_soap_text(row, "PARTN_NUMB");
    }
    return "";
}

/* Of the item's schedule lines, else of itself; 0: none, or too much. */
static int64_t
quantity_of(const struct creation *c, const json_t *item)
{
    const json_t *lines = table(c, "SCHEDULES_IN");
    const char *number = sb_soap_text(item, "ITM_NUMBER");
    int64_t sum = 0, one;

    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        if (strcmp(sb_soap_text(line, "ITM_NUMBER"), number) != 0 ||
            *sb_soap_text(line, "REQ_QTY") == '\0')
            continue;
        if (!sd_number(sb_soap_text(line, "REQ_QTY"), QUANTITY_DIGITS,
                       &one) || one < 0 || sum > SD_MOST_QUANTITY)
            return 0;
        sum += one;
    }
    if (sum == 0 && !sd_number(sb_soap_text(item, "TARGET_QTY"),
                               QUANTITY_DIGITS, &sum))
        return 0;
    return sum < 0 || sum > SD_MOST_QUANTITY ? 0 : sum;
}

static void
take_item(struct creation *c, const json_t *in)
{
    struct arena *a = c->r->arena;
    const char *material = sb_soap_text(in, "MATERIAL");
    const char *number = sb_soap_text(in, "ITM_NUMBER");
    int64_t quantity = quantity_of(c, in);
    struct sd_rates rates;
    struct sd_price p;
    json_t *item;

    if (sd_is_missing(material) || sd_is_blocked(material)) {
        message(c, "E", 382,
                arena_printf(a, "Item %s: material %s is %s", number,
                             material + strspn(material, "0"),
                             sd_is_missing(material) ? "not there"
                                                     : "blocked"));
        return;
    }
    if (quantity == 0) {
        message(c, "E", 401, arena_printf(a, "Item %s: no quantity", number));
        return;
    }
    rates = sd_rates(c->customer, material, quantity);
    sd_price(&rates, quantity, &p);
    c->net += p.net;
    item = json_object();
    sb_soap_put(item, "ITM_NUMBER", number);
    sb_soap_put(item, "MATERIAL", material);
    sb_soap_put(item, "REQ_QTY", sd_number_text(a, quantity,
                                                QUANTITY_DIGITS));
    json_array_append_new(c->items, item);
}

/* The document that this one follows, if any. */
static void
take_reference(struct creation *c)
{
    const char *number = sb_soap_text(c->header, "REF_DOC");
    struct row row;
    json_t *before;

    if (*number == '\0')
        return;
    before = sd_document(c->r, number, &row);
    if (before == NULL) {
        message(c, "E", 302, arena_printf(c->r->arena, "Document %s is not "
                                          "there", number));
        return;
    }
    c->behind = row.id;
    sb_soap_put(c->document, "REF_DOC", sb_soap_text(before, "SD_DOC"));
    json_decref(before);
}

static void
take_header(struct creation *c)
{
    static const char *const fields[] = { "DOC_TYPE", "SALES_ORG",
                                          "DISTR_CHAN", "DIVISION",
                                          "PURCH_NO_C", "PURCH_NO_S",
                                          "REF_1", "REF_1_S", "NAME" };
    const char *currency = sb_soap_text(c->header, "CURRENCY");

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (*sb_soap_text(c->header, fields[i]) != '\0')
            sb_soap_put(c->document, fields[i],
                        sb_soap_text(c->header, fields[i]));
    sb_soap_put(c->document, "DOC_DATE", sd_today(c->r->arena));
    sb_soap_put(c->document, "SOLD_TO", c->customer);
    sb_soap_put(c->document, "CURRENCY",
                *currency == '\0' ? "EUR" : currency);
    if (*sb_soap_text(c->header, "DOC_TYPE") == '\0')
        message(c, "E", 313, "DOC_TYPE is missing");
    if (sd_is_missing(c->customer))
        message(c, "E", 199,
                arena_printf(c->r->arena, "Customer %s is not there",
                             c->customer + strspn(c->customer, "0")));
}

static void
take_items(struct creation *c)
{
    const json_t *rows = table(c, "ITEMS_IN");
    const char *currency = sb_soap_text(c->document, "CURRENCY");

    if (json_array_size(rows) > MOST_ITEMS)
        message(c, "E", 304, "There are too many items");
    for (size_t i = 0; i < json_array_size(rows) && i < MOST_ITEMS; i++)
        take_item(c, json_array_get(rows, i));
    json_object_set(c->document, "items", c->items);
    sb_soap_put(c->document, "NET_VALUE",
                sd_number_text(c->r->arena, c->net,
                               sd_currency_digits(currency)));
}

/* NULL, or the words of a fault: the store failed. */
static const char *
keep(struct creation *c)
{
    const char *number = sb_soap_text(c->in, "SALESDOCUMENTIN"), *wrong;
    struct row row;
    json_t *there = *number == '\0' ? NULL
                                    : sd_document(c->r, number, &row);

    if (there != NULL) {
        json_decref(there);
        message(c, "E", 316, arena_printf(c->r->arena, "Document %s is there "
                                          "already", number));
        return NULL;
    }
    wrong = sd_document_keep(c->r, c->document, c->behind,
                             *number == '\0' ? NULL : number);
    if (wrong != NULL)
        return wrong;
    number = sb_soap_text(c->document, "SD_DOC");
    sb_soap_put(c->out, "SALESDOCUMENT", number);
    message(c, "S", 311, arena_printf(c->r->arena, "Document %s has been "
                                      "saved", number));
    return NULL;
}

static const char *
create(struct request *r, const json_t *in, json_t *out, const char *prefix,
       const char *category)
{
    struct creation c = { .r = r, .in = in, .out = out, .prefix = prefix };
    const char *wrong = NULL;

    c.header = json_object_get(in, arena_printf(r->arena, "%s_HEADER_IN",
                                                prefix));
    c.document = json_object();
    c.items = json_array();
    c.customer = partner(&c);
    sb_soap_table(out, in, "RETURN");
    sb_soap_put(c.document, "SD_DOC_CAT", category);
    take_header(&c);
    take_reference(&c);
    take_items(&c);
    if (!c.failed && *sb_soap_text(in, "TESTRUN") == '\0')
        wrong = keep(&c);
    json_decref(c.items);
    json_decref(c.document);
    return wrong;
}

const char *
sb_sd_create_inquiry(struct request *r, const json_t *in, json_t *out)
{
    return create(r, in, out, "INQUIRY", "A");
}

const char *
sb_sd_create_quotation(struct request *r, const json_t *in, json_t *out)
{
    return create(r, in, out, "QUOTATION", "B");
}

const char *
sb_sd_create_order(struct request *r, const json_t *in, json_t *out)
{
    return create(r, in, out, "ORDER", "C");
}
