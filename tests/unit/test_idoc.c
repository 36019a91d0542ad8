/* SPDX-License-Identifier: Apache-2.0 */
/* Control records of IDocs in and out, and the answers to messages of them. */
#include "check.h"
#include "peer/idoc.h"
#include "peer/idoc_out.h"

static const struct mr_member path[] = {
    { .name = "DEBMAS06", .name_n = 8, .kind = MR_ONE },
    { .name = "IDOC", .name_n = 4, .kind = MR_ONE },
    { .name = "E1KNA1M", .name_n = 7, .kind = MR_ONE },
};
static const struct mr_doc doc = { .system = "erp", .format = MR_IDOC,
                                   .path = path, .n_path = 3 };

static const char two[] =
    "<?xml version=\"1.0\"?>\n<!-- Muster --><DEBMAS06>\n"
    "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40</TABNAM>"
    "<DOCNUM>0000000000000041</DOCNUM><DIRECT>1</DIRECT>"
    "<IDOCTYP>DEBMAS06</IDOCTYP><MESTYP>DEBMAS</MESTYP>"
    "<SNDPRT>LS</SNDPRT><SNDPRN>MUSTER</SNDPRN><CREDAT>20261122</CREDAT>"
    "<CRETIM>184500</CRETIM><SERIAL>20261122184501</SERIAL></EDI_DC40>"
    "<E1KNA1M SEGMENT=\"1\"><KUNNR>0000001000</KUNNR></E1KNA1M></IDOC>\n"
    "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><DOCNUM>42</DOCNUM>"
    "<CREDAT>20261122</CREDAT><CRETIM>184500</CRETIM></EDI_DC40>"
    "<E1KNA1M SEGMENT=\"1\"/><E1KNA1M SEGMENT=\"1\"><E1KNVVM/></E1KNA1M>"
    "</IDOC><IDOC/></DEBMAS06>\n";

static void
test_controls(void)
{
    struct idoc_in *in;
    struct idoc_control c;
    struct mr_cx cx;
    char serial[40];

    mr_cx_init(&cx, NULL);
    REQUIRE(idoc_in_open(&cx, two, sizeof two - 1, &doc, &in) == MR_OK);
    CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_OK);
    CHECK_TEXT(c.docnum, "0000000000000041");
    CHECK_TEXT(c.idoctyp, "DEBMAS06");
    CHECK_TEXT(c.mestyp, "DEBMAS");
    CHECK_TEXT(c.cimtyp, "");
    CHECK_TEXT(c.sndprt, "LS");
    CHECK_TEXT(c.sndprn, "MUSTER");
    CHECK_TEXT(c.direct, "1");
    CHECK_NUMBER(c.records, 1);
    idoc_serial(&c, serial, sizeof serial);
    CHECK_TEXT(serial, "20261122184501      0000000000000041");
    CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_OK);
    CHECK_NUMBER(c.records, 2);
    idoc_serial(&c, serial, sizeof serial);
    CHECK_TEXT(serial, "20261122184500      0000000000000042");
    CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_OK);
    CHECK_NUMBER(c.records, 0);
    idoc_serial(&c, serial, sizeof serial);
    CHECK_TEXT(serial, "");
    CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_END);
    idoc_in_close(&cx, in);
    mr_cx_done(&cx);
}

/* Records that stand deeper: of each segment above them. */
static void
test_deeper(void)
{
    static const struct mr_member deep[] = {
        { .name = "DEBMAS06", .name_n = 8, .kind = MR_ONE },
        { .name = "IDOC", .name_n = 4, .kind = MR_ONE },
        { .name = "E1KNA1M", .name_n = 7, .kind = MR_ONE },
        { .name = "E1KNVKM", .name_n = 7, .kind = MR_ONE },
        { .name = "E1KNVAM", .name_n = 7, .kind = MR_ONE },
    };
    static const char message[] =
        "<DEBMAS06><IDOC><EDI_DC40><DOCNUM>1</DOCNUM></EDI_DC40><E1KNA1M>"
        "<E1KNVKM><E1KNVAM/></E1KNVKM><E1KNVAM/><E1KNVKM/></E1KNA1M>"
        "<E1KNA1M><E1KNVKM><E1KNVAM/><E1KNVAM/></E1KNVKM></E1KNA1M></IDOC>"
        "<IDOC><EDI_DC40><DOCNUM>2</DOCNUM></EDI_DC40><E1KNA1M/></IDOC>"
        "<IDOC><EDI_DC40><DOCNUM>3</DOCNUM></EDI_DC40><E1KNA1M><E1KNVKM>"
        "<E1KNVAM/><E1KNVAM/></E1KNVKM></E1KNA1M></IDOC></DEBMAS06>";
    static const uint32_t records[2][3] = { { 3, 0, 1 }, { 3, 0, 2 } };
    static const char *const docnums[] = { "1", "1", "1", "3" };
    struct mr_doc d = doc;
    struct idoc_control c;
    struct idoc_in *in;
    struct mr_cx cx;

    d.path = deep;
    mr_cx_init(&cx, NULL);
    for (uint16_t n = 4; n <= 5; n++) {
        d.n_path = n;
        REQUIRE(idoc_in_open(&cx, message, sizeof message - 1, &d, &in) ==
                MR_OK);
        for (size_t i = 0; i < 3; i++) {
            CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_OK);
            CHECK_NUMBER(c.records, records[n - 4][i]);
        }
        CHECK_NUMBER(idoc_in_next(&cx, in, &c), MR_END);
        idoc_in_close(&cx, in);
    }
    for (uint64_t i = 0; i < 4; i++) {
        CHECK_NUMBER(idoc_control(&cx, message, sizeof message - 1, &d, i, &c),
                     MR_OK);
        CHECK_TEXT(c.docnum, docnums[i]);
    }
    mr_cx_done(&cx);
}

