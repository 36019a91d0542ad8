/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XML decoder against libxml2, over made documents and damaged ones: what
 * is refused by one is refused by the other, and the records are equal. Where
 * the two differ on purpose is said in codec/xml_oracle.h. Limits (depth,
 * attributes, sizes) are out of reach of the made documents.
 */
#include "codec/xml_chars.h"
#include "codec/xml_make.h"
#include "codec/xml_oracle.h"
#include "unit/check.h"

struct tally {
    long taken, refused, records, unasked;
};

static void
compare(struct tally *tally, struct oracle *o, const struct xml_make *make,
        size_t each)
{
    struct test_text ours = { NULL, 0, 0 };
    char why[256];
    struct test_source s = { make->text, make->n, 0, each, each, false };
    enum answer got, want;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_cx_next(&o->cx);
    o->doc = make->doc;
    o->out.n = 0;
    o->refused = o->other_encoding = false;
    test_say_words(&o->out, "");
    test_say_words(&ours, "");
    want = ask_oracle(o, make->text, make->n);
    got = ask_decoder(&cx, make->doc, &s, &ours, why, &tally->records);
    if (want == NO_ANSWER) {
        tally->unasked++;
    } else {
        CHECK_THAT(got == want, "here: %s, there: %s\n%.*s",
                   got == TAKEN ? "taken" : why,
                   want == TAKEN ? "taken" : "refused", (int)make->n,
                   make->text);
        /* Records in front of an error are no matter. */
        CHECK_THAT(want == REFUSED || strcmp(ours.p, o->out.p) == 0,
                   "here:  %s\nthere: %s\n%.*s", ours.p, o->out.p,
                   (int)make->n, make->text);
        *(got == TAKEN ? &tally->taken : &tally->refused) += 1;
    }
    free(ours.p);
    mr_cx_done(&cx);
}

static void
differ(const struct mr_doc *doc, uint64_t seed)
{
    enum { DOCUMENTS = 3500, DAMAGED = 2 };
    static struct xml_make make;
    struct oracle o = { .parser = xmlNewParserCtxt() };
    struct tally tally = { 0, 0, 0, 0 };

    xml_shapes_init();
    mr_cx_init(&o.cx, NULL);
    make.state = seed;
    for (int i = 0; i < DOCUMENTS; i++) {
        xml_make_document(&make, doc);
        for (int k = 0; k <= DAMAGED; k++) {
            compare(&tally, &o, &make,
                    k == 0 ? make.n + 1 : 1 + xml_random(&make, 200));
            xml_make_damage(&make);
        }
    }
    /* Each kind of answer was really met. */
    CHECK_THAT(tally.taken > DOCUMENTS / 2 && tally.refused > DOCUMENTS &&
                   tally.records > DOCUMENTS && tally.unasked < DOCUMENTS / 20,
               "taken %ld, refused %ld, records %ld, unasked %ld",
               tally.taken, tally.refused, tally.records, tally.unasked);
    mr_cx_done(&o.cx);
    free(o.out.p);
    xmlFreeParserCtxt(o.parser);
}

/* Puts one document in place and asks both. */
static void
ask_both(struct oracle *o, const char *text, enum answer *here,
         enum answer *there)
{
    static struct xml_make make;
    struct test_text t = { NULL, 0, 0 };
    struct test_source s = { make.text, 0, 0, XML_MAKE_ROOM, 1, false };
    struct mr_cx cx;
    char why[256];
    long records = 0;

    mr_cx_init(&cx, NULL);
    make.n = 0;
    make.doc = o->doc = &xml_idoc;
    xml_put(&make, text);
    mr_cx_next(&o->cx);
    o->out.n = 0;
    o->refused = o->other_encoding = false;
    *there = ask_oracle(o, make.text, make.n);
    s.n = make.n;
    *here = ask_decoder(&cx, make.doc, &s, &t, why, &records);
    mr_cx_done(&cx);
    free(t.p);
}

/* Every character up to U+31FF, and those around the ends of the classes
 * behind: in text, at the beginning of a name, further on in a name. */
