/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The promise of two-way rules, on generated values: what goes there and back
 * is the same again. Values are made for a side that says what they look like;
 * for the other side the results are tried. A value that fails on the way
 * there meets its fate and says nothing about the promise.
 */
#include "host/host.h"

enum { FIELDS_MAX = 16, SHOWN_MAX = 3 };

struct values {
    struct mr_val v[FIELDS_MAX];
};

struct trial {
    const struct mr_map *map;
    const struct mr_pair *pair;
    struct mr_cx cx;
    struct host_frame frame;
    struct host_random random;
    struct mr_trace hooks;
    bool failed;                /* some value failed since this was cleared */
    uint64_t tried, through, different;
};

static void
on_step(void *arg, const char *name, struct mr_val v)
{
    (void)arg;
    (void)name;
    (void)v;
}

static void
on_put(void *arg, const struct mr_target *t, struct mr_val v)
{
    struct trial *trial = arg;

    (void)t;
    trial->failed |= v.state == MR_FAILED;
}

/* --- the fields of a side --- */

static const struct mr_field *
fields(const struct mr_pair *p, int side, size_t *n)
{
    *n = side == HOST_LEFT ? p->n_left : p->n_right;
    return side == HOST_LEFT ? p->left : p->right;
}

static void
set_field(struct trial *t, const struct mr_field *f, struct mr_val v)
{
    char *record;
    struct mr_val *slot;

    memcpy(&record, t->frame.frame + f->at, sizeof record);
    slot = f->picked == NULL ? (struct mr_val *)(void *)(record + f->field)
           : v.state == MR_MISSING && mr_pick(record, f->picked).state ==
                                          MR_MISSING
               ? NULL
               : mr_pick_slot(&t->cx, record, f->picked);
    if (slot != NULL)
        *slot = v;
}

static void
set_side(struct trial *t, int side, const struct values *values)
{
    size_t n;
    const struct mr_field *f = fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < FIELDS_MAX; i++)
        set_field(t, &f[i], values == NULL ? mr_missing() : values->v[i]);
}

static void
get_side(struct trial *t, int side, struct values *values)
{
    size_t n;
    const struct mr_field *f = fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < FIELDS_MAX; i++)
        values->v[i] = host_field(t->frame.frame, &f[i]);
}

static bool
same_side(struct trial *t, int side, const struct values *a,
          const struct values *b)
{
    size_t n;

    fields(t->pair, side, &n);
    for (size_t i = 0; i < n && i < FIELDS_MAX; i++)
        if (a->v[i].state != b->v[i].state || a->v[i].n != b->v[i].n ||
            (a->v[i].n != 0 &&
             memcmp(a->v[i].p, b->v[i].p, a->v[i].n) != 0))
            return false;
    return true;
}

/* From one side to the other; false where a value failed. */
static bool
go(struct trial *t, int from)
{
    set_side(t, 1 - from, NULL);
    t->failed = false;
    t->cx.verdict.n = 0;
    if (from == HOST_LEFT)
        t->pair->to_right(&t->cx, t->frame.frame);
    else
        t->pair->to_left(&t->cx, t->frame.frame);
    return !t->failed && t->cx.error.status == MR_OK;
}

/* --- values --- */

/* What a rule's arguments often are: countries, currencies. */
static struct mr_val
given_value(struct trial *t, const struct mr_field *f)
{
    static const char *const usual[] = { "DE", "US", "CH", "GB", "FR",
                                         "EUR", "USD", "JPY", "CHF" };
    const char *text = usual[host_random(&t->random, 9)];
    struct mr_val context;

    if (f->type == MR_TYPE_TEXT && f->values == NULL && f->codes == NULL &&
        (f->max_chars == 0 || strlen(text) <= f->max_chars))
        return mr_text(text);
    return host_value(&t->cx, &t->random, f, &context);
}

static void
make_values(struct trial *t, int side, struct values *values)
{
    struct mr_val context = mr_missing();
    size_t n;
    const struct mr_field *f = fields(t->pair, side, &n);

    for (uint16_t i = 0; i < t->pair->n_given; i++)
        set_field(t, &t->pair->given[i],
                  given_value(t, &t->pair->given[i]));
    for (size_t i = 0; i < n && i < FIELDS_MAX; i++)
        values->v[i] = host_value(&t->cx, &t->random, &f[i], &context);
    if (context.state == MR_HERE && t->pair->n_given > 0)
        set_field(t, &t->pair->given[0], context);
}

