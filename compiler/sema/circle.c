/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Circles of rules over all maps: from a field to another one, by whatever
 * rule, and back to the first. A two-way rule by itself is judged by its
 * promise; here are the circles of several rules. Rows of different lists
 * are different records, though they be of one type: within a map a circle
 * stays in its list.
 */
#include "sema/circle.h"

#include <string.h>

enum { TOLD_MAX = 1000, LOOKED_MAX = 200000 };

struct field {
    const char *name;               /* interned: system, record, path */
    VEC(size_t) ways;               /* that begin here */
};

struct circles {
    struct env *env;
    struct table names;             /* name -> index + 1 */
    VEC(struct field) fields;
    VEC(struct way) ways;
    const struct way *path[CIRCLE_MAX];
    size_t n, start, looked, told;
    struct table seen;              /* rules of circles that were told */
};

/* --- fields --- */

static const struct record *
record_of(const struct tlevel *level, enum side side)
{
    while (level->record[side] == NULL && level->outer != NULL)
        level = level->outer;
    return level->record[side];
}

/* The field's place below its record: the same for each map. */
static const char *
field_name(struct circles *c, const struct tmap *map, const struct tpath *p)
{
    struct buf b;

    buf_init(&b, c->env->arena);
    buf_printf(&b, "%s %p", map->systems[p->side]->name,
               (const void *)record_of(p->level, p->side));
    for (size_t i = 0; i < p->hops.n; i++) {
        const struct hop *hop = &p->hops.at[i];

        buf_printf(&b, " %s", hop->member->name);
        if (hop->key != NULL)
            buf_printf(&b, "[%s=%s]", hop->key->name, hop->equals);
    }
    return intern_text(c->env->names, b.at);
}

static size_t
field_number(struct circles *c, const struct tmap *map, const struct tpath *p)
{
    const char *name = field_name(c, map, p);
    size_t known = (size_t)(uintptr_t)table_find(&c->names, name);
    struct field f = { .name = name };

    if (known > 0)
        return known - 1;
    vec_push(c->env->arena, &c->fields, f);
    table_put(c->env->arena, &c->names, name,
              (void *)(uintptr_t)c->fields.n);
    return c->fields.n - 1;
}

/* --- ways --- */

static void
add_way(struct circles *c, const struct tmap *map, const struct trule *rule,
        const struct tpath *from, const struct tpath *to)
{
    struct way w = { .map = map, .rule = rule, .to = to->side,
                     .from_text = from->text, .to_text = to->text };

    w.from = field_number(c, map, from);
    w.at = field_number(c, map, to);
    vec_push(c->env->arena, &c->fields.at[w.from].ways, c->ways.n);
    vec_push(c->env->arena, &c->ways, w);
}

struct adding {
    struct circles *c;
    const struct tmap *map;
    const struct trule *rule;
    enum side to;
};

static void
add_from(struct adding *a, const struct tpath *from)
{
    const struct trule *r = a->rule;

    for (size_t i = 0; from->side != a->to && i < r->fields[a->to].n; i++)
        add_way(a->c, a->map, r, from, r->fields[a->to].at[i]);
}

static void
add_expr(struct adding *a, const struct texpr *e)
{
    const targ_vec *args = e->kind == TEXPR_CALL   ? &e->u.call.args
                           : e->kind == TEXPR_USER ? &e->u.user.args
                                                   : NULL;

    if (e->kind == TEXPR_PATH)
        add_from(a, e->u.path);
    for (size_t i = 0; args != NULL && i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR)
            add_expr(a, args->at[i].expr);
}

static void
add_rule(struct circles *c, const struct tmap *map, const struct trule *r)
{
    for (enum side to = LEFT; to <= RIGHT; to++) {
        struct adding a = { c, map, r, to };
        enum side from = to == LEFT ? RIGHT : LEFT;

        if (!r->runs[to])
            continue;
        if (r->source[from] != NULL)
            add_expr(&a, r->source[from]);
        else
            for (size_t i = 0; i < r->fields[from].n; i++)
                add_from(&a, r->fields[from].at[i]);
    }
}

static void
add_level(struct circles *c, const struct tmap *map,
          const struct tlevel *level)
{
    for (size_t i = 0; i < level->rules.n; i++)
        add_rule(c, map, level->rules.at[i]);
    for (size_t i = 0; i < level->levels.n; i++)
        add_level(c, map, level->levels.at[i]);
}

