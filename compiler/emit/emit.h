/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as C text: a header and a source file for each map, one for its
 * tests, one each for code tables and functions, and the program itself. */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "plan/plan.h"

struct emitted {
    const char *name;           /* "account.c"; no folder */
    const char *text;
    size_t n;
};

struct emitted_files {
    VEC(struct emitted) files;  /* sorted by name */
};

/* `version` names the compiler: "mapc 0.1.0". */
void emit_program(struct arena *a, const struct plan *plan,
                  const char *version, struct emitted_files *out);

#endif
