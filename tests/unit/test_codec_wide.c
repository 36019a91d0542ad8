/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes with more members than a word has bits, or than are looked at at
 * once; names that an attribute and an element share; more names and
 * namespaces around records than the first room for them takes.
 */
#include "check.h"
#include "codec/json_run.h"
#include "codec/xml_run.h"

enum { WIDE = 300 };

struct wide {
    struct mr_val v[WIDE];
};

static char names[WIDE][40];
static struct mr_member members[WIDE];
static struct mr_shape shape = { .name = "wide", .size = sizeof(struct wide),
                                 .read = members, .write = members };
static uint16_t slots[1 << 16];
static const struct mr_member root[] = { { .name = "W", .name_n = 1 } };
static const char *const no_namespaces[] = { "" };

/* A shape of n members; every seventh has a long name. */
static void
make_shape(uint16_t n)
{
    shape.n_read = shape.n_write = n;
    for (uint16_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "F%u%s", i,
                 i % 7 == 0 ? "_of_a_rather_long_name" : "");
        members[i] = (struct mr_member){
            .name = names[i], .name_n = (uint16_t)strlen(names[i]),
            .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
            .offset = (uint32_t)(i * sizeof(struct mr_val))
        };
    }
    /* Room enough for a seed without collisions to be near. */
    shape.lookup.shift = 48;
    shape.lookup.seed = 1;
    shape.lookup.slots = slots;
    while (!test_seed_fits(&shape, &shape.lookup, slots))
        shape.lookup.seed += 2;
}

/* Member i of a document: `<F1>1</F1>` or `"F1":"1",`. */
static void
put_member(struct test_text *t, bool json, uint32_t i)
{
    char text[120];

    if (json)
        snprintf(text, sizeof text, "\"%s\":\"%u\",", names[i], i);
    else
        snprintf(text, sizeof text, "<%s>%u</%s>", names[i], i, names[i]);
    test_say_words(t, text);
}

/* The members that `n` has, but every third, in an order that `step` gives; at
 * the end one of them again. */
static void
put_document(struct test_text *t, bool json, uint32_t n, uint32_t step,
             int again)
{
    test_say_words(t, json ? "{" : "<W>");
    for (uint32_t k = 0, i = 0; k < n; k++, i = (i + step) % n)
        if (i % 3 != 0)
            put_member(t, json, i);
    if (again >= 0)
        put_member(t, json, (uint32_t)again);
    test_say_words(t, json ? "\"Z\":1}\n" : "</W>\n");
}

static void
check_members(const struct wide *w, enum mr_state absent)
{
    char text[16];

    for (uint32_t i = 0; i < shape.n_read; i++) {
        const struct mr_val *v = &w->v[i];

        snprintf(text, sizeof text, "%u", i);
        CHECK_THAT(i % 3 == 0 ? v->state == absent
                              : v->state == MR_HERE && v->n == strlen(text) &&
                                    memcmp(v->p, text, v->n) == 0,
                   "%u members: member %u, state %d", shape.n_read, i,
                   v->state);
    }
}

/* absent: what those are that are not there; -1: nothing is looked at. */
static enum mr_status
read_one(struct mr_cx *cx, const struct mr_doc *doc, struct test_text *t,
         struct wide *record, int absent)
{
    struct test_source s = { t->p, t->n, 0, t->n, 1, false };
    struct mr_input in;
    struct mr_reader r;
    enum mr_status st;

    mr_input_init(&in, test_source_read, &s);
    mr_reader_init(&r, &in, doc);
    mr_cx_next(cx);
    cx->error.status = MR_OK;
    memset(record, 0, sizeof *record);
    st = mr_reader_next(cx, &r, record);
    if (st == MR_OK && absent >= 0)
        check_members(record, (enum mr_state)absent);
    mr_reader_done(cx, &r);
    mr_input_done(cx, &in);
    return st;
}

