/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a new version of a package changes below a layer: what is inherited,
 * what the package changed, and where the layer has its own word on it.
 */
#ifndef DRIVER_UPGRADE_H
#define DRIVER_UPGRADE_H

#include "driver/session.h"

enum upgrade_kind {
    UPGRADE_OVERRIDDEN,     /* the package changed what the layer changes */
    UPGRADE_BOTH_ADDED,     /* both have something for one field now */
    UPGRADE_SOURCE_GONE,    /* what the layer changes is there no more */
    UPGRADE_SAME_NOW,       /* the layer's word is the package's now */
    UPGRADE_OWN_SCHEMA,     /* the layer names a schema of its own */
    /* From here on there is nothing to decide. */
    UPGRADE_CHANGED, UPGRADE_NEW, UPGRADE_GONE,
    UPGRADE_KINDS
};

struct upgrade_line {
    enum upgrade_kind kind;
    const char *in;             /* "Account, each cloud.Contacts" */
    const char *was, *is, *own; /* NULL: nothing */
    struct span was_at, is_at, own_at;
};

struct upgrade {
    VEC(struct upgrade_line) lines;
    size_t inherited;           /* lines and rows that are as they were */
    size_t own;                 /* changes of the layer that stay as they are */
};

/* A program at one version of the package. */
struct upgrade_side {
    const struct tprogram *below;   /* without the layer */
    const struct tprogram *all;
    struct diags *diags;            /* of `all` */
};

struct upgrade *upgrade_compare(struct session *s,
                                const struct upgrade_side *was,
                                const struct upgrade_side *is,
                                enum layer_rank rank);
size_t upgrade_to_decide(const struct upgrade *u);

/* --- upgrade_lines.c --- */

/* Where a line stands: the map itself, or lists in it. */
struct upgrade_level {
    const struct upgrade_level *outer;
    const char *map;
    const char *text;           /* as `in` above */
    struct expr *left, *right;  /* of the list; NULL: the map itself */
};

struct upgrade_part {
    const struct upgrade_level *level;
    const struct map_item *item;    /* NULL: a layer's remove or tighten */
    const struct change *change;    /* NULL: a line of a map */
    const char *text;
    const char *word;               /* before the text; or NULL */
    struct span at;
    bool done;
};
typedef VEC(struct upgrade_part) upgrade_parts;

/* All lines of all maps; groups and lists with what is in them. */
upgrade_parts upgrade_lines_of(struct arena *a, const struct tprogram *p);
/* What layers of this rank change of maps. */
upgrade_parts upgrade_changes_of(struct arena *a, const struct tprogram *p,
                                 enum layer_rank rank);
/* Both speak of one field, list or clause. */
bool upgrade_meets(struct arena *a, const struct upgrade_part *x,
                   const struct upgrade_part *y);
bool upgrade_same_level(const struct upgrade_level *x,
                        const struct upgrade_level *y);

/* --- upgrade_codes.c, upgrade_rest.c --- */

void upgrade_add(struct session *s, struct upgrade *u, enum upgrade_kind kind,
                 const char *in, const struct upgrade_part *was,
                 const struct upgrade_part *is,
                 const struct upgrade_part *own);
void upgrade_codes(struct session *s, struct upgrade *u,
                   const struct upgrade_side *was,
                   const struct upgrade_side *is, enum layer_rank rank);
/* Schemas, functions, calls, replication. */
void upgrade_rest(struct session *s, struct upgrade *u,
                  const struct upgrade_side *was,
                  const struct upgrade_side *is, enum layer_rank rank);

/* --- upgrade_say.c --- */

struct replay;                  /* replay.h */

void upgrade_print(struct session *s, const struct upgrade *u, bool all,
                   FILE *out);
/* `replay`: or NULL. */
void upgrade_print_json(struct session *s, const struct upgrade *u,
                        const struct replay *replay, FILE *out);
void replay_print(struct session *s, const struct replay *r, FILE *out);

#endif
