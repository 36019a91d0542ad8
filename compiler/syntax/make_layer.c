/* SPDX-License-Identifier: Apache-2.0 */
/* Constructors of what layers say: packages, changes of maps and tables. */
#include "syntax/make.h"

static struct file_item *
add(struct parser *p, enum file_item_kind kind, struct span at)
{
    struct file *f = p->in.file;
    struct file_item i = { .kind = kind, .at = at };

    vec_push(p->in.arena, &f->items, i);
    return &f->items.at[f->items.n - 1];
}

static struct extend_item *
new_extend(struct parser *p, enum extend_kind kind, struct name name)
{
    struct extend_item *e = arena_alloc(p->in.arena, sizeof *e);

    e->kind = kind;
    e->name = name;
    return e;
}

void
add_package(struct parser *p, struct span at, struct name name,
            const char *version)
{
    struct package_item *k = arena_alloc(p->in.arena, sizeof *k);

    k->name = name;
    k->version = version;
    add(p, FILE_PACKAGE, at)->u.package = k;
}

void
add_layer(struct parser *p, struct span at, struct name name)
{
    struct layer_item *l = arena_alloc(p->in.arena, sizeof *l);

    l->name = name;
    add(p, FILE_LAYER, at)->u.layer = l;
}

void
add_extend(struct parser *p, struct span at, struct extend_item *e)
{
    e->at = at;
    add(p, FILE_EXTEND, at)->u.extend = e;
}

void
add_extend_map(struct parser *p, struct span at, struct name name,
               change_vec changes)
{
    struct extend_item *e = new_extend(p, EXTEND_MAP, name);

    e->changes = changes;
    add_extend(p, at, e);
}

struct extend_item *
make_extend_codes(struct parser *p, struct name name)
{
    return new_extend(p, EXTEND_CODES, name);
}

void
add_extend_system(struct parser *p, struct span at, struct system_item *s)
{
    struct extend_item *e = new_extend(p, EXTEND_SYSTEM, s->name);

    s->at = at;
    e->system = s;
    add_extend(p, at, e);
}

change_vec
add_change(struct parser *p, change_vec v, struct change *c)
{
    vec_push(p->in.arena, &v, c);
    return v;
}

struct change *
path_change(struct parser *p, enum change_kind kind, struct span at,
            struct expr *path)
{
    struct change *c = arena_alloc(p->in.arena, sizeof *c);

    c->kind = kind;
    c->at = at;
    c->path = path;
    return c;
}

struct change *
make_change(struct parser *p, enum change_kind kind, struct span at,
            struct map_item *item)
{
    struct change *c = path_change(p, kind, at, NULL);

    c->item = item;
    return c;
}

struct change *
each_change(struct parser *p, struct span at, struct expr *path,
            change_vec below)
{
    struct change *c = path_change(p, CHANGE_EACH, at, path);

    for (size_t i = 0; i < below.n; i++)
        vec_push(p->in.arena, &c->below, below.at[i]);
    return c;
}

struct change *
change_checks(struct change *c, conv_vec checks)
{
    c->checks = checks;
    c->at = span_join(c->at, checks.at[checks.n - 1].at);
    return c;
}

static void
once(struct parser *p, bool there, struct span at, const char *word)
{
    if (!there)
        return;
    struct diag *d = diag_add(p->in.diags, DIAG_TWICE, at,
                              "`%s` stands twice in one change", word);
    diag_note(d, NOTE_HELP, "keep one of them");
}

struct change *
change_fate(struct parser *p, struct change *c, struct span at,
            struct fate f)
{
    once(p, c->fate.kind != FATE_NONE, f.at, "else");
    c->fate = f;
    c->at = at;
    return c;
}

struct change *
change_personal(struct parser *p, struct change *c, struct span at,
                struct span personal)
{
    once(p, c->personal, personal, "personal");
    c->personal = true;
    c->at = at;
    return c;
}

void
code_change(struct parser *p, struct extend_item *e, enum change_kind kind,
            struct span at, struct expr *context, struct expr *left,
            enum arrow arrow, struct expr *right)
{
    struct codes_row *row = arena_alloc(p->in.arena, sizeof *row);
    struct code_change c = { .kind = kind, .at = at, .row = row };

    row->at = at;
    row->context = context;
    row->left = left;
    row->arrow = arrow;
    row->right = right;
    vec_push(p->in.arena, &e->codes, c);
}
