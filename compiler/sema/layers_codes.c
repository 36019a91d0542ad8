/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of code tables that a layer changes. A row is named by what it says: a
 * new one stands against all that say something else of one of its values.
 */
#include <string.h>

#include "sema/layers.h"

static bool
ways_meet(const struct tcode *a, const struct tcode *b, enum arrow way)
{
    return (a->arrow == ARROW_BOTH || a->arrow == way) &&
           (b->arrow == ARROW_BOTH || b->arrow == way);
}

static bool
same_context(const struct tcode *a, const struct tcode *b)
{
    if (a->context == NULL || b->context == NULL)
        return a->context == b->context;
    return strcmp(a->context, b->context) == 0;
}

bool
layer_rows_meet(const struct tcode *a, const struct tcode *b)
{
    return same_context(a, b) &&
           ((ways_meet(a, b, ARROW_RIGHT) && strcmp(a->left, b->left) == 0) ||
            (ways_meet(a, b, ARROW_LEFT) && strcmp(a->right, b->right) == 0));
}

bool
layer_rows_equal(const struct tcode *a, const struct tcode *b)
{
    return same_context(a, b) && a->arrow == b->arrow &&
           strcmp(a->left, b->left) == 0 && strcmp(a->right, b->right) == 0;
}

static void
no_such_row(struct env *env, const struct tcodes *t,
            const struct code_change *c)
{
    struct diag *d = diag_add(env->diags, DIAG_CHANGE_NOT_THERE, c->at,
                              "codes %s has no such row", t->name);

    diag_note(d, NOTE_HELP, c->kind == CHANGE_REPLACE
              ? "where it is new, write `add`"
              : "write the row as it stands there");
}

static void
row_is_there(struct env *env, const struct tcodes *t,
             const struct code_change *c, const struct tcode *there)
{
    struct diag *d = diag_add(env->diags, DIAG_CHANGE_THERE, c->at,
                              "codes %s says already what becomes of one of "
                              "these", t->name);

    if (there->at.file != 0)
        diag_label(d, there->at, "here");
    diag_note(d, NOTE_HELP, "to change it, write `replace`");
}

/* False, and reported, where this layer said something of it before. */
static bool
touch_row(struct env *env, const struct tcodes *t, const struct tcode *row,
          enum layer_rank rank)
{
    struct touched_row touched = { t, *row, rank };

    for (size_t i = 0; i < env->touched_rows.n; i++) {
        const struct touched_row *o = &env->touched_rows.at[i];

        if (o->codes == t && o->rank == rank && layer_rows_meet(&o->row, row)) {
            layer_clash(env, rank, row->at, o->row.at);
            return false;
        }
    }
    vec_push(env->arena, &env->touched_rows, touched);
    return true;
}

static void
note_removed(struct env *env, const struct tcodes *t,
             const struct tcode *row, const struct code_change *c)
{
    struct tremoved r = { .from = t->name, .row = *row, .at = c->at };

    vec_push(env->arena, &env->program->layers.removed, r);
}

static void
change_row(struct env *env, struct tcodes *t, const struct code_change *c,
           enum layer_rank rank)
{
    struct tcode row = codes_row_of(env, c->row);
    size_t kept = 0, place = (size_t)-1;

    if (t->rows.n > 0 && t->context != (row.context != NULL)) {
        diag_add(env->diags, DIAG_CODE_CONTEXT, c->at, t->context
                 ? "the rows of codes %s have a context, this one has none"
                 : "the rows of codes %s have no context", t->name);
        return;
    }
    t->context |= row.context != NULL;
    if (!touch_row(env, t, &row, rank))
        return;
    for (size_t i = 0; i < t->rows.n; i++) {
        struct tcode *old = &t->rows.at[i];

        if (c->kind == CHANGE_REMOVE ? layer_rows_equal(old, &row)
                                     : layer_rows_meet(old, &row)) {
            if (c->kind == CHANGE_ADD) {
                row_is_there(env, t, c, old);
                return;
            }
            place = place == (size_t)-1 ? kept : place;
            note_removed(env, t, old, c);
            if (c->kind == CHANGE_REPLACE && place == kept)
                t->rows.at[kept++] = row;
            continue;
        }
        t->rows.at[kept++] = *old;
    }
    t->rows.n = kept;
    if (c->kind == CHANGE_ADD)
        vec_push(env->arena, &t->rows, row);
    else if (place == (size_t)-1)
        no_such_row(env, t, c);
}

void
layer_change_codes(struct env *env, struct tcodes *t,
                   const struct extend_item *extend, enum layer_rank rank)
{
    size_t before = diags_errors(env->diags);

    if (t->final) {
        layer_final(env, extend->name.at, t->at, "this code table");
        return;
    }
    for (size_t i = 0; i < extend->codes.n; i++)
        change_row(env, t, &extend->codes.at[i], rank);
    t->changed = rank;
    if (!t->broken && diags_errors(env->diags) == before)
        codes_check(env, t);
    t->broken |= diags_errors(env->diags) > before;
}
