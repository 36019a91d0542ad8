/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Amounts and the decimals of their currency: ISO 4217, by number of decimals.
 * SAP stores every amount with two decimals and reads them with the
 * currency's, so those with more or fewer decimals look shifted there.
 */
#include "mr/conv.h"

#include "value/decimal.h"

/* Each currency is three letters and a blank. */
static const char none[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
static const char two[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV "
    "BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE "
    "CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD "
    "HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
    "SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY "
    "TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWL ";
static const char three[] = "BHD IQD JOD KWD LYD OMR TND ";
static const char four[] = "CLF UYW ";

static bool
has(const char *list, struct mr_val currency)
{
    for (; list[0] != '\0'; list += 4)
        if (memcmp(list, currency.p, 3) == 0)
            return true;
    return false;
}

/* -1: not a currency. */
static int
decimals_of(struct mr_val currency)
{
    if (!mr_is_here(currency) || currency.n != 3)
        return -1;
    /* By far the most frequent ones first. */
    if (memcmp(currency.p, "EUR", 3) == 0 ||
        memcmp(currency.p, "USD", 3) == 0)
        return 2;
    return has(none, currency) ? 0 : has(three, currency) ? 3 :
           has(four, currency) ? 4 : has(two, currency) ? 2 : -1;
}

/* The value's number with its currency's decimals, times 10 to `shift`. */
static struct mr_val
amount(struct mr_cx *cx, const char *name, struct mr_val v,
       struct mr_val currency, bool inwards, bool outwards)
{
    struct mr_decimal d;
    enum mr_why why;
    int decimals;

    if (!mr_is_here(v))
        return v;
    if (currency.state == MR_FAILED)
        return currency;
    decimals = decimals_of(currency);
    if (decimals < 0)
        return mr_step(cx, name, mr_failed(mr_is_here(currency) ? currency : v,
                                           MR_WHY_UNKNOWN_CURRENCY));
    why = mr_decimal_read(v.p, v.n, &d);
    if (why == MR_WHY_NONE && !inwards && !outwards && d.scale == decimals)
        return mr_step(cx, name, v);
    if (why == MR_WHY_NONE && outwards)
        why = mr_decimal_shift(&d, 2 - decimals);
    if (why == MR_WHY_NONE)
        why = mr_decimal_scale(&d, (uint32_t)decimals);
    if (why == MR_WHY_NONE && inwards)
        why = mr_decimal_shift(&d, decimals - 2);
    if (why == MR_WHY_NONE && inwards)
        why = mr_decimal_scale(&d, 2);
    if (why != MR_WHY_NONE)
        return mr_step(cx, name, mr_failed(v, why));
    return mr_step(cx, name, mr_decimal_text(cx, d));
}

struct mr_val
mr_money(struct mr_cx *cx, struct mr_val v, struct mr_val currency)
{
    return amount(cx, "money", v, currency, false, false);
}

struct mr_val
mr_sap_amount_right(struct mr_cx *cx, struct mr_val v, struct mr_val currency)
{
    return amount(cx, "sap_amount", v, currency, true, false);
}

struct mr_val
mr_sap_amount_left(struct mr_cx *cx, struct mr_val v, struct mr_val currency)
{
    return amount(cx, "sap_amount", v, currency, false, true);
}
