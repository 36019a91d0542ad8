/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as JSON, straight into the output buffer: the names come ready made
 * from the shape, values are copied and escaped in one go. What is missing is
 * left out, so a comma is written behind every member and the last one taken
 * back.
 */
#include "codec/codec.h"
#include "codec/plain.h"
#include "codec/plan.h"
#include "codec/put.h"
#include "value/wire.h"

static char *put_record(struct put *w, struct plan *plan, const char *record,
                        char *to);

/* Two or six bytes. */
static char *
put_escaped(char *to, char c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = c == '\0' ? NULL : strchr(bytes, c);

    if (found == NULL)
        return to + sprintf(to, "\\u%04x", (unsigned char)c);
    *to++ = '\\';
    *to++ = letters[found - bytes];
    return to;
}

/* What no copy took: p begins with something that is escaped. Room for n and
 * SLACK is there on entry and on return. */
static __attribute__((noinline)) char *
put_odd_text(struct put *w, const char *p, size_t n, char *to)
{
    while (n > 0) {
        size_t done;

        to = put_room(w, put_escaped(to, *p), n);
        if (to == NULL)
            return NULL;
        p++;
        n--;
        done = plain_json(to, p, n);
        to += done;
        p += done;
        n -= done;
    }
    return to;
}

static char *
refuse_failed(struct put *w, const struct mr_member *m, struct mr_val v)
{
    mr_fail(w->cx, MR_EUSAGE, "%.*s can not be written: %s", (int)m->name_n,
            m->name, mr_why_words(v.why));
    return NULL;
}

/* The same as below on a line of its own. */
static __attribute__((noinline)) char *
open_line(struct put *w, const struct mr_member *m,
          const struct plan_step *step, size_t n, char *to)
{
    to = put_line(w, to);
    if (to != NULL)
        to = put_room(w, to, m->open_n + n + 1);
    if (to == NULL)
        return NULL;
    to = plan_copy(to, step->open, m->open_n);
    *to++ = ' ';
    return to;
}

/* A member's name, with room for n bytes behind. */
static inline char *
open_member(struct put *w, const struct mr_member *m,
            const struct plan_step *step, size_t n, char *to)
{
    if (__builtin_expect(w->pretty, 0))
        return open_line(w, m, step, n, to);
    to = put_room(w, to, m->open_n + n);
    return to == NULL ? NULL : plan_copy(to, step->open, m->open_n);
}

static inline char *
put_value(struct put *w, const struct mr_member *m,
          const struct plan_step *step, struct mr_val v, char *to)
{
    bool quoted = m->wire != MR_WIRE_NUMBER && m->wire != MR_WIRE_BOOL;
    size_t done;

    if (v.state == MR_MISSING)
        return to;
    if (mr_wire_changes((enum mr_wire)m->wire) && v.state == MR_HERE)
        v = mr_wire_out(w->cx, (enum mr_wire)m->wire, v);
    if (v.state == MR_FAILED)
        return refuse_failed(w, m, v);
    to = open_member(w, m, step, v.n, to);
    if (to == NULL)
        return NULL;
    if (v.state != MR_HERE) {
        memcpy(to, "null,", 5);
        return to + 5;
    }
    *to = '"';
    to += quoted;
    done = plain_json(to, v.p, v.n);
    to += done;
    if (done != v.n) {
        to = put_odd_text(w, v.p + done, v.n - done, to);
        if (to == NULL)
            return NULL;
    }
    *to = '"';
    to += quoted;
    *to = ',';
    return to + 1;
}

/* Closes what was opened at `start`: in place of the last comma, on a line of
 * its own. */
static char *
close_bracket(struct put *w, size_t start, char bracket, char *to)
{
    w->depth--;
    if ((size_t)(to - w->out->at) > start) {
        to = put_line(w, to - 1);
        if (to == NULL)
            return NULL;
    }
    to = put_room(w, to, 2);
    if (to != NULL)
        *to++ = bracket;
    return to;
}

/* The plan of what is in a member; NULL: no memory. */
static struct plan *
inner_plan(struct put *w, const struct mr_member *m, struct plan_step *step)
{
    if (step->inner == NULL)
        step->inner = mr_plan(w->cx, m->shape);
    return step->inner;
}

static __attribute__((noinline)) char *
put_one(struct put *w, const struct mr_member *m, struct plan_step *step,
        const char *record, char *to)
{
    size_t start = (size_t)(to - w->out->at);
    struct plan *inner = inner_plan(w, m, step);

    if (inner == NULL)
        return NULL;
    to = open_member(w, m, step, 0, to);
    if (to != NULL)
        to = put_record(w, inner, record, to);
    if (to == NULL)
        return NULL;
    if (to[-2] == '{')
        return w->out->at + start;      /* nothing in it */
    *to++ = ',';
    return to;
}

static __attribute__((noinline)) char *
put_rows(struct put *w, const struct mr_member *m, struct plan_step *step,
         const struct mr_rows *rows, char *to)
{
    struct plan *inner;
    size_t start;

    if (rows->state == MR_MISSING)
        return to;
    inner = inner_plan(w, m, step);
    if (inner == NULL)
        return NULL;
    to = open_member(w, m, step, 1, to);
    if (to == NULL)
        return NULL;
    *to++ = '[';
    start = (size_t)(to - w->out->at);
    w->depth++;
    for (uint32_t i = 0; i < rows->n; i++) {
        to = put_line(w, to);
        if (to != NULL)
            to = put_record(w, inner, mr_row(rows, i, m->shape->size), to);
        if (to == NULL)
            return NULL;
        *to++ = ',';
    }
    to = close_bracket(w, start, ']', to);
    if (to != NULL)
        *to++ = ',';
    return to;
}

/* Leaves SLACK behind it. */
static char *
put_record(struct put *w, struct plan *plan, const char *record, char *to)
{
    const struct mr_shape *shape = plan->shape;
    size_t start;

    to = put_room(w, to, 1);
    if (to == NULL)
        return NULL;
    *to++ = '{';
    start = (size_t)(to - w->out->at);
    w->depth++;
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];
        struct plan_step *step = &plan->steps[i];
        const void *at = record + m->offset;

        if (m->kind == MR_VALUE)
            to = put_value(w, m, step, *(const struct mr_val *)at, to);
        else if (m->kind == MR_ONE)
            to = put_one(w, m, step, at, to);
        else
            to = put_rows(w, m, step, at, to);
        if (to == NULL)
            return NULL;
    }
    return close_bracket(w, start, '}', to);
}

enum mr_status
mr_json_put(struct mr_cx *cx, struct mr_writer *w, const void *record)
{
    struct put put = { .cx = cx, .out = w->out, .pretty = w->pretty };
    struct plan *plan = mr_plan(cx, w->doc->shape);
    char *to = plan == NULL ? NULL : put_grow(&put, NULL, 1);

    if (to != NULL)
        to = put_record(&put, plan, record, to);
    if (to == NULL)
        return cx->error.status;
    *to++ = '\n';
    w->out->n = (size_t)(to - w->out->at);
    return MR_OK;
}
