/* SPDX-License-Identifier: Apache-2.0 */
/* Account IDoc XML to JSON by hand over libxml2's tree: tree_xml FILE */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "tree.h"

static struct codes country, language, currency;

static void
put_escaped(struct text *out, const char *s)
{
    for (;;) {
        size_t n = strcspn(s, "\"\\\n\r\t");
        char escaped[3] = "\\";

        text_add(out, s, n);
        s += n;
        if (*s == '\0')
            return;
        escaped[1] = *s == '\n' ? 'n' : *s == '\r' ? 'r' : *s == '\t' ? 't'
                                                                     : *s;
        text_puts(out, escaped);
        s++;
    }
}

static void
begin(struct text *out, const char *name)
{
    char last = out->at[out->n - 1];

    text_puts(out, last == '{' || last == '[' ? "\"" : ",\"");
    text_puts(out, name);
    text_puts(out, "\":");
}

static void
put(struct text *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    begin(out, name);
    if (*value == '\0') {
        text_puts(out, "null");
        return;
    }
    text_puts(out, "\"");
    put_escaped(out, value);
    text_puts(out, "\"");
}

static xmlNodePtr
child(xmlNodePtr parent, const char *name)
{
    for (xmlNodePtr n = parent->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE &&
            strcmp((const char *)n->name, name) == 0)
            return n;
    return NULL;
}

/* "" where the field is absent (initial) or blank; NULL where it says '/'. */
static const char *
get(xmlNodePtr segment, const char *name)
{
    xmlNodePtr n = child(segment, name);
    const char *v = n == NULL || n->children == NULL
                        ? "" : (const char *)n->children->content;

    if (strcmp(v, "/") == 0)
        return NULL;
    return v[strspn(v, " \t\r\n")] == '\0' ? "" : v;
}

static void
copy(struct text *out, xmlNodePtr segment, const char *from, const char *to,
     size_t max)
{
    const char *v = get(segment, from);

    if (v != NULL && chars(v) > max)
        unmapped(from);
    put(out, to, v);
}

static void
copy_trimmed(struct text *out, xmlNodePtr segment, const char *from,
             const char *to, size_t max)
{
    char room[256];
    const char *v = get(segment, from);

    if (v != NULL)
        v = trimmed(v, room, sizeof room);
    if (v != NULL && chars(v) > max)
        unmapped(from);
    put(out, to, v);
}

static void
translate(struct text *out, xmlNodePtr segment, const char *from,
          const char *to, const struct codes *codes)
{
    const char *v = get(segment, from);

    if (v != NULL && *v != '\0') {
        v = codes_left(codes, v);
        if (v == NULL)
            unmapped(from);
    }
    put(out, to, v);
}

static void
stripped(struct text *out, xmlNodePtr segment, const char *from, const char *to)
{
    const char *v = get(segment, from);

    put(out, to, v == NULL ? NULL : strip_zeros(v));
}

static void
sales_area(struct text *out, xmlNodePtr s)
{
    const char *complete = get(s, "AUTLF");

    if (complete != NULL) {
        begin(out, "CompleteDeliveryRequestedIndicator");
        text_puts(out, *complete == 'X' ? "true" : "false");
    }
    translate(out, s, "WAERS", "CurrencyCode", &currency);
    copy(out, s, "KDGRP", "CustomerGroupCode", 2);
    copy(out, s, "VTWEG", "DistributionChannelCode", 2);
    copy(out, s, "SPART", "DivisionCode", 2);
    copy(out, s, "ZTERM", "PaymentTermsCode", 4);
    copy(out, s, "VKORG", "SalesOrganisationID", 4);
}

static void
contact(struct text *out, xmlNodePtr s)
{
    stripped(out, s, "PARNR", "ContactID");
    copy(out, s, "ABTPA", "Department", 12);
    copy(out, s, "TITEL_AP", "JobTitle", 35);
}

static void
each(struct text *out, xmlNodePtr parent, const char *segment, const char *list,
     void (*map)(struct text *out, xmlNodePtr s))
{
    size_t rows = 0;

    for (xmlNodePtr n = parent->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE ||
            strcmp((const char *)n->name, segment) != 0)
            continue;
        if (rows++ == 0) {
            begin(out, list);
            text_puts(out, "[{");
        } else {
            text_puts(out, ",{");
        }
        map(out, n);
        text_puts(out, "}");
    }
    if (rows > 0)
        text_puts(out, "]");
}

static void
map_account(const char *line, size_t n, struct text *out)
{
    xmlDocPtr doc = xmlReadMemory(line, (int)n, NULL, NULL, XML_PARSE_NONET);
    xmlNodePtr idoc = doc == NULL ? NULL
        : child(xmlDocGetRootElement(doc), "IDOC");
    xmlNodePtr a = idoc == NULL ? NULL : child(idoc, "E1KNA1M");

    if (a == NULL)
        unmapped("document");
    text_puts(out, "{");
    stripped(out, a, "KUNNR", "AccountID");
    copy(out, a, "NAME2", "AdditionalName", 35);
    copy(out, a, "ORT01", "City", 35);
    translate(out, a, "LAND1", "CountryCode", &country);
    copy(out, a, "LIFSD", "DeliveryBlockingReasonCode", 2);
    copy(out, a, "ORT02", "District", 35);
    copy_trimmed(out, a, "TELFX", "Fax", 31);
    translate(out, a, "SPRAS", "LanguageCode", &language);
    copy(out, a, "NAME1", "Name", 35);
    copy(out, a, "NIELS", "NielsenRegionCode", 2);
    copy(out, a, "AUFSD", "OrderBlockingReasonCode", 2);
    copy_trimmed(out, a, "TELF1", "Phone", 16);
    copy(out, a, "PFACH", "POBox", 10);
    copy(out, a, "PSTL2", "POBoxPostalCode", 10);
    put(out, "RoleCode", "CRM000");
    copy(out, a, "STRAS", "Street", 35);
    copy(out, a, "PSTLZ", "StreetPostalCode", 10);
    each(out, a, "E1KNVKM", "CorporateAccountHasContactPerson", contact);
    each(out, a, "E1KNVVM", "CorporateAccountSalesData", sales_area);
    text_puts(out, "}\n");
    xmlFreeDoc(doc);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    country = codes_load("mappings/codes/country.csv");
    language = codes_load("mappings/codes/language.csv");
    currency = codes_load("mappings/codes/currency.csv");
    return map_lines(argv[1], "", "", map_account);
}
