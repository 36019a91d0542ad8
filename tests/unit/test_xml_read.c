/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading XML: valid and broken documents with what comes out of them, however
 * the bytes are cut into reads; cut off at every byte; scans against their
 * plain forms.
 */
#include "codec/xml_run.h"
#include "codec/xml_scan.h"
#include "unit/check.h"

#define IDOC "<DEBMAS06><IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">"
#define END "</E1KNA1M></IDOC></DEBMAS06>"
#define ORDER "<Orders xmlns=\"urn:example:order\"><Order>"
#define ORDER_END "</Order></Orders>"

struct xml_case {
    const char *text, *want;
};

/* An IDoc's fields are all there once their segment is. */
static const struct xml_case idocs[] = {
    { "", "end" },
    { " \n", "end" },
    { IDOC "<KUNNR>1</KUNNR><NAME1>a &lt;&#x62;&amp;</NAME1>" END,
      "{ KUNNR=1 NAME1=a <b& NTGEW= AKTIV= E1KNA11{ } }\nend" },
    { IDOC "<KUNNR>/</KUNNR><NAME1>  </NAME1><NTGEW> 1.50 </NTGEW>" END,
      "{ NAME1= NTGEW=1.50 AKTIV= E1KNA11{ } }\nend" },
    { IDOC "<NAME1>a\r\nb<!-- - -->c<?x y?>d<![CDATA[<]]]>e</NAME1>" END,
      "{ KUNNR= NAME1=a\nbcd<]e NTGEW= AKTIV= E1KNA11{ } }\nend" },
    { IDOC "<NAME1>a<b>c</b>d</NAME1><AKTIV>maybe</AKTIV>" END,
      "{ KUNNR= NAME1!it is not text: ad NTGEW= "
      "AKTIV!it is neither true nor false: maybe E1KNA11{ } }\nend" },
    { IDOC "<E1KNVVM><VKORG>1</VKORG><E1KNVPM/><E1KNVPM><PARVW>AG</PARVW>"
      "</E1KNVPM></E1KNVVM><E1KNVVM></E1KNVVM><E1KNA11/>" END,
      "{ KUNNR= NAME1= NTGEW= AKTIV= E1KNA11{ MAIL= FAX= } E1KNVVM["
      "{ VKORG=1 E1KNVPM[{ PARVW= KUNN2= }{ PARVW=AG KUNN2= }] }"
      "{ VKORG= }] }\nend" },
    /* Many documents, many records; a byte order mark. */
    { "\xef\xbb\xbf<?xml version=\"1.0\"?><DEBMAS06><IDOC>"
      "<E1KNA1M><KUNNR>1</KUNNR></E1KNA1M><E1KNA1M/></IDOC><IDOC>"
      "<X/></IDOC></DEBMAS06><!-- -->\n<?xml version='1.0' encoding='utf-8' "
      "standalone='no' ?>\n<DEBMAS06/>",
      "{ KUNNR=1 NAME1= NTGEW= AKTIV= E1KNA11{ } }\n"
      "{ KUNNR= NAME1= NTGEW= AKTIV= E1KNA11{ } }\nend" },
    /* Refused; then on with the next document. */
    { IDOC "<KUNNR>1</KUNNR><KUNNR>2</KUNNR>" END "\n" IDOC "<X>" END,
      "#1 1:65+64 <KUNNR> is there twice\n"
      "#2 2:51+158 </E1KNA1M> where </X> is expected\nstop" },
    { IDOC "<KUNNR>1\n<?xml version=\"1.0\"?>" IDOC END,
      "#1 2:1+56 an XML declaration can not stand here\n"
      "{ KUNNR= NAME1= NTGEW= AKTIV= E1KNA11{ } }\nend" },
    { "<ORDERS05/>",
      "#1 1:2+1 the document element is <ORDERS05>, expected is "
      "<DEBMAS06>\nstop" },
    { "<!DOCTYPE a [<!ENTITY b \"c\">]>" IDOC END,
      "#1 1:1+0 a document type (<!DOCTYPE) is not accepted\nstop" },
    { IDOC "<X>&lol;</X>" END,
      "#1 1:51+50 the entity &lol; is not known\nstop" },
    { IDOC "<X a=\"1\" a='2'/>" END,
      "#1 1:57+56 a: this attribute is there twice\nstop" },
    { IDOC "<X a=\"<\"/>" END,
      "#1 1:54+53 < in an attribute's value\nstop" },
    { IDOC "<X>]]></X>" END,
      "#1 1:51+50 ]]> outside of a CDATA section\nstop" },
    { IDOC "<X>\x01</X>" END,
      "#1 1:51+50 XML takes no character U+0001\nstop" },
    { IDOC "<X>\xef\xbf\xbe</X>" END,
      "#1 1:51+50 XML takes no character U+FFFE\nstop" },
    { IDOC "<X>\xc3(</X>" END,
      "#1 1:51+50 the input is not UTF-8 here (byte 0xc3)\nstop" },
    { IDOC "<X>&#0;</X>" END, "#1 1:51+50 a reference to a character that "
      "XML does not take\nstop" },
    { IDOC "<!-- a -- b -->" END, "#1 1:57+56 -- in a comment\nstop" },
    { IDOC "<a:X/>" END, "#1 1:49+48 a:X: the prefix is not declared\nstop" },
    { IDOC "<1/>" END, "#1 1:49+48 a name is missing\nstop" },
    { IDOC END "x", "{ KUNNR= NAME1= NTGEW= AKTIV= E1KNA11{ } }\n"
      "#2 1:76+75 text outside of the document element\nstop" },
    { IDOC "<KUNNR>1", "#1 1:56+55 the input ends in <KUNNR>\nstop" },
    { " <?xml version='1.0'?>" IDOC END,
      "#1 1:2+1 an XML declaration can not stand here\nstop" },
    { "<?xml version='2.0'?>" IDOC END,
      "#1 1:16+15 the version is not 1.0\nstop" },
    { "<?xml version='1.0' encoding='UTF-16'?>" IDOC END,
      "#1 1:31+30 the declaration says UTF-16, the bytes are not\nstop" },
    /* Converted; what follows it in another encoding is refused. */
    { "<?xml version='1.0' encoding='ISO-8859-1'?>" IDOC
      "<NAME1>\xfc</NAME1>" END "\n<?xml version='1.0'?>" IDOC END,
      "{ KUNNR= NAME1=\xc3\xbc NTGEW= AKTIV= E1KNA11{ } }\n"
      "#2 2:1+136 the declaration names no encoding, the bytes are "
      "ISO-8859-1\nstop" },
    { "<?xml version='1.0' encoding='US-ASCII'?>" IDOC
      "<NAME1>\xfc</NAME1>" END,
      "#1 1:96+95 the input is not US-ASCII here (byte 0xfc)\nstop" },
};

