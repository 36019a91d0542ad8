/* SPDX-License-Identifier: Apache-2.0 */
/* From the rules of all maps that read a kind to a tree of fields. */
#include "sandbox/seed_tree.h"

#include <string.h>

struct planting {
    struct model *m;
    const struct kind *kind;
    int side;                   /* the kind's, in the map at hand */
};

static const struct {
    const char *field, *owner, *text;
} words[] = {
#define WORD(field, owner, text) { field, owner, text },
#include "sandbox/seed_words.def"
#undef WORD
};

const char *
seed_word(const struct seed_node *node, const char *field)
{
    size_t n = strlen(node->name);
    const char *best = NULL;
    int rank = 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *owner = words[i].owner;
        int found = *owner == '\0'                  ? 1
                    : strncmp(owner, node->name, n) ? 0
                    : owner[n] == '\0'              ? 2
                    : owner[n] == ':' && node->equals != NULL &&
                            strcmp(owner + n + 1, node->equals) == 0
                        ? 3
                        : 0;

        if (found > rank && strcmp(words[i].field, field) == 0) {
            rank = found;
            best = words[i].text;
        }
    }
    return best;
}

/* --- nodes --- */

static bool
same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Of the kind's key, whichever way the rule goes. */
static bool
is_key(const struct kind *k, const struct member *m)
{
    for (size_t i = 0; i < k->keys.n; i++)
        if (k->keys.at[i].at[k->keys.at[i].n - 1].member == m)
            return true;
    return false;
}

static struct seed_field *
field_of(struct planting *p, struct seed_node *node, const struct member *m)
{
    struct seed_field f = { .member = m };

    for (size_t i = 0; i < node->fields.n; i++)
        if (node->fields.at[i].member == m)
            return &node->fields.at[i];
    f.most = m->type.max_chars;
    f.key = is_key(p->kind, m);
    f.word = seed_word(node, m->name);
    vec_push(p->m->arena, &node->fields, f);
    return &node->fields.at[node->fields.n - 1];
}

/* What the schema asks for stands in every row. */
static void
add_needed(struct planting *p, struct seed_node *node,
           const struct record *record)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];
        bool needed = p->kind->site->protocol == SITE_ODATA
                          ? m->required
                          : m->min > 0 && !m->choice && !m->attribute;

        if (needed && m->record == NULL)
            field_of(p, node, m)->needed = true;
    }
}

static struct seed_node *
node_of(struct planting *p, struct seed_node *above, const struct member *m,
        const struct member *selector, const char *equals)
{
    struct seed_node *node;

    for (size_t i = 0; i < above->nodes.n; i++) {
        node = above->nodes.at[i];
        if (node->member == m && node->selector == selector &&
            same_text(node->equals, equals))
            return node;
    }
    node = arena_alloc(p->m->arena, sizeof *node);
    node->member = m;
    node->name = m->name;
    node->selector = selector;
    node->equals = equals;
    vec_push(p->m->arena, &above->nodes, node);
    add_needed(p, node, m->record);
    return node;
}

static struct seed_field *
plant(struct planting *p, struct seed_node *node, const struct tpath *path)
{
    for (size_t i = 0; i + 1 < path->hops.n; i++)
        node = node_of(p, node, path->hops.at[i].member,
                       path->hops.at[i].key, path->hops.at[i].equals);
    return tpath_member(path)->record != NULL
               ? NULL
               : field_of(p, node, tpath_member(path));
}

/* --- rules --- */

/* alpha(10), numc(6): numbers are padded on the right side. */
static void
learn_native(struct planting *p, const struct tconv *c, struct seed_field *f)
{
    bool padded = (p->side == RIGHT) != c->turned;

    if (strcmp(c->native->name, "alpha") != 0 &&
        strcmp(c->native->name, "numc") != 0)
        return;
    if (!padded || c->args.n == 0 || c->args.at[0].kind != TARG_COUNT)
        return;
    f->zeros = c->args.at[0].count;
    if (f->member->type.max_chars != UNBOUNDED &&
        f->zeros > f->member->type.max_chars)
        f->zeros = f->member->type.max_chars;
}

