/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of the tree as source text, on one line, in their canonical form:
 * what the formatter prints and what messages and listings quote.
 */
#ifndef SYNTAX_WRITE_H
#define SYNTAX_WRITE_H

#include "base/buf.h"
#include "syntax/ast.h"

/* A text with its quotes and escapes. */
void write_text(struct buf *b, const char *text);
/* A label or a step: bare where it can be, else as a text. */
void write_label(struct buf *b, const char *text);
void write_expr(struct buf *b, const struct expr *e);
/* The same, in brackets where an `else` behind it would be taken for one of
 * its own. */
void write_guarded(struct buf *b, const struct expr *e, bool guard);
void write_exprs(struct buf *b, const struct expr *const *at, size_t n);
void write_chain(struct buf *b, const struct conv *at, size_t n);
/* `owner cloud`, `newest by …`; `word`: with `owner` before every policy. */
void write_policy(struct buf *b, const struct policy *po, bool word);
void write_fate(struct buf *b, const struct fate *f);
/* when, owner, personal, remember, else: in this order. */
void write_modifiers(struct buf *b, const struct rule *r, bool guard);
const char *arrow_text(enum arrow a);
/* The word that a call begins with. */
const char *call_word(enum call_kind kind);

#endif
