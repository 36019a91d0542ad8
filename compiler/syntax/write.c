/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions and the parts of rules as source text. */
#include "syntax/write.h"

#include <ctype.h>
#include <string.h>

#include "syntax/lex.h"

/* How tightly each form binds, loosest first. */
enum level {
    LEVEL_IF, LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_SUM,
    LEVEL_PRODUCT, LEVEL_UNARY, LEVEL_PRIMARY
};

/* --- texts and names --- */

/* Characters that can't be seen are written as escapes. */
static bool
is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static size_t
decode(const unsigned char *p, uint32_t *c)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

    *c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        *c = *c << 6 | (p[i] & 0x3Fu);
    return n;
}

void
write_text(struct buf *b, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    buf_char(b, '"');
    while (*p != '\0') {
        uint32_t c;
        size_t n = decode(p, &c);

        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", (int)c);
        else if (c == '\n')
            buf_text(b, "\\n");
        else if (c == '\t')
            buf_text(b, "\\t");
        else if (is_hidden(c))
            buf_printf(b, "\\u{%X}", (unsigned)c);
        else
            buf_add(b, (const char *)p, n);
        p += n;
    }
    buf_char(b, '"');
}

static bool
is_word(const char *s)
{
    if (!isalpha((unsigned char)s[0]) && s[0] != '_')
        return false;
    for (; *s != '\0'; s++)
        if (!isalnum((unsigned char)*s) && *s != '_')
            return false;
    return true;
}

void
write_label(struct buf *b, const char *text)
{
    if (is_word(text))
        buf_text(b, text);
    else
        write_text(b, text);
}

/* In a selector a word of the language is no name. */
static void
write_key(struct buf *b, const char *text)
{
    enum token_kind k = token_of_word(text, strlen(text));

    if (is_word(text) && !(token_traits(k) & RESERVED))
        buf_text(b, text);
    else
        write_text(b, text);
}

/* --- expressions --- */

static const struct {
    const char *text;
    enum level level;
} operators[] = {
    [OP_ADD] = { " + ", LEVEL_SUM },      [OP_SUB] = { " - ", LEVEL_SUM },
    [OP_MUL] = { " * ", LEVEL_PRODUCT },  [OP_DIV] = { " / ", LEVEL_PRODUCT },
    [OP_EQ] = { " = ", LEVEL_COMPARE },   [OP_NE] = { " <> ", LEVEL_COMPARE },
    [OP_LT] = { " < ", LEVEL_COMPARE },   [OP_LE] = { " <= ", LEVEL_COMPARE },
    [OP_GT] = { " > ", LEVEL_COMPARE },   [OP_GE] = { " >= ", LEVEL_COMPARE },
    [OP_AND] = { " and ", LEVEL_AND },    [OP_OR] = { " or ", LEVEL_OR }
};

static enum level
level_of(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TEXT:
    case EXPR_NUMBER:
    case EXPR_BOOL:
    case EXPR_NOTHING:
    case EXPR_PATH:
    case EXPR_CALL:
        return LEVEL_PRIMARY;
    case EXPR_BINARY:
        return operators[e->u.binary.op].level;
    case EXPR_NOT:
        return LEVEL_NOT;
    case EXPR_NEGATE:
        return LEVEL_UNARY;
    case EXPR_IF:
        return LEVEL_IF;
    case EXPR_IN:
    case EXPR_BETWEEN:
    case EXPR_IS:
        return LEVEL_COMPARE;
    }
    return LEVEL_PRIMARY;
}

/* In brackets where it binds less tightly than its place asks for. */
static void
write_at(struct buf *b, const struct expr *e, enum level least)
{
    bool brackets = level_of(e) < least;

    if (brackets)
        buf_char(b, '(');
    write_expr(b, e);
    if (brackets)
        buf_char(b, ')');
}

/* Whether an `else` behind it would belong to an `if` in it. */
static bool
takes_else(const struct expr *e)
{
    while (e->kind == EXPR_IF) {
        if (e->u.choice.no == NULL)
            return true;
        e = e->u.choice.no;
    }
    return false;
}

