/* SPDX-License-Identifier: Apache-2.0 */
/* Constructors of expressions, rules and the items of a map. */
#include "syntax/make.h"

#include <string.h>

#define NEW(p, type) ((type *)arena_alloc((p)->in.arena, sizeof(type)))

struct name
make_name(const char *text, struct span at)
{
    return (struct name){ text, at };
}

struct name
make_dotted(struct parser *p, struct name a, struct name b)
{
    const char *s = arena_printf(p->in.arena, "%s.%s", a.text, b.text);

    return make_name(intern_text(p->in.names, s), span_join(a.at, b.at));
}

/* --- expressions --- */

static struct expr *
new_expr(struct parser *p, enum expr_kind kind, struct span at)
{
    struct expr *e = NEW(p, struct expr);

    e->kind = kind;
    e->at = at;
    return e;
}

struct expr *
make_text(struct parser *p, struct span at, const char *text)
{
    struct expr *e = new_expr(p, EXPR_TEXT, at);

    e->u.text = text;
    return e;
}

struct expr *
make_number(struct parser *p, struct span at, const char *text)
{
    struct expr *e = new_expr(p, EXPR_NUMBER, at);

    e->u.text = text;
    return e;
}

struct expr *
make_bool(struct parser *p, struct span at, bool truth)
{
    struct expr *e = new_expr(p, EXPR_BOOL, at);

    e->u.truth = truth;
    return e;
}

struct expr *
make_nothing(struct parser *p, struct span at, bool empty)
{
    struct expr *e = new_expr(p, EXPR_NOTHING, at);

    e->u.empty = empty;
    return e;
}

struct expr *
make_path(struct parser *p, struct name first)
{
    struct expr *e = new_expr(p, EXPR_PATH, first.at);

    vec_push(p->in.arena, &e->u.path.steps, make_step(first));
    return e;
}

struct expr *
make_outer(struct parser *p, struct span at)
{
    struct expr *e = new_expr(p, EXPR_PATH, at);

    e->u.path.outer = 1;
    return e;
}

/* After the first `outer.` the scanner sees a further one as a name. */
struct expr *
add_step(struct parser *p, struct expr *e, struct step st, struct span at)
{
    bool outer = e->u.path.outer > 0 && e->u.path.steps.n == 0 &&
                 st.key.text == NULL && strcmp(st.name.text, "outer") == 0 &&
                 at.to - at.from == 5;

    if (outer)
        e->u.path.outer++;
    else
        vec_push(p->in.arena, &e->u.path.steps, st);
    e->at = span_join(e->at, at);
    return e;
}

struct step
make_step(struct name name)
{
    return (struct step){ .name = name };
}

struct step
make_selector(struct parser *p, struct name name, struct name key,
              const char *text, struct span at)
{
    return (struct step){ name, key, make_text(p, at, text) };
}

struct expr *
make_call(struct parser *p, struct span at, struct name name, expr_vec args)
{
    struct expr *e = new_expr(p, EXPR_CALL, at);

    e->u.call.name = name;
    e->u.call.args = args;
    return e;
}

struct expr *
make_binary(struct parser *p, enum binary_op op, struct expr *l,
            struct expr *r)
{
    struct expr *e = new_expr(p, EXPR_BINARY, span_join(l->at, r->at));

    e->u.binary.op = op;
    e->u.binary.left = l;
    e->u.binary.right = r;
    return e;
}

struct expr *
make_unary(struct parser *p, struct span at, enum expr_kind kind,
           struct expr *operand)
{
    struct expr *e = new_expr(p, kind, at);

    e->u.operand = operand;
    return e;
}

struct expr *
make_choice(struct parser *p, struct span at, struct expr *test,
            struct expr *yes, struct expr *no)
{
    struct expr *e = new_expr(p, EXPR_IF, at);

    e->u.choice.test = test;
    e->u.choice.yes = yes;
    e->u.choice.no = no;
    return e;
}

struct expr *
make_in(struct parser *p, struct span at, struct expr *operand, bool negated,
        expr_vec values)
{
    struct expr *e = new_expr(p, EXPR_IN, at);

    e->u.in.operand = operand;
    e->u.in.negated = negated;
    e->u.in.values = values;
    return e;
}

struct expr *
make_between(struct parser *p, struct expr *operand, struct expr *low,
             struct expr *high)
{
    struct span at = span_join(operand->at, high->at);
    struct expr *e = new_expr(p, EXPR_BETWEEN, at);

    e->u.between.operand = operand;
    e->u.between.low = low;
    e->u.between.high = high;
    return e;
}

