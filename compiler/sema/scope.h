/* SPDX-License-Identifier: Apache-2.0 */
/* What names mean at one place, and expressions checked there. */
#ifndef SEMA_SCOPE_H
#define SEMA_SCOPE_H

#include "sema/env.h"

enum { PARAMS_MAX = 8 };

struct scope {
    struct env *env;
    const struct tmap *map;             /* NULL inside a function */
    const struct tlevel *level;
    const struct tfunction *function;   /* NULL in a map */
    const struct type *param_types;     /* of this use of the function */
};

/* --- resolve.c --- */

/* What the last step of a path has to be. */
enum path_want { WANT_VALUE, WANT_LIST, WANT_ANY };

/* The path, or NULL after reporting why not. */
struct tpath *resolve_path(struct scope *sc, const struct expr *e,
                           enum path_want want);
const struct member *resolve_member(struct env *env, const char *where,
                                    const struct record *record,
                                    const struct tsystem *system,
                                    struct name name);

/* --- check_expr.c --- */

/* Never NULL; of type TYPE_ERROR after reporting. */
struct texpr *check_expr(struct scope *sc, const struct expr *e);
/* The same, and it has to be a condition. */
struct texpr *check_condition(struct scope *sc, const struct expr *e);

struct texpr *texpr_new(struct env *env, enum texpr_kind kind, struct span at);
struct texpr *texpr_call(struct env *env, struct span at, const char *function,
                         bool cx, enum type_kind result);
void texpr_arg(struct env *env, struct texpr *call, const struct texpr *arg);

/* Does the path's side, or any path below e, lie on this side? */
bool expr_reads(const struct texpr *e, enum side side);

/* --- check_call.c --- */

struct texpr *check_call(struct scope *sc, const struct expr *e);

/* The arguments of a native, checked against its parameters; for `use`. The
 * result is complete: left out ones are filled in. false after an error. */
struct native_args {
    targ_vec args;
    struct native_arg uses[NATIVE_PARAMS];
    why_set failures;
};
bool check_native_args(struct scope *sc, const struct native *n,
                       struct name name, const expr_vec *written,
                       size_t first, struct native_args *out);

/* A function's or convert's body for these argument types: the type and the
 * failures of the result. */
struct texpr *function_instance(struct env *env, struct declared_function *f,
                                bool backward, const struct type *args);
struct declared_function *find_function(struct env *env, struct name name,
                                        const char *what);

/* --- types.c --- */

bool type_same_kind(const struct type *a, const struct type *b);
struct type type_of_kind(enum type_kind kind);
struct type type_of_text(struct env *env, const char *text);
/* Either of the two. TYPE_ERROR where their kinds differ. */
struct type type_either(struct env *env, const struct type *a,
                        const struct type *b);
/* TYPE_ERROR and false where there is no such type. */
bool type_by_name(const char *name, enum type_kind *kind);
/* Constant text in the canonical form of this type, or NULL where it is none.
 * Text stays as it is; a date where a date with time belongs is its midnight. */
const char *canonical_constant(struct env *env, const struct type *type,
                               const char *text);
size_t count_chars(const char *text);

/* What can go wrong when values of `from` are stored in `to`. WHY(NONE) alone:
 * kinds that do not go together. */
why_set type_misfit(const struct type *from, const struct type *to);

#endif
