/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command certificate: what every two-way rule promises of the values that
 * go there and back, as the compiler concluded it from facts about conversions;
 * and, by running the rule, the shortest value that shows it. The facts and the
 * program check each other: a value that comes back changed where none may, and
 * one that does not settle, are failures.
 */
#include "host/examples.h"
#include "host/remembered.h"
#include "host/trip.h"

enum { EACH_OF_SEVERAL = 8, VARIED = 4, CONTEXTS = 4 };

struct certificate {
    struct trip trip;
    const struct mr_map *map;
    bool json;
    unsigned shown;             /* examples of this rule */
    unsigned rules, exact, domain, canonical, remembered, lossy, trusted,
        broken, refuted;
};

enum came {
    CAME_SAME, CAME_REFUSED, CAME_CHANGED, CAME_NOT, CAME_UNSETTLED,
    CAME_LOST                   /* what was remembered does not give it again */
};

/* One value's way: from `side`, there, back. */
struct way {
    int side;
    struct trip_values start, there, back;
    enum mr_why why;            /* CAME_REFUSED, CAME_NOT */
};

static bool
keeps(const struct mr_pair *p, int side)
{
    return side == HOST_LEFT ? p->keeps_left : p->keeps_right;
}

/* --- one value --- */

static enum came
follow(struct trip *t, struct way *w)
{
    struct trip_values again;

    memset(&w->back, 0, sizeof w->back);
    trip_set(t, w->side, &w->start);
    if (!trip_go(t, w->side)) {
        w->why = t->why;
        return CAME_REFUSED;
    }
    trip_get(t, 1 - w->side, &w->there);
    if (!trip_go(t, 1 - w->side)) {
        w->why = t->why;
        return CAME_NOT;
    }
    trip_get(t, w->side, &w->back);
    if (trip_same(t, w->side, &w->start, &w->back))
        return CAME_SAME;
    trip_set(t, w->side, &w->back);
    if (!trip_go(t, w->side) || !trip_go(t, 1 - w->side))
        return CAME_UNSETTLED;
    trip_get(t, w->side, &again);
    return trip_same(t, w->side, &w->back, &again) ? CAME_CHANGED
                                                   : CAME_UNSETTLED;
}

/* What a rule's arguments read beside it: countries, currencies. */
static void
give(struct trip *t, uint32_t i, struct mr_val context)
{
    static const char *const usual[CONTEXTS] = { "DE", "EUR", "JPY", "US" };

    for (uint16_t f = 0; f < t->pair->n_given; f++) {
        const struct mr_field *given = &t->pair->given[f];
        struct mr_val v = mr_text(usual[i]);
        bool end;

        if (given->type != MR_TYPE_TEXT || given->codes != NULL ||
            given->values != NULL)
            v = host_example(&t->cx, given, i, &context, &end);
        trip_set_field(t, given, f == 0 && context.state == MR_HERE ? context
                                                                    : v);
    }
}

/* Where several fields meet, each is empty or one of a few. */
static struct mr_val
of_several(struct trip *t, const struct mr_field *f, uint32_t i,
           struct mr_val *context)
{
    static const uint32_t chosen[EACH_OF_SEVERAL] = { 0, 1, 2, 3, 4, 5, 6, 130 };
    bool end;

    return i == 0 ? mr_empty()
                  : host_example(&t->cx, f, chosen[i - 1], context, &end);
}

/* The i-th try; false where some value is not one that its field can hold. */
static bool
make(struct trip *t, struct way *w, uint32_t i, bool *end)
{
    uint32_t contexts = t->pair->n_given > 0 ? CONTEXTS : 1;
    uint32_t rest = i / contexts;
    struct mr_val context = mr_missing();
    bool all = true;
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, w->side, &n);

    trip_clear(t);
    memset(&w->start, 0, sizeof w->start);
    *end = false;
    if (n == 1) {
        w->start.v[0] = host_example(&t->cx, f, rest, &context, end);
        all = w->start.v[0].state == MR_HERE;
    }
    for (size_t k = 0; n > 1 && k < n && k < TRIP_FIELDS; k++) {
        w->start.v[k] = k < VARIED ? of_several(t, &f[k],
                                                rest % EACH_OF_SEVERAL,
                                                &context)
                                   : mr_empty();
        all = all && w->start.v[k].state != MR_MISSING;
        rest = k < VARIED ? rest / EACH_OF_SEVERAL : rest;
    }
    *end |= n > 1 && rest > 0;
    give(t, i % contexts, context);
    return all;
}

