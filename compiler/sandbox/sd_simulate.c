/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BAPI_SALESORDER_SIMULATE: what would this order cost, when would it come, is
 * the credit good for it? Nothing is kept.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/sd_number.h"
#include "sandbox/sd_price.h"
#include "sandbox/sd_stock.h"
#include "sandbox/soap.h"

enum { MOST_ITEMS = 999, QUANTITY_DIGITS = 3, PERCENT_DIGITS = 3 };

struct simulation {
    struct arena *arena;
    const json_t *items;        /* rows that came */
    json_t *out;
    const char *customer, *currency, *date;
    unsigned digits;            /* of the currency */
    unsigned last;              /* item number given out */
    int64_t gross;
    bool failed;
};

/* One item, as it came or as free goods of one that came. */
struct item {
    unsigned number, parent, row;
    const json_t *in;
    const char *material, *unit, *category;
    int64_t quantity;
};

/* --- messages --- */

static void
message(struct simulation *s, const char *type, unsigned number, unsigned row,
        const char *text)
{
    json_t *to = sb_soap_row(s->out, "MESSAGETABLE");

    if (*type == 'E')
        s->failed = true;
    sb_soap_put(to, "TYPE", type);
    sb_soap_put(to, "ID", "V1");
    sb_soap_put(to, "NUMBER", arena_printf(s->arena, "%03u", number));
    sb_soap_put(to, "MESSAGE", text);
    sb_soap_put(to, "ROW", arena_printf(s->arena, "%u", row));
}

static void
conclude(struct simulation *s, const char *type, const char *code,
         const char *text)
{
    json_t *to = json_object();

    sb_soap_put(to, "TYPE", type);
    sb_soap_put(to, "CODE", code);
    sb_soap_put(to, "MESSAGE", text);
    json_object_set_new(s->out, "RETURN", to);
}

/* --- an item's rows --- */

/* As people write it. */
static const char *
bare(const char *number)
{
    return number + strspn(number, "0");
}

static const char *
amount(const struct simulation *s, int64_t value)
{
    return sd_number_text(s->arena, value, s->digits);
}

static const char *
number_text(const struct simulation *s, unsigned number)
{
    return arena_printf(s->arena, "%06u", number);
}

static void
show_item(struct simulation *s, const struct item *i,
          const struct sd_price *p)
{
    json_t *to = sb_soap_row(s->out, "ORDER_ITEMS_OUT");

    sb_soap_put(to, "ITM_NUMBER", number_text(s, i->number));
    sb_soap_put(to, "HG_LV_ITEM", number_text(s, i->parent));
    sb_soap_put(to, "MATERIAL", i->material);
    sb_soap_put(to, "SHORT_TEXT",
                arena_printf(s->arena, "Mustermaterial %s",
                             bare(i->material)));
    sb_soap_put(to, "ITEM_CATEG", i->category);
    sb_soap_put(to, "REQ_QTY", sd_number_text(s->arena, i->quantity,
                                              QUANTITY_DIGITS));
    sb_soap_put(to, "SALES_UNIT", i->unit);
    sb_soap_put(to, "NET_VALUE1", amount(s, p->net));
    sb_soap_put(to, "TX_DOC_CUR", amount(s, p->tax));
    sb_soap_put(to, "CURRENCY", s->currency);
}

static void
show_condition(struct simulation *s, const struct item *i,
               const struct sd_condition *c)
{
    json_t *to = sb_soap_row(s->out, "ORDER_CONDITION_EX");

    sb_soap_put(to, "ITM_NUMBER", number_text(s, i->number));
    sb_soap_put(to, "COND_ST_NO", arena_printf(s->arena, "%03u", c->step));
    sb_soap_put(to, "COND_COUNT", "01");
    sb_soap_put(to, "COND_TYPE", c->type);
    sb_soap_put(to, "COND_VALUE",
                sd_number_text(s->arena, c->rate,
                               c->percent ? PERCENT_DIGITS : s->digits));
    sb_soap_put(to, "CURRENCY", c->percent ? "" : s->currency);
    if (!c->percent) {
        sb_soap_put(to, "COND_UNIT", i->unit);
        sb_soap_put(to, "COND_P_UNT", "1");
    }
    sb_soap_put(to, "CONDVALUE", amount(s, c->value));
    sb_soap_put(to, "CURRENCY_2", s->currency);
    sb_soap_put(to, "CALCTYPCON", c->percent ? "A" : "C");
    sb_soap_put(to, "CONDCLASS", arena_printf(s->arena, "%c", c->class));
    sb_soap_put(to, "CONDORIGIN", c->manual ? "C" : "A");
    sb_soap_put(to, "COND_UPDAT", c->manual ? "X" : "");
}

