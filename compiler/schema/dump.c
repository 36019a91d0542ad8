/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A schema as text: a block for each record, a line for each member, in schema
 * order. Stable, so that two dumps can be compared.
 */
#include <inttypes.h>
#include <string.h>

#include "schema/schema.h"

static const char *
format_name(enum schema_format f)
{
    switch (f) {
    case SCHEMA_EDMX2: return "OData v2";
    case SCHEMA_EDMX4: return "OData v4";
    case SCHEMA_XSD: return "XSD";
    case SCHEMA_JSON: return "JSON Schema";
    }
    return "";
}

static const char *
wire_name(enum wire w)
{
    static const char *const names[] = {
        "text", "bool", "number", "number as text", "date", "time",
        "duration time", "date-time", "local date-time", "ticks", "guid",
        "base64"
    };

    return names[w];
}

static void
dump_flag(struct buf *out, bool is, const char *word)
{
    if (is)
        buf_printf(out, " %s", word);
}

static void
dump_member(const struct member *m, struct buf *out)
{
    buf_printf(out, "  %-32s ", m->name);
    if (m->record != NULL) {
        buf_printf(out, "record %s", m->record->name);
    } else {
        type_describe(&m->type, out);
        buf_printf(out, " [%s]", wire_name(m->wire));
    }
    dump_flag(out, m->type.nullable, "nullable");
    if (m->max == UNBOUNDED_COUNT)
        buf_printf(out, " %" PRIu32 "..n", m->min);
    else
        buf_printf(out, " %" PRIu32 "..%" PRIu32, m->min, m->max);
    dump_flag(out, m->required, "required");
    dump_flag(out, m->key, "key");
    dump_flag(out, m->navigation, "navigation");
    dump_flag(out, m->choice, "choice");
    dump_flag(out, m->attribute, "attribute");
    dump_flag(out, m->content, "content");
    dump_flag(out, m->place == PLACE_PATH, "in-path");
    dump_flag(out, m->place == PLACE_QUERY, "in-query");
    dump_flag(out, !m->creatable, "not-creatable");
    dump_flag(out, !m->updatable, "not-updatable");
    dump_flag(out, m->unfilterable, "not-filterable");
    if (m->code_list != NULL)
        buf_printf(out, " codes=%s", m->code_list);
    if (m->unit != NULL)
        buf_printf(out, " unit=%s", m->unit);
    if (m->ns != NULL)
        buf_printf(out, " ns=%s", m->ns);
    buf_char(out, '\n');
}

static void
dump_operations(const struct schema *s, struct buf *out)
{
    if (s->operations.n > 0)
        buf_text(out, "\noperations\n");
    for (size_t i = 0; i < s->operations.n; i++) {
        const struct operation *o = &s->operations.at[i];

        buf_printf(out, "  %-32s ", o->name);
        if (o->unfit != NULL)
            buf_printf(out, "can't be called: %s\n", o->unfit);
        else if (o->method != NULL)
            buf_printf(out, "%s %s: %s -> %s\n", o->method, o->path,
                       o->input->record->name,
                       o->output == NULL ? "nothing"
                                         : o->output->record->name);
        else
            buf_printf(out, "%s -> %s action=\"%s\"\n", o->input->name,
                       o->output == NULL ? "nothing" : o->output->name,
                       o->action);
    }
}

void
schema_dump(const struct schema *s, struct buf *out)
{
    size_t members = 0;

    for (size_t i = 0; i < s->records.n; i++)
        members += s->records.at[i]->members.n;
    buf_printf(out, "schema %s: %s, %zu records, %zu members, "
               "hash %016" PRIx64 "\n", s->file, format_name(s->format),
               s->records.n, members, s->hash);
    buf_text(out, "\nroots\n");
    for (size_t i = 0; i < s->roots.n; i++)
        dump_member(&s->roots.at[i], out);
    dump_operations(s, out);
    for (size_t i = 0; i < s->records.n; i++) {
        const struct record *r = s->records.at[i];

        buf_printf(out, "\nrecord %s\n", r->name);
        for (size_t k = 0; k < r->members.n; k++)
            dump_member(&r->members.at[k], out);
    }
}
