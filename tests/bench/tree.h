/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two hand-written contestants share: code tables, an output buffer,
 * and the padding of numbers. They do what tests/bench/account.map says, as a
 * C programmer would write it over a parsed tree.
 */
#ifndef BENCH_TREE_H
#define BENCH_TREE_H

#include "lines.h"

struct text {
    char *at;
    size_t n, room;
};

static inline void
text_add(struct text *t, const char *p, size_t n)
{
    if (t->room - t->n < n) {
        t->room = (t->room + n) * 2;
        t->at = realloc(t->at, t->room);
        if (t->at == NULL)
            abort();
    }
    memcpy(t->at + t->n, p, n);
    t->n += n;
}

static inline void
text_puts(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

/* --- code tables: rows sorted by the left value, and by the right one --- */

struct code {
    char *left, *right;
};

struct codes {
    struct code *by_left, *by_right;
    size_t n_left, n_right;
};

static inline int
compare_left(const void *a, const void *b)
{
    return strcmp(((const struct code *)a)->left,
                  ((const struct code *)b)->left);
}

static inline int
compare_right(const void *a, const void *b)
{
    return strcmp(((const struct code *)a)->right,
                  ((const struct code *)b)->right);
}

static inline struct codes
codes_load(const char *path)
{
    struct codes c = { 0 };
    char line[512];
    FILE *in = fopen(path, "r");

    if (in == NULL || fgets(line, sizeof line, in) == NULL) {
        perror(path);
        exit(1);
    }
    c.by_left = malloc(4096 * sizeof *c.by_left);
    c.by_right = malloc(4096 * sizeof *c.by_right);
    while (fgets(line, sizeof line, in) != NULL) {
        char *save, *left = strtok_r(line, ",", &save);
        char *right = strtok_r(NULL, ",", &save);
        char *way = strtok_r(NULL, ",\n", &save);
        struct code code = { strdup(left), strdup(right) };

        if (strcmp(way, "<-") != 0)
            c.by_left[c.n_left++] = code;
        if (strcmp(way, "->") != 0)
            c.by_right[c.n_right++] = code;
    }
    fclose(in);
    qsort(c.by_left, c.n_left, sizeof *c.by_left, compare_left);
    qsort(c.by_right, c.n_right, sizeof *c.by_right, compare_right);
    return c;
}

static inline const char *
codes_right(const struct codes *c, const char *left)
{
    struct code key = { (char *)left, NULL };
    struct code *row = bsearch(&key, c->by_left, c->n_left, sizeof *row,
                               compare_left);

    return row == NULL ? NULL : row->right;
}

static inline const char *
codes_left(const struct codes *c, const char *right)
{
    struct code key = { NULL, (char *)right };
    struct code *row = bsearch(&key, c->by_right, c->n_right, sizeof *row,
                               compare_right);

    return row == NULL ? NULL : row->left;
}

/* --- values --- */

static inline size_t
chars(const char *s)
{
    size_t n = 0;

    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

/* Numbers padded with zeros to ten digits; other texts as they are. */
static inline const char *
pad10(const char *s, char out[11])
{
    size_t n = strlen(s);

    if (n == 0 || n > 10 || s[strspn(s, "0123456789")] != '\0')
        return s;
    memset(out, '0', 10 - n);
    memcpy(out + 10 - n, s, n + 1);
    return out;
}

static inline const char *
strip_zeros(const char *s)
{
    if (*s == '\0' || s[strspn(s, "0123456789")] != '\0')
        return s;
    while (*s == '0' && s[1] != '\0')
        s++;
    return s;
}

/* Without blanks at both ends, into out. */
static inline const char *
trimmed(const char *s, char *out, size_t room)
{
    size_t n;

    s += strspn(s, " ");
    n = strlen(s);
    while (n > 0 && s[n - 1] == ' ')
        n--;
    if (n >= room)
        n = room - 1;
    memcpy(out, s, n);
    out[n] = '\0';
    return out;
}

static inline _Noreturn void
unmapped(const char *field)
{
    fprintf(stderr, "a document that the benchmark does not expect: %s\n",
            field);
    exit(1);
}

/* Reads FILE line by line, maps each, writes to standard output. */
typedef void map_line(const char *line, size_t n, struct text *out);

static inline int
map_lines(const char *path, const char *head, const char *tail, map_line *map)
{
    struct lines *in = lines_open(path);
    struct text out = { 0 };
    const char *line;
    size_t n;

    text_puts(&out, head);
    while ((line = lines_next(in, &n)) != NULL) {
        map(line, n, &out);
        if (out.n > 65536) {
            fwrite(out.at, 1, out.n, stdout);
            out.n = 0;
        }
    }
    text_puts(&out, tail);
    fwrite(out.at, 1, out.n, stdout);
    free(in);
    return fflush(stdout) == 0 ? 0 : 1;
}

#endif
