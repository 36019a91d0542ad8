/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: their two maps and what an answer says beside its fields, as tables. */
#include "emit/parts.h"

static void
emit_offset(struct cwriter *w, const char *field, const struct pshape *shape,
            const char *member)
{
    if (member == NULL)
        cw_line(w, ".%s = MR_NO_FIELD,", field);
    else
        cw_field_offset(w, field, shape->c_name, member);
}

static void
emit_messages(struct cwriter *w, const struct pcall *c)
{
    if (c->messages.n == 0)
        return;
    cw_open(w, "static const struct mr_call_messages %s_messages[] =",
            c->c_name);
    for (size_t i = 0; i < c->messages.n; i++) {
        const struct pmessages *m = &c->messages.at[i];

        cw_open(w, "%s", "");
        cw_field_offset(w, "at", c->answer->c_name, m->place);
        if (m->many)
            cw_line(w, ".size = sizeof(struct %s),", m->shape->c_name);
        emit_offset(w, "severity", m->shape, m->severity);
        emit_offset(w, "text", m->shape, m->text);
        emit_offset(w, "number", m->shape, m->number);
        emit_offset(w, "item", m->shape, m->item);
        if (m->severities != NULL)
            cw_line(w, ".severities = &%s,", m->severities->c_name);
        if (m->item_in >= 0)
            cw_line(w, ".item_in = &%s_lists[%d],", c->c_name, m->item_in);
        cw_close(w, ",");
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_lists(struct cwriter *w, const struct pcall *c)
{
    if (c->lists.n == 0)
        return;
    cw_open(w, "static const struct mr_call_list %s_lists[] =", c->c_name);
    for (size_t i = 0; i < c->lists.n; i++) {
        const struct pcall_list *l = &c->lists.at[i];
        static const char *const words[2] = { "asked", "answered" };

        cw_open(w, "%s", "");
        cw_field_string(w, "name", l->name);
        for (int half = l->asked ? 0 : 1; half < 2; half++) {
            const char *key = arena_printf(w->out.arena, "%s_key",
                                           words[half]);

            cw_field_offset(w, words[half], l->root[half]->c_name,
                            l->place[half]);
            cw_line(w, ".%s_size = sizeof(struct %s),", words[half],
                    l->row[half]->c_name);
            cw_field_offset(w, key, l->row[half]->c_name, l->key[half]);
        }
        cw_close(w, ",");
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_params(struct cwriter *w, const struct pcall *c)
{
    struct arena *a = w->out.arena;

    if (c->params.n == 0)
        return;
    cw_open(w, "static const struct mr_call_param %s_params[] =", c->c_name);
    for (size_t i = 0; i < c->params.n; i++) {
        const struct pcall_param *p = &c->params.at[i];

        cw_row(w);
        cw_row_add(w, ".name = %s", cw_quote(a, p->name));
        if (p->path)
            cw_row_add(w, ".in_path = true");
        cw_row_add(w, ".wire = %s", p->wire);
        cw_row_add(w, ".field = offsetof(struct %s, %s)", c->asked->c_name,
                   p->field);
        cw_row_add(w, ".before = %s", cw_quote(a, p->before));
        cw_row_add(w, ".after = %s", cw_quote(a, p->after));
        cw_row_end(w);
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_way(struct cwriter *w, const struct pcall *c)
{
    if (c->method == NULL) {
        cw_field_string(w, "action", c->action);
        return;
    }
    cw_line(w, ".way = %s,", c->way);
    cw_field_string(w, "method", c->method);
    cw_field_string(w, "path", c->path);
    if (c->bodiless)
        cw_line(w, ".bodiless = true,");
    if (c->params.n > 0) {
        cw_line(w, ".params = %s_params,", c->c_name);
        cw_line(w, ".n_params = %zu,", c->params.n);
    }
}

static void
emit_once(struct cwriter *w, const struct pcall *c)
{
    struct arena *a = w->out.arena;

    if (!c->once)
        return;
    cw_open(w, "static const struct mr_call_key %s_keys[] =", c->c_name);
    for (size_t i = 0; i < c->once_keys.n; i++) {
        const struct pcall_key *k = &c->once_keys.at[i];

        cw_row(w);
        cw_row_add(w, ".name = %s", cw_quote(a, k->name));
        cw_row_add(w, ".field = offsetof(struct %s, %s)", c->once_from->c_name,
                   k->field);
        cw_row_end(w);
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_call(struct cwriter *w, const struct pcall *c)
{
    emit_once(w, c);
    emit_params(w, c);
    emit_lists(w, c);
    emit_messages(w, c);
    if (c->docflow != NULL)
        emit_docflow(w, c);
    if (c->document != NULL)
        emit_document(w, c);
    if (c->attachment != NULL)
        emit_attachment(w, c);
    cw_comment(w, "%s  call %s", c->at, c->name);
    cw_open(w, "static const struct mr_call call_%s =", c->c_name);
    cw_field_string(w, "name", c->name);
    cw_field_string(w, "at", c->at);
    cw_field_string(w, "from", c->systems[PLAN_LEFT]);
    cw_field_string(w, "to", c->systems[PLAN_RIGHT]);
    cw_field_string(w, "operation", c->operation);
    emit_way(w, c);
    cw_line(w, ".within = %u,", (unsigned)c->within);
    if (c->no_effect)
        cw_line(w, ".no_effect = true,");
    if (c->once) {
        cw_line(w, ".keys = %s_keys,", c->c_name);
        cw_line(w, ".n_keys = %zu,", c->once_keys.n);
        cw_line(w, ".find = %zu,", c->once_find);
    }
    if (c->cache > 0)
        cw_line(w, ".cache = %u,", (unsigned)c->cache);
    if (c->last_known)
        cw_line(w, ".last_known = true,");
    cw_line(w, ".request = &map_%s,", c->request->c_name);
    cw_line(w, ".response = &map_%s,", c->response->c_name);
    if (c->messages.n > 0) {
        cw_line(w, ".messages = %s_messages,", c->c_name);
        cw_line(w, ".n_messages = %zu,", c->messages.n);
    }
    if (c->lists.n > 0) {
        cw_line(w, ".lists = %s_lists,", c->c_name);
        cw_line(w, ".n_lists = %zu,", c->lists.n);
    }
    if (c->docflow != NULL)
        cw_line(w, ".docflow = &docflow_%s,", c->c_name);
    if (c->document != NULL)
        cw_line(w, ".document = &document_%s,", c->c_name);
    if (c->attachment != NULL)
        cw_line(w, ".attachment = &attachment_%s,", c->c_name);
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_calls(struct cwriter *w, const struct plan *plan)
{
    if (plan->calls.n == 0)
        return;
    for (size_t i = 0; i < plan->calls.n; i++)
        emit_call(w, plan->calls.at[i]);
    cw_open(w, "static const struct mr_call *const calls[] =");
    for (size_t i = 0; i < plan->calls.n; i++)
        cw_line(w, "&call_%s,", plan->calls.at[i]->c_name);
    cw_close(w, ";");
    cw_blank(w);
}
