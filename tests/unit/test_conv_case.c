/* SPDX-License-Identifier: Apache-2.0 */
/* Upper and lower case of every code point, against the C library's table. */
#include "check.h"

#include <locale.h>
#include <wctype.h>

#include "mr/conv.h"
#include "value/text.h"

enum { LAST = 0x1ffff };

typedef struct mr_val change(struct mr_cx *cx, struct mr_val v);

/* The one code point that comes out; checks that it takes no more room. */
static uint32_t
changed(struct mr_cx *cx, change *f, uint32_t c)
{
    char p[4];
    uint32_t n = mr_char_put(p, c), used, to;
    struct mr_val v = f(cx, mr_slice(p, n));

    CHECK_THAT(mr_is_here(v) && v.n <= n, "U+%04X grows", c);
    to = mr_char_at(v.p, v.n, &used);
    CHECK_THAT(used == v.n, "U+%04X becomes more than one", c);
    return to;
}

/* What changes here changes to the same there; all of Latin-1, Latin Extended-A,
 * Greek and Cyrillic letters that change there change here. */
static void
agrees_with_libc(void)
{
    struct mr_cx cx;

    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        check_fail(__FILE__, __LINE__, "the locale C.UTF-8 is not there");
        return;
    }
    mr_cx_init(&cx, NULL);
    for (uint32_t c = 1; c <= LAST; c++) {
        bool common = c < 0x180 || (c >= 0x386 && c <= 0x3ce) ||
                      (c >= 0x400 && c <= 0x52f);
        uint32_t upper, lower;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        upper = changed(&cx, mr_upper, c);
        lower = changed(&cx, mr_lower, c);
        /* Letters whose partner lies outside of the table: a micro sign, a
         * stroked b. */
        common = common && c != 0xb5 && c != 0x180;
        if (upper != c || common)
            CHECK_THAT(upper == (uint32_t)towupper((wint_t)c),
                       "upper U+%04X is U+%04X, not U+%04X", c, upper,
                       (unsigned)towupper((wint_t)c));
        if (lower != c || common)
            CHECK_THAT(lower == (uint32_t)towlower((wint_t)c),
                       "lower U+%04X is U+%04X, not U+%04X", c, lower,
                       (unsigned)towlower((wint_t)c));
        mr_cx_next(&cx);
    }
    mr_cx_done(&cx);
    setlocale(LC_CTYPE, "C");
}

/* No locale takes part: what a Turkish one would do differently stays. */
static void
ascii_is_ascii(void)
{
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (uint32_t c = 1; c < 0x80; c++) {
        CHECK_NUMBER(changed(&cx, mr_upper, c),
                     c >= 'a' && c <= 'z' ? c - 32 : c);
        CHECK_NUMBER(changed(&cx, mr_lower, c),
                     c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    mr_cx_done(&cx);
}

CHECK_MAIN({ "case agrees with libc", agrees_with_libc },
           { "case ascii is ascii", ascii_is_ascii })
