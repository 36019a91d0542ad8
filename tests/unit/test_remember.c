/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `remember` by example: what one side can't hold is kept with the agreed
 * state, and comes back with a value that was not changed there.
 */
#include "check.h"
#include "repl/duo.h"
#include "repl/part.h"

static struct duo k;

enum { L, R };

static void
linked(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Title':'Muster GmbH','Place':'Musterstadt',"
            "'Name':'Erika Muster','Note':'n',"
            "'Rows':[{'Nr':'1','Text':'Schrauben','Plain':'p'}]}");
    duo_change(&k, L);
}

static struct base
agreed(void)
{
    struct mr_bytes packed = { k.base, k.base_n };
    struct base base = { 0 };

    CHECK_NUMBER(base_unpack(&k.cx, k.map->repl, packed, &base), MR_OK);
    return base;
}

/* The sealed value of the left or the right side of the rule with these
 * words. */
static const struct base_kept *
kept_of(const struct base *b, const char *words, enum base_what what)
{
    for (size_t i = 0; i < b->n_kept; i++)
        if (strstr(k.map->repl->rules[b->kept[i].rule].rule, words) != NULL &&
            b->kept[i].what == what)
            return &b->kept[i];
    return NULL;
}

static const char *
part(const char *words, enum base_what what)
{
    struct base b = agreed();
    struct mr_val v;

    if (!remember_text(&k.cx, &k.keys, kept_of(&b, words, what), &v))
        return "(nothing)";
    return v.p;
}

static void
only_what_is_lost_is_kept(void)
{
    linked();
    CHECK_TEXT(duo_value(&k, R, "Title"), "Muste");
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r GmbH");
    CHECK_TEXT(part("l.Title", BASE_RIGHT_PART), "(nothing)");
    CHECK_TEXT(part("l.Text", BASE_LEFT_PART), "uben");
    CHECK_TEXT(part("l.Name", BASE_LEFT_PART), "(nothing)");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r GmbH");
    duo_edit(&k, L, "{'Title':'Muste'}");
    CHECK(!duo_echo(&k, L));
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "(nothing)");
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

/* The right side wins the group, and has not changed the title. */
static void
it_comes_back_with_its_group(void)
{
    for (int first = L; first <= R; first++) {
        linked();
        duo_edit(&k, L, "{'Title':'Beispiel AG'}");
        duo_edit(&k, R, "{'Place':'Musterdorf'}");
        duo_change(&k, first);
        CHECK(duo_settle(&k) <= 2);
        CHECK_TEXT(duo_value(&k, L, "Title"), "Muster GmbH");
        CHECK_TEXT(duo_value(&k, R, "Title"), "Muste");
        CHECK_TEXT(duo_value(&k, L, "Place"), "Musterdorf");
        CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r GmbH");
        CHECK(duo_echo(&k, L) && duo_echo(&k, R));
    }
}

static void
what_was_changed_there_wins(void)
{
    linked();
    duo_edit(&k, R, "{'Title':'Neu'}");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, L, "Title"), "Neu");
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "(nothing)");
    duo_edit(&k, R, "{'Title':'Muste'}");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, L, "Title"), "Muste");
}

/* Nothing the right side could see was changed: the next one is kept. */
static void
an_unseen_change_is_kept(void)
{
    linked();
    CHECK(duo_echo(&k, L));
    duo_edit(&k, L, "{'Title':'Muster AG'}");
    CHECK(!duo_echo(&k, L));
    duo_change(&k, L);
    CHECK(!k.result.write);
    CHECK(duo_echo(&k, L));
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r AG");
}

/* Of the right side: where its parts were cut. */
static void
the_other_way_round(void)
{
    linked();
    duo_edit(&k, R, "{'First':'Erika','Second':'Muster'}");
    CHECK(duo_settle(&k) <= 1);
    CHECK_TEXT(duo_value(&k, L, "Name"), "Erika Muster");
    CHECK_TEXT(duo_value(&k, R, "First"), "Erika");
    CHECK_TEXT(part("l.Name", BASE_LEFT_PART), "(nothing)");
    CHECK_TEXT(part("l.Name", BASE_RIGHT_PART), " | Muster");
    /* The left side wins the group. */
    duo_edit(&k, R, "{'First':'Max','Second':'Beispiel'}");
    duo_edit(&k, L, "{'Note':'m'}");
    duo_change(&k, L);
    CHECK(duo_settle(&k) <= 1);
    CHECK_TEXT(duo_value(&k, L, "Name"), "Erika Muster");
    CHECK_TEXT(duo_value(&k, R, "First"), "Erika");
    CHECK_TEXT(duo_value(&k, R, "Second"), "Muster");
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

/* The left side removed a row, the right one changed it and wins. */
static void
a_row_that_comes_back(void)
{
    linked();
    duo_remove(&k, L, "Rows[Nr=1]");
    duo_edit(&k, R, "{}");
    json_object_set_new(duo_at(&k, R, "Rows[Nr=1]"), "Plain",
                        json_string("q"));
    CHECK(duo_settle(&k) <= 2);
    CHECK_TEXT(duo_value(&k, L, "Rows[Nr=1].Plain"), "q");
    CHECK_TEXT(duo_value(&k, L, "Rows[Nr=1].Text"), "Schrauben");
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

/* Nobody heard that the creation arrived. */
static void
an_unheard_write_is_remembered(void)
{
    linked();
    duo_edit(&k, L, "{'Title':'Beispiel AG'}");
    k.lose_answer = true;
    duo_change(&k, L);
    k.lose_answer = false;
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r GmbH");
    duo_change(&k, L);
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "iel AG");
    CHECK(duo_echo(&k, L));
}

/* What the certificate says of it is so. */
static void
it_takes_as_much_as_told(void)
{
    size_t n;

    linked();
    n = k.base_n;
    duo_edit(&k, L, "{'Title':'Muste'}");
    duo_change(&k, L);
    CHECK_NUMBER(n - k.base_n, PART_KEPT + 4 + strlen("r GmbH"));
}

static void
it_goes_with_its_row(void)
{
    linked();
    duo_remove(&k, L, "Rows[Nr=1]");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(part("l.Text", BASE_LEFT_PART), "(nothing)");
    CHECK_TEXT(part("l.Title", BASE_LEFT_PART), "r GmbH");
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "only what is lost", only_what_is_lost_is_kept },
        { "with its group", it_comes_back_with_its_group },
        { "changed there", what_was_changed_there_wins },
        { "unseen change", an_unseen_change_is_kept },
        { "the other way", the_other_way_round },
        { "row comes back", a_row_that_comes_back },
        { "unheard", an_unheard_write_is_remembered },
        { "bytes", it_takes_as_much_as_told },
        { "row goes", it_goes_with_its_row },
    };
    int bad;

    duo_init(&k, "Card");
    bad = check_run(cases, CHECK_ROWS(cases));
    duo_done(&k);
    return bad;
}
