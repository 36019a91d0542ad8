/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging by example: what each policy decides, what is written and what is
 * not, rows of lists, what happens to the agreed state.
 */
#include "check.h"
#include "repl/duo.h"

static struct duo k;

enum { L, R };

/* Two records that agree, and the link between them. */
static void
linked(const char *left, const char *right)
{
    duo_clear(&k);
    duo_set(&k, L, left);
    duo_set(&k, R, right);
    CHECK_NUMBER(duo_settle(&k) > 20, false);
}

static void
plain(void)
{
    linked("{'No':'1','Own':'a','Late':'a','Items':[],'Numbers':[]}",
           "{'Code':'0000000001','Own':'a','Late':'a','Lines':[]}");
}

/* --- one side --- */

static void
a_change_goes_over(void)
{
    plain();
    CHECK(duo_echo(&k, L));
    CHECK(duo_echo(&k, R));
    duo_edit(&k, L, "{'Own':'b'}");
    CHECK(!duo_echo(&k, L));
    duo_change(&k, L);
    CHECK_NUMBER(k.status, MR_OK);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"b\"}\n");
    CHECK_TEXT(duo_how(&k, "l.Own"), "copy");
    CHECK(!k.result.conflict && !k.result.back && k.result.changed);
    CHECK(duo_echo(&k, L));
    CHECK(duo_echo(&k, R));
}

static void
only_their_change_waits_for_its_own_event(void)
{
    plain();
    duo_edit(&k, R, "{'Own':'b'}");
    duo_change(&k, L);
    CHECK(!k.result.write && !k.result.back && !k.result.changed);
    CHECK_TEXT(duo_how(&k, "l.Own"), "theirs");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Own\":\"b\"}\n");
}

static void
missing_never_clears_and_empty_does(void)
{
    plain();
    duo_edit(&k, L, "{'Own':null}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":null}\n");
    json_object_del(k.record[L], "Late");
    duo_change(&k, L);
    CHECK(!k.result.write);
    CHECK_TEXT(duo_value(&k, R, "Late"), "a");
}

static void
one_way_rules_go_one_way(void)
{
    plain();
    duo_edit(&k, L, "{'Out':'o','In':'x'}");
    duo_edit(&k, R, "{'In':'i','Out':'y'}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Out\":\"o\"}\n");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"In\":\"i\"}\n");
    CHECK_NUMBER(duo_settle(&k), 0);
}

static void
a_creation_has_everything(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'7','Own':'a','Flag':true,'Late':null,"
            "'Numbers':[{'Kind':'VAT','Value':'DE9'}],"
            "'Items':[{'Nr':'1','Text':'t','Subs':[{'K':'k','V':'v'}]}]}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "POST ObjectSet() {\"Code\":\"0000000007\","
               "\"Sort\":\"N\",\"Own\":\"a\",\"Vat\":\"DE9\",\"Mark\":\"X\","
               "\"Lines\":[{\"Nr\":\"1\",\"Text\":\"t\","
               "\"Subs\":[{\"K\":\"k\",\"V\":\"v\"}]}]}\n");
    CHECK_NUMBER(duo_settle(&k), 0);
    CHECK(duo_echo(&k, R));
}

static void
what_the_other_side_cannot_hold_stays(void)
{
    plain();
    duo_edit(&k, L, "{'Long':'abcdefgh'}");
    duo_change(&k, L);
    CHECK(!k.result.write);
    CHECK(duo_echo(&k, L));
    duo_edit(&k, R, "{'Own':'c'}");
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, L, "Long"), "abcdefgh");
}

static void
a_field_behind_a_selector(void)
{
    plain();
    duo_edit(&k, R, "{'Vat':'DE1'}");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "POST ThingSet(id1)/Numbers "
               "{\"Kind\":\"VAT\",\"Value\":\"DE1\"}\n");
    duo_edit(&k, R, "{'Vat':'DE2'}");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH NumberSet(id3) {\"Value\":\"DE2\"}\n");
    duo_edit(&k, R, "{'Vat':null}");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH NumberSet(id3) {\"Value\":null}\n");
    CHECK_NUMBER(duo_settle(&k), 0);
}

static void
a_list_of_one_side_sets_a_field(void)
{
    plain();
    duo_edit(&k, R, "{'Labels':[{'Kind':'X','Value':'no'},"
             "{'Kind':'M','Value':'yes'}]}");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Main\":\"yes\"}\n");
    CHECK(duo_echo(&k, R));
}

/* --- both sides --- */

/* A field is edited on both sides; the end is the same whichever comes
 * first. */
