/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What replication knows of a map: its rules and lists one by one, who decides
 * a conflict, when it runs, and what connectors need of the records besides
 * their mapped fields.
 */
#include "plan/lower.h"

#include <string.h>

struct repl {
    struct lmap *lm;
    struct prepl *out;
    struct table ones;              /* struct tpath * -> struct plone * */
    VEC(const struct tgroup *) groups;      /* in the order of out->groups */
};

static bool
is_odata(const struct tmap *map, enum side side)
{
    return map->systems[side]->protocol == PROTOCOL_ODATA2;
}

/* --- members that no rule names --- */

static const struct member *
member_named(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->members.n; i++)
        if (strcmp(record->members.at[i].name, name) == 0)
            return &record->members.at[i];
    return NULL;
}

/* The keys of the entity and of those below that are written. */
static void
entity_members(struct lmap *lm, struct lshape *s)
{
    const struct member *key =
        s->record->set == NULL ? NULL : record_key(s->record);
    size_t n = s->out->members.n;

    for (size_t i = 0; i < n; i++) {
        const struct pmember *m = s->out->members.at[i];

        if (m->shape != NULL && m->written)
            entity_members(lm, shape_find(s, m->schema)->child);
    }
    if (key == NULL)
        return;
    s->out->set = s->record->set;
    s->out->id =
        shape_member(lm, s, key, PMEMBER_VALUE, USE_READ)->out->c_name;
}

/* __metadata { etag }, which no schema has. */
static void
add_etag(struct lmap *lm, struct lshape *root, struct ptech *tech)
{
    struct arena *a = lm->lower->arena;
    struct record *record = arena_alloc(a, sizeof *record);
    struct member *metadata = arena_alloc(a, sizeof *metadata);
    struct member etag = { .name = "etag", .max = 1, .wire = WIRE_TEXT };
    struct lmember *outer, *inner;

    record->name = "__metadata";
    vec_push(a, &record->members, etag);
    *metadata = (struct member){ .name = "__metadata", .record = record,
                                 .max = 1 };
    outer = shape_member(lm, root, metadata, PMEMBER_ONE, USE_READ);
    inner = shape_member(lm, outer->child, &record->members.at[0],
                         PMEMBER_VALUE, USE_READ);
    tech->etag = arena_printf(a, "%s.%s", outer->out->c_name,
                              inner->out->c_name);
}

static void
odata_members(struct lmap *lm, enum side side, struct ptech *tech)
{
    struct lshape *root = lm->roots[side];
    const struct member *changed = lm->map->replicate->from[side].changed;

    entity_members(lm, root);
    add_etag(lm, root, tech);
    tech->set = root->out->set;
    tech->id = root->out->id;
    if (tech->id != NULL)
        tech->id_name = record_key(root->record)->name;
    if (changed == NULL)
        return;
    tech->changed_name = changed->name;
    tech->changed =
        shape_member(lm, root, changed, PMEMBER_VALUE, USE_READ)->out->c_name;
}

/* A row says in its own MSGFN, or ACTION, that it was deleted. */
static void
row_marks(struct lmap *lm, struct lshape *s)
{
    for (size_t i = 0; i < s->out->members.n; i++) {
        const struct pmember *m = s->out->members.at[i];
        const struct lmember *found = shape_find(s, m->schema);
        const struct member *mark;

        if (found == NULL || found->child == NULL)
            continue;
        row_marks(lm, found->child);
        if (m->kind != PMEMBER_MANY)
            continue;
        mark = member_named(found->child->record, "MSGFN");
        if (mark == NULL)
            mark = member_named(found->child->record, "ACTION");
        if (mark != NULL && mark->record == NULL)
            shape_member(lm, found->child, mark, PMEMBER_VALUE, USE_READ);
    }
}

/* What a change's control record says instead of a creation's. */
static void
idoc_changes(struct lmap *lm, enum side side, struct ptech *tech)
{
    const struct tsystem *s = lm->map->systems[side];

    for (size_t i = 0; i < s->changes.n; i++) {
        const struct system_option *o = s->changes.at[i];
        struct pcontrol c = { o->control.text, o->value };

        if (strcmp(o->changed.text, tech->object) == 0)
            vec_push(lm->lower->arena, &tech->changes, c);
    }
}

