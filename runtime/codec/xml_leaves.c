/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements as they came last time, and those with nothing but plain text in
 * them: most of a document, read without parsing a tag.
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
#include "codec/xml_state.h"

/* How a step is taken. */
enum { LEAF, EMPTY, OPEN, SLOW };

enum { SEARCH_MAX = 64 };       /* steps that are tried in the end */

/* Does its start tag come at p? As an empty element: AS_EMPTY. */
enum fit { NO_FIT, FITS, AS_EMPTY };

/* The first 16 bytes, but for the last one of the tag, are the same. */
static enum fit
fit_rest(const struct track_step *s, const char *p)
{
    uint32_t n = s->glue_n;

    if (n > 17 && !track_same(s->glue + 16, p + 16, n - 17))
        return NO_FIT;
    if (p[n - 1] == s->glue[n - 1])
        return FITS;
    return p[n - 1] == '/' && p[n] == '>' && s->kind == LEAF ? AS_EMPTY
                                                              : NO_FIT;
}

static inline enum fit
fit_tag(const struct track_step *s, const char *p)
{
    unsigned differ = track_differ(s->glue, p) & s->mask;

    if (differ == 0 && s->glue_n <= 16)
        return FITS;
    if ((differ & (s->glue_n <= 16 ? s->mask >> 1 : s->mask)) != 0)
        return NO_FIT;
    return fit_rest(s, p);
}

/* The step that comes at p, where it is not s: the last one again, where that
 * opened something, or one of the next. NULL: none. */
static struct track_step *
find_near(const struct track *t, struct track_step *s, const char *p,
          enum fit *fit)
{
    struct track_step *end = t->steps + t->n;

    if (s > t->steps && s[-1].kind >= OPEN &&
        (*fit = fit_tag(s - 1, p)) != NO_FIT) {
        s[-1].repeats = true;
        return s - 1;
    }
    if (s + TRACK_AHEAD < end)
        end = s + TRACK_AHEAD;
    for (; s < end; s++) {
        *fit = fit_tag(s, p);
        if (*fit != NO_FIT)
            return s;
    }
    return NULL;
}

/* The same by the name. */
static __attribute__((noinline)) struct track_step *
find_named(const struct track *t, const char *p, enum fit *fit)
{
    uint32_t n = (uint32_t)(xml_name_end(p + 1) - (p + 1));
    struct track_step *s = track_by_name(t, p + 1, n);

    if (s != NULL)
        *fit = fit_tag(s, p);
    return s == NULL || *fit == NO_FIT ? NULL : s;
}