static void
test_characters(void)
{
    static const uint32_t ends[] = {
        0xd7ff, 0xe000, 0xf8ff, 0xfdd0, 0xfdf0, 0xfffe, 0x10000, 0xeffff,
        0xf0000, 0x10ffff
    };
    static const char *const where[] = {
        "<DEBMAS06>%s</DEBMAS06>", "<DEBMAS06><?%s?></DEBMAS06>",
        "<DEBMAS06><?p%s?></DEBMAS06>"
    };
    struct oracle o = { .parser = xmlNewParserCtxt() };
    enum answer here, there;
    int taken = 0;

    xml_shapes_init();
    mr_cx_init(&o.cx, NULL);
    for (uint32_t i = 1; i < 0x3200 + 80; i++) {
        uint32_t c = i < 0x3200 ? i : ends[(i - 0x3200) / 8] + i % 8 - 4;
        char text[80], sequence[5] = "";

        if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            continue;
        sequence[xml_encode(c, sequence)] = '\0';
        for (int k = 0; k < 3; k++) {
            snprintf(text, sizeof text, where[k], sequence);
            ask_both(&o, text, &here, &there);
            CHECK_THAT(here == there, "U+%04X in %s", c, where[k]);
            taken += here == TAKEN;
        }
    }
    CHECK(taken > 30000);
    mr_cx_done(&o.cx);
    free(o.out.p);
    xmlFreeParserCtxt(o.parser);
}

/* Where libxml2 is stricter, less strict, or its answer is mended. */
static void
test_differences(void)
{
    static const struct {
        const char *text;
        enum answer here, there;
    } rows[] = {
        { "<?xml version='1.'?><DEBMAS06/>", REFUSED, TAKEN },
        { "<!DOCTYPE DEBMAS06><DEBMAS06/>", REFUSED, REFUSED },
        { "<DEBMAS06 xml:id='1 2'/>", TAKEN, TAKEN },
        { "<DEBMAS06><X xmlns='%'/></DEBMAS06>", TAKEN, TAKEN },
        { "<DEBMAS06><X xmlns:a='u' a:b='' xmlns:c='u' c:b=''/></DEBMAS06>",
          REFUSED, REFUSED },
        { "<DEBMAS06><a:X/></DEBMAS06>", REFUSED, REFUSED },
        { "<DEBMAS06/><DEBMAS06/>", TAKEN, TAKEN },
        { "<DEBMAS06/><!-- --> <?xml version='1.0'?><DEBMAS06/>", TAKEN,
          TAKEN },
        { "<DEBMAS06/><X/>", REFUSED, REFUSED },
        { "", TAKEN, TAKEN },
    };
    struct oracle o = { .parser = xmlNewParserCtxt() };

    xml_shapes_init();
    mr_cx_init(&o.cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        enum answer here, there;

        ask_both(&o, rows[i].text, &here, &there);
        CHECK_THAT(here == rows[i].here && there == rows[i].there,
                   "%s: %d, %d", rows[i].text, here, there);
    }
    mr_cx_done(&o.cx);
    free(o.out.p);
    xmlFreeParserCtxt(o.parser);
}

/* Damaged documents in one stream: the same records and errors come out of
 * it, and it goes on at the same places, however it is cut into reads. */
static void
test_cuts(void)
{
    static const struct mr_doc *const docs[] = { &xml_idoc, &xml_orders,
                                                 &xml_single };
    static struct xml_make make;
    struct test_text stream = { NULL, 0, 0 };
    int records = 0, errors = 0;

    xml_shapes_init();
    make.state = 7;
    for (int i = 0; i < 3000; i++) {
        const struct mr_doc *doc = docs[i % 3];
        struct test_text whole, cut;

        stream.n = 0;
        for (uint32_t k = 1 + xml_random(&make, 4); k > 0; k--) {
            xml_make_document(&make, doc);
            for (uint32_t d = xml_random(&make, 3); d > 0; d--)
                xml_make_damage(&make);
            test_say(&stream, make.text, make.n);
            test_say_words(&stream, "\n");
        }
        whole = xml_run_whole(doc, stream.p, stream.n);
        cut = xml_run_cut(doc, stream.p, stream.n,
                          1 + xml_random(&make, (uint32_t)stream.n),
                          1 + xml_random(&make, 300));
        CHECK_THAT(whole.n == cut.n && memcmp(whole.p, cut.p, cut.n) == 0,
                   "whole: %s\ncut: %s\n%s", whole.p, cut.p, stream.p);
        records += strncmp(whole.p, "{", 1) == 0;
        errors += strchr(whole.p, '#') != NULL;
        free(whole.p);
        free(cut.p);
    }
    CHECK_THAT(records > 1000 && errors > 1000, "%d, %d", records, errors);
    free(stream.p);
}

static void
test_idocs(void)
{
    differ(&xml_idoc, 1);
}

static void
test_orders(void)
{
    differ(&xml_orders, 20240318);
}

static void
test_single(void)
{
    differ(&xml_single, 0x9e3779b97f4a7c15);
}

CHECK_MAIN({ "characters", test_characters },
           { "differences", test_differences }, { "IDocs", test_idocs },
           { "cuts", test_cuts }, { "orders", test_orders },
           { "a record as the document element", test_single })
