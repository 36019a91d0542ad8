/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of documents at the ends of memory and of reads: between pages that
 * may not be touched, cut behind every byte, in two reads and in many small
 * ones, and documents of nearly the limit and of more. Alike documents follow
 * each other, so that their parts are met where they were last time.
 */
#include <iconv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/json_run.h"
#include "codec/xml_run.h"
#include "unit/check.h"

enum { TEXT_MAX = 16 * 1024 };

#define JSON_DOCUMENT(id)                                                     \
    "{\"ID\":\"" id "\",\"__metadata\":{\"uri\":\"http:\\/\\/x\","            \
    "\"type\":\"t\"},\"A_LONG_NAME_OF_A_MEMBER_THAT_NOTHING_READS_AT_ALL\":"  \
    "\"0123456789012345678901234567890123456789\",\"Name\":\"Gr\xc3\xb6\\u00df"\
    "e \xf0\x9f\x98\x80\",\"x\":[1,-2.5e3,true,null,[]],\"Active\":true,"     \
    "\"City\":{\"Name\":\"K\xc3\xb6ln\",\"Zip\":\"50667\"},"                  \
    "\"Addresses\":[{\"Street\":\"a\"},{\"Street\":\"b\",\"City\":null}]}"

#define XML_DOCUMENT(id)                                                      \
    "<DEBMAS06><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40"    \
    "</TABNAM><MANDT>100</MANDT></EDI_DC40><E1KNA1M SEGMENT=\"1\"><MSGFN>005" \
    "</MSGFN><KUNNR>" id "</KUNNR><BBSNR/><A_LONG_NAME_OF_AN_ELEMENT_THAT_"   \
    "NOTHING_READS>x &lt; y</A_LONG_NAME_OF_AN_ELEMENT_THAT_NOTHING_READS>"   \
    "<NAME1>Gr\xc3\xb6\xc3\x9f&#101; ]</NAME1><!-- \xc3\xa4 --><ORT01>"       \
    "<![CDATA[K]]>\xc3\xb6ln</ORT01><X a='1' b=\"&amp;\"><Y/></X><?p q?>"     \
    "</E1KNA1M></IDOC></DEBMAS06>\n"

#define LATIN_1 "<?xml version='1.0' encoding='ISO-8859-1'?>"

static const struct mr_doc json_doc = { .format = MR_JSON,
                                        .shape = &json_account };

struct stream {
    const char *name;
    const struct mr_doc *doc;
    const char *encoding;       /* of the bytes; NULL: as they stand */
    const char *text;
};

static const struct stream streams[] = {
    { "JSON, a document a line", &json_doc, NULL,
      JSON_DOCUMENT("1") "\n" JSON_DOCUMENT("") "\r\n" JSON_DOCUMENT("3") },
    { "JSON, a list", &json_doc, NULL,
      " [ " JSON_DOCUMENT("1") "\n,\t" JSON_DOCUMENT("2") ",{}]" },
    { "JSON, a bad document", &json_doc, NULL,
      JSON_DOCUMENT("1") "\n{\"ID\":01}\n" JSON_DOCUMENT("2") "\n"
      "{\"ID\":\"3\",\"x\":[\"\\q\"]}\n{\"ID\":\"4\"}" },
    { "XML", &xml_idoc, NULL,
      XML_DOCUMENT("1") XML_DOCUMENT("") XML_DOCUMENT("3") },
    { "XML, a bad document", &xml_idoc, NULL,
      "\xef\xbb\xbf" XML_DOCUMENT("1") "<DEBMAS06><IDOC><E1KNA1M><KUNNR>1"
      "</NAME1></E1KNA1M></IDOC></DEBMAS06>\n" XML_DOCUMENT("3") },
    { "XML in UTF-16", &xml_idoc, "UTF-16",
      XML_DOCUMENT("1") XML_DOCUMENT("\xf0\x9f\x98\x80") XML_DOCUMENT("3") },
    { "XML in ISO-8859-1", &xml_idoc, "ISO-8859-1",
      LATIN_1 XML_DOCUMENT("1") LATIN_1 XML_DOCUMENT("\xc3\xbf") LATIN_1
      "<DEBMAS06><IDOC></IDOC><E1KNA1M>\xc3\xa4</DEBMAS06>\n"
      LATIN_1 XML_DOCUMENT("3") },
};

