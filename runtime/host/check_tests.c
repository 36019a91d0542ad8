/* SPDX-License-Identifier: Apache-2.0 */
/* The tests that were written in maps: fill a record, run the map, compare. */
#include "host/host.h"

#include "conv/ids.h"

struct mr_check {
    const struct mr_test *test;
    unsigned failures;
};

static void
headline(struct mr_check *check)
{
    if (check->failures++ == 0)
        printf("FAIL %s: %s (to %s)\n", check->test->at, check->test->title,
               check->test->to_right ? check->test->map->right
                                     : check->test->map->left);
}

static bool
same(struct mr_val a, struct mr_val b)
{
    return a.state == b.state && a.n == b.n &&
           (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

void
mr_expect(struct mr_check *check, const char *field, struct mr_val got,
          struct mr_val want)
{
    if (same(got, want))
        return;
    headline(check);
    printf("  %s: got ", field);
    host_show(stdout, got, false);
    fputs(", expected ", stdout);
    host_show(stdout, want, false);
    putchar('\n');
}

bool
mr_expect_count(struct mr_check *check, const char *field, uint32_t got,
                uint32_t want)
{
    if (got == want)
        return true;
    headline(check);
    printf("  %s: got %lu elements, expected %lu\n", field,
           (unsigned long)got, (unsigned long)want);
    return false;
}

static const char *
outcome_words(enum mr_outcome outcome)
{
    switch (outcome) {
    case MR_OUTCOME_RECORD:
        return "a record";
    case MR_OUTCOME_PARKED:
        return "parked";
    case MR_OUTCOME_REJECTED:
        return "rejected";
    case MR_OUTCOME_LEFT_OUT:
        return "left out";
    }
    return "";
}

static enum mr_outcome
run(struct mr_cx *cx, const struct mr_flow *flow, void *frame)
{
    bool takes = flow->takes == NULL || flow->takes(cx, frame);

    if (cx->verdict.n == 0 && takes)
        flow->run(cx, frame);
    if (cx->verdict.rejected)
        return MR_OUTCOME_REJECTED;
    if (cx->verdict.parked)
        return MR_OUTCOME_PARKED;
    return takes ? MR_OUTCOME_RECORD : MR_OUTCOME_LEFT_OUT;
}

/* The ID map of one test; NULL after an error. */
static struct mr_ids *
test_ids(struct mr_cx *cx, const struct mr_test *t)
{
    struct mr_ids *ids = mr_ids_new(cx);

    for (size_t i = 0; ids != NULL && t->refs != NULL && t->refs[i][0] != NULL;
         i++) {
        if (mr_ids_add(cx, ids, mr_text(t->refs[i][0]),
                       mr_text(t->refs[i][1]),
                       mr_text(t->refs[i][2])) == MR_OK)
            continue;
        mr_ids_free(cx, ids);
        return NULL;
    }
    return ids;
}

static void
compare_outcome(struct mr_check *check, const struct mr_cx *cx,
                enum mr_outcome got)
{
    if (got == check->test->outcome)
        return;
    headline(check);
    printf("  got %s, expected %s\n", outcome_words(got),
           outcome_words(check->test->outcome));
    for (uint32_t i = 0; i < cx->verdict.n && i < MR_FINDINGS_MAX; i++) {
        const struct mr_finding *f = &cx->verdict.findings[i];

        printf("  %s: ", f->target->field);
        host_show(stdout, f->value, false);
        printf(": %s (%s)\n", mr_why_words(f->value.why), f->target->at);
    }
}

static void
run_test(struct mr_check *check, struct mr_cx *cx, struct host_frame *frame)
{
    const struct mr_test *t = check->test;
    const struct mr_flow *flow =
        t->to_right ? t->map->to_right : t->map->to_left;
    int from = t->to_right ? HOST_LEFT : HOST_RIGHT;
    enum mr_outcome outcome;

    if (flow == NULL) {
        headline(check);
        puts("  the map has no rules in this direction");
        return;
    }
    if (!t->fill(cx, frame->records[from]))
        return;
    outcome = run(cx, flow, frame->frame);
    if (cx->error.status != MR_OK)
        return;
    compare_outcome(check, cx, outcome);
    if (outcome == MR_OUTCOME_RECORD && t->outcome == outcome &&
        t->compare != NULL)
        t->compare(check, frame->records[1 - from]);
}

/* A context of its own: what one test leaves does not touch the next. */
static bool
test_passes(const struct mr_test *t)
{
    struct mr_check check = { t, 0 };
    struct host_frame frame = { 0 };
    struct mr_ids *ids;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    ids = test_ids(&cx, t);
    cx.ids = ids;
    if (ids != NULL && host_frame_init(&cx, &frame, t->map) == MR_OK) {
        run_test(&check, &cx, &frame);
        host_frame_done(&cx, &frame);
    }
    if (cx.error.status != MR_OK) {
        headline(&check);
        printf("  %s\n", cx.error.text);
    }
    mr_ids_free(&cx, ids);
    mr_cx_done(&cx);
    return check.failures == 0;
}

void
host_run_tests(const struct host *h, struct host_tally *tally)
{
    for (uint16_t i = 0; i < h->program->n_tests; i++) {
        if (test_passes(h->program->tests[i]))
            tally->passed++;
        else
            tally->failed++;
    }
}
