/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDoc XML to flat files. The XML is our own encoder's: no comments, no
 * entities but its own. A segment's record is written when its fields are
 * complete: at its first inner segment, or at its end.
 */
#include "peer/flat_layout.h"

struct level {
    const struct flat_segment *s;       /* NULL: the control record */
    unsigned number;
    bool written;
};

struct writing {
    struct mr_cx *cx;
    const struct flat_layout *l;
    struct bytes *out;
    struct bytes values[FLAT_DATA];     /* by field of what is being read */
    const struct flat_field *fields;
    size_t n_fields;
    struct level open[FLAT_DEPTH];
    size_t depth;
    unsigned numbers;           /* given in this IDoc */
    char mandt[4], docnum[17];
};

struct tag {
    const char *name;
    size_t n;
    bool closes, empty;
    const char *behind;
};

static enum mr_status
refuse(struct writing *w, const char *what, const char *name, size_t n)
{
    return mr_fail(w->cx, MR_EFORMAT, "%s %.*s", what,
                   n < 60 ? (int)n : 60, name);
}

/* The tag at or behind p. */
static bool
next_tag(const char *p, const char *end, struct tag *t)
{
    const char *close;

    do {
        p = p >= end ? NULL : memchr(p, '<', (size_t)(end - p));
        if (p == NULL || end - p < 3)
            return false;
        p++;
    } while (*p == '?' || *p == '!');
    t->closes = *p == '/';
    p += t->closes;
    close = memchr(p, '>', (size_t)(end - p));
    if (close == NULL)
        return false;
    t->empty = close[-1] == '/';
    t->behind = close + 1;
    t->name = p;
    while (p < close && *p != ' ' && *p != '/')
        p++;
    t->n = (size_t)(p - t->name);
    return true;
}

static bool
is(const struct tag *t, const char *name)
{
    return t->n == strlen(name) && memcmp(t->name, name, t->n) == 0;
}

/* Blanks up to n characters behind v. Line ends would end the record. */
static void
add_padded(struct bytes *out, const char *p, size_t bytes, size_t n)
{
    size_t used = 0;

    for (size_t i = 0; i < bytes; i++) {
        used += ((unsigned char)p[i] & 0xc0) != 0x80;
        bytes_add(out, (unsigned char)p[i] < ' ' ? " " : p + i, 1);
    }
    for (; used < n; used++)
        bytes_text(out, " ");
}

static size_t
characters(const struct bytes *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += ((unsigned char)b->p[i] & 0xc0) != 0x80;
    return n;
}

static void
add_fields(struct writing *w)
{
    for (size_t i = 0; i < w->n_fields; i++) {
        add_padded(w->out, w->values[i].p, w->values[i].n, w->fields[i].n);
        w->values[i].n = 0;
    }
}

static void
keep(const struct writing *w, size_t field, char *out, size_t size)
{
    const struct bytes *b = &w->values[field];
    size_t n = b->n < size ? b->n : size - 1;

    memcpy(out, b->n > 0 ? b->p : "", n);
    out[n] = '\0';
}

/* The record of the innermost open segment, once. */
static void
write_record(struct writing *w)
{
    struct level *at = &w->open[w->depth - 1];
    char head[40];
    unsigned outer = w->depth > 1 ? w->open[w->depth - 2].number : 0;

    if (at->written)
        return;
    at->written = true;
    if (at->s == NULL) {
        keep(w, 1, w->mandt, sizeof w->mandt);
        keep(w, 2, w->docnum, sizeof w->docnum);
        add_fields(w);
        bytes_text(w->out, "\n");
        return;
    }
    at->number = ++w->numbers;
    add_padded(w->out, at->s->flat, strlen(at->s->flat), FLAT_NAME);
    add_padded(w->out, w->mandt, strlen(w->mandt), 3);
    add_padded(w->out, w->docnum, strlen(w->docnum), 16);
    snprintf(head, sizeof head, "%06u%06u%02u", at->number % 1000000,
             outer % 1000000, (unsigned)w->depth);
    bytes_text(w->out, head);
    add_fields(w);
    add_padded(w->out, "", 0, (size_t)(FLAT_DATA - at->s->length));
    bytes_text(w->out, "\n");
}

