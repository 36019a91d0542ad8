/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements as they came last time, and those with nothing but plain text in
 * them: most of a document, read without parsing a tag.
 *
 * The tracks are a tree: that of an element hangs on the exact bytes of its
 * start tag in the track of the element around it, from the document element
 * on. So equal bytes have the same namespaces in scope, and name the same
 * member, as they did when they were read by the rules.
 */
#include "codec/xml_scan.h"
#include "codec/xml_state.h"

/* How a step is taken. */
enum { LEAF, EMPTY, OPEN, SLOW };

/* What opens the step's element, behind what closes the one before it. */
static inline bool
opens(const struct track_step *s, const char *p)
{
    return track_same(s->glue + s->close_n, p, s->glue_n - s->close_n);
}

/* The step that comes at p: the expected one or one of the next, or the last
 * one again. NULL: none. */
static struct track_step *
find_step(const struct track *t, uint32_t next, const char *p)
{
    if (t == NULL || (p[0] == '<' && p[1] == '/'))
        return NULL;
    for (uint32_t i = next; i < t->n && i < next + TRACK_AHEAD; i++)
        if (opens(&t->steps[i], p))
            return &t->steps[i];
    if (next > 0 && opens(&t->steps[next - 1], p))
        return &t->steps[next - 1];
    return NULL;
}

/* Learns the element whose start tag ends in front of `text`. */
static struct track_step *
learn(struct mr_xml_open *x, struct track *t, uint32_t next,
      const struct xml_name *name, const char *text, int kind,
      const struct aim *aim)
{
    const struct track_step *last = next == 0 ? NULL : &t->steps[next - 1];
    const char *start = name->p - 1, *first = x->in->at + x->in->start;
    char glue[TRACK_GLUE_MAX];
    size_t n = 0, open_n;
    struct track_step *s;

    if (name->n > TRACK_GLUE_MAX)
        return NULL;
    while (start > first && text - start < TRACK_GLUE_MAX &&
           xml_is(start[-1], XML_SPACE))
        start--;
    open_n = (size_t)(text - start);
    if (last != NULL && last->kind == LEAF)
        n = last->name_n + 3u;
    if (n + open_n > TRACK_GLUE_MAX)
        return NULL;
    if (n != 0) {
        memcpy(glue, "</", 2);
        memcpy(glue + 2, last->glue + last->name_at, last->name_n);
        glue[n - 1] = '>';
    }
    memcpy(glue + n, start, open_n);
    s = mr_track_learn(x->cx, x->tracks, t, next, glue, n + open_n,
                       aim->member, 0);
    if (s == NULL)
        return NULL;
    s->close_n = (uint8_t)n;
    s->name_n = (uint8_t)name->n;
    s->name_at = (uint8_t)(n + (size_t)(name->p - start));
    s->kind = (uint8_t)kind;
    s->aim = (uint8_t)aim->kind;
    if (kind == OPEN || kind == SLOW)
        s->inner = mr_track_inner(x->cx);
    return s;
}

/* The step of the start tag from `start` to `text`, whatever stood in front of
 * it. NULL: none near. */
static struct track_step *
find_tag(const struct track *t, uint32_t next, const char *start,
         const char *text)
{
    uint32_t from = next > 0 ? next - 1 : 0;
    size_t n = (size_t)(text - start);

    for (uint32_t i = from; i < t->n && i < next + TRACK_AHEAD; i++) {
        struct track_step *s = &t->steps[i];
        uint32_t at = s->name_at - 1u;

        if (s->glue_n - at == n && memcmp(s->glue + at, start, n) == 0)
            return s;
    }
    return NULL;
}

struct track *
xml_inner_track(struct mr_xml_open *x, const struct xml_name *name,
                const char *text, const struct aim *aim, bool plain)
{
    struct xml_frame *f = x->depth == 0 ? NULL : &x->frames[x->depth - 1];
    struct track *t = f != NULL ? f->track
                      : x->tracks != NULL ? &x->tracks->root : NULL;
    uint32_t next = f == NULL ? 0 : f->next;
    struct track_step *s;

    if (t == NULL)
        return NULL;
    s = find_tag(t, next, name->p - 1, text);
    if (s == NULL)
        s = learn(x, t, f == NULL ? t->n : next, name, text,
                  plain ? OPEN : SLOW, aim);
    if (s == NULL)
        return NULL;
    if (f != NULL)
        f->next = (uint32_t)(s - t->steps) + 1;
    return s->inner;
}

