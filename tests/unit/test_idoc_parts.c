/* SPDX-License-Identifier: Apache-2.0 */
/* Where IDocs stand in a message, and taking their texts out. */
#include "check.h"
#include "peer/idoc_parts.h"

#include <stdlib.h>

#define FIRST "<IDOC BEGIN=\"1\"><EDI_DC40><DOCNUM>1</DOCNUM></EDI_DC40>" \
    "<E1KNA1M A='x>y'><KUNNR>1</KUNNR><!-- <IDOC> --><E1KNVKM><NAME1>" \
    "<![CDATA[</IDOC>]]></NAME1></E1KNVKM><IDOC>in</IDOC></E1KNA1M></IDOC>"
#define SECOND "<IDOC\n><EDI_DC40/><IDOCX>two</IDOCX><?p </IDOC>?></IDOC >"
#define BEFORE "<?xml version=\"1.0\"?><!-- <IDOC/> -->\n<DEBMAS06> a "
#define MESSAGE BEFORE FIRST " b " SECOND "<IDOC/><OTHER>c</OTHER></DEBMAS06>\n"

static void
where(void)
{
    static const char *const parts[] = { FIRST, SECOND, "<IDOC/>" };
    const char *p = MESSAGE;
    size_t n = strlen(p), from = 0, to = 0;

    CHECK_NUMBER(idoc_parts(p, n), 3);
    for (size_t i = 0; i < 3; i++) {
        REQUIRE(idoc_part(p, n, i, &from, &to));
        CHECK_NUMBER(to - from, strlen(parts[i]));
        CHECK(to - from == strlen(parts[i]) &&
              memcmp(p + from, parts[i], to - from) == 0);
    }
    CHECK(!idoc_part(p, n, 3, &from, &to));
}

static void
strip(void)
{
    static const struct {
        bool spent[3];
        const char *text;
    } rows[] = {
        { { false, false, false }, MESSAGE },
        { { true, false, false },
          BEFORE "<IDOC BEGIN=\"1\"><EDI_DC40><DOCNUM>1</DOCNUM></EDI_DC40>"
          "<E1KNA1M A='x>y'><KUNNR></KUNNR><E1KNVKM><NAME1></NAME1></E1KNVKM>"
          "<IDOC></IDOC></E1KNA1M></IDOC> b " SECOND
          "<IDOC/><OTHER>c</OTHER></DEBMAS06>\n" },
        { { false, true, true },
          BEFORE FIRST " b <IDOC\n><EDI_DC40/><IDOCX></IDOCX></IDOC >"
          "<IDOC/><OTHER>c</OTHER></DEBMAS06>\n" },
    };
    char text[sizeof MESSAGE];

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        size_t n;

        memcpy(text, MESSAGE, sizeof text);
        n = idoc_strip(text, sizeof text - 1, rows[i].spent, 3);
        text[n] = '\0';
        CHECK_TEXT(text, rows[i].text);
        /* Nothing more to take. */
        CHECK_NUMBER(idoc_strip(text, n, rows[i].spent, 3), n);
    }
}

/* What is not understood stays as it is. */
static void
left_alone(void)
{
    static const struct {
        const char *p;
        size_t n;
    } rows[] = {
        { "", 0 }, { "<", 1 }, { "<A", 2 }, { "</A>", 4 },
        { "<A><IDOC>x</IDOC>", 17 }, { "<A><IDOC>x</IDOC></A></A>", 25 },
        { "<A><IDOC>x<!-- </IDOC></A>", 26 },
        { "<A><IDOC x='>x</IDOC></A>", 25 },
        { "\xff\xfe<\0A\0>\0", 8 }, { "\xfe\xff\0<\0A\0>", 8 },
    };
    const bool spent[1] = { true };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        char *p = malloc(rows[i].n + 1);

        REQUIRE(p != NULL);
        memcpy(p, rows[i].p, rows[i].n);
        CHECK_NUMBER(idoc_parts(p, rows[i].n), 0);
        CHECK_NUMBER(idoc_strip(p, rows[i].n, spent, 1), rows[i].n);
        CHECK(memcmp(p, rows[i].p, rows[i].n) == 0);
        free(p);
    }
}

/* Ends anywhere: nothing behind the end is looked at, nothing is changed. */
static void
cut(void)
{
    const bool spent[3] = { true, true, true };
    size_t whole = sizeof MESSAGE - 1;

    for (size_t n = 0; n + 2 < whole; n++) {
        char *p = malloc(n + 1);

        REQUIRE(p != NULL);
        memcpy(p, MESSAGE, n);
        CHECK_NUMBER(idoc_strip(p, n, spent, 3), n);
        CHECK_NUMBER(idoc_parts(p, n), 0);
        free(p);
    }
}

CHECK_MAIN({ "where each stands", where }, { "texts taken out", strip },
           { "left alone", left_alone }, { "cut anywhere", cut })
