/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explore: many runs, and what to show of one that fails: the shortest list of
 * actions that still fails, its story, and the command that plays it again.
 *
 *   explore [--from N] [--seeds N]     runs seeds; ends with 1 at the first
 *                                      that fails
 *   explore --all …                    goes on behind one that fails, and tells
 *                                      no story
 *   explore --open FILE …              leaves out the seeds that the file names,
 *                                      each with what is not decided well there
 *   explore --seed N -v                one, told in full
 *   explore --bugs N                   each bug that the engine has a switch
 *                                      for has to be found within N seeds
 *   --sqlite                           on a file instead of memory
 *   --bug NAME                         ack_early, mark_early, no_intent, forget
 *   --only A,B,…                       of the actions these; "none"
 *   --no-crashes, --no-faults
 */
#include "sim/sim.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { SKIPS = 512, OPEN_MOST = 64 };

struct arguments {
    struct sim_options options;
    uint64_t from, seeds, bugs;
    bool one, all;
    bool skip[SKIPS];
    struct open_seed {
        unsigned long long seed;
        char words[120];
    } open[OPEN_MOST];
    size_t n_open;
};

enum {
    OPTION_FROM = 256, OPTION_SEEDS, OPTION_SEED, OPTION_BUGS, OPTION_SQLITE,
    OPTION_BUG, OPTION_ONLY, OPTION_ALL, OPTION_OPEN, OPTION_NO_CRASHES,
    OPTION_NO_FAULTS
};

static bool
set_bug(struct sim_options *o, const char *name)
{
    o->bug_ack_early = strcmp(name, "ack_early") == 0;
    o->bug_mark_early = strcmp(name, "mark_early") == 0;
    o->bug_no_intent = strcmp(name, "no_intent") == 0;
    o->bug_forget = strcmp(name, "forget") == 0;
    return o->bug_ack_early || o->bug_mark_early || o->bug_no_intent ||
           o->bug_forget;
}

static void
set_only(struct arguments *a, const char *list)
{
    for (size_t i = 0; i < SKIPS; i++)
        a->skip[i] = true;
    for (const char *p = list; *p != '\0'; p += strspn(p, ",")) {
        char *end;
        unsigned long n = strtoul(p, &end, 10);

        if (end == p)
            return;
        if (n < SKIPS)
            a->skip[n] = false;
        p = end;
    }
}

static bool
read_open(struct arguments *a, const char *file)
{
    FILE *in = fopen(file, "r");

    if (in == NULL)
        return false;
    while (a->n_open < OPEN_MOST &&
           fscanf(in, "%llu %119[^\n]", &a->open[a->n_open].seed,
                  a->open[a->n_open].words) == 2)
        a->n_open++;
    fclose(in);
    return true;
}

static bool
set_option(struct arguments *a, int option, const char *value)
{
    switch (option) {
    case 'v':
        a->options.verbose = true;
        return true;
    case OPTION_FROM:
        a->from = strtoull(value, NULL, 10);
        return true;
    case OPTION_SEEDS:
        a->seeds = strtoull(value, NULL, 10);
        return true;
    case OPTION_SEED:
        a->from = strtoull(value, NULL, 10);
        a->one = true;
        return true;
    case OPTION_BUGS:
        a->bugs = strtoull(value, NULL, 10);
        return true;
    case OPTION_SQLITE:
        a->options.sqlite = true;
        return true;
    case OPTION_BUG:
        return set_bug(&a->options, value);
    case OPTION_ALL:
        a->all = true;
        return true;
    case OPTION_OPEN:
        return read_open(a, value);
    case OPTION_ONLY:
        set_only(a, value);
        return true;
    case OPTION_NO_CRASHES:
        a->options.no_crashes = true;
        return true;
    case OPTION_NO_FAULTS:
        a->options.no_faults = true;
        return true;
    default:
        return false;
    }
}

