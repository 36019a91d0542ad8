/* SPDX-License-Identifier: Apache-2.0 */
/* The parse tree as text: every form, every field, no places. */
#include "syntax/ast_dump.h"

#include "syntax/write.h"

struct dump {
    struct buf *b;
    int depth;
};

static void put_items(struct dump *d, const item_vec *items);

/* --- expressions --- */

static void
put_exprs(struct buf *b, const expr_vec *v);

static void
put_path(struct buf *b, const struct expr *e)
{
    buf_text(b, "(path");
    for (unsigned i = 0; i < e->u.path.outer; i++)
        buf_text(b, " ^");
    for (size_t i = 0; i < e->u.path.steps.n; i++) {
        const struct step *st = &e->u.path.steps.at[i];

        buf_char(b, ' ');
        write_label(b, st->name.text);
        if (st->key.text == NULL)
            continue;
        buf_char(b, '[');
        write_label(b, st->key.text);
        buf_char(b, ' ');
        write_text(b, st->equals->u.text);
        buf_char(b, ']');
    }
    buf_char(b, ')');
}

static void put_expr(struct buf *b, const struct expr *e);

static void
put_form(struct buf *b, const char *name, const struct expr *x,
         const struct expr *y, const struct expr *z)
{
    const struct expr *parts[] = { x, y, z };

    buf_printf(b, "(%s", name);
    for (size_t i = 0; i < 3; i++) {
        if (parts[i] == NULL)
            continue;
        buf_char(b, ' ');
        put_expr(b, parts[i]);
    }
    buf_char(b, ')');
}

static void
put_expr(struct buf *b, const struct expr *e)
{
    static const char *const ops[] = {
        [OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/",
        [OP_EQ] = "=", [OP_NE] = "<>", [OP_LT] = "<", [OP_LE] = "<=",
        [OP_GT] = ">", [OP_GE] = ">=", [OP_AND] = "and", [OP_OR] = "or"
    };

    switch (e->kind) {
    case EXPR_TEXT:
        write_text(b, e->u.text);
        break;
    case EXPR_NUMBER:
        buf_text(b, e->u.text);
        break;
    case EXPR_BOOL:
        buf_text(b, e->u.truth ? "true" : "false");
        break;
    case EXPR_NOTHING:
        buf_text(b, e->u.empty ? "empty" : "missing");
        break;
    case EXPR_PATH:
        put_path(b, e);
        break;
    case EXPR_CALL:
        buf_printf(b, "(call %s", e->u.call.name.text);
        put_exprs(b, &e->u.call.args);
        break;
    case EXPR_BINARY:
        put_form(b, ops[e->u.binary.op], e->u.binary.left, e->u.binary.right,
                 NULL);
        break;
    case EXPR_NOT:
        put_form(b, "not", e->u.operand, NULL, NULL);
        break;
    case EXPR_NEGATE:
        put_form(b, "negate", e->u.operand, NULL, NULL);
        break;
    case EXPR_IF:
        put_form(b, "if", e->u.choice.test, e->u.choice.yes, e->u.choice.no);
        break;
    case EXPR_IN:
        buf_text(b, e->u.in.negated ? "(not-in " : "(in ");
        put_expr(b, e->u.in.operand);
        put_exprs(b, &e->u.in.values);
        break;
    case EXPR_BETWEEN:
        put_form(b, "between", e->u.between.operand, e->u.between.low,
                 e->u.between.high);
        break;
    case EXPR_IS:
        buf_printf(b, "(is-%s%s ", e->u.is.negated ? "not-" : "",
                   e->u.is.empty ? "empty" : "missing");
        put_expr(b, e->u.is.operand);
        buf_char(b, ')');
        break;
    }
}

/* The rest of a form: each with a blank before it, then the bracket. */
static void
put_exprs(struct buf *b, const expr_vec *v)
{
    for (size_t i = 0; i < v->n; i++) {
        buf_char(b, ' ');
        put_expr(b, v->at[i]);
    }
    buf_char(b, ')');
}

/* --- lines --- */

static void
start(struct dump *d, const char *word)
{
    buf_printf(d->b, "%*s%s", 2 * d->depth, "", word);
}

static void
put_name(struct dump *d, const char *word, struct name name)
{
    if (name.text != NULL)
        buf_printf(d->b, "%s%s", word, name.text);
}

static void
end(struct dump *d)
{
    buf_char(d->b, '\n');
}

static void
line_expr(struct dump *d, const char *word, const struct expr *e)
{
    if (e == NULL)
        return;
    start(d, word);
    buf_char(d->b, ' ');
    put_expr(d->b, e);
    end(d);
}

static void
line_text(struct dump *d, const char *word, const char *text)
{
    if (text == NULL)
        return;
    start(d, word);
    buf_char(d->b, ' ');
    write_text(d->b, text);
    end(d);
}

/* --- rules and items --- */

static void
put_fate(struct dump *d, const struct fate *f)
{
    static const char *const words[] = {
        [FATE_NONE] = "", [FATE_VALUE] = "", [FATE_KEEP] = "keep",
        [FATE_PARK] = "park", [FATE_REJECT] = "reject"
    };

    if (f->kind == FATE_VALUE) {
        line_expr(d, "else", f->value);
    } else if (f->kind != FATE_NONE) {
        start(d, "else ");
        buf_text(d->b, words[f->kind]);
        end(d);
    }
}

static void
put_policy(struct dump *d, const struct policy *po)
{
    if (po->kind == POLICY_NONE)
        return;
    start(d, "policy ");
    write_policy(d->b, po, true);
    end(d);
}

static void
put_convs(struct dump *d, const conv_vec *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        const struct conv *c = &chain->at[i];

        start(d, c->reverse ? "reverse " : "convert ");
        buf_printf(d->b, "(%s%s",
                   c->kind == CONV_CODES ? "codes "
                   : c->kind == CONV_REF ? "ref " : "",
                   c->name.text);
        put_exprs(d->b, &c->args);
        end(d);
    }
}

