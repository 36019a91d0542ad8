/* SPDX-License-Identifier: Apache-2.0 */
/* What maps say about conflicts, creations and deletions, for replication. */
#include "plan/lower.h"
#include "sema/promise.h"
#include "syntax/write.h"

static const char *
back_words(const struct trule *r)
{
    return r->runs[LEFT] && r->runs[RIGHT] ? promise_words(promise_of(r))
                                           : NULL;
}

static const char *
policy_words(struct arena *a, const struct policy *p)
{
    struct buf b;

    if (p->kind == POLICY_NONE)
        return NULL;
    buf_init(&b, a);
    write_policy(&b, p, false);
    return b.at;
}

static void
level_decisions(struct lmap *lm, const struct tlevel *level)
{
    struct arena *a = lm->lower->arena;

    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];
        struct pdecision d = {
            .place = r->place, .text = r->text,
            .list = level->outer == NULL ? NULL : level->text,
            .policy = r->runs[LEFT] && r->runs[RIGHT]
                          ? policy_words(a, &r->policy) : NULL,
            .group = r->group == NULL ? NULL : r->group->name,
            .back = back_words(r), .key = r->key, .remember = r->remember,
            .personal = r->personal
        };

        vec_push(a, &lm->out->decisions, d);
    }
    for (size_t i = 0; i < level->levels.n; i++)
        level_decisions(lm, level->levels.at[i]);
}

static void
clause(struct lmap *lm, const char *text)
{
    vec_push(lm->lower->arena, &lm->out->clauses, text);
}

static const char *
leave_words(enum leave leave)
{
    switch (leave) {
    case LEAVE_NONE:
        return "";
    case LEAVE_UNLINK:
        return " leave unlink";
    case LEAVE_DELETE:
        return " leave delete";
    case LEAVE_KEEP:
        return " leave keep";
    }
    return "";
}

void
decisions_lower(struct lmap *lm)
{
    struct arena *a = lm->lower->arena;
    const struct tmap *map = lm->map;

    for (enum side to = LEFT; to <= RIGHT; to++)
        if (map->create[to] && map->runs[to])
            clause(lm, arena_printf(a, "create %s", map->systems[to]->name));
    for (size_t i = 0; i < map->deletes.n; i++) {
        const struct tdelete *d = &map->deletes.at[i];

        clause(lm, d->set == NULL
               ? arena_printf(a, "delete %s: remove",
                              map->systems[d->to]->name)
               : arena_printf(a, "delete %s: set %s = \"%s\"",
                              map->systems[d->to]->name, d->set->text,
                              d->value));
    }
    for (size_t i = 0; i < map->root->where.n; i++) {
        const struct tcondition *c = &map->root->where.at[i];

        clause(lm, arena_printf(a, "where %s%s", c->text,
                                leave_words(c->leave)));
    }
    for (size_t i = 0; i < map->refs.n; i++)
        clause(lm, arena_printf(a, "after %s", map->refs.at[i]->name));
    level_decisions(lm, map->root);
}
