/* SPDX-License-Identifier: Apache-2.0 */
/* What the program relies on of its services: the tables of mr/facts.h. */
#include "emit/parts.h"

static void
emit_uses(struct cwriter *w, const struct pfact *f, size_t record, size_t fact)
{
    cw_open(w, "static const struct mr_fact_use uses_%zu_%zu[] =", record,
            fact);
    for (size_t i = 0; i < f->uses.n; i++) {
        const struct pfact_use *u = &f->uses.at[i];

        cw_open(w, "%s", "");
        cw_field_string(w, "at", u->place);
        cw_field_string(w, "rule", u->text);
        if (u->read)
            cw_line(w, ".read = true,");
        if (u->written)
            cw_line(w, ".written = true,");
        if (u->codes != NULL) {
            cw_line(w, ".codes = &%s,", u->codes->c_name);
            cw_line(w, ".side = %d,", u->side);
        }
        cw_close(w, ",");
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_fact(struct cwriter *w, const struct pfact *f, size_t record, size_t fact)
{
    cw_open(w, "%s", "");
    cw_field_string(w, "name", f->name);
    cw_field_string(w, "type", f->declared);
    if (f->max_chars > 0)
        cw_line(w, ".max_chars = %u,", (unsigned)f->max_chars);
    if (f->precision > 0) {
        cw_line(w, ".precision = %u,", (unsigned)f->precision);
        cw_line(w, ".scale = %u,", (unsigned)f->scale);
    }
    if (f->key)
        cw_line(w, ".key = true,");
    if (f->nullable)
        cw_line(w, ".nullable = true,");
    if (f->creatable)
        cw_line(w, ".creatable = true,");
    if (f->updatable)
        cw_line(w, ".updatable = true,");
    cw_field_string(w, "code_list", f->code_list);
    cw_line(w, ".uses = uses_%zu_%zu,", record, fact);
    cw_line(w, ".n_uses = %zu,", f->uses.n);
    cw_close(w, ",");
}

static void
emit_facts_of(struct cwriter *w, const struct prelied *r, size_t record)
{
    struct arena *a = w->out.arena;

    for (size_t i = 0; i < r->facts.n; i++)
        emit_uses(w, r->facts.at[i], record, i);
    if (r->facts.n > 0) {
        cw_open(w, "static const struct mr_fact facts_%zu[] =", record);
        for (size_t i = 0; i < r->facts.n; i++)
            emit_fact(w, r->facts.at[i], record, i);
        cw_close(w, ";");
        cw_blank(w);
    }
    cw_open(w, "static const char *const required_%zu[] =", record);
    for (size_t i = 0; i < r->required.n; i++)
        cw_line(w, "%s,", cw_quote(a, r->required.at[i]));
    cw_line(w, "NULL,");
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_relied(struct cwriter *w, const struct prelied *r, size_t record)
{
    cw_open(w, "%s", "");
    cw_field_string(w, "system", r->system);
    cw_field_string(w, "type", r->type);
    cw_field_string(w, "set", r->set);
    cw_field_string(w, "at", r->place);
    cw_field_string(w, "rule", r->text);
    if (r->created)
        cw_line(w, ".created = true,");
    if (r->updated)
        cw_line(w, ".updated = true,");
    if (r->uncreatable)
        cw_line(w, ".uncreatable = true,");
    if (r->unupdatable)
        cw_line(w, ".unupdatable = true,");
    if (r->facts.n > 0) {
        cw_line(w, ".facts = facts_%zu,", record);
        cw_line(w, ".n_facts = %zu,", r->facts.n);
    }
    cw_line(w, ".required = required_%zu,", record);
    cw_close(w, ",");
}

void
emit_facts(struct cwriter *w, const struct plan *plan)
{
    if (plan->relied.n == 0)
        return;
    for (size_t i = 0; i < plan->relied.n; i++)
        emit_facts_of(w, plan->relied.at[i], i);
    cw_open(w, "static const struct mr_relied relied[] =");
    for (size_t i = 0; i < plan->relied.n; i++)
        emit_relied(w, plan->relied.at[i], i);
    cw_close(w, ";");
    cw_blank(w);
}
