/* SPDX-License-Identifier: Apache-2.0 */
/* Source text to parse tree. Implemented in grammar/map.y. */
#ifndef SYNTAX_PARSE_H
#define SYNTAX_PARSE_H

#include "base/names.h"
#include "source/diag.h"
#include "syntax/ast.h"

/* Never NULL: what could be understood, after every error was reported. */
struct file *parse_source(struct arena *a, struct names *ns, struct diags *ds,
                          const struct source *src);

#endif
