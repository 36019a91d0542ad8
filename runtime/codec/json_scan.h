/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, token by token: every function takes the place where a token starts
 * and returns the place behind it. All of RFC 8259 is checked here; whether a
 * value is wanted or skipped makes no difference to that.
 *
 * NULL means that it did not work: either the window ended and `more` is set,
 * or cx->error is. The zero bytes behind the window stop every loop, so no
 * loop asks for the end.
 */
#ifndef CODEC_JSON_SCAN_H
#define CODEC_JSON_SCAN_H

#include "codec/input.h"
#include "codec/track.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct json {
    struct mr_cx *cx;
    struct mr_input *in;
    const char *end;        /* of the window */
    bool more;              /* it ran into `end` and there may be more */
    uint32_t depth;         /* open objects and lists */
    struct tracks *tracks;     /* NULL: nothing is guessed */
};

/* What stands at p is not what was expected; the end of the window is no
 * error as long as there is more to read. Returns NULL. */
const char *mr_json_bad(struct json *j, const char *p, const char *expected);
/* The same where a whole value has the wrong kind. */
const char *mr_json_wrong(struct json *j, const char *p, const char *expected);
/* Something at p that the format does not take, in words. Returns NULL. */
const char *mr_json_refuse(struct json *j, const char *p, enum mr_status status,
                           const char *words);
/* One level deeper; false: too deep, and refused. */
bool mr_json_open(struct json *j, const char *p);

/* p is at a backslash, or at another byte that can not stand in a string. */
const char *mr_json_escape(struct json *j, const char *p);
const char *mr_json_number(struct json *j, const char *p);
/* p is at the first letter of `word`. */
const char *mr_json_word(struct json *j, const char *p, const char *word);
/* p is at { or [. */
const char *mr_json_skip_nested(struct json *j, const char *p);
const char *mr_json_skip(struct json *j, const char *p);
/* Behind the bracket that closes the one at p, going by brackets and quotes
 * alone: of what is JSON, the value's end. NULL: not before `end`, behind which
 * there are MR_PADDING zero bytes. */
const char *mr_json_extent(const char *p, const char *end);
/* The text of this member of the object at p, where that is a string without
 * escapes; else missing. */
struct mr_val mr_json_text_of(const char *p, const char *end,
                              const char *name);
/* The text of a string that was found whole: n bytes at p, with escapes. NULL:
 * memory. */
const char *mr_json_unescape(struct json *j, const char *p, size_t n,
                             uint32_t *out_n);
/* p is at the quote. The name without its escapes. */
const char *mr_json_name(struct json *j, const char *p, struct mr_val *name);

/* The first byte that needs a look in a string: a quote, a backslash, a
 * control character. */
static inline const char *
json_plain(const char *p)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit =
            _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
        unsigned mask;

        hit = _mm_or_si128(hit,
                           _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));
        mask = (unsigned)_mm_movemask_epi8(hit);
        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
#else
    while ((unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return p;
#endif
}

static inline bool
json_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *
json_space(const char *p)
{
    if ((unsigned char)*p > ' ')
        return p;
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' '), feed = _mm_set1_epi8('\n');
    const __m128i back = _mm_set1_epi8('\r'), tab = _mm_set1_epi8('\t');

    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(v, space), _mm_cmpeq_epi8(v, feed)),
            _mm_or_si128(_mm_cmpeq_epi8(v, back), _mm_cmpeq_epi8(v, tab)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit) ^ 0xffff;

        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
#else
    while (json_is_space(*p))
        p++;
    return p;
#endif
}

/* Is it an escape of two characters that ends with c? */
static inline bool
json_is_short_escape(char c)
{
    return c == '/' || c == '"' || c == '\\' || c == 'n' || c == 't' ||
           c == 'r' || c == 'b' || c == 'f';
}

/* p is behind the opening quote; returns the closing quote. */
static inline const char *
json_string(struct json *j, const char *p, bool *escaped)
{
    for (;;) {
        p = json_plain(p);
        if (__builtin_expect(*p == '"', 1))
            return p;
        *escaped = true;
        if (*p == '\\' && json_is_short_escape(p[1])) {
            p += 2;
            continue;
        }
        p = mr_json_escape(j, p);
        if (p == NULL)
            return NULL;
    }
}

static inline bool
json_is(struct mr_val name, const char *word)
{
    size_t n = strlen(word);

    return name.n == n && memcmp(name.p, word, n) == 0;
}

/* From behind a name to its value. */
static inline const char *
json_colon(struct json *j, const char *p)
{
    if (*p != ':') {
        p = json_space(p);
        if (*p != ':')
            return mr_json_bad(j, p, "':'");
    }
    return json_space(p + 1);
}

#endif
