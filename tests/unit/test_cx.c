/* SPDX-License-Identifier: Apache-2.0 */
/* The context: its arena, going back in it, the first error; lists. */
#include "core/arena.h"
#include "mr/shape.h"
#include "unit/check.h"

#include <stdlib.h>

struct counted {
    long blocks;
};

static void *
counted_resize(void *arg, void *p, size_t size)
{
    struct counted *c = arg;

    if (size == 0) {
        c->blocks -= p != NULL;
        free(p);
        return NULL;
    }
    c->blocks += p == NULL;
    return realloc(p, size);
}

static void
test_arena(void)
{
    struct counted counted = { 0 };
    struct mr_memory memory = { counted_resize, &counted };
    char *blocks[2000];
    struct mr_cx cx;

    mr_cx_init(&cx, &memory);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < CHECK_ROWS(blocks); i++) {
            blocks[i] = mr_alloc(&cx, i + 1);
            REQUIRE(blocks[i] != NULL);
            CHECK((uintptr_t)blocks[i] % 16 == 0);
            memset(blocks[i], (int)(i % 251), i + 1);
        }
        for (size_t i = 0; i < CHECK_ROWS(blocks); i++)
            for (size_t k = 0; k <= i; k++)
                if ((unsigned char)blocks[i][k] != i % 251)
                    CHECK_THAT(false, "block %zu, byte %zu", i, k);
        mr_cx_next(&cx);
        /* The largest chunk is kept when it is a usual one. */
        CHECK(counted.blocks <= 1);
    }
    REQUIRE(mr_alloc(&cx, 5000000) != NULL);
    mr_cx_next(&cx);
    REQUIRE(mr_alloc(&cx, 4000000) != NULL);
    CHECK_NUMBER(counted.blocks, 2);
    CHECK(mr_alloc(&cx, SIZE_MAX - 3) == NULL);
    CHECK(cx.error.status == MR_EMEMORY);
    mr_cx_done(&cx);
    CHECK_NUMBER(counted.blocks, 0);
}

static void
test_going_back(void)
{
    struct counted counted = { 0 };
    struct mr_memory memory = { counted_resize, &counted };
    struct mr_arena_mark mark;
    struct mr_cx cx;
    char *kept, *first;

    mr_cx_init(&cx, &memory);
    mark = mr_arena_mark(&cx);
    CHECK(mr_alloc(&cx, 100) != NULL);
    mr_arena_back(&cx, mark);
    CHECK_NUMBER(counted.blocks, 0);
    kept = mr_alloc(&cx, 10);
    REQUIRE(kept != NULL);
    memcpy(kept, "0123456789", 10);
    mark = mr_arena_mark(&cx);
    first = mr_alloc(&cx, 10);
    for (int i = 0; i < 100; i++)
        CHECK(mr_alloc(&cx, 10000) != NULL);
    mr_arena_back(&cx, mark);
    CHECK_NUMBER(counted.blocks, 1);
    CHECK(mr_alloc(&cx, 10) == first);
    CHECK(memcmp(kept, "0123456789", 10) == 0);
    mr_cx_done(&cx);
    CHECK_NUMBER(counted.blocks, 0);
}

static void
test_first_error(void)
{
    char name[400];
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    CHECK(mr_fail(&cx, MR_EREAD, "first %d", 1) == MR_EREAD);
    CHECK(mr_fail(&cx, MR_EWRITE, "second") == MR_EWRITE);
    CHECK(cx.error.status == MR_EREAD);
    CHECK_TEXT(cx.error.text, "first 1");
    /* Too long for the error: cut between two characters. */
    for (size_t shift = 0; shift < 2; shift++) {
        size_t n = sizeof cx.error.text - 1;

        memset(name, 'x', shift);
        for (size_t i = shift; i + 2 < sizeof name; i += 2)
            memcpy(name + i, "\xc3\xa4", 3);
        cx.error.status = MR_OK;
        mr_fail(&cx, MR_EREAD, "%s", name);
        CHECK_NUMBER(strlen(cx.error.text), n - (n - shift) % 2);
        CHECK(memcmp(cx.error.text, name, strlen(cx.error.text)) == 0);
    }
    mr_cx_done(&cx);
}

struct row {
    struct mr_val key, field;
};

struct outer {
    struct mr_rows rows;
};

static void
test_rows(void)
{
    static const struct mr_picked picked = {
        .rows = offsetof(struct outer, rows), .size = sizeof(struct row),
        .key = offsetof(struct row, key),
        .field = offsetof(struct row, field), .equals = "008",
        .equals_n = 3
    };
    struct outer o = { 0 };
    struct mr_val *slot;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    CHECK(mr_pick(&o, &picked).state == MR_MISSING);
    for (int i = 0; i < 100; i++) {
        struct row *row = mr_row_add(&cx, &o.rows, sizeof *row);

        REQUIRE(row != NULL);
        CHECK(row->key.state == MR_MISSING && row->field.p == NULL);
        row->key = mr_text(i == 70 ? "00" : i == 71 ? "0080" : "007");
        row->field = mr_text("no");
    }
    CHECK(mr_pick(&o, &picked).state == MR_MISSING);
    slot = mr_pick_slot(&cx, &o, &picked);
    REQUIRE(slot != NULL);
    CHECK_NUMBER(o.rows.n, 101);
    CHECK(o.rows.state == MR_HERE);
    *slot = mr_text("yes");
    CHECK(mr_pick_slot(&cx, &o, &picked) == slot);
    CHECK_NUMBER(o.rows.n, 101);
    CHECK(mr_pick(&o, &picked).n == 3);
    for (uint32_t i = 0; i < 100; i++) {
        const struct row *row = mr_row(&o.rows, i, sizeof *row);

        CHECK(row->field.n == 2);
    }
    mr_cx_done(&cx);
}

static size_t asked;

static void *
none_resize(void *arg, void *p, size_t size)
{
    (void)arg;
    (void)p;
    asked = size;
    return NULL;
}

/* What one document may take is bounded, whatever memory there is. */
static void
test_too_much(void)
{
    struct mr_memory memory = { none_resize, NULL };
    struct mr_cx cx;

    mr_cx_init(&cx, &memory);
    CHECK(mr_alloc(&cx, (size_t)1 << 31) == NULL);
    CHECK_NUMBER(cx.error.status, MR_ELIMIT);
    CHECK_NUMBER((long long)asked, 0);
    cx.error.status = MR_OK;
    CHECK(mr_alloc(&cx, (size_t)1 << 30) == NULL);
    CHECK_NUMBER(cx.error.status, MR_EMEMORY);
    CHECK(asked > (size_t)1 << 30);
    mr_cx_done(&cx);
}

CHECK_MAIN({ "too much for a document", test_too_much },
           { "arena", test_arena }, { "going back", test_going_back },
           { "the first error", test_first_error }, { "rows", test_rows })
