/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How records are shown, by a tree of views: a record is written by copying what
 * is kept of it.
 */
#include <string.h>

#include "sandbox/odata.h"

/* --- __metadata --- */

/* The year, month and day of a number of days since 1970-01-01. */
static void
civil(int64_t days, int64_t *y, unsigned *m, unsigned *d)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;

    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int64_t)yoe + era * 400 + (*m <= 2);
}

const char *
view_etag(struct arena *a, int64_t changed)
{
    int64_t seconds = changed / 10000000, y;
    unsigned rest = (unsigned)(seconds % 86400), m, d;

    civil(seconds / 86400, &y, &m, &d);
    return arena_printf(a, "W/\"datetimeoffset'%04d-%02u-%02uT%02u%%3A%02u"
                        "%%3A%02u.%07uZ'\"", (int)y, m, d, rest / 3600,
                        rest / 60 % 60, rest % 60,
                        (unsigned)(changed % 10000000));
}

const char *
view_uri(struct request *r, const struct kind *k, const struct row *row)
{
    return arena_printf(r->arena, "%s%s('%.*s')", r->site->url, k->set,
                        (int)row->oid_n, row->oid);
}

static void
digits(char *to, unsigned value, int n)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
}

/* The same text as view_etag, escaped for JSON and without its frame: a page
 * has a thousand of them. */
static void
show_etag(struct buf *out, int64_t changed)
{
    char text[] = "0000-00-00T00%3A00%3A00.0000000Z";
    int64_t seconds = changed / 10000000, y;
    unsigned rest = (unsigned)(seconds % 86400), m, d;

    civil(seconds / 86400, &y, &m, &d);
    digits(text, (unsigned)y, 4);
    digits(text + 5, m, 2);
    digits(text + 8, d, 2);
    digits(text + 11, rest / 3600, 2);
    digits(text + 16, rest / 60 % 60, 2);
    digits(text + 21, rest % 60, 2);
    digits(text + 24, (unsigned)(changed % 10000000), 7);
    buf_add(out, text, sizeof text - 1);
}

/* --- records --- */

/* The record above that a navigation leads to. */
static bool
above(struct request *r, const struct kind *k, const struct row *row,
      const struct kind *wanted, struct row *out)
{
    int64_t id = row->parent;

    for (k = k->parent; k != NULL && id != 0; k = k->parent) {
        if (!sb_store_by_id(r->store, r->arena, id, out))
            return false;
        if (k == wanted)
            return true;
        id = out->parent;
    }
    return false;
}

/* Rows below a record, while lists are written. */
struct below {
    struct cursor *c;
    struct row row;
    bool here;                  /* a row is at hand */
};

static void
below_next(struct below *b)
{
    b->here = sb_store_next(b->c, &b->row);
}

static void
below_open(struct below *b, struct cursor *c)
{
    b->c = c;
    below_next(b);
}

static void
show_rows(struct request *r, const struct view_nav *vn, struct below *b,
          struct buf *out)
{
    int64_t kind = vn->nav->to->number;
    bool first = true;

    while (b->here && b->row.kind < kind)
        below_next(b);
    for (; b->here && b->row.kind == kind; below_next(b), first = false) {
        if (!first)
            buf_char(out, ',');
        view_show(r, vn->view, &b->row, out);
    }
}

static void
show_list(struct request *r, const struct view *v, const struct view_nav *vn,
          const struct row *row, struct below *b, struct buf *out)
{
    struct below own;

    buf_text(out, vn->view->plain ? "[" : "{\"results\":[");
    if (v->together) {
        show_rows(r, vn, b, out);
    } else {
        below_open(&own, sb_store_children(r->store, vn->nav->to->number,
                                           row->id));
        show_rows(r, vn, &own, out);
        sb_store_end(own.c);
    }
    buf_text(out, vn->view->plain ? "]" : "]}");
}