/* The same among all steps, from the last one on. */
static struct track_step *
find_far(const struct track *t, uint32_t next, const char *p, enum fit *fit)
{
    uint32_t i = next > 0 ? next - 1 : 0;

    for (uint32_t k = 0; k < t->n && k < SEARCH_MAX; k++, i++) {
        if (i >= t->n)
            i = 0;
        *fit = fit_tag(&t->steps[i], p);
        if (*fit != NO_FIT)
            return &t->steps[i];
    }
    return NULL;
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
    if (kind == EMPTY && tag_n == name->n + 3) {
        kind = LEAF;
        glue[--tag_n - 1] = '>';
    }
    if (kind == LEAF) {
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
    mr_track_name(t, s, name->p, (uint32_t)(xml_name_end(name->p) - name->p));
    if (kind == OPEN || kind == SLOW)
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
    enum fit fit;

    if (t == NULL || text - name->p >= TRACK_GLUE_MAX)
        return NULL;
    s = find_far(t, next, name->p - 1, &fit);
    if (s == NULL) {
        s = learn(x, t, f == NULL ? t->n : next, name, text,
                  plain ? OPEN : SLOW, aim);
        if (f != NULL)
            f->missed++;
    }
    if (s == NULL)
        return NULL;
    /* It had nothing but text in it until now. */
    if (s->kind == LEAF) {
        s->kind = plain ? OPEN : SLOW;
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
    enum fit fit;

    if (f->track == NULL)
        return;
    f->missed++;
    s = find_far(f->track, f->next, name->p - 1, &fit);
    if (s == NULL)
        s = learn(x, f->track, f->next, name, text, empty ? EMPTY : LEAF, aim);
    if (s != NULL)
        f->next = (uint32_t)(s - f->track->steps) + 1;
}

/* Opens the element of a step whose start tag begins at p. */
static bool
open_known(struct mr_xml_open *x, const struct track_step *s, const char *p)
{
    struct aim aim = { (enum xml_kind)s->aim, s->m };
    struct xml_name name = { p + 1, s->name_n, 0 };
    struct track *inner = s->inner;

    x->n_attributes = 0;
    x->named = false;
    if (!xml_push(x, &name, &aim, x->n_bindings, x->default_ns))
        return false;
    x->frames[x->depth - 1].track = inner;
    return true;
}

/* Stores a leaf's text. False: it is there twice. */
static inline bool
put_leaf(struct mr_xml_open *x, struct xml_frame *f,
         const struct track_step *s, const char *text, const char *end)
{
    const struct mr_member *m = s->m;
    uint32_t n = (uint32_t)(end - text);
    struct mr_val *slot;

    if (m == NULL)
        return true;
    if (!xml_first_at(x, f, s->index))
        return false;
    slot = (struct mr_val *)(void *)(f->record + m->offset);
    /* No blanks alone, not what says `missing`. */
    if (m->wire == MR_WIRE_TEXT && n > x->nodata_n && !xml_is(*text, XML_SPACE))
        *slot = mr_slice(text, n);
    else
        xml_store(x, m, slot, text, n);
    return true;
}

/* The leaf of step s at p. Returns the place behind it; NULL: it is for the
 * rules. */
static inline const char *
take_leaf(struct mr_xml_open *x, struct xml_frame *f,
          const struct track_step *s, const char *p, enum fit fit)
{
    const char *text = p + s->glue_n, *end, *close = s->glue + s->glue_n;

    if (fit == AS_EMPTY || s->kind == EMPTY)
        return put_leaf(x, f, s, text, text) ? text + (fit == AS_EMPTY) : NULL;
    end = xml_scan_leaf(text);
    if ((track_differ(close, end) & s->close_mask) != 0 ||
        (s->close_n > 16 && memcmp(close + 16, end + 16, s->close_n - 16u)) ||
        !put_leaf(x, f, s, text, end))
        return NULL;
    return end + s->close_n;
}

/* Leaves as long as they are known. Returns the place behind the last one;
 * *at is the step that comes then, NULL where none is known. */
static const char *
take_leaves(struct mr_xml_open *x, struct xml_frame *f, const char *p,
            struct track_step **at)
{
    const struct track *t = f->track;
    struct track_step *next = t->steps + f->next, *last = t->steps + t->n;
    struct track_step *s = next;

    *at = NULL;
    /* Only what opens something repeats, so not behind a leaf. */
    if (s > t->steps && s[-1].repeats)
        s--;
    for (;; s = next) {
        enum fit fit = FITS;
        const char *behind;

        if (*p != '<')
            p = xml_space(p);
        if (p[1] == '/')
            break;
        if (s == last || (fit = fit_tag(s, p)) == NO_FIT) {
            s = find_near(t, next, p, &fit);
            if (s == NULL) {
                s = find_named(t, p, &fit);
                if (s == NULL)
                    break;
                f->missed += s + 1 != next;
            }
        }
        next = s + 1;
        if (__builtin_expect(s->kind >= OPEN, 0)) {
            *at = s;
            break;
        }
        behind = take_leaf(x, f, s, p, fit);
        if (behind == NULL)
            break;
        p = behind;
    }
    f->next = (uint32_t)(next - t->steps);
    return p;
}

const char *
xml_known(struct mr_xml_open *x, const char *p)
{
    for (;;) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        struct track_step *s;
        const char *end;

        if (f->collects || f->track == NULL)
            return p;
        p = take_leaves(x, f, p, &s);
        if (s != NULL) {
            if (s->kind == SLOW || x->depth == MR_DEPTH_MAX ||
                (s->m != NULL && s->m->kind != MR_MANY &&
                 !xml_first_at(x, f, s->index)))
                return p;
            if (!open_known(x, s, p))
                return NULL;
            p += s->glue_n;
        } else {
            end = xml_plain_end(x, p, f->name, f->n);
            if (end == NULL)
                return p;
            if (!xml_pop(x))
                return NULL;
            p = end;
            if (x->done || x->depth == 0)
                return p;
        }
        if (x->record_depth == 0)
            x->keep = p;
    }
}
