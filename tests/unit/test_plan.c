/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of plan that stand alone: C names and compiled look-ups. */
#include "check.h"
#include "mr/lookup.h"
#include "plan/cname.h"
#include "plan/lookup.h"

static struct arena *arena;

static struct cscope
scope(void)
{
    return (struct cscope){ .arena = arena, .names = names_new(arena) };
}

static void
names_are_c(void)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        { "KUNNR", "KUNNR" },       { "@odata.type", "odata_type" },
        { "1st", "n1st" },          { "int", "int_" },
        { "a-b", "a_b" },           { "Größe", "Gr_e" },
        { "...", "n" },             { "at", "at_" },
        { "__x", "x" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct cscope s = scope();

        CHECK_TEXT(cname_make(&s, "%s", rows[i].name), rows[i].want);
    }
}

static void
names_stay_apart(void)
{
    struct cscope s = scope();
    char longest[600];

    CHECK_TEXT(cname_make(&s, "%s", "a-b"), "a_b");
    CHECK_TEXT(cname_make(&s, "%s", "a.b"), "a_b_2");
    CHECK_TEXT(cname_make(&s, "%s", "a_b_2"), "a_b_2_2");
    CHECK_TEXT(cname_make(&s, "%s", "a b"), "a_b_3");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    CHECK_TEXT(cname_make(&s, "%s", longest), longest);
    longest[sizeof longest - 2] = 'y';
    CHECK_TEXT(cname_make(&s, "%s", longest), longest);
}

static void
names_in_lower_case(void)
{
    struct cscope s = scope();

    CHECK_TEXT(cname_make_lower(&s, "SalesOrder"), "sales_order");
    CHECK_TEXT(cname_make_lower(&s, "erp.master_data"), "erp_master_data");
    CHECK_TEXT(cname_make_lower(&s, "BAPI"), "bapi");
}

/* Every key is found at its own slot, no two share one. */
static void
check_lookup(const char *const *keys, size_t n)
{
    struct plookup found = { 0 }, again = { 0 };

    REQUIRE(lookup_search(arena, keys, n, &found));
    REQUIRE(found.slots.n == n);
    for (size_t i = 0; i < n; i++) {
        const struct pslot *s = &found.slots.at[i];
        struct mr_lookup l = { found.seed, (uint8_t)found.shift, NULL };

        REQUIRE(s->key >= 1 && s->key <= n);
        CHECK(i == 0 || found.slots.at[i - 1].slot < s->slot);
        CHECK_NUMBER(mr_slot(&l, keys[s->key - 1],
                             (uint32_t)strlen(keys[s->key - 1])), s->slot);
    }
    REQUIRE(lookup_search(arena, keys, n, &again));
    CHECK(found.seed == again.seed && found.shift == again.shift);
}

static void
lookups_of_all_sizes(void)
{
    static const size_t sizes[] = { 1, 2, 3, 10, 100, 700 };
    const char *keys[700];

    for (size_t i = 0; i < CHECK_ROWS(keys); i++)
        keys[i] = arena_printf(arena, "%c%zu%s", (char)('A' + i % 26), i,
                               i % 3 == 0 ? "_some_longer_name" : "");
    for (size_t i = 0; i < CHECK_ROWS(sizes); i++)
        check_lookup(keys, sizes[i]);
}

/* Every key is found from its slot on, before the first empty one. */
static void
filled_tables(void)
{
    enum { MANY = 20000 };
    static const char *keys[MANY];
    static uint32_t owners[1 << 16];
    struct plookup found = { 0 };

    for (size_t i = 0; i < MANY; i++)
        keys[i] = arena_printf(arena, "%zu", i * 7);
    REQUIRE(lookup_fill(arena, keys, MANY, &found));
    REQUIRE(found.slots.n == MANY && found.shift == 64 - 16);
    for (size_t i = 0; i < MANY; i++)
        owners[found.slots.at[i].slot] = found.slots.at[i].key;
    for (size_t i = 0; i < MANY; i++) {
        struct mr_lookup l = { found.seed, (uint8_t)found.shift, NULL };
        uint32_t s = mr_slot(&l, keys[i], (uint32_t)strlen(keys[i]));

        while (owners[s] != 0 && owners[s] != i + 1)
            s = (s + 1) & 0xffff;
        CHECK_NUMBER(owners[s], (long long)i + 1);
    }
    CHECK(!lookup_fill(arena, keys, LOOKUP_MAX_KEYS + 1, &found));
}

static void
equal_keys_have_no_lookup(void)
{
    static const char *const keys[] = { "A", "B", "A" };
    struct plookup found = { 0 };

    CHECK(!lookup_search(arena, keys, 3, &found));
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "names are C", names_are_c },
        { "names stay apart", names_stay_apart },
        { "names in lower case", names_in_lower_case },
        { "look-ups of all sizes", lookups_of_all_sizes },
           { "plan filled tables", filled_tables },
        { "equal keys have no look-up", equal_keys_have_no_lookup },
    };
    int bad;

    arena = arena_new();
    bad = check_run(cases, CHECK_ROWS(cases));
    arena_free(arena);
    return bad;
}
