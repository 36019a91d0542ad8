/* SPDX-License-Identifier: Apache-2.0 */
/* What does an item cost, step by step? */
#include "sandbox/sd_price.h"

#include <string.h>

#include "sandbox/sd_master.h"
#include "sandbox/sd_number.h"

enum {
    UNIT = 1000,                /* thousandths of a unit */
    HUNDRED = 100000,           /* 100 percent, in thousandths */
    TAX = 19000,
    FEW = 10 * UNIT, FREIGHT_FEW = 50, FREIGHT_MANY = 25
};

struct sd_rates
sd_rates(const char *customer, const char *material, int64_t quantity)
{
    struct sd_rates r = {
        .base = sd_base_price(material),
        .freight = quantity < FEW ? FREIGHT_FEW : FREIGHT_MANY,
        .customer = sd_customer_discount(customer),
        .surcharge = sd_surcharge(material),
        .tax = TAX,
    };

    return r;
}

static int64_t
add(struct sd_price *p, struct sd_condition c)
{
    p->conditions[p->n++] = c;
    return c.value;
}

static int64_t
add_per_unit(struct sd_price *p, unsigned step, const char *type, char class,
             int64_t rate, int64_t quantity)
{
    struct sd_condition c = { .step = step, .type = type, .class = class,
                              .rate = rate };

    c.value = sd_number_scale(quantity, rate, UNIT);
    return add(p, c);
}

static int64_t
add_percent(struct sd_price *p, unsigned step, const char *type, char class,
            int64_t rate, int64_t of)
{
    struct sd_condition c = { .step = step, .type = type, .class = class,
                              .percent = true, .rate = rate };

    c.value = sd_number_scale(of, rate, HUNDRED);
    return add(p, c);
}

void
sd_price(const struct sd_rates *r, int64_t quantity, struct sd_price *out)
{
    int64_t sum;

    memset(out, 0, sizeof *out);
    sum = add_per_unit(out, 10, "PR00", 'B', r->base, quantity);
    if (r->customer != 0 && !r->free)
        sum += add_percent(out, 100, "K007", 'A', -r->customer, sum);
    if (r->manual && !r->free) {
        sum += add_percent(out, 110, "RA00", 'A', -r->request, sum);
        out->conditions[out->n - 1].manual = true;
    }
    if (r->free)
        sum += add_percent(out, 120, "R100", 'A', -HUNDRED, sum);
    if (r->surcharge != 0 && !r->free)
        sum += add_percent(out, 200, "ZU01", 'A', r->surcharge, sum);
    if (r->freight != 0 && !r->free)
        sum += add_per_unit(out, 800, "KF00", 'A', r->freight, quantity);
    out->net = sum;
    out->tax = add_percent(out, 915, "MWST", 'D', r->tax, sum);
}
