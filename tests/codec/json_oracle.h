/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What jansson says to a stream of documents of json_shapes.h, and what the
 * decoder here does, in the same words.
 *
 * Where the two differ on purpose, jansson is told or its answer is not asked:
 * - U+0000 in strings is taken (JSON_ALLOW_NUL), here in names, too;
 * - streams: documents may follow each other (JSON_DISABLE_EOF_CHECK);
 * - a number may be too large for C: values stay text here;
 * - a member twice: refused here when it is read, else not looked at, whereas
 *   jansson takes the last one or refuses any;
 * - here a document is nested at most 128 deep, there 2048; the made ones are
 *   not that deep. A byte order mark in front is taken here.
 */
#ifndef TESTS_CODEC_JSON_ORACLE_H
#define TESTS_CODEC_JSON_ORACLE_H

#include "codec/json_run.h"
#include "value/wire.h"

#include <jansson.h>
#include <math.h>

struct oracle {
    struct mr_cx cx;
    struct test_text text;
    bool refused;           /* well formed, but not what the shape says */
};

/* --- what came out here --- */

/* Numbers as C reads them; those near the ends of its range by a word. */
static void
say_number(struct test_text *t, double d)
{
    char text[40];

    if (d != 0 && (fabs(d) > 1e90 || fabs(d) < 1e-90))
        snprintf(text, sizeof text, "far");
    else
        snprintf(text, sizeof text, "%.17g", d + 0.0);
    test_say_words(t, text);
}

static void
say_value(struct test_text *t, const struct mr_member *m, struct mr_val v)
{
    bool number = m->wire == MR_WIRE_NUMBER || m->wire == MR_WIRE_NUMBER_TEXT;
    char text[400];

    test_say_words(t, v.state == MR_EMPTY ? "-" : "=");
    if (v.state == MR_FAILED && v.why != MR_WHY_OUT_OF_RANGE)
        test_say_words(t, "failed");
    else if (!number || v.state == MR_EMPTY)
        test_say(t, v.p, v.n);
    else if (snprintf(text, sizeof text, "%.*s", (int)v.n, v.p) > 0)
        say_number(t, strtod(text, NULL));
}

static void
say_record(struct test_text *t, const struct mr_shape *s, const char *record)
{
    test_say_words(t, "{");
    for (uint32_t i = 0; i < s->n_read; i++) {
        const struct mr_member *m = &s->read[i];
        const void *at = record + m->offset;
        const struct mr_rows *rows = at;

        if (m->kind == MR_ONE) {
            say_record(t, m->shape, at);
        } else if (m->kind == MR_MANY && rows->state != MR_MISSING) {
            test_say_words(t, "[");
            for (uint32_t k = 0; k < rows->n; k++)
                say_record(t, m->shape, mr_row(rows, k, m->shape->size));
            test_say_words(t, "]");
        } else if (m->kind == MR_VALUE &&
                   ((const struct mr_val *)at)->state != MR_MISSING) {
            test_say(t, m->name, m->name_n);
            say_value(t, m, *(const struct mr_val *)at);
        }
    }
    test_say_words(t, "}\n");
}

/* --- what jansson says --- */

static void
oracle_value(struct oracle *o, const struct mr_member *m, json_t *j)
{
    bool number = m->wire == MR_WIRE_NUMBER || m->wire == MR_WIRE_NUMBER_TEXT;
    struct mr_val v = mr_failed(mr_empty(), MR_WHY_NOT_TEXT);

    test_say(&o->text, m->name, m->name_n);
    if (json_is_string(j) && m->wire != MR_WIRE_BOOL)
        v = mr_wire_in(&o->cx, m->wire,
                       mr_slice(json_string_value(j),
                                (uint32_t)json_string_length(j)));
    else if (json_is_null(j) ||
             (json_is_string(j) && json_string_length(j) == 0))
        v = mr_empty();
    else if (json_is_boolean(j) && m->wire == MR_WIRE_BOOL)
        v = mr_bool(json_is_true(j));
    if (json_is_number(j) && number) {
        test_say_words(&o->text, "=");
        say_number(&o->text, json_number_value(j));
    } else {
        say_value(&o->text, m, v);
    }
}

static void oracle_record(struct oracle *o, const struct mr_shape *s,
                          json_t *j);

