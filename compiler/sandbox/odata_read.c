/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists in pages, and single records. A page ends with a link to the next one
 * that names the last record shown, so that pages stay right while records are
 * written: by creation, or by change where the request asks by change. Other
 * orders are sorted here and paged by number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/odata.h"
#include "sandbox/value.h"

enum { PAGE = 1000, PAGE_EXPANDED = 100, FIRST_ONES = 10 };

struct order {
    const struct field *field;
    int at;
    bool down;
};

/* A record that waits for being sorted. */
struct sortable {
    int64_t id;
    const struct slot *keys;
};

struct listing {
    struct request *r;
    const struct resource *what;
    struct view *view;
    struct filter *filter;
    struct filter_plan plan;
    VEC(struct order) orders;
    bool by_change;             /* order of change, not of creation */
    int64_t skip, top;          /* top -1: all */
    size_t page;
    char token;                 /* 0, or what `after` is: i, c, o */
    int64_t after;
    struct slot *slots;
    bool read;                  /* the record at hand is in them */
    struct buf *out;
    size_t shown;
    int64_t last;               /* the token of the last one shown */
    bool more;
};

static void
json_headers(struct answer *to)
{
    answer_header(to, "content-type", "application/json;charset=utf-8");
    answer_header(to, "dataserviceversion", "2.0");
}

/* --- options --- */

static bool
number_option(struct request *r, const char *name, int64_t *out,
              struct answer *to)
{
    const char *text = query_option(r, name);

    if (text == NULL)
        return true;
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' ||
        strlen(text) > 12) {
        answer_error(to, 400, "%s is a number", name);
        return false;
    }
    *out = strtoll(text, NULL, 10);
    return true;
}

static bool
order_option(struct listing *l, struct answer *to)
{
    const char *p = query_option(l->r, "$orderby");

    while (p != NULL && *p != '\0') {
        size_t n = strcspn(p, ","), lead = strspn(p, " ");
        size_t name_n = strcspn(p + lead, " ,");
        struct order o = { 0 };
        const char *way = p + lead + name_n;

        o.field = kind_field(l->what->kind, p + lead, name_n);
        if (o.field == NULL) {
            answer_error(to, 400, "$orderby: %s has no %.*s",
                         l->what->kind->name,
                         (int)(name_n > 60 ? 60 : name_n), p + lead);
            return false;
        }
        o.at = (int)(o.field - l->what->kind->fields.at);
        way += strspn(way, " ");
        o.down = strncmp(way, "desc", 4) == 0;
        vec_push(l->r->arena, &l->orders, o);
        p += n + (p[n] == ',');
    }
    return true;
}

static bool
token_option(struct listing *l, struct answer *to)
{
    const char *token = query_option(l->r, "$skiptoken");

    if (token == NULL)
        return true;
    if (*token == '\0' || strchr("ico", *token) == NULL ||
        token[1] == '\0' ||
        token[1 + strspn(token + 1, "0123456789")] != '\0' ||
        strlen(token) > 20) {
        answer_error(to, 400, "$skiptoken is none of this service");
        return false;
    }
    l->token = *token;
    l->after = strtoll(token + 1, NULL, 10);
    return true;
}

static bool
options(struct listing *l, struct answer *to)
{
    const char *filter = query_option(l->r, "$filter"), *wrong = NULL;
    const char *format = query_option(l->r, "$format");

    if (format != NULL && strcmp(format, "json") != 0) {
        answer_error(to, 415, "$format: only json");
        return false;
    }
    if (filter != NULL && *filter != '\0') {
        l->filter = filter_parse(l->r->arena, l->what->kind, filter, &wrong);
        if (l->filter == NULL) {
            answer_error(to, 400, "%s", wrong);
            return false;
        }
        filter_plan(l->filter, l->r->arena, l->what->kind, &l->plan);
    }
    l->top = -1;
    return number_option(l->r, "$top", &l->top, to) &&
           number_option(l->r, "$skip", &l->skip, to) &&
           order_option(l, to) && token_option(l, to);
}

