/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the limits share. A limit is a scanner by hand for one map: what the
 * machine gives when somebody takes the time. It takes slices of the input
 * instead of copies, finds the ends of all values of a document in one pass of
 * vectors, compares names with what followed last time instead of parsing
 * them, writes constant text with vectors, and asks for room once a document.
 * It leaves out what mapc may not: the check of UTF-8 and of the syntax of
 * parts that are skipped, messages, arrival in pieces. It is compiled with
 * -O3 -march=native and needs AVX2. Its output is equal, on these documents.
 */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#include "lines.h"

enum {
    SLOTS = 24, ROWS = 64, NAMES = 160, MARKS = LINES_ROOM + 64,
    DOC_MAX = 65536
};

struct slice {
    const char *at;
    size_t n;
};

_Noreturn static inline void
unexpected(const char *what)
{
    fprintf(stderr, "a document that the limit does not expect: %s\n", what);
    exit(1);
}

/* --- marks: where one byte stands in a document --- */

static inline uint64_t
bits_of(const char *p, char c)
{
    __m256i v = _mm256_set1_epi8(c);
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
        _mm256_loadu_si256((const __m256i *)p), v));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
        _mm256_loadu_si256((const __m256i *)(p + 32)), v));

    return (uint64_t)b << 32 | a;
}

/* Writes more than it counts, so that most blocks need no loop. */
static inline uint32_t *
marks_put(uint32_t *marks, uint64_t bits, uint32_t base)
{
    int n = __builtin_popcountll(bits);

    for (int done = 0; done < n; done += 8)
        for (int i = 0; i < 8; i++) {
            marks[done + i] = base + (uint32_t)_tzcnt_u64(bits);
            bits = _blsr_u64(bits);
        }
    return marks + n;
}

/* --- kinds of objects: their names, and which followed which last time --- */

struct kind;
struct name {
    char bytes[64];             /* as they stand in the input */
    uint32_t n, slot;
    uint32_t low;               /* of the first 32 bytes, those that count */
    bool empty, segment;        /* <NAME/>, or a tag with attributes */
    struct kind *child;         /* of what it holds */
    struct name *next;          /* that came behind it last time */
};

struct kind {
    struct name names[NAMES];   /* names[0] stands for the beginning */
    int n;
    uint8_t by_hash[256];
    struct slice (*rows)[SLOTS];    /* where rows go, or NULL */
    struct slice initial;       /* what a field is that does not come */
    int n_rows;
    struct kind *inner;         /* rows in rows: */
    int from[ROWS];             /* the first of them that is in this row */
};

static inline bool
name_here(const struct name *name, const char *p)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)name->bytes);
    uint32_t same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b));

    return (~same & name->low) == 0 &&
           (name->n <= 32 ||
            memcmp(p + 32, name->bytes + 32, name->n - 32) == 0);
}

static inline uint8_t
name_hash(const char *p, size_t n)
{
    uint32_t a, b;

    memcpy(&a, p + 1, 4);
    memcpy(&b, p + n - 5, 4);
    return (uint8_t)((a * 0x9e3779b1u ^ (b + (uint32_t)n) * 0x85ebca6bu) >> 24);
}

/* The name of n bytes at p, entered where it is new. */
static struct name *
name_find(struct kind *k, const char *p, size_t n)
{
    uint8_t h = name_hash(p, n);

    for (; k->by_hash[h] != 0; h++) {
        struct name *name = &k->names[k->by_hash[h]];

        if (name->n == n && memcmp(name->bytes, p, n) == 0)
            return name;
    }
    if (k->n + 1 >= NAMES || n >= sizeof k->names[0].bytes || n < 5)
        unexpected("too many names, or a long one");
    struct name *name = &k->names[++k->n];

    k->by_hash[h] = (uint8_t)k->n;
    memcpy(name->bytes, p, n);
    name->n = (uint32_t)n;
    name->low = n >= 32 ? UINT32_MAX : (1u << n) - 1;
    name->empty = p[n - 2] == '/';
    name->segment = memchr(p, ' ', n) != NULL;
    return name;
}

static struct kind *
kind_new(int rows, struct slice initial)
{
    struct kind *k = calloc(1, sizeof *k);

    if (k != NULL && rows > 0)
        k->rows = calloc((size_t)rows, sizeof *k->rows);
    if (k == NULL || (rows > 0 && k->rows == NULL))
        abort();
    k->initial = initial;
    return k;
}

static inline struct slice *
row_new(struct kind *k, struct slice *nowhere)
{
    if (k->rows == NULL)
        return nowhere;
    if (k->n_rows == ROWS)
        unexpected("many rows");
    k->from[k->n_rows] = k->inner == NULL ? 0 : k->inner->n_rows;
    struct slice *row = k->rows[k->n_rows++];

    for (int i = 0; i < SLOTS; i++)
        row[i] = k->initial;
    return row;
}

/* The name that stands at p if it is one that is usual behind `last`: the one
   that followed last time, one of those behind it (what is between is left out
   here), or, for rows, the same again. */
