/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differ: the decoders against jansson and libxml2.
 *
 *   differ json|xml [--from N] [--seeds N]   runs seeds; ends with 1 at the
 *                                            first at which the two differ
 *   differ json|xml --bytes STEP             one byte of valid documents
 *                                            changed: every byte, every
 *                                            STEPth other value
 *
 * A seed that failed is played again with --from N --seeds 1. Every minute it
 * says how far it is.
 */
#include "differ/differ.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
say(const char *name, uint64_t next, const struct outcome *o)
{
    printf("%s: seeds below %llu, %llu documents read (%llu taken, %llu "
           "refused, %llu not compared), %llu records\n",
           name, (unsigned long long)next, (unsigned long long)o->read,
           (unsigned long long)o->taken, (unsigned long long)o->refused,
           (unsigned long long)o->unasked, (unsigned long long)o->records);
    fflush(stdout);
}

static int
end(const char *name, uint64_t seed, const struct outcome *o, bool many)
{
    if (o->failed) {
        printf("FAIL %s, seed %llu: %s\n", name, (unsigned long long)seed,
               o->what);
        return 1;
    }
    if (o->taken == 0 || o->refused == 0 ||
        (many && (o->taken < o->read / 10 || o->refused < o->read / 10))) {
        printf("FAIL %s: too few were taken, or refused\n", name);
        return 1;
    }
    printf("ok %s\n", name);
    return 0;
}

static int
run(const char *name, void (*seed)(uint64_t, struct outcome *), uint64_t from,
    uint64_t seeds)
{
    static struct outcome o;
    time_t told = time(NULL);
    uint64_t i = from;

    for (; i < from + seeds && !o.failed; i++) {
        seed(i, &o);
        if (i % 64 == 0 && time(NULL) - told >= 60) {
            told = time(NULL);
            say(name, i + 1, &o);
        }
    }
    say(name, i, &o);
    if (seeds < 10 && !o.failed)
        return 0;                   /* one that is played again */
    return end(name, i - 1, &o, true);
}

int
main(int n, char **words)
{
    static struct outcome o;
    uint64_t from = 1, seeds = 1000;
    bool xml = n > 1 && strcmp(words[1], "xml") == 0;
    uint32_t step = 0;

    if (n < 2 || n % 2 != 0 || (!xml && strcmp(words[1], "json") != 0))
        return 2;
    for (int i = 2; i < n; i += 2) {
        if (strcmp(words[i], "--from") == 0)
            from = strtoull(words[i + 1], NULL, 10);
        else if (strcmp(words[i], "--seeds") == 0)
            seeds = strtoull(words[i + 1], NULL, 10);
        else if (strcmp(words[i], "--bytes") == 0)
            step = (uint32_t)strtoul(words[i + 1], NULL, 10);
        else
            return 2;
    }
    if (xml)
        xml_begin();
    else
        json_begin();
    if (step == 0)
        return run(words[1], xml ? xml_seed : json_seed, from, seeds);
    if (xml)
        xml_bytes(step, &o);
    else
        json_bytes(step, &o);
    say("bytes", 0, &o);
    return end("bytes", 0, &o, false);
}
