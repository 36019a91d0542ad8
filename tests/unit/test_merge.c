/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging by example: what each policy decides, what is written and what is
 * not, rows of lists, what happens to the agreed state.
 */
#include "check.h"
#include "repl/kit.h"

static struct kit k;

enum { L, R };

/* Two records that agree, and the link between them. */
static void
linked(const char *left, const char *right)
{
    kit_clear(&k);
    kit_set(&k, L, left);
    kit_set(&k, R, right);
    CHECK_NUMBER(kit_settle(&k) > 20, false);
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
    CHECK(kit_echo(&k, L));
    CHECK(kit_echo(&k, R));
    kit_edit(&k, L, "{'Own':'b'}");
    CHECK(!kit_echo(&k, L));
    kit_change(&k, L);
    CHECK_NUMBER(k.status, MR_OK);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"b\"}\n");
    CHECK_TEXT(kit_how(&k, "l.Own"), "copy");
    CHECK(!k.result.conflict && !k.result.back && k.result.changed);
    CHECK(kit_echo(&k, L));
    CHECK(kit_echo(&k, R));
}

static void
only_their_change_waits_for_its_own_event(void)
{
    plain();
    kit_edit(&k, R, "{'Own':'b'}");
    kit_change(&k, L);
    CHECK(!k.result.write && !k.result.back && !k.result.changed);
    CHECK_TEXT(kit_how(&k, "l.Own"), "theirs");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Own\":\"b\"}\n");
}

static void
missing_never_clears_and_empty_does(void)
{
    plain();
    kit_edit(&k, L, "{'Own':null}");
    kit_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":null}\n");
    json_object_del(k.record[L], "Late");
    kit_change(&k, L);
    CHECK(!k.result.write);
    CHECK_TEXT(kit_value(&k, R, "Late"), "a");
}

static void
one_way_rules_go_one_way(void)
{
    plain();
    kit_edit(&k, L, "{'Out':'o','In':'x'}");
    kit_edit(&k, R, "{'In':'i','Out':'y'}");
    kit_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Out\":\"o\"}\n");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"In\":\"i\"}\n");
    CHECK_NUMBER(kit_settle(&k), 0);
}

static void
a_creation_has_everything(void)
{
    kit_clear(&k);
    kit_set(&k, L, "{'No':'7','Own':'a','Flag':true,'Late':null,"
            "'Numbers':[{'Kind':'VAT','Value':'DE9'}],"
            "'Items':[{'Nr':'1','Text':'t','Subs':[{'K':'k','V':'v'}]}]}");
    kit_change(&k, L);
    CHECK_TEXT(k.parts, "POST ObjectSet() {\"Code\":\"0000000007\","
               "\"Sort\":\"N\",\"Own\":\"a\",\"Vat\":\"DE9\",\"Mark\":\"X\","
               "\"Lines\":[{\"Nr\":\"1\",\"Text\":\"t\","
               "\"Subs\":[{\"K\":\"k\",\"V\":\"v\"}]}]}\n");
    CHECK_NUMBER(kit_settle(&k), 0);
    CHECK(kit_echo(&k, R));
}

static void
what_the_other_side_cannot_hold_stays(void)
{
    plain();
    kit_edit(&k, L, "{'Long':'abcdefgh'}");
    kit_change(&k, L);
    CHECK(!k.result.write);
    CHECK(kit_echo(&k, L));
    kit_edit(&k, R, "{'Own':'c'}");
    CHECK_NUMBER(kit_settle(&k), 1);
    CHECK_TEXT(kit_value(&k, L, "Long"), "abcdefgh");
}

static void
a_field_behind_a_selector(void)
{
    plain();
    kit_edit(&k, R, "{'Vat':'DE1'}");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "POST ThingSet(id1)/Numbers "
               "{\"Kind\":\"VAT\",\"Value\":\"DE1\"}\n");
    kit_edit(&k, R, "{'Vat':'DE2'}");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH NumberSet(id3) {\"Value\":\"DE2\"}\n");
    kit_edit(&k, R, "{'Vat':null}");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH NumberSet(id3) {\"Value\":null}\n");
    CHECK_NUMBER(kit_settle(&k), 0);
}

static void
a_list_of_one_side_sets_a_field(void)
{
    plain();
    kit_edit(&k, R, "{'Labels':[{'Kind':'X','Value':'no'},"
             "{'Kind':'M','Value':'yes'}]}");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Main\":\"yes\"}\n");
    CHECK(kit_echo(&k, R));
}

/* --- both sides --- */

