/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request and its answer, whether they came alone or in a $batch. Everything
 * of one HTTP request lives in its arena.
 */
#ifndef SANDBOX_MESSAGE_H
#define SANDBOX_MESSAGE_H

#include <jansson.h>

#include "base/buf.h"
#include "sandbox/model.h"
#include "sandbox/store.h"

struct header {
    const char *name, *value;
};

struct request {
    struct arena *arena;
    struct store *store;
    struct model *model;
    struct site *site;
    const char *method;
    const char *path;           /* decoded; without the query */
    const char *query;          /* as it came; "" */
    VEC(struct header) headers;
    const char *body;
    size_t body_n;
    bool inner;                 /* of a $batch */
    bool written;               /* the store was changed */
};

struct answer {
    int status;
    VEC(struct header) headers;
    struct buf body;
};

/* NULL where it was not sent. Names in any case. */
const char *request_header(const struct request *r, const char *name);

void answer_init(struct answer *to, struct arena *a);
void answer_header(struct answer *to, const char *name, const char *value);
/* {"error":{"code":…,"message":{…}}}, replacing what was there. */
void answer_error(struct answer *to, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* What a request said may be repeated in an answer, cut anywhere: bytes that
 * are no UTF-8 become "?". */
void answer_utf8(char *text, size_t n);
const char *status_words(int status);

/* "%20" => " "; '+' stays unless it is a query's. NULL for a broken escape or
 * a NUL. */
const char *url_decode(struct arena *a, const char *p, size_t n,
                       bool is_query);

/* A query's option, decoded: "$filter"; NULL where it is not there. */
const char *query_option(const struct request *r, const char *name);

#endif
