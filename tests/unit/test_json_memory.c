/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where memory ends: every allocation fails once in reading and in writing;
 * depth, rows and sizes are bounded; nothing behind the padding is read.
 */
#include "codec/json_run.h"
#include "unit/check.h"

#include <sys/mman.h>
#include <unistd.h>

struct scarce {
    long left;          /* allocations until one fails; after that all do */
    long open;          /* blocks that were not freed */
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        s->open -= p != NULL;
        free(p);
        return NULL;
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->open += p == NULL;
    return realloc(p, size);
}

static const struct mr_doc json_doc = { .format = MR_ODATA2,
                                        .shape = &json_account };

/* A document with all that takes memory: escapes, many rows, a text that is
 * larger than the window. */
static char *
make_large(size_t *n)
{
    enum { ROWS = 3000, LONG = 600000 };
    char *text = malloc(ROWS * 80 + LONG + 200), *to = text;

    if (text == NULL)
        abort();
    to += sprintf(to, "{\"d\":{\"results\":[{\"N\\u0061me\":\"\\u00e4\","
                      "\"Addresses\":[");
    for (int i = 0; i < ROWS; i++)
        to += sprintf(to, "{\"Street\":\"a\\\"b\",\"Phones\":[{\"Number\":"
                          "\"\\u0031\"}]}%s", i == ROWS - 1 ? "" : ",");
    to += sprintf(to, "],\"x\":\"");
    memset(to, 'x', LONG);
    to += LONG;
    to += sprintf(to, "\",\"ID\":\"1\"}]}}");
    *n = (size_t)(to - text);
    return text;
}

/* One record from `text` to an output that is thrown away. */
static enum mr_status
copy_record(struct mr_cx *cx, const char *text, size_t n)
{
    struct test_source s = { text, n, 0, 5000, 5000, false };
    struct mr_output out;
    struct mr_reader r;
    struct mr_writer w;
    struct mr_input in;
    struct account a;
    enum mr_status st;

    memset(&a, 0, sizeof a);
    mr_input_init(&in, test_source_read, &s);
    mr_output_init(&out, NULL, NULL);
    mr_reader_init(&r, &in, &json_doc);
    mr_writer_init(&w, &out, &json_doc, true);
    mr_cx_next(cx);
    st = mr_json_next(cx, &r, &a);
    if (st == MR_OK) {
        mr_output_begin(&out);
        st = mr_json_put(cx, &w, &a);
        if (st != MR_OK)
            mr_output_drop(&out);
        CHECK(st != MR_OK || out.n > 100000);
        CHECK(st == MR_OK || out.n == 0);
    }
    if (st == MR_OK) {
        mr_cx_next(cx);
        st = mr_json_next(cx, &r, &a) == MR_END ? MR_OK : cx->error.status;
    }
    mr_input_done(cx, &in);
    mr_output_done(cx, &out);
    return st;
}

static void
test_every_allocation(void)
{
    size_t n;
    char *text = make_large(&n);
    enum mr_status st = MR_EMEMORY;
    long k;

    json_shapes_init();
    for (k = 0; st != MR_OK && k < 1000; k++) {
        struct scarce scarce = { k, 0 };
        struct mr_memory memory = { scarce_resize, &scarce };
        struct mr_cx cx;

        mr_cx_init(&cx, &memory);
        st = copy_record(&cx, text, n);
        CHECK_THAT(st == MR_OK || st == MR_EMEMORY, "allocation %ld: %d, %s",
                   k, st, cx.error.text);
        mr_cx_done(&cx);
        CHECK_NUMBER(scarce.open, 0);
    }
    /* The window three times, the arena, the output: it did use memory. */
    CHECK_THAT(st == MR_OK && k > 8, "%ld allocations", k);
    free(text);
}

/* A shape with more members than fit the bits on the stack. */
static void
test_many_members(void)
{
    enum { N = 1000 };
    static struct mr_member members[N];
    static char names[N][8], text[N * 16 + 40];
    static struct mr_val record[N];
    struct mr_shape shape = { .name = "many", .size = sizeof record,
                              .n_read = N, .read = members };
    struct mr_doc doc = { .format = MR_JSON, .shape = &shape };
    char *to = text;

    *to++ = '{';
    for (int i = 0; i < N; i++) {
        int len = snprintf(names[i], sizeof names[i], "m%d", i);

        members[i] = (struct mr_member){
            .name = names[i], .name_n = (uint16_t)len,
            .offset = (uint32_t)((size_t)i * sizeof record[0])
        };
        to += sprintf(to, "\"m%d\":\"%d\",", i, i);
    }
    to += sprintf(to, "\"m999\":\"2\"}");
    /* So many slots that a seed is found soon. */
    shape.lookup.shift = 64 - 16;
    shape.lookup.slots = calloc(1 << 16, sizeof(uint16_t));
    REQUIRE(shape.lookup.slots != NULL);
    for (shape.lookup.seed = 1;
         !test_seed_fits(&shape, &shape.lookup,
                         (uint16_t *)(uintptr_t)shape.lookup.slots);)
        shape.lookup.seed += 2;
    for (size_t cut = 0; cut < 2; cut++) {
        struct test_source s = { text, (size_t)(to - text), 0, 100, 100, 0 };
        struct mr_input in;
        struct mr_reader r;
        struct mr_cx cx;

        if (cut == 1)
            strcpy(strrchr(text, ','), "}");
        s.n = strlen(text);
        mr_cx_init(&cx, NULL);
        mr_input_init(&in, test_source_read, &s);
        mr_reader_init(&r, &in, &doc);
        memset(record, 0, sizeof record);
        if (cut == 0) {
            CHECK(mr_json_next(&cx, &r, record) == MR_EFORMAT);
            CHECK_TEXT(cx.error.text, "member \"m999\" occurs twice");
        } else {
            CHECK(mr_json_next(&cx, &r, record) == MR_OK);
            for (int i = 0; i < N; i++)
                CHECK(record[i].n == strlen(names[i]) - 1 &&
                      memcmp(record[i].p, names[i] + 1, record[i].n) == 0);
        }
        mr_input_done(&cx, &in);
        mr_cx_done(&cx);
    }
    free((void *)(uintptr_t)shape.lookup.slots);
}

