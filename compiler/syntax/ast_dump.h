/* SPDX-License-Identifier: Apache-2.0 */
/* The parse tree as text, for `mapc dump ast` and for tests. */
#ifndef SYNTAX_AST_DUMP_H
#define SYNTAX_AST_DUMP_H

#include "base/buf.h"
#include "syntax/ast.h"

/* One line for each node, its parts two blanks further in; expressions as
 * (op a b). Says all that the tree says except places. */
void ast_dump(struct buf *b, const struct file *f);

#endif
