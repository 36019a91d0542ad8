/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging with a system of messages: what a document must hold besides what
 * changed, rows that go, and messages that were sent before our write arrived.
 */
#include "check.h"
#include "repl/duo.h"

static struct duo k;

enum { L, E };

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PAPER01>\n"          \
             "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"                      \
             "<TABNAM>EDI_DC40</TABNAM><IDOCTYP>PAPER01</IDOCTYP>"             \
             "<MESTYP>PAPER</MESTYP></EDI_DC40><E1HEAD SEGMENT=\"1\">"
#define TAIL "</E1HEAD></IDOC>\n</PAPER01>"

#define ROW(nr, text) "<E1ITEM SEGMENT=\"1\"><POSEX>0000" nr "</POSEX>"       \
                      "<TEXT1>" text "</TEXT1></E1ITEM>"

/* A message of e with these fields and segments of its one record. */
static void
message(const char *fields)
{
    static char text[2000];

    snprintf(text, sizeof text, HEAD "%s" TAIL,
             fields);
    k.message = text;
    duo_change(&k, E);
    CHECK_NUMBER(k.status, MR_OK);
}

static void
expect_document(int line, const char *fields)
{
    char want[2000];

    snprintf(want, sizeof want, "POST PAPER() " HEAD "%s" TAIL "\n", fields);
    check_text(__FILE__, line, k.parts, want);
}

#define DOCUMENT(fields) expect_document(__LINE__, fields)

static void
created(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    duo_set(&k, L, "{'No':'7','Subject':'s','Org':'1000','Lines':"
            "[{'Nr':'10','Text':'t','Code':'c'},{'Nr':'20','Text':'u'}]}");
    duo_change(&k, L);
}

static void
a_creation(void)
{
    created();
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
             "<E1ORG SEGMENT=\"1\"><QUALF>008</QUALF><ORGID>1000</ORGID>"
             "</E1ORG><E1ITEM SEGMENT=\"1\"><MSGFN>005</MSGFN>"
             "<POSEX>000010</POSEX><TEXT1>t</TEXT1><E1CODE SEGMENT=\"1\">"
             "<QUALF>002</QUALF><IDTNR>c</IDTNR></E1CODE></E1ITEM>"
             "<E1ITEM SEGMENT=\"1\"><MSGFN>005</MSGFN><POSEX>000020</POSEX>"
             "<TEXT1>u</TEXT1></E1ITEM>");
    CHECK(duo_echo(&k, L));
}

static void
only_what_changed_and_what_names_it(void)
{
    created();
    duo_edit(&k, L, "{'Org':'2000'}");
    json_object_set_new(duo_at(&k, L, "Lines[Nr=20]"), "Text",
                        json_string("v"));
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>/</TEXT1>"
             "<E1ORG SEGMENT=\"1\"><QUALF>008</QUALF><ORGID>2000</ORGID>"
             "</E1ORG><E1ITEM SEGMENT=\"1\"><MSGFN>005</MSGFN>"
             "<POSEX>000020</POSEX><TEXT1>v</TEXT1></E1ITEM>");
    duo_edit(&k, L, "{'Subject':null,'Org':null}");
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1></TEXT1>"
             "<E1ORG SEGMENT=\"1\"><QUALF>008</QUALF><ORGID></ORGID>"
             "</E1ORG>");
}

static void
a_row_that_goes_is_named(void)
{
    created();
    duo_remove(&k, L, "Lines[Nr=10]");
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>/</TEXT1>"
             "<E1ITEM SEGMENT=\"1\"><MSGFN>003</MSGFN><POSEX>000010</POSEX>"
             "<TEXT1>/</TEXT1></E1ITEM>");
    CHECK(duo_echo(&k, L));
    /* A message from before still has it. */
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><POSEX>000010</POSEX><TEXT1>t</TEXT1>"
            "</E1ITEM><E1ITEM SEGMENT=\"1\"><POSEX>000020</POSEX>"
            "<TEXT1>u</TEXT1></E1ITEM>");
    CHECK(!k.result.write);
    /* It comes again once it was gone. */
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><POSEX>000020</POSEX>"
            "<TEXT1>u</TEXT1></E1ITEM>");
    CHECK(!k.result.write);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><POSEX>000010</POSEX><TEXT1>t</TEXT1>"
            "</E1ITEM><E1ITEM SEGMENT=\"1\"><POSEX>000020</POSEX>"
            "<TEXT1>u</TEXT1></E1ITEM>");
    CHECK(k.result.write);
    CHECK_TEXT(duo_value(&k, L, "Lines[Nr=10].Text"), "t");
}

