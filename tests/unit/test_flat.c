/* SPDX-License-Identifier: Apache-2.0 */
/* Flat IDocs to XML and back: every field at its place. */
#include "check.h"
#include "peer/flat.h"

static const char layout[] =
    "-- customers\n\n"
    "segment E1KNA1M E2KNA1M005\r\n"
    "MSGFN 3\nKUNNR\t10   -- the number\nNAME1 35\n"
    "segment E1KNVVM E2KNVVM004\nMSGFN 3\nVKORG 4\n"
    "segment E1KNVPM\nPARVW 2\n";

struct setup {
    struct mr_cx cx;
    struct flat_layout *layout;
    struct bytes out;
};

static bool
set_up(struct setup *s)
{
    mr_cx_init(&s->cx, NULL);
    bytes_init(&s->out, &s->cx.memory);
    return flat_layout_new(&s->cx, layout, sizeof layout - 1, &s->layout) ==
           MR_OK;
}

static void
tear_down(struct setup *s)
{
    flat_layout_free(&s->cx, s->layout);
    bytes_free(&s->out);
    mr_cx_done(&s->cx);
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define CONTROL(number) "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>" \
    "EDI_DC40</TABNAM><MANDT>100</MANDT><DOCNUM>" number "</DOCNUM>" \
    "<IDOCTYP>DEBMAS06</IDOCTYP><SNDPRN>MUSTER</SNDPRN>" \
    "<SERIAL>20261122184500</SERIAL></EDI_DC40>"

static const char two[] =
    XML_HEAD "<DEBMAS06>" CONTROL("0000000000000007")
    "<E1KNA1M SEGMENT=\"1\"><MSGFN>005</MSGFN><NAME1>Müller &amp; &lt;Söhne&gt;"
    "</NAME1>"
    "<E1KNVVM SEGMENT=\"1\"><VKORG>1000</VKORG><E1KNVPM SEGMENT=\"1\">"
    "<PARVW>AG</PARVW></E1KNVPM><E1KNVPM SEGMENT=\"1\"><PARVW>WE</PARVW>"
    "</E1KNVPM></E1KNVVM><E1KNVVM SEGMENT=\"1\"><VKORG>/</VKORG></E1KNVVM>"
    "</E1KNA1M></IDOC>" CONTROL("0000000000000008")
    "<E1KNA1M SEGMENT=\"1\"><KUNNR>0000001000</KUNNR></E1KNA1M></IDOC>"
    "</DEBMAS06>\n";

/* The i-th line of the flat file; its length in characters. */
static const char *
line_of(const struct bytes *b, int i, size_t *n)
{
    static char text[2000];
    const char *p = b->p;
    size_t bytes;

    while (i-- > 0)
        p = strchr(p, '\n') + 1;
    bytes = strcspn(p, "\n");
    memcpy(text, p, bytes);
    text[bytes] = '\0';
    *n = 0;
    for (size_t k = 0; k < bytes; k++)
        *n += ((unsigned char)text[k] & 0xc0) != 0x80;
    return text;
}

static void
test_write(void)
{
    static const char *const heads[] = {
        NULL,
        "E2KNA1M005                    1000000000000000007000001000000" "01"
        "005          Müller & <Söhne>",
        "E2KNVVM004                    1000000000000000007000002000001" "02"
        "   1000 ",
        "E1KNVPM                       1000000000000000007000003000002" "03AG ",
        "E1KNVPM                       1000000000000000007000004000002" "03WE ",
        "E2KNVVM004                    1000000000000000007000005000001" "02"
        "   /    ",
        NULL,
        "E2KNA1M005                    1000000000000000008000001000000" "01"
        "   0000001000 ",
    };
    struct setup s;
    const char *line;
    size_t n;

    REQUIRE(set_up(&s));
    REQUIRE(flat_from_xml(&s.cx, s.layout, two, sizeof two - 1, &s.out) ==
            MR_OK);
    bytes_add(&s.out, "", 1);
    line = line_of(&s.out, 0, &n);
    CHECK_NUMBER(n, 524);
    CHECK(strncmp(line, "EDI_DC40  1000000000000000007", 29) == 0);
    CHECK(strncmp(line + 39, "DEBMAS06 ", 9) == 0);
    CHECK(strncmp(line + 162, "MUSTER    ", 10) == 0);
    CHECK(strncmp(line + 504, "20261122184500      ", 20) == 0);
    for (int i = 1; i < 8; i++) {
        if (heads[i] == NULL)
            continue;
        line = line_of(&s.out, i, &n);
        CHECK_NUMBER(n, 1063);
        CHECK_THAT(strncmp(line, heads[i], strlen(heads[i])) == 0,
                   "line %d: %.100s", i, line);
    }
    tear_down(&s);
}

static void
test_back(void)
{
    struct setup s;
    struct bytes xml;

    REQUIRE(set_up(&s));
    bytes_init(&xml, &s.cx.memory);
    REQUIRE(flat_from_xml(&s.cx, s.layout, two, sizeof two - 1, &s.out) ==
            MR_OK);
    CHECK_NUMBER(flat_to_xml(&s.cx, s.layout, s.out.p, s.out.n, &xml), MR_OK);
    bytes_add(&xml, "", 1);
    CHECK_TEXT(xml.p, two);
    bytes_free(&xml);
    tear_down(&s);
}

/* TABNAM, MANDT, DOCNUM, DOCREL, STATUS and four flags in front of it. */
#define TYPED(type) "EDI_DC40  " "100" "0000000000000007" "0000" "02" "    " \
    type
#define DC40 TYPED("DEBMAS06")

/* Short lines, levels instead of numbers, names as in XML. */
static void
test_read(void)
{
    static const char flat[] =
        DC40 "\r\n"
        "E2KNA1M005                    1000000000000000007            01"
        "005\r\n"
        "E1KNVVM                       1000000000000000007            02"
        "   1000\r\n\r\n"
        "E1KNVPM                       1000000000000000007            03AG\r\n"
        "E2KNVVM004                    1000000000000000007            02"
        "   2000";
    struct setup s;

    REQUIRE(set_up(&s));
    CHECK_NUMBER(flat_to_xml(&s.cx, s.layout, flat, sizeof flat - 1, &s.out),
                 MR_OK);
    bytes_add(&s.out, "", 1);
    CHECK_TEXT(s.out.p, XML_HEAD "<DEBMAS06><IDOC BEGIN=\"1\">"
               "<EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40</TABNAM>"
               "<MANDT>100</MANDT><DOCNUM>0000000000000007</DOCNUM>"
               "<DOCREL>0000</DOCREL><STATUS>02</STATUS>"
               "<IDOCTYP>DEBMAS06</IDOCTYP></EDI_DC40>"
               "<E1KNA1M SEGMENT=\"1\"><MSGFN>005</MSGFN>"
               "<E1KNVVM SEGMENT=\"1\"><VKORG>1000</VKORG>"
               "<E1KNVPM SEGMENT=\"1\"><PARVW>AG</PARVW></E1KNVPM></E1KNVVM>"
               "<E1KNVVM SEGMENT=\"1\"><VKORG>2000</VKORG></E1KNVVM>"
               "</E1KNA1M></IDOC></DEBMAS06>\n");
    tear_down(&s);
}

#define NUMBERED(name, own, outer) name "                       " \
    "100" "0000000000000007" own outer "01"

static void
test_bad_flat(void)
{
    static const struct {
        const char *flat, *text;
    } rows[] = {
        { "", "line 0: no control record" },
        { NUMBERED("E1KNA1M", "000001", "000000"),
          "line 1: a segment before the control record: E1KNA1M" },
        { DC40 "\nE1NIX", "line 2: the layout has no segment E1NIX" },
        { "EDI_DC40  100", "line 1: the control record has no IDOCTYP" },
        { DC40 "\n" NUMBERED("E1KNVVM", "000002", "000001"),
          "line 2: what holds this segment is not open: E1KNVVM" },
        { DC40 "\nE1KNA1M\x01", "line 2: the layout has no segment E1KNA1M"
          "\x01" },
        { DC40 "\n" NUMBERED("E1KNA1M", "000001", "000000") "00\x02",
          "line 2: a control character in E1KNA1M" },
        { DC40 "\n" TYPED("MATMAS05"),
          "line 2: another IDoc type in one file: MATMAS05" },
        { TYPED("<a>"),
          "line 1: this is no IDoc type: <a>" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct setup s;

        REQUIRE(set_up(&s));
        CHECK_NUMBER(flat_to_xml(&s.cx, s.layout, rows[i].flat,
                                 strlen(rows[i].flat), &s.out), MR_EFORMAT);
        CHECK_TEXT(s.cx.error.text, rows[i].text);
        tear_down(&s);
    }
}

#define IN(text) "<A><IDOC><EDI_DC40><DOCNUM>1</DOCNUM></EDI_DC40>" text \
    "</IDOC></A>"

static void
test_bad_xml(void)
{
    static const struct {
        const char *xml, *text;
    } rows[] = {
        { "", "the document is no IDoc" }, { "<A/>", "the document is no IDoc" },
        { IN("<NIX/>"), "the layout has no segment NIX" },
        { IN("<E1KNA1M><NIX>1</NIX></E1KNA1M>"),
          "the layout has no place for NIX" },
        { IN("<E1KNVVM><VKORG>10000</VKORG></E1KNVVM>"),
          "longer than in the layout: VKORG" },
        { IN("<E1KNVVM><VKORG>1</E1KNVVM>"), "no end of VKORG" },
        { IN("<E1KNA1M><E1KNVVM/><KUNNR>1</KUNNR></E1KNA1M>"),
          "the layout has no place for KUNNR" },
        { "<A><IDOC><E1KNA1M>", "the document is no IDoc" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct setup s;

        REQUIRE(set_up(&s));
        CHECK_NUMBER(flat_from_xml(&s.cx, s.layout, rows[i].xml,
                                   strlen(rows[i].xml), &s.out), MR_EFORMAT);
        CHECK_TEXT(s.cx.error.text, rows[i].text);
        tear_down(&s);
    }
}

static void
test_bad_layouts(void)
{
    static const char *const rows[] = {
        "KUNNR 10", "segment", "segment a", "segment A B C", "segment A\nF",
        "segment A\nF 0", "segment A\nF x", "segment A\nF 10 20",
        "segment A\nF 1001", "segment A\nF 999\nG 2", "segment A\nf 1",
        "segment A\nsegment A",
        "segment A234567890123456789012345678901",
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct flat_layout *l;
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        CHECK_THAT(flat_layout_new(&cx, rows[i], strlen(rows[i]), &l) ==
                       MR_EFORMAT, "row %zu", i);
        CHECK(strncmp(cx.error.text, "line ", 5) == 0);
        mr_cx_done(&cx);
    }
}

CHECK_MAIN({ "write", test_write }, { "and back", test_back },
           { "read", test_read }, { "bad flat files", test_bad_flat },
           { "bad XML", test_bad_xml }, { "bad layouts", test_bad_layouts })
