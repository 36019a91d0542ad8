/* SPDX-License-Identifier: Apache-2.0 */
/* A map with what a layer adds, replaces, removes and tightens. */
#include <string.h>

#include "sema/layers.h"

/* --- a copy, since the parse tree is never changed --- */

static item_vec
copy_items(struct env *env, const item_vec *items, bool final)
{
    item_vec out = { 0 };

    for (size_t i = 0; i < items->n; i++) {
        struct map_item *copy = arena_alloc(env->arena, sizeof *copy);

        *copy = *items->at[i];
        copy->final = final;
        if (copy->kind == ITEM_RULE || copy->kind == ITEM_KEY) {
            copy->final = copy->u.rule->final ||
                          (final && !copy->u.rule->open);
        } else if (copy->kind == ITEM_EACH) {
            struct each *e = arena_alloc(env->arena, sizeof *e);

            *e = *copy->u.each;
            e->items = copy_items(env, &e->items, final);
            copy->u.each = e;
        } else if (copy->kind == ITEM_GROUP) {
            struct group *g = arena_alloc(env->arena, sizeof *g);

            *g = *copy->u.group;
            g->items = copy_items(env, &g->items, final);
            copy->u.group = g;
        }
        vec_push(env->arena, &out, copy);
    }
    return out;
}

struct map *
layer_copy(struct env *env, const struct map *map)
{
    struct map *copy = arena_alloc(env->arena, sizeof *copy);
    bool final = false;

    for (size_t i = 0; i < map->items.n; i++)
        final |= map->items.at[i]->kind == ITEM_FINAL;
    *copy = *map;
    copy->items = copy_items(env, &map->items, final);
    return copy;
}

/* --- finding lines --- */

struct found {
    item_vec *in;
    size_t i;
};
typedef VEC(struct found) found_vec;

/* The lines of a level that speak of the subject; groups are looked into. */
static void
find_lines(struct env *env, item_vec *items, const struct subject *s,
           found_vec *out)
{
    for (size_t i = 0; i < items->n; i++) {
        struct map_item *item = items->at[i];

        if (item->kind == ITEM_GROUP) {
            find_lines(env, &item->u.group->items, s, out);
            continue;
        }
        struct subject other = subject_of_item(env->arena, item);
        if (subject_meets(&other, s))
            vec_push(env->arena, out, ((struct found){ items, i }));
    }
}

static void
take_out(item_vec *v, size_t i)
{
    memmove(&v->at[i], &v->at[i + 1], (v->n - i - 1) * sizeof v->at[0]);
    v->n--;
}

/* From the last on: places before it stay. */
static void
take_out_all(const found_vec *found, size_t keep)
{
    for (size_t i = found->n; i > keep; i--)
        take_out(found->at[i - 1].in, found->at[i - 1].i);
}

static void
all_paths(struct env *env, const item_vec *items, expr_vec *out)
{
    for (size_t i = 0; i < items->n; i++) {
        struct subject s = subject_of_item(env->arena, items->at[i]);

        for (size_t k = 0; k < s.paths.n; k++)
            vec_push(env->arena, out, s.paths.at[k]);
    }
}

struct named {
    struct env *env;
    expr_vec paths;
};

static const char *
path_text(const void *names, size_t i)
{
    const struct named *n = names;

    return source_words(n->env, n->paths.at[i]->at);
}

/* --- findings --- */

static void
not_there(struct layering *l, const item_vec *items, const struct change *c,
          const struct subject *s)
{
    struct named n = { l->env, { 0 } };
    struct span at = c->at;
    const char *word = c->kind == CHANGE_REPLACE ? "replace"
                       : c->kind == CHANGE_REMOVE ? "remove"
                       : c->kind == CHANGE_TIGHTEN ? "tighten" : "change";
    const char *near = NULL;

    if (s->paths.n > 0)
        at = s->paths.at[0]->at;
    struct diag *d = diag_add(l->env->diags, DIAG_CHANGE_NOT_THERE, at,
                              "map %s has nothing here to %s", l->map, word);
    all_paths(l->env, items, &n.paths);
    for (size_t i = 0; i < s->paths.n && near == NULL; i++)
        near = closest_name(source_words(l->env, s->paths.at[i]->at),
                            path_text, &n, n.paths.n);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    if (c->kind == CHANGE_REPLACE)
        diag_note(d, NOTE_HELP, "where it is new, write `add`");
    else
        diag_note(d, NOTE_HELP, "a line is named by a field that it writes, "
                  "or by its list; lines below a list stand in "
                  "`each LIST { … }`");
}

