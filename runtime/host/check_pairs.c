/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The promise of two-way rules, on generated values: what goes there and back
 * is the same again. Values are made for a side that says what they look like;
 * for the other side the results are tried. A value that fails on the way
 * there meets its fate and says nothing about the promise.
 */
#include "host/trip.h"

enum { SHOWN_MAX = 3 };

struct trial {
    struct trip trip;
    struct host_random random;
    uint64_t tried, through, different;
};

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
    return host_value(&t->trip.cx, &t->random, f, &context);
}

static void
make_values(struct trial *t, int side, struct trip_values *values)
{
    struct mr_val context = mr_missing();
    size_t n;
    const struct mr_field *f = trip_fields(t->trip.pair, side, &n);

    for (uint16_t i = 0; i < t->trip.pair->n_given; i++)
        trip_set_field(&t->trip, &t->trip.pair->given[i],
                  given_value(t, &t->trip.pair->given[i]));
    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++)
        values->v[i] = host_value(&t->trip.cx, &t->random, &f[i], &context);
    if (context.state == MR_HERE && t->trip.pair->n_given > 0)
        trip_set_field(&t->trip, &t->trip.pair->given[0], context);
}

/* --- telling --- */

static void
show_side(struct trial *t, int side, const struct trip_values *values)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->trip.pair, side, &n);

    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++) {
        printf("%s%s ", i == 0 ? "" : ", ", f[i].name);
        host_show(stdout, values->v[i], false);
    }
    putchar('\n');
}

static void
tell(struct trial *t, int side, const struct trip_values *start,
     const struct trip_values *there, const struct trip_values *back, bool failed)
{
    if (t->trip.pair->lossy || t->different++ >= SHOWN_MAX) {
        t->different += t->trip.pair->lossy;
        return;
    }
    if (t->different == 1)
        printf("FAIL %s: %s\n", t->trip.pair->at, t->trip.pair->rule);
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
round_trip(struct trial *t, int side, struct trip_values *start)
{
    struct trip_values there, back;
    bool failed;

    if (!trip_go(&t->trip, side))
        return;
    t->through++;
    trip_get(&t->trip, 1 - side, &there);
    failed = !trip_go(&t->trip, 1 - side);
    trip_get(&t->trip, side, &back);
    if (t->trip.pair->canonical && !failed) {
        *start = back;
        failed = !trip_go(&t->trip, side) || !trip_go(&t->trip, 1 - side);
        trip_get(&t->trip, side, &back);
    }
    if (failed || !trip_same(&t->trip, side, start, &back))
        tell(t, side, start, &there, &back, failed);
}

static void
try_value(struct trial *t, int side, bool made)
{
    struct trip_values start;

    trip_clear(&t->trip);
    make_values(t, made ? side : 1 - side, &start);
    trip_set(&t->trip, made ? side : 1 - side, &start);
    t->tried++;
    if (!made) {
        if (!trip_go(&t->trip, 1 - side))
            return;
        trip_get(&t->trip, side, &start);
    }
    round_trip(t, side, &start);
}

static void
run_pair(struct trial *t, uint64_t count, struct host_tally *tally)
{
    const struct mr_pair *p = t->trip.pair;

    t->tried = t->through = t->different = 0;
    for (uint64_t i = 0; i < count && t->trip.cx.error.status == MR_OK; i++) {
        try_value(t, HOST_LEFT, p->made_left);
        try_value(t, HOST_RIGHT, p->made_right);
    }
    if (t->trip.cx.error.status != MR_OK) {
        printf("FAIL %s: %s\n", p->at, t->trip.cx.error.text);
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
    struct trial t;

    if (trip_open(&t.trip, map) != MR_OK) {
        printf("FAIL %s: memory ran out\n", map->name);
        tally->failed++;
        return;
    }
    for (uint16_t i = 0; i < map->n_pairs; i++) {
        t.trip.pair = &map->pairs[i];
        t.random.state = seed + i;
        run_pair(&t, count, tally);
    }
    trip_close(&t.trip);
}

void
host_run_pairs(const struct host *h, uint64_t seed, uint64_t count,
               struct host_tally *tally)
{
    for (uint16_t i = 0; i < h->program->n_maps; i++)
        run_map(h->program->maps[i], seed, count, tally);
}
