/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Postal codes: a pattern a country, 9 a digit and A a letter, what else
 * stands there is put where it belongs. Blanks, dashes and the case of what
 * came in do not count, nor a country code and a dash in front.
 */
#include "mr/conv.h"

#include "value/text.h"

enum { SHAPES = 6, LETTERS_MAX = 16 };

struct shapes {
    char country[3];
    const char *shape[SHAPES];      /* tried in turn */
};

/* Sorted by country. */
static const struct shapes table[] = {
    { "AD", { "AA999" } },
    { "AR", { "A9999AAA", "9999" } },
    { "AT", { "9999" } },
    { "AU", { "9999" } },
    { "BA", { "99999" } },
    { "BE", { "9999" } },
    { "BG", { "9999" } },
    { "BR", { "99999-999" } },
    { "BY", { "999999" } },
    { "CA", { "A9A 9A9" } },
    { "CH", { "9999" } },
    { "CL", { "999-9999" } },
    { "CN", { "999999" } },
    { "CO", { "999999" } },
    { "CR", { "99999" } },
    { "CY", { "9999" } },
    { "CZ", { "999 99" } },
    { "DE", { "99999" } },
    { "DK", { "9999" } },
    { "EE", { "99999" } },
    { "EG", { "99999" } },
    { "ES", { "99999" } },
    { "FI", { "99999" } },
    { "FR", { "99999" } },
    { "GB", { "A9 9AA", "A99 9AA", "A9A 9AA", "AA9 9AA", "AA99 9AA",
              "AA9A 9AA" } },
    { "GR", { "999 99" } },
    { "HR", { "99999" } },
    { "HU", { "9999" } },
    { "ID", { "99999" } },
    { "IL", { "9999999", "99999" } },
    { "IN", { "999999" } },
    { "IS", { "999" } },
    { "IT", { "99999" } },
    { "JP", { "999-9999" } },
    { "KR", { "99999" } },
    { "KZ", { "999999" } },
    { "LI", { "9999" } },
    { "LT", { "99999" } },
    { "LU", { "9999" } },
    { "LV", { "9999" } },
    { "MA", { "99999" } },
    { "MC", { "99999" } },
    { "MD", { "9999" } },
    { "ME", { "99999" } },
    { "MK", { "9999" } },
    { "MT", { "AAA 9999" } },
    { "MX", { "99999" } },
    { "MY", { "99999" } },
    { "NL", { "9999 AA" } },
    { "NO", { "9999" } },
    { "NZ", { "9999" } },
    { "PH", { "9999" } },
    { "PL", { "99-999" } },
    { "PT", { "9999-999" } },
    { "RO", { "999999" } },
    { "RS", { "99999" } },
    { "RU", { "999999" } },
    { "SA", { "99999", "99999-9999" } },
    { "SE", { "999 99" } },
    { "SG", { "999999" } },
    { "SI", { "9999" } },
    { "SK", { "999 99" } },
    { "SM", { "99999" } },
    { "TH", { "99999" } },
    { "TN", { "9999" } },
    { "TR", { "99999" } },
    { "TW", { "999", "99999", "999999" } },
    { "UA", { "99999" } },
    { "US", { "99999", "99999-9999" } },
    { "VA", { "99999" } },
    { "VN", { "99999", "999999" } },
    { "ZA", { "9999" } },
};

static const struct shapes *
find(struct mr_val country)
{
    size_t low = 0, high = sizeof table / sizeof table[0];

    if (!mr_is_here(country) || country.n != 2)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(country.p, table[middle].country, 2);

        if (order == 0)
            return &table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool
is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Letters (upper case) and digits; 0: something else is in it, or too many. */
static uint32_t
bare(struct mr_val v, const char *country, char out[LETTERS_MAX])
{
    uint32_t n = 0;

    if (v.n > 3 && (v.p[0] & ~32) == country[0] &&
        (v.p[1] & ~32) == country[1] && v.p[2] == '-') {
        v.p += 3;
        v.n -= 3;
    }
    for (uint32_t i = 0; i < v.n; i++) {
        char c = v.p[i];

        if (c == ' ' || c == '-')
            continue;
        if (n == LETTERS_MAX || !(mr_is_digit(c) || is_letter(c)))
            return 0;
        out[n++] = is_letter(c) ? (char)(c & ~32) : c;
    }
    return n;
}

/* The code laid into the shape; 0 bytes: it does not fit. */
static uint32_t
lay(const char *shape, const char *code, uint32_t n, char *out)
{
    uint32_t used = 0, i = 0;

    for (; shape[i] != '\0'; i++) {
        if (shape[i] != '9' && shape[i] != 'A') {
            out[i] = shape[i];
            continue;
        }
        if (used == n ||
            (shape[i] == '9' ? !mr_is_digit(code[used])
                             : !is_letter(code[used])))
            return 0;
        out[i] = code[used++];
    }
    return used == n ? i : 0;
}

struct mr_val
mr_postal_code(struct mr_cx *cx, struct mr_val v, struct mr_val country)
{
    const struct shapes *shapes;
    char code[LETTERS_MAX], *p;
    struct mr_val text;
    uint32_t n;

    if (!mr_is_here(v))
        return v;
    if (country.state == MR_FAILED)
        return country;
    text = mr_without_blanks(v);
    shapes = find(country);
    if (shapes == NULL || !mr_is_here(text))
        return mr_step(cx, "postal_code", text);
    n = bare(text, shapes->country, code);
    p = mr_alloc(cx, 16);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    for (int i = 0; n > 0 && i < SHAPES && shapes->shape[i] != NULL; i++) {
        uint32_t size = lay(shapes->shape[i], code, n, p);

        if (size > 0)
            return mr_step(cx, "postal_code", mr_slice(p, size));
    }
    return mr_step(cx, "postal_code", mr_failed(v, MR_WHY_NO_MATCH));
}
