/* SPDX-License-Identifier: Apache-2.0 */
/* Which codec reads and writes a document, by its format. */
#include "codec/codec.h"

static bool
is_xml(const struct mr_doc *doc)
{
    return doc->format == MR_IDOC || doc->format == MR_XML;
}

void
mr_reader_init(struct mr_reader *r, struct mr_input *in,
               const struct mr_doc *doc)
{
    memset(r, 0, sizeof *r);
    r->in = in;
    r->doc = doc;
}

void
mr_reader_done(struct mr_cx *cx, struct mr_reader *r)
{
    if (is_xml(r->doc))
        mr_xml_reader_done(cx, r);
}

enum mr_status
mr_reader_next(struct mr_cx *cx, struct mr_reader *r, void *record)
{
    memset(record, 0, r->doc->shape->size);
    return is_xml(r->doc) ? mr_xml_next(cx, r, record)
                          : mr_json_next(cx, r, record);
}

bool
mr_reader_resync(struct mr_cx *cx, struct mr_reader *r)
{
    return is_xml(r->doc) ? mr_xml_resync(cx, r) : mr_json_resync(cx, r);
}

void
mr_writer_init(struct mr_writer *w, struct mr_output *out,
               const struct mr_doc *doc, bool pretty)
{
    memset(w, 0, sizeof *w);
    w->out = out;
    w->doc = doc;
    w->pretty = pretty;
}

enum mr_status
mr_writer_put(struct mr_cx *cx, struct mr_writer *w, const void *record)
{
    enum mr_status st;

    mr_output_begin(w->out);
    st = is_xml(w->doc) ? mr_xml_put(cx, w, record)
                        : mr_json_put(cx, w, record);
    if (st != MR_OK) {
        mr_output_drop(w->out);
        return st;
    }
    w->records++;
    return mr_output_keep(cx, w->out);
}

enum mr_status
mr_writer_end(struct mr_cx *cx, struct mr_writer *w)
{
    enum mr_status st = MR_OK;

    mr_output_begin(w->out);
    if (is_xml(w->doc))
        st = mr_xml_end(cx, w);
    if (st != MR_OK) {
        mr_output_drop(w->out);
        return st;
    }
    st = mr_output_keep(cx, w->out);
    return st == MR_OK ? mr_output_flush(cx, w->out) : st;
}
