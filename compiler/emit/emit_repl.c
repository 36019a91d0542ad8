/* SPDX-License-Identifier: Apache-2.0 */
/* What replication knows of a map: the tables of mr/repl.h. */
#include "emit/parts.h"

#include <string.h>

static const char *const sides[] = { "MR_LEFT", "MR_RIGHT" };

static const char *
truth(bool b)
{
    return b ? "true" : "false";
}

/* `.name = { left, right },`; nothing where both are NULL. */
static void
emit_two(struct cwriter *w, const char *name, const char *left,
         const char *right)
{
    struct pexpr parts[] = { { .kind = PEXPR_C, .text = left },
                             { .kind = PEXPR_C, .text = right } };

    if (left == NULL && right == NULL)
        return;
    for (int i = 0; i < 2; i++)
        if (parts[i].text == NULL)
            parts[i].text = "NULL";
    cw_open(w, ".%s =", name);
    cw_expr(w, "", &parts[0], NULL, ",");
    cw_expr(w, "", &parts[1], NULL, ",");
    cw_close(w, ",");
}

static void
emit_two_truths(struct cwriter *w, const char *name, const bool at[2])
{
    cw_line(w, ".%s = { %s, %s },", name, truth(at[PLAN_LEFT]),
            truth(at[PLAN_RIGHT]));
}

/* offsetof(struct TAG, MEMBER), or MR_NOWHERE. */
static const char *
offset(struct cwriter *w, const char *tag, const char *member)
{
    if (member == NULL)
        return "MR_NOWHERE";
    return arena_printf(w->out.arena, "offsetof(struct %s, %s)", tag, member);
}

/* --- tables that others point to --- */