static void
put_rule(struct dump *d, const char *word, const struct rule *r)
{
    start(d, word);
    buf_printf(d->b, " %s", arrow_text(r->arrow));
    if (r->personal)
        buf_text(d->b, " personal");
    if (r->remember)
        buf_text(d->b, " remember");
    if (r->open || r->final)
        buf_text(d->b, r->open ? " open" : " final");
    end(d);
    d->depth++;
    line_expr(d, "left", r->left);
    line_expr(d, "right", r->right);
    put_convs(d, &r->chain);
    line_expr(d, "when", r->when);
    put_policy(d, &r->policy);
    put_fate(d, &r->fate);
    d->depth--;
}

static void
put_ways(struct dump *d, const char *word, const struct ways *w)
{
    start(d, word);
    if (w->both || w->none)
        buf_text(d->b, w->both ? " both" : " none");
    put_name(d, " ", w->from);
    put_name(d, " -> ", w->to);
    end(d);
}

static void
put_each(struct dump *d, const struct each *e)
{
    start(d, "each ");
    buf_printf(d->b, "%s%s\n",
               e->right == NULL ? "one list" : arrow_text(e->arrow),
               e->by_position ? " by-position" : "");
    d->depth++;
    line_expr(d, "left", e->left);
    if (e->right != NULL)
        line_expr(d, "right", e->right);
    for (size_t i = 0; i < e->match.n; i++)
        put_rule(d, "match", e->match.at[i]);
    for (size_t i = 0; i < e->where.n; i++)
        line_expr(d, "where", e->where.at[i]);
    put_items(d, &e->items);
    d->depth--;
}

