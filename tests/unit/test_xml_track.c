/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a document gives must not depend on the documents before it: documents
 * in a row, each a little different from the one before, read by a context
 * that remembers how the earlier ones looked, against the same documents read
 * by one that remembers nothing.
 */
#include "check.h"
#include "codec/xml_run.h"

enum { ITEMS_MAX = 20, TEXT_MAX = 16384, DAMAGE = 10 };

/* A start tag and what follows it. */
struct item {
    uint32_t level;             /* of the element around it, at most */
    bool opens;                 /* what follows may stand in it */
    const char *blank, *name, *attributes, *text, *close;
};

/* What documents of one kind are made of. */
struct kind {
    const struct mr_doc *doc;
    const char *const *heads;   /* each with what closes it */
    uint32_t n_heads;
    const char *const *leaves;
    uint32_t n_leaves;
    const char *const *segments;
    uint32_t n_segments;
    const char *const *attributes;
    uint32_t n_attributes;
};

struct make {
    const struct kind *kind;
    uint64_t state;
    uint32_t head, n_items;
    struct item items[ITEMS_MAX];
    size_t n;
    char text[TEXT_MAX];
};

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof(list)[0]))

static uint32_t
below(struct make *m, uint32_t n)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((m->state >> 33) % n);
}

#define ONE_OF(m, list) (list)[below(m, COUNT(list))]

/* --- what documents are made of --- */

static const char *const idoc_heads[] = {
    "<DEBMAS06><IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">",
    "</E1KNA1M></IDOC></DEBMAS06>",
    "<DEBMAS06><IDOC><E1KNA1M>", "</E1KNA1M></IDOC></DEBMAS06>",
    "<DEBMAS06>\n <IDOC BEGIN=\"1\">\n  <EDI_DC40 SEGMENT=\"1\"><MANDT>100"
    "</MANDT></EDI_DC40>\n<E1KNA1M SEGMENT=\"1\">",
    "</E1KNA1M><E1KNA1M><KUNNR>2</KUNNR></E1KNA1M></IDOC><IDOC/></DEBMAS06>",
    "<DEBMAS06 xmlns=\"urn:example:order\"><IDOC BEGIN=\"1\"><E1KNA1M>",
    "</E1KNA1M></IDOC></DEBMAS06>",
    "<DEBMAS06 xmlns:x=\"u\"><IDOC xmlns=\"u\">"
    "<E1KNA1M xmlns=\"\" SEGMENT=\"1\">",
    "</E1KNA1M></IDOC></DEBMAS06>"
};
static const char *const idoc_leaves[] = {
    "KUNNR", "NAME1", "NTGEW", "AKTIV", "MAIL", "FAX", "VKORG", "PARVW",
    "KUNN2", "ORT01", "ORT02", "ORT0", "ORT011", "LAND1", "A", "B", "C", "KUNN",
    "ORT03", "ORT04", "ORT05", "TELF1", "TELF2", "SPRAS", "STRAS", "PSTLZ",
    "FIELD_WITH_A_NAME_THAT_IS_FAR_LONGER_THAN_A_VECTOR_1",
    "FIELD_WITH_A_NAME_THAT_IS_FAR_LONGER_THAN_A_VECTOR_2", "\xc3\x84"
};
static const char *const idoc_segments[] = {
    "E1KNA11", "E1KNVVM", "E1KNVVM", "E1KNVPM", "E1KNVPM", "E1OTHER", "KUNNR",
    "E1KNB1M"
};
static const char *const idoc_attributes[] = {
    "", "", "", " SEGMENT=\"1\"", " SEGMENT=\"1\"", " SEGMENT='1'", " ",
    " xmlns:x=\"u\"", " xmlns=\"u\"", " xmlns=\"\"",
    " A=\"1\" B=\"2\"", " x:A=\"1\""
};