void
write_guarded(struct buf *b, const struct expr *e, bool guard)
{
    bool brackets = guard && takes_else(e);

    if (brackets)
        buf_char(b, '(');
    write_expr(b, e);
    if (brackets)
        buf_char(b, ')');
}

void
write_exprs(struct buf *b, const struct expr *const *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_text(b, ", ");
        write_expr(b, at[i]);
    }
}

static void
write_list(struct buf *b, const expr_vec *v)
{
    buf_char(b, '(');
    write_exprs(b, (const struct expr *const *)v->at, v->n);
    buf_char(b, ')');
}

static void
write_path(struct buf *b, const struct expr *e)
{
    const step_vec *steps = &e->u.path.steps;

    for (unsigned i = 0; i < e->u.path.outer; i++)
        buf_text(b, "outer.");
    for (size_t i = 0; i < steps->n; i++) {
        const struct step *st = &steps->at[i];
        bool quote = i == 0 && e->u.path.outer > 0 &&
                     strcmp(st->name.text, "outer") == 0;

        if (i > 0)
            buf_char(b, '.');
        if (quote)
            write_text(b, st->name.text);
        else
            write_label(b, st->name.text);
        if (st->key.text == NULL)
            continue;
        buf_char(b, '[');
        write_key(b, st->key.text);
        buf_text(b, " = ");
        write_expr(b, st->equals);
        buf_char(b, ']');
    }
}

static void
write_binary(struct buf *b, const struct expr *e)
{
    enum level level = operators[e->u.binary.op].level;
    enum level left = level == LEVEL_COMPARE ? LEVEL_SUM : level;

    write_at(b, e->u.binary.left, left);
    buf_text(b, operators[e->u.binary.op].text);
    write_at(b, e->u.binary.right, level + 1);
}

/* `--` would start a remark. */
static void
write_negate(struct buf *b, const struct expr *e)
{
    bool twice = e->u.operand->kind == EXPR_NEGATE;

    buf_char(b, '-');
    write_at(b, e->u.operand, twice ? LEVEL_PRIMARY : LEVEL_UNARY);
}

/* `else park` is a fate, so a value that starts with such a word needs
 * brackets; so does one that would take the next `else`. */
static void
write_after_else(struct buf *b, const struct expr *e, bool guard)
{
    static const char *const fates[] = { "keep", "park", "reject" };
    bool brackets = guard && takes_else(e);
    struct buf value;

    buf_init(&value, b->arena);
    write_expr(&value, e);
    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++) {
        size_t n = strlen(fates[i]);
        if (strncmp(value.at, fates[i], n) == 0 &&
            !isalnum((unsigned char)value.at[n]) && value.at[n] != '_')
            brackets = true;
    }
    buf_printf(b, brackets ? "(%s)" : "%s", value.at);
}

static void
write_choice(struct buf *b, const struct expr *e)
{
    buf_text(b, "if ");
    write_at(b, e->u.choice.test, LEVEL_OR);
    buf_text(b, " then ");
    write_guarded(b, e->u.choice.yes, e->u.choice.no != NULL);
    if (e->u.choice.no != NULL) {
        buf_text(b, " else ");
        write_after_else(b, e->u.choice.no, false);
    }
}

