/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request to the OData service is about: the service itself, a batch,
 * or the record or list that its path names. A write is one transaction.
 */
#include "sandbox/odata.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sandbox/codes.h"
#include "sandbox/counts.h"
#include "sandbox/guard.h"

/* --- paths --- */

struct path {
    struct request *r;
    const char *p;
    struct answer *to;
};

static bool
not_found(struct path *at, const char *what, size_t n)
{
    answer_error(at->to, 404, "Resource not found for the segment '%.*s'",
                 (int)(n > 80 ? 80 : n), what);
    return false;
}

/* 'ID' or ObjectID='ID', behind the opening parenthesis. */
static bool
key_text(struct path *at, const struct kind *k, const char **key, size_t *n)
{
    const char *p = at->p, *equals = strchr(p, '=');
    const char *quote = strchr(p, '\'');
    char *to;

    if (equals != NULL && quote != NULL && equals < quote) {
        const struct field *f = kind_field(k, p, (size_t)(equals - p));

        if (f == NULL || f - k->fields.at != k->id || equals + 1 != quote)
            return not_found(at, p, strcspn(p, ")"));
        p = quote;
    }
    if (*p != '\'')
        return not_found(at, p, strcspn(p, ")"));
    *key = to = arena_alloc(at->r->arena, strlen(p));
    for (p++; *p != '\0' && (*p != '\'' || p[1] == '\''); p++) {
        p += *p == '\'';
        *to++ = *p;
    }
    *n = (size_t)(to - *key);
    if (p[0] != '\'' || p[1] != ')')
        return not_found(at, at->p, strlen(at->p));
    at->p = p + 2;
    return true;
}

static bool
one_of(struct path *at, struct resource *out)
{
    const char *key = NULL;
    size_t n = 0;

    if (!key_text(at, out->kind, &key, &n))
        return false;
    out->one = sb_store_by_oid(at->r->store, at->r->arena,
                               out->kind->number, key, n, &out->row);
    if (out->one && out->below && out->row.parent != out->parent.id)
        out->one = false;
    if (!out->one)
        answer_error(at->to, 404, "%s('%.*s') does not exist", out->kind->set,
                     (int)(n > 80 ? 80 : n), key);
    out->below = false;
    return out->one;
}

/* The record that a navigation to one record leads to. */
static bool
follow_one(struct path *at, const struct nav *nav, struct resource *out)
{
    int64_t id = out->row.parent;
    const struct kind *k = out->kind->parent;

    if (nav->child) {
        struct cursor *c = sb_store_children(at->r->store, nav->to->number,
                                             out->row.id);
        struct row row;
        bool found = sb_store_next(c, &row);

        id = row.id;
        sb_store_end(c);
        out->one = found && sb_store_by_id(at->r->store, at->r->arena, id,
                                           &out->row);
    } else {
        while (k != NULL && k != nav->to && id != 0 &&
               sb_store_by_id(at->r->store, at->r->arena, id, &out->row)) {
            id = out->row.parent;
            k = k->parent;
        }
        out->one = k == nav->to && id != 0 &&
                   sb_store_by_id(at->r->store, at->r->arena, id, &out->row);
    }
    out->kind = nav->to;
    if (!out->one)
        answer_error(at->to, 404, "There is no %s here", nav->name);
    return out->one;
}

static bool
follow(struct path *at, const struct nav *nav, struct resource *out)
{
    /* One record below is an address to create it at, too. */
    bool made = nav->child && strcmp(at->r->method, "POST") == 0;

    if (!nav->child || (!nav->many && !made))
        return follow_one(at, nav, out);
    out->below = true;
    out->parent = out->row;
    out->kind = nav->to;
    out->one = false;
    return true;
}

/* "$value" of a media entity, "Binary/$value" of a field with bytes. */
static bool
is_value(struct path *at, struct resource *out)
{
    static const char value[] = "$value";
    size_t n = strcspn(at->p, "/(");

    if (!out->one)
        return false;
    if (strcmp(at->p, value) == 0)
        return out->value = out->kind->record->stream;
    out->field = at->p[n] == '/' && strcmp(at->p + n + 1, value) == 0
                     ? kind_field(out->kind, at->p, n) : NULL;
    if (out->field != NULL &&
        out->field->member->type.kind != TYPE_BINARY)
        out->field = NULL;
    out->value = out->field != NULL;
    return out->value;
}

