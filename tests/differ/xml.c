/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of XML that are changed in their structure, against libxml2. What
 * is taken must give the same values; what a context gives that has read all
 * the documents before, in reads of any size, must be what one gives that has
 * read none, to the last word and position.
 */
#define _GNU_SOURCE             /* memmem */
#include "codec/xml_make.h"
#include "codec/xml_oracle.h"
#include "differ/differ.h"

enum { OF_A_SEED = 40, ELEMENT, TEXT, ATTRIBUTE, MISC, NAME };

static const char *const pieces[] = {
    "<!--", "-->", "--", "]]>", "<![CDATA[", "<?", "?>", "&", "&#", ";", "/>",
    "</", ">", "<", "\"", "'", "=", ":", " ", "\n", " xmlns=''",
    " xmlns:a='u'", "<!DOCTYPE x>", "<?xml version='1.0'?>", "\r", "a:", "xml",
    "\xc2\x85", "\xe2\x80\xa8", "\xc3", "\xed\xa0\x80", "\xef\xbf\xbf",
    "&lt;", "&#x20AC;", "<a/>", "<KUNNR>", "</KUNNR>", "\x01", "\xef\xbb\xbf"
};

#define ONE_OF(d, list)                                                       \
    ((list)[draft_random(d, sizeof(list) / sizeof((list)[0]))])

struct reading {
    struct mr_cx cx;                /* of all documents of a seed */
    struct oracle oracle;
    struct test_text ours, together, alone;
};

/* --- where the parts are --- */

static size_t
behind(const struct draft *d, size_t at, const char *words)
{
    const char *p = memmem(d->p + at, d->n - at, words, strlen(words));

    return p == NULL ? d->n : (size_t)(p - d->p) + strlen(words);
}

static size_t
name_end(const struct draft *d, size_t i)
{
    while (i < d->n && strchr(" \t\r\n/>=<'\"", d->p[i]) == NULL)
        i++;
    return i;
}

/* Attributes with the blanks in front of them; the end of the tag. */
static size_t
find_attributes(const struct draft *d, struct spans *s, size_t i)
{
    while (i < d->n && d->p[i] != '>') {
        size_t start = i, end;

        i += strspn(d->p + i, " \t\r\n");
        end = name_end(d, i);
        if (end == i) {
            i += i < d->n && d->p[i] != '>';
            continue;
        }
        i = end + strspn(d->p + end, " \t\r\n=");
        if (i < d->n && (d->p[i] == '"' || d->p[i] == '\'')) {
            const char quote[] = { d->p[i], '\0' };

            i = behind(d, i + 1, quote);
            spans_add(s, start, i, ATTRIBUTE);
        }
    }
    return i < d->n ? i + 1 : d->n;
}

static size_t
find_misc(const struct draft *d, size_t i)
{
    if (strncmp(d->p + i, "<!--", 4) == 0)
        return behind(d, i + 4, "-->");
    if (strncmp(d->p + i, "<![CDATA[", 9) == 0)
        return behind(d, i + 9, "]]>");
    if (strncmp(d->p + i, "<?", 2) == 0)
        return behind(d, i + 2, "?>");
    return behind(d, i, ">");
}

static void
find_parts(const struct draft *d, struct spans *s)
{
    size_t open[40], depth = 0, end;

    s->n = 0;
    for (size_t i = 0; i < d->n; i = end) {
        const char *next = memchr(d->p + i, '<', d->n - i);

        if (d->p[i] != '<') {
            end = next == NULL ? d->n : (size_t)(next - d->p);
            spans_add(s, i, end, TEXT);
        } else if (d->p[i + 1] == '!' || d->p[i + 1] == '?') {
            end = find_misc(d, i);
            spans_add(s, i, end, MISC);
        } else if (d->p[i + 1] == '/') {
            end = behind(d, i, ">");
            if (depth > 0)
                spans_add(s, open[--depth], end, ELEMENT);
        } else {
            spans_add(s, i + 1, name_end(d, i + 1), NAME);
            end = find_attributes(d, s, name_end(d, i + 1));
            if (end - i > 2 && d->p[end - 2] == '/')
                spans_add(s, i, end, ELEMENT);
            else if (depth < 40)
                open[depth++] = i;
        }
    }
}

