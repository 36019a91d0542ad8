/* SPDX-License-Identifier: Apache-2.0 */
/* The limit of account JSON to IDoc XML, for tests/bench/account.map:
   limit_account_json FILE. See limit.h for what it is. */
#include "limit_json.h"

enum {
    ID = 1, ORDER_BLOCK, COUNTRY, DELIVERY_BLOCK, NAME1, NAME2, NIELSEN, CITY,
    DISTRICT, BOX, BOX_CODE, POSTCODE, LANGUAGE, STREET, PHONE, FAX,
    ORG = 1, CHANNEL, DIVISION, GROUP, COMPLETE, CURRENCY, TERMS,
    CONTACT = 1, DEPARTMENT, TITLE
};

static struct codes *country, *language, *currency;
static struct kind *record, *sales, *contacts;
static const struct slice absent = { "/                                ", 1 };

/* A text with escapes or markup in it; NULL where it is too long. */
static char *
put_slow(char *o, struct slice s, size_t max)
{
    char plain[DOC_MAX / 64];

    if (s.n > sizeof plain)
        unexpected("a long text");
    size_t n = json_unescape(s, plain);

    if (chars(plain, n) > max)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (plain[i] == '&')
            o = PUT(o, "&amp;");
        else if (plain[i] == '<')
            o = PUT(o, "&lt;");
        else if (plain[i] == '>')
            o = PUT(o, "&gt;");
        else
            *o++ = plain[i];
    }
    return o;
}

static inline char *
put(char *o, struct slice s, size_t max)
{
    char *end = s.n > max ? NULL : plain_put(o, s.at, s.n, '&', '<', '>', '\\');

    if (__builtin_expect(end != NULL, 1))
        return end;
    end = put_slow(o, s, max);
    if (end == NULL)
        unexpected("a text too long");
    return end;
}

static inline char *
put_keep(char *o, struct slice s, size_t max)
{
    char *end = s.n > max ? NULL : plain_put(o, s.at, s.n, '&', '<', '>', '\\');

    if (end == NULL)
        end = put_slow(o, s, max);
    return end == NULL ? PUT(o, "/") : end;
}

static inline char *
put_code(char *o, const struct codes *c, struct slice s, const char *what)
{
    if (s.n == 0 || *s.at == '/')
        return text_put(o, s.at, s.n);
    return code_put(o, c, s, what);
}

