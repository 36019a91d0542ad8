/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came last time, as a guess for what comes now. Systems send the members
 * of an object in one order, with the same blanks in between. A track keeps
 * for one object of a document the members in that order, each with the bytes
 * from behind the comma to its value: `"City":`. Where these bytes are there
 * again, nothing of the name has to be parsed or looked up.
 *
 * It is only a guess. Bytes that are equal to bytes that were checked behind
 * the same comma mean the same, so a hit needs no further check; at a miss the
 * normal way is gone. No result depends on what a track holds.
 */
#ifndef CODEC_JSON_TRACK_H
#define CODEC_JSON_TRACK_H

#include "mr/shape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    JSON_GLUE_MAX = 58,         /* longer names are never guessed */
    JSON_STEPS_MAX = 1024,      /* of one object */
    JSON_ALL_STEPS_MAX = 4096   /* of a document */
};

struct json_track;

struct json_step {
    char glue[JSON_GLUE_MAX];
    uint16_t index;                     /* of m in shape->read */
    uint32_t glue_n;
    const struct mr_member *m;          /* NULL: not mapped */
    struct json_track *inner;           /* of the objects in its value */
};

struct json_track {
    struct json_step *steps;
    uint32_t n, room;
    bool closed;                /* it was learned from a whole object */
    uint32_t bad, patience;     /* objects that it did not fit; log2 of how
                                   many it may be */
};

/* All tracks of one shape's records; the context keeps them, so the shape has
 * to outlive it. */
struct json_tracks {
    struct mr_kept kept;
    const struct mr_shape *shape;
    struct json_track root;
    uint32_t n_steps;
};

/* NULL: there is no memory for them, which is no error. */
struct json_tracks *mr_json_tracks(struct mr_cx *cx,
                                   const struct mr_shape *shape);

/* Adds a member at the end of a track that is not closed: n bytes of glue.
 * NULL: it is not kept. */
struct json_step *mr_json_learn(struct mr_cx *cx, struct json_tracks *all,
                                struct json_track *t, const char *glue,
                                size_t n, const struct mr_member *m,
                                uint32_t index);
/* A new track for the objects in a value; NULL: no memory. */
struct json_track *mr_json_inner(struct mr_cx *cx);
/* A whole object was read: of its members, `missed` were not where the track
 * has them. A track that has not fitted for a while is forgotten and learned
 * anew, each time after a longer while. */
void mr_json_judge(struct mr_cx *cx, struct json_tracks *all,
                   struct json_track *t, uint32_t missed);

/* Do the step's bytes stand at p? 64 bytes are readable there. */
static inline bool
json_fits(const struct json_step *s, const char *p)
{
#ifdef __SSE2__
    const __m128i *a = (const __m128i *)(const void *)s->glue;
    const __m128i *b = (const __m128i *)(const void *)p;
    uint32_t n = s->glue_n;
    uint64_t same;

    same = (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b)));
    same |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
                _mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1))) << 16;
    if (__builtin_expect(n > 32, 0))
        return (uint32_t)same == 0xffffffff &&
               memcmp(s->glue + 32, p + 32, n - 32) == 0;
    return (~same & (((uint64_t)1 << n) - 1)) == 0;
#else
    return memcmp(s->glue, p, s->glue_n) == 0;
#endif
}

#endif
