/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes for tests of the XML codec, as a compiler would make them: a customer
 * in an IDoc, and an order in ordinary XML with namespaces, attributes and an
 * element that has text and attributes. The look-ups are searched when the
 * program starts.
 */
#ifndef TESTS_CODEC_XML_SHAPES_H
#define TESTS_CODEC_XML_SHAPES_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "codec/stream.h"

struct partner {
    struct mr_val role, number;
};

struct sales {
    struct mr_val org;
    struct mr_rows partners;
};

struct extra {
    struct mr_val mail, fax;
};

struct customer {
    struct mr_val number, name, weight, active;
    struct extra extra;
    struct mr_rows sales;
};

struct price {
    struct mr_val currency, amount;
};

struct order {
    struct mr_val id, key, kind, note;
    struct price price;
    struct mr_rows lines;
};

struct line {
    struct mr_val no, text;
};

#define XML_VALUE_(record, field, text, form, in, ...)                        \
    { .name = text, .name_n = sizeof text - 1, .kind = MR_VALUE,              \
      .wire = form, .ns = in, .offset = offsetof(struct record, field),       \
      __VA_ARGS__ }
#define XML_TAGS(text)                                                        \
    .open = "<" text ">", .open_n = sizeof text + 1,                          \
    .close = "</" text ">", .close_n = sizeof text + 2
#define XML_VALUE_OF(record, field, text, form, in)                           \
    XML_VALUE_(record, field, text, form, in, XML_TAGS(text))
#define XML_ATTRIBUTE(record, field, text, in, written)                       \
    XML_VALUE_(record, field, text, MR_WIRE_TEXT, in, .attribute = true,      \
               .open = " " written "=\"", .open_n = sizeof written + 2,       \
               .close = "\"", .close_n = 1)
#define XML_CONTENT(record, field, form)                                      \
    XML_VALUE_(record, field, "content", form, 0, .content = true,            \
               .open = "", .close = "")
#define XML_NESTED(record, field, text, how, of, in, start)                   \
    { .name = text, .name_n = sizeof text - 1, .kind = how, .ns = in,         \
      .offset = offsetof(struct record, field), .shape = &of,                 \
      .open = start, .open_n = sizeof start - 1, .close = "</" text ">",      \
      .close_n = sizeof text + 2 }
#define XML_SHAPE(record, members, in_tag)                                    \
    { .name = #record, .size = sizeof(struct record),                         \
      .n_read = sizeof members / sizeof members[0],                           \
      .n_write = sizeof members / sizeof members[0], .attributes = in_tag,    \
      .read = members, .write = members }

static const struct mr_member xml_partner_members[] = {
    XML_VALUE_OF(partner, role, "PARVW", MR_WIRE_TEXT, 0),
    XML_VALUE_OF(partner, number, "KUNN2", MR_WIRE_TEXT, 0),
};
static struct mr_shape xml_partner =
    XML_SHAPE(partner, xml_partner_members, false);

static const struct mr_member xml_sales_members[] = {
    XML_VALUE_OF(sales, org, "VKORG", MR_WIRE_TEXT, 0),
    XML_NESTED(sales, partners, "E1KNVPM", MR_MANY, xml_partner, 0,
               "<E1KNVPM SEGMENT=\"1\">"),
};
static struct mr_shape xml_sales = XML_SHAPE(sales, xml_sales_members, false);

static const struct mr_member xml_extra_members[] = {
    XML_VALUE_OF(extra, mail, "MAIL", MR_WIRE_TEXT, 0),
    XML_VALUE_OF(extra, fax, "FAX", MR_WIRE_TEXT, 0),
};
static struct mr_shape xml_extra = XML_SHAPE(extra, xml_extra_members, false);

