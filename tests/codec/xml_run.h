/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a stream of XML and says what came out, as text: a line for each
 * record, "name=value" for what is there (nothing behind = for empty),
 * "name!why: value" for what failed; a line for each error, "#document
 * line:column+offset words"; "end" or "stop". How the bytes are cut into reads
 * is up to the caller and must not matter.
 */
#ifndef TESTS_CODEC_XML_RUN_H
#define TESTS_CODEC_XML_RUN_H

#include "codec/xml_shapes.h"

static inline void
xml_say_value(struct test_text *t, const struct mr_val *v)
{
    test_say_words(t, v->state == MR_FAILED ? "!" : "=");
    if (v->state == MR_FAILED) {
        test_say_words(t, mr_why_words(v->why));
        test_say_words(t, ": ");
    }
    test_say(t, v->p, v->n);
}

static inline void
xml_say_record(struct test_text *t, const struct mr_shape *s, const char *record)
{
    test_say_words(t, "{");
    for (uint32_t i = 0; i < s->n_read; i++) {
        const struct mr_member *m = &s->read[i];
        const void *at = record + m->offset;
        const struct mr_val *v = at;
        const struct mr_rows *rows = at;

        if (m->kind == MR_VALUE && v->state == MR_MISSING)
            continue;
        if (m->kind == MR_MANY && rows->state == MR_MISSING)
            continue;
        test_say_words(t, " ");
        test_say(t, m->name, m->name_n);
        if (m->kind == MR_VALUE) {
            xml_say_value(t, v);
        } else if (m->kind == MR_ONE) {
            xml_say_record(t, m->shape, at);
        } else {
            test_say_words(t, "[");
            for (uint32_t k = 0; k < rows->n; k++)
                xml_say_record(t, m->shape, mr_row(rows, k, m->shape->size));
            test_say_words(t, "]");
        }
    }
    test_say_words(t, " }");
}

static inline void
xml_say_error(struct test_text *t, const struct mr_error *e)
{
    char where[160];

    snprintf(where, sizeof where, "#%llu %llu:%llu+%llu ",
             (unsigned long long)e->document, (unsigned long long)e->line,
             (unsigned long long)e->column, (unsigned long long)e->offset);
    test_say_words(t, where);
    test_say_words(t, e->text);
    test_say_words(t, "\n");
}

/* limit 0: the usual one. passing: nothing is remembered. Returns the status at
 * the end. */
static inline enum mr_status
xml_run_as(struct mr_cx *cx, const struct mr_doc *doc, struct test_source *s,
           size_t limit, bool passing, struct test_text *t)
{
    char record[1024];
    struct mr_input in;
    struct mr_reader r;
    enum mr_status st;

    if (doc->shape->size > sizeof record)
        abort();
    mr_input_init(&in, test_source_read, s);
    if (limit != 0)
        in.limit = limit;
    mr_reader_init(&r, &in, doc);
    r.passing = passing;
    do {
        mr_cx_next(cx);
        st = mr_reader_next(cx, &r, record);
        if (st == MR_OK) {
            xml_say_record(t, doc->shape, record);
            test_say_words(t, "\n");
        } else if (st != MR_END) {
            xml_say_error(t, &cx->error);
            if (mr_reader_resync(cx, &r))
                st = MR_OK;
        }
    } while (st == MR_OK);
    test_say_words(t, st == MR_END ? "end" : "stop");
    mr_reader_done(cx, &r);
    mr_input_done(cx, &in);
    return st;
}

static inline enum mr_status
xml_run(struct mr_cx *cx, const struct mr_doc *doc, struct test_source *s,
        size_t limit, struct test_text *t)
{
    return xml_run_as(cx, doc, s, limit, false, t);
}

/* The same in one read, or in reads of `cut` bytes, of its own context. */
static inline struct test_text
xml_run_cut(const struct mr_doc *doc, const char *p, size_t n, size_t first,
            size_t rest)
{
    struct test_source s = { p, n, 0, first, rest, false };
    struct test_text t = { NULL, 0, 0 };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    xml_run(&cx, doc, &s, 0, &t);
    mr_cx_done(&cx);
    return t;
}

static inline struct test_text
xml_run_whole(const struct mr_doc *doc, const char *p, size_t n)
{
    return xml_run_cut(doc, p, n, n, n);
}

#endif