void
write_expr(struct buf *b, const struct expr *e)
{
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
        write_path(b, e);
        break;
    case EXPR_CALL:
        buf_text(b, e->u.call.name.text);
        write_list(b, &e->u.call.args);
        break;
    case EXPR_BINARY:
        write_binary(b, e);
        break;
    case EXPR_NOT:
        buf_text(b, "not ");
        write_at(b, e->u.operand, LEVEL_NOT);
        break;
    case EXPR_NEGATE:
        write_negate(b, e);
        break;
    case EXPR_IF:
        write_choice(b, e);
        break;
    case EXPR_IN:
        write_at(b, e->u.in.operand, LEVEL_SUM);
        buf_text(b, e->u.in.negated ? " not in " : " in ");
        write_list(b, &e->u.in.values);
        break;
    case EXPR_BETWEEN:
        write_at(b, e->u.between.operand, LEVEL_SUM);
        buf_text(b, " between ");
        write_at(b, e->u.between.low, LEVEL_SUM);
        buf_text(b, " and ");
        write_at(b, e->u.between.high, LEVEL_SUM);
        break;
    case EXPR_IS:
        write_at(b, e->u.is.operand, LEVEL_SUM);
        buf_printf(b, " is %s%s", e->u.is.negated ? "not " : "",
                   e->u.is.empty ? "empty" : "missing");
        break;
    }
}

/* --- the parts of a rule --- */

const char *
arrow_text(enum arrow a)
{
    static const char *const texts[] = {
        [ARROW_BOTH] = "<->", [ARROW_LOSSY] = "<~>",
        [ARROW_RIGHT] = "->", [ARROW_LEFT] = "<-"
    };

    return texts[a];
}

void
write_chain(struct buf *b, const struct conv *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct conv *c = &at[i];

        buf_text(b, i > 0 ? ", " : "");
        buf_text(b, c->reverse ? "reverse " : "");
        buf_text(b, c->kind == CONV_CODES ? "codes "
                    : c->kind == CONV_REF ? "ref " : "");
        buf_text(b, c->name.text);
        if (c->args.n > 0)
            write_list(b, &c->args);
    }
}

void
write_policy(struct buf *b, const struct policy *po, bool word)
{
    static const char *const words[] = {
        [POLICY_NONE] = "", [POLICY_OWNER] = "", [POLICY_NEWEST] = "newest",
        [POLICY_MIN] = "min", [POLICY_MAX] = "max", [POLICY_SUM] = "sum",
        [POLICY_UNION] = "union", [POLICY_KEEP_BOTH] = "keep both",
        [POLICY_ASK] = "ask"
    };

    if (word || po->kind == POLICY_OWNER)
        buf_text(b, "owner ");
    buf_text(b, words[po->kind]);
    if (po->kind == POLICY_OWNER)
        buf_text(b, po->system.text);
    if (po->kind == POLICY_OWNER && po->unless_empty)
        buf_text(b, " unless empty");
    if (po->by != NULL) {
        buf_text(b, " by ");
        write_expr(b, po->by);
    }
}

void
write_fate(struct buf *b, const struct fate *f)
{
    static const char *const words[] = {
        [FATE_NONE] = "", [FATE_VALUE] = "else ", [FATE_KEEP] = "else keep",
        [FATE_PARK] = "else park", [FATE_REJECT] = "else reject"
    };

    buf_text(b, words[f->kind]);
    if (f->kind == FATE_VALUE)
        write_after_else(b, f->value, true);
}

static void
gap(struct buf *b)
{
    if (b->n > 0)
        buf_text(b, "  ");
}

void
write_modifiers(struct buf *b, const struct rule *r, bool guard)
{
    if (r->when != NULL) {
        buf_text(b, "when ");
        write_guarded(b, r->when, guard || r->fate.kind == FATE_VALUE);
    }
    if (r->policy.kind != POLICY_NONE) {
        gap(b);
        write_policy(b, &r->policy, true);
    }
    if (r->personal) {
        gap(b);
        buf_text(b, "personal");
    }
    if (r->remember) {
        gap(b);
        buf_text(b, "remember");
    }
    if (r->open || r->final) {
        gap(b);
        buf_text(b, r->open ? "open" : "final");
    }
    if (r->fate.kind != FATE_NONE) {
        gap(b);
        write_fate(b, &r->fate);
    }
}

const char *
call_word(enum call_kind kind)
{
    static const char *const words[] = {
        [CALL_PLAIN] = "call", [CALL_DOCFLOW] = "docflow",
        [CALL_DOCUMENT] = "document", [CALL_ATTACHMENT] = "attachment"
    };

    return words[kind];
}