/* depth levels in all: of lists in a skipped member. */
static void
check_depth(int depth, const char *want)
{
    static char text[4 * MR_DEPTH_MAX];
    struct test_text t;
    char *to = text + sprintf(text, "{\"x\":");

    for (int i = 1; i < depth; i++)
        *to++ = i % 2 ? '[' : '{', to += i % 2 ? 0 : sprintf(to, "\"\":");
    if (depth % 2)
        *to++ = '0';
    for (int i = depth - 1; i > 0; i--)
        *to++ = i % 2 ? ']' : '}';
    *to++ = '}';
    t = json_run_whole(&json_doc, text, (size_t)(to - text));
    CHECK_TEXT(t.p, want);
    free(t.p);
}

static void
test_depth(void)
{
    json_shapes_init();
    check_depth(MR_DEPTH_MAX, "{ City{ } }\nend");
    check_depth(MR_DEPTH_MAX + 1,
                "#1 1:322+321 objects and lists are nested more than 128 deep"
                "\nstop");
}

static void
test_rows(void)
{
    enum { N = MR_ROWS_MAX };
    char *text = malloc(3 * N + 100), *to = text;

    json_shapes_init();
    REQUIRE(text != NULL);
    for (int over = 0; over < 2; over++) {
        struct test_source s = { text, 0, 0, 1 << 20, 1 << 20, false };
        struct mr_input in;
        struct mr_reader r;
        struct account a;
        struct mr_cx cx;

        to = text + sprintf(text, "{\"Addresses\":[{}");
        for (int i = 1; i < N + over; i++, to += 3)
            memcpy(to, ",{}", 3);
        memcpy(to, "]}", 2);
        s.n = (size_t)(to + 2 - text);
        mr_cx_init(&cx, NULL);
        mr_input_init(&in, test_source_read, &s);
        mr_reader_init(&r, &in, &json_doc);
        memset(&a, 0, sizeof a);
        CHECK(mr_json_next(&cx, &r, &a) == (over ? MR_ELIMIT : MR_OK));
        CHECK(over || a.addresses.n == N);
        CHECK(!over || cx.error.offset == 14 + 3 * (uint64_t)N);
        mr_input_done(&cx, &in);
        mr_cx_done(&cx);
    }
    free(text);
}

/* The padding ends where a page ends and nothing may be read. */
static void
test_page_end(void)
{
    static const char text[] =
        "{\"ID\":\"1\\u00e4\",\"x\":[1,2.5e3,\"abc\",true,null],"
        "\"Name\":\"0123456789abcdef0123456789abcdef\"  }";
    const size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };
    char *at = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    json_shapes_init();
    REQUIRE(at != MAP_FAILED);
    REQUIRE(mprotect(at + page_size, page_size, PROT_NONE) == 0);
    for (size_t n = sizeof text - 1; n > 0; n--) {
        struct mr_input in;
        struct mr_reader r;
        struct mr_cx cx;
        struct test_source s = { text, n, 0, n, n, false };
        struct account a;
        enum mr_status st;

        mr_cx_init(&cx, NULL);
        mr_input_init(&in, test_source_read, &s);
        in.at = at + page_size - MR_PADDING - n;
        in.room = in.end = n;
        memcpy(in.at, text, n);
        memset(in.at + n, 0, MR_PADDING);
        in.read_eof = in.eof = true;
        mr_reader_init(&r, &in, &doc);
        memset(&a, 0, sizeof a);
        st = mr_json_next(&cx, &r, &a);
        CHECK(st == (n == sizeof text - 1 ? MR_OK : MR_EFORMAT));
        mr_cx_done(&cx);
    }
    munmap(at, 2 * page_size);
}

CHECK_MAIN({ "every allocation", test_every_allocation },
           { "many members", test_many_members }, { "depth", test_depth },
           { "rows", test_rows }, { "the end of a page", test_page_end })
