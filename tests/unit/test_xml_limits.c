/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading XML at its bounds: nothing behind the padding is read; very long
 * values; many names and entities; depth, rows, attributes, names and bytes of
 * a record; and that reading goes on behind each kind of error.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "codec/xml_run.h"
#include "codec/xml_state.h"
#include "unit/check.h"

#define IDOC "<DEBMAS06><IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">"
#define END "</E1KNA1M></IDOC></DEBMAS06>"
#define FIELDS(name) "{ KUNNR= NAME1=" name " NTGEW= AKTIV= E1KNA11{ } }\n"

enum { MEGA = 1 << 20 };

/* A document that is built up. */
static struct test_text made;

static void
begin(const char *text)
{
    xml_shapes_init();
    made.n = 0;
    test_say_words(&made, text);
}

static void
repeat(const char *text, int n)
{
    for (int i = 0; i < n; i++)
        test_say_words(&made, text);
}

/* Reads `made`; reads are of `each` bytes. */
static void
check_made(const struct mr_doc *doc, size_t each, const char *want)
{
    struct test_text t = xml_run_cut(doc, made.p, made.n, each, each);

    CHECK_TEXT(t.p, want);
    free(t.p);
}

/* The padding ends where a page ends and nothing may be read. */
static void
test_page_end(void)
{
    static const char text[] =
        "<?xml version='1.0'?>" IDOC "<KUNNR>1&lt;</KUNNR><!-- --><?p ?>"
        "<NAME1 a='b'><![CDATA[x]]></NAME1><a:X xmlns:a='u' a:b=\"c\"/>"
        "<A_LONG_NAME_OF_AN_ELEMENT>\xc3\xbc</A_LONG_NAME_OF_AN_ELEMENT>" END;
    const size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    char *at = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    xml_shapes_init();
    REQUIRE(at != MAP_FAILED);
    REQUIRE(mprotect(at + page_size, page_size, PROT_NONE) == 0);
    for (size_t n = sizeof text - 1; n > 0; n--) {
        struct test_source s = { text, n, 0, n, n, false };
        struct customer record;
        struct mr_input in;
        struct mr_reader r;
        struct mr_cx cx;
        enum mr_status st;

        if (mr_utf8_valid(text, n) != n)
            continue;
        mr_cx_init(&cx, NULL);
        mr_input_init(&in, test_source_read, &s);
        in.at = at + page_size - MR_PADDING - n;
        in.room = in.end = n;
        memcpy(in.at, text, n);
        memset(in.at + n, 0, MR_PADDING);
        in.read_eof = in.eof = true;
        mr_reader_init(&r, &in, &xml_idoc);
        mr_cx_next(&cx);
        st = mr_reader_next(&cx, &r, &record);
        if (st == MR_OK)
            st = mr_reader_next(&cx, &r, &record);
        CHECK_THAT(st == (n == sizeof text - 1 ? MR_END : MR_EFORMAT),
                   "%zu bytes: %d", n, st);
        mr_reader_done(&cx, &r);
        mr_cx_done(&cx);
    }
    munmap(at, 2 * page_size);
}

/* The one record of `made`; its length of `name` and of the order's id. */
static void
test_long_values(void)
{
    struct test_text t;

    begin(IDOC "<NAME1>");
    repeat("0123456789abcdef", MEGA / 16);
    test_say_words(&made, "&amp;</NAME1>" END);
    t = xml_run_cut(&xml_idoc, made.p, made.n, 4096, 4096);
    CHECK(t.n == strlen(FIELDS("") "end") + MEGA + 1);
    CHECK(strstr(t.p, "cdef& NTGEW=") != NULL);
    free(t.p);

    begin("<Orders xmlns=\"urn:example:order\"><Order id='");
    repeat("0123456789abcde\n", MEGA / 16);
    test_say_words(&made, "'/></Orders>");
    t = xml_run_cut(&xml_orders, made.p, made.n, 4096, 4096);
    CHECK(t.n == strlen("{ id= Price{ } }\nend") + MEGA);
    CHECK(strstr(t.p, "abcde  Price{ }") != NULL && strchr(t.p, '\t') == NULL);
    free(t.p);
}

