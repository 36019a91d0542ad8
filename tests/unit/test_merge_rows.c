/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging lists by example: rows that come, go and change on both sides, lists
 * in lists, rows told apart by their number, rows that take no part.
 */
#include "check.h"
#include "repl/duo.h"

static struct duo k;

enum { L, R };

static void
linked(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Items':[{'Nr':'1','Text':'a','Subs':"
            "[{'K':'x','V':'1'}]},{'Nr':'2','Text':'b','Subs':[]}],"
            "'Steps':[]}");
    duo_set(&k, R, "{'Code':'0000000001','Lines':[{'Nr':'1','Text':'a','Subs':"
            "[{'K':'x','V':'1'}]},{'Nr':'2','Text':'b','Subs':[]}],"
            "'Steps':[]}");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

static void
a_row_is_edited(void)
{
    linked();
    json_object_set_new(duo_at(&k, L, "Items[Nr=2]"), "Text",
                        json_string("c"));
    CHECK(!duo_echo(&k, L));
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH LineSet(id8) {\"Text\":\"c\"}\n");
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

static void
a_row_is_added(void)
{
    linked();
    duo_add(&k, R, "Lines", "{'Nr':'3','Text':'n','Note':'m',"
            "'Subs':[{'K':'y','V':'2'}]}");
    CHECK(!duo_echo(&k, R));
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "POST ThingSet(id1)/Items {\"Nr\":\"3\",\"Text\":\"n\","
               "\"Note\":\"m\",\"Subs\":[{\"K\":\"y\",\"V\":\"2\"}]}\n");
    CHECK(duo_cell(&k, "l.Nr")->row_added);
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

static void
a_row_is_removed(void)
{
    linked();
    duo_remove(&k, L, "Items[Nr=1]");
    CHECK(!duo_echo(&k, L));
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "DELETE LineSet(id6) \n");
    CHECK(duo_cell(&k, "l.Nr")->row_removed);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=1].Text"), "(none)");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

static void
rows_of_both_sides_come(void)
{
    linked();
    duo_add(&k, L, "Items", "{'Nr':'3','Text':'left'}");
    duo_add(&k, R, "Lines", "{'Nr':'4','Text':'right'}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "POST ObjectSet(id5)/Lines "
               "{\"Nr\":\"3\",\"Text\":\"left\"}\n");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, L, "Items[Nr=4].Text"), "right");
}

static void
the_same_row_comes_on_both_sides(void)
{
    linked();
    duo_add(&k, L, "Items", "{'Nr':'3','Text':'left'}");
    duo_add(&k, R, "Lines", "{'Nr':'3','Text':'right'}");
    duo_change(&k, R);
    CHECK_TEXT(duo_how(&k, "l.Text"), "lost");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=3].Text"), "left");
    CHECK_NUMBER(json_array_size(json_object_get(k.record[R], "Lines")), 3);
}

/* The key's policy is the map's: a person is asked. What wins comes whole. */
static void
a_row_is_removed_here_and_edited_there(void)
{
    struct merge_ruling ruling = { 0, 0, L };

    for (int winner = 0; winner < 2; winner++)
        for (int first = 0; first < 2; first++) {
            linked();
            duo_remove(&k, L, "Items[Nr=1]");
            json_object_set_new(duo_at(&k, R, "Lines[Nr=1]"), "Text",
                                json_string("edited"));
            duo_change(&k, first);
            CHECK(k.result.asked && !k.result.write);
            REQUIRE(duo_cell(&k, "l.Nr") != NULL);
            ruling.rule = duo_cell(&k, "l.Nr")->rule;
            ruling.row = duo_cell(&k, "l.Nr")->row;
            ruling.side = (uint8_t)winner;
            k.rulings = &ruling;
            k.n_rulings = 1;
            duo_change(&k, first);
            k.n_rulings = 0;
            CHECK_THAT(duo_settle(&k) <= 1, "winner %d, first %d", winner,
                       first);
            CHECK_THAT(!k.result.asked, "asks again: %d %d", winner, first);
            CHECK_TEXT(duo_value(&k, L, "Items[Nr=1].Text"),
                       winner == L ? "(none)" : "edited");
            CHECK_TEXT(duo_value(&k, R, "Lines[Nr=1].Text"),
                       winner == L ? "(none)" : "edited");
            CHECK_TEXT(duo_value(&k, L, "Items[Nr=1].Subs[K=x].V"),
                       winner == L ? "(none)" : "1");
            CHECK_TEXT(duo_value(&k, R, "Lines[Nr=1].Subs[K=x].V"),
                       winner == L ? "(none)" : "1");
        }
}

