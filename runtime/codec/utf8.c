/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it UTF-8? ASCII goes by in vectors, everything else by the table of well
 * formed byte sequences (Unicode 15, table 3-7): no surrogates, nothing above
 * U+10FFFF, no longer form than needed. Where the processor can do it, a form
 * with larger vectors (utf8_vector.c) takes the place of this one.
 */
#include "codec/utf8.h"

#include <stdatomic.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The number of leading ASCII bytes, or a little less. */
static size_t
skip_ascii(const char *p, size_t n)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; n - i >= 64; i += 64) {
        const __m128i *v = (const __m128i *)(const void *)(p + i);
        __m128i low = _mm_or_si128(_mm_loadu_si128(v), _mm_loadu_si128(v + 1));
        __m128i high =
            _mm_or_si128(_mm_loadu_si128(v + 2), _mm_loadu_si128(v + 3));

        if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0)
            break;
    }
    for (; n - i >= 16; i += 16) {
        int mask = _mm_movemask_epi8(
            _mm_loadu_si128((const __m128i *)(const void *)(p + i)));

        if (mask != 0)
            return i + (size_t)__builtin_ctz((unsigned)mask);
    }
#else
    for (; n - i >= 8; i += 8) {
        uint64_t w;

        memcpy(&w, p + i, 8);
        if ((w & 0x8080808080808080u) != 0)
            break;
    }
#endif
    while (i < n && (signed char)p[i] >= 0)
        i++;
    return i;
}

static bool
is_tail(const unsigned char *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((s[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* Bytes of the sequence at s, 0 where there is none within n bytes. */
static size_t
sequence(const unsigned char *s, size_t n)
{
    unsigned char lead = s[0], low = 0x80, high = 0xbf;
    size_t len;

    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (n < len)
        return 0;
    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    if (s[1] < low || s[1] > high || !is_tail(s, 2, len))
        return 0;
    return len;
}

/* The number of leading bytes that are UTF-8. */
static size_t
skip_valid(const char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        size_t len;

        if ((signed char)p[i] >= 0)
            i += skip_ascii(p + i, n - i);
        if (i == n)
            break;
        len = sequence((const unsigned char *)p + i, n - i);
        if (len == 0)
            break;
        i += len;
    }
    return i;
}

uint64_t
mr_utf8_feeds(const char *p, size_t n)
{
    uint64_t count = 0;
    size_t i = 0;

#ifdef __SSE2__
    while (n - i >= 16) {
        __m128i sum = _mm_setzero_si128();
        uint64_t half[2];

        /* A byte of `sum` counts to 255. */
        for (int k = 0; k < 255 && n - i >= 16; k++, i += 16) {
            const __m128i *v = (const __m128i *)(const void *)(p + i);

            sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(_mm_loadu_si128(v),
                                                   _mm_set1_epi8('\n')));
        }
        sum = _mm_sad_epu8(sum, _mm_setzero_si128());
        memcpy(half, &sum, sizeof half);
        count += half[0] + half[1];
    }
#endif
    for (; i < n; i++)
        count += p[i] == '\n';
    return count;
}

size_t
mr_utf8_plain(const char *p, size_t n, uint64_t *feeds)
{
    size_t valid = skip_valid(p, n);

    *feeds += mr_utf8_feeds(p, valid);
    return valid;
}

const struct mr_utf8_form *
mr_utf8_form(size_t i)
{
    static const struct mr_utf8_form forms[] = {
        { "plain", mr_utf8_plain },
#ifdef __x86_64__
        { "SSSE3", mr_utf8_ssse3 },
        { "AVX2", mr_utf8_avx2 },
#endif
    };
    size_t n = 1;

#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("ssse3"))
        n = __builtin_cpu_supports("avx2") ? 3 : 2;
#endif
    return i < n ? &forms[i] : NULL;
}

static mr_utf8_fn choose;

/* Whoever comes first chooses; several at once choose the same. */
static mr_utf8_fn *_Atomic chosen = choose;

static size_t
choose(const char *p, size_t n, uint64_t *feeds)
{
    const struct mr_utf8_form *form = NULL, *next;

    for (size_t i = 0; (next = mr_utf8_form(i)) != NULL; i++)
        form = next;
    atomic_store_explicit(&chosen, form->check, memory_order_relaxed);
    return form->check(p, n, feeds);
}

size_t
mr_utf8_lines(const char *p, size_t n, uint64_t *feeds)
{
    return atomic_load_explicit(&chosen, memory_order_relaxed)(p, n, feeds);
}

size_t
mr_utf8_valid(const char *p, size_t n)
{
    uint64_t feeds = 0;

    return mr_utf8_lines(p, n, &feeds);
}
