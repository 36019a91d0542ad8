/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of merging: the cells of two records. Opinions and their hashes, the
 * rows of lists on each side, what changed since the agreed state.
 *
 * A frame belongs to a direction: it points to the records (and, below a list,
 * to the rows) of the side that the direction comes from and to what is made of
 * them for the other one. So in the terms of side X, X's own value stands in
 * the frame of the way from X, and the other side's opinion in that of the way
 * to X.
 */
#ifndef REPL_CELLS_H
#define REPL_CELLS_H

#include "repl/merge.h"

/* record.c */
const struct mr_flow *merge_flow(const struct merge *m, int side);
const struct mr_doc *merge_doc(const struct merge *m, int side);
enum mr_status merge_frame(struct merge *m, int side);

/* marks.c: an IDoc's mark of what is done with a record or row. */
#define MARK_DELETED "003"
/* Where it is written; NULL. */
struct mr_val *mark_place(const struct mr_shape *shape, void *record);
/* Rows that a message marks as deleted are not in its record. */
void mark_drop(struct merge *m, int side);

/* What a side says of a cell. */
struct opinion {
    uint64_t hash;
    uint8_t state;              /* MR_MISSING, MR_EMPTY, MR_HERE */
};

/* Of a row: nothing is known, or it is not there, or it is. */
enum row_seen { ROW_UNKNOWN, ROW_GONE, ROW_HERE };

/* A row of a list on one side. */
struct cell_row {
    uint64_t key;
    void *actual;               /* in its record; NULL: not to be told */
    void *made;                 /* what the other side would get; NULL */
    bool takes;                 /* it takes part on the way there */
};

struct cell_rows {
    struct cell_row *rows;
    size_t n;
    bool known;                 /* the list was sent: what is not in it is
                                   gone */
    uint32_t *slots;            /* by key: index + 1 */
    size_t mask;
};

struct walk {
    struct merge *m;
    const struct mr_repl *repl;
    const struct base *base;    /* never NULL */
    const struct base *sent;    /* the same, to side sent_to */
    int sent_to;
    struct row_index *index;    /* rows of `base` by where they stand */
    bool arrived;               /* what was sent made T's record: what T says
                                   differently came after it */
    int64_t came[2];            /* when a message of that side came; 0 */
    int64_t written[2];
    bool confirm;               /* a value that settles `before` counts as a
                                   change */
    const struct mr_rule *twice;        /* by it two rows have one key */
    struct mr_val twice_value;
};

/* Frames with both records in them. */
enum mr_status walk_init(struct walk *w, struct merge *m,
                         const struct base *base, const struct base *sent,
                         int sent_to);

/* The hash of an empty value. */
uint64_t cell_empty(const struct merge *m);
/* The value of a field; missing where its row is not there. */
struct mr_val cell_field(const char *frame, const struct mr_field *f);
/* In whose terms a rule's cells are compared. */
int cell_terms(const struct mr_rule *rule);
struct opinion cell_opinion(struct walk *w, const struct mr_rule *rule,
                            int side);
/* Finds empty values behind selectors in what was made for a side. */
void cell_probe(struct walk *w, const struct mr_rule *rule, int side);
/* As text: several fields joined by " | ". */
struct mr_val cell_text(struct walk *w, const struct mr_rule *rule, int side);
/* For people: where it can't be said, what the side itself has. */
struct mr_val cell_shown(struct walk *w, const struct mr_rule *rule, int side);
/* What a rule's fields on side `terms` hold in a frame. */
struct opinion cell_hash(struct merge *m, const struct mr_rule *rule, int terms,
                         const char *frame);

/* A rule's values on one side, in the form in which they are compared. */
enum { CELL_FIELDS = 16 };
struct cell_values {
    struct mr_val v[CELL_FIELDS];
};
/* false: it has too many fields. */
bool cell_values(struct merge *m, const struct mr_rule *rule, int side,
                 const char *frame, struct cell_values *out);
/* Runs a rule towards a side in a frame: the values that come, and the opinion
 * if not NULL. That side's fields and the verdict stay as they were. false: it
 * can't run. */
bool cell_try(struct merge *m, const struct mr_rule *rule, int side,
              char *frame, struct cell_values *out, struct opinion *o);
bool cell_put(struct merge *m, const struct mr_rule *rule, int side,
              char *frame, const struct cell_values *values);

/* remember.c: does what a side has differ from what is remembered of it, where
 * the other side can't see that? */
bool remember_stale(struct walk *w, const struct mr_rule *rule,
                    const struct base_cell *agreed, uint64_t row, int side,
                    struct opinion o);

/* The pointer to the current row of a level on a side, in a frame. */
void *level_row(const struct walk *w, const char *frame, uint32_t level,
                int side);
void level_set_row(struct walk *w, char *frame, uint32_t level, int side,
                   void *row);
/* Both sides have rows: else it only goes through one side's list and its
 * rules belong to the row around it. */
bool level_has_rows(const struct mr_level *level);
int level_terms(const struct mr_level *level);
/* The rows below the current outer ones. */
void level_rows(struct walk *w, uint32_t level, int side, uint64_t outer,
                struct cell_rows *out);
const struct cell_row *level_find(const struct cell_rows *rows, uint64_t key);
/* A row of a side becomes the current one; NULL: it has none. */
void level_enter(struct walk *w, uint32_t level, int side,
                 const struct cell_row *row);
/* The hash that names a row. */
uint64_t level_key(struct walk *w, uint32_t level, uint64_t outer,
                   const char *frame, uint32_t position);

/* Has this side another opinion than what was agreed? `unknown`: nothing
 * was. */
bool cell_changed(const struct walk *w, const struct base_cell *agreed,
                  int side, struct opinion o, bool *unknown);
/* The cell of the last agreement: of a write that was sent, where the other
 * side shows that it arrived. */
const struct base_cell *cell_agreed(const struct walk *w, int rule,
                                    uint64_t row, const uint64_t hash[2]);
/* Of a creation that arrived, what it said; NULL: nothing. Later writes of which
 * no answer came may never have been done. */
const struct base_cell *cell_arrived(const struct walk *w, int rule,
                                     uint64_t row);
/* Does what `side` says here and below differ from what was agreed? */
bool walk_changed(struct walk *w, uint32_t level, uint64_t row, int side);

/* Is what a write replaced no longer waited for on that side? */
bool cell_settled(const struct walk *w, const struct base_cell *agreed,
                  int side);
/* Is a row's being there, or not, something new? */
bool row_changed(const struct walk *w, const struct base_cell *agreed,
                 int side, enum row_seen seen);

/* Rows of the base that stand in `outer`: the first, the next; 0: none. */
uint32_t index_first(struct walk *w, uint32_t level, uint64_t outer);
uint32_t index_next(const struct walk *w, uint32_t at);
const struct base_cell *index_cell(const struct walk *w, uint32_t at);

#endif
