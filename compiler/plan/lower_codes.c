/* SPDX-License-Identifier: Apache-2.0 */
/* Code tables: one look-up each way; the key of a table with a context is the
 * context, byte 0x1f and the value. */
#include "plan/lower.h"
#include "plan/lookup.h"

static void
add_row(struct lower *lo, struct pcodes *out, enum side to,
        const struct tcode *row)
{
    const char *key = to == RIGHT ? row->left : row->right;
    struct pcode code = { key, to == RIGHT ? row->right : row->left };

    if (row->context != NULL)
        code.key = arena_printf(lo->arena, "%s\x1f%s", row->context, key);
    vec_push(lo->arena, &out->ways[to].rows, code);
}

static void
lower_way(struct lower *lo, const struct tcodes *codes, struct pcodes *out,
          enum side to)
{
    enum arrow away = to == RIGHT ? ARROW_LEFT : ARROW_RIGHT;
    struct pcodes_way *way = &out->ways[to];
    const char **keys;

    for (size_t i = 0; i < codes->rows.n; i++)
        if (codes->rows.at[i].arrow != away)
            add_row(lo, out, to, &codes->rows.at[i]);
    if (way->rows.n == 0)
        return;
    keys = arena_alloc(lo->arena, way->rows.n * sizeof *keys);
    for (size_t i = 0; i < way->rows.n; i++)
        keys[i] = way->rows.at[i].key;
    if (!lookup_fill(lo->arena, keys, way->rows.n, &way->lookup))
        diag_add(lo->diags, DIAG_BUG, codes->at,
                 "no look-up for the codes of %s", codes->name);
}

static struct pcodes *
codes_lower(struct lower *lo, const struct tcodes *codes)
{
    struct pcodes *out = arena_alloc(lo->arena, sizeof *out);

    out->name = codes->name;
    out->place = codes->file;
    out->c_name = cname_make(&lo->shared, "codes_%s", codes->name);
    out->context = codes->context;
    lower_way(lo, codes, out, LEFT);
    lower_way(lo, codes, out, RIGHT);
    table_put(lo->arena, &lo->codes, (const char *)codes, out);
    vec_push(lo->arena, &lo->plan->codes, out);
    return out;
}

const struct pcodes *
codes_find(struct lower *lo, const struct tcodes *codes)
{
    const struct pcodes *out = table_find(&lo->codes, (const char *)codes);

    return out != NULL ? out : codes_lower(lo, codes);
}