static const char *const order_heads[] = {
    "<Orders xmlns=\"urn:example:order\" xmlns:b=\"urn:example:keys\" "
    "xmlns:a=\"u\"><Order id=\"1\" b:key=\"k\">", "</Order></Orders>",
    "<a:Orders xmlns:a=\"urn:example:order\" xmlns:b=\"urn:example:keys\">"
    "<a:Order id=\"1\" b:key=\"k\">", "</a:Order></a:Orders>",
    "<Orders xmlns=\"urn:example:order\" xmlns:a=\"urn:example:keys\" "
    "xmlns:b=\"urn:example:order\"><Order a:key=\"k\" b:key=\"no\">",
    "</Order></Orders>",
    "<Orders xmlns=\"urn:example:order\" xmlns:a=\"u\" xmlns:b=\"v\">\n"
    "<Order id=\"7\">", "</Order><Order/><Order xmlns=\"u\"/></Orders>",
    "<b:Orders xmlns:b=\"urn:example:order\" xmlns:a=\"u\">"
    "<Order/><b:Order xmlns=\"urn:example:order\">", "</b:Order></b:Orders>"
};
static const char *const order_leaves[] = {
    "Kind", "Note", "Price", "Text", "a:Kind", "b:Kind", "a:Text", "b:Text",
    "a:Note", "Other", "b:Other", "K", "Kin", "Kinds", "a:K", "b:Tex", "Texts",
    "X", "Y", "Z", "b:X", "b:Y", "A", "B", "C"
};
static const char *const order_segments[] = {
    "Price", "Line", "Line", "a:Line", "b:Line", "Other", "a:Price", "Kind"
};
static const char *const order_attributes[] = {
    "", "", "", "", " no=\"1\"", " no=\"2\"", " currency=\"EUR\"",
    " currency='&#x20AC;'", " x=\"1\" x=\"1\"", " b:no=\"3\"",
    " xmlns=\"urn:example:order\"",
    " xmlns=\"urn:example:keys\"", " xmlns:a=\"urn:example:order\"",
    " xmlns:a=\"urn:other\"", " xmlns:b=\"urn:example:order\"",
    " xmlns:c=\"urn:example:order\"", " a:no=\"1\" b:no=\"1\""
};

static const struct kind idocs = {
    &xml_idoc, idoc_heads, COUNT(idoc_heads) / 2,
    idoc_leaves, COUNT(idoc_leaves), idoc_segments, COUNT(idoc_segments),
    idoc_attributes, COUNT(idoc_attributes)
};
static const struct kind orders = {
    &xml_orders, order_heads, COUNT(order_heads) / 2,
    order_leaves, COUNT(order_leaves), order_segments, COUNT(order_segments),
    order_attributes, COUNT(order_attributes)
};

static struct item
pick_item(struct make *m)
{
    static const char *const blanks[] = {
        "", "", "", "", "", "\n  ", " ", "\r\n\t", "<!-- x -->", "<?p x?>",
        "text", "&#32;", "<![CDATA[ ]]>",
        "\n                                                             "
    };
    static const char *const texts[] = {
        "", "x", "1", "-1.50", "X", "/", " ", "Muster &amp; Co", "\xc3\x96l",
        "<![CDATA[a<b]]>", "a<!-- b -->c", "a\r\nb", "]", "]]", "a > b",
        "<b/>", "<b>c</b>", "&#x1F600;", "a text that is longer than a vector",
        "\xef\xbf\xbd", "</", "&"
    };
    static const char *const closes[] = { "", "", "", "", "", " ", "\n" };
    const struct kind *k = m->kind;
    struct item it;

    it.level = below(m, 5);
    it.opens = below(m, 3) == 0;
    it.blank = ONE_OF(m, blanks);
    it.name = it.opens ? k->segments[below(m, k->n_segments)]
                       : k->leaves[below(m, k->n_leaves)];
    it.attributes = below(m, it.opens ? 1 : 4) != 0
                        ? "" : k->attributes[below(m, k->n_attributes)];
    it.text = texts[below(m, COUNT(texts) - (below(m, 30) != 0 ? 2 : 0))];
    if (below(m, 6) == 0)
        it.text = NULL;
    it.close = ONE_OF(m, closes);
    return it;
}

