/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts of flat IDocs: that of the control record, and reading the others. */
#include "peer/flat_layout.h"

const struct flat_field flat_control[] = {
    { "TABNAM", 0, 10 }, { "MANDT", 10, 3 }, { "DOCNUM", 13, 16 },
    { "DOCREL", 29, 4 }, { "STATUS", 33, 2 }, { "DIRECT", 35, 1 },
    { "OUTMOD", 36, 1 }, { "EXPRSS", 37, 1 }, { "TEST", 38, 1 },
    { "IDOCTYP", 39, 30 }, { "CIMTYP", 69, 30 }, { "MESTYP", 99, 30 },
    { "MESCOD", 129, 3 }, { "MESFCT", 132, 3 }, { "STD", 135, 1 },
    { "STDVRS", 136, 6 }, { "STDMES", 142, 6 }, { "SNDPOR", 148, 10 },
    { "SNDPRT", 158, 2 }, { "SNDPFC", 160, 2 }, { "SNDPRN", 162, 10 },
    { "SNDSAD", 172, 21 }, { "SNDLAD", 193, 70 }, { "RCVPOR", 263, 10 },
    { "RCVPRT", 273, 2 }, { "RCVPFC", 275, 2 }, { "RCVPRN", 277, 10 },
    { "RCVSAD", 287, 21 }, { "RCVLAD", 308, 70 }, { "CREDAT", 378, 8 },
    { "CRETIM", 386, 6 }, { "REFINT", 392, 14 }, { "REFGRP", 406, 14 },
    { "REFMES", 420, 14 }, { "ARCKEY", 434, 70 }, { "SERIAL", 504, 20 }
};
const size_t flat_n_control = sizeof flat_control / sizeof flat_control[0];

/* A word of a line and what is behind it; n 0: none. */
struct word {
    const char *p;
    size_t n;
};

static struct word
next_word(const char **p, const char *end)
{
    struct word w;

    while (*p < end && (**p == ' ' || **p == '\t' || **p == '\r'))
        (*p)++;
    w.p = *p;
    while (*p < end && **p != ' ' && **p != '\t' && **p != '\r')
        (*p)++;
    w.n = (size_t)(*p - w.p);
    if (w.n >= 2 && memcmp(w.p, "--", 2) == 0) {
        *p = end;
        w.n = 0;
    }
    return w;
}

static bool
is(struct word w, const char *text)
{
    return w.n == strlen(text) && memcmp(w.p, text, w.n) == 0;
}

static bool
take_name(struct word w, char *out)
{
    if (w.n == 0 || w.n > FLAT_NAME)
        return false;
    for (size_t i = 0; i < w.n; i++)
        if (!((w.p[i] >= 'A' && w.p[i] <= 'Z') ||
              (w.p[i] >= '0' && w.p[i] <= '9') || w.p[i] == '_' ||
              w.p[i] == '-'))
            return false;
    memcpy(out, w.p, w.n);
    out[w.n] = '\0';
    return true;
}

/* One more place at the end of an array. */
static void *
room_for(struct mr_cx *cx, void *array, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return array;
    *room = *room == 0 ? 64 : *room * 2;
    return mr_resize(cx, array, *room * size);
}

static bool
add_segment(struct mr_cx *cx, struct flat_layout *l, struct word name,
            struct word flat)
{
    struct flat_segment *all = room_for(cx, l->segments, l->n_segments,
                                        &l->room_segments, sizeof *all), *s;

    if (all == NULL)
        return false;
    l->segments = all;
    s = &all[l->n_segments];
    memset(s, 0, sizeof *s);
    s->first = l->n_fields;
    if (!take_name(name, s->name) ||
        !take_name(flat.n > 0 ? flat : name, s->flat) ||
        flat_find(l, name.p, name.n, false) != NULL)
        return false;
    l->n_segments++;
    return true;
}

static bool
add_field(struct mr_cx *cx, struct flat_layout *l, struct word name,
          struct word length)
{
    struct flat_field *all, *f;
    struct flat_segment *s;
    unsigned n = 0;

    if (l->n_segments == 0 || length.n == 0 || length.n > 4)
        return false;
    for (size_t i = 0; i < length.n; i++) {
        if (length.p[i] < '0' || length.p[i] > '9')
            return false;
        n = n * 10 + (unsigned)(length.p[i] - '0');
    }
    s = &l->segments[l->n_segments - 1];
    if (n == 0 || s->length + n > FLAT_DATA)
        return false;
    all = room_for(cx, l->fields, l->n_fields, &l->room_fields, sizeof *all);
    if (all == NULL)
        return false;
    l->fields = all;
    f = &all[l->n_fields];
    if (!take_name(name, f->name))
        return false;
    f->at = s->length;
    f->n = (uint16_t)n;
    s->length = (uint16_t)(s->length + n);
    s->n++;
    l->n_fields++;
    return true;
}

static bool
take_line(struct mr_cx *cx, struct flat_layout *l, const char *p,
          const char *end)
{
    struct word first = next_word(&p, end), second = next_word(&p, end);
    struct word third = next_word(&p, end);

    if (first.n == 0)
        return true;
    if (is(first, "segment"))
        return next_word(&p, end).n == 0 && add_segment(cx, l, second, third);
    return third.n == 0 && add_field(cx, l, first, second);
}

enum mr_status
flat_layout_new(struct mr_cx *cx, const char *p, size_t n,
                struct flat_layout **out)
{
    struct flat_layout *l = mr_resize(cx, NULL, sizeof *l);
    const char *end = p + n;
    size_t line = 0;

    if (l == NULL)
        return MR_EMEMORY;
    memset(l, 0, sizeof *l);
    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));

        line++;
        if (stop == NULL)
            stop = end;
        if (!take_line(cx, l, p, stop)) {
            mr_fail(cx, MR_EFORMAT, "line %zu of the layout is neither "
                    "'segment NAME [NAME]' nor 'FIELD LENGTH', or it does not "
                    "fit into %d characters", line, FLAT_DATA);
            flat_layout_free(cx, l);
            return cx->error.status;
        }
        p = stop + 1;
    }
    *out = l;
    return MR_OK;
}

void
flat_layout_free(struct mr_cx *cx, struct flat_layout *l)
{
    if (l == NULL)
        return;
    mr_resize(cx, l->segments, 0);
    mr_resize(cx, l->fields, 0);
    mr_resize(cx, l, 0);
}

const struct flat_segment *
flat_find(const struct flat_layout *l, const char *name, size_t n, bool flat)
{
    for (size_t i = 0; i < l->n_segments; i++) {
        const struct flat_segment *s = &l->segments[i];
        const char *own = flat ? s->flat : s->name;

        if (strlen(own) == n && memcmp(own, name, n) == 0)
            return s;
    }
    return NULL;
}