/* --- changes --- */

static void
change_text(struct draft *d, const struct span *a)
{
    static const char *const texts[] = {
        "", "x", "1", "-1.50", "/", " ", "\n", "\r\n", "&amp;", "a&#10;b", "X",
        "]]", "0123456789012345678901234567890123456789", "\xc3\xa4\xe2\x82\xac",
        "&#x1F600;", "<b>c</b>", "<![CDATA[&]]>", "]]&gt;", ">"
    };
    const char *text = ONE_OF(d, texts);
    char reference[16];

    switch (draft_random(d, 4)) {
    case 0:
        draft_put(d, a->end, "]]>");
        draft_put(d, a->start, "<![CDATA[");
        break;
    case 1:
        if ((d->p[a->start] & 0x80) == 0) {
            snprintf(reference, sizeof reference,
                     draft_random(d, 2) == 0 ? "&#%d;" : "&#x%x;",
                     d->p[a->start]);
            draft_splice(d, a->start, 1, reference, strlen(reference));
        }
        break;
    default:
        draft_splice(d, a->start, a->end - a->start, text, strlen(text));
        break;
    }
}

/* The name in the start tag, mostly in the end tag, too. */
static void
change_name(struct draft *d, const struct span *a)
{
    static const char *const names[] = {
        "KUNNR", "NAME1", "NTGEW", "AKTIV", "E1KNA11", "E1KNVVM", "MAIL",
        "VKORG", "E1KNVPM", "PARVW", "KUNN2", "KUNN", "KUNNRS", "X", "Kind",
        "Note", "Price", "Line", "Text", "a:Kind", "a:Line", "z:Note", "a:X",
        "FIELD_WITH_A_NAME_THAT_IS_LONGER_THAN_THREE_VECTORS_OF_THE_PROCESSOR"
    };
    char old[200];
    const char *name = ONE_OF(d, names), *end;
    int n = (int)(a->end - a->start);

    if (n > 100)
        return;
    snprintf(old, sizeof old, "</%.*s>", n, d->p + a->start);
    end = memmem(d->p + a->end, d->n - a->end, old, (size_t)n + 3);
    if (end != NULL && draft_random(d, 20) != 0)
        draft_splice(d, (size_t)(end - d->p) + 2, (size_t)n, name,
                     strlen(name));
    draft_splice(d, a->start, (size_t)n, name, strlen(name));
}

static void
change_attribute(struct draft *d, const struct span *a)
{
    static const char *const attributes[] = {
        " SEGMENT=\"1\"", " id='2'", " no=\"3\"", " x='<'", " currency='EUR'",
        " xmlns:a='urn:example:order'", " xmlns='urn:example:order'",
        " xmlns=''", " k:key='2'", " xml:space='preserve'", " y = \"\n\"",
        " xmlns:z=\"urn:example:order\"", " a:b='1'", " x='&#38;'"
    };
    char quote = d->p[a->end - 1];
    char *first = memchr(d->p + a->start, quote, a->end - a->start);

    if (draft_random(d, 3) == 0) {
        quote = quote == '"' ? '\'' : '"';
        *first = d->p[a->end - 1] = quote;
    } else {
        draft_put(d, draft_random(d, 2) == 0 ? a->start : a->end,
                  ONE_OF(d, attributes));
    }
}