static void
is_there(struct layering *l, const struct change *c,
         const struct map_item *there)
{
    struct diag *d = diag_add(l->env->diags, DIAG_CHANGE_THERE, c->at,
                              "map %s has this already", l->map);

    diag_label(d, there->at, "here");
    diag_note(d, NOTE_HELP, "to change it, write `replace`");
}

static void
misplaced(struct layering *l, const struct change *c, const char *help)
{
    struct diag *d = diag_add(l->env->diags, DIAG_MISPLACED, c->at,
                              "this has no place in a change");

    diag_note(d, NOTE_HELP, "%s", help);
}

/* --- two layers of one rank --- */

/* False, and reported, where one of this rank speaks of the same. */
static bool
touch(struct layering *l, const void *level, const struct subject *s,
      struct span at)
{
    struct touched t = { level, *s, l->rank, at };

    for (size_t i = 0; i < l->touched.n; i++) {
        const struct touched *o = &l->touched.at[i];

        if (o->level != level || o->rank != l->rank ||
            !subject_meets(&o->subject, s))
            continue;
        layer_clash(l->env, l->rank, at, o->at);
        return false;
    }
    vec_push(l->env->arena, &l->touched, t);
    return true;
}

static bool
all_open(struct layering *l, const struct change *c, const found_vec *found)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct map_item *item = found->at[i].in->at[found->at[i].i];

        if (!item->final)
            continue;
        layer_final(l->env, c->at, item->at, "this line");
        return false;
    }
    return true;
}

/* --- the changes --- */

static bool
has_place(struct layering *l, const struct change *c, bool nested)
{
    enum item_kind k = c->item->kind;

    if (k == ITEM_FINAL || k == ITEM_MESSAGES) {
        misplaced(l, c, "a layer adds rules, lists, and what a map says of "
                  "whole records");
        return false;
    }
    if (c->kind == CHANGE_REPLACE && (k == ITEM_WHERE || k == ITEM_GROUP)) {
        misplaced(l, c, k == ITEM_WHERE
                  ? "conditions are added: all of them hold"
                  : "replace its rules one by one: they stay in the group");
        return false;
    }
    if (nested && k != ITEM_RULE && k != ITEM_IGNORE && k != ITEM_GROUP &&
        k != ITEM_EACH) {
        misplaced(l, c, "it speaks of whole records: write it for the map "
                  "itself");
        return false;
    }
    return true;
}

static struct map_item *
own_item(struct env *env, const struct map_item *item)
{
    item_vec one = { 0 };

    vec_push(env->arena, &one, (struct map_item *)item);
    return copy_items(env, &one, false).at[0];
}

static void
put_line(struct layering *l, const void *level, item_vec *items,
         const struct change *c)
{
    struct subject s = subject_of_item(l->env->arena, c->item);
    struct subject whole = s;
    found_vec found = { 0 };

    s.replaces = c->kind == CHANGE_REPLACE;
    if (!has_place(l, c, l->depth > 0) || !touch(l, level, &s, c->at))
        return;
    whole.when = s.when && c->kind == CHANGE_ADD;
    find_lines(l->env, items, &whole, &found);
    if (c->kind == CHANGE_ADD && found.n > 0) {
        is_there(l, c, found.at[0].in->at[found.at[0].i]);
        return;
    }
    if (c->kind == CHANGE_REPLACE && found.n == 0) {
        not_there(l, items, c, &s);
        return;
    }
    if (!all_open(l, c, &found))
        return;
    if (found.n == 0) {
        vec_push(l->env->arena, items, own_item(l->env, c->item));
        return;
    }
    struct map_item *own = own_item(l->env, c->item);
    own->instead = found.at[0].in->at[found.at[0].i]->at;
    take_out_all(&found, 1);
    found.at[0].in->at[found.at[0].i] = own;
}

static void
remove_lines(struct layering *l, const void *level, item_vec *items,
             const struct change *c)
{
    struct subject s = subject_of_path(l->env->arena, c->path);
    found_vec found = { 0 };

    if (!touch(l, level, &s, c->at))
        return;
    find_lines(l->env, items, &s, &found);
    if (found.n == 0) {
        not_there(l, items, c, &s);
        return;
    }
    if (!all_open(l, c, &found))
        return;
    for (size_t i = 0; i < found.n; i++) {
        struct tremoved r = {
            .from = l->map, .item = found.at[i].in->at[found.at[i].i],
            .at = c->at
        };

        vec_push(l->env->arena, &l->env->program->layers.removed, r);
    }
    take_out_all(&found, 0);
}