static void
a_row_that_was_added_is_not_gone(void)
{
    created();
    duo_add(&k, L, "Lines", "{'Nr':'30','Text':'w'}");
    duo_change(&k, L);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u"));
    CHECK_TEXT(duo_value(&k, L, "Lines[Nr=30].Text"), "w");
    /* Or somebody removed it there: all of it goes once more. */
    CHECK(!k.result.write && k.result.back);
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>/</TEXT1>"
             "<E1ITEM SEGMENT=\"1\"><MSGFN>005</MSGFN><POSEX>000030</POSEX>"
             "<TEXT1>w</TEXT1></E1ITEM>");
    CHECK(duo_echo(&k, L));
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u") ROW("30", "w"));
    CHECK(!k.result.write && !k.result.back);
    /* Now it has been shown. */
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u"));
    CHECK_THAT(strncmp(k.parts, "DELETE LineSet(", 15) == 0, "%s", k.parts);
}

/* Removed on one side, and the other one may still show it, whatever else is
 * written meanwhile. */
static void
a_row_that_went_stays_gone(void)
{
    created();
    duo_remove(&k, L, "Lines[Nr=10]");
    duo_change(&k, L);
    duo_edit(&k, L, "{'Subject':'x'}");
    duo_change(&k, L);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u"));
    CHECK(!k.result.write && k.result.back);
    CHECK(duo_at(&k, L, "Lines[Nr=10]") == NULL);
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>x</TEXT1>"
             "<E1ITEM SEGMENT=\"1\"><MSGFN>003</MSGFN><POSEX>000010</POSEX>"
             "<TEXT1>/</TEXT1></E1ITEM>");
}

/* It went out with the creation and is written again much later; a message that
 * was made in between, and comes behind that, was made before it. */
static void
a_row_is_written_anew(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    k.changed[L] = INT64_C(30000000);
    duo_set(&k, L, "{'No':'7','Subject':'s','Lines':"
            "[{'Nr':'10','Text':'t'},{'Nr':'20','Text':'u'}]}");
    duo_change(&k, L);
    k.changed[E] = INT64_C(40000000);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t"));
    CHECK(!k.result.write && k.result.back);
    k.changed[L] = INT64_C(1000000000);
    duo_change(&k, L);
    CHECK_THAT(strstr(k.parts, "<POSEX>000020</POSEX><TEXT1>u</TEXT1>") !=
               NULL, "%s", k.parts);
    k.changed[E] = INT64_C(420000000);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u"));
    CHECK(!k.result.write);
    k.changed[E] = INT64_C(480000000);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", ""));
    CHECK(k.result.back);
    duo_change(&k, L);
    CHECK_THAT(strstr(k.parts, "<POSEX>000020</POSEX><TEXT1>") != NULL &&
               strstr(k.parts, "<POSEX>000020</POSEX><TEXT1>/") == NULL,
               "%s", k.parts);
}

/* Nobody heard whether the row arrived; it is removed since. */
static void
a_row_that_was_perhaps_written_goes(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    duo_set(&k, L, "{'No':'7','Subject':'s','Lines':"
            "[{'Nr':'10','Text':'t'},{'Nr':'20','Text':'u'}]}");
    k.lose_answer = true;
    duo_change(&k, L);
    k.lose_answer = false;
    duo_remove(&k, L, "Lines[Nr=10]");
    duo_change(&k, L);
    CHECK_THAT(strstr(k.parts, "<MSGFN>003</MSGFN><POSEX>000010</POSEX>") !=
               NULL, "%s", k.parts);
}

/* A row says itself that it was deleted, the last one, too. */
static void
a_row_is_marked_as_deleted(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>" ROW("10", "t")
            ROW("20", "u") "<E1ITEM SEGMENT=\"1\"><MSGFN>003</MSGFN>"
            "<POSEX>000030</POSEX>"
            "</E1ITEM>");
    CHECK_TEXT(k.parts, "POST PaperSet() {\"No\":\"7\",\"Subject\":\"s\","
               "\"Lines\":[{\"Nr\":\"10\",\"Text\":\"t\"},"
               "{\"Nr\":\"20\",\"Text\":\"u\"}]}\n");
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><MSGFN>003</MSGFN><POSEX>000010</POSEX>"
            "</E1ITEM><E1ITEM SEGMENT=\"1\"><MSGFN>004</MSGFN>"
            "<POSEX>000020</POSEX><TEXT1>u</TEXT1></E1ITEM>");
    CHECK_TEXT(k.parts, "DELETE LineSet(id2) \n");
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><MSGFN>003</MSGFN><POSEX>000020</POSEX>"
            "</E1ITEM>");
    CHECK_TEXT(k.parts, "DELETE LineSet(id3) \n");
}

