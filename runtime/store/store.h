/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What replication remembers: links, intents, messages, watermarks, parked
 * records, decisions. One interface; a backend is a table of functions over
 * one transaction at a time. The engine is the only writer; each of its turns
 * is one transaction, so a turn is kept whole or not at all.
 *
 * Texts and bytes in what a backend gives out are good until the next call of
 * any function of that store. Every function returns MR_OK, MR_END (nothing
 * there) or an error with cx->error set: MR_EREAD, MR_EWRITE, MR_EMEMORY,
 * MR_EFORMAT (the store is damaged or not ours), MR_ELIMIT (a value is larger
 * than 256 MB), MR_EUSAGE (a put outside of a transaction, a value out of
 * range). After an error the transaction is to be rolled back. Reading works
 * outside of a transaction, too. Texts that are NULL are kept as "".
 *
 * Times are microseconds since 1970 UTC, given by the caller. Sides: enum
 * mr_side. A record's bytes and what is marked personal are sealed before they
 * come here (store/seal.h): a backend sees no clear personal value. Keys and
 * ids of records are kept in the clear, as lookup needs them.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "mr/cx.h"

struct mr_bytes {
    const void *p;
    size_t n;
};

/* A left and a right record that are one thing. */
struct store_link {
    int64_t id;                 /* 0: not stored yet */
    const char *map;
    const char *ids[2];         /* technical ids; "" where unknown */
    const char *keys[2];        /* as that side writes it; "" where unknown */
    const char *etags[2];       /* of the agreed state; "" where unknown */
    const char *serials[2];     /* IDoc: order of the last message taken; "" */
    int64_t written[2];         /* when a write to that side was last begun */
    int64_t seen[2];            /* when that side's record last came in */
    bool gone[2];               /* deleted there */
    struct mr_bytes base;       /* the agreed state, see repl/base.h */
    struct mr_bytes kept;       /* sealed values that are needed again */
    int64_t made, changed;
};

/* A write that was begun: kept before it is sent, gone when it is settled. */
struct store_intent {
    int64_t id;
    const char *map;
    uint8_t side;               /* written to */
    int64_t link;               /* 0: a creation */
    const char *key;            /* of the record, in that side's terms */
    const char *token;          /* what the peer may know the write by: an
                                   IDoc's DOCNUM; "" */
    struct mr_bytes sent;       /* hashes of what is written, see repl/base.h */
    int64_t made;
    uint32_t attempts;
};

/* A message that came in and is not yet done with. */
struct store_message {
    int64_t id;
    const char *system;
    const char *serial;         /* its own order, e.g. DOCNUM; "" */
    struct mr_bytes sealed;     /* the bytes */
    int64_t arrived;
    uint32_t records;           /* 0: not counted yet */
};

enum store_parked_kind {
    PARKED_RULE,                /* a rule's fate */
    PARKED_REF,                 /* waits for another record */
    PARKED_ASK,                 /* a person decides a conflict */
    PARKED_GUARD,               /* a deletion that the guard stopped */
    PARKED_PEER,                /* the peer refused it, or tries ran out */
    PARKED_FORMAT,              /* bytes that are no record */
    PARKED_REJECTED,            /* a rule says reject: for the record only */
    PARKED_AGAIN                /* not parked: to be looked at again at once */
};

struct store_parked {
    int64_t id;
    enum store_parked_kind kind;
    const char *map;
    uint8_t side;               /* whose change it is */
    const char *record_id, *key;
    int64_t link;               /* 0: none */
    int64_t message;            /* 0: to be read again from the side */
    uint32_t index;             /* of the record in the message */
    const char *rule;           /* place of the rule, "" */
    const char *reason;         /* one line; no personal value in it */
    struct mr_bytes detail;     /* sealed JSON. ASK: both values and base; else
                                   what tells the record from others, or none */
    const char *wants_map, *wants_key;      /* REF */
    uint8_t wants_side;
    uint32_t attempts;
    int64_t made, next;         /* next: tried again by itself then; 0: not */
};