/* The first value of that side of which `wanted` comes. CAME_NOT and
 * CAME_UNSETTLED are looked for as changes. */
static enum came
search(struct trip *t, int side, bool refused, struct way *w)
{
    bool end = false;

    w->side = side;
    for (uint32_t i = 0; !end; i++) {
        enum came came;

        if (!make(t, w, i, &end))
            continue;
        came = follow(t, w);
        if (t->cx.error.status != MR_OK)
            return CAME_SAME;
        if (keeps(t->pair, side) &&
            (came == CAME_CHANGED || came == CAME_UNSETTLED) &&
            !remembered_again(t, side, &w->start, &w->back))
            return CAME_LOST;
        if (refused ? came == CAME_REFUSED
                    : came != CAME_SAME && came != CAME_REFUSED)
            return came;
    }
    return CAME_SAME;
}

/* --- telling --- */

static void
show_values(const struct trip *t, int side, const struct trip_values *values)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++) {
        printf("%s%s ", i == 0 ? "" : ", ", f[i].name);
        host_show(stdout, values->v[i], false);
    }
}

static void
json_values(struct trip *t, const char *name, int side,
            const struct trip_values *values)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, side, &n);

    printf(",\"%s\":{", name);
    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++) {
        struct mr_val v = values->v[i];
        char *copy = mr_alloc(&t->cx, (size_t)v.n + 1);

        printf("%s", i == 0 ? "" : ",");
        host_json_text(stdout, f[i].name);
        putchar(':');
        if (copy == NULL || v.state == MR_MISSING) {
            fputs("null", stdout);
            continue;
        }
        memcpy(copy, v.n == 0 ? "" : v.p, v.n);
        copy[v.n] = '\0';
        host_json_text(stdout, copy);
    }
    putchar('}');
}

static const char *
came_words(enum came came)
{
    switch (came) {
    case CAME_SAME:
        break;
    case CAME_REFUSED:
        return "refused";
    case CAME_CHANGED:
        return "comes back as another";
    case CAME_NOT:
        return "does not come back";
    case CAME_UNSETTLED:
        return "comes back as another each time";
    case CAME_LOST:
        return "is lost";
    }
    return "comes back";
}

/* Is what comes back the beginning of what went? */
static bool
is_cut(const struct way *w)
{
    struct mr_val from = w->start.v[0], back = w->back.v[0];

    return from.state == MR_HERE && back.state == MR_HERE && back.n < from.n &&
           memcmp(from.p, back.p, back.n) == 0;
}

/* How many characters these fields have room for; 0: any number. */
static uint32_t
room_of(const struct trip *t, int side)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, side, &n);
    uint32_t room = 0;

    for (size_t i = 0; i < n; i++) {
        if (f[i].type != MR_TYPE_TEXT || f[i].max_chars == 0)
            return 0;
        room += f[i].max_chars;
    }
    return room;
}

/* "it has 36 characters, erp.NAME1 holds 35"; false: that is not why. */
static bool
tell_length(const struct trip *t, const struct way *w, const char *it)
{
    size_t n, n_there;
    const struct mr_field *f = trip_fields(t->pair, 1 - w->side, &n_there);
    uint32_t room = room_of(t, 1 - w->side), chars;

    trip_fields(t->pair, w->side, &n);
    chars = n == 1 ? host_characters(w->start.v[0]) : 0;
    if (w->start.v[0].state != MR_HERE || room == 0 || chars <= room)
        return false;
    printf("%shas %u characters, ", it, chars);
    for (size_t i = 0; i < n_there; i++)
        printf("%s%s", i == 0 ? "" : " and ", f[i].name);
    printf(" %s %u", n_there == 1 ? "holds" : "hold", room);
    return true;
}

static void
tell(struct trip *t, enum came came, const struct way *w)
{
    size_t bytes;

    fputs("      ", stdout);
    show_values(t, w->side, &w->start);
    if (came == CAME_REFUSED) {
        fputs("  is refused: ", stdout);
        if (w->why != MR_WHY_TOO_LONG || !tell_length(t, w, "it "))
            printf("%s", mr_why_words(w->why));
        putchar('\n');
        return;
    }
    if (came == CAME_CHANGED && is_cut(w)) {
        fputs("  ", stdout);
        tell_length(t, w, "");
    }
    fputs("\n        -> ", stdout);
    show_values(t, 1 - w->side, &w->there);
    if (came == CAME_NOT) {
        printf("  does not come back: %s\n", mr_why_words(w->why));
        return;
    }
    fputs("\n        -> ", stdout);
    show_values(t, w->side, &w->back);
    bytes = keeps(t->pair, w->side)
                ? remembered_bytes(t, w->side, &w->start, &w->back) : 0;
    if (bytes > 0)
        printf("  (%zu bytes are kept)", bytes);
    puts(came == CAME_UNSETTLED ? "  and does not settle" : "");
}