static void
show_line(struct simulation *s, const struct item *i, unsigned line,
          const char *date, int64_t wanted, int64_t confirmed)
{
    json_t *to = sb_soap_row(s->out, "ORDER_SCHEDULE_EX");

    sb_soap_put(to, "ITM_NUMBER", number_text(s, i->number));
    sb_soap_put(to, "SCHED_LINE", arena_printf(s->arena, "%04u", line));
    sb_soap_put(to, "REQ_DATE", date);
    sb_soap_put(to, "REQ_QTY", sd_number_text(s->arena, wanted,
                                              QUANTITY_DIGITS));
    sb_soap_put(to, "CONFIR_QTY", sd_number_text(s->arena, confirmed,
                                                 QUANTITY_DIGITS));
    sb_soap_put(to, "SALES_UNIT", i->unit);
}

static void
show_schedule(struct simulation *s, const struct item *i)
{
    const char *own = sb_soap_text(i->in, "REQ_DATE"), *date = s->date;
    struct sd_confirmed c;

    if (*own != '\0' && *own != '0')
        date = own;
    c = sd_confirm(s->arena, i->material, sb_soap_text(i->in, "PLANT"),
                   i->quantity, date);
    show_line(s, i, 1, date, i->quantity, c.first);
    if (c.date == NULL)
        return;
    show_line(s, i, 2, c.date, 0, c.later);
    message(s, "W", 555, i->row,
            arena_printf(s->arena, "Item %06u: %s of %s are there, the rest "
                         "on %s", i->number,
                         sd_number_text(s->arena, c.first, QUANTITY_DIGITS),
                         sd_number_text(s->arena, i->quantity,
                                        QUANTITY_DIGITS), c.date));
}

static void
show_priced(struct simulation *s, const struct item *i,
            const struct sd_rates *rates)
{
    struct sd_price p;

    sd_price(rates, i->quantity, &p);
    s->gross += p.net + p.tax;
    show_item(s, i, &p);
    for (size_t c = 0; c < p.n; c++)
        show_condition(s, i, &p.conditions[c]);
    show_schedule(s, i);
}

/* --- what came --- */

static unsigned
item_number(const json_t *row, const char *name)
{
    return (unsigned)strtoul(sb_soap_text(row, name), NULL, 10);
}

/* Was this number sent with an item? */
static bool
is_sent(const struct simulation *s, unsigned number)
{
    for (size_t i = 0; i < json_array_size(s->items); i++)
        if (item_number(json_array_get(s->items, i), "ITM_NUMBER") == number)
            return true;
    return false;
}

/* Free goods keep the number with which they came back once more. */
static unsigned
free_number(struct simulation *s, const struct item *of)
{
    unsigned number = of->number + 1;

    for (size_t i = 0; i < json_array_size(s->items); i++) {
        const json_t *row = json_array_get(s->items, i);

        if (item_number(row, "HG_LV_ITEM") == of->number)
            return item_number(row, "ITM_NUMBER");
    }
    while (is_sent(s, number))
        number++;
    return number;
}

static void
add_free_goods(struct simulation *s, const struct item *of,
               struct sd_rates rates)
{
    struct item i = *of;

    i.quantity = of->quantity / 10000 * 1000;
    if (i.quantity == 0 || !sd_has_free_goods(of->material))
        return;
    i.number = free_number(s, of);
    i.parent = of->number;
    i.category = "TANN";
    rates.free = true;
    show_priced(s, &i, &rates);
}

/* REQ_QTY, else TARGET_QTY: digits, the last three behind the point. */
static int64_t
quantity_of(const json_t *row)
{
    const char *text = sb_soap_text(row, "REQ_QTY");
    int64_t quantity;

    if (text[strspn(text, "0")] == '\0')
        text = sb_soap_text(row, "TARGET_QTY");
    return sd_number(text, 0, &quantity) && quantity <= SD_MOST_QUANTITY
               ? quantity
               : 0;
}

static const char *
unit_of(const json_t *row)
{
    static const char *const fields[] = { "SALES_UNIT", "S_UNIT_ISO",
                                          "TARGET_QU", "T_UNIT_ISO" };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (*sb_soap_text(row, fields[i]) != '\0')
            return sb_soap_text(row, fields[i]);
    return "ST";
}

/* A discount that the caller gives: COND_TYPE RA00, in percent. Its sign does
 * not matter: it is taken off. */
static bool
take_discount(struct simulation *s, const struct item *i,
              struct sd_rates *rates)
{
    const char *type = sb_soap_text(i->in, "COND_TYPE");
    const char *text = sb_soap_text(i->in, "COND_VAL1");
    int64_t percent;

    if (*text == '\0')
        text = sb_soap_text(i->in, "COND_VALUE");
    if (*type == '\0' || *text == '\0')
        return true;
    if (strcmp(type, "RA00") != 0 ||
        !sd_number(text, PERCENT_DIGITS, &percent) ||
        llabs(percent) > 100000) {
        message(s, "E", 801, i->row,
                arena_printf(s->arena, "Item %06u: condition %.4s with %.30s "
                             "is not possible", i->number, type, text));
        return false;
    }
    rates->request = llabs(percent);
    rates->manual = true;
    return true;
}

