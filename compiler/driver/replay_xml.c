/* SPDX-License-Identifier: Apache-2.0 */
/* XML that a program wrote, as fields. */
#include <string.h>

#include "base/buf.h"
#include "driver/replay_flat.h"

struct xml {
    struct flat f;
    bool below;                 /* documents are below the roots */
    size_t depth;               /* of open elements */
    flat_docs *out;
    struct buf text;            /* of the innermost element */
    bool leaf;                  /* it has no element in it so far */
};

static void
add_text(struct buf *b, const char *p, size_t n)
{
    static const struct { const char *name; char c; } signs[] = {
        { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
        { "&quot;", '"' }, { "&apos;", '\'' }
    };

    for (size_t i = 0; i < n;) {
        size_t k = 0, w = 1;

        while (k < 5 && strncmp(p + i, signs[k].name,
                                strlen(signs[k].name)) != 0)
            k++;
        if (k < 5)
            w = strlen(signs[k].name);
        buf_char(b, k < 5 ? signs[k].c : p[i]);
        i += w;
    }
}

static size_t
name_length(const char *p, const char *end)
{
    const char *q = p;

    while (q < end && strchr(" \t\r\n/>=", *q) == NULL)
        q++;
    return (size_t)(q - p);
}

/* Whether what is open at this depth belongs to a document's fields. */
static bool
is_inside(const struct xml *x)
{
    return x->depth > (x->below ? 2u : 1u);
}

static bool
read_attributes(struct xml *x, const char *p, const char *end)
{
    while (p < end) {
        while (p < end && strchr(" \t\r\n/", *p) != NULL)
            p++;
        size_t n = name_length(p, end);
        const char *value = p + n + 2;
        if (n == 0)
            return true;
        if (value > end || p[n] != '=')
            return false;
        const char *stop = memchr(value, value[-1], (size_t)(end - value));
        if (stop == NULL || !flat_open(&x->f, p, n))
            return false;
        flat_value(&x->f, arena_copy(x->f.arena, value,
                                     (size_t)(stop - value)));
        flat_close(&x->f);
        p = stop + 1;
    }
    return true;
}

static bool
end_element(struct xml *x)
{
    if (x->depth == 0)
        return false;
    if (is_inside(x)) {
        if (x->leaf)
            flat_value(&x->f, x->text.at == NULL ? "" : x->text.at);
        flat_close(&x->f);
    } else if (x->depth == (x->below ? 2u : 1u)) {
        vec_push(x->f.arena, x->out, x->f.doc);
    }
    x->depth--;
    x->leaf = false;
    return true;
}

static bool
start_element(struct xml *x, const char *p, const char *end)
{
    size_t n = name_length(p, end);

    if (n == 0 || x->depth == FLAT_DEPTH)
        return false;
    x->depth++;
    x->leaf = true;
    buf_init(&x->text, x->f.arena);
    if (x->depth == (x->below ? 2u : 1u))
        flat_begin(&x->f);
    else if (is_inside(x) && (!flat_open(&x->f, p, n) ||
                              !read_attributes(x, p + n, end)))
        return false;
    return end[-1] != '/' || end_element(x);
}

static bool
read_xml(struct xml *x)
{
    while (x->f.at < x->f.end) {
        const char *p = x->f.at;
        const char *stop = memchr(p, *p == '<' ? '>' : '<',
                                  (size_t)(x->f.end - p));

        if (*p != '<') {
            stop = stop == NULL ? x->f.end : stop;
            if (x->leaf)
                add_text(&x->text, p, (size_t)(stop - p));
            x->f.at = stop;
            continue;
        }
        if (stop == NULL)
            return false;
        if (p[1] == '/' ? !end_element(x)
                        : p[1] != '?' && !start_element(x, p + 1, stop))
            return false;
        x->f.at = stop + 1;
    }
    return x->depth == 0;
}

bool
flat_xml(struct arena *a, struct names *ns, const char *text, size_t n,
         bool below, flat_docs *out)
{
    struct xml x = {
        .f = { .arena = a, .names = ns, .at = text, .end = text + n },
        .below = below, .out = out
    };

    return read_xml(&x);
}