static bool
next_segment(struct path *at, struct resource *out)
{
    size_t n = strcspn(at->p, "/(");
    const struct nav *nav;

    if (is_value(at, out)) {
        at->p += strlen(at->p);
        return true;
    }

    if (n == 6 && strncmp(at->p, "$count", 6) == 0 && !out->one) {
        out->count = true;
        at->p += n;
        return *at->p == '\0' || not_found(at, at->p, strlen(at->p));
    }
    nav = out->one ? kind_nav(out->kind, at->p, n) : NULL;
    if (nav == NULL)
        return not_found(at, at->p, n);
    at->p += n;
    if (!follow(at, nav, out))
        return false;
    if (*at->p != '(')
        return true;
    at->p++;
    return one_of(at, out);
}

bool
sb_odata_resource(struct request *r, const char *path, struct resource *out,
                  struct answer *to)
{
    struct path at = { r, path, to };
    size_t n = strcspn(path, "/(");

    memset(out, 0, sizeof *out);
    out->kind = site_set(r->site, path, n);
    if (out->kind == NULL)
        return not_found(&at, path, n);
    at.p += n;
    if (*at.p == '(') {
        at.p++;
        if (!one_of(&at, out))
            return false;
    }
    for (int i = 0; *at.p != '\0'; i++) {
        if (*at.p != '/' || i == 8)
            return not_found(&at, at.p, strlen(at.p));
        at.p++;
        if (*at.p == '\0')
            break;
        if (!next_segment(&at, out))
            return false;
    }
    return true;
}

/* --- requests --- */

static void
service_document(struct request *r, struct answer *to)
{
    const char *between = "";

    answer_header(to, "content-type", "application/json;charset=utf-8");
    answer_header(to, "dataserviceversion", "2.0");
    buf_text(&to->body, "{\"d\":{\"EntitySets\":[");
    for (size_t i = 0; i < r->site->kinds.n; i++) {
        buf_printf(&to->body, "%s\"%s\"", between, r->site->kinds.at[i]->set);
        between = ",";
    }
    buf_text(&to->body, "]}}");
}

static bool
reads(const struct request *r)
{
    return strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

static bool
known_method(struct request *r, struct answer *to)
{
    static const char *const methods[] = {
        "GET", "HEAD", "POST", "PATCH", "MERGE", "PUT", "DELETE"
    };
    const char *tunnelled = request_header(r, "x-http-method");

    if (tunnelled != NULL && strcmp(r->method, "POST") == 0)
        r->method = tunnelled;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i], r->method) == 0)
            return true;
    answer_error(to, 405, "%.20s is not known here", r->method);
    return false;
}

void
sb_odata_request(struct request *r, struct answer *to)
{
    struct resource what;
    const char *path = r->path;
    size_t n = strlen(r->site->base);

    if (!known_method(r, to))
        return;
    if (strncmp(path, r->site->base, n) == 0)
        path += n;
    else if (*path == '/') {
        answer_error(to, 404, "The service is at %s", r->site->base);
        return;
    }
    if (*path == '\0' && reads(r)) {
        service_document(r, to);
    } else if (strcmp(path, "$metadata") == 0 && reads(r)) {
        answer_header(to, "content-type", "application/xml");
        answer_header(to, "dataserviceversion", "1.0");
        if (r->site->shown != NULL)
            buf_add(&to->body, r->site->shown, r->site->shown_n);
        else
            buf_add(&to->body, r->site->metadata, r->site->metadata_n);
    } else if (reads(r) && codes_answer(r, path, to)) {
        return;
    } else if (!sb_odata_resource(r, path, &what, to)) {
        return;
    } else if (what.value && !reads(r)) {
        answer_error(to, 405, "Bytes are only read here");
    } else if (what.value) {
        sb_odata_value(r, &what, to);
    } else if (!reads(r)) {
        sb_odata_write(r, &what, to);
    } else if (what.one) {
        sb_odata_one(r, &what, to);
    } else {
        sb_odata_list(r, &what, to);
    }
}

static bool
is_batch(const struct request *r)
{
    const char *last = strrchr(r->path, '/');

    return last != NULL && strcmp(last, "/$batch") == 0;
}

void
sb_odata_answer(struct request *r, struct answer *to)
{
    struct counts before = *r->site->counts;

    if (!guard_login(r, to) || !guard_token(r, to))
        return;
    if (reads(r)) {
        sb_odata_request(r, to);
        return;
    }
    if (!sb_store_begin(r->store)) {
        answer_error(to, 500, "The store can't be written");
        return;
    }
    if (is_batch(r))
        sb_odata_batch(r, to);
    else
        sb_odata_request(r, to);
    if (to->status < 400) {
        if (!sb_store_commit(r->store)) {
            sb_store_rollback(r->store);
            answer_error(to, 500, "The store can't be written");
        }
    } else {
        sb_store_rollback(r->store);
        counts_undo(r->site->counts, &before);
    }
}
