/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layers of a program, from the lowest up: what partners and customers
 * extend becomes part of the maps, tables and systems before these are
 * checked.
 */
#include "sema/layers.h"

#include <string.h>

#include "sema/paths.h"

const char *
layer_name(enum layer_rank rank)
{
    static const char *const names[] = {
        [LAYER_PACKAGE] = "package", [LAYER_PARTNER] = "partner",
        [LAYER_CUSTOMER] = "customer"
    };

    return names[rank];
}

enum layer_rank
layer_of_file(struct env *env, const struct file *file)
{
    const struct layer_item *first = NULL;
    enum layer_rank rank = LAYER_PACKAGE;

    for (size_t i = 0; i < file->items.n; i++) {
        if (file->items.at[i].kind != FILE_LAYER)
            continue;
        const struct layer_item *l = file->items.at[i].u.layer;
        bool customer = strcmp(l->name.text, "customer") == 0;

        if (first != NULL) {
            struct diag *d = diag_add(env->diags, DIAG_DECLARED_TWICE,
                                      l->name.at, "a file has one layer");
            diag_label(d, first->name.at, "first here");
        } else if (customer || strcmp(l->name.text, "partner") == 0) {
            rank = customer ? LAYER_CUSTOMER : LAYER_PARTNER;
        } else {
            struct diag *d = diag_add(env->diags, DIAG_NO_LAYER, l->name.at,
                                      "there is no layer %s", l->name.text);
            diag_note(d, NOTE_HELP, "layers: partner, customer; a package "
                      "has no such line");
        }
        first = l;
    }
    return rank;
}

struct within
layer_package(struct env *env, const struct file *file, const char *path)
{
    struct within w = env->within;

    for (size_t i = 0; i < file->items.n; i++) {
        if (file->items.at[i].kind != FILE_PACKAGE)
            continue;
        struct package_item *k = file->items.at[i].u.package;
        const struct package_item *first =
            table_put(env->arena, &env->packages, k->name.text, k);

        if (first != NULL && strcmp(first->version, k->version) != 0) {
            struct diag *d = diag_add(env->diags, DIAG_TWO_VERSIONS,
                                      k->name.at, "package %s is here in two "
                                      "versions, \"%s\" and \"%s\"",
                                      k->name.text, first->version,
                                      k->version);
            diag_label(d, first->name.at, "the other one");
            diag_note(d, NOTE_HELP, "take all of its files from one version");
        }
        w = (struct within){ k, path };
    }
    return w;
}

/* --- findings --- */

void
layer_final(struct env *env, struct span at, struct span final,
            const char *what)
{
    struct diag *d = diag_add(env->diags, DIAG_LAYER_FINAL, at,
                              "%s is final", what);

    diag_label(d, final, "final for all layers above");
    diag_note(d, NOTE_HELP, "`tighten` may still make a rule stricter; for "
              "anything else, ask who made it to mark it `open`");
}

void
layer_clash(struct env *env, enum layer_rank rank, struct span at,
            struct span first)
{
    struct diag *d = diag_add(env->diags, DIAG_LAYER_CLASH, at,
                              "two changes of the %s layer speak of the same",
                              layer_name(rank));

    diag_label(d, first, "the other one");
    diag_note(d, NOTE_HELP, "neither stands above the other: keep one of "
              "them");
}

static bool
is_above(struct env *env, const struct declared_extend *x,
         enum layer_rank rank, struct span first)
{
    if (x->rank > rank)
        return true;
    struct diag *d = diag_add(env->diags, DIAG_EXTEND_OWN, x->ast->name.at,
                              "%s stands in the %s layer, which is not "
                              "below this one", x->ast->name.text,
                              layer_name(rank));
    diag_label(d, first, "it stands here");
    diag_note(d, NOTE_HELP, "change it where it stands");
    return false;
}

struct near_names {
    const char *const *at;
};

static const char *
near_name(const void *names, size_t i)
{
    return ((const struct near_names *)names)->at[i];
}

static void
unknown(struct env *env, enum diag_code code, const char *what,
        struct name name, const char *const *names, size_t n)
{
    struct near_names known = { names };
    const char *near = closest_name(name.text, near_name, &known, n);

