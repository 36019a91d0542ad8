/* SPDX-License-Identifier: Apache-2.0 */
/* Code tables, the ID map and its CSV, patterns that would run for ever. */
#include "check.h"

#include <stdlib.h>

#include "conv/ids.h"
#include "mr/codes.h"
#include "mr/conv.h"

/* --- code tables --- */

enum { SLOT_BITS = 6 };

static const struct mr_code plain_rows[] = {
    { "A", "01", 1, 2 }, { "B", "02", 1, 2 }, { "", "00", 0, 2 },
    { "long code", "", 9, 0 }
};
static const struct mr_code context_rows[] = {
    { "DE\x1f" "01", "BW", 5, 2 }, { "AT\x1f" "01", "W", 5, 1 }
};

/* A seed for which no two keys meet, as the compiler finds one. */
static void
build(struct mr_codes_way *way, const struct mr_code *rows, uint16_t n,
      uint16_t *slots)
{
    way->rows = rows;
    way->lookup.shift = 64 - SLOT_BITS;
    way->lookup.slots = slots;
    for (way->lookup.seed = 1;; way->lookup.seed += 2) {
        uint16_t i;

        memset(slots, 0, sizeof *slots << SLOT_BITS);
        for (i = 0; i < n; i++) {
            uint32_t slot = mr_slot(&way->lookup, rows[i].key, rows[i].key_n);

            if (slots[slot] != 0)
                break;
            slots[slot] = (uint16_t)(i + 1);
        }
        if (i == n)
            return;
    }
}

enum { MANY = 5000, MANY_BITS = 14 };

/* As the compiler fills a table: keys that meet stand one behind the other. */
static void
fill(struct mr_codes_way *way, const struct mr_code *rows, uint16_t n,
     uint16_t *slots, unsigned bits)
{
    way->rows = rows;
    way->lookup.seed = 0x9e3779b97f4a7c15u;
    way->lookup.shift = (uint8_t)(64 - bits);
    way->lookup.slots = slots;
    for (uint16_t i = 0; i < n; i++) {
        uint32_t slot = mr_slot(&way->lookup, rows[i].key, rows[i].key_n);

        while (slots[slot] != 0)
            slot = (slot + 1) & ((1u << bits) - 1);
        slots[slot] = (uint16_t)(i + 1);
    }
}

static bool
is(struct mr_val v, const char *text)
{
    return v.state == MR_HERE && v.n == strlen(text) &&
           memcmp(v.p, text, v.n) == 0;
}

static void
many_codes(void)
{
    static uint16_t slots[1 << MANY_BITS];
    static struct mr_code rows[MANY];
    static char text[MANY][8];
    struct mr_codes codes = { .name = "Many" };
    struct mr_cx cx;

    for (int i = 0; i < MANY; i++) {
        int n = snprintf(text[i], sizeof text[i], "K%d", i);

        rows[i] = (struct mr_code){ text[i], text[i] + 1, (uint16_t)n,
                                    (uint16_t)(n - 1) };
    }
    mr_cx_init(&cx, NULL);
    fill(&codes.right, rows, MANY, slots, MANY_BITS);
    for (int i = 0; i < MANY; i++)
        CHECK(is(mr_codes_right(&cx, &codes, mr_text(text[i]), mr_missing()),
                 text[i] + 1));
    for (int i = MANY; i < 2 * MANY; i++) {
        char other[16];

        snprintf(other, sizeof other, "K%d", i);
        CHECK(mr_codes_right(&cx, &codes, mr_text(other), mr_missing()).why ==
              MR_WHY_UNKNOWN_CODE);
    }
    mr_cx_done(&cx);
}