/* Like the document before, most of the time. */
static void
change(struct make *m)
{
    uint32_t at = below(m, m->n_items), to = below(m, m->n_items);
    struct item other = m->items[at], new = pick_item(m);

    switch (below(m, 12)) {
    case 0:
        m->items[at] = new;
        break;
    case 1:
        m->items[at] = m->items[to];
        m->items[to] = other;
        break;
    case 2:
        if (m->n_items < ITEMS_MAX)
            m->items[m->n_items++] = below(m, 2) == 0 ? new : other;
        break;
    case 3:
        if (m->n_items > 1)
            m->items[at] = m->items[--m->n_items];
        break;
    case 4:
    case 5:
        m->items[at].text = new.text;
        break;
    case 6:
        m->items[at].blank = new.blank;
        m->items[at].close = new.close;
        break;
    case 7:
        m->items[at].attributes = new.attributes;
        break;
    case 8:
        m->head = below(m, m->kind->n_heads);
        break;
    default:
        break;
    }
}

/* --- documents --- */

static void
put(struct make *m, const char *text)
{
    size_t n = strlen(text);

    if (n > TEXT_MAX - m->n)
        n = TEXT_MAX - m->n;
    memcpy(m->text + m->n, text, n);
    m->n += n;
}

static void
put_end(struct make *m, const struct item *it)
{
    put(m, "</");
    put(m, it->name);
    put(m, it->close);
    put(m, ">");
}

static void
make_document(struct make *m)
{
    const struct item *open[ITEMS_MAX];
    uint32_t depth = 0;

    m->n = 0;
    put(m, m->kind->heads[2 * m->head]);
    for (uint32_t i = 0; i < m->n_items; i++) {
        const struct item *it = &m->items[i];

        while (depth > it->level)
            put_end(m, open[--depth]);
        put(m, it->blank);
        put(m, "<");
        put(m, it->name);
        put(m, it->attributes);
        if (!it->opens && it->text == NULL) {
            put(m, "/>");
            continue;
        }
        put(m, ">");
        if (it->opens) {
            open[depth++] = it;
            continue;
        }
        put(m, it->text);
        put_end(m, it);
    }
    while (depth > 0)
        put_end(m, open[--depth]);
    put(m, m->kind->heads[2 * m->head + 1]);
    if (below(m, DAMAGE) == 0)
        m->text[below(m, (uint32_t)m->n)] = "<>/&x \x01]"[below(m, 8)];
}

/* --- the test --- */

static uint64_t n_records, n_errors;

static void
count(const char *p)
{
    for (; *p != '\0'; p = strchr(p, '\n') + 1) {
        n_records += *p == '{';
        n_errors += *p == '#';
        if (strchr(p, '\n') == NULL)
            return;
    }
}

/* The text just made, by a context that has seen others, against one that
 * remembers nothing. */
static void
compare(struct make *m, struct mr_cx *cx, size_t each)
{
    struct test_source s = { m->text, m->n, 0, each, each, false };
    struct test_source whole = { m->text, m->n, 0, m->n, m->n, false };
    struct test_text got = { NULL, 0, 0 }, want = { NULL, 0, 0 };
    struct mr_cx none;

    mr_cx_init(&none, NULL);
    xml_run_as(&none, m->kind->doc, &whole, 0, true, &want);
    mr_cx_done(&none);
    xml_run(cx, m->kind->doc, &s, 0, &got);
    count(want.p);
    CHECK_THAT(strcmp(got.p, want.p) == 0,
               "%.*s\nremembering: %.400s\nalone: %.400s", (int)m->n, m->text,
               got.p, want.p);
    free(got.p);
    free(want.p);
}

