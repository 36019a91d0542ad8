/* SPDX-License-Identifier: Apache-2.0 */
/* Account JSON to IDoc XML by hand over jansson's tree: tree_json FILE */
#include <jansson.h>

#include "tree.h"

static struct codes country, language, currency;

static void
put_escaped(struct text *out, const char *s)
{
    for (;;) {
        size_t n = strcspn(s, "&<>");

        text_add(out, s, n);
        s += n;
        if (*s == '\0')
            return;
        text_puts(out, *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : "&gt;");
        s++;
    }
}

static void
put(struct text *out, const char *name, const char *value)
{
    text_puts(out, "<");
    text_puts(out, name);
    text_puts(out, ">");
    put_escaped(out, value);
    text_puts(out, "</");
    text_puts(out, name);
    text_puts(out, ">");
}

/* NULL where the member is absent; "" where it is null. */
static const char *
get(const json_t *record, const char *name)
{
    const json_t *v = json_object_get(record, name);

    if (v == NULL)
        return NULL;
    return json_is_string(v) ? json_string_value(v) : "";
}

static void
copy(struct text *out, const json_t *record, const char *from, const char *to,
     size_t max)
{
    const char *v = get(record, from);

    if (v != NULL && chars(v) > max)
        unmapped(from);
    put(out, to, v == NULL ? "/" : v);
}

static void
copy_trimmed(struct text *out, const json_t *record, const char *from,
             const char *to, size_t max)
{
    char room[256];
    const char *v = get(record, from);

    if (v != NULL)
        v = trimmed(v, room, sizeof room);
    if (v != NULL && chars(v) > max)
        unmapped(from);
    put(out, to, v == NULL ? "/" : v);
}

static void
translate(struct text *out, const json_t *record, const char *from,
          const char *to, const struct codes *codes)
{
    const char *v = get(record, from);

    if (v != NULL && *v != '\0') {
        v = codes_right(codes, v);
        if (v == NULL)
            unmapped(from);
    }
    put(out, to, v == NULL ? "/" : v);
}

static void
padded(struct text *out, const json_t *record, const char *from, const char *to)
{
    char room[11];
    const char *v = get(record, from);

    put(out, to, v == NULL ? "/" : pad10(v, room));
}

static void
sales_area(struct text *out, const json_t *area)
{
    const json_t *complete =
        json_object_get(area, "CompleteDeliveryRequestedIndicator");

    text_puts(out, "<E1KNVVM SEGMENT=\"1\">");
    copy(out, area, "SalesOrganisationID", "VKORG", 4);
    copy(out, area, "DistributionChannelCode", "VTWEG", 2);
    copy(out, area, "DivisionCode", "SPART", 2);
    copy(out, area, "CustomerGroupCode", "KDGRP", 2);
    put(out, "AUTLF", complete == NULL ? "/"
        : json_is_true(complete) ? "X" : "");
    translate(out, area, "CurrencyCode", "WAERS", &currency);
    copy(out, area, "PaymentTermsCode", "ZTERM", 4);
    text_puts(out, "</E1KNVVM>");
}

/* `else keep`: a text that is too long leaves the target alone. */
static void
copy_or_keep(struct text *out, const json_t *record, const char *from,
             const char *to, size_t max)
{
    const char *v = get(record, from);

    put(out, to, v == NULL || chars(v) > max ? "/" : v);
}

static void
contact(struct text *out, const json_t *c)
{
    text_puts(out, "<E1KNVKM SEGMENT=\"1\">");
    padded(out, c, "ContactID", "PARNR");
    copy_or_keep(out, c, "Department", "ABTPA", 12);
    copy_or_keep(out, c, "JobTitle", "TITEL_AP", 35);
    text_puts(out, "</E1KNVKM>");
}

static void
each(struct text *out, const json_t *account, const char *list,
     void (*map)(struct text *out, const json_t *row))
{
    const json_t *rows =
        json_object_get(json_object_get(account, list), "results");

    for (size_t i = 0; i < json_array_size(rows); i++)
        map(out, json_array_get(rows, i));
}

static void
map_account(const char *line, size_t n, struct text *out)
{
    json_error_t error;
    json_t *a = json_loadb(line, n, 0, &error);

    if (a == NULL)
        unmapped(error.text);
    text_puts(out, "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
              "<TABNAM>EDI_DC40</TABNAM><DIRECT>2</DIRECT>"
              "<IDOCTYP>DEBMAS06</IDOCTYP><MESTYP>DEBMAS</MESTYP>"
              "<SNDPOR>CLOUD</SNDPOR>"
              "<SNDPRT>LS</SNDPRT><SNDPRN>CLOUD</SNDPRN><RCVPOR>ERP</RCVPOR>"
              "<RCVPRT>LS</RCVPRT><RCVPRN>ERP</RCVPRN></EDI_DC40>"
              "<E1KNA1M SEGMENT=\"1\">");
    padded(out, a, "AccountID", "KUNNR");
    copy(out, a, "OrderBlockingReasonCode", "AUFSD", 2);
    translate(out, a, "CountryCode", "LAND1", &country);
    copy(out, a, "DeliveryBlockingReasonCode", "LIFSD", 2);
    copy(out, a, "Name", "NAME1", 35);
    copy(out, a, "AdditionalName", "NAME2", 35);
    copy(out, a, "NielsenRegionCode", "NIELS", 2);
    copy(out, a, "City", "ORT01", 35);
    copy(out, a, "District", "ORT02", 35);
    copy(out, a, "POBox", "PFACH", 10);
    copy(out, a, "POBoxPostalCode", "PSTL2", 10);
    copy(out, a, "StreetPostalCode", "PSTLZ", 10);
    translate(out, a, "LanguageCode", "SPRAS", &language);
    copy(out, a, "Street", "STRAS", 35);
    copy_trimmed(out, a, "Phone", "TELF1", 16);
    copy_trimmed(out, a, "Fax", "TELFX", 31);
    each(out, a, "CorporateAccountSalesData", sales_area);
    each(out, a, "CorporateAccountHasContactPerson", contact);
    text_puts(out, "</E1KNA1M></IDOC>\n");
    json_decref(a);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    country = codes_load("mappings/codes/country.csv");
    language = codes_load("mappings/codes/language.csv");
    currency = codes_load("mappings/codes/currency.csv");
    return map_lines(argv[1], "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<DEBMAS06>\n", "</DEBMAS06>\n", map_account);
}