static void
oracle_rows(struct oracle *o, const struct mr_shape *s, json_t *j)
{
    json_t *row, *results = json_object_get(j, "results");
    size_t i;

    if (json_is_object(j) && results == NULL) {
        o->refused |= json_object_get(j, "__deferred") == NULL;
        return;
    }
    if (json_is_object(j) && !json_is_array(results))
        o->refused = true;
    if (json_is_object(j))
        j = results;
    if (!json_is_array(j) && !json_is_null(j))
        o->refused = true;
    test_say_words(&o->text, "[");
    json_array_foreach(j, i, row) {
        o->refused |= !json_is_object(row);
        oracle_record(o, s, row);
    }
    test_say_words(&o->text, "]");
}

static void
oracle_record(struct oracle *o, const struct mr_shape *s, json_t *j)
{
    test_say_words(&o->text, "{");
    for (uint32_t i = 0; i < s->n_read; i++) {
        const struct mr_member *m = &s->read[i];
        json_t *member = json_object_get(j, m->name);

        if (m->kind == MR_ONE) {
            o->refused |= member != NULL && !json_is_object(member) &&
                          !json_is_null(member);
            oracle_record(o, m->shape, member);
        } else if (member != NULL && m->kind == MR_MANY) {
            oracle_rows(o, m->shape, member);
        } else if (member != NULL) {
            oracle_value(o, m, member);
        }
    }
    test_say_words(&o->text, "}\n");
}

static void
oracle_document(struct oracle *o, json_t *j)
{
    json_t *row;
    size_t i;

    if (json_is_object(j))
        oracle_record(o, &json_account, j);
    json_array_foreach(j, i, row) {
        o->refused |= !json_is_object(row);
        if (o->refused)
            break;
        oracle_record(o, &json_account, row);
    }
}

enum answer { TAKEN, REFUSED, NO_ANSWER };

static bool
has_no_answer(const json_error_t *e)
{
    return json_error_code(e) == json_error_numeric_overflow ||
           json_error_code(e) == json_error_null_byte_in_key;
}

/* Every document of the stream up to the first that is refused. *twice: some
 * member occurs twice in one object. */
static enum answer
ask_oracle(struct oracle *o, const char *p, size_t n, bool *twice)
{
    size_t flags = JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK;
    json_error_t error;
    size_t at = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (;;) {
        json_t *j;

        while (at < n && strchr(" \t\r\n", p[at]) != NULL && p[at] != '\0')
            at++;
        if (at == n)
            return TAKEN;
        j = json_loadb(p + at, n - at, flags | JSON_REJECT_DUPLICATES, &error);
        if (j == NULL && json_error_code(&error) == json_error_duplicate_key) {
            *twice = true;
            j = json_loadb(p + at, n - at, flags, &error);
        }
        if (j == NULL)
            return has_no_answer(&error) ? NO_ANSWER : REFUSED;
        oracle_document(o, j);
        at += (size_t)error.position;
        json_decref(j);
        if (o->refused)
            return REFUSED;
    }
}

/* --- the comparison --- */

/* Reads to the first error; TAKEN or REFUSED, and what was said. */
static enum answer
ask_decoder(struct mr_cx *cx, const char *p, size_t n, size_t each,
            struct test_text *t, char *why)
{
    static const struct mr_doc doc = { .format = MR_JSON,
                                       .shape = &json_account };
    struct test_source s = { p, n, 0, each, each, false };
    struct mr_input in;
    struct mr_reader r;
    struct account a;
    enum mr_status st;

    cx->error.status = MR_OK;           /* of an earlier stream */
    mr_input_init(&in, test_source_read, &s);
    mr_reader_init(&r, &in, &doc);
    for (;;) {
        mr_cx_next(cx);
        memset(&a, 0, sizeof a);
        st = mr_json_next(cx, &r, &a);
        if (st != MR_OK)
            break;
        say_record(t, &json_account, (const char *)&a);
    }
    snprintf(why, sizeof cx->error.text, "%s", cx->error.text);
    mr_input_done(cx, &in);
    return st == MR_END ? TAKEN : REFUSED;
}

/* The first of two mistakes may be the one that jansson does not know: a
 * member twice, the wrong kind of value. */
static bool
is_of_shape(const char *why)
{
    return strstr(why, "occurs twice") != NULL ||
           strncmp(why, "expected an object", 18) == 0 ||
           strncmp(why, "expected a list", 15) == 0;
}

#endif