/* Entities that stand for many others are not even declared. */
static void
test_entities(void)
{
    begin("<!DOCTYPE DEBMAS06 [<!ENTITY a \"lol\">"
          "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n"
          "<DEBMAS06><X>&b;</X></DEBMAS06>\n<?xml version='1.0'?>"
          "<DEBMAS06><X>&b;</X></DEBMAS06>");
    check_made(&xml_idoc, 7,
               "#1 1:1+0 a document type (<!DOCTYPE) is not accepted\n"
               "#2 3:35+150 the entity &b; is not known\nstop");
}

/* `depth` elements inside of each other, the last one as `inner` says. */
static void
check_depth(int depth, const char *inner, const char *want)
{
    begin("<DEBMAS06>");
    repeat("<x>", depth - 2);
    test_say_words(&made, inner);
    repeat("</x>", depth - 2);
    test_say_words(&made, "</DEBMAS06>");
    check_made(&xml_idoc, made.n, want);
    check_made(&xml_idoc, 1, want);
}

static void
test_depth(void)
{
    static const char *const inner[] = { "<y>1</y>", "<y a='1'>1</y>", "<y/>",
                                         "<y>&amp;</y>" };

    for (size_t i = 0; i < CHECK_ROWS(inner); i++) {
        check_depth(MR_DEPTH_MAX, inner[i], "end");
        check_depth(MR_DEPTH_MAX + 1, inner[i],
                    "#1 1:392+391 elements are nested deeper than 128\nstop");
    }
}

/* Rows of nothing, up to the bound and one more. */
static void
test_rows(void)
{
    static const char row[] = "<E1KNVVM/>";

    for (int over = 0; over < 2; over++) {
        struct test_source s = { NULL, 0, 0, MEGA, MEGA, false };
        struct customer record;
        struct mr_input in;
        struct mr_reader r;
        struct mr_cx cx;

        begin(IDOC);
        repeat(row, MR_ROWS_MAX + over);
        test_say_words(&made, END);
        s.p = made.p;
        s.n = made.n;
        mr_cx_init(&cx, NULL);
        mr_input_init(&in, test_source_read, &s);
        mr_reader_init(&r, &in, &xml_idoc);
        mr_cx_next(&cx);
        CHECK(mr_reader_next(&cx, &r, &record) == (over ? MR_ELIMIT : MR_OK));
        CHECK(over || record.sales.n == MR_ROWS_MAX);
        CHECK(!over || cx.error.offset == sizeof IDOC - 1 +
                                              (uint64_t)MR_ROWS_MAX *
                                                  (sizeof row - 1));
        mr_reader_done(&cx, &r);
        mr_input_done(&cx, &in);
        mr_cx_done(&cx);
    }
}

static void
test_counts(void)
{
    char text[40];

    for (int over = 0; over < 2; over++) {
        begin("<DEBMAS06><x");
        for (int i = 0; i < XML_ATTRIBUTES_MAX + over; i++) {
            snprintf(text, sizeof text, " a%04d=''", i);
            test_say_words(&made, text);
        }
        test_say_words(&made, "/></DEBMAS06>");
        check_made(&xml_idoc, made.n,
                   over ? "#1 1:9014+9013 an element has more than 1000 "
                          "attributes\nstop" : "end");

        begin("<DEBMAS06><x");
        for (int i = 0; i < XML_BINDINGS_MAX + over; i++) {
            snprintf(text, sizeof text, " xmlns:p%03d='u'", i);
            test_say_words(&made, text);
        }
        test_say_words(&made, "/></DEBMAS06>");
        check_made(&xml_idoc, made.n,
                   over ? "#1 1:3854+3853 more than 256 namespace declarations "
                          "are in scope\nstop" : "end");

        begin("<DEBMAS06><x><");
        repeat("n", XML_NAME_MAX + over);
        test_say_words(&made, ">1</");
        repeat("n", XML_NAME_MAX + over);
        test_say_words(&made, "></x></DEBMAS06>");
        check_made(&xml_idoc, made.n,
                   over ? "#1 1:15+14 a name is longer than 1000 bytes\nstop"
                        : "end");

        begin("<DEBMAS06><x xmlns='");
        repeat("u", XML_URI_MAX + over);
        test_say_words(&made, "'/></DEBMAS06>");
        check_made(&xml_idoc, made.n,
                   over ? "#1 1:14+13 a namespace name is longer than 4000 "
                          "bytes\nstop" : "end");
    }
}

