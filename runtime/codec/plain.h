/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a value to where it is written up to the first byte that can't stand
 * there as it is, in one pass, 16 bytes at a time. A value may lie anywhere,
 * with nothing behind it: the last 16 bytes are read whole only where they
 * don't reach into the next page, which may not be there. What is read behind
 * the value is never looked at. The plain forms do the same a byte at a time,
 * for other processors and for the tests.
 */
#ifndef CODEC_PLAIN_H
#define CODEC_PLAIN_H

#include "codec/xml_scan.h"

enum { PLAIN_SLACK = 16 };      /* bytes behind n at `to` that are written */

/* Returns how many bytes were copied; n: all. */
static inline size_t
plain_json_bytes(char *to, const char *p, size_t n)
{
    size_t i = 0;

    for (; i < n; i++) {
        if ((unsigned char)p[i] < 0x20 || p[i] == '"' || p[i] == '\\')
            break;
        to[i] = p[i];
    }
    return i;
}

static inline size_t
plain_xml_bytes(char *to, const char *p, size_t n, bool quoted)
{
    size_t i = 0;

    for (; i < n; i++) {
        if (p[i] == '&' || p[i] == '<' || p[i] == '>' || xml_is_odd(p[i]))
            break;
        if (quoted && (p[i] == '"' || p[i] == '\t' || p[i] == '\n'))
            break;
        to[i] = p[i];
    }
    return i;
}

#ifdef __SSE2__

/* The n (1 to 15) bytes at p; what stands for the others means nothing. */
__attribute__((no_sanitize_address)) static inline __m128i
plain_load(const char *p, size_t n)
{
    enum { PAGE = 4096 };
    char part[16];

    if (__builtin_expect(((uintptr_t)p & (PAGE - 1)) <= PAGE - 16, 1))
        return _mm_loadu_si128((const __m128i *)(const void *)p);
    for (size_t i = 0; i < 16; i++)
        part[i] = i < n ? p[i] : '\0';
    return _mm_loadu_si128((const __m128i *)(void *)part);
}

/* 0xff for each byte that JSON escapes. */
static inline __m128i
plain_json_16(__m128i v)
{
    const __m128i control = _mm_set1_epi8(0x1f);

    return _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
        _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));
}

/* The same for XML, with some that could stand there: tabs, line feeds and
 * quotes where they are no attribute's. A bit makes < of >, " of &. */
static inline __m128i
plain_xml_rough_16(__m128i v)
{
    const __m128i control = _mm_set1_epi8(0x1f);
    __m128i angle = _mm_or_si128(v, _mm_set1_epi8('<' ^ '>'));
    __m128i quote = _mm_or_si128(v, _mm_set1_epi8('"' ^ '&'));

    return _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(angle, _mm_set1_epi8('>')),
                     _mm_cmpeq_epi8(quote, _mm_set1_epi8('&'))),
        _mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(v, control), control),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xef))));
}

/* Exactly: 0xff for each byte that XML does not take, that is escaped, or that
 * may begin a character which it does not take. */
static inline __m128i
plain_xml_16(__m128i v, bool quoted)
{
    __m128i hit = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('&')),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('<'))),
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('>')), xml_odd_16(v)));

    if (!quoted)
        return hit;
    return _mm_or_si128(hit, _mm_or_si128(
        _mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')))));
}

enum plain_kind { PLAIN_JSON, PLAIN_XML, PLAIN_XML_QUOTED };

/* A bit for each byte of v that stops the copy, of the first n. */
static inline unsigned
plain_stops(enum plain_kind kind, __m128i v, size_t n)
{
    unsigned counts = (1u << n) - 1, mask;

    if (kind == PLAIN_JSON)
        return (unsigned)_mm_movemask_epi8(plain_json_16(v)) & counts;
    mask = (unsigned)_mm_movemask_epi8(plain_xml_rough_16(v)) & counts;
    if (__builtin_expect(mask == 0, 1))
        return 0;
    return counts & (unsigned)_mm_movemask_epi8(
        plain_xml_16(v, kind == PLAIN_XML_QUOTED));
}

static inline size_t
plain_copy(enum plain_kind kind, char *to, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i += 16) {
        size_t part = n - i < 16 ? n - i : 16;
        __m128i v = part == 16
            ? _mm_loadu_si128((const __m128i *)(const void *)(p + i))
            : plain_load(p + i, part);
        unsigned stops = plain_stops(kind, v, part);

        _mm_storeu_si128((__m128i *)(void *)(to + i), v);
        if (__builtin_expect(stops != 0, 0))
            return i + (size_t)__builtin_ctz(stops);
    }
    return n;
}

static inline size_t
plain_json(char *to, const char *p, size_t n)
{
    return plain_copy(PLAIN_JSON, to, p, n);
}

static inline size_t
plain_xml(char *to, const char *p, size_t n, bool quoted)
{
    return plain_copy(quoted ? PLAIN_XML_QUOTED : PLAIN_XML, to, p, n);
}

#else

static inline size_t
plain_json(char *to, const char *p, size_t n)
{
    return plain_json_bytes(to, p, n);
}

static inline size_t
plain_xml(char *to, const char *p, size_t n, bool quoted)
{
    return plain_xml_bytes(to, p, n, quoted);
}

#endif

#endif
