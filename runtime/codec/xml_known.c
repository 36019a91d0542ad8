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

/* Leaves as long as they are known, from *at on, which moves behind them. */
static enum taken
take_leaves(struct mr_xml_open *x, struct xml_frame *f, const char **at,
            struct track_step **step)
{
    struct track *t = f->track;
    struct track_step *s = f->next == 0 ? NULL : &t->steps[f->next - 1];
    struct track_then *two = s == NULL ? t->first
                             : s->kind >= XML_OPEN ? s->then : NULL;
    const struct track_then *then = NULL;
    const char *p = *at, *from = p, *end;
    /* Where each document has its own order, it costs more than it brings. */
    bool guess = t->bad == 0;

    if (guess && two != NULL)
        then = track_then_at(two, from);
    for (;;) {
        if (__builtin_expect(then != NULL, 1)) {
            p = from + then->n;
            if (then->to == TRACK_CLOSES)
                return *at = p, CLOSES;
            s = &t->steps[then->to];
            f->next = then->to + 1u;
        } else {
            enum xml_fit fit;

            *at = p = xml_space(p);
            if (p[1] == '/') {
                end = xml_plain_end(x, p, f->name, f->n);
                if (end == NULL)
                    return BY_RULES;
                if (guess && two != NULL)
                    mr_track_then(two, from, (size_t)(end - from),
                                  TRACK_CLOSES);
                return *at = end, CLOSES;
            }
            s = xml_step_at(f, p, &fit);
            if (s == NULL)
                return BY_RULES;
            f->next = (uint32_t)(s - t->steps) + 1;
            p += s->glue_n;
            if (fit == XML_AS_EMPTY || s->kind == XML_EMPTY) {
                if (!put_any(x, f, s, p, 0))
                    return BY_RULES;
                p += fit == XML_AS_EMPTY;
                two = NULL;
                continue;
            }
            if (guess && two != NULL)
                mr_track_then(two, from, (size_t)(p - from), f->next - 1);
        }
        if (s->kind >= XML_OPEN)
            return *at = p, *step = s, OPENS;
        end = xml_scan_leaf(p);
        two = s->then;
        then = guess ? track_then_at(two, end) : NULL;
        if (then == NULL && !xml_closes(s, end)) {
            *at = p - s->glue_n;
            if (*end == '<')
                return BY_RULES;
            end = put_odd(x, f, s, p);
            if (end == NULL)
                return x->cx->error.status == MR_OK ? BY_RULES : REFUSED;
            then = guess ? track_then_at(two, end) : NULL;
        } else if (!put_leaf(x, f, s, p, end)) {
            return *at = p - s->glue_n, BY_RULES;
        }
        from = end;
        p = end + s->close_n;
    }
}

/* Opens the element of a step whose start tag begins at p. */
static bool
open_known(struct mr_xml_open *x, const struct track_step *s, const char *p)
{
    struct aim aim = { (enum xml_kind)s->aim, s->m };
    struct xml_name name = { p + 1, s->name_n, 0 };

    x->n_attributes = 0;
    x->named = false;
    if (!xml_push(x, &name, &aim, x->n_bindings, x->default_ns))
        return false;
    x->frames[x->depth - 1].track = s->inner;
    return true;
}

/* Can the element of the step be opened without the rules? */
static bool
is_open(struct mr_xml_open *x, struct xml_frame *f, const struct track_step *s)
{
    return s->kind == XML_OPEN && x->depth < MR_DEPTH_MAX &&
           (s->m == NULL || s->m->kind == MR_MANY ||
            xml_first_at(x, f, s->index));
}

const char *
xml_known(struct mr_xml_open *x, const char *p)
{
    for (;;) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        struct track_step *s = NULL;

        if (f->collects || f->track == NULL)
            return p;
        switch (take_leaves(x, f, &p, &s)) {
        case BY_RULES:
            return p;
        case REFUSED:
            return NULL;
        case OPENS:
            if (!is_open(x, f, s))
                return p - s->glue_n;
            if (!open_known(x, s, p - s->glue_n))
                return NULL;
            break;
        case CLOSES:
            if (!xml_pop(x))
                return NULL;
            if (x->done || x->depth == 0)
                return p;
            break;
        }
        if (x->record_depth == 0)
            x->keep = p;
    }
}