static void
emit_step_tables(struct cwriter *w, const struct pmap *map,
                 const struct pstep *s)
{
    emit_fields(w, map, s->c_fields, s->fields.at, s->fields.n);
    cw_table(w, "static const struct mr_target *const", s->c_targets,
             "[] =");
    for (size_t i = 0; i < s->targets.n; i++)
        cw_line(w, "&%s,", s->targets.at[i]->c_name);
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_parts(struct cwriter *w, const struct pmap *map)
{
    const struct prepl *r = map->repl;

    for (size_t i = 0; i < map->steps.n; i++)
        emit_step_tables(w, map, map->steps.at[i]);
    for (size_t i = 0; i < r->fields.n; i++)
        emit_fields(w, map, r->fields.at[i]->c_name,
                    &r->fields.at[i]->field, 1);
    for (size_t i = 0; i < r->levels.n; i++)
        for (int to = PLAN_RIGHT; to >= PLAN_LEFT; to--)
            if (r->levels.at[i].c_takes[to] != NULL)
                emit_takes_part(w, map, r->levels.at[i].level, to,
                                r->levels.at[i].c_takes[to]);
}

/* --- rules --- */

static void
emit_decider(struct cwriter *w, const struct pdecider *d)
{
    struct buf b;

    buf_init(&b, w->out.arena);
    buf_printf(&b, "{ .policy = %s", d->policy);
    if (d->side != 0)
        buf_printf(&b, ", .side = %s", sides[d->side]);
    if (d->by != NULL)
        buf_printf(&b, ", .by = %s, .by_side = %s", d->by->c_name,
                   sides[d->by_side]);
    buf_text(&b, " },");
    if (4 * w->depth + strlen(".decider = ") + b.n <= CW_COLUMNS) {
        cw_line(w, ".decider = %s", b.at);
        return;
    }
    cw_line(w, ".decider =");
    w->depth++;
    cw_line(w, "%s", b.at);
    w->depth--;
}

static void
emit_rule_sides(struct cwriter *w, const struct prule *r)
{
    const struct pstep *left = r->steps[PLAN_LEFT];
    const struct pstep *right = r->steps[PLAN_RIGHT];
    bool runs[2] = { left != NULL, right != NULL };

    emit_two_truths(w, "runs", runs);
    emit_two(w, "fields", left == NULL ? NULL : left->c_fields,
             right == NULL ? NULL : right->c_fields);
    cw_line(w, ".n_fields = { %zu, %zu },",
            left == NULL ? (size_t)0 : left->fields.n,
            right == NULL ? (size_t)0 : right->fields.n);
    emit_two(w, "targets", left == NULL ? NULL : left->c_targets,
             right == NULL ? NULL : right->c_targets);
    emit_two(w, "reads", left == NULL ? NULL : left->c_reads,
             right == NULL ? NULL : right->c_reads);
    cw_line(w, ".n_reads = { %zu, %zu },",
            left == NULL ? (size_t)0 : left->reads.n,
            right == NULL ? (size_t)0 : right->reads.n);
    emit_two(w, "set", left == NULL ? NULL : left->c_name,
             right == NULL ? NULL : right->c_name);
}

static void
emit_rule(struct cwriter *w, const struct prule *r)
{
    cw_open(w, "%s", "");
    cw_field_string(w, "at", r->place);
    cw_field_string(w, "rule", r->text);
    if (r->level != 0)
        cw_line(w, ".level = %u,", r->level);
    if (r->group != 0)
        cw_line(w, ".group = %u,", r->group);
    if (r->key)
        cw_line(w, ".key = true,");
    if (r->remember)
        cw_line(w, ".remember = true,");
    if (r->personal)
        cw_line(w, ".personal = true,");
    if (r->constant)
        cw_line(w, ".constant = true,");
    emit_decider(w, &r->decider);
    emit_rule_sides(w, r);
    cw_close(w, ",");
}

/* --- lists --- */

static const char *
shape_of(struct cwriter *w, const struct plevel *l, int side)
{
    if (l->frame[side] == NULL)
        return NULL;
    return arena_printf(w->out.arena, "&%s_shape", l->shape[side]->c_name);
}

static void
emit_level_side(struct cwriter *w, const struct pmap *map,
                const struct plevel *l)
{
    const char *at = arena_printf(w->out.arena, "%s_at", map->c_name);
    const char *frame[2], *rows[2], *size[2];

    for (int s = PLAN_LEFT; s <= PLAN_RIGHT; s++) {
        frame[s] = offset(w, at, l->frame[s]);
        rows[s] = l->holder[s] == NULL
                      ? "MR_NOWHERE"
                      : offset(w, l->holder[s]->c_name, l->list[s]);
        size[s] = l->frame[s] == NULL
                      ? "0"
                      : arena_printf(w->out.arena, "sizeof(struct %s)",
                                     l->shape[s]->c_name);
    }
    emit_two(w, "frame", frame[PLAN_LEFT], frame[PLAN_RIGHT]);
    emit_two(w, "rows", rows[PLAN_LEFT], rows[PLAN_RIGHT]);
    emit_two(w, "size", size[PLAN_LEFT], size[PLAN_RIGHT]);
    emit_two(w, "shape", shape_of(w, l, PLAN_LEFT),
             shape_of(w, l, PLAN_RIGHT));
}

static void
emit_level(struct cwriter *w, const struct pmap *map, const struct prlevel *r)
{
    cw_open(w, "%s", "");
    cw_field_string(w, "name", r->name);
    if (r->outer != 0)
        cw_line(w, ".outer = %u,", r->outer);
    emit_two_truths(w, "runs", r->runs);
    if (r->level->by_position)
        cw_line(w, ".by_position = true,");
    cw_line(w, ".rules = %u,", r->rules);
    cw_line(w, ".n_rules = %u,", r->n_rules);
    cw_line(w, ".n_match = %u,", r->n_match);
    emit_level_side(w, map, r->level);
    emit_two(w, "takes", r->c_takes[PLAN_LEFT], r->c_takes[PLAN_RIGHT]);
    cw_close(w, ",");
}

/* --- the map --- */

static void
emit_deletion(struct cwriter *w, const struct pdeletion *d)
{
    cw_open(w, "%s", "");
    cw_line(w, ".what = %s,", d->what);
    if (d->field != NULL)
        cw_line(w, ".field = %s,", d->field->c_name);
    cw_field_string(w, "value", d->value);
    cw_close(w, ",");
}

static void
emit_schedule(struct cwriter *w, const struct pschedule *s)
{
    cw_row(w);
    cw_row_add(w, ".trigger = %s", s->trigger);
    if (s->every != 0)
        cw_row_add(w, ".every = %u", (unsigned)s->every);
    if (s->overlap != 0)
        cw_row_add(w, ".overlap = %u", (unsigned)s->overlap);
    if (s->sweep != 0)
        cw_row_add(w, ".sweep = %u", (unsigned)s->sweep);
    cw_row_end(w);
}

static void
emit_offset(struct cwriter *w, const char *name, const char *tag,
            const char *member)
{
    if (member == NULL)
        cw_line(w, ".%s = MR_NOWHERE,", name);
    else
        cw_field_offset(w, name, tag, member);
}

static void
emit_tech(struct cwriter *w, const struct pmap *map, int side)
{
    const struct ptech *t = &map->repl->tech[side];
    const char *tag = map->docs[side].shape->c_name;

    cw_open(w, "%s", "");
    cw_field_string(w, "object", t->object);
    cw_field_string(w, "set", t->set);
    cw_field_string(w, "id_name", t->id_name);
    emit_offset(w, "id", tag, t->id);
    emit_offset(w, "etag", tag, t->etag);
    emit_offset(w, "changed", tag, t->changed);
    cw_field_string(w, "changed_name", t->changed_name);
    cw_field_string(w, "select", t->select);
    cw_field_string(w, "expand", t->expand);
    emit_offset(w, "gone", tag, t->gone);
    cw_field_string(w, "gone_value", t->gone_value);
    if (t->changes.n > 0)
        cw_line(w, ".changes = repl_changes_%d,", side);
    cw_close(w, ",");
}

static void
emit_changes(struct cwriter *w, const struct prepl *r)
{
    for (int side = 0; side < 2; side++) {
        const struct ptech *t = &r->tech[side];

        if (t->changes.n == 0)
            continue;
        cw_open(w, "static const struct mr_control repl_changes_%d[] =", side);
        for (size_t i = 0; i < t->changes.n; i++) {
            cw_open(w, "%s", "");
            cw_field_string(w, "name", t->changes.at[i].name);
            cw_field_string(w, "value", t->changes.at[i].value);
            cw_close(w, ",");
        }
        cw_line(w, "{ NULL, NULL },");
        cw_close(w, ";");
        cw_blank(w);
    }
}

static void
emit_groups(struct cwriter *w, const struct prepl *r)
{
    if (r->groups.n == 0)
        return;
    cw_open(w, "static const struct mr_group repl_groups[] =");
    for (size_t i = 0; i < r->groups.n; i++) {
        cw_open(w, "%s", "");
        cw_field_string(w, "name", r->groups.at[i].name);
        emit_decider(w, &r->groups.at[i].decider);
        cw_close(w, ",");
    }
    cw_close(w, ";");
    cw_blank(w);
}

static void
emit_table(struct cwriter *w, const struct pmap *map)
{
    const struct prepl *r = map->repl;

    cw_open(w, "static const struct mr_repl repl =");
    cw_line(w, ".rules = repl_rules,");
    cw_line(w, ".n_rules = %zu,", r->rules.n);
    cw_line(w, ".levels = repl_levels,");
    cw_line(w, ".n_levels = %zu,", r->levels.n);
    if (r->groups.n > 0) {
        cw_line(w, ".groups = repl_groups,");
        cw_line(w, ".n_groups = %zu,", r->groups.n);
    }
    cw_line(w, ".n_keys = %u,", r->n_keys);
    cw_line(w, ".key_space = %s,", sides[r->key_space]);
    emit_two_truths(w, "create", r->create);
    cw_open(w, ".deletion =");
    emit_deletion(w, &r->deletion[PLAN_LEFT]);
    emit_deletion(w, &r->deletion[PLAN_RIGHT]);
    cw_close(w, ",");
    emit_two(w, "leave", r->leave[PLAN_LEFT], r->leave[PLAN_RIGHT]);
    cw_open(w, ".schedule =");
    emit_schedule(w, &r->schedule[PLAN_LEFT]);
    emit_schedule(w, &r->schedule[PLAN_RIGHT]);
    cw_close(w, ",");
    if (r->guard_percent != 0)
        cw_line(w, ".guard_percent = %u,", (unsigned)r->guard_percent);
    if (r->guard_deletes != 0)
        cw_line(w, ".guard_deletes = %u,", (unsigned)r->guard_deletes);
    cw_open(w, ".after = (const char *const[])");
    for (size_t i = 0; i < r->after.n; i++)
        cw_item(w, "%s", cw_quote(w->out.arena, r->after.at[i]));
    cw_item(w, "NULL");
    cw_items_end(w);
    cw_close(w, ",");
    if (r->cyclic)
        cw_line(w, ".cyclic = true,");
    cw_open(w, ".tech =");
    emit_tech(w, map, PLAN_LEFT);
    emit_tech(w, map, PLAN_RIGHT);
    cw_close(w, ",");
    cw_close(w, ";");
    cw_blank(w);
}

void
emit_repl(struct cwriter *w, const struct pmap *map)
{
    const struct prepl *r = map->repl;

    cw_comment(w, "--- replication ---");
    cw_blank(w);
    emit_parts(w, map);
    cw_open(w, "static const struct mr_rule repl_rules[] =");
    for (size_t i = 0; i < r->rules.n; i++)
        emit_rule(w, &r->rules.at[i]);
    cw_close(w, ";");
    cw_blank(w);
    cw_open(w, "static const struct mr_level repl_levels[] =");
    for (size_t i = 0; i < r->levels.n; i++)
        emit_level(w, map, &r->levels.at[i]);
    cw_close(w, ";");
    cw_blank(w);
    emit_groups(w, r);
    emit_changes(w, r);
    emit_table(w, map);
}
