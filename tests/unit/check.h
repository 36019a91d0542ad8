/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of the unit test frame. A test is a `static void f(void)`; main
 * is `CHECK_MAIN({"name", f}, …)`. Each case prints one line, `ok <name>` or
 * `FAIL <name>: why`; a failure makes the exit status 1. CHECK goes on after
 * a failure (the first reason is the one shown), REQUIRE leaves the function.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct check_case {
    const char *name;
    void (*run)(void);
};

static bool check_failed;
static char check_why[2000];

static inline void __attribute__((format(printf, 3, 4)))
check_fail(const char *file, int line, const char *fmt, ...)
{
    va_list args;
    int n;

    if (check_failed)
        return;
    check_failed = true;
    n = snprintf(check_why, sizeof check_why, "%s:%d: ", file, line);
    va_start(args, fmt);
    vsnprintf(check_why + n, sizeof check_why - (size_t)n, fmt, args);
    va_end(args);
}

static inline bool check_text(const char *file, int line, const char *got,
                              const char *want)
{
    if (got && want ? strcmp(got, want) == 0 : !got && !want)
        return true;
    check_fail(file, line, "got \"%s\", want \"%s\"", got ? got : "(null)",
               want ? want : "(null)");
    return false;
}

static inline bool check_number(const char *file, int line, long long got,
                                long long want)
{
    if (got == want)
        return true;
    check_fail(file, line, "got %lld, want %lld", got, want);
    return false;
}

#define CHECK(cond)                                                           \
    ((cond) ? (void)0 : check_fail(__FILE__, __LINE__, "%s", #cond))
#define CHECK_TEXT(got, want) ((void)check_text(__FILE__, __LINE__, got, want))
#define CHECK_NUMBER(got, want)                                               \
    ((void)check_number(__FILE__, __LINE__, (long long)(got),                 \
                        (long long)(want)))
/* With words of its own, printf-like: CHECK_THAT(ok, "row %zu", i). */
#define CHECK_THAT(cond, ...)                                                 \
    ((cond) ? (void)0 : check_fail(__FILE__, __LINE__, __VA_ARGS__))
#define REQUIRE(cond)                                                         \
    do {                                                                      \
        if (!(cond)) {                                                        \
            check_fail(__FILE__, __LINE__, "%s", #cond);                      \
            return;                                                           \
        }                                                                     \
    } while (0)

/* Number of rows of a table of test data. */
#define CHECK_ROWS(table) (sizeof(table) / sizeof((table)[0]))

static inline int check_run(const struct check_case *cases, size_t n)
{
    int bad = 0;

    for (size_t i = 0; i < n; i++) {
        check_failed = false;
        cases[i].run();
        if (check_failed)
            printf("FAIL %s: %s\n", cases[i].name, check_why);
        else
            printf("ok %s\n", cases[i].name);
        fflush(stdout);
        bad |= check_failed;
    }
    return bad;
}

#define CHECK_MAIN(...)                                                       \
    int main(void)                                                            \
    {                                                                         \
        static const struct check_case check_all[] = { __VA_ARGS__ };         \
                                                                              \
        return check_run(check_all, CHECK_ROWS(check_all));                   \
    }

#endif
