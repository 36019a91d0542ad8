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

#endif
