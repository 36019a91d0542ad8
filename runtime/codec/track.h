/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came last time, as a guess for what comes now. Systems send the members
 * of an object, the fields of a segment, in one order and with the same blanks
 * in between. A track keeps them for one object or element in that order, each
 * with the bytes in front of its value: `"City":` or `<ORT02>`. Where these
 * bytes are there again, no name has to be parsed or looked up. XML also keeps
 * what stood between two values in one piece, `</ORT01><ORT02>`.
 *
 * It is only a guess. Bytes that are equal to bytes that were checked in the
 * same place mean the same, so a hit needs no further check; at a miss the
 * normal way is gone. No result depends on what a track holds.
 */
#ifndef CODEC_TRACK_H
#define CODEC_TRACK_H

#include "mr/shape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    TRACK_GLUE_MAX = 64,        /* what is longer is never guessed */
    TRACK_STEPS_MAX = 1024,     /* of one object */
    TRACK_ALL_MAX = 4096,       /* steps of a record */
    TRACK_LATER_MAX = 64,       /* steps that are put in between later */
    TRACK_SLOTS = 256,
    TRACK_THEN_MAX = 32,        /* what is longer is not kept in one piece */
    TRACK_CLOSES = 0xffff,      /* behind the last step */
    TRACK_AHEAD = 4             /* steps that are tried, the expected one
                                   included */
};

struct track;

/* All that stood between a place and the next one: XML, from where a text
 * ends to where the next one begins. */
struct track_then {
    char bytes[TRACK_THEN_MAX];
    uint32_t mask;              /* a bit for each byte that counts */
    uint16_t to;                /* the place that it led to, TRACK_CLOSES */
    uint8_t n;                  /* bytes; 0: nothing is known */
};

/* XML: a place behind a step, and how to take that step: all that reading on
 * needs as a rule, apart from the rest, so that a long track stays in the
 * processor's first cache. */
struct track_place {
    struct track_then usual;
    uint64_t bit;               /* of the field in frame->seen */
    uint32_t offset;            /* of the field in the record */
    uint8_t put;                /* the codec's own */
    char spare[8];              /* 64 bytes: a line of the cache */
};

struct track_step {
    char glue[TRACK_GLUE_MAX + 32];     /* that many are readable at any */
    uint32_t glue_n;
    uint16_t index;             /* of m in shape->read */
    uint8_t close_n;            /* XML: an end tag of so many bytes stands
                                   behind the glue */
    uint8_t name_at, name_n;    /* where the name stands in the glue */
    uint8_t kind, aim;          /* XML: the codec's own */
    uint16_t mask, close_mask;  /* XML: a bit for each byte of the first 16 of
                                   the glue and of what is behind it */
    const struct mr_member *m;  /* NULL: not mapped */
    struct track *inner;        /* of the objects or elements in its value */
};

struct track {
    struct track_step *steps;
    /* XML: place 0 is in front of all, place i + 1 behind step i. Of each, a
     * second way to go on. */
    struct track_place *places;
    struct track_then *others;
    uint32_t n, room;
    bool closed;                /* it was learned from a whole object */
    uint32_t later;             /* steps that came since */
    uint32_t bad, patience;     /* objects in a row that it did not fit; log2 of
                                   how many it may be */
    uint8_t slots[TRACK_SLOTS]; /* by a hash of the name: 1 + index of a step,
                                   the last one of this hash; 0: none */
};

/* All tracks of one shape's records at one path; the context keeps them, so
 * both have to outlive it. */
struct tracks {
    struct mr_kept kept;
    const struct mr_shape *shape;
    const struct mr_member *path;
    struct track root;
    bool places;                /* tracks have places */
    uint32_t n_steps;
    uint64_t forgotten;         /* how often something was; where that changes
                                   no pointer to a track below the root holds */
};

/* NULL: there is no memory for them, which is no error. */
struct tracks *mr_tracks(struct mr_cx *cx, const struct mr_shape *shape,
                         const struct mr_member *path);

/* Puts a step with n bytes of glue where `at` is now. NULL: it is not kept. */
struct track_step *mr_track_learn(struct mr_cx *cx, struct tracks *all,
                                  struct track *t, uint32_t at,
                                  const char *glue, size_t n,
                                  const struct mr_member *m, uint32_t index);
