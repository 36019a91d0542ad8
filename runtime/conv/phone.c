/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phone numbers in the form of ITU-T E.164: + and digits. A number without the
 * country's code gets that of the country given; what is dialled in front of
 * national numbers only there (trunk prefix) goes.
 */
#include "mr/conv.h"

#include "value/text.h"

enum { DIGITS_MAX = 15, DIGITS_MIN = 5, ROOM = 32 };

struct plan {
    char country[3];
    char code[4];
    char trunk[3];              /* "" none */
};

/* Sorted by country. Italy and San Marino keep their 0. */
static const struct plan plans[] = {
    { "AD", "376", "" }, { "AE", "971", "0" }, { "AF", "93", "0" },
    { "AG", "1", "1" }, { "AI", "1", "1" }, { "AL", "355", "0" },
    { "AM", "374", "0" }, { "AO", "244", "" }, { "AR", "54", "0" },
    { "AT", "43", "0" }, { "AU", "61", "0" }, { "AW", "297", "" },
    { "AZ", "994", "0" }, { "BA", "387", "0" }, { "BB", "1", "1" },
    { "BD", "880", "0" }, { "BE", "32", "0" }, { "BF", "226", "" },
    { "BG", "359", "0" }, { "BH", "973", "" }, { "BI", "257", "" },
    { "BJ", "229", "" }, { "BM", "1", "1" }, { "BN", "673", "" },
    { "BO", "591", "0" }, { "BR", "55", "0" }, { "BS", "1", "1" },
    { "BT", "975", "" }, { "BW", "267", "" }, { "BY", "375", "8" },
    { "BZ", "501", "" }, { "CA", "1", "1" }, { "CD", "243", "0" },
    { "CF", "236", "" }, { "CG", "242", "" }, { "CH", "41", "0" },
    { "CI", "225", "" }, { "CL", "56", "" }, { "CM", "237", "" },
    { "CN", "86", "0" }, { "CO", "57", "0" }, { "CR", "506", "" },
    { "CU", "53", "0" }, { "CV", "238", "" }, { "CY", "357", "" },
    { "CZ", "420", "" }, { "DE", "49", "0" }, { "DJ", "253", "" },
    { "DK", "45", "" }, { "DM", "1", "1" }, { "DO", "1", "1" },
    { "DZ", "213", "0" }, { "EC", "593", "0" }, { "EE", "372", "" },
    { "EG", "20", "0" }, { "ER", "291", "0" }, { "ES", "34", "" },
    { "ET", "251", "0" }, { "FI", "358", "0" }, { "FJ", "679", "" },
    { "FO", "298", "" }, { "FR", "33", "0" }, { "GA", "241", "" },
    { "GB", "44", "0" }, { "GD", "1", "1" }, { "GE", "995", "0" },
    { "GF", "594", "0" }, { "GH", "233", "0" }, { "GI", "350", "" },
    { "GL", "299", "" }, { "GM", "220", "" }, { "GN", "224", "" },
    { "GP", "590", "0" }, { "GQ", "240", "" }, { "GR", "30", "" },
    { "GT", "502", "" }, { "GW", "245", "" }, { "GY", "592", "" },
    { "HK", "852", "" }, { "HN", "504", "" }, { "HR", "385", "0" },
    { "HT", "509", "" }, { "HU", "36", "06" }, { "ID", "62", "0" },
    { "IE", "353", "0" }, { "IL", "972", "0" }, { "IN", "91", "0" },
    { "IQ", "964", "0" }, { "IR", "98", "0" }, { "IS", "354", "" },
    { "IT", "39", "" }, { "JM", "1", "1" }, { "JO", "962", "0" },
    { "JP", "81", "0" }, { "KE", "254", "0" }, { "KG", "996", "0" },
    { "KH", "855", "0" }, { "KM", "269", "" }, { "KN", "1", "1" },
    { "KP", "850", "0" }, { "KR", "82", "0" }, { "KW", "965", "" },
    { "KY", "1", "1" }, { "KZ", "7", "8" }, { "LA", "856", "0" },
    { "LB", "961", "0" }, { "LC", "1", "1" }, { "LI", "423", "" },
    { "LK", "94", "0" }, { "LR", "231", "0" }, { "LS", "266", "" },
    { "LT", "370", "0" }, { "LU", "352", "" }, { "LV", "371", "" },
    { "LY", "218", "0" }, { "MA", "212", "0" }, { "MC", "377", "" },
    { "MD", "373", "0" }, { "ME", "382", "0" }, { "MG", "261", "0" },
    { "MK", "389", "0" }, { "ML", "223", "" }, { "MM", "95", "0" },
    { "MN", "976", "0" }, { "MO", "853", "" }, { "MQ", "596", "0" },
    { "MR", "222", "" }, { "MT", "356", "" }, { "MU", "230", "" },
    { "MV", "960", "" }, { "MW", "265", "0" }, { "MX", "52", "" },
    { "MY", "60", "0" }, { "MZ", "258", "" }, { "NA", "264", "0" },
    { "NC", "687", "" }, { "NE", "227", "" }, { "NG", "234", "0" },
    { "NI", "505", "" }, { "NL", "31", "0" }, { "NO", "47", "" },
    { "NP", "977", "0" }, { "NZ", "64", "0" }, { "OM", "968", "" },
    { "PA", "507", "" }, { "PE", "51", "0" }, { "PF", "689", "" },
    { "PG", "675", "" }, { "PH", "63", "0" }, { "PK", "92", "0" },
    { "PL", "48", "" }, { "PR", "1", "1" }, { "PS", "970", "0" },
    { "PT", "351", "" }, { "PY", "595", "0" }, { "QA", "974", "" },
    { "RE", "262", "0" }, { "RO", "40", "0" }, { "RS", "381", "0" },
    { "RU", "7", "8" }, { "RW", "250", "0" }, { "SA", "966", "0" },
    { "SC", "248", "" }, { "SD", "249", "0" }, { "SE", "46", "0" },
    { "SG", "65", "" }, { "SI", "386", "0" }, { "SK", "421", "0" },
    { "SL", "232", "0" }, { "SM", "378", "" }, { "SN", "221", "" },
    { "SO", "252", "0" }, { "SR", "597", "0" }, { "SS", "211", "0" },
    { "SV", "503", "" }, { "SY", "963", "0" }, { "SZ", "268", "" },
    { "TD", "235", "" }, { "TG", "228", "" }, { "TH", "66", "0" },
    { "TJ", "992", "" }, { "TL", "670", "" }, { "TM", "993", "8" },
    { "TN", "216", "" }, { "TR", "90", "0" }, { "TT", "1", "1" },
    { "TW", "886", "0" }, { "TZ", "255", "0" }, { "UA", "380", "0" },
    { "UG", "256", "0" }, { "US", "1", "1" }, { "UY", "598", "0" },
    { "UZ", "998", "" }, { "VA", "39", "" }, { "VC", "1", "1" },
    { "VE", "58", "0" }, { "VG", "1", "1" }, { "VI", "1", "1" },
    { "VN", "84", "0" }, { "XK", "383", "0" }, { "YE", "967", "0" },
    { "ZA", "27", "0" }, { "ZM", "260", "0" }, { "ZW", "263", "0" },
};

