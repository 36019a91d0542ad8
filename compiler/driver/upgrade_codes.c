/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of code tables compared, as lines are in upgrade.c. */
#include <string.h>

#include "base/buf.h"
#include "driver/upgrade.h"
#include "sema/layers.h"
#include "syntax/write.h"

struct row {
    struct tcode code;
    bool done;
};
typedef VEC(struct row) row_vec;

struct rows {
    struct session *session;
    struct upgrade *upgrade;
    const char *in;
    row_vec was, is;
};

static struct upgrade_part
part_of(struct session *s, const struct tcode *c)
{
    struct upgrade_part p = { .at = c->at };
    struct buf b;

    buf_init(&b, s->arena);
    if (c->context != NULL) {
        write_text(&b, c->context);
        buf_text(&b, " : ");
    }
    write_text(&b, c->left);
    buf_printf(&b, " %s ", arrow_text(c->arrow));
    write_text(&b, c->right);
    p.text = b.at;
    return p;
}

static void
add(struct rows *r, enum upgrade_kind kind, const struct row *was,
    const struct row *is, const struct tcode *own, const char *word)
{
    struct session *s = r->session;
    struct upgrade_part w, i, o;

    if (was != NULL)
        w = part_of(s, &was->code);
    if (is != NULL)
        i = part_of(s, &is->code);
    if (own != NULL) {
        o = part_of(s, own);
        o.word = word;
    }
    upgrade_add(s, r->upgrade, kind, r->in, was != NULL ? &w : NULL,
                is != NULL ? &i : NULL, own != NULL ? &o : NULL);
}

/* The rows that a row of the layer stands against: their number, the first. */
static size_t
touch(row_vec *rows, const struct code_change *c, const struct tcode *own,
      struct row **first)
{
    size_t n = 0;

    *first = NULL;
    for (size_t i = 0; i < rows->n; i++) {
        if (c->kind == CHANGE_REMOVE
                ? !layer_rows_equal(&rows->at[i].code, own)
                : !layer_rows_meet(&rows->at[i].code, own))
            continue;
        if (n++ == 0)
            *first = &rows->at[i];
        rows->at[i].done = true;
    }
    return n;
}

static const char *
literal(const struct expr *e)
{
    return e != NULL && e->kind == EXPR_TEXT ? e->u.text : "";
}

static void
compare_change(struct rows *r, const struct code_change *c)
{
    struct tcode own = { .left = literal(c->row->left),
                         .right = literal(c->row->right),
                         .arrow = c->row->arrow, .at = c->at };
    const char *word = c->kind == CHANGE_ADD ? "add"
                       : c->kind == CHANGE_REMOVE ? "remove" : "replace";
    struct row *was, *is;

    if (c->row->context != NULL)
        own.context = literal(c->row->context);
    size_t before = touch(&r->was, c, &own, &was);
    size_t now = touch(&r->is, c, &own, &is);
    if (c->kind != CHANGE_REMOVE && now == 1 &&
        layer_rows_equal(&is->code, &own))
        add(r, UPGRADE_SAME_NOW, was, is, &own, word);
    else if (c->kind == CHANGE_ADD && now > 0)
        add(r, UPGRADE_BOTH_ADDED, was, is, &own, word);
    else if (c->kind != CHANGE_ADD && now == 0)
        add(r, UPGRADE_SOURCE_GONE, was, is, &own, word);
    else if (c->kind == CHANGE_REPLACE &&
             (before != now || !layer_rows_equal(&was->code, &is->code)))
        add(r, UPGRADE_OVERRIDDEN, was, is, &own, word);
    else
        r->upgrade->own++;
}

static struct row *
find(row_vec *rows, const struct tcode *c, bool equal)
{
    for (size_t i = 0; i < rows->n; i++)
        if (!rows->at[i].done &&
            (equal ? layer_rows_equal(&rows->at[i].code, c)
                   : layer_rows_meet(&rows->at[i].code, c)))
            return &rows->at[i];
    return NULL;
}

static void
compare_rest(struct rows *r)
{
    struct row *was;

    for (size_t i = 0; i < r->is.n; i++) {
        struct row *is = &r->is.at[i];

        if (is->done || (was = find(&r->was, &is->code, true)) == NULL)
            continue;
        was->done = is->done = true;
        r->upgrade->inherited++;
    }
    for (size_t i = 0; i < r->is.n; i++) {
        if (r->is.at[i].done)
            continue;
        was = find(&r->was, &r->is.at[i].code, false);
        add(r, was != NULL ? UPGRADE_CHANGED : UPGRADE_NEW, was,
            &r->is.at[i], NULL, NULL);
        if (was != NULL)
            was->done = true;
    }
    for (size_t i = 0; i < r->was.n; i++)
        if (!r->was.at[i].done)
            add(r, UPGRADE_GONE, &r->was.at[i], NULL, NULL, NULL);
}

static const struct tcodes *
table_of(const struct tprogram *p, const char *name)
{
    for (size_t i = 0; i < p->layers.tables.n; i++)
        if (p->layers.tables.at[i]->name == name)
            return p->layers.tables.at[i];
    return NULL;
}

static row_vec
rows_of(struct session *s, const struct tcodes *t)
{
    row_vec v = { 0 };

    for (size_t i = 0; t != NULL && i < t->rows.n; i++)
        vec_push(s->arena, &v, ((struct row){ t->rows.at[i], false }));
    return v;
}

static void
compare_table(struct session *s, struct upgrade *u, const char *name,
              const struct upgrade_side *was, const struct upgrade_side *is,
              enum layer_rank rank)
{
    struct rows r = {
        .session = s, .upgrade = u,
        .in = arena_printf(s->arena, "codes %s", name),
        .was = rows_of(s, table_of(was->below, name)),
        .is = rows_of(s, table_of(is->below, name))
    };

    for (size_t i = 0; i < is->all->layers.extends.n; i++) {
        const struct textend *x = &is->all->layers.extends.at[i];

        if (x->rank != rank || x->ast->kind != EXTEND_CODES ||
            x->ast->name.text != name)
            continue;
        for (size_t k = 0; k < x->ast->codes.n; k++)
            compare_change(&r, &x->ast->codes.at[k]);
    }
    compare_rest(&r);
}

void
upgrade_codes(struct session *s, struct upgrade *u,
              const struct upgrade_side *was, const struct upgrade_side *is,
              enum layer_rank rank)
{
    const struct tlayers *now = &is->below->layers;
    const struct tlayers *before = &was->below->layers;

    for (size_t i = 0; i < now->tables.n; i++)
        compare_table(s, u, now->tables.at[i]->name, was, is, rank);
    for (size_t i = 0; i < before->tables.n; i++)
        if (table_of(is->below, before->tables.at[i]->name) == NULL)
            compare_table(s, u, before->tables.at[i]->name, was, is, rank);
}
