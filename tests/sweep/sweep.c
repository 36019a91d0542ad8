/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that mapc built, run again and again: each time another one of
 * its allocations fails, alone or with all behind it. It must say so, end
 * with 70, leave no output behind and give all memory back.
 *   sweep OUT CODE ARGUMENT...     CODE: the exit code with enough memory
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int program_main(int argc, char **argv);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

enum { RUNS_MAX = 5000, ARGUMENTS_MAX = 30 };

static long calls, fail_at, live;
static bool for_good;

void *
__wrap_realloc(void *p, size_t size)
{
    void *q;

    calls++;
    if (calls == fail_at || (for_good && calls > fail_at))
        return NULL;
    q = __real_realloc(p, size);
    live += p == NULL && q != NULL;
    return q;
}

void
__wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

/* Does the file hold the words? */
static bool
says(const char *path, const char *words)
{
    char text[8192];
    FILE *f = fopen(path, "r");
    size_t n;

    if (f == NULL)
        return false;
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    return strstr(text, words) != NULL;
}

/* Standard error goes to `path` while the program runs. */
static int
run(int argc, char **argv, const char *path)
{
    int kept = dup(2), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int code;

    if (kept < 0 || fd < 0 || dup2(fd, 2) < 0)
        abort();
    close(fd);
    calls = live = 0;
    code = program_main(argc, argv);
    dup2(kept, 2);
    close(kept);
    return code;
}

static const char *
wrong(int code, int want, const char *out, const char *messages)
{
    bool failed = calls >= fail_at;

    if (live != 0)
        return "memory was not given back";
    if (code != (failed ? 70 : want))
        return "another exit code";
    if (failed && !says(messages, "memory ran out"))
        return "no message";
    if (failed == (access(out, F_OK) == 0))
        return failed ? "an output was left behind" : "there is no output";
    return NULL;
}

static bool
sweep(int argc, char **argv, const char *out, int want)
{
    char messages[4096];

    snprintf(messages, sizeof messages, "%s.err", out);
    for (fail_at = 1; fail_at < RUNS_MAX; fail_at++) {
        const char *why;
        int code;

        unlink(out);
        code = run(argc, argv, messages);
        why = wrong(code, want, out, messages);
        if (why != NULL) {
            printf("FAIL allocation %ld%s: %s (exit code %d, %ld blocks)\n",
                   fail_at, for_good ? " and all behind it" : "", why, code,
                   live);
            return false;
        }
        if (calls < fail_at)
            break;
    }
    printf("ok %ld allocations%s\n", fail_at - 1,
           for_good ? ", and all behind each" : "");
    return fail_at > 5 && fail_at < RUNS_MAX;
}

int
main(int argc, char **argv)
{
    char *arguments[ARGUMENTS_MAX + 4] = { "program" };
    int n = 1;
    bool good;

    if (argc < 4 || argc > ARGUMENTS_MAX)
        return 2;
    for (int i = 3; i < argc; i++)
        arguments[n++] = argv[i];
    arguments[n++] = "-o";
    arguments[n++] = argv[1];
    good = sweep(n, arguments, argv[1], atoi(argv[2]));
    for_good = true;
    return sweep(n, arguments, argv[1], atoi(argv[2])) && good ? 0 : 1;
}