static void
show_single(struct request *r, const struct view *v, const struct view_nav *vn,
            const struct row *row, struct buf *out)
{
    struct row other;
    struct cursor *c = NULL;
    bool found;

    if (vn->nav->child) {
        c = sb_store_children(r->store, vn->nav->to->number, row->id);
        found = sb_store_next(c, &other);
    } else {
        found = above(r, v->kind, row, vn->nav->to, &other);
    }
    if (found)
        view_show(r, vn->view, &other, out);
    else
        buf_text(out, "null");
    sb_store_end(c);
}

static void
show_nav(struct request *r, const struct view *v, const struct view_nav *vn,
         const struct row *row, struct below *b, struct buf *out)
{
    buf_add(out, vn->open, vn->open_n);
    if (vn->view == NULL) {
        buf_text(out, "{\"__deferred\":{\"uri\":\"");
        buf_text(out, v->head + strlen("{\"__metadata\":{\"uri\":\""));
        buf_add(out, row->oid, row->oid_n);
        buf_printf(out, "')/%s\"}}", vn->nav->name);
    } else if (view_is_list(vn)) {
        show_list(r, v, vn, row, b, out);
    } else {
        show_single(r, v, vn, row, out);
    }
}

/* A field that only this service needs means nothing elsewhere. */
static bool
is_own(const struct field *f)
{
    return f->role != FIELD_PLAIN;
}

/* A part of a kept record: fields, each with what stands in front of it. */
static void
show_run(const char *from, const char *end, bool first, struct buf *out)
{
    size_t at = out->n;

    if (first) {
        buf_add(out, from + 1, (size_t)(end - from - 1));
    } else {
        buf_add(out, from, (size_t)(end - from));
        out->at[at] = ',';
    }
}

/* From slots that were read from a kept record: there, a field's name stands in
 * front of its value, and those that are next to each other are copied at
 * once. */
static void
show_fields(const struct view *v, const struct slot *slots, bool first,
            struct buf *out)
{
    const char *from = NULL, *end = NULL;

    for (size_t i = 0; i < v->fields.n; i++) {
        const struct field *f = &v->kind->fields.at[v->fields.at[i]];
        const struct slot *s = &slots[v->fields.at[i]];

        if (v->plain && (s->at == NULL || is_own(f)))
            continue;
        if (s->at != NULL && s->at - f->open_n - 1 == end) {
            end = s->at + s->n;
            continue;
        }
        if (from != NULL) {
            show_run(from, end, first, out);
            first = false;
        }
        from = s->at == NULL ? NULL : s->at - f->open_n - 1;
        end = s->at == NULL ? NULL : s->at + s->n;
        if (s->at != NULL)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_add(out, f->open, f->open_n);
        buf_add(out, f->unset, f->unset_n);
    }
    if (from != NULL)
        show_run(from, end, first, out);
}

void
view_show(struct request *r, const struct view *v, const struct row *row,
          struct buf *out)
{
    doc_read(v->kind, row->doc, row->doc_n, v->slots);
    view_show_read(r, v, row, out);
}

void
view_show_read(struct request *r, const struct view *v, const struct row *row,
               struct buf *out)
{
    struct below below = { 0 };
    size_t start;

    if (v->plain) {
        buf_char(out, '{');
    } else {
        buf_text(out, v->head);
        buf_add(out, row->oid, row->oid_n);
        buf_text(out, v->middle);
        show_etag(out, row->changed);
        buf_text(out, "'\\\"\"}");
    }
    start = out->n;
    show_fields(v, v->slots, v->plain, out);
    if (v->together)
        below_open(&below, sb_store_below(r->store, row->id));
    for (size_t i = 0; i < v->navs.n; i++) {
        if (out->n > start || !v->plain)
            buf_char(out, ',');
        show_nav(r, v, &v->navs.at[i], row, &below, out);
    }
    sb_store_end(below.c);
    buf_char(out, '}');
}
