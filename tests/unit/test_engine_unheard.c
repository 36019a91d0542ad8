/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several writes of one record of which no answer came: what each of them said
 * is known, however often it was said, and which of them surely arrived.
 */
#include "check.h"
#include "repl/duo.h"
#include "repl/engine_state.h"

#include <stdlib.h>

enum { NAME = 5 };

enum { L, R };

static struct mr_cx cx;
static struct engine engine = { .cx = &cx };

/* What is known to be written, `hash` being on top of it. */
static struct base
write_on(const struct base *older, uint64_t hash, uint32_t at)
{
    const struct mr_repl *repl = mapc_program.maps[0]->repl;
    struct base_cell cell = { .rule = NAME, .at = at, .hash = { hash, hash } };
    struct base newer = { .cells = &cell, .n = 1 }, both = { .n = 0 };
    struct mr_bytes bytes;

    CHECK(base_pack(&cx, repl, &newer, &bytes) == MR_OK);
    CHECK(base_unpack(&cx, repl, sent_join(&engine, repl, bytes, older),
                      &both) == MR_OK);
    return both;
}

static void
the_same_again_and_again(void)
{
    struct base sent = { .n = 0 };

    sent = write_on(&sent, 1001, 1);
    for (uint32_t at = 2; at < 12; at++)
        sent = write_on(&sent, 1002, at);
    CHECK(base_sent(&sent, NAME, 0, MR_RIGHT, 1001) != NULL);
    CHECK(base_sent(&sent, NAME, 0, MR_RIGHT, 1002) != NULL);
    CHECK_NUMBER(sent.n, 3);
    REQUIRE(sent.n == 3);
    /* The last one, the first of these, and the one before them. */
    CHECK_NUMBER(sent.cells[0].at, 11);
    CHECK_NUMBER(sent.cells[1].at, 2);
    CHECK_NUMBER(sent.cells[2].at, 1);
    CHECK_NUMBER(sent.cells[2].more, 2);
}

static void
there_and_back(void)
{
    struct base sent = { .n = 0 };

    for (uint32_t at = 0; at < 10; at++)
        sent = write_on(&sent, at % 2 == 0 ? 1001 : 1002, at);
    CHECK_NUMBER(sent.n, 3);
    CHECK(base_sent(&sent, NAME, 0, MR_LEFT, 1001) != NULL);
    CHECK(base_sent(&sent, NAME, 0, MR_LEFT, 1002) != NULL);
}

static void
only_so_many(void)
{
    struct base sent = { .n = 0 };

    for (uint32_t at = 0; at < 10; at++)
        sent = write_on(&sent, 1000 + at, at);
    CHECK_NUMBER(sent.n, 4);
    CHECK(base_sent(&sent, NAME, 0, MR_LEFT, 1009) == &sent.cells[0]);
    CHECK(base_sent(&sent, NAME, 0, MR_LEFT, 1006) == &sent.cells[3]);
}

/* `newer` of k on top of an older write; both are the test's own afterwards. */
static bool
join(struct duo *k, char *older, size_t n)
{
    struct engine on = { .cx = &k->cx };
    struct mr_bytes newer = { k->sent, k->sent_n }, both;
    struct base was;

    if (base_unpack(&k->cx, k->map->repl, (struct mr_bytes){ older, n },
                    &was) != MR_OK)
        return false;
    both = sent_join(&on, k->map->repl, newer, &was);
    free(k->sent);
    k->sent = malloc(both.n);
    if (k->sent == NULL)
        return false;
    memcpy(k->sent, both.p, both.n);
    k->sent_n = both.n;
    return true;
}

/* The creation arrived; a row that was written behind it did not: nobody has
 * removed it on the right. */
static void
a_later_row_is_written_again(void)
{
    struct duo k;
    char *creation;
    size_t n;

    duo_init(&k, "Pair");
    duo_set(&k, L, "{'No':'1','Own':'a','Low':'1','High':'2'}");
    k.changed[L] = 10000000;
    k.lose_answer = true;
    duo_change(&k, L);
    creation = k.sent;
    n = k.sent_n;
    k.sent = NULL;
    duo_add(&k, L, "Items", "{'Nr':'5','Text':'t'}");
    k.changed[L] = 20000000;
    duo_change(&k, L);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=5].Text"), "t");
    duo_remove(&k, R, "Lines[Nr=5]");
    k.lose_answer = false;
    k.changed[L] = 30000000;
    if (join(&k, creation, n))
        duo_change(&k, L);
    free(creation);
    CHECK(k.result.write && !k.result.conflict);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=5].Text"), "t");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK_TEXT(duo_value(&k, L, "Items[Nr=5].Text"), "t");
    duo_done(&k);
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "the same again and again", the_same_again_and_again },
        { "there and back", there_and_back },
        { "only so many", only_so_many },
        { "a later row", a_later_row_is_written_again },
    };
    int bad;

    mr_cx_init(&cx, NULL);
    bad = check_run(cases, CHECK_ROWS(cases));
    mr_cx_done(&cx);
    return bad;
}