static void
change_element(struct draft *d, const struct span *a)
{
    static const char *const around[] = {
        "<!-- - -->", "<?p a?>", "\n  ", "<![CDATA[]]>", "<X/>", "<X></X>",
        "<KUNNR/>", "<E1KNVVM><VKORG>1</VKORG></E1KNVVM>", "text", "&gt;",
        "<Line no='1'/>", "<Note>n</Note>", " "
    };

    if (d->p[a->end - 2] == '/' && draft_random(d, 3) == 0)
        draft_put(d, a->end - 2, " ");
    else if (draft_random(d, 6) == 0)
        draft_put(d, a->end - 1, draft_random(d, 2) == 0 ? " " : "\n");
    else
        draft_put(d, draft_random(d, 2) == 0 ? a->start : a->end,
                  ONE_OF(d, around));
}

static void
change(struct draft *d)
{
    static struct spans s;
    const struct span *a;

    if (draft_random(d, 6) == 0) {
        draft_damage(d, pieces, sizeof pieces / sizeof pieces[0]);
        return;
    }
    find_parts(d, &s);
    if (s.n == 0)
        return;
    a = &s.s[draft_random(d, s.n)];
    if (a->kind == MISC || draft_random(d, 3) == 0)
        draft_move(d, &s, "");
    else if (a->kind == TEXT)
        change_text(d, a);
    else if (a->kind == NAME)
        change_name(d, a);
    else if (a->kind == ATTRIBUTE)
        change_attribute(d, a);
    else
        change_element(d, a);
}

/* --- reading --- */

static void
compare_alone(struct reading *r, const struct draft *d, struct outcome *o)
{
    struct test_source s = { d->p, d->n, 0, 0, 0, false };
    struct mr_cx cx;

    s.first = 1 + d->state % (d->n + 1);
    s.rest = 1 + (d->state >> 20) % (d->n + 1);
    r->together.n = r->alone.n = 0;
    r->cx.error.status = MR_OK;
    xml_run(&r->cx, r->oracle.doc, &s, 0, &r->together);
    mr_cx_init(&cx, NULL);
    s = (struct test_source){ d->p, d->n, 0, d->n, 1, false };
    xml_run(&cx, r->oracle.doc, &s, 0, &r->alone);
    mr_cx_done(&cx);
    if (strcmp(r->alone.p, r->together.p) != 0)
        outcome_fail(o, "behind others and alone\n%.*s\n--- behind others:\n"
                     "%.1500s\n--- alone:\n%.1500s", (int)d->n, d->p,
                     r->together.p, r->alone.p);
}

/* libxml2 takes "1." for a version, no blank between the encoding UTF-8 and
 * `standalone`, and the declaration of the prefix xml any number of times in
 * one tag. */
static bool
is_taken_there(const struct draft *d, const char *why)
{
    if (strcmp(why, "the version is not 1.0") == 0)
        return memmem(d->p, d->n, "1.'", 3) != NULL ||
               memmem(d->p, d->n, "1.\"", 3) != NULL;
    if (strcmp(why, "a blank is expected here") == 0)
        return memmem(d->p, d->n, "\"standalone", 11) != NULL ||
               memmem(d->p, d->n, "'standalone", 11) != NULL;
    return strcmp(why, "xmlns:xml: this attribute is there twice") == 0;
}

/* Nothing that libxml2 stops at: the map's shape, an encoding's name. */
static bool
is_of_shape(const char *why)
{
    return strstr(why, "> is there twice") != NULL ||
           strstr(why, "the document element") != NULL ||
           strstr(why, "document type") != NULL ||
           strncmp(why, "the encoding", 12) == 0 ||
           strncmp(why, "the declaration says", 20) == 0;
}

/* Of several mistakes in a tag the two may see another one first. So the place
 * is not in front of the tag, or of the text behind a tag, in which libxml2
 * stands when it sees that something is wrong, and not behind the next "<",
 * which ends both. */