struct expr *
make_is(struct parser *p, struct span at, struct expr *operand, bool negated,
        bool empty)
{
    struct expr *e = new_expr(p, EXPR_IS, at);

    e->u.is.operand = operand;
    e->u.is.negated = negated;
    e->u.is.empty = empty;
    return e;
}

struct expr *
in_brackets(struct expr *e, struct span at)
{
    e->at = at;
    return e;
}

expr_vec
add_expr(struct parser *p, expr_vec v, struct expr *e)
{
    vec_push(p->in.arena, &v, e);
    return v;
}

/* --- rules --- */

struct conv
make_conv(enum conv_kind kind, struct span at, struct name name,
          expr_vec args)
{
    return (struct conv){ kind, at, name, args, false };
}

struct conv
reversed(struct conv c, struct span at)
{
    c.reverse = true;
    c.at = at;
    return c;
}

conv_vec
add_conv(struct parser *p, conv_vec v, struct conv c)
{
    vec_push(p->in.arena, &v, c);
    return v;
}

struct fate
make_fate(enum fate_kind kind, struct span at, struct expr *value)
{
    return (struct fate){ kind, at, value };
}

struct policy
make_policy(enum policy_kind kind, struct span at, struct expr *by)
{
    return (struct policy){ .kind = kind, .at = at, .by = by };
}

struct policy
make_owner(struct span at, struct name system, bool unless)
{
    return (struct policy){ .kind = POLICY_OWNER, .at = at, .system = system,
                            .unless_empty = unless };
}

struct rule *
make_rule(struct parser *p, struct span at, struct expr *left,
          enum arrow arrow, struct span arrow_at, struct expr *right)
{
    struct rule *r = NEW(p, struct rule);

    r->at = at;
    r->left = left;
    r->arrow = arrow;
    r->arrow_at = arrow_at;
    r->right = right;
    return r;
}

struct rule *
rule_chain(struct rule *r, conv_vec chain, struct span at)
{
    r->chain = chain;
    r->at = at;
    return r;
}

static void
once(struct parser *p, struct rule *r, bool there, struct span at,
     const char *word)
{
    if (there) {
        struct diag *d = diag_add(p->in.diags, DIAG_TWICE, at,
                                  "`%s` stands twice in one rule", word);
        diag_note(d, NOTE_HELP, "keep one of them");
    }
    r->at = span_join(r->at, at);
}

struct rule *
rule_when(struct parser *p, struct rule *r, struct expr *when,
          struct span at)
{
    once(p, r, r->when != NULL, span_join(at, when->at), "when");
    r->when = when;
    return r;
}

struct rule *
rule_policy(struct parser *p, struct rule *r, struct policy po)
{
    once(p, r, r->policy.kind != POLICY_NONE, po.at, "owner");
    r->policy = po;
    return r;
}

struct rule *
rule_fate(struct parser *p, struct rule *r, struct fate f)
{
    once(p, r, r->fate.kind != FATE_NONE, f.at, "else");
    r->fate = f;
    return r;
}

struct rule *
rule_personal(struct parser *p, struct rule *r, struct span at)
{
    once(p, r, r->personal, at, "personal");
    r->personal = true;
    return r;
}

struct rule *
rule_remember(struct parser *p, struct rule *r, struct span at)
{
    once(p, r, r->remember, at, "remember");
    r->remember = true;
    return r;
}

struct rule *
rule_open(struct parser *p, struct rule *r, struct span at, bool open)
{
    once(p, r, r->open || r->final, at, open ? "open" : "final");
    r->open = open;
    r->final = !open;
    return r;
}

rule_vec
add_rule(struct parser *p, rule_vec v, struct rule *r)
{
    vec_push(p->in.arena, &v, r);
    return v;
}

/* --- items of a map --- */

static struct map_item *
new_item(struct parser *p, enum item_kind kind, struct span at)
{
    struct map_item *i = NEW(p, struct map_item);

    i->kind = kind;
    i->at = at;
    return i;
}

struct map_item *
item_rule(struct parser *p, struct span at, bool key, struct rule *r)
{
    struct map_item *i = new_item(p, key ? ITEM_KEY : ITEM_RULE, at);

    i->u.rule = r;
    return i;
}

struct map_item *
item_ignore(struct parser *p, struct span at, struct expr *path)
{
    struct map_item *i = new_item(p, ITEM_IGNORE, at);

    i->u.ignore = path;
    return i;
}

struct map_item *
item_where(struct parser *p, struct span at, struct expr *test,
           enum leave leave)
{
    struct map_item *i = new_item(p, ITEM_WHERE, at);

