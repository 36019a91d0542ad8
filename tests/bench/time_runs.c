/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times commands against one another: every round runs each of them once, so
 * that a slow moment of the machine meets all; who is far slower than the
 * first one rests after three rounds.
 *   time_runs [-r FILE] [-o FILE] ROUNDS BYTES NAME COMMAND… [-- NAME …]
 * Standard output of the commands goes to `-o FILE`, or nowhere. What counts
 * is processor time, the least of all rounds: others on the machine can only
 * add to it. Prints for each: that time, its median, MB of input a second, the
 * most memory it had, and how many times the first one's time it takes. `-r
 * FILE` gets the times in seconds, one a line, for who works out ratios.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNNERS_MAX = 16, ROUNDS_MAX = 101, ENOUGH = 3, FAR = 6 };

struct runner {
    const char *name;
    char **argv;
    double seconds[ROUNDS_MAX];
    int n;
    double least;
    long memory;            /* KiB */
};

struct options {
    const char *times, *output;
    int rounds;
    double bytes;
};

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
run(struct runner *r, const char *output)
{
    struct rusage usage;
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);

        dup2(out, 1);
        execvp(r->argv[0], r->argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || status != 0) {
        fprintf(stderr, "time_runs: %s failed\n", r->name);
        exit(1);
    }
    double took = seconds(usage.ru_utime) + seconds(usage.ru_stime);

    if (r->n == 0 || took < r->least)
        r->least = took;
    r->seconds[r->n++] = took;
    if (usage.ru_maxrss > r->memory)
        r->memory = usage.ru_maxrss;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void
report(struct runner *runners, int n, const struct options *o)
{
    FILE *times = o->times == NULL ? NULL : fopen(o->times, "w");

    for (int i = 0; i < n; i++) {
        struct runner *r = &runners[i];

        qsort(r->seconds, (size_t)r->n, sizeof r->seconds[0], by_size);
        printf("  %-28s %8.2f ms (median %8.2f) %7.0f MB/s %6.1f MB memory "
               "%6.2f times\n", r->name, r->least * 1e3,
               r->seconds[r->n / 2] * 1e3, o->bytes / r->least / 1e6,
               (double)r->memory / 1024, r->least / runners[0].least);
        if (times != NULL)
            fprintf(times, "%.6f\n", r->least);
    }
    if (times != NULL)
        fclose(times);
}

int
main(int argc, char **argv)
{
    struct runner runners[RUNNERS_MAX] = { 0 };
    struct options o = { .output = "/dev/null" };
    int n = 0, option;

    while ((option = getopt(argc, argv, "+r:o:")) != -1) {
        if (option == 'r')
            o.times = optarg;
        else if (option == 'o')
            o.output = optarg;
        else
            return 2;
    }
    argc -= optind, argv += optind;
    o.rounds = argc > 0 ? atoi(argv[0]) : 0;
    if (argc < 4 || o.rounds < 1 || o.rounds > ROUNDS_MAX)
        return 2;
    o.bytes = strtod(argv[1], NULL);
    for (int i = 2; i < argc && n < RUNNERS_MAX; n++) {
        runners[n].name = argv[i++];
        runners[n].argv = &argv[i];
        while (i < argc && strcmp(argv[i], "--") != 0)
            i++;
        if (i < argc)
            argv[i++] = NULL;
    }
    for (int round = 0; round < o.rounds; round++)
        for (int i = 0; i < n; i++)
            if (round < ENOUGH || runners[i].least < FAR * runners[0].least)
                run(&runners[i], o.output);
    report(runners, n, &o);
    return 0;
}