enum store_outcome {
    DECIDED_COPIED, DECIDED_CREATED, DECIDED_DELETED, DECIDED_AGREED,
    DECIDED_CONFLICT, DECIDED_MATCHED, DECIDED_UNLINKED, DECIDED_KEPT,
    DECIDED_STALE, DECIDED_PERSON,
    DECIDED_AGAIN               /* nothing new: what was decided is written to
                                   the other side once more */
};

/* What was decided about one rule of one link, or (rule -1) the record. */
struct store_decision {
    int64_t id, link;
    int rule;                   /* index in mr_repl.rules */
    uint64_t row;               /* hash of the row's key; 0: the map's record */
    uint8_t from;               /* the side that won */
    enum store_outcome outcome;
    const char *policy;         /* "newest by cloud.ChangedOn"; "" */
    /* Values as text, cut to 80 bytes; NULL where unknown; personal ones
     * sealed in `detail` instead and NULL here. */
    const char *left, *right, *base;
    struct mr_bytes detail;
    int64_t at;
};

/* Where the search for changes of one map and side stands. */
struct store_mark {
    const char *map;
    uint8_t side;
    const char *mark;           /* all up to here is done with: the peer's own
                                   time as text; "" none yet */
    const char *load;           /* initial load: where to go on; "done"; "" */
    uint64_t loaded;            /* records so far */
    int64_t polled, swept;      /* when last completed */
};

struct store_counts {
    uint64_t links, intents, messages, parked, decisions;
};

/* Which rows a search gives; NULL or 0: any. */
struct store_query {
    const char *map;
    int64_t after;              /* ids above this */
    int64_t link;               /* of this link */
    int64_t message;
    const char *key;            /* its own, or either side's of its link */
    const char *wants_map, *wants_key;
    int64_t due;                /* parked: next not 0 and at most this */
};

struct store;

/* A backend. `s` is its own; each function as said above. Puts with id 0 make
 * a row and set the id, never one that was used before; others replace it, or
 * give MR_END where it is not there. */
struct store_ops {
    const char *name;           /* "sqlite" */
    enum mr_status (*begin)(struct mr_cx *cx, struct store *s);
    enum mr_status (*commit)(struct mr_cx *cx, struct store *s);
    void (*rollback)(struct store *s);
    void (*close)(struct mr_cx *cx, struct store *s);

    enum mr_status (*link_by_id)(struct mr_cx *cx, struct store *s, int64_t id,
                                 struct store_link *out);
    /* Never by an empty text. Of several: one that is gone nowhere before
     * others, then the newest. */
    enum mr_status (*link_by_record)(struct mr_cx *cx, struct store *s,
                                     const char *map, int side,
                                     const char *record_id,
                                     struct store_link *out);
    enum mr_status (*link_by_key)(struct mr_cx *cx, struct store *s,
                                  const char *map, int side, const char *key,
                                  struct store_link *out);
    /* In the order of ids; only links with an id above `after`, of a map or
     * (NULL) all. */
    enum mr_status (*link_next)(struct mr_cx *cx, struct store *s,
                                const char *map, int64_t after,
                                struct store_link *out);
    enum mr_status (*link_put)(struct mr_cx *cx, struct store *s,
                               struct store_link *link);
    enum mr_status (*link_drop)(struct mr_cx *cx, struct store *s, int64_t id);
    /* What a record looked like when it was found as agreed: a hash of its
     * bytes, kept until the next put or drop of its link. Of the link that
     * link_by_record gives; MR_END where nothing is kept. */
    enum mr_status (*look_get)(struct mr_cx *cx, struct store *s,
                               const char *map, int side,
                               const char *record_id, uint64_t *look);
    enum mr_status (*look_put)(struct mr_cx *cx, struct store *s, int64_t link,
                               int side, uint64_t look);
    /* Links of a map (NULL: of all). */
    enum mr_status (*link_count)(struct mr_cx *cx, struct store *s,
                                 const char *map, uint64_t *n);

