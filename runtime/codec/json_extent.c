/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an object or a list ends, and a member of it, without a look at what
 * is in it: for records that are known, byte by byte. Nothing is checked here;
 * who does not know the bytes decodes them.
 */
#include "codec/json_scan.h"

enum { BLOCK = 64 };

/* A block's bytes as bits. */
struct marks {
    uint64_t quotes, slashes, brackets;
};

#ifdef __SSE2__
struct block {
    __m128i a, b, c, d;
};

static inline struct block
equal(struct block v, char c)
{
    const __m128i all = _mm_set1_epi8(c);

    return (struct block){ _mm_cmpeq_epi8(v.a, all), _mm_cmpeq_epi8(v.b, all),
                           _mm_cmpeq_epi8(v.c, all), _mm_cmpeq_epi8(v.d, all) };
}

static inline struct block
either(struct block v, struct block w)
{
    return (struct block){ _mm_or_si128(v.a, w.a), _mm_or_si128(v.b, w.b),
                           _mm_or_si128(v.c, w.c), _mm_or_si128(v.d, w.d) };
}

static inline bool
any(struct block v)
{
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(v.a, v.b),
                                          _mm_or_si128(v.c, v.d))) != 0;
}

static inline uint64_t
bits(struct block v)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(v.a) |
           (uint64_t)(unsigned)_mm_movemask_epi8(v.b) << 16 |
           (uint64_t)(unsigned)_mm_movemask_epi8(v.c) << 32 |
           (uint64_t)(unsigned)_mm_movemask_epi8(v.d) << 48;
}

static inline struct marks
mark(const char *p)
{
    const __m128i *at = (const __m128i *)(const void *)p;
    const __m128i bit = _mm_set1_epi8(0x20);
    const struct block fold = { bit, bit, bit, bit };
    struct block v = { _mm_loadu_si128(at), _mm_loadu_si128(at + 1),
                       _mm_loadu_si128(at + 2), _mm_loadu_si128(at + 3) };
    struct block slashes = equal(v, '\\'), brackets, folded;
    struct marks m = { bits(equal(v, '"')), 0, 0 };

    /* Brackets and braces differ by this bit. */
    folded = either(v, fold);
    brackets = either(equal(folded, '{'), equal(folded, '}'));
    if (any(slashes))
        m.slashes = bits(slashes);
    if (any(brackets))
        m.brackets = bits(brackets);
    return m;
}
#else
static struct marks
mark(const char *p)
{
    struct marks m = { 0 };

    for (int i = 0; i < BLOCK; i++) {
        uint64_t bit = (uint64_t)1 << i;
        char folded = (char)(p[i] | 0x20);

        m.quotes |= p[i] == '"' ? bit : 0;
        m.slashes |= p[i] == '\\' ? bit : 0;
        m.brackets |= folded == '{' || folded == '}' ? bit : 0;
    }
    return m;
}
#endif

/* The bytes that a backslash stands before; *carry: so is the first one, then:
 * the first one of the next block. */
static uint64_t
escaped(uint64_t slashes, uint64_t *carry)
{
    uint64_t out = *carry;

    slashes &= ~out;
    *carry = 0;
    while (slashes != 0) {
        uint64_t slash = slashes & (~slashes + 1);

        out |= slash << 1;
        *carry = slash >> 63;
        slashes &= ~(slash | slash << 1);
    }
    return out;
}

/* Each bit: are there an odd number of quotes up to it? */
static uint64_t
inside(uint64_t quotes)
{
    for (int n = 1; n < BLOCK; n *= 2)
        quotes ^= quotes << n;
    return quotes;
}

/* The bracket of the block at p that makes *depth 0, from 1; 0: none. */
static int
closing(const char *p, uint64_t brackets, uint32_t *depth)
{
    for (; brackets != 0; brackets &= brackets - 1) {
        int at = __builtin_ctzll(brackets);

        if (p[at] == '{' || p[at] == '[')
            ++*depth;
        else if (--*depth == 0)
            return at + 1;
    }
    return 0;
}

const char *
mr_json_extent(const char *p, const char *end)
{
    uint64_t carry = 0, string = 0;
    uint32_t depth = 0;

    for (; p < end; p += BLOCK) {
        struct marks m = mark(p);
        int last;

        if ((m.slashes | carry) != 0)
            m.quotes &= ~escaped(m.slashes, &carry);
        string ^= inside(m.quotes);
        last = closing(p, m.brackets & ~string, &depth);
        if (last > 0)
            return last <= end - p ? p + last : NULL;
        /* All ones where the block ends inside a string. */
        string = (uint64_t)0 - (string >> 63);
    }
    return NULL;
}

/* Behind a value at p. */
static const char *
behind(const char *p, const char *end)
{
    if (*p == '{' || *p == '[')
        return mr_json_extent(p, end);
    if (*p == '"') {
        for (p = json_plain(p + 1); *p == '\\'; p = json_plain(p + 2))
            if (p >= end)
                return NULL;
        return p < end && *p == '"' ? p + 1 : NULL;
    }
    while (p < end && *p != ',' && *p != '}')
        p++;
    return p < end ? p : NULL;
}

/* A string without escapes: its text. */
static struct mr_val
plain(const char *p, const char *end)
{
    const char *q;

    if (p >= end || *p != '"')
        return mr_missing();
    q = json_plain(p + 1);
    return q < end && *q == '"' ? mr_slice(p + 1, (uint32_t)(q - p - 1))
                                : mr_missing();
}

struct mr_val
mr_json_text_of(const char *p, const char *end, const char *name)
{
    if (*p != '{')
        return mr_missing();
    do {
        struct mr_val at = plain(p = json_space(p + 1), end);

        if (at.state != MR_HERE)
            return mr_missing();
        p = json_space(at.p + at.n + 1);
        if (p >= end || *p != ':')
            return mr_missing();
        p = json_space(p + 1);
        if (json_is(at, name))
            return plain(p, end);
        p = p < end ? behind(p, end) : NULL;
        if (p != NULL)
            p = json_space(p);
    } while (p != NULL && p < end && *p == ',');
    return mr_missing();
}
