/* SPDX-License-Identifier: Apache-2.0 */
/* From a plan to C files, and from those to a program, with $CC. */
#ifndef DRIVER_BUILD_H
#define DRIVER_BUILD_H

#include <stdio.h>

#include "plan/plan.h"

enum build_exit {
    BUILD_OK = 0,
    BUILD_USAGE = 2,            /* nothing that could be linked with was found */
    BUILD_COMPILER = 3,         /* $CC failed, or is not there */
    BUILD_UNWRITTEN = 4,        /* a file or folder could not be written */
    BUILD_INTERNAL = 70
};

struct build_options {
    const char *out;            /* the program; NULL: the deployment's name */
    const char *folder;         /* of the C files; NULL: `out`.c.d beside it
                                   when kept, else a temporary one */
    bool emit_c_only;           /* stop before the C compiler; keeps */
    bool keep;                  /* the C files stay */
    bool verbose;               /* shows the commands on stderr */
};

/* Writes what is to say to `err`; nothing where all went well. */
enum build_exit build_program(struct arena *a, const struct plan *plan,
                              const struct build_options *options, FILE *err);

#endif