/* Written 's', then 't', then 'u': messages show what was before; or somebody
 * has put it back there: so 'u' goes there once more. */
static void
old_values_are_no_changes(void)
{
    created();
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    duo_edit(&k, L, "{'Subject':'t'}");
    duo_change(&k, L);
    duo_edit(&k, L, "{'Subject':'u'}");
    duo_change(&k, L);
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    CHECK(!k.result.write && !k.result.conflict && k.result.back);
    duo_change(&k, L);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR><TEXT1>u</TEXT1>");
    message("<BELNR>0000000007</BELNR><TEXT1>t</TEXT1>");
    CHECK(!k.result.write && !k.result.conflict && k.result.back);
    duo_change(&k, L);
    message("<BELNR>0000000007</BELNR><TEXT1>u</TEXT1>");
    CHECK(!k.result.write && !k.result.back);
    /* Now it has been shown: the old value is a new edit. */
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    CHECK(k.result.write && !k.result.conflict);
    CHECK_TEXT(duo_value(&k, L, "Subject"), "s");
}

/* A peer that tells of each write and keeps what it has. */
static void
it_is_not_written_for_ever(void)
{
    int writes = 0;

    created();
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    duo_edit(&k, L, "{'Subject':'t'}");
    duo_change(&k, L);
    for (int i = 0; i < 50; i++) {
        message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
        CHECK(!k.result.write);
        duo_change(&k, L);
        writes += k.result.write;
    }
    CHECK_NUMBER(writes, 16);
    CHECK_TEXT(duo_value(&k, L, "Subject"), "t");
    /* The next value has as many tries. */
    duo_edit(&k, L, "{'Subject':'u'}");
    duo_change(&k, L);
    message("<BELNR>0000000007</BELNR><TEXT1>t</TEXT1>");
    CHECK(k.result.back);
}

/* Nobody knows which came first: the winner is written to both. */
static void
another_value_meets_our_write(void)
{
    for (int wins = 0; wins < 2; wins++) {
        created();
        message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
        duo_edit(&k, L, "{'Subject':'ours'}");
        duo_change(&k, L);
        k.changed[L] = 2000000;
        k.changed[E] = wins == L ? 1000000 : 3000000;
        message("<BELNR>0000000007</BELNR><TEXT1>theirs</TEXT1>");
        CHECK(k.result.conflict && k.result.back);
        CHECK_TEXT(duo_value(&k, L, "Subject"), wins == L ? "ours" : "theirs");
        duo_change(&k, L);
        CHECK(k.result.write && !k.result.conflict);
        CHECK_THAT(strstr(k.parts, wins == L ? "<TEXT1>ours<"
                                             : "<TEXT1>theirs<") != NULL,
                   "%d: %s", wins, k.parts);
        CHECK(duo_echo(&k, L));
        /* What the two writes meet there shows in any order. */
        message("<BELNR>0000000007</BELNR><TEXT1>ours</TEXT1>");
        CHECK(!k.result.write);
        if (wins == E)
            message("<BELNR>0000000007</BELNR><TEXT1>theirs</TEXT1>");
        CHECK(!k.result.write);
        CHECK_TEXT(duo_value(&k, L, "Subject"), wins == L ? "ours" : "theirs");
    }
}

/* The same, and nobody heard that it was written here: what is found here then
 * is not what they have. */
static void
what_won_unheard_goes_back(void)
{
    created();
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    duo_edit(&k, L, "{'Subject':'ours'}");
    duo_change(&k, L);
    k.changed[L] = 2000000;
    k.changed[E] = 3000000;
    k.lose_answer = true;
    message("<BELNR>0000000007</BELNR><TEXT1>theirs</TEXT1>");
    CHECK_TEXT(duo_value(&k, L, "Subject"), "theirs");
    k.lose_answer = false;
    k.crossing = true;
    duo_change(&k, L);
    CHECK(k.result.write && !k.result.conflict);
    DOCUMENT("<MSGFN>005</MSGFN><BELNR>0000000007</BELNR>"
             "<TEXT1>theirs</TEXT1>");
    duo_change(&k, L);
    CHECK(!k.result.write);
    message("<BELNR>0000000007</BELNR><TEXT1>ours</TEXT1>");
    CHECK(!k.result.write);
    CHECK_TEXT(duo_value(&k, L, "Subject"), "theirs");
}

