/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML in other encodings than UTF-8: the same record comes out of each, cut
 * into reads at every byte; what is not in the encoding that it says it is in
 * is refused. Positions count the bytes of the text as UTF-8.
 */
#include "codec/xml_chars.h"
#include "codec/xml_run.h"
#include "unit/check.h"

#define START "<DEBMAS06><IDOC><E1KNA1M>"
#define END "</E1KNA1M></IDOC></DEBMAS06>"

enum { ROOM = 70000 };

/* Bytes with their length; they may hold zeros. */
struct bytes {
    char p[ROOM];
    size_t n;
};

static void
add(struct bytes *b, const char *p, size_t n)
{
    if (n > ROOM - b->n)
        abort();
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

static void
add_unit(struct bytes *b, uint32_t unit, bool big)
{
    char two[2] = { (char)(big ? unit >> 8 : unit),
                    (char)(big ? unit : unit >> 8) };

    add(b, two, 2);
}

static void
add_utf16(struct bytes *b, const char *text, bool big)
{
    uint32_t n;

    for (; *text != '\0'; text += n) {
        uint32_t c = xml_decode(text, &n);

        if (c < 0x10000) {
            add_unit(b, c, big);
        } else {
            add_unit(b, 0xd800 + ((c - 0x10000) >> 10), big);
            add_unit(b, 0xdc00 + (c & 0x3ff), big);
        }
    }
}

/* In one read, a byte at a time, and in two reads cut at every byte. */
static void
check_bytes(const struct bytes *b, const char *want)
{
    xml_shapes_init();
    for (size_t first = 0; first <= b->n; first++) {
        struct test_text t = first == 0
                               ? xml_run_cut(&xml_idoc, b->p, b->n, 1, 1)
                               : xml_run_cut(&xml_idoc, b->p, b->n, first,
                                             b->n);

        CHECK_THAT(strcmp(t.p, want) == 0,
                   "cut at %zu: got \"%s\", want \"%s\"", first, t.p, want);
        free(t.p);
    }
}

#define FIELDS(name) "{ KUNNR= NAME1=" name " NTGEW= AKTIV= E1KNA11{ } }\n"

static const struct {
    const char *text;       /* not in UTF-8; without zeros */
    const char *want;
} rows[] = {
    { "<?xml version='1.0' encoding='ISO-8859-1'?>" START
      "<NAME1>M\xfcller &#x20AC;\xa0\xff</NAME1>" END,
      FIELDS("M\xc3\xbcller \xe2\x82\xac\xc2\xa0\xc3\xbf") "end" },
    { "<?xml version='1.0' encoding='iso-8859-1'?>\n<!-- \xe4 -->" START
      "<\xc4/>" END "\n<?xml version='1.0' encoding='ISO-8859-1'?>" START
      "<NAME1>\xdf</NAME1>" END,
      FIELDS("") FIELDS("\xc3\x9f") "end" },
    { "<?xml version='1.0' encoding='windows-1252'?>" START
      "<NAME1>\x80 \x84x\x93 \xdf</NAME1>" END,
      FIELDS("\xe2\x82\xac \xe2\x80\x9ex\xe2\x80\x9c \xc3\x9f") "end" },
    { "<?xml version='1.0' encoding='windows-1252'?>" START
      "<NAME1>\x81</NAME1>" END,
      "#1 1:78+77 the input is not windows-1252 here (byte 0x81)\nstop" },
    { "<?xml version='1.0' encoding='US-ASCII'?>" START
      "<NAME1>Mueller &#252;</NAME1>" END,
      FIELDS("Mueller \xc3\xbc") "end" },
    /* UTF-8 that says it is ASCII, Latin 1 that says it is UTF-8. */
    { "<?xml version='1.0' encoding='US-ASCII'?>" START
      "<NAME1>M\xc3\xbcller</NAME1>" END "\n"
      "<?xml version='1.0' encoding='US-ASCII'?>" START END,
      "#1 1:75+74 the input is not US-ASCII here (byte 0xc3)\n"
      FIELDS("") "end" },
    { "<?xml version='1.0' encoding='UTF-8'?>" START
      "<NAME1>M\xfcller</NAME1>" END "\n" START END,
      "#1 1:72+71 the input is not UTF-8 here (byte 0xfc)\n"
      FIELDS("") "end" },
    { "\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?>" START END,
      "#1 1:34+33 the declaration says ISO-8859-1, the bytes are not\nstop" },
    { "<?xml version='1.0' encoding='UTF-16LE'?>" START END,
      "#1 1:31+30 the declaration says UTF-16LE, the bytes are not\nstop" },
    { "<?xml version='1.0' encoding='UCS-4'?>" START END,
      "#1 1:31+30 the declaration says UCS-4, the bytes are not\nstop" },
    { "<?xml version='1.0' encoding='x-none'?>" START END,
      "#1 1:40+39 the encoding x-none is not known\nstop" },
    { "<?xml version='1.0' encoding='UTF-7'?>" START END,
      "#1 1:39+38 the encoding UTF-7 is not known\nstop" },
    { "<?xml version='1.0' encoding='ISO-2022-JP'?>" START END,
      "#1 1:45+44 the encoding ISO-2022-JP is not known\nstop" },
    { "<?xml version='1.0' encoding='Shift_JIS'?>" START
      "<NAME1>\x83\x65</NAME1>" END,
      FIELDS("\xe3\x83\x86") "end" },
    { "<?xml version='1.0' encoding='1252'?>" START END,
      "#1 1:31+30 this is no encoding's name\nstop" },
    { "<?xml version='1.0' encoding='ISO-8859-1'?>" START END
      "<?xml version='1.0' encoding='windows-1252'?>" START END,
      FIELDS("")
      "#2 1:127+126 the declaration says windows-1252, the bytes are "
      "ISO-8859-1\nstop" },
};

static void
test_single_bytes(void)
{
    static struct bytes b;

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        b.n = 0;
        add(&b, rows[i].text, strlen(rows[i].text));
        check_bytes(&b, rows[i].want);
    }
}