static void
tell_json(struct trip *t, enum came came, const struct way *w)
{
    printf("{\"is\":\"%s\"", came_words(came));
    if (came == CAME_REFUSED || came == CAME_NOT) {
        fputs(",\"why\":", stdout);
        host_json_text(stdout, mr_why_words(w->why));
    }
    json_values(t, "from", w->side, &w->start);
    if (keeps(t->pair, w->side))
        printf(",\"kept\":%zu", remembered_bytes(t, w->side, &w->start,
                                                 &w->back));
    if (came != CAME_REFUSED)
        json_values(t, "there", 1 - w->side, &w->there);
    if (came == CAME_CHANGED || came == CAME_UNSETTLED)
        json_values(t, "back", w->side, &w->back);
    putchar('}');
}

/* --- one rule --- */

static const char *
changes(const struct mr_pair *p, int side, const char **by)
{
    *by = side == HOST_LEFT ? p->left_by : p->right_by;
    return side == HOST_LEFT ? p->left_changes : p->right_changes;
}

static bool
is_lossy(const struct mr_pair *p)
{
    return strcmp(p->promise, "lossy") == 0;
}

static bool
is_remembered(const struct mr_pair *p)
{
    return p->keeps_left || p->keeps_right;
}

/* Is what came against what was promised? */
static bool
is_broken(const struct mr_pair *p, int side, enum came came)
{
    const char *by;

    if (came == CAME_LOST)
        return true;
    if (is_lossy(p) || keeps(p, side) || came == CAME_SAME)
        return false;
    return changes(p, side, &by) == NULL || came == CAME_UNSETTLED;
}

static void
count(struct certificate *c, const struct mr_pair *p)
{
    c->rules++;
    c->trusted += p->unproven != NULL;
    if (is_remembered(p))
        c->remembered++;
    else if (is_lossy(p))
        c->lossy++;
    else if (p->canonical)
        c->canonical++;
    else if (strcmp(p->promise, "exact") == 0)
        c->exact++;
    else
        c->domain++;
}

/* What the link takes for it. */
static void
head_kept(const struct certificate *c, const struct mr_pair *p)
{
    for (int side = HOST_LEFT; side <= HOST_RIGHT; side++) {
        const char *word = side == HOST_LEFT ? "left" : "right";
        size_t most;
        bool bound = remembered_most(p, side, &most);

        if (!keeps(p, side))
            continue;
        if (c->json && bound)
            printf(",\"%s_kept_at_most\":%zu", word, most);
        else if (c->json)
            printf(",\"%s_kept_at_most\":null", word);
        else if (bound)
            printf("    kept of %s: at most %zu bytes a record\n",
                   side == HOST_LEFT ? c->map->left : c->map->right, most);
        else
            printf("    kept of %s: as many bytes as a value has\n",
                   side == HOST_LEFT ? c->map->left : c->map->right);
    }
}

static void
head(const struct certificate *c, const struct mr_pair *p)
{
    const char *by;

    if (c->json) {
        printf("%s{\"at\":", c->rules > 1 ? ",\n" : "");
        host_json_text(stdout, p->at);
        fputs(",\"rule\":", stdout);
        host_json_text(stdout, p->rule);
        printf(",\"promise\":\"%s\"", p->promise);
        if (p->unproven != NULL) {
            fputs(",\"trusted\":", stdout);
            host_json_text(stdout, p->unproven);
        }
        for (int side = HOST_LEFT; side <= HOST_RIGHT; side++) {
            if (changes(p, side, &by) == NULL)
                continue;
            printf(",\"%s_changes\":", side == HOST_LEFT ? "left" : "right");
            host_json_text(stdout, changes(p, side, &by));
            printf(",\"%s_by\":", side == HOST_LEFT ? "left" : "right");
            host_json_text(stdout, by);
        }
        head_kept(c, p);
        fputs(",\"examples\":[", stdout);
        return;
    }
    printf("\n%s  %s\n    %s\n", p->at, p->rule, p->promise);
    if (p->unproven != NULL)
        printf("    trusted, as it is tried and not proven: %s\n", p->unproven);
    head_kept(c, p);
}