/* Our creation and theirs cross; nobody heard whether ours arrived. */
static void
a_message_crosses_a_creation(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    duo_set(&k, L, "{'No':'7','Subject':'ours','Org':'1000'}");
    k.lose_answer = true;
    duo_change(&k, L);
    k.lose_answer = false;
    k.crossing = true;
    k.changed[L] = 1000000;
    k.changed[E] = 3000000;
    message("<BELNR>0000000007</BELNR><TEXT1>theirs</TEXT1>");
    CHECK(k.result.conflict && k.result.back);
    CHECK_TEXT(duo_value(&k, L, "Subject"), "theirs");
    k.crossing = false;
    duo_change(&k, L);
    CHECK_THAT(strstr(k.parts, "<TEXT1>theirs<") != NULL, "%s", k.parts);
    /* What our creation put there for a while is no edit. */
    message("<BELNR>0000000007</BELNR><TEXT1>ours</TEXT1>");
    CHECK(!k.result.write);
    CHECK_TEXT(duo_value(&k, L, "Subject"), "theirs");
}

static void
long_after_a_write_it_is_a_change(void)
{
    created();
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>");
    k.written[E] = k.changed[L] = INT64_C(60000000);
    duo_edit(&k, L, "{'Subject':'ours'}");
    duo_change(&k, L);
    k.changed[E] = INT64_C(60000000) * 20;
    message("<BELNR>0000000007</BELNR><TEXT1>theirs</TEXT1>");
    CHECK(k.result.write && !k.result.conflict && !k.result.back);
}

static void
a_message_makes_and_changes(void)
{
    duo_clear(&k);
    k.readable[E] = false;
    message("<BELNR>0000000007</BELNR><TEXT1>s</TEXT1>"
            "<E1ORG SEGMENT=\"1\"><QUALF>008</QUALF><ORGID>1000</ORGID>"
            "</E1ORG><E1ITEM SEGMENT=\"1\"><POSEX>000010</POSEX>"
            "<TEXT1>t</TEXT1></E1ITEM><E1ITEM SEGMENT=\"1\">"
            "<POSEX>000020</POSEX><TEXT1>u</TEXT1></E1ITEM>");
    CHECK_TEXT(k.parts, "POST PaperSet() {\"No\":\"7\",\"Subject\":\"s\","
               "\"Org\":\"1000\",\"Lines\":[{\"Nr\":\"10\",\"Text\":\"t\"},"
               "{\"Nr\":\"20\",\"Text\":\"u\"}]}\n");
    message("<BELNR>0000000007</BELNR><TEXT1>x</TEXT1>"
            "<E1ITEM SEGMENT=\"1\"><POSEX>000020</POSEX><TEXT1>u</TEXT1>"
            "</E1ITEM>");
    CHECK_TEXT(k.parts, "PATCH PaperSet(id1) {\"Subject\":\"x\"}\n"
               "DELETE LineSet(id2) \n");
    CHECK_TEXT(duo_value(&k, L, "Org"), "1000");
    duo_change(&k, L);
    CHECK(!k.result.write);
    duo_remove(&k, L, "Lines[Nr=20]");
    duo_change(&k, L);
    CHECK_THAT(strstr(k.parts, "<MSGFN>003</MSGFN><POSEX>000020</POSEX>") !=
               NULL, "%s", k.parts);
}

static void
a_deletion_is_passed_on(void)
{
    struct mr_val key = mr_text("0000000007");
    void *out = NULL;
    struct op_part *parts = NULL;
    size_t n = 0;

    created();
    mr_cx_next(&k.cx);
    merge_init(&k.m, &k.cx, k.map, &k.keys);
    REQUIRE(merge_deletion(&k.m, E, key, &out) == MR_OK);
    REQUIRE(merge_parts(&k.m, E, out, NULL, &parts, &n) == MR_OK);
    CHECK_NUMBER(n, 1);
    CHECK_TEXT(parts[0].body.p, HEAD "<MSGFN>003</MSGFN>"
               "<BELNR>0000000007</BELNR><TEXT1>/</TEXT1>" TAIL);
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "creation", a_creation },
        { "only what changed", only_what_changed_and_what_names_it },
        { "row goes", a_row_that_goes_is_named },
        { "row was added", a_row_that_was_added_is_not_gone },
        { "row went", a_row_that_went_stays_gone },
        { "row is written anew", a_row_is_written_anew },
        { "row was perhaps written", a_row_that_was_perhaps_written_goes },
        { "row is marked", a_row_is_marked_as_deleted },
        { "old values", old_values_are_no_changes },
        { "not for ever", it_is_not_written_for_ever },
        { "meets our write", another_value_meets_our_write },
        { "owed", what_won_unheard_goes_back },
        { "crosses", a_message_crosses_a_creation },
        { "long after", long_after_a_write_it_is_a_change },
        { "message makes", a_message_makes_and_changes },
        { "deletion", a_deletion_is_passed_on },
    };
    int bad;

    duo_init(&k, "Paper");
    bad = check_run(cases, CHECK_ROWS(cases));
    duo_done(&k);
    return bad;
}