static void
code_tables(void)
{
    uint16_t slots[1 << SLOT_BITS];
    struct mr_codes codes = { .name = "Abc" };
    struct mr_val v;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    build(&codes.right, plain_rows, CHECK_ROWS(plain_rows), slots);
    CHECK(is(mr_codes_right(&cx, &codes, mr_text("A"), mr_missing()), "01"));
    CHECK(is(mr_codes_right(&cx, &codes, mr_text("B"), mr_missing()), "02"));
    CHECK(mr_codes_right(&cx, &codes, mr_text("long code"), mr_missing())
              .state == MR_EMPTY);
    CHECK(is(mr_codes_right(&cx, &codes, mr_empty(), mr_missing()), "00"));
    CHECK(mr_codes_right(&cx, &codes, mr_missing(), mr_missing()).state ==
          MR_MISSING);
    v = mr_codes_right(&cx, &codes, mr_text("C"), mr_missing());
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_UNKNOWN_CODE && v.n == 1);
    /* No rows this way at all: empty needs none. */
    CHECK(mr_codes_left(&cx, &codes, mr_empty(), mr_missing()).state ==
          MR_EMPTY);
    v = mr_codes_left(&cx, &codes, mr_text("01"), mr_missing());
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_UNKNOWN_CODE);
    mr_cx_done(&cx);
}

static void
code_tables_with_context(void)
{
    uint16_t slots[1 << SLOT_BITS];
    struct mr_codes codes = { .name = "Region", .context = true };
    static char huge[1000];
    struct mr_val v;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    build(&codes.right, context_rows, CHECK_ROWS(context_rows), slots);
    CHECK(is(mr_codes_right(&cx, &codes, mr_text("01"), mr_text("DE")), "BW"));
    CHECK(is(mr_codes_right(&cx, &codes, mr_text("01"), mr_text("AT")), "W"));
    v = mr_codes_right(&cx, &codes, mr_text("01"), mr_missing());
    CHECK(v.why == MR_WHY_UNKNOWN_CODE);
    v = mr_codes_right(&cx, &codes, mr_text("01"),
                       mr_failed(mr_text("x"), MR_WHY_NO_MATCH));
    CHECK(v.why == MR_WHY_NO_MATCH);
    memset(huge, 'a', sizeof huge);
    v = mr_codes_right(&cx, &codes, mr_slice(huge, sizeof huge),
                       mr_text("DE"));
    CHECK(v.why == MR_WHY_UNKNOWN_CODE && v.n == sizeof huge);
    mr_cx_done(&cx);
}

/* --- the ID map --- */

static void
references(void)
{
    static const char csv[] = "\xef\xbb\xbfmap,left,right\r\n"
                              "Account,4711,0000004711\r\n"
                              "\n"
                              "Contact,4711,\"a,\"\"b\"\n"
                              "Account,4711,0000004711\n"
                              "Account,Ä,Ö";
    struct mr_ids *ids;
    struct mr_val v;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    ids = mr_ids_new(&cx);
    REQUIRE(ids != NULL);
    CHECK(mr_ids_load(&cx, ids, csv, sizeof csv - 1) == MR_OK);
    CHECK_TEXT(cx.error.text, "");
    v = mr_ref_right(&cx, "Account", mr_text("4711"));
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_UNKNOWN_REF);
    cx.ids = ids;
    CHECK(is(mr_ref_right(&cx, "Account", mr_text("4711")), "0000004711"));
    CHECK(is(mr_ref_left(&cx, "Account", mr_text("0000004711")), "4711"));
    CHECK(is(mr_ref_right(&cx, "Contact", mr_text("4711")), "a,\"b"));
    CHECK(is(mr_ref_left(&cx, "Account", mr_text("Ö")), "Ä"));
    v = mr_ref_right(&cx, "Account", mr_text("0000004711"));
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_UNKNOWN_REF && v.n == 10);
    CHECK(mr_ref_right(&cx, "Account", mr_missing()).state == MR_MISSING);
    mr_ids_free(&cx, ids);
    mr_cx_done(&cx);
}

static void
many_references(void)
{
    struct mr_ids *ids;
    struct mr_cx cx;
    char left[16], right[16];

    mr_cx_init(&cx, NULL);
    ids = mr_ids_new(&cx);
    REQUIRE(ids != NULL);
    for (int i = 0; i < 20000; i++) {
        snprintf(left, sizeof left, "%d", i);
        snprintf(right, sizeof right, "%010d", i);
        REQUIRE(mr_ids_add(&cx, ids, mr_text("M"), mr_text(left),
                           mr_text(right)) == MR_OK);
    }
    for (int i = 0; i < 20000; i += 7) {
        snprintf(left, sizeof left, "%d", i);
        snprintf(right, sizeof right, "%010d", i);
        CHECK(is(mr_ids_right(ids, "M", mr_text(left)), right));
        CHECK(is(mr_ids_left(ids, "M", mr_text(right)), left));
        CHECK(!mr_is_here(mr_ids_right(ids, "N", mr_text(left))));
    }
    mr_ids_free(&cx, ids);
    mr_cx_done(&cx);
}

