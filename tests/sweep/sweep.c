/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that mapc built, run again and again: each time another one of
 * its allocations fails, alone or with all behind it. It must say so, end
 * with 70, leave no output behind and give all memory back; or do without and
 * give what it gives with enough memory. With --jobs the order of allocations
 * is another one each time: all are met, though not each in each place.
 *   sweep OUT CODE ARGUMENT...     CODE: the exit code with enough memory
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int program_main(int argc, char **argv);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void __wrap_free(void *p);

enum { RUNS_MAX = 5000, ARGUMENTS_MAX = 30, BLOCKS_MAX = 10000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls, fail_at, live;
static bool for_good;
/* The program's blocks; what the C library gave it is not counted. */
static void *blocks[BLOCKS_MAX];

/* The place of p among the blocks, -1: it is none. NULL: a free place. */
static long
place_of(const void *p)
{
    for (long i = 0; i < BLOCKS_MAX; i++)
        if (blocks[i] == p)
            return i;
    return -1;
}

/* With the lock. */
static void *
resize(void *p, size_t size)
{
    long at = place_of(p);
    void *q;

    calls++;
    if (calls == fail_at || (for_good && calls > fail_at))
        return NULL;
    q = __real_realloc(p, size);
    if (at < 0)
        abort();
    live += p == NULL && q != NULL;
    if (q != NULL)
        blocks[at] = q;
    return q;
}

void *
__wrap_realloc(void *p, size_t size)
{
    void *q;

    pthread_mutex_lock(&lock);
    q = resize(p, size);
    pthread_mutex_unlock(&lock);
    return q;
}

void *
__wrap_malloc(size_t size)
{
    return __wrap_realloc(NULL, size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    void *p = __wrap_realloc(NULL, n * size);

    if (p != NULL)
        memset(p, 0, n * size);
    return p;
}

void
__wrap_free(void *p)
{
    long at;

    pthread_mutex_lock(&lock);
    at = p == NULL ? -1 : place_of(p);
    if (at >= 0) {
        blocks[at] = NULL;
        live--;
    }
    __real_free(p);
    pthread_mutex_unlock(&lock);
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
    memset(blocks, 0, sizeof blocks);
    code = program_main(argc, argv);
    dup2(kept, 2);
    close(kept);
    return code;
}

/* The whole file at `path`; NULL: there is none. */
static char *
read_file(const char *path, long *n)
{
    FILE *f = fopen(path, "r");
    char *text;

    if (f == NULL)
        return NULL;
    if (fseek(f, 0, SEEK_END) != 0 || (*n = ftell(f)) < 0)
        abort();
    rewind(f);
    text = __real_realloc(NULL, (size_t)*n + 1);
    if (text == NULL || fread(text, 1, (size_t)*n, f) != (size_t)*n)
        abort();
    fclose(f);
    return text;
}

/* What comes out where all memory is there. */
static char *good;
static long good_n;

static bool
is_good(const char *out)
{
    long n = 0;
    char *text = read_file(out, &n);
    bool same = text != NULL && n == good_n &&
                memcmp(text, good, (size_t)n) == 0;

    __real_free(text);
    return same;
}

/* A program may do without memory that only makes it faster; then all is as
 * if it had been there. *refused counts the others. */
static const char *
wrong(int code, int want, const char *out, const char *messages, long *refused)
{
    bool failed = calls >= fail_at && code != want;

    if (live != 0)
        return "memory was not given back";
    if (code != (failed ? 70 : want))
        return "another exit code";
    if (failed && !says(messages, "memory ran out"))
        return "no message";
    if (failed && access(out, F_OK) == 0)
        return "an output was left behind";
    if (!failed && !is_good(out))
        return "another output";
    *refused += failed;
    return NULL;
}

static bool
sweep(int argc, char **argv, const char *out, int want)
{
    char messages[4096];
    long refused = 0;

    snprintf(messages, sizeof messages, "%s.err", out);
    fail_at = LONG_MAX;
    unlink(out);
    run(argc, argv, messages);
    __real_free(good);
    good = read_file(out, &good_n);
    for (fail_at = 1; fail_at < RUNS_MAX; fail_at++) {
        const char *why;
        int code;

        unlink(out);
        code = run(argc, argv, messages);
        why = wrong(code, want, out, messages, &refused);
        if (why != NULL) {
            printf("FAIL allocation %ld%s: %s (exit code %d, %ld blocks)\n",
                   fail_at, for_good ? " and all behind it" : "", why, code,
                   live);
            return false;
        }
        if (calls < fail_at)
            break;
    }
    printf("ok %ld allocations, %ld needed%s\n", fail_at - 1, refused,
           for_good ? ", and all behind each" : "");
    return refused > 5 && fail_at < RUNS_MAX;
}

int
main(int argc, char **argv)
{
    char *arguments[ARGUMENTS_MAX + 4] = { "program" };
    int n = 1;
    bool one;

    if (argc < 4 || argc > ARGUMENTS_MAX)
        return 2;
    for (int i = 3; i < argc; i++)
        arguments[n++] = argv[i];
    arguments[n++] = "-o";
    arguments[n++] = argv[1];
    one = sweep(n, arguments, argv[1], atoi(argv[2]));
    for_good = true;
    return sweep(n, arguments, argv[1], atoi(argv[2])) && one ? 0 : 1;
}