static void
check_place(const struct oracle *there, const struct draft *d, uint64_t at,
            const char *why, struct outcome *o)
{
    size_t seen = there->start + (size_t)there->broken, from, end;
    const char *tag;

    seen = seen < d->n ? seen : d->n;
    tag = memrchr(d->p, '<', seen);
    from = tag == NULL ? there->start : (size_t)(tag - d->p);
    tag = memchr(d->p + seen, '<', d->n - seen);
    end = tag == NULL ? d->n : (size_t)(tag - d->p);
    if (at > end || (at < from && !is_of_shape(why)))
        outcome_fail(o, "there it is from %zu to %zu, here at %llu: %s\n%.*s",
                     from, end, (unsigned long long)at, why, (int)d->n, d->p);
}

/* True: it was taken. */
static bool
compare(struct reading *r, const struct draft *d, struct outcome *o)
{
    struct oracle *there = &r->oracle;
    size_t each = 1 + (d->state >> 40) % (d->n + 1);
    struct test_source s = { d->p, d->n, 0, each, each, false };
    char why[256];
    enum answer got, want;
    long records = 0;

    mr_cx_next(&there->cx);
    there->refused = there->other_encoding = false;
    there->broken = -1;
    r->ours.n = there->out.n = 0;
    test_say_words(&there->out, "");
    test_say_words(&r->ours, "");
    o->read++;
    want = ask_oracle(there, d->p, d->n);
    got = ask_decoder(&r->cx, there->doc, &s, &r->ours, why, &records);
    o->records += (uint64_t)records;
    if (got == REFUSED && !there->other_encoding)
        outcome_place(o, d, r->cx.error.offset, r->cx.error.line,
                      r->cx.error.column);
    if (got == REFUSED && there->broken >= 0 && !is_taken_there(d, why))
        check_place(there, d, r->cx.error.offset, why, o);
    if (got == REFUSED && want == TAKEN && is_taken_there(d, why))
        want = NO_ANSWER;
    if (want == NO_ANSWER) {
        o->unasked++;
        return false;
    }
    if (got != want)
        outcome_fail(o, "here: %s, there: %s\n%.*s",
                     got == TAKEN ? "taken" : why,
                     want == TAKEN ? "taken" : "refused", (int)d->n, d->p);
    else if (want == TAKEN && strcmp(r->ours.p, there->out.p) != 0)
        outcome_fail(o, "%.*s\n--- here:\n%.1500s\n--- there:\n%.1500s",
                     (int)d->n, d->p, r->ours.p, there->out.p);
    *(got == TAKEN ? &o->taken : &o->refused) += 1;
    return got == TAKEN;
}

static xmlParserCtxtPtr parser;

static void
reading_init(struct reading *r, const struct mr_doc *doc)
{
    memset(r, 0, sizeof *r);
    r->oracle.parser = parser;
    r->oracle.doc = doc;
    mr_cx_init(&r->cx, NULL);
    mr_cx_init(&r->oracle.cx, NULL);
}

static void
reading_done(struct reading *r)
{
    mr_cx_done(&r->cx);
    mr_cx_done(&r->oracle.cx);
    free(r->ours.p);
    free(r->oracle.out.p);
    free(r->together.p);
    free(r->alone.p);
}

void
xml_begin(void)
{
    xml_shapes_init();
    parser = xmlNewParserCtxt();
}

void
xml_seed(uint64_t seed, struct outcome *o)
{
    static const struct mr_doc *const docs[] = { &xml_idoc, &xml_orders,
                                                 &xml_single };
    static struct xml_make make;
    static struct draft good, d;
    const struct mr_doc *doc = docs[seed % 3];
    struct reading r;
    size_t full = draft_full(seed);

    reading_init(&r, doc);
    make.state = (seed + 1) * 0x9e3779b97f4a7c15u;
    do
        xml_make_document(&make, doc);
    while (make.n > full);
    good.state = make.state;
    draft_set(&good, make.text, make.n);
    for (int i = 0; i < OF_A_SEED && !o->failed; i++) {
        draft_set(&d, good.p, good.n);
        d.state = good.state;
        /* At times the same again and behind itself. */
        if (draft_random(&d, 8) == 0)
            draft_splice(&d, d.n, 0, good.p, good.n);
        for (uint32_t k = draft_random(&d, 4); k > 0; k--)
            change(&d);
        draft_random(&d, 2);
        if (compare(&r, &d, o) && d.n < full)
            draft_set(&good, d.p, d.n);
        if (i % 4 == 3)
            compare_alone(&r, &d, o);
        good.state = d.state;
    }
    reading_done(&r);
}

