/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document is a call whose answer is a stream of bytes: a PDF, say. It is
 * asked for with one value, as a docflow is.
 */
#ifndef SEMA_DOCUMENT_H
#define SEMA_DOCUMENT_H

#include "sema/env.h"

/* What has no place in a document, or only there. false after reporting. */
bool document_parts(struct env *env, const struct call_item *c);
/* How the bytes of an entity are read; NULL after reporting. */
const struct operation *document_operation(struct env *env,
                                           const struct call_item *c,
                                           const struct tsystem *s);
/* What is asked for, and where the bytes stand; both halves are checked. */
void document_check(struct env *env, struct tcall *call);

/* The content of a call of either kind: its types, its size. */
void document_limits(struct env *env, const struct call_item *c,
                     text_list *types, uint64_t *most);
/* "/Binary/$value" of this record, "/$value" of the record itself; NULL after
 * reporting. */
const char *document_bytes(struct env *env, const struct expr *e,
                           const struct tsystem *s, const struct record *r);
/* Reports what has no place in it, or lacks one; false. */
bool misplaced(struct env *env, struct span at, const char *what,
               const char *help);

/* --- check_attachment.c --- */

/* The same three of an attachment: bytes of a record on the left go along with
 * one that is made on the right. */
bool attachment_parts(struct env *env, const struct call_item *c);
const struct operation *attachment_operation(struct env *env,
                                             const struct call_item *c,
                                             const struct tsystem *s);
void attachment_check(struct env *env, struct tcall *call);

#endif
