/* SPDX-License-Identifier: Apache-2.0 */
/* Directions: a function for each list and each direction that runs the rules
 * in their order, and the tables that the program finds them by. */
#include "emit/parts.h"

#include <stdio.h>

/* --- conditions --- */

static void
emit_condition_target(struct cwriter *w, const struct pcondition *c)
{
    cw_table(w, "static const struct mr_target", c->target.c_name, " =");
    cw_field_string(w, "at", c->target.at);
    cw_field_string(w, "rule", c->target.rule);
    cw_field_string(w, "field", c->target.field);
    cw_line(w, ".type = %s,", c->target.type);
    cw_line(w, ".fate = %s,", c->target.fate);
    cw_field_string(w, "fallback", c->target.fallback);
    cw_close(w, ";");
    cw_blank(w);
}

static const struct pexpr *
holds(struct cwriter *w, const struct pcondition *c)
{
    struct pexpr *e = arena_alloc(w->out.arena, sizeof *e);
    struct pexpr *cx = arena_alloc(w->out.arena, sizeof *cx);
    struct pexpr *target = arena_alloc(w->out.arena, sizeof *target);

    *cx = (struct pexpr){ .kind = PEXPR_C, .text = "cx" };
    *target = (struct pexpr){
        .kind = PEXPR_C,
        .text = arena_printf(w->out.arena, "&%s", c->target.c_name)
    };
    *e = (struct pexpr){ .kind = PEXPR_CALL, .text = "mr_holds" };
    vec_push(w->out.arena, &e->args, (const struct pexpr *)cx);
    vec_push(w->out.arena, &e->args, (const struct pexpr *)target);
    vec_push(w->out.arena, &e->args, c->test);
    return e;
}

static void
emit_guards(struct cwriter *w, const struct plevel *l, int to,
            const char *leave)
{
    for (size_t i = 0; i < l->where[to].n; i++) {
        cw_expr(w, "if (!", holds(w, l->where[to].at[i]), NULL, ")");
        w->depth++;
        cw_line(w, "%s;", leave);
        w->depth--;
    }
}

/* --- lists --- */

static void
emit_items(struct cwriter *w, const struct plevel *l, int to)
{
    for (size_t i = 0; i < l->items[to].n; i++) {
        const struct pitem *item = &l->items[to].at[i];

        cw_line(w, "%s(cx, at);",
                item->step != NULL ? item->step->c_name
                                   : item->level->c_name[to]);
    }
}

/* at->FRAME = FUNCTION(A, B, sizeof *at->FRAME); */
static void
emit_set_row(struct cwriter *w, const char *frame, const char *function,
             const char *a, const char *b)
{
    const char *texts[] = { a, b,
                            arena_printf(w->out.arena, "sizeof *at->%s",
                                         frame) };
    struct pexpr call = { .kind = PEXPR_CALL, .text = function };

    for (size_t i = 0; i < 3; i++) {
        struct pexpr *arg = arena_alloc(w->out.arena, sizeof *arg);

        *arg = (struct pexpr){ .kind = PEXPR_C, .text = texts[i] };
        vec_push(w->out.arena, &call.args, (const struct pexpr *)arg);
    }
    cw_expr(w, arena_printf(w->out.arena, "at->%s = ", frame), &call, NULL,
            ";");
}

static void
emit_add_row(struct cwriter *w, const char *frame, const char *rows)
{
    emit_set_row(w, frame, "mr_row_add", "cx", rows);
    cw_line(w, "if (at->%s == NULL)", frame);
    w->depth++;
    cw_line(w, "return;");
    w->depth--;
}

/* One row, made of the record around the list. */
static void
emit_one_row(struct cwriter *w, const struct plevel *l, int to)
{
    emit_guards(w, l, to, "return");
    emit_add_row(w, l->frame[to],
                 arena_printf(w->out.arena, "&%s", l->rows[to]));
    emit_items(w, l, to);
}

static void
emit_loop(struct cwriter *w, const struct plevel *l, int to)
{
    int from = 1 - to;

    cw_line(w, "struct mr_rows *from = &%s;", l->rows[from]);
    if (l->rows[to] != NULL)
        cw_line(w, "struct mr_rows *to = &%s;", l->rows[to]);
    cw_blank(w);
    if (l->rows[to] != NULL)
        cw_line(w, "mr_rows_begin(to, from);");
    cw_open(w, "for (uint32_t i = 0; i < from->n; i++)");
    emit_set_row(w, l->frame[from], "mr_row", "from", "i");
    emit_guards(w, l, to, "continue");
    if (l->rows[to] != NULL)
        emit_add_row(w, l->frame[to], "to");
    emit_items(w, l, to);
    cw_close(w, "");
}

