/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agreed state as bytes: comes back as it was, survives a changed map,
 * refuses damage; nothing of merging breaks when memory runs out.
 */
#include "check.h"
#include "repl/duo.h"

#include <stdlib.h>

enum { L, R };

static struct mr_cx cx;

static const struct mr_repl *
pair(void)
{
    return mapc_program.maps[0]->repl;
}

static struct base_cell
cell(uint64_t row, int rule, uint64_t left, uint64_t right)
{
    struct base_cell c = { .row = row, .rule = (uint16_t)rule,
                           .hash = { left, right }, .at = 77 };

    return c;
}

static bool
same(const struct base_cell *a, const struct base_cell *b)
{
    return a->row == b->row && a->rule == b->rule && a->from == b->from &&
           a->more == b->more && a->joined == b->joined && a->at == b->at &&
           a->again == b->again &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0 &&
           memcmp(a->before, b->before, sizeof a->before) == 0;
}

static void
what_is_packed_comes_back(void)
{
    struct base_cell cells[6];
    struct base_kept kept[2] = { { 5, 3, BASE_VALUE, { "sealed", 6 } },
                                 { 5, 3, BASE_RIGHT_PART, { "part", 4 } } };
    struct base in = { cells, 6, kept, 2 }, out;
    struct mr_bytes bytes;

    mr_cx_next(&cx);
    cells[0] = cell(0, 1, 10, 10);
    cells[1] = cell(0, 4, 10, 11);
    cells[1].from = MR_RIGHT;
    cells[1].before[1] = 12;
    cells[1].again = 3;
    cells[2] = cells[1];
    cells[2].more = 1;
    cells[3] = cell(5, 3, 0, 9);
    cells[3].joined = true;
    cells[4] = cell(5, BASE_ROW + 1, BASE_THERE, BASE_STALE);
    cells[4].before[0] = 99;
    cells[5] = cell(UINT64_MAX, BASE_ROW + 2, UINT64_MAX, 1);
    REQUIRE(base_pack(&cx, pair(), &in, &bytes) == MR_OK);
    REQUIRE(base_unpack(&cx, pair(), bytes, &out) == MR_OK);
    REQUIRE(out.n == 6 && out.n_kept == 2);
    for (size_t i = 0; i < 6; i++)
        CHECK_THAT(same(&out.cells[i], &cells[i]), "cell %zu", i);
    CHECK(out.kept[0].row == 5 && out.kept[0].rule == 3);
    CHECK(out.kept[0].sealed.n == 6 &&
          memcmp(out.kept[0].sealed.p, "sealed", 6) == 0);
    CHECK(base_find(&out, 4, 0) == &out.cells[1]);
    CHECK(base_find(&out, 3, 5) == &out.cells[3]);
    CHECK(base_find(&out, 3, 0) == NULL && base_find(NULL, 3, 0) == NULL);
    CHECK(base_kept_find(&out, 3, 5, BASE_VALUE) == &out.kept[0]);
    CHECK(base_kept_find(&out, 3, 5, BASE_RIGHT_PART) == &out.kept[1]);
    CHECK(out.kept[1].sealed.n == 4 &&
          memcmp(out.kept[1].sealed.p, "part", 4) == 0);
    CHECK(base_kept_find(&out, 3, 5, BASE_LEFT_PART) == NULL);
    CHECK(base_kept_find(&out, 4, 5, BASE_VALUE) == NULL);
}

/* Version 2 had no byte that says what a kept value is. */
static void
an_older_one_is_read(void)
{
    struct base_cell cells[1] = { cell(5, 3, 10, 11) };
    struct base_kept kept[1] = { { 5, 3, BASE_VALUE, { "sealed", 6 } } };
    struct base in = { cells, 1, kept, 1 }, out;
    struct mr_bytes bytes;
    char *copy;
    size_t what;

    mr_cx_next(&cx);
    REQUIRE(base_pack(&cx, pair(), &in, &bytes) == MR_OK);
    copy = malloc(bytes.n);
    memcpy(copy, bytes.p, bytes.n);
    /* In front of the length, which is in front of "sealed". */
    what = bytes.n - 6 - 4 - 1;
    CHECK_NUMBER(copy[what], BASE_VALUE);
    memmove(copy + what, copy + what + 1, bytes.n - what - 1);
    copy[0] = 2;
    bytes.p = copy;
    bytes.n--;
    REQUIRE(base_unpack(&cx, pair(), bytes, &out) == MR_OK);
    CHECK(out.n == 1 && out.n_kept == 1);
    CHECK(base_kept_find(&out, 3, 5, BASE_VALUE) != NULL);
    free(copy);
}

/* What cells have in common is not written twice: times, rows, names and
 * hashes that are, aren't, or are just on one side. */