    enum mr_status (*intent_put)(struct mr_cx *cx, struct store *s,
                                 struct store_intent *intent);
    enum mr_status (*intent_drop)(struct mr_cx *cx, struct store *s,
                                  int64_t id);
    /* The oldest open intent for a key on a side of a map; or of a link (key
     * NULL; then map may be NULL and side -1: any). */
    enum mr_status (*intent_find)(struct mr_cx *cx, struct store *s,
                                  const char *map, int side, const char *key,
                                  int64_t link, struct store_intent *out);
    enum mr_status (*intent_next)(struct mr_cx *cx, struct store *s,
                                  int64_t after, struct store_intent *out);

    enum mr_status (*message_put)(struct mr_cx *cx, struct store *s,
                                  struct store_message *m);
    enum mr_status (*message_by_id)(struct mr_cx *cx, struct store *s,
                                    int64_t id, struct store_message *out);
    enum mr_status (*message_next)(struct mr_cx *cx, struct store *s,
                                   int64_t after, struct store_message *out);
    /* Record `index` of message `id` is done with; when that was the last of
     * `records`, the message goes and *empty is set. Twice counts once. */
    enum mr_status (*message_done)(struct mr_cx *cx, struct store *s,
                                   int64_t id, uint32_t index, bool *empty);
    enum mr_status (*message_is_done)(struct mr_cx *cx, struct store *s,
                                      int64_t id, uint32_t index, bool *done);
    enum mr_status (*message_drop)(struct mr_cx *cx, struct store *s,
                                   int64_t id);

    enum mr_status (*parked_put)(struct mr_cx *cx, struct store *s,
                                 struct store_parked *p);
    enum mr_status (*parked_by_id)(struct mr_cx *cx, struct store *s,
                                   int64_t id, struct store_parked *out);
    enum mr_status (*parked_next)(struct mr_cx *cx, struct store *s,
                                  const struct store_query *q,
                                  struct store_parked *out);
    enum mr_status (*parked_drop)(struct mr_cx *cx, struct store *s,
                                  int64_t id);

    enum mr_status (*decision_put)(struct mr_cx *cx, struct store *s,
                                   struct store_decision *d);
    /* The newest first: ids below q->after (0: from the newest). */
    enum mr_status (*decision_next)(struct mr_cx *cx, struct store *s,
                                    const struct store_query *q,
                                    struct store_decision *out);
    enum mr_status (*decision_drop)(struct mr_cx *cx, struct store *s,
                                    int64_t link);
    /* Of the `max` oldest ones those made before `before`; *n: how many. For a
     * store that does not grow for ever: again until *n is below `max`. */
    enum mr_status (*decision_trim)(struct mr_cx *cx, struct store *s,
                                    int64_t before, uint32_t max, uint32_t *n);

    /* MR_END where there is none yet: *out is zero then, its texts "". */
    enum mr_status (*mark_get)(struct mr_cx *cx, struct store *s,
                               const char *map, int side,
                               struct store_mark *out);
    enum mr_status (*mark_put)(struct mr_cx *cx, struct store *s,
                               const struct store_mark *m);

    /* Small named values: "hash_key", "version", rulings of persons. Empty
     * `value` in put removes it. */
    enum mr_status (*meta_get)(struct mr_cx *cx, struct store *s,
                               const char *name, struct mr_bytes *out);
    enum mr_status (*meta_put)(struct mr_cx *cx, struct store *s,
                               const char *name, struct mr_bytes value);
    enum mr_status (*counts)(struct mr_cx *cx, struct store *s,
                             struct store_counts *out);
};

struct store {
    const struct store_ops *ops;
};

/* One file; made where it is not there (mode 0600), ":memory:" for none.
 * MR_EUSAGE: another program has it open. `read_only` opens it beside a running
 * program: puts fail then. */
enum mr_status store_sqlite_open(struct mr_cx *cx, const char *file,
                                 bool read_only, struct store **out);

/* In memory, for simulation: `image` outlives the store and holds what was
 * committed, so that a store closed in the middle of a turn and opened again on
 * it is what a crash leaves. */
struct store_image;
struct store_image *store_image_new(struct mr_cx *cx);
void store_image_free(struct mr_cx *cx, struct store_image *image);
enum mr_status store_memory_open(struct mr_cx *cx, struct store_image *image,
                                 struct store **out);

#endif