static void
put_where(struct dump *d, const struct map_item *i)
{
    static const char *const leave[] = {
        [LEAVE_NONE] = "where", [LEAVE_UNLINK] = "where-leave-unlink",
        [LEAVE_DELETE] = "where-leave-delete",
        [LEAVE_KEEP] = "where-leave-keep"
    };

    line_expr(d, leave[i->u.where.leave], i->u.where.test);
}

static void
put_group(struct dump *d, const struct group *g)
{
    start(d, "group");
    put_name(d, " ", g->name);
    end(d);
    d->depth++;
    put_policy(d, &g->policy);
    put_items(d, &g->items);
    d->depth--;
}

static void
put_delete(struct dump *d, const struct map_item *i)
{
    put_ways(d, "delete", &i->u.delete_.ways);
    d->depth++;
    line_expr(d, "set", i->u.delete_.set);
    line_expr(d, "value", i->u.delete_.value);
    d->depth--;
}

static void
put_messages(struct dump *d, const struct messages *m)
{
    start(d, "messages");
    end(d);
    d->depth++;
    line_expr(d, "list", m->list);
    for (size_t i = 0; i < m->parts.n; i++) {
        start(d, m->parts.at[i].what.text);
        put_name(d, " ", m->parts.at[i].field);
        if (m->parts.at[i].codes.text != NULL)
            put_name(d, " codes ", m->parts.at[i].codes);
        end(d);
        d->depth++;
        line_expr(d, "in", m->parts.at[i].in);
        d->depth--;
    }
    d->depth--;
}

static void
put_period(struct dump *d, const char *what, const struct period *t)
{
    if (t->number != NULL)
        buf_printf(d->b, " %s %s %s", what, t->number, t->unit.text);
}

static void
put_item(struct dump *d, const struct map_item *i)
{
    switch (i->kind) {
    case ITEM_KEY:
        put_rule(d, "key", i->u.rule);
        break;
    case ITEM_RULE:
        put_rule(d, "rule", i->u.rule);
        break;
    case ITEM_IGNORE:
        line_expr(d, "ignore", i->u.ignore);
        break;
    case ITEM_WHERE:
        put_where(d, i);
        break;
    case ITEM_CREATE:
        put_ways(d, "create", &i->u.create);
        break;
    case ITEM_DELETE:
        put_delete(d, i);
        break;
    case ITEM_OWNER:
        put_policy(d, &i->u.owner);
        break;
    case ITEM_ELSE:
        put_fate(d, &i->u.fate);
        break;
    case ITEM_GROUP:
        put_group(d, i->u.group);
        break;
    case ITEM_EACH:
        put_each(d, i->u.each);
        break;
    case ITEM_MESSAGES:
        put_messages(d, i->u.messages);
        break;
    case ITEM_FINAL:
        start(d, "final");
        end(d);
        break;
    }
}

static void
put_items(struct dump *d, const item_vec *items)
{
    for (size_t i = 0; i < items->n; i++)
        put_item(d, items->at[i]);
}

/* --- items of a file --- */

static void
put_map(struct dump *d, const struct map *m)
{
    start(d, "map ");
    put_name(d, "", m->name);
    end(d);
    d->depth++;
    line_expr(d, "left", m->left);
    line_expr(d, "right", m->right);
    put_items(d, &m->items);
    d->depth--;
}

static void
put_content(struct dump *d, const struct call_item *c)
{
    start(d, "content");
    for (size_t i = 0; i < c->content.types.n; i++) {
        buf_text(d->b, " ");
        write_text(d->b, c->content.types.at[i]);
    }
    put_period(d, "at most", &c->content.most);
    end(d);
    d->depth++;
    line_expr(d, "from", c->content.path.from);
    if (c->content.path.to != NULL)
        line_expr(d, "to", c->content.path.to);
    d->depth--;
}