/* The bytes of a stream. Returns how many. */
static size_t
bytes_of(const struct stream *s, char *bytes)
{
    char *from = (char *)(uintptr_t)s->text, *to = bytes;
    size_t n = strlen(s->text), room = TEXT_MAX;
    iconv_t convert;

    if (n > room)
        abort();
    memcpy(bytes, s->text, n);
    if (s->encoding == NULL)
        return n;
    convert = iconv_open(s->encoding, "UTF-8");
    if (convert == (iconv_t)-1 ||
        iconv(convert, &from, &n, &to, &room) == (size_t)-1)
        abort();
    iconv_close(convert);
    return TEXT_MAX - room;
}

/* What the window's stream gives, in words. */
static struct test_text
read_all(struct mr_cx *cx, const struct mr_doc *doc, struct mr_input *in)
{
    struct test_text t = { NULL, 0, 0 };
    char record[1024];
    struct mr_reader r;
    enum mr_status st;

    mr_reader_init(&r, in, doc);
    do {
        mr_cx_next(cx);
        memset(record, 0, sizeof record);
        st = mr_reader_next(cx, &r, record);
        if (st == MR_OK && doc->format == MR_JSON) {
            json_say_record(&t, doc->shape, record);
        } else if (st == MR_OK) {
            xml_say_record(&t, doc->shape, record);
        } else if (st != MR_END) {
            xml_say_error(&t, &cx->error);
            if (mr_reader_resync(cx, &r))
                st = MR_OK;
        }
        test_say_words(&t, "\n");
    } while (st == MR_OK);
    test_say_words(&t, st == MR_END ? "end" : "stop");
    mr_reader_done(cx, &r);
    return t;
}

/* The same of bytes that come in two reads and no others, or in small ones. */
static struct test_text
read_cut(const struct mr_doc *doc, const char *p, size_t n, size_t first,
         size_t rest)
{
    struct test_source s = { p, n, 0, first, rest, false };
    struct test_text t;
    struct mr_input in;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_input_init(&in, test_source_read, &s);
    t = read_all(&cx, doc, &in);
    mr_input_done(&cx, &in);
    mr_cx_done(&cx);
    return t;
}

/* Reads n bytes as a window of its own, with its padding. */
static struct test_text
read_in_place(struct mr_cx *cx, const struct mr_doc *doc, char *at,
              const char *p, size_t n)
{
    struct test_source s = { p, n, n, n, n, false };
    struct mr_input in;

    mr_input_init(&in, test_source_read, &s);
    in.at = at;
    in.room = in.end = n;
    memcpy(at, p, n);
    memset(at + n, 0, MR_PADDING);
    in.read_eof = in.eof = true;
    return read_all(cx, doc, &in);
}

/* Each stream, cut behind every byte, at both ends of memory that has nothing
 * around it. The context knows what came before; what it is compared with does
 * not. */
static void
check_guarded(const struct stream *s, char *from, char *to)
{
    static char bytes[TEXT_MAX];
    size_t n = bytes_of(s, bytes);
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t k = n + 1; k-- > 0;) {
        char *const places[] = { from, to - MR_PADDING - k };
        struct test_text want;

        if (mr_utf8_valid(bytes, k) != k)
            continue;
        want = read_cut(s->doc, bytes, k, k, k);
        for (int i = 0; i < 2; i++) {
            struct test_text got = read_in_place(&cx, s->doc, places[i],
                                                 bytes, k);

            CHECK_THAT(strcmp(got.p, want.p) == 0,
                       "%s, %zu bytes: got \"%s\", want \"%s\"", s->name, k,
                       got.p, want.p);
            free(got.p);
        }
        free(want.p);
    }
    mr_cx_done(&cx);
}