/* --- rows --- */

static bool
wanted(struct listing *l, const struct row *row)
{
    if (l->what->below && row->parent != l->what->parent.id)
        return false;
    l->read = l->filter != NULL;
    if (!l->read)
        return true;
    doc_read(l->what->kind, row->doc, row->doc_n, l->slots);
    return filter_holds(l->filter, l->r->arena, l->slots);
}

/* false: the page is full. */
static bool
show(struct listing *l, const struct row *row)
{
    if (l->skip > 0) {
        l->skip--;
        return true;
    }
    if (l->top >= 0 && (int64_t)l->shown == l->top)
        return false;
    if (l->shown == l->page) {
        l->more = true;
        return false;
    }
    if (l->shown++ > 0)
        buf_char(l->out, ',');
    /* As long as the first ones: a page is large, and not to be moved. */
    if (l->shown == FIRST_ONES)
        buf_reserve(l->out, l->out->n / FIRST_ONES * l->page);
    if (l->read)
        view_show_read(l->r, l->view, row, l->out);
    else
        view_show(l->r, l->view, row, l->out);
    l->last = l->by_change ? row->changed : row->id;
    return true;
}

static int
by_id(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

/* The records that the plan names, each once, by creation. */
static void
show_planned(struct listing *l)
{
    const struct kind *k = l->what->kind;
    struct row *rows = arena_alloc(l->r->arena,
                                   l->plan.values.n * sizeof *rows);
    size_t n = 0;

    for (size_t i = 0; i < l->plan.values.n; i++) {
        const char *v = l->plan.values.at[i];
        bool found = l->plan.field == k->id
                         ? sb_store_by_oid(l->r->store, l->r->arena, k->number,
                                           v, strlen(v), &rows[n])
                         : sb_store_by_key(l->r->store, l->r->arena, k->number,
                                           v, strlen(v), &rows[n]);
        n += found;
    }
    qsort(rows, n, sizeof *rows, by_id);
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || rows[i].id != rows[i - 1].id) &&
            rows[i].id > (l->token == 'i' ? l->after : 0) &&
            wanted(l, &rows[i]) && !show(l, &rows[i]))
            return;
}

static void
show_cursor(struct listing *l, struct cursor *c)
{
    struct row row;

    while (sb_store_next(c, &row))
        if (row.id > (l->token == 'i' ? l->after : 0) && wanted(l, &row) &&
            !show(l, &row))
            break;
    sb_store_end(c);
}

static bool
by_parent(struct listing *l, struct row *parent)
{
    const struct kind *k = l->what->kind;
    const char *oid;

    if (l->what->below) {
        *parent = l->what->parent;
        return true;
    }
    if (l->plan.values.n != 1 || l->plan.field != k->parent_id ||
        k->parent == NULL)
        return false;
    oid = l->plan.values.at[0];
    if (!sb_store_by_oid(l->r->store, l->r->arena, k->parent->number, oid,
                         strlen(oid), parent))
        parent->id = -1;
    return true;
}

/* Everything that may be wanted, without pages. */
static struct cursor *
whole(struct listing *l)
{
    int64_t kind = l->what->kind->number;
    struct row parent;

    return by_parent(l, &parent)
               ? sb_store_children(l->r->store, kind, parent.id)
               : sb_store_all(l->r->store, kind, 0);
}

static void
show_natural(struct listing *l)
{
    const struct kind *k = l->what->kind;
    struct store *s = l->r->store;
    struct row parent;

    if (by_parent(l, &parent)) {
        show_cursor(l, sb_store_children(s, k->number, parent.id));
    } else if (l->plan.values.n > 0 && l->plan.field != k->parent_id) {
        show_planned(l);
    } else if (l->by_change) {
        /* The property is cut to milliseconds, the moment is not. */
        int64_t from = l->plan.since ? l->plan.from_ms * 10000 : 0;

        show_cursor(l, sb_store_changed(s, k->number, from,
                                        l->token == 'c' ? l->after : -1));
    } else {
        show_cursor(l, sb_store_all(s, k->number,
                                    l->token == 'i' ? l->after : 0));
    }
}

