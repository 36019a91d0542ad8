/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON decoder and encoder once more, built without vector instructions
 * and under other names: the same results, and the same finds of its scanners
 * on any bytes.
 */
#include "codec/json_scan.h"

/* The scanners with vectors, where the compiler has them. */
static const char *
vector_plain(const char *p)
{
    return json_plain(p);
}

static const char *
vector_space(const char *p)
{
    return json_space(p);
}

#undef CODEC_JSON_SCAN_H
#undef __SSE2__
#define json plain_json
#define mr_json_bad plain_json_bad
#define mr_json_wrong plain_json_wrong
#define mr_json_refuse plain_json_refuse
#define mr_json_open plain_json_open
#define mr_json_escape plain_json_escape
#define mr_json_number plain_json_number
#define mr_json_word plain_json_word
#define mr_json_skip_nested plain_json_skip_nested
#define mr_json_skip plain_json_skip
#define mr_json_unescape plain_json_unescape
#define mr_json_name plain_json_name
#define json_plain plain_json_plain
#define json_is_space plain_json_is_space
#define json_space plain_json_space
#define json_is_short_escape plain_json_is_short_escape
#define json_string plain_json_string
#define json_is plain_json_is
#define json_colon plain_json_colon
#define mr_json_find plain_json_find
#define mr_json_record plain_json_record
#define mr_json_next plain_json_next
#define mr_json_resync plain_json_resync
#define mr_json_put plain_json_put

#include "../../runtime/codec/json_scan.c"
#include "../../runtime/codec/json_value.c"
#include "../../runtime/codec/json_read.c"
#include "../../runtime/codec/json_write.c"

#include "codec/json_cases.h"
#include "codec/json_write_cases.h"

static void
test_scanners(void)
{
    static char text[400];
    uint64_t state = 1;

    for (int i = 0; i < 20000; i++) {
        size_t n = 1 + (size_t)(i % 300);

        memset(text, 0, sizeof text);
        for (size_t k = 0; k < n; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[k] = i % 2 ? "  \n\t\r x"[state >> 61] : (char)(state >> 56);
            if (i % 4 == 0)
                text[k] = (char)(text[k] | 0x40);
        }
        CHECK(vector_plain(text) == json_plain(text));
        CHECK(vector_space(text) == json_space(text));
    }
}

CHECK_MAIN(JSON_CASE_TESTS, { "scanners", test_scanners },
           { "writing", test_write_cases })