static const struct mr_member xml_customer_members[] = {
    XML_VALUE_OF(customer, number, "KUNNR", MR_WIRE_TEXT, 0),
    XML_VALUE_OF(customer, name, "NAME1", MR_WIRE_TEXT, 0),
    XML_VALUE_OF(customer, weight, "NTGEW", MR_WIRE_NUMBER, 0),
    XML_VALUE_OF(customer, active, "AKTIV", MR_WIRE_BOOL, 0),
    XML_NESTED(customer, extra, "E1KNA11", MR_ONE, xml_extra, 0,
               "<E1KNA11 SEGMENT=\"1\">"),
    XML_NESTED(customer, sales, "E1KNVVM", MR_MANY, xml_sales, 0,
               "<E1KNVVM SEGMENT=\"1\">"),
};
static struct mr_shape xml_customer =
    XML_SHAPE(customer, xml_customer_members, false);

static const struct mr_member xml_price_members[] = {
    XML_ATTRIBUTE(price, currency, "currency", 0, "currency"),
    XML_CONTENT(price, amount, MR_WIRE_NUMBER),
};
static struct mr_shape xml_price = XML_SHAPE(price, xml_price_members, true);

static const struct mr_member xml_line_members[] = {
    XML_ATTRIBUTE(line, no, "no", 0, "no"),
    XML_VALUE_OF(line, text, "Text", MR_WIRE_TEXT, 1),
};
static struct mr_shape xml_line = XML_SHAPE(line, xml_line_members, true);

static const struct mr_member xml_order_members[] = {
    XML_ATTRIBUTE(order, id, "id", 0, "id"),
    XML_ATTRIBUTE(order, key, "key", 2, "b:key"),
    XML_VALUE_OF(order, kind, "Kind", MR_WIRE_TEXT, 1),
    XML_VALUE_OF(order, note, "Note", MR_WIRE_TEXT, 1),
    XML_NESTED(order, price, "Price", MR_ONE, xml_price, 1, "<Price"),
    XML_NESTED(order, lines, "Line", MR_MANY, xml_line, 1, "<Line"),
};
static struct mr_shape xml_order = XML_SHAPE(order, xml_order_members, true);

static const struct mr_member xml_idoc_path[] = {
    { .name = "DEBMAS06", .name_n = 8 }, { .name = "IDOC", .name_n = 4 },
    { .name = "E1KNA1M", .name_n = 7 }
};
static const char *const xml_namespaces[] = { "", "urn:example:order",
                                              "urn:example:keys" };
static const struct mr_member xml_order_path[] = {
    { .name = "Orders", .name_n = 6, .ns = 1 },
    { .name = "Order", .name_n = 5, .ns = 1 }
};

static const struct mr_doc xml_idoc = {
    .format = MR_IDOC, .shape = &xml_customer, .path = xml_idoc_path,
    .n_path = 3, .namespaces = xml_namespaces, .n_namespaces = 1,
    .head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DEBMAS06>",
    .before = "<IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">",
    .after = "</E1KNA1M></IDOC>", .tail = "</DEBMAS06>", .nodata = "/"
};

static const struct mr_doc xml_orders = {
    .format = MR_XML, .shape = &xml_order, .path = xml_order_path,
    .n_path = 2, .namespaces = xml_namespaces, .n_namespaces = 3,
    .head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Orders xmlns=\"urn:example:order\" "
            "xmlns:b=\"urn:example:keys\">",
    .before = "<Order", .after = "</Order>", .tail = "</Orders>"
};

/* The record is the document element. */
static const struct mr_doc xml_single = {
    .format = MR_XML, .shape = &xml_order, .path = &xml_order_path[1],
    .n_path = 1, .namespaces = xml_namespaces, .n_namespaces = 3,
    .head = "<?xml version=\"1.0\"?>\n",
    .before = "<Order xmlns=\"urn:example:order\" "
              "xmlns:b=\"urn:example:keys\"",
    .after = "</Order>", .tail = ""
};

static inline void
xml_shapes_init(void)
{
    test_shape_init(&xml_partner);
    test_shape_init(&xml_sales);
    test_shape_init(&xml_extra);
    test_shape_init(&xml_customer);
    test_shape_init(&xml_price);
    test_shape_init(&xml_line);
    test_shape_init(&xml_order);
}

#endif
