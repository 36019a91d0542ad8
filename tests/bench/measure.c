/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command once and says what it took:
 *
 *   measure FILE COMMAND…
 *
 * writes "seconds processor-seconds peak-kilobytes" to FILE and ends with the
 * command's code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
    struct timespec from, to;
    struct rusage used;
    int status;
    FILE *out;
    pid_t child;

    if (argc < 3)
        return 2;
    clock_gettime(CLOCK_MONOTONIC, &from);
    child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return 2;
    clock_gettime(CLOCK_MONOTONIC, &to);
    getrusage(RUSAGE_CHILDREN, &used);
    out = fopen(argv[1], "w");
    if (out == NULL) {
        perror(argv[1]);
        return 2;
    }
    fprintf(out, "%.3f %.3f %ld\n",
            (double)(to.tv_sec - from.tv_sec) +
                (double)(to.tv_nsec - from.tv_nsec) / 1e9,
            seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
    fclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
