/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and levels while a map is checked. */
#ifndef SEMA_RULES_H
#define SEMA_RULES_H

#include "sema/chain.h"

/* --- check_rule.c --- */

/* The rule, added to its level; broken ones are reported and left out. A key
 * or match rule goes the ways that its level goes; another rule may not go a
 * way that its level does not. */
struct trule *check_rule(struct scope *sc, struct tlevel *level,
                         const struct rule *rule, const struct tgroup *group,
                         bool key);
/* Did the two ends of this arrow change places? True after reporting. */
bool sides_swapped(struct scope *sc, const struct expr *left, enum arrow arrow,
                   const struct expr *right);
/* owner, newest, … of a rule, a group or a map. The field of `newest by`, or
 * NULL where there is none. */
const struct tpath *check_policy(struct scope *sc,
                                 const struct policy *policy);
struct tfate check_fate(struct scope *sc, const struct fate *fate);

/* --- fit.c --- */

/* Does what arrives fit the field? Reports, and adds what may go wrong. False
 * where it is of another kind. */
bool check_fit(struct flow *f, const struct tpath *target,
               const struct type *value);
/* Something can fail and nothing says what happens then. */
void check_handled(struct scope *sc, const struct flow *f);

/* --- whole.c: checks over a finished map --- */

void check_whole_map(struct env *env, struct tmap *map);
/* A key for "this field of this record": the same for the same field. */
const char *field_key(struct env *env, const struct tpath *path);

/* --- whole_replicate.c: … that is replicated --- */

void check_replicated_map(struct env *env, const struct tmap *map);

/* --- check_messages.c --- */

/* `messages from …`: of the answer of a call. */
void check_messages(struct scope *sc, const struct tlevel *level,
                    const struct map_item *item);
/* Can the items be told in the caller's terms? Behind both halves. */
void check_message_items(struct env *env, const struct tcall *call);

/* --- check_calls.c --- */

/* The level of the request that goes through the same list of the caller's as
 * this one of the answer; NULL: none. */
const struct tlevel *call_asks(const struct tcall *call,
                               const struct tlevel *level);
/* Does the request go through the list on the left that this level of the
 * answer writes? */
bool call_reads_list(const struct tcall *call, const struct tlevel *level);

/* --- check_maps.c --- */

const struct tsystem *find_system(struct env *env, struct name name);
/* One end of a map: sets its system and path. NULL after reporting. */
const struct record *map_end(struct env *env, struct tmap *map, enum side side,
                             const struct expr *end);
/* What holds for all of a map (owner, else, …); then all of its rules. */
void map_clauses(struct env *env, struct tmap *map);
void map_body(struct env *env, struct tmap *map);
struct tlevel *level_new(struct env *env, struct tlevel *outer,
                         struct span at);

#endif
