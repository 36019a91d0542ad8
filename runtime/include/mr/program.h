/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deployment as one constant table: its maps, what they were made from, the
 * tests compiled into it. mr_main is the whole program around it.
 */
#ifndef MR_PROGRAM_H
#define MR_PROGRAM_H

#include "mr/call.h"
#include "mr/codes.h"
#include "mr/facts.h"
#include "mr/repl.h"
#include "mr/rule.h"

/* One map in one direction. A frame is mr_map.frame_size bytes with pointers to
 * the current records; its first two slots are the left and the right record,
 * set by the caller. */
struct mr_flow {
    const struct mr_doc *from, *to;
    /* Does this record take part (where)? NULL: all do. */
    bool (*takes)(struct mr_cx *cx, void *frame);
    void (*run)(struct mr_cx *cx, void *frame);
    const struct mr_target *const *targets;     /* every target, for --trace */
    uint32_t n_targets;
};

/* A value that a rule reads, for --trace and for generated values: frame + at
 * is a pointer to the record, field is in it (or picked below it). */
struct mr_field {
    const char *name;           /* "cloud.AccountID" */
    uint32_t at;
    uint32_t field;
    const struct mr_picked *picked;     /* NULL: the field itself */
    enum mr_type type;
    uint32_t min_chars, max_chars;
    uint16_t digits, scale;
    bool digits_only, has_range;
    bool milliseconds;          /* moments: nothing finer */
    int64_t low, high;          /* has_range: whole numbers from low to high */
    const char *form;           /* how a valid value looks: "9" digits, "word"
                                   letters, "local" without a time zone, others
                                   as a date's form; NULL: any */
    const struct mr_codes_way *codes;   /* looked up there, or NULL */
    const char *const *values;  /* the only valid values, ended with NULL, or
                                   NULL */
};

/* A record that a frame points to. */
struct mr_frame_slot {
    uint32_t at;                /* offset of the pointer in the frame */
    uint32_t size;              /* of the record */
};

/* A two-way rule for the self-test: values made for `left` go right and come
 * back; then the same from the right. */
struct mr_pair {
    const char *at, *rule;
    bool lossy;                 /* <~>: shown, not failed */
    bool canonical;             /* equal after one more round, not at once */
    const char *promise;        /* "exact on its domain" */
    /* Of the values of the left (right) side that get through: which ones may
     * come back as others, and by which conversion. NULL: none. */
    const char *left_changes, *left_by, *right_changes, *right_by;
    const char *unproven;       /* what of the promise is only tried, or NULL */
    bool keeps_left, keeps_right;   /* `remember`: what the other side can't
                                   hold of that side's value is kept */
    bool made_left, made_right; /* values of this side can be made; those of
                                   the other one are what these become */
    const struct mr_field *left, *right, *given;
    uint16_t n_left, n_right, n_given;  /* given: other fields its arguments
                                           read; set alike for both ways */
    void (*to_right)(struct mr_cx *cx, void *frame);
    void (*to_left)(struct mr_cx *cx, void *frame);
};

struct mr_map {
    const char *name;
    const char *title;          /* "cloud.CorporateAccount, erp.DEBMAS06" */
    const struct mr_flow *to_right, *to_left;   /* NULL: not in this direction */
    const char *left, *right;   /* systems */
    uint32_t frame_size;
    const struct mr_frame_slot *frame;      /* left record, right record, … */
    uint16_t n_frame;
    const struct mr_pair *pairs;
    uint16_t n_pairs;
    const struct mr_repl *repl;             /* NULL: not replicated */
};

/* A source or schema that went into the program. */
struct mr_source {
    const char *name;
    uint64_t hash;              /* FNV-1a 64 of its bytes */
};

enum mr_outcome {
    MR_OUTCOME_RECORD, MR_OUTCOME_PARKED, MR_OUTCOME_REJECTED,
    MR_OUTCOME_LEFT_OUT
};

/* A test: fill `from`, run, compare what `expect` names in `to`. */
struct mr_check;
struct mr_test {
    const char *at, *title;
    const struct mr_map *map;
    bool to_right;
    bool (*fill)(struct mr_cx *cx, void *from);         /* false: memory */
    /* Reports each difference by mr_differs; returns nothing. */
    void (*compare)(struct mr_check *check, const void *to);
    enum mr_outcome outcome;
    const char *const (*refs)[3];   /* map, left id, right id; ended by NULLs */
};

/* For generated `compare`: v against expected; missing, empty are told apart. */
void mr_expect(struct mr_check *check, const char *field, struct mr_val got,
               struct mr_val want);
/* Are there as many as expected? */
bool mr_expect_count(struct mr_check *check, const char *field, uint32_t got,
                     uint32_t want);

/* The commands that replicate (run, load, plan, …), those that call, and both.
 * Only programs of deployments that do so name them, so that others are not
 * linked with what they need. */
struct mr_commands;
extern const struct mr_commands mr_replication, mr_calls,
    mr_replication_and_calls;

struct mr_program {
    const char *deployment, *compiler;  /* name; "mapc 0.1.0" */
    const struct mr_map *const *maps;
    uint16_t n_maps;
    const struct mr_call *const *calls;
    uint16_t n_calls;
    const struct mr_source *sources;    /* maps, tables and schemas */
    uint16_t n_sources;
    const struct mr_test *const *tests;
    uint16_t n_tests;
    const struct mr_relied *relied;     /* record types of OData services that
                                           replicated maps use */
    uint16_t n_relied;
    const struct mr_commands *commands;     /* NULL: map, about, selftest */
};

/* Returns the exit code. */
int mr_main(int argc, char **argv, const struct mr_program *program);

#endif