/* Numbers get zeros in front, to ten digits; others stay. */
static inline char *
put_padded(char *o, struct slice s)
{
    if (s.n == 0 || s.n > 10)
        return put(o, s, 60);
    for (size_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return put(o, s, 60);
    memset(o, '0', 10);
    memcpy(o + 10 - s.n, s.at, s.n);
    return o + 10;
}

static char *
put_sales(char *o, const struct slice *s)
{
    o = PUT(o, "<E1KNVVM SEGMENT=\"1\"><VKORG>");
    o = PUT(put(o, s[ORG], 4), "</VKORG><VTWEG>");
    o = PUT(put(o, s[CHANNEL], 2), "</VTWEG><SPART>");
    o = PUT(put(o, s[DIVISION], 2), "</SPART><KDGRP>");
    o = PUT(put(o, s[GROUP], 2), "</KDGRP><AUTLF>");
    if (*s[COMPLETE].at == 't')
        o = PUT(o, "X");
    else if (*s[COMPLETE].at == '/')
        o = PUT(o, "/");
    o = PUT(o, "</AUTLF><WAERS>");
    o = PUT(put_code(o, currency, s[CURRENCY], "currency"), "</WAERS><ZTERM>");
    return PUT(put(o, s[TERMS], 4), "</ZTERM></E1KNVVM>");
}

static char *
put_contact(char *o, const struct slice *s)
{
    o = PUT(o, "<E1KNVKM SEGMENT=\"1\"><PARNR>");
    o = PUT(put_padded(o, s[CONTACT]), "</PARNR><ABTPA>");
    o = PUT(put_keep(o, s[DEPARTMENT], 12), "</ABTPA><TITEL_AP>");
    return PUT(put_keep(o, s[TITLE], 35), "</TITEL_AP></E1KNVKM>");
}

static char *
map_account(const char *text, size_t n, char *o)
{
    static struct json j;
    struct slice s[SLOTS];

    for (int i = 0; i < SLOTS; i++)
        s[i] = absent;
    sales->n_rows = contacts->n_rows = 0;
    json_read(&j, text, n, record, s);
    o = PUT(o, "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
            "<TABNAM>EDI_DC40</TABNAM><DIRECT>2</DIRECT>"
            "<IDOCTYP>DEBMAS06</IDOCTYP><MESTYP>DEBMAS</MESTYP>"
            "<SNDPOR>CLOUD</SNDPOR><SNDPRT>LS</SNDPRT><SNDPRN>CLOUD</SNDPRN>"
            "<RCVPOR>ERP</RCVPOR><RCVPRT>LS</RCVPRT><RCVPRN>ERP</RCVPRN>"
            "</EDI_DC40><E1KNA1M SEGMENT=\"1\"><KUNNR>");
    o = PUT(put_padded(o, s[ID]), "</KUNNR><AUFSD>");
    o = PUT(put(o, s[ORDER_BLOCK], 2), "</AUFSD><LAND1>");
    o = PUT(put_code(o, country, s[COUNTRY], "country"), "</LAND1><LIFSD>");
    o = PUT(put(o, s[DELIVERY_BLOCK], 2), "</LIFSD><NAME1>");
    o = PUT(put(o, s[NAME1], 35), "</NAME1><NAME2>");
    o = PUT(put(o, s[NAME2], 35), "</NAME2><NIELS>");
    o = PUT(put(o, s[NIELSEN], 2), "</NIELS><ORT01>");
    o = PUT(put(o, s[CITY], 35), "</ORT01><ORT02>");
    o = PUT(put(o, s[DISTRICT], 35), "</ORT02><PFACH>");
    o = PUT(put(o, s[BOX], 10), "</PFACH><PSTL2>");
    o = PUT(put(o, s[BOX_CODE], 10), "</PSTL2><PSTLZ>");
    o = PUT(put(o, s[POSTCODE], 10), "</PSTLZ><SPRAS>");
    o = PUT(put_code(o, language, s[LANGUAGE], "language"), "</SPRAS><STRAS>");
    o = PUT(put(o, s[STREET], 35), "</STRAS><TELF1>");
    o = PUT(put(o, trimmed(s[PHONE]), 16), "</TELF1><TELFX>");
    o = PUT(put(o, trimmed(s[FAX]), 31), "</TELFX>");
    for (int i = 0; i < sales->n_rows; i++)
        o = put_sales(o, sales->rows[i]);
    for (int i = 0; i < contacts->n_rows; i++)
        o = put_contact(o, contacts->rows[i]);
    return PUT(o, "</E1KNA1M></IDOC>\n");
}

static void
know_names(void)
{
    record = kind_new(0, absent);
    json_name(record, "AccountID", ID);
    json_name(record, "OrderBlockingReasonCode", ORDER_BLOCK);
    json_name(record, "CountryCode", COUNTRY);
    json_name(record, "DeliveryBlockingReasonCode", DELIVERY_BLOCK);
    json_name(record, "Name", NAME1);
    json_name(record, "AdditionalName", NAME2);
    json_name(record, "NielsenRegionCode", NIELSEN);
    json_name(record, "City", CITY);
    json_name(record, "District", DISTRICT);
    json_name(record, "POBox", BOX);
    json_name(record, "POBoxPostalCode", BOX_CODE);
    json_name(record, "StreetPostalCode", POSTCODE);
    json_name(record, "LanguageCode", LANGUAGE);
    json_name(record, "Street", STREET);
    json_name(record, "Phone", PHONE);
    json_name(record, "Fax", FAX);
    sales = json_rows(record, "CorporateAccountSalesData", absent);
    json_name(sales, "SalesOrganisationID", ORG);
    json_name(sales, "DistributionChannelCode", CHANNEL);
    json_name(sales, "DivisionCode", DIVISION);
    json_name(sales, "CustomerGroupCode", GROUP);
    json_name(sales, "CompleteDeliveryRequestedIndicator", COMPLETE);
    json_name(sales, "CurrencyCode", CURRENCY);
    json_name(sales, "PaymentTermsCode", TERMS);
    contacts = json_rows(record, "CorporateAccountHasContactPerson", absent);
    json_name(contacts, "ContactID", CONTACT);
    json_name(contacts, "Department", DEPARTMENT);
    json_name(contacts, "JobTitle", TITLE);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    country = codes_load("mappings/codes/country.csv", false);
    language = codes_load("mappings/codes/language.csv", false);
    currency = codes_load("mappings/codes/currency.csv", false);
    know_names();
    return limit_run(argv[1], "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<DEBMAS06>\n", "</DEBMAS06>\n", map_account);
}
