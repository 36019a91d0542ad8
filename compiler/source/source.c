/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded files, kept whole. Lines are found by a search when something is
 * shown, with an index of line starts made at the first question.
 */
#include "source/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"

struct entry {
    struct source source;
    VEC(uint32_t) lines;        /* where each line starts; empty: not asked */
};

struct sources {
    struct arena *arena;
    VEC(struct entry *) files;
};

struct sources *
sources_new(struct arena *a)
{
    struct sources *ss = arena_alloc(a, sizeof *ss);

    ss->arena = a;
    return ss;
}

const struct source *
source_text(struct sources *ss, const char *name, const char *bytes, size_t n)
{
    struct entry *e = arena_alloc(ss->arena, sizeof *e);

    e->source.id = (uint32_t)ss->files.n;
    e->source.name = arena_copy(ss->arena, name, strlen(name));
    e->source.bytes = arena_copy(ss->arena, bytes, n);
    e->source.n = n;
    vec_push(ss->arena, &ss->files, e);
    return &e->source;
}

/* All of a stream, at most SOURCE_MAX_BYTES; -1 with errno set. */
static int
read_all(struct arena *a, FILE *in, char **bytes, size_t *n)
{
    size_t room = 64 * 1024;
    char *at = arena_alloc(a, room);
    size_t got;

    *n = 0;
    while ((got = fread(at + *n, 1, room - *n, in)) > 0) {
        *n += got;
        if (*n > SOURCE_MAX_BYTES) {
            errno = EFBIG;
            return -1;
        }
        if (*n == room) {
            char *more = arena_alloc(a, room * 2);
            memcpy(more, at, room);
            at = more;
            room *= 2;
        }
    }
    *bytes = at;
    return ferror(in) ? -1 : 0;
}

const struct source *
source_load(struct sources *ss, const char *path)
{
    struct arena *scratch;
    const struct source *src = NULL;
    char *bytes;
    size_t n;
    FILE *in;
    int err;

    for (size_t i = 0; i < ss->files.n; i++)
        if (strcmp(ss->files.at[i]->source.name, path) == 0)
            return &ss->files.at[i]->source;
    in = fopen(path, "rb");
    if (in == NULL)
        return NULL;
    errno = 0;
    scratch = arena_new();
    if (read_all(scratch, in, &bytes, &n) == 0)
        src = source_text(ss, path, bytes, n);
    err = errno != 0 ? errno : EIO;
    arena_free(scratch);
    fclose(in);
    errno = err;
    return src;
}

static struct entry *
entry_of(const struct sources *ss, struct span at)
{
    if (at.file == 0 || at.file > ss->files.n)
        return NULL;
    return ss->files.at[at.file - 1];
}

const struct source *
source_get(const struct sources *ss, struct span at)
{
    struct entry *e = entry_of(ss, at);

    return e == NULL ? NULL : &e->source;
}

static void
index_lines(const struct sources *ss, struct entry *e)
{
    const char *p = e->source.bytes, *end = p + e->source.n;

    if (e->lines.n > 0)
        return;
    vec_push(ss->arena, &e->lines, 0);
    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        vec_push(ss->arena, &e->lines, (uint32_t)(p - e->source.bytes));
    }
}

/* The index of the line that holds this offset. */
static size_t
line_of(const struct sources *ss, struct entry *e, uint32_t offset)
{
    size_t low = 0, high;

    index_lines(ss, e);
    high = e->lines.n;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (e->lines.at[mid] <= offset)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* A byte order mark at the start of a file is no character of its line. */
static uint32_t
line_start(const struct entry *e, size_t line)
{
    if (line == 0 && e->source.n >= 3 &&
        memcmp(e->source.bytes, "\xEF\xBB\xBF", 3) == 0)
        return 3;
    return e->lines.at[line];
}

static uint32_t
clip(const struct entry *e, uint32_t offset)
{
    return offset < e->source.n ? offset : (uint32_t)e->source.n;
}

struct place
source_place(const struct sources *ss, struct span at)
{
    struct place pl = { "", 0, 0 };
    struct entry *e = entry_of(ss, at);

    if (e == NULL)
        return pl;

    uint32_t offset = clip(e, at.from);
    size_t line = line_of(ss, e, offset);

    pl.file = e->source.name;
    pl.line = (uint32_t)line + 1;
    pl.column = 1;
    for (uint32_t i = line_start(e, line); i < offset; i++)
        pl.column += ((unsigned char)e->source.bytes[i] & 0xC0) != 0x80;
    return pl;
}

struct source_line
source_line(const struct sources *ss, struct span at)
{
    struct source_line l = { "", 0 };
    struct entry *e = entry_of(ss, at);

    if (e == NULL)
        return l;

    size_t line = line_of(ss, e, clip(e, at.from));
    uint32_t from = line_start(e, line);
    uint32_t to = line + 1 < e->lines.n ? e->lines.at[line + 1] - 1
                                        : (uint32_t)e->source.n;
    l.p = e->source.bytes + from;
    l.n = to > from ? to - from : 0;
    while (l.n > 0 && l.p[l.n - 1] == '\r')
        l.n--;
    return l;
}

struct span
span_join(struct span a, struct span b)
{
    return (struct span){ a.file, a.from, b.to > a.to ? b.to : a.to };
}