static inline struct name *
name_usual(struct name *last, const char *p)
{
    struct name *guess = last->next;

    if (last->segment && name_here(last, p))
        return last;
    for (int i = 0; i < 4 && guess != NULL; i++, guess = guess->next)
        if (name_here(guess, p))
            return guess;
    return NULL;
}

/* `last` becomes the name at p, n bytes as `length` says. */
#define NAME_AT(k, last, p, length)                                  \
    do {                                                             \
        struct name *at_ = name_usual(last, p);                      \
                                                                     \
        if (at_ == NULL) {                                           \
            at_ = name_find(k, p, length);                           \
            (last)->next = at_ == last ? NULL : at_;                 \
        }                                                            \
        last = at_;                                                  \
    } while (0)

/* --- code tables: texts of at most seven bytes, as numbers --- */

enum { CODES = 4096 };

struct codes {
    struct {
        uint64_t from, to;
    } row[CODES];
};

static inline uint64_t
code_key(const char *p, size_t n)
{
    uint64_t key;

    memcpy(&key, p, sizeof key);
    return _bzhi_u64(key, (unsigned)n * 8) | (uint64_t)n << 56;
}

static inline size_t
code_hash(uint64_t key)
{
    return key * 0x9e3779b97f4a7c15u >> 52;
}

static struct codes *
codes_load(const char *path, bool reverse)
{
    struct codes *c = calloc(1, sizeof *c);
    char line[512];
    FILE *in = fopen(path, "r");

    if (c == NULL || in == NULL || fgets(line, sizeof line, in) == NULL) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, in) != NULL) {
        char text[2][16] = { "", "" }, *save;
        char *left = strtok_r(line, ",", &save);
        char *right = strtok_r(NULL, ",", &save);
        char *way = strtok_r(NULL, ",\n", &save);

        if (strcmp(way, reverse ? "->" : "<-") == 0)
            continue;
        strncpy(text[0], reverse ? right : left, 7);
        strncpy(text[1], reverse ? left : right, 7);
        uint64_t from = code_key(text[0], strlen(text[0]));
        size_t h = code_hash(from);

        while (c->row[h].from != 0 && c->row[h].from != from)
            h = (h + 1) % CODES;
        c->row[h].from = from;
        c->row[h].to = code_key(text[1], strlen(text[1]));
    }
    fclose(in);
    return c;
}

/* Writes what the code at s stands for. */
static inline char *
code_put(char *o, const struct codes *c, struct slice s, const char *what)
{
    uint64_t key = code_key(s.at, s.n);
    size_t h = code_hash(key);

    while (c->row[h].from != key) {
        if (c->row[h].from == 0 || s.n > 7)
            unexpected(what);
        h = (h + 1) % CODES;
    }
    memcpy(o, &c->row[h].to, 8);
    return o + (c->row[h].to >> 56);
}

/* --- output --- */

static inline char *
text_put(char *o, const char *text, size_t n)
{
    memcpy(o, text, n);     /* n is constant where this is used */
    return o + n;
}

#define PUT(o, text) text_put(o, text, sizeof(text) - 1)

/* The first n bytes of p, unless one of them is one of four (NULL then). */
static inline char *
plain_put(char *o, const char *p, size_t n, char a, char b, char c, char d)
{
    for (;;) {
        __m256i v = _mm256_loadu_si256((const __m256i *)p);
        __m256i bad = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(a)),
                            _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b))),
            _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)),
                            _mm256_cmpeq_epi8(v, _mm256_set1_epi8(d))));
        uint32_t found = (uint32_t)_mm256_movemask_epi8(bad);

        _mm256_storeu_si256((__m256i *)o, v);
        if (n < 32)
            found = _bzhi_u32(found, (unsigned)n);
        if (__builtin_expect(found != 0, 0))
            return NULL;
        if (n <= 32)
            return o + n;
        o += 32, p += 32, n -= 32;
    }
}

static inline size_t
chars(const char *p, size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++)
        k += ((unsigned char)p[i] & 0xc0) != 0x80;
    return k;
}

static inline struct slice
trimmed(struct slice s)
{
    while (s.n > 0 && s.at[0] == ' ')
        s.at++, s.n--;
    while (s.n > 0 && s.at[s.n - 1] == ' ')
        s.n--;
    return s;
}

static inline void
flush(char *from, size_t n)
{
    while (n > 0) {
        ssize_t done = write(1, from, n);

        if (done <= 0) {
            perror("standard output");
            exit(1);
        }
        from += done, n -= (size_t)done;
    }
}

/* Maps every line of the file; `map` writes at most DOC_MAX bytes. */
static inline int
limit_run(const char *path, const char *head, const char *tail,
          char *(*map)(const char *text, size_t n, char *out))
{
    static char out[4 * DOC_MAX];
    struct lines *in = lines_open(path);
    char *o = out + strlen(head), *line;
    size_t n;

    memcpy(out, head, strlen(head));
    while ((line = lines_next(in, &n)) != NULL) {
        if (o - out > 3 * DOC_MAX) {
            flush(out, (size_t)(o - out));
            o = out;
        }
        o = map(line, n, o);
    }
    flush(out, (size_t)(o - out));
    flush((char *)tail, strlen(tail));
    return 0;
}

#endif