static void
idoc_members(struct lmap *lm, enum side side, struct ptech *tech)
{
    struct lshape *root = lm->roots[side];
    const struct member *function = member_named(root->record, "MSGFN");

    tech->set = doc_message_type(lm->lower->arena, lm->map->systems[side],
                                 lm->map->path[side].at[0]->name);
    idoc_changes(lm, side, tech);
    row_marks(lm, root);
    if (function == NULL || function->record != NULL)
        return;
    tech->gone = shape_member(lm, root, function, PMEMBER_VALUE,
                              USE_READ)->out->c_name;
    tech->gone_value = "003";
}

/* What is written is read, too: what is there already is not written again. */
static void
level_members(struct lmap *lm, const struct tlevel *level)
{
    for (enum side side = LEFT; side <= RIGHT; side++)
        for (size_t i = 0; i < level->rules.n; i++) {
            const struct trule *r = level->rules.at[i];

            for (size_t k = 0; k < r->fields[side].n; k++)
                shape_place(lm, r->fields[side].at[k], USE_READ);
            if (r->by != NULL)
                shape_place(lm, r->by, USE_READ);
            if (r->group != NULL && r->group->by != NULL)
                shape_place(lm, r->group->by, USE_READ);
        }
    for (size_t i = 0; i < level->levels.n; i++)
        level_members(lm, level->levels.at[i]);
}

void
repl_members(struct lmap *lm)
{
    struct prepl *out = arena_alloc(lm->lower->arena, sizeof *out);
    const struct tmap *map = lm->map;

    lm->out->repl = out;
    lm->repl = out;
    level_members(lm, map->root);
    for (size_t i = 0; i < map->deletes.n; i++)
        if (map->deletes.at[i].set != NULL)
            shape_place(lm, map->deletes.at[i].set, USE_WRITE);
    for (enum side side = LEFT; side <= RIGHT; side++) {
        struct ptech *tech = &out->tech[side];

        tech->object = map->path[side].at[0]->name;
        if (is_odata(map, side))
            odata_members(lm, side, tech);
        else if (map->systems[side]->protocol == PROTOCOL_IDOC)
            idoc_members(lm, side, tech);
    }
}

/* --- the query --- */

static void
add_item(struct buf *b, const char *prefix, const char *name)
{
    buf_printf(b, "%s%s%s", b->n > 0 ? "," : "", prefix, name);
}

static void
add_query(struct lmap *lm, struct buf *select, struct buf *expand,
          const struct pshape *s, const char *prefix)
{
    for (size_t i = 0; i < s->members.n; i++) {
        const struct pmember *m = s->members.at[i];
        const struct member *schema = m->schema;

        if (!m->read || strcmp(m->name, "__metadata") == 0)
            continue;
        if (m->shape == NULL || !schema->navigation) {
            add_item(select, prefix, m->name);
            continue;
        }
        add_item(expand, prefix, m->name);
        if (m->shape->n_read == 0)
            add_item(select, prefix, m->name);
        add_query(lm, select, expand, m->shape,
                  arena_printf(lm->lower->arena, "%s%s/", prefix, m->name));
    }
}

static void
lower_query(struct lmap *lm, enum side side, struct ptech *tech)
{
    struct buf select, expand;

    buf_init(&select, lm->lower->arena);
    buf_init(&expand, lm->lower->arena);
    add_query(lm, &select, &expand, lm->roots[side]->out, "");
    tech->select = select.at;
    tech->expand = expand.n > 0 ? expand.at : NULL;
}

/* --- deciders --- */

static const struct plone *
one_field(struct repl *r, const struct tpath *path, enum use use,
          const char *name)
{
    struct lmap *lm = r->lm;
    struct plone *one = table_find(&r->ones, (const char *)path);

    if (one != NULL)
        return one;
    one = arena_alloc(lm->lower->arena, sizeof *one);
    one->c_name = cname_make(&lm->file, "%s", name);
    one->field = field_lower(lm, path, shape_place(lm, path, use));
    table_put(lm->lower->arena, &r->ones, (const char *)path, one);
    vec_push(lm->lower->arena, &r->out->fields, one);
    return one;
}