static void
try_format(enum mr_format format, uint16_t n)
{
    static const uint32_t steps[] = { 1, 1, 1, 11, 1 };
    bool json = format == MR_JSON;
    struct mr_doc doc = { .format = format, .shape = &shape, .path = root,
                          .n_path = json ? 0 : 1,
                          .namespaces = no_namespaces, .n_namespaces = 1 };
    struct test_text t = { NULL, 0, 0 };
    struct mr_cx cx;
    struct wide w;

    make_shape(n);
    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(steps); i++) {
        t.n = 0;
        put_document(&t, json, n, steps[i], -1);
        CHECK_THAT(read_one(&cx, &doc, &t, &w, format == MR_IDOC
                                ? MR_EMPTY : MR_MISSING) == MR_OK,
                   "%u members: %s", n, cx.error.text);
    }
    /* Each that is there is refused the second time, the others are not. */
    for (int again = 0; again < n; again++) {
        t.n = 0;
        put_document(&t, json, n, 1, again);
        CHECK_THAT(read_one(&cx, &doc, &t, &w, -1) ==
                       (again % 3 == 0 ? MR_OK : MR_EFORMAT),
                   "%u members: %d again", n, again);
    }
    free(t.p);
    mr_cx_done(&cx);
}

static void
test_many_members(void)
{
    static const uint16_t counts[] = { 63, 64, 65, 127, 128, 129, 257, 299 };

    for (size_t i = 0; i < CHECK_ROWS(counts); i++) {
        try_format(MR_JSON, counts[i]);
        try_format(MR_XML, counts[i]);
        try_format(MR_IDOC, counts[i]);
    }
}

/* --- a name of two --- */

struct both {
    struct mr_val attribute, element;
};

static void
test_shared_name(void)
{
    static const struct mr_member both[] = {
        { .name = "both", .name_n = 4, .kind = MR_VALUE, .attribute = true,
          .wire = MR_WIRE_TEXT, .offset = offsetof(struct both, attribute) },
        { .name = "both", .name_n = 4, .kind = MR_VALUE,
          .wire = MR_WIRE_TEXT, .offset = offsetof(struct both, element) }
    };
    static const uint16_t one[2] = { 1, 1 };   /* of the two */
    static const struct mr_shape of_both = {
        .name = "both", .size = sizeof(struct both), .n_read = 2,
        .attributes = true, .read = both,
        .lookup = { .slots = one, .seed = 1, .shift = 63 }
    };
    static const struct mr_doc doc = {
        .format = MR_XML, .shape = &of_both, .path = root, .n_path = 1,
        .namespaces = no_namespaces, .n_namespaces = 1
    };
    static const char text[] =
        "<W both='a'><both>e</both></W><W><both>e</both></W><W both='a'/>"
        "<W both='a'><both both='x'>e</both></W>";
    struct test_text t = xml_run_whole(&doc, text, sizeof text - 1);

    CHECK_TEXT(t.p, "{ both=a both=e }\n{ both=e }\n{ both=a }\n"
                    "{ both=a both=e }\nend");
    free(t.p);
}

/* --- much that stays open between records --- */

static void
test_open_names(void)
{
    static const struct mr_member path[] = {
        { .name = "Orders", .name_n = 6, .ns = 1 },
        { .name = "Group", .name_n = 5, .ns = 1 },
        { .name = "Order", .name_n = 5, .ns = 1 }
    };
    struct mr_doc doc = xml_orders;
    struct test_text in = { NULL, 0, 0 }, want = { NULL, 0, 0 }, got;
    char text[2400];

    xml_shapes_init();
    doc.path = path;
    doc.n_path = 3;
    test_say_words(&in, "<p:Orders xmlns:p='urn:example:order'>");
    for (int i = 1; i < 40; i++) {
        /* The namespaces of a group, longer each time, and a record that
         * needs one of them and one from the document element. */
        snprintf(text, sizeof text, "<p:Group xmlns:q='urn:example:keys' "
                 "xmlns:r='%0*d' xmlns:s='%0*d'>", 40 * i % 1000 + 1, 7,
                 25 * i, 9);
        test_say_words(&in, text);
        for (int k = 0; k < 2; k++)
            test_say_words(&in, "<p:Order q:key='k' r:key='no'>"
                                "<p:Kind>x</p:Kind></p:Order>");
        test_say_words(&in, "</p:Group>");
        test_say_words(&want, "{ key=k Kind=x Price{ } }\n"
                              "{ key=k Kind=x Price{ } }\n");
    }
    test_say_words(&in, "</p:Orders>");
    test_say_words(&want, "end");
    got = xml_run_whole(&doc, in.p, in.n);
    CHECK_TEXT(got.p, want.p);
    free(got.p);
    got = xml_run_cut(&doc, in.p, in.n, 1, 100);
    CHECK_TEXT(got.p, want.p);
    free(got.p);
    free(in.p);
    free(want.p);
}