/* --- sorted --- */

static int
compare_slots(struct slot a, struct slot b, const struct field *f)
{
    enum wire w = f->member->wire;
    size_t n = a.n < b.n ? a.n : b.n;
    int d;

    if (a.at == NULL || b.at == NULL)
        return (a.at != NULL) - (b.at != NULL);
    if (w == WIRE_DATETIME_TICKS || w == WIRE_NUMBER ||
        w == WIRE_NUMBER_TEXT) {
        size_t lead = w == WIRE_DATETIME_TICKS ? 8 : *a.at == '"';
        double x = strtod(a.at + lead, NULL), y = strtod(b.at + lead, NULL);

        return x < y ? -1 : x > y;
    }
    d = memcmp(a.at, b.at, n);
    return d != 0 ? d : a.n < b.n ? -1 : a.n > b.n;
}


/* Merge sort: stable, and told what it sorts by. */
static void
sort(const struct listing *l, struct sortable *rows, struct sortable *spare,
     size_t n)
{
    size_t half = n / 2, a = 0, b = half, to = 0;

    if (n < 2)
        return;
    sort(l, rows, spare, half);
    sort(l, rows + half, spare, n - half);
    memcpy(spare, rows, n * sizeof *rows);
    while (a < half || b < n) {
        int d = a == half ? 1 : b == n ? -1 : 0;

        for (size_t i = 0; d == 0 && i < l->orders.n; i++) {
            d = compare_slots(spare[a].keys[i], spare[b].keys[i],
                              l->orders.at[i].field);
            d = l->orders.at[i].down ? -d : d;
        }
        rows[to++] = d <= 0 ? spare[a++] : spare[b++];
    }
}

static struct sortable
sortable(struct listing *l, const struct row *row)
{
    struct arena *a = l->r->arena;
    struct slot *keys = arena_alloc(a, l->orders.n * sizeof *keys);

    doc_read(l->what->kind, row->doc, row->doc_n, l->slots);
    for (size_t i = 0; i < l->orders.n; i++) {
        keys[i] = l->slots[l->orders.at[i].at];
        if (keys[i].at != NULL)
            keys[i].at = arena_copy(a, keys[i].at, keys[i].n);
    }
    return (struct sortable){ row->id, keys };
}

static void
show_sorted(struct listing *l)
{
    struct row row;
    VEC(struct sortable) rows = { 0 };
    struct cursor *c = whole(l);

    while (sb_store_next(c, &row))
        if (wanted(l, &row))
            vec_push(l->r->arena, &rows, sortable(l, &row));
    sb_store_end(c);
    sort(l, rows.at, arena_alloc(l->r->arena, (rows.n + 1) * sizeof *rows.at),
         rows.n);
    l->last = l->token == 'o' ? l->after : l->skip;
    l->skip = 0;
    l->read = false;
    for (size_t i = (size_t)l->last; i < rows.n; i++) {
        if (!sb_store_by_id(l->r->store, l->r->arena, rows.at[i].id, &row))
            continue;
        int64_t at = l->last;
        bool room = show(l, &row);

        l->last = at + room;
        if (!room)
            return;
    }
}

/* --- answers --- */