/* --- tighten --- */

static void
not_tighter(struct layering *l, struct span at, const char *help)
{
    struct diag *d = diag_add(l->env->diags, DIAG_NOT_TIGHTER, at,
                              "`tighten` only makes a rule stricter");

    diag_note(d, NOTE_HELP, "%s", help);
}

static bool
is_tighter(struct layering *l, const struct change *c)
{
    bool says = c->checks.n > 0 || c->personal || c->fate.kind != FATE_NONE;

    if (!says)
        not_tighter(l, c->at, "say how: `: max(20)`, `: scale(2)`, "
                    "`else park`, `else reject`, `personal`");
    for (size_t i = 0; i < c->checks.n; i++) {
        const struct conv *v = &c->checks.at[i];

        if (v->kind == CONV_NAMED && !v->reverse &&
            (strcmp(v->name.text, "max") == 0 ||
             strcmp(v->name.text, "scale") == 0))
            continue;
        not_tighter(l, v->at, "max(…) and scale(…) check and do nothing "
                    "else; any other conversion takes a `replace`");
        return false;
    }
    if (c->fate.kind == FATE_VALUE || c->fate.kind == FATE_KEEP) {
        not_tighter(l, c->fate.at, "`else park` and `else reject` let "
                    "nothing through; any other takes a `replace`");
        return false;
    }
    return says;
}

static void
tighten_rule(struct layering *l, const struct change *c,
             struct map_item *item)
{
    struct rule *r = arena_alloc(l->env->arena, sizeof *r);
    bool right = path_same(item->u.rule->right, c->path);
    conv_vec chain = { 0 };

    *r = *item->u.rule;
    if (c->checks.n > 0 && !right && !path_same(r->left, c->path)) {
        not_tighter(l, c->path->at, "this field is one of several of its "
                    "rule; a check takes a `replace`");
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        const conv_vec *part = (i == 0) == right ? &r->chain : &c->checks;

        for (size_t k = 0; k < part->n; k++)
            vec_push(l->env->arena, &chain, part->at[k]);
    }
    r->chain = chain;
    r->personal |= c->personal;
    if (c->fate.kind != FATE_NONE)
        r->fate = c->fate;
    item->u.rule = r;
    item->tightened = c->at;
}

static void
tighten(struct layering *l, const void *level, item_vec *items,
        const struct change *c)
{
    struct subject s = subject_of_path(l->env->arena, c->path);
    found_vec found = { 0 };
    size_t rules = 0;

    if (!is_tighter(l, c) || !touch(l, level, &s, c->at))
        return;
    find_lines(l->env, items, &s, &found);
    for (size_t i = 0; i < found.n; i++) {
        struct map_item *item = found.at[i].in->at[found.at[i].i];

        if (item->kind != ITEM_RULE && item->kind != ITEM_KEY)
            continue;
        tighten_rule(l, c, item);
        rules++;
    }
    if (rules == 0)
        not_there(l, items, c, &s);
}

/* --- levels --- */

static void change_level(struct layering *l, const void *level,
                         item_vec *items, struct change *const *at, size_t n);

static void
change_list(struct layering *l, item_vec *items, const struct change *c)
{
    struct subject s = subject_of_path(l->env->arena, c->path);
    found_vec found = { 0 };

    find_lines(l->env, items, &s, &found);
    for (size_t i = 0; i < found.n; i++) {
        struct map_item *item = found.at[i].in->at[found.at[i].i];

        if (item->kind != ITEM_EACH)
            continue;
        l->depth++;
        change_level(l, item->u.each, &item->u.each->items, c->below.at,
                     c->below.n);
        l->depth--;
        return;
    }
    not_there(l, items, c, &s);
}

static void
change_level(struct layering *l, const void *level, item_vec *items,
             struct change *const *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (at[i]->kind) {
        case CHANGE_ADD:
        case CHANGE_REPLACE:
            put_line(l, level, items, at[i]);
            break;
        case CHANGE_REMOVE:
            remove_lines(l, level, items, at[i]);
            break;
        case CHANGE_TIGHTEN:
            tighten(l, level, items, at[i]);
            break;
        case CHANGE_EACH:
            change_list(l, items, at[i]);
            break;
        }
    }
}

void
layer_change_map(struct layering *l, struct map *map,
                 const struct extend_item *extend)
{
    l->map = map->name.text;
    change_level(l, map, &map->items, extend->changes.at, extend->changes.n);
}