static const struct xml_case orders[] = {
    { "<a:Orders xmlns:a='urn:example:order' xmlns:k='urn:example:keys'>"
      "<a:Order id='1&#x41;\n' key='n' k:key='z'><a:Note> x </a:Note>"
      "<Note/><a:Price currency='EUR'>+12.0</a:Price><a:Line no='1'>"
      "<a:Text>q</a:Text></a:Line></a:Order><a:Order id=''/></a:Orders>",
      "{ id=1A  key=z Note= x  Price{ currency=EUR content=12.0 } "
      "Line[{ no=1 Text=q }] }\n{ id= Price{ } }\nend" },
    /* A prefix with the name of an attribute that is read. */
    { "<a:Orders xmlns:a='urn:example:order'><a:Order xmlns:id='u'/>"
      "<a:Order xmlns:id='u' id='1'/></a:Orders>",
      "{ Price{ } }\n{ id=1 Price{ } }\nend" },
    { ORDER "<Kind/><Price/>" ORDER_END,
      "{ Kind= Price{ content= } }\nend" },
    { "<Orders/>", "#1 1:2+1 the document element <Orders> is not in "
      "namespace \"urn:example:order\"\nstop" },
    { ORDER "<X xmlns:a='u' xmlns:b='u' a:c='' b:c=''/>" ORDER_END,
      "#1 1:76+75 b:c: this attribute is there twice\nstop" },
    { ORDER "<X xmlns:a=''/>" ORDER_END,
      "#1 1:45+44 xmlns:a: a prefix can not be undeclared\nstop" },
    { ORDER "<X xmlns=''><Note>1</Note></X><Note>2</Note>" ORDER_END,
      "{ Note=2 Price{ } }\nend" },
    { ORDER "<Price>1</Price><Price>2</Price>" ORDER_END,
      "#1 1:59+58 <Price> is there twice\nstop" },
};