static bool
read_arguments(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        { "from", required_argument, NULL, OPTION_FROM },
        { "seeds", required_argument, NULL, OPTION_SEEDS },
        { "seed", required_argument, NULL, OPTION_SEED },
        { "bugs", required_argument, NULL, OPTION_BUGS },
        { "sqlite", no_argument, NULL, OPTION_SQLITE },
        { "bug", required_argument, NULL, OPTION_BUG },
        { "all", no_argument, NULL, OPTION_ALL },
        { "open", required_argument, NULL, OPTION_OPEN },
        { "only", required_argument, NULL, OPTION_ONLY },
        { "no-crashes", no_argument, NULL, OPTION_NO_CRASHES },
        { "no-faults", no_argument, NULL, OPTION_NO_FAULTS },
        { NULL, 0, NULL, 0 }
    };
    int option;

    a->from = 1;
    a->seeds = 1000;
    a->options.skip = a->skip;
    a->options.n_skip = SKIPS;
    while ((option = getopt_long(argc, argv, "v", options, NULL)) != -1)
        if (!set_option(a, option, optarg))
            return false;
    return optind == argc;
}

/* The words without numbers and values. */
static void
kind_of(const char *what, char kind[static 400])
{
    size_t n = 0;
    bool quoted = false;

    for (const char *p = what; *p != '\0' && *p != ';' && n < 399; p++) {
        quoted ^= *p == '"';
        if (!quoted && (*p < '0' || *p > '9'))
            kind[n++] = *p;
    }
    kind[n] = '\0';
}

/* In the same way: a run made shorter must not become another one's story. */
static bool
fails(const struct arguments *a, const char *what)
{
    struct sim_outcome out;
    char kinds[2][400];

    sim_run(&a->options, &out);
    kind_of(what, kinds[0]);
    kind_of(out.what, kinds[1]);
    return out.failed && strcmp(kinds[0], kinds[1]) == 0;
}

/* These actions, if it fails without them, too. */
static void
leave_out(struct arguments *a, int from, int n, const char *what)
{
    bool before[SKIPS];

    memcpy(before, a->skip, sizeof before);
    for (int i = from; i < from + n && i < SKIPS; i++)
        a->skip[i] = true;
    if (!fails(a, what))
        memcpy(a->skip, before, sizeof before);
}

/* Leaves out what the failure does not need. */
static void
shrink(struct arguments *a, int actions, const char *what)
{
    a->options.no_crashes = true;
    a->options.no_crashes = fails(a, what);
    if (a->options.no_crashes)
        a->options.no_faults = true;
    a->options.no_faults = a->options.no_faults && fails(a, what);
    for (int size = actions; size > 0; size /= 2)
        for (int i = 0; i < actions && i < SKIPS; i += size)
            leave_out(a, i, size, what);
}

static const char *
bug_name(const struct sim_options *o)
{
    return o->bug_ack_early    ? " --bug ack_early"
           : o->bug_mark_early ? " --bug mark_early"
           : o->bug_no_intent  ? " --bug no_intent"
           : o->bug_forget     ? " --bug forget"
                               : "";
}

static void
show_failure(struct arguments *a, const struct sim_outcome *out,
             const char *program)
{
    struct sim_outcome again;
    bool first = true;

    shrink(a, out->actions, out->what);
    a->options.verbose = true;
    sim_run(&a->options, &again);
    printf("FAIL seed %llu: %s\n", (unsigned long long)a->options.seed,
           out->what);
    printf("again: %s --seed %llu%s%s%s%s --only ", program,
           (unsigned long long)a->options.seed, bug_name(&a->options),
           a->options.sqlite ? " --sqlite" : "",
           a->options.no_crashes ? " --no-crashes" : "",
           a->options.no_faults ? " --no-faults" : "");
    for (int i = 0; i < out->actions && i < SKIPS; i++) {
        if (a->skip[i])
            continue;
        printf("%s%d", first ? "" : ",", i);
        first = false;
    }
    printf("%s -v\n", first ? "none" : "");
}

struct totals {
    uint64_t turns, writes, crashes, faults, messages, compared, excused,
        cells;
};

