/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which element comes, by the elements that came last time.
 *
 * The tracks are a tree: that of an element hangs on the exact bytes of its
 * start tag in the track of the element around it, from the document element
 * on. So equal bytes have the same namespaces in scope, and name the same
 * member, as they did when they were read by the rules.
 *
 * A step's glue is its start tag; behind that stands the end tag, of which
 * nothing is asked but that it comes behind plain text. Which element comes
 * is one compare of 16 bytes for each one that is tried, and fields that are
 * left out, empty (<ORT02/>) or there again are no reason to parse.
 */
#include "codec/xml_scan.h"
#include "codec/xml_track.h"

enum { SEARCH_MAX = 64 };       /* steps that are tried in the end */

/* The first 16 bytes, but for the last one of the tag, are the same. */
static enum xml_fit
fit_rest(const struct track_step *s, const char *p)
{
    uint32_t n = s->glue_n;

    if (n > 17 && !track_same(s->glue + 16, p + 16, n - 17))
        return XML_NO_FIT;
    if (p[n - 1] == s->glue[n - 1])
        return XML_FITS;
    if (p[n - 1] == '/' && p[n] == '>' && s->kind == XML_LEAF)
        return XML_AS_EMPTY;
    return XML_NO_FIT;
}

static inline enum xml_fit
fit_tag(const struct track_step *s, const char *p)
{
    unsigned differ = track_differ(s->glue, p) & s->mask;

    if (differ == 0 && s->glue_n <= 16)
        return XML_FITS;
    if ((differ & (s->glue_n <= 16 ? s->mask >> 1 : s->mask)) != 0)
        return XML_NO_FIT;
    return fit_rest(s, p);
}

/* The last one again, where that opened something, or one of the next. */
static struct track_step *
find_near(const struct track *t, uint32_t next, const char *p,
          enum xml_fit *fit)
{
    struct track_step *s = t->steps + next, *end = t->steps + t->n;

    if (next > 0 && s[-1].kind >= XML_OPEN &&
        (*fit = fit_tag(s - 1, p)) != XML_NO_FIT)
        return s - 1;
    if (end - s > TRACK_AHEAD)
        end = s + TRACK_AHEAD;
    for (; s < end; s++) {
        *fit = fit_tag(s, p);
        if (*fit != XML_NO_FIT)
            return s;
    }
    return NULL;
}

/* The same by the name. */
static __attribute__((noinline)) struct track_step *
find_named(const struct track *t, const char *p, enum xml_fit *fit)
{
    uint32_t n = (uint32_t)(xml_name_end(p + 1) - (p + 1));
    struct track_step *s = track_by_name(t, p + 1, n);

    if (s != NULL)
        *fit = fit_tag(s, p);
    return s == NULL || *fit == XML_NO_FIT ? NULL : s;
}

struct track_step *
xml_step_at(struct xml_frame *f, const char *p, enum xml_fit *fit)
{
    const struct track *t = f->track;
    struct track_step *s = NULL;

    /* Where each document has its own order, the name finds it sooner. */
    if (t->bad != 0)
        s = find_named(t, p, fit);
    if (s == NULL)
        s = find_near(t, f->next, p, fit);
    if (s == NULL && t->bad == 0)
        s = find_named(t, p, fit);
    f->missed += s != NULL &&
                 (size_t)(s + 1 - (t->steps + f->next)) > TRACK_AHEAD;
    return s;
}

/* The same among all steps, from the last one on. */
static struct track_step *
find_far(const struct track *t, uint32_t next, const char *p, enum xml_fit *fit)
{
    uint32_t i = next > 0 ? next - 1 : 0;

    for (uint32_t k = 0; k < t->n && k < SEARCH_MAX; k++, i++) {
        if (i >= t->n)
            i = 0;
        *fit = fit_tag(&t->steps[i], p);
        if (*fit != XML_NO_FIT)
            return &t->steps[i];
    }
    return NULL;
}

/* How the leaf in front of a place is taken. */
static void
know_place(struct track_place *place, const struct xml_frame *f,
           const struct mr_member *m, uint32_t index)
{
    place->put = XML_NOT_MAPPED;
    if (m == NULL)
        return;
    place->put = m->wire != MR_WIRE_TEXT || f->shape->n_read > 64
                     ? XML_OTHER : XML_TEXT;
    place->offset = m->offset;
    place->bit = (uint64_t)1 << index % 64;
}

/* Learns the element of the start tag from name->p - 1 to `text`. */
static struct track_step *
learn(struct mr_xml_open *x, struct track *t, uint32_t next,
      const struct xml_name *name, const char *text, int kind,
      const struct aim *aim)
{
    const struct xml_frame *f = x->depth == 0 ? NULL : &x->frames[x->depth - 1];
    uint32_t tag_n = (uint32_t)(text - name->p + 1), close_n = 0, index = 0;
    char glue[2 * TRACK_GLUE_MAX + 2];
    struct track_step *s;

    if (text - name->p >= TRACK_GLUE_MAX)
        return NULL;
    memcpy(glue, name->p - 1, tag_n);
    /* <ORT02/> is told as <ORT02>, which has a way to be empty. */
    if (kind == XML_EMPTY && tag_n == name->n + 3) {
        kind = XML_LEAF;
        glue[--tag_n - 1] = '>';
    }
    if (kind == XML_LEAF) {
        close_n = name->n + 3;
        memcpy(glue + tag_n, "</", 2);
        memcpy(glue + tag_n + 2, name->p, name->n);
        glue[tag_n + close_n - 1] = '>';
    }
    if (aim->member != NULL)
        index = (uint32_t)(aim->member - f->shape->read);
    s = mr_track_learn(x->cx, x->tracks, t, next, glue, tag_n + close_n,
                       aim->member, index);
    if (s == NULL)
        return NULL;
    s->glue_n = tag_n;
    s->close_n = (uint8_t)close_n;
    s->mask = track_mask(tag_n);
    s->close_mask = track_mask(close_n);
    s->name_n = (uint8_t)name->n;
    s->kind = (uint8_t)kind;
    s->aim = (uint8_t)aim->kind;
    if (kind == XML_LEAF)
        know_place(&t->places[s - t->steps + 1], f, aim->member, index);
    mr_track_name(t, s, name->p, (uint32_t)(xml_name_end(name->p) - name->p));
    if (kind == XML_OPEN || kind == XML_SLOW)
        s->inner = mr_track_inner(x->cx);
    return s;
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
    enum xml_fit fit;

    if (t == NULL || text - name->p >= TRACK_GLUE_MAX)
        return NULL;
    s = find_far(t, next, name->p - 1, &fit);
    if (s == NULL) {
        s = learn(x, t, f == NULL ? t->n : next, name, text,
                  plain ? XML_OPEN : XML_SLOW, aim);
        if (f != NULL)
            f->missed++;
    }
    if (s == NULL)
        return NULL;
    /* It had nothing but text in it until now. */
    if (s->kind == XML_LEAF) {
        s->kind = plain ? XML_OPEN : XML_SLOW;
        t->places[s - t->steps + 1].put = XML_NO_TEXT;
        mr_track_then_none(t, (uint32_t)(s - t->steps) + 1);
        s->inner = mr_track_inner(x->cx);
    }
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
    enum xml_fit fit;

    if (f->track == NULL)
        return;
    f->missed++;
    s = find_far(f->track, f->next, name->p - 1, &fit);
    if (s == NULL)
        s = learn(x, f->track, f->next, name, text,
                  empty ? XML_EMPTY : XML_LEAF, aim);
    if (s != NULL)
        f->next = (uint32_t)(s - f->track->steps) + 1;
}