static void
check_cases(const struct mr_doc *doc, const struct xml_case *cases, size_t n)
{
    xml_shapes_init();
    for (size_t i = 0; i < n; i++) {
        const char *text = cases[i].text;
        size_t length = strlen(text);

        for (size_t first = 0; first <= length; first++) {
            /* Whole, cut in two at every byte, a byte at a time. */
            struct test_text t = first == 0
                ? xml_run_cut(doc, text, length, 1, 1)
                : xml_run_cut(doc, text, length, first, length);

            CHECK_THAT(strcmp(t.p, cases[i].want) == 0,
                       "row %zu, cut at %zu: got \"%s\", want \"%s\"", i,
                       first, t.p, cases[i].want);
            free(t.p);
        }
    }
}

static void
test_idocs(void)
{
    check_cases(&xml_idoc, idocs, CHECK_ROWS(idocs));
}

static void
test_orders(void)
{
    check_cases(&xml_orders, orders, CHECK_ROWS(orders));
}

/* A document that is cut off never gives a record it does not hold whole. */
static void
test_truncated(void)
{
    static const char text[] =
        "<?xml version='1.0'?>" IDOC "<KUNNR>1&lt;</KUNNR><!-- --><?p ?>"
        "<NAME1 a='b'><![CDATA[x]]></NAME1>" END;
    size_t record_end = (size_t)(strstr(text, "</IDOC>") - text);

    xml_shapes_init();
    for (size_t n = 1; n < sizeof text - 1; n++) {
        struct test_text t = xml_run_whole(&xml_idoc, text, n);

        CHECK_THAT((t.p[0] == '{') == (n >= record_end), "%zu: %s", n, t.p);
        CHECK_THAT(strstr(t.p, "#") != NULL && strstr(t.p, "stop") != NULL,
                   "%zu: %s", n, t.p);
        free(t.p);
    }
}

static void
test_deep(void)
{
    static char text[4000];
    char *to = text + sprintf(text, "%s", ORDER);
    struct test_text t;

    xml_shapes_init();
    for (int i = 0; i < 500; i++)
        to += sprintf(to, "<x>");
    t = xml_run_whole(&xml_orders, text, (size_t)(to - text));
    CHECK_TEXT(t.p, "#1 1:420+419 elements are nested deeper than 128\nstop");
    free(t.p);
}

/* Every byte, where it ends a name and where it goes on in one. */
static void
test_name_ends(void)
{
    char text[64];

    for (int at = 0; at < 40; at++) {
        for (int c = 0; c < 256; c++) {
            memset(text, 'n', 48);
            memset(text + 48, 0, 16);
            text[at] = (char)c;
            CHECK_THAT(xml_name_end(text) == xml_name_end_plain(text),
                       "byte %d at %d", c, at);
        }
    }
}

/* The vector scans find what the plain ones find, at every offset. */
static void
test_scans(void)
{
    static const char odd[] = "<&]>\"'\t\n\r\x01\xef\x1f -x";
    char text[128];
    uint64_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        memset(text, 'a', sizeof text);
        memset(text + 64, 0, 64);
        for (int k = 0; k < 3; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[seed >> 33 & 63] = odd[(seed >> 45) % (sizeof odd - 1)];
        }
        const char *p = text + (seed >> 59);

        CHECK(xml_name_end(p) == xml_name_end_plain(p));
        CHECK(xml_scan(p, '<', '&', ']') == xml_scan_plain(p, '<', '&', ']'));
        CHECK(xml_scan_leaf(p) == xml_scan_leaf_plain(p));
        CHECK(xml_same(p, text + 32, (uint32_t)(seed >> 40 & 31)) ==
              xml_same_plain(p, text + 32, (uint32_t)(seed >> 40 & 31)));
    }
}

CHECK_MAIN({ "IDocs", test_idocs }, { "orders", test_orders },
           { "cut off", test_truncated }, { "deep nesting", test_deep },
           { "ends of names", test_name_ends }, { "scans", test_scans })
