/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of order IDoc XML to JSON, for tests/bench/order.map:
 * limit_order_xml FILE. See limit.h for what it is. Amounts are integers of
 * 128 bits, exact, with a known number of decimals.
 */
#include "limit_xml.h"

enum {
    QUALIFIER = 1, VALUE, TEXT,
    ID = 1, CURRENCY, TYPE,
    ITEM = 1, QUANTITY, UNIT, PRICE, PER, CATEGORY
};

static struct codes *currency, *unit;
static struct kind *document, *header, *discounts, *organisation, *parties;
static struct kind *references, *places, *sums, *items, *products;
static const struct slice missing = { "/", 1 };

/* A number times 10 to the power of `decimals`. */
struct amount {
    __int128 n;
    int decimals;
};

static inline struct amount
number(struct slice s)
{
    struct amount a = { 0 };
    bool point = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.at[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (s.at[i] < '0' || s.at[i] > '9' || s.n > 18)
            unexpected("a number");
        a.n = a.n * 10 + (s.at[i] - '0');
        a.decimals += point;
    }
    return a;
}

static inline struct amount
times(struct amount a, struct amount b)
{
    return (struct amount){ a.n * b.n, a.decimals + b.decimals };
}

static inline char *
put_digits(char *o, uint64_t n)
{
    char digits[20], *p = digits + 20;

    do {
        *--p = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    memcpy(o, p, (size_t)(digits + 20 - p));
    return o + (digits + 20 - p);
}

/* Rounded to two decimals, a half away from zero. `exact`: where two are
   enough, without zeros behind. */
static char *
put_amount(char *o, struct amount a, bool exact)
{
    uint64_t scale = 1;

    for (; a.decimals < 2; a.decimals++)
        a.n *= 10;
    for (int i = 2; i < a.decimals; i++)
        scale *= 10;
    unsigned __int128 whole = (unsigned __int128)a.n;
    uint64_t cents = (uint64_t)(whole / scale);
    uint64_t rest = (uint64_t)(whole % scale);

    exact = exact && rest == 0;
    cents += rest >= scale - rest;
    *o++ = '"';
    o = put_digits(o, cents / 100);
    if (!exact || cents % 100 != 0) {
        *o++ = '.';
        *o++ = (char)('0' + cents / 10 % 10);
        if (!exact || cents % 10 != 0)
            *o++ = (char)('0' + cents % 10);
    }
    *o++ = '"';
    return o;
}

/* The rows of k from `from` on whose qualifier is q. */
static inline struct slice
qualified(const struct kind *k, int from, int to, const char *q, int slot)
{
    for (int i = from; i < to; i++)
        if (k->rows[i][QUALIFIER].n == strlen(q) &&
            memcmp(k->rows[i][QUALIFIER].at, q, strlen(q)) == 0)
            return k->rows[i][slot];
    return missing;
}

static inline struct slice
all(const struct kind *k, const char *q)
{
    return qualified(k, 0, k->n_rows, q, VALUE);
}

static char *
put_item(char *o, int i, struct amount rest)
{
    const struct slice *s = items->rows[i];
    int from = items->from[i];
    int to = i + 1 < items->n_rows ? items->from[i + 1] : products->n_rows;
    struct amount sum = times(number(s[QUANTITY]), number(s[PRICE]));
    char *begin = o;

    /* Units of price are powers of ten; percent is two more decimals. */
    sum = times(sum, rest);
    sum.decimals += (int)s[PER].n - 1 + 2;
    if (number(s[PER]).n % 10 != 0 && s[PER].n != 1)
        unexpected("a unit of price");
    MEMBER(o, "Description", qualified(products, from, to, "002", TEXT), 40);
    MEMBER(o, "ID", stripped(s[ITEM]), 10);
    o = put_amount(PUT(o, ",\"NetAmount\":"), sum, true);
    MEMBER(o, "NetPriceAmount", s[PRICE], 18);
    MEMBER(o, "ProcessingTypeCode", s[CATEGORY], 4);
    MEMBER(o, "ProductBuyerID", qualified(products, from, to, "001", VALUE),
           35);
    MEMBER(o, "ProductInternalID",
           stripped(qualified(products, from, to, "002", VALUE)), 40);
    MEMBER(o, "Quantity", s[QUANTITY], 18);
    MEMBER_CODE(o, "QuantityMeasureUnitCode", s[UNIT], unit);
    o = put_amount(PUT(o, ",\"TaxAmount\":"),
                   times(sum, (struct amount){ 19, 2 }), false);
    *begin = '{';
    return PUT(o, "},");
}

static char *
put_order(char *o)
{
    const struct slice *s = header->rows[0];
    struct slice net = all(sums, "002");
    char *begin = o;

    MEMBER(o, "BuyerID", all(references, "001"), 35);
    MEMBER(o, "BuyerPartyID", stripped(all(parties, "AG")), 60);
    MEMBER_CODE(o, "CurrencyCode", s[CURRENCY], currency);
    MEMBER(o, "DistributionChannelCode", all(organisation, "007"), 2);
    MEMBER(o, "DivisionCode", all(organisation, "006"), 2);
    o = put_amount(PUT(o, ",\"GrossAmount\":"),
                   times(number(net), (struct amount){ 119, 2 }), false);
    MEMBER(o, "ID", s[ID], 35);
    MEMBER(o, "NetAmount", net, 18);
    MEMBER(o, "ProcessingTypeCode", s[TYPE], 4);
    MEMBER(o, "ProductRecipientPartyID", stripped(all(parties, "WE")), 60);
    MEMBER(o, "SalesOfficeID", all(organisation, "016"), 20);
    MEMBER(o, "SalesOrganisationID", all(organisation, "008"), 20);
    o = put_amount(PUT(o, ",\"TaxAmount\":"),
                   times(number(net), (struct amount){ 19, 2 }), false);
    MEMBER(o, "TransferLocationName", all(places, "002"), 28);
    *begin = '{';
    return o;
}

static char *
map_order(const char *text, size_t n, char *o)
{
    static struct xml x;
    struct kind *all_rows[] = { header, discounts, organisation, parties,
                                references, places, sums, items, products };

    for (size_t i = 0; i < sizeof all_rows / sizeof *all_rows; i++)
        all_rows[i]->n_rows = 0;
    xml_read(&x, text, n, document);
    if (header->n_rows != 1)
        unexpected("not one order");
    struct amount percent = number(all(discounts, "HA00"));
    struct amount rest = { 100, percent.decimals };

    for (int i = 0; i < percent.decimals; i++)
        rest.n *= 10;
    rest.n -= percent.n;
    o = put_order(o);
    for (int i = 0; i < items->n_rows; i++) {
        if (i == 0)
            o = PUT(o, ",\"CustomerOrderItem\":[");
        o = put_item(o, i, rest);
        o[-1] = i + 1 == items->n_rows ? ']' : ',';
    }
    return PUT(o, "}\n");
}

static struct kind *
qualified_rows(struct kind *k, const char *tag, const char *qualifier,
               const char *value)
{
    struct kind *made = xml_rows(k, tag);

    xml_name(made, qualifier, QUALIFIER);
    xml_name(made, value, VALUE);
    return made;
}

static void
know_names(void)
{
    document = kind_new(0, initial);
    struct kind *idoc = kind_new(0, initial);

    xml_name(document, "<IDOC BEGIN=\"1\">", 0)->child = idoc;
    header = xml_rows(idoc, "<E1EDK01 SEGMENT=\"1\">");
    xml_name(header, "<BELNR>", ID);
    xml_name(header, "<CURCY>", CURRENCY);
    xml_name(header, "<BSART>", TYPE);
    discounts = qualified_rows(idoc, "<E1EDK05 SEGMENT=\"1\">", "<KSCHL>",
                               "<KPERC>");
    organisation = qualified_rows(idoc, "<E1EDK14 SEGMENT=\"1\">", "<QUALF>",
                                  "<ORGID>");
    parties = qualified_rows(idoc, "<E1EDKA1 SEGMENT=\"1\">", "<PARVW>",
                             "<PARTN>");
    references = qualified_rows(idoc, "<E1EDK02 SEGMENT=\"1\">", "<QUALF>",
                                "<BELNR>");
    places = qualified_rows(idoc, "<E1EDK17 SEGMENT=\"1\">", "<QUALF>",
                            "<LKTEXT>");
    sums = qualified_rows(idoc, "<E1EDS01 SEGMENT=\"1\">", "<SUMID>",
                          "<SUMME>");
    items = xml_rows(idoc, "<E1EDP01 SEGMENT=\"1\">");
    xml_name(items, "<POSEX>", ITEM);
    xml_name(items, "<MENGE>", QUANTITY);
    xml_name(items, "<MENEE>", UNIT);
    xml_name(items, "<VPREI>", PRICE);
    xml_name(items, "<PEINH>", PER);
    xml_name(items, "<PSTYV>", CATEGORY);
    products = qualified_rows(items, "<E1EDP19 SEGMENT=\"1\">", "<QUALF>",
                              "<IDTNR>");
    xml_name(products, "<KTEXT>", TEXT);
    items->inner = products;
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    currency = codes_load("mappings/codes/currency.csv", true);
    unit = codes_load("mappings/codes/unit.csv", true);
    know_names();
    return limit_run(argv[1], "", "", map_order);
}
