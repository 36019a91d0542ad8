/* SPDX-License-Identifier: Apache-2.0 */
/* Where a record ends: the same as the scanner says of what is JSON, wherever
 * in a block of bytes it stands; and a member of it without decoding. */
#include "codec/codec.h"
#include "codec/json_scan.h"
#include "unit/check.h"

enum { BEFORE = 70, ROOM = 1000 };

/* With what the functions ask for behind the end. */
struct text {
    char bytes[ROOM + MR_PADDING];
    size_t n;
};

static const char *
put(struct text *t, size_t before, const char *json)
{
    memset(t, 0, sizeof *t);
    memset(t->bytes, '"', before);
    t->n = before + strlen(json);
    memcpy(t->bytes + before, json, strlen(json));
    return t->bytes + before;
}

static void
test_ends(void)
{
    static const char *const whole[] = {
        "{}", "[]", "[{},{}]", "{\"a\":[1,2,{\"b\":null}]}", "{\"a\":\"}\"}",
        "{\"a\":\"\\\"}\"}", "{\"a\":\"\\\\\"}", "{\"a\":\"\\\\\\\"]}\"}",
        "{\"\\/Date(1)\\/\":\"{[{[\",\"b\":\"W/\\\"x\\\"\"}",
        "{\"a\":\"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"}",
        "{\"name\":\"123456789 123456789 123456789 123456789 123456789 1\\\"\"}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
        "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    };
    static struct text t;

    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        for (size_t before = 0; before < BEFORE; before++) {
            size_t n = strlen(whole[i]);
            const char *p = put(&t, before, whole[i]);

            CHECK_THAT(mr_json_extent(p, p + n) == p + n,
                       "%s behind %zu bytes", whole[i], before);
            /* What follows is another one's. */
            put(&t, before, whole[i]);
            memcpy(t.bytes + t.n, "]},{", 4);
            CHECK(mr_json_extent(p, p + n + 4) == p + n);
            for (size_t cut = 0; cut < n; cut++) {
                put(&t, before, whole[i]);
                memset(t.bytes + before + cut, 0, n - cut);
                CHECK(mr_json_extent(p, p + cut) == NULL);
            }
        }
}

static bool
has(const char *json, const char *name, const char *want)
{
    static struct text t;
    const char *p = put(&t, 0, json);
    struct mr_val v = mr_json_text_of(p, p + t.n, name);

    return want == NULL ? v.state == MR_MISSING
                        : v.state == MR_HERE && v.n == strlen(want) &&
                              memcmp(v.p, want, v.n) == 0;
}

static void
test_member(void)
{
    CHECK(has("{\"ID\":\"7\"}", "ID", "7"));
    CHECK(has("{ \"a\" : {\"ID\":\"1\"} , \"b\":[\"ID\",{}],\"c\":-1.5e3,"
              "\"d\":null,\"e\":\"\\\",\\\"ID\\\":\\\"9\",\n\"ID\" : \"7\"}",
              "ID", "7"));
    CHECK(has("{\"ID\":7}", "ID", NULL));
    CHECK(has("{\"ID\":null}", "ID", NULL));
    CHECK(has("{\"ID\":{\"ID\":\"1\"}}", "ID", NULL));
    CHECK(has("{\"ID\":\"a\\/b\"}", "ID", NULL));
    CHECK(has("{\"ID2\":\"1\",\"I\":\"2\"}", "ID", NULL));
    CHECK(has("{}", "ID", NULL));
    CHECK(has("[\"ID\"]", "ID", NULL));
}

/* It is not known yet whether it is JSON. */
static void
test_no_json(void)
{
    static const char *const odd[] = {
        "{\"ID\"", "{\"ID\":", "{\"ID\":\"", "{\"ID\":\"7", "{\"ID\"\"7\"}",
        "{ID:\"7\"}", "{\"a\":\"\\", "{\"a\":\"\\\"", "{\"a\":[,\"ID\":\"7\"}",
        "{\"a\":1", "{\"a\":{\"b\":\"}\",\"ID\":\"7\"", "{", "{\"", "{,",
        "{\"a\" 1,\"ID\":\"7\"}", "{\"a\":\"\x01\",\"ID\":\"7\"}",
    };

    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        CHECK_THAT(has(odd[i], "ID", NULL), "%s", odd[i]);
}

CHECK_MAIN({ "ends", test_ends },
           { "a member", test_member },
           { "no JSON", test_no_json })
