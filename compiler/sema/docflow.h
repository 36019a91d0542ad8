/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A docflow is a call whose answer is a chain of documents. Its response leads
 * to records of the language's own, which are named here.
 */
#ifndef SEMA_DOCFLOW_H
#define SEMA_DOCFLOW_H

#include "sema/env.h"

/* --- docflow_schema.c --- */

/* The system `flow`: a Chain has Documents, Steps from one to the next, and
 * the document Asked for. */
const struct tsystem *docflow_system(struct env *env);

/* --- check_docflow.c --- */

/* The left end of a docflow's response: sets the map's system and path. */
const struct record *docflow_end(struct env *env, struct tmap *map);
/* What has no place in a docflow, or only there. false after reporting. */
bool docflow_parts(struct env *env, const struct call_item *c);
/* What is asked for, and what the answer gives; both halves are checked. */
void docflow_check(struct env *env, struct tcall *call);

/* The one field that the request reads, a text; NULL after reporting. */
const struct member *docflow_key(struct env *env, const struct tcall *call);

#endif
