/* SPDX-License-Identifier: Apache-2.0 */
/* OData v2 as Cloud for Customer speaks it: what its parts share. */
#ifndef SANDBOX_ODATA_H
#define SANDBOX_ODATA_H

#include "sandbox/doc.h"
#include "sandbox/filter.h"
#include "sandbox/message.h"

/* What a URL names: all of a kind, one record, or what a navigation leads
 * to. */
struct resource {
    struct kind *kind;
    bool one;                   /* a single record, in row */
    struct row row;
    bool below;                 /* only those below `parent` */
    struct row parent;
    bool count;                 /* …/$count */
    bool value;                 /* …/$value, of the record or of this field: */
    const struct field *field;
};

/* Requests to the service, authentication and tokens done. */
void sb_odata_answer(struct request *r, struct answer *to);
/* One request, alone or of a batch: inside of a transaction if it writes. */
void sb_odata_request(struct request *r, struct answer *to);
/* The part of the path behind the service's root. false: filled with why. */
bool sb_odata_resource(struct request *r, const char *path,
                       struct resource *out, struct answer *to);

void sb_odata_batch(struct request *r, struct answer *to);

/* --- reading --- */

void sb_odata_list(struct request *r, const struct resource *what,
                   struct answer *to);
void sb_odata_one(struct request *r, const struct resource *what,
                  struct answer *to);

/* …/$value (odata_value.c). */
void sb_odata_value(struct request *r, const struct resource *what,
                    struct answer *to);

/* --- showing --- */

/* Which fields and which records below are shown. */
struct view {
    const struct kind *kind;
    VEC(uint32_t) fields;
    VEC(struct view_nav) navs;
    const char *head, *middle;  /* of __metadata, around the ObjectID */
    bool together;              /* several lists: their rows read at once */
    bool plain;                 /* no __metadata, lists as arrays */
    struct slot *slots;         /* of the record being shown */
};

struct view_nav {
    const struct nav *nav;
    struct view *view;          /* NULL: deferred */
    const char *open;           /* "Name": */
    size_t open_n;
};

/* By $select and $expand; NULL: the answer says why not. */
struct view *view_new(struct request *r, const struct kind *k,
                      struct answer *to);
/* Everything with all that is below it, without what only the service needs. */
struct view *view_deep(struct request *r, const struct kind *k);
/* Records that are below, and several. */
bool view_is_list(const struct view_nav *vn);
void view_show(struct request *r, const struct view *v, const struct row *row,
               struct buf *out);
/* The same of a record that is in the view's slots already. */
void view_show_read(struct request *r, const struct view *v,
                    const struct row *row, struct buf *out);
/* W/"datetimeoffset'…'" with its colons encoded. */
const char *view_etag(struct arena *a, int64_t changed);
const char *view_uri(struct request *r, const struct kind *k,
                     const struct row *row);

/* --- writing --- */

/* In a transaction or a part of one. false: the answer says why not. */
bool sb_odata_create(struct request *r, struct kind *k,
                     const struct row *parent, const json_t *body,
                     struct row *row, struct answer *to);
/* all: what is not in the body is cleared (PUT). */
bool sb_odata_update(struct request *r, const struct kind *k, struct row *row,
                     const json_t *body, bool all, struct answer *to);
bool sb_odata_delete(struct request *r, const struct kind *k,
                     const struct row *row, struct answer *to);
/* The same, from a request. */
void sb_odata_write(struct request *r, struct resource *what,
                    struct answer *to);

#endif