/* NAME(struct mr_cx *cx, struct MAP_at *at) */
static void
emit_head(struct cwriter *w, const char *name, const char *map)
{
    struct pexpr parts[] = {
        { .kind = PEXPR_CALL, .text = name },
        { .kind = PEXPR_C, .text = "struct mr_cx *cx" },
        { .kind = PEXPR_C,
          .text = arena_printf(w->out.arena, "struct %s_at *at", map) },
    };

    vec_push(w->out.arena, &parts[0].args, (const struct pexpr *)&parts[1]);
    vec_push(w->out.arena, &parts[0].args, (const struct pexpr *)&parts[2]);
    cw_expr(w, "", &parts[0], NULL, "");
}

static void
emit_level(struct cwriter *w, const struct pmap *map, const struct plevel *l,
           int to)
{
    for (size_t i = 0; i < l->where[to].n; i++)
        emit_condition_target(w, l->where[to].at[i]);
    cw_comment(w, "%s  %s", l->place, l->text);
    cw_line(w, "static void");
    emit_head(w, l->c_name[to], map->c_name);
    cw_open(w, "%s", "");
    if (l->rows[1 - to] == NULL)
        emit_one_row(w, l, to);
    else
        emit_loop(w, l, to);
    cw_close(w, "");
    cw_blank(w);
}

/* --- the whole map --- */

void
emit_takes_part(struct cwriter *w, const struct pmap *map,
                const struct plevel *l, int to, const char *c_name)
{
    for (size_t i = 0; i < l->where[to].n; i++)
        cw_comment(w, "%s  where %s", l->where[to].at[i]->place,
                   l->where[to].at[i]->text);
    cw_line(w, "static bool");
    cw_line(w, "%s(struct mr_cx *cx, void *frame)", c_name);
    cw_open(w, "%s", "");
    cw_line(w, "struct %s_at *at = frame;", map->c_name);
    cw_blank(w);
    emit_guards(w, l, to, "return false");
    cw_line(w, "return true;");
    cw_close(w, "");
    cw_blank(w);
}

static void
emit_takes(struct cwriter *w, const struct pmap *map, int to)
{
    if (map->c_takes[to] == NULL)
        return;
    for (size_t i = 0; i < map->root->where[to].n; i++)
        emit_condition_target(w, map->root->where[to].at[i]);
    emit_takes_part(w, map, map->root, to, map->c_takes[to]);
}

