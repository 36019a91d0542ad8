/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of messages. One of which no answer came goes out again with the
 * number that it had, also after a start and however much later, so that a
 * receiver can tell; one that says something else has a number that none had.
 */
#include "engine_stage.h"

/* The key of a line is kept sealed: e can't be asked for it. */
#define RECORD(subject, text)                                                 \
    "{'ObjectID':'p1','No':'1','Subject':'" subject "','Lines':{'results':"   \
    "[{'ObjectID':'i1','Nr':'10','Text':'" text "'}]}}"
#define PAPER(subject, text)                                                  \
    "{'d':{'results':[" RECORD(subject, text) "]}}"

/* The next write to e has this number. */
static bool
sent(enum op_kind kind, char token[static 24])
{
    if (!next_is("e", kind))
        return false;
    snprintf(token, 24, "%s", st.op->message_token);
    return true;
}

static bool
sends(const char *page, enum op_kind kind, char token[static 24])
{
    st.now += 90 * SECOND;
    engine_poll(st.engine, st.paper, L, true);
    turn();
    if (!next_is("l", OP_PAGE))
        return false;
    answer(OP_OK, page);
    return sent(kind, token);
}

/* After a start, what has no answer is looked after: the paper is found by its
 * key, or read where there is a link. */
static bool
sends_again(enum op_kind asked, const char *body, enum op_kind kind,
            char token[static 24])
{
    stage_stop();
    if (!stage_start())
        return false;
    st.now += 90 * SECOND;
    turn();
    if (!next_is("l", asked))
        return false;
    answer(OP_OK, body);
    return sent(kind, token);
}

static void
the_same_has_the_same_number(void)
{
    char first[24], second[24];

    REQUIRE(stage_open());
    REQUIRE(sends(PAPER("a", "b"), OP_CREATE, first));
    REQUIRE(sends_again(OP_FIND, PAPER("a", "b"), OP_CREATE, second));
    CHECK_TEXT(second, first);
    answer(OP_OK, "");
    CHECK_NUMBER(counts().intents, 0);

    REQUIRE(sends(PAPER("d", "b"), OP_UPDATE, first));
    CHECK(strcmp(first, second) != 0);
    REQUIRE(sends_again(OP_READ, "{'d':" RECORD("d", "b") "}", OP_UPDATE,
                        second));
    CHECK_TEXT(second, first);
    stage_close();
}

static void
another_has_another_number(void)
{
    char first[24], second[24], third[24];

    REQUIRE(stage_open());
    REQUIRE(sends(PAPER("a", "b"), OP_CREATE, first));
    REQUIRE(sends_again(OP_FIND, PAPER("a", "c"), OP_CREATE, second));
    CHECK(strcmp(first, second) != 0);
    /* The first one was not the last to be sent. */
    REQUIRE(sends_again(OP_FIND, PAPER("a", "b"), OP_CREATE, third));
    CHECK(strcmp(third, first) != 0 && strcmp(third, second) != 0);
    stage_close();
}

/* Of a store that is lost nobody knows which numbers it gave. */
static void
numbers_are_not_given_again(void)
{
    char first[24], second[24], third[24];

    REQUIRE(stage_open());
    REQUIRE(sends(PAPER("a", "b"), OP_CREATE, first));
    answer(OP_OK, "");
    REQUIRE(sends(PAPER("c", "b"), OP_UPDATE, second));
    CHECK(strcmp(second, first) > 0);
    /* The clock was set back. */
    answer(OP_OK, "");
    st.now -= 3600 * (int64_t)SECOND;
    REQUIRE(sends(PAPER("d", "b"), OP_UPDATE, third));
    CHECK(strcmp(third, second) > 0);
    CHECK_NUMBER(strlen(third), 16);
    stage_close();

    REQUIRE(stage_open());
    st.now += 7200 * (int64_t)SECOND;
    REQUIRE(sends(PAPER("a", "b"), OP_CREATE, first));
    CHECK(strcmp(first, third) > 0);
    CHECK_NUMBER(strlen(first), 16);
    stage_close();
}

CHECK_MAIN(
    { "same", the_same_has_the_same_number },
    { "another", another_has_another_number },
    { "not again", numbers_are_not_given_again },
)