static void
broken_id_files(void)
{
    static const struct {
        const char *csv;
        unsigned line;
        const char *words;
    } rows[] = {
        { "A,1\n", 1, "three columns" },
        { "A,1,2\nA,3,4,5\n", 2, "more than three" },
        { "A,1,\n", 1, "without an ID" },
        { "A,1,2\n\nA,1,3\n", 3, "twice" },
        { "A,1,2\nA,3,2\n", 2, "twice" },
        { "A,\"1,2\n", 1, "quote" },
        { "A,\"1\"x,2\n", 1, "behind a quoted" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_ids *ids;
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        ids = mr_ids_new(&cx);
        REQUIRE(ids != NULL);
        CHECK_THAT(mr_ids_load(&cx, ids, rows[i].csv, strlen(rows[i].csv)) !=
                       MR_OK, "row %zu", i);
        CHECK_THAT(cx.error.line == rows[i].line &&
                   strstr(cx.error.text, rows[i].words) != NULL,
                   "row %zu: line %llu, %s", i,
                   (unsigned long long)cx.error.line, cx.error.text);
        mr_ids_free(&cx, ids);
        mr_cx_done(&cx);
    }
}

struct failing {
    unsigned left, live;
};

static void *
failing_resize(void *arg, void *p, size_t size)
{
    struct failing *f = arg;

    if (size == 0) {
        f->live -= p != NULL;
        free(p);
        return NULL;
    }
    if (f->left == 0)
        return NULL;
    f->left--;
    f->live += p == NULL;
    return realloc(p, size);
}

static void
ids_without_memory(void)
{
    static const char csv[] = "A,1,\"2\"\nA,3,4\n";
    enum mr_status st = MR_EMEMORY;

    for (unsigned calls = 0; st != MR_OK; calls++) {
        struct failing failing = { calls, 0 };
        struct mr_memory memory = { failing_resize, &failing };
        struct mr_ids *ids;
        struct mr_cx cx;

        REQUIRE(calls < 50);
        mr_cx_init(&cx, &memory);
        ids = mr_ids_new(&cx);
        st = ids == NULL ? MR_EMEMORY
                         : mr_ids_load(&cx, ids, csv, sizeof csv - 1);
        CHECK(st == MR_OK || cx.error.status == MR_EMEMORY);
        mr_ids_free(&cx, ids);
        mr_cx_done(&cx);
        CHECK_NUMBER(failing.live, 0);
    }
}

/* --- patterns --- */

static void
patterns_are_bounded(void)
{
    static char text[4000];
    struct mr_val v;
    struct mr_cx cx;

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '!';
    mr_cx_init(&cx, NULL);
    v = mr_matches(&cx, mr_slice(text, sizeof text), "(a+)+");
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_NO_MATCH);
    v = mr_extract(&cx, mr_slice(text, sizeof text), "(a|a)*$(b)");
    CHECK(v.state == MR_FAILED && v.why == MR_WHY_NO_MATCH);
    CHECK(is(mr_extract(&cx, mr_text("größe 12"), "\\p{L}+ ([0-9])"), "1"));
    CHECK(mr_extract(&cx, mr_text("b"), "(a)?b").state == MR_EMPTY);
    CHECK(mr_extract(&cx, mr_text("b"), "(a)?(b)").state == MR_EMPTY);
    CHECK(is(mr_matches(&cx, mr_empty(), "a*"), "true"));
    mr_cx_done(&cx);
}

CHECK_MAIN({ "codes tables", code_tables }, { "codes many", many_codes },
           { "codes tables with context", code_tables_with_context },
           { "ids references", references },
           { "ids many references", many_references },
           { "ids broken files", broken_id_files },
           { "ids without memory", ids_without_memory },
           { "patterns are bounded", patterns_are_bounded })
