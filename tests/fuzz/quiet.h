/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a target's code says on stderr and stdout goes nowhere, or where the
 * target can read it. The fuzzer and the sanitizers have their own ways out.
 */
#ifndef TESTS_FUZZ_QUIET_H
#define TESTS_FUZZ_QUIET_H

#include <stdio.h>
#include <stdlib.h>

struct quiet {
    FILE *out, *err;            /* as they were */
    char *text;                 /* what came on stdout meanwhile */
    size_t n;
};

static inline void
quiet_begin(struct quiet *q)
{
    static FILE *nowhere;

    if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
        abort();
    q->out = stdout;
    q->err = stderr;
    q->text = NULL;
    stdout = open_memstream(&q->text, &q->n);
    if (stdout == NULL)
        abort();
    stderr = nowhere;
}

/* `text` is the caller's from here on, to be freed. */
static inline void
quiet_end(struct quiet *q)
{
    fclose(stdout);
    stdout = q->out;
    stderr = q->err;
}

#endif
