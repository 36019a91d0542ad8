/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams read on from the middle: behind each record another reader takes
 * over, and reads what the first one would have read. When two readers stand
 * alike; lines of places; where records are likely to meet.
 */
#include "check.h"
#include "codec/json_run.h"
#include "codec/resume.h"
#include "codec/xml_run.h"
#include "host/seam.h"

#define A_ORDERS "<a:Orders xmlns:a='urn:example:order'"
#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

static const struct mr_doc json = { .format = MR_ODATA2,
                                    .shape = &json_account };

struct lane {
    struct mr_cx cx;
    struct test_source from;
    struct mr_input in;
    struct mr_reader r;
    struct test_text said;
};

static void
lane_init(struct lane *l, const struct mr_doc *doc, const char *p, size_t n,
          size_t each)
{
    memset(l, 0, sizeof *l);
    l->from = (struct test_source){ p, n, 0, each, each, false };
    mr_cx_init(&l->cx, NULL);
    mr_input_init(&l->in, test_source_read, &l->from);
    mr_reader_init(&l->r, &l->in, doc);
    test_say_words(&l->said, "");
}

static void
lane_done(struct lane *l)
{
    mr_reader_done(&l->cx, &l->r);
    mr_input_done(&l->cx, &l->in);
    mr_cx_done(&l->cx);
    free(l->said.p);
}

static enum mr_status
lane_next(struct lane *l, const struct mr_doc *doc)
{
    char record[1024] = { 0 };
    enum mr_status st;

    mr_cx_next(&l->cx);
    st = mr_reader_next(&l->cx, &l->r, record);
    if (st == MR_OK && doc->format == MR_ODATA2)
        json_say_record(&l->said, doc->shape, record);
    else if (st == MR_OK)
        xml_say_record(&l->said, doc->shape, record);
    test_say_words(&l->said, st == MR_OK ? "\n" : st == MR_END ? "end" : "no");
    return st;
}

/* Where the first lane stands, as it says and as the stream has it. */
static uint64_t
check_line(const struct lane *l, const char *text)
{
    uint64_t at = l->in.offset + l->in.start, start = 0, line = 1, told;

    for (uint64_t i = 0; i < at; i++)
        if (text[i] == '\n') {
            line++;
            start = i + 1;
        }
    CHECK_NUMBER(mr_input_line(&l->in, &told), line);
    CHECK_NUMBER(told, start);
    return at;
}

static void
take_over(const struct mr_doc *doc, const char *text, size_t each, int records)
{
    size_t n = strlen(text);
    struct lane all, first, other;
    int taken = 0;

    lane_init(&all, doc, text, n, n);
    while (lane_next(&all, doc) == MR_OK)
        ;
    lane_init(&first, doc, text, n, each);
    lane_init(&other, doc, text, 0, n);
    while (lane_next(&first, doc) == MR_OK) {
        uint64_t at = check_line(&first, text);

        if (!mr_reader_may_copy(&first.r))
            continue;
        other.said.n = 0;
        other.from = (struct test_source){ text + at, n - at, 0, each, each,
                                           false };
        mr_input_start_at(&other.in, at);
        CHECK(mr_input_is_empty(&other.in));
        CHECK(mr_reader_copy(&other.cx, &other.r, &first.r) == MR_OK);
        CHECK(mr_reader_alike(&other.r, &first.r));
        while (lane_next(&other, doc) == MR_OK)
            ;
        CHECK_TEXT(other.said.p, all.said.p + first.said.n);
        taken++;
    }
    CHECK_TEXT(first.said.p, all.said.p);
    CHECK_NUMBER(taken, records);
    lane_done(&all);
    lane_done(&first);
    lane_done(&other);
}

static void
all_reads(const struct mr_doc *doc, const char *text, int records)
{
    for (size_t each = 1; each <= strlen(text); each += each < 20 ? 1 : 17)
        take_over(doc, text, each, records);
}

static void
test_take_over(void)
{
    json_shapes_init();
    xml_shapes_init();
    all_reads(&json, "{\"ID\":\"1\"}\n{\"ID\":\"2\",\"x\":[\n]}{}\n\n", 3);
    all_reads(&json, "{\"d\":{\"results\":[{\"ID\":\"1\"},\n{\"ID\":\"2\"}\n"
              ",{}]}}\n{\"ID\":\"3\"}", 4);
    all_reads(&json, "[{},[]][{\"ID\":\"1\"}]", 1);
    all_reads(&xml_orders, A_ORDERS " xmlns:k='urn:example:keys'\n xmlns='u'>"
              "<a:Order id='1' k:key='2'/><X/>\n<a:Order><Note>no</Note>"
              "<a:Note xmlns='v'>yes</a:Note></a:Order><a:Order id='3'>\n"
              "<Line xmlns='urn:example:order' no='1'/></a:Order>\n"
              "</a:Orders>\n<Orders xmlns='urn:example:order'><Order>"
              "<Kind>k</Kind></Order></Orders>", 4);
    all_reads(&xml_idoc, "<DEBMAS06><IDOC><E1KNA1M><KUNNR>1</KUNNR></E1KNA1M>\n"
              "</IDOC><IDOC><E1KNA1M/></IDOC></DEBMAS06>", 2);
    /* What is converted can't be read from the middle. */
    all_reads(&xml_idoc, "<?xml version='1.0' encoding='ISO-8859-1'?><DEBMAS06>"
              "<IDOC><E1KNA1M/></IDOC></DEBMAS06>", 0);
}