/* A reference is written like the key it refers to. */
static void
learn_ref(struct planting *p, const struct tmap *map, struct seed_field *f)
{
    for (size_t i = 0; i < map->root->rules.n; i++) {
        const struct trule *r = map->root->rules.at[i];

        for (size_t c = 0; r->key && c < r->chain.n; c++)
            if (r->chain.at[c].kind == TCONV_NATIVE)
                learn_native(p, &r->chain.at[c], f);
    }
}

/* What the other side has to have, this side has to hold. */
static void
need_target(struct planting *p, const struct trule *rule,
            struct seed_field *f)
{
    int other = 1 - p->side;

    for (size_t i = 0; i < rule->fields[other].n; i++) {
        const struct tpath *path = rule->fields[other].at[i];

        /* A row that a selector picks need not be there at all. */
        if (path->hops.n == 1 && tpath_member(path)->required)
            f->needed = true;
    }
}

/* Does the chain leave the length of a text as it is, or nearly? */
static bool
keeps_length(const struct tconv *c)
{
    static const char *const plain[] = {
        "max", "trim", "upper", "lower", "join", "alpha", "numc"
    };

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (c->kind == TCONV_NATIVE && strcmp(c->native->name, plain[i]) == 0)
            return true;
    return false;
}

static void
learn(struct planting *p, const struct trule *rule, struct seed_field *f)
{
    int other = 1 - p->side;
    bool limited = f->member->type.kind == TYPE_TEXT;

    f->match = f->match || (rule->key && rule->level->outer != NULL);
    for (size_t i = 0; i < rule->chain.n; i++) {
        const struct tconv *c = &rule->chain.at[i];

        if (c->kind == TCONV_CODES && f->codes == NULL) {
            f->codes = c->codes;
            f->column = c->turned ? other : p->side;
        }
        if (c->kind == TCONV_NATIVE)
            learn_native(p, c, f);
        if (c->kind == TCONV_REF)
            learn_ref(p, c->ref, f);
        limited = limited && keeps_length(c);
    }
    need_target(p, rule, f);
    for (size_t i = 0; limited && i < rule->fields[other].n; i++) {
        const struct type *t = &tpath_member(rule->fields[other].at[i])->type;

        if (t->kind == TYPE_TEXT && t->max_chars != UNBOUNDED &&
            (f->most == UNBOUNDED || t->max_chars < f->most))
            f->most = t->max_chars;
    }
}

/* Is the path one of the row at hand? Fields of outer levels are there for
 * their own rules. */
static bool
is_here(const struct planting *p, const struct trule *r,
        const struct tpath *path)
{
    const struct tlevel *level = r->level;

    while (level->outer != NULL && level->list[p->side] == NULL)
        level = level->outer;
    return path->level == level || path->level == r->level;
}

static void
plant_expr(struct planting *p, struct seed_node *node, const struct trule *r,
           const struct texpr *e)
{
    struct seed_field *f;

    if (e->kind == TEXPR_PATH) {
        if (e->u.path->side != (enum side)p->side ||
            !is_here(p, r, e->u.path))
            return;
        f = plant(p, node, e->u.path);
        if (f != NULL && r->key)
            learn(p, r, f);
        else if (f != NULL && f->word != NULL)
            need_target(p, r, f);
        return;
    }
    if (e->kind == TEXPR_CALL)
        for (size_t i = 0; i < e->u.call.args.n; i++)
            if (e->u.call.args.at[i].kind == TARG_EXPR)
                plant_expr(p, node, r, e->u.call.args.at[i].expr);
    if (e->kind == TEXPR_USER)
        for (size_t i = 0; i < e->u.user.args.n; i++)
            if (e->u.user.args.at[i].kind == TARG_EXPR)
                plant_expr(p, node, r, e->u.user.args.at[i].expr);
}