/* The same request from there on. */
static void
next_link(struct listing *l, char kind, struct buf *out)
{
    const char *p = l->r->query, *path = l->r->path;
    size_t base = strlen(l->r->site->base);

    if (strncmp(path, l->r->site->base, base) == 0)
        path += base;
    buf_printf(out, ",\"__next\":\"%s%s?", l->r->site->url, path);
    while (*p != '\0') {
        size_t n = strcspn(p, "&");
        const char *name = url_decode(l->r->arena, p, strcspn(p, "&="), true);

        if (name != NULL && strcmp(name, "$skiptoken") != 0 &&
            strcmp(name, "$skip") != 0 && strcmp(name, "$top") != 0) {
            for (size_t i = 0; i < n; i++)
                if (p[i] != '"' && p[i] != '\\')
                    buf_char(out, p[i]);
            buf_char(out, '&');
        }
        p += n + (p[n] == '&');
    }
    if (l->top >= 0)
        buf_printf(out, "$top=%" PRId64 "&", l->top - (int64_t)l->shown);
    buf_printf(out, "$skiptoken=%c%" PRId64 "\"", kind, l->last);
}

/* How many there are, whatever the page. */
static int64_t
count_all(struct listing *l)
{
    struct row row;
    struct cursor *c;
    int64_t n = 0;

    if (l->filter == NULL && !l->what->below)
        return sb_store_count(l->r->store, l->what->kind->number);
    c = whole(l);
    while (sb_store_next(c, &row))
        n += wanted(l, &row);
    sb_store_end(c);
    return n;
}

static void
show_page(struct listing *l, struct answer *to)
{
    const char *inlinecount = query_option(l->r, "$inlinecount");
    bool sorted;
    char kind;

    /* An order that starts with the time of change is the store's own. */
    l->by_change = l->plan.since && l->plan.values.n == 0;
    if (l->orders.n > 0)
        l->by_change = !l->orders.at[0].down && l->plan.values.n == 0 &&
                       (l->orders.at[0].field->role == FIELD_ETAG ||
                        l->orders.at[0].field->role == FIELD_CHANGED);
    l->by_change = l->by_change && !l->what->below;
    sorted = l->orders.n > 0 && !l->by_change;
    kind = sorted ? 'o' : l->by_change ? 'c' : 'i';
    buf_text(l->out, "{\"d\":{");
    if (inlinecount != NULL && strcmp(inlinecount, "allpages") == 0)
        buf_printf(l->out, "\"__count\":\"%" PRId64 "\",", count_all(l));
    buf_text(l->out, "\"results\":[");
    if (sorted)
        show_sorted(l);
    else
        show_natural(l);
    buf_char(l->out, ']');
    if (l->more)
        next_link(l, kind, l->out);
    buf_text(l->out, "}}");
    l->r->site->counts->reads += l->shown;
    json_headers(to);
}

void
sb_odata_list(struct request *r, const struct resource *what, struct answer *to)
{
    struct listing l = { .r = r, .what = what, .out = &to->body };

    if (!options(&l, to))
        return;
    if (what->count) {
        l.slots = arena_alloc(r->arena,
                              what->kind->fields.n * sizeof *l.slots);
        answer_header(to, "content-type", "text/plain;charset=utf-8");
        answer_header(to, "dataserviceversion", "2.0");
        buf_printf(&to->body, "%" PRId64, count_all(&l));
        return;
    }
    l.view = view_new(r, what->kind, to);
    if (l.view == NULL)
        return;
    l.slots = l.view->slots;
    l.page = PAGE;
    for (size_t i = 0; i < l.view->navs.n; i++)
        if (l.view->navs.at[i].view != NULL)
            l.page = PAGE_EXPANDED;
    show_page(&l, to);
}

void
sb_odata_one(struct request *r, const struct resource *what, struct answer *to)
{
    struct view *v = view_new(r, what->kind, to);

    if (v == NULL)
        return;
    buf_text(&to->body, "{\"d\":{\"results\":");
    view_show(r, v, &what->row, &to->body);
    buf_text(&to->body, "}}");
    json_headers(to);
    answer_header(to, "etag", view_etag(r->arena, what->row.changed));
    r->site->counts->reads++;
}
