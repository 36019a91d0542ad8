/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it UTF-8, in vectors, by the lookup algorithm of John Keiser and Daniel
 * Lemire ("Validating UTF-8 in less than one instruction per byte", 2020).
 *
 * Whether a byte may follow the one in front of it shows in three half bytes:
 * both of the first one and the high one of the second. Each half byte has a
 * table of the ways (a bit each) in which a pair with it can be wrong; a pair
 * is wrong in the ways that all three tables name. What pairs can not show is
 * that a sequence of three or four bytes needs its third and fourth: two
 * continuation bytes after each other are noted as a way, too (TAIL), which is
 * right exactly where two or three bytes before there is the lead of such a
 * sequence.
 *
 * A block of 64 bytes always starts where a character does: what a block
 * leaves unfinished is the start of the next one. So nothing is carried from
 * one to the other, blocks of ASCII alone need no more than a look, and from a
 * block with a mistake in it the plain form goes on, to find the exact place.
 */
#include "codec/utf8.h"

#ifdef __x86_64__

#include <immintrin.h>

enum { BLOCK = 64 };

/* How two bytes after each other can be wrong. */
enum {
    SHORT = 1 << 0,         /* a lead, no continuation byte behind it */
    LONG = 1 << 1,          /* ASCII with a continuation byte behind it */
    OVER_3 = 1 << 2,        /* e0 80..9f: fits two bytes */
    LARGE = 1 << 3,         /* f4 90..bf and f5..ff: above U+10FFFF */
    SURROGATE = 1 << 4,     /* ed a0..bf */
    OVER_2 = 1 << 5,        /* c0, c1: fits one byte */
    LARGE_1000 = 1 << 6,    /* f5..ff 80..8f: above U+10FFFF */
    OVER_4 = 1 << 6,        /* f0 80..8f: fits three bytes */
    TAIL = 1 << 7,          /* two continuation bytes; may be right */
    /* Of these the low half of the first byte says nothing. */
    ANY = SHORT | LONG | TAIL
};

/* By the high half of the first byte. */
static const uint8_t first_high[16] = {
    LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, TAIL, TAIL, TAIL, TAIL,
    SHORT | OVER_2, SHORT, SHORT | OVER_3 | SURROGATE,
    SHORT | LARGE | LARGE_1000 | OVER_4
};

/* By the low half of the first byte. */
static const uint8_t first_low[16] = {
    ANY | OVER_3 | OVER_2 | OVER_4, ANY | OVER_2, ANY, ANY, ANY | LARGE,
    ANY | LARGE | LARGE_1000, ANY | LARGE | LARGE_1000,
    ANY | LARGE | LARGE_1000, ANY | LARGE | LARGE_1000,
    ANY | LARGE | LARGE_1000, ANY | LARGE | LARGE_1000,
    ANY | LARGE | LARGE_1000, ANY | LARGE | LARGE_1000,
    ANY | LARGE | LARGE_1000 | SURROGATE, ANY | LARGE | LARGE_1000,
    ANY | LARGE | LARGE_1000
};

/* By the high half of the second byte. */
static const uint8_t second_high[16] = {
    SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
    LONG | OVER_2 | TAIL | OVER_3 | LARGE_1000 | OVER_4,
    LONG | OVER_2 | TAIL | OVER_3 | LARGE,
    LONG | OVER_2 | TAIL | SURROGATE | LARGE,
    LONG | OVER_2 | TAIL | SURROGATE | LARGE, SHORT, SHORT, SHORT, SHORT
};

/* How many of the bytes in front of `end`, right so far, begin a sequence that
 * goes on behind it. */
static inline size_t
unfinished(const char *end)
{
    const unsigned char *s = (const unsigned char *)end;

    return (size_t)(s[-1] >= 0xc0) + 2 * (size_t)(s[-2] >= 0xe0) +
           3 * (size_t)(s[-3] >= 0xf0);
}

/* --- 16 bytes at a time --- */

#define SSSE3 __attribute__((target("ssse3")))

SSSE3 static inline __m128i
look_16(const uint8_t *table, __m128i half)
{
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)
                                                table),
                            half);
}

/* Not zero where the bytes of v, after those of `old`, are wrong. */
SSSE3 static inline __m128i
wrong_16(__m128i v, __m128i old)
{
    const __m128i low = _mm_set1_epi8(0x0f), top = _mm_set1_epi8((char)0x80);
    __m128i one = _mm_alignr_epi8(v, old, 15);
    __m128i two = _mm_alignr_epi8(v, old, 14);
    __m128i three = _mm_alignr_epi8(v, old, 13);
    __m128i high = _mm_and_si128(_mm_srli_epi16(one, 4), low);
    __m128i next = _mm_and_si128(_mm_srli_epi16(v, 4), low);
    __m128i ways = _mm_and_si128(
        _mm_and_si128(look_16(first_high, high),
                      look_16(first_low, _mm_and_si128(one, low))),
        look_16(second_high, next));
    /* The top bit stays where two bytes before there is a lead of three or
     * four, or three bytes before one of four. */
    __m128i tail = _mm_or_si128(
        _mm_subs_epu8(two, _mm_set1_epi8((char)(0xe0 - 0x80))),
        _mm_subs_epu8(three, _mm_set1_epi8((char)(0xf0 - 0x80))));

    return _mm_xor_si128(_mm_and_si128(tail, top), ways);
}

