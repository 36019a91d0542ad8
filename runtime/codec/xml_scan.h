/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the next byte that means something in XML, 16 bytes at a time. The
 * scans read up to 16 bytes from where they stand: the padding behind the
 * window is there for that, and its zero bytes end each scan. The plain forms
 * do the same a byte at a time, for other processors and for the tests.
 */
#ifndef CODEC_XML_SCAN_H
#define CODEC_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "codec/xml_chars.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that no text holds as they are, and 0xef, with which the two
 * characters U+FFFE and U+FFFF begin. */
static inline bool
xml_is_odd(char c)
{
    unsigned char u = (unsigned char)c;

    return (u < 0x20 && u != '\t' && u != '\n') || u == 0xef;
}

/* The first byte that is a, b, c or odd. */
static inline const char *
xml_scan_plain(const char *p, char a, char b, char c)
{
    while (*p != a && *p != b && *p != c && !xml_is_odd(*p))
        p++;
    return p;
}

/* The first byte that does not stand in the plain text of a leaf: < & ] or what
 * is odd, and the tab and the newline, which are seldom there. */
static inline const char *
xml_scan_leaf_plain(const char *p)
{
    while (*p != '<' && *p != '&' && *p != ']' && *p != '\t' && *p != '\n' &&
           !xml_is_odd(*p))
        p++;
    return p;
}

/* The first byte that is no ASCII character of a name (the colon is none). */
static inline const char *
xml_name_end_plain(const char *p)
{
    while (xml_is(*p, XML_NAME))
        p++;
    return p;
}

static inline bool
xml_same_plain(const char *a, const char *b, uint32_t n)
{
    return memcmp(a, b, n) == 0;
}

#ifdef __SSE2__

/* 0xff for each byte below 0x20 other than tab and newline, and for 0xef. */
static inline __m128i
xml_odd_16(__m128i v)
{
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    __m128i tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
    __m128i line = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
    __m128i ef = _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xef));

    return _mm_or_si128(_mm_andnot_si128(_mm_or_si128(tab, line), low), ef);
}

static inline const char *
xml_scan(const char *p, char a, char b, char c)
{
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)),
                         _mm_cmpeq_epi8(v, _mm_set1_epi8(b))),
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)), xml_odd_16(v)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);

        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
}

static inline const char *
xml_scan_leaf(const char *p)
{
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('<')),
                         _mm_cmpeq_epi8(v, _mm_set1_epi8('&'))),
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(']')),
                         _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xef))));
        unsigned mask;

        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(
            _mm_min_epu8(v, _mm_set1_epi8(0x1f)), v));
        mask = (unsigned)_mm_movemask_epi8(hit);
        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
}

/* 0xff for each ASCII character of a name. */
static inline __m128i
xml_name_16(__m128i v)
{
    __m128i low = _mm_or_si128(v, _mm_set1_epi8(0x20));
    __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(low, _mm_set1_epi8('a' - 1)),
                                   _mm_cmplt_epi8(low, _mm_set1_epi8('z' + 1)));
    /* - . / and the digits follow each other. */
    __m128i digit = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('-' - 1)),
                                  _mm_cmplt_epi8(v, _mm_set1_epi8('9' + 1)));
    __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('/'));
    __m128i line = _mm_cmpeq_epi8(v, _mm_set1_epi8('_'));

    return _mm_or_si128(_mm_or_si128(letter, line),
                        _mm_andnot_si128(slash, digit));
}

static inline const char *
xml_name_end(const char *p)
{
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned mask = (unsigned)_mm_movemask_epi8(xml_name_16(v)) ^ 0xffff;

        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
}

/* Equal names; 16 bytes are readable at both, whatever n is. */
static inline bool
xml_same(const char *a, const char *b, uint32_t n)
{
    __m128i va = _mm_loadu_si128((const __m128i *)(const void *)a);
    __m128i vb = _mm_loadu_si128((const __m128i *)(const void *)b);
    unsigned differ = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(va, vb)) &
                      0xffff;

    if (n <= 16)
        return (differ & ((1u << n) - 1)) == 0;
    return differ == 0 && memcmp(a + 16, b + 16, n - 16) == 0;
}

#else

static inline const char *
xml_scan_leaf(const char *p)
{
    return xml_scan_leaf_plain(p);
}

static inline const char *
xml_scan(const char *p, char a, char b, char c)
{
    return xml_scan_plain(p, a, b, c);
}

static inline const char *
xml_name_end(const char *p)
{
    return xml_name_end_plain(p);
}

static inline bool
xml_same(const char *a, const char *b, uint32_t n)
{
    return xml_same_plain(a, b, n);
}

#endif

#endif