static enum mr_status
open_segment(struct writing *w, const struct tag *t)
{
    const struct flat_segment *s = flat_find(w->l, t->name, t->n, false);
    bool control = is(t, "EDI_DC40");

    if (control ? w->depth > 0 : s == NULL)
        return refuse(w, "the layout has no segment", t->name, t->n);
    if (w->depth == FLAT_DEPTH)
        return refuse(w, "too many segments in one another:", t->name, t->n);
    if (w->depth > 0)
        write_record(w);
    if (control)
        w->numbers = 0;
    w->fields = control ? flat_control : w->l->fields + s->first;
    w->n_fields = control ? flat_n_control : s->n;
    w->open[w->depth++] = (struct level){ control ? NULL : s, 0, false };
    return MR_OK;
}

static void
add_unescaped(struct bytes *to, const char *p, const char *end)
{
    static const struct {
        const char *name;
        char c;
    } all[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
                { "&quot;", '"' }, { "&apos;", '\'' }, { "&#9;", ' ' },
                { "&#10;", ' ' }, { "&#13;", ' ' } };

    while (p < end) {
        size_t n = 1;
        char c = *p;

        for (size_t i = 0; c == '&' && i < sizeof all / sizeof all[0]; i++) {
            size_t name_n = strlen(all[i].name);

            if ((size_t)(end - p) >= name_n &&
                memcmp(p, all[i].name, name_n) == 0) {
                c = all[i].c;
                n = name_n;
                break;
            }
        }
        bytes_add(to, &c, 1);
        p += n;
    }
}

/* A field: its text goes to its place. *p is behind it afterwards. */
static enum mr_status
take_field(struct writing *w, const struct tag *t, const char **p,
           const char *end)
{
    struct tag close;
    size_t i = 0;

    *p = t->behind;
    while (i < w->n_fields && !is(t, w->fields[i].name))
        i++;
    if (i == w->n_fields || w->open[w->depth - 1].written)
        return refuse(w, "the layout has no place for", t->name, t->n);
    if (t->empty)
        return MR_OK;
    if (!next_tag(t->behind, end, &close) || !close.closes ||
        close.n != t->n || memcmp(close.name, t->name, t->n) != 0)
        return refuse(w, "no end of", t->name, t->n);
    w->values[i].n = 0;
    add_unescaped(&w->values[i], t->behind, close.name - 2);
    *p = close.behind;
    return characters(&w->values[i]) <= w->fields[i].n
               ? MR_OK
               : refuse(w, "longer than in the layout:", t->name, t->n);
}

static bool
is_segment(const struct writing *w, const struct tag *t)
{
    return is(t, "EDI_DC40") || flat_find(w->l, t->name, t->n, false) != NULL;
}

static enum mr_status
take_tag(struct writing *w, const struct tag *t, const char **p,
         const char *end, int *outside)
{
    enum mr_status st;

    *p = t->behind;
    /* The document element and IDOC. */
    if (w->depth == 0 && (t->closes || is(t, "IDOC") || *outside == 0)) {
        *outside += t->closes ? -1 : !t->empty;
        return MR_OK;
    }
    if (t->closes) {
        if (is_segment(w, t)) {
            write_record(w);
            w->depth--;
        }
        return MR_OK;
    }
    if (w->depth > 0 && !is_segment(w, t))
        return take_field(w, t, p, end);
    st = open_segment(w, t);
    if (st == MR_OK && t->empty) {
        write_record(w);
        w->depth--;
    }
    return st;
}

enum mr_status
flat_from_xml(struct mr_cx *cx, const struct flat_layout *l, const char *p,
              size_t n, struct bytes *out)
{
    struct writing *w = mr_resize(cx, NULL, sizeof *w);
    const char *end = p + n;
    enum mr_status st = MR_OK;
    int outside = 0;
    struct tag t;

    if (w == NULL)
        return MR_EMEMORY;
    memset(w, 0, sizeof *w);
    w->cx = cx;
    w->l = l;
    w->out = out;
    for (size_t i = 0; i < FLAT_DATA; i++)
        bytes_init(&w->values[i], &cx->memory);
    while (st == MR_OK && next_tag(p, end, &t))
        st = take_tag(w, &t, &p, end, &outside);
    if (st == MR_OK && (outside != 0 || w->depth != 0 || out->n == 0))
        st = mr_fail(cx, MR_EFORMAT, "the document is no IDoc");
    for (size_t i = 0; i < FLAT_DATA; i++) {
        out->failed |= w->values[i].failed;
        bytes_free(&w->values[i]);
    }
    mr_resize(cx, w, 0);
    if (st == MR_OK && out->failed)
        st = mr_fail(cx, MR_EMEMORY, "memory ran out");
    return st;
}
