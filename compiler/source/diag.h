/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Problems found in the user's files. Passes add and go on; they never print
 * and never stop. The driver stops between passes when `diags_errors` is not 0.
 */
#ifndef SOURCE_DIAG_H
#define SOURCE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "source/source.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_BUG };

/* DIAG_<name> for each row of diag.def. */
enum diag_code {
#define D(number, severity, name, title, more) DIAG_##name,
#include "source/diag.def"
#undef D
    DIAG_COUNT
};

enum diag_note_kind {
    NOTE_FACT,              /* what a schema says: "cloud.Name: text, 40" */
    NOTE_EXAMPLE,           /* a value that shows the problem */
    NOTE_HELP               /* what to do */
};

struct diag;
struct diags;

struct diags *diags_new(struct arena *a);

/* Adds one; its words are one line, without a period, in the words of a
 * consultant. The label under the source line is set with diag_label_here. */
struct diag *diag_add(struct diags *ds, enum diag_code code, struct span at,
                      const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The words under the carets of the main place. */
void diag_label_here(struct diag *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A further place with its words. */
void diag_label(struct diag *d, struct span at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct diag *d, enum diag_note_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* How many errors (and bugs) there are so far. */
size_t diags_errors(const struct diags *ds);
size_t diags_count(const struct diags *ds);

/* --- showing them (diag_text.c, diag_json.c) --- */

struct diag_style {
    bool color;
    size_t most;            /* shown at most; 0 is all */
};

/* Sorted by file and place, exact repeats dropped, then a line that counts. */
void diags_print_text(const struct diags *ds, const struct sources *ss,
                      struct diag_style style, FILE *out);
void diags_print_json(const struct diags *ds, const struct sources *ss,
                      FILE *out);

/* --- the registry --- */

const char *diag_number(enum diag_code code);       /* "M0301" */
const char *diag_title(enum diag_code code);
const char *diag_more(enum diag_code code);         /* paragraphs for explain */
enum severity diag_severity(enum diag_code code);
const char *severity_name(enum severity s);
/* DIAG_COUNT where there is no such number ("M0301", any case). */
enum diag_code diag_by_number(const char *number);

#endif
