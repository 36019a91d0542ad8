/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of a decision: what its parts share. `mine` and S mean the side whose
 * change it is, `theirs` and T the other one, which may be written.
 */
#ifndef REPL_DECIDE_H
#define REPL_DECIDE_H

#include "repl/cells.h"

/* A growing array in the arena. */
struct grow {
    void *at;
    size_t n, room;
};

/* A row (or the map's record) on the way down to what is decided. */
struct visit {
    const struct visit *outer;
    uint32_t level;
    uint64_t row;
    bool added;                 /* it is not there on T */
    bool anyway;                /* or nobody knows: all of it is written */
    uint32_t at;                /* of its row in what is written; NOT_WRITTEN */
};

enum { NOT_WRITTEN = UINT32_MAX - 1 };

/* One cell while it is decided. */
struct cell {
    const struct mr_rule *rule;
    int index;
    struct opinion mine, theirs;
    const struct base_cell *agreed;     /* NULL: nothing was */
    bool i_changed, they_changed;
    bool unknown;               /* nothing was agreed for one of the sides */
    bool doubtful;              /* a message from before or after our write */
    bool old;                   /* S's message shows what a write to S had
                                   replaced */
    bool written;               /* it is written now, as agreed before or not */
    enum merge_how how;
    bool uncertain;             /* a sum that was changed on top of a write of
                                   it of which no answer came */
    struct mr_val said;         /* S's value, where one of both took its
                                   place */
    const struct cell_values *plain;    /* what was made for T, where what was
                                   remembered of T took its place */
};

struct decide {
    struct walk w;
    struct merge *m;
    const struct merge_input *in;
    struct merge_result *out;
    int s, t;
    bool whole;                 /* T has no record: all is written */
    void *record;               /* what is written */
    uint32_t now;               /* seconds since 1970, or 0 */
    const struct base *crossing;        /* a write to S, or NULL */
    struct grow cells;          /* struct merge_cell */
    struct grow agreed;         /* struct base_cell: new ones */
    struct grow sent;
    struct grow kept;           /* struct base_kept */
    struct grow kept_sent;
    unsigned char *touched;     /* a bit for each cell of the base: replaced or
                                   dropped */
    unsigned char *kept_touched;
};

/* Rows that were removed and that a record can't tell, to be deleted. */
struct merge_removed {
    struct merge_removed *next;
    uint32_t level;
    void *row;                  /* in T's record */
};

/* decide.c: the cells of the current row and all below it. */
void decide_below(struct decide *d, struct visit *v);
/* One for the list of what was decided; NULL: memory ran out. */
struct merge_cell *decide_note(struct decide *d, int rule, uint64_t row,
                               enum merge_how how);
/* S has to look at T's record. */
void decide_back(struct decide *d);

/* decide_rows.c: a list below the current row. */
void decide_list(struct decide *d, struct visit *v, uint32_t level);

/* policy.c: how a conflict ends. */
enum merge_how policy_winner(struct decide *d, const struct mr_decider *by,
                             const struct cell *cells, size_t n, int rule,
                             uint64_t row);
/* One cell by a policy that makes a value of both: puts it into what was made
 * for T. */
enum merge_how policy_join(struct decide *d, const struct mr_decider *by,
                           struct cell *c, uint64_t row);
bool policy_joins(const struct mr_decider *by);

/* agree.c: the new base. */
void *grow_add(struct mr_cx *cx, struct grow *g, size_t size);
bool agree_begin(struct decide *d);
/* The agreed hashes of a cell. */
void agree_cell(struct decide *d, const struct cell *c, uint64_t row,
                uint64_t mine, uint64_t theirs, int from);
/* `awaited`: a message of the side that can't be read may be from before this;
 * else that is told from what was known. */
void agree_row(struct decide *d, const struct visit *outer, uint32_t level,
               uint64_t row, uint64_t mine, uint64_t theirs, int from,
               bool awaited);
/* The row and all below it are no longer known. */
void agree_drop(struct decide *d, uint32_t level, uint64_t row);
void agree_sent(struct decide *d, int rule, uint64_t row, uint64_t mine,
                uint64_t theirs, bool joined);
void agree_sent_row(struct decide *d, const struct visit *outer, uint32_t level,
                    uint64_t row, bool there);
void agree_value(struct decide *d, const struct cell *c, uint64_t row);
/* What both had is no longer known. */
void agree_forget_value(struct decide *d, const struct cell *c, uint64_t row);
/* What both had by a write of which no answer came. */
void agree_sent_value(struct decide *d, const struct cell *c, uint64_t row);
/* What both had at the last agreement; missing where it is not known. */
struct mr_val agree_value_of(struct decide *d, const struct cell *c,
                             uint64_t row);
/* Seals n bytes in the place of what is kept there; `sent`: with the write,
 * too. */
void agree_keep(struct decide *d, int rule, uint64_t row, enum base_what what,
                const void *p, size_t n, bool sent);
void agree_unkeep(struct decide *d, int rule, uint64_t row,
                  enum base_what what);
void agree_key(struct decide *d, uint32_t level, uint64_t row);
/* The key that is kept with a write to S that is perhaps still on its way. */
void agree_sent_key(struct decide *d, uint32_t level, uint64_t row);
/* Puts a row's key values into a row of T; false: they are not known. */
bool agree_key_of(struct decide *d, uint32_t level, uint64_t row, void *to);
enum mr_status agree_pack(struct decide *d);

/* remember.c: what of a value the other side can't hold. */
/* T gets the value that it had, if S still shows what it showed then. */
void remember_use(struct decide *d, struct cell *c, uint64_t row);
/* Both sides agreed; `theirs` is T's opinion. */
void remember_agree(struct decide *d, const struct visit *v,
                    const struct cell *c, uint64_t theirs);
/* A write that arrived unheard was agreed: what it said of a side. */
void remember_sent(struct decide *d, const struct cell *c, uint64_t row,
                   int side);

/* answer.c: what T will say of what S wrote. */
enum mr_status answer_agree(struct decide *d);

/* write.c: the record that is written. */
/* Copies a cell's value from what was made; false: there is none. */
bool write_cell(struct decide *d, struct visit *v, const struct mr_rule *rule);
/* The row for a visit, made where it is not there yet. */
void *write_row(struct decide *d, struct visit *v);
/* A row that goes; `actual` is T's, or NULL. */
void write_removal(struct decide *d, struct visit *outer, uint32_t level,
                   uint64_t row, void *actual);
/* T's opinion once the cell was written. */
struct opinion write_echo(struct decide *d, const struct mr_rule *rule);
/* What has to stand in each row of a level: its keys; its constants, where the
 * row is new or the peer takes whole documents. */
void write_frame(struct decide *d, void *to, uint32_t level, bool added);
bool write_is_odata(const struct merge *m, int side);

#endif