static void
what_is_common_comes_back(void)
{
    enum { N = 64 };
    static const uint64_t hashes[] = { 7, 7, 0, 9, UINT64_MAX };
    static const uint64_t rows[] = { 0, 0, 3, UINT64_MAX };
    struct base_cell cells[N];
    struct base in = { cells, N, NULL, 0 }, out;
    struct mr_bytes bytes;
    uint64_t random = 1;

    for (int round = 0; round < 200; round++) {
        mr_cx_next(&cx);
        for (int i = 0; i < N; i++) {
            random = random * UINT64_C(6364136223846793005) + 1;
            cells[i] = cell(rows[i / (N / 4)], i % (N / 4),
                            hashes[random >> 33 & 3], hashes[random >> 40 & 3]);
            cells[i].at = random >> 60 == 0 ? UINT32_MAX : 5;
            cells[i].row -= random >> 57 == 1;
            if ((random >> 50 & 15) == 3)
                cells[i].rule = (uint16_t)(BASE_ROW + (random >> 30 & 1));
            if ((random >> 50 & 15) == 4)
                cells[i].before[random >> 30 & 1] = hashes[4];
            cells[i].from = random >> 44 & 1;
        }
        REQUIRE(base_pack(&cx, pair(), &in, &bytes) == MR_OK);
        REQUIRE(base_unpack(&cx, pair(), bytes, &out) == MR_OK);
        REQUIRE(out.n == N);
        /* Unpacked they are in order. */
        for (int i = 0; i < N; i++) {
            const struct base_cell *c = base_find(&out, cells[i].rule,
                                                  cells[i].row);
            bool found = false;

            for (; c != NULL && c < out.cells + N && !found; c++)
                found = same(c, &cells[i]);
            CHECK_THAT(found, "round %d, cell %d", round, i);
        }
    }
}

static void
nothing_is_a_base_of_nothing(void)
{
    struct base out, none = { 0 };
    struct mr_bytes bytes = { NULL, 0 };

    mr_cx_next(&cx);
    CHECK_NUMBER(base_unpack(&cx, pair(), bytes, &out), MR_OK);
    CHECK(out.n == 0 && out.n_kept == 0);
    REQUIRE(base_pack(&cx, pair(), &none, &bytes) == MR_OK);
    CHECK_NUMBER(base_unpack(&cx, pair(), bytes, &out), MR_OK);
    CHECK_NUMBER(out.n, 0);
}

/* The map with its rules turned round, one gone and one new. */
static void
a_changed_map_keeps_what_it_still_has(void)
{
    struct mr_rule rules[4];
    struct mr_level levels[2] = { { .name = "M", .n_rules = 4 },
                                  { .name = "each x", .rules = 4 } };
    struct mr_repl old = { .rules = rules, .n_rules = 4, .levels = levels,
                           .n_levels = 2 }, now = old;
    struct mr_rule changed[4];
    struct base_cell cells[5];
    struct base in = { cells, 5, NULL, 0 }, out;
    struct mr_bytes bytes;

    mr_cx_next(&cx);
    memset(rules, 0, sizeof rules);
    rules[0].rule = "a";
    rules[1].rule = "b";
    rules[2].rule = "c";
    rules[3].rule = "d";
    memcpy(changed, rules, sizeof rules);
    changed[0].rule = "d";
    changed[1].rule = "new";
    changed[2].rule = "b";
    changed[3].rule = "a";
    now.rules = changed;
    for (int i = 0; i < 4; i++)
        cells[i] = cell(0, i, 100 + (uint64_t)i, 100 + (uint64_t)i);
    cells[4] = cell(8, BASE_ROW + 1, BASE_THERE, BASE_THERE);
    REQUIRE(base_pack(&cx, &old, &in, &bytes) == MR_OK);
    REQUIRE(base_unpack(&cx, &now, bytes, &out) == MR_OK);
    CHECK_NUMBER(out.n, 4);
    CHECK(base_find(&out, 1, 0) == NULL);
    REQUIRE(base_find(&out, 0, 0) != NULL && base_find(&out, 2, 0) != NULL &&
            base_find(&out, 3, 0) != NULL);
    CHECK_NUMBER(base_find(&out, 0, 0)->hash[0], 103);
    CHECK_NUMBER(base_find(&out, 2, 0)->hash[0], 101);
    CHECK_NUMBER(base_find(&out, 3, 0)->hash[0], 100);
    CHECK(base_find(&out, BASE_ROW + 1, 8) != NULL);
    levels[1].name = "each y";
    /* Another table, as another build of the program has: names are found
     * anew. */
    now.levels = (struct mr_level[2]){ levels[0], levels[1] };
    struct mr_repl later = now;
    REQUIRE(base_unpack(&cx, &later, bytes, &out) == MR_OK);
    CHECK(base_find(&out, BASE_ROW + 1, 8) == NULL);
}

