/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as XML, straight into the output buffer: tags come ready made from
 * the shape, text is copied and escaped in one go. A record in which nothing
 * is written is taken back.
 */
#include "codec/codec.h"
#include "codec/plain.h"
#include "codec/plan.h"
#include "codec/put.h"
#include "codec/xml_chars.h"
#include "value/wire.h"

static char *put_record(struct put *w, struct plan *plan,
                        const char *record, char *to);

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

static char *
refuse_char(struct put *w, const struct mr_member *m, uint32_t c)
{
    mr_fail(w->cx, MR_EFORMAT, "%.*s holds the character U+%04X, which XML "
            "does not take", m->name_n < 80 ? m->name_n : 80, m->name,
            (unsigned)c);
    return NULL;
}

/* What no copy took: p begins with something that is escaped, refused or only
 * looks so. Room for n and SLACK is there on entry and on return. */
static char *
put_odd_text(struct put *w, const struct mr_member *m, const char *p, size_t n,
             char *to)
{
    while (n > 0) {
        const char *escape = escape_of(*p);
        uint32_t c_n = 1;
        size_t done;

        if (escape != NULL) {
            done = strlen(escape);
            memcpy(to, escape, done);
        } else {
            uint32_t c = xml_decode(p, &c_n);

            if (!xml_is_char(c))
                return refuse_char(w, m, c);
            memcpy(to, p, c_n);
            done = c_n;
        }
        p += c_n;
        n -= c_n;
        to = put_room(w, to + done, n);
        if (to == NULL)
            return NULL;
        done = plain_xml(to, p, n, m->attribute);
        to += done;
        p += done;
        n -= done;
    }
    return to;
}

/* n bytes of text between what opens and closes it. */
static inline char *
put_between(struct put *w, const struct mr_member *m,
            const struct plan_step *step, const char *p, size_t n, char *to)
{
    size_t done;

    if (w->pretty && !m->attribute && !m->content)
        to = put_line(w, to);
    if (to != NULL)
        to = put_room(w, to, (size_t)m->open_n + n + m->close_n);
    if (to == NULL)
        return NULL;
    to = plan_copy(to, step->open, m->open_n);
    done = plain_xml(to, p, n, m->attribute);
    to += done;
    if (done != n) {
        to = put_odd_text(w, m, p + done, n - done, to);
        if (to != NULL)
            to = put_room(w, to, m->close_n);
        if (to == NULL)
            return NULL;
    }
    return plan_copy(to, step->close, m->close_n);
}

static char *
refuse_failed(struct put *w, const struct mr_member *m, struct mr_val v)
{
    mr_fail(w->cx, MR_EUSAGE, "%.*s can not be written: %s",
            m->name_n < 80 ? m->name_n : 80, m->name, mr_why_words(v.why));
    return NULL;
}

/* Sets *any where the value is one that the record is written for. */
static inline char *
put_value(struct put *w, const struct mr_member *m,
          const struct plan_step *step, struct mr_val v, bool *any, char *to)
{
    if (v.state == MR_MISSING) {
        v = w->nodata;
        if (v.state == MR_MISSING || m->attribute || m->content)
            return to;
    } else {
        if (mr_wire_changes((enum mr_wire)m->wire) && v.state == MR_HERE)
            v = mr_wire_out(w->cx, (enum mr_wire)m->wire, v);
        if (v.state == MR_FAILED)
            return refuse_failed(w, m, v);
        *any = true;
    }
    return put_between(w, m, step, v.p, v.state == MR_HERE ? v.n : 0, to);
}

/* A record inside of another one. `must`: also with nothing in it. */
static char *
put_inner(struct put *w, const struct mr_member *m, struct plan_step *step,
          const char *record, bool must, bool *any, char *to)
{
    size_t start = (size_t)(to - w->out->at), inside;

    if (step->inner == NULL && (step->inner = mr_plan(w->cx, m->shape)) == NULL)
        return NULL;
    to = put_line(w, to);
    if (to == NULL || (to = put_room(w, to, m->open_n)) == NULL)
        return NULL;
    to = plan_copy(to, step->open, m->open_n);
    inside = (size_t)(to - w->out->at);
    w->depth++;
    to = put_record(w, step->inner, record, to);
    w->depth--;
    if (to == NULL)
        return NULL;
    if (!w->any && !must)
        return w->out->at + start;
    if (!w->any) {
        to = w->out->at + inside;
        w->lines = false;
        if (m->shape->attributes)
            *to++ = '>';
    }
    *any = true;
    if (w->lines && (to = put_line(w, to)) == NULL)
        return NULL;
    to = put_room(w, to, m->close_n);
    return to == NULL ? NULL : plan_copy(to, step->close, m->close_n);
}

