/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of maps compared: the package's as they were and are, and a layer's. */
#include "driver/upgrade.h"

#include <string.h>

#include "sema/layers.h"

void
upgrade_add(struct session *s, struct upgrade *u, enum upgrade_kind kind,
            const char *in, const struct upgrade_part *was,
            const struct upgrade_part *is, const struct upgrade_part *own)
{
    struct upgrade_line l = { .kind = kind, .in = in };

    if (was != NULL) {
        l.was = was->text;
        l.was_at = was->at;
    }
    if (is != NULL) {
        l.is = is->text;
        l.is_at = is->at;
    }
    if (own != NULL) {
        l.own = own->word == NULL ? own->text
                : arena_printf(s->arena, "%s %s", own->word, own->text);
        l.own_at = own->at;
    }
    vec_push(s->arena, &u->lines, l);
}

size_t
upgrade_to_decide(const struct upgrade *u)
{
    size_t n = 0;

    for (size_t i = 0; i < u->lines.n; i++)
        n += u->lines.at[i].kind < UPGRADE_CHANGED;
    return n;
}

/* --- what the layer has a word on --- */

/* Whether a line stands below one of these lists. */
static bool
is_below(const upgrade_parts *lists, const struct upgrade_part *line)
{
    for (size_t i = 0; i < lists->n; i++)
        for (const struct upgrade_level *l = line->level; l->outer != NULL;
             l = l->outer)
            if (lists->at[i].item->kind == ITEM_EACH &&
                lists->at[i].item->u.each->left == l->left)
                return true;
    return false;
}

/* The lines that a change speaks of, and what stands below them: marked, as
 * they are dealt with here. */
static upgrade_parts
touched(struct session *s, const struct upgrade_part *change,
        upgrade_parts *lines)
{
    upgrade_parts out = { 0 };

    for (size_t i = 0; i < lines->n; i++) {
        struct upgrade_part *l = &lines->at[i];

        if (!upgrade_meets(s->arena, change, l) && !is_below(&out, l))
            continue;
        vec_push(s->arena, &out, *l);
        l->done = true;
    }
    return out;
}

static bool
same_parts(const upgrade_parts *x, const upgrade_parts *y)
{
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->at[i].text, y->at[i].text) != 0)
            return false;
    return true;
}

static void
compare_change(struct session *s, struct upgrade *u,
               const struct upgrade_part *own, upgrade_parts *was,
               upgrade_parts *is)
{
    upgrade_parts before = touched(s, own, was);
    upgrade_parts now = touched(s, own, is);
    const struct upgrade_part *w = before.n > 0 ? &before.at[0] : NULL;
    const struct upgrade_part *i = now.n > 0 ? &now.at[0] : NULL;
    bool adds = own->change->kind == CHANGE_ADD;
    bool same = now.n == 1 && own->item != NULL &&
                own->item->kind != ITEM_EACH && strcmp(i->text, own->text) == 0;

    if (same)
        upgrade_add(s, u, UPGRADE_SAME_NOW, own->level->text, w, i, own);
    else if (adds && i != NULL)
        upgrade_add(s, u, UPGRADE_BOTH_ADDED, own->level->text, w, i, own);
    else if (!adds && i == NULL)
        upgrade_add(s, u, UPGRADE_SOURCE_GONE, own->level->text, w, i, own);
    else if (!adds && !same_parts(&before, &now))
        upgrade_add(s, u, UPGRADE_OVERRIDDEN, own->level->text, w, i, own);
    else
        u->own++;
}

/* --- what it has none on --- */

static struct upgrade_part *
find_same(upgrade_parts *in, const struct upgrade_part *p)
{
    for (size_t i = 0; i < in->n; i++)
        if (!in->at[i].done && upgrade_same_level(in->at[i].level, p->level) &&
            strcmp(in->at[i].text, p->text) == 0)
            return &in->at[i];
    return NULL;
}

static struct upgrade_part *
find_other(struct session *s, upgrade_parts *in, const struct upgrade_part *p)
{
    for (size_t i = 0; i < in->n; i++)
        if (!in->at[i].done && upgrade_meets(s->arena, &in->at[i], p))
            return &in->at[i];
    return NULL;
}

static void
compare_rest(struct session *s, struct upgrade *u, upgrade_parts *was,
             upgrade_parts *is)
{
    struct upgrade_part *w;

    for (size_t i = 0; i < is->n; i++) {
        if (is->at[i].done || (w = find_same(was, &is->at[i])) == NULL)
            continue;
        w->done = is->at[i].done = true;
        u->inherited++;
    }
    for (size_t i = 0; i < is->n; i++) {
        if (is->at[i].done)
            continue;
        w = find_other(s, was, &is->at[i]);
        upgrade_add(s, u, w != NULL ? UPGRADE_CHANGED : UPGRADE_NEW,
                    is->at[i].level->text, w, &is->at[i], NULL);
        if (w != NULL)
            w->done = true;
    }
    for (size_t i = 0; i < was->n; i++)
        if (!was->at[i].done)
            upgrade_add(s, u, UPGRADE_GONE, was->at[i].level->text,
                        &was->at[i], NULL, NULL);
}

struct upgrade *
upgrade_compare(struct session *s, const struct upgrade_side *was,
                const struct upgrade_side *is, enum layer_rank rank)
{
    struct upgrade *u = arena_alloc(s->arena, sizeof *u);
    upgrade_parts before = upgrade_lines_of(s->arena, was->below);
    upgrade_parts now = upgrade_lines_of(s->arena, is->below);
    upgrade_parts own = upgrade_changes_of(s->arena, is->all, rank);

    for (size_t i = 0; i < own.n; i++)
        compare_change(s, u, &own.at[i], &before, &now);
    compare_rest(s, u, &before, &now);
    upgrade_codes(s, u, was, is, rank);
    upgrade_rest(s, u, was, is, rank);
    return u;
}
