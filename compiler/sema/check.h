/* SPDX-License-Identifier: Apache-2.0 */
/* From files to a checked program. */
#ifndef SEMA_CHECK_H
#define SEMA_CHECK_H

#include "sema/typed.h"

/* For a program as it was, or would be, with another version of a package. */
struct check_swap {
    const char *away, *here;        /* a file at or below `away` is read at or
                                       below `here` */
    enum layer_rank below;          /* layers of this rank and above are not
                                       applied */
    bool used;                      /* set: some file is of `here` */
};

struct check_input {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    struct sources *sources;
    const char *const *folders;     /* where scenarios are looked up, ended by
                                       NULL: erp.master_data is the file
                                       erp/master_data.map below one of them */
    struct check_swap *swap;        /* or NULL */
};

/* Loads the .map file, what it uses, tables and schemas; checks everything.
 * Never NULL; usable by plan only when no error was reported. */
struct tprogram *check_program(const struct check_input *in, const char *path);

#endif