static void
emit_flow(struct cwriter *w, const struct pmap *map, int to)
{
    const char *name = map->root->c_name[to];

    if (name == NULL)
        return;
    emit_takes(w, map, to);
    cw_comment(w, "%s: from %s to %s", map->name, map->systems[1 - to],
               map->systems[to]);
    cw_line(w, "static void");
    cw_line(w, "%s(struct mr_cx *cx, void *frame)", name);
    cw_open(w, "%s", "");
    /* The request of a call may say nothing. */
    if (map->root->items[to].n == 0) {
        cw_line(w, "(void)cx;");
        cw_line(w, "(void)frame;");
    } else {
        cw_line(w, "struct %s_at *at = frame;", map->c_name);
        cw_blank(w);
        emit_items(w, map->root, to);
    }
    cw_close(w, "");
    cw_blank(w);
    cw_open(w, "static const struct mr_flow %s_flow =", name);
    cw_line(w, ".from = &%s,", map->docs[1 - to].c_name);
    cw_line(w, ".to = &%s,", map->docs[to].c_name);
    if (map->c_takes[to] != NULL)
        cw_line(w, ".takes = %s,", map->c_takes[to]);
    cw_line(w, ".run = %s,", name);
    if (map->targets[to].n > 0) {
        cw_line(w, ".targets = %s_targets,", name);
        cw_line(w, ".n_targets = %zu,", map->targets[to].n);
    }
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_target_lists(struct cwriter *w, const struct pmap *map)
{
    for (int to = PLAN_RIGHT; to >= PLAN_LEFT; to--) {
        const char *name = map->root->c_name[to];

        if (name == NULL || map->targets[to].n == 0)
            continue;
        cw_table(w, "static const struct mr_target *const", name,
                 "_targets[] =");
        for (size_t i = 0; i < map->targets[to].n; i++)
            cw_item(w, "&%s", map->targets[to].at[i]->c_name);
        cw_items_end(w);
        cw_close(w, ";");
        cw_blank(w);
    }
}

void
emit_flows(struct cwriter *w, const struct pmap *map)
{
    for (int to = PLAN_RIGHT; to >= PLAN_LEFT; to--) {
        for (size_t i = 0; i < map->levels.n; i++) {
            const struct plevel *l = map->levels.at[i];

            if (l != map->root && l->c_name[to] != NULL)
                emit_level(w, map, l, to);
        }
        emit_flow(w, map, to);
    }
}

/* --- tables --- */

static void
emit_changes(struct cwriter *w, const struct ppair *p, int side,
             const char *name)
{
    char field[16];

    if (p->changes[side] == NULL)
        return;
    snprintf(field, sizeof field, "%s_changes", name);
    cw_field_string(w, field, p->changes[side]);
    snprintf(field, sizeof field, "%s_by", name);
    cw_field_string(w, field, p->changed_by[side]);
}

static void
emit_pair(struct cwriter *w, const struct ppair *p)
{
    cw_open(w, "%s", "");
    cw_field_string(w, "at", p->place);
    cw_field_string(w, "rule", p->text);
    if (p->lossy)
        cw_line(w, ".lossy = true,");
    if (p->canonical)
        cw_line(w, ".canonical = true,");
    cw_field_string(w, "promise", p->promise);
    if (p->unproven != NULL)
        cw_field_string(w, "unproven", p->unproven);
    emit_changes(w, p, PLAN_LEFT, "left");
    emit_changes(w, p, PLAN_RIGHT, "right");
    if (p->keeps[PLAN_LEFT])
        cw_line(w, ".keeps_left = true,");
    if (p->keeps[PLAN_RIGHT])
        cw_line(w, ".keeps_right = true,");
    if (p->made[PLAN_LEFT])
        cw_line(w, ".made_left = true,");
    if (p->made[PLAN_RIGHT])
        cw_line(w, ".made_right = true,");
    cw_line(w, ".left = %s,", p->to_right->c_reads);
    cw_line(w, ".n_left = %u,", (unsigned)p->to_right->n_values);
    cw_line(w, ".right = %s,", p->to_left->c_reads);
    cw_line(w, ".n_right = %u,", (unsigned)p->to_left->n_values);
    if (p->c_given != NULL) {
        cw_line(w, ".given = %s,", p->c_given);
        cw_line(w, ".n_given = %zu,", p->given.n);
    }
    cw_line(w, ".to_right = %s,", p->to_right->c_name);
    cw_line(w, ".to_left = %s,", p->to_left->c_name);
    cw_close(w, ",");
}

void
emit_map_table(struct cwriter *w, const struct pmap *map)
{
    cw_open(w, "static const struct mr_frame_slot frame_slots[] =");
    for (size_t i = 0; i < map->frame.n; i++) {
        cw_row(w);
        cw_row_add(w, "offsetof(struct %s_at, %s)", map->c_name,
                   map->frame.at[i].c_name);
        cw_row_add(w, "sizeof(struct %s)", map->frame.at[i].shape->c_name);
        cw_row_end(w);
    }
    cw_close(w, ";");
    cw_blank(w);
    if (map->pairs.n > 0) {
        cw_open(w, "static const struct mr_pair pairs[] =");
        for (size_t i = 0; i < map->pairs.n; i++)
            emit_pair(w, &map->pairs.at[i]);
        cw_close(w, ";");
        cw_blank(w);
    }
    cw_open(w, "const struct mr_map map_%s =", map->c_name);
    cw_field_string(w, "name", map->name);
    cw_field_string(w, "title", map->title);
    if (map->root->c_name[PLAN_RIGHT] != NULL)
        cw_line(w, ".to_right = &%s_flow,", map->root->c_name[PLAN_RIGHT]);
    if (map->root->c_name[PLAN_LEFT] != NULL)
        cw_line(w, ".to_left = &%s_flow,", map->root->c_name[PLAN_LEFT]);
    cw_field_string(w, "left", map->systems[PLAN_LEFT]);
    cw_field_string(w, "right", map->systems[PLAN_RIGHT]);
    cw_line(w, ".frame_size = sizeof(struct %s_at),", map->c_name);
    cw_line(w, ".frame = frame_slots,");
    cw_line(w, ".n_frame = %zu,", map->frame.n);
    if (map->pairs.n > 0) {
        cw_line(w, ".pairs = pairs,");
        cw_line(w, ".n_pairs = %zu,", map->pairs.n);
    }
    if (map->repl != NULL)
        cw_line(w, ".repl = &repl,");
    cw_close(w, ";");
}
