/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How records are shown: $select and $expand become a tree of views, and a
 * record is written by copying what is kept of it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/odata.h"

enum { MOST_DEPTH = 8 };

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

/* --- making --- */

static struct view *
view_empty(struct request *r, const struct kind *k)
{
    struct view *v = arena_alloc(r->arena, sizeof *v);

    v->kind = k;
    v->slots = arena_alloc(r->arena, (k->fields.n + 1) * sizeof *v->slots);
    v->head = arena_printf(r->arena, "{\"__metadata\":{\"uri\":\"%s%s('",
                           r->site->url, k->set);
    v->middle = arena_printf(r->arena, "')\",\"type\":\"%s\",\"etag\":\"W/\\\""
                             "datetimeoffset'", k->full);
    return v;
}

static struct view_nav *
nav_of(struct view *v, const struct nav *nav)
{
    for (size_t i = 0; i < v->navs.n; i++)
        if (v->navs.at[i].nav == nav)
            return &v->navs.at[i];
    return NULL;
}

static struct view_nav *
add_nav(struct request *r, struct view *v, const struct nav *nav)
{
    struct view_nav made = { .nav = nav };

    if (nav_of(v, nav) == NULL) {
        made.open = arena_printf(r->arena, "\"%s\":", nav->name);
        made.open_n = strlen(made.open);
        made.rows = arena_alloc(r->arena, sizeof *made.rows);
        buf_init(made.rows, r->arena);
        vec_push(r->arena, &v->navs, made);
    }
    return nav_of(v, nav);
}

/* One path of $expand: "CustomerOrderItem/CustomerOrderItemParty". */
static bool
expand(struct request *r, struct view *v, const char *path, size_t n,
       unsigned depth, struct answer *to)
{
    const char *slash = memchr(path, '/', n);
    size_t name_n = slash == NULL ? n : (size_t)(slash - path);
    const struct nav *nav = kind_nav(v->kind, path, name_n);
    struct view_nav *at;

    if (nav == NULL || depth > MOST_DEPTH) {
        answer_error(to, 400, "$expand: %s leads to no %.*s", v->kind->name,
                     (int)(name_n > 60 ? 60 : name_n), path);
        return false;
    }
    at = add_nav(r, v, nav);
    if (at->view == NULL)
        at->view = view_empty(r, nav->to);
    return slash == NULL || expand(r, at->view, slash + 1, n - name_n - 1,
                                   depth + 1, to);
}

static void
add_field(struct request *r, struct view *v, uint32_t field)
{
    for (size_t i = 0; i < v->fields.n; i++)
        if (v->fields.at[i] == field)
            return;
    vec_push(r->arena, &v->fields, field);
}

static void
all_fields(struct request *r, struct view *v)
{
    v->fields.n = 0;
    for (size_t i = 0; i < v->kind->fields.n; i++)
        vec_push(r->arena, &v->fields, (uint32_t)i);
}

/* One path of $select. */
static bool
pick(struct request *r, struct view *v, const char *path, size_t n,
     struct answer *to)
{
    const char *slash = memchr(path, '/', n);
    size_t name_n = slash == NULL ? n : (size_t)(slash - path);
    const struct field *f = kind_field(v->kind, path, name_n);
    const struct nav *nav = kind_nav(v->kind, path, name_n);
    struct view_nav *at = nav == NULL ? NULL : nav_of(v, nav);

    if (n == 1 && *path == '*') {
        all_fields(r, v);
    } else if (f != NULL && slash == NULL) {
        add_field(r, v, (uint32_t)(f - v->kind->fields.at));
    } else if (nav != NULL && slash == NULL) {
        add_nav(r, v, nav);
    } else if (at != NULL && at->view != NULL) {
        return pick(r, at->view, slash + 1, n - name_n - 1, to);
    } else {
        answer_error(to, 400, "$select: %s has no %.*s", v->kind->name,
                     (int)(n > 60 ? 60 : n), path);
        return false;
    }
    return true;
}

