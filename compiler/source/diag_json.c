/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics for editors and other programs: one JSON array. */
#include <jansson.h>

#include "source/diag_list.h"

static json_t *
text(const char *s)
{
    json_t *j = json_string(s);

    return j != NULL ? j : json_string("(not UTF-8)");
}

/* Adds file, line and column; the end is where the span ends. */
static void
put_place(json_t *o, const struct sources *ss, struct span at)
{
    struct place from = source_place(ss, at), to;

    if (from.line == 0)
        return;
    at.from = at.to;
    to = source_place(ss, at);
    json_object_set_new(o, "file", text(from.file));
    json_object_set_new(o, "line", json_integer(from.line));
    json_object_set_new(o, "column", json_integer(from.column));
    json_object_set_new(o, "endLine", json_integer(to.line));
    json_object_set_new(o, "endColumn", json_integer(to.column));
}

static json_t *
one(const struct sources *ss, const struct diag *d)
{
    json_t *o = json_object(), *labels = json_array(), *notes = json_array();

    json_object_set_new(o, "code", text(diag_number(d->code)));
    json_object_set_new(o, "severity",
                        text(severity_name(diag_severity(d->code))));
    json_object_set_new(o, "message", text(d->message));
    put_place(o, ss, d->at);
    if (d->here != NULL)
        json_object_set_new(o, "label", text(d->here));
    for (size_t i = 0; i < d->labels.n; i++) {
        json_t *l = json_object();
        json_object_set_new(l, "message", text(d->labels.at[i].words));
        put_place(l, ss, d->labels.at[i].at);
        json_array_append_new(labels, l);
    }
    for (size_t i = 0; i < d->notes.n; i++) {
        json_t *n = json_object();
        json_object_set_new(n, "kind",
                            text(diag_note_word(d->notes.at[i].kind)));
        json_object_set_new(n, "message", text(d->notes.at[i].words));
        json_array_append_new(notes, n);
    }
    json_object_set_new(o, "labels", labels);
    json_object_set_new(o, "notes", notes);
    return o;
}

void
diags_print_json(const struct diags *ds, const struct sources *ss, FILE *out)
{
    struct arena *scratch = arena_new();
    diag_vec all = diags_sorted(scratch, ds);
    json_t *array = json_array();

    for (size_t i = 0; i < all.n; i++)
        json_array_append_new(array, one(ss, all.at[i]));
    json_dumpf(array, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(array);
    arena_free(scratch);
}