static void
damage_is_refused(void)
{
    struct base_cell cells[2];
    struct base_kept kept[1] = { { 5, 3, BASE_LEFT_PART, { "sealed", 6 } } };
    struct base in = { cells, 2, kept, 1 }, out;
    struct mr_bytes bytes, cut;
    char *copy;

    mr_cx_next(&cx);
    cells[0] = cell(0, 1, 10, 10);
    cells[1] = cell(5, 3, 10, 11);
    REQUIRE(base_pack(&cx, pair(), &in, &bytes) == MR_OK);
    for (size_t n = 1; n < bytes.n; n++) {
        /* On the heap at its exact size, so that a reach behind it shows. */
        copy = malloc(n);
        memcpy(copy, bytes.p, n);
        cut.p = copy;
        cut.n = n;
        CHECK_THAT(base_unpack(&cx, pair(), cut, &out) == MR_EFORMAT,
                   "cut at %zu", n);
        cx.error.status = MR_OK;
        free(copy);
    }
    copy = malloc(bytes.n);
    for (size_t i = 0; i < bytes.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            memcpy(copy, bytes.p, bytes.n);
            copy[i] ^= (char)(1 << bit);
            cut.p = copy;
            cut.n = bytes.n;
            base_unpack(&cx, pair(), cut, &out);
            cx.error.status = MR_OK;
        }
    copy[0] = 9;
    CHECK_NUMBER(base_unpack(&cx, pair(), cut, &out), MR_EFORMAT);
    CHECK(strstr(cx.error.text, "version 9") != NULL);
    cx.error.status = MR_OK;
    free(copy);
}

/* --- memory --- */

enum { REFUSED = 100000 };

struct scarce {
    bool on;                    /* large chunks are refused */
    int left;                   /* calls that still succeed; < 0: all do */
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        free(p);
        return NULL;
    }
    if ((s->on && size >= REFUSED) || s->left == 0)
        return NULL;
    s->left -= s->left > 0;
    return realloc(p, size);
}

static struct scarce scarce;

/* Two linked records, the left one edited in many ways. */
static void
edited(struct duo *k)
{
    static const char right[] = "{'Code':'0000000001','Own':'a','Tags':'b;c',"
        "'Stock':7,'Steps':[],'Lines':[{'Nr':'1','Text':'a','Subs':[]}]}";
    char left[500];

    scarce.on = false;
    scarce.left = -1;
    duo_init(k, "Pair");
    mr_cx_done(&k->cx);
    k->cx.memory.resize = scarce_resize;
    k->cx.memory.arg = &scarce;
    duo_set(k, R, right);
    for (int i = 0; i < 2; i++) {
        snprintf(left, sizeof left, "{'No':'1','Own':'%s','Tags':'a;b',"
                 "'Stock':%d,'Numbers':[{'Kind':'VAT','Value':'x'}],"
                 "'Steps':[{'T':'s'}],'Items':[{'Nr':'1','Text':'%d','Subs':"
                 "[{'K':'1','V':'%d'}]},{'Nr':'%d','Text':'u'}]}",
                 i == 0 ? "a" : "a value of more than sixteen bytes", 7 + i, i,
                 i, 2 + i);
        duo_set(k, L, left);
        if (i == 0)
            duo_settle(k);
        k->changed[i] = 1000000;
    }
    json_object_set_new(k->record[R], "Stock", json_integer(20));
    json_object_set_new(k->record[R], "Tags", json_string("c;d"));
    merge_done(&k->m);
    mr_cx_done(&k->cx);
}

static void
check_scarce(struct duo *k, bool *done, const char *what, size_t n)
{
    duo_change(k, L);
    *done = k->status == MR_OK;
    CHECK_THAT(*done || k->status == MR_EMEMORY, "%s %zu: status %d", what, n,
               (int)k->status);
    CHECK_THAT(!*done || k->result.write, "%s %zu: nothing written", what, n);
    scarce.on = false;
    scarce.left = -1;
    k->room = 0;
    k->cx.error.status = MR_OK;
    duo_change(k, L);
    CHECK_THAT(k->status == MR_OK, "%s %zu: no going on", what, n);
    merge_done(&k->m);
    duo_done(k);
}

static void
memory_may_run_out_anywhere(void)
{
    struct duo k;
    bool done = false;

    for (size_t n = 0; n < 100 && !done; n++) {
        edited(&k);
        scarce.left = (int)n;
        check_scarce(&k, &done, "call", n);
    }
    CHECK(done);
    done = false;
    for (size_t n = 16; n < 70000 && !done; n += 16) {
        edited(&k);
        scarce.on = true;
        k.room = n;
        check_scarce(&k, &done, "room", n);
    }
    CHECK(done);
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "comes back", what_is_packed_comes_back },
        { "older", an_older_one_is_read },
        { "common", what_is_common_comes_back },
        { "nothing", nothing_is_a_base_of_nothing },
        { "a changed map", a_changed_map_keeps_what_it_still_has },
        { "damage", damage_is_refused },
        { "memory", memory_may_run_out_anywhere },
    };
    int bad;

    mr_cx_init(&cx, NULL);
    bad = check_run(cases, CHECK_ROWS(cases));
    mr_cx_done(&cx);
    return bad;
}