static void
add(struct totals *t, const struct sim_outcome *out)
{
    t->turns += out->turns;
    t->writes += out->writes;
    t->crashes += out->crashes;
    t->faults += out->faults;
    t->messages += out->messages;
    t->compared += out->compared;
    t->excused += out->excused;
    t->cells += out->cells;
}

/* It is known to fail. */
static bool
is_open(const struct arguments *a, uint64_t seed)
{
    for (size_t i = 0; i < a->n_open; i++) {
        if (a->open[i].seed != seed)
            continue;
        printf("skipped simulation, seed %llu: %s\n", a->open[i].seed,
               a->open[i].words);
        return true;
    }
    return false;
}

static int
explore(struct arguments *a, const char *program)
{
    struct totals t = { 0 };
    uint64_t failed = 0;

    for (uint64_t i = 0; i < a->seeds; i++) {
        struct sim_outcome out;

        a->options.seed = a->from + i;
        if (is_open(a, a->options.seed))
            continue;
        sim_run(&a->options, &out);
        add(&t, &out);
        if (!out.failed)
            continue;
        failed++;
        if (!a->all) {
            show_failure(a, &out, program);
            return 1;
        }
        printf("FAIL seed %llu: %s\n",
               (unsigned long long)a->options.seed, out.what);
    }
    if (failed > 0) {
        printf("%llu of %llu seeds fail\n", (unsigned long long)failed,
               (unsigned long long)a->seeds);
        return 1;
    }
    printf("ok simulation: %llu seeds%s: %llu turns, %llu writes, %llu "
           "messages, %llu deaths, %llu faults; %llu records and %llu values "
           "compared, %llu wait visibly\n",
           (unsigned long long)a->seeds,
           a->options.sqlite ? " on SQLite" : "",
           (unsigned long long)t.turns, (unsigned long long)t.writes,
           (unsigned long long)t.messages, (unsigned long long)t.crashes,
           (unsigned long long)t.faults, (unsigned long long)t.compared,
           (unsigned long long)t.cells, (unsigned long long)t.excused);
    /* What waits is not looked into: it must be the exception. */
    if (t.excused * 5 > t.compared) {
        printf("FAIL simulation: too much waits to prove anything\n");
        return 1;
    }
    return 0;
}

/* Only a seed that passes without the bug shows it. */
static bool
shows_bug(struct arguments *a, const char *name, struct sim_outcome *out)
{
    struct sim_outcome sound;

    set_bug(&a->options, name);
    sim_run(&a->options, out);
    if (!out->failed)
        return false;
    set_bug(&a->options, "");
    sim_run(&a->options, &sound);
    return !sound.failed;
}

/* The test of the test. */
static int
find_bugs(struct arguments *a)
{
    static const char *const names[] = { "ack_early", "mark_early",
                                         "no_intent", "forget" };
    int code = 0;

    for (size_t b = 0; b < sizeof names / sizeof names[0]; b++) {
        struct sim_outcome out;
        bool found = false;
        uint64_t i;

        for (i = 0; i < a->bugs && !found; i++) {
            a->options.seed = a->from + i;
            found = shows_bug(a, names[b], &out);
        }
        if (found)
            printf("ok bug %s: found after %llu seeds: %s\n", names[b],
                   (unsigned long long)i, out.what);
        else
            printf("FAIL bug %s: not found in %llu seeds\n", names[b],
                   (unsigned long long)a->bugs);
        code |= !found;
    }
    return code;
}

int
main(int argc, char **argv)
{
    static struct arguments a;

    if (!read_arguments(&a, argc, argv)) {
        fprintf(stderr, "explore: see the top of tests/sim/main.c\n");
        return 2;
    }
    if (a.bugs > 0)
        return find_bugs(&a);
    if (a.one) {
        struct sim_outcome out;

        a.options.seed = a.from;
        sim_run(&a.options, &out);
        if (out.failed)
            printf("FAIL seed %llu: %s\n", (unsigned long long)a.from,
                   out.what);
        return out.failed;
    }
    return explore(&a, argv[0]);
}