static void
compare_kind(const struct kind *kind, uint64_t seeds)
{
    static struct make m;

    for (uint64_t seed = 0; seed < seeds; seed++) {
        struct mr_cx cx;

        m.kind = kind;
        m.state = seed * 2 + 1;
        m.head = below(&m, kind->n_heads);
        m.n_items = 1 + below(&m, ITEMS_MAX - 1);
        for (uint32_t i = 0; i < m.n_items; i++)
            m.items[i] = pick_item(&m);
        mr_cx_init(&cx, NULL);
        for (int i = 0; i < 50; i++) {
            make_document(&m);
            compare(&m, &cx, i % 4 == 0 ? 5 : i % 4 == 1 ? 100 : m.n);
            change(&m);
        }
        mr_cx_done(&cx);
    }
    /* Of 50 a seed many are good ones, many are not. */
    CHECK_THAT(n_records > 10 * seeds && n_errors > 5 * seeds,
               "%llu records, %llu errors",
               (unsigned long long)n_records, (unsigned long long)n_errors);
    n_records = n_errors = 0;
}

static void
test_idocs(void)
{
    xml_shapes_init();
    compare_kind(&idocs, 300);
}

static void
test_namespaces(void)
{
    xml_shapes_init();
    compare_kind(&orders, 300);
}

/* The n texts, each of them again and again. */
static void
compare_again(const struct kind *kind, const char *const *texts, size_t n)
{
    static struct make m;

    m.kind = kind;
    for (size_t i = 0; i < n; i++) {
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        m.n = 0;
        put(&m, texts[i]);
        for (int k = 0; k < 3; k++)
            compare(&m, &cx, m.n);
        mr_cx_done(&cx);
    }
}

static void
test_again(void)
{
#define ORDER(text) "<Orders xmlns=\"urn:example:order\"><Order>" text         \
                    "</Order></Orders>"
    static const char *const texts[] = {
        ORDER("<Price> <X>x</X> 1 <X>x</X> 2<X/> <Y/>3</Price>"),
        ORDER("<Note> <X>x</X> 1 <X>x</X> 2</Note><Kind><X/></Kind>"),
        ORDER("<Line no=\"1\"><Text>a</Text></Line><Line><Text/></Line>"),
        ORDER("<Other>\t<X> </X>\r<Note>n</Note></Other><Note>m</Note>"),
        ORDER("<K><K><K>1</K><K/></K><K>2</K></K><K>3</K><Kind>4</Kind>"),
        ORDER("<Kind/><Kind/>"), ORDER("<Kind>1</Kind><X/><Kind/>"),
        ORDER("<X>]]></X>"), ORDER("<X>a]]b</X><Y>&#33;</Y><Y>a</Y>"),
    };

    xml_shapes_init();
    compare_again(&orders, texts, COUNT(texts));
#undef ORDER
}

/* Each text behind each other one, and between two of it: what came behind a
 * field last time is not what comes now. */
static void
compare_pairs(const struct kind *kind, const char *const *texts, size_t n)
{
    static struct make m;

    m.kind = kind;
    for (size_t i = 0; i < n * n; i++) {
        const size_t turns[] = { i / n, i / n, i % n, i / n, i % n, i % n };
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        for (size_t k = 0; k < COUNT(turns); k++) {
            m.n = 0;
            put(&m, texts[turns[k]]);
            compare(&m, &cx, k < 4 ? m.n : 7);
        }
        mr_cx_done(&cx);
    }
}