static const char *
policy_name(const struct policy *p)
{
    switch (p->kind) {
    case POLICY_NONE:
        return "MR_POLICY_NONE";
    case POLICY_OWNER:
        return p->unless_empty ? "MR_POLICY_OWNER_UNLESS_EMPTY"
                               : "MR_POLICY_OWNER";
    case POLICY_NEWEST:
        return "MR_POLICY_NEWEST";
    case POLICY_MIN:
        return "MR_POLICY_MIN";
    case POLICY_MAX:
        return "MR_POLICY_MAX";
    case POLICY_SUM:
        return "MR_POLICY_SUM";
    case POLICY_UNION:
        return "MR_POLICY_UNION";
    case POLICY_KEEP_BOTH:
        return "MR_POLICY_KEEP_BOTH";
    case POLICY_ASK:
        return "MR_POLICY_ASK";
    }
    return NULL;
}

static struct pdecider
decider(struct repl *r, const struct policy *p, const struct tpath *by)
{
    struct pdecider d = { .policy = policy_name(p) };

    if (p->kind == POLICY_OWNER)
        d.side = r->lm->map->systems[RIGHT]->name == p->system.text ? RIGHT
                                                                    : LEFT;
    if (p->kind == POLICY_NEWEST && by != NULL) {
        d.by = one_field(r, by, USE_READ, "newest_by");
        d.by_side = (int)by->side;
    }
    return d;
}

static unsigned
group_index(struct repl *r, const struct tgroup *g)
{
    struct prgroup out;

    for (size_t i = 0; i < r->groups.n; i++)
        if (r->groups.at[i] == g)
            return (unsigned)i + 1;
    out = (struct prgroup){ g->name, decider(r, &g->policy, g->by) };
    vec_push(r->lm->lower->arena, &r->groups, g);
    vec_push(r->lm->lower->arena, &r->out->groups, out);
    return (unsigned)r->groups.n;
}

/* --- rules and lists --- */

static void
lower_rule(struct repl *r, const struct trule *rule, unsigned level)
{
    struct lmap *lm = r->lm;
    static const struct policy none;
    bool both = rule->runs[LEFT] && rule->runs[RIGHT];
    struct prule out = {
        .place = rule->place, .text = rule->text, .level = level,
        .key = rule->key, .remember = rule->remember,
        .personal = rule->personal, .constant = true
    };

    for (enum side to = LEFT; to <= RIGHT; to++) {
        out.steps[to] = table_find(&lm->steps[to], (const char *)rule);
        if (out.steps[to] != NULL && out.steps[to]->reads.n > 0)
            out.constant = false;
    }
    if (rule->group != NULL)
        out.group = group_index(r, rule->group);
    out.decider = decider(r, both ? &rule->policy : &none, rule->by);
    vec_push(lm->lower->arena, &r->out->rules, out);
}

static void
lower_level(struct repl *r, const struct tlevel *t, unsigned outer)
{
    struct lmap *lm = r->lm;
    struct arena *a = lm->lower->arena;
    const struct llevel *ll = table_find(&lm->levels, (const char *)t);
    unsigned index = (unsigned)r->out->levels.n;
    struct prlevel out = {
        .level = ll->out, .name = t->text, .outer = outer,
        .rules = (unsigned)r->out->rules.n,
        .n_rules = (unsigned)t->rules.n,
        .runs = { t->runs[LEFT], t->runs[RIGHT] }
    };

    for (size_t i = 0; i < t->rules.n; i++) {
        out.n_match += t->rules.at[i]->key;
        lower_rule(r, t->rules.at[i], index);
    }
    for (enum side to = LEFT; to <= RIGHT; to++)
        if (t->outer != NULL && ll->out->where[to].n > 0)
            out.c_takes[to] =
                cname_make(&lm->file, "%s_part", ll->out->c_name[to]);
    vec_push(a, &r->out->levels, out);
    for (size_t i = 0; i < t->levels.n; i++)
        lower_level(r, t->levels.at[i], index);
}

