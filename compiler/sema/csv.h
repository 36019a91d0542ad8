/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comma-separated values as RFC 4180 has them: quoted fields, doubled quotes,
 * LF or CRLF; UTF-8. Empty lines are skipped.
 */
#ifndef SEMA_CSV_H
#define SEMA_CSV_H

#include "base/vec.h"
#include "source/diag.h"

struct csv_row {
    struct span at;
    VEC(const char *) cells;
};

typedef VEC(struct csv_row) csv_rows;

/* Reports what breaks the form; returns the rows before that. */
csv_rows csv_read(struct arena *a, struct diags *ds, const struct source *src);

#endif
