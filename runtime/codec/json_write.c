/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as JSON, straight into the output buffer: the names come ready made
 * from the shape, values are copied and escaped in one go. What is missing is
 * left out, so a comma is written behind every member and the last one taken
 * back.
 */
#include "codec/codec.h"
#include "value/wire.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    SLACK = 64      /* room behind what is written: vectors, quotes, commas */
};

struct put {
    struct mr_cx *cx;
    struct mr_output *out;
    bool pretty;
    uint32_t depth;
};

static bool put_record(struct put *w, const struct mr_shape *shape,
                       const char *record);

static bool
room(struct put *w, size_t n)
{
    return mr_output_room(w->cx, w->out, n + SLACK) == MR_OK;
}

/* Room must be there. */
static void
put_bytes(struct put *w, const char *p, size_t n)
{
    memcpy(w->out->at + w->out->n, p, n);
    w->out->n += n;
}

/* A new line, where lines are wanted. */
static bool
put_line(struct put *w)
{
    if (!w->pretty)
        return true;
    if (!room(w, 1 + 2 * (size_t)w->depth))
        return false;
    put_bytes(w, "\n", 1);
    memset(w->out->at + w->out->n, ' ', 2 * (size_t)w->depth);
    w->out->n += 2 * (size_t)w->depth;
    return true;
}

/* Copies up to n bytes that need no escape, returns how many. Up to 15 bytes
 * more than n are read and written. */
static size_t
copy_plain(char *to, const char *p, size_t n)
{
    size_t i = 0;

#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (; n - i >= 16; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote),
                                   _mm_cmpeq_epi8(v, slash));
        unsigned mask;

        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_max_epu8(v, control),
                                               control));
        mask = (unsigned)_mm_movemask_epi8(hit);
        _mm_storeu_si128((__m128i *)(void *)(to + i), v);
        if (mask != 0)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    for (; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c < 0x20 || c == '"' || c == '\\')
            break;
        to[i] = p[i];
    }
    return i;
}

static void
put_escaped(struct put *w, char c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = c == '\0' ? NULL : strchr(bytes, c);
    char text[8] = { '\\' };

    if (found != NULL) {
        text[1] = letters[found - bytes];
        put_bytes(w, text, 2);
    } else {
        snprintf(text, sizeof text, "\\u%04x", (unsigned char)c);
        put_bytes(w, text, 6);
    }
}

/* Room for n and SLACK is there on entry and on return. */
static bool
put_text(struct put *w, const char *p, size_t n)
{
    for (;;) {
        size_t done = copy_plain(w->out->at + w->out->n, p, n);

        w->out->n += done;
        if (done == n)
            return true;
        p += done;
        n -= done;
        put_escaped(w, *p);
        p++;
        n--;
        if (!room(w, n))
            return false;
    }
}

static bool
refuse_failed(struct put *w, const struct mr_member *m, struct mr_val v)
{
    mr_fail(w->cx, MR_EUSAGE, "%.*s can not be written: %s", (int)m->name_n,
            m->name, mr_why_words(v.why));
    return false;
}

static bool
put_value(struct put *w, const struct mr_member *m, struct mr_val v)
{
    bool quoted = m->wire != MR_WIRE_NUMBER && m->wire != MR_WIRE_BOOL;

    if (v.state == MR_MISSING)
        return true;
    if (m->wire != MR_WIRE_TEXT && v.state == MR_HERE)
        v = mr_wire_out(w->cx, m->wire, v);
    if (v.state == MR_FAILED)
        return refuse_failed(w, m, v);
    if (!put_line(w) || !room(w, m->open_n + (size_t)v.n))
        return false;
    put_bytes(w, m->open, m->open_n);
    if (w->pretty)
        put_bytes(w, " ", 1);
    if (v.state != MR_HERE) {
        put_bytes(w, "null", 4);
    } else if (quoted) {
        put_bytes(w, "\"", 1);
        if (!put_text(w, v.p, v.n))
            return false;
        put_bytes(w, "\"", 1);
    } else {
        put_bytes(w, v.p, v.n);
    }
    put_bytes(w, ",", 1);
    return true;
}

/* Closes what was opened at `start`: in place of the last comma, on a line of
 * its own. */
static bool
close_bracket(struct put *w, size_t start, char bracket)
{
    w->depth--;
    if (w->out->n > start) {
        w->out->n--;
        if (!put_line(w))
            return false;
    }
    if (!room(w, 2))
        return false;
    put_bytes(w, &bracket, 1);
    return true;
}

static bool
open_member(struct put *w, const struct mr_member *m)
{
    if (!put_line(w) || !room(w, m->open_n))
        return false;
    put_bytes(w, m->open, m->open_n);
    if (w->pretty)
        put_bytes(w, " ", 1);
    return true;
}

static bool
put_one(struct put *w, const struct mr_member *m, const char *record)
{
    size_t start = w->out->n;

    if (!open_member(w, m) || !put_record(w, m->shape, record))
        return false;
    if (w->out->at[w->out->n - 2] == '{')
        w->out->n = start;      /* nothing in it */
    else
        put_bytes(w, ",", 1);
    return true;
}

static bool
put_rows(struct put *w, const struct mr_member *m, const struct mr_rows *rows)
{
    size_t start;

    if (rows->state == MR_MISSING)
        return true;
    if (!open_member(w, m))
        return false;
    put_bytes(w, "[", 1);
    start = w->out->n;
    w->depth++;
    for (uint32_t i = 0; i < rows->n; i++) {
        if (!put_line(w) ||
            !put_record(w, m->shape, mr_row(rows, i, m->shape->size)))
            return false;
        put_bytes(w, ",", 1);
    }
    if (!close_bracket(w, start, ']'))
        return false;
    put_bytes(w, ",", 1);
    return true;
}

/* Leaves SLACK behind it. */
static bool
put_record(struct put *w, const struct mr_shape *shape, const char *record)
{
    size_t start;

    if (!room(w, 1))
        return false;
    put_bytes(w, "{", 1);
    start = w->out->n;
    w->depth++;
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];
        const void *at = record + m->offset;
        bool ok = true;

        if (m->kind == MR_VALUE)
            ok = put_value(w, m, *(const struct mr_val *)at);
        else if (m->kind == MR_ONE)
            ok = put_one(w, m, at);
        else
            ok = put_rows(w, m, at);
        if (!ok)
            return false;
    }
    return close_bracket(w, start, '}');
}

enum mr_status
mr_json_put(struct mr_cx *cx, struct mr_writer *w, const void *record)
{
    struct put put = { cx, w->out, w->pretty, 0 };

    if (!put_record(&put, w->doc->shape, record))
        return cx->error.status;
    put_bytes(&put, "\n", 1);
    return MR_OK;
}
