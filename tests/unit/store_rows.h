/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for tests of the store, comparing them, and a test as one that runs over
 * each backend. */
#ifndef TESTS_UNIT_STORE_ROWS_H
#define TESTS_UNIT_STORE_ROWS_H

#include "unit/store_backends.h"

static inline struct mr_bytes
bytes(const char *p, size_t n)
{
    struct mr_bytes b = { p, n };

    return b;
}

static inline bool
same_bytes(struct mr_bytes a, struct mr_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* NULL is kept as "". */
static inline const char *
kept(const char *text)
{
    return text == NULL ? "" : text;
}

static inline void
check_link(const struct store_link *a, const struct store_link *b)
{
    CHECK_NUMBER(a->id, b->id);
    CHECK_TEXT(a->map, b->map);
    for (int i = 0; i < 2; i++) {
        CHECK_TEXT(a->ids[i], b->ids[i]);
        CHECK_TEXT(a->keys[i], b->keys[i]);
        CHECK_TEXT(a->etags[i], kept(b->etags[i]));
        CHECK_TEXT(a->serials[i], kept(b->serials[i]));
        CHECK_NUMBER(a->written[i], b->written[i]);
        CHECK_NUMBER(a->seen[i], b->seen[i]);
        CHECK(a->gone[i] == b->gone[i]);
    }
    CHECK(same_bytes(a->base, b->base));
    CHECK(same_bytes(a->kept, b->kept));
    CHECK_NUMBER(a->made, b->made);
    CHECK_NUMBER(a->changed, b->changed);
}

static const struct store_link full_link = {
    .map = "Account", .ids = { "00163E", "0000042" },
    .keys = { "K-1", "a\x1f" "b" }, .etags = { "W/\"1\"", "" },
    .serials = { "", "0000000000000042" }, .written = { 1, INT64_MAX },
    .seen = { -1, 4 }, .gone = { false, true },
    .base = { "a\0b\0", 4 }, .kept = { "\0", 1 }, .made = 5, .changed = 6,
};

/* A link with ids and keys "<left>"; the rest is empty. */
static inline struct store_link
plain_link(const char *map, const char *left, const char *right)
{
    struct store_link l = { .map = map, .ids = { left, right },
                            .keys = { left, right } };

    return l;
}

static const struct store_parked full_parked = {
    .kind = PARKED_REF, .map = "Order", .side = 1, .record_id = "id",
    .key = "k", .link = 3, .message = 4, .index = 5, .rule = "a.map:3:1",
    .reason = "waits", .detail = { "\0", 1 }, .wants_map = "Account",
    .wants_key = "A\x1f" "B", .wants_side = 1, .attempts = 6, .made = 7,
    .next = 8,
};

/* test_NAME runs NAME over each backend, or those whose content lasts. */
#define EACH(name)                                                            \
    static void test_##name(void) { each_backend(name, false); }
#define LASTING(name)                                                         \
    static void test_##name(void) { each_backend(name, true); }

#endif
