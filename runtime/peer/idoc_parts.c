/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in a message each of its IDocs stands. Pieces of XML are told apart
 * by their first and last bytes, which is enough for what the codec has taken
 * before; where it isn't, nothing is found. All encodings that the codec takes
 * have '<' and '>' as bytes of their own, but for UTF-16.
 */
#include "peer/idoc_parts.h"

#include <stdint.h>
#include <string.h>

enum piece { PIECE_END, PIECE_TEXT, PIECE_OPEN, PIECE_CLOSE, PIECE_EMPTY,
             PIECE_OTHER };

struct walk {
    const char *p;
    size_t n, from, at;         /* the piece */
    size_t depth;               /* elements that are open behind it */
    size_t which;               /* the IDoc it belongs to; SIZE_MAX: none */
    size_t seen;                /* IDocs that have begun */
    size_t first;               /* where this one begins */
    bool control, broken;
};

static void
walk_init(struct walk *w, const char *p, size_t n)
{
    *w = (struct walk){ .p = p, .n = n, .which = SIZE_MAX };
    /* UTF-16 by its mark. */
    w->broken = n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 ||
                           memcmp(p, "\xfe\xff", 2) == 0);
}

static bool
begins(const struct walk *w, const char *with)
{
    size_t n = strlen(with);

    return w->n - w->from >= n && memcmp(w->p + w->from, with, n) == 0;
}

/* Goes behind `end`, at `skip` bytes from the start at the earliest. */
static enum piece
through(struct walk *w, size_t skip, const char *end, enum piece piece)
{
    size_t n = strlen(end);

    for (w->at = w->from + skip; w->at + n <= w->n; w->at++)
        if (memcmp(w->p + w->at, end, n) == 0) {
            w->at += n;
            return piece;
        }
    w->broken = true;
    return PIECE_END;
}

/* Values of attributes may have a '>' in them. */
static enum piece
tag(struct walk *w)
{
    char quote = '\0';

    for (w->at = w->from + 1; w->at < w->n; w->at++) {
        char c = w->p[w->at];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>') {
            w->at++;
            return w->p[w->from + 1] == '/' ? PIECE_CLOSE
                   : w->p[w->at - 2] == '/' ? PIECE_EMPTY
                                            : PIECE_OPEN;
        }
    }
    w->broken = true;
    return PIECE_END;
}

static bool
is_named(const struct walk *w, const char *name)
{
    size_t n = strlen(name);
    const char *p = w->p + w->from + 1;

    return w->n - w->from > n + 1 && memcmp(p, name, n) == 0 &&
           strchr(" \t\r\n/>", p[n]) != NULL && p[n] != '\0';
}

/* An element begins: IDOC is a child of the document element, EDI_DC40 one of
 * IDOC. */
static void
begin(struct walk *w)
{
    if (w->depth == 1 && is_named(w, "IDOC")) {
        w->which = w->seen++;
        w->first = w->from;
    } else if (w->depth == 2 && w->which != SIZE_MAX) {
        w->control = is_named(w, "EDI_DC40");
    }
}

static enum piece
piece_at(struct walk *w)
{
    const char *next;

    if (w->broken || w->from >= w->n)
        return PIECE_END;
    if (w->p[w->from] != '<') {
        next = memchr(w->p + w->from, '<', w->n - w->from);
        w->at = next == NULL ? w->n : (size_t)(next - w->p);
        return PIECE_TEXT;
    }
    if (begins(w, "<!--"))
        return through(w, 4, "-->", PIECE_OTHER);
    if (begins(w, "<![CDATA["))
        return through(w, 9, "]]>", PIECE_TEXT);
    if (begins(w, "<?"))
        return through(w, 2, "?>", PIECE_OTHER);
    return tag(w);
}

/* The next piece, from w->from to w->at. What closes an IDoc belongs to it. */
static enum piece
walk(struct walk *w)
{
    enum piece piece;

    if (w->depth == 1)
        w->which = SIZE_MAX;
    if (w->depth <= 2)
        w->control = false;
    w->from = w->at;
    piece = piece_at(w);
    if (piece == PIECE_OPEN || piece == PIECE_EMPTY)
        begin(w);
    if (piece == PIECE_OPEN)
        w->depth++;
    if (piece == PIECE_CLOSE && w->depth-- == 0) {
        w->broken = true;
        return PIECE_END;
    }
    return piece;
}

size_t
idoc_parts(const char *p, size_t n)
{
    struct walk w;

    walk_init(&w, p, n);
    while (walk(&w) != PIECE_END)
        ;
    return w.broken || w.depth != 0 ? 0 : w.seen;
}

bool
idoc_part(const char *p, size_t n, size_t which, size_t *from, size_t *to)
{
    enum piece piece;
    struct walk w;

    walk_init(&w, p, n);
    while ((piece = walk(&w)) != PIECE_END)
        if (w.which == which && w.depth == 1 &&
            (piece == PIECE_CLOSE || piece == PIECE_EMPTY)) {
            *from = w.first;
            *to = w.at;
            return true;
        }
    return false;
}

size_t
idoc_strip(char *p, size_t n, const bool *spent, size_t n_spent)
{
    enum piece piece;
    struct walk w;
    size_t out = 0;

    if (idoc_parts(p, n) != n_spent || n_spent == 0)
        return n;
    walk_init(&w, p, n);
    while ((piece = walk(&w)) != PIECE_END) {
        if ((piece == PIECE_TEXT || piece == PIECE_OTHER) && !w.control &&
            w.which != SIZE_MAX && spent[w.which])
            continue;
        memmove(p + out, p + w.from, w.at - w.from);
        out += w.at - w.from;
    }
    return out;
}
