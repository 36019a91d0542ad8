/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the OData v2 connector share: a request's text, an answer's
 * parts, and what an answer means for an operation.
 */
#ifndef PEER_ODATA_H
#define PEER_ODATA_H

#include "http/bytes.h"
#include "mr/rule.h"
#include "peer/op.h"

/* One HTTP answer, the whole or a part of a batch. */
struct odata_reply {
    int status;
    struct op_bytes head;       /* "Name: value" lines */
    struct op_bytes body;       /* BYTES_PADDING readable bytes behind it */
};

/* ---- requests (odata_url.c) ---- */

/* "CorporateAccountCollection?$format=json&…", relative to the service; also
 * those of FIND for several operations of one map that differ in their only
 * key. false: it can't be asked like this (b->failed: memory). */
bool odata_address(struct bytes *b, const struct mr_op *const *ops, size_t n,
                   uint32_t page);
/* Can FINDs of this map be asked in one request? */
bool odata_joins(const struct mr_op *op);
/* Address of one part of a write. */
void odata_part_address(struct bytes *b, const struct mr_op *op,
                        const struct op_part *part);

/* What a write sends: its parts, and where children are changed but not the
 * record itself, an empty change of that in front, which carries the ETag. */
size_t odata_parts(const struct mr_op *op);
const struct op_part *odata_part(const struct mr_op *op, size_t i,
                                 struct op_part *lead);
const char *odata_method(enum op_part_kind kind);
/* Is the key in what a creation sends, so that the peer need not send back
 * what it made? */
bool odata_sends_key(struct mr_cx *cx, const struct mr_op *op);

/* ---- looking into answers (odata_scan.c) ---- */

struct odata_list {
    size_t n;
    struct op_bytes first, last;        /* records */
    struct mr_val next;                 /* __next; missing */
};

/* Goes through the records of an answer: {"d":{"results":[…]}} or one object.
 * each may be NULL. In the bytes, and the arena where escapes were resolved.
 * MR_EFORMAT: it is no such answer. */
enum mr_status odata_scan(struct mr_cx *cx, struct op_bytes body,
                          void (*each)(void *arg, struct op_bytes record),
                          void *arg, struct odata_list *out);
/* A member of a record; missing, empty (null) or its text. */
struct mr_val odata_field(struct mr_cx *cx, struct op_bytes record,
                          const char *name);
/* The same of "__metadata". */
struct mr_val odata_metadata(struct mr_cx *cx, struct op_bytes record,
                             const char *name);
/* "…Set('KEY')": the key; missing. */
struct mr_val odata_key_of(struct mr_cx *cx, struct mr_val address);

/* ---- answers (odata_answer.c) ---- */

struct odata_origin {
    const char *root;           /* of the service, ends in '/' */
    uint32_t page;              /* that was asked for; 0: the server's */
};

/* Into the arena of cx. */
void odata_outcome(struct mr_cx *cx, const struct odata_origin *from,
                   const struct mr_op *op, const struct odata_reply *reply,
                   struct op_result *out);
/* 403 because of the token, not of the user. */
bool odata_wants_token(const struct odata_reply *reply);
/* Value of a header in the lines of `head`; missing. */
struct mr_val odata_header(struct op_bytes head, const char *name);
/* What the service's clock said, in microseconds since 1970; 0: it didn't. */
int64_t odata_date(struct op_bytes head);
/* One line on an error answer in which no value or key of op (or NULL) and no
 * number of more than four digits is left. */
const char *odata_error_text(struct mr_cx *cx,
                             const struct odata_reply *reply,
                             const struct mr_op *op);

/* ---- $batch (odata_batch.c) ---- */

enum { ODATA_BOUNDARY_MAX = 70 };

struct odata_parts {
    struct op_bytes left;
    char boundary[ODATA_BOUNDARY_MAX + 1];
};

void odata_batch_begin(struct bytes *b);
void odata_batch_get(struct bytes *b, const char *address, size_t n);
void odata_batch_changes(struct bytes *b, struct mr_cx *cx,
                         const struct mr_op *op, size_t number);
void odata_batch_end(struct bytes *b);
extern const char odata_batch_type[];

/* Parts of an answer: MR_OK, MR_END behind the last, MR_EFORMAT. A change set
 * that succeeded gives `inner`, everything else `reply`. */
bool odata_parts_open(struct odata_parts *parts, struct mr_val content_type,
                      struct op_bytes body);
enum mr_status odata_parts_next(struct odata_parts *parts,
                                struct odata_reply *reply,
                                struct odata_parts *inner, bool *nested);

#endif
