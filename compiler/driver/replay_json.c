/* SPDX-License-Identifier: Apache-2.0 */
/* JSON that a program wrote, as fields. */
#include <string.h>

#include "driver/replay_flat.h"

static void
skip_blanks(struct flat *f)
{
    while (f->at < f->end && strchr(" \t\r\n", *f->at) != NULL)
        f->at++;
}

static bool
take(struct flat *f, char c)
{
    skip_blanks(f);
    if (f->at == f->end || *f->at != c)
        return false;
    f->at++;
    return true;
}

/* What stands between the quotes, its escapes as they are. */
static bool
read_text(struct flat *f, const char **p, size_t *n)
{
    if (!take(f, '"'))
        return false;
    *p = f->at;
    while (f->at < f->end && *f->at != '"')
        f->at += *f->at == '\\' && f->end - f->at > 1 ? 2 : 1;
    if (f->at == f->end)
        return false;
    *n = (size_t)(f->at++ - *p);
    return true;
}

static bool read_value(struct flat *f);

static bool
read_members(struct flat *f)
{
    const char *name;
    size_t n;

    f->at++;
    if (take(f, '}'))
        return true;
    do {
        if (!read_text(f, &name, &n) || !take(f, ':') ||
            !flat_open(f, name, n) || !read_value(f))
            return false;
        flat_close(f);
    } while (take(f, ','));
    return take(f, '}');
}

/* A row is a level of its own, so that it is told from the next one. */
static bool
read_rows(struct flat *f)
{
    f->at++;
    if (take(f, ']'))
        return true;
    do {
        if (!flat_open(f, "row", 3) || !read_value(f))
            return false;
        flat_close(f);
    } while (take(f, ','));
    return take(f, ']');
}

static bool
read_value(struct flat *f)
{
    const char *p;
    size_t n;

    skip_blanks(f);
    if (f->at == f->end)
        return false;
    if (*f->at == '{')
        return read_members(f);
    if (*f->at == '[')
        return read_rows(f);
    if (*f->at == '"') {
        if (!read_text(f, &p, &n) || f->depth == 0)
            return false;
    } else {
        for (p = f->at; f->at < f->end && strchr(",]} \t\r\n", *f->at) == NULL;)
            f->at++;
        n = (size_t)(f->at - p);
        if (n == 0 || f->depth == 0)
            return false;
    }
    flat_value(f, arena_copy(f->arena, p, n));
    return true;
}

bool
flat_json(struct arena *a, struct names *ns, const char *text, size_t n,
          flat_docs *out)
{
    struct flat f = { .arena = a, .names = ns, .at = text, .end = text + n };

    for (skip_blanks(&f); f.at < f.end; skip_blanks(&f)) {
        flat_begin(&f);
        if (!read_value(&f))
            return false;
        vec_push(a, out, f.doc);
    }
    return true;
}