/* A record over the limit is refused, the next document is read. */
static void
test_limit(void)
{
    struct test_text whole = { NULL, 0, 0 };

    for (size_t each = 1; each <= 13000; each += each < 50 ? 7 : 999) {
        struct test_source s = { NULL, 0, 0, each, each, false };
        struct test_text t = { NULL, 0, 0 };
        struct mr_cx cx;

        begin(IDOC "<NAME1>ok</NAME1>" END "\n" IDOC "<NAME1>");
        repeat("0123456789\n", 1000);
        test_say_words(&made, "</NAME1>" END "\n" IDOC "<NAME1>next</NAME1>"
                      END);
        s.p = made.p;
        s.n = made.n;
        mr_cx_init(&cx, NULL);
        xml_run(&cx, &xml_idoc, &s, 4096, &t);
        CHECK_THAT(strncmp(t.p, FIELDS("ok") "#2 ", sizeof FIELDS("ok") + 2)
                           == 0 &&
                       strstr(t.p, "larger than 4096 bytes\n" FIELDS("next")
                                   "end") != NULL, "%s", t.p);
        /* Told at the same place, however the bytes come. */
        if (each == 1)
            test_say_words(&whole, t.p);
        CHECK_TEXT(t.p, whole.p);
        mr_cx_done(&cx);
        free(t.p);
    }
    free(whole.p);
}

/* Each kind of error in a document's line; the ones around it are read. */
static void
test_going_on(void)
{
    static const struct {
        const char *line, *words;
    } rows[] = {
        { IDOC "<X>&lol;</X>" END, "2:51+126 the entity &lol; is not known" },
        { IDOC "<KUNNR/><KUNNR/>" END, "2:57+132 <KUNNR> is there twice" },
        { IDOC "<X></Y>" END, "2:51+126 </Y> where </X> is expected" },
        { IDOC "<X>\xff</X>" END, "2:51+126 the input is not UTF-8" },
        { IDOC "<X>\x02</X>" END, "2:51+126 XML takes no character U+0002" },
        { IDOC "<X a='1' a='1'/>" END, "2:57+132 a: this attribute" },
        { IDOC "<p:X/>" END, "2:49+124 p:X: the prefix is not declared" },
        { IDOC "<!-- -- -->" END, "2:55+130 -- in a comment" },
        { IDOC "<![CDATA[]]>]]></E1KNA1M>", "2:60+135 ]]> outside of" },
        { "<ORDERS05/>", "2:2+77 the document element is <ORDERS05>" },
        { "junk", "2:1+76 text outside of the document element" },
        { IDOC "<X", "3:1+126 a name is missing" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        for (size_t each = 1; each < 200; each += 33) {
            struct test_text t;

            begin(IDOC END "\n");
            test_say_words(&made, rows[i].line);
            test_say_words(&made, "\n" IDOC "<NAME1>next</NAME1>" END "\n");
            t = xml_run_cut(&xml_idoc, made.p, made.n, each, each);
            CHECK_THAT(strncmp(t.p, FIELDS("") "#2 ", sizeof FIELDS("") + 2)
                               == 0 &&
                           strstr(t.p, rows[i].words) != NULL &&
                           strstr(t.p, "\n" FIELDS("next") "end") != NULL,
                       "row %zu: %s", i, t.p);
            free(t.p);
        }
    }
}

CHECK_MAIN({ "the end of a page", test_page_end },
           { "long values", test_long_values }, { "entities", test_entities },
           { "depth", test_depth }, { "rows", test_rows },
           { "attributes and names", test_counts },
           { "the limit of a record", test_limit },
           { "going on", test_going_on })
