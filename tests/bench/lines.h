/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every contestant reads: read(2) into one buffer of 256 KB that is used
 * again and again, documents by line. Behind a document PAD readable bytes
 * follow, for vectors. C and C++.
 */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINES_ROOM = 256 * 1024, LINES_PAD = 64 };

struct lines {
    int fd;
    size_t from, to;
    char at[LINES_ROOM + LINES_PAD];
};

static inline struct lines *
lines_open(const char *path)
{
    struct lines *in = (struct lines *)calloc(1, sizeof *in);

    if (in == NULL || (in->fd = open(path, O_RDONLY)) < 0) {
        perror(path);
        exit(1);
    }
    return in;
}

/* The next line without its end, or NULL; holds until the next call. */
static inline char *
lines_next(struct lines *in, size_t *n)
{
    for (;;) {
        char *line = in->at + in->from;
        char *end = (char *)memchr(line, '\n', in->to - in->from);

        if (end != NULL) {
            *n = (size_t)(end - line);
            in->from += *n + 1;
            return line;
        }
        memmove(in->at, line, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
        ssize_t got = read(in->fd, in->at + in->to, LINES_ROOM - in->to);

        if (got <= 0) {
            if (in->to > 0) {
                fputs("the last line has no end, or is too long\n", stderr);
                exit(1);
            }
            return NULL;
        }
        in->to += (size_t)got;
    }
}

#endif
