/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements as they came last time: most of a document, read without parsing a
 * tag.
 *
 * What stands between the texts of two fields, `</NAME1><NAME2>` with all
 * blanks in it, is the same from document to document. Each step of a track
 * keeps these bytes of the last two ways to go on, and where they led: so one
 * compare of 32 bytes takes an end tag, a start tag, the end of a segment, and
 * tells which member comes. Where both ways fail, tag by tag is compared; where
 * a tag is not known either, the rules take over.
 */
#include "codec/xml_track.h"

/* Why take_leaves comes to an end. */
enum taken {
    BY_RULES,           /* what comes is for the rules */
    OPENS,              /* behind the start tag of a step with others in it */
    CLOSES,             /* behind the end tag of the element around */
    REFUSED
};

/* As any value. False: it is there twice. */
static bool
put_any(struct mr_xml_open *x, struct xml_frame *f,
        const struct track_step *s, const char *text, size_t n)
{
    if (s->m == NULL)
        return true;
    if (!xml_first_at(x, f, s->index))
        return false;
    xml_store(x, s->m, (struct mr_val *)(void *)(f->record + s->m->offset),
              text, (uint32_t)n);
    return true;
}

static inline struct track_step *
step_before(const struct track *t, const struct track_place *place)
{
    return &t->steps[place - t->places - 1];
}

/* Stores the text of the leaf in front of a place, behind which stands `<`.
 * False: it is there twice. */
static inline bool
put_leaf(struct mr_xml_open *x, struct xml_frame *f,
         const struct track_place *place, const char *text, const char *end)
{
    if (place->put == XML_NOT_MAPPED)
        return true;
    /* No blanks alone, not what says `missing`. */
    if (place->put != XML_TEXT || (unsigned char)*text <= ' ' ||
        *text == x->nodata)
        return put_any(x, f, step_before(f->track, place), text,
                       (size_t)(end - text));
    if ((f->seen & place->bit) != 0)
        return false;
    f->seen |= place->bit;
    *(struct mr_val *)(void *)(f->record + place->offset) =
        mr_slice(text, (uint32_t)(end - text));
    return true;
}

/* A leaf with references or line ends in its text. Returns the place of its
 * end tag. NULL: it is for the rules, or refused. */
static const char *
put_odd(struct mr_xml_open *x, struct xml_frame *f,
        const struct track_step *s, const char *text)
{
    const char *end = memchr(text, '<', (size_t)(x->end - text));
    struct xml_text t = { text, NULL, 0, 0 };

    if (end == NULL || !xml_closes(s, end))
        return NULL;
    if (s->m == NULL)
        return xml_skip_text(x, text);
    if (!xml_first_at(x, f, s->index) || xml_collect(x, text, &t) == NULL)
        return NULL;
    xml_store(x, s->m, (struct mr_val *)(void *)(f->record + s->m->offset),
              t.p, t.n);
    return end;
}

enum { NOWHERE = TRACK_CLOSES };    /* at no place that is kept */

/* The place at which f stands, when it stands behind an element with others in
 * it or in front of all. */
static inline uint32_t
place_of(const struct xml_frame *f)
{
    const struct track *t = f->track;

    /* Where each document has its own order, it costs more than it brings. */
    if (t->bad != 0 || t->n == 0)
        return NOWHERE;
    return t->places[f->next].put == XML_NO_TEXT ? f->next : NOWHERE;
}

/* The end tag of f's element at *at; `from` is place i. */
static enum taken
take_end(const struct mr_xml_open *x, struct xml_frame *f, uint32_t i,
         const char *from, const char **at)
{
    const char *end = xml_plain_end(x, *at, f->name, f->n);

    if (end == NULL)
        return BY_RULES;
    if (i != NOWHERE)
        mr_track_then(f->track, i, from, (size_t)(end - from), TRACK_CLOSES);
    *at = end;
    return CLOSES;
}

/* A start tag at *at by itself; *at moves behind it, and behind the element if
 * it is an empty one (*empty). `from` is place i, where that is known. */
static bool
take_tag(struct mr_xml_open *x, struct xml_frame *f, uint32_t i,
         const char *from, const char **at, bool *empty)
{
    enum xml_fit fit;
    struct track_step *s = xml_step_at(f, *at, &fit);
    const char *p;

    if (s == NULL)
        return false;
    p = *at + s->glue_n;
    f->next = (uint32_t)(s - f->track->steps) + 1;
    *empty = fit == XML_AS_EMPTY || s->kind == XML_EMPTY;
    if (*empty && !put_any(x, f, s, p, 0))
        return false;
    if (!*empty && i != NOWHERE)
        mr_track_then(f->track, i, from, (size_t)(p - from), f->next);
    *at = p + (fit == XML_AS_EMPTY);
    return true;
}