static void
put_call(struct dump *d, const struct call_item *c)
{
    start(d, call_word(c->kind));
    put_name(d, " ", c->name);
    put_period(d, "within", &c->within);
    buf_text(d->b, c->no_effect ? " no-effect" : "");
    put_period(d, "cache", &c->cache);
    buf_text(d->b, c->last_known ? " last-known" : "");
    buf_text(d->b, c->again.there ? " again" : "");
    for (size_t i = 0; i < c->again.types.n; i++) {
        buf_text(d->b, " ");
        write_text(d->b, c->again.types.at[i]);
    }
    end(d);
    d->depth++;
    line_expr(d, "left", c->left);
    line_expr(d, "right", c->right);
    if (c->content.there)
        put_content(d, c);
    for (size_t i = 0; i < c->once.per.n; i++)
        line_expr(d, "once per", c->once.per.at[i]);
    if (c->once.there) {
        start(d, "found by");
        put_name(d, " ", c->once.found);
        end(d);
    }
    for (int answer = 0; answer < 2; answer++) {
        if (!(answer ? c->response.there : c->request.there))
            continue;
        start(d, answer ? "response" : "request");
        end(d);
        d->depth++;
        put_items(d, answer ? &c->response.items : &c->request.items);
        d->depth--;
    }
    d->depth--;
}

static void
put_option(struct dump *d, const struct system_option *o)
{
    static const char *const words[] = {
        [SYSTEM_BYTES] = "bytes", [SYSTEM_PERSONAL] = "personal",
        [SYSTEM_CONTROL] = "control"
    };

    start(d, words[o->kind]);
    if (o->kind == SYSTEM_BYTES)
        buf_printf(d->b, " %s", o->number);
    put_name(d, " ", o->control);
    if (o->kind == SYSTEM_CONTROL) {
        buf_char(d->b, ' ');
        write_text(d->b, o->value);
    }
    put_name(d, " changed ", o->changed);
    for (size_t i = 0; i < o->fields.n; i++) {
        buf_char(d->b, ' ');
        put_expr(d->b, o->fields.at[i]);
    }
    end(d);
}

static void
put_system(struct dump *d, const struct system_item *s)
{
    start(d, "system");
    put_name(d, " ", s->name);
    put_name(d, " ", s->protocol);
    end(d);
    d->depth++;
    line_text(d, "title", s->title);
    line_text(d, "schema", s->schema);
    for (size_t i = 0; i < s->options.n; i++)
        put_option(d, s->options.at[i]);
    d->depth--;
}

static void
put_row(struct dump *d, const char *word, const struct codes_row *r)
{
    start(d, word);
    if (r->context != NULL) {
        put_expr(d->b, r->context);
        buf_text(d->b, " : ");
    }
    put_expr(d->b, r->left);
    buf_printf(d->b, " %s ", arrow_text(r->arrow));
    put_expr(d->b, r->right);
    end(d);
}

static void
put_codes(struct dump *d, const struct codes_item *c)
{
    start(d, "codes");
    put_name(d, " ", c->name);
    put_name(d, " ", c->left);
    put_name(d, " ", c->right);
    buf_text(d->b, c->final ? " final" : "");
    end(d);
    d->depth++;
    line_text(d, "file", c->file);
    for (size_t i = 0; i < c->rows.n; i++)
        put_row(d, "row ", c->rows.at[i]);
    put_fate(d, &c->fate);
    d->depth--;
}

static void
put_params(struct dump *d, const param_vec *params)
{
    for (size_t i = 0; i < params->n; i++)
        buf_printf(d->b, " (%s %s)", params->at[i].name.text,
                   params->at[i].type.text);
}

static void
put_convert(struct dump *d, const struct convert_item *c)
{
    start(d, "convert");
    put_name(d, " ", c->name);
    put_params(d, &c->params);
    buf_printf(d->b, " %s %s %s\n", c->left.text, arrow_text(c->arrow),
               c->right.text);
    d->depth++;
    line_expr(d, "forward", c->forward);
    line_expr(d, "backward", c->backward);
    d->depth--;
}

