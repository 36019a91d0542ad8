/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files on layers share. A file is of the package, of a partner or
 * of a customer; what a layer changes becomes part of the map before it is
 * checked, so a resolved map is checked as if it had been written so.
 */
#ifndef SEMA_LAYERS_H
#define SEMA_LAYERS_H

#include "sema/env.h"

/* A changed thing, to find two layers of one rank that speak of the same. */
struct subject {
    enum item_kind kind;        /* ITEM_RULE: what `paths` names */
    expr_vec paths;             /* fields and lists */
    const char *from;           /* ITEM_DELETE: the system it comes from */
    bool when;                  /* a rule that is not always there, */
    bool replaces;              /* beside others; not where it replaces them */
};

struct touched {
    const void *level;          /* the map or list that was changed */
    struct subject subject;
    enum layer_rank rank;
    struct span at;
};

struct layering {
    struct env *env;
    enum layer_rank rank;               /* of the layer at work */
    const char *map;                    /* the map that it extends */
    unsigned depth;                     /* of lists in it */
    VEC(struct touched) touched;
};

const char *layer_name(enum layer_rank rank);

/* The final mark, as a finding; `what` is in the way of the change at `at`. */
void layer_final(struct env *env, struct span at, struct span final,
                 const char *what);
/* Two of one rank. */
void layer_clash(struct env *env, enum layer_rank rank, struct span at,
                 struct span first);

/* --- layers_subject.c --- */
/* Both are fields or lists, written the same way. */
bool path_same(const struct expr *a, const struct expr *b);
struct subject subject_of_item(struct arena *a, const struct map_item *i);
struct subject subject_of_path(struct arena *a, struct expr *path);
/* Whether both speak of the same; two rules with `when` do not. */
bool subject_meets(const struct subject *a, const struct subject *b);

/* --- layers_map.c --- */
struct map *layer_copy(struct env *env, const struct map *map);
void layer_change_map(struct layering *l, struct map *map,
                      const struct extend_item *extend);

/* --- layers_codes.c --- */
void layer_change_codes(struct env *env, struct tcodes *t,
                        const struct extend_item *extend,
                        enum layer_rank rank);
/* Both say what becomes of one value. */
bool layer_rows_meet(const struct tcode *a, const struct tcode *b);
bool layer_rows_equal(const struct tcode *a, const struct tcode *b);

#endif
