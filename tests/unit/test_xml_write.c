/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing XML: what is missing, empty, escaped, refused; and every allocation
 * of reading and writing failing once.
 */
#include "codec/xml_run.h"
#include "unit/check.h"

static int
keep_text(void *arg, const char *p, size_t n)
{
    test_say(arg, p, n);
    return 0;
}

/* What is written for one record; the error's words where it is refused. */
static char *
write_one(const struct mr_doc *doc, const void *record, bool pretty)
{
    struct test_text t = { NULL, 0, 0 };
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;

    test_say_words(&t, "");
    mr_cx_init(&cx, NULL);
    mr_output_init(&out, keep_text, &t);
    mr_writer_init(&w, &out, doc, pretty);
    if (mr_writer_put(&cx, &w, record) != MR_OK) {
        CHECK_NUMBER(out.n, 0);
        test_say_words(&t, cx.error.text);
    } else if (mr_writer_end(&cx, &w) != MR_OK) {
        test_say_words(&t, "not ended");
    }
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
    return t.p;
}

static void
check_written(const struct mr_doc *doc, const void *record, bool pretty,
              const char *want)
{
    char *got = write_one(doc, record, pretty);

    CHECK_TEXT(got, want);
    free(got);
}

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void
test_idoc(void)
{
    struct partner partners[2] = { { mr_text("AG"), mr_missing() } };
    struct sales sales = { mr_text("1000"),
                           { (char *)partners, 2, 2, MR_HERE } };
    struct customer c;

    memset(&c, 0, sizeof c);
    c.number = mr_text("a<&>\"\r\n");
    c.name = mr_empty();
    c.sales = (struct mr_rows){ (char *)&sales, 1, 1, MR_HERE };
    /* Nothing in E1KNA11: it is not there. A row is, with nothing in it. */
    check_written(&xml_idoc, &c, false,
               HEAD "<DEBMAS06>\n<IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">"
               "<KUNNR>a&lt;&amp;&gt;\"&#13;\n</KUNNR><NAME1></NAME1>"
               "<NTGEW>/</NTGEW><AKTIV>/</AKTIV><E1KNVVM SEGMENT=\"1\">"
               "<VKORG>1000</VKORG><E1KNVPM SEGMENT=\"1\"><PARVW>AG</PARVW>"
               "<KUNN2>/</KUNN2></E1KNVPM><E1KNVPM SEGMENT=\"1\"></E1KNVPM>"
               "</E1KNVVM></E1KNA1M></IDOC>\n</DEBMAS06>\n");
}

static void
test_order(void)
{
    struct line line = { mr_text("1"), mr_text("b\tc") };
    struct order o;

    memset(&o, 0, sizeof o);
    o.id = mr_text("a\"\t<");
    o.price.currency = mr_text("EUR");
    o.price.amount = mr_text("1.50");
    o.lines = (struct mr_rows){ (char *)&line, 1, 1, MR_HERE };
    check_written(&xml_orders, &o, true,
               HEAD "<Orders xmlns=\"urn:example:order\" "
               "xmlns:b=\"urn:example:keys\">\n"
               "<Order id=\"a&quot;&#9;&lt;\">\n"
               "  <Price currency=\"EUR\">1.50</Price>\n"
               "  <Line no=\"1\">\n    <Text>b\tc</Text>\n  </Line>\n"
               "</Order>\n</Orders>\n");
    o.note = mr_text("a\x02");
    check_written(&xml_orders, &o, false,
               "Note holds the character U+0002, which XML does not take");
    o.note = mr_text("0123456789abcdef\xef\xbf\xbf");
    check_written(&xml_orders, &o, false,
               "Note holds the character U+FFFF, which XML does not take");
}

/* --- memory --- */

struct scarce {
    long left;          /* allocations until all fail */
    long open;          /* blocks that were not freed */
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        s->open -= p != NULL;
        free(p);
        return NULL;
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->open += p == NULL;
    return realloc(p, size);
}

static int
write_nothing(void *arg, const char *p, size_t n)
{
    (void)arg, (void)p, (void)n;
    return 0;
}

/* Every record of the stream, written again. */
static enum mr_status
copy_records(struct mr_cx *cx, const char *text, size_t n)
{
    struct test_source s = { text, n, 0, 5000, 5000, false };
    struct mr_output out;
    struct mr_input in;
    struct mr_reader r;
    struct mr_writer w;
    struct customer c;
    enum mr_status st;

    mr_input_init(&in, test_source_read, &s);
    mr_output_init(&out, write_nothing, NULL);
    mr_reader_init(&r, &in, &xml_idoc);
    mr_writer_init(&w, &out, &xml_idoc, true);
    do {
        mr_cx_next(cx);
        st = mr_reader_next(cx, &r, &c);
        if (st == MR_OK)
            st = mr_writer_put(cx, &w, &c);
    } while (st == MR_OK);
    mr_reader_done(cx, &r);
    mr_output_done(cx, &out);
    mr_input_done(cx, &in);
    return st;
}

static void
test_every_allocation(void)
{
    enum { ROWS = 3000 };
    char *text = malloc(ROWS * 60 + 700000), *to = text;
    enum mr_status st = MR_EMEMORY;
    long k;

    REQUIRE(text != NULL);
    xml_shapes_init();
    to += sprintf(to, "<?xml version='1.0' encoding='ISO-8859-1'?><DEBMAS06>"
                      "<IDOC xmlns:a='urn:example:a'><E1KNA1M>"
                      "<NAME1>a\xfc&amp;b</NAME1>");
    for (int i = 0; i < ROWS; i++)
        to += sprintf(to, "<E1KNVVM><VKORG>&#x31;</VKORG></E1KNVVM>");
    memset(to, ' ', 600000);
    to += 600000;
    to += sprintf(to, "</E1KNA1M></IDOC></DEBMAS06>");
    for (k = 0; st == MR_EMEMORY && k < 1000; k++) {
        struct scarce scarce = { k, 0 };
        struct mr_memory memory = { scarce_resize, &scarce };
        struct mr_cx cx;

        mr_cx_init(&cx, &memory);
        st = copy_records(&cx, text, (size_t)(to - text));
        CHECK_THAT(st == MR_END || st == MR_EMEMORY, "allocation %ld: %d, %s",
                   k, (int)st, cx.error.text);
        mr_cx_done(&cx);
        CHECK_NUMBER(scarce.open, 0);
    }
    CHECK_THAT(st == MR_END && k > 8, "%ld allocations", k);
    free(text);
}

CHECK_MAIN({ "an IDoc", test_idoc }, { "an order", test_order },
           { "every allocation", test_every_allocation })