static void
both_edit(const char *start, const char *mine, const char *theirs,
          const char *field, const char *end_left, const char *end_right)
{
    char json[200];

    for (int first = 0; first < 2; first++) {
        duo_clear(&k);
        snprintf(json, sizeof json, "{'No':'1','%s':%s}", field, start);
        duo_set(&k, L, json);
        snprintf(json, sizeof json, "{'Code':'0000000001','%s':%s}", field,
                 start);
        duo_set(&k, R, json);
        duo_settle(&k);
        k.changed[L] = 2000000;
        k.changed[R] = 1000000;
        snprintf(json, sizeof json, "{'%s':%s}", field, mine);
        duo_edit(&k, L, json);
        snprintf(json, sizeof json, "{'%s':%s}", field, theirs);
        duo_edit(&k, R, json);
        duo_change(&k, first == 0 ? L : R);
        CHECK_THAT(k.result.conflict, "%s: no conflict", field);
        CHECK_THAT(duo_settle(&k) <= 2, "%s: does not rest", field);
        CHECK_THAT(strcmp(duo_value(&k, L, field), end_left) == 0,
                   "%s from %d: left %s, want %s", field, first,
                   duo_value(&k, L, field), end_left);
        CHECK_THAT(strcmp(duo_value(&k, R, field), end_right) == 0,
                   "%s from %d: right %s, want %s", field, first,
                   duo_value(&k, R, field), end_right);
        CHECK_THAT(duo_echo(&k, L), "%s from %d: no echo on the left", field,
                   first);
        CHECK_THAT(duo_echo(&k, R), "%s from %d: no echo on the right", field,
                   first);
    }
}

static void
policies(void)
{
    both_edit("'a'", "'b'", "'c'", "Own", "b", "b");
    both_edit("'a'", "'b'", "'c'", "Filled", "c", "c");
    both_edit("'a'", "'b'", "null", "Filled", "b", "b");
    both_edit("'a'", "'b'", "'c'", "Late", "b", "b");
    both_edit("5", "7", "6", "Low", "6", "6");
    both_edit("5", "7", "6", "High", "7", "7");
    both_edit("5", "7", "6", "Stock", "8", "8");
    both_edit("5", "1", "-3", "Stock", "-7", "-7");
    both_edit("'a'", "'b'", "'c'", "Nick", "b", "c");
    both_edit("'a;b'", "'a;b;c'", "'b;d'", "Tags", "b;c;d", "b;c;d");
}

static void
newest_by_a_field(void)
{
    linked("{'No':'1','Dated':'a','DatedAt':'/Date(1000)/'}",
           "{'Code':'0000000001','Dated':'a'}");
    k.changed[R] = 5000000;
    duo_edit(&k, L, "{'Dated':'b','DatedAt':'/Date(4000)/'}");
    duo_edit(&k, R, "{'Dated':'c'}");
    duo_change(&k, L);
    CHECK_TEXT(duo_how(&k, "l.Dated"), "lost");
    CHECK(k.result.back && !k.result.write);
    duo_edit(&k, L, "{'Dated':'d','DatedAt':'/Date(6000)/'}");
    duo_change(&k, L);
    CHECK_TEXT(duo_how(&k, "l.Dated"), "won");
}

static void
a_person_is_asked(void)
{
    struct merge_ruling ruling = { 0, 0, R };

    linked("{'No':'1','Rate':'a','Own':'a'}",
           "{'Code':'0000000001','Rate':'a','Own':'a'}");
    duo_edit(&k, L, "{'Rate':'b','Own':'z'}");
    duo_edit(&k, R, "{'Rate':'c'}");
    duo_change(&k, L);
    CHECK(k.result.asked && k.result.conflict);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"z\"}\n");
    duo_change(&k, L);
    CHECK(k.result.asked && !k.result.write);
    CHECK_TEXT(duo_value(&k, R, "Rate"), "c");
    ruling.rule = duo_cell(&k, "l.Rate")->rule;
    k.rulings = &ruling;
    k.n_rulings = 1;
    duo_change(&k, L);
    CHECK(!k.result.asked && !k.result.write && k.result.back);
    k.n_rulings = 0;
    duo_change(&k, R);
    CHECK_TEXT(duo_value(&k, L, "Rate"), "c");
    CHECK(!k.result.conflict);
}

static void
a_group_is_never_mixed(void)
{
    linked("{'No':'1','Street':'s','City':'c'}",
           "{'Code':'0000000001','Street':'s','City':'c'}");
    k.changed[L] = 1000000;
    k.changed[R] = 2000000;
    duo_edit(&k, L, "{'Street':'left'}");
    duo_edit(&k, R, "{'City':'right'}");
    duo_change(&k, L);
    CHECK(!k.result.write && k.result.back && k.result.conflict);
    duo_change(&k, R);
    CHECK_TEXT(duo_value(&k, L, "Street"), "s");
    CHECK_TEXT(duo_value(&k, L, "City"), "right");
    CHECK_NUMBER(duo_settle(&k), 0);
    duo_edit(&k, L, "{'Street':'more'}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Street\":\"more\"}\n");
}

static void
equal_edits_agree(void)
{
    plain();
    duo_edit(&k, L, "{'Rate':'x'}");
    duo_edit(&k, R, "{'Rate':'x'}");
    duo_change(&k, L);
    CHECK(!k.result.write && !k.result.conflict);
    CHECK(duo_echo(&k, L) && duo_echo(&k, R));
}

