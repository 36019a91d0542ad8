/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agreed state of a link: keyed hashes for each cell (rule and row), in the
 * cell's terms: of what each side's opinion was when they last agreed. Hashes,
 * not values: little space and no personal data at rest. The few values that
 * are needed all the same are sealed.
 *
 * `before` keeps the hash that a write replaced on a side that can't be read,
 * until that side has shown the new one: a message that still has the old value
 * was sent before it saw the write, and is no change.
 */
#ifndef REPL_BASE_H
#define REPL_BASE_H

#include "mr/cx.h"
#include "mr/repl.h"
#include "store/seal.h"
#include "store/store.h"

struct base_cell {
    uint64_t row;               /* hash of the row's key; 0: the map's record */
    uint16_t rule;              /* index; BASE_ROW: that the row is there */
    uint8_t from;               /* the side that its value came from */
    uint8_t more;               /* 1, 2, …: only holds further values of
                                   `before` for the cell in front of it */
    bool joined;                /* of a write that was sent: the value is one
                                   of both sides, see MERGE_JOINED */
    uint8_t again;              /* how often it was written once more, as a
                                   message showed what is in `before` */
    uint32_t at;                /* seconds since 1970: when */
    uint64_t hash[2];           /* of each side's opinion; 0: unknown */
    uint64_t before[2];         /* 0: nothing */
};

/* + the level's index: the presence of a row counts as a rule of its own. Its
 * hashes are BASE_THERE or BASE_GONE, before[0] is the row that it stands in,
 * and before[1] what was replaced on each side, as BASE_REPLACED << side. */
enum { BASE_ROW = 0x8000 };

/* Hashes with a meaning of their own. */
enum {
    BASE_UNKNOWN = 0,
    BASE_STALE = 1,             /* matches nothing: what this side says now
                                   has to go over */
    BASE_THERE = 2, BASE_GONE = 3
};
enum { BASE_REPLACED = 1 };

/* Values that hashes can't stand for. */
enum base_what {
    BASE_VALUE,                 /* what both agreed on of a `sum` or `union`;
                                   the key of a row on a side that can't be
                                   read */
    BASE_LEFT_PART,             /* `remember`: what of the left value the right
                                   one can't hold */
    BASE_RIGHT_PART
};

/* One of them, sealed. */
struct base_kept {
    uint64_t row;
    uint16_t rule;
    uint8_t what;               /* enum base_what */
    struct mr_bytes sealed;
};

/* Cells sorted by row, then rule, then more; values by row, rule, what. */
struct base {
    const struct base_cell *cells;
    size_t n;
    const struct base_kept *kept;
    size_t n_kept;
};

/* NULL where there is none. */
const struct base_cell *base_find(const struct base *b, int rule,
                                  uint64_t row);
/* Of writes of which no answer came, several of one cell may stand behind each
 * other (`more`): the one that made `hash` of a side, or NULL. */
const struct base_cell *base_sent(const struct base *b, int rule, uint64_t row,
                                  int side, uint64_t hash);
const struct base_kept *base_kept_find(const struct base *b, int rule,
                                       uint64_t row, enum base_what what);
int base_kept_order(const struct base_kept *a, const struct base_kept *b);

/* What it says, in the arena; NULL where there is none, or it is sealed under
 * another key. */
const char *base_kept_open(struct mr_cx *cx, const struct store_keys *keys,
                           const struct base_kept *k, size_t *n);

/* What was remembered of a value, as text; of several fields joined by " | ",
 * ended with NUL. false: it can't be told. remember.c */
bool remember_text(struct mr_cx *cx, const struct store_keys *keys,
                   const struct base_kept *k, struct mr_val *out);

/* Packed for the store: starts with a version and the hash of the map's rules,
 * so that a base made by another version of the map is told apart rule by rule
 * (rules are named by the hash of their text there). In the arena. */
enum mr_status base_pack(struct mr_cx *cx, const struct mr_repl *repl,
                         const struct base *b, struct mr_bytes *out);
/* Cells of rules that the map no longer has are left out. MR_EFORMAT. */
enum mr_status base_unpack(struct mr_cx *cx, const struct mr_repl *repl,
                           struct mr_bytes in, struct base *out);

#endif