static void
lists_in_lists(void)
{
    linked();
    duo_add(&k, L, "Items[Nr=2].Subs", "{'K':'z','V':'9'}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "POST LineSet(id8)/Subs {\"K\":\"z\",\"V\":\"9\"}\n");
    json_object_set_new(duo_at(&k, R, "Lines[Nr=1].Subs[K=x]"), "V",
                        json_string("5"));
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH SubSet(id3) {\"V\":\"5\"}\n");
    duo_remove(&k, R, "Lines[Nr=1].Subs[K=x]");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "DELETE SubSet(id3) \n");
    CHECK_NUMBER(duo_settle(&k), 0);
}

static void
a_list_that_was_not_sent_says_nothing(void)
{
    linked();
    json_object_del(k.record[L], "Items");
    CHECK(duo_echo(&k, L));
    duo_change(&k, L);
    CHECK(!k.result.write);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=1].Text"), "a");
    duo_edit(&k, L, "{'Items':[]}");
    duo_change(&k, L);
    CHECK_NUMBER(k.n_parts, 2);
    CHECK_NUMBER(json_array_size(json_object_get(k.record[R], "Lines")), 0);
}

static void
a_row_that_takes_no_part(void)
{
    linked();
    json_object_set_new(duo_at(&k, L, "Items[Nr=2]"), "Idle", json_true());
    json_object_set_new(duo_at(&k, L, "Items[Nr=2]"), "Text",
                        json_string("idle"));
    CHECK(duo_echo(&k, L));
    duo_change(&k, L);
    CHECK(!k.result.write);
    CHECK_TEXT(duo_value(&k, R, "Lines[Nr=2].Text"), "b");
    duo_add(&k, L, "Items", "{'Nr':'7','Idle':true}");
    duo_change(&k, L);
    CHECK(!k.result.write);
}

static void
two_rows_of_one_key(void)
{
    linked();
    duo_add(&k, L, "Items", "{'Nr':'1','Text':'again'}");
    duo_change(&k, L);
    CHECK(k.m.verdict[R].parked && !k.result.write);
    CHECK_NUMBER(k.m.verdict[R].findings[0].value.why, MR_WHY_TWICE);
    CHECK(!duo_echo(&k, L));
}

static void
rows_by_their_number(void)
{
    linked();
    duo_edit(&k, L, "{'Steps':[{'T':'one'},{'T':'two'}]}");
    duo_change(&k, L);
    CHECK_NUMBER(k.n_parts, 2);
    CHECK_NUMBER(duo_settle(&k), 0);
    json_object_set_new(json_array_get(json_object_get(k.record[R], "Steps"),
                                       1), "T", json_string("2"));
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH StepSet(id10) {\"T\":\"2\"}\n");
    json_array_remove(json_object_get(k.record[R], "Steps"), 1);
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "DELETE StepSet(id10) \n");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK_NUMBER(json_array_size(json_object_get(k.record[L], "Steps")), 1);
}

static void
a_lost_answer_is_known_again(void)
{
    linked();
    duo_add(&k, L, "Items", "{'Nr':'3','Text':'n'}");
    duo_remove(&k, L, "Items[Nr=1]");
    k.lose_answer = true;
    duo_change(&k, L);
    CHECK(k.sent != NULL);
    k.lose_answer = false;
    json_object_set_new(duo_at(&k, L, "Items[Nr=3]"), "Text",
                        json_string("newer"));
    duo_change(&k, L);
    CHECK(!k.result.conflict);
    CHECK_TEXT(k.parts, "PATCH LineSet(id10) {\"Text\":\"newer\"}\n");
    CHECK_NUMBER(duo_settle(&k), 0);
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "edited", a_row_is_edited },
        { "added", a_row_is_added },
        { "removed", a_row_is_removed },
        { "both come", rows_of_both_sides_come },
        { "the same comes twice", the_same_row_comes_on_both_sides },
        { "removed and edited", a_row_is_removed_here_and_edited_there },
        { "lists in lists", lists_in_lists },
        { "not sent", a_list_that_was_not_sent_says_nothing },
        { "takes no part", a_row_that_takes_no_part },
        { "one key twice", two_rows_of_one_key },
        { "by number", rows_by_their_number },
        { "lost answer", a_lost_answer_is_known_again },
    };
    int bad;

    duo_init(&k, "Pair");
    bad = check_run(cases, CHECK_ROWS(cases));
    duo_done(&k);
    return bad;
}
