/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as XML, straight into the output buffer: tags come ready made from
 * the shape, text is copied and escaped in one go. A record in which nothing
 * is written is taken back.
 */
#include "codec/codec.h"
#include "codec/xml_chars.h"
#include "codec/xml_scan.h"
#include "value/wire.h"

enum { SLACK = 64 };    /* room kept behind what is written */

struct put {
    struct mr_cx *cx;
    struct mr_output *out;
    const char *nodata;
    bool pretty;
    uint32_t depth;
};

static bool put_record(struct put *w, const struct mr_shape *shape,
                       const char *record, bool *any,
                       bool *lines);

static bool
room(struct put *w, size_t n)
{
    return mr_output_room(w->cx, w->out, n + SLACK) == MR_OK;
}

/* Room must be there. */
static inline void
put_bytes(struct put *w, const char *p, size_t n)
{
    memcpy(w->out->at + w->out->n, p, n);
    w->out->n += n;
}

/* A new line, where lines are wanted. */
static bool
put_line(struct put *w)
{
    size_t n = 2 * (size_t)w->depth;

    if (!w->pretty)
        return true;
    if (!room(w, n + 1))
        return false;
    w->out->at[w->out->n] = '\n';
    memset(w->out->at + w->out->n + 1, ' ', n);
    w->out->n += n + 1;
    return true;
}

static const char *
escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

static bool
refuse_char(struct put *w, const struct mr_member *m, uint32_t c)
{
    mr_fail(w->cx, MR_EFORMAT, "%.*s holds the character U+%04X, which XML "
            "does not take", m->name_n < 80 ? m->name_n : 80, m->name,
            (unsigned)c);
    return false;
}

/* Room for n and SLACK is there on entry and on return. The text is copied
 * first and looked at there, where reading behind its end does no harm. */
static bool
put_text(struct put *w, const struct mr_member *m, const char *p, size_t n)
{
    for (;;) {
        char *to = w->out->at + w->out->n;
        const char *stop, *escape;
        uint32_t c, c_n;
        size_t done;

        memcpy(to, p, n);
        stop = xml_scan_out(to, to + n, m->attribute);
        done = (size_t)(stop - to);
        w->out->n += done;
        if (done == n)
            return true;
        p += done;
        n -= done;
        escape = escape_of(*p);
        if (escape != NULL) {
            c_n = 1;
            put_bytes(w, escape, strlen(escape));
        } else {
            c = xml_decode(p, &c_n);
            if (!xml_is_char(c))
                return refuse_char(w, m, c);
            put_bytes(w, p, c_n);
        }
        p += c_n;
        n -= c_n;
        if (!room(w, n))
            return false;
    }
}

/* The value between what opens and closes it; v.n 0: nothing between. */
static bool
put_between(struct put *w, const struct mr_member *m, struct mr_val v)
{
    if (!m->attribute && !m->content && !put_line(w))
        return false;
    if (!room(w, (size_t)m->open_n + v.n))
        return false;
    put_bytes(w, m->open, m->open_n);
    if (v.n != 0 && !put_text(w, m, v.p, v.n))
        return false;
    if (!room(w, m->close_n))
        return false;
    put_bytes(w, m->close, m->close_n);
    return true;
}

/* Sets *any where the value is one that the record is written for. */
static bool
put_value(struct put *w, const struct mr_member *m, struct mr_val v, bool *any)
{
    if (v.state == MR_MISSING) {
        if (w->nodata == NULL || m->attribute || m->content)
            return true;
        return put_between(w, m, mr_text(w->nodata));
    }
    if (m->wire != MR_WIRE_TEXT && v.state == MR_HERE)
        v = mr_wire_out(w->cx, (enum mr_wire)m->wire, v);
    if (v.state == MR_FAILED) {
        mr_fail(w->cx, MR_EUSAGE, "%.*s can not be written: %s",
                m->name_n < 80 ? m->name_n : 80, m->name, mr_why_words(v.why));
        return false;
    }
    if (v.state != MR_HERE)
        v.n = 0;
    *any = true;
    return put_between(w, m, v);
}

/* A record inside of another one. `must`: also with nothing in it. */
static bool
put_inner(struct put *w, const struct mr_member *m, const char *record,
          bool must, bool *any)
{
    size_t start = w->out->n, inside;
    bool some = false, lines;

    if (!put_line(w) || !room(w, m->open_n))
        return false;
    put_bytes(w, m->open, m->open_n);
    inside = w->out->n;
    w->depth++;
    if (!put_record(w, m->shape, record, &some, &lines))
        return false;
    w->depth--;
    if (!some && !must) {
        w->out->n = start;
        return true;
    }
    if (!some) {
        w->out->n = inside;
        lines = false;
        if (m->shape->attributes)
            put_bytes(w, ">", 1);
    }
    if ((lines && !put_line(w)) || !room(w, m->close_n))
        return false;
    put_bytes(w, m->close, m->close_n);
    *any = true;
    return true;
}

static bool
put_rows(struct put *w, const struct mr_member *m, const struct mr_rows *rows,
         bool *any)
{
    for (uint32_t i = 0; i < rows->n; i++)
        if (!put_inner(w, m, mr_row(rows, i, m->shape->size), true, any))
            return false;
    return true;
}

/* The members. *any: one of them has a value; *lines: one is an element. The
 * attributes come first and end with the > of the start tag. */
static bool
put_record(struct put *w, const struct mr_shape *shape, const char *record,
           bool *any, bool *lines)
{
    bool in_tag = shape->attributes;

    *lines = false;
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];
        const void *at = record + m->offset;
        size_t before;
        bool ok;

        if (in_tag && !m->attribute) {
            if (!room(w, 1))
                return false;
            put_bytes(w, ">", 1);
            in_tag = false;
        }
        before = w->out->n;
        if (m->kind == MR_VALUE)
            ok = put_value(w, m, *(const struct mr_val *)at, any);
        else if (m->kind == MR_ONE)
            ok = put_inner(w, m, at, false, any);
        else
            ok = put_rows(w, m, at, any);
        if (!ok)
            return false;
        if (!m->attribute && !m->content && w->out->n > before)
            *lines = true;
    }
    if (!room(w, 1))
        return false;
    if (in_tag)
        put_bytes(w, ">", 1);
    return true;
}

/* Constant text on a line of its own. */
static bool
put_constant(struct put *w, const char *text)
{
    size_t n = strlen(text);

    if (n == 0)
        return true;
    if (!room(w, n + 1))
        return false;
    put_bytes(w, text, n);
    if (text[n - 1] != '\n')
        put_bytes(w, "\n", 1);
    return true;
}

enum mr_status
mr_xml_put(struct mr_cx *cx, struct mr_writer *w, const void *record)
{
    const struct mr_doc *doc = w->doc;
    struct put put = { cx, w->out, doc->nodata, w->pretty, 1 };
    size_t n = strlen(doc->before);
    bool any = false, lines;

    if (w->records == 0 && !put_constant(&put, doc->head))
        return cx->error.status;
    if (!room(&put, n))
        return cx->error.status;
    put_bytes(&put, doc->before, n);
    if (!put_record(&put, doc->shape, record, &any, &lines))
        return cx->error.status;
    put.depth = 0;
    if ((lines && !put_line(&put)) || !put_constant(&put, doc->after))
        return cx->error.status;
    return MR_OK;
}

enum mr_status
mr_xml_end(struct mr_cx *cx, struct mr_writer *w)
{
    struct put put = { cx, w->out, NULL, false, 0 };

    if (w->records != 0 && !put_constant(&put, w->doc->tail))
        return cx->error.status;
    return MR_OK;
}
