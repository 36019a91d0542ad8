/* SPDX-License-Identifier: Apache-2.0 */
/* What is around a schema that is imported; what was told of it. */
#ifndef TESTS_SCHEMA_WORLD_H
#define TESTS_SCHEMA_WORLD_H

#include "schema/schema.h"
#include "source/diag_list.h"

struct world {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
};

static inline struct world
world_new(void)
{
    struct world w = { .arena = arena_new() };

    w.names = names_new(w.arena);
    w.sources = sources_new(w.arena);
    w.diags = diags_new(w.arena);
    return w;
}

static inline struct schema *
import(struct world *w, const char *path)
{
    return schema_import(w->arena, w->names, w->diags, w->sources, path,
                         (struct span){ 0 });
}

static inline struct schema *
import_text(struct world *w, const char *name, const char *text)
{
    source_text(w->sources, name, text, strlen(text));
    return import(w, name);
}

static inline const struct record *
find_record(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < s->records.n; i++)
        if (strcmp(s->records.at[i]->name, name) == 0)
            return s->records.at[i];
    return NULL;
}

struct told {
    const char *number;         /* NULL ends the list */
    uint32_t line;
    const char *part;           /* of the message */
};

static inline bool
is_told(struct world *w, const struct told *t)
{
    for (size_t i = 0; i < w->diags->all.n; i++) {
        const struct diag *d = w->diags->all.at[i];

        if (strcmp(diag_number(d->code), t->number) == 0 &&
            source_place(w->sources, d->at).line == t->line &&
            strstr(d->message, t->part) != NULL)
            return true;
    }
    return false;
}

#endif