static void
matched_by_key(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Own':'a','Rate':'x','Late':null}");
    duo_set(&k, R, "{'Code':'0000000001','Own':null,'Rate':'y','Late':'r'}");
    duo_change(&k, L);
    CHECK_TEXT(duo_how(&k, "l.Own"), "copy");
    CHECK_TEXT(duo_how(&k, "l.Rate"), "asked");
    CHECK_TEXT(duo_how(&k, "l.Late"), "theirs");
    CHECK(k.result.back);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"a\"}\n");
    duo_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Late\":\"r\"}\n");
}

/* Left's boss is not known yet, so that it can't be said on the right: right's
 * value must not take its place. */
static void
what_cannot_be_said_is_there(void)
{
    linked("{'No':'1','Boss':'4'}", "{'Code':'0000000001','Boss':'4'}");
    duo_edit(&k, L, "{'Boss':'9'}");
    duo_edit(&k, R, "{'Boss':'5'}");
    duo_change(&k, R);
    CHECK_TEXT(duo_how(&k, "l.Boss"), "lost");
    CHECK_TEXT(duo_value(&k, L, "Boss"), "9");
    duo_change(&k, L);
    CHECK(k.m.verdict[R].parked && !k.result.write);
    /* A long value that the right one can't hold gives way to an edit there. */
    linked("{'No':'1','Long':'a long value'}", "{'Code':'0000000001'}");
    duo_edit(&k, R, "{'Short':'s'}");
    duo_change(&k, R);
    CHECK_TEXT(duo_how(&k, "l.Long"), "copy");
    CHECK_TEXT(duo_value(&k, L, "Long"), "s");
}

static void
a_reference_is_cut(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Own':'a','Boss':'9'}");
    duo_change(&k, L);
    CHECK(k.m.verdict[R].parked && !k.result.write);
    k.cut_refs = true;
    duo_change(&k, L);
    CHECK(k.result.refs_cut && !k.m.verdict[R].parked);
    CHECK_TEXT(k.parts, "POST ObjectSet() {\"Code\":\"0000000001\","
               "\"Sort\":\"N\",\"Own\":\"a\"}\n");
    CHECK(!duo_echo(&k, L));
    duo_edit(&k, L, "{'Boss':'3'}");
    duo_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Boss\":\"3\"}\n");
    CHECK(duo_echo(&k, L));
}

/* Created, and nobody heard of it; then the right one was edited. */
static void
a_creation_is_known_again(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Own':'a','Rate':'r','Stock':10,'Late':'l'}");
    k.lose_answer = true;
    duo_change(&k, L);
    k.lose_answer = false;
    duo_edit(&k, R, "{'Stock':11}");
    duo_change(&k, L);
    CHECK(!k.result.asked && !k.result.conflict && !k.result.write);
    CHECK_NUMBER(duo_settle(&k), 1);
    CHECK_TEXT(duo_value(&k, L, "Stock"), "11");
}

/* The right one's value was written to the left, and nobody heard of it; before
 * its next one comes, the left one is looked at. */
static void
an_unheard_write_is_nobodys_change(void)
{
    duo_clear(&k);
    duo_set(&k, L, "{'No':'1','Own':'a'}");
    duo_settle(&k);
    duo_edit(&k, R, "{'Own':'b'}");
    k.lose_answer = true;
    duo_change(&k, R);
    k.lose_answer = false;
    CHECK_TEXT(duo_value(&k, L, "Own"), "b");
    duo_edit(&k, R, "{'Own':'c'}");
    k.crossing = true;
    duo_change(&k, L);
    k.crossing = false;
    CHECK(!k.result.write && !k.result.conflict);
    duo_change(&k, R);
    CHECK(!k.result.conflict);
    CHECK_TEXT(duo_value(&k, L, "Own"), "c");
    CHECK_TEXT(duo_value(&k, R, "Own"), "c");
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "a change goes over", a_change_goes_over },
        { "their change waits", only_their_change_waits_for_its_own_event },
        { "missing and empty", missing_never_clears_and_empty_does },
        { "one way", one_way_rules_go_one_way },
        { "creation", a_creation_has_everything },
        { "remember", what_the_other_side_cannot_hold_stays },
        { "behind a selector", a_field_behind_a_selector },
        { "list of one side", a_list_of_one_side_sets_a_field },
        { "policies", policies },
        { "newest by", newest_by_a_field },
        { "ask", a_person_is_asked },
        { "group", a_group_is_never_mixed },
        { "equal edits", equal_edits_agree },
        { "matched by key", matched_by_key },
        { "can't be said", what_cannot_be_said_is_there },
        { "a cut reference", a_reference_is_cut },
        { "known again", a_creation_is_known_again },
        { "unheard write", an_unheard_write_is_nobodys_change },
    };
    int bad;

    duo_init(&k, "Pair");
    bad = check_run(cases, CHECK_ROWS(cases));
    duo_done(&k);
    return bad;
}
