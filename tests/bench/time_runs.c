/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times commands against one another: every round runs each of them once, and
 * the medians are compared, so that a slow moment of the machine meets all.
 *   time_runs ROUNDS BYTES NAME COMMAND… -- NAME COMMAND… [-- …]
 * Standard output of the commands goes nowhere. Prints for each: median
 * seconds, MB of input a second, the most memory it had, and how many times
 * faster the first one is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNNERS_MAX = 16, ROUNDS_MAX = 101 };

struct runner {
    const char *name;
    char **argv;
    double seconds[ROUNDS_MAX];
    long memory;            /* KiB */
};

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
run(struct runner *r, int round)
{
    struct rusage usage;
    int status;
    double start = now();
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, 1);
        execvp(r->argv[0], r->argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || status != 0) {
        fprintf(stderr, "time_runs: %s failed\n", r->name);
        exit(1);
    }
    r->seconds[round] = now() - start;
    if (usage.ru_maxrss > r->memory)
        r->memory = usage.ru_maxrss;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double
median(struct runner *r, int rounds)
{
    qsort(r->seconds, (size_t)rounds, sizeof r->seconds[0], by_size);
    return r->seconds[rounds / 2];
}

int
main(int argc, char **argv)
{
    struct runner runners[RUNNERS_MAX] = { 0 };
    int n = 0, rounds = argc > 1 ? atoi(argv[1]) : 0;

    if (argc < 5 || rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    double bytes = strtod(argv[2], NULL);
    for (int i = 3; i < argc && n < RUNNERS_MAX; n++) {
        runners[n].name = argv[i++];
        runners[n].argv = &argv[i];
        while (i < argc && strcmp(argv[i], "--") != 0)
            i++;
        if (i < argc)
            argv[i++] = NULL;
    }
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < n; i++)
            run(&runners[i], round);
    double first = median(&runners[0], rounds);
    for (int i = 0; i < n; i++) {
        double m = median(&runners[i], rounds);

        printf("  %-28s %9.2f ms %9.0f MB/s %8.1f MB memory %8.2f times\n",
               runners[i].name, m * 1e3, bytes / m / 1e6,
               (double)runners[i].memory / 1024, m / first);
    }
    return 0;
}