void
xml_learn_leaf(struct mr_xml_open *x, const struct xml_name *name,
               const char *text, bool empty, const struct aim *aim)
{
    struct xml_frame *f = &x->frames[x->depth - 1];

    struct track_step *s;

    f->missed++;
    if (f->track == NULL)
        return;
    s = mr_track_find(f->track, name->p, name->n);
    if (s == NULL)
        s = learn(x, f->track, f->next, name, text, empty ? EMPTY : LEAF, aim);
    if (s != NULL)
        f->next = (uint32_t)(s - f->track->steps) + 1;
}

/* Opens the element of a step whose start tag ends in front of `text`. */
static bool
open_known(struct mr_xml_open *x, const struct track_step *s, const char *text)
{
    struct xml_frame *f = &x->frames[x->depth - 1];
    struct aim aim = { (enum xml_kind)s->aim, s->m };
    const char *tag = text - (s->glue_n - s->name_at);
    struct xml_name name = { tag, s->name_n, 0 };
    struct track *inner = s->inner;

    f->next = (uint32_t)(s - f->track->steps) + 1;
    x->n_attributes = 0;
    x->named = false;
    if (!xml_push(x, &name, &aim, x->n_bindings, x->default_ns))
        return false;
    x->frames[x->depth - 1].track = inner;
    return true;
}

/* What take_leaves met. */
enum { ENDED, OPENED, STUCK };

/* Leaves from step *at on, whose text starts at `text`. Returns the place
 * behind the last one (ENDED); behind the start tag of the step that came
 * then and is no leaf, which *at is (OPENED); or that of the leaf that is for
 * the rules (STUCK). */
static const char *
take_leaves(struct mr_xml_open *x, struct xml_frame *f,
            const struct track_step **at, const char *text, int *met)
{
    const struct track_step *s = *at, *end = f->track->steps + f->track->n;

    for (;;) {
        const struct track_step *next = s + 1;
        const char *q = s->kind == LEAF ? xml_scan(text, '<', '&', ']') : text;
        const char *close = NULL;
        bool goes_on = next < end && track_fits(next, q);

        *met = STUCK;
        if (!goes_on && s->kind == LEAF) {
            close = xml_plain_end(x, q, s->glue + s->name_at, s->name_n);
            if (close == NULL)
                return text - (s->glue_n - s->close_n);
        }
        if (s->m != NULL && !xml_first(x, f, s->m))
            return text - (s->glue_n - s->close_n);
        if (s->m != NULL)
            xml_store(x, s->m, (struct mr_val *)(void *)
                      (f->record + s->m->offset), text, (uint32_t)(q - text));
        f->next = (uint32_t)(next - f->track->steps);
        *met = ENDED;
        if (!goes_on)
            return close == NULL ? q : close;
        text = q + next->glue_n;
        s = next;
        if (s->kind == OPEN || s->kind == SLOW) {
            *at = s;
            *met = OPENED;
            return text;
        }
    }
}

const char *
xml_known(struct mr_xml_open *x, const char *p)
{
    for (;;) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        const struct track_step *s = find_step(f->track, f->next, p);
        const char *text;

        if (s == NULL)
            return p;
        if (s > &f->track->steps[f->next])
            f->missed++;
        text = p + (s->glue_n - s->close_n);
        if (s->kind == LEAF || s->kind == EMPTY) {
            int met;

            p = take_leaves(x, f, &s, text, &met);
            if (met == STUCK)
                return p;
            if (met == ENDED)
                continue;
            text = p;
        }
        /* To its start tag, in case. */
        p = text - (s->glue_n - s->close_n);
        if (s->kind == SLOW || x->depth == MR_DEPTH_MAX ||
            (s->m != NULL && s->m->kind != MR_MANY && !xml_first(x, f, s->m)))
            return p;
        if (!open_known(x, s, text))
            return NULL;
        p = text;
    }
}