/* --- every byte --- */

static void
try_bytes(void *arg, struct draft *d, struct outcome *o)
{
    compare(arg, d, o);
}

static uint64_t
ask_position(void *arg, struct draft *d, struct outcome *o)
{
    struct reading *r = arg;

    return compare(r, d, o) ? UINT64_MAX : r->cx.error.offset;
}

static void
try_document(const struct mr_doc *doc, const char *text, uint32_t step,
             struct outcome *o)
{
    struct reading r;

    reading_init(&r, doc);
    bytes_try(text, step, try_bytes, ask_position, &r, o);
    reading_done(&r);
}

/* An IDoc of any type: well formed or not, with records where it has any. */
static void
try_sample(const char *path, const char *root, uint32_t step,
           struct outcome *o)
{
    struct mr_member levels[3];
    struct mr_doc doc = xml_idoc;
    struct reading r;

    memcpy(levels, xml_idoc.path, sizeof levels);
    levels[0].name = root;
    levels[0].name_n = (uint16_t)strlen(root);
    doc.path = levels;
    reading_init(&r, &doc);
    bytes_sample(path, step, try_bytes, ask_position, &r, o);
    reading_done(&r);
}

void
xml_bytes(uint32_t step, struct outcome *o)
{
    static const char idoc[] =
        "<?xml version=\"1.0\" encoding='UTF-8' ?><!-- Köln -->\n<DEBMAS06>"
        "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><MANDT>100</MANDT></EDI_DC40>"
        "<E1KNA1M SEGMENT=\"1\"><KUNNR>A &amp; B&#x20AC;</KUNNR><NAME1>"
        "<![CDATA[a<b]]> €😀</NAME1><ORT01/><ORT02>K</ORT02 ><NTGEW>-12.50</NTGEW>"
        "<?p x?><AKTIV>X</AKTIV><E1KNA11><MAIL>/</MAIL><FAX></FAX></E1KNA11>\r\n"
        "<E1KNVVM SEGMENT='1'><VKORG>1</VKORG><E1KNVPM><PARVW>AG</PARVW><KUNN2>"
        "7</KUNN2></E1KNVPM><E1KNVPM/></E1KNVVM><UNK x='&lt;' ä=\"2\">t<a>]]</a>"
        "u</UNK></E1KNA1M></IDOC></DEBMAS06>";
    static const char orders[] =
        "<?xml version='1.0'?><a:Orders xmlns:a='urn:example:order' "
        "xmlns:k=\"urn:example:keys\" xmlns='urn:x'><a:Order id='1' k:key = "
        "\"&quot;ü\"><a:Kind>K\ti</a:Kind><!-- - --><Note/><a:Note>n<![CDATA[]]]]>"
        "</a:Note><a:Price currency='EUR'>1<!---->2.5</a:Price><Line "
        "xmlns='urn:example:order' no='1'><Text>t</Text></Line><a:Line no=\"2\" "
        "xml:lang='de'><a:Text>&#13;&gt;</a:Text></a:Line></a:Order><a:Order/>"
        "<x y=''><z/></x></a:Orders>";

    try_document(&xml_idoc, idoc, step, o);
    try_document(&xml_orders, orders, step, o);
    try_sample("mappings/erp/samples/account_erp_small.xml", "DEBMAS06", step, o);
    try_sample("mappings/erp/samples/order_erp_small.xml", "ORDERS05", step, o);
    try_sample("mappings/erp/samples/product_erp_small.xml", "MATMAS05", step, o);
}