static char *
put_rows(struct put *w, const struct mr_member *m, struct plan_step *step,
         const struct mr_rows *rows, bool *any, char *to)
{
    for (uint32_t i = 0; i < rows->n && to != NULL; i++)
        to = put_inner(w, m, step, mr_row(rows, i, m->shape->size), true, any,
                       to);
    return to;
}

/* The members. The attributes come first and end with the > of the start tag.
 * Leaves SLACK behind it. */
static char *
put_record(struct put *w, struct plan *plan, const char *record, char *to)
{
    const struct mr_shape *shape = plan->shape;
    bool in_tag = shape->attributes, any = false, lines = false;

    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];
        struct plan_step *step = &plan->steps[i];
        const void *at = record + m->offset;
        size_t before;

        if (in_tag && !m->attribute) {
            to = put_room(w, to, 1);
            if (to == NULL)
                return NULL;
            *to++ = '>';
            in_tag = false;
        }
        before = (size_t)(to - w->out->at);
        if (m->kind == MR_VALUE)
            to = put_value(w, m, step, *(const struct mr_val *)at, &any, to);
        else if (m->kind == MR_ONE)
            to = put_inner(w, m, step, at, m->always, &any, to);
        else
            to = put_rows(w, m, step, at, &any, to);
        if (to == NULL)
            return NULL;
        if (w->pretty && !m->attribute && !m->content &&
            (size_t)(to - w->out->at) > before)
            lines = true;
    }
    to = put_room(w, to, 1);
    if (to != NULL && in_tag)
        *to++ = '>';
    w->any = any;
    w->lines = lines;
    return to;
}

/* Constant text on a line of its own. */
static char *
put_constant(struct put *w, const char *text, char *to)
{
    size_t n = strlen(text);

    if (n == 0)
        return to;
    to = put_room(w, to, n + 1);
    if (to == NULL)
        return NULL;
    memcpy(to, text, n);
    to += n;
    if (text[n - 1] != '\n')
        *to++ = '\n';
    return to;
}

enum mr_status
mr_xml_put(struct mr_cx *cx, struct mr_writer *w, const void *record)
{
    const struct mr_doc *doc = w->doc;
    struct put put = { .cx = cx, .out = w->out, .pretty = w->pretty,
                       .depth = 1 };
    struct plan *plan = mr_plan(cx, doc->shape);
    size_t n = strlen(doc->before);
    char *to = plan == NULL ? NULL : put_grow(&put, NULL, n);

    put.nodata = doc->nodata == NULL ? mr_missing() : mr_text(doc->nodata);
    if (to != NULL && w->records == 0)
        to = put_constant(&put, doc->head, to);
    if (to == NULL || (to = put_room(&put, to, n)) == NULL)
        return cx->error.status;
    memcpy(to, doc->before, n);
    to = put_record(&put, plan, record, to + n);
    put.depth = 0;
    if (to != NULL && put.lines)
        to = put_line(&put, to);
    if (to == NULL || (to = put_constant(&put, doc->after, to)) == NULL)
        return cx->error.status;
    w->out->n = (size_t)(to - w->out->at);
    return MR_OK;
}

enum mr_status
mr_xml_end(struct mr_cx *cx, struct mr_writer *w)
{
    struct put put = { .cx = cx, .out = w->out };
    char *to = put_grow(&put, NULL, 0);

    if (to != NULL && w->records != 0)
        to = put_constant(&put, w->doc->tail, to);
    if (to == NULL)
        return cx->error.status;
    w->out->n = (size_t)(to - w->out->at);
    return MR_OK;
}
