/* SPDX-License-Identifier: Apache-2.0 */
/* Records: the structs of a map, and the tables that tell the codecs where
 * their members are. */
#include "emit/parts.h"

#include <string.h>

/* --- look-ups and lists of texts --- */

void
emit_slots(struct cwriter *w, const char *c_name, const struct plookup *lookup)
{
    cw_table(w, "static const uint16_t", c_name,
             arena_printf(w->out.arena, "[%llu] =",
                          1ull << (64 - lookup->shift)));
    for (size_t i = 0; i < lookup->slots.n; i++)
        cw_item(w, "[%u] = %u", (unsigned)lookup->slots.at[i].slot,
                (unsigned)lookup->slots.at[i].key);
    cw_items_end(w);
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_lookup(struct cwriter *w, const char *field, const char *slots,
            const struct plookup *lookup)
{
    cw_open(w, ".%s =", field);
    cw_line(w, ".seed = 0x%016llx,", (unsigned long long)lookup->seed);
    cw_line(w, ".shift = %u,", lookup->shift);
    cw_line(w, ".slots = %s,", slots);
    cw_close(w, ",");
}

void
emit_values(struct cwriter *w, const char *field, const char *const *values,
            size_t n)
{
    if (n == 0)
        return;
    cw_open(w, ".%s = (const char *const[])", field);
    for (size_t i = 0; i < n; i++)
        cw_item(w, "%s", cw_quote(w->out.arena, values[i]));
    cw_item(w, "NULL");
    cw_items_end(w);
    cw_close(w, ",");
}

/* --- structs --- */

static void
emit_struct(struct cwriter *w, const struct pshape *s)
{
    cw_comment(w, "%s", s->name);
    cw_open(w, "struct %s", s->c_name);
    for (size_t i = 0; i < s->members.n; i++) {
        const struct pmember *m = s->members.at[i];

        switch (m->kind) {
        case PMEMBER_VALUE:
            cw_line(w, "struct mr_val %s;", m->c_name);
            break;
        case PMEMBER_ONE:
            cw_line(w, "struct %s %s;", m->shape->c_name, m->c_name);
            break;
        case PMEMBER_MANY:
            cw_line(w, "struct mr_rows %s; /* %s */", m->c_name,
                    m->shape->c_name);
            break;
        }
    }
    if (s->members.n == 0)
        cw_line(w, "char nothing; /* no rule reads or writes it */");
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_map_header(struct cwriter *w, const struct pmap *map)
{
    for (size_t i = 0; i < map->shapes.n; i++)
        emit_struct(w, map->shapes.at[i]);
    cw_comment(w, "The current record of each side and list.");
    cw_open(w, "struct %s_at", map->c_name);
    for (size_t i = 0; i < map->frame.n; i++)
        cw_line(w, "struct %s *%s;", map->frame.at[i].shape->c_name,
                map->frame.at[i].c_name);
    cw_close(w, ";");
    cw_blank(w);
    cw_line(w, "extern const struct mr_map map_%s;", map->c_name);
}

/* --- tables --- */

static const char *
kind_name(enum pmember_kind kind)
{
    static const char *const names[] = { "MR_VALUE", "MR_ONE", "MR_MANY" };

    return names[kind];
}

static void
emit_member(struct cwriter *w, const struct pshape *s, const struct pmember *m,
            bool texts)
{
    struct arena *a = w->out.arena;

    cw_row(w);
    cw_row_add(w, ".name = %s", cw_quote(a, m->name));
    cw_row_add(w, ".name_n = %zu", strlen(m->name));
    cw_row_add(w, ".kind = %s", kind_name(m->kind));
    if (m->kind == PMEMBER_VALUE)
        cw_row_add(w, ".wire = %s", m->wire);
    if (m->ns_index != 0)
        cw_row_add(w, ".ns = %u", m->ns_index);
    if (m->attribute)
        cw_row_add(w, ".attribute = true");
    if (m->content)
        cw_row_add(w, ".content = true");
    if (m->always && texts)
        cw_row_add(w, ".always = true");
    if (s != NULL)
        cw_row_add(w, ".offset = offsetof(struct %s, %s)", s->c_name,
                   m->c_name);
    if (m->shape != NULL)
        cw_row_add(w, ".shape = &%s_shape", m->shape->c_name);
    if (texts) {
        cw_row_add(w, ".open = %s", cw_quote(a, m->open));
        cw_row_add(w, ".close = %s", cw_quote(a, m->close));
        cw_row_add(w, ".open_n = %zu", strlen(m->open));
        cw_row_add(w, ".close_n = %zu", strlen(m->close));
    }
    cw_row_end(w);
}

static void
emit_shape(struct cwriter *w, const struct pshape *s)
{
    if (s->n_read > 0) {
        cw_table(w, "static const struct mr_member", s->c_name, "_read[] =");
        for (size_t i = 0; i < s->members.n; i++)
            if (s->members.at[i]->read)
                emit_member(w, s, s->members.at[i], false);
        cw_close(w, ";");
        cw_blank(w);
        emit_slots(w, arena_printf(w->out.arena, "%s_slots", s->c_name),
                   &s->lookup);
    }
    if (s->n_written > 0) {
        cw_table(w, "static const struct mr_member", s->c_name, "_write[] =");
        for (size_t i = 0; i < s->members.n; i++)
            if (s->members.at[i]->written)
                emit_member(w, s, s->members.at[i], true);
        cw_close(w, ";");
        cw_blank(w);
    }
    cw_table(w, "static const struct mr_shape", s->c_name, "_shape =");
    cw_field_string(w, "name", s->name);
    cw_line(w, ".size = sizeof(struct %s),", s->c_name);
    if (s->n_read > 0) {
        cw_line(w, ".n_read = %u,", (unsigned)s->n_read);
        cw_line(w, ".read = %s_read,", s->c_name);
        emit_lookup(w, "lookup",
                    arena_printf(w->out.arena, "%s_slots", s->c_name),
                    &s->lookup);
    }
    if (s->n_written > 0) {
        cw_line(w, ".n_write = %u,", (unsigned)s->n_written);
        cw_line(w, ".write = %s_write,", s->c_name);
    }
    if (s->attributes)
        cw_line(w, ".attributes = true,");
    if (s->set != NULL) {
        cw_field_string(w, "set", s->set);
        cw_field_offset(w, "id", s->c_name, s->id);
    }
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_shapes(struct cwriter *w, const struct pmap *map)
{
    for (size_t i = 0; i < map->shapes.n; i++)
        emit_shape(w, map->shapes.at[i]);
}

static void
emit_doc(struct cwriter *w, const struct pdoc *d)
{
    if (d->path.n > 0) {
        cw_open(w, "static const struct mr_member %s_path[] =", d->c_name);
        for (size_t i = 0; i < d->path.n; i++)
            emit_member(w, NULL, d->path.at[i], false);
        cw_close(w, ";");
        cw_blank(w);
    }
    cw_open(w, "static const struct mr_doc %s =", d->c_name);
    cw_field_string(w, "system", d->system);
    cw_line(w, ".format = %s,", d->format);
    cw_line(w, ".shape = &%s_shape,", d->shape->c_name);
    if (d->path.n > 0) {
        cw_line(w, ".path = %s_path,", d->c_name);
        cw_line(w, ".n_path = %zu,", d->path.n);
    }
    emit_values(w, "namespaces", d->namespaces.at, d->namespaces.n);
    cw_line(w, ".n_namespaces = %zu,", d->namespaces.n);
    cw_field_string(w, "head", d->head);
    cw_field_string(w, "before", d->before);
    cw_field_string(w, "after", d->after);
    cw_field_string(w, "tail", d->tail);
    cw_field_string(w, "nodata", d->nodata);
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_picked(struct cwriter *w, const struct ppicked *p)
{
    cw_table(w, "static const struct mr_picked", p->c_name, " =");
    cw_field_offset(w, "rows", p->outer->c_name, p->rows);
    cw_line(w, ".size = sizeof(struct %s),", p->row->c_name);
    cw_field_offset(w, "key", p->row->c_name, p->key);
    cw_field_offset(w, "field", p->row->c_name, p->field);
    cw_field_string(w, "equals", p->equals);
    cw_line(w, ".equals_n = %zu,", strlen(p->equals));
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_docs(struct cwriter *w, const struct pmap *map)
{
    emit_doc(w, &map->docs[PLAN_LEFT]);
    emit_doc(w, &map->docs[PLAN_RIGHT]);
    for (size_t i = 0; i < map->picked.n; i++)
        emit_picked(w, map->picked.at[i]);
}
