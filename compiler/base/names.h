/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interned names: the same text is the same pointer, so names are compared
 * with ==. Also a map from interned names to pointers, and the distance
 * between two names for 'did you mean'.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stddef.h>

#include "base/arena.h"

struct names;

/* Lives in the arena. */
struct names *names_new(struct arena *a);

/* The one copy of this text, ended with NUL. The text holds no NUL. */
const char *intern(struct names *ns, const char *p, size_t n);
const char *intern_text(struct names *ns, const char *s);

/* A map keyed by interned names; all zero is empty. */
struct table {
    struct table_slot *slots;
    size_t n, room;
};

/* NULL where the key is not there. */
void *table_find(const struct table *t, const char *key);
/* Adds or replaces; returns what was there before, or NULL. */
void *table_put(struct arena *a, struct table *t, const char *key, void *item);

/* Edits (insert, delete, replace, swap of neighbours; case counts less than an
 * edit) between two names, in tenths; at most `limit` + 1. */
int name_distance(const char *a, const char *b, int limit);

#endif
