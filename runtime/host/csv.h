/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values as RFC 4180 has them, a row at a time. */
#ifndef HOST_CSV_H
#define HOST_CSV_H

#include <stdbool.h>
#include <stdio.h>

struct csv {
    const char *p;              /* the whole text; set by the caller */
    size_t n;
    size_t at;
    size_t line, row;           /* of the row that was given, from 1 */
    size_t lines;               /* taken so far */
    const char *wrong;          /* what is wrong with it, or NULL */
    char *text;                 /* its fields */
    size_t room;
};

/* The next row that is not empty; fields are ended with NUL and good until the
 * next call. *n may be more than room: the others are not given. With `wrong`
 * set it is the last one. false: the end. */
bool csv_next(struct csv *c, char **fields, size_t room, size_t *n);
void csv_done(struct csv *c);

/* A field and what follows it; quoted where it has to be. Bytes 0x1f come out
 * as "|". */
void csv_put(FILE *out, const char *text, char after);

#endif