/* The IDoc of a record, by its number among all of the message. */
static void
test_by_record(void)
{
    static const char *const docnums[] = { "0000000000000041", "42", "42" };
    struct idoc_control c;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (uint64_t i = 0; i < 3; i++) {
        CHECK_NUMBER(idoc_control(&cx, two, sizeof two - 1, &doc, i, &c),
                     MR_OK);
        CHECK_TEXT(c.docnum, docnums[i]);
    }
    CHECK_NUMBER(idoc_control(&cx, two, sizeof two - 1, &doc, 3, &c), MR_END);
    mr_cx_done(&cx);
}

static void
test_bad_messages(void)
{
    static const char *const rows[] = {
        "", "   ", "{\"d\":{}}", "<?xml", "<!-- ", "<DEBMAS06",
        "<DEBMAS06><IDOC><EDI_DC40></IDOC></DEBMAS06>",
        "<DEBMAS06><IDOC></DEBMAS06>", "<DEBMAS06><IDOC>\xff</IDOC></DEBMAS06>",
        "<n:DEBMAS06/>", "<DEBMAS06><IDOC/>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct idoc_in *in;
        struct idoc_control c;
        struct mr_cx cx;
        enum mr_status st;

        mr_cx_init(&cx, NULL);
        st = idoc_in_open(&cx, rows[i], strlen(rows[i]), &doc, &in);
        if (st == MR_OK) {
            while ((st = idoc_in_next(&cx, in, &c)) == MR_OK)
                ;
            idoc_in_close(&cx, in);
        }
        CHECK_THAT(st == MR_EFORMAT, "row %zu: %d", i, (int)st);
        CHECK(cx.error.text[0] != '\0');
        mr_cx_done(&cx);
    }
}

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DEBMAS06>"
#define BEFORE "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40" \
    "</TABNAM><IDOCTYP>DEBMAS06</IDOCTYP><MESTYP>DEBMAS</MESTYP>" \
    "<SNDPRN>MUSTER</SNDPRN></EDI_DC40>"
#define CONTROL(number) "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>" \
    "EDI_DC40</TABNAM><DOCNUM>" number "</DOCNUM><DIRECT>2</DIRECT>" \
    "<IDOCTYP>DEBMAS06</IDOCTYP><MESTYP>DEBMAS</MESTYP>" \
    "<SNDPRN>MUSTER</SNDPRN><CREDAT>20260102</CREDAT>" \
    "<CRETIM>030405</CRETIM><SERIAL>20260102030405</SERIAL></EDI_DC40>"

static struct op_bytes
of(const char *text)
{
    return (struct op_bytes){ text, strlen(text) };
}

/* 2026-01-02T03:04:05Z */
enum { MOMENT = 1767323045 };

/* A creation of one document; its part stays in *part. */
static struct mr_op
creation(struct op_part *part, const char *document, const char *token)
{
    *part = (struct op_part){ .body = of(document) };
    return (struct mr_op){ .kind = OP_CREATE, .parts = part, .n_parts = 1,
                           .message_token = token };
}

static void
test_packet(void)
{
    static const char *const documents[] = {
        HEAD BEFORE "<E1KNA1M SEGMENT=\"1\"><NAME1>A</NAME1></E1KNA1M></IDOC>"
             "</DEBMAS06>\n",
        HEAD BEFORE "<E1KNA1M SEGMENT=\"1\"><NAME1>B</NAME1></E1KNA1M></IDOC>"
             "</DEBMAS06>\n",
    };
    struct op_part parts[2];
    struct mr_op one = creation(&parts[0], documents[0], "7");
    struct mr_op other = creation(&parts[1], documents[1], "1234567890123456");
    struct mr_cx cx;
    struct bytes b;

    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    CHECK(idoc_joins(&one, &other));
    CHECK(idoc_add(&b, &one, MOMENT, true));
    CHECK(idoc_add(&b, &other, MOMENT, false));
    CHECK(idoc_close(&b, of(documents[1])));
    bytes_add(&b, "", 1);
    REQUIRE(!b.failed);
    CHECK_TEXT(b.p, HEAD CONTROL("0000000000000007")
               "<E1KNA1M SEGMENT=\"1\"><NAME1>A</NAME1></E1KNA1M></IDOC>"
               CONTROL("1234567890123456")
               "<E1KNA1M SEGMENT=\"1\"><NAME1>B</NAME1></E1KNA1M></IDOC>"
               "</DEBMAS06>\n");
    bytes_free(&b);
    mr_cx_done(&cx);
}