/* What nothing was selected of is shown whole. */
static void
complete(struct request *r, struct view *v, bool selected)
{
    if (v->fields.n == 0) {
        all_fields(r, v);
        for (size_t i = 0; i < v->kind->navs.n && !selected; i++)
            add_nav(r, v, &v->kind->navs.at[i]);
    }
    for (size_t i = 0; i < v->navs.n; i++)
        if (v->navs.at[i].view != NULL)
            complete(r, v->navs.at[i].view, false);
}

typedef bool part_fn(struct request *r, struct view *v, const char *part,
                     size_t n, struct answer *to);

static bool
expand_part(struct request *r, struct view *v, const char *part, size_t n,
            struct answer *to)
{
    return expand(r, v, part, n, 1, to);
}

static bool
each_part(struct request *r, struct view *v, const char *list, part_fn *fn,
          struct answer *to)
{
    while (list != NULL && *list != '\0') {
        size_t n = strcspn(list, ","), lead = strspn(list, " "), m;

        if (lead > n)
            lead = n;
        m = n - lead;
        while (m > 0 && list[lead + m - 1] == ' ')
            m--;
        if (m > 0 && !fn(r, v, list + lead, m, to))
            return false;
        list += n + (list[n] == ',');
    }
    return true;
}

static int
by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

struct view *
view_new(struct request *r, const struct kind *k, struct answer *to)
{
    struct view *v = view_empty(r, k);
    const char *select = query_option(r, "$select");

    if (!each_part(r, v, query_option(r, "$expand"), expand_part, to) ||
        !each_part(r, v, select, pick, to))
        return NULL;
    complete(r, v, select != NULL && *select != '\0');
    qsort(v->fields.at, v->fields.n, sizeof v->fields.at[0], by_number);
    return v;
}

struct view *
view_deep(struct request *r, const struct kind *k)
{
    struct view *v = view_empty(r, k);

    v->plain = true;
    all_fields(r, v);
    for (size_t i = 0; i < k->navs.n; i++)
        if (k->navs.at[i].child)
            add_nav(r, v, &k->navs.at[i])->view =
                view_deep(r, k->navs.at[i].to);
    return v;
}

/* --- showing --- */

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

static bool
is_list(const struct view_nav *vn)
{
    return vn->view != NULL && vn->nav->child && vn->nav->many;
}

/* The rows of all lists, to each list's text. One list alone is asked for by
 * its kind; of several, what is below is read once and told apart. */
static void
read_lists(struct request *r, const struct view *v, const struct row *row)
{
    const struct view_nav *last = NULL;
    struct cursor *c;
    struct row child;
    size_t lists = 0;

    for (size_t i = 0; i < v->navs.n; i++)
        if (is_list(&v->navs.at[i])) {
            last = &v->navs.at[i];
            last->rows->n = 0;
            lists++;
        }
    if (lists == 0)
        return;
    c = lists == 1 ? sb_store_children(r->store, last->nav->to->number, row->id)
                   : sb_store_below(r->store, row->id);
    while (sb_store_next(c, &child))
        for (size_t i = 0; i < v->navs.n; i++) {
            const struct view_nav *vn = &v->navs.at[i];

            if (!is_list(vn) || vn->nav->to->number != child.kind)
                continue;
            if (vn->rows->n > 0)
                buf_char(vn->rows, ',');
            view_show(r, vn->view, &child, vn->rows);
        }
    sb_store_end(c);
}

static void
show_list(const struct view_nav *vn, struct buf *out)
{
    buf_text(out, vn->view->plain ? "[" : "{\"results\":[");
    buf_add(out, vn->rows->at, vn->rows->n);
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
         const struct row *row, struct buf *out)
{
    buf_add(out, vn->open, vn->open_n);
    if (vn->view == NULL) {
        buf_text(out, "{\"__deferred\":{\"uri\":\"");
        buf_text(out, v->head + strlen("{\"__metadata\":{\"uri\":\""));
        buf_add(out, row->oid, row->oid_n);
        buf_printf(out, "')/%s\"}}", vn->nav->name);
    } else if (is_list(vn)) {
        show_list(vn, out);
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
    read_lists(r, v, row);
    for (size_t i = 0; i < v->navs.n; i++) {
        if (out->n > start || !v->plain)
            buf_char(out, ',');
        show_nav(r, v, &v->navs.at[i], row, out);
    }
    buf_char(out, '}');
}
