/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine wishes of a peer system, and what came of it. An operation
 * belongs to the engine and stays where it is until its result was given back;
 * a connector may point into it. Bytes of records are documents in the wire
 * format of the map's side (mr_flow.from of the direction away from it).
 */
#ifndef PEER_OP_H
#define PEER_OP_H

#include "mr/program.h"

struct op_bytes {
    const char *p;
    size_t n;
};

enum op_kind {
    OP_PAGE,        /* the next page of records, changed since `since` or all */
    OP_IDS,         /* a page with the technical ids only, for deletions */
    OP_READ,        /* one record by its technical id */
    OP_FIND,        /* records by their key: none, one, or (an error) more */
    OP_CREATE, OP_UPDATE, OP_REMOVE
};

enum op_part_kind { PART_POST, PART_PATCH, PART_DELETE };

/* One request of a write. OData: the root entity and rows below it are written
 * one by one, all in one change set. Others have one part. */
struct op_part {
    enum op_part_kind kind;
    const char *set;            /* OData: entity set; POST of a row: of the
                                   entity that holds it */
    const char *id;             /* key of the entity; POST of a root: NULL */
    const char *navigation;     /* POST of a row: NAME in SET('id')/NAME; NULL */
    struct op_bytes body;       /* one document; DELETE: none */
};

struct op_key {
    const char *name;           /* the property as on the wire */
    const char *value;          /* canonical text */
    enum mr_type type;
};

struct mr_op {
    uint64_t id;                /* of the operation */
    enum op_kind kind;
    const struct mr_map *map;
    int side;                   /* enum mr_side: which system */
    const char *since;          /* PAGE: changed at or after this, the peer's
                                   own time, canonical; "": all */
    const char *token;          /* PAGE, IDS: where to go on; "": at the start */
    const char *record_id;      /* READ, UPDATE, REMOVE */
    const char *etag;           /* UPDATE, REMOVE: only if it is this; "" */
    const struct op_key *keys;  /* FIND */
    size_t n_keys;
    const struct op_part *parts;        /* CREATE, UPDATE */
    size_t n_parts;
    const char *message_token;  /* writes of IDocs: DOCNUM, the same for each
                                   try; digits, at most 16 */
};

enum op_outcome {
    OP_OK,
    OP_NONE,        /* READ: there is no such record (404, 410) */
    OP_STALE,       /* the record is no longer that of `etag` (412) */
    OP_REFUSED,     /* the peer says no for good: bad data (400, 422, …) */
    OP_EXISTS,      /* CREATE: there is one with this key already */
    OP_BUSY,        /* come back later; nothing was done (429, 503) */
    OP_DENIED,      /* credentials (401, 403) */
    OP_UNSURE       /* no or no readable answer: it may have been done */
};

struct op_result {
    uint64_t id;                /* of the operation */
    enum op_outcome outcome;
    struct op_bytes body;       /* PAGE, FIND: documents; READ: one; CREATE: the
                                   record as it came out, or none */
    const char *record_id;      /* CREATE; "" where the peer didn't say */
    const char *etag;           /* CREATE, UPDATE: the new one; "" unknown */
    const char *next;           /* PAGE, IDS: token of the next page; "": end */
    int64_t date;               /* PAGE: when it was answered, by the peer's clock;
                                   microseconds since 1970, 0: not said */
    uint32_t retry_after;       /* BUSY: seconds, 0: not said */
    const char *text;           /* one line on what went wrong; no values */
};

#endif