static void
example(struct certificate *c, enum came came, const struct way *w)
{
    if (came == CAME_SAME)
        return;
    if (!c->json) {
        tell(&c->trip, came, w);
        return;
    }
    if (c->shown++ > 0)
        putchar(',');
    tell_json(&c->trip, came, w);
}

static void
one_side(struct certificate *c, int side)
{
    const struct mr_pair *p = c->trip.pair;
    const char *by, *words = changes(p, side, &by);
    struct way w;
    enum came came = search(&c->trip, side, false, &w);
    bool broken = is_broken(p, side, came);

    if (!c->json && words != NULL)
        printf("    from %s, by %s: %s\n",
               side == HOST_LEFT ? c->map->left : c->map->right, by, words);
    example(c, came, &w);
    if (broken) {
        bool claimed = p->unproven == NULL;

        *(claimed ? &c->broken : &c->refuted) += 1;
        if (!c->json)
            puts(claimed ? "      FAIL: the promise is broken"
                         : "      FAIL: what could not be proven is not so");
    }
    came = search(&c->trip, side, true, &w);
    example(c, came, &w);
}

static enum mr_status
one_map(struct certificate *c, const struct mr_map *map)
{
    enum mr_status status = trip_open(&c->trip, map);

    if (status != MR_OK)
        return status;
    c->map = map;
    for (uint16_t i = 0; i < map->n_pairs && status == MR_OK; i++) {
        c->shown = 0;
        c->trip.pair = &map->pairs[i];
        count(c, c->trip.pair);
        head(c, c->trip.pair);
        one_side(c, HOST_LEFT);
        one_side(c, HOST_RIGHT);
        if (c->json)
            fputs("]}", stdout);
        status = c->trip.cx.error.status;
    }
    trip_close(&c->trip);
    return status;
}

/* --- all --- */

static const char usage[] =
    "usage: %s certificate [--json]\n\n"
    "Says of every two-way rule what becomes of values that go there and\n"
    "back, and shows the shortest value that is changed or refused:\n\n"
    "  exact                 every value comes back as it was\n"
    "  exact on its domain   every value that is not refused\n"
    "  canonical             another may come back; that one stays\n"
    "  remembered            what the other side can't hold is kept with the\n"
    "                        link; also told: how many bytes that takes\n"
    "  lossy                 something is lost, knowingly\n\n"
    "  --json                for programs\n";

static void
sum_up(const struct certificate *c)
{
    if (c->json) {
        printf("],\n\"rules\":%u,\"exact\":%u,\"exact_on_domain\":%u,"
               "\"canonical\":%u,\"remembered\":%u,\"lossy\":%u,"
               "\"trusted\":%u,\"broken\":%u,\"refuted\":%u}\n", c->rules,
               c->exact, c->domain, c->canonical, c->remembered, c->lossy,
               c->trusted, c->broken, c->refuted);
        return;
    }
    printf("%s%u two-way rules: %u exact, %u exact on their domain, %u "
           "canonical, %u remembered, %u lossy", c->rules > 0 ? "\n" : "",
           c->rules, c->exact, c->domain, c->canonical, c->remembered,
           c->lossy);
    if (c->trusted > 0)
        printf("; %u of them trusted, not proven", c->trusted);
    if (c->refuted > 0)
        printf("; %u not so", c->refuted);
    if (c->broken > 0)
        printf("; %u promises BROKEN", c->broken);
    putchar('\n');
}

int
host_certificate(const struct host *h, int argc, char **argv)
{
    struct certificate c = { 0 };
    bool help = false;
    const struct host_option options[] = {
        { "--json", NULL, &c.json, NULL },
        { "--help", "-h", &help, NULL },
    };
    enum mr_status status = MR_OK;
    size_t n;

    if (!host_args(h, "certificate", argc, argv, options, 2, NULL, 0, &n))
        return HOST_USAGE;
    if (help) {
        printf(usage, h->name);
        return HOST_OK;
    }
    if (c.json)
        fputs("{\"two_way\":[", stdout);
    for (uint16_t i = 0; i < h->program->n_maps && status == MR_OK; i++)
        status = one_map(&c, h->program->maps[i]);
    sum_up(&c);
    if (status != MR_OK) {
        fprintf(stderr, "%s: certificate: memory ran out\n", h->name);
        return HOST_INTERNAL;
    }
    return c.broken + c.refuted > 0 ? HOST_FAILED : HOST_OK;
}
