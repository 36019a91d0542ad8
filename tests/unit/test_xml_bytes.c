/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 in elements of XML: the same bytes come out whatever the pieces are
 * that it comes in; what is no base64, and no XML, is refused.
 */
#include "call/media_type.h"
#include "call/xml_bytes.h"
#include "unit/check.h"

static const char *const path[] = { "Envelope", "Body", "Answer", "item",
                                    "LINE" };

/* The bytes of the document in pieces of that size, or "!why". */
static const char *
bytes_of(const char *document, size_t piece)
{
    static char out[4096];
    size_t n = strlen(document), made = 0;
    struct xml_bytes x;

    xml_bytes_init(&x, path, 5);
    for (size_t i = 0; i < n; i += piece) {
        size_t k = n - i < piece ? n - i : piece;
        long got = xml_bytes_next(&x, document + i, k, out + made);

        if (got < 0) {
            snprintf(out, sizeof out, "!%s", x.wrong);
            return out;
        }
        made += (size_t)got;
    }
    out[made] = '\0';
    return xml_bytes_whole(&x) ? out : "!cut off";
}

#define WRAP(inner)                                                          \
    "<?xml version='1.0'?><e:Envelope a='>'><e:Body><n:Answer>" inner        \
    "</n:Answer></e:Body></e:Envelope>"

static const struct row {
    const char *document, *bytes;
} rows[] = {
    { WRAP("<item><LINE>TXVzdGVy</LINE></item>"), "Muster" },
    { WRAP("<item><LINE>TQ==</LINE></item><item><LINE>dXN0ZXI=</LINE></item>"),
      "Muster" },
    { WRAP("<item>\n<LINE x=\"/\" y='>'>\r\nTXVz\n dGVy&#13;&#xA;</LINE></item>"),
      "Muster" },
    { WRAP("<item><LINE><![CDATA[TXVz]]>dGVy<!-- TQ== - --></LINE></item>"),
      "Muster" },
    { WRAP("<item><LINE/><OTHER>TXVz</OTHER><LINE>dGVy</LINE></item>"),
      "ter" },
    { WRAP("<other><LINE>TXVz</LINE></other><item><p><LINE>TXVz</LINE></p>"
           "</item>x &amp; y<?pi ?x?>"), "" },
    { WRAP("<item><LINE>TXVzdGV</LINE></item>"), "!its base64 is cut off" },
    { WRAP("<item><LINE>TX=z</LINE></item>"),
      "!what stands there is no base64" },
    { WRAP("<item><LINE>TR==</LINE></item>"),
      "!what stands there is no base64" },
    { WRAP("<item><LINE>TQ==TQ==</LINE></item>"),
      "!what stands there is no base64" },
    { WRAP("<item><LINE>&amp;</LINE></item>"),
      "!what stands there is no base64" },
    { WRAP("<item><LINE>TX<b/>Vz</LINE></item>"),
      "!an element stands in the base64" },
    { "<!DOCTYPE e><e/>", "!it has a DOCTYPE" },
    { "<a/><b/>", "!it has two roots" },
    { "</a>", "!an element is closed that was not opened" },
    { "<a><b", "!cut off" },
    { "<a><b></b>", "!cut off" },
    { "<a>< b></a>", "!it is no XML" },
    { "<a/><!-", "!cut off" },
};

static void
test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t piece = 1; piece < 200; piece += 1 + piece / 7)
            CHECK_TEXT(bytes_of(rows[i].document, piece), rows[i].bytes);
}

static void
test_limits(void)
{
    char deep[XML_BYTES_DEEP * 3 + 10] = "", name[XML_BYTES_NAME + 20] = "<";

    for (int i = 0; i <= XML_BYTES_DEEP; i++)
        strcat(deep, "<a>");
    CHECK_TEXT(bytes_of(deep, 7), "!it is too deep");
    memset(name + 1, 'n', XML_BYTES_NAME);
    CHECK_TEXT(bytes_of(name, 1000), "!a name in it is too long");
    struct xml_bytes x;
    char to[8];

    xml_bytes_init(&x, path, 5);
    CHECK(xml_bytes_next(&x, "<\0", 2, to) == -1);
}

/* What is encoded is decoded again, in whatever pieces. */
static void
test_both_ways(void)
{
    char bytes[100], text[200], back[200];

    for (int i = 0; i < 100; i++)
        bytes[i] = (char)(i * 37);
    for (size_t n = 0; n < 100; n++)
        for (size_t piece = 1; piece < 8; piece++) {
            struct base64 b = { 0 };
            size_t at = 0;
            long made = 0;

            for (size_t i = 0; i < n; i += piece)
                at += base64_encode(&b, bytes + i,
                                    n - i < piece ? n - i : piece, text + at);
            at += base64_encoded(&b, text + at);
            CHECK(at == (n + 2) / 3 * 4);
            memset(&b, 0, sizeof b);
            for (size_t i = 0; i < at; i += piece) {
                long got = base64_decode(
                    &b, text + i, at - i < piece ? at - i : piece, back + made);

                REQUIRE(got >= 0);
                made += got;
            }
            CHECK(base64_decoded(&b));
            CHECK(made == (long)n && memcmp(back, bytes, n) == 0);
        }
}

static void
test_media_types(void)
{
    CHECK(media_type_is("application/pdf", "Application/PDF;q=1", 19));
    CHECK(!media_type_is("application/pdf", "application/pd", 14));
    CHECK(media_type_fits("application/pdf", "%PDF-1.7", 8));
    CHECK(!media_type_fits("application/pdf", "%PDF", 4));
    CHECK(!media_type_fits("image/png", "\x89PNG\r\n\x1a", 7));
    CHECK(media_type_fits("text/plain", "x", 1));
    CHECK(!media_type_is_known("text/plain"));
    CHECK_TEXT(media_type_ending("image/jpeg"), "jpg");
    CHECK_TEXT(media_type_ending("application/x-muster"), "bin");
}

CHECK_MAIN({ "base64 in XML, in pieces", test_rows },
           { "limits", test_limits },
           { "base64 both ways", test_both_ways },
           { "media types", test_media_types })