/* --- telling --- */

/* The rules of a circle, whichever field it begins with. */
static const char *
rules_name(struct circles *c)
{
    struct buf b;
    const struct trule *last = NULL;

    buf_init(&b, c->env->arena);
    for (size_t k = 0; k < c->n; k++) {
        const struct trule *next = NULL;

        for (size_t i = 0; i < c->n; i++)
            if (c->path[i]->rule > last &&
                (next == NULL || c->path[i]->rule < next))
                next = c->path[i]->rule;
        if (next == NULL)
            break;
        buf_printf(&b, "%p ", (const void *)next);
        last = next;
    }
    return intern_text(c->env->names, b.at);
}

static void
note_value(struct circles *c, struct diag *d, const struct circle_value *v)
{
    struct buf b;

    buf_init(&b, c->env->arena);
    buf_printf(&b, "%s '%s'", c->path[0]->from_text, v->start);
    for (size_t i = 0; i < 2 * c->n; i++)
        buf_printf(&b, ", %s '%s'", c->path[i % c->n]->to_text, v->at[i]);
    buf_text(&b, ", …");
    diag_note(d, NOTE_EXAMPLE, "%s", b.at);
}

static void
tell(struct circles *c, enum verdict verdict, const struct circle_value *v)
{
    const struct way *first = c->path[0];
    struct diag *d;
    struct buf b;

    buf_init(&b, c->env->arena);
    for (size_t i = 0; i < c->n; i++)
        buf_printf(&b, "%s -> ", c->path[i]->from_text);
    buf_text(&b, first->from_text);
    d = verdict == CIRCLE_OSCILLATES
            ? diag_add(c->env->diags, DIAG_CIRCLE_OSCILLATES, first->rule->at,
                       "values that go round do not stay: %s", b.at)
            : diag_add(c->env->diags, DIAG_CIRCLE_UNKNOWN, first->rule->at,
                       "values go round, and nothing says that they stay: %s", b.at);
    for (size_t i = 1; i < c->n; i++)
        if (c->path[i]->rule != first->rule)
            diag_label(d, c->path[i]->rule->at, "%s",
                       i + 1 == c->n ? "and back here" : "then here");
    if (verdict == CIRCLE_OSCILLATES)
        note_value(c, d, v);
    diag_note(d, NOTE_HELP, "the same conversion in each rule between the same "
              "two fields, so that one undoes what the other did; or leave out "
              "a direction of one of them");
    c->told++;
}

static void
found(struct circles *c)
{
    struct circle_value v;
    enum verdict verdict = circle_judge(c->env->arena, c->path, c->n, &v);
    const char *rules;

    if (verdict == CIRCLE_RESTS || c->told >= TOLD_MAX)
        return;
    rules = rules_name(c);
    if (table_put(c->env->arena, &c->seen, rules, c) == NULL)
        tell(c, verdict, &v);
}

/* --- searching --- */

/* May the way come next? There and back by one rule is judged by its promise;
 * other lists of the same map are about other rows. */
static bool
may_follow(const struct way *before, const struct way *next)
{
    if (before->rule == next->rule)
        return false;
    return before->map != next->map ||
           before->rule->level == next->rule->level;
}

static bool
is_on_path(const struct circles *c, size_t field)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->path[i]->from == field)
            return true;
    return false;
}

/* Circles are found from their lowest field. */
static void
search(struct circles *c, size_t at)
{
    const struct field *f = &c->fields.at[at];

    for (size_t i = 0; i < f->ways.n && c->looked < LOOKED_MAX; i++) {
        const struct way *w = &c->ways.at[f->ways.at[i]];

        c->looked++;
        if (w->at < c->start ||
            (c->n > 0 && !may_follow(c->path[c->n - 1], w)))
            continue;
        c->path[c->n++] = w;
        if (w->at == c->start) {
            if (c->n > 1 && may_follow(w, c->path[0]))
                found(c);
        } else if (c->n < CIRCLE_MAX && !is_on_path(c, w->at)) {
            search(c, w->at);
        }
        c->n--;
    }
}

void
check_circles(struct env *env)
{
    struct circles c = { .env = env };

    for (size_t i = 0; i < env->program->maps.n; i++)
        add_level(&c, env->program->maps.at[i],
                  env->program->maps.at[i]->root);
    for (c.start = 0; c.start < c.fields.n; c.start++) {
        c.looked = 0;
        search(&c, c.start);
    }
}