SSSE3 static inline bool
is_wrong_64(__m128i a, __m128i b, __m128i c, __m128i d)
{
    const __m128i zero = _mm_setzero_si128();
    __m128i wrong = _mm_or_si128(
        _mm_or_si128(wrong_16(a, zero), wrong_16(b, a)),
        _mm_or_si128(wrong_16(c, b), wrong_16(d, c)));

    return _mm_movemask_epi8(_mm_cmpeq_epi8(wrong, zero)) != 0xffff;
}

SSSE3 size_t
mr_utf8_ssse3(const char *p, size_t n, uint64_t *feeds)
{
    const __m128i feed = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
    __m128i count = zero;
    uint64_t half[2];
    size_t i = 0;

    while (n - i >= BLOCK) {
        const __m128i *at = (const __m128i *)(const void *)(p + i);
        __m128i a = _mm_loadu_si128(at), b = _mm_loadu_si128(at + 1);
        __m128i c = _mm_loadu_si128(at + 2), d = _mm_loadu_si128(at + 3);
        __m128i any = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
        __m128i found = _mm_add_epi8(
            _mm_add_epi8(_mm_cmpeq_epi8(a, feed), _mm_cmpeq_epi8(b, feed)),
            _mm_add_epi8(_mm_cmpeq_epi8(c, feed), _mm_cmpeq_epi8(d, feed)));

        i += BLOCK;
        if (_mm_movemask_epi8(any) != 0) {
            if (is_wrong_64(a, b, c, d)) {
                i -= BLOCK;
                break;
            }
            i -= unfinished(p + i);
        }
        found = _mm_sad_epu8(_mm_sub_epi8(zero, found), zero);
        count = _mm_add_epi64(count, found);
    }
    memcpy(half, &count, sizeof half);
    *feeds += half[0] + half[1];
    return i + mr_utf8_plain(p + i, n - i, feeds);
}

/* --- 32 bytes at a time: the same, twice as wide --- */

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i
look_32(const uint8_t *table, __m256i half)
{
    __m128i t = _mm_loadu_si128((const __m128i *)(const void *)table);

    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(t), half);
}

AVX2 static inline __m256i
wrong_32(__m256i v, __m256i old)
{
    const __m256i low = _mm256_set1_epi8(0x0f);
    const __m256i top = _mm256_set1_epi8((char)0x80);
    __m256i before = _mm256_permute2x128_si256(old, v, 0x21);
    __m256i one = _mm256_alignr_epi8(v, before, 15);
    __m256i two = _mm256_alignr_epi8(v, before, 14);
    __m256i three = _mm256_alignr_epi8(v, before, 13);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(one, 4), low);
    __m256i next = _mm256_and_si256(_mm256_srli_epi16(v, 4), low);
    __m256i ways = _mm256_and_si256(
        _mm256_and_si256(look_32(first_high, high),
                         look_32(first_low, _mm256_and_si256(one, low))),
        look_32(second_high, next));
    __m256i tail = _mm256_or_si256(
        _mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xe0 - 0x80))),
        _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xf0 - 0x80))));

    return _mm256_xor_si256(_mm256_and_si256(tail, top), ways);
}

AVX2 static inline bool
is_wrong_32(__m256i v, __m256i w)
{
    __m256i wrong = _mm256_or_si256(wrong_32(v, _mm256_setzero_si256()),
                                    wrong_32(w, v));

    return _mm256_testz_si256(wrong, wrong) == 0;
}

AVX2 size_t
mr_utf8_avx2(const char *p, size_t n, uint64_t *feeds)
{
    const __m256i feed = _mm256_set1_epi8('\n'), zero = _mm256_setzero_si256();
    __m256i count = zero;
    uint64_t quarter[4];
    size_t i = 0;

    while (n - i >= BLOCK) {
        const __m256i *at = (const __m256i *)(const void *)(p + i);
        __m256i v = _mm256_loadu_si256(at), w = _mm256_loadu_si256(at + 1);
        __m256i found = _mm256_add_epi8(_mm256_cmpeq_epi8(v, feed),
                                        _mm256_cmpeq_epi8(w, feed));

        i += BLOCK;
        if (_mm256_movemask_epi8(_mm256_or_si256(v, w)) != 0) {
            if (is_wrong_32(v, w)) {
                i -= BLOCK;
                break;
            }
            i -= unfinished(p + i);
        }
        found = _mm256_sad_epu8(_mm256_sub_epi8(zero, found), zero);
        count = _mm256_add_epi64(count, found);
    }
    memcpy(quarter, &count, sizeof quarter);
    *feeds += quarter[0] + quarter[1] + quarter[2] + quarter[3];
    return i + mr_utf8_plain(p + i, n - i, feeds);
}

#endif