/* --- the map --- */

static const char *
leave_name(enum leave leave)
{
    switch (leave) {
    case LEAVE_NONE:
        return "MR_LEAVE_NONE";
    case LEAVE_UNLINK:
        return "MR_LEAVE_UNLINK";
    case LEAVE_DELETE:
        return "MR_LEAVE_DELETE";
    case LEAVE_KEEP:
        return "MR_LEAVE_KEEP";
    }
    return NULL;
}

static void
lower_ends(struct repl *r)
{
    const struct tmap *map = r->lm->map;
    struct prepl *out = r->out;

    for (enum side side = LEFT; side <= RIGHT; side++) {
        out->create[side] = map->create[side] && map->runs[side];
        out->deletion[side].what = "MR_DELETE_NOTHING";
        out->leave[side] = leave_name(LEAVE_NONE);
    }
    for (size_t i = 0; i < map->deletes.n; i++) {
        const struct tdelete *d = &map->deletes.at[i];
        struct pdeletion *p = &out->deletion[d->to];

        p->what = d->set == NULL ? "MR_DELETE_REMOVE" : "MR_DELETE_SET";
        if (d->set == NULL)
            continue;
        p->field = one_field(r, d->set, USE_WRITE, "deleted");
        p->value = d->value;
    }
    for (size_t i = 0; i < map->root->where.n; i++) {
        const struct tcondition *c = &map->root->where.at[i];

        if (c->leave != LEAVE_NONE)
            out->leave[c->side] = leave_name(c->leave);
    }
}

static void
lower_schedule(const struct tschedule *in, struct pschedule *out)
{
    static const char *const triggers[] = {
        [TRIGGER_NONE] = "MR_TRIGGER_NONE",
        [TRIGGER_MESSAGE] = "MR_TRIGGER_MESSAGE",
        [TRIGGER_POLL] = "MR_TRIGGER_POLL"
    };

    *out = (struct pschedule){ triggers[in->trigger], in->every, in->overlap,
                               in->sweep };
}

/* Does `map` need the records of `wanted`, in some number of steps? */
static bool
needs(struct lmap *lm, const struct tmap *map, const struct tmap *wanted,
      struct table *seen)
{
    if (table_put(lm->lower->arena, seen, (const char *)map, (void *)map) !=
        NULL)
        return false;
    for (size_t i = 0; i < map->refs.n; i++)
        if (map->refs.at[i] == wanted ||
            needs(lm, map->refs.at[i], wanted, seen))
            return true;
    return false;
}

static void
lower_refs(struct repl *r)
{
    struct lmap *lm = r->lm;
    struct table named = { 0 }, seen = { 0 };

    r->out->cyclic = lm->map->refers_to_itself ||
                     needs(lm, lm->map, lm->map, &seen);
    for (size_t i = 0; i < lm->map->refs.n; i++) {
        const struct tmap *ref = lm->map->refs.at[i];

        if (table_put(lm->lower->arena, &named, (const char *)ref,
                      (void *)ref) == NULL)
            vec_push(lm->lower->arena, &r->out->after, ref->name);
    }
}

void
repl_lower(struct lmap *lm)
{
    const struct tmap *map = lm->map;
    const struct treplicate *t = map->replicate;
    struct repl r = { .lm = lm, .out = lm->repl };
    struct prepl *out = r.out;

    lower_level(&r, map->root, 0);
    out->n_keys = out->levels.at[0].n_match;
    out->key_space = out->n_keys > 0 && out->rules.at[0].steps[RIGHT] == NULL
                         ? LEFT
                         : RIGHT;
    lower_ends(&r);
    lower_refs(&r);
    for (enum side side = LEFT; side <= RIGHT; side++) {
        lower_schedule(&t->from[side], &out->schedule[side]);
        if (is_odata(map, side))
            lower_query(lm, side, &out->tech[side]);
    }
    out->guard_percent = t->guard_percent;
    out->guard_deletes = t->guard_deletes;
}