static void
test_guarded(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (TEXT_MAX + MR_PADDING + page - 1) / page * page;
    char *at = mmap(NULL, room + 2 * page, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    REQUIRE(at != MAP_FAILED);
    REQUIRE(mprotect(at, page, PROT_NONE) == 0);
    REQUIRE(mprotect(at + page + room, page, PROT_NONE) == 0);
    for (size_t i = 0; i < CHECK_ROWS(streams); i++)
        if (streams[i].encoding == NULL)
            check_guarded(&streams[i], at + page, at + page + room);
    munmap(at, room + 2 * page);
}

static void
check_cut(const struct stream *s, const char *bytes, size_t n, size_t first,
          size_t rest, const char *want)
{
    struct test_text got = read_cut(s->doc, bytes, n, first, rest);

    CHECK_THAT(strcmp(got.p, want) == 0,
               "%s, reads of %zu and %zu: got \"%s\", want \"%s\"", s->name,
               first, rest, got.p, want);
    free(got.p);
}

/* In two reads, cut behind every byte; in reads of one byte and more. */
static void
test_reads(void)
{
    static char bytes[TEXT_MAX];

    for (size_t i = 0; i < CHECK_ROWS(streams); i++) {
        const struct stream *s = &streams[i];
        size_t n = bytes_of(s, bytes);
        struct test_text want = read_cut(s->doc, bytes, n, n, n);

        for (size_t k = 1; k < n; k++)
            check_cut(s, bytes, n, k, n, want.p);
        for (size_t k = 1; k < 80; k++)
            check_cut(s, bytes, n, 1 + k / 2, k, want.p);
        free(want.p);
    }
}

/* What they give is what it should be, not only the same each time. */
static void
test_streams(void)
{
    static const int records[] = { 3, 3, 3, 3, 2, 3, 3 };
    static const int errors[] = { 0, 0, 2, 0, 1, 0, 1 };
    static char bytes[TEXT_MAX];

    for (size_t i = 0; i < CHECK_ROWS(streams); i++) {
        size_t n = bytes_of(&streams[i], bytes);
        struct test_text t = read_cut(streams[i].doc, bytes, n, n, n);
        int found = 0, bad = 0;

        for (const char *p = t.p; *p != '\0'; p++) {
            found += (p == t.p || p[-1] == '\n') && *p == '{';
            bad += (p == t.p || p[-1] == '\n') && *p == '#';
        }
        CHECK_THAT(found == records[i] && bad == errors[i], "%s: %s",
                   streams[i].name, t.p);
        CHECK_TEXT(t.p + t.n - 3, "end");
        free(t.p);
    }
}

/* A stream with `fill` bytes of x between two texts, made while it is read. */
struct big {
    const char *head, *tail;
    size_t fill, at;
};

static long
big_read(void *arg, char *p, size_t n)
{
    struct big *b = arg;
    size_t head_n = strlen(b->head), tail_n = strlen(b->tail);
    size_t tail_at = head_n + b->fill, i = 0;

    while (i < n && b->at < head_n)
        p[i++] = b->head[b->at++];
    if (i < n && b->at < tail_at) {
        size_t some = tail_at - b->at < n - i ? tail_at - b->at : n - i;

        memset(p + i, 'x', some);
        i += some;
        b->at += some;
    }
    while (i < n && b->at >= tail_at && b->at < tail_at + tail_n)
        p[i++] = b->tail[b->at++ - tail_at];
    return (long)i;
}

static void
check_big(const struct mr_doc *doc, const char *head, const char *tail,
          size_t fill, const char *want)
{
    struct big big = { head, tail, fill, 0 };
    struct test_text t;
    struct mr_input in;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_input_init(&in, big_read, &big);
    t = read_all(&cx, doc, &in);
    CHECK_TEXT(t.p, want);
    free(t.p);
    mr_input_done(&cx, &in);
    mr_cx_done(&cx);
}

/* 60 MB are a document like any other; what is larger than 64 MB is refused by
 * its limit, and the one behind it is read. */
static void
test_big(void)
{
    enum { MEGA = 1 << 20 };
    static const char head[] = "{\"ID\":\"1\",\"x\":\"",
                      tail[] = "\"}\n{\"ID\":\"2\"}",
                      xml_head[] = "<DEBMAS06><IDOC><E1KNA1M><X>",
                      xml_tail[] = "</X></E1KNA1M></IDOC></DEBMAS06>\n"
                                   "<DEBMAS06><IDOC/></DEBMAS06>";

    check_big(&json_doc, head, tail, 60 * MEGA,
              "{ ID=1 City{ } }\n{ ID=2 City{ } }\n\nend");
    check_big(&json_doc, head, tail, 65 * MEGA,
              "#1 1:67108865+67108864 the document is larger than 67108864 "
              "bytes\n\n{ ID=2 City{ } }\n\nend");
    check_big(&xml_idoc, xml_head, xml_tail, 60 * MEGA,
              "{ KUNNR= NAME1= NTGEW= AKTIV= E1KNA11{ } }\n\nend");
    /* The record starts behind <DEBMAS06><IDOC>: 16 bytes. */
    check_big(&xml_idoc, xml_head, xml_tail, 65 * MEGA,
              "#1 1:67108881+67108880 the document is larger than 67108864 "
              "bytes\n\n\nend");
}

static void
test_shapes(void)
{
    json_shapes_init();
    xml_shapes_init();
}

CHECK_MAIN({ "shapes", test_shapes }, { "streams", test_streams },
           { "ends of pages", test_guarded }, { "reads", test_reads },
           { "big documents", test_big })