/* Every byte of ISO-8859-1 is the character of its number. */
static void
test_latin_1(void)
{
    static struct bytes b;

    for (uint32_t c = 0x80; c < 0x100; c++) {
        char byte = (char)c, want[80], utf8[5] = "";
        struct test_text t;

        b.n = 0;
        add(&b, "<?xml version='1.0' encoding='ISO-8859-1'?>" START
                "<NAME1>", 43 + sizeof START - 1 + 7);
        add(&b, &byte, 1);
        add(&b, "</NAME1>" END, 8 + sizeof END - 1);
        utf8[xml_encode(c, utf8)] = '\0';
        snprintf(want, sizeof want, FIELDS("%s") "end", utf8);
        xml_shapes_init();
        t = xml_run_whole(&xml_idoc, b.p, b.n);
        CHECK_TEXT(t.p, want);
        free(t.p);
    }
}

static const struct {
    const char *text;       /* in UTF-8, converted in both orders */
    const char *want;
} wide[] = {
    { START "<NAME1>M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80</NAME1>" END,
      FIELDS("M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80") "end" },
    { "<?xml version='1.0' encoding='UTF-16'?>\n" START "<NAME1>x</NAME1>" END,
      FIELDS("x") "end" },
    { "<?xml version='1.0'?>" START "<X>" END,
      "#1 1:50+49 </E1KNA1M> where </X> is expected\nstop" },
    { "<?xml version='1.0' encoding='ISO-8859-1'?>" START END,
      "#1 1:31+30 the declaration says ISO-8859-1, the bytes are UTF-16\n"
      "stop" },
    { "<?xml version='1.0' encoding='UTF-8'?>" START END,
      "#1 1:31+30 the declaration says UTF-8, the bytes are UTF-16\nstop" },
};

static void
test_wide(void)
{
    static struct bytes b;

    for (size_t i = 0; i < CHECK_ROWS(wide); i++) {
        for (int big = 0; big < 2; big++) {
            b.n = 0;
            add_unit(&b, 0xfeff, big);
            add_utf16(&b, wide[i].text, big);
            check_bytes(&b, wide[i].want);
        }
    }
}

/* Half of a pair, half of a character at the end, no byte order mark. */
static void
test_broken_wide(void)
{
    static struct bytes b;

    for (int big = 0; big < 2; big++) {
        b.n = 0;
        add_unit(&b, 0xfeff, big);
        add_utf16(&b, START "<NAME1>", big);
        add_unit(&b, big ? 0xdc00 : 0xd800, big);
        add_utf16(&b, "</NAME1>" END, big);
        check_bytes(&b, big ? "#1 1:33+32 the input is not UTF-16 here (byte "
                              "0xdc)\nstop"
                            : "#1 1:33+32 the input is not UTF-16 here (byte "
                              "0x00)\nstop");
        b.n = 0;
        add_unit(&b, 0xfeff, big);
        add_utf16(&b, START, big);
        add(&b, "x", 1);
        check_bytes(&b, "#1 1:26+25 the input is not UTF-16 here (byte 0x78)\n"
                        "stop");
        b.n = 0;
        add_utf16(&b, START END, big);
        check_bytes(&b, big ? "#1 1:1+0 text outside of the document element\n"
                              "stop"
                            : "#1 1:2+1 a name is missing\nstop");
    }
}

/* A document over many blocks of conversion. */
static void
test_long(void)
{
    enum { PAIRS = 20000 };
    static struct bytes b;
    static const char start[] =
        "<?xml version='1.0' encoding='ISO-8859-1'?>" START "<NAME1>";
    struct test_text t;
    const char *at;
    size_t n = 0;

    b.n = 0;
    add(&b, start, sizeof start - 1);
    for (int i = 0; i < PAIRS; i++)
        add(&b, "\xfc.", 2);
    add(&b, "</NAME1>" END, 8 + sizeof END - 1);
    xml_shapes_init();
    t = xml_run_cut(&xml_idoc, b.p, b.n, 777, 1234);
    at = strstr(t.p, "NAME1=");
    REQUIRE(at != NULL);
    for (at += 6; memcmp(at, "\xc3\xbc.", 3) == 0; at += 3)
        n++;
    CHECK_NUMBER(n, PAIRS);
    CHECK(strncmp(at, " NTGEW=", 7) == 0);
    free(t.p);
}

CHECK_MAIN({ "encodings of single bytes", test_single_bytes },
           { "every byte of ISO-8859-1", test_latin_1 },
           { "UTF-16", test_wide }, { "broken UTF-16", test_broken_wide },
           { "many blocks", test_long })
