/* SPDX-License-Identifier: Apache-2.0 */
/* What no layer changes line by line: schemas, functions, calls, replication. */
#include <string.h>

#include "driver/upgrade.h"
#include "syntax/fmt_parts.h"
#include "syntax/write.h"

/* --- schemas --- */

static const struct tsystem *
system_of(const struct tprogram *p, const char *name)
{
    for (size_t i = 0; i < p->systems.n; i++)
        if (p->systems.at[i]->name == name)
            return p->systems.at[i];
    return NULL;
}

/* Where the layer names a schema of its own for the system. */
static const struct extend_item *
own_schema(const struct tprogram *p, const char *name, enum layer_rank rank)
{
    for (size_t i = 0; i < p->layers.extends.n; i++) {
        const struct textend *x = &p->layers.extends.at[i];

        if (x->rank == rank && x->ast->kind == EXTEND_SYSTEM &&
            x->ast->name.text == name && x->ast->system->schema != NULL)
            return x->ast;
    }
    return NULL;
}

static struct upgrade_part
schema_part(struct session *s, const struct system_item *item)
{
    struct upgrade_part p = { .at = item->schema_at };

    p.text = arena_printf(s->arena, "schema \"%s\"", item->schema);
    return p;
}

static void
compare_systems(struct session *s, struct upgrade *u,
                const struct upgrade_side *was, const struct upgrade_side *is,
                enum layer_rank rank)
{
    for (size_t i = 0; i < is->below->systems.n; i++) {
        const struct tsystem *now = is->below->systems.at[i];
        const struct tsystem *before = system_of(was->below, now->name);

        if (before == NULL || before->schema == NULL || now->schema == NULL)
            continue;
        if (before->schema->hash == now->schema->hash) {
            u->inherited++;
            continue;
        }
        const struct extend_item *x = own_schema(is->all, now->name, rank);
        struct upgrade_part w = schema_part(s, before->ast);
        struct upgrade_part n = schema_part(s, now->ast), o;
        if (x != NULL)
            o = schema_part(s, x->system);
        upgrade_add(s, u, x != NULL ? UPGRADE_OWN_SCHEMA : UPGRADE_CHANGED,
                    arena_printf(s->arena, "system %s", now->name), &w, &n,
                    x != NULL ? &o : NULL);
    }
}

/* --- whole items --- */

struct whole {
    const char *name, *text;
    struct span at;
    bool done;
};
typedef VEC(struct whole) whole_vec;

/* NULL: of a kind that is compared elsewhere, or means nothing here. */
static const char *
name_of(struct session *s, const struct file_item *i)
{
    switch (i->kind) {
    case FILE_CONVERT:
        return arena_printf(s->arena, "convert %s", i->u.convert->name.text);
    case FILE_FUNCTION:
        return arena_printf(s->arena, "function %s", i->u.function->name.text);
    case FILE_REPLICATE:
        return arena_printf(s->arena, "replicate %s", i->u.replicate->map.text);
    case FILE_CALL:
        return arena_printf(s->arena, "%s %s", call_word(i->u.call->kind),
                            i->u.call->name.text);
    case FILE_LANGUAGE:
    case FILE_SCENARIO:
    case FILE_USE:
    case FILE_SYSTEM:
    case FILE_MAP:
    case FILE_CODES:
    case FILE_TEST:
    case FILE_DEPLOYMENT:
    case FILE_PACKAGE:
    case FILE_LAYER:
    case FILE_EXTEND:
        return NULL;
    }
    return NULL;
}

static whole_vec
wholes_of(struct session *s, const struct tprogram *p, enum layer_rank rank)
{
    whole_vec v = { 0 };

    for (size_t i = 0; i < p->layers.files.n; i++) {
        const struct tfile *f = &p->layers.files.at[i];

        for (size_t k = 0; f->rank < rank && k < f->ast->items.n; k++) {
            const struct file_item *item = &f->ast->items.at[k];
            struct whole w = { .name = name_of(s, item), .at = item->at };

            if (w.name == NULL)
                continue;
            w.text = fmt_item_text(s->arena, item);
            vec_push(s->arena, &v, w);
        }
    }
    return v;
}

static void
add_whole(struct session *s, struct upgrade *u, enum upgrade_kind kind,
          const struct whole *was, const struct whole *is)
{
    struct upgrade_part w, i;

    if (was != NULL)
        w = (struct upgrade_part){ .text = was->name, .at = was->at };
    if (is != NULL)
        i = (struct upgrade_part){ .text = is->name, .at = is->at };
    upgrade_add(s, u, kind, is != NULL ? is->name : was->name,
                was != NULL ? &w : NULL, is != NULL ? &i : NULL, NULL);
}

static void
compare_wholes(struct session *s, struct upgrade *u, whole_vec was,
               whole_vec is)
{
    for (size_t i = 0; i < is.n; i++) {
        struct whole *w = NULL;

        for (size_t k = 0; k < was.n && w == NULL; k++)
            if (!was.at[k].done && strcmp(was.at[k].name, is.at[i].name) == 0)
                w = &was.at[k];
        if (w == NULL) {
            add_whole(s, u, UPGRADE_NEW, NULL, &is.at[i]);
            continue;
        }
        w->done = true;
        if (strcmp(w->text, is.at[i].text) == 0)
            u->inherited++;
        else
            add_whole(s, u, UPGRADE_CHANGED, w, &is.at[i]);
    }
    for (size_t i = 0; i < was.n; i++)
        if (!was.at[i].done)
            add_whole(s, u, UPGRADE_GONE, &was.at[i], NULL);
}

void
upgrade_rest(struct session *s, struct upgrade *u,
             const struct upgrade_side *was, const struct upgrade_side *is,
             enum layer_rank rank)
{
    compare_systems(s, u, was, is, rank);
    compare_wholes(s, u, wholes_of(s, was->below, rank),
                   wholes_of(s, is->below, rank));
}
