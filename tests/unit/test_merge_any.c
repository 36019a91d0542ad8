/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold of merging, whatever the records: edits made at random on both
 * sides, in rows and lists of lists, decided in either order. All comes to
 * rest, both sides say the same, nothing is written that the writer did not
 * change, what only one side edited survives, and the order does not matter.
 */
#include "check.h"
#include "repl/duo.h"

#include <stdlib.h>

enum { L, R, ROUNDS = 1500 };

static uint64_t state;

static uint32_t
any(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

/* Fields with one name on both sides and a policy that ends in agreement. */
static const char *const texts[] = { "Own", "Filled", "Late", "Street", "City",
                                     "Dated" };
static const char *const numbers[] = { "Low", "High", "Stock" };

static json_t *
any_text(void)
{
    char text[16];

    if (any(6) == 0)
        return json_null();
    snprintf(text, sizeof text, "v%u", any(1000));
    return json_string(text);
}

static void
fill(json_t *record)
{
    for (size_t i = 0; i < CHECK_ROWS(texts); i++)
        json_object_set_new(record, texts[i], json_string("start"));
    for (size_t i = 0; i < CHECK_ROWS(numbers); i++)
        json_object_set_new(record, numbers[i], json_integer(10));
}

static const char *
list_of(int side)
{
    return side == L ? "Items" : "Lines";
}

static void
start(struct duo *k)
{
    duo_clear(k);
    duo_set(k, L, "{'No':'1','Items':[{'Nr':'0','Text':'t','Subs':[]},"
            "{'Nr':'1','Text':'t','Subs':[{'K':'0','V':'v'}]}],'Steps':[],"
            "'Numbers':[]}");
    duo_set(k, R, "{'Code':'0000000001','Lines':[{'Nr':'0','Text':'t',"
            "'Subs':[]},{'Nr':'1','Text':'t','Subs':[{'K':'0','V':'v'}]}],"
            "'Steps':[]}");
    fill(k->record[L]);
    fill(k->record[R]);
    duo_settle(k);
}

static void
edit_row(struct duo *k, int side)
{
    char path[64], json[64];
    unsigned nr = any(4), sub = any(3);

    snprintf(path, sizeof path, "%s[Nr=%u]", list_of(side), nr);
    snprintf(json, sizeof json, "{'Nr':'%u','Text':'n%u','Subs':[]}", nr,
             any(1000));
    if (duo_at(k, side, path) == NULL) {
        duo_add(k, side, list_of(side), json);
        return;
    }
    if (any(3) == 0) {
        json_object_set_new(duo_at(k, side, path), "Text", any_text());
        return;
    }
    snprintf(path, sizeof path, "%s[Nr=%u].Subs", list_of(side), nr);
    snprintf(json, sizeof json, "[K=%u]", sub);
    strcat(path, json);
    snprintf(json, sizeof json, "{'K':'%u','V':'w%u'}", sub, any(1000));
    if (duo_at(k, side, path) == NULL) {
        *strrchr(path, '[') = '\0';
        duo_add(k, side, path, json);
    } else if (any(3) == 0) {
        duo_remove(k, side, path);
    } else {
        json_object_set_new(duo_at(k, side, path), "V", any_text());
    }
}

static void
edit(struct duo *k, int side)
{
    switch (any(4)) {
    case 0:
        edit_row(k, side);
        return;
    case 1:
        json_object_set_new(k->record[side], numbers[any(3)],
                            json_integer(any(50)));
        return;
    default:
        json_object_set_new(k->record[side], texts[any(6)], any_text());
        return;
    }
}

/* Takes away what does not count: ids, and what is empty. */
static void
strip(json_t *at)
{
    const char *name;
    json_t *value, *row;
    size_t i;
    void *next;

    json_object_del(at, "ObjectID");
    json_object_foreach_safe(at, next, name, value) {
        json_array_foreach(value, i, row)
            strip(row);
        if (json_is_null(value) ||
            (json_is_array(value) && json_array_size(value) == 0))
            json_object_del(at, name);
    }
}

/* Rows in the order of their keys: systems keep them as they like. */
static int
by_key(const void *a, const void *b)
{
    json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    const char *key = json_object_get(x, "Nr") != NULL ? "Nr" : "K";

    return strcmp(json_string_value(json_object_get(x, key)),
                  json_string_value(json_object_get(y, key)));
}

static void
sort_rows(json_t *at)
{
    const char *name;
    json_t *value, *row;
    size_t i;

    json_object_foreach(at, name, value) {
        json_t *rows[16];
        size_t n = json_array_size(value);

        if (n == 0 || n > 16)
            continue;
        json_array_foreach(value, i, row)
            rows[i] = json_incref(row);
        qsort(rows, n, sizeof rows[0], by_key);
        json_array_clear(value);
        for (i = 0; i < n; i++) {
            sort_rows(rows[i]);
            json_array_append_new(value, rows[i]);
        }
    }
}

static char *
as_text(const json_t *record)
{
    json_t *copy = json_deep_copy(record);
    char *text;

    strip(copy);
    sort_rows(copy);
    text = json_dumps(copy, JSON_SORT_KEYS);
    json_decref(copy);
    return text;
}

/* The common part of both, in the words of the left one. */
static bool
agree(struct duo *k)
{
    json_t *right = json_deep_copy(k->record[R]), *left, *code;
    char *a, *b;
    bool same;

    left = json_deep_copy(k->record[L]);
    json_object_del(left, "No");
    json_object_del(left, "Steps");
    json_object_del(left, "Numbers");
    code = json_object_get(right, "Lines");
    json_object_set(right, "Items", code);
    json_object_del(right, "Lines");
    json_object_del(right, "Code");
    json_object_del(right, "Steps");
    a = as_text(left);
    b = as_text(right);
    same = strcmp(a, b) == 0;
    CHECK_THAT(same, "left %s\nright %s", a, b);
    free(a);
    free(b);
    json_decref(left);
    json_decref(right);
    return same;
}

/* Does a row that one side removed and the other edited wait for a person? */
static bool
waits(struct duo *k)
{
    for (int side = 0; side < 2; side++) {
        duo_change(k, side);
        if (k->result.asked)
            return true;
    }
    return false;
}

static void
both_edit_and_all_agrees(void)
{
    struct duo k, other;
    int asked = 0;

    duo_init(&k, "Pair");
    duo_init(&other, "Pair");
    for (uint32_t seed = 1; seed <= ROUNDS && !check_failed; seed++) {
        char *a, *b;

        state = seed * UINT64_C(0x9e3779b97f4a7c15);
        start(&k);
        for (uint32_t i = any(6); i > 0; i--)
            edit(&k, L);
        for (uint32_t i = any(6); i > 0; i--)
            edit(&k, R);
        k.changed[L] = 1000000 + any(3) * 1000000;
        k.changed[R] = 2000000;
        duo_copy(&other, &k);
        duo_change(&other, R);
        CHECK_THAT(duo_settle(&other) <= 6 && duo_settle(&k) <= 6,
                   "seed %u does not rest", seed);
        if (waits(&k)) {
            asked++;
            continue;
        }
        CHECK_THAT(agree(&k) && agree(&other), "seed %u", seed);
        a = as_text(k.record[L]);
        b = as_text(other.record[L]);
        CHECK_THAT(strcmp(a, b) == 0, "seed %u: the order matters\n%s\n%s",
                   seed, a, b);
        free(a);
        free(b);
        CHECK_THAT(duo_echo(&k, L) && duo_echo(&k, R),
                   "seed %u: not as agreed", seed);
    }
    CHECK_THAT(asked < ROUNDS / 4, "%d of %d ask", asked, ROUNDS);
    duo_done(&k);
    duo_done(&other);
}

/* What one side edits arrives, whatever it is, in one write. */
static void
one_edits_and_it_arrives(void)
{
    struct duo k;

    duo_init(&k, "Pair");
    for (uint32_t seed = 1; seed <= ROUNDS && !check_failed; seed++) {
        int side = (int)(seed % 2);
        char *before, *after;

        state = seed * UINT64_C(0xd6e8feb86659fd93);
        start(&k);
        for (uint32_t i = 1 + any(8); i > 0; i--)
            edit(&k, side);
        before = as_text(k.record[side]);
        CHECK_THAT(duo_settle(&k) <= 1, "seed %u: more than one write", seed);
        after = as_text(k.record[side]);
        CHECK_THAT(strcmp(before, after) == 0, "seed %u: %s became %s", seed,
                   before, after);
        CHECK_THAT(agree(&k), "seed %u", seed);
        free(before);
        free(after);
    }
    duo_done(&k);
}

/* Rows that the other side changed never stand in what is written. */
static void
nothing_of_theirs_is_written(void)
{
    struct duo k;

    duo_init(&k, "Pair");
    for (uint32_t seed = 1; seed <= ROUNDS && !check_failed; seed++) {
        const char *mine = texts[seed % 3], *theirs = texts[(seed + 1) % 3];
        char want[64];

        state = seed;
        start(&k);
        snprintf(want, sizeof want, "{'%s':'mine%u'}", mine, seed);
        duo_edit(&k, L, want);
        snprintf(want, sizeof want, "{'%s':'theirs'}", theirs);
        duo_edit(&k, R, want);
        duo_change(&k, L);
        CHECK_NUMBER(k.n_parts, 1);
        CHECK_THAT(strstr(k.parts, theirs) == NULL, "%s", k.parts);
        CHECK_THAT(strstr(k.parts, "start") == NULL, "%s", k.parts);
        CHECK(!k.result.conflict);
    }
    duo_done(&k);
}

/* An answer gets lost, and both go on editing. */
static void
lost_answers_lose_nothing(void)
{
    struct duo k;

    duo_init(&k, "Pair");
    for (uint32_t seed = 1; seed <= ROUNDS && !check_failed; seed++) {
        int side = (int)(seed % 2);
        char *before, *after;

        state = seed * UINT64_C(0x9e3779b97f4a7c15);
        start(&k);
        for (uint32_t i = 1 + any(5); i > 0; i--)
            edit(&k, side);
        k.lose_answer = true;
        duo_change(&k, side);
        k.lose_answer = false;
        for (uint32_t i = any(3); i > 0; i--)
            edit(&k, side);
        before = as_text(k.record[side]);
        duo_change(&k, side);
        CHECK_THAT(!k.result.conflict, "seed %u: our own write is theirs",
                   seed);
        CHECK_THAT(duo_settle(&k) == 0, "seed %u: more to write", seed);
        after = as_text(k.record[side]);
        CHECK_THAT(strcmp(before, after) == 0, "seed %u: %s became %s", seed,
                   before, after);
        CHECK_THAT(agree(&k), "seed %u", seed);
        free(before);
        free(after);
    }
    duo_done(&k);
}

CHECK_MAIN(
    { "both edit", both_edit_and_all_agrees },
    { "one edits", one_edits_and_it_arrives },
    { "nothing of theirs", nothing_of_theirs_is_written },
    { "lost answers", lost_answers_lose_nothing })