/* --- telling --- */

static void
show_side(struct trial *t, int side, const struct values *values)
{
    size_t n;
    const struct mr_field *f = fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < FIELDS_MAX; i++) {
        printf("%s%s ", i == 0 ? "" : ", ", f[i].name);
        host_show(stdout, values->v[i], false);
    }
    putchar('\n');
}

static void
tell(struct trial *t, int side, const struct values *start,
     const struct values *there, const struct values *back, bool failed)
{
    if (t->pair->lossy || t->different++ >= SHOWN_MAX) {
        t->different += t->pair->lossy;
        return;
    }
    if (t->different == 1)
        printf("FAIL %s: %s\n", t->pair->at, t->pair->rule);
    fputs("  from ", stdout);
    show_side(t, side, start);
    fputs("    to ", stdout);
    show_side(t, 1 - side, there);
    fputs(failed ? "  back it fails: " : "  back ", stdout);
    show_side(t, side, back);
}

/* --- one value --- */

/* The values stand on `side`; there, back and, for canonical rules, once more.
 * There and back from `side` is the same where the promise holds. */
static void
round_trip(struct trial *t, int side, struct values *start)
{
    struct values there, back;
    bool failed;

    if (!go(t, side))
        return;
    t->through++;
    get_side(t, 1 - side, &there);
    failed = !go(t, 1 - side);
    get_side(t, side, &back);
    if (t->pair->canonical && !failed) {
        *start = back;
        failed = !go(t, side) || !go(t, 1 - side);
        get_side(t, side, &back);
    }
    if (failed || !same_side(t, side, start, &back))
        tell(t, side, start, &there, &back, failed);
}

static void
try_value(struct trial *t, int side, bool made)
{
    struct values start;

    mr_cx_next(&t->cx);
    host_frame_clear(&t->frame);
    make_values(t, made ? side : 1 - side, &start);
    set_side(t, made ? side : 1 - side, &start);
    t->tried++;
    if (!made) {
        if (!go(t, 1 - side))
            return;
        get_side(t, side, &start);
    }
    round_trip(t, side, &start);
}

static void
run_pair(struct trial *t, uint64_t count, struct host_tally *tally)
{
    const struct mr_pair *p = t->pair;

    t->tried = t->through = t->different = 0;
    for (uint64_t i = 0; i < count && t->cx.error.status == MR_OK; i++) {
        try_value(t, HOST_LEFT, p->made_left);
        try_value(t, HOST_RIGHT, p->made_right);
    }
    if (t->cx.error.status != MR_OK) {
        printf("FAIL %s: %s\n", p->at, t->cx.error.text);
        tally->failed++;
    } else if (t->different > 0 && !p->lossy) {
        printf("  %llu of %llu values came back different\n",
               (unsigned long long)t->different,
               (unsigned long long)t->through);
        tally->failed++;
    } else {
        tally->passed++;
    }
    if (t->through * 10 < t->tried) {
        printf("warning %s: %s\n  not exercised: %llu of %llu generated "
               "values got through\n", p->at, p->rule,
               (unsigned long long)t->through, (unsigned long long)t->tried);
        tally->warned++;
    }
}

static void
run_map(const struct mr_map *map, uint64_t seed, uint64_t count,
        struct host_tally *tally)
{
    struct trial t = { .map = map };

    t.hooks.step = on_step;
    t.hooks.put = on_put;
    t.hooks.arg = &t;
    mr_cx_init(&t.cx, NULL);
    t.cx.trace = &t.hooks;
    if (host_frame_init(&t.cx, &t.frame, map) == MR_OK) {
        for (uint16_t i = 0; i < map->n_pairs; i++) {
            t.pair = &map->pairs[i];
            t.random.state = seed + i;
            run_pair(&t, count, tally);
        }
        host_frame_done(&t.cx, &t.frame);
    } else {
        printf("FAIL %s: %s\n", map->name, t.cx.error.text);
        tally->failed++;
    }
    mr_cx_done(&t.cx);
}

void
host_run_pairs(const struct host *h, uint64_t seed, uint64_t count,
               struct host_tally *tally)
{
    for (uint16_t i = 0; i < h->program->n_maps; i++)
        run_map(h->program->maps[i], seed, count, tally);
}
