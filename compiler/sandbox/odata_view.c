/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is shown of records: $select and $expand become a tree of views.
 */
#include <stdlib.h>
#include <string.h>

#include "sandbox/odata.h"

enum { MOST_DEPTH = 8 };

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

bool
view_is_list(const struct view_nav *vn)
{
    return vn->view != NULL && vn->nav->child && vn->nav->many;
}

static int
by_kind(const void *a, const void *b)
{
    const struct view_nav *x = a, *y = b;
    int64_t m = x->nav->to->number, n = y->nav->to->number;

    return m < n ? -1 : m > n;
}

/* Rows below a record come by kind: in this order, all lists are written while
 * they are gone through once. */
static void
order_navs(struct view *v)
{
    const struct view_nav *last = NULL;
    size_t lists = 0;

    if (v->navs.n > 0)
        qsort(v->navs.at, v->navs.n, sizeof v->navs.at[0], by_kind);
    v->together = true;
    for (size_t i = 0; i < v->navs.n; i++) {
        const struct view_nav *vn = &v->navs.at[i];

        if (!view_is_list(vn))
            continue;
        if (last != NULL && last->nav->to == vn->nav->to)
            v->together = false;
        last = vn;
        lists++;
    }
    v->together = v->together && lists > 1;
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
    order_navs(v);
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
    order_navs(v);
    return v;
}