/* --- alike in the beginning --- */

/* Behind a document that is remembered, one that differs far behind; a number
 * that is right only where it runs over 32 bits. */
static void
test_alike(void)
{
    static const char good[] = "<W><F0_of_a_rather_long_name>1"
                               "</F0_of_a_rather_long_name></W>";
    static const char *const bad[] = {
        "<W><F0_of_a_rather_long_name>1</F0_of_a_rather_long_namf></W>",
        "<W><F0_of_a_rather_long_name>1</F0_of_a_rather_long_nam></W>",
        "<W><F0_of_a_rather_long_name>1</F0_of_a_rather_long_names></W>",
        "<W><F0_of_a_rather_long_name>1</F0_of_a_rather_lo",
        "<W><F0_of_a_rather_long_namf>1</F0_of_a_rather_long_name></W>",
        "<W><F0_of_a_rather_long_name>&#x100000041;"
        "</F0_of_a_rather_long_name></W>",
        "<W><F0_of_a_rather_long_name>&#4294967361;"
        "</F0_of_a_rather_long_name></W>",
        "<W x='&#x100000041;'/>"
    };
    struct mr_doc doc = { .format = MR_XML, .shape = &shape, .path = root,
                          .n_path = 1, .namespaces = no_namespaces,
                          .n_namespaces = 1 };
    struct test_text t = { NULL, 0, 0 };
    struct mr_cx cx;
    struct wide w;

    make_shape(1);
    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(bad); i++) {
        for (int k = 0; k < 3; k++) {
            t.n = 0;
            test_say_words(&t, good);
            CHECK(read_one(&cx, &doc, &t, &w, -1) == MR_OK);
        }
        t.n = 0;
        test_say_words(&t, bad[i]);
        CHECK_THAT(read_one(&cx, &doc, &t, &w, -1) == MR_EFORMAT, "%s",
                   bad[i]);
    }
    free(t.p);
    mr_cx_done(&cx);
}

/* --- kinds of JSON values that a wire form does not take --- */

static void
test_wrong_kinds(void)
{
    static const struct {
        enum mr_wire wire;
        enum mr_why why;
    } rows[] = {
        { MR_WIRE_TEXT, MR_WHY_NOT_TEXT },
        { MR_WIRE_BOOL, MR_WHY_NOT_BOOL },
        { MR_WIRE_NUMBER, MR_WHY_NOT_A_NUMBER },
        { MR_WIRE_NUMBER_TEXT, MR_WHY_NOT_A_NUMBER },
        { MR_WIRE_DATE, MR_WHY_NOT_A_DATE },
        { MR_WIRE_TIME, MR_WHY_NOT_A_TIME },
        { MR_WIRE_TIME_DURATION, MR_WHY_NOT_A_TIME },
        { MR_WIRE_DATETIME, MR_WHY_NOT_A_DATETIME },
        { MR_WIRE_DATETIME_LOCAL, MR_WHY_NOT_A_DATETIME },
        { MR_WIRE_DATETIME_TICKS, MR_WHY_NOT_A_DATETIME },
        { MR_WIRE_GUID, MR_WHY_NOT_A_GUID },
        { MR_WIRE_BINARY, MR_WHY_NOT_BASE64 }
    };
    static const char text[] = "{\"F1\":[],\"F2\":{\"a\":\"F2\"}}";
    struct mr_doc doc = { .format = MR_JSON, .shape = &shape };
    struct mr_cx cx;
    struct wide w;

    mr_cx_init(&cx, NULL);
    make_shape(3);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct test_text t = { NULL, 0, 0 };

        members[1].wire = members[2].wire = (uint8_t)rows[i].wire;
        test_say_words(&t, text);
        CHECK(read_one(&cx, &doc, &t, &w, -1) == MR_OK);
        for (int k = 1; k < 3; k++)
            CHECK_THAT(w.v[k].state == MR_FAILED && w.v[k].why == rows[i].why,
                       "wire form %zu", i);
        free(t.p);
    }
    mr_cx_done(&cx);
}

CHECK_MAIN({ "many members", test_many_members },
           { "a name of two", test_shared_name },
           { "much that stays open", test_open_names },
           { "alike in the beginning", test_alike },
           { "kinds that do not fit", test_wrong_kinds })