static void
put_function(struct dump *d, const struct function_item *f)
{
    start(d, "function");
    put_name(d, " ", f->name);
    put_params(d, &f->params);
    put_name(d, " ", f->result);
    end(d);
    d->depth++;
    line_expr(d, "body", f->body);
    d->depth--;
}

/* --- tests --- */

static void
put_data(struct buf *b, const struct data *v)
{
    switch (v->kind) {
    case DATA_TEXT:
        write_text(b, v->text);
        break;
    case DATA_NUMBER:
        buf_text(b, v->text);
        break;
    case DATA_BOOL:
        buf_text(b, v->truth ? "true" : "false");
        break;
    case DATA_EMPTY:
        buf_text(b, "empty");
        break;
    case DATA_MISSING:
        buf_text(b, "missing");
        break;
    case DATA_RECORD:
        buf_text(b, "(record");
        for (size_t i = 0; i < v->members.n; i++) {
            buf_char(b, ' ');
            write_label(b, v->members.at[i].name.text);
            buf_char(b, ' ');
            put_data(b, v->members.at[i].value);
        }
        buf_char(b, ')');
        break;
    case DATA_LIST:
        buf_text(b, "(list");
        for (size_t i = 0; i < v->elements.n; i++) {
            buf_char(b, ' ');
            put_data(b, v->elements.at[i]);
        }
        buf_char(b, ')');
        break;
    }
}

static void
put_side(struct dump *d, struct name system, const struct data *v)
{
    if (v == NULL)
        return;
    start(d, system.text);
    buf_char(d->b, ' ');
    put_data(d->b, v);
    end(d);
}

static void
put_test(struct dump *d, const struct test_item *t)
{
    static const char *const outcomes[] = {
        [OUTCOME_RECORD] = "", [OUTCOME_PARKED] = " parked",
        [OUTCOME_REJECTED] = " rejected", [OUTCOME_LEFT_OUT] = " left-out"
    };

    start(d, "test ");
    write_text(d->b, t->title);
    put_name(d, " for ", t->map);
    buf_printf(d->b, " %s%s\n", arrow_text(t->arrow), outcomes[t->outcome]);
    d->depth++;
    for (size_t i = 0; i < t->refs.n; i++) {
        start(d, "ref ");
        buf_printf(d->b, "%s ", t->refs.at[i]->map.text);
        write_text(d->b, t->refs.at[i]->left);
        buf_char(d->b, ' ');
        write_text(d->b, t->refs.at[i]->right);
        end(d);
    }
    put_side(d, t->left_system, t->left);
    put_side(d, t->right_system, t->right);
    d->depth--;
}

static void
put_deployment(struct dump *d, const struct deployment_item *p)
{
    start(d, "deployment");
    put_name(d, " ", p->name);
    end(d);
    d->depth++;
    for (size_t i = 0; i < p->scenarios.n; i++) {
        start(d, "scenario ");
        put_name(d, "", p->scenarios.at[i]);
        end(d);
    }
    for (size_t i = 0; i < p->files.n; i++)
        line_text(d, "use", p->files.at[i]->path);
    for (size_t i = 0; i < p->options.n; i++) {
        start(d, "option");
        put_name(d, " ", p->options.at[i].name);
        put_name(d, " ", p->options.at[i].value);
        end(d);
    }
    d->depth--;
}

static void
put_replicate(struct dump *d, const struct replicate_item *r)
{
    start(d, "replicate");
    put_name(d, " ", r->map);
    end(d);
    d->depth++;
    for (size_t i = 0; i < r->flows.n; i++) {
        const struct replicate_flow *f = r->flows.at[i];

        start(d, "flow");
        put_name(d, " ", f->from);
        put_name(d, " ", f->to);
        buf_text(d->b, f->message ? " message" : "");
        put_period(d, "every", &f->every);
        put_name(d, " changed ", f->changed);
        put_period(d, "overlap", &f->overlap);
        put_period(d, "sweep", &f->sweep);
        end(d);
    }
    if (r->guard.percent != NULL)
        line_text(d, "guard-percent", r->guard.percent);
    if (r->guard.deletes != NULL)
        line_text(d, "guard-deletes", r->guard.deletes);
    d->depth--;
}