/* The step of this name, where tracks have been of use; NULL: none. */
struct track_step *mr_track_find(const struct track *t, const char *name,
                                 size_t n);
/* Where the step is to be found by its name; 16 bytes are readable at it. */
void mr_track_name(struct track *t, const struct track_step *s,
                   const char *name, uint32_t n);
/* A new track for what is in a value; NULL: no memory. */
struct track *mr_track_inner(struct mr_cx *cx);
/* A whole object was read: of its members, `missed` were not where the track
 * has them. A track that has not fitted for a while is forgotten and learned
 * anew, each time after a longer while. */
void mr_track_judge(struct mr_cx *cx, struct tracks *all, struct track *t,
                    uint32_t missed);

/* At p, behind this place, n bytes led to place `to`; TRACK_THEN_MAX bytes are
 * readable. */
void mr_track_then(struct track *t, uint32_t place, const char *p, size_t n,
                   uint32_t to);
/* Nothing is known of what comes behind it. */
void mr_track_then_none(struct track *t, uint32_t place);

/* A bit for each byte of the first 16 that is the same. */
static inline unsigned
track_equal(const char *a, const char *b)
{
#ifdef __SSE2__
    const __m128i *va = (const __m128i *)(const void *)a;
    const __m128i *vb = (const __m128i *)(const void *)b;

    return (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(va), _mm_loadu_si128(vb)));
#else
    unsigned equal = 0;

    for (int i = 0; i < 16; i++)
        equal |= (unsigned)(a[i] == b[i]) << i;
    return equal;
#endif
}

/* One for each that is not. */
static inline unsigned
track_differ(const char *a, const char *b)
{
    return track_equal(a, b) ^ 0xffff;
}

/* The bits of n bytes, of those of track_differ. */
static inline uint16_t
track_mask(uint32_t n)
{
    return n < 16 ? (uint16_t)((1u << n) - 1) : 0xffff;
}

/* Are n bytes at a and b the same? n is TRACK_GLUE_MAX at most; so many bytes
 * are readable at both. */
static inline bool
track_same(const char *a, const char *b, uint32_t n)
{
#ifdef __SSE2__
    const __m128i *va = (const __m128i *)(const void *)a;
    const __m128i *vb = (const __m128i *)(const void *)b;
    uint64_t same;

    same = (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(va), _mm_loadu_si128(vb)));
    same |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
                _mm_loadu_si128(va + 1), _mm_loadu_si128(vb + 1))) << 16;
    if (__builtin_expect(n > 32, 0))
        return (uint32_t)same == 0xffffffff &&
               memcmp(a + 32, b + 32, n - 32) == 0;
    return (~same & (((uint64_t)1 << n) - 1)) == 0;
#else
    return memcmp(a, b, n) == 0;
#endif
}

/* Does it come at p? As many bytes are readable there as it may have. */
static inline bool
track_then_fits(const struct track_then *then, const char *p)
{
#ifdef __SSE2__
    uint32_t same = track_equal(then->bytes + 16, p + 16) << 16 |
                    track_equal(then->bytes, p);

    return (same & then->mask) == then->mask;
#else
    return memcmp(then->bytes, p, then->n) == 0;
#endif
}

/* What comes at p, behind this place; NULL: it is not known. */
static inline const struct track_then *
track_then_at(const struct track *t, uint32_t place, const char *p)
{
    if (__builtin_expect(track_then_fits(&t->places[place].usual, p), 1))
        return &t->places[place].usual;
    return track_then_fits(&t->others[place], p) ? &t->others[place] : NULL;
}

/* Multiplicative hashing of the first bytes of a name; 8 are readable. */
static inline unsigned
track_hash(const char *name, uint32_t n)
{
    uint64_t first;

    memcpy(&first, name, 8);
    if (n < 8)
        first &= ((uint64_t)1 << n * 8) - 1;
    return (unsigned)(((first + n) * 0x9e3779b97f4a7c15u) >> 56);
}

/* The last step of which this hash was told; NULL: none. */
static inline struct track_step *
track_by_name(const struct track *t, const char *name, uint32_t n)
{
    uint32_t i = t->slots[track_hash(name, n)];

    return i == 0 ? NULL : &t->steps[i - 1];
}

/* Does the step come at p? */
static inline bool
track_fits(const struct track_step *s, const char *p)
{
    return track_same(s->glue, p, s->glue_n);
}

#endif