    if (env->damaged)
        return;
    struct diag *d = diag_add(env->diags, code, name.at,
                              "there is no %s %s to extend", what, name.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    diag_note(d, NOTE_HELP, "take in the package with `use`");
}

/* --- systems --- */

static const struct declared_extend *
schema_extend(struct env *env, const char *system)
{
    const struct declared_extend *best = NULL;

    for (size_t i = 0; i < env->extends.n; i++) {
        const struct declared_extend *x = &env->extends.at[i];

        if (x->ast->kind != EXTEND_SYSTEM || x->ast->name.text != system ||
            x->ast->system->schema == NULL || x->rank == LAYER_PACKAGE)
            continue;
        if (best != NULL && best->rank == x->rank)
            layer_clash(env, x->rank, x->ast->system->schema_at,
                        best->ast->system->schema_at);
        if (best == NULL || x->rank > best->rank)
            best = x;
    }
    return best;
}

const struct system_item *
layer_system(struct env *env, const struct system_item *item,
             const char **path, struct within *within)
{
    const struct declared_extend *own = schema_extend(env, item->name.text);
    struct system_item *out = arena_alloc(env->arena, sizeof *out);

    *out = *item;
    memset(&out->options, 0, sizeof out->options);
    for (size_t i = 0; i < item->options.n; i++)
        vec_push(env->arena, &out->options, item->options.at[i]);
    if (own != NULL) {
        out->schema = own->ast->system->schema;
        out->schema_at = own->ast->system->schema_at;
        *path = own->path;
        *within = own->within;
    }
    for (size_t i = 0; i < env->extends.n; i++) {
        const struct declared_extend *x = &env->extends.at[i];

        if (x->ast->kind != EXTEND_SYSTEM ||
            x->ast->name.text != item->name.text)
            continue;
        for (size_t k = 0; k < x->ast->system->options.n; k++)
            vec_push(env->arena, &out->options,
                     x->ast->system->options.at[k]);
    }
    return out;
}

static void
check_system(struct env *env, const struct declared_extend *x)
{
    VEC(const char *) names = { 0 };

    if (table_find(&env->systems, x->ast->name.text) != NULL)
        return;
    for (size_t i = 0; i < env->program->systems.n; i++)
        vec_push(env->arena, &names, env->program->systems.at[i]->name);
    unknown(env, DIAG_UNKNOWN_SYSTEM, "system", x->ast->name, names.at,
            names.n);
}

/* --- maps and tables --- */

static void
extend_map(struct layering *l, const struct declared_extend *x)
{
    struct env *env = l->env;
    struct declared_map *m = table_find(&env->maps, x->ast->name.text);
    VEC(const char *) names = { 0 };

    if (m == NULL) {
        for (size_t i = 0; i < env->map_list.n; i++)
            vec_push(env->arena, &names, env->map_list.at[i]->ast->name.text);
        unknown(env, DIAG_UNKNOWN_MAP, "map", x->ast->name, names.at, names.n);
        return;
    }
    if (!is_above(env, x, m->rank, m->ast->name.at))
        return;
    if (m->resolved == NULL)
        m->ast = m->resolved = layer_copy(env, m->ast);
    m->changed = x->rank;
    layer_change_map(l, m->resolved, x->ast);
}

static void
extend_codes(struct layering *l, const struct declared_extend *x)
{
    struct env *env = l->env;
    struct tcodes *t = table_find(&env->codes, x->ast->name.text);

    if (t == NULL)
        unknown(env, DIAG_UNKNOWN_CODES, "code table", x->ast->name,
                env->codes_names.at, env->codes_names.n);
    else if (is_above(env, x, t->rank, t->at))
        layer_change_codes(env, t, x->ast, x->rank);
}

static void
apply(struct layering *l, const struct declared_extend *x)
{
    l->rank = x->rank;
    switch (x->ast->kind) {
    case EXTEND_MAP:
        extend_map(l, x);
        break;
    case EXTEND_CODES:
        extend_codes(l, x);
        break;
    case EXTEND_SYSTEM:
        check_system(l->env, x);
        break;
    }
}

/* What the program consists of now, for those who ask where it is from. */
static void
list_parts(struct env *env)
{
    struct tlayers *to = &env->program->layers;

    for (size_t i = 0; i < env->map_list.n; i++)
        vec_push(env->arena, &to->maps, env->map_list.at[i]->ast);
    for (size_t i = 0; i < env->codes_names.n; i++) {
        struct tcodes *t = table_find(&env->codes, env->codes_names.at[i]);

        vec_push(env->arena, &to->tables, t);
    }
}

void
layers_apply(struct env *env)
{
    struct layering l = { .env = env };

    for (size_t i = 0; i < env->extends.n; i++) {
        if (env->extends.at[i].rank != LAYER_PACKAGE)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_NO_LAYER,
                                  env->extends.at[i].ast->name.at,
                                  "this file does not say of which layer it "
                                  "is");
        diag_note(d, NOTE_HELP, "begin it with `layer customer` or `layer "
                  "partner`");
    }
    for (unsigned rank = LAYER_PARTNER; rank <= LAYER_CUSTOMER; rank++)
        for (size_t i = 0; i < env->extends.n; i++)
            if ((unsigned)env->extends.at[i].rank == rank) {
                struct textend x = { env->extends.at[i].ast,
                                     env->extends.at[i].rank };

                vec_push(env->arena, &env->program->layers.extends, x);
                apply(&l, &env->extends.at[i]);
            }
    list_parts(env);
}
