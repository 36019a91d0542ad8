/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file in its canonical form: two blanks a level, the columns of the rules
 * of a block aligned, one empty line at most, each remark with its rule. The
 * tree it reads back to is the same, and formatting again changes nothing.
 */
#ifndef SYNTAX_FMT_H
#define SYNTAX_FMT_H

#include "syntax/ast.h"

/* The file must have been parsed without errors. */
char *fmt_file(struct arena *a, const struct file *f, size_t *n);

#endif