/* --- layers --- */

static void
put_change(struct dump *d, const struct change *c)
{
    static const char *const words[] = {
        [CHANGE_ADD] = "add", [CHANGE_REPLACE] = "replace",
        [CHANGE_REMOVE] = "remove", [CHANGE_TIGHTEN] = "tighten",
        [CHANGE_EACH] = "each"
    };

    start(d, words[c->kind]);
    buf_text(d->b, c->personal ? " personal" : "");
    end(d);
    d->depth++;
    line_expr(d, "path", c->path);
    if (c->item != NULL)
        put_item(d, c->item);
    put_convs(d, &c->checks);
    put_fate(d, &c->fate);
    for (size_t i = 0; i < c->below.n; i++)
        put_change(d, c->below.at[i]);
    d->depth--;
}

static void
put_extend(struct dump *d, const struct extend_item *e)
{
    static const char *const rows[] = {
        [CHANGE_ADD] = "add ", [CHANGE_REPLACE] = "replace ",
        [CHANGE_REMOVE] = "remove ", [CHANGE_TIGHTEN] = "", [CHANGE_EACH] = ""
    };

    start(d, e->kind == EXTEND_CODES ? "extend-codes"
             : e->kind == EXTEND_SYSTEM ? "extend-system" : "extend");
    put_name(d, " ", e->name);
    end(d);
    d->depth++;
    for (size_t i = 0; i < e->changes.n; i++)
        put_change(d, e->changes.at[i]);
    for (size_t i = 0; i < e->codes.n; i++)
        put_row(d, rows[e->codes.at[i].kind], e->codes.at[i].row);
    if (e->system != NULL)
        put_system(d, e->system);
    d->depth--;
}

static void
put_file_item(struct dump *d, const struct file_item *i)
{
    switch (i->kind) {
    case FILE_LANGUAGE:
        buf_printf(d->b, "language %s\n", i->u.language->version);
        break;
    case FILE_SCENARIO:
        buf_printf(d->b, "scenario %s\n", i->u.scenario->name.text);
        d->depth++;
        line_text(d, "title", i->u.scenario->title);
        d->depth--;
        break;
    case FILE_USE:
        line_text(d, "use", i->u.use->path);
        break;
    case FILE_SYSTEM:
        put_system(d, i->u.system);
        break;
    case FILE_MAP:
        put_map(d, i->u.map);
        break;
    case FILE_CODES:
        put_codes(d, i->u.codes);
        break;
    case FILE_CONVERT:
        put_convert(d, i->u.convert);
        break;
    case FILE_FUNCTION:
        put_function(d, i->u.function);
        break;
    case FILE_TEST:
        put_test(d, i->u.test);
        break;
    case FILE_DEPLOYMENT:
        put_deployment(d, i->u.deployment);
        break;
    case FILE_REPLICATE:
        put_replicate(d, i->u.replicate);
        break;
    case FILE_CALL:
        put_call(d, i->u.call);
        break;
    case FILE_PACKAGE:
        buf_printf(d->b, "package %s\n", i->u.package->name.text);
        d->depth++;
        line_text(d, "version", i->u.package->version);
        d->depth--;
        break;
    case FILE_LAYER:
        buf_printf(d->b, "layer %s\n", i->u.layer->name.text);
        break;
    case FILE_EXTEND:
        put_extend(d, i->u.extend);
        break;
    }
}

void
ast_dump(struct buf *b, const struct file *f)
{
    struct dump d = { b, 0 };

    for (size_t i = 0; i < f->items.n; i++)
        put_file_item(&d, &f->items.at[i]);
}
