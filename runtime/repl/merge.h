/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A left and a right record of one map, side by side: decoding, translating,
 * comparing rule by rule with the agreed state, deciding, and the record to be
 * written. Pure: no store, no peer, no clock; everything lives in cx's arena,
 * until mr_cx_next.
 *
 * A cell is one rule in one row (row 0: the map's record itself). It is
 * compared in the terms of one side: the right one where the rule runs to the
 * right, else the left one. In these terms the other side has an opinion: what
 * the rule makes of its record. Missing is no opinion.
 */
#ifndef REPL_MERGE_H
#define REPL_MERGE_H

#include "mr/program.h"
#include "peer/op.h"
#include "repl/base.h"
#include "store/seal.h"

struct merge {
    struct mr_cx *cx;
    const struct mr_map *map;
    const struct store_keys *keys;
    void *record[2];            /* decoded; NULL: not at hand */
    void *made[2];              /* the other side's record, translated to this
                                   one's terms; NULL: not made */
    struct mr_verdict verdict[2];       /* of making that */
    bool takes[2];              /* the record on the other side takes part on
                                   the way to this side */
    struct merge_open *open[2];   /* what decoded values point into */
    char *frame[2];             /* of the direction to each side: the other
                                   side's record and `made` of this one */
    struct merge_removed *removed;      /* rows that `out` can't say are gone */
};

void merge_init(struct merge *m, struct mr_cx *cx, const struct mr_map *map,
                const struct store_keys *keys);
/* Closes what decoding opened; the arena stays. */
void merge_done(struct merge *m);

/* Record `index` in these bytes, from 0 (an OData envelope around it is fine).
 * MR_END: there is none. The bytes are copied. */
enum mr_status merge_decode_at(struct merge *m, int side, const char *p,
                               size_t n, uint32_t index);
/* The only record; MR_EFORMAT where there are more. */
enum mr_status merge_decode(struct merge *m, int side, const char *p,
                            size_t n);
/* Fills made[side], verdict[side], takes[side] from record[1 - side]. */
enum mr_status merge_translate(struct merge *m, int side);

/* The record's key in the terms of `side`, key fields joined by byte 0x1f: from
 * record[side] or made[side], or by running the key rules. Missing where a
 * field of it is missing or empty, or the key does not go to that side. Ended
 * with NUL behind its n bytes. */
struct mr_val merge_key(struct merge *m, int side);
/* Technical id, ETag, last change, deletion mark of record[side]; missing or
 * false where its schema has none. */
struct mr_val merge_id(const struct merge *m, int side);
struct mr_val merge_etag(const struct merge *m, int side);
struct mr_val merge_changed(const struct merge *m, int side);
bool merge_gone(const struct merge *m, int side);

/* What an `ask` was answered with, or nothing. */
struct merge_ruling {
    int rule;
    uint64_t row;               /* 0 for rules of the map's record */
    uint8_t side;               /* take this side's value */
};

/* What to decide with. */
struct merge_input {
    int from;                   /* whose change it is */
    const struct base *base;    /* NULL: not linked yet */
    const struct base *sent;    /* hashes of a write to the other side of which
                                   no answer came, or NULL */
    const struct base *crossing;        /* the same of one to `from` itself, a
                                   peer of messages: it may arrive after this
                                   message was sent; or NULL */
    const struct base *own;     /* the same of one to `from`, where that can be
                                   read; or NULL */
    bool readable[2];           /* record[side] is its present state, or can be
                                   had; false: a peer of messages */
    int64_t changed[2];         /* when each side was changed (a message: when
                                   it came), microseconds; 0 unknown */
    int64_t written[2];         /* when a write to each side was last begun */
    int64_t now;                /* the time, by the clock of `written`; 0: that
                                   of the change */
    const struct merge_ruling *rulings;
    size_t n_rulings;
    bool cut_refs;              /* a reference that is not there yet is left
                                   out instead of parking */
    bool bug_forget;            /* for tests: nothing is remembered */
};

enum merge_how {
    MERGE_SAME,                 /* both agree */
    MERGE_COPY,                 /* only `from` changed: to be written */
    MERGE_THEIRS,               /* only the other one changed: its own event */
    MERGE_WON, MERGE_LOST,      /* both changed; `from` won, or lost */
    MERGE_JOINED,               /* min, max, sum, union: a value of both */
    MERGE_KEPT,                 /* keep both */
    MERGE_ASKED                 /* a person has to decide */
};

/* One cell about which something was decided (all but MERGE_SAME). */
struct merge_cell {
    int rule;
    uint64_t row;
    enum merge_how how;
    struct mr_val mine, theirs; /* the opinions, in the cell's terms; several
                                   fields joined by " | " */
    bool row_added, row_removed;
    bool again;                 /* COPY: nobody changed it, it is written once
                                   more */
    int origin;                 /* whose value it is then */
};

struct merge_result {
    bool write;                 /* something is to be written to 1 - from */
    void *out;                  /* that record: only what is to be written, rows
                                   with their match fields; all for a
                                   creation */
    const struct merge_cell *cells;
    size_t n_cells;
    bool changed;               /* `from` has a change since the base */
    bool conflict;              /* both had, of one cell */
    bool asked;                 /* some cell waits for a person: nothing of it
                                   is written, the rest is */
    bool back;                  /* the other side has something that `from` must
                                   get: its record has to be looked at, too */
    bool refs_cut;              /* some reference was left out */
    struct mr_bytes base;       /* the agreed state if the write succeeds, or
                                   where nothing is written */
    struct mr_bytes sent;       /* hashes of what is written, for the intent */
};

/* Both records, or one and its translation, must be at hand; translates what is
 * missing. MR_OK, or MR_EMEMORY. A verdict that parks or rejects is left in
 * verdict[1 - from] and *out has write false then. */
enum mr_status merge_decide(struct merge *m, const struct merge_input *in,
                            struct merge_result *out);

/* Is record[from] as it was agreed? Looks at nothing of the other side: the
 * quick look at a polled record. */
enum mr_status merge_echo(struct merge *m, int from, const struct base *base,
                          bool *echo);

/* The requests that write `out` to `side`; `current` is the record there (its
 * rows' ids), NULL for a creation. Lives in the arena. */
enum mr_status merge_parts(struct merge *m, int side, const void *out,
                           const void *current, struct op_part **parts,
                           size_t *n);

/* What passes a deletion on to `side`: SET, its field; REMOVE, for IDocs, the
 * mark of deletion. Other peers than OData need the record's key, too: `key` is
 * as in a link, for `side`. */
enum mr_status merge_deletion(struct merge *m, int side, struct mr_val key,
                              void **out);

#endif