/* Streams with a first record; those of one kind stand alike behind it. */
static const struct {
    const char *text;
    int kind;
} streams[] = {
    { A_ORDERS "><a:Order/>", 1 },
    { "<?xml version='1.0'?>\n" A_ORDERS "\n><a:X/><a:Order id='1'/>", 1 },
    { "<b:Orders xmlns:b='urn:example:order'><b:Order/>", 2 },
    { A_ORDERS " xmlns='u'><a:Order/>", 3 },
    { A_ORDERS " xmlns='v'><a:Order/>", 4 },
    { A_ORDERS " xmlns:k='urn:example:keys'><a:Order/>", 5 },
    { A_ORDERS " xmlns:k='urn:example:more'><a:Order/>", 6 },
    { A_ORDERS " xmlns:l='urn:example:keys'><a:Order/>", 7 },
    { "<Orders xmlns='urn:example:order'><Order/>", 8 },
    { "<Orders xmlns=\"urn:example:order\"><Order></Order>", 8 },
    { "{}\n{", 9 },
    { "[{}],{", 10 },
    { "{\"ID\":\"1\"}", 9 },
    { "[{},{", 10 },
    { "{\"d\":[{},{", 11 },
    { "{\"d\":{\"results\":[{},{", 12 },
    { "{\"d\":{\"__count\":\"2\",\"results\":[{\"ID\":\"1\"},{", 12 },
};

static void
test_alike(void)
{
    static struct lane lanes[COUNT_OF(streams)];

    json_shapes_init();
    xml_shapes_init();
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        const struct mr_doc *doc = streams[i].kind > 8 ? &json : &xml_orders;
        size_t n = strlen(streams[i].text);

        lane_init(&lanes[i], doc, streams[i].text, n, n);
        if (lane_next(&lanes[i], doc) != MR_OK)
            check_fail(__FILE__, __LINE__, "%s", streams[i].text);
        CHECK(mr_reader_may_copy(&lanes[i].r));
        for (size_t k = 0; k <= i; k++)
            if ((streams[i].kind > 8) == (streams[k].kind > 8) &&
                mr_reader_alike(&lanes[i].r, &lanes[k].r) !=
                    (streams[i].kind == streams[k].kind))
                check_fail(__FILE__, __LINE__, "%s\n%s", streams[i].text,
                           streams[k].text);
    }
    for (size_t i = 0; i < COUNT_OF(streams); i++)
        lane_done(&lanes[i]);
}

/* Learns from the places that `|` marks, and says what is in common. */
static void
learn(struct host_seam *s, const char *text, const char *want)
{
    char bytes[400], got[2 * SEAM_SIDE + 2];
    size_t n = 0, marks = 0, places[8];

    memset(s, 0, sizeof *s);
    for (const char *p = text; *p != '\0'; p++)
        if (*p == '|')
            places[marks++] = n;
        else
            bytes[n++] = *p;
    for (size_t i = 0; i < marks; i++)
        host_seam_learn(s, bytes + places[i]);
    snprintf(got, sizeof got, "%.*s|%.*s", (int)s->before,
             s->bytes + SEAM_SIDE - s->before, (int)s->after,
             s->bytes + SEAM_SIDE);
    CHECK_TEXT(got, want);
}

#define PAD "0123456789abcdefghijklmnopqrstuv"

static void
test_seam(void)
{
    static char large[50000];
    struct host_seam s;

    learn(&s, PAD "\"}\n|{\"id\":\"1" PAD "\"}\n|{\"id\":\"27" PAD, "\"}\n|{\"id\":\"");
    CHECK_NUMBER(host_seam_find(&s, "x\"}\n{\"id\":\"", 11), 4);
    CHECK_NUMBER(host_seam_find(&s, "x\"}\n{\"id\":\"", 10), 0);
    CHECK_NUMBER(host_seam_find(&s, "", 0), 0);
    /* The last of several; in front of many other bytes; at the very end. */
    memset(large, 'x', sizeof large);
    memcpy(large + 10, "\"}\n{\"id\":\"", 10);
    CHECK_NUMBER(host_seam_find(&s, large, sizeof large), 13);
    for (size_t at = 16380 * 2; at < 16390 * 2; at++) {
        memcpy(large + at, "\"}\n{\"id\":\"", 10);
        CHECK_NUMBER(host_seam_find(&s, large, sizeof large), at + 3);
        CHECK_NUMBER(host_seam_find(&s, large, at + 10), at + 3);
        CHECK_NUMBER(host_seam_find(&s, large, at + 9), 13);
        memset(large + at, 'x', 10);
    }
    /* Letters at the edges may be alike by chance; too little in common. */
    learn(&s, PAD "</b>ab|cd<a>" PAD "</b>xb|cy<a>" PAD, "|");
    CHECK_NUMBER(host_seam_find(&s, large, sizeof large), 0);
    learn(&s, PAD "x}|{y" PAD "z}|{z" PAD, "}|{");
    CHECK_NUMBER(host_seam_find(&s, "}{", 2), 0);
    learn(&s, PAD "</r>\n|<r n='7'>" PAD "</r>\n|<r n='7'>" PAD,
          "</r>\n|<r n='7'>");
}

CHECK_MAIN({ "another reader takes over", test_take_over },
           { "readers stand alike", test_alike },
           { "where records meet", test_seam })
