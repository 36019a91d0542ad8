/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a document by their paths, and by the rows they stand in. */
#include "driver/replay_flat.h"

void
flat_begin(struct flat *f)
{
    f->doc = arena_alloc(f->arena, sizeof *f->doc);
    f->counts = (struct table){ 0 };
    f->depth = 0;
}

bool
flat_open(struct flat *f, const char *name, size_t n)
{
    const char *path, *key, *outer;
    size_t *count;

    if (f->depth == FLAT_DEPTH)
        return false;
    if (f->depth == 0) {
        path = intern(f->names, name, n);
        outer = "";
    } else {
        path = intern_text(f->names, arena_printf(
            f->arena, "%s.%.*s", f->open[f->depth - 1].path, (int)n, name));
        outer = f->open[f->depth - 1].key;
    }
    key = intern_text(f->names, arena_printf(f->arena, "%s.%.*s", outer,
                                             (int)n, name));
    count = table_find(&f->counts, key);
    if (count == NULL) {
        count = arena_alloc(f->arena, sizeof *count);
        table_put(f->arena, &f->counts, key, count);
    }
    if (++*count > 1)
        key = intern_text(f->names,
                          arena_printf(f->arena, "%s[%zu]", key, *count));
    f->open[f->depth].path = path;
    f->open[f->depth++].key = key;
    return true;
}

void
flat_close(struct flat *f)
{
    f->depth--;
}

void
flat_value(struct flat *f, const char *value)
{
    struct flat_field field = { f->open[f->depth - 1].path,
                                f->open[f->depth - 1].key, value };

    vec_push(f->arena, &f->doc->fields, field);
}
