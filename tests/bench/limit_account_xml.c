/* SPDX-License-Identifier: Apache-2.0 */
/* The limit of account IDoc XML to JSON, for tests/bench/account.map:
   limit_account_xml FILE. See limit.h for what it is. */
#include "limit_xml.h"

enum {
    ID = 1, ORDER_BLOCK, COUNTRY, DELIVERY_BLOCK, NAME1, NAME2, NIELSEN, CITY,
    DISTRICT, BOX, BOX_CODE, POSTCODE, LANGUAGE, STREET, PHONE, FAX,
    ORG = 1, CHANNEL, DIVISION, GROUP, COMPLETE, CURRENCY, TERMS,
    CONTACT = 1, DEPARTMENT, TITLE
};

static struct codes *country, *language, *currency;
static struct kind *document, *accounts, *sales, *contacts;

static char *
put_contact(char *o, const struct slice *s)
{
    char *from = o;

    MEMBER(o, "ContactID", stripped(s[CONTACT]), 60);
    MEMBER(o, "Department", s[DEPARTMENT], 12);
    MEMBER(o, "JobTitle", s[TITLE], 35);
    *from = '{';
    return PUT(o, "},");
}

static char *
put_sales(char *o, const struct slice *s)
{
    char *from = o;

    if (!unknown(s[COMPLETE])) {
        o = PUT(o, ",\"CompleteDeliveryRequestedIndicator\":");
        o = s[COMPLETE].n == 1 && *s[COMPLETE].at == 'X' ? PUT(o, "true")
                                                         : PUT(o, "false");
    }
    MEMBER_CODE(o, "CurrencyCode", s[CURRENCY], currency);
    MEMBER(o, "CustomerGroupCode", s[GROUP], 2);
    MEMBER(o, "DistributionChannelCode", s[CHANNEL], 2);
    MEMBER(o, "DivisionCode", s[DIVISION], 2);
    MEMBER(o, "PaymentTermsCode", s[TERMS], 4);
    MEMBER(o, "SalesOrganisationID", s[ORG], 4);
    *from = '{';
    return PUT(o, "},");
}

static char *
map_account(const char *text, size_t n, char *o)
{
    static struct xml x;
    const struct slice *s = accounts->rows[0];
    char *from = o;

    accounts->n_rows = sales->n_rows = contacts->n_rows = 0;
    xml_read(&x, text, n, document);
    if (accounts->n_rows != 1)
        unexpected("not one account");
    MEMBER(o, "AccountID", stripped(s[ID]), 60);
    MEMBER(o, "AdditionalName", s[NAME2], 35);
    MEMBER(o, "City", s[CITY], 35);
    MEMBER_CODE(o, "CountryCode", s[COUNTRY], country);
    MEMBER(o, "DeliveryBlockingReasonCode", s[DELIVERY_BLOCK], 2);
    MEMBER(o, "District", s[DISTRICT], 35);
    MEMBER(o, "Fax", trimmed(s[FAX]), 31);
    MEMBER_CODE(o, "LanguageCode", s[LANGUAGE], language);
    MEMBER(o, "Name", s[NAME1], 35);
    MEMBER(o, "NielsenRegionCode", s[NIELSEN], 2);
    MEMBER(o, "OrderBlockingReasonCode", s[ORDER_BLOCK], 2);
    MEMBER(o, "Phone", trimmed(s[PHONE]), 16);
    MEMBER(o, "POBox", s[BOX], 10);
    MEMBER(o, "POBoxPostalCode", s[BOX_CODE], 10);
    o = PUT(o, ",\"RoleCode\":\"CRM000\"");
    MEMBER(o, "Street", s[STREET], 35);
    MEMBER(o, "StreetPostalCode", s[POSTCODE], 10);
    *from = '{';
    for (int i = 0; i < contacts->n_rows; i++) {
        if (i == 0)
            o = PUT(o, ",\"CorporateAccountHasContactPerson\":[");
        o = put_contact(o, contacts->rows[i]);
        o[-1] = i + 1 == contacts->n_rows ? ']' : ',';
    }
    for (int i = 0; i < sales->n_rows; i++) {
        if (i == 0)
            o = PUT(o, ",\"CorporateAccountSalesData\":[");
        o = put_sales(o, sales->rows[i]);
        o[-1] = i + 1 == sales->n_rows ? ']' : ',';
    }
    return PUT(o, "}\n");
}

static void
know_names(void)
{
    document = kind_new(0, initial);
    struct kind *idoc = kind_new(0, initial);

    xml_name(document, "<IDOC BEGIN=\"1\">", 0)->child = idoc;
    accounts = xml_rows(idoc, "<E1KNA1M SEGMENT=\"1\">");
    xml_name(accounts, "<KUNNR>", ID);
    xml_name(accounts, "<AUFSD>", ORDER_BLOCK);
    xml_name(accounts, "<LAND1>", COUNTRY);
    xml_name(accounts, "<LIFSD>", DELIVERY_BLOCK);
    xml_name(accounts, "<NAME1>", NAME1);
    xml_name(accounts, "<NAME2>", NAME2);
    xml_name(accounts, "<NIELS>", NIELSEN);
    xml_name(accounts, "<ORT01>", CITY);
    xml_name(accounts, "<ORT02>", DISTRICT);
    xml_name(accounts, "<PFACH>", BOX);
    xml_name(accounts, "<PSTL2>", BOX_CODE);
    xml_name(accounts, "<PSTLZ>", POSTCODE);
    xml_name(accounts, "<SPRAS>", LANGUAGE);
    xml_name(accounts, "<STRAS>", STREET);
    xml_name(accounts, "<TELF1>", PHONE);
    xml_name(accounts, "<TELFX>", FAX);
    sales = xml_rows(accounts, "<E1KNVVM SEGMENT=\"1\">");
    xml_name(sales, "<VKORG>", ORG);
    xml_name(sales, "<VTWEG>", CHANNEL);
    xml_name(sales, "<SPART>", DIVISION);
    xml_name(sales, "<KDGRP>", GROUP);
    xml_name(sales, "<AUTLF>", COMPLETE);
    xml_name(sales, "<WAERS>", CURRENCY);
    xml_name(sales, "<ZTERM>", TERMS);
    contacts = xml_rows(accounts, "<E1KNVKM SEGMENT=\"1\">");
    xml_name(contacts, "<PARNR>", CONTACT);
    xml_name(contacts, "<ABTPA>", DEPARTMENT);
    xml_name(contacts, "<TITEL_AP>", TITLE);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    country = codes_load("mappings/codes/country.csv", true);
    language = codes_load("mappings/codes/language.csv", true);
    currency = codes_load("mappings/codes/currency.csv", true);
    know_names();
    return limit_run(argv[1], "", "", map_account);
}