static const struct plan *
find(struct mr_val country)
{
    size_t low = 0, high = sizeof plans / sizeof plans[0];

    if (!mr_is_here(country) || country.n != 2)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(country.p, plans[middle].country, 2);

        if (order == 0)
            return &plans[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Digits of the number; blanks and ( ) - / . go, and (0) behind a country
 * code. *full: it has a country code. */
static enum mr_why
read_digits(struct mr_val v, char digits[ROOM], uint32_t *n, bool *full)
{
    uint32_t i = 0, count = 0;

    *full = v.n > 0 && v.p[0] == '+';
    i += *full;
    if (!*full && v.n > 2 && v.p[0] == '0' && v.p[1] == '0') {
        *full = true;
        i = 2;
    }
    for (; i < v.n; i++) {
        if (*full && v.n - i >= 3 && memcmp(v.p + i, "(0)", 3) == 0) {
            i += 2;
            continue;
        }
        if (mr_is_blank(v.p[i]) || memchr("()-/.", v.p[i], 5) != NULL)
            continue;
        if (!mr_is_digit(v.p[i]))
            return MR_WHY_NO_MATCH;
        if (count == ROOM)
            return MR_WHY_TOO_LONG;
        digits[count++] = v.p[i];
    }
    *n = count;
    return count > 0 ? MR_WHY_NONE : MR_WHY_NO_MATCH;
}

/* Bytes of the trunk prefix in front of a national number. A 1 or an 8 may be
 * its first digit too, and is a prefix only before ten more. */
static uint32_t
trunk_of(const struct plan *plan, const char *digits, uint32_t n)
{
    uint32_t size = (uint32_t)strlen(plan->trunk);

    if (size == 0 || n <= size || memcmp(digits, plan->trunk, size) != 0)
        return 0;
    if (plan->trunk[0] != '0' && n != 11)
        return 0;
    return size;
}

struct mr_val
mr_phone(struct mr_cx *cx, struct mr_val v, struct mr_val country)
{
    char digits[ROOM], *p;
    const struct plan *plan = NULL;
    uint32_t n, code, trunk = 0;
    enum mr_why why;
    bool full;

    if (!mr_is_here(v))
        return v;
    if (country.state == MR_FAILED)
        return country;
    v = mr_without_blanks(v);
    if (!mr_is_here(v))
        return mr_step(cx, "phone", v);
    why = read_digits(v, digits, &n, &full);
    if (why == MR_WHY_NONE && !full) {
        plan = find(country);
        if (plan == NULL)
            why = MR_WHY_UNKNOWN_COUNTRY;
        else
            trunk = trunk_of(plan, digits, n);
    }
    code = plan != NULL ? (uint32_t)strlen(plan->code) : 0;
    if (why == MR_WHY_NONE && code + n - trunk > DIGITS_MAX)
        why = MR_WHY_TOO_LONG;
    if (why == MR_WHY_NONE && code + n - trunk < DIGITS_MIN)
        why = MR_WHY_TOO_SHORT;
    if (why != MR_WHY_NONE)
        return mr_step(cx, "phone", mr_failed(v, why));
    p = mr_alloc(cx, 1 + DIGITS_MAX);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    p[0] = '+';
    if (plan != NULL)
        memcpy(p + 1, plan->code, code);
    memcpy(p + 1 + code, digits + trunk, n - trunk);
    return mr_step(cx, "phone", mr_slice(p, 1 + code + n - trunk));
}