static void
plant_rule(struct planting *p, struct seed_node *node, const struct trule *r)
{
    if (!r->runs[1 - p->side])
        return;
    for (size_t i = 0; i < r->fields[p->side].n; i++) {
        const struct tpath *path = r->fields[p->side].at[i];
        struct seed_field *f = is_here(p, r, path) ? plant(p, node, path)
                                                   : NULL;

        if (f != NULL)
            learn(p, r, f);
    }
    if (r->source[p->side] != NULL)
        plant_expr(p, node, r, r->source[p->side]);
}

static void
plant_level(struct planting *p, struct seed_node *node,
            const struct tlevel *level)
{
    const struct tpath *list = level->list[p->side];

    if (list != NULL) {
        for (size_t i = 0; i < list->hops.n; i++)
            node = node_of(p, node, list->hops.at[i].member, NULL, NULL);
        node->each = true;
    }
    for (size_t i = 0; i < level->rules.n; i++)
        plant_rule(p, node, level->rules.at[i]);
    for (size_t i = 0; i < level->levels.n; i++)
        if (level->levels.at[i]->runs[1 - p->side])
            plant_level(p, node, level->levels.at[i]);
}

/* Does this side of the map read records of the kind, or parts of them? */
static bool
reads(const struct planting *p, const struct tmap *map)
{
    const struct member *first = map->path[p->side].at[0];

    return map->systems[p->side] == p->kind->site->system &&
           map->runs[1 - p->side] && strcmp(first->name, p->kind->name) == 0;
}

/* What an attachment is made of, and its bytes. */
static void
plant_attachment(struct planting *p, struct seed_node *node,
                 const struct tcall *call)
{
    const struct expr *from = call->ast->content.path.from;
    const step_vec *steps = &from->u.path.steps;

    p->side = LEFT;
    plant_level(p, node, call->request->root);
    /* A media entity has bytes anyway. */
    if (steps->n == 2)
        field_of(p, node, record_member(p->kind->record,
                                        steps->at[1].name.text))
            ->needed = true;
}

static bool
is_from(const struct kind *k, const struct tcall *call)
{
    return call->attachment != NULL &&
           call->request->systems[LEFT] == k->site->system &&
           call->request->root->record[LEFT] == k->record;
}

struct seed_node *
seed_tree(struct model *m, const struct kind *k)
{
    struct seed_node *root = arena_alloc(m->arena, sizeof *root);
    struct planting p = { .m = m, .kind = k };

    root->name = k->path.n > 2 ? k->path.at[k->path.n - 1]->name : k->name;
    add_needed(&p, root, k->record);
    for (size_t i = 0; i < m->program->maps.n; i++) {
        const struct tmap *map = m->program->maps.at[i];

        for (p.side = LEFT; p.side <= RIGHT; p.side++) {
            struct seed_node *node = root;
            size_t start = k->path.n == 0 ? 1 : k->path.n;

            if (!reads(&p, map))
                continue;
            for (size_t h = start; h < map->path[p.side].n; h++)
                node = node_of(&p, node, map->path[p.side].at[h], NULL, NULL);
            plant_level(&p, node, map->root);
        }
    }
    for (size_t i = 0; i < m->program->calls.n; i++)
        if (is_from(k, m->program->calls.at[i]))
            plant_attachment(&p, root, m->program->calls.at[i]);
    return root;
}

static bool
node_refers(const struct seed_node *node)
{
    for (size_t i = 0; i < node->fields.n; i++) {
        const struct seed_field *f = &node->fields.at[i];

        if (!f->key && f->word != NULL &&
            (strcmp(f->word, "{account}") == 0 ||
             strcmp(f->word, "{product}") == 0))
            return true;
    }
    for (size_t i = 0; i < node->nodes.n; i++)
        if (node_refers(node->nodes.at[i]))
            return true;
    return false;
}

bool
seed_refers(struct model *m, const struct kind *k)
{
    return node_refers(seed_tree(m, k));
}
