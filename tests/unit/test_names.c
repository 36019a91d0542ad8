/* SPDX-License-Identifier: Apache-2.0 */
/* The base of the compiler: arena, buffers, vectors, names and tables. */
#include "base/names.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"
#include "unit/check.h"

static void
arena_memory(void)
{
    struct arena *a = arena_new();

    for (size_t size = 0; size < 200000; size = size * 2 + 1) {
        unsigned char *p = arena_alloc(a, size), sum = 0;

        CHECK_THAT((uintptr_t)p % 16 == 0, "size %zu is not aligned", size);
        for (size_t i = 0; i < size; i++)
            sum |= p[i];
        CHECK_THAT(sum == 0, "size %zu is not zeroed", size);
        memset(p, 0xAA, size);
    }
    char *s = arena_copy(a, "abcdef", 3);
    CHECK_TEXT(s, "abc");
    CHECK_TEXT(arena_copy(a, NULL, 0), "");
    CHECK_TEXT(arena_printf(a, "%d-%s", 12, "x"), "12-x");
    arena_free(a);
    arena_free(NULL);
}

/* Objects stay apart and as they are, whatever comes after them. */
static void
arena_many(void)
{
    struct arena *a = arena_new();
    uint32_t *all[5000];

    for (uint32_t i = 0; i < 5000; i++) {
        all[i] = arena_alloc(a, sizeof(uint32_t) * (1 + i % 70));
        for (uint32_t k = 0; k < 1 + i % 70; k++)
            all[i][k] = i;
    }
    for (uint32_t i = 0; i < 5000; i++)
        for (uint32_t k = 0; k < 1 + i % 70; k++)
            CHECK_THAT(all[i][k] == i, "object %u", (unsigned)i);
    arena_free(a);
}

static void
buffers(void)
{
    struct arena *a = arena_new();
    struct buf b;

    buf_init(&b, a);
    CHECK_TEXT(b.at, "");
    buf_text(&b, "ab");
    buf_char(&b, 'c');
    buf_printf(&b, "%04d", 7);
    buf_add(&b, NULL, 0);
    CHECK_TEXT(b.at, "abc0007");
    CHECK_NUMBER(b.n, 7);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%s", "0123456789");
    CHECK_NUMBER(b.n, 10007);
    CHECK_NUMBER(strlen(b.at), 10007);
    CHECK(memcmp(b.at + 9997, "0123456789", 11) == 0);
    arena_free(a);
}

static void
vectors(void)
{
    struct arena *a = arena_new();
    VEC(size_t) v = { NULL, 0, 0 };

    for (size_t i = 0; i < 10000; i++)
        vec_push(a, &v, i * i);
    CHECK_NUMBER(v.n, 10000);
    for (size_t i = 0; i < v.n; i++)
        CHECK_THAT(v.at[i] == i * i, "element %zu", i);
    arena_free(a);
}

static void
interning(void)
{
    struct arena *a = arena_new();
    struct names *ns = names_new(a);
    const char *abc = intern(ns, "abcdef", 3);
    const char *kept[3000];

    CHECK_TEXT(abc, "abc");
    CHECK(abc == intern_text(ns, "abc"));
    CHECK(abc != intern_text(ns, "abcd"));
    CHECK(abc != intern_text(ns, "ab"));
    CHECK(intern(ns, "x", 0) == intern_text(ns, ""));
    /* names stay where they are while the table grows */
    for (int i = 0; i < 3000; i++)
        kept[i] = intern_text(ns, arena_printf(a, "name%d", i));
    for (int i = 0; i < 3000; i++)
        CHECK_THAT(kept[i] == intern_text(ns, arena_printf(a, "name%d", i)),
                   "name %d moved", i);
    CHECK(abc == intern_text(ns, "abc"));
    arena_free(a);
}

static void
tables(void)
{
    struct arena *a = arena_new();
    struct names *ns = names_new(a);
    struct table t = { 0 };
    int items[2000];

    CHECK(table_find(&t, intern_text(ns, "nothing")) == NULL);
    for (int i = 0; i < 2000; i++)
        CHECK(table_put(a, &t, intern_text(ns, arena_printf(a, "k%d", i)),
                        &items[i]) == NULL);
    for (int i = 0; i < 2000; i++)
        CHECK_THAT(table_find(&t, intern_text(ns, arena_printf(a, "k%d", i)))
                       == &items[i], "key %d", i);
    CHECK(table_find(&t, intern_text(ns, "k2000")) == NULL);
    CHECK(table_put(a, &t, intern_text(ns, "k7"), &items[0]) == &items[7]);
    CHECK(table_find(&t, intern_text(ns, "k7")) == &items[0]);
    CHECK_NUMBER(t.n, 2000);
    arena_free(a);
}

/* In tenths of an edit; a difference of case is less than an edit. */
static void
distances(void)
{
    static const struct {
        const char *a, *b;
        int limit, distance;
    } cases[] = {
        { "", "", 30, 0 },           { "Name", "Name", 30, 0 },
        { "Name", "Nam", 30, 10 },   { "Name", "Names", 30, 10 },
        { "Name", "Nome", 30, 10 },  { "Name", "Nmae", 30, 10 },
        { "kitten", "sitting", 50, 30 },
        { "abc", "", 50, 30 },       { "Name", "Street", 20, 21 },
        { "abcdefgh", "zyxwvuts", 30, 31 },
    };

    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        int there = name_distance(cases[i].a, cases[i].b, cases[i].limit);
        int back = name_distance(cases[i].b, cases[i].a, cases[i].limit);

        CHECK_THAT(there == cases[i].distance, "%s to %s: %d, want %d",
                   cases[i].a, cases[i].b, there, cases[i].distance);
        CHECK_THAT(back == there, "%s to %s is not the same both ways",
                   cases[i].a, cases[i].b);
    }
    int cased = name_distance("name", "Name", 30);
    CHECK(cased > 0 && cased < 10);
}

CHECK_MAIN({ "arena", arena_memory }, { "arena of many", arena_many },
           { "buffers", buffers }, { "vectors", vectors },
           { "interning", interning }, { "tables", tables },
           { "distances", distances })