/* A field is edited on both sides; the end is the same whichever comes first. */
static void
both_edit(const char *start, const char *mine, const char *theirs,
          const char *field, const char *end_left, const char *end_right)
{
    char json[200];

    for (int first = 0; first < 2; first++) {
        kit_clear(&k);
        snprintf(json, sizeof json, "{'No':'1','%s':%s}", field, start);
        kit_set(&k, L, json);
        snprintf(json, sizeof json, "{'Code':'0000000001','%s':%s}", field, start);
        kit_set(&k, R, json);
        kit_settle(&k);
        k.changed[L] = 2000000;
        k.changed[R] = 1000000;
        snprintf(json, sizeof json, "{'%s':%s}", field, mine);
        kit_edit(&k, L, json);
        snprintf(json, sizeof json, "{'%s':%s}", field, theirs);
        kit_edit(&k, R, json);
        kit_change(&k, first == 0 ? L : R);
        CHECK_THAT(k.result.conflict, "%s: no conflict", field);
        CHECK_THAT(kit_settle(&k) <= 2, "%s: does not rest", field);
        CHECK_THAT(strcmp(kit_value(&k, L, field), end_left) == 0,
                   "%s from %d: left %s, want %s", field, first,
                   kit_value(&k, L, field), end_left);
        CHECK_THAT(strcmp(kit_value(&k, R, field), end_right) == 0,
                   "%s from %d: right %s, want %s", field, first,
                   kit_value(&k, R, field), end_right);
        CHECK_THAT(kit_echo(&k, L), "%s from %d: no echo on the left", field,
                   first);
        CHECK_THAT(kit_echo(&k, R), "%s from %d: no echo on the right", field,
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
    kit_edit(&k, L, "{'Dated':'b','DatedAt':'/Date(4000)/'}");
    kit_edit(&k, R, "{'Dated':'c'}");
    kit_change(&k, L);
    CHECK_TEXT(kit_how(&k, "l.Dated"), "lost");
    CHECK(k.result.back && !k.result.write);
    kit_edit(&k, L, "{'Dated':'d','DatedAt':'/Date(6000)/'}");
    kit_change(&k, L);
    CHECK_TEXT(kit_how(&k, "l.Dated"), "won");
}

static void
a_person_is_asked(void)
{
    struct merge_ruling ruling = { 0, 0, R };

    linked("{'No':'1','Rate':'a','Own':'a'}", "{'Code':'0000000001','Rate':'a','Own':'a'}");
    kit_edit(&k, L, "{'Rate':'b','Own':'z'}");
    kit_edit(&k, R, "{'Rate':'c'}");
    kit_change(&k, L);
    CHECK(k.result.asked && k.result.conflict);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"z\"}\n");
    kit_change(&k, L);
    CHECK(k.result.asked && !k.result.write);
    CHECK_TEXT(kit_value(&k, R, "Rate"), "c");
    ruling.rule = kit_cell(&k, "l.Rate")->rule;
    k.rulings = &ruling;
    k.n_rulings = 1;
    kit_change(&k, L);
    CHECK(!k.result.asked && !k.result.write && k.result.back);
    k.n_rulings = 0;
    kit_change(&k, R);
    CHECK_TEXT(kit_value(&k, L, "Rate"), "c");
    CHECK(!k.result.conflict);
}

static void
a_group_is_never_mixed(void)
{
    linked("{'No':'1','Street':'s','City':'c'}",
           "{'Code':'0000000001','Street':'s','City':'c'}");
    k.changed[L] = 1000000;
    k.changed[R] = 2000000;
    kit_edit(&k, L, "{'Street':'left'}");
    kit_edit(&k, R, "{'City':'right'}");
    kit_change(&k, L);
    CHECK(!k.result.write && k.result.back && k.result.conflict);
    kit_change(&k, R);
    CHECK_TEXT(kit_value(&k, L, "Street"), "s");
    CHECK_TEXT(kit_value(&k, L, "City"), "right");
    CHECK_NUMBER(kit_settle(&k), 0);
    kit_edit(&k, L, "{'Street':'more'}");
    kit_change(&k, L);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Street\":\"more\"}\n");
}

static void
equal_edits_agree(void)
{
    plain();
    kit_edit(&k, L, "{'Rate':'x'}");
    kit_edit(&k, R, "{'Rate':'x'}");
    kit_change(&k, L);
    CHECK(!k.result.write && !k.result.conflict);
    CHECK(kit_echo(&k, L) && kit_echo(&k, R));
}

static void
matched_by_key(void)
{
    kit_clear(&k);
    kit_set(&k, L, "{'No':'1','Own':'a','Rate':'x','Late':null}");
    kit_set(&k, R, "{'Code':'0000000001','Own':null,'Rate':'y','Late':'r'}");
    kit_change(&k, L);
    CHECK_TEXT(kit_how(&k, "l.Own"), "copy");
    CHECK_TEXT(kit_how(&k, "l.Rate"), "asked");
    CHECK_TEXT(kit_how(&k, "l.Late"), "theirs");
    CHECK(k.result.back);
    CHECK_TEXT(k.parts, "PATCH ObjectSet(id2) {\"Own\":\"a\"}\n");
    kit_change(&k, R);
    CHECK_TEXT(k.parts, "PATCH ThingSet(id1) {\"Late\":\"r\"}\n");
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
    };
    int bad;

    kit_init(&k, "Pair");
    bad = check_run(cases, CHECK_ROWS(cases));
    kit_done(&k);
    return bad;
}
