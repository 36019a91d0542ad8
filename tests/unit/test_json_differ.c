/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON decoder against jansson, over made streams and damaged ones: what
 * is refused by one is refused by the other, and the values are equal. Where
 * the two differ on purpose is said in codec/json_oracle.h.
 */
#include "codec/json_make.h"
#include "codec/json_oracle.h"
#include "unit/check.h"

struct tally {
    long taken, refused, twice, unasked;
};

static void
compare(struct tally *tally, const char *p, size_t n, size_t each)
{
    struct oracle o = { .text = { NULL, 0, 0 } };
    struct test_text ours = { NULL, 0, 0 };
    char why[256];
    bool twice = false;
    enum answer got, want;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_cx_init(&o.cx, NULL);
    test_say_words(&ours, "");
    test_say_words(&o.text, "");
    want = ask_oracle(&o, p, n, &twice);
    got = ask_decoder(&cx, p, n, each, &ours, why);
    if (want == NO_ANSWER) {
        tally->unasked++;
    } else if (got == REFUSED && twice && is_of_shape(why)) {
        tally->twice++;
    } else {
        CHECK_THAT(got == want, "%.*s\nhere: %s, there: %s", (int)n, p,
                   got == TAKEN ? "taken" : why,
                   want == TAKEN ? "taken" : "refused");
        /* Records of one document that is refused later are no matter. */
        CHECK_THAT(want == REFUSED ||
                       (ours.n == o.text.n &&
                        memcmp(ours.p, o.text.p, ours.n) == 0),
                   "%.*s\nhere:  %s\nthere: %s", (int)n, p, ours.p, o.text.p);
        *(got == TAKEN ? &tally->taken : &tally->refused) += 1;
    }
    free(ours.p);
    free(o.text.p);
    mr_cx_done(&o.cx);
    mr_cx_done(&cx);
}

static void
differ(uint64_t seed)
{
    enum { STREAMS = 3000, DAMAGED = 6 };
    static struct json_make make;
    struct tally tally = { 0, 0, 0, 0 };

    json_shapes_init();
    make.state = seed;
    for (int i = 0; i < STREAMS; i++) {
        json_make_stream(&make);
        for (int k = 0; k <= DAMAGED; k++) {
            compare(&tally, make.text, make.n,
                    k == 0 ? make.n + 1 : 1 + json_random(&make, 50));
            json_make_damage(&make);
        }
    }
    /* Each kind of answer was really met. */
    CHECK(tally.taken > STREAMS && tally.refused > STREAMS);
    CHECK(tally.twice > STREAMS / 100 && tally.unasked < STREAMS / 10);
}

static void
test_seed_1(void)
{
    differ(1);
}

static void
test_seed_2(void)
{
    differ(20240318);
}

static void
test_seed_3(void)
{
    differ(0x9e3779b97f4a7c15);
}

CHECK_MAIN({ "seed 1", test_seed_1 }, { "seed 2", test_seed_2 },
           { "seed 3", test_seed_3 })
