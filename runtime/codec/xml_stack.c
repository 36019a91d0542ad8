/* SPDX-License-Identifier: Apache-2.0 */
/* What opens and closes with an element: its frame, the record or the value
 * that it is, its namespaces. */
#include "codec/xml_state.h"

/* The memory of the record that the new frame is. False: none. */
static bool
place_record(struct mr_xml_open *x, struct xml_frame *f,
             const struct mr_member *m, const char *p)
{
    struct xml_frame *outer = f - 1;
    struct mr_rows *rows;

    if (m == NULL) {
        f->shape = x->doc->shape;
        f->record = x->record;
        x->record_depth = x->depth;
        x->mark = mr_arena_mark(x->cx);
        x->keep = p;
        memset(f->record, 0, f->shape->size);
    } else {
        f->shape = m->shape;
        f->record = outer->record + m->offset;
    }
    if (m != NULL && m->kind == MR_MANY) {
        rows = (struct mr_rows *)(void *)f->record;
        if (rows->n == MR_ROWS_MAX) {
            (void)xml_refuse(x, MR_ELIMIT, p, "there are more than %d <%.*s>",
                             MR_ROWS_MAX, m->name_n < 80 ? m->name_n : 80,
                             m->name);
            return false;
        }
        f->record = mr_row_add(x->cx, rows, f->shape->size);
        if (f->record == NULL)
            return false;
        rows->state = MR_HERE;
    }
    f->member = xml_find_content(f->shape);
    f->collects = f->member != NULL;
    return xml_store_attributes(x, f);
}

bool
xml_push(struct mr_xml_open *x, const struct xml_name *name,
         const struct aim *aim, uint32_t n_bindings, unsigned default_ns)
{
    struct xml_frame *f = &x->frames[x->depth];
    const char *p = name->p - 1;

    if (x->depth == MR_DEPTH_MAX) {
        (void)xml_refuse(x, MR_ELIMIT, p,
                         "elements are nested deeper than %d", MR_DEPTH_MAX);
        return false;
    }
    xml_frame_init(f, name, aim->kind, n_bindings, default_ns);
    x->depth++;
    if (aim->kind == XML_RECORD)
        return place_record(x, f, aim->member, p);
    if (aim->kind == XML_VALUE) {
        f->collects = true;
        f->member = aim->member;
        f->slot = (struct mr_val *)(void *)(f[-1].record + f->member->offset);
    }
    return true;
}

bool
xml_pop(struct mr_xml_open *x)
{
    struct xml_frame *f = &x->frames[x->depth - 1];

    if (f->kind == XML_VALUE && f->broken)
        *f->slot = mr_failed(mr_slice(f->text.n == 0 ? "" : f->text.p,
                                      f->text.n), MR_WHY_NOT_TEXT);
    else if (f->kind == XML_VALUE)
        xml_store(x, f->member, f->slot, f->text.n == 0 ? "" : f->text.p,
                  f->text.n);
    else if (f->kind == XML_RECORD)
        xml_finish_record(x, f);
    if (f->track != NULL &&
        (f->missed != 0 || f->track->bad != 0 || !f->track->closed))
        mr_track_judge(x->cx, x->tracks, f->track, f->missed);
    if (x->record_depth == x->depth)
        x->done = true;
    if (x->parked == x->depth) {
        x->parked--;
        x->store_n = f->store_n;
    }
    if (x->n_bindings != f->n_bindings || x->default_ns != f->default_ns)
        xml_unbind(x, f->n_bindings, f->default_ns);
    x->depth--;
    if (x->depth == 0)
        x->place = XML_BEHIND;
    return x->cx->error.status == MR_OK;
}