/* The leaf in front of a place by itself, where the scan of its text came to
 * `end`. Stores the text, returns the end tag's place. NULL: it is for the
 * rules, or refused. */
static const char *
take_text(struct mr_xml_open *x, struct xml_frame *f,
          const struct track_place *place, const char *text, const char *end)
{
    const struct track_step *s = step_before(f->track, place);

    if (*end != '<')
        return put_odd(x, f, s, text);
    if (!xml_closes(s, end) || !put_leaf(x, f, place, text, end))
        return NULL;
    return end;
}

/* Leaves as long as they are known, from *at on, which moves behind them. Where
 * another element opens, it is the step in front of f->next. */
static inline enum taken
take_leaves(struct mr_xml_open *x, struct xml_frame *f, const char **at)
{
    const struct track *t = f->track;
    const struct track_place *place;
    uint32_t i = place_of(f);
    const char *p = *at, *from = p, *end;
    const struct track_then *then = i == NOWHERE ? NULL
                                                 : track_then_at(t, i, p);
    bool guess = t->bad == 0;

    for (;;) {
        if (__builtin_expect(then != NULL, 1)) {
            p = from + then->n;
            i = then->to;
            if (i == TRACK_CLOSES) {
                *at = p;
                return CLOSES;
            }
        } else {
            bool empty;

            *at = xml_space(p);
            if ((*at)[1] == '/')
                return take_end(x, f, i, from, at);
            if (!take_tag(x, f, i, from, at, &empty))
                return BY_RULES;
            p = *at;
            i = empty ? NOWHERE : f->next;
            if (empty)
                continue;
        }
        place = &t->places[i];
        if (place->put == XML_NO_TEXT) {
            f->next = i;
            *at = p;
            return OPENS;
        }
        end = xml_scan_leaf(p);
        then = guess ? track_then_at(t, i, end) : NULL;
        if (then == NULL || !put_leaf(x, f, place, p, end)) {
            const struct track_step *s = &t->steps[i - 1];
            bool odd = *end != '<';

            f->next = i;
            *at = p - s->glue_n;
            end = then != NULL ? NULL : take_text(x, f, place, p, end);
            if (end == NULL)
                return x->cx->error.status == MR_OK ? BY_RULES : REFUSED;
            then = guess && odd ? track_then_at(t, i, end) : NULL;
            p = end + s->close_n;
        }
        from = end;
        if (!guess)
            i = NOWHERE;
    }
}

/* The memory of the row that step s of f opens. NULL: the rules refuse it. */
static inline char *
add_row(struct mr_xml_open *x, struct xml_frame *f, const struct track_step *s)
{
    struct mr_rows *rows = (struct mr_rows *)(void *)(f->record + s->m->offset);

    if (rows->n == MR_ROWS_MAX)
        return NULL;
    return mr_row_add(x->cx, rows, s->m->shape->size);
}

/* Opens the element of step s, p behind its start tag. */
static inline enum taken
open_known(struct mr_xml_open *x, struct xml_frame *f,
           const struct track_step *s, const char *p)
{
    struct xml_name name = { p - s->glue_n + 1, s->name_n, 0 };
    struct aim aim = { (enum xml_kind)s->aim, s->m };

    if (s->kind != XML_OPEN || x->depth == MR_DEPTH_MAX)
        return BY_RULES;
    if (s->m != NULL && s->m->kind != MR_MANY && !xml_first_at(x, f, s->index))
        return BY_RULES;
    x->n_attributes = 0;
    x->named = false;
    if (s->aim == XML_RECORD && (s->m == NULL || s->m->kind != MR_MANY)) {
        if (!xml_push(x, &name, &aim, x->n_bindings, x->default_ns))
            return REFUSED;
    } else {
        xml_frame_init(&f[1], &name, aim.kind, x->n_bindings, x->default_ns);
        if (s->aim == XML_RECORD) {
            f[1].shape = s->m->shape;
            f[1].record = add_row(x, f, s);
            if (f[1].record == NULL)
                return x->cx->error.status == MR_OK ? BY_RULES : REFUSED;
        }
        x->depth++;
    }
    f[1].track = s->inner;
    return OPENS;
}

const char *
xml_known(struct mr_xml_open *x, const char *p)
{
    for (;;) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        enum taken taken;

        if (f->collects || f->track == NULL)
            return p;
        taken = take_leaves(x, f, &p);
        if (taken == OPENS) {
            const struct track_step *s = &f->track->steps[f->next - 1];

            taken = open_known(x, f, s, p);
            if (taken == BY_RULES)
                return p - s->glue_n;
        } else if (taken == CLOSES) {
            if (!xml_pop(x))
                return NULL;
            if (x->done || x->depth == 0)
                return p;
        }
        if (taken == BY_RULES)
            return p;
        if (taken == REFUSED)
            return NULL;
        if (x->record_depth == 0)
            x->keep = p;
    }
}
