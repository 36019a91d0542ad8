/* SPDX-License-Identifier: Apache-2.0 */
/* The .map files of the standard library, made part of mapc by
 * tools/embed.sh. */
#ifndef SEMA_STDLIB_H
#define SEMA_STDLIB_H

#include <stddef.h>

struct stdlib_file {
    const char *name;           /* "text.map"; NULL behind the last one */
    const char *text;           /* ended with NUL */
    size_t n;                   /* bytes, the NUL not counted */
};

extern const struct stdlib_file stdlib_files[];

#endif
