/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of one command: flags from a table, everything else is a file. */
#ifndef DRIVER_OPTIONS_H
#define DRIVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST };

typedef VEC(const char *) text_vec;

struct option {
    const char *name;           /* "--format" */
    const char *letter;         /* "-f", or NULL */
    enum option_kind kind;
    const char *value_name;     /* "DIR" for the help, or NULL */
    const char *help;
    bool *flag;                 /* where it goes, by kind */
    const char **value;
    text_vec *list;
};

/* Fills what the options point to; the rest goes to `files`. false after
 * printing what is wrong (with a suggestion) to standard error. `--` ends the
 * options. */
bool options_parse(struct arena *a, const char *command, int argc, char **argv,
                   const struct option *options, size_t n, text_vec *files);

/* One line an option, aligned, on standard output. */
void options_help(const struct option *options, size_t n);

#endif
