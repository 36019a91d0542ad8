/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Going on after a broken document: with the next line that begins like a
 * document, an XML declaration or the document element that the map reads.
 */
#include "codec/xml_chars.h"
#include "codec/xml_state.h"

enum {
    TELLING = 2 * XML_NAME_MAX + 8,
    NEAR = 4 * XML_NAME_MAX     /* from a wrong prolog to its element */
};

enum beginning { NONE, DECLARATION, ELEMENT };

/* Does a document begin at p, of which the first byte is in the window? */
static enum beginning
begins(const struct mr_xml_open *x, const char *p, const char *end)
{
    const struct mr_member *m = &x->doc->path[0];
    const char *q, *local;

    if (*p != '<')
        return NONE;
    if (end - p > 5 && memcmp(p, "<?xml", 5) == 0 && xml_is(p[5], XML_SPACE))
        return DECLARATION;
    for (q = local = p + 1; xml_is(*q, XML_NAME) || *q == ':' ||
                            (unsigned char)*q >= 0x80; q++)
        if (*q == ':')
            local = q + 1;
    return q < end && (size_t)(q - local) == m->name_n &&
                   memcmp(local, m->name, m->name_n) == 0 &&
                   (xml_is(*q, XML_SPACE) || *q == '/' || *q == '>')
               ? ELEMENT
               : NONE;
}

/* Does the document element stand in the rest of the line at in->start, near
 * enough? As many bytes are read for that as there are in the stream, so that
 * the answer is the same however they come. */
static enum mr_status
find_in_line(struct mr_xml_open *x, bool *found)
{
    struct mr_input *in = x->in;
    enum mr_status st = MR_OK;
    const char *p, *end;

    while (st == MR_OK && !in->eof && in->end - in->start < NEAR &&
           memchr(in->at + in->start, '\n', in->end - in->start) == NULL)
        st = mr_input_more(x->cx, in);
    if (st != MR_OK && st != MR_EFORMAT && st != MR_ELIMIT)
        return st;
    x->cx->error.status = MR_OK;
    p = in->at + in->start;
    end = in->at + in->end;
    if (end - p > NEAR)
        end = p + NEAR;
    *found = false;
    for (; p < end && *p != '\n' && !*found; p++)
        *found = begins(x, p, end) == ELEMENT;
    return MR_OK;
}

/* Is enough of the line at in->start there to tell? */
static bool
can_tell(const struct mr_input *in)
{
    const char *p = in->at + in->start;
    size_t n = in->end - in->start;

    if (n == 0)
        return in->eof;
    if (*p != '<' || in->eof || n >= TELLING)
        return true;
    return memchr(p, '>', n) != NULL || memchr(p, '\n', n) != NULL;
}

/* From byte `where` on, or from the line behind it. What broke in front of its
 * element takes that with it: read without what stood there, it would be
 * another document. */
static enum mr_status
find_next(struct mr_xml_open *x, size_t where, bool here)
{
    struct mr_input *in = x->in;
    enum mr_status st = MR_OK;
    bool in_line = true, skip;

    mr_input_consume(in, where);
    if (x->prolog)
        st = find_in_line(x, &in_line);
    skip = !in_line;
    if (st == MR_OK && !here)
        st = mr_input_skip_line(x->cx, in, in->start);
    while (st == MR_OK) {
        while (st == MR_OK && !can_tell(in))
            st = mr_input_more(x->cx, in);
        if (st == MR_EFORMAT) {
            x->cx->error.status = MR_OK;
            st = MR_OK;
        } else if (st != MR_OK || in->start == in->end) {
            break;
        } else {
            enum beginning b =
                begins(x, in->at + in->start, in->at + in->end);

            if (b == DECLARATION || (b == ELEMENT && !skip))
                break;
            skip &= b != ELEMENT;
        }
        st = mr_input_skip_line(x->cx, in, in->start);
    }
    return st;
}

bool
mr_xml_resync(struct mr_cx *cx, struct mr_reader *r)
{
    struct mr_input *in = r->in;
    struct mr_xml_open *x = r->open;
    uint64_t from = in->offset + in->start, at = cx->error.offset;
    enum mr_status st;
    bool here;

    if (x == NULL || in->at == NULL ||
        (cx->error.status != MR_EFORMAT && cx->error.status != MR_ELIMIT))
        return false;
    x->cx = cx;
    cx->error.status = MR_OK;
    /* A document that was cut off may end where the next one begins. */
    here = cx->error.column == 1 && at >= from &&
           (x->place == XML_INSIDE || at > x->token);
    st = find_next(x, (size_t)((at > from ? at : from) - in->offset), here);
    x->depth = x->record_depth = 0;
    x->parked = 0;
    x->store_n = 0;
    xml_unbind(x, 0, 0);
    x->place = XML_BEHIND;
    in->documents++;
    return st == MR_OK && in->start < in->end;
}