static bool
is_possible(struct simulation *s, const struct item *i)
{
    const char *wrong = NULL;

    if (sd_is_missing(i->material))
        wrong = "is not there";
    else if (sd_is_blocked(i->material))
        wrong = "is blocked";
    if (wrong != NULL)
        message(s, "E", sd_is_missing(i->material) ? 382 : 390, i->row,
                arena_printf(s->arena, "Item %06u: material %s %s", i->number,
                             bare(i->material), wrong));
    else if (i->quantity == 0)
        message(s, "E", 401, i->row,
                arena_printf(s->arena, "Item %06u: no quantity", i->number));
    else
        return true;
    return false;
}

static void
take_item(struct simulation *s, const json_t *row, unsigned at)
{
    struct item i = { .in = row, .row = at };
    struct sd_rates rates;

    /* Free goods are found anew. */
    if (item_number(row, "HG_LV_ITEM") != 0)
        return;
    i.number = item_number(row, "ITM_NUMBER");
    if (i.number == 0)
        i.number = s->last / 10 * 10 + 10;
    s->last = i.number;
    i.material = sb_soap_text(row, "MATERIAL");
    i.unit = unit_of(row);
    i.category = "TAN";
    i.quantity = quantity_of(row);
    if (!is_possible(s, &i))
        return;
    rates = sd_rates(s->customer, i.material, i.quantity);
    if (!take_discount(s, &i, &rates))
        return;
    show_priced(s, &i, &rates);
    add_free_goods(s, &i, rates);
}

/* --- the whole --- */

static const char *
sold_to(const json_t *in)
{
    const json_t *rows = sb_soap_rows(in, "ORDER_PARTNERS");

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *role = sb_soap_text(row, "PARTN_ROLE");

        if (strcmp(role, "AG") == 0 || strcmp(role, "SP") == 0)
            return sb_soap_text(row, "PARTN_NUMB");
    }
    return "";
}

static void
check_credit(struct simulation *s)
{
    int64_t limit = sd_credit_limit(s->customer);
    int64_t open = sd_open_items(s->customer), used = open + s->gross;
    json_t *to = json_object();

    sb_soap_put(to, "PAYER", s->customer);
    sb_soap_put(to, "CRED_LIMIT", amount(s, limit));
    sb_soap_put(to, "ORDER_VALS", amount(s, s->gross));
    sb_soap_put(to, "RCVBL_VALS", amount(s, open));
    sb_soap_put(to, "CRED_LIAB", amount(s, used));
    sb_soap_put(to, "RISK_CATEG", used > limit ? "003" : "001");
    sb_soap_put(to, "CURRENCY", s->currency);
    json_object_set_new(s->out, "BILLING_PARTY", to);
    if (used > limit)
        message(s, "W", 153, 0,
                arena_printf(s->arena, "Credit limit of %s is exceeded by %s "
                             "%s", bare(s->customer), amount(s, used - limit),
                             s->currency));
}

static void
start(struct simulation *s, const json_t *in)
{
    static const char *const answered[] = { "ORDER_ITEMS_OUT",
                                            "ORDER_CONDITION_EX",
                                            "ORDER_SCHEDULE_EX",
                                            "MESSAGETABLE" };
    static const char *const returned[] = { "ORDER_ITEMS_IN",
                                            "ORDER_PARTNERS" };
    const json_t *header = json_object_get(in, "ORDER_HEADER_IN");
    const char *date = sb_soap_text(header, "REQ_DATE_H");

    s->items = sb_soap_rows(in, "ORDER_ITEMS_IN");
    s->customer = sold_to(in);
    s->currency = sb_soap_text(header, "CURRENCY");
    if (*s->currency == '\0')
        s->currency = "EUR";
    s->digits = sd_currency_digits(s->currency);
    s->date = *date == '\0' || *date == '0' ? sd_today(s->arena) : date;
    for (size_t i = 0; i < sizeof answered / sizeof answered[0]; i++)
        sb_soap_table(s->out, in, answered[i]);
    for (size_t i = 0; i < sizeof returned / sizeof returned[0]; i++)
        json_object_set_new(s->out, returned[i],
                            json_deep_copy(json_object_get(in, returned[i])));
}

const char *
sb_sd_simulate(struct request *r, const json_t *in, json_t *out)
{
    struct simulation s = { .arena = r->arena, .out = out };
    size_t n;

    start(&s, in);
    n = json_array_size(s.items);
    if (sd_is_missing(s.customer)) {
        conclude(&s, "E", "VP199",
                 arena_printf(r->arena, "Customer %s is not there",
                              bare(s.customer)));
        return NULL;
    }
    if (n == 0 || n > MOST_ITEMS) {
        conclude(&s, "E", "V1304", n == 0 ? "There is no item"
                                          : "There are too many items");
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        take_item(&s, json_array_get(s.items, i), (unsigned)i + 1);
    check_credit(&s);
    if (s.failed)
        conclude(&s, "W", "V1312", "Some items can't be delivered");
    else
        conclude(&s, "S", "V1311", "The order was simulated");
    return NULL;
}
