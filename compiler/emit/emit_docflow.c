/* SPDX-License-Identifier: Apache-2.0 */
/* Docflows: where an answer has documents, and steps from one to the next. */
#include "emit/parts.h"

static void
emit_types(struct cwriter *w, const struct pcall *c)
{
    const struct pdocflow *d = c->docflow;

    if (d->types.n == 0)
        return;
    cw_open(w, "static const char *const %s_types[] =", c->c_name);
    for (size_t i = 0; i < d->types.n; i++)
        cw_line(w, "%s,", cw_quote(w->out.arena, d->types.at[i]));
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_list(struct cwriter *w, const struct pdocflow *d, const char *name,
          const struct pdocflow_list *l)
{
    cw_open(w, ".%s =", name);
    if (l->place == NULL) {
        cw_line(w, ".at = MR_NO_FIELD,");
    } else {
        cw_field_offset(w, "at", d->chain->c_name, l->place);
        if (!l->one)
            cw_line(w, ".size = sizeof(struct %s),", l->row->c_name);
    }
    for (size_t i = 0; i < PDOCFLOW_FIELDS; i++) {
        const char *field = arena_printf(w->out.arena, "fields[%zu]", i);

        if (l->fields[i] == NULL)
            cw_line(w, ".%s = MR_NO_FIELD,", field);
        else
            cw_field_offset(w, field, l->row->c_name, l->fields[i]);
    }
    cw_close(w, ",");
}

void
emit_docflow(struct cwriter *w, const struct pcall *c)
{
    const struct pdocflow *d = c->docflow;

    emit_types(w, c);
    cw_open(w, "static const struct mr_docflow docflow_%s =", c->c_name);
    cw_field_string(w, "key", d->key);
    if (d->again)
        cw_line(w, ".again = true,");
    if (d->types.n > 0) {
        cw_line(w, ".types = %s_types,", c->c_name);
        cw_line(w, ".n_types = %zu,", d->types.n);
    }
    emit_list(w, d, "asked", &d->asked);
    emit_list(w, d, "documents", &d->documents);
    emit_list(w, d, "steps", &d->steps);
    cw_close(w, ";");
    cw_blank(w);
}
