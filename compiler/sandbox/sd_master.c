/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up condition records, stock and credit, out of the numbers. */
#include "sandbox/sd_master.h"

#include <string.h>

#include "base/hash.h"

static const char *
bare(const char *number)
{
    return number + strspn(number, "0");
}

/* From 0 to n - 1; another one for each table. */
static int64_t
pick(const char *table, const char *number, int64_t n)
{
    uint64_t h = hash_fnv1a(table, strlen(table));

    number = bare(number);
    h = (h ^ hash_fnv1a(number, strlen(number))) * 1099511628211u;
    h ^= h >> 29;
    return (int64_t)((h * 0x9e3779b97f4a7c15u >> 33) % (uint64_t)n);
}

bool
sd_is_missing(const char *number)
{
    return *bare(number) == '\0' || strncmp(bare(number), "999", 3) == 0;
}

bool
sd_is_blocked(const char *number)
{
    return strncmp(bare(number), "998", 3) == 0;
}

int64_t
sd_base_price(const char *material)
{
    return 100 + pick("PR00", material, 49900);
}

int64_t
sd_customer_discount(const char *customer)
{
    return pick("K007", customer, 16) * 1000;
}

int64_t
sd_surcharge(const char *material)
{
    return pick("ZU01", material, 4) == 0 ? 2500 : 0;
}

bool
sd_has_free_goods(const char *material)
{
    return pick("free", material, 5) == 0;
}

int64_t
sd_stock(const char *material, const char *plant)
{
    return (pick("stock", material, 200) + pick("plant", plant, 20)) * 1000;
}

unsigned
sd_lead_days(const char *material)
{
    return 3 + (unsigned)pick("lead", material, 18);
}

int64_t
sd_credit_limit(const char *customer)
{
    return (10 + pick("limit", customer, 91)) * 100000;
}

int64_t
sd_open_items(const char *customer)
{
    return sd_is_blocked(customer)
               ? sd_credit_limit(customer)
               : sd_credit_limit(customer) / 100 * pick("open", customer, 60);
}

/* Words of three letters with a blank between them. */
static bool
is_one_of(const char *words, const char *word)
{
    for (const char *p = words; *p != '\0'; p += p[3] == ' ' ? 4 : 3)
        if (strncmp(p, word, 3) == 0)
            return true;
    return false;
}

unsigned
sd_currency_digits(const char *currency)
{
    static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX "
                               "VND VUV XAF XOF XPF";
    static const char three[] = "BHD IQD JOD KWD LYD OMR TND";

    if (strlen(currency) != 3)
        return 2;
    if (is_one_of(none, currency))
        return 0;
    return is_one_of(three, currency) ? 3 : 2;
}
