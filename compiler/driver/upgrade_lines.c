/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of maps and of changes, one by one, with where they stand. */
#include "driver/upgrade.h"

#include "base/buf.h"
#include "sema/layers.h"
#include "syntax/fmt_parts.h"
#include "syntax/write.h"

static const char *
path_words(struct arena *a, const struct expr *e)
{
    struct buf b;

    buf_init(&b, a);
    write_expr(&b, e);
    return b.at;
}

static struct upgrade_level *
level_new(struct arena *a, const struct upgrade_level *outer,
          const char *map, struct expr *left, struct expr *right)
{
    struct upgrade_level *l = arena_alloc(a, sizeof *l);

    *l = (struct upgrade_level){ outer, map, map, left, right };
    if (outer != NULL)
        l->text = arena_printf(a, "%s, each %s", outer->text,
                               path_words(a, left));
    return l;
}

/* --- lines --- */

static void
add_lines(struct arena *a, const struct upgrade_level *level,
          const item_vec *items, upgrade_parts *out)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct map_item *item = items->at[i];
        struct upgrade_part p = { .level = level, .item = item,
                                  .text = fmt_line_of(a, item),
                                  .at = item->at };

        vec_push(a, out, p);
        if (item->kind == ITEM_GROUP)
            add_lines(a, level, &item->u.group->items, out);
        else if (item->kind == ITEM_EACH)
            add_lines(a, level_new(a, level, level->map, item->u.each->left,
                                   item->u.each->right),
                      &item->u.each->items, out);
    }
}

upgrade_parts
upgrade_lines_of(struct arena *a, const struct tprogram *p)
{
    upgrade_parts out = { 0 };

    for (size_t i = 0; i < p->layers.maps.n; i++) {
        const struct map *m = p->layers.maps.at[i];

        add_lines(a, level_new(a, NULL, m->name.text, NULL, NULL), &m->items,
                  &out);
    }
    return out;
}

/* --- changes --- */

static const char *
change_text(struct arena *a, const struct change *c)
{
    struct buf b;

    if (c->item != NULL)
        return fmt_line_of(a, c->item);
    buf_init(&b, a);
    buf_printf(&b, "%s ", c->kind == CHANGE_REMOVE ? "remove" : "tighten");
    write_expr(&b, c->path);
    buf_text(&b, c->checks.n > 0 ? " : " : "");
    write_chain(&b, c->checks.at, c->checks.n);
    buf_text(&b, c->personal ? " personal" : "");
    if (c->fate.kind != FATE_NONE) {
        buf_char(&b, ' ');
        write_fate(&b, &c->fate);
    }
    return b.at;
}

static void
add_changes(struct arena *a, const struct upgrade_level *level,
            struct change *const *at, size_t n, upgrade_parts *out)
{
    for (size_t i = 0; i < n; i++) {
        struct upgrade_part p = { .level = level, .item = at[i]->item,
                                  .change = at[i], .at = at[i]->at };

        if (at[i]->kind == CHANGE_EACH) {
            add_changes(a, level_new(a, level, level->map, at[i]->path, NULL),
                        at[i]->below.at, at[i]->below.n, out);
            continue;
        }
        p.text = change_text(a, at[i]);
        if (at[i]->item != NULL)
            p.word = at[i]->kind == CHANGE_ADD ? "add" : "replace";
        vec_push(a, out, p);
    }
}

upgrade_parts
upgrade_changes_of(struct arena *a, const struct tprogram *p,
                   enum layer_rank rank)
{
    upgrade_parts out = { 0 };

    for (size_t i = 0; i < p->layers.extends.n; i++) {
        const struct textend *x = &p->layers.extends.at[i];

        if (x->rank != rank || x->ast->kind != EXTEND_MAP)
            continue;
        add_changes(a, level_new(a, NULL, x->ast->name.text, NULL, NULL),
                    x->ast->changes.at, x->ast->changes.n, &out);
    }
    return out;
}

/* --- do they speak of the same? --- */

static bool
one_list(const struct expr *a, const struct expr *b)
{
    return a != NULL && b != NULL && path_same(a, b);
}

bool
upgrade_same_level(const struct upgrade_level *x,
                   const struct upgrade_level *y)
{
    if (x->map != y->map || (x->outer == NULL) != (y->outer == NULL))
        return false;
    if (x->outer == NULL)
        return true;
    return upgrade_same_level(x->outer, y->outer) &&
           (one_list(x->left, y->left) || one_list(x->left, y->right) ||
            one_list(x->right, y->left) || one_list(x->right, y->right));
}

static struct subject
subject_of(struct arena *a, const struct upgrade_part *p)
{
    struct subject s = p->item != NULL ? subject_of_item(a, p->item)
                                       : subject_of_path(a, p->change->path);

    s.replaces = p->change != NULL && p->change->kind == CHANGE_REPLACE;
    if (s.replaces)
        s.when = false;
    return s;
}

bool
upgrade_meets(struct arena *a, const struct upgrade_part *x,
              const struct upgrade_part *y)
{
    bool group_x = x->item != NULL && x->item->kind == ITEM_GROUP;
    bool group_y = y->item != NULL && y->item->kind == ITEM_GROUP;

    if (!upgrade_same_level(x->level, y->level) || group_x != group_y)
        return false;
    if (group_x)
        return x->item->u.group->name.text == y->item->u.group->name.text;
    struct subject s = subject_of(a, x), t = subject_of(a, y);
    return subject_meets(&s, &t);
}
