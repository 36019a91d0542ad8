/* SPDX-License-Identifier: Apache-2.0 */
/* The command selftest: the tests of the maps, then the round trips. */
#include "host/host.h"

enum { COUNT = 200, SEED = 1 };

static const char usage[] =
    "usage: %s selftest [--seed N] [--count N]\n\n"
    "Runs the tests written in the maps, then sends generated values through\n"
    "every two-way rule and back.\n\n"
    "  --seed N     other values (1)\n"
    "  --count N    values for each rule and side (200)\n";

int
host_selftest(const struct host *h, int argc, char **argv)
{
    const char *seed_text = NULL, *count_text = NULL;
    bool help = false;
    const struct host_option options[] = {
        { "--seed", NULL, NULL, &seed_text },
        { "--count", "-n", NULL, &count_text },
        { "--help", "-h", &help, NULL },
    };
    struct host_tally tests = { 0 }, pairs = { 0 };
    uint64_t seed = SEED, count = COUNT;
    size_t n;

    if (!host_args(h, "selftest", argc, argv, options, 3, NULL, 0, &n))
        return HOST_USAGE;
    if (help) {
        printf(usage, h->name);
        return HOST_OK;
    }
    if ((seed_text != NULL &&
         !host_number(h, "--seed", seed_text, UINT64_MAX, &seed)) ||
        (count_text != NULL &&
         !host_number(h, "--count", count_text, 1000000000, &count)))
        return HOST_USAGE;
    host_run_tests(h, &tests);
    host_run_pairs(h, seed, count, &pairs);
    printf("tests: %u passed, %u failed\n", tests.passed, tests.failed);
    printf("round trips: %u rules passed, %u failed, %u not exercised\n",
           pairs.passed, pairs.failed, pairs.warned);
    return tests.failed + pairs.failed > 0 ? HOST_FAILED : HOST_OK;
}
