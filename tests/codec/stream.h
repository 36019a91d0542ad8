/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of both codecs share: a source that cuts its bytes into reads
 * as the test wants it, a growing text for what came out, and the look-up of a
 * shape, which the compiler makes for generated ones.
 */
#ifndef TESTS_CODEC_STREAM_H
#define TESTS_CODEC_STREAM_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mr/shape.h"

struct test_source {
    const char *p;
    size_t n, at;
    size_t first, rest;     /* bytes of the first read, of each later one */
    bool fails;             /* an error instead of the end */
};

static inline long
test_source_read(void *arg, char *p, size_t n)
{
    struct test_source *s = arg;
    size_t most = s->at == 0 ? s->first : s->rest;

    if (s->at == s->n && s->fails) {
        errno = EIO;
        return -1;
    }
    if (n > most)
        n = most;
    if (n > s->n - s->at)
        n = s->n - s->at;
    memcpy(p, s->p + s->at, n);
    s->at += n;
    return (long)n;
}

struct test_text {
    char *p;
    size_t n, room;
};

static inline void
test_say(struct test_text *t, const char *p, size_t n)
{
    if (t->room - t->n < n + 1) {
        t->room = (t->n + n) * 2 + 256;
        t->p = realloc(t->p, t->room);
        if (t->p == NULL)
            abort();
    }
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

static inline void
test_say_words(struct test_text *t, const char *words)
{
    test_say(t, words, strlen(words));
}

static inline bool
test_seed_fits(const struct mr_shape *s, struct mr_lookup *l, uint16_t *slots)
{
    memset(slots, 0, sizeof *slots << (64 - l->shift));
    for (uint16_t i = 0; i < s->n_read; i++) {
        uint16_t *slot =
            &slots[mr_slot(l, s->read[i].name, s->read[i].name_n)];

        if (*slot != 0)
            return false;
        *slot = (uint16_t)(i + 1);
    }
    return true;
}

static inline void
test_shape_init(struct mr_shape *s)
{
    struct mr_lookup *l = &s->lookup;
    uint16_t *slots;
    uint32_t room = 2;

    if (l->slots != NULL)
        return;
    l->shift = 63;
    while (room < 4u * s->n_read) {
        room *= 2;
        l->shift--;
    }
    slots = malloc(room * sizeof *slots);
    if (slots == NULL)
        abort();
    l->seed = 1;
    while (!test_seed_fits(s, l, slots))
        l->seed += 2;
    l->slots = slots;
}

#endif
