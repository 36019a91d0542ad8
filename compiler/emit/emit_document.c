/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and attachments: where their bytes are, what they may be. */
#include "emit/parts.h"

static void
emit_texts(struct cwriter *w, const char *c_name, const char *what,
           const char *const *at, size_t n)
{
    if (n == 0)
        return;
    cw_open(w, "static const char *const %s_%s[] =", c_name, what);
    for (size_t i = 0; i < n; i++)
        cw_line(w, "%s,", cw_quote(w->out.arena, at[i]));
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_document(struct cwriter *w, const struct pcall *c)
{
    const struct pdocument *d = c->document;

    emit_texts(w, c->c_name, "types", d->types.at, d->types.n);
    emit_texts(w, c->c_name, "path", d->path.at, d->path.n);
    cw_open(w, "static const struct mr_document document_%s =", c->c_name);
    cw_field_string(w, "key", d->key);
    if (d->types.n > 0) {
        cw_line(w, ".types = %s_types,", c->c_name);
        cw_line(w, ".n_types = %zu,", d->types.n);
    }
    cw_line(w, ".most = %llu,", (unsigned long long)d->most);
    if (d->path.n > 0) {
        cw_line(w, ".path = %s_path,", c->c_name);
        cw_line(w, ".n_path = %zu,", d->path.n);
    }
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_attachment(struct cwriter *w, const struct pcall *c)
{
    const struct pattachment *a = c->attachment;

    emit_texts(w, c->c_name, "types", a->types.at, a->types.n);
    cw_open(w, "static const struct mr_attachment attachment_%s =", c->c_name);
    cw_field_string(w, "set", a->set);
    cw_field_string(w, "before", a->before);
    cw_field_string(w, "after", a->after);
    cw_field_string(w, "bytes", a->bytes);
    cw_field_string(w, "select", a->select);
    cw_field_string(w, "content", a->content);
    cw_open(w, ".limits =");
    if (a->types.n > 0) {
        cw_line(w, ".types = %s_types,", c->c_name);
        cw_line(w, ".n_types = %zu,", a->types.n);
    }
    cw_line(w, ".most = %llu,", (unsigned long long)a->most);
    cw_close(w, ",");
    cw_close(w, ";");
    cw_blank(w);
}
