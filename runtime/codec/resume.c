/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a reader behind a record: what of it decides how the bytes that
 * follow are read. JSON: the open levels, a bit each. XML: the elements open
 * around the record by their names, and the namespaces in scope; offsets and
 * counts of work do not decide anything there.
 */
#define _GNU_SOURCE             /* memrchr */
#include "codec/resume.h"

#include "codec/xml_state.h"

uint64_t
mr_input_line(const struct mr_input *in, uint64_t *line_start)
{
    const char *at = in->at, *feed;
    size_t n = in->start, counted = in->counted;
    uint64_t line = counted <= n
        ? in->counted_line + mr_utf8_feeds(at + counted, n - counted)
        : in->counted_line - mr_utf8_feeds(at + n, counted - n);

    *line_start = in->line_start;
    feed = line == in->line ? NULL : memrchr(at, '\n', n);
    if (feed != NULL)
        *line_start = in->offset + (uint64_t)(feed + 1 - at);
    return line;
}

void
mr_input_start_at(struct mr_input *in, uint64_t offset)
{
    in->start = in->end = in->held = 0;
    in->noted = in->counted = 0;
    in->eof = in->read_eof = false;
    in->offset = in->line_start = in->noted_start = offset;
    in->line = in->noted_line = in->counted_line = 1;
    in->documents = 0;
    if (in->at != NULL)
        memset(in->at, 0, MR_PADDING);
}

bool
mr_input_is_empty(const struct mr_input *in)
{
    return in->start == in->end && in->held == 0;
}

bool
mr_reader_may_copy(const struct mr_reader *r)
{
    const struct mr_xml_open *x = r->open;

    if (r->in->convert != NULL || r->in->at == NULL)
        return false;
    return x == NULL || (x->encoding[0] == '\0' && x->parked == x->depth &&
                         x->pending.status == MR_OK && x->record_depth == 0);
}

/* The elements around the record and their bindings, names in x->store. */
static enum mr_status
copy_open(struct mr_xml_open *x, const struct mr_xml_open *from)
{
    x->depth = x->parked = 0;
    x->n_bindings = x->parked_bindings = 0;
    x->store_n = 0;
    x->record_depth = 0;
    x->pending.status = MR_OK;
    x->token = x->kept = x->spent = 0;
    x->encoding[0] = '\0';
    x->bom = from->bom;
    x->prolog = from->prolog;
    x->place = from->place;
    x->default_ns = from->default_ns;
    for (uint32_t i = 0; i < from->depth; i++) {
        x->frames[i] = from->frames[i];
        x->frames[i].track = NULL;
    }
    if (from->n_bindings > 0)
        memcpy(x->bindings, from->bindings,
               from->n_bindings * sizeof x->bindings[0]);
    x->depth = from->depth;
    x->n_bindings = from->n_bindings;
    return xml_park(x, x->depth) ? MR_OK : MR_EMEMORY;
}

enum mr_status
mr_reader_copy(struct mr_cx *cx, struct mr_reader *to,
               const struct mr_reader *from)
{
    to->state = from->state;
    to->depth = from->depth;
    to->lists = from->lists;
    to->found = from->found;
    if (from->open == NULL)
        return MR_OK;
    return xml_open(cx, to) == NULL ? MR_EMEMORY
                                    : copy_open(to->open, from->open);
}

static bool
same_name(const char *a, uint32_t a_n, const char *b, uint32_t b_n)
{
    return a_n == b_n && (a_n == 0 || memcmp(a, b, a_n) == 0);
}

static bool
same_bindings(const struct mr_xml_open *a, const struct mr_xml_open *b)
{
    if (a->n_bindings != b->n_bindings || a->default_ns != b->default_ns)
        return false;
    for (uint32_t i = 0; i < a->n_bindings; i++) {
        const struct xml_binding *p = &a->bindings[i], *q = &b->bindings[i];

        if (p->ns != q->ns ||
            !same_name(p->prefix, p->prefix_n, q->prefix, q->prefix_n) ||
            !same_name(p->uri, p->uri_n, q->uri, q->uri_n))
            return false;
    }
    return true;
}

static bool
same_open(const struct mr_xml_open *a, const struct mr_xml_open *b)
{
    if (a->depth != b->depth || a->place != b->place || a->bom != b->bom ||
        a->prolog != b->prolog || strcmp(a->encoding, b->encoding) != 0)
        return false;
    for (uint32_t i = 0; i < a->depth; i++) {
        const struct xml_frame *f = &a->frames[i], *g = &b->frames[i];

        if (f->kind != g->kind || f->n_bindings != g->n_bindings ||
            f->default_ns != g->default_ns ||
            !same_name(f->name, f->n, g->name, g->n))
            return false;
    }
    return same_bindings(a, b);
}

bool
mr_reader_alike(const struct mr_reader *a, const struct mr_reader *b)
{
    uint64_t levels = a->depth == 0 ? 0 : ~(uint64_t)0 >> (64 - a->depth);

    if (a->state != b->state || a->depth != b->depth ||
        ((a->lists ^ b->lists) & levels) != 0 ||
        ((a->found ^ b->found) & levels) != 0)
        return false;
    if (a->open == NULL || b->open == NULL)
        return a->open == b->open;
    return same_open(a->open, b->open);
}
