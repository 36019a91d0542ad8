/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed growable arrays in an arena: `VEC(struct rule *) rules;` declares one
 * (all zero is empty), `vec_push(arena, &rules, r)` adds, `rules.at[i]` and
 * `rules.n` read.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

#define VEC(type)                                                             \
    struct {                                                                  \
        type *at;                                                             \
        size_t n, room;                                                       \
    }

/* The array with room for one more; used by vec_push only. */
void *vec_grow(struct arena *a, void *at, size_t n, size_t *room, size_t size);

#define vec_push(arena, v, item)                                              \
    ((v)->at = (v)->n == (v)->room                                            \
         ? vec_grow((arena), (v)->at, (v)->n, &(v)->room, sizeof *(v)->at)    \
         : (v)->at,                                                           \
     (void)((v)->at[(v)->n++] = (item)))

#endif
