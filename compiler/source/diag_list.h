/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a diagnostic, for the files that show them. */
#ifndef SOURCE_DIAG_LIST_H
#define SOURCE_DIAG_LIST_H

#include "base/vec.h"
#include "source/diag.h"

struct diag_label {
    struct span at;
    const char *words;
};

struct diag_note {
    enum diag_note_kind kind;
    const char *words;
};

struct diag {
    struct arena *arena;
    enum diag_code code;
    struct span at;
    const char *message;
    const char *here;           /* under the carets; or NULL */
    VEC(struct diag_label) labels;
    VEC(struct diag_note) notes;
    size_t order;               /* of adding, where places are equal */
};

struct diags {
    struct arena *arena;
    VEC(struct diag *) all;
    size_t errors;
};

typedef VEC(const struct diag *) diag_vec;

/* Sorted by file and place, without exact repeats. */
diag_vec diags_sorted(struct arena *a, const struct diags *ds);
const char *diag_note_word(enum diag_note_kind kind);

#endif