static void
test_ways_to_go_on(void)
{
#define ORDER(text) "<Orders xmlns=\"urn:example:order\"><Order>" text         \
                    "</Order></Orders>"
    static const char *const texts[] = {
        ORDER("<X>1</X><Kind>2</Kind><Y>3</Y><Note>4</Note>"),
        ORDER("<X>1</X><Y>3</Y><Note>4</Note>"),
        ORDER("<X>1</X><Note>4</Note><Kind>5</Kind>"),
        ORDER("<X>1</X> <Kind>2</Kind>\n<Y>3</Y>\n<Note>4</Note>\n"),
        ORDER("<X>1</X><!-- c --><Kind>2</Kind><Y>3</Y>t<Note>4</Note>"),
        ORDER("<X><X>1</X><Kind>2</Kind></X><Kind>3</Kind>"),
        ORDER("<X>1<X>1</X></X><Kind>2</Kind><Kind>3</Kind>"),
        ORDER("<X><X>1</X><Kind>2</Kind></X>"),
        ORDER("<X><X><Y>1</Y></X></X><Kind>2</Kind>"),
        ORDER("<X>1<X>1</X></X><X><Kind>2</Kind></X><Y/><Kind>4</Kind>"),
        ORDER("<X/><Kind/><Y/><Note/>"),
        ORDER("<X>&lt;</X><Kind>a&amp;b</Kind><Y>]</Y><Note>a\r\nb</Note>"),
        ORDER("<X>&lt;</X><Kind>a&amp;b</Kind><Kind>c&amp;d</Kind>"),
        ORDER("<X>1</X><Kind>a]]>b</Kind><Y>3</Y><Note>4</Note>"),
        ORDER("<X>1</X><Kind>2</Kind><Y>&no;</Y><Note>4</Note>"),
        ORDER("<X>1</X><Kind><![CDATA[2]]></Kind><Y><![CDATA[]]></Y>"),
        ORDER("<X>1</X><Kind>2</Kind><Y>3</Y><Note>4</Note></Order><Order>"
              "<X>1</X><Kind>5</Kind><Y>3</Y><Note>6</Note>"),
        ORDER("<Line><Text>1</Text></Line><Line><Text>2</Text></Line>"),
        ORDER("<Line><Text>1</Text></Line><Line/><X>1</X><Line></Line>"),
        ORDER("<Line><Text>1</Text><Text>2</Text></Line><Line>"),
        ORDER("<X>1</X><Kind>2</Kind><Y>3</Y><Note>4</Order></Note>"),
        ORDER("<X>1</X><Kind>2</Kind><Y>3</Y></Order></Note><Order>")
    };

    xml_shapes_init();
    compare_pairs(&orders, texts, COUNT(texts));
#undef ORDER
}

/* What says `missing`: nothing, one character, several. */
static void
test_nodata(void)
{
#define IDOC(text) "<DEBMAS06><IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">" text   \
                   "</E1KNA1M></IDOC></DEBMAS06>"
    static const char *const nodata[] = { "", "/", "//", "<", NULL };
    static const char *const texts[] = {
        IDOC("<KUNNR></KUNNR><NAME1>/</NAME1><NTGEW>1</NTGEW>"),
        IDOC("<KUNNR>1</KUNNR><NAME1>//</NAME1><NTGEW/>"),
        IDOC("<KUNNR>1</KUNNR><NAME1>/a</NAME1><NTGEW>///</NTGEW>"),
        IDOC("<KUNNR>1</KUNNR><NAME1> </NAME1><NTGEW></NTGEW>"),
        IDOC("<KUNNR>1</KUNNR><NAME1>&lt;</NAME1><NTGEW>&#47;</NTGEW>")
    };

    xml_shapes_init();
    for (size_t i = 0; i < COUNT(nodata); i++) {
        struct mr_doc doc = xml_idoc;
        struct kind kind = idocs;

        doc.nodata = nodata[i];
        kind.doc = &doc;
        compare_pairs(&kind, texts, COUNT(texts));
    }
#undef IDOC
}