/* A change says what its map's table has instead, and is no message together
 * with a creation. */
static void
test_change(void)
{
    static const struct mr_control changes[] = {
        { "MESTYP", "DEBCHG" }, { "STDMES", "DEBCHG" }, { NULL, NULL }
    };
    static const char document[] =
        HEAD BEFORE "<E1KNA1M SEGMENT=\"1\"/></IDOC></DEBMAS06>";
    struct mr_repl repl = { .n_rules = 0 };
    struct mr_map map = { .repl = &repl };
    struct op_part parts[2];
    struct mr_op new = creation(&parts[0], document, "1");
    struct mr_op change = creation(&parts[1], document, "2");
    struct mr_cx cx;
    struct bytes b;

    repl.tech[1].changes = changes;
    new.map = change.map = &map;
    new.side = change.side = 1;
    change.kind = OP_UPDATE;
    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    CHECK(!idoc_joins(&new, &change));
    CHECK(idoc_add(&b, &new, MOMENT, true));
    bytes_add(&b, "", 1);
    REQUIRE(!b.failed);
    CHECK(strstr(b.p, "<MESTYP>DEBMAS</MESTYP>") != NULL);
    CHECK(strstr(b.p, "DEBCHG") == NULL);
    bytes_free(&b);
    bytes_init(&b, &cx.memory);
    CHECK(idoc_add(&b, &change, MOMENT, true));
    bytes_add(&b, "", 1);
    REQUIRE(!b.failed);
    CHECK(strstr(b.p, "<MESTYP>DEBCHG</MESTYP><STDMES>DEBCHG</STDMES>") !=
          NULL);
    CHECK(strstr(b.p, "DEBMAS</MESTYP>") == NULL);
    bytes_free(&b);
    mr_cx_done(&cx);
}

static void
test_no_packet(void)
{
    static const struct {
        const char *document, *token;
    } rows[] = {
        { HEAD "</DEBMAS06>", "1" },
        { HEAD "<IDOC></IDOC></DEBMAS06>", "1" },
        { HEAD BEFORE "</IDOC>" BEFORE "</IDOC></DEBMAS06>", "1" },
        { HEAD BEFORE "</IDOC></DEBMAS06>", "" },
        { HEAD BEFORE "</IDOC></DEBMAS06>", "12345678901234567" },
        { HEAD BEFORE "</IDOC></DEBMAS06>", "1a" },
        { "", "1" },
    };
    struct op_part parts[2];
    struct mr_op one, other;
    struct mr_cx cx;
    struct bytes b;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        one = creation(&parts[0], rows[i].document, rows[i].token);
        bytes_init(&b, &cx.memory);
        CHECK_THAT(!idoc_add(&b, &one, MOMENT, true), "row %zu", i);
        CHECK(!b.failed);
        bytes_free(&b);
    }
    one = creation(&parts[0], HEAD BEFORE "</IDOC></DEBMAS06>", "1");
    other = creation(&parts[1], "<MATMAS05>" BEFORE "</IDOC></MATMAS05>", "2");
    CHECK(!idoc_joins(&one, &other));
    mr_cx_done(&cx);
}

static void
test_answer(void)
{
    static const char text[] =
        "<?xml version=\"1.0\"?>\n<IDOCS><IDOC><DOCNUM>7</DOCNUM>"
        "<STATUS>53</STATUS></IDOC><IDOC><DOCNUM>0008</DOCNUM>"
        "<STATUS>51</STATUS><TEXT>no country\n\"DX\"</TEXT></IDOC>"
        "<IDOC><DOCNUM>9</DOCNUM><STATUS>5x</STATUS></IDOC></IDOCS>";
    struct op_bytes left = { text, sizeof text - 1 }, page = { "<html>", 6 };
    struct idoc_status s;

    REQUIRE(idoc_answer(&left, &s));
    CHECK_TEXT(s.docnum, "7");
    CHECK_NUMBER(s.status, 53);
    CHECK_TEXT(s.text, "");
    REQUIRE(idoc_answer(&left, &s));
    CHECK_TEXT(s.docnum, "0008");
    CHECK_NUMBER(s.status, 51);
    CHECK_TEXT(s.text, "no country \"DX\"");
    CHECK(!idoc_answer(&left, &s));
    CHECK(!idoc_answer(&left, &s));
    CHECK(!idoc_answer(&page, &s));
}

CHECK_MAIN({ "control records", test_controls },
           { "deeper", test_deeper },
           { "control record of a record", test_by_record },
           { "messages that are none", test_bad_messages },
           { "packet", test_packet }, { "change", test_change },
           { "no packet", test_no_packet },
           { "answer", test_answer })
