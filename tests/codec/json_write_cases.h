/* SPDX-License-Identifier: Apache-2.0 */
/* Records and the JSON that must be written for them. */
#ifndef TESTS_CODEC_JSON_WRITE_CASES_H
#define TESTS_CODEC_JSON_WRITE_CASES_H

#include "codec/json_shapes.h"
#include "unit/check.h"

static inline int
json_collect(void *arg, const char *p, size_t n)
{
    char *text = arg;

    memcpy(text + strlen(text), p, n);
    return 0;
}

static inline void
json_check_written(const struct account *a, bool pretty, const char *want)
{
    static const struct mr_doc doc = { .format = MR_JSON,
                                       .shape = &json_account };
    static char text[400000];
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;

    memset(text, 0, sizeof text);
    mr_cx_init(&cx, NULL);
    mr_output_init(&out, json_collect, text);
    mr_writer_init(&w, &out, &doc, pretty);
    mr_output_begin(&out);
    CHECK(mr_json_put(&cx, &w, a) == MR_OK);
    CHECK(mr_output_keep(&cx, &out) == MR_OK);
    CHECK(mr_output_flush(&cx, &out) == MR_OK);
    CHECK_TEXT(text, want);
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
}

static struct phone json_two_phones[2];
static struct address json_two_addresses[2];

static inline struct account
json_full_account(void)
{
    struct account a = { 0 };

    json_two_phones[0].number = mr_text("1");
    json_two_phones[1].number = mr_empty();
    json_two_addresses[0].street = mr_text("S");
    json_two_addresses[0].city.name = mr_text("N");
    json_two_addresses[0].phones.state = MR_HERE;
    json_two_addresses[0].phones.at = (char *)json_two_phones;
    json_two_addresses[0].phones.n = 2;
    json_two_addresses[1].phones.state = MR_EMPTY;
    a.id = mr_text("1");
    a.name = mr_empty();
    a.active = mr_bool(true);
    a.weight = mr_text("-1.50");
    a.amount = mr_text("7");
    a.addresses.state = MR_HERE;
    a.addresses.at = (char *)json_two_addresses;
    a.addresses.n = 2;
    return a;
}

/* Escapes at every place of texts of every length around a vector's. */
static inline void
json_check_escapes(void)
{
    static const struct {
        char byte;
        const char *escape;
    } rows[] = {
        { '"', "\\\"" }, { '\\', "\\\\" }, { '\n', "\\n" }, { '\r', "\\r" },
        { '\t', "\\t" }, { '\b', "\\b" }, { '\f', "\\f" }, { 1, "\\u0001" },
        { 0x1f, "\\u001f" }, { 0, "\\u0000" }, { '/', "/" }, { 0x7f, "\x7f" },
        { ' ', " " }
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        for (size_t n = 1; n < 40; n++)
            for (size_t at = 0; at < n; at++) {
                char text[40], want[80] = "{\"ID\":\"";
                struct account a = { 0 };
                size_t k = strlen(want);

                memset(text, 'x', sizeof text);
                text[at] = rows[i].byte;
                a.id = mr_slice(text, (uint32_t)n);
                snprintf(want + k, sizeof want - k, "%.*s%s%.*s\"}\n",
                         (int)at, text, rows[i].escape, (int)(n - at - 1),
                         text + at + 1);
                json_check_written(&a, false, want);
            }
}

/* More than the buffer's first room, all of it escaped. */
static inline void
json_check_long(void)
{
    enum { N = 50000 };
    static char text[N], want[6 * N + 20];
    struct account a = { 0 };
    char *to = want;

    memset(text, 2, N);
    a.id = mr_slice(text, N);
    to += sprintf(to, "{\"ID\":\"");
    for (int i = 0; i < N; i++, to += 6)
        memcpy(to, "\\u0002", 6);
    memcpy(to, "\"}\n", 4);
    json_check_written(&a, false, want);
}

static void
test_write_cases(void)
{
    struct account a = { 0 };

    json_shapes_init();
    json_check_written(&a, false, "{}\n");
    json_check_written(&a, true, "{}\n");
    a.addresses.state = MR_EMPTY;
    json_check_written(&a, false, "{\"Addresses\":[]}\n");
    json_check_written(&a, true, "{\n  \"Addresses\": []\n}\n");
    a = json_full_account();
    json_check_written(
        &a, false,
        "{\"ID\":\"1\",\"Name\":null,\"Active\":true,\"Weight\":-1.50,"
        "\"Amount\":\"7\",\"Addresses\":[{\"Street\":\"S\",\"City\":"
        "{\"Name\":\"N\"},\"Phones\":[{\"Number\":\"1\"},{\"Number\":null}]},"
        "{\"Phones\":[]}]}\n");
    json_check_written(
        &a, true,
        "{\n  \"ID\": \"1\",\n  \"Name\": null,\n  \"Active\": true,\n"
        "  \"Weight\": -1.50,\n  \"Amount\": \"7\",\n  \"Addresses\": [\n"
        "    {\n      \"Street\": \"S\",\n      \"City\": {\n"
        "        \"Name\": \"N\"\n      },\n      \"Phones\": [\n"
        "        {\n          \"Number\": \"1\"\n        },\n        {\n"
        "          \"Number\": null\n        }\n      ]\n    },\n    {\n"
        "      \"Phones\": []\n    }\n  ]\n}\n");
    /* A nested record with nothing in it is left out; what ends in a brace
     * is not nothing. */
    a = (struct account){ 0 };
    a.city.zip = mr_text("{");
    json_check_written(&a, false, "{\"City\":{\"Zip\":\"{\"}}\n");
    json_check_escapes();
    json_check_long();
}

#endif