/* Blanks count where a record has text of its own. */
static void
test_content(void)
{
    static const struct mr_member members[] = {
        XML_CONTENT(price, amount, MR_WIRE_TEXT)
    };
    static struct mr_shape shape = XML_SHAPE(price, members, false);
    static const struct mr_member path[] = {
        { .name = "D", .name_n = 1 }, { .name = "R", .name_n = 1 }
    };
    static const struct mr_doc doc = {
        .format = MR_XML, .shape = &shape, .path = path, .n_path = 2,
        .namespaces = xml_namespaces, .n_namespaces = 1
    };
    static const struct kind kind = { .doc = &doc };
    static const char *const texts[] = {
        "<D><R> <X>x</X> a</R></D>", "<D><R>\n<X/>\n<X/> a <X/> </R></D>",
        "<D><R/><R> <X><Y/> <Y/></X> </R><R> </R></D>"
    };

    test_shape_init(&shape);
    compare_again(&kind, texts, COUNT(texts));
}

/* The next record, said. False: it was the last one. */
static bool
say_next(struct mr_cx *cx, struct mr_reader *r, struct test_text *t)
{
    char record[1024];
    enum mr_status st;

    mr_cx_next(cx);
    st = mr_reader_next(cx, r, record);
    if (st == MR_OK) {
        xml_say_record(t, r->doc->shape, record);
        test_say_words(t, "\n");
        return true;
    }
    test_say_words(t, st == MR_END ? "end" : "stop");
    return false;
}

/* Documents of three records, in which `names` names stand for one another:
 * the more there are the less do they look like each other. */
static void
say_stream(struct make *m, uint32_t names, struct test_text *t)
{
    char text[256];

    for (int doc = 0; doc < 200; doc++) {
        test_say_words(t, "<DEBMAS06><IDOC>");
        for (int i = 0; i < 3; i++) {
            uint32_t a = below(m, names), b = below(m, names);

            snprintf(text, sizeof text,
                     "<A%u/><B%u><C%u>c</C%u></B%u><E1KNA1M><KUNNR>%d</KUNNR>"
                     "<A%u>a</A%u></E1KNA1M>", a, b, a, a, b, doc, b, b);
            test_say_words(t, text);
        }
        test_say_words(t, "</IDOC></DEBMAS06>\n");
    }
}

/* Two streams read by turns with one context: what one of them makes it forget
 * the other one may be in the middle of. */
static void
test_turns(void)
{
    static struct make m = { .state = 1 };
    struct test_text texts[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
    struct test_text said[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
    struct test_source s[2];
    struct mr_input in[2];
    struct mr_reader r[2];
    bool on[2] = { true, true };
    struct mr_cx cx;

    xml_shapes_init();
    mr_cx_init(&cx, NULL);
    for (int i = 0; i < 2; i++) {
        say_stream(&m, i == 0 ? 3 : 100000, &texts[i]);
        s[i] = (struct test_source){ texts[i].p, texts[i].n, 0, 1000, 1000,
                                     false };
        mr_input_init(&in[i], test_source_read, &s[i]);
        mr_reader_init(&r[i], &in[i], &xml_idoc);
    }
    for (int k = 0; on[0] || on[1]; k++) {
        int i = k % 3 == 0 && on[0] ? 0 : on[1] ? 1 : 0;

        on[i] = say_next(&cx, &r[i], &said[i]);
    }
    for (int i = 0; i < 2; i++) {
        struct test_text want = xml_run_whole(&xml_idoc, texts[i].p,
                                              texts[i].n);

        CHECK(strcmp(said[i].p, want.p) == 0);
        mr_reader_done(&cx, &r[i]);
        mr_input_done(&cx, &in[i]);
        free(want.p);
        free(said[i].p);
        free(texts[i].p);
    }
    mr_cx_done(&cx);
}

CHECK_MAIN({ "IDocs alike", test_idocs },
           { "namespaces that change", test_namespaces },
           { "the same again", test_again },
           { "ways to go on", test_ways_to_go_on },
           { "what says missing", test_nodata },
           { "text around elements", test_content },
           { "by turns", test_turns })
