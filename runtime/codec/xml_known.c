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

/* Stores a leaf's text, behind which stands `<`. False: it is there twice. */
static inline bool
put_leaf(struct mr_xml_open *x, struct xml_frame *f,
         const struct track_step *s, const char *text, const char *end)
{
    if (s->m == NULL)
        return true;
    /* No blanks alone, not what says `missing`. */
    if (!s->text || (unsigned char)*text <= ' ' || *text == x->nodata ||
        s->bit == 0)
        return put_any(x, f, s, text, (size_t)(end - text));
    if ((f->seen & s->bit) != 0)
        return false;
    f->seen |= s->bit;
    *(struct mr_val *)(void *)(f->record + s->offset) =
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

/* Where the known part of a document is left or goes up or down. */
struct way {
    const char *p;
    struct track_step *s;       /* OPENS: which */
};

/* Writes down where f stands: behind s. */
static inline void
stand(struct xml_frame *f, const struct track_step *s)
{
    f->next = (uint32_t)(s - f->track->steps) + 1;
}

/* What came at the place where f stands, when it stands behind an element with
 * others in it or in front of all. NULL: it is not kept. */
static inline struct track_then *
two_at(const struct xml_frame *f)
{
    struct track *t = f->track;
    struct track_step *s;

    /* Where each document has its own order, it costs more than it brings. */
    if (t->bad != 0)
        return NULL;
    if (f->next == 0)
        return t->first;
    s = &t->steps[f->next - 1];
    return s->kind >= XML_OPEN ? s->then : NULL;
}

/* The end tag of f's element at w->p, `from` being where `two` is about. */
static enum taken
take_end(const struct mr_xml_open *x, const struct xml_frame *f,
         struct track_then *two, const char *from, struct way *w)
{
    const char *end = xml_plain_end(x, w->p, f->name, f->n);

    if (end == NULL)
        return BY_RULES;
    if (two != NULL)
        mr_track_then(two, from, (size_t)(end - from), TRACK_CLOSES);
    w->p = end;
    return CLOSES;
}

/* Leaves as long as they are known, from w->p on, which moves behind them;
 * `two` is about what comes there. */
static inline enum taken
take_leaves(struct mr_xml_open *x, struct xml_frame *f, struct track_then *two,
            struct way *w)
{
    struct track_step *steps = f->track->steps, *s;
    const char *p = w->p, *from = p, *end;
    const struct track_then *then = two == NULL ? NULL
                                                : track_then_at(two, p);
    bool guess = f->track->bad == 0;

    for (;;) {
        if (__builtin_expect(then != NULL, 1)) {
            p = from + then->n;
            s = &steps[then->to];
            if (then->to == TRACK_CLOSES) {
                w->p = p;
                return CLOSES;
            }
        } else {
            enum xml_fit fit;

            w->p = p = xml_space(p);
            if (p[1] == '/')
                return take_end(x, f, two, from, w);
            s = xml_step_at(f, p, &fit);
            if (s == NULL)
                return BY_RULES;
            stand(f, s);
            p += s->glue_n;
            if (fit == XML_AS_EMPTY || s->kind == XML_EMPTY) {
                if (!put_any(x, f, s, p, 0))
                    return BY_RULES;
                p += fit == XML_AS_EMPTY;
                two = NULL;
                continue;
            }
            if (two != NULL)
                mr_track_then(two, from, (size_t)(p - from), f->next - 1);
        }
        if (s->kind >= XML_OPEN) {
            stand(f, s);
            w->p = p;
            w->s = s;
            return OPENS;
        }
        end = xml_scan_leaf(p);
        two = guess ? s->then : NULL;
        then = guess ? track_then_at(s->then, end) : NULL;
        if (__builtin_expect(then == NULL, 0)) {
            stand(f, s);
            w->p = p - s->glue_n;
            if (!xml_closes(s, end)) {
                if (*end == '<')
                    return BY_RULES;
                end = put_odd(x, f, s, p);
                if (end == NULL)
                    return x->cx->error.status == MR_OK ? BY_RULES : REFUSED;
            } else if (!put_leaf(x, f, s, p, end)) {
                return BY_RULES;
            }
            p = end + s->close_n;
        } else if (!put_leaf(x, f, s, p, end)) {
            stand(f, s);
            w->p = p - s->glue_n;
            return BY_RULES;
        }
        from = end;
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

    if (s->kind != XML_OPEN || x->depth == MR_DEPTH_MAX ||
        (s->m != NULL && s->m->kind != MR_MANY && !xml_first_at(x, f, s->index)))
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
    struct way w = { p, NULL };

    for (;;) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        enum taken taken;

        if (f->collects || f->track == NULL)
            return w.p;
        taken = take_leaves(x, f, two_at(f), &w);
        if (taken == OPENS) {
            taken = open_known(x, f, w.s, w.p);
            if (taken == BY_RULES)
                return w.p - w.s->glue_n;
        } else if (taken == CLOSES) {
            if (!xml_pop(x))
                return NULL;
            if (x->done || x->depth == 0)
                return w.p;
        }
        if (taken == BY_RULES)
            return w.p;
        if (taken == REFUSED)
            return NULL;
        if (x->record_depth == 0)
            x->keep = w.p;
    }
}