    i->u.where.test = test;
    i->u.where.leave = leave;
    return i;
}

struct map_item *
item_create(struct parser *p, struct span at, struct ways w)
{
    struct map_item *i = new_item(p, ITEM_CREATE, at);

    i->u.create = w;
    return i;
}

struct map_item *
item_delete(struct parser *p, struct span at, struct ways w,
            struct expr *set, struct expr *value)
{
    struct map_item *i = new_item(p, ITEM_DELETE, at);

    i->u.delete_.ways = w;
    i->u.delete_.set = set;
    i->u.delete_.value = value;
    return i;
}

struct map_item *
item_owner(struct parser *p, struct span at, struct policy po)
{
    struct map_item *i = new_item(p, ITEM_OWNER, at);

    i->u.owner = po;
    return i;
}

struct map_item *
item_else(struct parser *p, struct span at, struct fate f)
{
    struct map_item *i = new_item(p, ITEM_ELSE, at);

    i->u.fate = f;
    return i;
}

/* Only some items make sense in a group or in an `each`. */
static void
check_items(struct parser *p, const item_vec *items, const char *where,
            bool nested)
{
    for (size_t k = 0; k < items->n; k++) {
        const struct map_item *i = items->at[k];
        bool fits = i->kind == ITEM_RULE || i->kind == ITEM_IGNORE ||
                    (nested && (i->kind == ITEM_GROUP || i->kind == ITEM_EACH));
        if (fits)
            continue;
        struct diag *d = diag_add(p->in.diags, DIAG_MISPLACED, i->at,
                                  "this has no place in %s", where);
        diag_note(d, NOTE_HELP, nested
                  ? "it speaks of whole records: move it to the map itself"
                  : "a group holds rules and `ignore` lines only: move it "
                    "to the map itself");
    }
}

struct map_item *
item_group(struct parser *p, struct span at, struct name name,
           struct policy po, item_vec items)
{
    struct map_item *i = new_item(p, ITEM_GROUP, at);
    struct group *g = NEW(p, struct group);

    check_items(p, &items, "a group", false);
    g->name = name;
    g->policy = po;
    g->items = items;
    i->u.group = g;
    return i;
}

struct map_item *
item_each(struct parser *p, struct span at, struct each *e, item_vec items)
{
    struct map_item *i = new_item(p, ITEM_EACH, at);

    check_items(p, &items, "an `each` block", true);
    e->items = items;
    i->u.each = e;
    return i;
}

struct map_item *
item_messages(struct parser *p, struct span at, struct messages *m)
{
    struct map_item *i = new_item(p, ITEM_MESSAGES, at);

    i->u.messages = m;
    return i;
}

struct map_item *
item_final(struct parser *p, struct span at)
{
    return new_item(p, ITEM_FINAL, at);
}

struct messages *
make_messages(struct parser *p, struct expr *list)
{
    struct messages *m = NEW(p, struct messages);

    m->list = list;
    return m;
}

struct messages *
message_part(struct parser *p, struct messages *m, struct name what,
             struct name field)
{
    vec_push(p->in.arena, &m->parts,
             ((struct message_part){ .what = what, .field = field }));
    return m;
}

/* Of the part that was added last. */
struct messages *
message_in(struct messages *m, struct expr *list)
{
    m->parts.at[m->parts.n - 1].in = list;
    return m;
}

struct messages *
message_codes(struct messages *m, struct name codes)
{
    m->parts.at[m->parts.n - 1].codes = codes;
    return m;
}

item_vec
add_item(struct parser *p, item_vec v, struct map_item *item)
{
    vec_push(p->in.arena, &v, item);
    return v;
}

struct ways
make_ways(struct name from, struct name to)
{
    return (struct ways){ .from = from, .to = to };
}

struct each *
make_each(struct parser *p, struct expr *left, enum arrow arrow,
          struct span arrow_at, struct expr *right)
{
    struct each *e = NEW(p, struct each);

    e->left = left;
    e->arrow = arrow;
    e->arrow_at = arrow_at;
    e->right = right;
    return e;
}

struct each *
each_match(struct parser *p, struct each *e, rule_vec rules)
{
    for (size_t i = 0; i < rules.n; i++)
        vec_push(p->in.arena, &e->match, rules.at[i]);
    return e;
}

struct each *
each_position(struct each *e)
{
    e->by_position = true;
    return e;
}

struct each *
each_where(struct parser *p, struct each *e, expr_vec tests)
{
    for (size_t i = 0; i < tests.n; i++)
        vec_push(p->in.arena, &e->where, tests.at[i]);
    return e;
}
