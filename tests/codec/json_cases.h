/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of JSON and what must come of them, in the words of json_run.h. A
 * test file says which build of the decoder it runs them through.
 */
#ifndef TESTS_CODEC_JSON_CASES_H
#define TESTS_CODEC_JSON_CASES_H

#include "codec/json_run.h"
#include "unit/check.h"

struct json_case {
    enum mr_format format;
    const char *in, *want;
};

static const struct mr_member json_case_path[] = {
    { .name = "data", .name_n = 4 }, { .name = "items", .name_n = 5 }
};

static const struct mr_doc json_case_docs[] = {
    { .system = "cloud", .format = MR_ODATA2, .shape = &json_account },
    { .system = "cloud", .format = MR_ODATA4, .shape = &json_account },
    { .system = "shop", .format = MR_JSON, .shape = &json_account },
};
static const struct mr_doc json_case_deep = {
    .system = "shop", .format = MR_JSON, .shape = &json_account,
    .path = json_case_path, .n_path = 2
};
static const struct mr_doc json_case_deep_odata = {
    .system = "cloud", .format = MR_ODATA4, .shape = &json_account,
    .path = json_case_path, .n_path = 2
};

static const struct json_case json_envelopes[] = {
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":\"1\"},{\"ID\":\"2\"}]}}",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":{\"__count\":\"1\",\"results\":[{\"ID\":\"1\"}],"
      "\"__next\":\"u\"}}",
      "{ ID=1 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":{\"results\":{\"ID\":\"1\"}}}",
      "{ ID=1 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":[{\"ID\":\"1\"},{\"ID\":\"2\"}]}",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":{\"__metadata\":{\"uri\":\"u\"},\"ID\":\"1\"}}",
      "{ ID=1 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":{\"results\":[]}} {\"d\":[]} {\"d\":null} []", "end" },
    { MR_ODATA2, "{\"d\":{}}", "{ City{ } }\nend" },
    { MR_ODATA4, "{\"@odata.context\":\"u\",\"@odata.count\":2,\"value\":"
      "[{\"ID\":\"1\"},{\"ID\":\"2\"}],\"@odata.nextLink\":\"v\"}",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_ODATA4, "{\"value\":[{\"@odata.etag\":\"e\",\"ID\":\"1\"}]}",
      "{ ID=1 City{ } }\nend" },
    { MR_ODATA4, "{\"@odata.context\":\"u\",\"ID\":\"1\"}",
      "{ ID=1 City{ } }\nend" },
    /* A member that only looks like an envelope. */
    { MR_ODATA4, "{\"value\":\"x\",\"ID\":\"1\"}", "{ ID=1 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":1,\"ID\":\"1\"}", "{ ID=1 City{ } }\nend" },
    { MR_ODATA2, "{\"ID\":\"1\",\"d\":{\"ID\":\"2\"}}",
      "{ ID=1 City{ } }\nend" },
    { MR_JSON, "{\"d\":{\"ID\":\"2\"},\"ID\":\"1\"}",
      "{ ID=1 City{ } }\nend" },
    { MR_JSON, "{\"ID\":\"1\"}", "{ ID=1 City{ } }\nend" },
    { MR_JSON, "[{\"ID\":\"1\"} , {\"ID\":\"2\"}]",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_JSON, "{\"ID\":\"1\"}{\"ID\":\"2\"} [{\"ID\":\"3\"}]\n"
      "{\"ID\":\"4\"}\n",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\n{ ID=3 City{ } }\n"
      "{ ID=4 City{ } }\nend" },
    { MR_JSON, "\xef\xbb\xbf {\"ID\":\"1\"}", "{ ID=1 City{ } }\nend" },
    { MR_JSON, "", "end" },
    { MR_JSON, " \r\n\t", "end" },
    { MR_JSON, "[]", "end" },
    { MR_ODATA2, "{\"\\u0064\":{\"r\\u0065sults\":[{\"\\u0049D\":\"1\"}]}}",
      "{ ID=1 City{ } }\nend" },
    /* What is no envelope, or a broken one. */
    { MR_ODATA2, "{\"error\":{\"code\":\"\",\"message\":{}}}",
      "#1 1:1+0 this is an error message of the service\nstop" },
    { MR_ODATA2, "{\"d\":[{\"ID\":\"1\"}],\"d\":[{\"ID\":\"2\"}]}",
      "{ ID=1 City{ } }\n#2 1:19+18 member \"d\" occurs twice\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":\"1\"},]}}",
      "{ ID=1 City{ } }\n#2 1:29+28 expected an object, found ']'\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[,]}}",
      "#1 1:18+17 expected an object, found ','\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":\"1\"}}}}",
      "{ ID=1 City{ } }\n#2 1:28+27 expected ',' or ']', found '}'\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":\"1\"}]]}",
      "{ ID=1 City{ } }\n#2 1:29+28 expected ',' or '}', found ']'\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":\"1\"}],}}",
      "{ ID=1 City{ } }\n#2 1:30+29 expected a member name, found '}'\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[null]}}",
      "#1 1:18+17 expected an object, found 'n'\nstop" },
    { MR_ODATA2, "{\"d\":{\"results\":[{}],\"x\":tru}}",
      "{ City{ } }\n#2 1:29+28 expected true, found '}'\nstop" },
    { MR_JSON, "[[{}]]", "#1 1:2+1 expected an object, found a list\nstop" },
    { MR_JSON, "[{}", "{ City{ } }\n"
      "#2 1:4+3 expected ',' or ']', found the end of the input\nstop" },
    { MR_JSON, "12", "#1 1:1+0 expected an object or a list, found a number\n"
      "stop" },
    { MR_JSON, "null", "#1 1:1+0 expected an object or a list, found 'n'\n"
      "stop" },
    { MR_JSON, "{} x", "{ City{ } }\n"
      "#2 1:4+3 expected an object or a list, found 'x'\nstop" },
    { MR_JSON, "{}}", "{ City{ } }\n"
      "#2 1:3+2 expected an object or a list, found '}'\nstop" },
    { MR_JSON, "{},{}", "{ City{ } }\n"
      "#2 1:3+2 expected an object or a list, found ','\nstop" },
    { MR_JSON, "\xef\xbb\xbf\xef\xbb\xbf{}",
      "#1 1:4+3 expected an object or a list, found byte 0xef\nstop" },
};

static const struct json_case json_values[] = {
    { MR_JSON, "{\"ID\":null,\"Name\":\"\",\"Active\":null}",
      "{ ID= Name= Active= City{ } }\nend" },
    { MR_JSON, "{\"Active\":true,\"Weight\":-1.50,\"Amount\":\"12.5\"}",
      "{ Active=true Weight=-1.50 Amount=12.5 City{ } }\nend" },
    { MR_JSON, "{\"Active\":false,\"Weight\":\"7\",\"Amount\":0}",
      "{ Active=false Weight=7 Amount=0 City{ } }\nend" },
    { MR_JSON, "{\"Active\":\"true\",\"Weight\":true,\"Amount\":false}",
      "{ Active!it is neither true nor false: true"
      " Weight!it is not a number: true Amount!it is not a number: false"
      " City{ } }\nend" },
    { MR_JSON, "{\"ID\":12,\"Name\":true,\"Active\":1}",
      "{ ID!it is not text: 12 Name!it is not text: true"
      " Active!it is neither true nor false: 1 City{ } }\nend" },
    { MR_JSON, "{\"ID\":{\"a\":[1]},\"Weight\":[ ],\"Active\":{}}",
      "{ ID!it is not text: {\"a\":[1]} Active!it is neither true nor false: {}"
      " Weight!it is not a number: [ ] City{ } }\nend" },
    { MR_JSON, "{\"Gr\\u00f6\\u00DFe\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"}",
      "{ Größe=a\"\\/\b\f\n\r\tz City{ } }\nend" },
    { MR_JSON, "{\"ID\":\"\\u20ac\",\"Name\":\"\\ud834\\uDD1E!\"}",
      "{ ID=€ Name=\xf0\x9d\x84\x9e! City{ } }\nend" },
    { MR_JSON, "{\"Name\":\"a string of more than sixteen bytes \\\" here\"}",
      "{ Name=a string of more than sixteen bytes \" here City{ } }\nend" },
    { MR_JSON, "{ \"ID\" : \"1\" ,\r\n\t\"Name\"\n:\n\"2\" }",
      "{ ID=1 Name=2 City{ } }\nend" },
    { MR_JSON, "{\"City\":{\"Name\":\"N\",\"Name2\":1},\"Addresses\":["
      "{\"Street\":\"S\",\"City\":{\"Zip\":\"Z\"},\"Phones\":[{\"Number\":"
      "\"1\"},{\"Number\":\"2\"}]},{}]}",
      "{ City{ Name=N } Addresses[{ Street=S City{ Zip=Z }"
      " Phones[{ Number=1 }{ Number=2 }] }{ City{ } }] }\nend" },
    { MR_JSON, "{\"City\":null,\"Addresses\":null}",
      "{ City{ } Addresses[] }\nend" },
    { MR_JSON, "{\"City\":{},\"Addresses\":[]}",
      "{ City{ } Addresses[] }\nend" },
    { MR_JSON, "{\"City\":{\"__deferred\":{\"uri\":\"u\"}},"
      "\"Addresses\":{\"__deferred\":{\"uri\":\"u\"}}}",
      "{ City{ } }\nend" },
    { MR_JSON, "{\"Addresses\":{\"__count\":\"1\",\"results\":"
      "[{\"Street\":\"S\"}]}}",
      "{ City{ } Addresses[{ Street=S City{ } }] }\nend" },
    { MR_JSON, "{\"Addresses\":{\"results\":[]}}",
      "{ City{ } Addresses[] }\nend" },
    /* Skipped members of every kind; a name twice where nothing reads it. */
    { MR_JSON, "{\"a\":[1,-0.5e+7,1E9,true,false,null,\"\\u0000\",[],{},"
      "[[]],{\"b\":{\"c\":[{}]}}],\"a\":0,\"ID\":\"1\"}",
      "{ ID=1 City{ } }\nend" },
    { MR_JSON, "{\"\":1,\"ID\":\"1\"}", "{ ID=1 City{ } }\nend" },
    /* Names that share beginning, end or length with one that is read. */
    { MR_JSON, "{\"IE\":1,\"I\":1,\"IDX\":1,\"id\":1,\"Nam\\u0065\":\"n\"}",
      "{ Name=n City{ } }\nend" },
};

static const struct json_case json_broken[] = {
    { MR_JSON, "{\"ID\":\"1\",\"x\":1,\"ID\":\"2\"}",
      "#1 1:17+16 member \"ID\" occurs twice\nstop" },
    { MR_JSON, "{\"ID\":\"1\",\"\\u0049D\":\"2\"}",
      "#1 1:11+10 member \"ID\" occurs twice\nstop" },
    { MR_JSON, "{\"City\":{\"Zip\":\"1\"},\"City\":null}",
      "#1 1:21+20 member \"City\" occurs twice\nstop" },
    { MR_JSON, "{\"Addresses\":{\"results\":[],\"results\":[]}}",
      "#1 1:28+27 member \"results\" occurs twice\nstop" },
    { MR_JSON, "{\"City\":\"x\"}",
      "#1 1:9+8 expected an object, found a string\nstop" },
    { MR_JSON, "{\"City\":[]}",
      "#1 1:9+8 expected an object, found a list\nstop" },
    { MR_JSON, "{\"Addresses\":7}",
      "#1 1:14+13 expected a list, found a number\nstop" },
    { MR_JSON, "{\"Addresses\":{\"Street\":\"x\"}}",
      "#1 1:14+13 expected a list or \"results\" with one, found an object\n"
      "stop" },
    { MR_JSON, "{\"Addresses\":{\"results\":null}}",
      "#1 1:25+24 expected a list in \"results\", found 'n'\nstop" },
    { MR_JSON, "{\"Addresses\":[{},null]}",
      "#1 1:18+17 expected an object in the list, found 'n'\nstop" },
    { MR_JSON, "{\"Addresses\":[{},]}",
      "#1 1:18+17 expected an object in the list, found ']'\nstop" },
    { MR_JSON, "{\"Addresses\":{\"results\":[],}}",
      "#1 1:28+27 expected a member name, found '}'\nstop" },
    { MR_JSON, "{\"ID\" \"1\"}", "#1 1:7+6 expected ':', found '\"'\nstop" },
    { MR_JSON, "{\"ID\":\"1\" \"Name\":\"2\"}",
      "#1 1:11+10 expected ',' or '}', found '\"'\nstop" },
    { MR_JSON, "{\"ID\":\"1\",}",
      "#1 1:11+10 expected a member name, found '}'\nstop" },
    { MR_JSON, "{,}", "#1 1:2+1 expected a member name, found ','\nstop" },
    { MR_JSON, "{ID:1}", "#1 1:2+1 expected a member name, found 'I'\nstop" },
    { MR_JSON, "{'ID':1}", "#1 1:2+1 expected a member name, found '''\nstop" },
    { MR_JSON, "{\"ID\":}", "#1 1:7+6 expected a value, found '}'\nstop" },
    { MR_JSON, "{\"ID\":\"a\nb\"}",
      "#1 1:9+8 expected a character of a string, found byte 0x0a\n"
      "#2 2:1+9 expected an object or a list, found 'b'\nstop" },
    { MR_JSON, "{\"x\":\"a\tb\"}",
      "#1 1:8+7 expected a character of a string, found byte 0x09\nstop" },
    { MR_JSON, "{\"x\":\"a\\qb\"}",
      "#1 1:9+8 expected an escape, found 'q'\nstop" },
    { MR_JSON, "{\"x\":\"\\u12g4\"}",
      "#1 1:11+10 expected a hexadecimal digit, found 'g'\nstop" },
    { MR_JSON, "{\"x\":\"\\ud800\"}",
      "#1 1:7+6 half of a surrogate pair\nstop" },
    { MR_JSON, "{\"x\":\"\\udc00\"}",
      "#1 1:7+6 half of a surrogate pair\nstop" },
    { MR_JSON, "{\"x\":\"\\ud800\\ud800\"}",
      "#1 1:7+6 half of a surrogate pair\nstop" },
    { MR_JSON, "{\"x\":\"\\ud800\\n\"}",
      "#1 1:7+6 half of a surrogate pair\nstop" },
    { MR_JSON, "{\"x\":\"\\ud800u\"}",
      "#1 1:7+6 half of a surrogate pair\nstop" },
    { MR_JSON, "{\"x\":01}",
      "#1 1:7+6 expected ',' or '}', found '1'\nstop" },
    { MR_JSON, "{\"x\":-}", "#1 1:7+6 expected a digit, found '}'\nstop" },
    { MR_JSON, "{\"x\":1.}", "#1 1:8+7 expected a digit, found '}'\nstop" },
    { MR_JSON, "{\"x\":.5}", "#1 1:6+5 expected a value, found '.'\nstop" },
    { MR_JSON, "{\"x\":+5}", "#1 1:6+5 expected a value, found '+'\nstop" },
    { MR_JSON, "{\"x\":1e}", "#1 1:8+7 expected a digit, found '}'\nstop" },
    { MR_JSON, "{\"x\":1e+}", "#1 1:9+8 expected a digit, found '}'\nstop" },
    { MR_JSON, "{\"x\":0x1}",
      "#1 1:7+6 expected ',' or '}', found 'x'\nstop" },
    { MR_JSON, "{\"x\":NaN}", "#1 1:6+5 expected a value, found 'N'\nstop" },
    { MR_JSON, "{\"x\":nul}", "#1 1:9+8 expected null, found '}'\nstop" },
    { MR_JSON, "{\"x\":truE}", "#1 1:9+8 expected true, found 'E'\nstop" },
    { MR_JSON, "{\"x\":truex}",
      "#1 1:10+9 expected ',' or '}', found 'x'\nstop" },
    { MR_JSON, "{\"x\":[1 2]}",
      "#1 1:9+8 expected ',' or ']', found '2'\nstop" },
    { MR_JSON, "{\"x\":[1,]}", "#1 1:9+8 expected a value, found ']'\nstop" },
    { MR_JSON, "{\"x\":[1}", "#1 1:8+7 expected ',' or ']', found '}'\nstop" },
    { MR_JSON, "{\"x\":{\"a\":1]}",
      "#1 1:12+11 expected ',' or '}', found ']'\nstop" },
    { MR_JSON, "{\"x\":{\"a\"}}", "#1 1:10+9 expected ':', found '}'\nstop" },
    { MR_JSON, "{\"x\":{1:2}}",
      "#1 1:7+6 expected a member name, found '1'\nstop" },
    { MR_JSON, "{\"x\":1/**/}",
      "#1 1:7+6 expected ',' or '}', found '/'\nstop" },
    { MR_JSON, "{\"x\":\v1}", "#1 1:6+5 expected a value, found byte 0x0b\n"
      "stop" },
    { MR_JSON, "\n\n {\"x\"\n :?}\n",
      "#1 4:3+10 expected a value, found '?'\nstop" },
    { MR_JSON, "{\"x\":\"\xff\"}",
      "#1 1:7+6 the input is not UTF-8 here (byte 0xff)\nstop" },
    { MR_JSON, "{\"x\":\"\xc3\"}",
      "#1 1:7+6 the input is not UTF-8 here (byte 0xc3)\nstop" },
    { MR_JSON, "{\"x\":\"\xed\xa0\x80\"}",
      "#1 1:7+6 the input is not UTF-8 here (byte 0xed)\nstop" },
    /* What comes first is what is said, also when both are in one read. */
    { MR_JSON, "{\"x\":?,\"y\":\"\xff\"}",
      "#1 1:6+5 expected a value, found '?'\nstop" },
    { MR_JSON, "{\"ID\":\"1\"}\n{\"ID\":\"\xff\"}\n{\"ID\":\"3\"}\n",
      "{ ID=1 City{ } }\n"
      "#2 2:8+18 the input is not UTF-8 here (byte 0xff)\n"
      "{ ID=3 City{ } }\nend" },
    { MR_JSON, "{\"ID\":\"\xe2\x82\xac\"}\n\xe2\x82\n{\"ID\":\"2\"}\xe2\x82",
      "{ ID=€ City{ } }\n"
      "#2 2:1+13 the input is not UTF-8 here (byte 0xe2)\n"
      "#3 3:11+26 the input is not UTF-8 here (byte 0xe2)\nstop" },
};

/* After an error: the next line that can start a document. */
static const struct json_case json_resyncs[] = {
    { MR_JSON, "{\"ID\":\"1\"}\n{\"ID\":?}\n{\"ID\":\"3\"}\n",
      "{ ID=1 City{ } }\n#2 2:7+17 expected a value, found '?'\n"
      "{ ID=3 City{ } }\nend" },
    { MR_JSON, "?\n?\n{\"ID\":\"3\"}",
      "#1 1:1+0 expected an object or a list, found '?'\n"
      "#2 2:1+2 expected an object or a list, found '?'\n"
      "{ ID=3 City{ } }\nend" },
    { MR_JSON, "{\n  \"ID\": ?,\n  \"Name\": \"x\",\n  \"y\": [\n    1\n  ]\n"
      "}\n"
      "{\"ID\":\"2\"}\n",
      "#1 2:9+10 expected a value, found '?'\n{ ID=2 City{ } }\nend" },
    /* The second line is a row of the broken document, not a record. */
    { MR_JSON, "{\"ID\":?,\"Addresses\":[\n{\"ID\":\"2\"},\n"
      "{\"ID\":\"3\"}]}\n{\"ID\":\"4\"}\n",
      "#1 1:7+6 expected a value, found '?'\n"
      "#2 2:11+32 expected the end of the line, found ','\n"
      "#3 3:11+44 expected the end of the line, found ']'\n"
      "{ ID=4 City{ } }\nend" },
    { MR_JSON, "{\"ID\":?}\n{\"ID\":\"2\"} \t\r\n{\"ID\":\"3\"}{\"ID\":\"4\"}",
      "#1 1:7+6 expected a value, found '?'\n{ ID=2 City{ } }\n"
      "{ ID=3 City{ } }\n{ ID=4 City{ } }\nend" },
    { MR_ODATA2, "{\"d\":{\"results\":[{\"ID\":?}]}}\n"
      "{\"d\":{\"results\":[{\"ID\":\"2\"}]}}\n",
      "#1 1:24+23 expected a value, found '?'\n{ ID=2 City{ } }\nend" },
    { MR_JSON, "{\"ID\":?\n", "#1 1:7+6 expected a value, found '?'\nstop" },
};

static const struct json_case json_paths[] = {
    { MR_JSON, "{\"x\":1,\"data\":{\"items\":[{\"ID\":\"1\"},{\"ID\":\"2\"}]}}",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_JSON, "{\"data\":{\"items\":{\"ID\":\"1\"},\"y\":[]},\"items\":0}",
      "{ ID=1 City{ } }\nend" },
    { MR_JSON, "[{\"data\":[{\"items\":[{\"ID\":\"1\"}]},{\"items\":"
      "{\"ID\":\"2\"}}]},{\"data\":null},{}]",
      "{ ID=1 City{ } }\n{ ID=2 City{ } }\nend" },
    { MR_JSON, "{\"data\":{\"items\":7}}",
      "#1 1:18+17 expected an object or a list, found a number\nstop" },
    { MR_JSON, "{\"data\":{},\"data\":{}}",
      "#1 1:12+11 member \"data\" occurs twice\nstop" },
};

/* Cuts the stream after `first` bytes, then every `rest`. */
static inline void
json_check_cut(const struct mr_doc *doc, const char *in, size_t n,
               const char *want, size_t first, size_t rest)
{
    struct test_source s = { in, n, 0, first, rest, false };
    struct test_text t = { NULL, 0, 0 };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    json_run(&cx, doc, &s, 0, &t);
    CHECK_THAT(strcmp(t.p, want) == 0,
               "%s\ncut at %zu, then every %zu\ngot:  %s\nwant: %s", in, first,
               rest, t.p, want);
    mr_cx_done(&cx);
    free(t.p);
}

static inline void
json_check_case(const struct mr_doc *doc, const struct json_case *c)
{
    size_t n = strlen(c->in);

    for (size_t first = n; first > 0; first--)
        json_check_cut(doc, c->in, n, c->want, first, n);
    for (size_t rest = 1; rest < 4; rest++)
        json_check_cut(doc, c->in, n, c->want, rest, rest);
}

static inline void
json_check_cases(const struct json_case *cases, size_t n)
{
    json_shapes_init();
    for (size_t i = 0; i < n; i++)
        json_check_case(&json_case_docs[cases[i].format], &cases[i]);
}

/* What is left of every case cut off at every byte: the same whatever the
 * reads, and never more than the whole gives. */
static inline void
json_check_truncated(const struct json_case *c)
{
    const struct mr_doc *doc = &json_case_docs[c->format];

    for (size_t n = strlen(c->in); n-- > 0;) {
        struct test_text t = json_run_whole(doc, c->in, n);
        char *tail = strrchr(t.p, '\n');

        json_check_cut(doc, c->in, n, t.p, 1, 1);
        if (tail != NULL && strcmp(tail, "\nstop") == 0)
            while (tail > t.p && tail[-1] != '\n')
                tail--;
        CHECK_THAT(tail == NULL ||
                       strncmp(c->want, t.p, (size_t)(tail - t.p)) == 0,
                   "%.*s\ngot: %s", (int)n, c->in, t.p);
        free(t.p);
    }
}

#define JSON_CASE_TESTS                                                       \
    { "envelopes", test_envelopes }, { "values", test_values },               \
    { "broken documents", test_broken }, { "going on after an error",         \
    test_resync }, { "path", test_path }, { "truncated", test_truncated }

static void
test_envelopes(void)
{
    json_check_cases(json_envelopes, CHECK_ROWS(json_envelopes));
}

static void
test_values(void)
{
    json_check_cases(json_values, CHECK_ROWS(json_values));
}

static void
test_broken(void)
{
    json_check_cases(json_broken, CHECK_ROWS(json_broken));
}

static void
test_resync(void)
{
    json_check_cases(json_resyncs, CHECK_ROWS(json_resyncs));
}

static void
test_path(void)
{
    static const struct json_case enveloped = {
        MR_ODATA4,
        "{\"@odata.context\":\"\",\"value\":[{\"data\":{\"items\":[{\"ID\":"
        "\"1\"}]}}]}",
        "{ ID=1 City{ } }\nend"
    };

    json_shapes_init();
    for (size_t i = 0; i < CHECK_ROWS(json_paths); i++)
        json_check_case(&json_case_deep, &json_paths[i]);
    json_check_case(&json_case_deep_odata, &enveloped);
}

static void
test_truncated(void)
{
    json_shapes_init();
    for (size_t i = 0; i < CHECK_ROWS(json_envelopes); i++)
        json_check_truncated(&json_envelopes[i]);
    for (size_t i = 0; i < CHECK_ROWS(json_values); i++)
        json_check_truncated(&json_values[i]);
}

#endif
